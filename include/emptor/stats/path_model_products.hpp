// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/stats/path_model_moments.hpp>

/// Exact sums for resamples of path models.
namespace emptor::stats {

/// Products of whole answers of each case, and the answers: what exact sums are made of.
class answer_products {
public:
  /// \param columns  of the items, without gaps
  /// \throws error status::unsupported where an answer is no whole number or sums of so many cases could be too large
  answer_products(std::string_view where, const std::vector<std::vector<double>>& columns)
      : items_(columns.size())
      , rows_(columns.empty() ? 0 : columns.front().size())
      , width_(items_ * (items_ + 1) / 2 + items_) {
    double most = 1.0;
    for (const std::vector<double>& column : columns)
      for (const double answer : column) {
        if (!detail::is_small_whole(answer))
          throw error(status::unsupported,
                      std::string(where) + ": exact resamples need whole answers, not " + to_text(answer));
        most = std::max(most, std::fabs(answer));
      }
    if (!(most * most * static_cast<double>(rows_) < 0x1p31))
      throw error(status::unsupported,
                  std::string(where) + ": too many cases with too large answers for exact resamples");
    table_.resize(rows_ * width_);
    all_.resize(width_, 0);
    for (std::size_t r = 0; r < rows_; ++r) {
      std::int32_t* const row = table_.data() + r * width_;
      std::size_t at = 0;
      for (std::size_t i = 0; i < items_; ++i)
        for (std::size_t k = 0; k <= i; ++k)
          row[at++] = static_cast<std::int32_t>(columns[i][r]) * static_cast<std::int32_t>(columns[k][r]);
      for (std::size_t i = 0; i < items_; ++i)
        row[at++] = static_cast<std::int32_t>(columns[i][r]);
      for (std::size_t k = 0; k < width_; ++k)
        all_[k] += row[k];
    }
  }

  [[nodiscard]] std::size_t items() const noexcept { return items_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// Sums over all cases.
  [[nodiscard]] std::span<const std::int32_t> all() const noexcept { return all_; }
  /// Adds a case to sums.
  void add(std::size_t row, std::int32_t* sums) const noexcept {
    const std::int32_t* const from = table_.data() + row * width_;
    for (std::size_t k = 0; k < width_; ++k)
      sums[k] += from[k];
  }
  void subtract(std::size_t row, std::int32_t* sums) const noexcept {
    const std::int32_t* const from = table_.data() + row * width_;
    for (std::size_t k = 0; k < width_; ++k)
      sums[k] -= from[k];
  }

private:
  std::size_t items_;
  std::size_t rows_;
  std::size_t width_;
  std::vector<std::int32_t> table_;
  std::vector<std::int32_t> all_;
};

} // namespace emptor::stats
