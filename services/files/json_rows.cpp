#include <algorithm>
#include <nlohmann/json.hpp>

#include "services/files/json_scanner.hpp"

namespace agon::files {
namespace {

wanted_member& member(wanted_member& of, std::string_view key) {
  for (wanted_member& m : of.members)
    if (m.key == key) return m;
  of.members.push_back({std::string(key), wanted_member::none, {}});
  return of.members.back();
}

class json_parser final : public row_parser {
 public:
  explicit json_parser(const std::vector<std::string>& wanted) : cells_(wanted.size()) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto earlier = std::find(wanted.begin(), wanted.end(), wanted[i]);
      if (const auto first = static_cast<std::size_t>(earlier - wanted.begin()); first != i)
        copies_.emplace_back(first, i);
      else
        add(wanted[i], i);
    }
  }

  std::optional<file_error> parse(block& records, row_sink& sink) override {
    if (auto bad = check_utf8(records)) return bad;
    std::uint64_t line = records.line();
    for (char* at = records.begin(); at != records.end(); ++at, ++line) {
      if (at[0] == '\n') continue;
      if (at[0] == '\r' && at[1] == '\n') {
        ++at;
        continue;
      }
      std::fill(cells_.begin(), cells_.end(), cell{});
      json_scanner in(at, root_, cells_);
      if (!in.line()) return file_error{in.reason(), line};
      for (const auto& [from, to] : copies_) cells_[to] = cells_[from];
      if (const char* refusal = sink.take(cells_, line)) return file_error{refusal, line};
      at = in.position();
    }
    return std::nullopt;
  }

 private:
  void add(std::string_view name, std::size_t slot) {
    member(root_, name).slot = slot;
    if (name.find('.') == std::string_view::npos) return;
    wanted_member* at = &root_;
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
      at = &member(*at, name.substr(0, dot));
      name.remove_prefix(dot + 1);
    }
    member(*at, name).slot = slot;
  }

  wanted_member root_;
  std::vector<cell> cells_;
  std::vector<std::pair<std::size_t, std::size_t>> copies_;  // of names wanted twice
};

void add_names(const nlohmann::json& object, const std::string& before,
               std::vector<std::string>& names) {
  for (const auto& [key, value] : object.items()) {
    names.push_back(before + key);
    if (value.is_object()) add_names(value, before + key + '.', names);
  }
}

}  // namespace

std::unique_ptr<row_parser> make_json_parser(std::vector<std::string> wanted) {
  return std::make_unique<json_parser>(wanted);
}

checked<std::vector<std::string>> first_json_members(block& records) {
  std::uint64_t line = records.line();
  for (const char* at = records.begin(); at != records.end(); ++line) {
    const char* const stop = std::find(at, static_cast<const char*>(records.end()), '\n');
    if (std::any_of(at, stop, [](char c) { return c != '\r'; })) {
      // The scanner first: it is the one that bounds the depth.
      std::string copy(at, stop + 1);
      const wanted_member nothing;
      std::vector<cell> no_cells;
      json_scanner in(copy.data(), nothing, no_cells);
      if (!in.line()) return file_error{in.reason(), line};
      const auto object = nlohmann::json::parse(at, stop, nullptr, false);
      if (object.is_discarded()) return file_error{"is no JSON object", line};
      std::vector<std::string> names;
      add_names(object, "", names);
      return names;
    }
    at = stop + 1;
  }
  return file_error{"is empty"};
}

}  // namespace agon::files
