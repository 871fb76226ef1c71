#include "privacy/pii/names_model.hpp"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

// The model file, as bytes of the program.
__asm__(
    ".section .rodata\n"
    ".global agon_names_model\n"
    ".global agon_names_model_end\n"
    ".balign 16\n"
    "agon_names_model:\n"
    ".incbin \"" AGON_NAMES_MODEL
    "\"\n"
    "agon_names_model_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const char agon_names_model[];
extern "C" const char agon_names_model_end[];

namespace agon::pii {
namespace {

constexpr std::string_view magic = "agon names 1\n";
constexpr std::size_t largest_model = 32UL << 20U;
constexpr std::size_t row_count = std::size_t{1} << name_feature_bits;

std::uint32_t get_u32(std::string_view bytes, std::size_t at) {
  std::uint32_t v = 0;
  if (at + 4 > bytes.size()) throw std::runtime_error("the model of names is cut short");
  std::memcpy(&v, bytes.data() + at, 4);
  return v;
}

std::string unpacked(std::string_view bytes) {
  if (bytes.substr(0, magic.size()) != magic) throw std::runtime_error("this is no model of names");
  bytes.remove_prefix(magic.size());
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > largest_model)
    throw std::runtime_error("the model of names is damaged");
  std::string out(size, '\0');
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) != 0 || got != out.size())
    throw std::runtime_error("the model of names is damaged");
  return out;
}

bool is_begin(std::size_t tag) {
  return tag % 2 == 1;
}

}  // namespace

names_model::names_model(name_lists lists, std::vector<row> rows)
    : lists_(std::move(lists)), rows_(std::move(rows)) {
  if (rows_.size() != row_count) throw std::runtime_error("the model of names is damaged");
}

const names_model& names_model::built_in() {
  static const names_model model = decoded(
      {agon_names_model, static_cast<std::size_t>(agon_names_model_end - agon_names_model)});
  return model;
}

// Lists, a bitmap of the rows that are not zero, and by tag their low and high bytes: in
// this order they pack well.
std::string names_model::encoded() const {
  const std::string lists = lists_.encoded();
  const auto size = static_cast<std::uint32_t>(lists.size());
  std::string raw(reinterpret_cast<const char*>(&size), 4);
  raw += lists;
  std::string used(row_count / 8, '\0');
  for (std::size_t r = 0; r < row_count; ++r)
    if (rows_[r] != row{}) used[r / 8] = static_cast<char>(used[r / 8] | (1 << (r % 8)));
  raw += used;
  for (std::size_t tag = 0; tag < name_tags; ++tag)
    for (const unsigned shift : {0U, 8U})
      for (const row& r : rows_)
        if (r != row{})
          raw += static_cast<char>(static_cast<std::uint16_t>(r[tag]) >> shift & 0xffU);
  std::string packed(ZSTD_compressBound(raw.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 19));
  return std::string(magic) + packed;
}

names_model names_model::decoded(std::string_view bytes) {
  const std::string raw = unpacked(bytes);
  const std::size_t lists_size = get_u32(raw, 0);
  if (lists_size > raw.size() - 4) throw std::runtime_error("the model of names is damaged");
  std::string_view rest = std::string_view(raw).substr(4);
  name_lists lists = name_lists::decoded(rest.substr(0, lists_size));
  rest.remove_prefix(lists_size);
  if (rest.size() < row_count / 8) throw std::runtime_error("the model of names is cut short");
  std::vector<std::size_t> used;
  for (std::size_t r = 0; r < row_count; ++r)
    if ((static_cast<unsigned char>(rest[r / 8]) >> (r % 8)) & 1U) used.push_back(r);
  rest.remove_prefix(row_count / 8);
  if (rest.size() != used.size() * name_tags * 2)
    throw std::runtime_error("the model of names is damaged");
  std::vector<row> rows(row_count, row{});
  for (std::size_t tag = 0; tag < name_tags; ++tag)
    for (std::size_t u = 0; u < used.size(); ++u) {
      const auto low = static_cast<unsigned char>(rest[2 * tag * used.size() + u]);
      const auto high = static_cast<unsigned char>(rest[(2 * tag + 1) * used.size() + u]);
      rows[used[u]][tag] = static_cast<std::int16_t>(low | high << 8);
    }
  return {std::move(lists), std::move(rows)};
}

std::vector<tagged_name> names_model::tag(const std::vector<name_token>& tokens,
                                          std::string_view folded, int leaning) const {
  const std::vector<std::uint8_t> lists = listed_in(lists_, tokens);
  const feature_reader reader(tokens, lists, folded);
  std::vector<tagged_name> out;
  feature_row_numbers features{};
  std::uint8_t last = 0, before_last = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (last == 0 && !reader.may_begin(i)) {
      before_last = 0;
      continue;
    }
    reader.read(i, last, before_last, features);
    std::array<std::int32_t, 16> sums{};
    for (const std::uint32_t f : features)
      for (std::size_t tag = 0; tag < 16; ++tag) sums[tag] += rows_[f][tag];
    std::size_t best = 0;
    int best_score = sums[0];
    for (std::size_t tag = 1; tag < name_tags; ++tag) {
      // Inside only behind a beginning of the same.
      const bool allowed = is_begin(tag) || last == tag || last + 1U == tag;
      if (allowed && sums[tag] + leaning > best_score) {
        best = tag;
        best_score = sums[tag] + leaning;
      }
    }
    if (best > 0) {
      if (is_begin(best)) out.push_back({i, i, static_cast<name_tag>(best), 0});
      out.back().last = i;
      out.back().margin += best_score - sums[0];
    }
    before_last = last;
    last = static_cast<std::uint8_t>(best);
  }
  for (tagged_name& n : out) {
    n.margin /= static_cast<double>(n.last - n.first + 1);
    n.of_history = (lists[n.first] & historic) != 0;
    n.is_listed = std::any_of(lists.begin() + static_cast<std::ptrdiff_t>(n.first),
                              lists.begin() + static_cast<std::ptrdiff_t>(n.last) + 1,
                              [](std::uint8_t b) { return (b & (first_name | last_name)) != 0; });
  }
  return out;
}

}  // namespace agon::pii
