// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <emptor/math/real.hpp>

/// Figures of pairs of numbers that come again and again in the rows of a column: with a clock of days there are few
/// different ones among many rows.
namespace emptor::math {

/// As many rows as are looked at at once.
inline constexpr std::int64_t rows_at_once = 256;

/// In memory that its owner has zeroed: a table of fixed size, in which a new pair takes the place of another one. It
/// stops looking where few pairs come again.
/// \tparam Terms  figures of a pair
/// \tparam Lanes  pairs that are worked out at once
template <std::size_t Terms, std::size_t Places, int Lanes>
class pair_memory {
public:
  static_assert(Terms <= 6, "a place is a line of the cache");

  /// Fills the columns `terms`, of which null ones are left out, for the pairs (x, t) of `rows` <= rows_at_once rows.
  /// \param compute  compute(x, t, terms, rows): the same without memory
  template <class Compute>
  EMPTOR_INLINE void fill(const double* x, const double* t, const std::array<double*, Terms>& terms,
                          std::int64_t rows, const Compute& compute) noexcept {
    if (looked_up_ >= trial && (looked_up_ - unknown_) * look_ups_in_a_pack < looked_up_ * Lanes) {
      compute(x, t, terms, rows);
      return;
    }
    std::uint32_t at[rows_at_once];
    double new_x[rows_at_once];
    double new_t[rows_at_once];
    std::uint16_t new_row[rows_at_once];
    std::int64_t count = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      at[row] = place_of(x[row], t[row]);
      const place& known = places_[at[row]];
      new_x[count] = x[row];
      new_t[count] = t[row];
      new_row[count] = static_cast<std::uint16_t>(row);
      count += ((known.x ^ key(x[row])) | (known.t ^ key(t[row]))) == 0 ? 0 : 1;
    }
    for (std::size_t k = 0; k < Terms; ++k) {
      for (std::int64_t row = 0; terms[k] != nullptr && row < rows; ++row)
        terms[k][row] = places_[at[row]].terms[k];
    }
    looked_up_ += rows;
    unknown_ += count;
    if (count == 0)
      return;
    double found[Terms][rows_at_once];
    std::array<double*, Terms> into{};
    for (std::size_t k = 0; k < Terms; ++k)
      into[k] = terms[k] != nullptr ? found[k] : nullptr;
    compute(new_x, new_t, into, count);
    for (std::int64_t i = 0; i < count; ++i) {
      place& keeps = places_[at[new_row[i]]];
      keeps.x = key(new_x[i]);
      keeps.t = key(new_t[i]);
      for (std::size_t k = 0; k < Terms; ++k) {
        if (terms[k] != nullptr)
          terms[k][new_row[i]] = keeps.terms[k] = found[k][i];
      }
    }
  }

private:
  static constexpr std::int64_t trial = 4096; ///< rows before it may stop
  /// About how many take as long as working out the terms of a pack.
  static constexpr std::int64_t look_ups_in_a_pack = 12;
  struct alignas(std::bit_ceil((Terms + 2) * sizeof(double))) place {
    std::uint64_t x;
    std::uint64_t t;
    double terms[Terms];
  };
  /// No number has a key of zero.
  [[nodiscard]] static EMPTOR_INLINE std::uint64_t key(double number) noexcept {
    return ~to_bits(real(number));
  }
  [[nodiscard]] static EMPTOR_INLINE std::uint32_t place_of(double x, double t) noexcept {
    constexpr int bits = std::bit_width(Places) - 1;
    static_assert(Places == std::size_t{1} << bits);
    std::uint64_t mixed = (to_bits(real(x)) ^ std::rotr(to_bits(real(t)), 23)) * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93U;
    return static_cast<std::uint32_t>(mixed >> (64 - bits)); // the high bits depend on all
  }

  std::int64_t looked_up_;
  std::int64_t unknown_; ///< of them
  place places_[Places];
};

} // namespace emptor::math
