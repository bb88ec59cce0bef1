// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>

namespace emptor {

/// What the bytes of a column are. The numbers are part of the C ABI.
enum class dtype : std::int32_t {
  none = 0,
  int8 = 1,
  int16 = 2,
  int32 = 3,
  int64 = 4,
  uint8 = 5,
  float32 = 6,
  float64 = 7,
  boolean = 8,     ///< one byte per value, zero or not; one bit per value with `column_flag_bits`
  date32 = 9,      ///< days since 1970-01-01
  timestamp = 10,  ///< int64 since 1970-01-01T00:00Z; `unit` 0 seconds, 3 milli-, 6 micro-, 9 nanoseconds
  decimal128 = 11, ///< 128-bit little-endian integer; `unit` is the number of decimals
  money = 12,      ///< int64 minor units of the currency that the store or the row names
  utf8 = 13,       ///< `data` bytes, `aux` int32 offsets (rows + 1 of them)
  large_utf8 = 14, ///< `data` bytes, `aux` int64 offsets (rows + 1 of them)
  dictionary = 15, ///< int32 indices into the column_view at `aux`, which has `aux_length` values
  cstring = 16,    ///< pointers to texts that end with a zero byte; a null pointer is a missing value
  null = 17,       ///< no values: all are missing, whatever the column is for
};

/// Booleans are packed eight to a byte, lowest bit first, starting at bit `aux_length` of `data`.
inline constexpr std::uint32_t column_flag_bits = 1;

/// Somebody's column, borrowed for a call: the same layout as `emptor_column`. Nothing is ever written
/// through it. `stride_bytes` is the distance between values (of the offsets for texts); 0 repeats the first
/// value for all rows. It may alias because C programs fill an `emptor_column`.
struct [[gnu::may_alias]] column_view {
  const void* data = nullptr;
  std::int64_t stride_bytes = 0;
  const std::uint8_t* validity =
      nullptr; ///< one bit per value, lowest first, 0 = missing; null pointer = all there
  std::int64_t validity_offset = 0; ///< the bit of the first value
  const void* aux = nullptr;
  std::int64_t aux_length = 0;
  dtype type = dtype::none;
  std::uint32_t flags = 0;
  std::int32_t unit = 0;
  std::int32_t reserved = 0;

  [[nodiscard]] bool is_valid(std::int64_t row) const noexcept {
    if (validity == nullptr)
      return true;
    const std::int64_t bit = validity_offset + (stride_bytes == 0 ? 0 : row);
    return ((static_cast<unsigned>(validity[bit >> 3]) >> (bit & 7)) & 1U) != 0;
  }
};

/// Bytes of one value (of one offset for texts; 1 where no value is read); 0 for a number that names no dtype.
[[nodiscard]] constexpr std::int64_t width_of(dtype type) noexcept {
  switch (type) {
  case dtype::int8:
  case dtype::uint8:
  case dtype::boolean:
  case dtype::null:
    return 1;
  case dtype::int16:
    return 2;
  case dtype::int32:
  case dtype::float32:
  case dtype::date32:
  case dtype::utf8:
  case dtype::dictionary:
    return 4;
  case dtype::int64:
  case dtype::float64:
  case dtype::timestamp:
  case dtype::money:
  case dtype::large_utf8:
  case dtype::cstring:
    return 8;
  case dtype::decimal128:
    return 16;
  case dtype::none:
    break;
  }
  return 0;
}

[[nodiscard]] constexpr std::string_view name(dtype type) noexcept {
  constexpr std::string_view names[] = {
      "none",   "int8",      "int16",      "int32", "int64", "uint8",      "float32",    "float64", "bool",
      "date32", "timestamp", "decimal128", "money", "utf8",  "large_utf8", "dictionary", "cstring", "null"};
  const auto i = static_cast<std::int32_t>(type);
  return i >= 0 && i < static_cast<std::int32_t>(std::size(names)) ? names[i] : "unknown";
}

[[nodiscard]] constexpr bool is_text(dtype type) noexcept {
  return type == dtype::utf8 || type == dtype::large_utf8 || type == dtype::dictionary ||
         type == dtype::cstring;
}

[[nodiscard]] constexpr bool is_integer(dtype type) noexcept {
  return type >= dtype::int8 && type <= dtype::uint8;
}

[[nodiscard]] constexpr bool is_number(dtype type) noexcept {
  return (type >= dtype::int8 && type <= dtype::boolean) || type == dtype::decimal128;
}

namespace detail {

template <class T>
[[nodiscard]] T load(const column_view& column, std::int64_t row) noexcept {
  T value;
  std::memcpy(&value, static_cast<const std::byte*>(column.data) + row * column.stride_bytes, sizeof value);
  return value;
}

[[nodiscard]] inline bool load_boolean(const column_view& column, std::int64_t row) noexcept {
  if ((column.flags & column_flag_bits) == 0)
    return load<std::uint8_t>(column, row) != 0;
  const std::int64_t bit = column.aux_length + (column.stride_bytes == 0 ? 0 : row);
  const auto* bytes = static_cast<const std::uint8_t*>(column.data);
  return ((static_cast<unsigned>(bytes[bit >> 3]) >> (bit & 7)) & 1U) != 0;
}

} // namespace detail

/// One value as a number. Integers beyond 2^53 are `too_large`: a double would carry another number.
[[nodiscard]] inline row_status read_number(const column_view& column, std::int64_t row,
                                            double& value) noexcept {
  value = std::numeric_limits<double>::quiet_NaN();
  if (!column.is_valid(row))
    return row_status::missing;
  double read = 0.0;
  switch (column.type) {
  case dtype::int8:
    read = detail::load<std::int8_t>(column, row);
    break;
  case dtype::int16:
    read = detail::load<std::int16_t>(column, row);
    break;
  case dtype::int32:
    read = detail::load<std::int32_t>(column, row);
    break;
  case dtype::uint8:
    read = detail::load<std::uint8_t>(column, row);
    break;
  case dtype::boolean:
    read = detail::load_boolean(column, row) ? 1.0 : 0.0;
    break;
  case dtype::int64: {
    const auto whole = detail::load<std::int64_t>(column, row);
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (whole > exact || whole < -exact)
      return row_status::too_large;
    read = static_cast<double>(whole);
    break;
  }
  case dtype::decimal128: {
    const auto whole = detail::load<wide_integer>(column, row);
    if (column.unit < 0 || column.unit > 18)
      return row_status::too_large;
    const wide_integer unit = power_of_ten(column.unit);
    const wide_integer limit = unit << 53;
    if (whole > limit || whole < -limit)
      return row_status::too_large;
    read = static_cast<double>(whole) / static_cast<double>(unit);
    break;
  }
  case dtype::float32:
    read = static_cast<double>(detail::load<float>(column, row));
    break;
  case dtype::float64:
    read = detail::load<double>(column, row);
    break;
  default:
    return row_status::missing;
  }
  if (std::isnan(read))
    return row_status::not_a_number;
  if (std::isinf(read))
    return row_status::infinite;
  value = read;
  return row_status::ok;
}

/// One value as a whole number of 64 bits.
[[nodiscard]] inline row_status read_integer(const column_view& column, std::int64_t row,
                                             std::int64_t& value) noexcept {
  value = 0;
  if (column.type == dtype::int64) {
    if (!column.is_valid(row))
      return row_status::missing;
    value = detail::load<std::int64_t>(column, row);
    return row_status::ok;
  }
  double number = 0.0;
  if (const row_status status = read_number(column, row, number); status != row_status::ok)
    return status;
  if (number != std::floor(number))
    return row_status::not_integer;
  if (!(number >= -9007199254740992.0 && number <= 9007199254740992.0))
    return row_status::too_large;
  value = static_cast<std::int64_t>(number);
  return row_status::ok;
}

/// One value as a day. A timestamp falls on the day that it shows at `zone_offset_seconds` east of Greenwich.
[[nodiscard]] inline row_status read_day(const column_view& column, std::int64_t row,
                                         std::int32_t zone_offset_seconds, std::int32_t& day) noexcept {
  day = 0;
  if (!column.is_valid(row))
    return row_status::missing;
  std::int64_t days = 0;
  if (column.type == dtype::date32) {
    days = detail::load<std::int32_t>(column, row);
  } else if (column.type == dtype::timestamp) {
    const auto ticks = detail::load<std::int64_t>(column, row);
    const std::int64_t per_second = power_of_ten(column.unit >= 0 && column.unit <= 9 ? column.unit : 0);
    const std::int64_t seconds = ticks / per_second - (ticks % per_second < 0 ? 1 : 0);
    if (seconds > std::numeric_limits<std::int64_t>::max() / 2 ||
        seconds < std::numeric_limits<std::int64_t>::min() / 2)
      return row_status::out_of_domain;
    const std::int64_t local = seconds + zone_offset_seconds;
    days = local / 86400 - (local % 86400 < 0 ? 1 : 0);
  } else {
    return row_status::missing;
  }
  if (!is_admissible_day(days))
    return row_status::out_of_domain;
  day = static_cast<std::int32_t>(days);
  return row_status::ok;
}

/// One value as minor units: `money` as it stands, other numbers as whole units with a decimal part.
[[nodiscard]] inline row_status read_minor_units(const column_view& column, std::int64_t row, int decimals,
                                                 std::int64_t& minor) noexcept {
  minor = 0;
  if (!column.is_valid(row))
    return row_status::missing;
  switch (column.type) {
  case dtype::money:
    minor = detail::load<std::int64_t>(column, row);
    return minor == no_amount ? row_status::too_large : row_status::ok;
  case dtype::decimal128:
    return minor_units_of(detail::load<wide_integer>(column, row), column.unit, decimals, minor);
  case dtype::float32:
  case dtype::float64: {
    double amount = 0.0;
    const row_status status = read_number(column, row, amount);
    return status == row_status::ok ? minor_units_of(amount, decimals, minor) : status;
  }
  default: {
    std::int64_t whole = 0;
    const row_status status = read_integer(column, row, whole);
    return status == row_status::ok ? minor_units_of(wide_integer{whole}, 0, decimals, minor) : status;
  }
  }
}

/// One value as text, borrowed from the column. Not well-formed UTF-8 is `invalid_text`, and so are offsets
/// that run backwards.
[[nodiscard]] inline row_status read_text(const column_view& column, std::int64_t row,
                                          std::string_view& text) noexcept {
  text = {};
  if (!column.is_valid(row))
    return row_status::missing;
  std::int64_t first = 0;
  std::int64_t last = 0;
  const std::int64_t at = column.stride_bytes == 0 ? 0 : row;
  switch (column.type) {
  case dtype::utf8: {
    std::int32_t offsets[2];
    std::memcpy(offsets, static_cast<const std::byte*>(column.aux) + at * 4, sizeof offsets);
    first = offsets[0];
    last = offsets[1];
    break;
  }
  case dtype::large_utf8: {
    std::int64_t offsets[2];
    std::memcpy(offsets, static_cast<const std::byte*>(column.aux) + at * 8, sizeof offsets);
    first = offsets[0];
    last = offsets[1];
    break;
  }
  case dtype::dictionary: {
    const auto index = detail::load<std::int32_t>(column, row);
    if (index < 0 || index >= column.aux_length)
      return row_status::unknown_level;
    const auto& values = *static_cast<const column_view*>(column.aux);
    return values.type == dtype::dictionary ? row_status::missing : read_text(values, index, text);
  }
  case dtype::cstring: {
    const auto* pointer = detail::load<const char*>(column, row);
    if (pointer == nullptr)
      return row_status::missing;
    text = pointer;
    return is_utf8(text) ? row_status::ok : row_status::invalid_text;
  }
  default:
    return row_status::missing;
  }
  if (first < 0 || last < first || (column.data == nullptr && last > first))
    return row_status::invalid_text;
  text = last == first ? std::string_view("")
                       : std::string_view(static_cast<const char*>(column.data) + first,
                                          static_cast<std::size_t>(last - first));
  return is_utf8(text) ? row_status::ok : row_status::invalid_text;
}

/// Why a column cannot be read at all (an unknown dtype, missing memory), or null.
[[nodiscard]] inline const char* fault_of(const column_view& column, std::int64_t rows) noexcept {
  const bool number = column.type >= dtype::int8 && column.type <= dtype::float64;
  if (number && column.data != nullptr && column.flags == 0 && column.validity_offset == 0)
    return nullptr; // most columns, and a call for one row looks at each of them
  if (width_of(column.type) == 0)
    return "has an unknown dtype";
  if ((column.flags & ~column_flag_bits) != 0)
    return "has unknown flags";
  if (column.validity_offset < 0)
    return "has a negative validity offset";
  if (column.type == dtype::timestamp && column.unit != 0 && column.unit != 3 && column.unit != 6 &&
      column.unit != 9)
    return "has a timestamp unit other than 0, 3, 6 or 9";
  if (column.type == dtype::decimal128 && (column.unit < 0 || column.unit > 38))
    return "has a decimal scale outside 0 to 38";
  if (rows <= 0 || column.type == dtype::null)
    return nullptr;
  const bool offsets = column.type == dtype::utf8 || column.type == dtype::large_utf8;
  if (!offsets && column.data == nullptr)
    return "has no data";
  if ((offsets || column.type == dtype::dictionary) && column.aux == nullptr)
    return offsets ? "has no offsets" : "has no dictionary";
  if (offsets && column.stride_bytes != 0 && column.stride_bytes != width_of(column.type))
    return "has a stride that is not that of its offsets";
  if (offsets && column.aux_length != 0 && column.aux_length < (column.stride_bytes == 0 ? 2 : rows + 1))
    return "has fewer offsets than rows + 1";
  if (column.type == dtype::dictionary) {
    const auto& values = *static_cast<const column_view*>(column.aux);
    if (!is_text(values.type) || values.type == dtype::dictionary || column.aux_length < 0)
      return "has a dictionary that is no text column";
    return fault_of(values, column.aux_length);
  }
  return nullptr;
}

/// \param what names the column, such as `value.bg_nbd: frequency`
/// \throws error status::schema for a column that cannot be read at all
inline void check_column(const column_view& column, std::int64_t rows, const std::string& what,
                         std::int32_t index = -1) {
  if (const char* why = fault_of(column, rows); why != nullptr)
    throw error(status::schema, what + " " + why, -1, index);
}

} // namespace emptor
