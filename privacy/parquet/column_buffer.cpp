#include "privacy/parquet/column_buffer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "privacy/crypto/utf8.hpp"
#include "privacy/parquet/hybrid.hpp"
#include "privacy/parquet/metadata.hpp"

namespace agon::parquet {
namespace {

constexpr std::string_view accepted;
constexpr std::string_view wrong_type = "a cell is of another type than its column";
constexpr std::string_view not_utf8 = "a text is not valid UTF-8";
constexpr std::string_view too_large = "an integer does not fit its column";
constexpr std::string_view too_long = "a text is longer than 64 MiB";
constexpr std::string_view no_null = "a cell is null and its column not optional";

constexpr std::size_t longest_text = 64UL << 20;
constexpr std::size_t length_bytes = sizeof(std::uint32_t);
// Longer texts have no range in the statistics: a footer is no place for them.
constexpr std::size_t longest_bound = 64;

bool fits_int32(std::int64_t v) {
  return v >= std::numeric_limits<std::int32_t>::min() &&
         v <= std::numeric_limits<std::int32_t>::max();
}

std::string_view refuse_text(std::string_view text) {
  if (text.size() > longest_text) return too_long;
  return crypto::is_valid_utf8(text) ? accepted : not_utf8;
}

}  // namespace

column_buffer::column_buffer(const column& c)
    : column_(c),
      type_(physical_of(c.type)),
      list_(c.type == type::string_list || c.type == type::real_list) {
  most_definition_ = (c.optional ? 1U : 0U) + (list_ ? 1U : 0U);
}

void column_buffer::put(std::string_view text) {
  append(plain_, static_cast<std::uint32_t>(text.size()));
  plain_ += text;
  ++values_;
}

void column_buffer::put(double number) {
  append(plain_, number);
  ++values_;
}

void column_buffer::level(std::uint32_t definition, std::uint32_t repetition) {
  if (most_definition_ > 0) definitions_.push_back(definition);
  if (list_) repetitions_.push_back(repetition);
}

std::string_view column_buffer::put_scalar(const cell& v) {
  const auto* integer = std::get_if<std::int64_t>(&v);
  switch (column_.type) {
    case type::boolean:
      if (!std::holds_alternative<bool>(v)) return wrong_type;
      plain_ += static_cast<char>(std::get<bool>(v));
      ++values_;
      break;
    case type::int32:
    case type::date:
      if (integer == nullptr) return wrong_type;
      if (!fits_int32(*integer)) return too_large;
      append(plain_, static_cast<std::int32_t>(*integer));
      ++values_;
      break;
    case type::int64:
      if (integer == nullptr) return wrong_type;
      append(plain_, *integer);
      ++values_;
      break;
    case type::real:
      if (!std::holds_alternative<double>(v)) return wrong_type;
      put(std::get<double>(v));
      break;
    default: {
      const auto* text = std::get_if<std::string_view>(&v);
      if (text == nullptr) return wrong_type;
      if (const auto reason = refuse_text(*text); !reason.empty()) return reason;
      put(*text);
    }
  }
  level(most_definition_, 0);
  return accepted;
}

std::string_view column_buffer::put_list(const cell& v) {
  const auto put_all = [&](const auto& items) {
    if (items.empty()) level(most_definition_ - 1, 0);
    for (std::size_t i = 0; i < items.size(); ++i) {
      put(items[i]);
      level(most_definition_, i > 0 ? 1 : 0);
    }
    return accepted;
  };
  if (column_.type == type::real_list) {
    const auto* numbers = std::get_if<std::span<const double>>(&v);
    return numbers == nullptr ? wrong_type : put_all(*numbers);
  }
  const auto* texts = std::get_if<std::span<const std::string_view>>(&v);
  if (texts == nullptr) return wrong_type;
  for (const std::string_view text : *texts)
    if (const auto reason = refuse_text(text); !reason.empty()) return reason;
  return put_all(*texts);
}

std::string_view column_buffer::add(const cell& v) {
  if (!std::holds_alternative<std::monostate>(v)) {
    const std::string_view reason = list_ ? put_list(v) : put_scalar(v);
    if (!reason.empty()) return reason;
  } else if (column_.optional) {
    level(0, 0);
  } else {
    return no_null;
  }
  ++rows_;
  return accepted;
}

std::size_t column_buffer::levels() const {
  return most_definition_ > 0 ? definitions_.size() : rows_;
}

bool column_buffer::has_value(std::size_t at) const {
  return most_definition_ == 0 || definitions_[at] == most_definition_;
}

// With the length before it, for a text.
std::size_t column_buffer::value_bytes(std::size_t at) const {
  switch (type_) {
    case physical::boolean:
      return 1;
    case physical::int32:
      return sizeof(std::int32_t);
    case physical::byte_array:
      return length_bytes + load<std::uint32_t>(plain_.data() + at);
    default:
      return sizeof(std::int64_t);
  }
}

column_buffer::place column_buffer::next_row(place at) const {
  do {
    if (has_value(at.level)) {
      at.byte += value_bytes(at.byte);
      ++at.value;
    }
    ++at.level;
  } while (list_ && at.level < levels() && repetitions_[at.level] != 0);
  return at;
}

// False if it would be larger than the limit, or than the values themselves.
bool column_buffer::make_dictionary(std::size_t limit, dictionary& out) const {
  if (type_ == physical::boolean || values_ == 0) return false;
  std::unordered_map<std::string_view, std::uint32_t> known;
  out.places.reserve(values_);
  for (std::size_t at = 0; at < plain_.size();) {
    const std::string_view value = std::string_view(plain_).substr(at, value_bytes(at));
    const auto [found, added] = known.try_emplace(value, out.size);
    if (added) {
      out.plain += value;
      ++out.size;
      if (out.plain.size() > limit) return false;
    }
    out.places.push_back(found->second);
    at += value.size();
  }
  const auto bits = static_cast<std::size_t>(bits_for(out.size));
  return out.plain.size() + values_ * bits / 8 < plain_.size();
}

statistics column_buffer::gather() const {
  statistics out;
  out.nulls = static_cast<std::int64_t>(levels() - values_);
  if (values_ == 0 || list_) return out;
  const auto range_of = [&]<class T>(T) {
    T least = load<T>(plain_.data()), most = least;
    for (std::size_t at = 0; at < plain_.size(); at += sizeof(T)) {
      const T v = load<T>(plain_.data() + at);
      if constexpr (std::is_floating_point_v<T>)
        if (std::isnan(v)) return;  // no order with a NaN
      least = std::min(least, v);
      most = std::max(most, v);
    }
    if constexpr (std::is_floating_point_v<T>) {  // either zero may stand for both
      if (least == 0) least = -0.0;
      if (most == 0) most = 0.0;
    }
    out.range.emplace();
    append(out.range->first, least);
    append(out.range->second, most);
  };
  if (type_ == physical::boolean) range_of(char{});
  if (type_ == physical::int32) range_of(std::int32_t{});
  if (type_ == physical::int64) range_of(std::int64_t{});
  if (type_ == physical::float64) range_of(double{});
  if (type_ != physical::byte_array) return out;
  std::string_view least, most;
  for (std::size_t at = 0; at < plain_.size(); at += value_bytes(at)) {
    const auto text =
        std::string_view(plain_).substr(at + length_bytes, value_bytes(at) - length_bytes);
    if (at == 0) least = most = text;
    least = std::min(least, text);
    most = std::max(most, text);
  }
  if (least.size() <= longest_bound && most.size() <= longest_bound)
    out.range.emplace(std::string(least), std::string(most));
  return out;
}

void column_buffer::append_levels(const place& from, const place& to, std::string& out) const {
  const auto append_one = [&](const std::vector<std::uint32_t>& all, std::uint32_t most) {
    std::string coded;
    encode_hybrid(std::span(all).subspan(from.level, to.level - from.level), bits_for(most), coded);
    append(out, static_cast<std::uint32_t>(coded.size()));
    out += coded;
  };
  if (list_) append_one(repetitions_, 1);
  if (most_definition_ > 0) append_one(definitions_, most_definition_);
}

chunk_facts column_buffer::drain(std::int64_t offset, const writer_options& options,
                                 page_compressor& compressor,
                                 const std::function<void(std::string_view)>& take) {
  chunk_facts facts;
  facts.type = static_cast<int>(type_);
  facts.codec = static_cast<int>(codec::zstd);
  facts.values = static_cast<std::int64_t>(levels());
  facts.stats = gather();
  const auto give = [&](page_facts page, std::string_view raw) {
    const std::string_view body = compressor.compress(raw);
    page.raw_bytes = static_cast<std::int64_t>(raw.size());
    page.bytes = static_cast<std::int64_t>(body.size());
    page.crc = checksum(body);
    const std::string head = to_thrift(page);
    take(head);
    take(body);
    facts.raw_bytes += static_cast<std::int64_t>(head.size() + raw.size());
    facts.bytes += static_cast<std::int64_t>(head.size() + body.size());
  };

  dictionary words;
  const bool coded = make_dictionary(options.dictionary_bytes, words);
  if (coded) {
    facts.dictionary_offset = offset;
    give({.kind = static_cast<int>(page_kind::dictionary),
          .values = words.size,
          .encoding = static_cast<int>(encoding::plain)},
         words.plain);
  }
  facts.data_offset = offset + facts.bytes;
  const auto by = static_cast<int>(coded ? encoding::rle_dictionary : encoding::plain);
  facts.encodings = {static_cast<int>(encoding::rle), by};
  if (coded) facts.encodings.push_back(static_cast<int>(encoding::plain));

  const int bits = std::max(1, bits_for(words.size > 0 ? words.size - 1 : 0));
  for (place from; from.level < levels();) {
    place to = from;
    for (std::int64_t n = 0;
         n < options.page_rows && to.level < levels() && to.byte - from.byte < options.page_bytes;
         ++n)
      to = next_row(to);
    std::string raw;
    append_levels(from, to, raw);
    if (coded) {
      raw += static_cast<char>(bits);
      encode_hybrid(std::span(words.places).subspan(from.value, to.value - from.value), bits, raw);
    } else if (type_ == physical::boolean) {
      for (std::size_t at = from.byte; at < to.byte; at += 8) {
        unsigned packed = 0;
        for (std::size_t i = at; i < std::min(at + 8, to.byte); ++i)
          packed |= (plain_[i] != 0 ? 1U : 0U) << (i - at);
        raw += static_cast<char>(packed);
      }
    } else {
      raw.append(plain_, from.byte, to.byte - from.byte);
    }
    give({.kind = static_cast<int>(page_kind::data),
          .values = static_cast<std::int64_t>(to.level - from.level),
          .encoding = by},
         raw);
    from = to;
  }
  plain_.clear();
  definitions_.clear();
  repetitions_.clear();
  values_ = rows_ = 0;
  return facts;
}

}  // namespace agon::parquet
