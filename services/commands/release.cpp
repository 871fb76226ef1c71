#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>

#include "privacy/crypto/minisign.hpp"
#include "services/commands/commands.hpp"
#include "services/commands/settings.hpp"
#include "services/commands/stop_signal.hpp"
#include "services/core/log.hpp"
#include "services/releases/build_release.hpp"
#include "services/store/postgres/privacy_ledger.hpp"
#include "services/store/postgres/release_store.hpp"

namespace agon::commands {
namespace {

using releases::build_release;
using releases::built_partition;

struct release_flags {
  database_settings database;
  releases::release_settings settings{"releases", "", ""};
  std::string arena;  // empty: the only one there is
  std::string partition;
  std::string reason;
  bool seal = false;
  bool dry_run = false;
  bool now = false;
  int pause_seconds = 3600;
};

int report(const error& e) {
  std::cerr << "agon: " << e.detail << '\n';
  return 1;
}

// The store, the ledger and what works on them.
class release_job {
 public:
  explicit release_job(release_flags& flags)
      : store_(store::make_release_store(flags.database.connection("agon_release", "release"))),
        ledger_(store::make_privacy_ledger(flags.database.connection("agon_release", "release"))),
        work_(*store_, *ledger_, clock_, random_, flags.settings) {}

  // With the arena filled in where there is just one.
  release_job& choose_arena(release_flags& flags) {
    if (!flags.arena.empty()) return *this;
    const auto slugs = store_->arena_slugs();
    if (slugs.size() != 1)
      throw std::runtime_error(slugs.empty() ? "There is no arena yet. Apply one: agon admin apply"
                                             : "There are several arenas: name one with --arena.");
    flags.arena = slugs.front();
    return *this;
  }

  releases::release_store& store() { return *store_; }
  build_release& work() { return work_; }

 private:
  std::unique_ptr<releases::release_store> store_;
  std::unique_ptr<releases::privacy_ledger> ledger_;
  system_clock_source clock_;
  crypto::system_random random_;
  build_release work_;
};

void tell(const char* what, const built_partition& p) {
  std::cout << what << " partition " << p.name << ": " << p.votes << " votes, " << p.bytes
            << " bytes, in " << p.directory.string() << '\n';
}

int build(release_flags& flags) {
  release_job job(flags);
  job.choose_arena(flags);
  const auto built = job.work().build({.arena = flags.arena,
                                       .partition = flags.partition,
                                       .cast_before = {},
                                       .dry_run = flags.dry_run,
                                       .progress = [](std::int64_t battles) {
                                         std::cerr << "\r" << battles << " battles" << std::flush;
                                       }});
  std::cerr << '\n';
  if (!built) return report(built.error());
  if (flags.dry_run) {
    std::cout << built->report << "\nNothing was written or paid for. Partition " << built->name
              << " would hold " << built->votes << " votes in " << built->bytes << " bytes.\n";
    return 0;
  }
  tell("Built the draft of", *built);
  if (!flags.seal) {
    std::cout << "Read its " << (built->directory / "PRIVACY_REPORT.md").string()
              << "\nCheck it with: agon verify " << built->directory.string()
              << "\nPublish it with: agon release seal --arena " << flags.arena
              << "  (destroys its key; cannot be undone)\n";
    return 0;
  }
  const auto sealed = job.work().seal(flags.arena, true);
  if (!sealed) return report(sealed.error());
  tell("Sealed", *sealed);
  return 0;
}

int seal(release_flags& flags) {
  release_job job(flags);
  const auto sealed = job.choose_arena(flags).work().seal(flags.arena);
  if (!sealed) return report(sealed.error());
  tell("Sealed", *sealed);
  return 0;
}

int revise(release_flags& flags) {
  release_job job(flags);
  const auto revised =
      job.choose_arena(flags).work().revise(flags.arena, flags.partition, flags.now);
  if (!revised) return report(revised.error());
  tell(("Published revision " + std::to_string(revised->revision) + " of").c_str(), *revised);
  return 0;
}

int retract(release_flags& flags) {
  release_job job(flags);
  const auto done =
      job.choose_arena(flags).work().retract(flags.arena, flags.partition, flags.reason);
  if (!done) return report(done.error());
  std::cout << "Retracted partition " << flags.partition
            << ": its files are gone, and the list says why.\n";
  return 0;
}

int list(release_flags& flags) {
  release_job job(flags);
  job.choose_arena(flags);
  const auto arena = job.store().find_arena(flags.arena);
  if (!arena) return report(fail(errc::not_found, "There is no arena \"" + flags.arena + "\"."));
  const auto partitions = job.store().list(arena->id);
  if (partitions.empty()) std::cout << "No partition yet. Make one with: agon release build\n";
  for (const releases::partition& p : partitions) {
    std::cout << p.name;
    switch (p.state) {
      case releases::partition_state::open:
        std::cout << "  open";
        break;
      case releases::partition_state::sealed:
        std::cout << "  sealed  revision " << p.revision << "  " << p.votes << " votes  " << p.bytes
                  << " bytes  sha256 " << p.manifest_sha256
                  << (p.public_key.empty() ? "  unsigned" : "  signed by " + p.public_key);
        break;
      case releases::partition_state::retracted:
        std::cout << "  retracted: " << p.retraction;
        break;
    }
    std::cout << '\n';
  }
  return 0;
}

// A new file that only its owner can read.
void write_secret(const std::filesystem::path& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    throw std::system_error(errno, std::generic_category(), "cannot make " + path.string());
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  ::close(fd);
  if (!written) throw std::runtime_error("cannot write " + path.string());
}

int keygen(release_flags& flags) {
  if (flags.settings.key_file.empty()) flags.settings.key_file = "release.key";
  crypto::system_random random;
  const auto key = crypto::minisign_secret_key::make(random);
  write_secret(flags.settings.key_file, key.file());
  std::filesystem::path beside = flags.settings.key_file;
  beside += ".pub";
  write_secret(beside, key.public_key().file());
  std::filesystem::permissions(beside, std::filesystem::perms(0644));
  std::cout << "Secret key: " << flags.settings.key_file.string()
            << "  (mode 0600; keep a copy where nobody else can read it)\nPublic key: "
            << key.public_key().line()
            << "\nSign with it: AGON_RELEASE_KEY=" << flags.settings.key_file.string()
            << " agon release seal\n";
  return 0;
}

// Looks now and then whether something is due, for every arena. One replica works; the others
// wait for its lock.
int watch(release_flags& flags) {
  stop_signal stop;
  release_job job(flags);
  const std::chrono::seconds pause(flags.pause_seconds);
  log::info("releases_watched");
  do {
    try {
      for (const std::string& arena : job.store().arena_slugs()) {
        if (!flags.arena.empty() && arena != flags.arena) continue;
        const auto done = job.work().keep_schedule(arena);
        if (!done)
          log::error("release_failed", {{"arena", arena}, {"reason", done.error().detail}});
        else
          for (const std::string& what : *done)
            log::info("release_done", {{"arena", arena}, {"what", what}});
      }
    } catch (const std::exception& e) {
      log::error("release_failed", {{"reason", e.what()}});
    }
  } while (!stop.wait(pause));
  return 0;
}

}  // namespace

void add_release(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("release", "Anonymised partitions of the data");
  auto flags = std::make_shared<release_flags>();
  const auto add_common = [flags](CLI::App& sub) {
    flags->database.add_to(sub);
    sub.add_option("--arena", flags->arena, "The arena (default: the only one)");
    sub.add_option("--releases", flags->settings.root, "Where partitions are kept")
        ->envname("AGON_RELEASES_DIR");
    sub.add_option("--key", flags->settings.key_file, "minisign secret key that signs releases")
        ->envname("AGON_RELEASE_KEY");
    sub.add_option("--url", flags->settings.url, "Address of the data page, for the documents")
        ->envname("AGON_PUBLIC_URL");
  };
  const auto add_pause = [flags](CLI::App& sub) {
    sub.add_option("--every", flags->pause_seconds, "Seconds between looks (default: 3600)")
        ->check(CLI::Range(1, 86'400));
  };
  const auto add = [&](const char* name, const char* help, int (*run)(release_flags&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    add_common(*sub);
    sub->callback([&chosen, flags, run] { chosen = [flags, run] { return run(*flags); }; });
    return sub;
  };
  CLI::App* building =
      add("build", "Write the open partition as a draft; begin one if none is open", build);
  building->add_option("--partition", flags->partition, "Its name, as in 2026-11 (default: today)");
  building->add_flag("--dry-run", flags->dry_run, "Print the privacy report and write nothing")
      ->excludes(building->add_flag("--seal", flags->seal, "Seal it at once"));
  add("seal", "Sign and publish the draft, and destroy its key", seal);
  CLI::App* revising =
      add("revise", "Publish a partition again without what was withdrawn", revise);
  revising->add_option("partition", flags->partition, "Its name")->required();
  revising->add_flag("--now", flags->now, "Though few people wait, whom it would point at");
  CLI::App* retracting = add("retract", "Take a partition back for good", retract);
  retracting->add_option("partition", flags->partition, "Its name")->required();
  retracting->add_option("--reason", flags->reason, "One sentence, published")->required();
  CLI::App* watching = add("watch", "Seal and revise what is due, until stopped", watch);
  add_pause(*watching);
  add("list", "Partitions of an arena", list);

  CLI::App* making = command->add_subcommand("keygen", "Make the key that signs releases");
  making->add_option("--key", flags->settings.key_file, "Its file (default: release.key)")
      ->envname("AGON_RELEASE_KEY");
  making->callback([&chosen, flags] { chosen = [flags] { return keygen(*flags); }; });

  // `agon release --watch` is `agon release watch`.
  auto watch_flag = std::make_shared<bool>(false);
  add_common(*command);
  command->get_option("--database")->required(false);
  command->add_flag("--watch", *watch_flag, "The same as the subcommand watch");
  add_pause(*command);
  command->require_subcommand(0, 1);
  command->callback([&chosen, command, flags, watch_flag] {
    if (!command->get_subcommands().empty()) return;
    if (!*watch_flag) throw CLI::RequiredError("A subcommand, or --watch,");
    if (flags->database.url.empty()) throw CLI::RequiredError("--database");
    chosen = [flags] { return watch(*flags); };
  });
}

}  // namespace agon::commands
