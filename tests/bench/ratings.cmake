# Run with the release preset: ninja -C build/release agon_ratings_benchmark
add_executable(agon_ratings_benchmark EXCLUDE_FROM_ALL
  "${PROJECT_SOURCE_DIR}/tests/bench/ratings/board_benchmark.cpp"
  "${PROJECT_SOURCE_DIR}/tests/bench/ratings/methods_benchmark.cpp"
  "${PROJECT_SOURCE_DIR}/tests/unit/ratings/shared_data.cpp")
target_link_libraries(agon_ratings_benchmark PRIVATE agon_ratings nlohmann_json::nlohmann_json
  benchmark::benchmark benchmark::benchmark_main)
target_compile_definitions(agon_ratings_benchmark PRIVATE AGON_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
agon_strict_warnings(agon_ratings_benchmark)
