#include <algorithm>
#include <nlohmann/json.hpp>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "services/imports/import_votes.hpp"
#include "services/imports/slug.hpp"

namespace agon::imports {
namespace {

using json = nlohmann::json;

constexpr std::size_t longest_slug = 56;  // a hash may follow

json purposes() {
  return {{{"id", "take_part"}, {"label", "Taken part elsewhere."}, {"required", true}},
          {{"id", "be_counted"}, {"label", "Counted on this board."}, {"required", true}},
          {{"id", "publish_votes"},
           {"label", "The votes are under a licence that lets them be published."}},
          {{"id", "publish_text"}, {"label", "So are the texts."}}};
}

json questions() {
  json out = json::array({{{"id", "overall"},
                           {"kind", "comparison"},
                           {"criterion", "overall"},
                           {"label", "Which is better?"}}});
  for (const auto& [id, target] :
       {std::pair{"comment-a", "a"}, std::pair{"comment-b", "b"}, std::pair{"comment", "battle"}})
    out.push_back({{"id", id},
                   {"kind", "comment"},
                   {"target", target},
                   {"label", "Comment"},
                   {"max_length", 4000}});
  return out;
}

// No command is ever run: a system of weight 0 is not drawn.
json system(const std::string& name, const std::string& slug, bool audio) {
  return {{"id", slug},
          {"name", name},
          {"maker", "unknown"},
          {"licence", "unknown"},
          {"description", "Known from imported votes alone."},
          {"weight", 0},
          {"adapter", "command"},
          {"command", {{"argv", {"false"}}, {"output", audio ? "wav" : "text"}}}};
}

}  // namespace

std::string slug_of(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (out.size() == longest_slug) break;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "x" : out;
}

void add_slugs(const std::vector<std::string>& names, std::map<std::string, std::string>& slugs) {
  std::vector<std::string> taken;
  taken.reserve(slugs.size() + names.size());
  for (const auto& [name, slug] : slugs) taken.push_back(slug);
  for (const std::string& name : names) {
    if (slugs.contains(name)) continue;
    std::string slug = slug_of(name);
    // "Alpaca (7B)" and "alpaca-7b" are two systems until somebody says otherwise.
    if (std::find(taken.begin(), taken.end(), slug) != taken.end())
      slug += "-" + crypto::to_hex(crypto::bytes_of(crypto::sha256(name)).substr(0, 3));
    taken.push_back(slug);
    slugs.emplace(name, std::move(slug));
  }
}

std::string arena_file(const import_settings& settings, const std::string& slug,
                       const std::map<std::string, std::string>& slugs) {
  const bool audio = settings.format == source_format::music_arena;
  json systems = json::array();
  for (const auto& [name, system_slug] : slugs) systems.push_back(system(name, system_slug, audio));
  const std::string licence = settings.licence.empty() ? "not to be published" : settings.licence;
  const json file = {
      {"id", slug},
      {"title", settings.title},
      {"description",
       "Votes that were given elsewhere and imported. Nothing can be asked here, and no board of "
       "another arena counts them."},
      {"modality", audio ? "audio" : "text"},
      {"prompt_label", "Nothing can be asked here"},
      {"consent",
       {{"title", "Imported votes"},
        {"text",
         "These votes were given elsewhere, under the terms of their source. Nobody has "
         "agreed to anything here."},
        {"purposes", purposes()}}},
      {"protocol", {{"questions", questions()}}},
      {"release", {{"licence", licence}, {"release_outputs", false}, {"schedule", "never"}}},
      {"systems", std::move(systems)}};
  return file.dump(1) + '\n';
}

}  // namespace agon::imports
