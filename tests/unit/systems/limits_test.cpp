// Programs that hang, fork, flood and grow: everything they started is dead when the call ends.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include "services/systems/process.hpp"
#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class limits : public bench {
 protected:
  // Where scripts note the ids of their processes.
  std::filesystem::path noted = root / "pids";
  std::string note(const std::string& pid) const { return "echo " + pid + " >> " + noted.string(); }

  void expect_all_dead(std::size_t count) const {
    const auto all = pids(noted);
    EXPECT_EQ(all.size(), count);
    for (const pid_t pid : all) EXPECT_FALSE(alive(pid)) << pid;
  }
};

TEST_F(limits, hanging_program_is_killed_with_its_children) {
  auto o = script("sleep 300 & " + note("$!") + "; " + note("$$") + "; wait");
  o.timeout = 200ms;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::timeout);
  expect_all_dead(2);
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(limits, program_may_tidy_up_at_sigterm) {
  auto o = script("trap 'echo tidy > " + (root / "tidy").string() + "; exit 0' TERM; " +
                  "sleep 300 & wait");
  o.timeout = 300ms;
  o.grace = 60s;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::timeout);
  EXPECT_EQ(content(root / "tidy"), "tidy\n");
}

TEST_F(limits, program_that_ignores_sigterm_is_killed) {
  auto o = script("trap '' TERM; " + note("$$") + "; while :; do sleep 300; done");
  o.timeout = 200ms;
  o.grace = 50ms;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::timeout);
  expect_all_dead(1);
}

TEST_F(limits, children_that_left_the_session_do_not_survive) {
  const std::string daemon = "setsid sh -c '" + note("$$") + "; sleep 300' &";
  const std::string orphan = "( setsid sh -c '" + note("$$") + "; setsid sleep 300' & )";
  const auto made = run(script(daemon + orphan + "; while [ $(cat " + noted.string() +
                               " | wc -l) -lt 2 ]; do sleep 0.01; done; echo ok > \"$0\""));
  ASSERT_TRUE(made) << made.error().detail;
  expect_all_dead(2);
}

TEST_F(limits, crowd_of_children_is_killed) {
  auto o = script("i=0; while [ $i -lt 150 ]; do setsid sleep 300 & " + note("$!") +
                  "; i=$((i+1)); done; echo ok > \"$0\"");
  const auto made = run(o);
  ASSERT_TRUE(made) << made.error().detail;
  expect_all_dead(150);
}

TEST_F(limits, gigabyte_in_a_file_is_cut_off_and_removed) {
  auto o = script("head -c 1G /dev/zero > \"$0\"");
  o.output_bytes = 1024UL * 1024;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(limits, endless_standard_output_is_cut_off_and_removed) {
  command_options o;
  o.argv = {"yes"};
  o.output = output_format::text;
  o.output_bytes = 1024UL * 1024;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(limits, output_at_the_limit_is_taken_and_one_byte_more_is_not) {
  auto o = script("head -c 1000 /dev/zero > \"$0\"");
  o.output_bytes = 1000;
  EXPECT_TRUE(run(o));
  o.output_bytes = 999;
  EXPECT_FALSE(run(o));
}

TEST_F(limits, memory_bomb_fails_alone) {
  auto o = script("tail -n 1 /dev/zero > \"$0\"");  // keeps the last line, which never ends
  o.memory_bytes = 64UL * 1024 * 1024;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
}

TEST_F(limits, endless_computation_meets_its_cpu_limit) {
  auto o = script("while :; do :; done");
  o.cpu = 1s;
  const auto made = run(o);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
}

TEST_F(limits, flood_on_standard_error_is_counted_and_forgotten) {
  process_spec p;
  p.argv = {"sh", "-c", "head -c 3000000 /dev/zero >&2; printf end >&2"};
  p.environment = {"PATH=/usr/bin:/bin"};
  p.folder = scratch;
  p.file_bytes = 1000;
  const auto ended = wait_for(run_process(p));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->end, process_end::exited);
  EXPECT_EQ(ended->stderr_bytes, 3'000'003U);
  EXPECT_EQ(ended->stderr_tail.reveal().size(), 4096U);
  EXPECT_TRUE(ended->stderr_tail.reveal().ends_with("end"));
}

TEST_F(limits, usage_is_reported) {
  process_spec p;
  p.argv = {"sh", "-c", "exit 7"};
  p.environment = {"PATH=/usr/bin:/bin"};
  p.folder = scratch;
  const auto ended = wait_for(run_process(p));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->end, process_end::exited);
  EXPECT_EQ(ended->code, 7);
  EXPECT_GT(ended->wall.count(), 0);
  EXPECT_GT(ended->max_rss_bytes, 0U);
}

// Runs generate() so that the test can cancel it.
struct cancellable {
  asio::strand<asio::thread_pool::executor_type> strand;
  asio::cancellation_signal signal;
  std::promise<result<raw_output>> answer;

  explicit cancellable(asio::thread_pool& pool) : strand(asio::make_strand(pool)) {}
  void start(system& s, const std::filesystem::path& scratch) {
    asio::co_spawn(strand, s.generate({"Hello.", "", 1}, scratch),
                   asio::bind_cancellation_slot(
                       signal.slot(), [this](const std::exception_ptr& e, result<raw_output> r) {
                         EXPECT_FALSE(e);
                         answer.set_value(std::move(r));
                       }));
  }
  void cancel() {
    asio::post(strand, [this] { signal.emit(asio::cancellation_type::terminal); });
  }
};

TEST_F(limits, cancellation_kills_the_work_before_it_completes) {
  const auto system = make(script("setsid sleep 300 & " + note("$!") + "; trap '' TERM; " +
                                  note("$$") + "; while :; do sleep 300; done"));
  cancellable call(pool);
  call.start(*system, scratch);
  until([&] { return pids(noted).size() == 2; });
  call.cancel();
  EXPECT_FALSE(call.answer.get_future().get());
  expect_all_dead(2);
  EXPECT_TRUE(scratch_is_empty());
}

TEST_F(limits, full_queue_refuses_at_once_and_loses_nobody) {
  auto o = script("echo > " + (root / "started").string() + "; while [ ! -e " +
                  (root / "go").string() + " ]; do sleep 0.01; done; cat \"$1\" > \"$0\"");
  o.concurrency = 2;
  o.queue = 3;
  const auto system = make(o);
  std::vector<std::future<result<raw_output>>> calls;
  for (int i = 0; i < 12; ++i) {
    const auto folder = root / std::to_string(i);
    std::filesystem::create_directory(folder);
    calls.push_back(start(system->generate({std::to_string(i), "", 1}, folder)));
  }
  // Two run, three wait; of these none can end before "go".
  const auto settled = [&] {
    return std::count_if(calls.begin(), calls.end(),
                         [](auto& c) { return c.wait_for(0s) == std::future_status::ready; });
  };
  until([&] { return settled() == 7; });
  write(root / "go", "");
  int answered = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto made = calls[i].get();
    if (made) {
      ++answered;
      EXPECT_EQ(made->text, std::to_string(i) + "\n");
    } else {
      EXPECT_EQ(made.error().code, errc::overloaded);
      EXPECT_TRUE(made.error().retry_after.has_value());
    }
  }
  EXPECT_EQ(answered, 5);
}

TEST_F(limits, wait_in_the_queue_ends) {
  auto o = script("echo > " + (root / "started").string() + "; while [ ! -e " +
                  (root / "go").string() + " ]; do sleep 0.01; done; echo ok > \"$0\"");
  o.concurrency = 1;
  o.queue_wait = 50ms;
  const auto system = make(o);
  auto first = start(system->generate({"1", "", 1}, scratch));
  until([&] { return std::filesystem::exists(root / "started"); });
  std::filesystem::create_directory(root / "second");
  const auto second = wait_for(system->generate({"2", "", 1}, root / "second"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::overloaded);
  write(root / "go", "");
  EXPECT_TRUE(first.get());
}

TEST_F(limits, system_may_go_before_its_call) {
  auto system = make(script("sleep 0.1; echo ok > \"$0\""));
  auto call = start(system->generate({"1", "", 1}, scratch));
  system.reset();
  EXPECT_TRUE(call.get());
}

TEST_F(limits, nothing_survives_the_executor) {
  {
    asio::io_context io;
    auto made = make_command_system(io.get_executor(), script(note("$$") + "; sleep 300"));
    ASSERT_TRUE(made);
    asio::co_spawn(io, (*made)->generate({"1", "", 1}, scratch), asio::detached);
    until([&] {
      io.poll();
      return pids(noted).size() == 1;
    });
  }
  expect_all_dead(1);
}

TEST_F(limits, command_dies_when_its_keeper_is_killed) {
  auto system = make(script(note("$PPID") + "; " + note("$$") + "; sleep 300"));
  auto call = start(system->generate({"1", "", 1}, scratch));
  until([&] { return pids(noted).size() == 2; });
  ASSERT_EQ(::kill(pids(noted)[0], SIGKILL), 0);
  const auto made = call.get();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::unavailable);
  const pid_t command = pids(noted)[1];
  // An orphan now: whoever adopts it also has to collect it.
  until([&] {
    const auto state = content("/proc/" + std::to_string(command) + "/stat");
    return state.empty() || state.find(") Z ") != std::string::npos;
  });
}

TEST_F(limits, many_calls_at_once_all_answer) {
  auto o = script("cat \"$1\" > \"$0\"");
  o.concurrency = 8;
  o.queue = 100;
  const auto system = make(o);
  std::vector<std::future<result<raw_output>>> calls;
  for (int i = 0; i < 60; ++i) {
    const auto folder = root / std::to_string(i);
    std::filesystem::create_directory(folder);
    calls.push_back(start(system->generate({std::to_string(i), "", 1}, folder)));
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto made = calls[i].get();
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->text, std::to_string(i) + "\n");
  }
}

}  // namespace
}  // namespace agon::systems::test
