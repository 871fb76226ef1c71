#include "services/arena/self_naming.hpp"

#include <gtest/gtest.h>

namespace agon::arena {
namespace {

std::string_view named(std::string_view text) {
  static const self_naming names({"Blue Lagoon", "lagoon-7b-instruct"}, {"Harbour Labs"});
  return names.find(text);
}

TEST(self_naming, introductions_are_found) {
  EXPECT_EQ(named("Hello! I am ChatGPT, how can I help?"), "ChatGPT");
  EXPECT_EQ(named("I'm Claude, an AI assistant."), "Claude");
  EXPECT_EQ(named("I’m Claude."), "Claude");
  EXPECT_EQ(named("As an AI language model trained by Google, I cannot."), "Google");
  EXPECT_EQ(named("I was made by the Chinese company DeepSeek."), "DeepSeek");
  EXPECT_EQ(named("Sure.\n\nMy name is **Qwen2.5**, built by Alibaba Cloud."), "Alibaba");
  EXPECT_EQ(named("I am a large language model, trained by Google."), "Google");
}

TEST(self_naming, the_longest_name_is_told) {
  EXPECT_EQ(named("I am GPT-4o."), "GPT-4o");
}

TEST(self_naming, an_arenas_own_systems_and_makers_are_known) {
  EXPECT_EQ(named("You are talking to Blue Lagoon."), "Blue Lagoon");
  EXPECT_EQ(named("I am lagoon-7b-instruct"), "lagoon-7b-instruct");
  EXPECT_EQ(named("I was trained by Harbour Labs."), "Harbour Labs");
}

TEST(self_naming, other_languages_speak_of_themselves_too) {
  EXPECT_EQ(named("Ich bin ChatGPT, ein Sprachmodell."), "ChatGPT");
  EXPECT_EQ(named("Ich wurde von OpenAI entwickelt."), "OpenAI");
  EXPECT_EQ(named("Je suis un modèle développé par Mistral AI."), "Mistral AI");
  EXPECT_EQ(named("Soy un modelo creado por OpenAI."), "OpenAI");
  EXPECT_EQ(named("我是通义千问。"), "通义千问");
  EXPECT_EQ(named("我是由深度求索公司开发的助手"), "深度求索");
}

TEST(self_naming, texts_about_systems_do_not_name_themselves) {
  EXPECT_EQ(named("ChatGPT is a chatbot by OpenAI."), "");
  EXPECT_EQ(named("I am a teacher. Some of my pupils use ChatGPT."), "");
  EXPECT_EQ(named("Dear team, I am writing to apply at Google as an engineer."), "");
  EXPECT_EQ(named("I was at Microsoft for ten years."), "");
  EXPECT_EQ(named("The model is made by Harbour Labs."), "");
  EXPECT_EQ(named(""), "");
}

TEST(self_naming, denials_tell_as_well) {
  EXPECT_EQ(named("I am not ChatGPT."), "ChatGPT");
}

TEST(self_naming, a_name_within_a_word_is_none) {
  EXPECT_EQ(named("I am an Egptian."), "");
  EXPECT_EQ(named("I am metaphorically speaking."), "");
}

}  // namespace
}  // namespace agon::arena
