// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/places.hpp"

/// The functions that the C headers declare, as their text says.
namespace emptor::test {

[[nodiscard]] inline std::string source_text(const std::string& path) {
  std::ifstream file(source_folder() + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

[[nodiscard]] inline std::string c_headers() {
  return source_text("capi/include/emptor.h") + source_text("capi/include/emptor_arrow.h");
}

struct header_function {
  std::string name;
  std::string parameters; ///< what stands between the parentheses
  std::string comment;    ///< the one that stands right before it; empty where there is none
};

[[nodiscard]] inline std::vector<header_function> functions_of(const std::string& header) {
  std::vector<header_function> found;
  for (std::size_t at = header.find("\nEMPTOR_API"); at != std::string::npos;
       at = header.find("\nEMPTOR_API", at + 1)) {
    const std::size_t open = header.find('(', at);
    const std::size_t first = header.find_last_of(" *\n", open) + 1;
    const std::size_t begin = header.rfind("/*", at);
    const std::size_t end = header.rfind("*/", at);
    const bool adjacent = end != std::string::npos && end + 2 == at && begin < end;
    found.push_back({header.substr(first, open - first),
                     header.substr(open + 1, header.find(");", open) - open - 1),
                     adjacent ? header.substr(begin, end - begin) : ""});
  }
  return found;
}

} // namespace emptor::test
