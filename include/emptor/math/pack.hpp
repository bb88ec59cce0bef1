// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

/// 1: packs of the vector types that GCC and clang have on x86-64. 0: one row a pack, with the same bits; so it is where
/// there are no such types, or where the build says so (all that is linked together must say the same).
#if !defined(EMPTOR_VECTOR_PACKS)
#if defined(__GNUC__) && defined(__x86_64__)
#define EMPTOR_VECTOR_PACKS 1
#else
#define EMPTOR_VECTOR_PACKS 0
#endif
#endif
#if EMPTOR_VECTOR_PACKS
#include <immintrin.h>
#endif

#include <emptor/math/real.hpp>

namespace emptor::math {

/// Instruction sets. A pack exists for those that the file is compiled for: `scalar` everywhere (one row, for
/// compilers without vector types), `sse2` on every x86-64, `avx2` and `avx512` (F and DQ) with these flags.
namespace isa {
struct scalar {
  static constexpr int lanes = 1;
};
struct sse2 {
  static constexpr int lanes = 2;
};
struct avx2 {
  static constexpr int lanes = 4;
};
struct avx512 {
  static constexpr int lanes = 8;
};
/// Two registers of a set as one pack: where a formula is a long chain, two of them side by side wait less.
template <class Isa>
struct twice {
  static constexpr int lanes = 2 * Isa::lanes;
};
#if EMPTOR_VECTOR_PACKS
using baseline = sse2;
#else
using baseline = scalar;
#endif
} // namespace isa

namespace detail {

/// What differs between instruction sets: types, comparisons, choice, square root.
template <class Isa>
struct native;

template <>
struct native<isa::scalar> {
  using numbers = double;
  using integers = std::uint64_t;
  using mask = bool;
  static EMPTOR_INLINE numbers load(const double* from) noexcept { return *from; }
  static EMPTOR_INLINE void store(numbers x, double* to) noexcept { *to = x; }
  static EMPTOR_INLINE numbers broadcast(double x) noexcept { return x; }
  static EMPTOR_INLINE mask equal(numbers x, numbers y) noexcept { return x == y; }
  static EMPTOR_INLINE mask less(numbers x, numbers y) noexcept { return x < y; }
  static EMPTOR_INLINE mask less_equal(numbers x, numbers y) noexcept { return x <= y; }
  static EMPTOR_INLINE mask negate(mask m) noexcept { return !m; }
  static EMPTOR_INLINE mask both(mask x, mask y) noexcept { return x && y; }
  static EMPTOR_INLINE mask either(mask x, mask y) noexcept { return x || y; }
  static EMPTOR_INLINE unsigned lanes_of(mask m) noexcept { return m ? 1U : 0U; }
  static EMPTOR_INLINE numbers choose(mask m, numbers x, numbers y) noexcept { return m ? x : y; }
  static EMPTOR_INLINE numbers lesser(numbers x, numbers y) noexcept { return x < y ? x : y; }
  static EMPTOR_INLINE numbers greater(numbers x, numbers y) noexcept { return x > y ? x : y; }
  static EMPTOR_INLINE numbers root(numbers x) noexcept { return __builtin_sqrt(x); }
  static EMPTOR_INLINE double get(numbers x, int) noexcept { return x; }
  static EMPTOR_INLINE void set(numbers& x, int, double y) noexcept { x = y; }
};

#if EMPTOR_VECTOR_PACKS

// Vector types by their bytes. `memory` are rows of a column: aligned as a double is, and read as one vector
// (memcpy would go through the stack).
struct vectors_16 {
  typedef double numbers __attribute__((vector_size(16)));
  typedef std::uint64_t integers __attribute__((vector_size(16)));
  typedef std::int64_t mask __attribute__((vector_size(16)));
  typedef double memory __attribute__((vector_size(16), aligned(8), may_alias));
};
struct vectors_32 {
  typedef double numbers __attribute__((vector_size(32)));
  typedef std::uint64_t integers __attribute__((vector_size(32)));
  typedef std::int64_t mask __attribute__((vector_size(32)));
  typedef double memory __attribute__((vector_size(32), aligned(8), may_alias));
};
struct vectors_64 {
  typedef double numbers __attribute__((vector_size(64)));
  typedef std::uint64_t integers __attribute__((vector_size(64)));
  typedef std::int64_t mask __attribute__((vector_size(64)));
  typedef double memory __attribute__((vector_size(64), aligned(8), may_alias));
};

/// What GCC and clang know how to do with vector types.
template <class Types>
struct vector_native : Types {
  using typename Types::mask;
  using typename Types::numbers;
  static EMPTOR_INLINE numbers load(const double* from) noexcept {
    return *reinterpret_cast<const typename Types::memory*>(from);
  }
  static EMPTOR_INLINE void store(numbers x, double* to) noexcept {
    *reinterpret_cast<typename Types::memory*>(to) = x;
  }
  static EMPTOR_INLINE numbers broadcast(double x) noexcept { return x - numbers{}; }
  static EMPTOR_INLINE mask equal(numbers x, numbers y) noexcept { return x == y; }
  static EMPTOR_INLINE mask less(numbers x, numbers y) noexcept { return x < y; }
  static EMPTOR_INLINE mask less_equal(numbers x, numbers y) noexcept { return x <= y; }
  static EMPTOR_INLINE mask negate(mask m) noexcept { return ~m; }
  static EMPTOR_INLINE mask both(mask x, mask y) noexcept { return x & y; }
  static EMPTOR_INLINE mask either(mask x, mask y) noexcept { return x | y; }
  static EMPTOR_INLINE numbers choose(mask m, numbers x, numbers y) noexcept { return m ? x : y; }
  static EMPTOR_INLINE double get(numbers x, int lane) noexcept { return x[lane]; }
  static EMPTOR_INLINE void set(numbers& x, int lane, double y) noexcept { x[lane] = y; }
};

template <>
struct native<isa::sse2> : vector_native<vectors_16> {
  // In the compiler's own words for masks GCC would go through ordinary registers, because this instruction set has
  // no choice between two vectors.
  using mask = numbers;
  static EMPTOR_INLINE mask equal(numbers x, numbers y) noexcept { return _mm_cmpeq_pd(x, y); }
  static EMPTOR_INLINE mask less(numbers x, numbers y) noexcept { return _mm_cmplt_pd(x, y); }
  static EMPTOR_INLINE mask less_equal(numbers x, numbers y) noexcept { return _mm_cmple_pd(x, y); }
  static EMPTOR_INLINE mask negate(mask m) noexcept {
    return _mm_xor_pd(m, _mm_castsi128_pd(_mm_set1_epi64x(-1)));
  }
  static EMPTOR_INLINE mask both(mask x, mask y) noexcept { return _mm_and_pd(x, y); }
  static EMPTOR_INLINE mask either(mask x, mask y) noexcept { return _mm_or_pd(x, y); }
  static EMPTOR_INLINE unsigned lanes_of(mask m) noexcept {
    return static_cast<unsigned>(_mm_movemask_pd(m));
  }
  static EMPTOR_INLINE numbers choose(mask m, numbers x, numbers y) noexcept {
    return _mm_or_pd(_mm_and_pd(m, x), _mm_andnot_pd(m, y));
  }
  static EMPTOR_INLINE numbers lesser(numbers x, numbers y) noexcept { return _mm_min_pd(x, y); }
  static EMPTOR_INLINE numbers greater(numbers x, numbers y) noexcept { return _mm_max_pd(x, y); }
  static EMPTOR_INLINE numbers root(numbers x) noexcept { return _mm_sqrt_pd(x); }
};

#if defined(__AVX2__)
template <>
struct native<isa::avx2> : vector_native<vectors_32> {
  static EMPTOR_INLINE unsigned lanes_of(mask m) noexcept {
    return static_cast<unsigned>(_mm256_movemask_pd(__builtin_bit_cast(__m256d, m)));
  }
  static EMPTOR_INLINE numbers lesser(numbers x, numbers y) noexcept { return _mm256_min_pd(x, y); }
  static EMPTOR_INLINE numbers greater(numbers x, numbers y) noexcept { return _mm256_max_pd(x, y); }
  static EMPTOR_INLINE numbers root(numbers x) noexcept { return _mm256_sqrt_pd(x); }
};
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__)
template <>
struct native<isa::avx512> : vector_native<vectors_64> {
  // This instruction set has registers for masks.
  using mask = __mmask8;
  static EMPTOR_INLINE mask equal(numbers x, numbers y) noexcept {
    return _mm512_cmp_pd_mask(x, y, _CMP_EQ_OQ);
  }
  static EMPTOR_INLINE mask less(numbers x, numbers y) noexcept {
    return _mm512_cmp_pd_mask(x, y, _CMP_LT_OQ);
  }
  static EMPTOR_INLINE mask less_equal(numbers x, numbers y) noexcept {
    return _mm512_cmp_pd_mask(x, y, _CMP_LE_OQ);
  }
  static EMPTOR_INLINE mask negate(mask m) noexcept { return _knot_mask8(m); }
  static EMPTOR_INLINE mask both(mask x, mask y) noexcept { return _kand_mask8(x, y); }
  static EMPTOR_INLINE mask either(mask x, mask y) noexcept { return _kor_mask8(x, y); }
  static EMPTOR_INLINE unsigned lanes_of(mask m) noexcept {
#if defined(__GNUC__) && !defined(__clang__)
    // GCC 12 may keep the mask in memory, of which it writes one byte, and take four from there for the number.
    unsigned lanes;
    __asm__("kmovb %1, %0" : "=r"(lanes) : "k"(m));
    return lanes;
#else
    return m;
#endif
  }
  static EMPTOR_INLINE numbers choose(mask m, numbers x, numbers y) noexcept {
    return _mm512_mask_blend_pd(m, y, x);
  }
  static EMPTOR_INLINE numbers scaled(numbers x, numbers n) noexcept {
    return _mm512_maskz_scalef_pd(0xff, x, n);
  }
  static EMPTOR_INLINE numbers lesser(numbers x, numbers y) noexcept {
    return _mm512_maskz_min_pd(0xff, x, y);
  }
  static EMPTOR_INLINE numbers greater(numbers x, numbers y) noexcept {
    return _mm512_maskz_max_pd(0xff, x, y);
  }
  static EMPTOR_INLINE numbers root(numbers x) noexcept {
    return _mm512_maskz_sqrt_pd(0xff, x);
  }
};
#endif
#endif

/// Two vectors as one.
template <class Vector>
struct two {
  Vector low;
  Vector high;

#define EMPTOR_TWO(op)                                                                                       \
  friend EMPTOR_INLINE two operator op(two x, two y) noexcept {                                              \
    return {x.low op y.low, x.high op y.high};                                                               \
  }                                                                                                          \
  template <class S>                                                                                         \
  requires(std::is_arithmetic_v<S>) friend EMPTOR_INLINE two operator op(two x, S y) noexcept {              \
    return {x.low op y, x.high op y};                                                                        \
  }                                                                                                          \
  template <class S>                                                                                         \
  requires(std::is_arithmetic_v<S>) friend EMPTOR_INLINE two operator op(S x, two y) noexcept {              \
    return {x op y.low, x op y.high};                                                                        \
  }
  EMPTOR_TWO(+)
  EMPTOR_TWO(-)
  EMPTOR_TWO(*)
  EMPTOR_TWO(/)
  EMPTOR_TWO(&)
  EMPTOR_TWO(|)
  EMPTOR_TWO(^)
  EMPTOR_TWO(<<)
  EMPTOR_TWO(>>)
#undef EMPTOR_TWO
  friend EMPTOR_INLINE two operator-(two x) noexcept {
    return {-x.low, -x.high};
  }
};
template <class Vector>
[[nodiscard]] EMPTOR_INLINE two<Vector> rounded(two<Vector> product) noexcept {
  return {rounded(product.low), rounded(product.high)};
}

template <class Isa>
struct native<isa::twice<Isa>> {
  using one = native<Isa>;
  using numbers = two<typename one::numbers>;
  using integers = two<typename one::integers>;
  using mask = two<typename one::mask>;
  static EMPTOR_INLINE numbers load(const double* from) noexcept {
    return {one::load(from), one::load(from + Isa::lanes)};
  }
  static EMPTOR_INLINE void store(numbers x, double* to) noexcept {
    one::store(x.low, to);
    one::store(x.high, to + Isa::lanes);
  }
  static EMPTOR_INLINE numbers broadcast(double x) noexcept { return {one::broadcast(x), one::broadcast(x)}; }
  static EMPTOR_INLINE mask equal(numbers x, numbers y) noexcept {
    return {one::equal(x.low, y.low), one::equal(x.high, y.high)};
  }
  static EMPTOR_INLINE mask less(numbers x, numbers y) noexcept {
    return {one::less(x.low, y.low), one::less(x.high, y.high)};
  }
  static EMPTOR_INLINE mask less_equal(numbers x, numbers y) noexcept {
    return {one::less_equal(x.low, y.low), one::less_equal(x.high, y.high)};
  }
  static EMPTOR_INLINE mask negate(mask m) noexcept { return {one::negate(m.low), one::negate(m.high)}; }
  static EMPTOR_INLINE mask both(mask x, mask y) noexcept {
    return {one::both(x.low, y.low), one::both(x.high, y.high)};
  }
  static EMPTOR_INLINE mask either(mask x, mask y) noexcept {
    return {one::either(x.low, y.low), one::either(x.high, y.high)};
  }
  static EMPTOR_INLINE unsigned lanes_of(mask m) noexcept {
    return one::lanes_of(m.low) | one::lanes_of(m.high) << Isa::lanes;
  }
  static EMPTOR_INLINE numbers choose(mask m, numbers x, numbers y) noexcept {
    return {one::choose(m.low, x.low, y.low), one::choose(m.high, x.high, y.high)};
  }
  static EMPTOR_INLINE numbers scaled(numbers x, numbers n) noexcept requires
      requires(typename one::numbers v) {
    one::scaled(v, v);
  }
  { return {one::scaled(x.low, n.low), one::scaled(x.high, n.high)}; }
  static EMPTOR_INLINE numbers lesser(numbers x, numbers y) noexcept {
    return {one::lesser(x.low, y.low), one::lesser(x.high, y.high)};
  }
  static EMPTOR_INLINE numbers greater(numbers x, numbers y) noexcept {
    return {one::greater(x.low, y.low), one::greater(x.high, y.high)};
  }
  static EMPTOR_INLINE numbers root(numbers x) noexcept { return {one::root(x.low), one::root(x.high)}; }
  static EMPTOR_INLINE double get(const numbers& x, int lane) noexcept {
    return lane < Isa::lanes ? one::get(x.low, lane) : one::get(x.high, lane - Isa::lanes);
  }
  static EMPTOR_INLINE void set(numbers& x, int lane, double y) noexcept {
    if (lane < Isa::lanes)
      one::set(x.low, lane, y);
    else
      one::set(x.high, lane - Isa::lanes, y);
  }
};

} // namespace detail

/// Which rows of a pack.
template <class Isa>
struct pack_mask {
  using native = detail::native<Isa>;
  typename native::mask m;

  friend EMPTOR_INLINE bool any(pack_mask x) noexcept { return native::lanes_of(x.m) != 0; }
  friend EMPTOR_INLINE bool all(pack_mask x) noexcept {
    return native::lanes_of(x.m) == (1U << Isa::lanes) - 1U;
  }
  friend EMPTOR_INLINE pack_mask mask_and(pack_mask x, pack_mask y) noexcept {
    return {native::both(x.m, y.m)};
  }
  friend EMPTOR_INLINE pack_mask mask_or(pack_mask x, pack_mask y) noexcept {
    return {native::either(x.m, y.m)};
  }
  friend EMPTOR_INLINE pack_mask mask_not(pack_mask x) noexcept { return {native::negate(x.m)}; }
  /// The row number `lane` is in bit `lane`.
  [[nodiscard]] EMPTOR_INLINE unsigned bits() const noexcept { return native::lanes_of(m); }
  /// Whether the row number `lane` is in the mask.
  [[nodiscard]] EMPTOR_INLINE bool operator[](int lane) const noexcept {
    return (native::lanes_of(m) >> lane & 1U) != 0;
  }
};

/// Isa::lanes rows at once. Every lane goes through exactly the operations that `real` does for its row.
template <class Isa>
class pack {
public:
  using native = detail::native<Isa>;
  using numbers = typename native::numbers;
  using integers = typename native::integers;
  using mask = pack_mask<Isa>;
  static constexpr int lanes = Isa::lanes;

  EMPTOR_INLINE pack() noexcept
      : v_{} {}
  template <class S>
  requires(std::is_arithmetic_v<S> && !std::same_as<S, bool>) EMPTOR_INLINE pack(S x)
  noexcept
      : v_(native::broadcast(static_cast<double>(x))) {}
  EMPTOR_INLINE pack(real x) noexcept
      : v_(native::broadcast(value_of(x))) {}

  /// Rows 0 to lanes - 1 of a column.
  [[nodiscard]] static EMPTOR_INLINE pack load(const double* from) noexcept {
    return wrap(native::load(from));
  }
  EMPTOR_INLINE void store(double* to) const noexcept { native::store(v_, to); }
  [[nodiscard]] EMPTOR_INLINE real operator[](int lane) const noexcept { return native::get(v_, lane); }
  EMPTOR_INLINE void set(int lane, real x) noexcept { native::set(v_, lane, value_of(x)); }

  friend EMPTOR_INLINE pack operator+(pack x) noexcept { return x; }
  friend EMPTOR_INLINE pack operator-(pack x) noexcept { return wrap(-x.v_); }
  friend EMPTOR_INLINE pack operator+(pack x, pack y) noexcept { return wrap(x.v_ + y.v_); }
  friend EMPTOR_INLINE pack operator-(pack x, pack y) noexcept { return wrap(x.v_ - y.v_); }
  friend EMPTOR_INLINE pack operator*(pack x, pack y) noexcept { return wrap(detail::rounded(x.v_ * y.v_)); }
  friend EMPTOR_INLINE pack operator/(pack x, pack y) noexcept { return wrap(x.v_ / y.v_); }

  EMPTOR_INLINE pack& operator+=(pack y) noexcept { return *this = *this + y; }
  EMPTOR_INLINE pack& operator-=(pack y) noexcept { return *this = *this - y; }
  EMPTOR_INLINE pack& operator*=(pack y) noexcept { return *this = *this * y; }
  EMPTOR_INLINE pack& operator/=(pack y) noexcept { return *this = *this / y; }

  friend EMPTOR_INLINE mask operator==(pack x, pack y) noexcept { return {native::equal(x.v_, y.v_)}; }
  friend EMPTOR_INLINE mask operator!=(pack x, pack y) noexcept {
    return {native::negate(native::equal(x.v_, y.v_))};
  }
  friend EMPTOR_INLINE mask operator<(pack x, pack y) noexcept { return {native::less(x.v_, y.v_)}; }
  friend EMPTOR_INLINE mask operator<=(pack x, pack y) noexcept { return {native::less_equal(x.v_, y.v_)}; }
  friend EMPTOR_INLINE mask operator>(pack x, pack y) noexcept { return {native::less(y.v_, x.v_)}; }
  friend EMPTOR_INLINE mask operator>=(pack x, pack y) noexcept { return {native::less_equal(y.v_, x.v_)}; }

  friend EMPTOR_INLINE pack select(mask m, pack x, pack y) noexcept {
    return wrap(native::choose(m.m, x.v_, y.v_));
  }
  friend EMPTOR_INLINE pack min(pack x, pack y) noexcept { return wrap(native::lesser(x.v_, y.v_)); }
  friend EMPTOR_INLINE pack max(pack x, pack y) noexcept { return wrap(native::greater(x.v_, y.v_)); }
  friend EMPTOR_INLINE pack abs(pack x) noexcept { return of_bits(to_bits(x) & ~detail::sign_bit); }
  friend EMPTOR_INLINE pack sqrt(pack x) noexcept {
    const mask defined = x >= 0.0; // else as for a number
    return select(defined, wrap(native::root(select(defined, x, 1.0).v_)), detail::not_a_number);
  }
  friend EMPTOR_INLINE pack floor(pack x) noexcept { return detail::floor_of(x); }

  friend EMPTOR_INLINE integers to_bits(pack x) noexcept { return __builtin_bit_cast(integers, x.v_); }
  [[nodiscard]] static EMPTOR_INLINE pack of_bits(integers bits) noexcept {
    return wrap(__builtin_bit_cast(numbers, bits));
  }
  /// This times 2^n for a whole n, rounded once, where the instruction set can do it at once.
  [[nodiscard]] EMPTOR_INLINE pack times_power_of_two(pack n) const noexcept requires requires(numbers v) {
    native::scaled(v, v);
  }
  { return wrap(native::scaled(v_, n.v_)); }

private:
  static EMPTOR_INLINE pack wrap(numbers v) noexcept {
    pack x;
    x.v_ = v;
    return x;
  }

  numbers v_;
};

template <class Isa>
struct scalar_traits<pack<Isa>> {
  using base = pack<Isa>;
  using mask = pack_mask<Isa>;
  using bits = typename pack<Isa>::integers;
  static constexpr bool differentiates = false;
};

namespace detail {

/// The rows of an argument; what is no pack is the same for all rows.
template <class T>
struct lane_access {
  static EMPTOR_INLINE T get(const T& x, int) noexcept { return x; }
};
template <class Isa>
struct lane_access<pack<Isa>> {
  static EMPTOR_INLINE real get(const pack<Isa>& x, int lane) noexcept { return x[lane]; }
  static EMPTOR_INLINE void set(pack<Isa>& x, int lane, real y) noexcept { x.set(lane, y); }
};

/// The pack whose rows are of type `T`.
template <class T, class Isa>
struct pack_of;
template <class Isa>
struct pack_of<real, Isa> {
  using type = pack<Isa>;
};

} // namespace detail

template <class Isa, class F, class... T>
[[nodiscard]] EMPTOR_INLINE auto lanewise(pack_mask<Isa> mask, const F& f, const T&... arguments) noexcept {
  using row = decltype(f(detail::lane_access<T>::get(arguments, 0)...));
  using rows = typename detail::pack_of<row, Isa>::type;
  rows result(0.0);
  for (int lane = 0; lane < Isa::lanes; ++lane)
    if (mask[lane])
      detail::lane_access<rows>::set(result, lane, f(detail::lane_access<T>::get(arguments, lane)...));
  return result;
}

} // namespace emptor::math
