// Rows per second through the group-commit writer beside one INSERT per transaction, on
// the same private PostgreSQL in the same run, everything durable.
//
//   agon_writer_benchmark [seconds per round] [callers] [rounds] [comments per vote]
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/judgment_rows.hpp"
#include "services/store/postgres/judgment_writer.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"
#include "tests/integration/postgres_fixture.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::bench {
namespace {

using steady = std::chrono::steady_clock;
using std::chrono::duration;

struct measured {
  std::vector<double> milliseconds;
  std::size_t rows = 0;
  double seconds = 0;
};

arena::submission sample(int comments) {
  arena::submission s = test::vote_on(test::new_id<battle_id>());
  for (int i = 0; i < comments; ++i)
    s.judgments.push_back(test::comment("why_" + std::to_string(i)));
  s.judgments[0].body.append(200, ' ');  // as long as a real one
  return s;
}

// Processor time of this program and of the server's sessions, which the load of other
// programs does not change.
struct processor_time {
  double here = 0;
  double server = 0;
};

processor_time used(const test::database& db) {
  processor_time t;
  t.here = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  for (const auto& row :
       db.sql("select pid from pg_stat_activity where application_name = 'agon'")) {
    std::ifstream stat("/proc/" + row[0] + "/stat");
    std::string skipped;
    for (int i = 0; i < 13; ++i) stat >> skipped;
    double user = 0;
    double system = 0;
    stat >> user >> system;
    t.server += (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  return t;
}

void print(std::string_view what, measured m) {
  std::sort(m.milliseconds.begin(), m.milliseconds.end());
  const auto at = [&](double q) {
    return m
        .milliseconds[static_cast<std::size_t>(q * static_cast<double>(m.milliseconds.size() - 1))];
  };
  fmt::print("{:<34} {:>8.0f} rows/s   p50 {:6.2f} ms   p99 {:6.2f} ms\n", what,
             static_cast<double>(m.rows) / m.seconds, at(0.5), at(0.99));
  std::fflush(stdout);
}

// One INSERT per transaction, each of the connections on a thread of its own.
measured single_inserts(const test::database& db, int connections, double seconds) {
  std::vector<std::thread> threads;
  std::vector<measured> parts(static_cast<std::size_t>(connections));
  const auto start = steady::now();
  const auto end = start + duration<double>(seconds);
  for (measured& part : parts)
    threads.emplace_back([&] {
      store::session session(db.settings());
      crypto::system_random random;
      while (steady::now() < end) {
        const store::judgment_item item{{}, nullptr, sample(0), {random.bytes(32)}};
        const store::judgment_item* const one = &item;
        const auto before = steady::now();
        part.rows += store::insert_judgments(session, {&one, 1});
        part.milliseconds.push_back(duration<double, std::milli>(steady::now() - before).count());
      }
    });
  for (auto& t : threads) t.join();
  measured all;
  all.seconds = duration<double>(steady::now() - start).count();
  for (const measured& p : parts) {
    all.rows += p.rows;
    all.milliseconds.insert(all.milliseconds.end(), p.milliseconds.begin(), p.milliseconds.end());
  }
  return all;
}

measured through_writer(store::judgment_writer& writer, int callers, int comments, double seconds) {
  boost::asio::io_context context;
  measured all;
  const auto start = steady::now();
  const auto end = start + duration<double>(seconds);
  const auto caller = [&]() -> awaitable<void> {
    while (steady::now() < end) {
      arena::submission s = sample(comments);
      const std::size_t rows = s.judgments.size();
      const auto before = steady::now();
      const auto answer = co_await writer.record(std::move(s));
      if (!answer) {
        fmt::print("refused: {}\n", answer.error().detail);
        std::exit(1);
      }
      all.rows += rows;
      all.milliseconds.push_back(duration<double, std::milli>(steady::now() - before).count());
    }
  };
  for (int i = 0; i < callers; ++i) boost::asio::co_spawn(context, caller(), boost::asio::detached);
  context.run();
  all.seconds = duration<double>(steady::now() - start).count();
  return all;
}

int run(double seconds, int callers, int rounds, int comments) {
  const test::database db;
  test::add_arena(db);
  crypto::system_random random;
  store::pool pool({.connection = db.settings(), .connections = 1, .reconnect = {}}, random);
  const auto writer =
      store::make_judgment_writer({.connection = db.settings(), .reconnect = {}}, pool, random);
  for (int round = 0; round < rounds; ++round) {
    for (const int connections : {8, 32})
      print(fmt::format("single inserts, {} connections", connections),
            single_inserts(db, connections, seconds));
    const processor_time before = used(db);
    const measured many = through_writer(*writer, callers, comments, seconds);
    const processor_time after = used(db);
    print(fmt::format("group commit, {} callers", callers), many);
    const double rows = static_cast<double>(many.rows) / 1e6;
    fmt::print("{:<34} {:>8.1f} here {:>8.1f} server\n", "  processor time per row, us",
               (after.here - before.here) / rows, (after.server - before.server) / rows);
    print("group commit, 8 callers", through_writer(*writer, 8, comments, seconds));
  }
  return 0;
}

}  // namespace
}  // namespace agon::bench

int main(int argc, char** argv) {
  const auto argument = [&](int i, double otherwise) {
    return argc > i ? std::atof(argv[i]) : otherwise;
  };
  return agon::bench::run(argument(1, 5), static_cast<int>(argument(2, 64)),
                          static_cast<int>(argument(3, 3)), static_cast<int>(argument(4, 0)));
}
