#include "services/systems/transcoder.hpp"

#include <algorithm>
#include <boost/asio/strand.hpp>
#include <cstring>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "privacy/crypto/random.hpp"
#include "services/core/isolated.hpp"
#include "services/core/log.hpp"
#include "services/systems/image.hpp"
#include "services/systems/normalise.hpp"
#include "services/systems/process.hpp"
#include "services/systems/scratch.hpp"
#include "services/systems/slots.hpp"
#include "services/systems/system.hpp"

namespace agon::systems {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// Containers of plain audio. Playlists and the like, which name other files, are not among them.
constexpr const char* formats = "wav,w64,flac,ogg,mp3,aac,mov,matroska,aiff,au";

struct transcoder_core {
  transcoder_core(const asio::any_io_executor& io, asio::any_io_executor work_executor,
                  transcoder_options given)
      : strand(asio::make_strand(io)),
        work(std::move(work_executor)),
        options(given),
        free_slots(strand, options.concurrency, options.queue) {}

  asio::any_io_executor strand;
  asio::any_io_executor work;
  transcoder_options options;
  slots free_slots;
};

error not_audio() {
  return fail(errc::system_failed, "The system's output cannot be decoded.");
}

std::uint64_t bytes_of_length(std::chrono::milliseconds length) {
  return static_cast<std::uint64_t>(length.count()) * shown_rate / 1000 * sizeof(float);
}

process_spec decoder(const transcoder_options& o, const fs::path& in, const fs::path& folder,
                     const fs::path& pcm) {
  const auto one_more = std::chrono::ceil<std::chrono::seconds>(o.max_length).count() + 1;
  process_spec p;
  p.argv = {"ffmpeg",
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-nostats",
            "-threads",
            "1",
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            formats,
            "-i",
            "file:" + in.string(),
            "-map",
            "0:a:0",
            "-t",
            std::to_string(one_more),
            "-ac",
            "1",
            "-ar",
            std::to_string(shown_rate),
            "-f",
            "f32le",
            "-y",
            "file:" + pcm.string()};
  p.environment = {"PATH=" + std::string(standard_path), "LANG=C.UTF-8"};
  p.folder = folder;
  p.timeout = o.timeout;
  p.cpu = std::chrono::ceil<std::chrono::seconds>(o.timeout);
  p.memory_bytes = 1024UL * 1024 * 1024;
  p.file_bytes = bytes_of_length(std::chrono::seconds(one_more + 1));
  return p;
}

std::optional<error> judge_decoding(const process_result& p) {
  if (p.end == process_end::timed_out) {
    return fail(errc::timeout, "The system's output took too long to decode.");
  }
  if (p.end == process_end::cancelled) return fail(errc::timeout, "The request was given up.");
  if (p.end == process_end::not_started) {
    log::error("ffmpeg_not_started", {{"errno", p.code}});
    return fail(errc::unavailable, "The server cannot convert outputs at the moment.");
  }
  if (p.end == process_end::signalled || p.code != 0) return not_audio();
  return std::nullopt;
}

// Makes the file appear, whole.
result<media> put_whole(const std::string& bytes, std::string media_type, const fs::path& folder,
                        const fs::path& to) {
  const error no_room = fail(errc::unavailable, "The server has no room for the output.");
  const fs::path whole = folder / "whole";
  std::error_code ec;
  if (!write_file(whole, bytes)) return no_room;
  fs::permissions(whole,
                  fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                      fs::perms::others_read,
                  ec);
  fs::rename(whole, to, ec);
  if (ec) return no_room;
  media m;
  m.file = to;
  m.media_type = std::move(media_type);
  m.sha256 = crypto::to_hex(crypto::bytes_of(crypto::sha256(bytes)));
  m.bytes = bytes.size();
  return m;
}

// On the pool of threads that may be kept busy.
awaitable<result<media>> measure_and_write(fs::path pcm_file, fs::path folder, fs::path to,
                                           std::chrono::milliseconds max_length) {
  const std::uint64_t largest = bytes_of_length(max_length);
  const auto size = plain_file_size(pcm_file);
  if (!size || *size == 0) co_return not_audio();
  if (*size > largest) co_return fail(errc::system_failed, "The system's audio is too long.");
  const auto bytes = read_file(pcm_file, largest);
  if (!bytes) co_return not_audio();
  std::vector<float> samples(bytes->size() / sizeof(float));
  std::memcpy(samples.data(), bytes->data(), samples.size() * sizeof(float));
  const auto made = normalise(samples, crypto::system_random().below(1ULL << 63U));
  if (!made) co_return made.error();

  auto m = put_whole(made->wav, "audio/wav", folder, to);
  if (!m) co_return m.error();
  m->seconds = made->seconds;
  m->loudness_lufs = made->loudness_lufs;
  m->peaks = made->peaks;
  co_return m;
}

// The same for a picture.
awaitable<result<media>> strip_and_write(fs::path png, fs::path folder, fs::path to,
                                         std::uint64_t largest) {
  const auto bytes = read_file(png, largest);
  if (!bytes) co_return fail(errc::system_failed, "The system's image cannot be decoded.");
  const auto plain = only_pixels(*bytes);
  if (!plain) co_return plain.error();
  auto m = put_whole(plain->bytes, "image/png", folder, to);
  if (!m) co_return m.error();
  m->width = plain->width;
  m->height = plain->height;
  co_return m;
}

bool is_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), allowed);
}

awaitable<result<media>> transcode(std::shared_ptr<transcoder_core> core, modality kind,
                                   fs::path in, fs::path out_dir, std::string name) {
  const transcoder_options& o = core->options;
  if (!is_name(name)) co_return fail(errc::invalid_input, "This cannot be the name of a file.");
  const auto input_size = plain_file_size(in);
  if (!input_size || *input_size == 0) co_return fail(errc::system_failed, "There is no output.");
  if (*input_size > o.max_input_bytes) {
    co_return fail(errc::system_failed, "The system's output is too large.");
  }
  const auto permit = co_await core->free_slots.acquire(o.timeout);
  if (!permit) co_return permit.error();

  // In the folder of the result, so that a rename is enough to make it appear whole.
  const auto folder = work_folder::make(fs::absolute(out_dir) / ("." + name));
  if (!folder) co_return fail(errc::unavailable, "The server has no room for the output.");
  if (kind == modality::image) {
    const fs::path png = folder->path() / "decoded.png";
    const std::string reader = image_reader(in);
    if (reader.empty())
      co_return fail(errc::system_failed, "The system's output is not a picture.");
    const auto spec = image_decoder(o, fs::absolute(in), reader, folder->path(), png,
                                    crypto::system_random().below(1ULL << 32U));
    const auto drawn = co_await run_process(spec);
    if (!drawn) co_return drawn.error();
    if (const auto wrong = judge_decoding(*drawn)) co_return *wrong;
    co_return co_await isolated(
        core->work, strip_and_write(png, folder->path(), fs::absolute(out_dir) / (name + ".png"),
                                    spec.file_bytes));
  }
  const fs::path pcm_file = folder->path() / "decoded.f32";
  const auto ended = co_await run_process(decoder(o, fs::absolute(in), folder->path(), pcm_file));
  if (!ended) co_return ended.error();
  if (const auto wrong = judge_decoding(*ended)) co_return *wrong;
  co_return co_await isolated(
      core->work, measure_and_write(pcm_file, folder->path(),
                                    fs::absolute(out_dir) / (name + ".wav"), o.max_length));
}

class ffmpeg_transcoder final : public transcoder {
 public:
  ffmpeg_transcoder(const asio::any_io_executor& io, asio::any_io_executor work,
                    transcoder_options options)
      : core_(std::make_shared<transcoder_core>(io, std::move(work), options)) {}

  awaitable<result<media>> audio(fs::path in, fs::path out_dir, std::string name) override {
    return isolated(core_->strand, transcode(core_, modality::audio, std::move(in),
                                             std::move(out_dir), std::move(name)));
  }
  awaitable<result<media>> image(fs::path in, fs::path out_dir, std::string name) override {
    return isolated(core_->strand, transcode(core_, modality::image, std::move(in),
                                             std::move(out_dir), std::move(name)));
  }

 private:
  std::shared_ptr<transcoder_core> core_;
};

}  // namespace

std::unique_ptr<transcoder> make_transcoder(const asio::any_io_executor& io,
                                            asio::any_io_executor work,
                                            transcoder_options options) {
  return std::make_unique<ffmpeg_transcoder>(io, std::move(work), options);
}

}  // namespace agon::systems
