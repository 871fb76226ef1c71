# One compiler for everybody: clang++-16 with libstdc++ 12.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR
    "g++ 12.2 miscompiles coroutines (double free of awaited temporaries, seen under ASan). "
    "Configure with a preset (cmake --preset dev) or -DCMAKE_CXX_COMPILER=clang++-16.")
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
  message(FATAL_ERROR "Agon is built with clang++-16 or newer, found "
    "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}. See CONTRIBUTING.md.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)
# A library's sources do not wait for the libraries that it will be linked with.
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)

add_link_options(-fuse-ld=lld-16)

# Sanitizers: "address,undefined" or "thread". Set by the presets asan and tsan.
set(AGON_SANITIZE "" CACHE STRING "Comma-separated list of sanitizers for every target")
if(AGON_SANITIZE)
  add_compile_options(-fsanitize=${AGON_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${AGON_SANITIZE})
endif()

# libFuzzer's view into every library; the fuzzers are in tests/fuzz.
option(AGON_FUZZ "Build the fuzzers" OFF)
if(AGON_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

find_program(AGON_CCACHE ccache)
if(AGON_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${AGON_CCACHE}")
endif()
# Some libraries ask for it (RE2), and a precompiled header serves only sources of its flags.
add_compile_options(-pthread)
# Without timestamps in precompiled headers ccache can reuse them.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")

# The release preset builds several sources of a folder as one (CMAKE_UNITY_BUILD), which
# takes a third of the time. There a local name may hide one of another file: -Wshadow is
# for the other presets.
function(agon_strict_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Werror
    "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>")
endfunction()
