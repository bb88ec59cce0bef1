// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/text.hpp>

namespace emptor::tool {

/// Lines of columns, each as wide as its widest cell; the last one runs on.
class aligned {
public:
  void add(std::vector<std::string> cells) {
    for (std::string& cell : cells) // a model holds texts of others
      cell = printable(cell);
    lines_.push_back(std::move(cells));
  }
  void write(std::string& text, std::size_t indent) const {
    std::vector<std::size_t> widths;
    for (const auto& cells : lines_) {
      widths.resize(std::max(widths.size(), cells.size()));
      for (std::size_t i = 0; i < cells.size(); ++i)
        widths[i] = std::max(widths[i], cells[i].size());
    }
    for (const auto& cells : lines_) {
      std::string line(indent, ' ');
      for (std::size_t i = 0; i < cells.size(); ++i) {
        line.append(cells[i]);
        if (i + 1 < cells.size())
          line.append(widths[i] - cells[i].size() + 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text.append(line).append("\n");
    }
  }

private:
  std::vector<std::vector<std::string>> lines_;
};

} // namespace emptor::tool
