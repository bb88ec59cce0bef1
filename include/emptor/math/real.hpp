// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#if defined(__FAST_MATH__)
#error "emptor promises the same bits everywhere; -ffast-math breaks that promise"
#endif

/// For every function on scalars. The same header is compiled for several instruction sets in one program; a
/// function that is not inlined would be merged by the linker, and an old machine could get the wide one.
/// Builds for the sanitizers define it as `inline`, because all in one function takes them minutes to compile.
#if defined(EMPTOR_INLINE)
#elif defined(__GNUC__)
#define EMPTOR_INLINE inline __attribute__((always_inline))
#elif defined(_MSC_VER)
#define EMPTOR_INLINE __forceinline
#else
#define EMPTOR_INLINE inline
#endif

/// Scalars of formulas: `real` (one row), `pack` (some rows at once) and `dual` (with derivatives). They share
/// one vocabulary: arithmetic, comparisons that give a mask_t, select, any, all, mask_and, mask_or, mask_not,
/// min, max, abs, sqrt, floor, lanewise, and the functions of elementary.hpp. A formula that branches on data
/// only through these gives each row the same bits whatever the scalar.
namespace emptor::math {

namespace detail {
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A product of doubles or of vectors, which no compiler then fuses with a sum, whatever the flags say.
template <class V>
[[nodiscard]] EMPTOR_INLINE constexpr V rounded(V product) noexcept {
  if (__builtin_is_constant_evaluated())
    return product;
#if defined(__GNUC__) && (defined(__FMA__) || defined(__FMA4__) || defined(__AVX512F__))
  // Nothing that the compilers know of is enough: clang ignores its pragma under -ffp-contract=fast, and GCC's
  // vectoriser loses __builtin_assoc_barrier. The empty instruction hides where the number comes from.
  __asm__("" : "+v"(product));
#elif defined(__GNUC__) && defined(__aarch64__)
  __asm__("" : "+w"(product));
#elif defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
  return __builtin_assoc_barrier(product); // the caller may be compiled for more than this file
#endif
  return product;
}
} // namespace detail

/// One double whose arithmetic no compiler flag can change: a product is rounded before it meets a sum, also
/// where the target has fused multiply-add and the flags ask for it.
class real {
public:
  EMPTOR_INLINE constexpr real() noexcept
      : v_(0.0) {}
  EMPTOR_INLINE constexpr real(double v) noexcept
      : v_(v) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) EMPTOR_INLINE constexpr real(I v) noexcept
      : v_(static_cast<double>(v)) {}

  [[nodiscard]] EMPTOR_INLINE constexpr explicit operator double() const noexcept { return v_; }

  friend EMPTOR_INLINE constexpr real operator+(real x) noexcept { return x; }
  friend EMPTOR_INLINE constexpr real operator-(real x) noexcept { return real(-x.v_); }
  friend EMPTOR_INLINE constexpr real operator+(real x, real y) noexcept { return real(x.v_ + y.v_); }
  friend EMPTOR_INLINE constexpr real operator-(real x, real y) noexcept { return real(x.v_ - y.v_); }
  friend EMPTOR_INLINE constexpr real operator*(real x, real y) noexcept {
    return real(detail::rounded(x.v_ * y.v_));
  }
  friend EMPTOR_INLINE constexpr real operator/(real x, real y) noexcept { return real(x.v_ / y.v_); }

  /// The bits as an integer that has + - & | ^ << >> (64 bits, unsigned), and back.
  friend EMPTOR_INLINE constexpr std::uint64_t to_bits(real x) noexcept {
    return __builtin_bit_cast(std::uint64_t, x.v_);
  }
  [[nodiscard]] static EMPTOR_INLINE constexpr real of_bits(std::uint64_t bits) noexcept {
    return real(__builtin_bit_cast(double, bits));
  }

  EMPTOR_INLINE constexpr real& operator+=(real y) noexcept { return *this = *this + y; }
  EMPTOR_INLINE constexpr real& operator-=(real y) noexcept { return *this = *this - y; }
  EMPTOR_INLINE constexpr real& operator*=(real y) noexcept { return *this = *this * y; }
  EMPTOR_INLINE constexpr real& operator/=(real y) noexcept { return *this = *this / y; }

  // Each by itself: operator<=> would call into the standard library, which is not always inlined.
  friend EMPTOR_INLINE constexpr bool operator==(real x, real y) noexcept { return x.v_ == y.v_; }
  friend EMPTOR_INLINE constexpr bool operator!=(real x, real y) noexcept { return x.v_ != y.v_; }
  friend EMPTOR_INLINE constexpr bool operator<(real x, real y) noexcept { return x.v_ < y.v_; }
  friend EMPTOR_INLINE constexpr bool operator<=(real x, real y) noexcept { return x.v_ <= y.v_; }
  friend EMPTOR_INLINE constexpr bool operator>(real x, real y) noexcept { return x.v_ > y.v_; }
  friend EMPTOR_INLINE constexpr bool operator>=(real x, real y) noexcept { return x.v_ >= y.v_; }

private:
  double v_;
};

/// The number itself, without its derivatives: what decisions are taken on outside formulas.
[[nodiscard]] EMPTOR_INLINE constexpr double value_of(double x) noexcept {
  return x;
}
[[nodiscard]] EMPTOR_INLINE constexpr double value_of(real x) noexcept {
  return static_cast<double>(x);
}

/// What belongs to a scalar: `base` is what a formula takes as plain data (the scalar itself, but for a dual
/// number its component), `mask` what a comparison gives, `bits` (not for duals) the integer of its bits.
template <class T>
struct scalar_traits {
  using base = T;
  using mask = bool;
  static constexpr bool differentiates = false;
};
template <>
struct scalar_traits<real> {
  using base = real;
  using mask = bool;
  using bits = std::uint64_t;
  static constexpr bool differentiates = false;
};
template <class T>
using base_t = typename scalar_traits<T>::base;
template <class T>
using mask_t = typename scalar_traits<T>::mask;
template <class T>
using bits_t = typename scalar_traits<T>::bits;

/// A scalar without derivatives: `real` or a pack.
template <class T>
concept plain_scalar = requires {
  typename scalar_traits<T>::bits;
};

/// The mask of all rows.
template <class T>
[[nodiscard]] EMPTOR_INLINE mask_t<T> mask_true() noexcept {
  return T(0.0) == T(0.0);
}
[[nodiscard]] EMPTOR_INLINE constexpr bool any(bool mask) noexcept {
  return mask;
}
[[nodiscard]] EMPTOR_INLINE constexpr bool all(bool mask) noexcept {
  return mask;
}
[[nodiscard]] EMPTOR_INLINE constexpr bool mask_and(bool x, bool y) noexcept {
  return x && y;
}
[[nodiscard]] EMPTOR_INLINE constexpr bool mask_or(bool x, bool y) noexcept {
  return x || y;
}
[[nodiscard]] EMPTOR_INLINE constexpr bool mask_not(bool x) noexcept {
  return !x;
}

/// x where the mask is set, else y. Both are computed for all rows; what the unused one is does not matter.
[[nodiscard]] EMPTOR_INLINE constexpr real select(bool mask, real x, real y) noexcept {
  return mask ? x : y;
}
/// The smaller one; y where one of them is NaN.
[[nodiscard]] EMPTOR_INLINE constexpr real min(real x, real y) noexcept {
  return x < y ? x : y;
}
/// The larger one; y where one of them is NaN.
[[nodiscard]] EMPTOR_INLINE constexpr real max(real x, real y) noexcept {
  return x > y ? x : y;
}

namespace detail {
inline constexpr std::uint64_t sign_bit = 0x8000000000000000;
inline constexpr double two_52 = 0x1p52; ///< from here on a double has no fraction

/// Without a rounding instruction, which baseline x86-64 lacks.
template <class T>
[[nodiscard]] EMPTOR_INLINE T floor_of(T x) noexcept {
  const bits_t<T> sign = to_bits(x) & sign_bit;
  const T size = T::of_bits(to_bits(x) ^ sign);
  const T rounded = T::of_bits(to_bits((size + two_52) - two_52) | sign);
  const T down = select(rounded > x, rounded - T(1.0), rounded);
  return select(size < T(two_52), down, x);
}
} // namespace detail

[[nodiscard]] EMPTOR_INLINE double abs(double x) noexcept {
  return __builtin_fabs(x);
}
[[nodiscard]] EMPTOR_INLINE real abs(real x) noexcept {
  return abs(value_of(x));
}
/// NaN, always the same one, below 0.
[[nodiscard]] EMPTOR_INLINE double sqrt(double x) noexcept {
  // The root of a negative number would be a NaN of either sign, and clang would take it for the one below.
  const bool defined = x >= 0.0;
  const double root = __builtin_sqrt(defined ? x : 1.0);
  return defined ? root : detail::not_a_number;
}
[[nodiscard]] EMPTOR_INLINE real sqrt(real x) noexcept {
  return sqrt(value_of(x));
}
[[nodiscard]] EMPTOR_INLINE real floor(real x) noexcept {
  return detail::floor_of(x);
}
[[nodiscard]] EMPTOR_INLINE double floor(double x) noexcept {
  return value_of(floor(real(x)));
}

/// For rare slow paths: f(arguments...) of the rows in the mask, 0 in the others. In a pack, `f` gets each of
/// these rows as `real`.
template <class F, class... T>
[[nodiscard]] EMPTOR_INLINE auto lanewise(bool mask, const F& f, const T&... arguments) noexcept {
  using result = decltype(f(arguments...));
  return mask ? f(arguments...) : result(0.0);
}

} // namespace emptor::math
