#include "tests/unit/http/live_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace agon::http::testing {

std::string answer::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

raw_client::raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("the test server cannot be reached");
}

raw_client::~raw_client() {
  ::close(socket_);
}

void raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed: the answer tells why
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void raw_client::end_output() {
  ::shutdown(socket_, SHUT_WR);
}

bool raw_client::fill() {
  std::array<char, 16384> bytes;
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  input_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::string raw_client::take(std::size_t count) {
  while (input_.size() < count && fill()) {
  }
  std::string out = input_.substr(0, count);
  input_.erase(0, out.size());
  return out;
}

std::string raw_client::read_until(std::string_view end) {
  std::size_t at = std::string::npos;
  while ((at = input_.find(end)) == std::string::npos && fill()) {
  }
  return take(at == std::string::npos ? input_.size() : at + end.size());
}

bool raw_client::at_end() {
  return input_.empty() && !fill();
}

answer raw_client::read_answer(bool bodiless) {
  const std::string head = read_until("\r\n\r\n");
  answer out;
  if (head.size() < 12 || !head.ends_with("\r\n\r\n")) return out;
  out.status = static_cast<unsigned>(std::stoul(head.substr(9, 3)));
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    std::string name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(std::tolower(c)); });
    out.headers.emplace_back(std::move(name), head.substr(colon + 2, end - colon - 2));
    at = end + 2;
  }
  const std::string length = out.header("content-length");
  if (!bodiless && !length.empty()) {
    out.body = take(std::stoul(length));
    if (out.body.size() != std::stoul(length)) out.status = 0;
  }
  return out;
}

live_server::live_server(server_options options, std::size_t threads)
    : options_(std::move(options)),
      routes_(std::make_unique<router>()),
      threads_(std::make_unique<io_threads>(threads)) {
  options_.port = 0;
}

live_server::~live_server() {
  server_.reset();
  threads_->stop();
}

void live_server::on(method verb, std::string_view pattern,
                     std::function<response(const request&)> f, route_options options) {
  routes_->add(
      verb, pattern,
      [f = std::move(f)](const request& r) -> awaitable<response> { co_return f(r); }, options);
}

void live_server::start() {
  server_ = std::make_unique<server>(*threads_, *routes_, registry_, options_);
  server_->start();
}

answer live_server::ask(std::string_view head, std::string_view body) {
  raw_client client(port());
  std::string bytes(head);
  bytes += "Host: test\r\n";
  if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  bytes += "\r\n";
  bytes += body;
  client.send(bytes);
  return client.read_answer(head.starts_with("HEAD"));
}

answer live_server::get(std::string_view target, std::string_view headers) {
  return ask("GET " + std::string(target) + " HTTP/1.1\r\n" + std::string(headers));
}

}  // namespace agon::http::testing
