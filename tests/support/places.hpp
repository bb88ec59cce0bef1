// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

/// Where things are. Of a test program only places.cpp is told when it is compiled, so that a compiler's cache knows all other
/// tests in whatever folder they stand.
namespace emptor::test {

/// The project's.
[[nodiscard]] std::string source_folder();
/// Of data of others: what EMPTOR_DATA_DIR names, else what the build was told. It need not be there.
[[nodiscard]] std::string data_folder();
[[nodiscard]] inline std::string data_file(const std::string& name) {
  return data_folder() + "/" + name;
}
/// The command-line tool of the build.
[[nodiscard]] std::string built_tool();
/// What compiles C.
[[nodiscard]] std::string c_compiler();

} // namespace emptor::test
