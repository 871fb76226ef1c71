// Resumes callers that wait for another thread's work.
#pragma once

#include <algorithm>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::store {

// One suspended coroutine. While it waits, its executor's context does not run out of
// work. Destroying it without completing destroys the coroutine.
template <class Answer>
struct waiting_caller {
  boost::asio::any_completion_handler<void(Answer)> handler;
  boost::asio::any_io_executor executor;
};

// Suspends the calling coroutine and hands it to `start(waiting_caller<Answer>)`, which
// may complete it from any thread. `start` is moved into the operation.
template <class Answer, class Start>
[[nodiscard]] awaitable<Answer> suspend(Start start) {
  const auto executor = co_await boost::asio::this_coro::executor;
  auto initiate = [&start, &executor](auto handler) {
    namespace execution = boost::asio::execution;
    start(waiting_caller<Answer>{
        std::move(handler), boost::asio::prefer(executor, execution::outstanding_work.tracked)});
  };
  using token = boost::asio::use_awaitable_t<boost::asio::any_io_executor>;
  co_return co_await boost::asio::async_initiate<const token, void(Answer)>(
      std::move(initiate), boost::asio::use_awaitable);
}

template <class Answer>
struct completion {
  waiting_caller<Answer> caller;
  Answer answer;
};

namespace detail {

template <class Answer>
void resume_all(std::vector<completion<Answer>> group, std::size_t first) {
  for (std::size_t i = first; i < group.size(); ++i) {
    try {
      std::move(group[i].caller.handler)(std::move(group[i].answer));
    } catch (...) {  // one caller's exception must not cost the others their answers
      const auto executor = group[i].caller.executor;
      boost::asio::post(
          executor, [rest = std::move(group), i]() mutable { resume_all(std::move(rest), i + 1); });
      throw;
    }
  }
}

template <class Answer>
void post_group(std::vector<completion<Answer>> group) {
  const boost::asio::any_io_executor executor = group.front().caller.executor;
  boost::asio::post(executor,
                    [group = std::move(group)]() mutable { resume_all(std::move(group), 0); });
}

}  // namespace detail

// Resumes the callers, each on its executor: one post for all that share one, so that a
// batch of many callers on few event loops wakes each loop once.
template <class Answer>
void complete(std::vector<completion<Answer>> all) {
  // With more executors than this each caller probably has its own.
  constexpr std::size_t most_groups = 8;
  std::vector<std::vector<completion<Answer>>> groups;
  for (auto& one : all) {
    auto it = std::find_if(groups.begin(), groups.end(), [&](const auto& g) {
      return g.front().caller.executor == one.caller.executor;
    });
    if (it == groups.end() && groups.size() == most_groups) {
      it = groups.begin();
      detail::post_group(std::exchange(*it, {}));
    } else if (it == groups.end()) {
      it = groups.emplace(it);
    }
    it->push_back(std::move(one));
  }
  for (auto& group : groups) detail::post_group(std::move(group));
}

}  // namespace agon::store
