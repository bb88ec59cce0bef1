// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/options.hpp>

#include "csv_reader.hpp"
#include "typed_columns.hpp"

namespace emptor::tool {

/// `name=value` of `--in`, `--model`.
struct named_file {
  std::string name; ///< empty where none is given
  std::string path;
};

/// What the command line asks for.
struct arguments {
  std::string command;
  std::string subject; ///< the entry, model file or kind of store that the command works on
  std::vector<named_file> in;
  std::vector<named_file> models;
  std::string store;
  std::string out;
  std::string tables;
  std::string format;
  std::vector<option> set;
  std::vector<column_mapping> map;
  std::vector<std::string> only;
  std::vector<std::string> keep;
  std::vector<std::string> keys; ///< customers to erase
  csv_dialect csv;
  std::int64_t rows = 0;      ///< of a benchmark; 0 = several sizes
  int runs = 0;               ///< of a benchmark; 0 = as many as are worth their time
  std::int64_t customers = 0; ///< of the demo
  std::int64_t seed = 0;
  std::string dir;
  int threads = 1;
  bool row_status = false;
  bool strict = false;
  bool json = false;
  bool example = false;
  bool help = false;
};

/// \throws usage_error
[[nodiscard]] arguments read_arguments(std::span<const char* const> words);

/// How a command is used; of all of them for an empty or unknown name.
[[nodiscard]] std::string usage(std::string_view command);

/// Where that stands: ends a message about wrong usage.
[[nodiscard]] std::string see_help(std::string_view command);

} // namespace emptor::tool
