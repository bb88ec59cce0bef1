// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cstdint>
#include <limits>

#include <emptor/core/money.hpp>
#include <emptor/math/exponential.hpp>
#include <emptor/math/pack.hpp>

#include "kernels/kernel_list.hpp"

namespace {

using namespace emptor::math;
using rows_at_once = pack<isa::twice<isa::EMPTOR_KERNEL_SET>>;
using one_row = pack<isa::scalar>;

/// 1 with the sign of each number.
template <class T>
T sign_of(T value) noexcept {
  return T::of_bits((to_bits(value) & emptor::math::detail::sign_bit) | emptor::math::detail::one_bits);
}

/// Whether `fine` holds for all numbers, and where asked for none has the sign of a negative one.
template <bool NoSign, class Fine>
bool all_are(const double* numbers, std::int64_t rows, const Fine& fine) noexcept {
  constexpr int lanes = rows_at_once::lanes;
  auto good = mask_true<rows_at_once>();
  auto signs = to_bits(rows_at_once(0.0));
  std::int64_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const rows_at_once value = rows_at_once::load(numbers + row);
    good = mask_and(good, fine(value));
    signs = signs | to_bits(value);
  }
  bool holds = all(good) && (!NoSign || all(sign_of(rows_at_once::of_bits(signs)) > 0.0));
  for (; row < rows; ++row) {
    const one_row value(numbers[row]);
    holds = holds && all(fine(value)) && (!NoSign || all(sign_of(value) > 0.0));
  }
  return holds;
}

bool from_zero(const double* numbers, std::int64_t rows, double high, bool whole) noexcept {
  if (!whole)
    return all_are<true>(numbers, rows, [=](auto value) { return value <= high; });
  return all_are<true>(numbers, rows, [=]<class T>(T value) {
    const T past_fractions(0x1.8p52); // a sum of this size has no room for a fraction
    return mask_and(value <= high, (value + past_fractions) - past_fractions == value);
  });
}

bool between(const double* numbers, std::int64_t rows, double low, double high) noexcept {
  return all_are<false>(numbers, rows, [=](auto value) {
    return mask_and(mask_and(value >= low, value <= high), mask_or(value != 0.0, sign_of(value) > 0.0));
  });
}

bool finite(const double* numbers, std::int64_t rows) noexcept {
  constexpr double most = std::numeric_limits<double>::max();
  return all_are<false>(numbers, rows, [=](auto value) { return abs(value) <= most; });
}

// Plain loops without a branch, of which the compiler makes vectors.

bool finite_singles(const float* numbers, std::int64_t rows) noexcept {
  std::uint32_t faults = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto bits = std::bit_cast<std::uint32_t>(numbers[row]);
    faults |=
        (bits & 0x7FFFFFFFU) + 0x00800000U; // all bits of the exponent set: one more carries into the sign
  }
  return faults >> 31 == 0;
}

bool finite_or_none(const double* numbers, std::int64_t rows) noexcept {
  constexpr auto none = std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN());
  std::uint64_t faults = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto bits = std::bit_cast<std::uint64_t>(numbers[row]);
    const std::uint64_t other = bits ^ none;
    // Of what is no number all bits of the exponent are set: one more carries into the sign.
    faults |= ((bits & ~emptor::math::detail::sign_bit) + (std::uint64_t{1} << 52)) & (other | (0 - other));
  }
  return faults >> 63 == 0;
}

bool amounts_are_there(const std::int64_t* amounts, std::int64_t rows, bool from_zero) noexcept {
  std::uint64_t faults = 0;
  for (std::int64_t row = 0; row < rows; ++row)
    faults |=
        from_zero ? static_cast<std::uint64_t>(amounts[row]) >> 63 : emptor::missing_amounts(amounts[row]);
  return faults == 0;
}

} // namespace

constinit const kernel_lists::column_checks kernel_lists::EMPTOR_KERNEL_SET::checks{
    &from_zero, &between, &finite, &finite_singles, &finite_or_none, &amounts_are_there};
