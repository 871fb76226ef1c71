// The finders behind find(): each reads folded text and adds what it sees, in the
// order of the text, without overlaps of its own. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "privacy/pii/find.hpp"

namespace agon::pii {

// Places in the folded text.
struct sighting {
  kind what = kind::email_address;
  std::size_t begin = 0, end = 0;
  double score = 0;
};

using sightings = std::vector<sighting>;

// local@domain.tld; a dot in the domain, letters in the last label.
void find_emails(std::string_view folded, sightings& out);

// ISO 13616: country, length, mod 97; single spaces or hyphens between; one case.
void find_ibans(std::string_view folded, sightings& out);

// Dotted IPv4; IPv6 as inet_pton reads it, with zone and prefix length.
void find_ip_addresses(std::string_view folded, sightings& out);

// A network's prefix and length, and Luhn; spaces, dots or hyphens between groups.
void find_cards(std::string_view folded, sightings& out);

// International numbers, common national forms, and weaker forms beside a word that
// speaks of telephones. Reads no dates, social security numbers or bare numbers.
void find_phones(std::string_view folded, sightings& out);

}  // namespace agon::pii
