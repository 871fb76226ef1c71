// Asio is compiled here and nowhere else (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// any_executor drops its last reference behind an atomic_thread_fence, which the thread
// sanitizer does not know (boost/asio/detail/atomic_count.hpp): it takes the release of
// the target for a race with the other thread's decrement.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:boost::asio::execution::detail::any_executor_base::destroy_shared\n";
}
#endif
#endif
