// Walks over one JSON text (RFC 8259), strictly and without allocating. Inside the
// folder only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/files/rows.hpp"

namespace agon::files {

// The names that are wanted, as a tree: a name with dots is also the way to a member of
// a member.
struct wanted_member {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::string key;
  std::size_t slot = none;  // of the cell, if its own value is wanted
  std::vector<wanted_member> members;
};

// Reads from memory that holds a '\n' at or behind every place it reads, which no JSON
// value on one line contains.
class json_scanner {
 public:
  static constexpr int deepest = 64;

  // `cells` are set as their members are met.
  json_scanner(char* at, const wanted_member& root, std::vector<cell>& cells)
      : at_(at), root_(root), cells_(cells) {}

  // One object and the space around it, up to the line's end. False if it is malformed.
  [[nodiscard]] bool line();
  // Behind what was read.
  [[nodiscard]] char* position() const { return at_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  bool value(const wanted_member* wanted, int depth);
  bool object(const wanted_member* wanted, int depth);
  bool array(int depth);
  bool text(std::string_view& out);
  bool escaped(char*& to);
  bool unicode_escape(char*& to);
  bool hex4(unsigned& out);
  bool number(std::string_view& out);
  bool literal(std::string_view word);
  bool digits();
  void space() {
    while (*at_ == ' ' || *at_ == '\t' || *at_ == '\r') ++at_;
  }
  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  bool set(const wanted_member* wanted, cell c);

  char* at_;
  const wanted_member& root_;
  std::vector<cell>& cells_;
  std::string reason_;
};

}  // namespace agon::files
