// How long a board takes: from votes given as indices, and from tallies that were kept.
// The real votes are those of chatbotarena_20240814.json, shuffled; without that file its
// benchmarks are skipped.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "ratings/board.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings {
namespace {

struct id_vote {
  system_index a;
  system_index b;
  outcome result;
};

std::vector<id_vote> expanded(const tally& t) {
  std::mt19937_64 random(1);
  std::vector<id_vote> out;
  for (system_index b = 1; b < t.systems().size(); ++b)
    for (system_index a = 0; a < b; ++a)
      for (std::size_t o = 0; o < outcome_count; ++o)
        for (std::uint64_t n = 0; n < t.pair(a, b)[o]; ++n) {
          const auto result = static_cast<outcome>(o);
          out.push_back(random() % 2 == 0 ? id_vote{a, b, result}
                                          : id_vote{b, a, mirrored(result)});
        }
  std::shuffle(out.begin(), out.end(), random);
  return out;
}

tally without_votes(const tally& t) {
  tally out;
  for (system_index i = 0; i < t.systems().size(); ++i) out.add_system(t.systems().name(i));
  return out;
}

// 300 systems, all pairs alike.
tally synthetic(std::uint64_t votes) {
  constexpr system_index systems = 300;
  std::mt19937_64 random(2);
  tally t;
  for (system_index i = 0; i < systems; ++i) t.add_system("system " + std::to_string(i));
  for (std::uint64_t v = 0; v < votes; ++v) {
    const auto a = static_cast<system_index>(random() % systems);
    const auto b = static_cast<system_index>((a + 1 + random() % (systems - 1)) % systems);
    const double z = 0.01 * (static_cast<double>(a) - static_cast<double>(b));
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    t.add(a, b,
          u < 0.2                              ? outcome::tie
          : u < 0.2 + 0.8 / (1 + std::exp(-z)) ? outcome::a
                                               : outcome::b);
  }
  return t;
}

const tally& real() {
  static const tally t = testing::read_chatbot_arena();
  return t;
}
const tally& large() {
  static const tally t = synthetic(5'000'000);
  return t;
}

bool absent(benchmark::State& state) {
  if (std::filesystem::exists(testing::shared_data("votes/chatbotarena_20240814.json")))
    return false;
  state.SkipWithError("chatbotarena_20240814.json is absent; set AGON_SHARED_DATA");
  return true;
}

// Google Benchmark counts by a variable that nobody reads.
// NOLINTBEGIN(clang-analyzer-deadcode.DeadStores)
void from_ids(benchmark::State& state, const tally& t) {
  const auto votes = expanded(t);
  const tally empty = without_votes(t);
  for (auto _ : state) {
    tally counts = empty;
    for (const id_vote& v : votes) counts.add(v.a, v.b, v.result);
    benchmark::DoNotOptimize(make_bradley_terry_board(counts));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(votes.size()));
}

void real_ids_to_board(benchmark::State& state) {
  if (!absent(state)) from_ids(state, real());
}
void real_tally_to_board(benchmark::State& state) {
  if (absent(state)) return;
  for (auto _ : state) benchmark::DoNotOptimize(make_bradley_terry_board(real()));
}
void real_tally_to_fit(benchmark::State& state) {
  if (absent(state)) return;
  for (auto _ : state) benchmark::DoNotOptimize(fit_bradley_terry(real()));
}
void real_tally_to_hash(benchmark::State& state) {
  if (absent(state)) return;
  for (auto _ : state) benchmark::DoNotOptimize(real().sha256());
}
void real_board_to_json(benchmark::State& state) {
  if (absent(state)) return;
  const board b = make_bradley_terry_board(real());
  for (auto _ : state) benchmark::DoNotOptimize(to_json(b));
}
void elo_vote(benchmark::State& state) {
  if (absent(state)) return;
  const auto votes = expanded(real());
  elo_state elo;
  for (system_index i = 0; i < real().systems().size(); ++i)
    elo.add_system(real().systems().name(i));
  std::size_t next = 0;
  for (auto _ : state) {
    const id_vote& v = votes[next++ % votes.size()];
    elo.add(v.a, v.b, v.result);
  }
}
void five_million_ids_of_300_systems_to_board(benchmark::State& state) {
  from_ids(state, large());
}
void tally_of_300_systems_to_board(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_bradley_terry_board(large()));
}
// NOLINTEND(clang-analyzer-deadcode.DeadStores)

BENCHMARK(real_ids_to_board)->Unit(benchmark::kMillisecond);
BENCHMARK(real_tally_to_board)->Unit(benchmark::kMillisecond);
BENCHMARK(real_tally_to_fit)->Unit(benchmark::kMillisecond);
BENCHMARK(real_tally_to_hash)->Unit(benchmark::kMillisecond);
BENCHMARK(real_board_to_json)->Unit(benchmark::kMillisecond);
BENCHMARK(elo_vote)->Unit(benchmark::kNanosecond);
BENCHMARK(five_million_ids_of_300_systems_to_board)->Unit(benchmark::kMillisecond);
BENCHMARK(tally_of_300_systems_to_board)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace agon::ratings
