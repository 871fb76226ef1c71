// Reads a YAML mapping field by field and collects every complaint with its line, so
// that whoever writes an arena file sees all mistakes at once.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/core/error.hpp"

namespace agon::arena {

class yaml_reader {
 public:
  // `path` is the node's own place, as in "systems[3]"; empty at the top.
  explicit yaml_reader(YAML::Node node, std::string path = "");

  std::string text(std::string_view key, std::size_t max = 400);
  std::string text_or(std::string_view key, std::string fallback, std::size_t max = 400);
  std::int64_t integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                          std::int64_t max);
  double number_or(std::string_view key, double fallback, double min, double max);
  bool boolean_or(std::string_view key, bool fallback);
  // "20s", "500ms", "5m", "2h".
  std::chrono::milliseconds duration_or(std::string_view key, std::chrono::milliseconds fallback,
                                        std::chrono::milliseconds max);
  // "512MiB", "20MB", "1GiB", or plain bytes.
  std::uint64_t bytes_or(std::string_view key, std::uint64_t fallback, std::uint64_t max);
  std::vector<std::string> texts(std::string_view key, std::size_t min, std::size_t max,
                                 std::size_t max_length = 2000);
  // A mapping of names to single values, in the file's order.
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view key, std::size_t max);
  // Anything, as the text of a JSON value: quoted scalars are strings; plain ones are null,
  // booleans and numbers where they look so. Empty if absent.
  std::string json(std::string_view key, bool required);
  [[nodiscard]] bool has(std::string_view key) const;
  // A nested mapping; a complaint and an empty one if it is required and absent.
  yaml_reader mapping(std::string_view key, bool required);
  std::vector<yaml_reader> mappings(std::string_view key, std::size_t min, std::size_t max);

  // The value of `key` as JSON text, mappings in their order; nothing if it is absent or
  // no mapping. Plain true, false, null and numbers are what they look like, quoted ones
  // are texts.
  std::optional<std::string> mapping_json(std::string_view key);
  // The names in this mapping, in order. Those that are asked for count as known.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool is_list(std::string_view key) const;
  [[nodiscard]] bool is_mapping(std::string_view key) const;

  void complain(std::string_view key, std::string reason);
  // About something within the value of `key`, by its JSON pointer.
  void complain_within(std::string_view key, std::string_view pointer, std::string reason);
  // Complains of keys that nobody asked for; sub-readers do so for themselves.
  void end();
  [[nodiscard]] const std::vector<field_error>& complaints() const { return *complaints_; }

 private:
  yaml_reader(YAML::Node node, std::string path, std::shared_ptr<std::vector<field_error>> shared);
  std::optional<std::string> scalar(std::string_view key, bool required);
  [[nodiscard]] std::string place(std::string_view key, int line) const;
  [[nodiscard]] YAML::Node child(std::string_view key) const;

  YAML::Node node_;
  std::string path_;
  std::vector<std::string> known_;
  std::shared_ptr<std::vector<field_error>> complaints_;
};

}  // namespace agon::arena
