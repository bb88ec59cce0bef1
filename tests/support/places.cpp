// SPDX-License-Identifier: BSL-1.0
#include "support/places.hpp"

#include <cstdlib>

namespace emptor::test {

std::string source_folder() {
  return EMPTOR_SOURCE_DIR;
}
std::string data_folder() {
  const char* const named = std::getenv("EMPTOR_DATA_DIR");
  return named != nullptr ? named : EMPTOR_DATA_DIR_DEFAULT;
}
std::string built_tool() {
  return EMPTOR_TOOL;
}
std::string c_compiler() {
  return EMPTOR_C_COMPILER;
}

} // namespace emptor::test
