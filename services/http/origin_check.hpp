// Keeps other sites from writing with a visitor's cookies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/http/request.hpp"

namespace agon::http {

// Browsers tell where a request comes from: Sec-Fetch-Site since 2023, Origin before.
// A request with neither comes from no browser and carries nobody else's cookies.
class origin_policy {
 public:
  // Origins beside our own, "https://example.org". Throws std::invalid_argument for
  // what is no origin.
  explicit origin_policy(std::vector<std::string> allowed);

  // Whether a state-changing request is ours to carry out.
  [[nodiscard]] bool permits(const request& r) const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace agon::http
