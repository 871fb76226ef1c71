#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "privacy/pii/find.hpp"
#include "privacy/pii/names_model.hpp"

namespace agon::pii {
namespace {

std::vector<std::string> names_seen_in(const std::string& text) {
  std::vector<std::string> out;
  for (const span& s : find(text, {kind_set::all(), .4}))
    out.push_back(std::string(name_of(s.what)) + " " + text.substr(s.begin, s.end - s.begin));
  return out;
}

using list = std::vector<std::string>;

TEST(names, people_and_places_in_plain_sentences) {
  EXPECT_EQ(names_seen_in("My name is Karen Schmidt and I live in Lisbon."),
            (list{"PERSON Karen Schmidt", "LOCATION Lisbon"}));
  EXPECT_EQ(names_seen_in("Ich heiße Jürgen Müller und wohne in Köln."),
            (list{"PERSON Jürgen Müller", "LOCATION Köln"}));
}

TEST(names, people_of_history_are_no_finds) {
  EXPECT_EQ(names_seen_in("What did Isaac Newton discover?"), list{});
  EXPECT_EQ(names_seen_in("A poem by William Shakespeare"), list{});
}

TEST(names, questions_without_names_are_left_alone) {
  for (const char* text : {"How can I improve my writing?", "Explain quantum computing simply.",
                           "import os\nimport sys\n", "What is the capital letter for?"})
    EXPECT_EQ(names_seen_in(text), list{}) << text;
}

TEST(names, damaged_models_are_refused) {
  EXPECT_THROW((void)names_model::decoded(""), std::runtime_error);
  EXPECT_THROW((void)names_model::decoded("agon names 1\nnonsense"), std::runtime_error);
}

TEST(names, models_survive_their_own_writing) {
  name_lists lists;
  lists.add("Jane", first_name);
  lists.add("San Marino", land);
  std::vector<names_model::row> rows(std::size_t{1} << name_feature_bits, names_model::row{});
  rows[7][2] = -300;
  rows[9][8] = 5;
  const std::string bytes = names_model(std::move(lists), std::move(rows)).encoded();
  EXPECT_EQ(names_model::decoded(bytes).encoded(), bytes);
}

TEST(names, lists_know_phrases) {
  name_lists lists;
  lists.add("San Marino", land);
  const auto tokens = name_tokens("in San Marino, Marino");
  const auto bits = listed_in(lists, tokens);
  EXPECT_EQ(bits[1] & in_town, in_town);
  EXPECT_EQ(bits[2] & goes_on, goes_on);
  EXPECT_EQ(bits[4], 0);
}

}  // namespace
}  // namespace agon::pii
