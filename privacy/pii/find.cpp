#include "privacy/pii/find.hpp"

#include <algorithm>
#include <string>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/placeholders.hpp"

namespace agon::pii {
namespace {

// A find that is as sure as this hides its place from the finders of later stages, so that
// the digits of a card are not read again as a telephone number.
constexpr double hides = .7;

struct finder {
  int stage;
  void (*run)(const scanned_text&, sightings&);
  std::initializer_list<kind> kinds;  // empty: many, asked one by one
};

const finder all_finders[] = {
    {0, find_secrets, {kind::secret}},
    {1, find_emails, {kind::email_address}},
    {1, find_ibans, {kind::iban_code}},
    {1, find_crypto, {kind::crypto}},
    {1, find_mrz, {kind::mrz}},
    {2, find_ip_addresses, {kind::ip_address}},
    {2, find_macs, {kind::mac_address}},
    {2, find_urls, {kind::url}},
    {2, find_coordinates, {kind::gps_coordinates}},
    {3, find_cards, {kind::credit_card}},
    {3, find_dates, {kind::date_time, kind::date_of_birth}},
    {3, find_handles, {kind::handle}},
    {3, find_shapes, {}},
    {4, find_phones, {kind::phone_number}},
    {5, find_names, {kind::person, kind::location, kind::organization, kind::street_address}},
};
constexpr int stages = 6;

bool is_wanted(const finder& f, const kind_set& wanted) {
  return f.kinds.size() == 0 ||
         std::any_of(f.kinds.begin(), f.kinds.end(), [&](kind k) { return wanted.has(k); });
}

// Of sightings that overlap, the surer stays, then the longer, then the earlier. What
// reaches out of the winner is not left behind: the winner grows over it, if that was
// sure enough to be reported alone.
sightings without_contests(sightings all, double least_score) {
  std::erase_if(all, [&](const sighting& s) { return s.score < least_score; });
  std::sort(all.begin(), all.end(), [](const sighting& a, const sighting& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  sightings out;
  for (const sighting& s : all) {
    if (out.empty() || s.begin >= out.back().end) {
      out.push_back(s);
      continue;
    }
    sighting& last = out.back();
    const bool longer = s.end - s.begin > last.end - last.begin;
    if (s.score > last.score || (s.score == last.score && longer)) {
      last.what = s.what;
      last.score = s.score;
    }
    last.end = std::max(last.end, s.end);
  }
  return out;
}

// What the finders see in one folding, mapped back to bytes of the original.
std::vector<span> scan(const folded_text& folded, const options& how) {
  std::string blotted(folded.text());
  blot_placeholders(blotted);
  const context_words words(blotted);
  sightings all;
  for (int stage = 0; stage < stages; ++stage) {
    const std::size_t known = all.size();
    for (const finder& f : all_finders)
      if (f.stage == stage && is_wanted(f, how.wanted)) f.run({blotted, words, how.wanted}, all);
    for (std::size_t i = known; i < all.size(); ++i)
      if (all[i].score >= (stage + 2 < stages ? hides : how.least_score))
        std::fill(blotted.begin() + static_cast<std::ptrdiff_t>(all[i].begin),
                  blotted.begin() + static_cast<std::ptrdiff_t>(all[i].end), other_byte);
  }
  std::erase_if(all, [&](const sighting& s) { return !how.wanted.has(s.what); });
  std::vector<span> spans;
  for (const sighting& s : without_contests(std::move(all), how.least_score))
    spans.push_back({s.what, folded.begin_of(s.begin), folded.end_of(s.end - 1), 0, 0, s.score});
  return spans;
}

// Two foldings may see the same place: spans that overlap become one that covers both,
// of the surer one's kind.
std::vector<span> merged(std::vector<span> spans) {
  std::sort(spans.begin(), spans.end(), [](const span& a, const span& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::vector<span> out;
  for (const span& s : spans) {
    if (out.empty() || s.begin >= out.back().end) {
      out.push_back(s);
      continue;
    }
    span& last = out.back();
    if (s.score > last.score) {
      last.what = s.what;
      last.score = s.score;
    }
    last.end = std::max(last.end, s.end);
  }
  return out;
}

void count_code_points(std::string_view text, std::vector<span>& spans) {
  std::size_t byte = 0;
  std::size_t code_points = 0;
  const auto advance_to = [&](std::size_t to) {
    for (; byte < to; ++byte)
      if ((static_cast<unsigned char>(text[byte]) & 0xc0U) != 0x80) ++code_points;
    return code_points;
  };
  for (span& s : spans) {
    s.first_code_point = advance_to(s.begin);
    s.last_code_point = advance_to(s.end);
  }
}

}  // namespace

const kind_set& personal_kinds() {
  static const kind_set set = kind_set::all()
                                  .without(kind::date_time)
                                  .without(kind::url)
                                  .without(kind::organization)
                                  .without(kind::location)
                                  .without(kind::uk_postcode)
                                  .without(kind::de_plz)
                                  .without(kind::de_handelsregister)
                                  .without(kind::de_bsnr)
                                  .without(kind::sg_uen)
                                  .without(kind::se_organisationsnummer);
  return set;
}

std::vector<span> find(std::string_view utf8, const options& how) {
  const folded_text folded(utf8);
  std::vector<span> spans = scan(folded, how);
  if (folded.had_invisible()) {
    // An invisible character may hide inside a number or stand for the space beside it.
    const std::vector<span> more = scan(folded_text(utf8, invisible::break_words), how);
    spans.insert(spans.end(), more.begin(), more.end());
    spans = merged(std::move(spans));
  }
  count_code_points(utf8, spans);
  return spans;
}

}  // namespace agon::pii
