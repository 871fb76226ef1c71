// A server on a free loopback port that does to each connection what the test says, byte
// by byte. TLS if it is given a certificate.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace agon::outgoing::test {

// A key and a certificate for localhost, signed by itself, in a folder of its own.
class test_certificate {
 public:
  explicit test_certificate(const char* names = "DNS:localhost,IP:127.0.0.1") {
    std::string name = (std::filesystem::temp_directory_path() / "agon-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    X509_EXTENSION* const alternative =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    X509_add_ext(made, alternative, -1);
    X509_EXTENSION_free(alternative);
    X509_sign(made, key, EVP_sha256());
    FILE* const out = std::fopen(file().c_str(), "w");
    PEM_write_X509(out, made);
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(made);
    EVP_PKEY_free(key);
  }
  ~test_certificate() { std::filesystem::remove_all(folder_); }
  test_certificate(const test_certificate&) = delete;
  test_certificate& operator=(const test_certificate&) = delete;
  [[nodiscard]] std::string file() const { return folder_ / "both.pem"; }

 private:
  std::filesystem::path folder_;
};

// The server's side of one connection, for a script that may block.
class peer {
 public:
  using tcp = boost::asio::ip::tcp;
  peer(tcp::socket& socket, boost::asio::ssl::context* tls) : socket_(socket) {
    if (tls == nullptr) return;
    tls_.emplace(socket_, *tls);
    boost::system::error_code ec;
    tls_->handshake(boost::asio::ssl::stream_base::server, ec);
    shaken_ = !ec;
  }
  // False if the client did not trust us.
  [[nodiscard]] bool shaken() const { return shaken_; }
  [[nodiscard]] std::string indicated_name() {
    const char* name = SSL_get_servername(tls_->native_handle(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }

  // The next request, head and body; empty at the end of the connection.
  std::string read_request() {
    for (;;) {
      const std::size_t head = input_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t whole = head + 4 + length_of(input_.substr(0, head));
        if (input_.size() >= whole) {
          const std::string request = input_.substr(0, whole);
          input_.erase(0, whole);
          return request;
        }
      }
      char part[4096];
      boost::system::error_code ec;
      const auto got = tls_ ? tls_->read_some(boost::asio::buffer(part), ec)
                            : socket_.read_some(boost::asio::buffer(part), ec);
      if (ec) return {};
      input_.append(part, got);
    }
  }
  // False once the client is gone.
  bool send(std::string_view bytes) {
    boost::system::error_code ec;
    if (tls_) {
      boost::asio::write(*tls_, boost::asio::buffer(bytes), ec);
    } else {
      boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
    }
    return !ec;
  }
  void answer(std::string_view body, std::string_view type = "application/json",
              std::string_view status = "200 OK", std::string_view headers = "") {
    send("HTTP/1.1 " + std::string(status) + "\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
         "\r\n" + std::string(body));
  }
  void start_events() {
    send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
  }
  bool chunk(std::string_view bytes) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return send(std::string(size) + std::string(bytes) + "\r\n");
  }
  bool event(std::string_view data) { return chunk("data: " + std::string(data) + "\n\n"); }
  // Comes back when the client has closed the connection.
  void wait_for_end() {
    while (!read_request().empty()) {
    }
  }

 private:
  static std::size_t length_of(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }
  tcp::socket& socket_;
  std::optional<boost::asio::ssl::stream<tcp::socket&>> tls_;
  bool shaken_ = true;
  std::string input_;
};

class scripted_server {
 public:
  // Called with each connection and its number from 1, on a thread of its own.
  using script = std::function<void(peer&, int)>;

  explicit scripted_server(script s, const test_certificate* certificate = nullptr)
      : script_(std::move(s)), acceptor_(loop_, {boost::asio::ip::address_v4::loopback(), 0}) {
    if (certificate != nullptr) {
      tls_.emplace(boost::asio::ssl::context::tls_server);
      tls_->use_certificate_chain_file(certificate->file());
      tls_->use_private_key_file(certificate->file(), boost::asio::ssl::context::pem);
    }
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::thread([this] { accept(); });
  }
  ~scripted_server() {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    accepting_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const auto& s : open_)
        if (s->is_open()) ::shutdown(s->native_handle(), SHUT_RDWR);
    }
    for (std::thread& t : threads_) t.join();
  }
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(std::string_view host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port_);
  }
  [[nodiscard]] int connections() const { return count_; }

 private:
  void accept() {
    for (;;) {
      boost::system::error_code ec;
      boost::asio::ip::tcp::socket socket(loop_);
      acceptor_.accept(socket, ec);
      if (ec) return;
      const int number = ++count_;
      const auto connected = std::make_shared<boost::asio::ip::tcp::socket>(std::move(socket));
      {
        const std::lock_guard lock(mutex_);
        open_.push_back(connected);
      }
      threads_.emplace_back([this, number, connected] {
        peer p(*connected, tls_ ? &*tls_ : nullptr);
        script_(p, number);
        const std::lock_guard lock(mutex_);
        boost::system::error_code ignored;
        connected->close(ignored);
      });
    }
  }

  script script_;
  boost::asio::io_context loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::optional<boost::asio::ssl::context> tls_;
  std::uint16_t port_ = 0;
  std::atomic<int> count_{0};
  std::list<std::thread> threads_;
  std::mutex mutex_;
  std::list<std::shared_ptr<boost::asio::ip::tcp::socket>> open_;
  std::thread accepting_;
};

}  // namespace agon::outgoing::test
