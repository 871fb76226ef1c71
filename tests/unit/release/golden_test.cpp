// The small release against files in the repository: a change of what is released, of
// its form or of its order shows as a difference here. To accept one, run with
// AGON_UPDATE_GOLDEN=1 and read what changed before it is committed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "privacy/release/documents.hpp"
#include "tests/unit/release/small_release.hpp"

namespace agon::release {
namespace {

namespace fs = std::filesystem;

void compare(const std::string& name, const std::string& text) {
  const fs::path golden = fs::path(AGON_SOURCE_DIR) / "tests/unit/release/golden" / name;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests read the environment from one thread
  if (std::getenv("AGON_UPDATE_GOLDEN") != nullptr) test::write_file(golden, text);
  EXPECT_EQ(test::read_file(golden), text) << name;
}

TEST(golden, small_release_is_what_it_was) {
  test::temporary_folder dir;
  ASSERT_TRUE(test::build_small(dir.path() / "r"));
  for (const char* table : {"votes", "outputs", "feedback", "boards", "counts"})
    compare(std::string(table) + ".jsonl",
            test::decompress(test::read_file(dir.path() / "r/data" /
                                             (std::string(table) + "-00000.jsonl.zst"))));
  // Compressed bytes depend on the version of zstd.
  test::change_manifest(dir.path() / "r", [](manifest& m) {
    m.compression_library = "";
    for (manifest_file& f : m.files) {
      f.bytes = 0;
      f.sha256 = "";
      if (f.path.ends_with(".parquet")) f.raw_bytes = 0;
    }
  });
  const std::string text = test::read_file(dir.path() / "r/manifest.json");
  compare("manifest.json", text);
  for (const document& d : documents(parse_manifest(text).value())) compare(d.path, d.text);
}

}  // namespace
}  // namespace agon::release
