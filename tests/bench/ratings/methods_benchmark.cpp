// How long the methods beyond plain Bradley–Terry take, from tallies and logs that were
// kept; how the time grows with votes and with systems.
#include <benchmark/benchmark.h>

#include <cmath>

#include "ratings/bootstrap.hpp"
#include "ratings/methods.hpp"
#include "ratings/random.hpp"
#include "ratings/robustness.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings {
namespace {

const tally& real_votes() {
  static const tally t = testing::read_chatbot_arena();
  return t;
}

bool skipped_without_data(benchmark::State& state) {
  if (std::filesystem::exists(testing::shared_data("votes/chatbotarena_20240814.json")))
    return false;
  state.SkipWithError("chatbotarena_20240814.json is absent; set AGON_SHARED_DATA");
  return true;
}

// Votes on random pairs, with ties and both_bad, 4 features where asked for.
vote_log log_of(std::size_t systems, std::size_t votes, bool with_features = false) {
  vote_log log(with_features ? std::vector<std::string>{"tokens", "headers", "lists", "bold"}
                             : std::vector<std::string>{});
  for (std::size_t i = 0; i < systems; ++i) log.add_system("system " + std::to_string(i));
  log.reserve(votes);
  seeded_random random(2);
  for (std::size_t v = 0; v < votes; ++v) {
    const auto a = static_cast<system_index>(random.below(systems));
    const auto b = static_cast<system_index>((a + 1 + random.below(systems - 1)) % systems);
    double z =
        3.0 * (static_cast<double>(a) - static_cast<double>(b)) / static_cast<double>(systems);
    std::array<float, 4> x{};
    for (float& f : x) f = static_cast<float>(2 * random.unit() - 1);
    if (with_features) z += 0.1 + 0.3 * static_cast<double>(x[0]) - 0.2 * static_cast<double>(x[2]);
    const double u = random.unit();
    const outcome o = u < 0.15                               ? outcome::tie
                      : u < 0.25                             ? outcome::both_bad
                      : u < 0.25 + 0.75 / (1 + std::exp(-z)) ? outcome::a
                                                             : outcome::b;
    log.add({.a = a,
             .b = b,
             .result = o,
             .participant = static_cast<std::uint32_t>(v / 20),
             .features = with_features ? std::span<const float>(x) : std::span<const float>{}});
  }
  return log;
}

const vote_log& five_million() {
  static const vote_log log = log_of(300, 5'000'000);
  return log;
}

// Google Benchmark counts by a variable that nobody reads.
// NOLINTBEGIN(clang-analyzer-deadcode.DeadStores)
void real_tally_to_board(benchmark::State& state) {
  if (skipped_without_data(state)) return;
  const pairwise_settings settings{.method = static_cast<method>(state.range(0))};
  state.SetLabel(std::string(to_text(settings.method)));
  for (auto _ : state) benchmark::DoNotOptimize(make_board(real_votes(), settings));
}

void real_bootstrap_of_100(benchmark::State& state) {
  if (skipped_without_data(state)) return;
  pairwise_settings settings{.bootstrap = {.rounds = 100, .converge = state.range(0) != 0}};
  const auto fit = fit_pairwise(real_votes(), settings);
  for (auto _ : state) benchmark::DoNotOptimize(bootstrap(fit, settings));
}

void five_million_of_300_bootstrap_of_100(benchmark::State& state) {
  const pairwise_settings settings{.bootstrap = {.rounds = 100}};
  const auto fit = fit_pairwise(count(five_million(), 0), settings);
  for (auto _ : state) benchmark::DoNotOptimize(bootstrap(fit, settings));
}

void five_million_of_300_bootstrap_by_participant_of_100(benchmark::State& state) {
  const pairwise_settings settings{
      .bootstrap = {.rounds = 100, .unit = resampling_unit::participant}};
  const auto fit = fit_pairwise(count(five_million(), 0), settings);
  for (auto _ : state) benchmark::DoNotOptimize(bootstrap(five_million(), {}, fit, settings));
}

void five_million_of_300_to_board(benchmark::State& state) {
  const vote_log& log = five_million();
  for (auto _ : state)
    benchmark::DoNotOptimize(
        make_board(count(log, static_cast<unsigned>(state.range(0))), pairwise_settings{}));
  state.counters["log_MB"] = static_cast<double>(log.bytes()) / 1e6;
}

void real_robustness(benchmark::State& state) {
  if (skipped_without_data(state)) return;
  const auto fit = fit_pairwise(real_votes());
  for (auto _ : state)
    benchmark::DoNotOptimize(robustness(real_votes(), fit, {}, state.range(0) != 0));
}

void million_of_100_contextual_with_4_features(benchmark::State& state) {
  static const vote_log log = log_of(100, 1'000'000, true);
  for (auto _ : state)
    benchmark::DoNotOptimize(fit_contextual(log, {}, {}, static_cast<unsigned>(state.range(0))));
}

// The same 100 systems, ten times the votes at each step: the time must stay.
void tally_of_100_by_votes(benchmark::State& state) {
  const tally t = count(log_of(100, static_cast<std::size_t>(state.range(0))), 0);
  for (auto _ : state) benchmark::DoNotOptimize(make_board(t, pairwise_settings{}));
}

void scores_alone_of_5000_systems(benchmark::State& state) {
  const tally t = count(log_of(5000, static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(bradley_terry_scores(t));
}
// NOLINTEND(clang-analyzer-deadcode.DeadStores)

BENCHMARK(real_tally_to_board)
    ->Arg(static_cast<int>(method::bradley_terry))
    ->Arg(static_cast<int>(method::davidson))
    ->Arg(static_cast<int>(method::rao_kupper))
    ->Arg(static_cast<int>(method::grounded_rao_kupper))
    ->Unit(benchmark::kMillisecond);
BENCHMARK(real_bootstrap_of_100)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(five_million_of_300_bootstrap_of_100)->Unit(benchmark::kMillisecond);
BENCHMARK(five_million_of_300_bootstrap_by_participant_of_100)->Unit(benchmark::kMillisecond);
BENCHMARK(five_million_of_300_to_board)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(real_robustness)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(million_of_100_contextual_with_4_features)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(tally_of_100_by_votes)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(scores_alone_of_5000_systems)->Arg(5'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace agon::ratings
