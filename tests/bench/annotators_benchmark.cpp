// Dawid–Skene on ten million answers.
#include <benchmark/benchmark.h>

#include "ratings/annotators/dawid_skene.hpp"
#include "ratings/annotators/majority.hpp"
#include "ratings/random.hpp"

namespace agon::ratings::annotators {
namespace {

// Five answers an item, participants of accuracy 0.55 to 0.95.
std::vector<answer> many_answers(std::uint32_t count, std::uint32_t participants,
                                 std::uint32_t categories) {
  seeded_random random(1);
  std::vector<answer> out(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::uint32_t item = n / 5;
    const std::uint32_t truth = (item * 2654435761U >> 7) % categories;
    const auto p = static_cast<std::uint32_t>(random.below(participants));
    const double skill = 0.55 + 0.4 * p / participants;
    const auto other =
        static_cast<std::uint32_t>((truth + 1 + random.below(categories - 1)) % categories);
    out[n] = {item, p, random.unit() < skill ? truth : other};
  }
  return out;
}

// NOLINTBEGIN(clang-analyzer-deadcode.DeadStores)
void dawid_skene_of_ten_million(benchmark::State& state) {
  const auto answers = many_answers(10'000'000, 20'000, static_cast<std::uint32_t>(state.range(0)));
  dawid_skene_settings settings;
  settings.errors = state.range(1) != 0 ? error_model::one_coin : error_model::full;
  int iterations = 0;
  for (auto _ : state) {
    const auto table = answer_table::of(answers).value();
    iterations = dawid_skene(table, settings).fit.iterations;
  }
  state.counters["iterations"] = iterations;
}
// NOLINTEND(clang-analyzer-deadcode.DeadStores)

BENCHMARK(dawid_skene_of_ten_million)
    ->ArgNames({"categories", "one_coin"})
    ->Args({2, 0})
    ->Args({3, 0})
    ->Args({5, 0})
    ->Args({3, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
}  // namespace agon::ratings::annotators
