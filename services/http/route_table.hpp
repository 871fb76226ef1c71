// The tree of path segments behind router.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/http/router.hpp"

namespace agon::http {

struct route {
  method verb = method::get;
  std::string pattern;  // as it was given; the label of metrics and logs
  handler handle;
  route_options options;
  std::vector<std::string> parameter_names;
  std::size_t index = 0;  // position in route_table::routes()
};

struct route_match {
  const route* found = nullptr;
  // One bit per method that the path answers, when the asked one is not among them.
  unsigned allowed = 0;
};

class route_table {
 public:
  route_table();
  ~route_table();

  // See router::add. Throws std::invalid_argument.
  void add(method verb, std::string_view pattern, handler h, route_options options);
  // See router::fallback. Throws std::invalid_argument if there is one already.
  void set_fallback(handler h);

  // The route of a decoded path. HEAD is answered by GET; `verb` is nothing for a
  // method that we do not know. Where several patterns match, a literal segment goes
  // before {uuid}, that before {slug}, and {path} comes last. Parameters are written
  // to `parameters`, as views into the route and into `path`.
  [[nodiscard]] route_match match(
      std::optional<method> verb, std::string_view path,
      std::vector<std::pair<std::string_view, std::string_view>>& parameters) const;

  [[nodiscard]] const std::vector<std::unique_ptr<route>>& routes() const { return routes_; }

 private:
  struct node;
  struct search;
  static bool visit(const node& at, std::string_view rest, search& s);
  static bool finish(const std::array<const route*, 7>& routes, search& s);

  std::vector<std::unique_ptr<route>> routes_;
  std::unique_ptr<node> root_;
  const route* fallback_ = nullptr;
};

// "GET, HEAD, OPTIONS" for the bits of route_match::allowed.
[[nodiscard]] std::string allow_header(unsigned allowed);

struct router::tree {
  route_table table;
};

}  // namespace agon::http
