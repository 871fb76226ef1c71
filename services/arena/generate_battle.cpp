#include "services/arena/generate_battle.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <system_error>

#include "privacy/crypto/encoding.hpp"
#include "services/arena/show_output.hpp"
#include "services/arena/support.hpp"
#include "services/core/log.hpp"
#include "services/http/address_counts.hpp"

namespace agon::arena {

namespace asio = boost::asio;
namespace fs = std::filesystem;

struct generate_battle::state {
  asio::any_io_executor executor;
  battle_store& battles;
  media_store& media;
  systems::transcoder& transcoder;
  id_source& ids;
  clock_source& clock;
  crypto::random_source& random;
  fs::path scratch;
  generation_limits limits;
  live_texts texts{};
  std::atomic<int> running{0};
  http::address_counts by_address{limits.battles_per_address};
};

namespace {

// A folder of one attempt, gone with everything in it when the attempt is over.
class scratch_folder {
 public:
  scratch_folder(const fs::path& parent, const std::string& name) : path_(parent / name) {
    fs::create_directories(path_);
  }
  ~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A pair that came about by replacements may have no chance of its own.
constexpr double smallest_probability = 1e-9;

constexpr std::string_view sorry =
    "No two systems could answer this. Your prompt is kept: change it or try again.";

constexpr std::string_view broke_off =
    "One of the answers broke off. Your prompt is kept: try again.";

// Of texts as they appear (live_text.hpp).
constexpr std::chrono::milliseconds step_interval{100};
// A client that follows but takes nothing in does not hold a battle up for longer.
constexpr int most_last_steps = 200;

// Hands on what a system writes.
class text_listener final : public systems::generation_listener {
 public:
  text_listener(std::shared_ptr<live_text> live, int slot)
      : live_(std::move(live)), slot_(static_cast<std::size_t>(slot)) {}
  void on_text(std::string_view piece) override { live_->append(slot_, piece); }

 private:
  std::shared_ptr<live_text> live_;
  std::size_t slot_;
};

}  // namespace

// One battle in work. Both slots run on one strand, so `taken` needs no lock.
struct generate_battle::work {
  std::shared_ptr<state> s;
  arena_ptr arena;
  admitted_battle admitted;
  std::vector<int> taken;
  std::shared_ptr<live_text> live{};  // of an arena of text

  [[nodiscard]] std::string language() const;
  [[nodiscard]] pair_chances chances() const;
  awaitable<result<output>> attempt(int slot, int number, int system);
  awaitable<result<battle_slot>> fill(int slot);
  awaitable<void> keep_pace();
  awaitable<void> show_the_rest();
  awaitable<void> run();
  awaitable<void> give_up(std::string_view why);
};

// The one that the request asks for, else the prompt's.
std::string generate_battle::work::language() const {
  const auto* field = arena->definition.request.find(routing::field_rule::language);
  const auto stated =
      field == nullptr ? admitted.b.request.end() : admitted.b.request.find(field->name);
  return stated == admitted.b.request.end() ? admitted.b.language
                                            : routing::to_text(stated->second);
}

// As they were when the pair was drawn, but for systems that broke down since.
pair_chances generate_battle::work::chances() const {
  return {candidates_of(*arena, admitted.b.request, admitted.b.language),
          arena->definition.sampling, admitted.gains.get()};
}

awaitable<result<output>> generate_battle::work::attempt(int slot, int number, int system) {
  output o;
  o.id = s->ids.make<output_id>();
  o.battle = admitted.b.id;
  o.arena = admitted.b.arena;
  o.slot = slot;
  o.attempt = number;
  o.system = system;

  const scratch_folder folder(s->scratch, to_string(o.id));
  const std::string name = crypto::to_hex(s->random.bytes(16));
  systems::generation_request request{.prompt = admitted.b.prompt,
                                      .language = language(),
                                      .seed = s->random.below(1ULL << 32U),
                                      .details = routing::to_json(admitted.b.request)};
  std::shared_ptr<systems::generation_listener> listener;
  if (live) listener = std::make_shared<text_listener>(live, slot);
  auto made = co_await arena->adapters.at(system)->generate(std::move(request), folder.path(),
                                                            std::move(listener));
  if (!made) {
    o.status = output_status::failed;
    o.error = name_of(made.error().code);
    co_return o;
  }
  co_return co_await show_output({s->media, s->transcoder}, arena, std::move(*made), folder.path(),
                                 name, std::move(o));
}

awaitable<result<battle_slot>> generate_battle::work::fill(int slot) {
  int system = slot == 0 ? admitted.pair.slot_a : admitted.pair.slot_b;
  for (int number = 0;; ++number) {
    auto tried = co_await attempt(slot, number, system);
    if (!tried) co_return tried.error();
    const bool shown = tried->status == output_status::shown;
    if (!shown)
      log::warn("system_failed", {{"arena", admitted.b.arena},
                                  {"system", system},
                                  {"battle", to_string(admitted.b.id)},
                                  {"error", tried->error}});
    battle_slot filled;
    if (shown) {
      filled.system = system;
      filled.output = tried->id;
      filled.support = support_text(*arena, system, admitted.b.request, admitted.b.language);
      filled.generation_seconds = tried->generation_seconds;
      filled.required_seconds = required_seconds(arena->definition, *tried);
      if (!tried->names_itself.empty()) admitted.b.self_named = true;
    }
    const auto kept = co_await s->battles.add_output(std::move(*tried));
    if (!kept) co_return kept.error();
    if (shown && live) live->finish(static_cast<std::size_t>(slot));
    if (shown) co_return filled;
    if (live && !live->restart(static_cast<std::size_t>(slot)))
      co_return fail(errc::system_failed, std::string(broke_off));
    if (number + 1 >= s->limits.attempts_per_slot)
      co_return fail(errc::system_failed, std::string(sorry));
    const auto other = chances().draw_replacement(taken, s->random);
    if (!other) co_return fail(errc::system_failed, std::string(sorry));
    system = *other;
    taken.push_back(system);
  }
}

awaitable<void> generate_battle::work::give_up(std::string_view why) {
  const auto failed = co_await s->battles.fail(admitted.b.id, std::string(why));
  if (!failed)
    log::error("battle_not_marked_failed",
               {{"battle", to_string(admitted.b.id)}, {"error", name_of(failed.error().code)}});
}

// Shows texts as they come, until it is cancelled.
awaitable<void> generate_battle::work::keep_pace() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (true) {
    timer.expires_after(live ? std::chrono::milliseconds(step_interval) : s->limits.whole_battle);
    co_await timer.async_wait(asio::use_awaitable);
    if (live) live->step();
  }
}

// All systems are done; whoever follows sees the texts to their end first.
awaitable<void> generate_battle::work::show_the_rest() {
  if (!live) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int i = 0; i < most_last_steps && live->watchers > 0 && !live->done(); ++i) {
    timer.expires_after(step_interval);
    co_await timer.async_wait(asio::use_awaitable);
    live->step();
  }
}

awaitable<void> generate_battle::work::run() {
  using namespace asio::experimental::awaitable_operators;
  taken = {admitted.pair.slot_a, admitted.pair.slot_b};
  const auto started = co_await s->battles.start(admitted.b.id);
  if (!started) co_return;

  asio::steady_timer deadline(co_await asio::this_coro::executor, s->limits.whole_battle);
  auto finished =
      co_await ((fill(0) && fill(1)) || deadline.async_wait(asio::use_awaitable) || keep_pace());
  if (finished.index() != 0) {
    co_await give_up("The systems took too long. Your prompt is kept: try again.");
    co_return;
  }
  auto& [a, b] = std::get<0>(finished);
  if (!a || !b) {
    const error& e = a ? b.error() : a.error();
    const bool told = e.code == errc::system_failed;
    co_await give_up(told ? std::string_view(e.detail)
                          : std::string_view("Something went wrong here. Try again in a moment."));
    co_return;
  }
  co_await show_the_rest();
  admitted.b.slots = {*a, *b};
  // What happened is recorded: the policy's chance of the pair that is shown.
  if (a->system != admitted.pair.slot_a || b->system != admitted.pair.slot_b)
    admitted.b.sampling_probability =
        std::max(chances().probability(a->system, b->system), smallest_probability);
  admitted.b.ready_at = s->clock.now();
  const auto ready = co_await s->battles.make_ready(admitted.b);
  if (!ready) co_await give_up("Something went wrong here. Try again in a moment.");
}

generate_battle::generate_battle(asio::any_io_executor executor, battle_store& battles,
                                 media_store& media, systems::transcoder& transcoder,
                                 id_source& ids, clock_source& clock, crypto::random_source& random,
                                 fs::path scratch, generation_limits limits)
    : state_(new state{std::move(executor), battles, media, transcoder, ids, clock, random,
                       std::move(scratch), limits}) {}

generate_battle::~generate_battle() = default;

bool generate_battle::has_room() const {
  return state_->running.load() < state_->limits.concurrent_battles;
}

battle_place generate_battle::take_place(std::string_view address) {
  struct held {
    std::shared_ptr<state> counts;  // outlives the place
    http::address_counts::place place;
  };
  auto place = state_->by_address.take(address);
  if (!place.taken()) return nullptr;
  return std::make_shared<held>(held{state_, std::move(place)});
}

void generate_battle::start(arena_ptr arena, admitted_battle battle, battle_place place) {
  state_->running.fetch_add(1);
  auto job = std::make_shared<work>(work{state_, std::move(arena), std::move(battle), {}, nullptr});
  // Before anybody can ask for it.
  if (job->arena->definition.kind == modality::text)
    job->live = state_->texts.open(job->admitted.b.id, 2);
  asio::co_spawn(
      asio::make_strand(state_->executor), [job]() { return job->run(); },
      [job, place = std::move(place)](const std::exception_ptr& failed) {
        job->s->running.fetch_sub(1);
        job->s->texts.close(job->admitted.b.id);
        if (!failed) return;
        // The sweep of abandoned battles marks it failed.
        log::error("battle_crashed", {{"battle", to_string(job->admitted.b.id)}});
      });
}

std::shared_ptr<live_text> generate_battle::live(battle_id id) const {
  return state_->texts.find(id);
}

awaitable<void> generate_battle::drain(std::chrono::seconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (state_->running.load() > 0 && std::chrono::steady_clock::now() < until) {
    timer.expires_after(std::chrono::milliseconds(50));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace agon::arena
