// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <emptor/math/pack.hpp>

/// The sums of points of a scorecard (信用评分卡) over columns as they are stored: single-precision numbers, or codes of a byte.
///
/// What a characteristic adds is a step function of its number. The step is found by as many comparisons as a table of that size
/// has bits, without a branch; where 16 steps are enough, they and the points stand in registers, for 8 or 16 rows at once. Points
/// are added as doubles, one characteristic after the other: the sum of a row has the same bits on every instruction set, and as
/// when one row is scored by itself.
namespace emptor_plain {

/// Points of one characteristic. Here, because this header is compiled for several instruction sets, each with an emptor of its own.
struct point_table {
  /// 2^levels - 1 cuts, and room for a vector behind them. A value begins at step 0 of 1; the answer to "is it at or above the
  /// cut of this step?" is bit 0 of its step of 2, the next answer is bit 1 of its step of 4, ...: cuts of the first
  /// level, of the second, ... Infinity is at the last step.
  const float* cuts;
  const double* steps; ///< 2^levels points (at least 16 to read); NaN = none
  const double* codes; ///< points of the codes 0 to 255; NaN = none
  std::int32_t levels; ///< at least 3
  /// The codes from 2^code_levels - 1 on have all the same points: 3, 4, or 8 where that says nothing.
  std::int32_t code_levels;
};

struct point_tables {
  double base;
  std::size_t count;
  const point_table* tables; ///< in the order in which points are added
  const std::size_t* inputs; ///< the column of each
};

} // namespace emptor_plain

namespace emptor::credit {

using emptor_plain::point_table;
using emptor_plain::point_tables;

namespace detail {

/// The step of one value. \tparam Levels  of the table, where they are known; otherwise 0
template <int Levels = 0>
[[nodiscard]] inline std::size_t step_of(const point_table& of, float value) noexcept {
  const int levels = Levels > 0 ? Levels : of.levels;
  const float* level = of.cuts;
  std::size_t step = 0;
  for (int bit = 0; bit < levels; ++bit) {
    const auto above = static_cast<std::size_t>(value >= level[step]);
    level += std::size_t{1} << bit;
    step |= above << bit;
  }
  return step;
}

[[nodiscard]] inline std::size_t any_step_of(const point_table& of, float value) noexcept {
  return of.levels == 3 ? step_of<3>(of, value) : of.levels == 4 ? step_of<4>(of, value) : step_of(of, value);
}

template <int Levels>
void add_steps_by_row(const point_table& of, const float* values, double* sums, std::int64_t rows) noexcept {
  for (std::int64_t row = 0; row < rows; ++row)
    sums[row] += of.steps[step_of<Levels>(of, values[row])];
}

inline void add_codes_by_row(const point_table& of, const std::uint8_t* codes, double* sums,
                             std::int64_t rows) noexcept {
  for (std::int64_t row = 0; row < rows; ++row)
    sums[row] += of.codes[codes[row]];
}

/// As many rows at once as the instruction set is wide, up to a rest.
template <class Isa>
struct rows_at_once {
  static constexpr std::int64_t rows = 0; // none: choices by registers came with AVX2
};

#if defined(__AVX2__) && EMPTOR_VECTOR_PACKS

/// The two halves of doubles, each in a register of its own, because AVX2 chooses by a register among 8 words only: those of
/// the first 8 doubles, and where they differ from the next 8.
template <int Levels>
class halves_of_points {
public:
  explicit halves_of_points(const double* points) noexcept {
    split(points, low_, high_);
    if constexpr (Levels == 4) {
      split(points + 8, low_other_, high_other_);
      low_other_ = _mm256_xor_si256(low_, low_other_);
      high_other_ = _mm256_xor_si256(high_, high_other_);
    }
  }

  /// \param steps  of the rows 0, 1, 4, 5, 2, 3, 6, 7: so the halves meet in the order of the rows
  /// \param above  all bits where the fourth bit of the step is set
  void add(__m256i steps, __m256i above, double* sums) const noexcept {
    __m256i low = _mm256_permutevar8x32_epi32(low_, steps);
    __m256i high = _mm256_permutevar8x32_epi32(high_, steps);
    if constexpr (Levels == 4) {
      low = _mm256_xor_si256(low, _mm256_and_si256(_mm256_permutevar8x32_epi32(low_other_, steps), above));
      high = _mm256_xor_si256(high, _mm256_and_si256(_mm256_permutevar8x32_epi32(high_other_, steps), above));
    }
    const __m256d first = _mm256_castsi256_pd(_mm256_unpacklo_epi32(low, high));
    const __m256d second = _mm256_castsi256_pd(_mm256_unpackhi_epi32(low, high));
    _mm256_storeu_pd(sums, _mm256_add_pd(_mm256_loadu_pd(sums), first));
    _mm256_storeu_pd(sums + 4, _mm256_add_pd(_mm256_loadu_pd(sums + 4), second));
  }

private:
  static void split(const double* points, __m256i& low, __m256i& high) noexcept {
    const __m256 first = _mm256_castpd_ps(_mm256_loadu_pd(points));
    const __m256 second = _mm256_castpd_ps(_mm256_loadu_pd(points + 4));
    const auto in_order = [](__m256 words) {
      return _mm256_permute4x64_epi64(_mm256_castps_si256(words), 0b11'01'10'00);
    };
    low = in_order(_mm256_shuffle_ps(first, second, 0b10'00'10'00));
    high = in_order(_mm256_shuffle_ps(first, second, 0b11'01'11'01));
  }

  __m256i low_;
  __m256i high_;
  __m256i low_other_;
  __m256i high_other_;
};

template <>
struct rows_at_once<math::isa::avx2> {
  static constexpr std::int64_t rows = 8;

  template <int Levels>
  static void add_steps(const point_table& of, const float* values, double* sums,
                        std::int64_t count) noexcept {
    const halves_of_points<Levels> points(of.steps);
    const __m256 first = _mm256_set1_ps(of.cuts[0]);
    const __m256 second = _mm256_loadu_ps(of.cuts + 1);
    const __m256 third = _mm256_loadu_ps(of.cuts + 3);
    const __m256 fourth = _mm256_loadu_ps(of.cuts + 7);
    for (std::int64_t row = 0; row < count; row += rows) {
      const __m256 value = _mm256_castpd_ps(
          _mm256_permute4x64_pd(_mm256_castps_pd(_mm256_loadu_ps(values + row)), 0b11'01'10'00));
      const auto above = [&](__m256 cuts) {
        return _mm256_castps_si256(_mm256_cmp_ps(value, cuts, _CMP_GE_OQ));
      };
      const auto at = [](__m256 level, __m256i step) { return _mm256_permutevar8x32_ps(level, step); };
      __m256i step = _mm256_srli_epi32(above(first), 31);
      step = _mm256_or_si256(step, _mm256_and_si256(above(at(second, step)), _mm256_set1_epi32(2)));
      step = _mm256_or_si256(step, _mm256_and_si256(above(at(third, step)), _mm256_set1_epi32(4)));
      // The choice by a register looks at three bits only: the fourth need not be told to it.
      points.add(step, Levels == 4 ? above(at(fourth, step)) : step, sums + row);
    }
  }

  template <int Levels>
  static void add_codes(const point_table& of, const std::uint8_t* codes, double* sums,
                        std::int64_t count) noexcept {
    const halves_of_points<Levels> points(of.codes);
    const __m256i most = _mm256_set1_epi8((1 << Levels) - 1);
    // Each byte to a word of its own, the others of which become zero.
    const __m256i spread = _mm256_setr_epi8(0, -1, -1, -1, 1, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, //
                                            2, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 7, -1, -1, -1);
    for (std::int64_t row = 0; row < count; row += rows) {
      const __m256i eight =
          _mm256_broadcastq_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes + row)));
      const __m256i step = _mm256_shuffle_epi8(_mm256_min_epu8(eight, most), spread);
      points.add(step, _mm256_cmpgt_epi32(step, _mm256_set1_epi32(7)), sums + row);
    }
  }
};

#endif
#if defined(__AVX512F__) && defined(__AVX512DQ__) && EMPTOR_VECTOR_PACKS

template <>
struct rows_at_once<math::isa::avx512> {
  static constexpr std::int64_t rows = 16;
  /// A mask of all: without one the headers of GCC 12 start from a variable that they never set, and it warns.
  static constexpr __mmask8 all = 0xFF;

  template <int Levels>
  static void add_steps(const point_table& of, const float* values, double* sums,
                        std::int64_t count) noexcept {
    const points_of points(of.steps);
    const __m512 first = _mm512_set1_ps(of.cuts[0]);
    const __m512 second = _mm512_loadu_ps(of.cuts + 1);
    const __m512 third = _mm512_loadu_ps(of.cuts + 3);
    const __m512 fourth = _mm512_loadu_ps(of.cuts + 7);
    for (std::int64_t row = 0; row < count; row += rows) {
      const __m512 value = _mm512_loadu_ps(values + row);
      const auto with_bit = [&](__m512i step, __m512 cuts, int bit) {
        return _mm512_mask_or_epi32(step, _mm512_cmp_ps_mask(value, cuts, _CMP_GE_OQ), step,
                                    _mm512_set1_epi32(bit));
      };
      const auto at = [](__m512i by, __m512 level) { return _mm512_maskz_permutexvar_ps(0xFFFF, by, level); };
      __m512i step = with_bit(_mm512_setzero_si512(), first, 1);
      step = with_bit(step, at(step, second), 2);
      step = with_bit(step, at(step, third), 4);
      if constexpr (Levels == 4)
        step = with_bit(step, at(step, fourth), 8);
      points.add<Levels>(_mm512_maskz_cvtepu32_epi64(all, _mm512_maskz_extracti64x4_epi64(all, step, 0)),
                         sums + row);
      points.add<Levels>(_mm512_maskz_cvtepu32_epi64(all, _mm512_maskz_extracti64x4_epi64(all, step, 1)),
                         sums + row + 8);
    }
  }

  template <int Levels>
  static void add_codes(const point_table& of, const std::uint8_t* codes, double* sums,
                        std::int64_t count) noexcept {
    const points_of points(of.codes);
    const __m128i most = _mm_set1_epi8((1 << Levels) - 1);
    for (std::int64_t row = 0; row < count; row += 8) {
      const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes + row));
      points.add<Levels>(_mm512_maskz_cvtepu8_epi64(all, _mm_min_epu8(eight, most)), sums + row);
    }
  }

private:
  struct points_of {
    __m512d first;
    __m512d next;

    explicit points_of(const double* points) noexcept
        : first(_mm512_loadu_pd(points))
        , next(_mm512_loadu_pd(points + 8)) {}
    template <int Levels>
    void add(__m512i steps, double* sums) const noexcept {
      const __m512d chosen = Levels == 4 ? _mm512_permutex2var_pd(first, steps, next)
                                         : _mm512_maskz_permutexvar_pd(all, steps, first);
      _mm512_storeu_pd(sums, _mm512_add_pd(_mm512_loadu_pd(sums), chosen));
    }
  };
};

#endif

template <class Isa>
void add_steps(const point_table& of, const float* values, double* sums, std::int64_t rows) noexcept {
  std::int64_t done = 0;
  if constexpr (constexpr std::int64_t wide = rows_at_once<Isa>::rows; wide > 0) {
    if (rows >= wide && of.levels <= 4) {
      done = rows / wide * wide;
      if (of.levels == 3)
        rows_at_once<Isa>::template add_steps<3>(of, values, sums, done);
      else
        rows_at_once<Isa>::template add_steps<4>(of, values, sums, done);
    }
  }
  values += done;
  sums += done;
  if (of.levels == 3)
    add_steps_by_row<3>(of, values, sums, rows - done);
  else if (of.levels == 4)
    add_steps_by_row<4>(of, values, sums, rows - done);
  else
    add_steps_by_row<0>(of, values, sums, rows - done);
}

template <class Isa>
void add_codes(const point_table& of, const std::uint8_t* codes, double* sums, std::int64_t rows) noexcept {
  std::int64_t done = 0;
  if constexpr (constexpr std::int64_t wide = rows_at_once<Isa>::rows; wide > 0) {
    if (rows >= wide && of.code_levels <= 4) {
      done = rows / wide * wide;
      if (of.code_levels == 3)
        rows_at_once<Isa>::template add_codes<3>(of, codes, sums, done);
      else
        rows_at_once<Isa>::template add_codes<4>(of, codes, sums, done);
    }
  }
  add_codes_by_row(of, codes + done, sums + done, rows - done);
}

} // namespace detail

/// A stored_kernel: the sums of the points of some rows. \param prepared point_tables  \return whether none has a value without
/// points
template <class Isa>
bool sum_points(const void* prepared, const float* const* singles, const std::uint8_t* const* bytes,
                double* const* outputs, std::int64_t rows) noexcept {
  const auto& all = *static_cast<const point_tables*>(prepared);
  double* const sums = outputs[0];
  constexpr std::int64_t few = 4; // for which a loop over rows within one over characteristics is dear
  for (std::int64_t row = 0; row < rows; ++row) {
    double sum = all.base;
    for (std::size_t i = 0; rows < few && i < all.count; ++i) {
      const point_table& table = all.tables[i];
      const std::size_t input = all.inputs[i];
      sum += bytes[input] != nullptr ? table.codes[bytes[input][row]]
                                     : table.steps[detail::any_step_of(table, singles[input][row])];
    }
    sums[row] = sum;
  }
  for (std::size_t i = 0; rows >= few && i < all.count; ++i) {
    const std::size_t input = all.inputs[i];
    if (bytes[input] != nullptr)
      detail::add_codes<Isa>(all.tables[i], bytes[input], sums, rows);
    else
      detail::add_steps<Isa>(all.tables[i], singles[input], sums, rows);
  }
  unsigned without = 0;
  for (std::int64_t row = 0; row < rows; ++row)
    without |= static_cast<unsigned>(sums[row] != sums[row]);
  return without == 0;
}

} // namespace emptor::credit
