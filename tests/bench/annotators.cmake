# Run with the release preset: ninja -C build/release agon_annotators_benchmark
add_executable(agon_annotators_benchmark EXCLUDE_FROM_ALL
  "${PROJECT_SOURCE_DIR}/tests/bench/annotators_benchmark.cpp")
target_link_libraries(agon_annotators_benchmark PRIVATE agon_annotators
  benchmark::benchmark benchmark::benchmark_main)
agon_strict_warnings(agon_annotators_benchmark)
