// Ten thousand planted addresses, cards and numbers, in every text column, plain and
// in disguise: none may be in any file, in any spelling.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include "privacy/pii/folded_text.hpp"
#include "tests/unit/release/small_release.hpp"

namespace agon::release {
namespace {

namespace fs = std::filesystem;

constexpr int canaries = 10'000;

std::string luhn_completed(std::string digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int d = digits[digits.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string iban_of(const std::string& account) {  // Germany: 18 digits
  unsigned remainder = 0;
  for (const char c : account + "131400")  // "DE00"
    remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
  const unsigned check = 98 - remainder;
  return "DE" + std::string(check < 10 ? "0" : "") + std::to_string(check) + account;
}

// The n-th canary; its digits, or its name, are in no other.
std::string canary(int n) {
  char seven[8];
  std::snprintf(seven, sizeof seven, "%07lld", 1'000'003LL * n % 10'000'000);
  switch (n % 5) {
    case 0:
      return "canary" + std::string(seven) + "@example.org";
    case 1:
      return luhn_completed("41111111" + std::string(seven));
    case 2:
      return "+4930" + std::string(seven);
    case 3:
      return iban_of("37040044053" + std::string(seven));
    default:
      return "2001:db8::" + std::string(seven, 3) + ":" + std::string(seven + 3, 4);
  }
}

using disguise = std::string (*)(const std::string&);

std::string plain(const std::string& s) {
  return s;
}

std::string full_width(const std::string& s) {
  std::string out;
  for (const char c : s) {
    const auto code = static_cast<unsigned>(c) - 0x21U + 0xff01U;  // UTF-8 of three bytes
    out += static_cast<char>(0xe0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
    out += static_cast<char>(0x80U | (code & 0x3fU));
  }
  return out;
}

std::string joined_by(const std::string& s, const char* mark) {
  std::string out;
  for (const char c : s) (out += out.empty() ? "" : mark) += c;
  return out;
}

std::string zero_width(const std::string& s) {
  return joined_by(s, "\u200b");
}
std::string underlined(const std::string& s) {
  return joined_by(s, "\u0332");
}

std::string arabic_digits(const std::string& s) {
  std::string out;
  for (const char c : s)
    if (pii::is_digit(c))
      out += std::string("\xd9") + static_cast<char>(0xa0 + (c - '0'));
    else
      out += c;
  return out;
}

TEST(canaries, none_survives_in_any_file_plain_or_disguised) {
  constexpr std::array<disguise, 5> disguises{plain, full_width, zero_width, arabic_digits,
                                              underlined};
  test::temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", test::small_options(), random);
  std::set<std::string> planted;
  for (int n = 0; n < canaries; n += 3) {
    const std::string id = "battle-" + std::to_string(n);
    std::string hidden[3];
    for (int i = 0; i < 3; ++i) {
      const std::string c = canary(n + i);
      planted.insert(c);
      const disguise d = disguises[static_cast<std::size_t>((n + i) / 5) % disguises.size()];
      hidden[i] = "see (" + d(c) + "), please";
    }
    row vote;
    vote.set("battle", id).set("arena", "speech").set("day", "2026-11-24");
    vote.set("protocol_version", 1).set("system_a", "flite/slt").set("system_b", "flite/kal");
    vote.set("winner", "tie").set("prompt", hidden[0]);
    ASSERT_TRUE((*b)->add("votes", vote));
    ASSERT_TRUE((*b)->add("outputs", test::output(id, "a", "flite/slt").set("text", hidden[1])));
    ASSERT_TRUE((*b)->add("feedback", test::comment(id, hidden[2])));
  }
  const auto summary = (*b)->finish();
  ASSERT_TRUE(summary) << summary.error().describe();
  ASSERT_GT(planted.size(), 9'900U);

  std::int64_t redacted = 0;
  for (const auto& [kind, count] : summary->redacted) redacted += count;
  EXPECT_EQ(redacted, canaries + (3 - canaries % 3) % 3);
  for (const auto& entry : fs::recursive_directory_iterator(dir.path() / "r")) {
    if (!entry.is_regular_file()) continue;
    std::string text = test::read_file(entry.path());
    if (entry.path().extension() == ".zst") text = test::decompress(text);
    // Every row's text is "see (<KIND_1>), please": what was planted would stand there.
    EXPECT_EQ(text.find("canary"), std::string::npos) << entry.path();
    for (std::size_t at = text.find("see ("); at != std::string::npos;
         at = text.find("see (", at + 1)) {
      ASSERT_EQ(text[at + 5], '<') << text.substr(at, 80);
      ASSERT_EQ(text.substr(text.find('>', at), 10), ">), please") << text.substr(at, 80);
    }
  }
}

}  // namespace
}  // namespace agon::release
