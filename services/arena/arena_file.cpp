// Reads arenas/*.yaml. docs/arena-files.md describes the format.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "services/arena/adapter_file.hpp"
#include "services/arena/arena.hpp"
#include "services/arena/arena_file_boards.hpp"
#include "services/arena/arena_file_routing.hpp"
#include "services/arena/yaml_reader.hpp"
#include "services/feedback/text_rules.hpp"

namespace agon::arena {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_file = 1UL << 20;
constexpr std::size_t most_systems = 1000;
constexpr std::size_t most_prompts = 5000;

bool is_slug(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), allowed);
}

template <class Enum, std::size_t N>
Enum one_of(yaml_reader& in, std::string_view key,
            const std::pair<std::string_view, Enum> (&names)[N]) {
  const std::string given = in.text(key);
  std::string list;
  for (const auto& [name, value] : names) {
    if (given == name) return value;
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  if (!given.empty()) in.complain(key, "must be one of " + list);
  return names[0].second;
}

feedback::question read_question(yaml_reader in) {
  using feedback::question_kind;
  using feedback::target;
  feedback::question q;
  q.id = in.text("id", 64);
  q.kind = one_of<question_kind>(
      in, "kind", {{"comparison", question_kind::comparison}, {"comment", question_kind::comment}});
  if (in.has("target"))
    q.about = one_of<target>(in, "target",
                             {{"battle", target::battle}, {"a", target::a}, {"b", target::b}});
  else
    in.text_or("target", "");
  q.criterion = in.text_or("criterion", "overall", 64);
  q.label = in.text("label", 300);
  q.placeholder = in.text_or("placeholder", "", 300);
  q.required = in.boolean_or("required", q.kind == question_kind::comparison);
  if (q.kind == question_kind::comparison) {
    q.allow_tie = in.boolean_or("allow_tie", true);
    q.allow_both_bad = in.boolean_or("allow_both_bad", true);
  } else {
    q.comment_type = in.text_or("comment_type", "critique", 64);
    q.max_length = static_cast<std::size_t>(in.integer_or("max_length", 1000, 1, 4000));
  }
  in.end();
  return q;
}

registered_system read_system(yaml_reader in, const arena& a) {
  registered_system s;
  s.slug = in.text("id", 64);
  if (!is_slug(s.slug)) in.complain("id", "must be made of a-z, 0-9 and -");
  s.card.name = in.text("name", 100);
  s.card.maker = in.text("maker", 200);
  s.card.url = in.text_or("url", "", 400);
  if (!s.card.url.empty() && !s.card.url.starts_with("https://") &&
      !s.card.url.starts_with("http://"))
    in.complain("url", "must begin with https:// or http://");
  s.card.licence = in.text("licence", 100);
  s.card.description = in.text("description", 1000);
  s.card.year = static_cast<int>(in.integer_or("year", 0, 0, 3000));
  s.languages = in.texts("languages", 0, 200, 16);
  s.signature = read_signature(in, a, s.languages);
  s.weight = in.number_or("weight", 1, 0, 1000);
  if (in.boolean_or("paused", false)) s.weight = 0;
  s.boost = in.number_or("boost", 1, 0.01, 100);
  s.target = in.integer_or("target", 0, 0, 1'000'000'000);
  s.prices = read_prices(in);
  s.spec = read_adapter(in);
  in.end();
  return s;
}

consent_text read_consent(yaml_reader in) {
  static constexpr std::string_view known[] = {"take_part", "be_counted", "publish_votes",
                                               "publish_text"};
  consent_text out;
  out.title = in.text("title", 200);
  out.text = feedback::tidy(in.text("text", 20'000));
  nlohmann::json purposes = nlohmann::json::array();
  for (yaml_reader& entry : in.mappings("purposes", 1, 8)) {
    purpose p;
    p.id = entry.text("id", 64);
    if (std::find(std::begin(known), std::end(known), p.id) == std::end(known))
      entry.complain("id", "must be one of take_part, be_counted, publish_votes, publish_text");
    p.label = entry.text("label", 400);
    p.required = entry.boolean_or("required", false);
    entry.end();
    purposes.push_back({{"id", p.id}, {"label", p.label}, {"required", p.required}});
    out.purposes.push_back(std::move(p));
  }
  in.end();
  if (in.complaints().empty())
    out.sha256 = crypto::to_hex(crypto::bytes_of(crypto::sha256(crypto::canonical_json(
        {{"title", out.title}, {"text", out.text}, {"purposes", purposes}}))));
  return out;
}

retention_rule read_retention(yaml_reader& in) {
  constexpr int ten_years = 3650;
  retention_rule out;
  yaml_reader rule = in.mapping("retention", false);
  const auto days = [&](const char* key, int otherwise) {
    const auto n = static_cast<int>(rule.integer_or(key, otherwise, 0, ten_years));
    // A battle lives a day at most; whatever belongs to it may still be needed for as long.
    if (n == 1) rule.complain(key, "must be 0, for ever, or at least 2 days");
    return n;
  };
  out.exposures = days("exposures_days", out.exposures);
  out.unjudged = days("unjudged_days", out.unjudged);
  rule.end();
  return out;
}

void read_rules(yaml_reader& in, arena& out) {
  yaml_reader gate = in.mapping("gate", false);
  out.gate.seconds = gate.number_or("seconds", out.gate.seconds, 0, 600);
  out.gate.fraction = gate.number_or("fraction", out.gate.fraction, 0, 1);
  gate.end();

  out.sampling = read_sampling(in);

  yaml_reader release = in.mapping("release", true);
  out.release.licence = release.text("licence", 100);
  out.release.cool_off_hours =
      static_cast<int>(release.integer_or("cool_off_hours", out.release.cool_off_hours, 0, 8760));
  out.release.release_outputs = release.boolean_or("release_outputs", true);
  out.release.k = static_cast<int>(release.integer_or("k", out.release.k, 1, 1000));
  out.release.language = release.text_or("language", out.release.language);
  if (out.release.language != "tag" && out.release.language != "primary" &&
      out.release.language != "none")
    release.complain("language", "must be one of tag, primary, none");
  out.release.schedule = release.text_or("schedule", out.release.schedule);
  if (out.release.schedule != "monthly" && out.release.schedule != "weekly" &&
      out.release.schedule != "never")
    release.complain("schedule", "must be one of monthly, weekly, never");
  out.release.withdrawals =
      static_cast<int>(release.integer_or("withdrawals", out.release.withdrawals, 1, 1000));
  yaml_reader counts = release.mapping("counts", false);
  out.release.counted_votes =
      static_cast<int>(counts.integer_or("votes_per_person", out.release.counted_votes, 1, 1000));
  out.release.rho = counts.number_or("rho", out.release.rho, 0, 100);
  out.release.rho_per_year = counts.number_or("rho_per_year", out.release.rho_per_year, 0, 1000);
  counts.end();
  release.end();
  out.retention = read_retention(in);

  out.battle_lifetime =
      std::chrono::duration_cast<std::chrono::seconds>(in.duration_or("battle_lifetime", 1h, 24h));
}

void read_prompts(yaml_reader& in, arena& out) {
  out.prompt_label = in.text("prompt_label", 200);
  out.prompt_max = static_cast<std::size_t>(in.integer_or("prompt_max", 300, 1, 2000));
  out.languages = in.texts("languages", 0, 200, 16);
  out.prompts = in.texts("prompts", 0, most_prompts);
  for (std::size_t i = 0; i < out.prompts.size(); ++i)
    if (feedback::has_forbidden_characters(out.prompts[i]))
      in.complain("prompts[" + std::to_string(i) + "]", "holds control characters");
}

void read_arena(yaml_reader& in, arena& out) {
  out.slug = in.text("id", 64);
  if (!out.slug.empty() && !is_slug(out.slug)) in.complain("id", "must be made of a-z, 0-9 and -");
  out.title = in.text("title", 100);
  out.description = in.text("description", 1000);
  out.kind = one_of<modality>(
      in, "modality",
      {{"audio", modality::audio}, {"text", modality::text}, {"image", modality::image}});
  read_prompts(in, out);
  out.request = read_request(in);
  out.routing = read_routing(in);
  read_rules(in, out);
  out.consent = read_consent(in.mapping("consent", true));

  yaml_reader protocol = in.mapping("protocol", true);
  for (yaml_reader& q : protocol.mappings("questions", 1, 16))
    out.protocol.questions.push_back(read_question(q));
  protocol.end();
  if (in.complaints().empty())
    for (const field_error& f : feedback::complaints(out.protocol))
      in.complain("protocol", f.field + " " + f.reason);

  std::set<std::string> slugs;
  for (yaml_reader& entry : in.mappings("systems", 2, most_systems)) {
    out.systems.push_back(read_system(entry, out));
    const auto makes = systems::made_by(out.systems.back().spec);
    if (makes && *makes != out.kind)
      entry.complain("adapter", "makes " + std::string(name_of(*makes)) + " in an arena of " +
                                    std::string(name_of(out.kind)));
    if (!slugs.insert(out.systems.back().slug).second) entry.complain("id", "stands twice");
  }
  out.boards = read_boards(in, out);
  in.end();
}

}  // namespace

result<arena> parse_arena(std::string yaml) {
  if (yaml.size() > largest_file)
    return fail(errc::payload_too_large, "The arena file is longer than 1 MiB.");
  YAML::Node document;
  try {
    document = YAML::Load(yaml);
  } catch (const YAML::Exception& e) {
    return fail(errc::invalid_input,
                "line " + std::to_string(e.mark.line + 1) + ": not valid YAML: " + e.msg);
  }
  arena out;
  yaml_reader in(document);
  if (document.IsMap()) read_arena(in, out);
  if (!in.complaints().empty()) {
    error e = fail(errc::invalid_input, "The arena file has mistakes.");
    e.fields = in.complaints();
    return e;
  }
  out.source = std::move(yaml);
  return out;
}

}  // namespace agon::arena
