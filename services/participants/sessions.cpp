#include "services/participants/sessions.hpp"

namespace agon::participants {
namespace {

constexpr std::string_view base_name = "agon-session";

}  // namespace

sessions::sessions(const http::cookie_signer& signer)
    : signer_(signer), name_(signer.name(base_name)) {}

std::optional<participant_id> sessions::find(const http::request& request) const {
  const std::string_view cookie = request.cookie(name_);
  if (cookie.empty()) return std::nullopt;
  const auto value = signer_.verify(base_name, cookie);
  if (!value) return std::nullopt;
  const auto id = parse_uuid(*value);
  if (!id) return std::nullopt;
  return participant_id{*id};
}

result<participant_id> sessions::require(const http::request& request) const {
  if (const auto found = find(request)) return *found;
  return fail(errc::unauthenticated, "There is no session: agree to the arena's terms first.");
}

std::string sessions::cookie_for(participant_id participant) const {
  return signer_.set_cookie(base_name, to_string(participant), lifetime);
}

std::string sessions::cookie_of_nobody() const {
  return signer_.set_cookie(base_name, "", std::chrono::seconds(0));
}

}  // namespace agon::participants
