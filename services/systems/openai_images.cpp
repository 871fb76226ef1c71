#include "services/systems/openai_images.hpp"

#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"
#include "services/outgoing/client.hpp"
#include "services/systems/received.hpp"
#include "services/systems/remote_answer.hpp"

namespace agon::systems {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;

std::string images_body(const images_options& o, const generation_request& r) {
  json body = json::object();
  if (!o.extra.empty()) body = json::parse(o.extra, nullptr, false);
  if (!o.model.empty()) body["model"] = o.model;
  body["prompt"] = r.prompt;
  body["n"] = 1;
  if (!o.size.empty()) body["size"] = o.size;
  if (!o.response_format.empty()) body["response_format"] = o.response_format;
  return print_json(body);
}

// The first of "data"; null if there is none.
const json* first_image(const json& answer) {
  const json* data = member(answer, "data");
  return data != nullptr && data->is_array() && !data->empty() ? &data->front() : nullptr;
}

awaitable<result<std::string>> bytes_of_image(outgoing::client& client, const json& image) {
  if (const auto* encoded = text_member(image, "b64_json")) {
    auto bytes = from_base64(*encoded);
    if (!bytes) co_return broken_answer();
    co_return std::move(*bytes);
  }
  const auto* url = text_member(image, "url");
  if (url == nullptr) co_return broken_answer();
  if (url->starts_with("data:")) {
    auto bytes = from_base64(*url);
    if (!bytes) co_return broken_answer();
    co_return std::move(*bytes);
  }
  auto bytes = co_await fetch_from_same_host(client, *url, "image/*");
  co_return bytes;
}

awaitable<result<raw_output>> ask_images(std::shared_ptr<const images_options> o,
                                         outgoing::client& client, const generation_request& r,
                                         const fs::path& scratch) {
  if (!r.earlier.empty() || !r.attachments.empty())
    co_return fail(errc::unsupported, "This system draws from a single text.");
  outgoing::request q;
  q.target = o->remote.path.empty() ? "/images/generations" : o->remote.path;
  q.body = images_body(*o, r);
  const auto got = co_await client.fetch(std::move(q));
  const auto answer = json_of(got, client.options().sizes.body);
  if (!answer) co_return answer.error();
  const json* image = first_image(*answer);
  if (image == nullptr) co_return broken_answer();
  const auto bytes = co_await bytes_of_image(client, *image);
  if (!bytes) co_return bytes.error();
  raw_output made;
  const auto kept = keep_received(*bytes, modality::image, scratch, made);
  if (!kept) co_return kept.error();
  read_usage(*answer, made.used);
  co_return made;
}

}  // namespace

result<std::unique_ptr<system>> make_images_system(const boost::asio::any_io_executor& executor,
                                                   const images_options& options) {
  if (!options.extra.empty() && !json::parse(options.extra, nullptr, false).is_object())
    return error{
        errc::invalid_input, "extra must be an object", {{"/extra", "must be an object"}}, {}};
  const auto o = std::make_shared<const images_options>(options);
  return make_remote_system(
      executor, options.remote,
      [o](outgoing::client& client, const generation_request& r, const fs::path& scratch,
          generation_listener&) { return ask_images(o, client, r, scratch); });
}

}  // namespace agon::systems
