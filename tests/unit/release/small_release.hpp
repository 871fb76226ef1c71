// A small release for tests, and the means to forge one: take it apart, change it, and
// seal it again with every hash right.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "privacy/release/builder.hpp"
#include "privacy/release/manifest.hpp"

namespace agon::release::test {

// Counts up: the same bytes in every run.
class counting_random final : public crypto::random_source {
 public:
  void fill(std::span<unsigned char> bytes) override;

 private:
  unsigned char next_ = 0;
};

// Removed with what it holds.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] release_options small_options(char key_byte = 'k');
[[nodiscard]] row vote(const std::string& battle, const std::string& a, const std::string& b,
                       const std::string& winner);
[[nodiscard]] row output(const std::string& battle, const std::string& slot,
                         const std::string& system);
[[nodiscard]] row comment(const std::string& battle, const std::string& text);

// 24 votes on four systems, with outputs and comments that hold personal data.
[[nodiscard]] result<void> add_small_rows(release_builder& b);
[[nodiscard]] result<release_summary> build_small(const std::filesystem::path& target,
                                                  release_options options = small_options());

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& bytes);
[[nodiscard]] std::string decompress(const std::string& zstd);
[[nodiscard]] std::string compress(const std::string& bytes);
[[nodiscard]] std::string sha256_hex(const std::string& bytes);

// Changes the lines of a table's first file.
using line_change = std::function<void(std::vector<std::string>&)>;
void change_lines(const std::filesystem::path& release, const std::string& table,
                  const line_change& change);
void change_manifest(const std::filesystem::path& release,
                     const std::function<void(manifest&)>& change);
// Makes manifest, card and sums agree with the data files again, as a forger would.
void seal_again(const std::filesystem::path& release);

}  // namespace agon::release::test
