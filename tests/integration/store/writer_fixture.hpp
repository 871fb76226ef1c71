// A database with an arena, a pool and a group-commit writer on it.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/judgment_writer.hpp"
#include "services/store/postgres/pool.hpp"
#include "tests/integration/postgres_fixture.hpp"
#include "tests/integration/run.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {

class writer_fixture : public testing::Test {
 protected:
  writer_fixture() { add_arena(db); }

  store::judgment_writer& writer() {
    if (!writer_) writer_ = store::make_judgment_writer(settings, pool, random);
    return *writer_;
  }
  result<arena::recorded> record(arena::submission s) { return run(writer().record(std::move(s))); }
  [[nodiscard]] std::string rows() const { return db.value("select count(*) from agon.judgment"); }

  crypto::system_random random;
  database db;
  store::batch_settings settings{.connection = db.settings(), .reconnect = {}};
  store::pool pool{{.connection = db.settings(), .connections = 2, .reconnect = {}}, random};

 private:
  std::unique_ptr<store::judgment_writer> writer_;
};

}  // namespace agon::test
