#include "services/arena/show_output.hpp"

#include <algorithm>

#include "services/feedback/style.hpp"
#include "services/systems/system.hpp"

namespace agon::arena {
namespace {

constexpr double words_per_second = 5;

output failed_with(output o, errc why) {
  o.status = output_status::failed;
  o.error = name_of(why);
  return o;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

output show_text(const running_arena& arena, systems::raw_output made, output o) {
  // A refusal by the provider's filter comes without words of the system's own.
  if (made.media_type != "text/plain" || is_blank(made.text))
    return failed_with(std::move(o), errc::system_failed);
  o.text = std::move(made.text);
  o.cut_off = made.end == systems::ending::cut_off;
  o.names_itself = arena.names.find(*o.text);
  o.style_set = feedback::text_style_set;
  o.style = feedback::values_of(feedback::style_of(*o.text));
  return o;
}

awaitable<result<systems::media>> decode(systems::transcoder& transcoder, modality kind,
                                         std::filesystem::path file, std::filesystem::path folder,
                                         std::string name) {
  if (kind == modality::image)
    return transcoder.image(std::move(file), std::move(folder), std::move(name));
  return transcoder.audio(std::move(file), std::move(folder), std::move(name));
}

}  // namespace

double reading_seconds(const output& o) {
  const bool known = o.style_set == feedback::text_style_set && !o.style.empty();
  return known ? o.style.front() / words_per_second : 0;
}

double required_seconds(const arena& a, const output& o) {
  if (o.text) return a.gate.required_seconds(reading_seconds(o));
  if (!o.media) return 0;
  // A picture has no length: it is looked at for as long as the gate says.
  return o.media->width > 0 ? a.gate.seconds : a.gate.required_seconds(o.media->seconds);
}

awaitable<result<output>> show_output(output_parts parts, arena_ptr arena, systems::raw_output made,
                                      std::filesystem::path folder, std::string name, output o) {
  const modality kind = arena->definition.kind;
  o.generation_seconds = made.generation_seconds;
  if (kind == modality::text) co_return show_text(*arena, std::move(made), std::move(o));

  auto anonymous = co_await decode(parts.transcoder, kind, made.file, folder, std::move(name));
  if (!anonymous) co_return failed_with(std::move(o), anonymous.error().code);
  auto kept = parts.media.put(anonymous->file, anonymous->media_type);
  if (!kept) co_return kept.error();
  o.media = media_file{*kept,
                       anonymous->media_type,
                       anonymous->sha256,
                       anonymous->bytes,
                       anonymous->seconds,
                       anonymous->loudness_lufs,
                       anonymous->peaks,
                       anonymous->width,
                       anonymous->height};
  if (kind == modality::audio) {
    o.style_set = feedback::audio_style_set;
    o.style = feedback::audio_style(anonymous->seconds, anonymous->loudness_lufs);
  }
  co_return o;
}

}  // namespace agon::arena
