#include "services/systems/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/strand.hpp>
#include <cstdlib>

#include "services/core/isolated.hpp"
#include "services/core/json_reader.hpp"
#include "services/core/log.hpp"
#include "services/systems/argv_template.hpp"
#include "services/systems/output_format.hpp"
#include "services/systems/process.hpp"
#include "services/systems/scratch.hpp"
#include "services/systems/slots.hpp"
#include "services/systems/text_cleaner.hpp"

namespace agon::systems {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

error broken(std::string detail) {
  return fail(errc::system_failed, std::move(detail));
}

// Shared with the calls under way, which may outlive the system.
struct command_core {
  command_core(const asio::any_io_executor& executor, command_options given)
      : strand(asio::make_strand(executor)),
        options(std::move(given)),
        rules(options.prompt_replace),
        free_slots(strand, options.concurrency, options.queue) {}

  asio::any_io_executor strand;
  command_options options;
  prompt_rules rules;
  slots free_slots;
};

std::string path_of(const command_options& o) {
  const bool handed_on =
      std::find(o.environment.begin(), o.environment.end(), "PATH") != o.environment.end();
  const char* ours = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return handed_on && ours != nullptr ? ours : std::string(standard_path);
}

std::vector<std::string> environment_of(const command_options& o, const fs::path& folder) {
  std::vector<std::string> all{"PATH=" + path_of(o), "LANG=C.UTF-8", "HOME=" + folder.string(),
                               "TMPDIR=" + folder.string()};
  for (const std::string& name : o.environment) {
    if (name == "PATH") continue;
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr) all.push_back(name + "=" + value);
  }
  return all;
}

process_spec plan_of(const command_options& o, const generation_request& r, const fs::path& folder,
                     const fs::path& prompt, const fs::path& output) {
  process_spec p;
  p.argv = fill_argv(o.argv, {prompt.string(), output.string(), std::to_string(r.seed),
                              r.language.empty() ? o.language : r.language});
  p.environment = environment_of(o, folder);
  p.folder = folder;
  if (!uses(o.argv, "prompt_file")) p.input = prompt;
  if (!uses(o.argv, "output_file")) p.output = output;
  p.timeout = o.timeout;
  p.grace = o.grace;
  p.cpu = o.cpu;
  p.memory_bytes = o.memory_bytes;
  p.file_bytes = o.output_bytes + 1;  // so that a cut-off output is seen to be too large
  return p;
}

// Nothing if the program ended as it should.
std::optional<error> judge_end(const process_result& p) {
  switch (p.end) {
    case process_end::timed_out:
      return fail(errc::timeout, "The system took too long.");
    case process_end::cancelled:
      return fail(errc::timeout, "The request was given up.");
    case process_end::not_started:
      return broken("The system's program could not be started.");
    case process_end::signalled:
      return broken("The system crashed or broke a limit.");
    case process_end::exited:
      if (p.code != 0) return broken("The system ended with an error.");
  }
  return std::nullopt;
}

// Nothing if the output is what was promised.
std::optional<error> judge_output(const command_options& o, const fs::path& output) {
  const auto size = plain_file_size(output);
  if (!size || *size == 0) return broken("The system wrote no output.");
  if (*size > o.output_bytes) return broken("The system wrote too much.");
  if (!begins_as(o.output, output)) return broken("The system wrote something unexpected.");
  return std::nullopt;
}

void log_failure(const command_options& o, const process_result& p, const error& e) {
  log::warn("command_failed", {{"program", o.argv[0]},
                               {"error", name_of(e.code)},
                               {"reason", e.detail},
                               {"code", p.code},
                               {"seconds", std::chrono::duration<double>(p.wall).count()},
                               {"stderr_bytes", p.stderr_bytes}});
}

result<raw_output> hand_over(const command_options& o, const fs::path& output,
                             const fs::path& scratch, const generation_request& r,
                             std::chrono::microseconds wall) {
  raw_output made;
  made.media_type = media_type_of(o.output);
  made.used.input_characters = code_points(r.prompt);
  made.generation_seconds = std::chrono::duration<double>(wall).count();
  if (o.output == output_format::text) {
    const auto text = read_file(output, o.output_bytes);
    text_cleaner cleaner(r.largest_text);
    auto shown = text ? cleaner.feed(*text) : std::nullopt;
    if (!shown || !cleaner.ended_whole()) return broken("The system wrote something unexpected.");
    made.text = std::move(*shown);
    if (cleaner.cut_off()) made.end = ending::cut_off;
    return made;
  }
  made.file = scratch / output.filename();
  std::error_code ec;
  fs::rename(output, made.file, ec);
  if (ec) return fail(errc::unavailable, "The server could not keep the output.");
  return made;
}

void tell_text(const std::shared_ptr<generation_listener>& listener, const raw_output& made) {
  if (listener && made.media_type == media_type_of(output_format::text)) {
    listener->on_text(made.text);
  }
}

awaitable<result<raw_output>> run(std::shared_ptr<command_core> core, generation_request r,
                                  fs::path scratch, std::shared_ptr<generation_listener> listener) {
  const command_options& o = core->options;
  if (!r.earlier.empty() || !r.attachments.empty()) {
    co_return fail(errc::unsupported, "This system answers a single text without attachments.");
  }
  if (!r.language.empty() && !is_language_tag(r.language)) {
    co_return fail(errc::unsupported, "This is not a language tag.");
  }
  const auto permit = co_await core->free_slots.acquire(o.queue_wait, [&](std::size_t position) {
    if (listener) listener->on_queued(position);
  });
  if (!permit) co_return permit.error();
  if (listener) listener->on_started();
  r.prompt = core->rules.apply(std::move(r.prompt));

  const auto folder = work_folder::make(fs::absolute(scratch) / "work");
  const fs::path prompt = folder ? folder->path() / "prompt.txt" : "";
  if (!folder || !write_file(prompt, r.prompt + "\n")) {
    co_return fail(errc::unavailable, "The server has no room to work.");
  }
  const fs::path output = folder->path() / ("output" + std::string(extension_of(o.output)));
  const auto ended = co_await run_process(plan_of(o, r, folder->path(), prompt, output));
  if (!ended) co_return ended.error();
  auto wrong = judge_end(*ended);
  if (!wrong) wrong = judge_output(o, output);
  if (wrong) {
    if (ended->end != process_end::cancelled) log_failure(o, *ended, *wrong);
    co_return *wrong;
  }
  auto made = hand_over(o, output, scratch, r, ended->wall);
  if (!made) co_return made.error();
  tell_text(listener, *made);
  co_return made;
}

class command_system final : public system {
 public:
  command_system(const asio::any_io_executor& executor, command_options options)
      : core_(std::make_shared<command_core>(executor, std::move(options))) {}

  awaitable<result<raw_output>> generate(generation_request r, fs::path scratch,
                                         std::shared_ptr<generation_listener> listener) override {
    return isolated(core_->strand,
                    run(core_, std::move(r), std::move(scratch), std::move(listener)));
  }

  system_state state() const override {
    return {true, core_->free_slots.running(), core_->free_slots.waiting()};
  }

 private:
  std::shared_ptr<command_core> core_;
};

std::vector<field_error> check(const command_options& o) {
  auto wrong = check_argv(o.argv);
  for (field_error& f : check_prompt_rules(o.prompt_replace))
    wrong.push_back({"/prompt_replace" + f.field, std::move(f.reason)});
  const auto positive = [&](const char* field, auto value) {
    if (value <= decltype(value){}) wrong.push_back({field, "must be positive"});
  };
  positive("/timeout", o.timeout);
  positive("/cpu", o.cpu);
  positive("/output_bytes", o.output_bytes);
  positive("/concurrency", o.concurrency);
  if (o.grace.count() < 0) wrong.push_back({"/grace", "must not be negative"});
  if (!is_language_tag(o.language)) wrong.push_back({"/language", "must be a language tag"});
  for (std::size_t i = 0; i < o.environment.size(); ++i) {
    if (o.environment[i].empty() || o.environment[i].find('=') != std::string::npos) {
      wrong.push_back({"/environment/" + std::to_string(i), "must be the name of a variable"});
    }
  }
  return wrong;
}

}  // namespace

result<std::unique_ptr<system>> make_command_system(const asio::any_io_executor& executor,
                                                    command_options options) {
  auto wrong = check(options);
  if (!wrong.empty()) {
    return error{errc::invalid_input, "command" + wrong[0].field + ": " + wrong[0].reason,
                 std::move(wrong), std::nullopt};
  }
  return std::unique_ptr<system>(std::make_unique<command_system>(executor, std::move(options)));
}

bool program_found(const command_options& options) {
  if (options.argv.empty() || options.argv[0].empty()) return false;
  const std::string& program = options.argv[0];
  const auto runs = [](const fs::path& file) {
    std::error_code ec;
    return fs::is_regular_file(file, ec) && ::access(file.c_str(), X_OK) == 0;
  };
  if (program.find('/') != std::string::npos) return runs(program);
  const std::string path = path_of(options);
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    if (end > at && runs(fs::path(path.substr(at, end - at)) / program)) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace agon::systems
