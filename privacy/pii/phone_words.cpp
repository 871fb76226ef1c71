#include "privacy/pii/phone_words.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t reach_back = 40;
constexpr std::size_t reach_ahead = 3;
constexpr std::size_t longest_word = 12;

// Without accents, as folded text has them; in the larger languages of Europe.
constexpr std::array<std::string_view, 52> known_words = {
    "answering", "appelez",   "call",     "called",   "calling",   "cell",    "cellphone",
    "cellular",  "celular",   "chiama",   "contact",  "dial",      "dzwon",   "extension",
    "fax",       "festnetz",  "gsm",      "handy",    "home",      "hotline", "joindre",
    "landline",  "ligue",     "llama",    "llamar",   "mob",       "mobil",   "mobile",
    "mobiltel",  "movil",     "office",   "pager",    "phone",     "phoned",  "phones",
    "portable",  "puhelin",   "reach",    "ring",     "sms",       "tel",     "telefon",
    "telefone",  "telefonnr", "telefono", "telefoon", "telephone", "tfn",     "tlf",
    "voicemail", "whatsapp",  "work"};

static_assert(std::is_sorted(known_words.begin(), known_words.end()));

bool is_known(std::string_view w) {
  return std::binary_search(known_words.begin(), known_words.end(), w);
}

}  // namespace

void phone_words::read() {
  was_read_ = true;
  for (std::size_t i = 0; i < folded_.size();) {
    const std::size_t begin = i;
    std::string lower;
    // With its underscores: "call_count" is an identifier and speaks of no telephone.
    while (i < folded_.size() && (is_letter(folded_[i]) || folded_[i] == '_')) {
      if (lower.size() <= longest_word) lower += to_lower(folded_[i]);
      ++i;
    }
    if (i == begin)
      ++i;
    else if (is_known(lower))
      words_.push_back({begin, i});
  }
}

bool phone_words::around(std::size_t begin, std::size_t end) {
  if (!was_read_) read();
  const auto next = std::lower_bound(words_.begin(), words_.end(), begin,
                                     [](const word& w, std::size_t b) { return w.begin < b; });
  if (next != words_.end() && next->begin >= end && next->begin - end <= reach_ahead) return true;
  return next != words_.begin() && begin - std::prev(next)->end <= reach_back;
}

}  // namespace agon::pii
