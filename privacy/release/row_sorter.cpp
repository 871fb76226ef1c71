#include "privacy/release/row_sorter.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <queue>
#include <system_error>

#include "privacy/release/file_io.hpp"

namespace agon::release {
namespace {

constexpr std::size_t runs_per_merge = 16;

using sorted_line = std::pair<crypto::digest, std::string>;
using entry_taker = std::function<result<void>(const sorted_line&)>;

// A run holds, for each line: the key, its length in four bytes, its bytes.
result<void> write_entry(output_file& file, const crypto::digest& key, std::string_view line) {
  const auto length = static_cast<std::uint32_t>(line.size());
  char head[sizeof(crypto::digest) + sizeof length];
  std::memcpy(head, key.data(), key.size());
  std::memcpy(head + key.size(), &length, sizeof length);
  if (auto written = file.write({head, sizeof head}); !written) return written;
  return file.write(line);
}

class run_reader {
 public:
  explicit run_reader(const std::filesystem::path& path)
      : path_(path), file_(path, std::ios::binary) {}

  // False at the end of the run.
  result<bool> next() {
    std::uint32_t length = 0;
    auto* key = reinterpret_cast<char*>(current.first.data());
    if (file_.peek() == std::char_traits<char>::eof() && file_.eof()) return false;
    file_.read(key, static_cast<std::streamsize>(current.first.size()));
    file_.read(reinterpret_cast<char*>(&length), sizeof length);
    if (!file_) return storage_error("read", path_, EIO);
    current.second.resize(length);
    file_.read(current.second.data(), length);
    if (!file_) return storage_error("read", path_, EIO);
    return true;
  }

  sorted_line current;

 private:
  std::filesystem::path path_;
  std::ifstream file_;
};

result<void> merge(const std::vector<std::filesystem::path>& runs, const entry_taker& take) {
  std::vector<std::unique_ptr<run_reader>> readers;
  const auto later = [&](std::size_t a, std::size_t b) {
    return readers[a]->current > readers[b]->current;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heads(later);
  const auto advance = [&](std::size_t i) -> result<void> {
    auto more = readers[i]->next();
    if (!more) return more.error();
    if (*more) heads.push(i);
    return {};
  };
  for (std::size_t i = 0; i < runs.size(); ++i) {
    readers.push_back(std::make_unique<run_reader>(runs[i]));
    if (auto ready = advance(i); !ready) return ready;
  }
  while (!heads.empty()) {
    const std::size_t i = heads.top();
    heads.pop();
    if (auto taken = take(readers[i]->current); !taken) return taken;
    if (auto ready = advance(i); !ready) return ready;
  }
  return {};
}

}  // namespace

row_sorter::row_sorter(std::filesystem::path folder, std::string name, std::size_t buffer_bytes)
    : folder_(std::move(folder)), name_(std::move(name)), buffer_bytes_(buffer_bytes) {}

std::filesystem::path row_sorter::next_run() {
  return folder_ / (name_ + "." + std::to_string(runs_made_++));
}

void row_sorter::sort_buffer() {
  std::sort(entries_.begin(), entries_.end(), [&](const entry& a, const entry& b) {
    return a.key != b.key ? a.key < b.key : line_of(a) < line_of(b);
  });
}

result<void> row_sorter::add(const crypto::digest& key, std::string_view line) {
  entries_.push_back({key, lines_.size(), line.size()});
  lines_ += line;
  if (lines_.size() + entries_.size() * sizeof(entry) < buffer_bytes_) return {};
  return spill();
}

result<void> row_sorter::spill() {
  sort_buffer();
  std::filesystem::path path = next_run();
  auto file = output_file::create(path);
  if (!file) return file.error();
  for (const entry& e : entries_)
    if (auto written = write_entry(*file, e.key, line_of(e)); !written) return written;
  if (auto closed = file->close(); !closed) return closed;
  entries_.clear();
  lines_.clear();
  return place(std::move(path), 0);
}

result<void> row_sorter::place(std::filesystem::path run, std::size_t at) {
  if (levels_.size() <= at) levels_.resize(at + 1);
  levels_[at].push_back(std::move(run));
  if (levels_[at].size() < runs_per_merge) return {};
  std::filesystem::path merged = next_run();
  auto file = output_file::create(merged);
  if (!file) return file.error();
  auto done = merge(levels_[at],
                    [&](const sorted_line& l) { return write_entry(*file, l.first, l.second); });
  if (!done) return done;
  if (auto closed = file->close(); !closed) return closed;
  std::error_code ignored;  // they go with the staging directory at the latest
  for (const std::filesystem::path& old : levels_[at]) std::filesystem::remove(old, ignored);
  levels_[at].clear();
  return place(std::move(merged), at + 1);
}

result<void> row_sorter::drain(const line_taker& take) {
  if (levels_.empty()) {
    sort_buffer();
    for (const entry& e : entries_)
      if (auto taken = take(line_of(e)); !taken) return taken;
    return {};
  }
  if (!entries_.empty())
    if (auto spilled = spill(); !spilled) return spilled;
  std::vector<std::filesystem::path> runs;
  for (const level& l : levels_) runs.insert(runs.end(), l.begin(), l.end());
  return merge(runs, [&](const sorted_line& l) { return take(l.second); });
}

}  // namespace agon::release
