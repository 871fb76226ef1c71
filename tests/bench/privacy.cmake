# What the finders of personal data reach; tests/bench/privacy/pii runs it.
add_executable(agon_bench_pii EXCLUDE_FROM_ALL privacy/pii_quality.cpp
  ${PROJECT_SOURCE_DIR}/tests/unit/pii/presidio_data.cpp)
target_include_directories(agon_bench_pii PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(agon_bench_pii PRIVATE AGON_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(agon_bench_pii PRIVATE agon_pii nlohmann_json::nlohmann_json)
agon_strict_warnings(agon_bench_pii)

# Run with the release preset: ninja -C build/release agon_release_benchmark
add_executable(agon_release_benchmark EXCLUDE_FROM_ALL
  "${PROJECT_SOURCE_DIR}/tests/bench/privacy/release_benchmark.cpp"
  "${PROJECT_SOURCE_DIR}/tests/unit/release/small_release.cpp")
target_link_libraries(agon_release_benchmark PRIVATE agon_release PkgConfig::zstd)
agon_strict_warnings(agon_release_benchmark)
