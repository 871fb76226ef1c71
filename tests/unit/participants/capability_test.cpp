#include "services/participants/capability.hpp"

#include <gtest/gtest.h>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::participants {
namespace {

TEST(capability, is_read_back_and_known_by_its_hash) {
  crypto::system_random random;
  const secret made = new_capability(random);
  EXPECT_EQ(made.reveal().size(), 43U);
  EXPECT_NE(made.reveal(), new_capability(random).reveal());
  const auto read = capability_of("Bearer " + made.reveal());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->reveal(), made.reveal());
  EXPECT_EQ(capability_hash(*read), capability_hash(made));
  EXPECT_EQ(capability_hash(made).size(), 32U);
  EXPECT_NE(capability_hash(made), crypto::bytes_of(crypto::sha256(made.reveal())))
      << "a hash of its own, that no other table could hold by chance";
}

TEST(capability, of_another_form_is_none) {
  const std::string good(43, 'A');
  EXPECT_TRUE(capability_of("Bearer " + good));
  for (const std::string& bad :
       {std::string(), std::string("Bearer"), "bearer " + good, good, "Basic " + good,
        "Bearer  " + good, "Bearer " + good + " ", "Bearer " + good.substr(1),
        "Bearer " + good + "A", "Bearer " + std::string(42, 'A') + "=",
        "Bearer " + std::string(42, 'A') + "B", "Bearer " + std::string(100'000, 'A')})
    EXPECT_FALSE(capability_of(bad)) << bad.substr(0, 60);
}

}  // namespace
}  // namespace agon::participants
