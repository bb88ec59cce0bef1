// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <emptor/math/apply.hpp>
#include <emptor/math/real.hpp>

/// Figures of pairs of numbers that come again and again in the rows of a column: with a clock of days there are few
/// different ones among many rows.
namespace emptor::math {

/// As many rows as are looked at at once.
inline constexpr std::int64_t rows_at_once = 256;

/// A table of fixed size, in which a new pair takes the place of another one. It stops looking where few pairs come
/// again.
/// \tparam T       pack of rows
/// \tparam Terms   figures of a pair
/// \tparam Places  a power of two
template <class T, std::size_t Terms, std::size_t Places>
class pair_memory {
public:
  /// Forgets all; to be called first.
  void clear() noexcept {
    stopped_ = false;
    looked_up_ = 0;
    unknown_ = 0;
    for (place& one : places_)
      one.x = detail::not_a_number; // equal to no number
  }

  /// Fills the columns `terms`, of which null ones are left out, for the pairs (x, t) of `rows` <= rows_at_once rows.
  /// \param compute  compute(x, t, terms, rows): the same without memory
  template <class Compute>
  EMPTOR_INLINE void fill(const double* x, const double* t, const std::array<double*, Terms>& terms,
                          std::int64_t rows, const Compute& compute) noexcept {
    if (stopped_) {
      compute(x, t, terms, rows);
      return;
    }
    std::uint64_t at[rows_at_once];
    find_places(x, t, at, rows);
    double new_x[rows_at_once];
    double new_t[rows_at_once];
    std::uint16_t new_row[rows_at_once];
    std::int64_t count = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      const place& known = places_[at[row]];
      new_x[row] = known.x;
      new_t[row] = known.t;
    }
    for_each_unlike(x, t, new_x, new_t, rows,
                    [&](std::int64_t row) { new_row[count++] = static_cast<std::uint16_t>(row); });
    for (std::size_t k = 0; k < Terms; ++k) {
      for (std::int64_t row = 0; terms[k] != nullptr && row < rows; ++row)
        terms[k][row] = places_[at[row]].terms[k];
    }
    looked_up_ += rows;
    unknown_ += count;
    if (looked_up_ >= trial) {
      stopped_ = (looked_up_ - unknown_) * look_ups_in_a_pack < looked_up_ * T::lanes;
      looked_up_ = 0;
      unknown_ = 0;
    }
    if (count == 0)
      return;
    for (std::int64_t i = 0; i < count; ++i) {
      new_x[i] = x[new_row[i]];
      new_t[i] = t[new_row[i]];
    }
    double found[Terms][rows_at_once];
    std::array<double*, Terms> into{};
    for (std::size_t k = 0; k < Terms; ++k)
      into[k] = terms[k] != nullptr ? found[k] : nullptr;
    compute(new_x, new_t, into, count);
    for (std::int64_t i = 0; i < count; ++i) {
      place& keeps = places_[at[new_row[i]]];
      keeps.x = new_x[i];
      keeps.t = new_t[i];
      for (std::size_t k = 0; k < Terms; ++k) {
        if (terms[k] != nullptr)
          terms[k][new_row[i]] = keeps.terms[k] = found[k][i];
      }
    }
  }

private:
  /// Rows after which it may stop, and look at itself again: the first of them fill the places.
  static constexpr std::int64_t trial = 16384;
  /// About how many take as long as working out the terms of a pack.
  static constexpr std::int64_t look_ups_in_a_pack = 24;
  struct place {
    double x;
    double t;
    double terms[Terms];
  };

  /// The high bits of a sum of multiples depend on all bits of both numbers.
  static EMPTOR_INLINE void find_places(const double* x, const double* t, std::uint64_t* at,
                                        std::int64_t rows) noexcept {
    static_assert(std::has_single_bit(Places));
    const auto place = []<class Rows>(Rows of_x, Rows of_t) {
      const bits_t<Rows> t_mixed = to_bits(of_t) ^ (to_bits(of_t) >> 29);
      return (to_bits(of_x) * std::uint64_t{0x9E3779B97F4A7C15} +
              t_mixed * std::uint64_t{0xD6E8FEB86659FD93}) >>
             (65 - std::bit_width(Places));
    };
    std::int64_t row = 0;
    for (; row + T::lanes <= rows; row += T::lanes) {
      const bits_t<T> places = place(T::load(x + row), T::load(t + row));
      std::memcpy(at + row, &places, sizeof places);
    }
    for (; row < rows; ++row)
      at[row] = place(real(x[row]), real(t[row]));
  }
  /// Calls body(row) where the pairs differ.
  template <class Body>
  static EMPTOR_INLINE void for_each_unlike(const double* x, const double* t, const double* other_x,
                                            const double* other_t, std::int64_t rows,
                                            const Body& body) noexcept {
    std::int64_t row = 0;
    for (; row + T::lanes <= rows; row += T::lanes) {
      const auto unlike =
          mask_or(T::load(x + row) != T::load(other_x + row), T::load(t + row) != T::load(other_t + row));
      for (unsigned rest = unlike.bits(); rest != 0; rest &= rest - 1)
        body(row + std::countr_zero(rest));
    }
    for (; row < rows; ++row) {
      if (x[row] != other_x[row] || t[row] != other_t[row])
        body(row);
    }
  }

  bool stopped_;
  std::int64_t looked_up_; ///< since it has last looked at itself
  std::int64_t unknown_;   ///< of them
  std::array<place, Places> places_;
};

} // namespace emptor::math
