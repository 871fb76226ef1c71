#include "services/arena/self_naming.hpp"

#include <algorithm>

#include "services/routing/folded_words.hpp"

namespace agon::arena {
namespace {

// Assistants and models. Names that are common words of a story (Falcon, Titan) are left out.
constexpr std::string_view known_assistants[] = {
    "ChatGPT",       "GPT-3",     "GPT-3.5",   "GPT-4",    "GPT-4o",      "GPT-5",
    "GPT",           "Claude",    "Gemini",    "Gemma",    "Google Bard", "PaLM 2",
    "Llama",         "Meta AI",   "Mistral",   "Mixtral",  "Le Chat",     "Qwen",
    "Tongyi",        "通义千问",  "DeepSeek",  "Grok",     "Copilot",     "Phi-3",
    "Phi-4",         "Command R", "Command A", "ChatGLM",  "GLM-4",       "Kimi",
    "Doubao",        "豆包",      "ERNIE Bot", "文心一言", "Hunyuan",     "混元",
    "MiniMax",       "InternLM",  "Baichuan",  "Vicuna",   "HuggingChat", "OLMo",
    "Tülu",          "Nemotron",  "Jamba",     "Pi AI",    "DBRX",        "StableLM",
    "WizardLM",      "YandexGPT", "Алиса",     "GigaChat", "EXAONE",      "HyperCLOVA",
    "Amazon Nova",   "EuroLLM",   "Apertus",   "SmolLM",   "Replika",     "Snowflake Arctic",
    "OpenAssistant", "Perplexity"};

// Who makes them. People speak of themselves and of a company in one breath as well ("I am
// applying at Google"): these count only as authors, behind "by" and its like.
constexpr std::string_view known_makers[] = {"OpenAI",       "Anthropic",
                                             "Google",       "DeepMind",
                                             "Meta",         "Facebook",
                                             "Mistral AI",   "Alibaba",
                                             "DeepSeek",     "深度求索",
                                             "xAI",          "Microsoft",
                                             "Cohere",       "01.AI",
                                             "Zhipu",        "智谱",
                                             "Moonshot AI",  "月之暗面",
                                             "ByteDance",    "字节跳动",
                                             "阿里",         "Baidu",
                                             "百度",         "Tencent",
                                             "腾讯",         "Hugging Face",
                                             "Ai2",          "Allen Institute for AI",
                                             "NVIDIA",       "IBM",
                                             "AI21",         "Inflection AI",
                                             "Reka",         "Databricks",
                                             "Stability AI", "LAION",
                                             "Yandex",       "Яндекс",
                                             "Sber",         "Сбер",
                                             "Upstage",      "LG AI Research",
                                             "Naver",        "Amazon",
                                             "Aleph Alpha",  "Nous Research",
                                             "Snowflake"};

// What stands before an author, up to three words away.
constexpr std::string_view before_author[] = {" by ",    " from ", " von ",  " par ",       " por ",
                                              " pela ",  " pelo ", " da ",   " de ",        " di ",
                                              " dalla ", " door ", " van ",  " компанией ", " me ",
                                              " 由",     "由",     "という", "によって"};
constexpr std::size_t author_distance = 32;  // bytes

// How people and systems begin to speak of themselves.
constexpr std::string_view known_markers[] = {
    "i am",
    "i'm",
    "my name is",
    "call me",
    "i was",
    "i have been",
    "i've been",
    "i go by",
    "as an ai",
    "as a language model",
    "as a large language model",
    "you are talking to",
    "you're talking to",
    "you are chatting with",
    "you're chatting with",
    // German, French, Spanish, Italian, Portuguese, Dutch
    "ich bin",
    "ich heiße",
    "mein name ist",
    "ich wurde",
    "als ki",
    "als sprachmodell",
    "je suis",
    "je m'appelle",
    "mon nom est",
    "j'ai été",
    "en tant que modèle",
    "en tant qu'ia",
    "soy",
    "me llamo",
    "mi nombre es",
    "fui",
    "he sido",
    "como modelo de lenguaje",
    "sono",
    "mi chiamo",
    "il mio nome è",
    "in quanto modello",
    "sou",
    "meu nome é",
    "me chamo",
    "chamo-me",
    "como um modelo de linguagem",
    "ik ben",
    "ik heet",
    "mijn naam is",
    "als taalmodel",
    // Russian, Chinese, Japanese, Korean
    "я",
    "меня зовут",
    "моё имя",
    "меня создали",
    "我是",
    "我叫",
    "我的名字",
    "作为",
    "私は",
    "私の名前",
    "저는",
    "나는",
    "제 이름은",
};

// How much of a sentence after such words belongs to the introduction. In UTF-8 bytes: about
// twelve words of English, and 25 characters of Chinese.
constexpr std::size_t introduction = 80;

constexpr std::string_view ends_of_sentence[] = {". ",   "! ", "? ", ".\n", "!\n", "?\n",
                                                 "\n\n", "。", "！", "？",  "।"};

// Where the sentence that begins at `from` ends, behind its sign.
std::size_t end_of_sentence(std::string_view text, std::size_t from) {
  std::size_t end = text.size();
  for (const std::string_view sign : ends_of_sentence) {
    const std::size_t at = text.substr(0, end).find(sign, from);
    if (at != std::string_view::npos) end = std::min(end, at + sign.size());
  }
  return end;
}

}  // namespace

self_naming::self_naming(const std::vector<std::string>& assistants,
                         const std::vector<std::string>& makers) {
  const auto add = [this](std::string_view name, bool maker) {
    std::string pattern = routing::phrase_pattern(name);
    const bool there = std::any_of(names_.begin(), names_.end(), [&](const entry& e) {
      return e.pattern == pattern && e.maker == maker;
    });
    // A name of one or two letters would be found everywhere.
    if (pattern.size() > 4 && !there) names_.push_back({std::string(name), pattern, maker});
  };
  for (const std::string& name : assistants) add(name, false);
  for (const std::string_view name : known_assistants) add(name, false);
  for (const std::string& name : makers) add(name, true);
  for (const std::string_view name : known_makers) add(name, true);
  // Of names that lie within one another the longer is told: GPT-4 before GPT.
  std::stable_sort(names_.begin(), names_.end(), [](const entry& x, const entry& y) {
    return x.pattern.size() > y.pattern.size();
  });
  for (const std::string_view marker : known_markers)
    markers_.push_back(routing::phrase_pattern(marker));
}

std::string_view self_naming::find(std::string_view text) const {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = end_of_sentence(text, from);
    const std::string sentence = routing::folded_words(text.substr(from, end - from));
    from = end;
    for (const std::string& marker : markers_) {
      for (std::size_t at = sentence.find(marker); at != std::string::npos;
           at = sentence.find(marker, at + 1)) {
        const auto found = name_in(std::string_view(sentence).substr(at), marker.size());
        if (!found.empty()) return found;
      }
    }
  }
  return {};
}

// `said` begins with the words by which somebody speaks of themself.
std::string_view self_naming::name_in(std::string_view said, std::size_t marker) const {
  said = said.substr(0, marker + introduction);
  for (const entry& e : names_) {
    // From the space that ends the marker; in a script without spaces that is the end of a
    // character, which does no harm.
    const std::size_t at = said.find(e.pattern, marker - 1);
    if (at == std::string_view::npos) continue;
    if (!e.maker) return e.name;
    const std::size_t first = at > author_distance ? at - author_distance : 0;
    const std::string_view before = said.substr(first, at - first + 1);
    for (const std::string_view word : before_author)
      if (before.find(word) != std::string_view::npos) return e.name;
  }
  return {};
}

}  // namespace agon::arena
