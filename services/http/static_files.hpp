// The pages: a folder that was built before the server started.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "services/http/request.hpp"
#include "services/http/response.hpp"
#include "services/http/router.hpp"

namespace agon::http {

// Reads the folder once, whole, into memory; later changes are not seen. Files named
// x.br and x.gz beside x are its compressed forms. Files with hashed names, those under
// assets/, may be kept by clients for ever; all others are asked for again each time.
class static_files {
 public:
  // Throws std::runtime_error if the folder cannot be read, has no index.html, or holds
  // more than 256 MiB. Hidden files and symbolic links are passed over.
  explicit static_files(const std::filesystem::path& folder);
  ~static_files();
  static_files(const static_files&) = delete;
  static_files& operator=(const static_files&) = delete;

  // The file at the path; index.html for pages (no dot in the last segment), which the
  // browser's router tells apart; else 404, as for anything under /api, /media, /releases.
  [[nodiscard]] response answer(const request& r) const;
  // Makes this the router's fallback. This must outlive the router.
  void serve_from(router& routes) const;

 private:
  struct variant {
    shared_body bytes;
    std::string etag;
  };
  struct entry {
    std::string content_type;
    bool immutable = false;
    variant plain;
    variant brotli;  // no bytes: there is none
    variant gzip;
  };
  void read(const std::filesystem::path& folder);
  [[nodiscard]] const entry* find(std::string_view path) const;

  std::unordered_map<std::string, entry> entries_;  // by path, "/assets/app-1a2b3c.js"
};

// Whether an Accept-Encoding header admits a coding ("br"): named, or "*", with a
// weight above zero.
[[nodiscard]] bool accepts_coding(std::string_view accept_encoding, std::string_view coding);
// By the extension; application/octet-stream if unknown.
[[nodiscard]] std::string_view content_type_of(std::string_view file_name);

}  // namespace agon::http
