#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using testing::live_server;

// A key and a certificate for localhost, signed by itself, in a folder of its own.
class self_signed {
 public:
  self_signed() {
    std::string name = (fs::temp_directory_path() / "agon-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_sign(certificate, key, EVP_sha256());
    FILE* const chain_file = std::fopen(chain().c_str(), "w");
    PEM_write_X509(chain_file, certificate);
    std::fclose(chain_file);
    FILE* const key_file = std::fopen(private_key().c_str(), "w");
    PEM_write_PrivateKey(key_file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(key_file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~self_signed() { fs::remove_all(folder_); }
  self_signed(const self_signed&) = delete;
  self_signed& operator=(const self_signed&) = delete;

  [[nodiscard]] std::string chain() const { return folder_ / "chain.pem"; }
  [[nodiscard]] std::string private_key() const { return folder_ / "key.pem"; }

 private:
  fs::path folder_;
};

class http_tls : public ::testing::Test {
 protected:
  http_tls() : server_(options(identity_)) {
    server_.on(method::get, "/large",
               [](const request&) { return json(std::string(300'000, ' ')); });
    server_.start();
  }
  static server_options options(const self_signed& identity) {
    server_options o;
    o.certificate_chain = identity.chain();
    o.private_key = identity.private_key();
    return o;
  }
  // All that comes for a GET with "Connection: close".
  std::string ask(asio::ssl::context& context) {
    asio::io_context loop;
    asio::ssl::stream<asio::ip::tcp::socket> stream(loop, context);
    stream.next_layer().connect({asio::ip::address_v4::loopback(), server_.port()});
    stream.handshake(asio::ssl::stream_base::client);
    asio::write(stream, asio::buffer(std::string_view(
                            "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
    std::string all;
    boost::system::error_code error;
    asio::read(stream, asio::dynamic_buffer(all), error);
    EXPECT_EQ(error, asio::error::eof) << error.message() << ": closed without close_notify";
    return all;
  }

  self_signed identity_;
  live_server server_;
};

TEST_F(http_tls, serves_and_asks_for_it_next_time) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  const std::string all = ask(context);
  EXPECT_TRUE(all.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(all.find("Strict-Transport-Security: max-age=31536000\r\n"), std::string::npos);
  EXPECT_TRUE(all.ends_with(std::string(300'000, ' ')));
}

TEST_F(http_tls, refuses_old_versions) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_security_level(context.native_handle(), 0);
  SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
  EXPECT_THROW(ask(context), boost::system::system_error);
}

TEST_F(http_tls, reads_its_certificate_again) {
  EXPECT_NO_THROW(server_.get().reload_certificate());
  fs::remove(identity_.chain());
  EXPECT_THROW(server_.get().reload_certificate(), std::runtime_error);
  asio::ssl::context context(asio::ssl::context::tls_client);
  EXPECT_TRUE(ask(context).starts_with("HTTP/1.1 200")) << "the old one stays";
}

TEST_F(http_tls, drains_open_connections) {
  asio::io_context loop;
  asio::ssl::context context(asio::ssl::context::tls_client);
  asio::ssl::stream<asio::ip::tcp::socket> stream(loop, context);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), server_.port()});
  stream.handshake(asio::ssl::stream_base::client);
  std::thread reader([&] {
    char byte = 0;
    boost::system::error_code error;
    stream.read_some(asio::buffer(&byte, 1), error);
    EXPECT_EQ(error, asio::error::eof);
    stream.shutdown(error);
  });
  EXPECT_TRUE(server_.get().drain());
  reader.join();
}

}  // namespace
}  // namespace agon::http
