// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include <emptor.h>

/// Structures of callers who were compiled with another version: theirs may be smaller than ours, but never
/// smaller than the first version's, or larger. What both know is copied, and nothing behind it is touched.
namespace emptor::capi {

/// Bytes that the structure had in the first version. A number here never changes, however the structure
/// grows.
template <class T>
inline constexpr std::size_t first_size = 0;
template <>
inline constexpr std::size_t first_size<emptor_error> = 512;
template <>
inline constexpr std::size_t first_size<emptor_column> = 64;
template <>
inline constexpr std::size_t first_size<emptor_rows> = 48;
template <>
inline constexpr std::size_t first_size<emptor_run> = 40;
template <>
inline constexpr std::size_t first_size<emptor_push_report> = 56;
template <>
inline constexpr std::size_t first_size<emptor_output> = 32;
template <>
inline constexpr std::size_t first_size<emptor_column_info> = 40;

template <class T>
constexpr void check_structure() {
  static_assert(std::is_trivially_copyable_v<T> && first_size<T> > 0 && sizeof(T) >= first_size<T>);
}

/// The caller's structure as one of ours; fields that his version did not have are zero.
template <class T>
[[nodiscard]] T read_structure(const void* theirs, std::size_t their_size) noexcept {
  check_structure<T>();
  T ours{};
  std::memcpy(&ours, theirs, std::min(sizeof ours, their_size));
  return ours;
}

/// Ours into the caller's, as far as his goes.
template <class T>
void write_structure(const T& ours, void* theirs, std::size_t their_size) noexcept {
  check_structure<T>();
  std::memcpy(theirs, &ours, std::min(sizeof ours, their_size));
}

/// Element i of the caller's array, whose elements are `their_size` bytes apart. Only the fields of the first
/// version may be read in place.
template <class T>
[[nodiscard]] const T* element(const T* first, std::size_t i, std::size_t their_size) noexcept {
  return reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(first) + i * their_size);
}

} // namespace emptor::capi
