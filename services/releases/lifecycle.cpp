// What becomes of a built partition: sealed, revised, retracted.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "privacy/release/builder.hpp"
#include "privacy/release/signature.hpp"
#include "privacy/release/verify.hpp"
#include "services/releases/build_release.hpp"
#include "services/releases/policy_of.hpp"
#include "services/releases/release_rows.hpp"
#include "services/releases/release_schedule.hpp"

namespace agon::releases {
namespace {

namespace folders = std::filesystem;

constexpr std::size_t key_size = 32;

std::string text_of_file(const folders::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return std::move(out).str();
}

void take_files(partition& p, const folders::path& folder) {
  const sealed_files files = read_manifest(folder);
  p.votes = files.votes;
  p.bytes = files.bytes;
  p.manifest_sha256 = files.manifest_sha256;
  p.files = files.list;
}

void write_tombstone(const folders::path& folder, const partition& p, const std::string& day) {
  folders::create_directories(folder);
  std::ofstream(folder / "TOMBSTONE", std::ios::binary)
      << "The partition " << p.name << " was retracted on " << day << ".\nReason: " << p.retraction
      << "\nDelete your copies of it.\n";
}

bool is_one_sentence(const std::string& s) {
  constexpr std::size_t longest = 500;
  return !s.empty() && s.size() <= longest && std::none_of(s.begin(), s.end(), [](char c) {
    return static_cast<unsigned char>(c) < 32;
  });
}

}  // namespace

// With the lock held, nobody else builds: what is half built was left by a run that was killed,
// and what is of no revision in force was left by one that was killed after switching.
void build_release::sweep(const release_store::arena_row& arena) {
  const folders::path root = settings_.root / arena.slug;
  std::vector<std::string> in_force;
  for (const partition& p : store_.list(arena.id)) in_force.push_back(p.folder_name());
  std::error_code ignored;
  std::vector<folders::path> left;
  for (const folders::path& folder : {root, root / "drafts"})
    for (const auto& entry : folders::directory_iterator(folder, ignored)) {
      const std::string name = entry.path().filename().string();
      const bool half_built = name.starts_with(".") && name.find(".building-") != std::string::npos;
      const bool old_revision = folder == root && name.find(".r") != std::string::npos &&
                                std::find(in_force.begin(), in_force.end(), name) == in_force.end();
      if (half_built || old_revision) left.push_back(entry.path());
    }
  for (const folders::path& path : left) folders::remove_all(path, ignored);
}

result<void> build_release::sign(const folders::path& folder, std::string& public_key) {
  public_key.clear();
  if (settings_.key_file.empty()) return {};
  const auto key = crypto::minisign_secret_key::parse(text_of_file(settings_.key_file));
  if (!key)
    return fail(errc::invalid_input, settings_.key_file.string() +
                                         " is not a secret key without a password. Make one: agon "
                                         "release keygen.");
  if (auto done = release::sign_release(folder, *key); !done) return refused(done.error());
  public_key = key->public_key().line();
  return {};
}

result<void> build_release::verify(const folders::path& folder, const std::string& public_key,
                                   const folders::path& other) const {
  release::verify_against against{public_key, {}};
  if (!other.empty() && folders::exists(other / "manifest.json")) against.other = other;
  for (const release::check& c : release::verify(folder, {}, against).checks)
    if (!c.passed)
      return fail(errc::internal, "The release was refused: " + c.name + ": " + c.sentence);
  return {};
}

result<built_partition> build_release::seal(const std::string& slug, bool built_now) {
  const auto arena = begin(slug);
  if (!arena) return arena.error();
  auto open = store_.open_partition(arena->id);
  if (!open)
    return fail(errc::not_found, "No partition is open. Build one first: agon release build.");

  const folders::path home = settings_.root / arena->slug;
  const folders::path from = draft(arena->slug, open->name);
  const folders::path to = home / open->name;
  const bool interrupted = folders::exists(to);  // an earlier sealing, after the move
  if (!interrupted && !folders::exists(from))
    return fail(errc::not_found, "The draft of partition " + open->name +
                                     " is gone. Build it again: agon release build.");
  if (!interrupted && !built_now)
    if (const auto again = build({.arena = slug, .partition = open->name, .cast_before = {}});
        !again)
      return again.error();
  const folders::path here = interrupted ? to : from;
  if (auto done = sign(here, open->public_key); !done) return done.error();
  folders::path before;  // the partition that was sealed last
  for (const partition& p : store_.list(arena->id))
    if (p.state == partition_state::sealed) before = home / p.folder_name();
  if (auto done = verify(here, open->public_key, before); !done) return done.error();
  const release_census census = store_.census(*open);
  take_files(*open, here);
  open->people = census.people;
  open->people_text = census.people_text;
  if (!interrupted) folders::rename(from, to);
  store_.seal(*open);
  return built_partition{open->name, to, open->votes, open->bytes, 0, ""};
}

result<built_partition> build_release::revise(const std::string& slug, const std::string& name,
                                              bool at_once) {
  const auto arena = begin(slug);
  if (!arena) return arena.error();
  const auto definition = arena::parse_arena(arena->source);
  if (!definition) return definition.error();
  auto p = store_.find(arena->id, name);
  if (!p || p->state != partition_state::sealed)
    return fail(errc::not_found, "There is no sealed partition " + name + ".");
  const release_census now = store_.census(*p);
  // Who withdrew votes withdrew texts, too: the greater number counts nobody twice.
  const std::int64_t waiting = std::max(p->people - now.people, p->people_text - now.people_text);
  if (waiting <= 0)
    return fail(errc::not_found, "Nobody has withdrawn anything from " + name + " since.");
  if (!at_once && waiting < definition->release.withdrawals)
    return fail(
        errc::conflict,
        "Fewer people than " + std::to_string(definition->release.withdrawals) +
            " wait for a revision of " + name +
            ": what is missing from it would point at them. With --now it is made at once.");

  const folders::path home = settings_.root / arena->slug;
  const folders::path old = home / p->folder_name();
  const std::int64_t old_votes = p->votes;
  ++p->revision;
  p->folder = name + ".r" + std::to_string(p->revision);
  p->key = random_.bytes(key_size);  // in memory alone
  p->created_day = to_rfc3339(clock_.now()).substr(0, 10);
  release::release_options options = options_of(*arena, *definition, *p, settings_.url);
  options.revision_of = old;
  options.note = waiting >= definition->release.withdrawals
                     ? "At least " + std::to_string(definition->release.withdrawals) +
                           " people had withdrawn votes or texts."
                     : "Votes or texts were withdrawn.";
  const folders::path target = home / p->folder;
  auto started = release::release_builder::start(target, std::move(options), random_);
  if (!started) return refused(started.error());
  std::optional<error> failure;
  store_.read(*p, [&](const released_battle& b) {
    if (failure) return;
    if (auto bad = add_battle(**started, *arena, b, definition->release.release_outputs))
      failure = refused(*bad);
  });
  if (failure) return *failure;
  auto finished = (*started)->finish();
  if (!finished) return refused(finished.error());
  std::string public_key;
  if (auto done = sign(target, public_key); !done) return done.error();
  if (auto done = verify(target, public_key, old); !done) return done.error();
  take_files(*p, target);
  if (p->votes > old_votes)
    return fail(errc::internal,
                "The release was refused: a revision holds more votes than before.");
  p->public_key = public_key;
  p->people = now.people;
  p->people_text = now.people_text;
  store_.revise(*p);  // from here on the new one is served
  std::error_code ignored;
  folders::remove_all(old, ignored);  // or by the next sweep
  return built_partition{name, target, p->votes, p->bytes, p->revision, finished->report};
}

result<void> build_release::retract(const std::string& slug, const std::string& name,
                                    const std::string& reason) {
  const auto arena = begin(slug);
  if (!arena) return arena.error();
  if (!is_one_sentence(reason))
    return fail(errc::invalid_input, "Give the reason in one sentence: --reason \"…\".");
  auto p = store_.find(arena->id, name);
  if (!p || p->state != partition_state::sealed)
    return fail(errc::not_found, "There is no sealed partition " + name + ".");
  p->retraction = reason;
  store_.retract(*p);  // from here on nothing of it is served
  const folders::path home = settings_.root / arena->slug;
  folders::remove_all(home / p->folder_name());
  write_tombstone(home / name, *p, to_rfc3339(clock_.now()).substr(0, 10));
  return {};
}

result<std::vector<std::string>> build_release::keep_schedule(const std::string& slug) {
  const auto arena = begin(slug);
  if (!arena) return arena.error();
  const auto definition = arena::parse_arena(arena->source);
  if (!definition) return definition.error();
  std::vector<std::string> done;
  const auto due = newest_due(definition->release.schedule, clock_.now(),
                              std::chrono::hours(definition->release.cool_off_hours));
  const auto known = due ? store_.find(arena->id, due->name) : std::nullopt;
  if (due && (!known || known->state == partition_state::open)) {
    const auto built =
        build({.arena = slug, .partition = due->name, .cast_before = due->cast_before});
    if (!built && built.error().code != errc::not_found) return built.error();
    if (built) {
      const auto sealed = seal(slug, true);
      if (!sealed) return sealed.error();
      done.push_back("sealed " + sealed->name + ": " + std::to_string(sealed->votes) + " votes");
    }
  }
  // Nobody is shown a draft, but what was withdrawn is not to wait on the disk for its sealing.
  if (const auto open = store_.open_partition(arena->id)) {
    const folders::path folder = draft(arena->slug, open->name);
    if (folders::exists(folder / "manifest.json") &&
        read_manifest(folder).votes > store_.census(*open).votes) {
      folders::remove_all(folder);
      const auto again = build({.arena = slug, .partition = open->name, .cast_before = {}});
      if (again)
        done.push_back("built the draft of " + open->name +
                       " again: " + std::to_string(again->votes) + " votes are left");
      else if (again.error().code != errc::not_found)
        return again.error();
    }
  }
  for (const partition& p : store_.list(arena->id)) {
    if (p.state != partition_state::sealed) continue;
    const auto revised = revise(slug, p.name, false);
    if (revised)
      done.push_back("revised " + p.name + ": " + std::to_string(revised->votes) +
                     " votes are left");
    else if (revised.error().code != errc::not_found && revised.error().code != errc::conflict)
      return revised.error();
  }
  return done;
}

}  // namespace agon::releases
