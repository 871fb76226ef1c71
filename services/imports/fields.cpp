#include "services/imports/fields.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "services/systems/argv_template.hpp"

namespace agon::imports {
namespace {

using json = nlohmann::json;

constexpr double earliest = 946'684'800;  // 2000
constexpr double latest = 4'102'444'800;  // 2100

constexpr std::array<std::pair<std::string_view, std::string_view>, 40> language_names{{
    {"English", "en"},    {"Chinese", "zh"},   {"Russian", "ru"},    {"German", "de"},
    {"French", "fr"},     {"Spanish", "es"},   {"Japanese", "ja"},   {"Korean", "ko"},
    {"Portuguese", "pt"}, {"Italian", "it"},   {"Arabic", "ar"},     {"Turkish", "tr"},
    {"Polish", "pl"},     {"Czech", "cs"},     {"Vietnamese", "vi"}, {"Dutch", "nl"},
    {"Swedish", "sv"},    {"Ukrainian", "uk"}, {"Persian", "fa"},    {"Hungarian", "hu"},
    {"Danish", "da"},     {"Finnish", "fi"},   {"Hebrew", "he"},     {"Indonesian", "id"},
    {"Romanian", "ro"},   {"Greek", "el"},     {"Norwegian", "no"},  {"Latin", "la"},
    {"Hindi", "hi"},      {"Thai", "th"},      {"Bulgarian", "bg"},  {"Slovak", "sk"},
    {"Croatian", "hr"},   {"Serbian", "sr"},   {"Slovenian", "sl"},  {"Lithuanian", "lt"},
    {"Latvian", "lv"},    {"Estonian", "et"},  {"Catalan", "ca"},    {"Bengali", "bn"},
}};

// A part of a message: a text, or an object that holds one.
void add_content(const json& content, std::string& out) {
  if (content.is_string()) out += content.get_ref<const std::string&>();
  if (content.is_object()) {
    const json* text = member_of(content, {"text"});
    if (text != nullptr && text->is_string()) out += text->get_ref<const std::string&>();
  }
  if (content.is_array())
    for (const json& part : content) add_content(part, out);
}

}  // namespace

const json* member_of(const json& object, names any) {
  if (!object.is_object()) return nullptr;
  for (const char* name : any) {
    const auto found = object.find(name);
    if (found != object.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

std::string text_of(const json& object, names any) {
  const json* found = member_of(object, any);
  if (found == nullptr || found->is_structured()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

double number_of(const json& object, names any) {
  const json* found = member_of(object, any);
  if (found == nullptr || !found->is_number()) return 0;
  const double value = found->get<double>();
  return std::isfinite(value) ? value : 0;
}

bool truth_of(const json& object, names any) {
  const json* found = member_of(object, any);
  if (found == nullptr) return false;
  if (found->is_boolean()) return found->get<bool>();
  if (found->is_string()) return *found == "true" || *found == "True" || *found == "1";
  return found->is_number() && found->get<double>() != 0;
}

std::optional<time_point> moment_of(const json& value) {
  if (value.is_number()) {
    double t = value.get<double>();
    // Milli-, micro- and nanoseconds are told by their size: seconds end in 2100.
    for (int i = 0; i < 3 && t > latest; ++i) t /= 1000;
    if (!(t >= earliest && t <= latest)) return std::nullopt;
    return time_point{std::chrono::microseconds{std::llround(t * 1e6)}};
  }
  if (!value.is_string()) return std::nullopt;
  std::string text = value.get<std::string>();
  if (!text.empty() && text.find_first_not_of("0123456789.") == std::string::npos) {
    const json number = json::parse(text, nullptr, false);
    return number.is_number() ? moment_of(number) : std::nullopt;
  }
  if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
  if (text.size() == 10) text += "T00:00:00";
  if (text.size() >= 19 && text.find_first_of("Z+", 19) == std::string::npos &&
      text.find('-', 19) == std::string::npos)
    text += 'Z';
  const auto parsed = parse_rfc3339(text);
  if (!parsed) return std::nullopt;
  const double t = std::chrono::duration<double>(parsed->time_since_epoch()).count();
  return t >= earliest && t <= latest ? std::optional(*parsed) : std::nullopt;
}

std::string cleaned(std::string text) {
  std::erase_if(text, [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\t' && c != '\n') || u == 0x7F;
  });
  return text;
}

std::vector<std::string> answers_of(const json* conversation, std::string& prompt) {
  std::vector<std::string> out;
  if (conversation == nullptr || !conversation->is_array()) return out;
  for (const json& message : *conversation) {
    const std::string role = text_of(message, {"role"});
    std::string text;
    if (const json* content = member_of(message, {"content"})) add_content(*content, text);
    text = cleaned(std::move(text));
    if (role == "assistant")
      out.push_back(std::move(text));
    else if (role == "user" && prompt.empty())
      prompt = std::move(text);
  }
  return out;
}

std::string language_tag(const std::string& name) {
  for (const auto& [english, tag] : language_names)
    if (english == name) return std::string(tag);
  const bool lower =
      std::all_of(name.begin(), name.begin() + std::min<std::ptrdiff_t>(2, std::ssize(name)),
                  [](char c) { return c >= 'a' && c <= 'z'; });
  const bool short_tag =
      name.size() == 2 || (name.size() > 2 && (name[2] == '-' || name.size() == 3));
  return lower && short_tag && systems::is_language_tag(name) ? name : "";
}

}  // namespace agon::imports
