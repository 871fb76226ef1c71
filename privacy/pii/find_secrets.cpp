#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/pattern_automaton.hpp"
#include "privacy/pii/secret_shapes.hpp"

namespace agon::pii {
namespace {

constexpr double of_a_service = .95;
constexpr double assigned_to_a_service = .8;
constexpr double assigned_to_a_word = .7;
constexpr double told_in_words = .6;
constexpr std::size_t shortest_password = 6;
constexpr std::size_t longest_value = 200;
constexpr std::size_t longest_password = 64;

// Words before an assignment of something secret, and before a password told in a sentence.
constexpr std::string_view secret_words[] = {
    "password",   "passwd",     "pwd",          "passphrase",     "secret",        "token",
    "api_key",    "apikey",     "api-key",      "api key",        "access_key",    "accesskey",
    "access key", "secret_key", "secret key",   "private_key",    "client_secret", "auth_key",
    "authkey",    "credential", "credentials",  "encryption_key", "signing_key",   "session_key",
    "passwort",   "kennwort",   "mot de passe", "contrasena",     "senha",         "wachtwoord",
    "passcode"};
constexpr std::string_view copulas[] = {"is", "was", "ist", "lautet", "war", "est",
                                        "es", "e",   "era", "sera",   "to"};

enum class pattern_role : std::uint8_t { token, assigned, word, key_block, bearer, url_password };

struct secret_book {
  std::vector<std::string_view> patterns;
  std::vector<pattern_role> roles;
  std::vector<std::size_t> rows;

  void add(std::string_view pattern, pattern_role role, std::size_t row) {
    patterns.push_back(pattern);
    roles.push_back(role);
    rows.push_back(row);
  }
  secret_book() {
    for (std::size_t i = 0; i < token_shapes().size(); ++i)
      add(std::string_view(token_shapes()[i].prefix)
              .substr(0, std::string_view(token_shapes()[i].prefix).find('~')),
          pattern_role::token, i);
    for (std::size_t i = 0; i < assigned_shapes().size(); ++i)
      add(assigned_shapes()[i].service, pattern_role::assigned, i);
    for (const std::string_view w : secret_words) add(w, pattern_role::word, 0);
    add("-----begin ", pattern_role::key_block, 0);
    add("bearer ", pattern_role::bearer, 0);
    add("basic ", pattern_role::bearer, 0);
    add("://", pattern_role::url_password, 0);
  }
};

bool ends_a_token(char c) {
  return !is_word(c) && c != '_' && c != '-' && c != letter_byte;
}

bool is_space_or_quote(char c) {
  return c == ' ' || c == '"' || c == '\'' || c == '`' || c == '\t';
}

// Where the value begins that is assigned behind `i`: `_key" => "`, `: `, ` = '`; npos if
// nothing is assigned.
std::size_t assigned_value(std::string_view s, std::size_t i) {
  const std::size_t name_end = i + 24;
  while (i < name_end && (is_word(at(s, i)) || at(s, i) == '_' || at(s, i) == '.' ||
                          at(s, i) == '-' || is_space_or_quote(at(s, i)) || at(s, i) == ']'))
    ++i;
  const std::size_t signs = i;
  while (i < signs + 3 &&
         (at(s, i) == '=' || at(s, i) == ':' || at(s, i) == '>' || at(s, i) == '|'))
    ++i;
  if (i == signs) return std::string_view::npos;
  const std::size_t quotes = i;
  while (i < quotes + 5 && is_space_or_quote(at(s, i))) ++i;
  return i;
}

bool may_stand_in_a_value(char c) {
  return is_word(c) || std::string_view("-_.~+/=!@#$%^&*:?|").find(c) != std::string_view::npos;
}

std::size_t value_end(std::string_view s, std::size_t begin, std::size_t longest) {
  std::size_t end = begin;
  while (end < s.size() && end - begin < longest && may_stand_in_a_value(s[end])) ++end;
  while (end > begin && std::string_view(".,:!?").find(s[end - 1]) != std::string_view::npos) --end;
  return end;
}

bool has_digit(std::string_view s) {
  return std::any_of(s.begin(), s.end(), is_digit);
}
bool has_letter_in(std::string_view s) {
  return std::any_of(s.begin(), s.end(), is_letter);
}
bool is_mixed(std::string_view s) {
  const bool signs = std::any_of(s.begin(), s.end(), [](char c) {
    return !is_word(c) && c != '-' && c != '\'' && c != '_' && c != '.' && c != '/';
  });
  return has_letter_in(s) ? has_digit(s) || signs : s.size() >= 6;
}

class secret_finder {
 public:
  secret_finder(std::string_view s, sightings& out) : s_(s), out_(out) {}

  void token(const token_shape& shape, std::size_t begin) {
    const std::string_view prefix = shape.prefix;
    const char previous = before(s_, begin);
    if (s_.substr(begin, prefix.size()) != prefix || is_word(previous) || previous == '_') return;
    const std::size_t tail = begin + prefix.size();
    const std::size_t end = secret_form_end(shape.form, s_, tail);
    if (end == tail || !ends_a_token(at(s_, end))) return;
    if (entropy_of(s_.substr(tail, end - tail)) < shape.entropy) return;
    put(begin, end, of_a_service);
  }

  void assigned(const assigned_shape& shape, std::size_t behind) {
    const std::size_t begin = assigned_value(s_, behind);
    if (begin == std::string_view::npos) return;
    const std::size_t end = secret_form_end(shape.form, s_, begin);
    if (end == begin || !ends_a_token(at(s_, end))) return;
    const std::string_view value = s_.substr(begin, end - begin);
    if (has_digit(value) && entropy_of(value) >= shape.entropy)
      put(begin, end, assigned_to_a_service);
  }

  void word(std::size_t behind) {
    const std::size_t begin = assigned_value(s_, behind);
    if (begin != std::string_view::npos) {
      const std::size_t end = value_end(s_, begin, longest_value);
      const std::string_view value = s_.substr(begin, end - begin);
      // Not a call, a variable or a place to fill in.
      const bool expression = at(s_, end) == '(' || at(s_, end) == '[' || at(s_, end) == '{' ||
                              before(s_, begin) == '$' ||
                              std::string_view("$%*").find(at(s_, begin)) != std::string_view::npos;
      if (!expression && value.size() >= shortest_password && is_mixed(value) &&
          (value.size() < 16 || entropy_of(value) >= 3))
        put(begin, end, assigned_to_a_word);
      return;
    }
    std::size_t i = behind;
    while (at(s_, i) == ' ') ++i;
    for (const std::string_view copula : copulas) {
      if (i == behind || s_.substr(i, copula.size()) != copula || at(s_, i + copula.size()) != ' ')
        continue;
      std::size_t value_begin = i + copula.size() + 1;
      if (is_space_or_quote(at(s_, value_begin))) ++value_begin;
      const std::size_t end = value_end(s_, value_begin, longest_password);
      const std::string_view value = s_.substr(value_begin, end - value_begin);
      if (value.size() >= shortest_password && is_mixed(value))
        put(value_begin, end, told_in_words);
      return;
    }
  }

  // "-----BEGIN RSA PRIVATE KEY-----" to its end, or as far as it may go.
  void key_block(std::size_t behind) {
    const std::size_t begin = behind - std::string_view("-----begin ").size();
    const std::size_t title_end = std::min(s_.find("-----", behind), s_.size());
    if (title_end - behind > 60 ||
        s_.substr(behind, title_end - behind).find("PRIVATE KEY") == std::string_view::npos)
      return;
    std::size_t end = std::min(s_.find("-----", title_end + 5), s_.size());
    if (s_.substr(end, 9) == "-----END ")
      end = std::min(s_.find("-----", end + 9), s_.size() - 5) + 5;
    put(begin, std::min(end, s_.size()), of_a_service);
  }

  void bearer(std::size_t begin) {
    const std::size_t end = value_end(s_, begin, 4000);
    const std::string_view value = s_.substr(begin, end - begin);
    if (value.size() >= 16 && has_digit(value) && has_letter_in(value) && entropy_of(value) >= 3)
      put(begin, end, assigned_to_a_word);
  }

  // "https://user:password@host": both.
  void url_password(std::size_t begin) {
    bool colon = false;
    for (std::size_t i = begin; i < s_.size() && i - begin < longest_value; ++i) {
      if (s_[i] == '@') {
        if (colon && i > begin + 2) put(begin, i, assigned_to_a_service);
        return;
      }
      colon = colon || s_[i] == ':';
      if (s_[i] == '/' || s_[i] == '?' || s_[i] == ' ' || s_[i] == '\n' || s_[i] == '"') return;
    }
  }

 private:
  void put(std::size_t begin, std::size_t end, double score) {
    if (end > begin) out_.push_back({kind::secret, begin, end, score});
  }
  std::string_view s_;
  sightings& out_;
};

}  // namespace

void find_secrets(const scanned_text& t, sightings& out) {
  static const secret_book book;
  static const pattern_automaton automaton(book.patterns);
  secret_finder finder(t.text, out);
  std::size_t block_end = 0;  // key blocks are read once
  automaton.scan(t.text, [&](std::size_t pattern, std::size_t end) {
    const std::size_t begin = end - book.patterns[pattern].size();
    switch (book.roles[pattern]) {
      case pattern_role::token:
        return finder.token(token_shapes()[book.rows[pattern]], begin);
      case pattern_role::assigned:
        return finder.assigned(assigned_shapes()[book.rows[pattern]], end);
      case pattern_role::word:
        return finder.word(end);
      case pattern_role::key_block:
        if (begin < block_end) return;
        finder.key_block(end);
        if (!out.empty()) block_end = std::max(block_end, out.back().end);
        return;
      case pattern_role::bearer:
        return finder.bearer(end);
      case pattern_role::url_password:
        return finder.url_password(end);
    }
  });
}

}  // namespace agon::pii
