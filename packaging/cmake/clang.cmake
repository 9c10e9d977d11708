# cmake -C packaging/cmake/clang.cmake -C packaging/cmake/release.cmake -G Ninja -B build
# clang 14 and libstdc++ 12 do not go together in C++23 mode; clang 19 is in Debian 12.
set(CMAKE_CXX_COMPILER clang++-19 CACHE STRING "")
