# How every target of the project is made: one library a folder, listed sources, targets only.

option(REFERRALD_BUILD_TESTS "Build the tests" ON)
set(REFERRALD_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

# What every translation unit of ours is compiled with.
add_library(referrald_flags INTERFACE)
target_compile_options(referrald_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
target_include_directories(referrald_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(referrald_flags INTERFACE REFERRALD_VERSION="${PROJECT_VERSION}")
if(REFERRALD_SANITIZE)
  # Not "enum": Thrift's headers cast a byte from the wire to an enumeration before they look at it.
  # Nothing of ours is lost by it: every enumeration here has a type that holds all its bits.
  target_compile_options(referrald_flags INTERFACE
    -fsanitize=${REFERRALD_SANITIZE} -fno-sanitize=enum -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(referrald_flags INTERFACE -fsanitize=${REFERRALD_SANITIZE})
endif()

# referrald_library(NAME SOURCES ... [PUBLIC targets...] [PRIVATE targets...])
function(referrald_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE referrald_flags ${arg_PRIVATE})
  target_include_directories(${name} INTERFACE "${PROJECT_SOURCE_DIR}")
  if(REFERRALD_SANITIZE)
    target_link_options(${name} INTERFACE -fsanitize=${REFERRALD_SANITIZE})
  endif()
endfunction()

# referrald_program(NAME SOURCES ... LINK targets...)
function(referrald_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE referrald_flags ${arg_LINK})
endfunction()

# referrald_test(NAME LABEL unit SOURCES ... LINK targets...): one executable, one ctest case for
# each test in it.
function(referrald_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE referrald_flags ${arg_LINK} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX "${arg_LABEL}." DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT})
endfunction()
