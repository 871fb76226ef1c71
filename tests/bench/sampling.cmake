# Run with the release preset: ninja -C build/release agon_sampling_simulation
add_executable(agon_sampling_simulation EXCLUDE_FROM_ALL
  "${PROJECT_SOURCE_DIR}/tests/bench/sampling_simulation.cpp")
target_link_libraries(agon_sampling_simulation PRIVATE agon_rating_sampling)
agon_strict_warnings(agon_sampling_simulation)
