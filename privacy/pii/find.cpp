#include "privacy/pii/find.hpp"

#include <algorithm>
#include <string>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

// What the finders see in one folding, mapped back to bytes of the original. They run
// from the surest to the least sure, and each sees the earlier finds blotted out, so
// that the digits of a card are not read again as a telephone number.
std::vector<span> scan(const folded_text& folded) {
  std::string blotted;
  std::string_view text = folded.text();
  sightings all;
  for (const auto finder : {find_emails, find_ibans, find_ip_addresses, find_cards, find_phones}) {
    const std::size_t known = all.size();
    finder(text, all);
    if (all.size() == known) continue;
    if (blotted.empty()) blotted = text;
    for (std::size_t i = known; i < all.size(); ++i)
      std::fill(blotted.begin() + static_cast<std::ptrdiff_t>(all[i].begin),
                blotted.begin() + static_cast<std::ptrdiff_t>(all[i].end), other_byte);
    text = blotted;
  }
  std::vector<span> spans;
  spans.reserve(all.size());
  for (const sighting& s : all)
    spans.push_back({s.what, folded.begin_of(s.begin), folded.end_of(s.end - 1), 0, 0, s.score});
  return spans;
}

// Spans that overlap become one that covers both, of the surer one's kind: cutting one
// short would leave a part of it in the text.
std::vector<span> without_overlaps(std::vector<span> spans) {
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

std::string_view name_of(kind k) {
  switch (k) {
    case kind::email_address:
      return "EMAIL_ADDRESS";
    case kind::phone_number:
      return "PHONE_NUMBER";
    case kind::credit_card:
      return "CREDIT_CARD";
    case kind::ip_address:
      return "IP_ADDRESS";
    case kind::iban_code:
      return "IBAN_CODE";
  }
  return "UNKNOWN";
}

std::vector<span> find(std::string_view utf8) {
  const folded_text folded(utf8);
  std::vector<span> spans = scan(folded);
  if (folded.had_invisible()) {
    // An invisible character may hide inside a number or stand for the space beside it.
    const std::vector<span> more = scan(folded_text(utf8, invisible::break_words));
    spans.insert(spans.end(), more.begin(), more.end());
  }
  spans = without_overlaps(std::move(spans));
  count_code_points(utf8, spans);
  return spans;
}

}  // namespace agon::pii
