// Between our files and other readers:
//   parquet_rows write FILE ROWS   the sample rows as Parquet, and as lines on the output
//   parquet_rows read FILE         a file's columns and rows as lines on the output
//   parquet_rows release FOLDER    a small release, as the release's own tests build it
// A line is a JSON array of cells: null, a boolean, "i:" and an integer, "f:" and the 16
// hexadecimal digits of a number's bits, "s:" and a text, or an array of these.
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/unit/parquet/sample_rows.hpp"
#include "tests/unit/release/small_release.hpp"

namespace {

using namespace agon::parquet;
using json = nlohmann::json;

struct to_json_cell {
  json operator()(std::monostate) const { return nullptr; }
  json operator()(bool v) const { return v; }
  json operator()(std::int64_t v) const { return "i:" + std::to_string(v); }
  json operator()(double v) const {
    char text[24];
    std::snprintf(text, sizeof text, "f:%016llx",
                  static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(v)));
    return text;
  }
  json operator()(std::string_view v) const { return "s:" + std::string(v); }
  template <class T>
  json operator()(std::span<const T> v) const {
    json out = json::array();
    for (const T& item : v) out.push_back((*this)(item));
    return out;
  }
};

void print(std::span<const cell> row) {
  json line = json::array();
  for (const cell& c : row) line.push_back(std::visit(to_json_cell{}, c));
  std::cout << line.dump() << '\n';
}

int write(const char* path, std::uint64_t rows) {
  writer_options options;
  options.row_group_rows = 3000;
  options.page_rows = 500;
  std::ofstream file(path, std::ios::binary);
  file << test::sample_file(rows, options);
  for (std::uint64_t i = 0; i < rows; ++i) print(test::sample_row(i).cells());
  return file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int read(const char* path) {
  auto file = reader::open(path);
  json names = json::array();
  if (file)
    for (const column& c : file->columns()) names.push_back(c.name);
  if (file) std::cout << names.dump() << '\n';
  while (file) {
    const auto row = file->next();
    if (!row) {
      std::cerr << row.error().message << '\n';
      return EXIT_FAILURE;
    }
    if (row->empty()) return EXIT_SUCCESS;
    print(*row);
  }
  std::cerr << file.error().message << '\n';
  return EXIT_FAILURE;
}

int release(const char* folder) {
  const auto built = agon::release::test::build_small(folder);
  if (!built) std::cerr << built.error().describe() << '\n';
  return built ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** words) {
  const std::string verb = count > 2 ? words[1] : "";
  if (verb == "write" && count == 4) return write(words[2], std::strtoull(words[3], nullptr, 10));
  if (verb == "read" && count == 3) return read(words[2]);
  if (verb == "release" && count == 3) return release(words[2]);
  std::cerr << "parquet_rows write FILE ROWS | read FILE | release FOLDER\n";
  return EXIT_FAILURE;
}
