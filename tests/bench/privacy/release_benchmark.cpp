// A release of made-up votes, built and then verified: rows per second, and the greatest
// memory this process ever had.
//   agon_release_benchmark [VOTES] [FOLDER]
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "privacy/release/verify.hpp"
#include "tests/unit/release/small_release.hpp"

namespace {

using namespace agon::release;
using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

// Of all threads: what a machine without other work would need, divided by its cores.
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

const char* word(std::uint64_t at) {
  static constexpr const char* words[] = {
      "say",    "please", "the",   "weather", "tomorrow", "Grüße",  "train", "leaves", "platform",
      "seven",  "a",      "poem",  "about",   "autumn",   "and",    "rain",  "slowly", "with",
      "warmth", "news",   "radio", "1984",    "whisper",  "nobody", "hears", "song",   "street"};
  return words[at % std::size(words)];
}

result<void> add_vote(release_builder& b, std::uint64_t i) {
  static constexpr const char* systems[] = {"espeak-ng/en", "flite/slt", "flite/kal",
                                            "festival/us1", "festival/rab"};
  static constexpr const char* winners[] = {"a", "b", "tie", "both_bad"};
  std::uint64_t dice = i * 0x9E3779B97F4A7C15ULL;
  const auto roll = [&] {
    dice ^= dice >> 27;
    return (dice *= 0x94D049BB133111EBULL) >> 33;
  };
  const std::string id = "battle-" + std::to_string(i);
  const std::size_t a = roll() % 5, c = (a + 1 + roll() % 4) % 5;
  row vote = test::vote(id, systems[a], systems[c], winners[roll() % 4]);
  std::string prompt;
  for (std::uint64_t n = 6 + roll() % 12; n > 0; --n) prompt.append(word(roll())).append(" ");
  row fresh;
  for (const auto& [name, v] : vote.cells()) fresh.set(name, name == "prompt" ? value(prompt) : v);
  if (auto added = b.add("votes", fresh); !added) return added;
  if (auto added = b.add("outputs", test::output(id, "a", systems[a])); !added) return added;
  return b.add("outputs", test::output(id, "b", systems[c]));
}

}  // namespace

int main(int count, char** words) {
  std::uint64_t votes = 100'000;
  if (count > 1) votes = std::strtoull(words[1], nullptr, 10);
  test::temporary_folder scratch;
  const std::filesystem::path target =
      (count > 2 ? std::filesystem::path(words[2]) : scratch.path()) / "release";
  test::counting_random random;
  auto start = clock_type::now();
  auto b = release_builder::start(target, test::small_options(), random);
  for (std::uint64_t i = 0; b && i < votes; ++i)
    if (auto added = add_vote(**b, i); !added) b = added.error();
  if (!b) {
    std::fprintf(stderr, "%s\n", b.error().describe().c_str());
    return EXIT_FAILURE;
  }
  const double adding = seconds_since(start);
  const auto summary = (*b)->finish();
  if (!summary) {
    std::fprintf(stderr, "%s\n", summary.error().describe().c_str());
    return EXIT_FAILURE;
  }
  const double building = seconds_since(start), cpu = cpu_seconds();
  const long peak = peak_megabytes();
  start = clock_type::now();
  const bool good = verify(target).ok();
  const double verifying = seconds_since(start);
  const double rows = static_cast<double>(votes) * 3;
  std::printf(
      "| votes | rows | added | built and verified | rows/s | CPU | rows/CPU s | peak MB | "
      "verified alone | MB |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n"
      "| %llu | %.0f | %.1f s | %.1f s | %.0f | %.1f s | %.0f | %ld | %.1f s%s | %.1f |\n",
      static_cast<unsigned long long>(votes), rows, adding, building, rows / building, cpu,
      rows / cpu, peak, verifying, good ? "" : ", FAILED",
      static_cast<double>(summary->bytes) / 1e6);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
