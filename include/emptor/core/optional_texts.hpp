// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/table.hpp>

namespace emptor {

/// Texts of a column, some of which are missing.
class optional_texts {
public:
  void push_back(std::optional<std::string_view> text) {
    if (!text)
      missing_.push_back(texts_.size());
    texts_.push_back(text.value_or(std::string_view{}));
  }
  [[nodiscard]] column as(std::string name) && {
    column made = column::texts(std::move(name), std::move(texts_));
    for (const std::int64_t row : missing_)
      made.set_missing(row);
    return made;
  }

private:
  text_buffer texts_;
  std::vector<std::int64_t> missing_;
};

} // namespace emptor
