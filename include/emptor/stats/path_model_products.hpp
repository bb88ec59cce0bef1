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
#include <emptor/math/pack.hpp>
#include <emptor/stats/path_model_moments.hpp>

/// Exact sums for resamples of path models.
namespace emptor::stats {

namespace detail {
#if EMPTOR_VECTOR_PACKS
// As wide as a register: of wider ones GCC 12 makes a detour through memory.
#if defined(__AVX512BW__)
inline constexpr std::size_t product_bytes = 64;
#elif defined(__AVX2__)
inline constexpr std::size_t product_bytes = 32;
#else
inline constexpr std::size_t product_bytes = 16;
#endif
typedef std::int16_t products_in_a_row __attribute__((vector_size(product_bytes), aligned(2), may_alias));
#endif
} // namespace detail

/// Products of whole answers of each case, and the answers: what exact sums are made of. Products of answers on scales of up to
/// some hundred points take 16 bits; they stand in panels of some columns, each of which stays in the nearest cache while the
/// cases of a resample are added up in registers.
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
    narrow_ = most * most * 8.0 <= 32767.0;
    if (narrow_)
      at_once_ = static_cast<std::size_t>(32767.0 / (most * most));
    const std::size_t panels = (width_ + panel - 1) / panel;
    if (narrow_)
      narrow_table_.resize(panels * panel * rows_, 0);
    else
      table_.resize(rows_ * width_);
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
        if (narrow_)
          narrow_table_[(k / panel * rows_ + r) * panel + k % panel] = static_cast<std::int16_t>(row[k]);
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

  /// Sums over some cases. \tparam T  the scalar of the caller, so that each instruction set has a function of its own
  template <class T>
  void add_up(std::span<const std::uint32_t> cases, std::int32_t* sums) const noexcept {
    if (!narrow_) {
      std::fill(sums, sums + width_, 0);
      for (const std::uint32_t r : cases)
        for (std::size_t k = 0; k < width_; ++k)
          sums[k] += table_[r * width_ + k];
      return;
    }
    for (std::size_t first = 0, number = 0; first < width_; first += panel, ++number) {
      const std::int16_t* const table = narrow_table_.data() + number * rows_ * panel;
      std::int32_t wide[panel] = {};
      for (std::size_t from = 0; from < cases.size(); from += at_once_)
        add_panel<T>(table, cases.subspan(from, std::min(at_once_, cases.size() - from)), wide);
      for (std::size_t k = 0; k < std::min(panel, width_ - first); ++k)
        sums[first + k] = wide[k];
    }
  }
  /// All cases but one.
  void without(std::size_t left_out, std::int32_t* sums) const noexcept {
    for (std::size_t k = 0; k < width_; ++k)
      sums[k] = all_[k] - (narrow_ ? narrow_table_[(k / panel * rows_ + left_out) * panel + k % panel]
                                   : table_[left_out * width_ + k]);
  }

private:
  static constexpr std::size_t panel = 32;

  /// \param cases  so few that no sum leaves 16 bits
  template <class T>
  static void add_panel(const std::int16_t* table, std::span<const std::uint32_t> cases,
                        std::int32_t* wide) noexcept {
    std::int16_t sums[panel];
#if EMPTOR_VECTOR_PACKS
    constexpr std::size_t parts = panel * sizeof(std::int16_t) / detail::product_bytes;
    detail::products_in_a_row sum[parts] = {};
    for (const std::uint32_t r : cases) {
      const auto* const row =
          reinterpret_cast<const detail::products_in_a_row*>(table + std::size_t{r} * panel);
      for (std::size_t part = 0; part < parts; ++part)
        sum[part] += row[part];
    }
    for (std::size_t part = 0; part < parts; ++part)
      reinterpret_cast<detail::products_in_a_row*>(sums)[part] = sum[part];
#else
    std::fill(sums, sums + panel, std::int16_t{0});
    for (const std::uint32_t r : cases)
      for (std::size_t k = 0; k < panel; ++k)
        sums[k] = static_cast<std::int16_t>(sums[k] + table[std::size_t{r} * panel + k]);
#endif
    for (std::size_t k = 0; k < panel; ++k)
      wide[k] += sums[k];
  }

  std::size_t items_;
  std::size_t rows_;
  std::size_t width_;
  bool narrow_ = false;
  std::size_t at_once_ = 1;                ///< cases whose sums stay within 16 bits
  std::vector<std::int16_t> narrow_table_; ///< by panel, then case
  std::vector<std::int32_t> table_;        ///< by case
  std::vector<std::int32_t> all_;
};

} // namespace emptor::stats
