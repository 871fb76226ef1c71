#include "services/files/row_file.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace agon::files {
namespace {

constexpr std::array<std::string_view, 4> format_names{"csv", "tsv", "jsonl", "parquet"};

constexpr std::array<std::pair<std::string_view, file_format>, 6> endings{{
    {".csv", file_format::csv},
    {".tsv", file_format::tsv},
    {".jsonl", file_format::json_lines},
    {".ndjson", file_format::json_lines},
    {".json", file_format::json_lines},
    {".parquet", file_format::parquet},
}};

std::optional<file_format> format_of_name(std::string_view path) {
  for (const auto& [ending, format] : endings)
    if (path.ends_with(ending)) return format;
  return std::nullopt;
}

// The bytes that were looked at, then the rest.
class source_with_beginning final : public byte_source {
 public:
  source_with_beginning(std::string beginning, std::unique_ptr<byte_source> rest)
      : beginning_(std::move(beginning)), rest_(std::move(rest)) {}

  checked<std::size_t> read(std::span<char> into) override {
    const std::size_t n = std::min(into.size(), beginning_.size() - given_);
    std::copy_n(beginning_.data() + given_, n, into.data());
    given_ += n;
    if (n == into.size()) return n;
    const auto more = rest_->read(into.subspan(n));
    if (more.has_error()) return more.error();
    return n + *more;
  }
  std::optional<std::uint64_t> size() const override { return rest_->size(); }

 private:
  std::string beginning_;
  std::size_t given_ = 0;
  std::unique_ptr<byte_source> rest_;
};

checked<file_format> format_of_bytes(std::string_view beginning) {
  if (beginning.starts_with("PAR1")) return file_format::parquet;
  if (beginning.starts_with("\x1F\x8B") || beginning.starts_with("\x28\xB5\x2F\xFD"))
    return file_error{"is compressed: unpack it first (gunzip, unzstd)"};
  if (beginning.starts_with("\xEF\xBB\xBF")) beginning.remove_prefix(3);
  const std::size_t first = beginning.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return file_format::csv;
  if (beginning[first] == '{') return file_format::json_lines;
  if (beginning[first] == '[')
    return file_error{"is a JSON array: one object on each line is needed (jq -c '.[]')"};
  return file_format::csv;
}

checked<file_format> sniff(std::unique_ptr<byte_source>& source) {
  std::string beginning(4096, '\0');
  const auto got = source->read(beginning);
  if (got.has_error()) return got.error();
  beginning.resize(*got);
  auto format = format_of_bytes(beginning);
  source = std::make_unique<source_with_beginning>(std::move(beginning), std::move(source));
  return format;
}

char separator_of(file_format format) {
  return format == file_format::tsv ? '\t' : ',';
}

}  // namespace

std::string_view to_text(file_format f) {
  return format_names.at(static_cast<std::size_t>(f));
}

std::optional<file_format> file_format_from_text(std::string_view text) {
  for (std::size_t i = 0; i < format_names.size(); ++i)
    if (format_names[i] == text) return static_cast<file_format>(i);
  return std::nullopt;
}

checked<row_file> row_file::open(const std::string& path, std::optional<file_format> format) {
  auto source = open_bytes(path);
  if (source.has_error()) return source.error();
  const auto sniffed = sniff(*source);
  if (!format) format = format_of_name(path);
  // Bytes that cannot be of the format that the name tells are answered in their own words.
  if (sniffed.has_error() && format != file_format::csv && format != file_format::tsv)
    return sniffed.error();
  if (!format) format = *sniffed;
  if (*format != file_format::parquet) return of(std::move(*source), *format);
  if (path == "-")
    return file_error{"cannot be Parquet, which is read from its end: give the name of a file"};
  auto rows = parquet_rows::open(path);
  if (rows.has_error()) return rows.error();
  row_file out(*format);
  out.columns_ = (*rows)->columns();
  out.parquet_ = std::move(*rows);
  return out;
}

checked<row_file> row_file::of(std::unique_ptr<byte_source> source, file_format format,
                               std::size_t block_bytes) {
  const auto ends =
      format == file_format::json_lines ? record_end::line : record_end::line_outside_quotes;
  row_file out(format);
  out.reader_.emplace(std::move(source), ends, block_bytes);
  if (auto bad = out.read_columns()) return *bad;
  return out;
}

std::optional<file_error> row_file::read_columns() {
  const auto got = reader_->next(first_);
  if (got.has_error()) return got.error();
  if (!*got) return file_error{"is empty"};
  auto names = format_ == file_format::json_lines ? first_json_members(first_)
                                                  : take_csv_header(first_, separator_of(format_));
  if (names.has_error()) return names.error();
  columns_ = std::move(*names);
  return std::nullopt;
}

bool row_file::has(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

checked<std::unique_ptr<row_parser>> row_file::parser(
    const std::vector<std::string>& wanted) const {
  if (format_ == file_format::json_lines) return make_json_parser(wanted);
  std::vector<std::size_t> places;
  for (const std::string& name : wanted) {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end()) return file_error{"has no column " + shown(name)};
    if (std::find(found + 1, columns_.end(), name) != columns_.end())
      return file_error{"has the column " + shown(name) + " twice"};
    places.push_back(static_cast<std::size_t>(found - columns_.begin()));
  }
  return make_csv_parser(columns_.size(), std::move(places), separator_of(format_));
}

checked<bool> row_file::next(block& out) {
  if (first_taken_) return reader_->next(out);
  first_taken_ = true;
  std::swap(out, first_);
  return true;
}

std::optional<file_error> row_file::for_each_row(const std::vector<std::string>& wanted,
                                                 row_sink& sink) {
  if (parquet_) {
    if (auto bad = parquet_->select(wanted)) return bad;
    const auto taken = parquet_->take(sink, std::numeric_limits<std::size_t>::max());
    return taken.has_error() ? std::optional(taken.error()) : std::nullopt;
  }
  auto rows = parser(wanted);
  if (rows.has_error()) return rows.error();
  block records;
  for (;;) {
    const auto more = next(records);
    if (more.has_error()) return more.error();
    if (!*more) return std::nullopt;
    if (auto bad = (*rows)->parse(records, sink)) return bad;
  }
}

}  // namespace agon::files
