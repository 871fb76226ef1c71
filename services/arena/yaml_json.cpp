#include "services/arena/yaml_json.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace agon::arena {
namespace {

using ordered_json = nlohmann::ordered_json;

constexpr int deepest_request = 8;
constexpr int most_request_values = 2000;

ordered_json scalar_value(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // it was quoted
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, whole);
      read.ec == std::errc() && read.ptr == end)
    return whole;
  double number = 0;
  if (const auto read = std::from_chars(text.data(), end, number);
      read.ec == std::errc() && read.ptr == end && std::isfinite(number))
    return number;
  return text;
}

class converter {
 public:
  ordered_json convert(const YAML::Node& node, int depth) {
    if (depth > deepest_request) return give_up("is nested too deeply");
    if (++values_ > most_request_values) return give_up("holds too many values");
    if (node.IsMap()) return mapping(node, depth);
    if (node.IsSequence()) {
      ordered_json list = ordered_json::array();
      for (const auto& item : node) {
        if (problem) break;
        list.push_back(convert(item, depth + 1));
      }
      return list;
    }
    return node.IsScalar() ? scalar_value(node) : ordered_json();
  }

  std::optional<std::string> problem;

 private:
  ordered_json mapping(const YAML::Node& node, int depth) {
    ordered_json out = ordered_json::object();
    for (const auto& entry : node) {
      if (problem) break;
      if (!entry.first.IsScalar()) return give_up("has a name that is no text");
      const std::string& name = entry.first.Scalar();
      if (out.contains(name)) return give_up("names " + name + " twice");
      out[name] = convert(entry.second, depth + 1);
    }
    return out;
  }

  ordered_json give_up(std::string why) {
    if (!problem) problem = std::move(why);
    return nullptr;
  }

  int values_ = 0;
};

}  // namespace

boost::system::result<std::string, std::string> yaml_to_json(const YAML::Node& node) {
  converter c;
  const ordered_json value = c.convert(node, 0);
  if (c.problem) return {boost::system::in_place_error, std::move(*c.problem)};
  return {boost::system::in_place_value,
          value.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
}

}  // namespace agon::arena
