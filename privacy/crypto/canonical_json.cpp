#include "privacy/crypto/canonical_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace agon::crypto {
namespace {

using json = nlohmann::json;

// Builds the value while it watches depth and keys; nlohmann's own parser keeps the
// last of two equal keys and has no limit of depth.
class strict_builder final : public nlohmann::json_sax<json> {
 public:
  explicit strict_builder(std::size_t max_depth) : max_depth_(max_depth) {}

  json value;
  json_error error;

  bool null() override { return put(nullptr); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(number_integer_t v) override { return put(v); }
  bool number_unsigned(number_unsigned_t v) override { return put(v); }
  bool number_float(number_float_t v, const string_t&) override {
    return std::isfinite(v) ? put(v) : refuse("a number is out of range");
  }
  bool string(string_t& v) override {
    if (v.find('\0') != string_t::npos) return refuse("a string holds U+0000");
    return put(std::move(v));
  }
  bool binary(binary_t&) override { return refuse("binary values do not exist in JSON"); }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& v) override {
    if (v.find('\0') != string_t::npos) return refuse("a key holds U+0000");
    if (open_.back()->contains(v)) return refuse("the key \"" + v + "\" stands twice");
    key_ = std::move(v);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    error = {"not valid JSON", position == 0 ? 0 : position - 1};
    return false;
  }

 private:
  bool refuse(std::string reason) {
    error = {std::move(reason), 0};
    return false;
  }
  json* place(json v) {
    if (open_.empty()) {
      value = std::move(v);
      return &value;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(v));
      return &parent.back();
    }
    json& slot = parent[key_];
    slot = std::move(v);
    return &slot;
  }
  bool put(json v) {
    place(std::move(v));
    return true;
  }
  bool open(json empty) {
    if (open_.size() >= max_depth_)
      return refuse("nested more than " + std::to_string(max_depth_) + " levels deep");
    open_.push_back(place(std::move(empty)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::size_t max_depth_;
  std::vector<json*> open_;
  std::string key_;
};

// Keys compare by UTF-16 code units (RFC 8785, 3.2.3). That differs from comparing
// bytes only where one key has a character above U+FFFF (4-byte UTF-8, a surrogate
// pair) and the other one in U+E000..U+FFFF.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [ia, ib] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (ia == a.end() || ib == b.end()) return ia == a.end() && ib != b.end();
  const auto ca = static_cast<unsigned char>(*ia);
  const auto cb = static_cast<unsigned char>(*ib);
  const bool a_above = ca >= 0xf0;
  const bool b_above = cb >= 0xf0;
  if (a_above != b_above && (a_above ? cb : ca) >= 0xee) return a_above;
  return ca < cb;
}

constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53

// Number::toString of ECMAScript for a finite double: shortest digits that read
// back the same, exponent only from 1e21 up and below 1e-6.
std::string ecmascript_number(double v) {
  if (v == 0) return "0";
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, std::fabs(v), std::chars_format::scientific)
          .ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t sign = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + sign, text.data() + text.size(), exponent);

  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  std::string out = v < 0 ? "-" : "";
  if (count <= point && point <= 21) {
    out += digits + std::string(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(point)) + "." +
           digits.substr(static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else {
    out += digits.substr(0, 1);
    if (count > 1) out += "." + digits.substr(1);
    out += std::string("e") + (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
  }
  return out;
}

// Most strings, and all keys of ours: printable ASCII that needs no escape.
bool is_plain(std::string_view s) {
  return std::all_of(s.begin(), s.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void write_string(std::string& out, std::string_view s) {
  if (is_plain(s)) {
    out += '"';
    out += s;
    out += '"';
    return;
  }
  // nlohmann escapes exactly as RFC 8785 asks (short forms, \u00xx in lower case)
  // and throws on invalid UTF-8.
  try {
    out += json(std::string(s)).dump(-1, ' ', false, json::error_handler_t::strict);
  } catch (const json::exception&) {
    throw std::invalid_argument("canonical JSON: a string is not valid UTF-8");
  }
}

void write(std::string& out, const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      out += "null";
      return;
    case json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned: {
      const bool fits =
          value.is_number_unsigned()
              ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(largest_exact_integer)
              : std::abs(value.get<std::int64_t>()) <=
                    static_cast<std::int64_t>(largest_exact_integer);
      if (!fits) throw std::invalid_argument("canonical JSON: an integer is beyond 2^53");
      out += value.is_number_unsigned() ? std::to_string(value.get<std::uint64_t>())
                                        : std::to_string(value.get<std::int64_t>());
      return;
    }
    case json::value_t::number_float:
      if (!std::isfinite(value.get<double>()))
        throw std::invalid_argument("canonical JSON: a number is not finite");
      out += ecmascript_number(value.get<double>());
      return;
    case json::value_t::string:
      write_string(out, value.get_ref<const std::string&>());
      return;
    case json::value_t::array: {
      out += '[';
      bool first = true;
      for (const json& item : value) {
        if (!first) out += ',';
        first = false;
        write(out, item);
      }
      out += ']';
      return;
    }
    case json::value_t::object: {
      std::vector<const std::string*> keys;
      keys.reserve(value.size());
      for (auto it = value.begin(); it != value.end(); ++it) keys.push_back(&it.key());
      std::sort(keys.begin(), keys.end(),
                [](const auto* a, const auto* b) { return utf16_less(*a, *b); });
      out += '{';
      bool first = true;
      for (const std::string* key : keys) {
        if (!first) out += ',';
        first = false;
        write_string(out, *key);
        out += ':';
        write(out, value.at(*key));
      }
      out += '}';
      return;
    }
    case json::value_t::binary:
    case json::value_t::discarded:
      throw std::invalid_argument("canonical JSON: not a JSON value");
  }
}

}  // namespace

boost::system::result<nlohmann::json, json_error> parse_json(std::string_view text,
                                                             const json_limits& limits) {
  if (text.size() > limits.bytes)
    return json_error{"longer than " + std::to_string(limits.bytes) + " bytes", limits.bytes};
  // The parser would take it for the end of the text, whatever comes behind it.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    return json_error{"not valid JSON", zero};
  strict_builder builder(limits.depth);
  if (!json::sax_parse(text.begin(), text.end(), &builder)) {
    if (builder.error.reason.empty()) builder.error.reason = "not valid JSON";
    return builder.error;
  }
  return {boost::system::in_place_value, std::move(builder.value)};
}

std::string canonical_json(const nlohmann::json& value) {
  std::string out;
  write(out, value);
  return out;
}

// As long as the body of a vote: growing step by step would copy it five times.
constexpr std::size_t first_reserve = 600;

std::string& canonical_object::begin(std::string_view key) {
  if (!is_plain(key) || (!last_.empty() && key <= last_))
    throw std::logic_error("canonical JSON: keys are plain and come in ascending order");
  if (out_.empty()) out_.reserve(first_reserve);
  out_ += last_.empty() ? "{\"" : ",\"";
  out_ += key;
  out_ += "\":";
  last_ = key;
  return out_;
}

canonical_object& canonical_object::text(std::string_view key, std::string_view value) {
  write_string(begin(key), value);
  return *this;
}

canonical_object& canonical_object::number(std::string_view key, double value) {
  if (!std::isfinite(value)) throw std::invalid_argument("canonical JSON: a number is not finite");
  begin(key) += ecmascript_number(value);
  return *this;
}

canonical_object& canonical_object::json(std::string_view key, std::string_view canonical) {
  begin(key) += canonical;
  return *this;
}

std::string canonical_object::finish() && {
  out_ += last_.empty() ? "{}" : "}";
  return std::move(out_);
}

std::string canonical_array(std::span<const std::string> texts) {
  std::string out = "[";
  for (const std::string& t : texts) {
    if (out.size() > 1) out += ',';
    write_string(out, t);
  }
  return out + "]";
}

void throw_exception_from_error(const json_error& e, const boost::source_location&) {
  throw std::invalid_argument(e.reason);
}

}  // namespace agon::crypto
