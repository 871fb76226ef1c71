#include "services/releases/build_release.hpp"

#include <algorithm>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/release/builder.hpp"
#include "services/arena/arena.hpp"
#include "services/core/version.hpp"
#include "services/releases/release_rows.hpp"

namespace agon::releases {
namespace {

namespace fs = std::filesystem;
bool is_partition_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '-' && name.front() != '_' &&
         std::all_of(name.begin(), name.end(), allowed) && name != "drafts";
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

error refused(const release::release_error& e) {
  return fail(errc::internal, "The release was refused: " + e.describe());
}

// The frozen policy of a partition as it was stored at its first build.
release::release_policy policy_of(const partition& p) {
  return release::policy_from_json(p.policy);
}

}  // namespace

fs::path build_release::draft(const std::string& arena, const std::string& partition) const {
  return root_ / arena / "drafts" / partition;
}

result<built_partition> build_release::build(const std::string& arena_slug, std::string name,
                                             const std::function<void(std::int64_t)>& progress) {
  const auto arena = store_.find_arena(arena_slug);
  if (!arena) return fail(errc::not_found, "There is no arena \"" + arena_slug + "\".");
  const auto definition = arena::parse_arena(arena->source);
  if (!definition) return definition.error();
  if (!store_.lock()) return fail(errc::conflict, "Another release is running. Wait for its end.");

  const std::string today = to_rfc3339(clock_.now()).substr(0, 10);
  auto open = store_.open_partition(arena->id);
  if (name.empty()) name = open ? open->name : today;
  if (!is_partition_name(name))
    return fail(errc::invalid_input,
                "A partition's name is made of a-z, 0-9, - and _, as in 2026-11.");
  if (open && open->name != name)
    return fail(errc::conflict,
                "The partition " + open->name + " is open. Seal it before another one is begun.");
  if (!open) {
    if (store_.find(arena->id, name))
      return fail(errc::conflict, "The partition " + name +
                                      " is sealed for good. Choose another name with --partition.");
    release::release_policy policy;
    policy.cool_off_hours = definition->release.cool_off_hours;
    policy.consent_purposes = {"publish_votes", "publish_text"};
    policy.k = definition->release.k;
    policy.language = release::language_detail_from(definition->release.language).value();
    for (const partition& earlier : store_.list(arena->id))
      if (earlier.sealed && !release::recode_alike(policy_of(earlier), policy))
        return fail(errc::conflict,
                    "The arena file asks for another k or detail of languages than the sealed "
                    "partition " +
                        earlier.name +
                        " was made under. Laid over each other, the two "
                        "would tell apart what each had merged: set release.k and release.language "
                        "back, or open a new arena.");
    open = store_.open(arena->id, name, random_.bytes(32), release::to_json(policy), today,
                       clock_.now() - std::chrono::hours(policy.cool_off_hours));
  }

  release::release_options options{
      .arena = arena->slug,
      .arena_title = definition->title,
      .partition = name,
      .created_day = open->created_day,
      .code_version = std::string(version()) + " (" + std::string(revision()) + ")",
      .license = lower(definition->release.licence),
      .policy = policy_of(*open),
      .key = release::partition_key::from_bytes(open->key)};
  const fs::path target = draft(arena->slug, name);
  std::error_code ignored;
  fs::remove_all(target, ignored);
  fs::create_directories(target.parent_path());
  auto started = release::release_builder::start(target, std::move(options), random_);
  if (!started) return refused(started.error());
  release::release_builder& builder = **started;

  std::optional<error> failure;
  std::int64_t battles = 0;
  store_.read(*open, [&](const released_battle& b) {
    if (failure || !b.publish) return;
    if (auto bad = add_battle(builder, *arena, b, definition->release.release_outputs))
      failure = refused(*bad);
    if (++battles % 1000 == 0) progress(battles);
  });
  if (failure) return *failure;
  if (battles == 0) {
    // Or it would stay open over a range without votes.
    store_.discard(*open);
    const int hours = policy_of(*open).cool_off_hours;
    return fail(errc::not_found,
                "There is no new vote to release: only votes whose participants agreed to their "
                "publication are" +
                    (hours > 0 ? ", " + std::to_string(hours) + " hours after they were cast"
                               : std::string()) +
                    ". Nothing was written.");
  }
  progress(battles);
  auto finished = builder.finish();
  if (!finished) return refused(finished.error());

  open->votes = battles;
  open->bytes = static_cast<std::int64_t>(finished->bytes);
  return built_partition{name, target, battles, open->bytes, false};
}

result<built_partition> build_release::seal(const std::string& arena_slug) {
  const auto arena = store_.find_arena(arena_slug);
  if (!arena) return fail(errc::not_found, "There is no arena \"" + arena_slug + "\".");
  if (!store_.lock()) return fail(errc::conflict, "Another release is running. Wait for its end.");
  auto open = store_.open_partition(arena->id);
  if (!open)
    return fail(errc::not_found, "No partition is open. Build one first: agon release build.");

  const fs::path from = draft(arena->slug, open->name);
  const fs::path to = root_ / arena->slug / open->name;
  if (!fs::exists(to)) {  // else an earlier sealing was interrupted after this
    if (!fs::exists(from))
      return fail(errc::not_found, "The draft of partition " + open->name +
                                       " is gone. Build it again: agon release build.");
    fs::rename(from, to);
  }
  const sealed_files files = read_manifest(to);
  open->votes = files.votes;
  open->bytes = files.bytes;
  open->manifest_sha256 = files.manifest_sha256;
  open->files = files.list;
  open->sealed_at = clock_.now();
  store_.seal(*open);
  return built_partition{open->name, to, open->votes, open->bytes, true};
}

}  // namespace agon::releases
