#include "services/systems/pool.hpp"

#include <algorithm>
#include <boost/asio/strand.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "services/core/isolated.hpp"
#include "services/core/json_reader.hpp"
#include "services/systems/text_cleaner.hpp"

namespace agon::systems {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::size_t longest_line = 256UL * 1024;
constexpr std::size_t most_complaints = 20;
constexpr std::uintmax_t largest_file = 64UL * 1024 * 1024;

struct recorded {
  std::size_t line = 0;
  fs::path file;
  std::string media_type;
  std::string text;
  double generation_seconds = 0;
};

using recordings = std::map<std::string, recorded, std::less<>>;

// The file's real path, if it is a regular file inside the root, even through symbolic links.
std::optional<fs::path> inside(const fs::path& root, const std::string& relative) {
  std::error_code ec;
  const fs::path given(relative);
  if (given.empty() || given.is_absolute()) return std::nullopt;
  const fs::path real_root = fs::canonical(root, ec);
  if (ec) return std::nullopt;
  fs::path real = fs::canonical(real_root / given, ec);
  if (ec || !fs::is_regular_file(real, ec)) return std::nullopt;
  const auto [end, unused] =
      std::mismatch(real_root.begin(), real_root.end(), real.begin(), real.end());
  if (end != real_root.end()) return std::nullopt;
  return real;
}

class loader {
 public:
  explicit loader(const pool_options& options) : options_(options) {}

  result<recordings> load() {
    std::ifstream in(options_.jsonl, std::ios::binary);
    if (!in) return fail(errc::invalid_input, options_.jsonl.string() + " cannot be read");
    std::string line;
    while (std::getline(in, line) && wrong_.size() < most_complaints) {
      ++line_;
      if (!line.empty()) row(line);
    }
    if (in.bad()) return fail(errc::invalid_input, options_.jsonl.string() + " cannot be read");
    if (wrong_.empty() && rows_.empty()) complain("", "holds no rows");
    if (wrong_.empty()) return std::move(rows_);
    const std::string where = options_.jsonl.string() + ", line " + std::to_string(first_bad_);
    return error{errc::invalid_input, where + ": " + wrong_[0].reason, std::move(wrong_),
                 std::nullopt};
  }

 private:
  void complain(const std::string& pointer, std::string reason) {
    if (wrong_.empty()) {
      first_bad_ = line_;
      if (!pointer.empty()) reason = pointer.substr(1) + " " + reason;
    }
    wrong_.push_back({"/" + std::to_string(line_) + pointer, std::move(reason)});
  }

  void row(const std::string& line) {
    const auto document = parse_object(line, longest_line);
    if (!document) return complain("", document.error().detail);
    json_reader in(*document);
    const std::string prompt = in.text("prompt", {.min = 1, .max = 20'000});
    const auto file = in.optional_text("file", {.min = 1, .max = 1000});
    const auto text = in.optional_text("text", {.min = 1, .max = 200'000});
    const auto media_type = in.optional_text("media_type", {.min = 3, .max = 100});
    recorded r;
    r.line = line_;
    r.generation_seconds = in.optional_number("generation_seconds", 0, 86'400).value_or(0);
    if (const auto bad = in.finish()) {
      for (const field_error& f : bad->fields) complain(f.field, f.reason);
      return;
    }
    if (file.has_value() == text.has_value()) return complain("", "needs either file or text");
    if (file && !media_type) return complain("/media_type", "is needed beside file");
    r.media_type = media_type.value_or("text/plain");
    auto shown = clean_text(text.value_or(""), text.value_or("").size());
    if (!shown) return complain("/text", "must be UTF-8");
    r.text = std::move(*shown);
    if (file && !take_file(*file, r)) return;
    const auto [at, is_new] = rows_.try_emplace(prompt, std::move(r));
    if (!is_new) complain("/prompt", "is on line " + std::to_string(at->second.line) + " already");
  }

  bool take_file(const std::string& name, recorded& r) {
    const auto real = inside(options_.media_root, name);
    std::error_code ec;
    const std::uintmax_t size = real ? fs::file_size(*real, ec) : 0;
    if (!real) {
      complain("/file", "is not a file inside the media folder");
    } else if (ec || size == 0 || size > largest_file) {
      complain("/file", "is empty or larger than 64 MiB");
    } else {
      r.file = *real;
      return true;
    }
    return false;
  }

  const pool_options& options_;
  std::size_t line_ = 0;
  std::size_t first_bad_ = 0;
  recordings rows_;
  std::vector<field_error> wrong_;
};

awaitable<result<raw_output>> answer(std::shared_ptr<const recordings> rows, generation_request r,
                                     fs::path scratch,
                                     std::shared_ptr<generation_listener> listener) {
  const bool alone = r.earlier.empty() && r.attachments.empty();
  const auto found = alone ? rows->find(r.prompt) : rows->end();
  if (found == rows->end()) {
    co_return fail(errc::unsupported, "This system has no recorded answer to this prompt.");
  }
  if (listener) listener->on_started();
  const recorded& row = found->second;
  raw_output made;
  made.media_type = row.media_type;
  made.text = row.text;
  made.generation_seconds = row.generation_seconds;
  made.used.input_characters = code_points(r.prompt);
  if (row.file.empty()) {
    if (listener) listener->on_text(made.text);
  } else {
    made.file = fs::absolute(scratch) / ("output" + row.file.extension().string());
    std::error_code ec;
    fs::copy_file(row.file, made.file, ec);
    if (ec) {
      fs::remove(made.file, ec);
      co_return fail(errc::system_failed, "The recorded output is gone.");
    }
  }
  co_return made;
}

class pool_system final : public system {
 public:
  pool_system(const asio::any_io_executor& executor, recordings rows)
      : strand_(asio::make_strand(executor)),
        rows_(std::make_shared<const recordings>(std::move(rows))) {}

  awaitable<result<raw_output>> generate(generation_request r, fs::path scratch,
                                         std::shared_ptr<generation_listener> listener) override {
    return isolated(strand_, answer(rows_, std::move(r), std::move(scratch), std::move(listener)));
  }

  std::vector<std::string> prompts() const override {
    std::vector<std::string> all;
    all.reserve(rows_->size());
    for (const auto& [prompt, unused] : *rows_) all.push_back(prompt);
    return all;
  }

 private:
  asio::any_io_executor strand_;
  std::shared_ptr<const recordings> rows_;
};

}  // namespace

result<std::unique_ptr<system>> make_pool_system(const asio::any_io_executor& executor,
                                                 const pool_options& options) {
  auto rows = loader(options).load();
  if (!rows) return rows.error();
  return std::unique_ptr<system>(std::make_unique<pool_system>(executor, std::move(*rows)));
}

}  // namespace agon::systems
