#include "services/routing/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>
#include <set>

#include "services/routing/folded_words.hpp"
#include "services/routing/signature.hpp"

namespace agon::routing {
namespace {

// CLD2 says some codes as they were before 1989.
std::string modern(std::string_view code) {
  if (code == "iw") return "he";
  if (code == "in") return "id";
  if (code == "jw") return "jv";
  return std::string(code);
}

struct language_names {
  std::string_view code;
  // Folded, with the word before: a name alone ("a French horn") asks for nothing.
  std::array<std::string_view, 7> phrases;
};

constexpr language_names asked_for[] = {
    {"en",
     {"in english", "auf englisch", "en anglais", "en inglés", "in inglese", "em inglês",
      "in het engels"}},
    {"de",
     {"in german", "auf deutsch", "en allemand", "en alemán", "in tedesco", "em alemão",
      "in het duits"}},
    {"fr",
     {"in french", "auf französisch", "en français", "en francés", "in francese", "em francês",
      "in het frans"}},
    {"es",
     {"in spanish", "auf spanisch", "en espagnol", "en español", "in spagnolo", "em espanhol",
      "in het spaans"}},
    {"it",
     {"in italian", "auf italienisch", "en italien", "en italiano", "in italiano", "em italiano",
      "in het italiaans"}},
    {"pt",
     {"in portuguese", "auf portugiesisch", "en portugais", "en portugués", "in portoghese",
      "em português", "in het portugees"}},
    {"nl",
     {"in dutch", "auf niederländisch", "en néerlandais", "en neerlandés", "in olandese",
      "em holandês", "in het nederlands"}},
    {"pl",
     {"in polish", "auf polnisch", "en polonais", "en polaco", "in polacco", "em polonês",
      "in het pools"}},
    {"el",
     {"in greek", "auf griechisch", "en grec", "en griego", "in greco", "em grego",
      "in het grieks"}},
    {"ru",
     {"in russian", "auf russisch", "en russe", "en ruso", "in russo", "em russo",
      "in het russisch"}},
    {"ja",
     {"in japanese", "auf japanisch", "en japonais", "en japonés", "in giapponese", "em japonês",
      "in het japans"}},
    {"ko",
     {"in korean", "auf koreanisch", "en coréen", "en coreano", "in coreano", "em coreano",
      "in het koreaans"}},
    {"zh",
     {"in chinese", "auf chinesisch", "en chinois", "en chino", "in cinese", "em chinês",
      "in het chinees"}},
    {"hi",
     {"in hindi", "auf hindi", "en hindi", "en hindi", "in hindi", "em hindi", "in het hindi"}},
    {"ar",
     {"in arabic", "auf arabisch", "en arabe", "en árabe", "in arabo", "em árabe",
      "in het arabisch"}},
};

bool is_spoken(const std::string& code, std::span<const std::string> spoken) {
  if (code.empty() || spoken.empty()) return !code.empty();
  return std::any_of(spoken.begin(), spoken.end(), [&](const std::string& s) {
    return covers_language(s, code) || covers_language(code, s);
  });
}

}  // namespace

std::string detect_language(std::string_view utf8, std::span<const std::string> spoken) {
  using namespace CLD2;  // NOLINT(google-build-using-namespace): its macros are types here
  const CLDHints hints{nullptr, nullptr, UNKNOWN_ENCODING, UNKNOWN_LANGUAGE};
  CLD2::Language best[3] = {};
  int percent[3] = {};
  double score[3] = {};
  int text_bytes = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummary(utf8.data(), static_cast<int>(utf8.size()), true, &hints,
                                 kCLDFlagBestEffort, best, percent, score, nullptr, &text_bytes,
                                 &reliable);
  for (std::size_t i = 0; i < 3; ++i) {
    if (percent[i] == 0 || best[i] == UNKNOWN_LANGUAGE) continue;
    const std::string code = modern(CLD2::LanguageCode(best[i]));
    // Of a short text the best guess counts only where it is one of a few that may be.
    if (is_spoken(code, spoken) && (reliable || !spoken.empty())) return code;
  }
  return {};
}

std::string named_language(std::string_view folded_words) {
  std::set<std::string_view> found;
  for (const language_names& l : asked_for)
    for (const std::string_view phrase : l.phrases)
      if (holds_phrase(folded_words, phrase)) found.insert(l.code);
  // "en italien" and "en italiano" differ, "en hindi" repeats: a set keeps each once.
  return found.size() == 1 ? std::string(*found.begin()) : std::string();
}

}  // namespace agon::routing
