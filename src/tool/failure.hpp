// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/text.hpp>

namespace emptor::tool {

/// Why the tool ends without its result, as lines for standard error. They quote files and the command line, so they
/// are made printable here.
class refusal : public std::exception {
public:
  explicit refusal(std::vector<std::string> lines)
      : lines_(std::move(lines)) {
    for (const std::string& line : lines_)
      text_.append(text_.empty() ? "" : "\n").append(printable(line));
  }
  [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
  std::vector<std::string> lines_;
  std::string text_;
};

/// Wrong usage: the tool ends with exit status 2 and this message.
class usage_error : public refusal {
public:
  explicit usage_error(std::string line)
      : refusal({std::move(line)}) {}
  /// \param help a second line: what there is, or where it stands
  usage_error(std::string line, std::string help)
      : refusal({std::move(line), std::move(help)}) {}
};

/// The data, a file or the model says no: exit status 1.
class failure : public refusal {
public:
  explicit failure(std::string line)
      : refusal({std::move(line)}) {}
  explicit failure(std::vector<std::string> lines)
      : refusal(std::move(lines)) {}
};

} // namespace emptor::tool
