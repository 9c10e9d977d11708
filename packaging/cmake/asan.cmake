# cmake -C packaging/cmake/asan.cmake -G Ninja -B build
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1" CACHE STRING "")
set(REFERRALD_SANITIZE "address,undefined" CACHE STRING "")
