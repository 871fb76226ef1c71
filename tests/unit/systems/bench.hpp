// A workbench for tests that run real processes: a folder, threads, and a way to wait.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/systems/command.hpp"

namespace agon::systems::test {

class bench : public ::testing::Test {
 protected:
  bench() {
    std::string name = (std::filesystem::temp_directory_path() / "agon-systems-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    root = name;
    scratch = root / "scratch";
    std::filesystem::create_directory(scratch);
  }
  ~bench() override {
    pool.stop();
    pool.join();
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }

  template <class T>
  T wait_for(awaitable<T> work) {
    return start(std::move(work)).get();
  }
  template <class T>
  std::future<T> start(awaitable<T> work) {
    return boost::asio::co_spawn(pool, std::move(work), boost::asio::use_future);
  }

  // Comes back once the condition holds; a broken program meets the limit of the test run.
  static void until(const std::function<bool()>& holds) {
    while (!holds()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  static std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
  }

  // A shell script, for programs that misbehave. "$0" is the output file, "$1" the prompt's.
  static command_options script(const std::string& text,
                                output_format output = output_format::text) {
    command_options o;
    o.argv = {"sh", "-c", text, "{output_file}", "{prompt_file}"};
    o.output = output;
    o.timeout = std::chrono::seconds(60);
    return o;
  }
  std::unique_ptr<system> make(command_options o) {
    auto made = make_command_system(pool.get_executor(), std::move(o));
    if (!made) throw std::runtime_error(made.error().detail);
    return std::move(*made);
  }
  result<raw_output> run(command_options o, std::string prompt = "Hello.") {
    const auto made = make(std::move(o));
    return wait_for(made->generate({std::move(prompt), "en", 7}, scratch));
  }

  // Process ids that a script wrote, one a line.
  static std::vector<pid_t> pids(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istream_iterator<pid_t>(in), {}};
  }
  static bool alive(pid_t pid) { return ::kill(pid, 0) == 0; }
  [[nodiscard]] bool scratch_is_empty() const { return std::filesystem::is_empty(scratch); }

  std::filesystem::path root;
  std::filesystem::path scratch;
  boost::asio::thread_pool pool{2};
};

}  // namespace agon::systems::test
