#include <gtest/gtest.h>

#include <random>
#include <string>

#include "privacy/pii/find.hpp"
#include "privacy/pii/secret_shapes.hpp"

namespace agon::pii {
namespace {

// A text that the form gives, of random characters.
std::string example_of(std::string_view form, std::mt19937& random) {
  std::string out;
  for (std::size_t i = 0; i < form.size();) {
    if (i + 1 >= form.size() || form[i + 1] != '{') {
      if (form[i] == '\'') ++i;
      out += form[i++];
      continue;
    }
    const std::string_view set = characters_of(form[i]);
    const std::size_t n = std::stoul(std::string(form.substr(i + 2)));
    // Letters and digits only, so that neighbouring parts of the form stay apart.
    for (std::size_t k = 0; k < n;) {
      const char c = set[random() % set.size()];
      if (std::string_view("-_.=+/").find(c) != std::string_view::npos) continue;
      out += c;
      ++k;
    }
    i = form.find('}', i) + 1;
  }
  return out;
}

bool finds_secret(const std::string& text, const std::string& secret) {
  for (const span& s : find(text, {kind_set::only(kind::secret), .4}))
    if (text.substr(s.begin, s.end - s.begin).find(secret) != std::string::npos) return true;
  return false;
}

TEST(secrets, there_are_more_than_two_hundred_shapes) {
  EXPECT_GE(token_shapes().size() + assigned_shapes().size(), 200U);
}

TEST(secrets, every_token_is_found_in_a_sentence) {
  std::mt19937 random(5);
  for (const token_shape& shape : token_shapes()) {
    const std::string token = shape.prefix + example_of(shape.form, random);
    EXPECT_TRUE(finds_secret("use " + token + ", please", token)) << shape.service << " " << token;
    EXPECT_TRUE(finds_secret("KEY=\"" + token + "\"\n", token)) << shape.service << " " << token;
  }
}

TEST(secrets, every_assigned_key_is_found_behind_its_service) {
  std::mt19937 random(6);
  for (const assigned_shape& shape : assigned_shapes()) {
    std::string key;
    do key = example_of(shape.form, random);
    while (key.find_first_of("0123456789") == std::string::npos || entropy_of(key) < shape.entropy);
    for (const char* between : {"_api_key = \"", ": ", "Token=>'"})
      EXPECT_TRUE(finds_secret(shape.service + (between + key) + "\"", key))
          << shape.service << between << key;
  }
}

TEST(secrets, private_keys_are_taken_whole) {
  const std::string key =
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq0\nq83x/+Zz\n-----END RSA PRIVATE "
      "KEY-----";
  {
    const auto found = find("a\n" + key + "\nb");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].begin, 2U);
    EXPECT_EQ(found[0].end, 2 + key.size());
  }
  EXPECT_TRUE(finds_secret("-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA cut off", "MIIEpAIB"));
}

TEST(secrets, passwords_that_are_told_or_assigned) {
  EXPECT_TRUE(finds_secret("my password is hunter2!", "hunter2"));
  EXPECT_TRUE(finds_secret("Das Passwort lautet Geheim123", "Geheim123"));
  EXPECT_TRUE(finds_secret("db_password: 'S3cure!pass'", "S3cure!pass"));
  EXPECT_TRUE(finds_secret("https://jane:s3cret@db.example.org/x", "jane:s3cret"));
  EXPECT_TRUE(finds_secret("Authorization: Bearer abcDEF123456789xyzQ", "abcDEF123456789xyzQ"));
}

TEST(secrets, talk_about_secrets_is_none) {
  for (const char* text :
       {"How do I choose a good password?", "password = input()", "token: str", "the secret is out",
        "api_key = os.environ[\"API_KEY\"]", "password=$PASSWORD", "my password is wrong",
        "secret: aaaaaaaaaaaaaaaaaaaaaaaa1", "sk-learn and AKIA", "see https://example.org/a@b",
        "the token is valid", "password: ********"})
    EXPECT_TRUE(find(text, {kind_set::only(kind::secret), .4}).empty()) << text;
}

}  // namespace
}  // namespace agon::pii
