#include "services/http/signed_cookie.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace agon::http {
namespace {

const secret key(std::string(32, 'k'));

// The text between "name=" and the first ';'.
std::string value_in(const std::string& set_cookie) {
  const std::size_t start = set_cookie.find('=') + 1;
  return set_cookie.substr(start, set_cookie.find(';') - start);
}

class signed_cookie : public ::testing::Test {
 protected:
  cookie_signer signer_{key, true};
  std::string text_ = value_in(
      signer_.set_cookie("agon", std::string("some;value=\0é", 14), std::chrono::hours(1)));
};

TEST_F(signed_cookie, comes_back_as_it_was_set) {
  EXPECT_EQ(signer_.verify("agon", text_), std::string("some;value=\0é", 14));
}

TEST_F(signed_cookie, has_safe_attributes) {
  const std::string text = signer_.set_cookie("agon", "v", std::chrono::hours(1));
  EXPECT_TRUE(text.starts_with("__Host-agon=")) << text;
  for (const std::string_view part :
       {"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=3600"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  EXPECT_EQ(text.find("Domain"), std::string::npos);
}

TEST_F(signed_cookie, without_tls_has_no_host_prefix) {
  const cookie_signer plain(key, false);
  const std::string text = plain.set_cookie("agon", "v", std::chrono::hours(1));
  EXPECT_TRUE(text.starts_with("agon=")) << text;
  EXPECT_EQ(text.find("Secure"), std::string::npos);
}

TEST_F(signed_cookie, every_changed_byte_is_noticed) {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    std::string changed = text_;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(signer_.verify("agon", changed), std::nullopt) << i;
  }
}

TEST_F(signed_cookie, cut_and_extended_texts_are_refused) {
  for (std::size_t i = 0; i < text_.size(); ++i)
    EXPECT_EQ(signer_.verify("agon", text_.substr(0, i)), std::nullopt) << i;
  EXPECT_EQ(signer_.verify("agon", text_ + "A"), std::nullopt);
  EXPECT_EQ(signer_.verify("agon", "A" + text_), std::nullopt);
  EXPECT_EQ(signer_.verify("agon", "."), std::nullopt);
}

TEST_F(signed_cookie, is_bound_to_name_and_key) {
  EXPECT_EQ(signer_.verify("other", text_), std::nullopt);
  const cookie_signer foreign(secret(std::string(32, 'x')), true);
  EXPECT_EQ(foreign.verify("agon", text_), std::nullopt);
}

TEST_F(signed_cookie, weak_keys_and_odd_names_are_refused) {
  EXPECT_THROW(cookie_signer(secret("short"), true), std::invalid_argument);
  EXPECT_THROW((void)signer_.set_cookie("a;b", "v", std::chrono::hours(1)), std::invalid_argument);
}

}  // namespace
}  // namespace agon::http
