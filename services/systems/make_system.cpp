#include "services/systems/make_system.hpp"

namespace agon::systems {
namespace {

using made_system = result<std::unique_ptr<system>>;

made_system make(const boost::asio::any_io_executor& e, const command_options& o) {
  return make_command_system(e, o);
}
made_system make(const boost::asio::any_io_executor& e, const pool_options& o) {
  return make_pool_system(e, o);
}
made_system make(const boost::asio::any_io_executor& e, const chat_options& o) {
  return make_chat_system(e, o);
}
made_system make(const boost::asio::any_io_executor& e, const images_options& o) {
  return make_images_system(e, o);
}
made_system make(const boost::asio::any_io_executor& e, const speech_options& o) {
  return make_speech_system(e, o);
}
made_system make(const boost::asio::any_io_executor& e, const music_arena_options& o) {
  return make_music_arena_system(e, o);
}
made_system make(const boost::asio::any_io_executor& e, const http_json_options& o) {
  return make_http_json_system(e, o);
}

std::optional<modality> made(const command_options& o) {
  switch (o.output) {
    case output_format::text:
      return modality::text;
    case output_format::png:
    case output_format::jpeg:
    case output_format::webp:
      return modality::image;
    default:
      return modality::audio;
  }
}
std::optional<modality> made(const pool_options&) {
  return std::nullopt;
}
std::optional<modality> made(const chat_options&) {
  return modality::text;
}
std::optional<modality> made(const images_options&) {
  return modality::image;
}
std::optional<modality> made(const speech_options&) {
  return modality::audio;
}
std::optional<modality> made(const music_arena_options&) {
  return modality::audio;
}
std::optional<modality> made(const http_json_options& o) {
  return o.output;
}

}  // namespace

result<std::unique_ptr<system>> make_system(const boost::asio::any_io_executor& executor,
                                            const system_spec& spec) {
  return std::visit([&](const auto& options) { return make(executor, options); }, spec);
}

std::optional<modality> made_by(const system_spec& spec) {
  return std::visit([](const auto& options) { return made(options); }, spec);
}

}  // namespace agon::systems
