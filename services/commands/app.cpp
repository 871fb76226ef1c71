#include "services/commands/app.hpp"

#include <algorithm>
#include <boost/asio/thread_pool.hpp>
#include <stdexcept>

#include "services/arena/routes.hpp"
#include "services/arena/sampling_job.hpp"
#include "services/boards/routes.hpp"
#include "services/commands/arena_views.hpp"
#include "services/commands/counted_router.hpp"
#include "services/commands/live_parts.hpp"
#include "services/commands/media_removal.hpp"
#include "services/commands/run_blocking.hpp"
#include "services/commands/statement_metrics.hpp"
#include "services/core/log.hpp"
#include "services/http/operational_routes.hpp"
#include "services/http/static_files.hpp"
#include "services/participants/retention.hpp"
#include "services/participants/rights_routes.hpp"
#include "services/participants/routes.hpp"
#include "services/releases/routes.hpp"
#include "services/store/media/folder_store.hpp"
#include "services/store/postgres/arena_store.hpp"
#include "services/store/postgres/battle_store.hpp"
#include "services/store/postgres/board_store.hpp"
#include "services/store/postgres/judgment_writer.hpp"
#include "services/store/postgres/listener.hpp"
#include "services/store/postgres/maintenance.hpp"
#include "services/store/postgres/migrations.hpp"
#include "services/store/postgres/participant_store.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/refusal_store.hpp"
#include "services/store/postgres/release_store.hpp"
#include "services/store/postgres/retention_store.hpp"
#include "services/store/postgres/rights_store.hpp"
#include "services/store/postgres/tally_source.hpp"
#include "services/store/postgres/withdrawal_store.hpp"

namespace agon::commands {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// Threads that start systems and wait for them; decoding runs in processes of its own.
constexpr std::size_t work_threads = 2;
constexpr auto refresh_interval = 2s;
constexpr auto sampling_interval = 5s;
constexpr auto sweep_interval = 30s;
constexpr auto erasure_interval = 10s;
constexpr auto retention_interval = 1h;
constexpr auto maintenance_interval = 6h;
constexpr auto certificate_interval = 10s;
// Longer than any battle may take to generate.
constexpr auto abandoned_after = 3min;
constexpr auto drain_deadline = 8s;

fs::path scratch_of(const serve_settings& s) {
  const fs::path parent = s.scratch.empty() ? fs::temp_directory_path() : s.scratch;
  return parent / ("agon-scratch-" + std::to_string(::getpid()));
}

store::pool_settings pool_of(const serve_settings& s, store::statement_observer& observer) {
  store::pool_settings out;
  out.connection = s.database.connection("agon_serve", "serve");
  out.connection.observer = &observer;
  return out;
}

// Erasing and exporting is rare, and must not take the connections of votes.
store::pool_settings rights_pool_of(const serve_settings& s, store::statement_observer& observer) {
  store::pool_settings out;
  out.connection = s.database.connection("agon_rights", "rights");
  out.connection.observer = &observer;
  out.connections = 2;
  out.queue = 64;
  return out;
}

store::batch_settings batch_of(const serve_settings& s, std::string part,
                               store::statement_observer& observer) {
  store::batch_settings out;
  out.connection = s.database.connection("agon_serve", std::move(part));
  out.connection.observer = &observer;
  return out;
}

void require_schema(const serve_settings& s) {
  const auto good = store::check_schema(s.database.connection("agon_serve", "check"));
  if (!good) throw std::runtime_error(good.error().detail);
}

}  // namespace

// In the order of their making: each part refers only to parts above it.
struct app::parts {
  serve_settings settings;
  system_clock_source clock;
  crypto::system_random random;
  id_source ids{clock, random};
  metrics::registry metrics;
  statement_metrics statements{metrics};

  http::io_threads io;
  boost::asio::thread_pool work{work_threads};

  store::pool pool;
  store::pool rights_pool;
  std::unique_ptr<arena::arena_store> arena_rows = store::make_arena_store(pool);
  std::unique_ptr<arena::battle_store> battles;
  std::unique_ptr<arena::refusal_store> refusals = store::make_refusal_store(pool);
  std::unique_ptr<store::judgment_writer> judgments;
  std::unique_ptr<participants::participant_store> people = store::make_participant_store(pool);
  std::unique_ptr<boards::board_store> board_rows = store::make_board_store(pool);
  std::unique_ptr<arena::tally_source> tallies = store::make_tally_source(pool);
  std::unique_ptr<releases::release_list> release_rows = store::make_release_list(pool);
  std::unique_ptr<arena::media_store> media;
  std::unique_ptr<participants::rights_store> rights = store::make_rights_store(rights_pool);
  live_parts live;

  arena::arena_catalog arenas{work.get_executor(), *arena_rows};
  arena_views views{arenas};
  std::unique_ptr<systems::transcoder> transcoder =
      systems::make_transcoder(work.get_executor(), work.get_executor());
  arena::board_gains gains;
  arena::sampling_job sampling{arenas, *tallies, gains};
  counted_router prompt_router;
  arena::create_battle create{*battles, *refusals, prompt_router, gains, ids, clock, random};
  arena::generate_battle generate;
  arena::record_exposures expose{*battles, clock};
  arena::record_judgments judge{arenas, *judgments, clock};
  std::unique_ptr<arena::withdrawal_store> withdrawals = store::make_withdrawal_store(pool);
  arena::withdraw_vote withdraw{arenas, *battles, judge, *withdrawals, clock};

  http::cookie_signer signer;
  participants::sessions who{signer};
  arena::arena_api arena_api{arenas, *arena_rows,    *battles, create, generate,
                             expose, judge,          withdraw, *media, *people,
                             who,    live.limiter(), clock,    random};
  participants::participant_api participant_api{
      *people,
      who,
      views,
      ids,
      clock,
      live.limiter(),
      {2 * settings.consents_per_minute, settings.consents_per_minute}};
  std::unique_ptr<music_arena::facade_api> facade;
  participants::erase_participant erase{*rights, clock, media_removal(work.get_executor(), *media)};
  std::unique_ptr<participants::retention_store> old_rows =
      store::make_retention_store(rights_pool);
  participants::run_retention retention{*old_rows, clock};
  participants::rights_api rights_api{*rights, erase, who, clock, random, live.limiter()};
  boards::board_api board_api{*board_rows, live.feed(), views, clock, work.get_executor()};
  releases::release_api release_api;

  http::router router;
  std::unique_ptr<http::static_files> pages;
  std::unique_ptr<http::server> server;

  using steady = std::chrono::steady_clock;
  steady::time_point refreshed{}, sampled{}, swept{}, maintained{}, certified{}, erased{},
      retained{};
  fs::file_time_type certificate_written{};

  explicit parts(serve_settings s)
      : settings(std::move(s)),
        io(settings.threads),
        pool(pool_of(settings, statements), random),
        rights_pool(rights_pool_of(settings, statements), random),
        battles(store::make_battle_store(pool, batch_of(settings, "lookups", statements), random)),
        judgments(
            store::make_judgment_writer(batch_of(settings, "writer", statements), pool, random)),
        media(store::make_folder_media_store(settings.media, settings.media_reserve_mib << 20U)),
        live(settings.database.connection("agon_serve", "listener"), settings.redis_url, random,
             [this](boards::board_feed& feed) { ask_boards(feed); }),
        prompt_router(settings.router.make(work.get_executor(), random), metrics),
        generate(work.get_executor(), *battles, *media, *transcoder, ids, clock, random,
                 scratch_of(settings)),
        signer(read_secret_file(settings.secret_file), !settings.insecure_cookies),
        release_api{*release_rows, [this](std::string_view slug) { return views.id_of(slug); },
                    settings.releases} {
    fs::create_directories(scratch_of(settings));
  }

  awaitable<bool> ready() {
    // A cheap question that goes all the way.
    const auto counts = co_await arena_rows->counts();
    co_return counts.has_value();
  }

  void add_routes() {
    arena::add_arena_routes(router, arena_api);
    arena::add_battle_routes(router, arena_api);
    arena::add_withdrawal_routes(router, arena_api);
    participants::add_routes(router, participant_api);
    if (!settings.music_arena.arena.empty()) {
      auto facade_of = settings.music_arena;
      facade_of.tls = settings.http.security.behind_tls || !settings.http.certificate_chain.empty();
      facade = std::make_unique<music_arena::facade_api>(
          arena_api, std::move(facade_of), read_secret_file(settings.secret_file).reveal());
      music_arena::add_routes(router, *facade);
    }
    participants::add_rights_routes(router, rights_api);
    boards::add_routes(router, board_api);
    releases::add_routes(router, release_api);
    http::add_operational_routes(
        router, metrics, {{"postgres", [this] { return ready(); }}},
        settings.open_metrics ? http::metrics_access::everyone : http::metrics_access::loopback);
    http::add_process_metrics(metrics);
    if (!settings.pages.empty()) {
      pages = std::make_unique<http::static_files>(settings.pages);
      pages->serve_from(router);
    }
    const auto queued =
        metrics.make_gauge("agon_judgments_queued", "Submissions that wait for the writer");
    const auto waiting =
        metrics.make_gauge("agon_store_calls_queued", "Calls that wait for a connection");
    const auto redis = metrics.make_gauge("agon_redis_connected", "1 while Redis answers");
    metrics.before_scrape([this, queued, waiting, redis] {
      redis.set(live.redis_connected() ? 1 : 0);
      queued.set(static_cast<double>(judgments->queued()));
      waiting.set(static_cast<double>(pool.queued()));
    });
  }

  void refresh() {
    if (!run_blocking(arenas.refresh())) log::warn("arenas_not_refreshed");
  }

  void sample() { run_blocking(sampling.refresh()); }

  void sweep() {
    const auto failed = run_blocking(battles->fail_abandoned(
        clock.now() - abandoned_after, "The server was stopped while this was made. Try again."));
    if (failed && *failed > 0) log::warn("abandoned_battles_failed", {{"battles", *failed}});
    if (!media->has_room())
      log::error("media_disk_nearly_full", {{"hint", "no new battles are made; votes are taken"}});
  }

  void maintain() {
    const auto report = run_blocking(store::maintain(pool));
    if (!report) log::warn("maintenance_failed", {{"error", name_of(report.error().code)}});
  }

  // A certificate that was renewed is taken up; one that cannot be read is tried again.
  void renew_certificate() {
    const http::server_options& o = settings.http;
    if (o.certificate_chain.empty()) return;
    std::error_code missing;
    const auto written = std::max(fs::last_write_time(o.certificate_chain, missing),
                                  fs::last_write_time(o.private_key, missing));
    if (written == certificate_written) return;
    try {
      server->reload_certificate();
      certificate_written = written;
    } catch (const std::runtime_error& e) {
      log::error("certificate_not_read", {{"reason", e.what()}});
    }
  }

  // What was interrupted, and the last steps of erasures. Does a bit at a time.
  void erase_due() {
    const auto step = run_blocking(erase.step());
    if (!step) {
      log::warn("erasures_failed", {{"error", name_of(step.error().code)}});
      return;
    }
    if (step->finished > 0 || step->files > 0)
      log::info("erasures_ended", {{"erasures", step->finished}, {"files", step->files}});
    if (step->more) erased = {};  // go on at the next tick
  }

  // One batch of each kind; the next follows at the next tick while there is more.
  void retain() {
    std::vector<participants::arena_retention> rules;
    for (const arena::arena_ptr& a : arenas.all()) rules.push_back(retention_of(a->definition));
    const auto done = run_blocking(retention.step(std::move(rules)));
    if (!done) {
      log::warn("retention_failed", {{"error", name_of(done.error().code)}});
      return;
    }
    for (const participants::retained what : participants::every_retained) {
      const std::int64_t rows = done->rows[static_cast<std::size_t>(what)];
      if (rows == 0) continue;
      metrics
          .make_counter("agon_retention_rows_total", "Rows that retention has deleted",
                        {{"what", std::string(name_of(what))}})
          .add(static_cast<double>(rows));
      log::info("retained", {{"what", name_of(what)}, {"rows", rows}});
    }
    if (done->more) retained = {};
  }

  void ask_boards(boards::board_feed& feed) {
    const auto versions = run_blocking(board_rows->versions());
    if (!versions) return;
    for (const boards::board_version& v : *versions) feed.publish(v);
  }
};

app::app(serve_settings settings) {
  require_schema(settings);
  parts_ = std::make_unique<parts>(std::move(settings));
  const auto loaded = run_blocking(parts_->arenas.refresh());
  if (!loaded) throw std::runtime_error("The arenas cannot be read: " + loaded.error().detail);
  if (parts_->arenas.all().empty())
    log::warn("no_arena", {{"hint", "apply one: agon admin apply arenas/speech.yaml"}});
  parts_->add_routes();
  parts_->server = std::make_unique<http::server>(parts_->io, parts_->router, parts_->metrics,
                                                  parts_->settings.http);
}

void app::start() {
  parts_->server->start();
}

std::uint16_t app::port() const {
  return parts_->server->port();
}

void app::tick() {
  const auto now = parts::steady::now();
  const auto due = [now](parts::steady::time_point& last, auto interval) {
    if (now - last < interval) return false;
    last = now;
    return true;
  };
  if (due(parts_->refreshed, refresh_interval)) parts_->refresh();
  if (due(parts_->sampled, sampling_interval)) parts_->sample();
  if (due(parts_->swept, sweep_interval)) parts_->sweep();
  if (due(parts_->erased, erasure_interval)) parts_->erase_due();
  if (due(parts_->retained, retention_interval)) parts_->retain();
  if (due(parts_->maintained, maintenance_interval)) parts_->maintain();
  if (due(parts_->certified, certificate_interval)) parts_->renew_certificate();
}

app::~app() {
  if (!parts_) return;
  if (parts_->server && !parts_->server->drain()) log::warn("drain_cut_connections");
  run_blocking(parts_->generate.drain(drain_deadline));
  parts_->judgments->stop();
  parts_->pool.stop();
  parts_->rights_pool.stop();
  parts_->io.stop();
  parts_->work.stop();
  parts_->work.join();
  std::error_code ignored;
  fs::remove_all(scratch_of(parts_->settings), ignored);
}

}  // namespace agon::commands
