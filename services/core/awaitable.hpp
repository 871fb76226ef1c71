// The coroutine type of every asynchronous interface in Agon.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace agon {

template <class T = void>
using awaitable = boost::asio::awaitable<T, boost::asio::any_io_executor>;

}  // namespace agon
