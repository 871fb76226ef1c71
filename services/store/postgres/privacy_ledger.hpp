// The ledger of privacy in PostgreSQL (services/releases/privacy_ledger.hpp).
#pragma once

#include <memory>

#include "services/releases/privacy_ledger.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

// Connects at the first call. settings.role is agon_release.
[[nodiscard]] std::unique_ptr<releases::privacy_ledger> make_privacy_ledger(
    connection_settings settings);

}  // namespace agon::store
