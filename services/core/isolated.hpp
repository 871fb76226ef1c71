// A coroutine with an executor and a cancellation state of its own.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/core/log.hpp"

namespace agon {

namespace detail {

template <class T>
awaitable<result<T>> without_throwing(awaitable<result<T>> work) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_return co_await std::move(work);
}

}  // namespace detail

// Runs `work` on `strand`, and completes only when `work` has. Cancelling the caller
// reaches the operations of `work`, as an error code and never as an exception; the
// caller's own cancellation state stays as it is. Caller and strand may be on different
// threads: co_spawn by itself would let a cancellation touch the caller's freed slot when
// it crosses the completion, so the signal here is shared and only used on the strand.
// An exception out of `work` is a defect: it is logged and becomes errc::internal.
template <class T>
awaitable<result<T>> isolated(boost::asio::any_io_executor strand, awaitable<result<T>> work) {
  namespace asio = boost::asio;
  return asio::async_initiate<const asio::use_awaitable_t<>, void(result<T>)>(
      [](auto handler, asio::any_io_executor on, awaitable<result<T>> inner) {
        const auto signal = std::make_shared<asio::cancellation_signal>();
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
          slot.assign([signal, on](asio::cancellation_type) {
            asio::dispatch(on, [signal] { signal->emit(asio::cancellation_type::terminal); });
          });
        }
        auto caller = asio::make_work_guard(asio::get_associated_executor(handler, on));
        auto done = [signal, caller = std::move(caller), handler = std::move(handler)](
                        const std::exception_ptr& thrown, result<T> answer) mutable {
          signal->slot().clear();
          if (thrown) {
            log::error("isolated_call_threw");
            answer = fail(errc::internal, "Something went wrong here.");
          }
          const auto executor = caller.get_executor();
          asio::dispatch(executor, [handler = std::move(handler), caller = std::move(caller),
                                    answer = std::move(answer)]() mutable {
            std::move(handler)(std::move(answer));
          });
        };
        asio::co_spawn(on, detail::without_throwing(std::move(inner)),
                       asio::bind_cancellation_slot(signal->slot(), std::move(done)));
      },
      asio::use_awaitable, std::move(strand), std::move(work));
}

}  // namespace agon
