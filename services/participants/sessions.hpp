// Who is asking: a participant's id in a signed cookie.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "services/core/id.hpp"
#include "services/http/request.hpp"
#include "services/http/signed_cookie.hpp"

namespace agon::participants {

class sessions {
 public:
  // Sessions last this long after they were last given.
  static constexpr std::chrono::seconds lifetime = std::chrono::hours{24 * 180};

  explicit sessions(const http::cookie_signer& signer);

  // The participant, if the request carries a cookie that we have signed.
  [[nodiscard]] std::optional<participant_id> find(const http::request& request) const;
  // errc::unauthenticated if there is none.
  [[nodiscard]] result<participant_id> require(const http::request& request) const;
  // The Set-Cookie header that starts or prolongs a session.
  [[nodiscard]] std::string cookie_for(participant_id participant) const;

  // The Set-Cookie header that ends it.
  [[nodiscard]] std::string cookie_of_nobody() const;

 private:
  const http::cookie_signer& signer_;
  std::string name_;
};

}  // namespace agon::participants
