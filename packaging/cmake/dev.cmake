# cmake -C packaging/cmake/dev.cmake -G Ninja -B build: quick to compile, slow to run.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1" CACHE STRING "")
