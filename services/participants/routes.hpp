// GET /api/v1/session and POST /api/v1/arenas/{arena}/consent.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/id.hpp"
#include "services/http/router.hpp"
#include "services/integrity/rate_limiter.hpp"
#include "services/participants/participant_store.hpp"
#include "services/participants/sessions.hpp"

namespace agon::participants {

// What an arena asks people to agree to. Wired to the arenas by commands/.
struct consent_terms {
  int arena = 0;
  std::string slug;
  std::string text_sha256;
  std::vector<std::string> purposes;  // all that may be agreed to
  std::vector<std::string> required;
};

class terms_source {
 public:
  virtual ~terms_source() = default;
  [[nodiscard]] virtual std::optional<consent_terms> terms_by_slug(std::string_view slug) const = 0;
  [[nodiscard]] virtual std::optional<consent_terms> terms_by_id(int arena) const = 0;
};

struct participant_api {
  participant_store& store;
  const sessions& who;
  const terms_source& terms;
  id_source& ids;
  clock_source& clock;
  integrity::rate_limiter& limiter;
  integrity::limit consents_per_address = integrity::consents_per_address;
};

// `api` and what it refers to must outlive the router.
void add_routes(http::router& router, participant_api& api);

}  // namespace agon::participants
