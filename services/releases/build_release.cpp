#include "services/releases/build_release.hpp"

#include <algorithm>
#include <cmath>

#include "privacy/release/builder.hpp"
#include "services/releases/policy_of.hpp"
#include "services/releases/release_rows.hpp"
#include "services/releases/source_columns.hpp"

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

error nothing_to_release(const release::release_policy& policy) {
  const int hours = policy.cool_off_hours;
  return fail(errc::not_found,
              "There is no new vote to release: only votes whose participants agreed to their "
              "publication are" +
                  (hours > 0 ? ", " + std::to_string(hours) + " hours after they were cast"
                             : std::string()) +
                  ". Nothing was written.");
}

}  // namespace

fs::path build_release::draft(const std::string& arena, const std::string& partition) const {
  return settings_.root / arena / "drafts" / partition;
}

// Finds the arena and takes the lock; what an earlier, killed run has left is removed.
result<release_store::arena_row> build_release::begin(const std::string& slug) {
  const auto arena = store_.find_arena(slug);
  if (!arena) return fail(errc::not_found, "There is no arena \"" + slug + "\".");
  if (!store_.lock()) return fail(errc::conflict, "Another release is running. Wait for its end.");
  sweep(*arena);
  return *arena;
}

result<build_release::opened> build_release::open(const release_store::arena_row& arena,
                                                  const build_request& wanted) {
  const std::string today = to_rfc3339(clock_.now()).substr(0, 10);
  auto there = store_.open_partition(arena.id);
  std::string name = wanted.partition;
  if (name.empty()) name = there ? there->name : today;
  if (!is_partition_name(name))
    return fail(errc::invalid_input,
                "A partition's name is made of a-z, 0-9, - and _, as in 2026-11.");
  if (there && there->name != name)
    return fail(errc::conflict,
                "The partition " + there->name + " is open. Seal it before another one is begun.");
  if (there) return opened{*there, false};
  if (store_.find(arena.id, name))
    return fail(errc::conflict, "The partition " + name +
                                    " is sealed for good. Choose another name with --partition.");
  const auto definition = arena::parse_arena(arena.source);
  if (!definition) return definition.error();
  const release::release_policy policy = policy_of(definition->release);
  for (const partition& earlier : store_.list(arena.id))
    if (!release::recode_alike(policy_of(earlier), policy))
      return fail(errc::conflict,
                  "The arena file asks for another k or detail of languages than the sealed "
                  "partition " +
                      earlier.name +
                      " was made under. Laid over each other, the two "
                      "would tell apart what each had merged: set release.k and release.language "
                      "back, or open a new arena.");
  const time_point latest = clock_.now() - std::chrono::hours(policy.cool_off_hours);
  const time_point cast_before = std::min(wanted.cast_before.value_or(latest), latest);
  return opened{
      store_.open(arena.id, name, random_.bytes(32), release::to_json(policy), today, cast_before),
      true};
}

// Pays for the partition's counts, once; why it cannot, or "".
std::string build_release::pay(int arena, const partition& p, const release::release_policy& policy,
                               double rho_per_year) {
  constexpr double billion = 1e9;
  const std::string period = p.created_day.substr(0, 4);
  ledger_.open(arena, period, std::llround(rho_per_year * billion));
  // With the amount in it: another policy for a partition of the same name is another purpose.
  const std::string purpose = "counts of " + p.name + ", " + std::to_string(policy.counts_rho);
  if (ledger_.spend(arena, period, purpose, policy.counts_rho) != spending::refused) return "";
  return "The arena's budget of differential privacy for " + period + " does not pay for them.";
}

result<built_partition> build_release::build(const build_request& wanted) {
  const auto arena = begin(wanted.arena);
  if (!arena) return arena.error();
  const auto definition = arena::parse_arena(arena->source);
  if (!definition) return definition.error();
  if (const auto column = undecided_column(store_.source_columns()))
    return fail(errc::internal, "The release was refused: nobody has decided whether the column " +
                                    *column +
                                    " is published (services/releases/source_columns.cpp).");
  auto there = open(*arena, wanted);
  if (!there) return there.error();
  partition& p = there->p;
  const release::release_policy policy = policy_of(p);

  release::release_options options = options_of(*arena, *definition, p, settings_.url);
  options.dry_run = wanted.dry_run;
  if (policy.counts_rho > 0 && !wanted.dry_run)
    options.counts = counts_of(*arena, *definition, p, store_.list(arena->id));
  options.no_counts = wanted.dry_run && policy.counts_rho > 0
                          ? "They are paid for and drawn when the partition is built."
                          : "The arena's policy asks for none.";
  const fs::path target = draft(arena->slug, p.name);
  if (!wanted.dry_run) {
    std::error_code ignored;
    fs::remove_all(target, ignored);
  }
  fs::create_directories(target.parent_path());
  const fs::path made = wanted.dry_run ? target.parent_path() / (p.name + ".dry") : target;
  auto started = release::release_builder::start(made, std::move(options), random_);
  if (!started) return refused(started.error());
  release::release_builder& builder = **started;

  std::optional<error> failure;
  std::int64_t battles = 0, votes = 0;
  store_.read(p, [&](const released_battle& b) {
    if (failure) return;
    if (auto bad = add_battle(builder, *arena, b, definition->release.release_outputs))
      failure = refused(*bad);
    if (b.publish) ++votes;
    if (++battles % 1000 == 0) wanted.progress(battles);
  });
  if (!failure && votes == 0) failure = nothing_to_release(policy);
  // Or it would stay open over a range without votes; and a dry run leaves nothing.
  if (there->is_new && (wanted.dry_run || votes == 0)) store_.discard(p);
  if (failure) return *failure;
  wanted.progress(battles);
  if (policy.counts_rho > 0 && !wanted.dry_run)
    if (std::string unpaid = pay(arena->id, p, policy, definition->release.rho_per_year);
        !unpaid.empty())
      builder.leave_out_counts(std::move(unpaid));
  auto finished = builder.finish();
  if (!finished) return refused(finished.error());
  return built_partition{p.name, made,
                         votes,  static_cast<std::int64_t>(finished->bytes),
                         0,      std::move(finished->report)};
}

}  // namespace agon::releases
