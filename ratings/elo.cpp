#include "ratings/elo.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::ratings {
namespace {

using json = nlohmann::json;

constexpr std::size_t digest_bytes = 32;
constexpr double elo_scale = 400;

bool valid(const elo_settings& s) {
  // Written so that NaN fails; the limits keep every score finite.
  return s.k > 0 && s.k <= 1000 && std::fabs(s.initial) <= 1e6 &&
         s.both_bad != both_bad_policy::model;
}

}  // namespace

elo_state::elo_state(const elo_settings& settings)
    : settings_(settings), chain_(digest_bytes, '\0') {
  if (!valid(settings))
    throw std::invalid_argument(
        "elo: k must be in (0, 1000], the initial score within ±1e6, both_bad drop or tie");
}

system_index elo_state::add_system(std::string_view name) {
  const system_index i = names_.add(name);
  scores_.resize(names_.size(), settings_.initial);
  return i;
}

void elo_state::add(system_index a, system_index b, outcome o) {
  if (a == b || a >= scores_.size() || b >= scores_.size() ||
      static_cast<std::size_t>(o) >= outcome_count)
    throw std::invalid_argument("elo: cannot play a vote on systems " + std::to_string(a) +
                                " and " + std::to_string(b) + " of " +
                                std::to_string(scores_.size()));
  buffer_.assign(chain_);
  buffer_.append(R"({"outcome":")").append(to_text(o));
  buffer_.append(R"(","system_a":)").append(names_.quoted(a));
  buffer_.append(R"(,"system_b":)").append(names_.quoted(b)).append("}");
  chain_ = crypto::bytes_of(crypto::sha256(buffer_));
  ++votes_;

  if (o == outcome::both_bad && settings_.both_bad == both_bad_policy::drop) return;
  const double won = o == outcome::a ? 1 : o == outcome::b ? 0 : 0.5;
  const double expected = 1 / (1 + std::pow(10.0, (scores_[b] - scores_[a]) / elo_scale));
  const double change = settings_.k * (won - expected);
  scores_[a] += change;
  scores_[b] -= change;
}

void elo_state::add(std::string_view a, std::string_view b, outcome o) {
  const system_index ia = add_system(a);
  const system_index ib = add_system(b);
  add(ia, ib, o);
}

std::string elo_state::chain() const {
  return crypto::to_hex(chain_);
}

std::string elo_state::save() const {
  json scores = json::object();
  for (system_index i = 0; i < scores_.size(); ++i) scores[names_.name(i)] = scores_[i];
  return crypto::canonical_json({{"both_bad", to_text(settings_.both_bad)},
                                 {"chain", chain()},
                                 {"initial", settings_.initial},
                                 {"k", settings_.k},
                                 {"scores", scores},
                                 {"votes", votes_}});
}

checked<elo_state> elo_state::load(std::string_view text) {
  // A state of the largest roster with long names; nesting is scores inside the state.
  const auto parsed = crypto::parse_json(text, {.bytes = 16UL << 20, .depth = 2});
  if (!parsed) return data_error{"elo state: " + parsed.error().reason};
  try {
    const json& j = *parsed;
    const auto policy = both_bad_policy_from_text(j.at("both_bad").get<std::string>());
    const auto chain = crypto::from_hex(j.at("chain").get<std::string>());
    if (!policy || !chain || chain->size() != digest_bytes)
      return data_error{"elo state: unknown policy or broken chain"};
    elo_state out({.k = j.at("k").get<double>(),
                   .initial = j.at("initial").get<double>(),
                   .both_bad = *policy});
    for (const auto& [name, score] : j.at("scores").items())
      out.scores_.at(out.add_system(name)) = score.get<double>();
    out.votes_ = j.at("votes").get<std::uint64_t>();
    out.chain_ = *chain;
    // Whatever is not exactly what save() writes (a field more, a negative count) shows here.
    if (out.save() != text) return data_error{"elo state: not in its canonical form"};
    return out;
  } catch (const json::exception& e) {
    return data_error{std::string("elo state: ") + e.what()};
  } catch (const std::logic_error& e) {
    return data_error{std::string("elo state: ") + e.what()};
  }
}

}  // namespace agon::ratings
