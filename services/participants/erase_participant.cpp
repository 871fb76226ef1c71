#include "services/participants/erase_participant.hpp"

#include "services/core/log.hpp"

namespace agon::participants {
namespace {

constexpr int files_per_call = 500;
constexpr int erasures_per_step = 5;
// In one call; the rest is removed by the steps.
constexpr int most_files = 20'000;

}  // namespace

std::string_view name_of(actor a) {
  return a == actor::participant ? "participant" : "operator";
}

void erased_rows::add(const erased_rows& more) {
  battles += more.battles;
  votes += more.votes;
  judgments += more.judgments;
  outputs += more.outputs;
  exposures += more.exposures;
}

// What cannot be removed stays noted, and is tried again by the next step.
awaitable<result<std::int64_t>> erase_participant::remove_noted(int most) {
  std::int64_t gone = 0;
  while (gone < most) {
    auto names = co_await store_.files_to_remove(files_per_call);
    if (!names) co_return names.error();
    const std::size_t noted_now = names->size();
    if (noted_now == 0) break;
    std::vector<std::string> removed = co_await remove_(std::move(*names));
    const std::size_t count = removed.size();
    if (count < noted_now) log::error("media_not_removed", {{"files", noted_now - count}});
    if (count == 0) break;
    const bool all = noted_now < files_per_call;
    const auto noted = co_await store_.files_removed(std::move(removed));
    if (!noted) co_return noted.error();
    gone += static_cast<std::int64_t>(count);
    if (all) break;
  }
  co_return gone;
}

awaitable<result<erasure_report>> erase_participant::run(participant_id p, actor by, int most) {
  const auto begun = co_await store_.begin_erasure(p, by);
  if (!begun) co_return begun.error();
  if (!*begun) co_return fail(errc::not_found, "Nothing is held about this participant.");
  erasure_report report;
  report.complete = false;
  for (int battles = 0; battles < most; battles += batch) {
    const auto erased = co_await store_.erase_some(p, batch);
    if (!erased) co_return erased.error();
    report.rows.add(*erased);
    if (erased->battles < batch) {
      report.complete = true;
      break;
    }
  }
  const auto files = co_await remove_noted(most_files);
  if (!files) co_return files.error();
  report.files = *files;
  co_return report;
}

awaitable<result<erase_participant::step_report>> erase_participant::step() {
  step_report report;
  const auto due = co_await store_.due(clock_.now() - last_step_after, erasures_per_step);
  if (!due) co_return due.error();
  for (const participant_id p : due->unfinished) {
    const auto erased = co_await store_.erase_some(p, batch);
    if (!erased) co_return erased.error();
    report.more = true;
  }
  for (const participant_id p : due->to_end) {
    const auto ended = co_await store_.end_erasure(p);
    if (!ended) co_return ended.error();
    ++report.finished;
  }
  report.more = report.more || due->to_end.size() == erasures_per_step;
  const auto files = co_await remove_noted(files_per_call);
  if (!files) co_return files.error();
  report.files = *files;
  report.more = report.more || *files >= files_per_call;
  co_return report;
}

}  // namespace agon::participants
