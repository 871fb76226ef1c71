// YAML values as JSON text, for parts of a file that are JSON by nature.
#pragma once

#include <yaml-cpp/yaml.h>

#include <boost/system/result.hpp>
#include <string>

namespace agon::arena {

// At most 2,000 values, nested at most 8 deep. The error says what is wrong, in words that
// follow the key.
[[nodiscard]] boost::system::result<std::string, std::string> yaml_to_json(const YAML::Node& node);

}  // namespace agon::arena
