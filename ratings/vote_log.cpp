#include "ratings/vote_log.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "ratings/parallel.hpp"

namespace agon::ratings {
namespace {

// Appends to a column that exists only once a vote has something to put there.
template <typename T>
void append(std::vector<T>& column, std::size_t rows, T value, T nothing) {
  if (column.empty()) {
    if (value == nothing) return;
    column.assign(rows, nothing);
  }
  column.push_back(value);
}

tally tally_with_systems_of(const vote_log& votes) {
  tally out;
  for (system_index i = 0; i < votes.systems().size(); ++i) out.add_system(votes.systems().name(i));
  return out;
}

}  // namespace

std::uint32_t vote_log::participant(std::string_view name) {
  const auto next = static_cast<std::uint32_t>(participants_.size());
  return participants_.try_emplace(std::string(name), next).first->second;
}

void vote_log::add(const logged_vote& v) {
  if (v.a == v.b || v.a >= systems_.size() || v.b >= systems_.size() ||
      static_cast<std::size_t>(v.result) >= outcome_count)
    throw std::invalid_argument("vote log: systems " + std::to_string(v.a) + " and " +
                                std::to_string(v.b) + " of " + std::to_string(systems_.size()));
  const bool finite =
      std::all_of(v.features.begin(), v.features.end(), [](float x) { return std::isfinite(x); });
  if (v.features.size() != features_.size() || !finite)
    throw std::invalid_argument("vote log: needs " + std::to_string(features_.size()) +
                                " finite features, got " + std::to_string(v.features.size()));
  if (!(v.probability >= 0 && v.probability <= 1))
    throw std::invalid_argument("vote log: a probability outside [0, 1]");
  const std::size_t rows = results_.size();
  append(participant_, rows, v.participant, no_participant);
  append(prompt_, rows, v.prompt, no_prompt);
  append(probability_, rows, v.probability, 0.0F);
  append(quarantined_, rows, static_cast<std::uint8_t>(v.quarantined), std::uint8_t{0});
  values_.insert(values_.end(), v.features.begin(), v.features.end());
  first_.push_back(static_cast<std::uint16_t>(v.a));
  second_.push_back(static_cast<std::uint16_t>(v.b));
  results_.push_back(v.result);
}

void vote_log::reserve(std::size_t votes) {
  first_.reserve(votes);
  second_.reserve(votes);
  results_.reserve(votes);
  values_.reserve(votes * features_.size());
}

std::size_t vote_log::bytes() const {
  return (first_.capacity() + second_.capacity()) * sizeof(std::uint16_t) + results_.capacity() +
         (participant_.capacity() + prompt_.capacity()) * sizeof(std::uint32_t) +
         (probability_.capacity() + values_.capacity()) * sizeof(float) + quarantined_.capacity();
}

std::string vote_log::sha256(std::span<const float> weights) const {
  const auto order = systems_.sorted();
  std::vector<std::uint16_t> place(order.size());
  nlohmann::json names = nlohmann::json::array();
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<std::uint16_t>(i);
    names.push_back(systems_.name(order[i]));
  }
  crypto::sha256_stream hash;
  hash.update(crypto::canonical_json({{"features", features_}, {"systems", std::move(names)}}));
  std::string bytes;
  const auto append_bytes = [&](std::uint32_t value, int count) {
    for (int b = 0; b < count; ++b) bytes += static_cast<char>(value >> (8 * b) & 0xff);
  };
  for (std::size_t i = 0; i < size(); ++i) {
    append_bytes(place[first_[i]], 2);
    append_bytes(place[second_[i]], 2);
    append_bytes(static_cast<std::uint32_t>(results_[i]), 1);
    for (std::size_t f = 0; f < features_.size(); ++f)
      append_bytes(std::bit_cast<std::uint32_t>(values_[i * features_.size() + f]), 4);
    if (!weights.empty()) append_bytes(std::bit_cast<std::uint32_t>(weights[i]), 4);
    if (bytes.size() > 32768) {
      hash.update(bytes);
      bytes.clear();
    }
  }
  hash.update(bytes);
  return crypto::to_hex(crypto::bytes_of(hash.finish()));
}

tally count(const vote_log& votes, unsigned threads) {
  // A part of its own for each thread, worth its merge only where votes outnumber pairs.
  const std::size_t pairs = votes.systems().size() * votes.systems().size();
  const std::size_t parts =
      std::clamp<std::size_t>(votes.size() / (pairs + 100'000), 1, threads_to_use(threads));
  std::vector<tally> counts(parts, tally_with_systems_of(votes));
  in_parallel(parts, threads, [&](std::size_t part) {
    const std::size_t end = votes.size() * (part + 1) / parts;
    for (std::size_t i = votes.size() * part / parts; i < end; ++i)
      counts[part].add(votes.first(i), votes.second(i), votes.result(i));
  });
  for (std::size_t part = 1; part < parts; ++part) counts[0].merge(counts[part]);
  return std::move(counts[0]);
}

weighted_tally count(const vote_log& votes, std::span<const float> weights) {
  if (weights.size() != votes.size())
    throw std::invalid_argument("vote log: " + std::to_string(weights.size()) + " weights for " +
                                std::to_string(votes.size()) + " votes");
  weighted_tally out;
  for (system_index i = 0; i < votes.systems().size(); ++i) out.add_system(votes.systems().name(i));
  for (std::size_t i = 0; i < votes.size(); ++i)
    out.add(votes.first(i), votes.second(i), votes.result(i), static_cast<double>(weights[i]));
  return out;
}

elo_state play(const vote_log& votes, const elo_settings& settings) {
  elo_state out(settings);
  for (system_index i = 0; i < votes.systems().size(); ++i) out.add_system(votes.systems().name(i));
  for (std::size_t i = 0; i < votes.size(); ++i)
    out.add(votes.first(i), votes.second(i), votes.result(i));
  return out;
}

}  // namespace agon::ratings
