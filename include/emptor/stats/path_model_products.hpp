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
#include <emptor/stats/path_model_block.hpp>
#include <emptor/stats/path_model_moments.hpp>

/// Exact sums for resamples of path models.
namespace emptor::stats {

/// Products of whole answers of each case, and the answers: what exact sums are made of. Where no answer is further from 0 than
/// 63, products take 16 bits; they stand in panels of some columns, each of which stays in the nearest cache while the cases of
/// a resample are added up in registers (path_model_block.hpp).
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
    // Sums take 32 bits, and the number of cases times a sum 53.
    if (!(most * most * static_cast<double>(rows_) < 0x1p31) || rows_ > most_rows)
      throw error(status::unsupported,
                  std::string(where) + ": too many cases with too large answers for exact resamples");
    const bool narrow = most * most * 8.0 <= 32767.0;
    std::size_t panel = 0;
    if (narrow) {
      at_once_ = static_cast<std::size_t>(32767.0 / (most * most));
      const std::size_t units = (width_ + detail::products_of_unit - 1) / detail::products_of_unit;
      const std::size_t panels = (units + detail::most_units_of_panel - 1) / detail::most_units_of_panel;
      units_of_panel_ = panels == 0 ? 1 : (units + panels - 1) / panels;
      panel = units_of_panel_ * detail::products_of_unit;
      narrow_table_.resize(panels * detail::lines_of_panel(units_of_panel_) * rows_);
    } else {
      table_.resize(rows_ * width_);
    }
    all_.resize(width_, 0);
    std::vector<std::int32_t> row(width_);
    for (std::size_t r = 0; r < rows_; ++r) {
      std::size_t at = 0;
      for (std::size_t i = 0; i < items_; ++i)
        for (std::size_t k = 0; k <= i; ++k)
          row[at++] = static_cast<std::int32_t>(columns[i][r]) * static_cast<std::int32_t>(columns[k][r]);
      for (std::size_t i = 0; i < items_; ++i)
        row[at++] = static_cast<std::int32_t>(columns[i][r]);
      for (std::size_t k = 0; k < width_; ++k) {
        all_[k] += row[k];
        if (narrow)
          narrow_table_[(k / panel * rows_ + r) * detail::lines_of_panel(units_of_panel_) +
                        k % panel / detail::products_of_line]
              .products[k % panel % detail::products_of_line] = static_cast<std::int16_t>(row[k]);
        else
          table_[r * width_ + k] = row[k];
      }
    }
  }

  [[nodiscard]] std::size_t items() const noexcept { return items_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// Sums over all cases: of the products of items i and k <= i at i (i + 1) / 2 + k, then of the items.
  [[nodiscard]] std::span<const std::int32_t> all() const noexcept { return all_; }

  /// For what adds them up, while this stays where it is.
  [[nodiscard]] emptor_plain::answer_products plain() const noexcept {
    return {.items = items_,
            .rows = rows_,
            .width = width_,
            .units_of_panel = units_of_panel_,
            .cases_at_once = at_once_,
            .narrow = narrow_table_.empty() ? nullptr : narrow_table_.front().products,
            .wide = table_.empty() ? nullptr : table_.data(),
            .all_cases = all_.data()};
  }

  static constexpr std::size_t most_rows = std::size_t{1} << 21;

private:
  /// A line of the cache, so that no register is read from two of them.
  struct alignas(64) line {
    std::int16_t products[detail::products_of_line] = {};
  };

  std::size_t items_;
  std::size_t rows_;
  std::size_t width_;
  std::size_t units_of_panel_ = 1;
  std::size_t at_once_ = 1;         ///< cases whose sums stay within 16 bits
  std::vector<line> narrow_table_;  ///< by panel, then case
  std::vector<std::int32_t> table_; ///< by case
  std::vector<std::int32_t> all_;
};

} // namespace emptor::stats
