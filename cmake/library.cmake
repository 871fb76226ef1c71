# agon_library(NAME SOURCES a.cpp b.cpp [PUBLIC libs] [PRIVATE libs] [HEADERS name])
#
# One static library per folder. PUBLIC are the libraries whose headers our own
# headers include; PRIVATE those that only our sources need. Includes are written
# from the root: #include "services/core/error.hpp". HEADERS are those that it reads compiled
# in the release preset (cmake/headers.cmake), "plain" if not said, or "none".
function(agon_library name)
  cmake_parse_arguments(arg "" "HEADERS" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  agon_strict_warnings(${name})
  if(NOT arg_HEADERS)
    set(arg_HEADERS plain)
  endif()
  if(NOT arg_HEADERS STREQUAL "none")
    agon_use_headers(${name} ${arg_HEADERS})
  endif()
endfunction()

# What is tested is optimised in the release preset; what tests it need not be, and compiles
# in less than half the time.
function(agon_test_code target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_BATCH_SIZE 12)
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-O0>")
  agon_use_headers(${target} tests)
  # Asio's headers want its compiled half, of those too that do not use it.
  target_link_libraries(${target} PUBLIC agon_asio)
endfunction()

# agon_tests(LEVEL FOLDER SOURCES a_test.cpp [LINK libs])
#
# Adds the tests of one folder to the level's single binary (agon_unit_tests,
# agon_integration_tests) and makes agon_<level>_<folder>, which runs them alone.
function(agon_tests level folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  string(REPLACE "/" "_" suffix "${folder}")
  set(objects agon_${level}_${suffix}_objects)
  add_library(${objects} OBJECT ${arg_SOURCES})
  target_include_directories(${objects} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${objects} PUBLIC ${arg_LINK} GTest::gtest GTest::gmock)
  target_compile_definitions(${objects} PRIVATE AGON_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  agon_strict_warnings(${objects})
  agon_test_code(${objects})
  target_link_libraries(agon_${level}_tests PRIVATE ${objects})

  add_executable(agon_${level}_${suffix} EXCLUDE_FROM_ALL)
  target_link_libraries(agon_${level}_${suffix} PRIVATE ${objects} GTest::gtest_main)
endfunction()
