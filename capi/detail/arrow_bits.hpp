// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <emptor_arrow.h>

/// Bitmaps as Arrow has them, lowest bit first.
namespace emptor::capi {

/// Bits from one of them on; without memory all are set.
struct bit_range {
  const std::uint8_t* bits = nullptr;
  std::int64_t first = 0;

  [[nodiscard]] bool operator[](std::int64_t i) const noexcept {
    const std::int64_t at = first + i;
    return bits == nullptr || ((static_cast<unsigned>(bits[at >> 3]) >> (at & 7)) & 1U) != 0;
  }
};

inline void set_bit(std::uint8_t* bits, std::int64_t i) noexcept {
  bits[i >> 3] = static_cast<std::uint8_t>(bits[i >> 3] | (1U << (i & 7)));
}

/// How many of the first n bits are set.
[[nodiscard]] inline std::int64_t count_set(bit_range of, std::int64_t n) noexcept {
  if (of.bits == nullptr)
    return n;
  std::int64_t count = 0;
  std::int64_t i = 0;
  for (; i < n && ((of.first + i) & 7) != 0; ++i)
    count += of[i] ? 1 : 0;
  for (; i + 64 <= n; i += 64) {
    std::uint64_t word = 0;
    std::memcpy(&word, of.bits + ((of.first + i) >> 3), sizeof word);
    count += std::popcount(word);
  }
  for (; i < n; ++i)
    count += of[i] ? 1 : 0;
  return count;
}

/// Which of the rows of an array are there. A bitmap that leaves none out is none, so that who reads it is spared it.
[[nodiscard]] inline bit_range validity_of(const ArrowArray& array, std::int64_t first,
                                           std::int64_t rows) noexcept {
  if (array.null_count == 0 || array.buffers[0] == nullptr)
    return {};
  const bit_range range{static_cast<const std::uint8_t*>(array.buffers[0]), first};
  return count_set(range, rows) == rows ? bit_range{} : range;
}

/// Why an array cannot be one, whatever its type.
struct array_fault {
  std::string_view part;
  std::string is;
  std::string_view must_be;
};
[[nodiscard]] std::optional<array_fault> fault_of(const ArrowArray* array);

} // namespace emptor::capi
