// Trains the tagger of names and writes privacy/pii/names.model.
//
//   ninja -C build/release agon_train_names
//   build/release/privacy/pii/agon_train_names OUT/gazetteer.txt OUT/sentences.txt NER_FOLDER
//   privacy/pii/names.model
//
// OUT is what make_names_data.mjs wrote; NER_FOLDER holds Wikigold, WNUT-17 train and dev,
// and the Broad Twitter Corpus (all CC BY 4.0). Deterministic: the same input gives the
// same bytes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <sstream>

#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/names_model.hpp"

namespace {

using namespace agon::pii;

constexpr int rounds = 8;
constexpr double without_lists = .25;  // share of sentences learned without the lists
constexpr std::size_t rows = std::size_t{1} << name_feature_bits;

struct part {
  std::string text;
  std::string label;  // "PER", "LOC", "ORG", "ADR", "O"; adjoining words are separate parts
  bool begins = true;
};
using sentence = std::vector<part>;

struct example {
  std::string text;  // folded
  std::vector<name_token> tokens;
  std::vector<std::uint8_t> tags;
};

std::uint8_t tag_number(const std::string& label, bool begins) {
  const std::map<std::string, int> first = {{"PER", 1}, {"LOC", 3}, {"ORG", 5}, {"ADR", 7}};
  const auto found = first.find(label);
  return static_cast<std::uint8_t>(found == first.end() ? 0 : found->second + (begins ? 0 : 1));
}

example made(const sentence& s) {
  std::string text;
  std::vector<std::uint8_t> begin_tag, in_tag;  // by byte of the text
  for (const part& p : s) {
    text += p.text;
    for (std::size_t i = 0; i < p.text.size(); ++i) {
      begin_tag.push_back(tag_number(p.label, p.begins && i == 0));
      in_tag.push_back(tag_number(p.label, false));
    }
  }
  const folded_text folded(text);
  example e;
  e.text = folded.text();
  e.tokens = name_tokens(e.text);
  for (const name_token& t : e.tokens) e.tags.push_back(begin_tag[folded.begin_of(t.begin)]);
  // A name that begins in the middle of a token still begins with that token.
  for (std::size_t i = 0; i < e.tags.size(); ++i)
    if (e.tags[i] > 0 && e.tags[i] % 2 == 0 &&
        (i == 0 || (e.tags[i - 1] != e.tags[i] && e.tags[i - 1] + 1 != e.tags[i])))
      --e.tags[i];
  return e;
}

std::string kind_of_label(std::string label) {
  std::transform(label.begin(), label.end(), label.begin(), ::toupper);
  if (label == "PERSON" || label == "PER") return "PER";
  if (label == "LOCATION" || label == "LOC") return "LOC";
  if (label == "ORG" || label == "CORPORATION" || label == "GROUP") return "ORG";
  return "O";
}

std::vector<sentence> read_conll(const std::string& path) {
  std::vector<sentence> out;
  std::ifstream file(path);
  sentence s;
  std::string last = "O";
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string word, label;
    if (!(fields >> word >> label)) {
      if (!s.empty()) out.push_back(std::move(s));
      s.clear();
      last = "O";
      continue;
    }
    const std::string kind = label == "O" ? "O" : kind_of_label(label.substr(2));
    const bool begins = label[0] == 'B' || kind != last;
    if (!s.empty()) s.push_back({" ", begins ? "O" : kind, false});
    s.push_back({word, kind, begins});
    last = kind;
  }
  if (!s.empty()) out.push_back(std::move(s));
  return out;
}

std::vector<sentence> read_made(const std::string& path) {
  std::vector<sentence> out;
  std::ifstream file(path);
  sentence s;
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) {
      if (!s.empty()) out.push_back(std::move(s));
      s.clear();
      continue;
    }
    std::string text = line.substr(tab + 1);
    for (std::size_t at; (at = text.find("\\n")) != std::string::npos;) text.replace(at, 2, "\n");
    s.push_back({text, line.substr(0, tab), true});
  }
  if (!s.empty()) out.push_back(std::move(s));
  return out;
}

sentence lower(sentence s) {
  for (part& p : s) std::transform(p.text.begin(), p.text.end(), p.text.begin(), to_lower);
  return s;
}

sentence upper(sentence s) {
  for (part& p : s) std::transform(p.text.begin(), p.text.end(), p.text.begin(), to_upper);
  return s;
}

sentence titled(sentence s) {
  char last = ' ';
  for (part& p : s)
    for (char& c : p.text) {
      if (last == ' ' || last == '\n') c = to_upper(c);
      last = c;
    }
  return s;
}

bool has_capitals(const sentence& s) {
  return std::any_of(s.begin(), s.end(), [](const part& p) {
    return std::any_of(p.text.begin(), p.text.end(), is_upper);
  });
}

// Averaged as Daumé's appendix has it: what each update was times when it was made.
class perceptron {
 public:
  perceptron() : weights_(rows * name_tags, 0), history_(rows * name_tags, 0) {}

  [[nodiscard]] std::uint8_t best(const feature_row_numbers& f, std::uint8_t last) const {
    std::array<float, name_tags> sums{};
    for (const std::uint32_t r : f)
      for (std::size_t t = 0; t < name_tags; ++t) sums[t] += weights_[r * name_tags + t];
    std::size_t best = 0;
    for (std::size_t t = 1; t < name_tags; ++t)
      if ((t % 2 == 1 || last == t || last + 1U == t) && sums[t] > sums[best]) best = t;
    return static_cast<std::uint8_t>(best);
  }
  void learn(const feature_row_numbers& f, std::uint8_t right, std::uint8_t guessed) {
    for (const std::uint32_t r : f) {
      add(r, right, 1);
      add(r, guessed, -1);
    }
  }
  void tick() { ++time_; }

  [[nodiscard]] std::vector<names_model::row> quantised() const {
    std::vector<float> mean(weights_.size());
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] = weights_[i] - static_cast<float>(history_[i] / double(time_ + 1));
    std::vector<float> sizes;
    for (const float v : mean)
      if (v != 0) sizes.push_back(std::abs(v));
    std::sort(sizes.begin(), sizes.end());
    const float largest = sizes[sizes.size() * 999 / 1000];
    std::vector<names_model::row> out(rows, names_model::row{});
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t t = 0; t < name_tags; ++t) {
        const float v = std::clamp(mean[r * name_tags + t] / largest * 127, -32767.F, 32767.F);
        out[r][t] = static_cast<std::int16_t>(std::lround(v));
      }
    return out;
  }

 private:
  void add(std::uint32_t r, std::uint8_t tag, float by) {
    weights_[r * name_tags + tag] += by;
    history_[r * name_tags + tag] += double(by) * double(time_);
  }
  std::vector<float> weights_;
  std::vector<double> history_;
  std::uint64_t time_ = 0;
};

void train(perceptron& p, std::vector<example>& examples, const name_lists& lists) {
  std::mt19937 random(7);
  for (int round = 0; round < rounds; ++round) {
    std::shuffle(examples.begin(), examples.end(), random);
    std::size_t wrong = 0, all = 0;
    for (const example& e : examples) {
      auto listed = listed_in(lists, e.tokens);
      if (double(random()) / 4294967296.0 < without_lists)
        for (auto& bits : listed) bits &= common_word;
      const feature_reader reader(e.tokens, listed, e.text);
      std::uint8_t last = 0, before_last = 0;
      feature_row_numbers f{};
      for (std::size_t i = 0; i < e.tokens.size(); ++i, ++all) {
        if (last == 0 && e.tags[i] % 2 == 0 && !reader.may_begin(i)) {
          before_last = 0;
          continue;
        }
        reader.read(i, last, before_last, f);
        const std::uint8_t guess = p.best(f, last);
        if (guess != e.tags[i]) {
          p.learn(f, e.tags[i], guess);
          ++wrong;
        }
        p.tick();
        before_last = last;
        // Half of the time on its own guess, so that it learns to go on after a mistake.
        last = round < 2 ? e.tags[i] : guess;
      }
    }
    std::printf("round %d: %.3f %% wrong of %zu tokens\n", round + 1,
                100. * double(wrong) / double(all), all);
    std::fflush(stdout);
  }
}

void add_lists(const std::string& path, name_lists& lists) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::map<char, std::uint8_t> bits = {
        {'F', first_name}, {'L', last_name}, {'C', town}, {'N', land}, {'P', historic}};
    const folded_text folded(std::string_view(line).substr(2));
    lists.add(folded.text(), bits.at(line[0]));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s GAZETTEER SENTENCES NER_FOLDER MODEL\n", argv[0]);
    return 2;
  }
  name_lists lists;
  add_lists(argv[1], lists);
  std::vector<sentence> sentences;
  std::map<std::string, int> small_words;
  for (const char* name : {"wikigold.conll.txt", "wnut17train.conll", "emerging.dev.conll",
                           "btc_a.conll", "btc_b.conll", "btc_e.conll", "btc_f.conll"})
    for (sentence& s : read_conll(std::string(argv[3]) + "/" + name)) {
      for (const part& p : s)
        if (p.label == "O" && p.text.size() > 1 &&
            std::all_of(p.text.begin(), p.text.end(), is_lower))
          ++small_words[p.text];
      sentences.push_back(std::move(s));
    }
  for (const auto& [word, times] : small_words)
    if (times >= 3) lists.add(word, common_word);
  for (sentence& s : read_made(argv[2])) sentences.push_back(std::move(s));

  // One to three sentences in a row, as texts have them; some in small letters.
  std::mt19937 random(3);
  std::vector<example> examples;
  for (std::size_t i = 0; i < sentences.size();) {
    sentence group;
    for (std::size_t n = 1 + random() % 3; n > 0 && i < sentences.size(); --n, ++i) {
      // Not small letters and others in one line: capitals mean more where there are some.
      if (!group.empty() && has_capitals(group) != has_capitals(sentences[i])) break;
      if (!group.empty()) group.push_back({random() % 3 == 0 ? "\n" : " ", "O", true});
      group.insert(group.end(), sentences[i].begin(), sentences[i].end());
    }
    const bool nameless =
        std::all_of(group.begin(), group.end(), [](const part& p) { return p.label == "O"; });
    if (nameless && random() % 6 == 0) examples.push_back(made(titled(group)));
    if (nameless && random() % 10 == 0) examples.push_back(made(upper(group)));
    if (random() % 8 == 0) examples.push_back(made(lower(group)));
    examples.push_back(made(group));
  }
  perceptron p;
  train(p, examples, lists);
  const std::string bytes = names_model(std::move(lists), p.quantised()).encoded();
  std::ofstream(argv[4], std::ios::binary) << bytes;
  std::printf("%s: %zu bytes\n", argv[4], bytes.size());
  return 0;
}
