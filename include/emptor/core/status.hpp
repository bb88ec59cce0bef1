// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include <emptor/core/text.hpp>

namespace emptor {

/// How a call ended. The numbers are part of the C ABI (`emptor_status`): new ones are appended, none is
/// reused.
enum class status : std::int32_t {
  ok = 0,
  out_of_memory = 1,    ///< an allocation failed; nothing was changed
  invalid_argument = 2, ///< a call that no data could make right: null pointer, unknown dtype, wrong size
  unknown_name = 3,     ///< an entry, option, column, table, slot or level that the catalogue does not have
  option = 4,           ///< an option outside its domain, or options that make the question meaningless
  schema = 5,           ///< a needed column or table is missing, doubled, of the wrong type or length
  data = 6,             ///< the rows say no: strict mode met a bad row, or what they hold contradicts itself
  too_few = 7,          ///< the data are too thin to answer; the message says what would be enough
  conflict = 8,         ///< one revision of a document came with two contents; the message names it
  currency = 9,         ///< amounts of different currencies met
  overflow = 10,        ///< a sum of money does not fit its type
  not_converged = 11,   ///< a fit ended without a maximum; the message says which parameter runs where
  format = 12,          ///< a file is damaged or is no emptor file
  version = 13,         ///< a file needs a newer emptor
  mismatch = 14,        ///< stores or models that do not belong together
  cancelled = 15,       ///< the caller cancelled; everything is as it was before the call
  unsupported = 16,     ///< this entry or model does not offer what was asked
  internal = 17,        ///< a defect of emptor
};

/// Why one row has no plain number. Zero means that it has one. The numbers are part of the C ABI.
enum class row_status : std::uint8_t {
  ok = 0,
  missing = 1,       ///< a needed value is null
  not_a_number = 2,  ///< NaN
  infinite = 3,      ///< plus or minus infinity
  out_of_domain = 4, ///< below or above what the column admits
  not_integer = 5,   ///< a count with a fraction
  not_exact = 6,     ///< an amount that is no whole number of minor units
  inconsistent = 7,  ///< values that contradict each other, such as recency > age
  too_large = 8,     ///< beyond what the type or the method can carry
  invalid_text = 9,  ///< not UTF-8, or empty where a name is needed
  unknown_level = 10,
  repeated = 11,   ///< the same document and revision with the same content: nothing changed
  superseded = 12, ///< an older revision than the one already known: nothing changed
  conflict = 13,   ///< the same document and revision with other content
  currency = 14,   ///< another currency than the store's or the document's
  never = 15,      ///< the answer is "never"
  undefined = 16,  ///< not defined for this row by nature (for instance one order only)
  no_number = 17,  ///< the formula has no finite value here
};

/// Whether a status says that the row itself was refused: it counts as bad, and strict mode turns it into an error.
/// The others are answers ("never", "undefined"), or say that nothing had to change.
[[nodiscard]] constexpr bool is_refusal(row_status status) noexcept {
  switch (status) {
  case row_status::ok:
  case row_status::repeated:
  case row_status::superseded:
  case row_status::never:
  case row_status::undefined:
    return false;
  default:
    return true;
  }
}

/// What every refusal carries: one printable line that says what is wrong, whatever text of others it quotes. `row` and `column` are those of the caller's table, -1 where none applies.
class error : public std::exception {
public:
  error(status code, std::string_view message, std::int64_t row = -1, std::int32_t column = -1)
      : code_(code)
      , row_(row)
      , column_(column)
      , message_(printable(message)) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] status code() const noexcept { return code_; }
  [[nodiscard]] std::int64_t row() const noexcept { return row_; }
  [[nodiscard]] std::int32_t column() const noexcept { return column_; }

private:
  status code_;
  std::int64_t row_;
  std::int32_t column_;
  std::string message_;
};

/// The name of a status, such as "out_of_memory"; "unknown" for a number that is none.
[[nodiscard]] constexpr std::string_view name(status code) noexcept {
  constexpr std::string_view names[] = {
      "ok",     "out_of_memory", "invalid_argument", "unknown_name", "option",      "schema",
      "data",   "too_few",       "conflict",         "currency",     "overflow",    "not_converged",
      "format", "version",       "mismatch",         "cancelled",    "unsupported", "internal"};
  const auto i = static_cast<std::int32_t>(code);
  return i >= 0 && i < static_cast<std::int32_t>(std::size(names)) ? names[i] : "unknown";
}

/// The name of a row status, such as "out_of_domain"; "unknown" for a number that is none.
[[nodiscard]] constexpr std::string_view name(row_status code) noexcept {
  constexpr std::string_view names[] = {
      "ok",         "missing",      "not_a_number", "infinite",     "out_of_domain", "not_integer",
      "not_exact",  "inconsistent", "too_large",    "invalid_text", "unknown_level", "repeated",
      "superseded", "conflict",     "currency",     "never",        "undefined",     "no_number"};
  const auto i = static_cast<std::uint8_t>(code);
  return i < std::size(names) ? names[i] : "unknown";
}

} // namespace emptor
