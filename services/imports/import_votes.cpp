#include "services/imports/import_votes.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/hash.hpp"
#include "privacy/crypto/utf8.hpp"
#include "services/imports/slug.hpp"

namespace agon::imports {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t most_systems = 1000;       // of an arena file
constexpr std::size_t batch_rows = 400;          // about where larger ones gain nothing
constexpr std::size_t batch_bytes = 4UL << 20;   // of texts
constexpr std::size_t longest_prompt = 65'536;   // bytes
constexpr std::size_t longest_answer = 262'144;  // bytes: agon.output.text
constexpr std::size_t longest_comment = 4000;    // code points: the arena's questions
constexpr std::size_t most_turns = 100;
constexpr std::uint64_t progress_every = 512;
// Older ones would each want partitions of their own, and no such table is known.
constexpr auto earliest_vote = std::chrono::sys_days{std::chrono::year{2015} / 1 / 1};

// Parts as one text that no other parts make.
std::string spelled_parts(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view p : parts) out.append(std::to_string(p.size())).append(":").append(p);
  return out;
}

void set_version(uuid& id, unsigned version) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
}

uuid hashed(const crypto::hmac_sha256_key& key, std::initializer_list<std::string_view> parts) {
  const auto digest = key.sign(spelled_parts(parts));
  uuid out;
  std::copy_n(digest.begin(), out.bytes.size(), out.bytes.begin());
  set_version(out, 8);
  return out;
}

// A UUIDv7 of the moment with a hash for its random part: its partition is that of the vote.
battle_id battle_id_of(const crypto::hmac_sha256_key& key, time_point at, std::string_view row) {
  uuid out = hashed(key, {"row", row});
  const uuid first = first_uuid_of(at);
  std::copy_n(first.bytes.begin(), 6, out.bytes.begin());
  set_version(out, 7);
  return battle_id{out};
}

// Cuts at a code point; true if there was something to cut.
bool shorten(std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return false;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  text.resize(bytes);
  return true;
}

bool shorten_code_points(std::string& text, std::size_t most) {
  std::size_t at = 0;
  for (std::size_t n = 0; n < most && at < text.size(); ++n)
    at += std::max<std::size_t>(crypto::decode_utf8(text, at).bytes, 1);
  if (at >= text.size()) return false;
  text.resize(at);
  return true;
}

result<std::vector<std::string>> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      out.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : fs::directory_iterator(path, failed))
      if (entry.path().extension() == ".json") inside.push_back(entry.path().string());
    if (failed) return fail(errc::not_found, path + ": " + failed.message());
    std::sort(inside.begin(), inside.end());
    out.insert(out.end(), inside.begin(), inside.end());
  }
  if (out.empty()) return fail(errc::not_found, "There is no file to import.");
  return out;
}

}  // namespace

std::string_view name_of(row_status s) {
  switch (s) {
    case row_status::imported:
      return "imported";
    case row_status::known:
      return "known";
    case row_status::unjudged:
      return "unjudged";
    case row_status::refused:
      return "refused";
  }
  return "refused";
}

struct import_votes::job {
  import_votes& use;
  import_settings s;
  std::vector<std::string> files{};
  import_report report{};
  import_terms terms{};
  known_import into{};
  feedback::protocol protocol{};
  std::unique_ptr<crypto::hmac_sha256_key> key{};

  struct place {
    const std::string* file;
    std::uint64_t line;
  };
  std::vector<imported_battle> batch{};
  std::vector<place> places{};
  std::size_t bytes = 0;

  using on_record = std::function<std::optional<error>(const std::string& file, record& r)>;

  std::optional<error> each(bool counting, const on_record& call);
  std::optional<error> prepare();
  result<std::set<std::string>> names();
  std::optional<error> begin(const std::set<std::string>& names);
  void take(const std::string& file, record& r);
  std::optional<std::string> add(const std::string& file, std::uint64_t line, imported_vote v,
                                 const nlohmann::json& object);
  std::optional<std::string> add_judgments(imported_vote& v, imported_battle& b);
  void flush();
  void tell(const std::string& file, std::uint64_t line, row_status status, std::string why = {});
};

// Every record of every file. Ends at the first error.
std::optional<error> import_votes::job::each(bool counting, const on_record& call) {
  std::uint64_t rows = 0;
  for (const std::string& file : files) {
    auto reader = open_records(file, s.table);
    if (reader.has_error()) return fail(errc::not_found, file + " " + reader.error().reason + ".");
    record r;
    while ((*reader)->next(r)) {
      if (auto bad = call(file, r)) return bad;
      if (++rows % progress_every == 0 && use.on_progress)
        use.on_progress({file, counting, (*reader)->bytes_read(), (*reader)->bytes_in_all(), rows});
    }
  }
  return std::nullopt;
}

std::optional<error> import_votes::job::prepare() {
  if ((s.publish_votes || s.publish_text) && s.licence.empty())
    return fail(errc::invalid_input,
                "Name the licence under which these votes may be published: --licence.");
  auto found = files_of(s.files);
  if (!found) return found.error();
  files = std::move(*found);
  if (s.source.empty())
    s.source = std::string(to_text(s.format)) + "/" +
               fs::path(s.files.front()).lexically_normal().filename().string();
  if (s.source.size() > 200) return fail(errc::invalid_input, "The source's name is too long.");
  if (s.arena.empty()) s.arena = "imported-" + slug_of(s.source).substr(0, 50);
  if (s.title.empty()) s.title = "Imported: " + s.source.substr(0, 80);
  terms = {
      s.source, std::string(to_text(s.format)), s.licence, s.judges, {"be_counted", "take_part"}};
  if (s.publish_text) terms.purposes.insert(terms.purposes.begin() + 1, "publish_text");
  if (s.publish_votes || s.publish_text)
    terms.purposes.insert(terms.purposes.end() - 1, "publish_votes");
  report.arena = s.arena;
  report.source = s.source;
  return std::nullopt;
}

result<std::set<std::string>> import_votes::job::names() {
  std::set<std::string> out;
  const auto bad = each(true, [&](const std::string&, record& r) -> std::optional<error> {
    if (!r.object) return std::nullopt;
    const parsed_row row = parse(s.format, *r.object);
    const auto* vote = std::get_if<imported_vote>(&row);
    if (vote == nullptr) return std::nullopt;
    out.insert(vote->a.system);
    out.insert(vote->b.system);
    if (out.size() <= most_systems) return std::nullopt;
    return fail(errc::invalid_input, "There are more than " + std::to_string(most_systems) +
                                         " systems: is it the right format?");
  });
  if (bad) return *bad;
  return out;
}

std::optional<error> import_votes::job::begin(const std::set<std::string>& names) {
  found_import found = use.store_.find(s.arena, s.source);
  if (found.use == arena_use::live)
    return fail(errc::conflict, "The arena " + s.arena +
                                    " is one where people vote: imported votes form their own. "
                                    "Name another with --arena.");
  if (found.use == arena_use::imported && found.licence != s.licence)
    return fail(errc::conflict, "The votes of the arena " + s.arena + " are under the licence \"" +
                                    found.licence + "\": name it, or another arena.");
  auto slugs = std::move(found.slugs);
  add_slugs({names.begin(), names.end()}, slugs);
  if (slugs.size() > most_systems) return fail(errc::invalid_input, "There are too many systems.");
  if (slugs.size() < 2) return fail(errc::invalid_input, "There is no vote in it.");
  report.systems = names.size();
  const auto parsed = arena::parse_arena(arena_file(s, s.arena, slugs));
  if (!parsed) {
    error e = parsed.error();
    if (!e.fields.empty()) e.detail += " " + e.fields.front().field + " " + e.fields.front().reason;
    return e;
  }
  if (!s.dry_run) {
    into = use.store_.begin(*parsed, terms);
  } else if (found.source) {
    into = std::move(*found.source);
  } else {
    into.salt.assign(32, '\0');
    into.began_at = use.clock_.now();
  }
  into.slugs = std::move(slugs);
  protocol = parsed->protocol;
  protocol.version = into.protocol_version;
  key = std::make_unique<crypto::hmac_sha256_key>(into.salt);
  return std::nullopt;
}

void import_votes::job::tell(const std::string& file, std::uint64_t line, row_status status,
                             std::string why) {
  ++report.rows;
  switch (status) {
    case row_status::imported:
      ++report.imported;
      break;
    case row_status::known:
      ++report.known;
      break;
    case row_status::unjudged:
      ++report.unjudged;
      break;
    case row_status::refused:
      ++report.refused;
      break;
  }
  if (use.on_row) use.on_row({file, line, status, std::move(why)});
}

std::optional<std::string> import_votes::job::add_judgments(imported_vote& v, imported_battle& b) {
  std::vector<feedback::answer> answers{
      {protocol.vote().id, std::string(ratings::to_text(v.winner))}};
  for (const auto& [question, text] :
       {std::pair{"comment-a", &v.a.comment}, std::pair{"comment-b", &v.b.comment},
        std::pair{"comment", &v.comment}}) {
    if (text->empty()) continue;
    if (shorten_code_points(*text, longest_comment)) ++report.shortened;
    answers.push_back({question, *text});
  }
  feedback::judgment_context context;
  context.arena = into.arena;
  context.battle = b.id;
  context.participant = b.participant;
  context.source = s.judges;
  context.answered_at = b.at;
  auto judged = feedback::judge(protocol, answers, context);
  if (!judged) {
    const auto& fields = judged.error().fields;
    return fields.empty() ? judged.error().detail : "a comment " + fields.front().reason;
  }
  b.judgments = std::move(*judged);
  return std::nullopt;
}

// Puts a row into the batch, or says why not.
std::optional<std::string> import_votes::job::add(const std::string& file, std::uint64_t line,
                                                  imported_vote v, const nlohmann::json& object) {
  imported_battle b;
  b.at = v.at.value_or(into.began_at);
  if (b.at > use.clock_.now() + 24h) return "is dated in the future";
  if (b.at < earliest_vote) return "is dated before 2015";
  if (v.key.empty())
    v.key = spelled_parts({"line", fs::path(file).filename().string(), std::to_string(line),
                           crypto::bytes_of(crypto::sha256(object.dump()))});
  b.id = battle_id_of(*key, b.at, v.key);
  b.participant = participant_id{v.judge.empty() ? hashed(*key, {"nobody", v.key})
                                                 : hashed(*key, {"judge", v.judge})};
  if (shorten(v.prompt, longest_prompt)) ++report.shortened;
  b.prompt = std::move(v.prompt);
  b.recorded_prompt = v.recorded_prompt;
  b.language = v.language;
  b.request = routing::to_json(v.request);
  b.sampling = std::move(crypto::canonical_object()
                             .text("format", terms.format)
                             .number("row", static_cast<double>(line))
                             .text("source", terms.source))
                   .finish();
  int slot = 0;
  for (imported_side* side : {&v.a, &v.b}) {
    if (!s.dry_run) b.systems[slot] = into.systems.at(into.slugs.at(side->system));
    b.generation_seconds[slot] = side->generation_seconds;
    b.heard_seconds[slot] = side->heard_seconds;
    if (side->answers.size() > most_turns) {
      side->answers.resize(most_turns);
      ++report.shortened;
    }
    for (std::size_t turn = 0; turn < side->answers.size(); ++turn) {
      imported_output o;
      o.slot = slot;
      o.turn = static_cast<int>(turn);
      o.id = output_id{hashed(*key, {"output", v.key, std::to_string(slot), std::to_string(turn)})};
      o.text = std::move(side->answers[turn]);
      o.cut_off = shorten(o.text, longest_answer);
      if (o.cut_off) ++report.shortened;
      bytes += o.text.size();
      b.outputs.push_back(std::move(o));
    }
    ++slot;
  }
  if (auto why = add_judgments(v, b)) return why;
  bytes += b.prompt.size() + b.request.size();
  for (const feedback::judgment& j : b.judgments) bytes += j.body.size();
  batch.push_back(std::move(b));
  return std::nullopt;
}

void import_votes::job::take(const std::string& file, record& r) {
  if (!r.object) return tell(file, r.line, row_status::refused, r.error);
  parsed_row row = parse(s.format, *r.object);
  if (std::holds_alternative<unjudged>(row)) return tell(file, r.line, row_status::unjudged);
  if (auto* why = std::get_if<refused>(&row))
    return tell(file, r.line, row_status::refused, std::move(why->reason));
  if (auto why = add(file, r.line, std::move(std::get<imported_vote>(row)), *r.object))
    return tell(file, r.line, row_status::refused, std::move(*why));
  places.push_back({&file, r.line});
  if (batch.size() >= batch_rows || bytes >= batch_bytes) flush();
}

void import_votes::job::flush() {
  if (batch.empty()) return;
  std::vector<bool> fresh;
  if (s.dry_run) {
    std::vector<battle_id> ids;
    for (const imported_battle& b : batch) ids.push_back(b.id);
    fresh = use.store_.look(ids);
  } else {
    fresh = use.store_.write(into, terms, batch);
  }
  for (std::size_t i = 0; i < batch.size(); ++i)
    tell(*places[i].file, places[i].line, fresh[i] ? row_status::imported : row_status::known);
  batch.clear();
  places.clear();
  bytes = 0;
}

result<import_report> import_votes::run(import_settings settings) {
  job work{*this, std::move(settings)};
  if (auto bad = work.prepare()) return *bad;
  const auto names = work.names();
  if (!names) return names.error();
  if (auto bad = work.begin(*names)) return *bad;
  const auto bad =
      work.each(false, [&](const std::string& file, record& r) -> std::optional<error> {
        // The file has changed since its names were read.
        try {
          work.take(file, r);
        } catch (const std::out_of_range&) {
          return fail(errc::conflict, file + " changes while it is read.");
        }
        return std::nullopt;
      });
  if (bad) return *bad;
  work.flush();
  return work.report;
}

}  // namespace agon::imports
