#include <array>
#include <cstring>

#include "privacy/crypto/utf8.hpp"
#include "services/files/rows.hpp"

namespace agon::files {
namespace {

class csv_scanner {
 public:
  csv_scanner(block& records, char separator)
      : at_(records.begin()), end_(records.end()), line_(records.line()), separator_(separator) {
    for (const char c : {separator, '\n', '\r', '"'}) stops_[static_cast<unsigned char>(c)] = true;
  }

  // True if another record begins here; passes over empty lines.
  bool more() {
    while (at_ != end_) {
      if (*at_ == '\r' && at_[1] == '\n') ++at_;
      if (*at_ != '\n') break;
      ++at_;
      ++line_;
    }
    record_ = line_;
    return at_ != end_;
  }

  enum class next : std::uint8_t { field, record, refused };

  // Reads one field and what ends it; says what comes next.
  next field(std::string_view& text) {
    if (*at_ == '"') {
      if (!quoted(text)) return next::refused;
    } else {
      const char* const start = at_;
      while (!stops_[static_cast<unsigned char>(*at_)]) ++at_;  // the block ends with '\n'
      text = {start, static_cast<std::size_t>(at_ - start)};
    }
    if (*at_ == separator_) {
      ++at_;
      return next::field;
    }
    if (*at_ == '\r' && at_[1] == '\n') ++at_;
    if (*at_ != '\n') return refuse();
    ++at_;
    ++line_;
    return next::record;
  }

  [[nodiscard]] const char* position() const { return at_; }
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::uint64_t record_line() const { return record_; }
  [[nodiscard]] file_error error() const { return {reason_, record_}; }

 private:
  next refuse() {
    if (*at_ == '"')
      reason_ = "a quote within a field that does not begin with one";
    else if (*at_ == '\r')
      reason_ = "a carriage return that ends no line";
    else
      reason_ = "text behind a closing quote";
    return next::refused;
  }

  // The content, with doubled quotes made single in place; stands behind the closing quote.
  bool quoted(std::string_view& text) {
    char* const start = ++at_;
    char* to = start;
    for (;;) {
      const auto left = static_cast<std::size_t>(end_ - at_);
      auto* const quote = static_cast<char*>(std::memchr(at_, '"', left));
      if (quote == nullptr) {
        reason_ = "a quote is opened and not closed";
        return false;
      }
      const auto length = static_cast<std::size_t>(quote - at_);
      for (const char* c = at_; c != quote; ++c) line_ += static_cast<std::uint64_t>(*c == '\n');
      if (to != at_) std::memmove(to, at_, length);
      to += length;
      at_ = quote + 1;
      if (*at_ != '"') break;
      *to++ = '"';
      ++at_;
    }
    text = {start, static_cast<std::size_t>(to - start)};
    return true;
  }

  char* at_;
  char* end_;
  std::uint64_t line_;
  std::uint64_t record_ = 0;
  const char* reason_ = "";
  char separator_;
  std::array<bool, 256> stops_{};
};

class csv_parser final : public row_parser {
 public:
  csv_parser(std::size_t columns, std::vector<std::size_t> wanted, char separator)
      : separator_(separator), slots_(columns, unwanted), cells_(wanted.size()) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::size_t& slot = slots_.at(wanted[i]);
      if (slot == unwanted)
        slot = i;
      else
        copies_.emplace_back(slot, i);
    }
  }

  std::optional<file_error> parse(block& records, row_sink& sink) override {
    if (auto bad = check_utf8(records)) return bad;
    csv_scanner in(records, separator_);
    while (in.more()) {
      std::size_t column = 0;
      auto next = csv_scanner::next::field;
      while (next == csv_scanner::next::field) {
        std::string_view text;
        next = in.field(text);
        if (next == csv_scanner::next::refused) return in.error();
        if (column == slots_.size()) return wrong_count(in, true);
        if (const std::size_t slot = slots_[column++]; slot != unwanted)
          cells_[slot] = {text, cell_kind::text};
      }
      if (column != slots_.size()) return wrong_count(in, false);
      for (const auto& [from, to] : copies_) cells_[to] = cells_[from];
      if (const char* refusal = sink.take(cells_, in.record_line()))
        return file_error{refusal, in.record_line()};
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t unwanted = static_cast<std::size_t>(-1);

  [[nodiscard]] file_error wrong_count(const csv_scanner& in, bool more) const {
    return {std::string(more ? "more" : "fewer") + " fields than the " +
                std::to_string(slots_.size()) + " of the header",
            in.record_line()};
  }

  char separator_;
  std::vector<std::size_t> slots_;  // by column
  std::vector<cell> cells_;
  std::vector<std::pair<std::size_t, std::size_t>> copies_;  // of columns wanted twice
};

}  // namespace

std::unique_ptr<row_parser> make_csv_parser(std::size_t columns, std::vector<std::size_t> wanted,
                                            char separator) {
  return std::make_unique<csv_parser>(columns, std::move(wanted), separator);
}

checked<std::vector<std::string>> take_csv_header(block& records, char separator) {
  csv_scanner in(records, separator);
  if (!in.more()) return file_error{"is empty"};
  std::vector<std::string> names;
  auto next = csv_scanner::next::field;
  while (next == csv_scanner::next::field) {
    std::string_view text;
    next = in.field(text);
    if (next == csv_scanner::next::refused) return in.error();
    if (!crypto::is_valid_utf8(text)) return file_error{"is not valid UTF-8", in.record_line()};
    names.emplace_back(text);
  }
  records.skip_to(in.position(), in.line());
  return names;
}

}  // namespace agon::files
