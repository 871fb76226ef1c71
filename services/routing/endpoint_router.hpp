// An OpenAI-compatible chat endpoint that decides, with the rules behind it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "privacy/crypto/random.hpp"
#include "services/core/redacted.hpp"
#include "services/routing/router.hpp"

namespace agon::routing {

struct endpoint_settings {
  std::string url;  // up to the version: https://api.example.org/v1
  secret key;       // sent as a bearer token; may be empty
  std::string model;
  std::chrono::milliseconds timeout{4'000};  // then the rules decide
};

// One call per prompt, without retries: the rules are the second try. After five failures
// in a row it is left alone for a while, so that voters do not wait for a dead endpoint.
// errc::invalid_input, in words for the operator, for settings that cannot be used.
// `random` must outlive the router.
[[nodiscard]] result<std::unique_ptr<router>> make_endpoint_router(
    const boost::asio::any_io_executor& executor, const endpoint_settings& settings,
    crypto::random_source& random);

}  // namespace agon::routing
