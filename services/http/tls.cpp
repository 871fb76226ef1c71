#include <openssl/ssl.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "services/http/transport.hpp"

namespace agon::http {
namespace {

namespace ssl = boost::asio::ssl;

[[noreturn]] void unusable(std::string_view what, const std::string& file,
                           const boost::system::error_code& why) {
  throw std::runtime_error("TLS: cannot use the " + std::string(what) + " in " + file + ": " +
                           why.message());
}

// Of what the client offers we speak HTTP/1.1 alone.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::shared_ptr<ssl::context> make_tls_context(const std::string& certificate_chain,
                                               const std::string& private_key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  boost::system::error_code error;
  context->use_certificate_chain_file(certificate_chain, error);
  if (error) unusable("certificate chain", certificate_chain, error);
  context->use_private_key_file(private_key, ssl::context::pem, error);
  if (error) unusable("private key", private_key, error);
  if (SSL_CTX_check_private_key(native) != 1)
    throw std::runtime_error("TLS: the private key in " + private_key +
                             " does not belong to the certificate in " + certificate_chain);
  return context;
}

}  // namespace agon::http
