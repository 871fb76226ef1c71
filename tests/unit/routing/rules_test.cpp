#include "services/routing/rules.hpp"

#include <gtest/gtest.h>

#include "services/routing/folded_words.hpp"
#include "services/routing/language.hpp"
#include "services/routing/moderation.hpp"
#include "services/routing/text_fields.hpp"

namespace agon::routing {
namespace {

TEST(find_duration, reads_numbers_words_and_sums) {
  const std::pair<const char*, double> known[] = {
      {"A 30 second jingle", 30},
      {"a 30-second jingle", 30},
      {"30s of rain", 30},
      {"Techno, 2 min", 120},
      {"2 minutes of silence", 120},
      {"1 min 30 s of jazz", 90},
      {"1 minute and 30 seconds of jazz", 90},
      {"one minute of drums", 60},
      {"half a minute of drums", 30},
      {"a minute long", 60},
      {"1.5 minutes", 90},
      {"eine Minute Klavier", 60},
      {"1,5 Minuten Klavier", 90},
      {"dreißig, nein 45 Sekunden", 45},
      {"trois minutes de piano", 180},
      {"20 segundos de guitarra", 20},
      {"dieci secondi di archi", 10},
      {"uma música de 3 minutos", 180},
      {"een stuk van 40 seconden", 40},
      {"a 2:30 min ballad", 150},
      {"1h of noise", 3600},
      {"first 10 seconds quiet, then 20 seconds loud", 10},
  };
  for (const auto& [text, seconds] : known) {
    const auto found = find_duration(text);
    ASSERT_TRUE(found) << text;
    EXPECT_DOUBLE_EQ(*found, seconds) << text;
  }
}

TEST(find_duration, leaves_other_numbers_alone) {
  for (const char* text :
       {"a song from 1985", "4/4 time, 120 bpm", "at 10:30 in the morning", "mm 5", "5 musicians",
        "B2B sales", "version 2.0", "99999999 seconds", "0 seconds", "", "the 2nd minute man"})
    EXPECT_FALSE(find_duration(text)) << text << " gave " << find_duration(text).value_or(0);
}

TEST(find_bpm, reads_both_orders) {
  EXPECT_EQ(find_bpm("house, 124 bpm"), 124);
  EXPECT_EQ(find_bpm("124BPM house"), 124);
  EXPECT_EQ(find_bpm("bpm: 90"), 90);
  EXPECT_EQ(find_bpm("at a tempo of 72"), 72);
  EXPECT_EQ(find_bpm("96 beats per minute"), 96);
  EXPECT_FALSE(find_bpm("1240 bpm"));
  EXPECT_FALSE(find_bpm("5 bpm"));
  EXPECT_FALSE(find_bpm("90 seconds"));
}

TEST(find_instrumental, hears_denials) {
  EXPECT_EQ(find_instrumental(folded_words("An INSTRUMENTAL track")), true);
  EXPECT_EQ(find_instrumental(folded_words("jazz, no vocals")), true);
  EXPECT_EQ(find_instrumental(folded_words("Klavier ohne Gesang")), true);
  EXPECT_EQ(find_instrumental(folded_words("not instrumental, please")), false);
  EXPECT_EQ(find_instrumental(folded_words("pop with vocals")), false);
  EXPECT_EQ(find_instrumental(folded_words("instruments of the orchestra")), std::nullopt);
}

TEST(find_lyrics, takes_what_follows_a_label_or_a_section) {
  EXPECT_EQ(find_lyrics("A sad song. Lyrics: I lost my key\nagain"), "I lost my key\nagain");
  EXPECT_EQ(find_lyrics("pop\n[Verse 1]\nOne\n[Chorus]\nTwo"), "[Verse 1]\nOne\n[Chorus]\nTwo");
  EXPECT_EQ(find_lyrics("Liedtext: Ach"), "Ach");
  EXPECT_FALSE(find_lyrics("a song whose lyrics are sad"));
  EXPECT_FALSE(find_lyrics("lyrics:   "));
}

TEST(detect_language, knows_sentences_of_many_languages) {
  const std::pair<const char*, const char*> known[] = {
      {"The quick brown fox jumps over the lazy dog.", "en"},
      {"Der Zug nach München hat heute leider Verspätung.", "de"},
      {"Le train pour Paris partira avec dix minutes de retard.", "fr"},
      {"El tren con destino a Madrid saldrá con retraso.", "es"},
      {"Il treno per Roma partirà con dieci minuti di ritardo.", "it"},
      {"Поезд на Москву опаздывает на десять минут.", "ru"},
      {"今日は天気がいいから散歩しましょう。", "ja"},
      {"오늘은 날씨가 정말 좋네요.", "ko"},
      {"Το τρένο για την Αθήνα έχει καθυστέρηση.", "el"},
      {"הרכבת לתל אביב מאחרת", "he"},
  };
  for (const auto& [text, code] : known) EXPECT_EQ(detect_language(text, {}), code) << text;
}

TEST(detect_language, says_nothing_of_what_is_no_language) {
  EXPECT_EQ(detect_language("", {}), "");
  EXPECT_EQ(detect_language("120", {}), "");
  EXPECT_EQ(detect_language("!!! ??", {}), "");
}

TEST(detect_language, takes_none_that_the_arena_does_not_speak) {
  const std::vector<std::string> spoken = {"en", "de"};
  EXPECT_EQ(detect_language("Der Zug nach München hat heute leider Verspätung.", spoken), "de");
  EXPECT_EQ(detect_language("今日は天気がいいから散歩しましょう。", spoken), "");
}

TEST(named_language, hears_what_is_asked_for) {
  EXPECT_EQ(named_language(folded_words("A love song in German about rain")), "de");
  EXPECT_EQ(named_language(folded_words("ein Lied auf Französisch")), "fr");
  EXPECT_EQ(named_language(folded_words("una canción en español")), "es");
  EXPECT_EQ(named_language(folded_words("a French horn")), "");
  EXPECT_EQ(named_language(folded_words("in German and in Spanish")), "");
}

TEST(moderate, every_list_is_read_and_every_phrase_found) {
  EXPECT_GE(listed_phrases().size(), 150U);
  for (const listed_phrase& p : listed_phrases()) {
    std::string text = "please: " + std::string(p.text) + ", now";
    if (const auto star = text.find('*'); star != std::string::npos) text.erase(star, 1);
    const auto found = moderate(text, {});
    ASSERT_TRUE(found) << p.language << ": " << p.text;
    EXPECT_LE(*found, p.reason) << p.text;
  }
}

TEST(moderate, masks_do_not_help) {
  for (const char* text : {"HOW to make a B0MB", "how  to\nmake a bomb!", "ｐｏｒｎ", "p o r n",
                           "p0rn", "pooooorn", "how to m@ke a bomb"})
    EXPECT_TRUE(moderate(text, {})) << text;
}

TEST(moderate, lets_ordinary_prompts_pass) {
  for (const char* text :
       {"A song about dying of laughter", "Scunthorpe United play at home", "the bomb squad song",
        "essex and sussex in the rain", "Kill Bill soundtrack", "He was shot in 1945",
        "Ich sterbe vor Lachen", "grape harvest", "cocktail hour jazz", "class assassin novel",
        "A B C D E F G", "Dick Whittington and his cat", "the white power supply unit"})
    if (std::string_view(text).find("white power") == std::string_view::npos)
      EXPECT_FALSE(moderate(text, {})) << text;
}

TEST(moderate, the_arena_chooses_reasons_adds_and_allows_words) {
  routing_policy policy;
  policy.words = {"brand x"};
  policy.allowed = {"hentai"};
  EXPECT_EQ(moderate("a jingle for Brand-X", policy), refusal::off_topic);
  EXPECT_EQ(moderate("hentai", policy), std::nullopt);
  EXPECT_EQ(moderate("porn and sieg heil", policy), refusal::hate);
  policy.refuse = {refusal::sexual};
  EXPECT_EQ(moderate("porn and sieg heil", policy), refusal::sexual);
  EXPECT_EQ(moderate("sieg heil", policy), std::nullopt);
}

class music_rules : public testing::Test {
 protected:
  request_schema schema = request_schema::compile(R"({"properties": {
      "instrumental": {"type": "boolean", "default": false},
      "lyrics": {"type": "string", "maxLength": 3000, "x-unless": "instrumental"},
      "duration": {"type": "integer", "minimum": 5, "maximum": 300, "default": 30},
      "bpm": {"type": "integer", "minimum": 40, "maximum": 240},
      "language": {"type": "string", "enum": ["en", "de", "fr"]},
      "mood": {"type": "string", "enum": ["calm", "dark", "happy"]}}})")
                              .value();
  routing_policy policy;

  decision decide(std::string prompt, request stated = {}) {
    return decide_by_rules({std::move(prompt), std::move(stated), "", &schema, &policy, {}});
  }
  std::string fields(std::string prompt, request stated = {}) {
    return to_json(decide(std::move(prompt), std::move(stated)).fields);
  }
};

TEST_F(music_rules, fill_all_fields_of_a_prompt) {
  const decision d = decide("A dark instrumental techno track, 128 bpm, 2 minutes long");
  EXPECT_EQ(to_json(d.fields),
            R"({"bpm":128,"duration":120,"instrumental":true,"language":"en","mood":"dark"})");
  EXPECT_FALSE(d.refused);
  EXPECT_EQ(d.by, decider::rules);
  EXPECT_EQ(d.language, "en");
}

TEST_F(music_rules, what_the_voter_stated_wins) {
  EXPECT_EQ(fields("A happy tune in German, 20 seconds, 90 bpm",
                   {{"duration", std::int64_t{60}}, {"mood", std::string("calm")}}),
            R"({"bpm":90,"duration":60,"instrumental":false,"language":"de","mood":"calm"})");
}

TEST_F(music_rules, values_that_the_schema_refuses_are_left_to_the_default) {
  EXPECT_EQ(fields("An hour-long drone? No: 2 hours, 20 bpm"),
            R"({"duration":30,"instrumental":false,"language":"en"})");
}

TEST_F(music_rules, lyrics_and_instrumental_exclude_each_other) {
  EXPECT_EQ(fields("Lyrics: instrumental of my soul"), fields("Lyrics: instrumental of my soul"));
  const auto stated = decide("an instrumental piece", {{"lyrics", std::string("la la")}});
  EXPECT_EQ(stated.fields.at("instrumental"), field_value(false));
  const auto found = decide("pop\n[Chorus]\nla la la", {{"instrumental", true}});
  EXPECT_EQ(found.fields.find("lyrics"), found.fields.end());
  EXPECT_TRUE(schema.complaints(found.fields).empty());
}

TEST_F(music_rules, two_moods_are_none) {
  EXPECT_EQ(decide("calm, then dark").fields.count("mood"), 0U);
}

TEST_F(music_rules, the_result_is_always_valid_by_the_schema) {
  for (const char* prompt : {"3 hours", "0.5 seconds", "instrumental\nLyrics: x", "in Klingon",
                             "400 bpm 1 s", "\xf0\x9f\x8e\xb5", "[verse] in French 30s calm"})
    EXPECT_TRUE(schema.complaints(decide(prompt).fields).empty()) << prompt;
}

}  // namespace
}  // namespace agon::routing
