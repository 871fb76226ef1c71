// The group-commit writer: where judgments become durable.
#pragma once

#include <cstddef>
#include <memory>

#include "privacy/crypto/random.hpp"
#include "services/arena/judgment_log.hpp"
#include "services/store/postgres/batch_settings.hpp"

namespace agon::store {

class pool;

// Two lanes, each a thread and a connection; a battle has one lane. A lane takes whatever
// queued while its last transaction committed and writes it as one statement with arrays,
// without a timer; every caller is answered when its transaction is durable
// (synchronous_commit = on). Half of settings.queue may wait in each.
//
// A submission whose rows PostgreSQL refuses fails alone. When the connection is lost
// the outcome of a batch is unknown: the same rows, with the same nonces, are offered
// again on the next connection, and what is there already is recognised by them. A caller
// whose deadline passes is told errc::unavailable; its row may still have gone in, and
// the same idempotency key will get the receipt.
class judgment_writer : public arena::judgment_log {
 public:
  // Submissions that wait now, for metrics.
  [[nodiscard]] virtual std::size_t queued() const = 0;
  // Refuses new submissions, writes those that wait and ends the thread. Idempotent; the
  // destructor does it too.
  virtual void stop() = 0;
};

// `reads` answers judgments(); it, `random` and the callers' contexts outlive the writer.
// One writer per process.
[[nodiscard]] std::unique_ptr<judgment_writer> make_judgment_writer(batch_settings settings,
                                                                    pool& reads,
                                                                    crypto::random_source& random);

}  // namespace agon::store
