# cmake -C packaging/cmake/gcc.cmake -C packaging/cmake/release.cmake -G Ninja -S . -B build
# In a script, because the same on the command line empties a tree that was made with another name
# of the compiler, its build type included.
set(CMAKE_CXX_COMPILER g++ CACHE STRING "")
