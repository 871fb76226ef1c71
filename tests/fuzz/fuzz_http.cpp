// Requests over the wire: however the bytes of a connection are cut into reads, the same requests
// are read from them, with the same headers and bodies; and paths and queries decode or are
// refused.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "services/http/message_reader.hpp"
#include "services/http/percent.hpp"

namespace {

using namespace agon::http;

constexpr std::size_t header_limit = 1024;
constexpr std::size_t body_limit = 512;

// A peer whose bytes come `step` at a time.
class cut_stream final : public transport {
 public:
  cut_stream(std::string_view bytes, std::size_t step) : left_(bytes), step_(step) {}

  agon::awaitable<io_result> handshake() override { co_return io_result{}; }
  agon::awaitable<io_result> read_some(boost::asio::mutable_buffer into) override {
    const std::size_t count = std::min({left_.size(), step_, into.size()});
    if (count == 0) co_return io_result{boost::asio::error::eof, 0};
    std::memcpy(into.data(), left_.data(), count);
    left_.remove_prefix(count);
    co_return io_result{{}, count};
  }
  agon::awaitable<io_result> write(boost::asio::const_buffer, boost::asio::const_buffer) override {
    co_return io_result{};
  }
  agon::awaitable<void> end_output() override { co_return; }
  void cancel() override {}
  void close() override {}

 private:
  std::string_view left_;
  const std::size_t step_;
};

void tell(std::string& story, std::string_view part) {
  story += std::to_string(part.size()) + ":" + std::string(part) + ",";
}

// What a connection would hand on, request by request, until one is malformed or refused.
agon::awaitable<void> read_all(transport& from, std::string& story) {
  message_reader reader(from, header_limit);
  for (;;) {
    request r;
    const auto head_error = co_await reader.read_head(r);
    if (head_error || !reader.parsed().head().refused.empty()) co_return;
    const auto body_error = co_await reader.read_body(body_limit);
    if (body_error) co_return;
    tell(story, reader.parsed().head().target);
    for (const auto& [name, value] : r.headers) {
      tell(story, name);
      tell(story, value);
    }
    tell(story, reader.body());
    if (!reader.parsed().keep_alive()) co_return;
    reader.finish();
  }
}

std::string story_of(std::string_view bytes, std::size_t step) {
  boost::asio::io_context loop;
  cut_stream stream(bytes, step);
  std::string story;
  boost::asio::co_spawn(loop, read_all(stream, story), [](std::exception_ptr failure) {
    if (failure) std::abort();
  });
  loop.run();
  return story;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string whole = story_of(text, size + 1);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}})
    if (story_of(text, step) != whole) std::abort();

  std::string scratch;
  if (const auto path = decode_path(text, scratch))
    if (!valid_utf8(*path) || path->find("/../") != std::string_view::npos) std::abort();
  if (valid_query(text) && text.find_first_of("&=") == std::string_view::npos &&
      !decode_query(text))
    std::abort();
  return 0;
}
