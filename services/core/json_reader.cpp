#include "services/core/json_reader.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"

namespace agon {

using json = nlohmann::json;

// An answer must not be many times as long as what it is about.
constexpr std::size_t most_complaints = 64;

struct json_reader::notes {
  std::vector<field_error> complaints;
  std::vector<json_reader> readers;  // every sub-reader, for the check of unknown members
};

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

result<json> parse_object(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes)
    return fail(errc::payload_too_large,
                "The body is longer than " + std::to_string(max_bytes) + " bytes.");
  auto parsed = crypto::parse_json(text, {.bytes = max_bytes});
  if (!parsed)
    return fail(errc::invalid_input,
                "The body is not acceptable JSON: " + parsed.error().reason + ".");
  if (!parsed->is_object()) return fail(errc::invalid_input, "The body must be a JSON object.");
  return {boost::system::in_place_value, std::move(*parsed)};
}

std::string print_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json_reader::json_reader(const json& object, std::string at)
    : json_reader(object, std::move(at), std::make_shared<notes>()) {}

json_reader::json_reader(const json& object, std::string at, std::shared_ptr<notes> shared)
    : object_(&object),
      at_(std::move(at)),
      notes_(std::move(shared)),
      known_(std::make_shared<std::vector<std::string>>()) {}

std::string json_reader::pointer(std::string_view key) const {
  return at_ + "/" + std::string(key);
}

void json_reader::complain(std::string_view key, std::string reason) {
  notes_->complaints.push_back({pointer(key), std::move(reason)});
}

const json* json_reader::find(std::string_view key, bool required) {
  known_->emplace_back(key);
  const auto it = object_->find(std::string(key));
  if (it == object_->end() || it->is_null()) {
    if (required) complain(key, "is missing");
    return nullptr;
  }
  return &*it;
}

const json* json_reader::any(std::string_view key) {
  return find(key, true);
}

namespace {

std::optional<std::string> check_text(const json& v, text_limits limits, std::string& reason) {
  if (!v.is_string()) {
    reason = "must be a string";
    return std::nullopt;
  }
  const auto& s = v.get_ref<const std::string&>();
  const std::size_t length = code_points(s);
  if (length < limits.min || length > limits.max) {
    reason = "must have " + std::to_string(limits.min) + " to " + std::to_string(limits.max) +
             " characters, has " + std::to_string(length);
    return std::nullopt;
  }
  return s;
}

}  // namespace

std::optional<std::string> json_reader::optional_text(std::string_view key, text_limits limits) {
  const json* v = find(key, false);
  if (v == nullptr) return std::nullopt;
  std::string reason;
  auto s = check_text(*v, limits, reason);
  if (!s) complain(key, reason);
  return s;
}

std::string json_reader::text(std::string_view key, text_limits limits) {
  const json* v = find(key, true);
  if (v == nullptr) return {};
  std::string reason;
  auto s = check_text(*v, limits, reason);
  if (!s) complain(key, reason);
  return s.value_or("");
}

std::optional<std::int64_t> json_reader::optional_integer(std::string_view key, std::int64_t min,
                                                          std::int64_t max) {
  const json* v = find(key, false);
  if (v == nullptr) return std::nullopt;
  const bool fits = v->is_number_unsigned()
                        ? v->get<std::uint64_t>() <=
                              static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                        : v->is_number_integer();
  if (!fits || v->get<std::int64_t>() < min || v->get<std::int64_t>() > max) {
    complain(key, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }
  return v->get<std::int64_t>();
}

std::int64_t json_reader::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  return find(key, true) == nullptr ? min : optional_integer(key, min, max).value_or(min);
}

std::optional<double> json_reader::optional_number(std::string_view key, double min, double max) {
  const json* v = find(key, false);
  if (v == nullptr) return std::nullopt;
  if (!v->is_number() || !(v->get<double>() >= min) || !(v->get<double>() <= max)) {
    complain(key, "must be a number from " + json(min).dump() + " to " + json(max).dump());
    return std::nullopt;
  }
  return v->get<double>();
}

double json_reader::number(std::string_view key, double min, double max) {
  return find(key, true) == nullptr ? min : optional_number(key, min, max).value_or(min);
}

std::optional<bool> json_reader::optional_boolean(std::string_view key) {
  const json* v = find(key, false);
  if (v == nullptr) return std::nullopt;
  if (!v->is_boolean()) {
    complain(key, "must be true or false");
    return std::nullopt;
  }
  return v->get<bool>();
}

bool json_reader::boolean(std::string_view key) {
  return find(key, true) != nullptr && optional_boolean(key).value_or(false);
}

uuid json_reader::uuid_of(std::string_view key) {
  const json* v = find(key, true);
  if (v == nullptr) return {};
  const auto parsed = v->is_string() ? parse_uuid(v->get_ref<const std::string&>()) : std::nullopt;
  if (!parsed) complain(key, "must be a UUID");
  return parsed.value_or(uuid{});
}

std::size_t json_reader::one_of(std::string_view key,
                                std::initializer_list<std::string_view> names) {
  const json* v = find(key, true);
  if (v == nullptr) return 0;
  if (v->is_string()) {
    std::size_t index = 0;
    for (const std::string_view name : names) {
      if (v->get_ref<const std::string&>() == name) return index;
      ++index;
    }
  }
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  complain(key, "must be one of " + list);
  return 0;
}

std::vector<json_reader> json_reader::objects(std::string_view key, std::size_t min,
                                              std::size_t max) {
  std::vector<json_reader> out;
  const json* v = find(key, min > 0);
  if (v == nullptr) return out;
  if (!v->is_array() || v->size() < min || v->size() > max) {
    complain(key, "must be an array of " + std::to_string(min) + " to " + std::to_string(max) +
                      " objects");
    return out;
  }
  for (std::size_t i = 0; i < v->size(); ++i) {
    const std::string at = pointer(key) + "/" + std::to_string(i);
    if (!(*v)[i].is_object()) {
      notes_->complaints.push_back({at, "must be an object"});
      continue;
    }
    out.push_back(json_reader((*v)[i], at, notes_));
    notes_->readers.push_back(out.back());
  }
  return out;
}

std::vector<std::string> json_reader::texts(std::string_view key, std::size_t min, std::size_t max,
                                            text_limits limits) {
  std::vector<std::string> out;
  const json* v = find(key, min > 0);
  if (v == nullptr) return out;
  if (!v->is_array() || v->size() < min || v->size() > max) {
    complain(key, "must be an array of " + std::to_string(min) + " to " + std::to_string(max) +
                      " strings");
    return out;
  }
  for (std::size_t i = 0; i < v->size(); ++i) {
    std::string reason;
    if (auto s = check_text((*v)[i], limits, reason))
      out.push_back(std::move(*s));
    else
      complain(std::string(key) + "/" + std::to_string(i), reason);
  }
  return out;
}

void json_reader::check_unknown() const {
  for (auto it = object_->begin(); it != object_->end(); ++it)
    if (std::find(known_->begin(), known_->end(), it.key()) == known_->end())
      notes_->complaints.push_back({at_ + "/" + it.key().substr(0, 64), "is not known here"});
}

std::optional<error> json_reader::finish() {
  check_unknown();
  for (const json_reader& r : notes_->readers) r.check_unknown();
  notes_->readers.clear();  // they hold the notes, the notes hold them
  if (notes_->complaints.empty()) return std::nullopt;
  if (notes_->complaints.size() > most_complaints) notes_->complaints.resize(most_complaints);
  error e = fail(errc::invalid_input, "Some fields are missing or wrong.");
  e.fields = notes_->complaints;
  return e;
}

}  // namespace agon
