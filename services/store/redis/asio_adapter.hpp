// Lets Asio watch the socket of a hiredis connection. Includes hiredis: only sources of
// services/store/redis include it.
#pragma once

#include <hiredis/async.h>

#include <boost/asio/any_io_executor.hpp>

namespace agon::store {

// Attaches to a fresh context; detaches when hiredis cleans the context up. All calls on
// the context and `executor`'s handlers run on one strand.
void watch_with_asio(redisAsyncContext* context, const boost::asio::any_io_executor& executor);

}  // namespace agon::store
