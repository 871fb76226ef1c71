// compar:IA publishes its votes as Parquet.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "privacy/parquet/writer.hpp"
#include "services/imports/parsers.hpp"
#include "services/imports/record_reader.hpp"

namespace agon::imports {
namespace {

using parquet::type;

class parquet_import : public testing::Test {
 protected:
  ~parquet_import() override { std::filesystem::remove(path); }

  void write(const std::vector<std::vector<parquet::cell>>& rows) {
    std::ofstream out(path, std::ios::binary);
    parquet::writer writer({{"model_a_name", type::string},
                            {"model_b_name", type::string},
                            {"chosen_model_name", type::string, true},
                            {"both_equal", type::boolean, true},
                            {"conversation_pair_id", type::string},
                            {"conv_turns", type::int64, true},
                            {"timestamp", type::string, true},
                            {"opening_msg", type::string, true},
                            {"languages", type::string_list}},
                           [&](std::string_view bytes) {
                             out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
                             return static_cast<bool>(out);
                           });
    for (const auto& row : rows) ASSERT_TRUE(writer.add(row));
    ASSERT_TRUE(writer.close());
  }

  const std::string path = (std::filesystem::temp_directory_path() /
                            ("agon-imports-" + std::to_string(::getpid()) + ".parquet"))
                               .string();
};

TEST_F(parquet_import, rows_of_comparia_are_votes_with_their_row_number) {
  const std::string_view french[] = {"fr"};
  const std::span<const std::string_view> languages(french);
  const parquet::cell none = std::monostate{};
  std::vector<std::vector<parquet::cell>> rows;
  for (int i = 0; i < 300; ++i)
    rows.push_back({"llama", "mistral", i % 3 == 0 ? parquet::cell{"mistral"} : none, i % 3 == 1,
                    i % 2 ? "odd" : "even", std::int64_t{1}, "2024-10-12 09:30:00.5", "Bonjour",
                    languages});
  write(rows);
  auto reader = open_records(path);
  ASSERT_TRUE(reader) << reader.error().reason;
  int votes = 0, ties = 0, nothing = 0;
  record r;
  std::uint64_t line = 0;
  while ((*reader)->next(r)) {
    EXPECT_EQ(r.line, ++line);
    ASSERT_TRUE(r.object) << r.error;
    const parsed_row row = parse(source_format::comparia, *r.object);
    const auto* v = std::get_if<imported_vote>(&row);
    if (v == nullptr) {
      ++nothing;
      continue;
    }
    EXPECT_EQ(v->prompt, "Bonjour");
    EXPECT_EQ(to_rfc3339(*v->at), "2024-10-12T09:30:00.500Z");
    (v->winner == ratings::outcome::b ? votes : ties)++;
  }
  EXPECT_EQ(line, 300U);
  EXPECT_EQ(std::tuple(votes, ties, nothing), std::tuple(100, 100, 100));
}

TEST_F(parquet_import, a_damaged_file_is_told_of) {
  write({{"llama", "mistral", "llama", false, "p", std::int64_t{1}, "2024-10-12", "Salut",
          std::span<const std::string_view>{}}});
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (std::size_t at = 4; at < bytes.size(); at += 3) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 0x41);
    std::ofstream(path, std::ios::binary) << broken;
    auto reader = open_records(path);
    if (reader.has_error()) continue;
    record r;
    int records = 0;
    while ((*reader)->next(r)) ASSERT_LT(++records, 1000);
  }
}

}  // namespace
}  // namespace agon::imports
