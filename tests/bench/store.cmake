# Against a PostgreSQL of its own: agon_writer_benchmark [seconds] [callers] [rounds] [comments]
add_executable(agon_writer_benchmark EXCLUDE_FROM_ALL writer_benchmark.cpp)
target_link_libraries(agon_writer_benchmark PRIVATE
  agon_integration_fixture agon_ratings PkgConfig::pqxx fmt::fmt)
agon_strict_warnings(agon_writer_benchmark)
