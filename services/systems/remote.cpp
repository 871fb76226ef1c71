#include "services/systems/remote.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <optional>

#include "services/core/isolated.hpp"
#include "services/core/json_reader.hpp"
#include "services/core/log.hpp"
#include "services/outgoing/client.hpp"
#include "services/systems/rate.hpp"
#include "services/systems/slots.hpp"

namespace agon::systems {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using remote_clock = std::chrono::steady_clock;

constexpr auto remote_token = asio::as_tuple(asio::use_awaitable);

// Shared with the calls under way, which may outlive the system.
struct remote_core {
  remote_core(const asio::any_io_executor& executor, const remote_options& given,
              remote_question asks)
      : strand(asio::make_strand(executor)),
        options(given),
        question(std::move(asks)),
        free_slots(strand, given.concurrency, given.queue),
        pace(given.requests_per_minute) {}

  asio::any_io_executor strand;
  remote_options options;
  remote_question question;
  slots free_slots;
  rate pace;
  crypto::system_random random;
  std::unique_ptr<outgoing::client> client;
};

// Waits until the limit of requests allows one more.
awaitable<result<void>> keep_pace(remote_core& core, generation_listener& listener) {
  const auto wait = core.pace.take(remote_clock::now());
  if (wait <= remote_clock::duration{}) co_return result<void>{};
  if (wait > core.options.queue_wait) {
    core.pace.give_back();
    error e = fail(errc::overloaded, "This system is asked too often. Try again shortly.");
    e.retry_after = std::chrono::ceil<std::chrono::seconds>(wait);
    co_return e;
  }
  listener.on_queued(1);
  asio::steady_timer timer(core.strand, wait);
  const auto [ec] = co_await timer.async_wait(remote_token);
  if (ec) co_return fail(errc::timeout, "The request was given up.");
  co_return result<void>{};
}

std::size_t characters_of(const generation_request& r) {
  std::size_t all = code_points(r.prompt);
  for (const message& m : r.earlier) all += code_points(m.text);
  return all;
}

awaitable<result<raw_output>> ask_remote(std::shared_ptr<remote_core> core, generation_request r,
                                         fs::path scratch,
                                         std::shared_ptr<generation_listener> given) {
  const auto listener = given ? std::move(given) : std::make_shared<generation_listener>();
  const auto permit = co_await core->free_slots.acquire(
      core->options.queue_wait, [&](std::size_t position) { listener->on_queued(position); });
  if (!permit) co_return permit.error();
  const auto paced = co_await keep_pace(*core, *listener);
  if (!paced) co_return paced.error();
  listener->on_started();
  const auto began = remote_clock::now();
  auto made = co_await core->question(*core->client, r, scratch, *listener);
  const double seconds = std::chrono::duration<double>(remote_clock::now() - began).count();
  if (!made) {
    log::warn("remote_system_failed", {{"host", core->client->options().target.authority()},
                                       {"error", name_of(made.error().code)},
                                       {"seconds", seconds}});
    co_return made.error();
  }
  if (made->generation_seconds <= 0) made->generation_seconds = seconds;
  made->used.input_characters = characters_of(r);
  co_return made;
}

class remote_system final : public system {
 public:
  explicit remote_system(std::shared_ptr<remote_core> core) : core_(std::move(core)) {}

  awaitable<result<raw_output>> generate(generation_request r, fs::path scratch,
                                         std::shared_ptr<generation_listener> listener) override {
    return isolated(core_->strand,
                    ask_remote(core_, std::move(r), std::move(scratch), std::move(listener)));
  }
  system_state state() const override {
    return {core_->client->available(), core_->free_slots.running(), core_->free_slots.waiting()};
  }

 private:
  std::shared_ptr<remote_core> core_;
};

bool is_variable(std::string_view name) {
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

error wrong_options(std::vector<field_error> wrong) {
  return error{errc::invalid_input, wrong[0].field.substr(1) + " " + wrong[0].reason,
               std::move(wrong), std::nullopt};
}

// The headers that let us in, or what is missing.
std::vector<std::pair<std::string, secret>> secrets_of(const remote_options& o,
                                                       std::vector<field_error>& wrong) {
  std::vector<std::pair<std::string, secret>> out;
  const auto add = [&](const std::string& field, const std::string& header,
                       const std::string& prefix, const std::string& name) {
    const auto value = variable(name);
    if (value && outgoing::is_header_value(*value)) {
      out.emplace_back(header, secret(prefix + *value));
    } else {
      wrong.push_back({field, "names the variable " + name +
                                  (value ? ", which cannot be sent" : ", which is not set")});
    }
  };
  if (!o.key_from.empty()) add("/key_from", "Authorization", "Bearer ", o.key_from);
  for (const auto& [header, name] : o.headers_from)
    add("/headers_from/" + header, header, "", name);
  return out;
}

outgoing::client_options client_options_of(const remote_options& o) {
  outgoing::client_options out;
  out.target = *outgoing::parse_endpoint(o.url);
  out.times.connect = o.connect;
  out.times.first_byte = o.first_byte;
  out.times.idle = o.idle;
  out.times.whole = o.timeout;
  // As base64 it is a third longer; the rest is the JSON around it.
  out.sizes.body = o.output_bytes + o.output_bytes / 2 + 256UL * 1024;
  out.connections = o.concurrency;
  out.retries.attempts = o.attempts;
  out.private_network = o.private_network;
  out.ca_file = o.ca_file;
  return out;
}

}  // namespace

std::vector<field_error> check_remote(const remote_options& o) {
  std::vector<field_error> wrong;
  const auto target = outgoing::parse_endpoint(o.url);
  if (!target) {
    wrong.push_back({"/url", "must " + target.error().detail});
  } else if (!target->tls && (!o.key_from.empty() || !o.headers_from.empty()) &&
             !o.private_network && !target->numeric && target->host != "localhost") {
    wrong.push_back({"/url", "must begin with https://, so that the key is not read on the way"});
  }
  if (!o.path.empty() && o.path.front() != '/') wrong.push_back({"/path", "must begin with /"});
  if (!o.key_from.empty() && !is_variable(o.key_from))
    wrong.push_back({"/key_from", "must be the name of an environment variable"});
  for (const auto& [header, name] : o.headers_from) {
    if (!outgoing::is_header_name(header))
      wrong.push_back({"/headers_from/" + header, "is not the name of a header"});
    if (!is_variable(name))
      wrong.push_back({"/headers_from/" + header, "must be the name of an environment variable"});
  }
  const auto positive = [&](const char* field, auto value) {
    if (value <= decltype(value){}) wrong.push_back({field, "must be positive"});
  };
  positive("/timeout", o.timeout);
  positive("/connect", o.connect);
  positive("/first_byte", o.first_byte);
  positive("/idle", o.idle);
  positive("/output_size", o.output_bytes);
  positive("/concurrency", o.concurrency);
  positive("/attempts", o.attempts);
  return wrong;
}

result<std::unique_ptr<system>> make_remote_system(const asio::any_io_executor& executor,
                                                   const remote_options& options,
                                                   remote_question question) {
  auto wrong = check_remote(options);
  if (!wrong.empty()) return wrong_options(std::move(wrong));
  auto core = std::make_shared<remote_core>(executor, options, std::move(question));
  auto client_options = client_options_of(options);
  client_options.secret_headers = secrets_of(options, wrong);
  if (!wrong.empty()) return wrong_options(std::move(wrong));
  auto client = outgoing::make_client(executor, std::move(client_options), core->random);
  if (!client) return wrong_options({{"/ca_file", "must " + client.error().detail}});
  core->client = std::move(*client);
  return std::unique_ptr<system>(std::make_unique<remote_system>(std::move(core)));
}

}  // namespace agon::systems
