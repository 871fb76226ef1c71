#include "privacy/parquet/column_cursor.hpp"

#include <algorithm>
#include <limits>

#include "privacy/crypto/utf8.hpp"
#include "privacy/parquet/codec.hpp"
#include "privacy/parquet/metadata.hpp"

namespace agon::parquet {
namespace {

constexpr std::size_t length_prefix = sizeof(std::uint32_t);

}  // namespace

parquet_error column_cursor::bad(std::string_view what) const {
  return {"column " + column_.name + ": " + std::string(what)};
}

bool column_cursor::hold(std::size_t bytes, std::size_t& held) {
  if (!budget_.take(bytes)) return false;
  held += bytes;
  return true;
}

void column_cursor::forget() {
  budget_.give_back(held_by_dictionary_ + held_by_page_ + held_by_delta_);
  held_by_dictionary_ = held_by_page_ = held_by_delta_ = 0;
}

// Of a plain value; 0 for texts, and for booleans, which are bits.
std::size_t column_cursor::width() const {
  switch (leaf_.type) {
    case physical::int32:
    case physical::float32:
      return 4;
    case physical::int64:
    case physical::float64:
      return 8;
    default:
      return 0;
  }
}

result<void> column_cursor::open(const chunk_facts& chunk) {
  forget();
  has_dictionary_ = false;
  page_left_ = 0;
  peeked_ = false;
  if (chunk.type != static_cast<int>(leaf_.type))
    return bad("a chunk has another type than the schema");
  std::int64_t begin = chunk.data_offset;
  if (chunk.dictionary_offset && *chunk.dictionary_offset > 0)
    begin = std::min(begin, *chunk.dictionary_offset);
  const std::uint64_t size = source_.size();
  if (begin < 0 || chunk.bytes < 0 || chunk.values < 0 ||
      static_cast<std::uint64_t>(begin) > size ||
      static_cast<std::uint64_t>(chunk.bytes) > size - static_cast<std::uint64_t>(begin))
    return bad("a chunk lies outside the file");
  codec_ = chunk.codec;
  at_ = static_cast<std::uint64_t>(begin);
  end_ = at_ + static_cast<std::uint64_t>(chunk.bytes);
  values_left_ = chunk.values;
  return {};
}

// Headers hold statistics and so have no fixed length: reads more until one is whole.
result<page_facts> column_cursor::load_head() {
  constexpr std::uint64_t first_try = 512, longest = 8UL << 20;
  for (std::uint64_t want = first_try;; want *= 8) {
    const std::uint64_t have = std::min(want, end_ - at_);
    packed_.resize(have);
    if (auto read = source_.read(at_, packed_); !read) return bad(read.error().message);
    thrift_reader in(packed_);
    const page_facts page = read_page_facts(in);
    if (in.ok()) {
      at_ += in.used();
      return page;
    }
    if (!in.cut_off() || have < want || want > longest) return bad("a page has no header");
  }
}

result<void> column_cursor::load_body(const page_facts& page) {
  if (page.bytes < 0 || static_cast<std::uint64_t>(page.bytes) > end_ - at_ || page.raw_bytes < 0 ||
      page.values < 0)
    return bad("a page does not fit its chunk");
  const auto raw = static_cast<std::size_t>(page.raw_bytes);
  if (raw > limits_.page_bytes) return bad("a page is larger than the limit");
  budget_.give_back(held_by_page_);
  held_by_page_ = 0;
  if (!hold(raw + static_cast<std::size_t>(page.bytes), held_by_page_))
    return bad("its pages need more memory than the limit");
  packed_.resize(static_cast<std::size_t>(page.bytes));
  if (auto read = source_.read(at_, packed_); !read) return bad(read.error().message);
  at_ += packed_.size();
  if (page.crc && *page.crc != checksum(packed_)) return bad("a page's checksum is wrong");
  page_.clear();
  std::size_t plain = 0;  // v2 does not compress levels
  if (page.kind == static_cast<int>(page_kind::data_v2)) {
    const auto fits = [&](std::int64_t n) { return n >= 0 && n <= page.bytes; };
    if (!fits(page.definition_bytes) || !fits(page.repetition_bytes) ||
        !fits(page.definition_bytes + page.repetition_bytes) ||
        page.definition_bytes + page.repetition_bytes > page.raw_bytes)
      return bad("a page's levels do not fit it");
    plain = static_cast<std::size_t>(page.definition_bytes + page.repetition_bytes);
    page_.assign(packed_, 0, plain);
  }
  const std::string_view body = std::string_view(packed_).substr(plain);
  const int by = page.compressed ? codec_ : static_cast<int>(codec::uncompressed);
  // A page without values may have nothing to decompress.
  if (body.empty() && raw == plain) return {};
  if (auto done = decompress(by, body, raw - plain, page_); !done) return bad(done.error().message);
  return {};
}

result<void> column_cursor::load_page() {
  if (at_ >= end_) return bad("a chunk ends before its last value");
  auto head = load_head();
  if (!head) return head.error();
  if (auto body = load_body(*head); !body) return body;
  if (head->kind == static_cast<int>(page_kind::dictionary)) return set_dictionary(*head);
  if (head->kind == static_cast<int>(page_kind::data) ||
      head->kind == static_cast<int>(page_kind::data_v2))
    return set_data(*head);
  return {};  // an index page: nothing for us
}

result<void> column_cursor::set_dictionary(const page_facts& page) {
  if (has_dictionary_) return bad("a chunk has two dictionaries");
  if (page.encoding != static_cast<int>(encoding::plain) &&
      page.encoding != static_cast<int>(encoding::plain_dictionary))
    return bad("a dictionary is not plain");
  budget_.give_back(held_by_dictionary_);
  held_by_dictionary_ = 0;
  const auto count = static_cast<std::uint64_t>(page.values);
  const std::size_t each = leaf_.type == physical::byte_array ? length_prefix : width();
  if (each == 0 || count > page_.size() / each) return bad("a dictionary is cut off");
  if (!hold(page_.size() + (count + 1) * sizeof(std::uint32_t), held_by_dictionary_))
    return bad("its dictionary needs more memory than the limit");
  dictionary_.swap(page_);
  word_count_ = count;
  words_.clear();
  if (leaf_.type == physical::byte_array) {
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (dictionary_.size() - at < length_prefix) return bad("a dictionary is cut off");
      const auto length = load<std::uint32_t>(dictionary_.data() + at);
      at += length_prefix;
      words_.push_back(static_cast<std::uint32_t>(at));
      if (length > dictionary_.size() - at) return bad("a dictionary is cut off");
      if (!crypto::is_valid_utf8(std::string_view(dictionary_).substr(at, length)))
        return bad("a text is not valid UTF-8");
      at += length;
    }
  }
  has_dictionary_ = true;
  return {};
}

bool column_cursor::set_levels(const page_facts& page, std::string_view& body) {
  const bool second = page.kind == static_cast<int>(page_kind::data_v2);
  const auto take = [&](int most, int by, std::int64_t stated, hybrid_decoder& into) {
    std::size_t size = 0;
    if (second) {
      size = static_cast<std::size_t>(stated);
    } else if (most > 0) {
      if (by != static_cast<int>(encoding::rle) || body.size() < length_prefix) return false;
      size = load<std::uint32_t>(body.data());
      body.remove_prefix(length_prefix);
    }
    if (size > body.size()) return false;
    into = hybrid_decoder(body.substr(0, size), bits_for(static_cast<std::uint64_t>(most)));
    body.remove_prefix(size);
    return true;
  };
  return take(leaf_.most_repetition, page.repetition_encoding, page.repetition_bytes,
              repetitions_) &&
         take(leaf_.most_definition, page.definition_encoding, page.definition_bytes, definitions_);
}

result<void> column_cursor::set_data(const page_facts& page) {
  if (page.values > values_left_) return bad("pages hold more values than the chunk");
  values_left_ -= page.values;
  page_left_ = page.values;
  value_ = 0;
  std::string_view body = page_;
  if (!set_levels(page, body)) return bad("a page's levels are broken");
  return set_values(page, body);
}

result<void> column_cursor::set_values(const page_facts& page, std::string_view body) {
  encoding_ = static_cast<encoding>(page.encoding);
  plain_ = body;
  switch (encoding_) {
    case encoding::plain:
      return {};
    case encoding::plain_dictionary:
    case encoding::rle_dictionary: {
      encoding_ = encoding::rle_dictionary;
      if (!has_dictionary_) return bad("a page needs a dictionary that is not there");
      if (body.empty()) {  // only nulls
        places_ = {};
        return {};
      }
      const auto bits = static_cast<unsigned char>(body.front());
      if (bits > 32) return bad("a page's places are broken");
      places_ = hybrid_decoder(body.substr(1), bits);
      return {};
    }
    case encoding::rle:
      if (leaf_.type != physical::boolean || body.size() < length_prefix)
        return bad("a page is encoded in a way that does not suit its type");
      places_ = hybrid_decoder(body.substr(length_prefix), 1);
      return {};
    case encoding::delta_binary_packed:
    case encoding::delta_length_byte_array:
    case encoding::delta_byte_array:
      return set_delta(page, body);
    case encoding::byte_stream_split:
      if (width() == 0 || body.size() % width() != 0)
        return bad("a page is encoded in a way that does not suit its type");
      return {};
    default:
      return bad("a page is encoded in a way that is not read here");
  }
}

result<void> column_cursor::set_delta(const page_facts& page, std::string_view body) {
  budget_.give_back(held_by_delta_);
  held_by_delta_ = 0;
  delta_numbers_ = {};
  delta_texts_ = {};
  const bool numbers = encoding_ == encoding::delta_binary_packed;
  if (numbers != (leaf_.type == physical::int32 || leaf_.type == physical::int64) ||
      (!numbers && leaf_.type != physical::byte_array))
    return bad("a page is encoded in a way that does not suit its type");
  if (body.empty()) return {};  // only nulls
  // Three numbers for each text, at most, while they are decoded.
  const auto values = static_cast<std::uint64_t>(page.values);
  constexpr std::size_t each = 3 * sizeof(std::int64_t);
  if (values > budget_.left() / each || !hold(values * each, held_by_delta_))
    return bad("its pages need more memory than the limit");
  if (numbers) {
    auto read = read_delta_integers(body, values);
    if (!read) return bad(read.error().message);
    delta_numbers_ = std::move(*read);
    return {};
  }
  const std::size_t most_bytes = std::min(limits_.page_bytes, budget_.left());
  auto read = read_delta_texts(body, encoding_ == encoding::delta_byte_array, values, most_bytes);
  if (!read) return bad(read.error().message);
  if (!hold(read->text.size(), held_by_delta_))
    return bad("its pages need more memory than the limit");
  delta_texts_ = std::move(*read);
  return {};
}

result<void> column_cursor::take_number(cell& v, const char* at) {
  switch (leaf_.type) {
    case physical::int32: {
      const auto n = load<std::int32_t>(at);
      v = leaf_.is_unsigned ? std::int64_t{static_cast<std::uint32_t>(n)} : std::int64_t{n};
      return {};
    }
    case physical::int64: {
      auto n = load<std::int64_t>(at);
      if (leaf_.is_unsigned && n < 0) return bad("an unsigned number does not fit");
      n /= leaf_.divide;
      if (leaf_.multiply > 1 && (n > std::numeric_limits<std::int64_t>::max() / leaf_.multiply ||
                                 n < std::numeric_limits<std::int64_t>::min() / leaf_.multiply))
        return bad("a time does not fit");
      v = n * leaf_.multiply;
      return {};
    }
    case physical::float32:
      v = static_cast<double>(load<float>(at));
      return {};
    default:
      v = load<double>(at);
      return {};
  }
}

result<void> column_cursor::take_text(cell& v, std::string_view text) {
  if (!crypto::is_valid_utf8(text)) return bad("a text is not valid UTF-8");
  v = text;
  return {};
}

result<void> column_cursor::take_plain(cell& v) {
  if (leaf_.type == physical::boolean) {
    if (value_ / 8 >= plain_.size()) return bad("a page is cut off");
    v = (static_cast<unsigned char>(plain_[value_ / 8]) >> (value_ % 8) & 1) != 0;
    return {};
  }
  if (leaf_.type == physical::byte_array) {
    if (plain_.size() < length_prefix) return bad("a page is cut off");
    const auto length = load<std::uint32_t>(plain_.data());
    plain_.remove_prefix(length_prefix);
    if (length > plain_.size()) return bad("a page is cut off");
    const std::string_view text = plain_.substr(0, length);
    plain_.remove_prefix(length);
    return take_text(v, text);
  }
  if (plain_.size() < width()) return bad("a page is cut off");
  const char* const at = plain_.data();
  plain_.remove_prefix(width());
  return take_number(v, at);
}

result<void> column_cursor::take_word(cell& v) {
  std::uint32_t place = 0;
  if (!places_.next(place) || place >= word_count_) return bad("a page's places are broken");
  if (leaf_.type != physical::byte_array)
    return take_number(v, dictionary_.data() + place * width());
  const std::uint32_t begin = words_[place];
  v = std::string_view(dictionary_)
          .substr(begin, load<std::uint32_t>(dictionary_.data() + begin - length_prefix));
  return {};
}

result<void> column_cursor::take_delta(cell& v) {
  if (encoding_ == encoding::delta_binary_packed) {
    if (value_ >= delta_numbers_.size()) return bad("a page is cut off");
    const std::int64_t n = delta_numbers_[value_];
    if (leaf_.type == physical::int64) return take_number(v, reinterpret_cast<const char*>(&n));
    const auto low = static_cast<std::int32_t>(n);
    return take_number(v, reinterpret_cast<const char*>(&low));
  }
  if (value_ >= delta_texts_.ends.size()) return bad("a page is cut off");
  const std::size_t begin = value_ == 0 ? 0 : delta_texts_.ends[value_ - 1];
  return take_text(
      v, std::string_view(delta_texts_.text).substr(begin, delta_texts_.ends[value_] - begin));
}

result<void> column_cursor::take_scalar(cell& v) {
  result<void> taken;
  switch (encoding_) {
    case encoding::plain:
      taken = take_plain(v);
      break;
    case encoding::rle_dictionary:
      taken = take_word(v);
      break;
    case encoding::rle: {
      std::uint32_t bit = 0;
      if (!places_.next(bit)) return bad("a page is cut off");
      v = bit != 0;
      break;
    }
    case encoding::byte_stream_split: {
      const std::size_t count = plain_.size() / width();
      if (value_ >= count) return bad("a page is cut off");
      char bytes[sizeof(double)];
      for (std::size_t k = 0; k < width(); ++k) bytes[k] = plain_[k * count + value_];
      taken = take_number(v, bytes);
      break;
    }
    default:
      taken = take_delta(v);
  }
  ++value_;
  return taken;
}

// The levels of the next entry, which stays where it is.
result<bool> column_cursor::peek(levels& l) {
  while (!peeked_) {
    if (page_left_ == 0) {
      if (values_left_ == 0) return false;
      if (auto loaded = load_page(); !loaded) return loaded.error();
      continue;
    }
    --page_left_;
    peeked_levels_ = {};
    if (leaf_.most_repetition > 0 && !repetitions_.next(peeked_levels_.repetition))
      return bad("a page's levels are cut off");
    if (leaf_.most_definition > 0 && !definitions_.next(peeked_levels_.definition))
      return bad("a page's levels are cut off");
    if (peeked_levels_.repetition > static_cast<std::uint32_t>(leaf_.most_repetition) ||
        peeked_levels_.definition > static_cast<std::uint32_t>(leaf_.most_definition))
      return bad("a page's levels are higher than they can be");
    peeked_ = true;
  }
  l = peeked_levels_;
  return true;
}

result<void> column_cursor::next(cell& v) {
  levels l;
  const auto there = peek(l);
  if (!there) return there.error();
  if (!*there) return bad("a chunk has fewer rows than its row group");
  if (l.repetition != 0) return bad("a row begins inside a list");
  peeked_ = false;
  if (leaf_.most_repetition > 0) return take_list(v, l);
  if (l.definition < static_cast<std::uint32_t>(leaf_.most_definition)) {
    v = std::monostate{};
    return {};
  }
  return take_scalar(v);
}

// A list may go on in the next page, so its texts are copied.
result<void> column_cursor::take_list(cell& v, levels first) {
  const auto empty = static_cast<std::uint32_t>(leaf_.list_definition);
  reals_.clear();
  texts_.clear();
  list_text_.clear();
  list_ends_.clear();
  const bool none = first.definition <= empty;
  if (first.definition < empty) {
    v = std::monostate{};
  } else {
    for (levels l = first; !none;) {
      if (l.definition != static_cast<std::uint32_t>(leaf_.most_definition))
        return bad("a list holds a null");
      cell item;
      if (auto taken = take_scalar(item); !taken) return taken;
      if (const auto* text = std::get_if<std::string_view>(&item)) {
        list_text_ += *text;
        list_ends_.push_back(list_text_.size());
      } else {
        reals_.push_back(std::get<double>(item));
      }
      if (list_ends_.size() + reals_.size() > limits_.list_length ||
          list_text_.size() > limits_.page_bytes)
        return bad("a list is longer than the limit");
      const auto there = peek(l);
      if (!there) return there.error();
      if (!*there || l.repetition == 0) break;
      peeked_ = false;
    }
    for (std::size_t begin = 0; const std::size_t end : list_ends_) {
      texts_.push_back(std::string_view(list_text_).substr(begin, end - begin));
      begin = end;
    }
    if (column_.type == type::string_list)
      v = std::span<const std::string_view>(texts_);
    else
      v = std::span<const double>(reals_);
  }
  return {};
}

result<void> column_cursor::expect_end() {
  levels l;
  const auto there = peek(l);
  if (!there) return there.error();
  if (*there) return bad("a chunk has more rows than its row group");
  return {};
}

}  // namespace agon::parquet
