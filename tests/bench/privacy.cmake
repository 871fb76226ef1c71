# What the finders of personal data reach; tests/bench/privacy/pii runs it.
add_executable(agon_bench_pii EXCLUDE_FROM_ALL privacy/pii_quality.cpp
  ${PROJECT_SOURCE_DIR}/tests/unit/pii/presidio_data.cpp)
target_include_directories(agon_bench_pii PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(agon_bench_pii PRIVATE AGON_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(agon_bench_pii PRIVATE agon_pii nlohmann_json::nlohmann_json)
agon_strict_warnings(agon_bench_pii)
