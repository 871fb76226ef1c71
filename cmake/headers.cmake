# Headers of others that many sources include are compiled once for all of them in the release
# preset. The other presets do without, so that each source includes what it uses.
function(agon_headers name)
  cmake_parse_arguments(arg "" "" "LINK;OPTIONS" ${ARGN})
  add_library(agon_${name}_headers OBJECT "${PROJECT_SOURCE_DIR}/cmake/headers/nothing.cpp")
  target_include_directories(agon_${name}_headers PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(agon_${name}_headers PRIVATE ${arg_LINK})
  target_compile_options(agon_${name}_headers PRIVATE ${arg_OPTIONS})
  target_precompile_headers(agon_${name}_headers PRIVATE
    "${PROJECT_SOURCE_DIR}/cmake/headers/${name}.hpp")
  agon_strict_warnings(agon_${name}_headers)
endfunction()

if(CMAKE_UNITY_BUILD)
  agon_headers(plain LINK Boost::headers nlohmann_json::nlohmann_json)
  agon_headers(numeric LINK Boost::headers nlohmann_json::nlohmann_json Eigen3::Eigen)
  agon_headers(asio LINK agon_boost_headers fmt::fmt nlohmann_json::nlohmann_json)
  if(BUILD_TESTING)
    agon_headers(tests OPTIONS -O0
      LINK agon_boost_headers nlohmann_json::nlohmann_json GTest::gtest GTest::gmock)
  endif()
endif()

# agon_use_headers(TARGET NAME): NAME is one of the above.
function(agon_use_headers target name)
  if(CMAKE_UNITY_BUILD)
    target_precompile_headers(${target} REUSE_FROM agon_${name}_headers)
    # They are position independent, so what reads them is, executables too.
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
endfunction()
