#include <algorithm>
#include <string_view>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t longest_handle = 40;

bool is_handle_character(char c) {
  return (is_word(c) && c != letter_byte) || c == '_' || c == '.' || c == '-';
}

std::size_t handle_end(std::string_view s, std::size_t begin) {
  std::size_t end = begin;
  while (end < s.size() && end - begin <= longest_handle && is_handle_character(s[end])) ++end;
  while (end > begin && (s[end - 1] == '.' || s[end - 1] == '-')) --end;
  return end;
}

// Where somebody's page begins with a name.
constexpr std::string_view people_pages[] = {"linkedin.com/in/",
                                             "facebook.com/",
                                             "fb.com/",
                                             "twitter.com/",
                                             "x.com/",
                                             "instagram.com/",
                                             "t.me/",
                                             "tiktok.com/@",
                                             "github.com/",
                                             "gitlab.com/",
                                             "reddit.com/u/",
                                             "reddit.com/user/",
                                             "youtube.com/@",
                                             "medium.com/@",
                                             "vk.com/",
                                             "threads.net/@",
                                             "bsky.app/profile/",
                                             "mastodon.social/@",
                                             "snapchat.com/add/",
                                             "pinterest.com/",
                                             "twitch.tv/",
                                             "soundcloud.com/",
                                             "flickr.com/people/",
                                             "keybase.io/",
                                             "steamcommunity.com/id/",
                                             "wa.me/",
                                             "paypal.me/",
                                             "venmo.com/",
                                             "xing.com/profile/",
                                             "researchgate.net/profile/",
                                             "orcid.org/"};

// "@param", "@Override", "@media": words of languages and markup, which are no people.
constexpr std::string_view not_people[] = {"app",
                                           "author",
                                           "autowired",
                                           "bean",
                                           "cached_property",
                                           "charset",
                                           "classmethod",
                                           "component",
                                           "controller",
                                           "data",
                                           "dataclass",
                                           "deprecated",
                                           "everyone",
                                           "export",
                                           "font-face",
                                           "here",
                                           "id",
                                           "if",
                                           "import",
                                           "include",
                                           "inheritdoc",
                                           "injectable",
                                           "input",
                                           "interface",
                                           "keyframes",
                                           "link",
                                           "media",
                                           "mixin",
                                           "module",
                                           "ngmodule",
                                           "nullable",
                                           "output",
                                           "override",
                                           "page",
                                           "param",
                                           "parameterized",
                                           "property",
                                           "pytest",
                                           "query",
                                           "repository",
                                           "requestmapping",
                                           "return",
                                           "returns",
                                           "route",
                                           "router",
                                           "see",
                                           "service",
                                           "since",
                                           "staticmethod",
                                           "supports",
                                           "test",
                                           "throws",
                                           "todo",
                                           "tf",
                                           "torch",
                                           "type",
                                           "typedef",
                                           "use",
                                           "version",
                                           "view",
                                           "wraps",
                                           "abstractmethod",
                                           "api",
                                           "click",
                                           "functools",
                                           "jit",
                                           "lru_cache",
                                           "njit",
                                           "entity",
                                           "table",
                                           "column",
                                           "getmapping",
                                           "postmapping",
                                           "restcontroller",
                                           "springbootapplication",
                                           "suppresswarnings",
                                           "objc",
                                           "main",
                                           "published",
                                           "state",
                                           "binding",
                                           "escaping",
                                           "available",
                                           "protocol",
                                           "synthesize",
                                           "end"};

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}

bool is_language_word(std::string_view name) {
  return std::any_of(std::begin(not_people), std::end(not_people),
                     [&](std::string_view w) { return same(w, name); });
}

bool is_indexed_after(std::string_view s, std::size_t slash, std::string_view page) {
  return slash + 1 >= page.size() && same(s.substr(slash + 1 - page.size(), page.size()), page) &&
         !is_word(before(s, slash + 1 - page.size()));
}

}  // namespace

void find_handles(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = s.find_first_of("@/"); i != std::string_view::npos;
       i = s.find_first_of("@/", i + 1)) {
    if (s[i] == '/') {
      for (const std::string_view page : people_pages) {
        const bool at_sign = page.back() == '@';
        if (at_sign && at(s, i + 1) != '@') continue;
        const std::size_t last = at_sign ? i + 1 : i;
        if (!is_indexed_after(s, last, page)) continue;
        const std::size_t end = handle_end(s, last + 1);
        if (end <= last + 2) continue;
        out.push_back({kind::handle, last + 1, end, .8});
        i = end - 1;
        break;
      }
      continue;
    }
    const char previous = before(s, i);
    const std::size_t end = handle_end(s, i + 1);
    const std::size_t size = end - i - 1;
    const bool alone = !is_word(previous) && previous != '_' && previous != '.' &&
                       previous != '/' && previous != '"' && previous != '\'' && previous != '`';
    const char next = at(s, end);
    if (!alone || size < 3 || size > longest_handle || !is_letter(at(s, i + 1)) || next == '(' ||
        next == '@' || next == '/')
      continue;
    const std::string_view name = s.substr(i + 1, size);
    if (is_language_word(name.substr(0, name.find('.')))) continue;
    const bool named = t.words.near(topic::account_name, i, end);
    out.push_back({kind::handle, i, end, named ? .9 : .45});
    i = end - 1;
  }
}

}  // namespace agon::pii
