#include "ratings/error.hpp"

#include <stdexcept>

namespace agon::ratings {

void throw_exception_from_error(const data_error& e, const boost::source_location&) {
  throw std::invalid_argument(e.reason);
}

}  // namespace agon::ratings
