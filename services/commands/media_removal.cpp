#include "services/commands/media_removal.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace agon::commands {
namespace {

using names_of_files = std::vector<std::string>;

awaitable<names_of_files> remove_each(arena::media_store& media, names_of_files names) {
  names_of_files gone;
  for (std::string& name : names)
    if (media.remove(name)) gone.push_back(std::move(name));
  co_return gone;
}

awaitable<names_of_files> remove_elsewhere(boost::asio::any_io_executor work,
                                           arena::media_store& media, names_of_files names) {
  using token = boost::asio::use_awaitable_t<boost::asio::any_io_executor>;
  auto gone = co_await boost::asio::co_spawn(work, remove_each(media, std::move(names)), token());
  co_return gone;
}

}  // namespace

participants::erase_participant::remove_files media_removal(boost::asio::any_io_executor work,
                                                            arena::media_store& media) {
  return [work = std::move(work), &media](names_of_files names) {
    return remove_elsewhere(work, media, std::move(names));
  };
}

}  // namespace agon::commands
