// Which names this server answers to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agon::http {

// A page of another site whose name was made to lead here (DNS rebinding) would pass for
// one of our own: its Origin and its Host agree. A list of our names ends that.
class host_policy {
 public:
  // "agon.example.org", with ":8443" where the port matters, "[::1]". An empty list permits
  // every name. Throws std::invalid_argument for what is no host.
  explicit host_policy(std::vector<std::string> allowed);

  // Whether a Host header names this server.
  [[nodiscard]] bool permits(std::string_view host) const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace agon::http
