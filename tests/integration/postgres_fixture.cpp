#include "tests/integration/postgres_fixture.hpp"

#include <libpq-fe.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "services/store/postgres/migrations.hpp"

namespace agon::test {
namespace {

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";
constexpr const char* owner = "agon";
constexpr const char* template_name = "agon_template";

// Ready within this, or something is wrong.
constexpr std::chrono::seconds patience{30};

using libpq = std::unique_ptr<PGconn, decltype(&PQfinish)>;

postgres_server::rows run_sql(PGconn* connection, const std::string& text) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> answer(PQexec(connection, text.c_str()),
                                                             &PQclear);
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQerrorMessage(connection));
  postgres_server::rows all;
  for (int r = 0; r < PQntuples(answer.get()); ++r) {
    auto& row = all.emplace_back();
    for (int c = 0; c < PQnfields(answer.get()); ++c)
      row.emplace_back(PQgetisnull(answer.get(), r, c) != 0 ? "NULL"
                                                            : PQgetvalue(answer.get(), r, c));
  }
  return all;
}

struct process_status {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = 0;
};

// Zeros if there is no such process.
process_status status_of(const std::filesystem::path& folder) {
  std::ifstream stat(folder / "stat");
  process_status s;
  std::string name;
  stat >> s.pid >> name >> s.state >> s.parent;
  return stat ? s : process_status{};
}

bool is_alive(pid_t pid) {
  const process_status s = status_of("/proc/" + std::to_string(pid));
  return s.pid != 0 && s.state != 'Z';
}

}  // namespace

postgres_server& postgres_server::instance() {
  static postgres_server server;
  return server;
}

postgres_server::postgres_server() : user_(unprivileged_user()), folder_(user_) {
  const auto data = folder_.path() / "data";
  run_command({std::string(programs) + "initdb", "-D", data.string(), "-U", owner, "--auth=trust",
               "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
              user_, folder_.path() / "initdb.log");
  std::ofstream(data / "postgresql.conf", std::ios::app)
      << "listen_addresses = ''\nunix_socket_directories = '" << folder_.path().string()
      << "'\nmax_connections = 60\nshared_buffers = 128MB\nmax_wal_size = 2GB\n"
         "checkpoint_timeout = 30min\nlog_min_messages = warning\n";
  start();
  sql("postgres", "create database " + std::string(template_name));
  store::connection_settings settings;
  settings.url = secret(url(template_name));
  if (const auto done = store::migrate(settings); !done)
    throw std::runtime_error(done.error().detail);
}

postgres_server::~postgres_server() {
  if (process_) process_->send(SIGQUIT);
  if (process_) process_->wait();
}

void postgres_server::start() {
  process_ = std::make_unique<child_process>(
      std::vector<std::string>{std::string(programs) + "postgres", "-D",
                               (folder_.path() / "data").string()},
      user_, folder_.path() / "postgres.log");
  const auto until = std::chrono::steady_clock::now() + patience;
  while (PQping(url("postgres").c_str()) != PQPING_OK) {
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("PostgreSQL did not start, see " + folder_.path().string());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void postgres_server::stop() {
  process_->send(SIGINT);
  process_->wait();
  process_.reset();
}

void postgres_server::kill() {
  const std::vector<pid_t> all = processes();
  for (const pid_t pid : all) ::kill(pid, SIGKILL);
  process_->wait();
  process_.reset();
  // A session that still dies holds the shared memory that the next start wants.
  for (const pid_t pid : all)
    while (is_alive(pid)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void postgres_server::freeze() {
  for (const pid_t pid : processes()) ::kill(pid, SIGSTOP);
}

void postgres_server::thaw() {
  for (const pid_t pid : processes()) ::kill(pid, SIGCONT);
}

// The postmaster first, then its children.
std::vector<pid_t> postgres_server::processes() const {
  std::vector<pid_t> all{process_->pid()};
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const process_status s = status_of(entry.path());
    if (s.parent == all.front()) all.push_back(s.pid);
  }
  return all;
}

std::string postgres_server::url(std::string_view database) const {
  return "host=" + folder_.path().string() + " user=" + owner + " dbname=" + std::string(database);
}

postgres_server::rows postgres_server::sql(std::string_view database,
                                           const std::string& text) const {
  return run_sql(libpq(PQconnectdb(url(database).c_str()), &PQfinish).get(), text);
}

database::database(contents c) {
  static std::atomic<int> count{0};
  name_ = "test_" + std::to_string(++count);
  postgres_server::instance().sql("postgres",
                                  "create database " + name_ + " template " +
                                      (c == contents::schema ? template_name : "template0"));
}

database::~database() {
  try {
    postgres_server::instance().sql("postgres", "drop database " + name_ + " with (force)");
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the whole server goes anyway
  }
}

store::connection_settings database::settings(std::string role) const {
  store::connection_settings s;
  s.url = secret(postgres_server::instance().url(name_));
  s.role = std::move(role);
  return s;
}

postgres_server::rows database::sql(const std::string& text) const {
  return postgres_server::instance().sql(name_, text);
}

std::string database::value(const std::string& text) const {
  return sql(text).at(0).at(0);
}

struct connection::state {
  libpq open;
};

connection::connection(const database& db)
    : state_(new state{libpq(PQconnectdb(db.settings().url.reveal().c_str()), &PQfinish)}) {}
connection::~connection() = default;

postgres_server::rows connection::sql(const std::string& text) {
  return run_sql(state_->open.get(), text);
}

}  // namespace agon::test
