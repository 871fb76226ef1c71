#include "services/store/postgres/session.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>

namespace agon::store {
namespace {

// The url with what it leaves open: a dead peer is noticed within seconds, not hours.
std::string connection_string(const connection_settings& settings) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(settings.url.reveal().c_str(), &complaint), &PQconninfoFree);
  if (!options) {
    PQfreemem(complaint);  // it may quote the url, and with it a password
    throw std::invalid_argument("the database url cannot be read");
  }
  const std::string timeout = std::to_string(settings.connect_timeout.count());
  const std::array<std::pair<std::string_view, std::string_view>, 6> defaults{
      {{"connect_timeout", timeout},
       {"application_name", settings.application_name},
       {"keepalives_idle", "10"},
       {"keepalives_interval", "5"},
       {"keepalives_count", "2"},
       {"tcp_user_timeout", "10000"}}};
  std::string text;
  const auto add = [&text](std::string_view key, std::string_view value) {
    text += key;
    text += "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "' ";
  };
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o)
    if (o->val != nullptr) add(o->keyword, o->val);
  for (const auto& [key, value] : defaults) {
    bool given = false;
    for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o)
      given = given || (o->val != nullptr && key == o->keyword);
    if (!given) add(key, value);
  }
  return text;
}

std::string session_settings(const connection_settings& settings) {
  std::string sql = fmt::format(
      "set statement_timeout = {}; set lock_timeout = {}; set synchronous_commit = on; "
      "set idle_in_transaction_session_timeout = 60000; set timezone = 'UTC'; "
      "set datestyle = 'ISO'; set bytea_output = 'hex'; set extra_float_digits = 1; "
      "set search_path = pg_catalog; set client_encoding = 'UTF8'; ",
      settings.statement_timeout.count(), settings.lock_timeout.count());
  sql += settings.extra_settings;
  if (!settings.role.empty()) sql += "set role " + settings.role + ";";
  return sql;
}

// The SQLSTATE at the end of "ERROR:  23505\n"; empty for any other text.
std::string_view sqlstate_of(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == ' '))
    message.remove_suffix(1);
  if (message.size() < 8 || message.substr(message.size() - 8, 3) != ":  ") return {};
  const std::string_view code = message.substr(message.size() - 5);
  const bool fits = std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  });
  return fits ? code : std::string_view{};
}

}  // namespace

// Notices of the server would go to standard error, past the log.
class session::silence final : public pqxx::errorhandler {
 public:
  using pqxx::errorhandler::errorhandler;
  bool operator()(const char /*message*/[]) noexcept override { return false; }
};

class session::receiver final : public pqxx::notification_receiver {
 public:
  receiver(pqxx::connection_base& connection, const std::string& channel,
           std::function<void(const std::string&)> heard)
      : pqxx::notification_receiver(connection, channel), heard_(std::move(heard)) {}
  void operator()(const std::string& payload, int /*backend*/) override { heard_(payload); }

 private:
  std::function<void(const std::string&)> heard_;
};

session::session(const connection_settings& settings) : observer_(settings.observer) {
  const std::string text = connection_string(settings);
  try {
    connection_ = std::make_unique<pqxx::connection>(text);
  } catch (const pqxx::failure&) {  // its message may name hosts and users
    throw connection_lost("cannot connect to PostgreSQL");
  }
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  // A connection that libpqxx revived by itself would have lost its role and settings.
  connection_->inhibit_reactivation(true);
#pragma clang diagnostic pop
  // Errors as "ERROR:  23505", without any value: PQERRORS_SQLSTATE, which libpqxx 6.4 does
  // not name.
  connection_->set_verbosity(static_cast<pqxx::connection_base::error_verbosity>(3));
  quiet_ = std::make_unique<silence>(*connection_);
  exec_text("session_settings", session_settings(settings));
}

session::~session() {
  roll_back();
  receiver_.reset();
}

pqxx::result session::exec_text(std::string_view name, const std::string& sql) {
  return measured(name, [&](pqxx::transaction_base& t) { return t.exec(sql); });
}

pqxx::result session::measured(std::string_view name,
                               const std::function<pqxx::result(pqxx::transaction_base&)>& run) {
  const auto start = std::chrono::steady_clock::now();
  const auto tell = [&](bool failed) {
    if (observer_ != nullptr)
      observer_->executed(name, std::chrono::steady_clock::now() - start, failed);
  };
  try {
    pqxx::result answer;
    if (transaction_) {
      answer = run(*transaction_);
    } else {
      pqxx::nontransaction alone(*connection_);
      answer = run(alone);
    }
    tell(false);
    return answer;
  } catch (...) {
    tell(true);
    translate(name);
  }
}

// libpqxx throws a dozen types, some without a SQLSTATE, some that say only that there is
// no connection any more. Whoever calls has two cases to tell apart.
void session::translate(std::string_view name) {
  try {
    throw;
  } catch (const std::exception& e) {
    const std::string_view sqlstate = sqlstate_of(e.what());
    if (!connection_->is_open() || ends_session(sqlstate) ||
        dynamic_cast<const pqxx::broken_connection*>(&e) != nullptr ||
        dynamic_cast<const pqxx::in_doubt_error*>(&e) != nullptr)
      throw connection_lost("connection lost during " + std::string(name));
    if (!sqlstate.empty()) throw statement_failed(name, sqlstate);
    throw;
  }
}

void session::prepare(const statement& s) {
  if (prepared_.insert(s.name.data()).second)
    connection_->prepare(std::string(s.name), std::string(s.sql));
}

void session::begin() {
  try {
    transaction_ = std::make_unique<pqxx::work>(*connection_);
  } catch (...) {
    translate("begin");
  }
}

void session::commit() {
  const auto start = std::chrono::steady_clock::now();
  const auto tell = [&](bool failed) {
    if (observer_ != nullptr)
      observer_->executed("commit", std::chrono::steady_clock::now() - start, failed);
  };
  try {
    transaction_->commit();
    transaction_.reset();
    tell(false);
  } catch (...) {
    tell(true);
    translate("commit");
  }
}

void session::roll_back() noexcept {
  if (!transaction_) return;
  try {
    transaction_->abort();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the server rolls back alone
  }
  transaction_.reset();
}

bool session::alive() {
  try {
    // An idle connection has nothing to read, unless the server said goodbye.
    pollfd socket{connection_->sock(), POLLIN, 0};
    for (int reads = 0; reads < 3 && ::poll(&socket, 1, 0) > 0; ++reads) connection_->get_notifs();
    return connection_->is_open();
  } catch (const std::exception&) {
    return false;
  }
}

bool session::wait_for_notification(std::chrono::seconds seconds) {
  try {
    const int heard = connection_->await_notification(static_cast<long>(seconds.count()), 0);
    if (connection_->is_open()) return heard > 0;
  } catch (...) {
    translate("listen");
  }
  throw connection_lost("connection lost while listening");
}

void session::listen(const std::string& channel, std::function<void(const std::string&)> heard) {
  try {
    receiver_ = std::make_unique<receiver>(*connection_, channel, std::move(heard));
  } catch (...) {
    translate("listen");
  }
}

}  // namespace agon::store
