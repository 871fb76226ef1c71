// One true and one false example of each kind that no shared vector covers; checks of
// what is reported when.
#include <gtest/gtest.h>

#include <string>

#include "privacy/pii/find.hpp"
#include "privacy/pii/keccak.hpp"

namespace agon::pii {
namespace {

bool sees(kind k, const std::string& text) {
  for (const span& s : find(text, {kind_set::only(k), .4}))
    if (s.what == k) return true;
  return false;
}

struct example {
  kind what;
  const char* real;   // seen at the usual threshold
  const char* wrong;  // one digit or letter changed: not seen
};

class national_number : public testing::TestWithParam<example> {};

TEST_P(national_number, is_seen_and_its_check_digit_counts) {
  EXPECT_TRUE(sees(GetParam().what, GetParam().real)) << GetParam().real;
  EXPECT_FALSE(sees(GetParam().what, GetParam().wrong)) << GetParam().wrong;
}

INSTANTIATE_TEST_SUITE_P(
    kinds, national_number,
    testing::Values(example{kind::br_cpf, "529.982.247-25", "529.982.247-26"},
                    example{kind::br_cnpj, "11.222.333/0001-81", "11.222.333/0001-82"},
                    example{kind::ar_cuit, "CUIT 20-12345678-6", "CUIT 20-12345678-7"},
                    example{kind::cl_rut, "RUT 12.345.678-5", "RUT 12.345.678-6"},
                    example{kind::fr_nir, "NIR 2 55 08 14 168 025 38", "NIR 2 55 08 14 168 025 39"},
                    example{kind::be_national_number, "85.07.30-033.28", "85.07.30-033.29"},
                    example{kind::nl_bsn, "BSN 111222333", "BSN 111222334"},
                    example{kind::ch_ahv, "756.9217.0769.85", "756.9217.0769.84"},
                    example{kind::no_fodselsnummer, "fødselsnummer 15076500565",
                            "fødselsnummer 15076500566"},
                    example{kind::is_kennitala, "kennitala 120174-3399", "kennitala 120174-3389"},
                    example{kind::ro_cnp, "CNP 1800101221144", "CNP 1800101221145"},
                    example{kind::bg_egn, "EGN 7523169263", "EGN 7523169264"},
                    example{kind::hr_oib, "OIB 33392005961", "OIB 33392005962"},
                    example{kind::ee_isikukood, "isikukood 37605030299", "isikukood 37605030298"},
                    example{kind::cz_rodne_cislo, "710319/2745", "710319/2746"},
                    example{kind::ie_pps, "PPS 6433435F", "PPS 6433435G"},
                    example{kind::ru_snils, "112-233-445 95", "112-233-445 96"},
                    example{kind::cn_resident_id, "11010519491231002X", "110105194912310021"},
                    example{kind::tw_id, "A123456789", "A123456788"},
                    example{kind::hk_id, "HKID A123456(3)", "HKID A123456(4)"},
                    example{kind::il_id, "teudat zehut 000000018", "teudat zehut 000000019"},
                    example{kind::vin, "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"},
                    example{kind::at_svnr, "SVNR 1237 010180", "SVNR 1238 010180"},
                    example{kind::mx_curp, "HEGG560427MVZRRL04", "HEGG561427MVZRRL04"}));

TEST(kinds, names_and_kinds_are_each_others_inverse) {
  for (std::size_t k = 0; k < kinds; ++k)
    EXPECT_EQ(kind_named(name_of(static_cast<kind>(k))), static_cast<kind>(k));
  EXPECT_EQ(kind_named("NOBODY"), std::nullopt);
  EXPECT_EQ(name_of(kind::us_ssn), "US_SSN");
  EXPECT_EQ(name_of(kind::nz_ird), "NZ_IRD");
}

TEST(kinds, ethereum_addresses_are_checked_by_their_capitals) {
  EXPECT_TRUE(sees(kind::crypto, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
  EXPECT_FALSE(sees(kind::crypto, "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
  EXPECT_TRUE(sees(kind::crypto, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
  // The digest of nothing, as Ethereum's yellow paper gives it.
  EXPECT_EQ(keccak256("")[0], 0xc5);
  EXPECT_EQ(keccak256("")[31], 0x70);
}

TEST(kinds, words_nearby_make_numbers_likelier) {
  EXPECT_FALSE(sees(kind::us_passport, "order A12803456"));
  EXPECT_TRUE(sees(kind::us_passport, "passport A12803456"));
  EXPECT_TRUE(sees(kind::de_tax_number, "Steuernummer: 0981508150999"));
  EXPECT_FALSE(sees(kind::de_tax_number, "Artikel: 0981508150999"));
}

TEST(kinds, dates_are_personal_where_someone_is_born) {
  EXPECT_TRUE(find("The report of 2026-11-24.").empty());
  const auto found = find("She was born on 2/7/1961 in spring");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, kind::date_of_birth);
  EXPECT_EQ(find("geboren am 3. März 1970")[0].what, kind::date_of_birth);
  EXPECT_EQ(find("née le 14 juillet 1980")[0].what, kind::date_of_birth);
}

TEST(kinds, places_on_earth) {
  EXPECT_TRUE(sees(kind::gps_coordinates, "at 48.8582, 2.2945"));
  EXPECT_TRUE(sees(kind::gps_coordinates, "lat: 48.85, lon: 2.29"));
  EXPECT_TRUE(sees(kind::gps_coordinates, "48°51'29.6\"N 2°17'40.2\"E"));
  EXPECT_FALSE(sees(kind::gps_coordinates, "between 1.5, 2.5 and 3.25, 4.75"));
}

TEST(kinds, handles_of_people_and_not_words_of_languages) {
  EXPECT_TRUE(sees(kind::handle, "ping @jane_doe99 please"));
  EXPECT_TRUE(sees(kind::handle, "https://www.linkedin.com/in/jane-doe-123"));
  for (const char* text : {"@param x the number", "@Override public", "@media screen", "a@b",
                           "\"@types/node\"", "@app.route('/')"})
    EXPECT_FALSE(sees(kind::handle, text)) << text;
}

TEST(kinds, machine_readable_lines_of_documents) {
  const std::string passport =
      "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
      "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
  const auto found = find(passport, {kind_set::only(kind::mrz), .4});
  EXPECT_EQ(found.size(), 2U);
  EXPECT_TRUE(find("L898902C37UTO7408122F1204159ZE184226B<<<<<10", {kind_set::only(kind::mrz), .4})
                  .empty());
}

TEST(kinds, private_and_public_addresses_are_told_apart) {
  for (const char* a : {"10.0.0.1", "192.168.1.1/24", "127.0.0.1", "fe80::1%eth0", "::1", "fd00::1",
                        "::ffff:10.0.0.1", "192.0.2.1", "2001:db8::1"})
    EXPECT_TRUE(is_private_address(a)) << a;
  for (const char* a : {"8.8.8.8", "2001:4860:4860::8888", "nonsense"})
    EXPECT_FALSE(is_private_address(a)) << a;
}

TEST(kinds, only_what_is_wanted_contends) {
  const std::string text = "call 4111 1111 1111 1111";
  EXPECT_EQ(find(text)[0].what, kind::credit_card);
  for (const span& s : find(text, {kind_set::only(kind::phone_number), .4}))
    EXPECT_EQ(s.what, kind::phone_number);
}

TEST(kinds, placeholders_are_left_alone_and_little_can_hide_in_one) {
  EXPECT_TRUE(find("<EMAIL_ADDRESS_1> and <US_SSN_12>", {kind_set::all(), 0}).empty());
  EXPECT_FALSE(find("<EMAIL_ADDRESS_4111111111111111>").empty());
  EXPECT_FALSE(find("<NOBODY_1 4111111111111111>").empty());
}

}  // namespace
}  // namespace agon::pii
