#include "ratings/tally.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::ratings {
namespace {

constexpr std::uint64_t largest_count = std::uint64_t{1} << 53;

constexpr auto slot(outcome o) {
  return static_cast<std::size_t>(o);
}

tally::cell mirrored_cell(const tally::cell& c) {
  return {c[slot(outcome::b)], c[slot(outcome::a)], c[slot(outcome::tie)],
          c[slot(outcome::both_bad)]};
}

// The rows in stable order of a key below `limit`.
template <typename Row, typename Key>
std::vector<Row> ordered_by(const std::vector<Row>& rows, std::size_t limit, Key key) {
  std::vector<std::size_t> next(limit + 1);
  for (const Row& r : rows) ++next[key(r) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<Row> out(rows.size());
  for (const Row& r : rows) out[next[key(r)]++] = r;
  return out;
}

// Calls visit(a, b, counts seen from a) for each pair that has a vote, in the order of
// the rows.
template <typename Visit>
void for_each_row(const tally& votes, Visit visit) {
  const auto order = votes.systems().sorted();
  std::vector<system_index> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<system_index>(i);
  struct row {
    system_index first;  // by name
    system_index second;
    const tally::cell* counts;
  };
  std::vector<row> rows;
  votes.for_each_pair([&](system_index low, system_index high, const tally::cell& c) {
    rows.push_back({std::min(place[low], place[high]), std::max(place[low], place[high]), &c});
  });
  rows = ordered_by(rows, order.size(), [](const row& r) { return r.second; });
  rows = ordered_by(rows, order.size(), [](const row& r) { return r.first; });
  for (const row& r : rows) {
    const system_index a = order[r.first];
    const system_index b = order[r.second];
    visit(a, b, a < b ? *r.counts : mirrored_cell(*r.counts));
  }
}

// ",1,2,3,4]" for the counts of a row.
void append_counts(std::string& out, const tally::cell& counts) {
  char text[outcome_count * 21 + 1];
  char* end = text;
  for (const std::uint64_t n : counts) {
    *end++ = ',';
    end = std::to_chars(end, text + sizeof text, n).ptr;
  }
  *end++ = ']';
  out.append(text, end);
}

}  // namespace

system_index tally::add_system(std::string_view name) {
  const std::size_t before = names_.size();
  const system_index i = names_.add(name);
  if (before == most_dense && names_.size() > most_dense) make_sparse();
  if (dense()) cells_.resize(offset(static_cast<system_index>(names_.size())));
  return i;
}

void tally::add(std::string_view a, std::string_view b, outcome o, std::uint64_t count) {
  const system_index ia = add_system(a);
  const system_index ib = add_system(b);
  add(ia, ib, o, count);
}

tally::cell& tally::sparse_cell(system_index low, system_index high) {
  const std::uint32_t number = index_.add(low, high);
  if (number == cells_.size()) cells_.emplace_back();
  return cells_[number];
}

void tally::make_sparse() {
  const std::vector<cell> all = std::exchange(cells_, {});
  for (system_index high = 1; high < most_dense; ++high)
    for (system_index low = 0; low < high; ++low)
      if (const cell& c = all[offset(high) + low]; (c[0] | c[1] | c[2] | c[3]) != 0)
        sparse_cell(low, high) = c;
}

void tally::refuse(system_index a, system_index b) const {
  throw std::invalid_argument("tally: cannot count a vote on systems " + std::to_string(a) +
                              " and " + std::to_string(b) + " of " + std::to_string(names_.size()));
}

void tally::merge(const tally& other) {
  std::vector<system_index> here;
  for (system_index i = 0; i < other.names_.size(); ++i)
    here.push_back(add_system(other.names_.name(i)));
  other.for_each_pair([&](system_index low, system_index high, const cell& c) {
    for (std::size_t o = 0; o < outcome_count; ++o)
      if (c[o] != 0) add(here[low], here[high], static_cast<outcome>(o), c[o]);
  });
}

std::uint64_t tally::votes() const {
  return std::accumulate(
      cells_.begin(), cells_.end(), std::uint64_t{0},
      [](std::uint64_t sum, const cell& c) { return sum + c[0] + c[1] + c[2] + c[3]; });
}

std::vector<system_counts> tally::per_system() const {
  std::vector<system_counts> out(names_.size());
  const auto count = [](system_counts& s, std::uint64_t wins, std::uint64_t losses, const cell& c) {
    s.wins += wins;
    s.losses += losses;
    s.ties += c[slot(outcome::tie)];
    s.both_bad += c[slot(outcome::both_bad)];
  };
  for_each_pair([&](system_index low, system_index high, const cell& c) {
    count(out[low], c[slot(outcome::a)], c[slot(outcome::b)], c);
    count(out[high], c[slot(outcome::b)], c[slot(outcome::a)], c);
  });
  return out;
}

std::vector<tally_row> tally::rows() const {
  std::vector<tally_row> out;
  for_each_row(*this, [&](system_index a, system_index b, const cell& c) {
    out.push_back({names_.name(a), names_.name(b), c[0], c[1], c[2], c[3]});
  });
  return out;
}

std::string tally::sha256() const {
  constexpr std::size_t chunk = 32768;
  crypto::sha256_stream hash;
  std::string text;
  text.reserve(2 * chunk);
  text += '[';
  std::string row_start = "[";  // of all rows but the first: ",["
  for_each_row(*this, [&](system_index a, system_index b, const cell& c) {
    text.append(row_start).append(names_.quoted(a)).append(",").append(names_.quoted(b));
    append_counts(text, c);
    row_start = ",[";
    if (text.size() > chunk) {
      hash.update(text);
      text.clear();
    }
  });
  hash.update(text + "]");
  return crypto::to_hex(crypto::bytes_of(hash.finish()));
}

checked<tally> tally::from_rows(std::span<const tally_row> rows,
                                std::span<const std::string> systems) {
  tally out;
  std::uint64_t total = 0;
  std::size_t line = 0;
  try {
    for (const std::string& name : systems) out.add_system(name);
    for (const tally_row& row : rows) {
      ++line;
      const cell counts{row.wins_a, row.wins_b, row.ties, row.both_bad};
      for (const std::uint64_t n : counts) {
        if (n > largest_count - total)
          return data_error{"row " + std::to_string(line) + ": more than 2^53 votes"};
        total += n;
      }
      for (std::size_t o = 0; o < outcome_count; ++o)
        out.add(row.system_a, row.system_b, static_cast<outcome>(o), counts[o]);
    }
  } catch (const std::logic_error& e) {
    return data_error{"row " + std::to_string(line) + ": " + e.what()};
  }
  return out;
}

tally tally::sorted() const {
  const auto order = names_.sorted();
  if (std::is_sorted(order.begin(), order.end())) return *this;
  std::vector<system_index> place(order.size());
  tally out;
  for (const system_index i : order) out.names_.add(names_.name(i));
  if (!dense()) {
    for (system_index i = 0; i < order.size(); ++i) place[order[i]] = i;
    for_each_pair([&](system_index low, system_index high, const cell& c) {
      const system_index a = place[low];
      const system_index b = place[high];
      out.sparse_cell(std::min(a, b), std::max(a, b)) = a < b ? c : mirrored_cell(c);
    });
    return out;
  }
  out.cells_.resize(cells_.size());
  for (system_index high = 1; high < order.size(); ++high) {
    for (system_index low = 0; low < high; ++low) {
      const system_index a = order[low];
      const system_index b = order[high];
      out.cells_[offset(high) + low] = a < b ? pair(a, b) : mirrored_cell(pair(b, a));
    }
  }
  return out;
}

}  // namespace agon::ratings
