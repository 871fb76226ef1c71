// The finders behind find(): each reads folded text and adds what it sees. Those of one
// stage may overlap one another; find.cpp decides. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "privacy/pii/context_words.hpp"
#include "privacy/pii/kinds.hpp"

namespace agon::pii {

// Places in the folded text.
struct sighting {
  kind what = kind::email_address;
  std::size_t begin = 0, end = 0;
  double score = 0;
};

using sightings = std::vector<sighting>;

// What a finder may look at. The text has what surer finders took blotted out.
struct scanned_text {
  std::string_view text;
  const context_words& words;
  const kind_set& wanted;
};

// local@domain.tld; a dot in the domain, letters in the last label.
void find_emails(const scanned_text& t, sightings& out);

// ISO 13616: country, length, mod 97; single spaces or hyphens between; one case.
void find_ibans(const scanned_text& t, sightings& out);

// Dotted IPv4; IPv6 as inet_pton reads it, with zone and prefix length.
void find_ip_addresses(const scanned_text& t, sightings& out);

// A network's prefix and length, and Luhn; spaces, dots or hyphens between groups.
void find_cards(const scanned_text& t, sightings& out);

// International numbers, common national forms, and weaker forms beside a word that
// speaks of telephones. Reads no dates, social security numbers or bare numbers.
void find_phones(const scanned_text& t, sightings& out);

// Bitcoin (base58check, bech32, bech32m), Ethereum (EIP-55), Litecoin, Dogecoin, XRP,
// Tron, Monero; their checksums hold.
void find_crypto(const scanned_text& t, sightings& out);

// EUI-48, in pairs or in Cisco's groups of four.
void find_macs(const scanned_text& t, sightings& out);

// The table of shapes.hpp.
void find_shapes(const scanned_text& t, sightings& out);

// With a scheme, with "www.", or a domain under a public suffix.
void find_urls(const scanned_text& t, sightings& out);

// Dates and times; a date near a word of birth is a date of birth.
void find_dates(const scanned_text& t, sightings& out);

// Two numbers with four decimals or more, or degrees, minutes and seconds.
void find_coordinates(const scanned_text& t, sightings& out);

// "@name", and pages of people on social networks.
void find_handles(const scanned_text& t, sightings& out);

// ICAO 9303: the lines of a passport, card or visa that machines read.
void find_mrz(const scanned_text& t, sightings& out);

// Keys and tokens of services, passwords, private keys, credentials in URLs; with the
// entropy that random text has.
void find_secrets(const scanned_text& t, sightings& out);

// People, places, organisations and street addresses, by the tagger.
void find_names(const scanned_text& t, sightings& out);

}  // namespace agon::pii
