// Prints what the finders of personal data reach, beside the goals and what others
// reach: recall and precision, vectors, benign prompts touched, canaries, speed.
//
//   ninja -C build/release agon_bench_pii && build/release/tests/bench/agon_bench_pii [--misses]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/unit/pii/presidio_data.hpp"

namespace {

using namespace agon::pii;

double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

const char* const structured_kinds[] = {"CREDIT_CARD",   "US_SSN",           "PHONE_NUMBER",
                                        "EMAIL_ADDRESS", "IBAN_CODE",        "IP_ADDRESS",
                                        "URL",           "US_DRIVER_LICENSE"};

void print(const char* name, const test::quality& q) {
  std::printf("  %-22s recall %.3f of %5d   precision %.3f of %5d   F2 %.3f\n", name, q.recall(),
              q.expected, q.precision(), q.found, q.f2());
}

void print_misses(const std::vector<test::labelled_text>& sentences, const options& how,
                  const char* kind) {
  for (const auto& t : sentences) {
    const auto found = find(t.text, how);
    for (const auto& e : t.spans)
      if (e.kind == kind && std::none_of(found.begin(), found.end(), [&](const span& f) {
            return name_of(f.what) == e.kind && test::overlap(e, f) >= .5;
          }))
        std::printf("MISS %s [%zu,%zu) %s\n", kind, e.begin, e.end, t.text.c_str());
    for (const span& f : found)
      if (name_of(f.what) == kind &&
          std::none_of(t.spans.begin(), t.spans.end(), [&](const auto& e) {
            return name_of(f.what) == e.kind && test::overlap(e, f) >= .5;
          }))
        std::printf("WRONG %s '%s' IN %s\n", kind, t.text.substr(f.begin, f.end - f.begin).c_str(),
                    t.text.c_str());
  }
}

void vectors() {
  std::size_t texts = 0, unmet = 0;
  for (const auto& [kind, r] : test::try_vectors()) {
    texts += r.texts;
    unmet += r.unmet.size();
    for (const auto& text : r.unmet) std::printf("  unmet %s: %s\n", kind.c_str(), text.c_str());
  }
  std::printf("recognizer vectors met: %zu of %zu (%.2f %%)\n", texts - unmet, texts,
              100. * double(texts - unmet) / double(texts));
}

void benign(const char* name, const options& how) {
  const auto prompts = test::read_benign_prompts();
  int touched = 0;
  for (const auto& p : prompts) {
    const auto found = find(p, how);
    touched += !found.empty();
    for (const auto& f : found)
      std::printf("  touched %s: '%s' in %.60s\n", std::string(name_of(f.what)).c_str(),
                  p.substr(f.begin, f.end - f.begin).c_str(), p.c_str());
  }
  std::printf("benign prompts touched, %s: %d of %zu (%.2f %%)\n", name, touched, prompts.size(),
              100. * touched / double(prompts.size()));
}

void speed(const char* name, const std::string& text) {
  double best = 1e9;
  std::size_t n = 0;
  for (int run = 0; run < 3; ++run) {
    const double start = now();
    n = find(text, {kind_set::all(), .4}).size();
    best = std::min(best, now() - start);
  }
  std::printf("  %-34s %7.2f MB/s, %zu finds\n", name, double(text.size()) / best / 1e6, n);
}

std::string repeated(const std::string& part, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += part;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (!test::has_data()) {
    std::printf("no shared data at %s\n", test::data_folder().c_str());
    return 0;
  }
  const auto sentences = test::read_sentences();
  const options all{kind_set::all(), .4};
  if (argc > 2 && std::strcmp(argv[1], "--misses") == 0) {
    print_misses(sentences, all, argv[2]);
    return 0;
  }
  auto scores = test::score_sentences(sentences, all);
  std::printf("generated_large.json, same kind, IoU >= .5\n");
  test::quality structured, whole;
  for (const char* k : structured_kinds) {
    print(k, scores[k]);
    structured += scores[k];
  }
  print("the eight together", structured);
  for (const auto& [k, q] : scores) {
    if (std::find(std::begin(structured_kinds), std::end(structured_kinds), k) ==
        std::end(structured_kinds))
      print(k.c_str(), q);
    whole += q;
  }
  print("all kinds together", whole);
  print("characters, any kind", test::score_characters(sentences, all));
  vectors();
  benign("structured", {kind_set::structured().without(kind::date_time).without(kind::url), .4});
  benign("personal", {});
  std::string prose, mixed;
  for (const auto& p : test::read_benign_prompts()) prose += p + "\n";
  for (const auto& t : sentences) mixed += t.text + "\n";
  std::printf("speed, one core, all finders\n");
  speed("prose", repeated(prose, 2'000'000));
  speed("sentences full of data", repeated(mixed, 1'000'000));
  for (const char* hostile : {"1",
                              "1 ",
                              "1.2.3.",
                              "A1",
                              "a.",
                              "@a",
                              "::",
                              "+1 415 555 01 ",
                              "４",
                              "1\u200b",
                              "http://a.com/",
                              "AKIA",
                              "e\u0301",
                              "用",
                              "DE89 ",
                              "0x1",
                              "Mr. John ",
                              "a1-",
                              "password=",
                              "P<",
                              "call 123 45 67 "})
    speed(hostile, repeated(hostile, 200'000));
  return 0;
}
