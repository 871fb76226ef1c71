#include "services/store/postgres/array_literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace agon::store {
namespace {

[[noreturn]] void malformed() {
  throw std::invalid_argument("not a one-dimensional array without nulls");
}

// Numbers stand without quotes.
template <class Number>
std::vector<Number> parse_numbers(std::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') malformed();
  std::vector<Number> numbers;
  if (text.size() == 2) return numbers;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at + 1 != end;) {
    Number value{};
    const auto [stop, failure] = std::from_chars(at + 1, end, value);
    if (failure != std::errc{} || (*stop != ',' && stop + 1 != end)) malformed();
    numbers.push_back(value);
    at = stop;
  }
  return numbers;
}

// Reads the quoted element that starts after `at`; `at` then stands after its quote.
std::string quoted_element(std::string_view text, std::size_t& at) {
  std::string element;
  while (true) {
    if (at >= text.size()) malformed();
    char c = text[at++];
    if (c == '"') return element;
    if (c == '\\') {
      if (at >= text.size()) malformed();
      c = text[at++];
    }
    element += c;
  }
}

std::string plain_element(std::string_view text, std::size_t& at) {
  const std::size_t end = text.find_first_of(",{}\"\\", at);
  if (end == std::string_view::npos || end == at || text[end] == '{' || text[end] == '"' ||
      text[end] == '\\')
    malformed();
  std::string element(text.substr(at, end - at));
  if (element == "NULL") malformed();
  at = end;
  return element;
}

}  // namespace

array_literal& array_literal::add(std::string_view element) {
  text_ += text_.empty() ? "{\"" : ",\"";
  while (!element.empty()) {
    const auto special = std::find_if(element.begin(), element.end(),
                                      [](char c) { return c == '"' || c == '\\' || c == '\0'; });
    text_.append(element.begin(), special);
    if (special == element.end()) break;
    if (*special == '\0') throw std::invalid_argument("U+0000 in an array element");
    text_ += '\\';
    text_ += *special;
    element.remove_prefix(static_cast<std::size_t>(special - element.begin()) + 1);
  }
  text_ += '"';
  return *this;
}

array_literal& array_literal::add_null() {
  text_ += text_.empty() ? "{NULL" : ",NULL";
  return *this;
}

std::string to_array(std::span<const std::string> elements) {
  array_literal literal;
  for (const std::string& e : elements) literal.add(e);
  return literal.text();
}

std::string to_array(std::span<const int> elements) {
  return fmt::format("{{{}}}", fmt::join(elements, ","));
}

std::string to_array(std::span<const double> elements) {
  return fmt::format("{{{}}}", fmt::join(elements, ","));
}

std::vector<std::string> parse_array(std::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') malformed();
  std::vector<std::string> elements;
  if (text.size() == 2) return elements;
  std::size_t at = 1;
  while (true) {
    if (text[at] == '"') {
      ++at;
      elements.push_back(quoted_element(text, at));
    } else {
      elements.push_back(plain_element(text, at));
    }
    if (at >= text.size()) malformed();
    const char separator = text[at++];
    if (separator == '}') break;
    if (separator != ',' || at >= text.size()) malformed();
  }
  if (at != text.size()) malformed();
  return elements;
}

std::vector<int> parse_int_array(std::string_view text) {
  return parse_numbers<int>(text);
}

std::vector<double> parse_double_array(std::string_view text) {
  return parse_numbers<double>(text);
}

}  // namespace agon::store
