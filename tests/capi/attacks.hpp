// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <emptor.h>

#include "support/worked_example.hpp"

/// What can be wrong with a column that somebody hands over: its values, and how it lies in memory.
namespace emptor::test {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// A bad column in place of a good one.
struct attack {
  std::string what;
  std::function<column(const column& good)> make;
  bool must_refuse = false; ///< the first row has no value that anybody could take
};

[[nodiscard]] inline column as_numbers(const std::string& name, std::int64_t rows, double value,
                                       bool first_only) {
  std::vector<double> values(static_cast<std::size_t>(rows), 1.0);
  for (std::size_t i = 0; i < (first_only ? std::min<std::size_t>(1, values.size()) : values.size()); ++i)
    values[i] = value;
  return column::numbers(name, std::move(values));
}

/// The good column with another first value, or with all values replaced.
[[nodiscard]] inline attack number(double value, bool first_only, bool must_refuse) {
  return {to_text(value) + (first_only ? " in the first row" : " in all rows"),
          [=](const column& good) {
            if (const auto* values = std::get_if<std::vector<double>>(&good.values()); values != nullptr) {
              std::vector<double> changed = *values;
              for (std::size_t i = 0;
                   i < (first_only ? std::min<std::size_t>(1, changed.size()) : changed.size()); ++i)
                changed[i] = value;
              return column::numbers(good.name(), std::move(changed));
            }
            return as_numbers(good.name(), good.size(), value, first_only);
          },
          must_refuse};
}

[[nodiscard]] inline attack whole(dtype type, std::int64_t value) {
  return {std::string(name(type)) + " " + std::to_string(value),
          [=](const column& good) {
            return column(good.name(), type,
                          std::vector<std::int64_t>(static_cast<std::size_t>(good.size()), value));
          },
          false};
}

[[nodiscard]] inline attack day(std::int32_t value, bool first_only, bool must_refuse) {
  return {"day " + std::to_string(value) + (first_only ? " first" : " everywhere"),
          [=](const column& good) {
            auto days = std::vector<std::int32_t>(static_cast<std::size_t>(good.size()), 10000);
            if (const auto* held = std::get_if<std::vector<std::int32_t>>(&good.values()))
              days = *held;
            for (std::size_t i = 0; i < (first_only ? std::min<std::size_t>(1, days.size()) : days.size());
                 ++i)
              days[i] = value;
            return column::days(good.name(), std::move(days));
          },
          must_refuse};
}

[[nodiscard]] inline attack text(const std::string& value, bool must_refuse) {
  return {"text of " + std::to_string(value.size()) + " bytes",
          [=](const column& good) {
            text_buffer texts;
            for (std::int64_t row = 0; row < good.size(); ++row)
              texts.push_back(value);
            return column::texts(good.name(), std::move(texts));
          },
          must_refuse};
}

[[nodiscard]] inline attack missing(bool required) {
  return {"missing in the first row",
          [](const column& good) {
            column changed = good;
            if (changed.size() > 0)
              changed.set_missing(0);
            return changed;
          },
          required};
}

[[nodiscard]] inline attack reversed() {
  return {"rows the other way round",
          [](const column& good) {
            column changed = good;
            std::visit(
                [&](auto values) {
                  if constexpr (!std::is_same_v<decltype(values), text_buffer>) {
                    std::reverse(values.begin(), values.end());
                    changed = column(good.name(), good.type(), std::move(values));
                  }
                },
                good.values());
            return changed;
          },
          false};
}

[[nodiscard]] inline std::vector<attack> attacks(const described_column& column) {
  const bool numeric = column.what == content::number || column.what == content::count ||
                       column.what == content::amount || column.what == content::boolean;
  std::vector<attack> made{missing(!column.optional && !column.many), reversed()};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const bool first_only : {true, false}) {
    for (const double value : {nan, infinity, -infinity})
      made.push_back(number(value, first_only, numeric));
    for (const double value :
         {-1.0, -0.0, 0.0, 0.5, 0.001, 1e15, 1e16, 1e300, -1e300, 5e-324, 9007199254740993.0})
      made.push_back(number(value, first_only, false));
    made.push_back(day(std::numeric_limits<std::int32_t>::min(), first_only, column.what == content::day));
    made.push_back(day(std::numeric_limits<std::int32_t>::max(), first_only, column.what == content::day));
    made.push_back(day(last_day, first_only, false));
    made.push_back(day(first_day, first_only, false));
  }
  for (const dtype type : {dtype::int64, dtype::money, dtype::timestamp}) {
    for (const std::int64_t value : {most, least, most / 2, std::int64_t{0}, std::int64_t{-1}})
      made.push_back(whole(type, value));
  }
  const bool texts =
      column.what == content::text || column.what == content::id || column.what == content::code;
  made.push_back(text("\xFF", texts));
  made.push_back(text("\xC0\x80", texts));
  made.push_back(text("\xED\xA0\x80", texts));
  made.push_back(text("", false));
  made.push_back(text("the same", false));
  made.push_back(text(std::string("a\0b", 3), false));
  made.push_back(text(std::string(100000, 'x'), false));
  made.push_back(text(",\"\n", false));
  return made;
}

/// A change of how rows lie in memory, made just before a call. `columns` are those of `rows`.
struct layout {
  std::string what;
  std::function<void(emptor_rows& rows, emptor_column* columns)> bend;
  bool must_refuse = false; ///< the call itself, whatever the values
};

/// Memory for more rows than any example has, all bytes the same.
inline constexpr std::size_t room = 16384;
template <std::uint8_t Byte>
[[nodiscard]] inline const void* filled() {
  alignas(16) static const auto bytes = [] {
    std::array<std::uint8_t, room> made{};
    made.fill(Byte);
    return made;
  }();
  return bytes.data();
}

/// A column of a dtype over memory that was not made for it.
[[nodiscard]] inline emptor_column over(const void* memory, std::int32_t type) {
  static const char* const words[] = {"a", "b"};
  static const emptor_column dictionary = EMPTOR_COLUMN(words, EMPTOR_DTYPE_CSTRING);
  emptor_column made{};
  made.data = memory;
  made.dtype = type;
  made.stride_bytes = 16;
  if (type == EMPTOR_DTYPE_UTF8 || type == EMPTOR_DTYPE_LARGE_UTF8) {
    made.stride_bytes = width_of(static_cast<dtype>(type));
    made.aux = memory;
  } else if (type == EMPTOR_DTYPE_DICTIONARY) {
    made.aux = &dictionary;
    made.aux_length = 2;
  }
  return made;
}

/// Every way in which one column can lie wrongly or unusually. \param which of the columns, there being rows
[[nodiscard]] inline std::vector<layout> layouts(std::size_t which, const emptor_column& good) {
  std::vector<layout> made;
  const bool offsets = is_text(static_cast<dtype>(good.dtype));
  const std::int64_t width = width_of(static_cast<dtype>(good.dtype));
  const auto add = [&](const std::string& what, bool must_refuse, auto change) {
    made.push_back(
        {what, [=](emptor_rows& rows, emptor_column* columns) { change(columns[which], rows.row_count); },
         must_refuse});
  };
  add("no memory", !offsets, [](emptor_column& of, std::int64_t) { of.data = nullptr; });
  add("one value for all rows", false, [](emptor_column& of, std::int64_t) { of.stride_bytes = 0; });
  add("the last row first", offsets, [=](emptor_column& of, std::int64_t rows) {
    if (!offsets)
      of.data = static_cast<const std::byte*>(of.data) + (rows - 1) * width;
    of.stride_bytes = -width;
  });
  if (width > 1)
    add("values over each other", offsets,
        [=](emptor_column& of, std::int64_t) { of.stride_bytes = width - 1; });
  add("nothing is there", false, [](emptor_column& of, std::int64_t) {
    of.validity = static_cast<const std::uint8_t*>(filled<0x00>());
  });
  add("a validity that begins in the middle of a byte", false, [](emptor_column& of, std::int64_t) {
    of.validity = static_cast<const std::uint8_t*>(filled<0xAA>());
    of.validity_offset = 5;
  });
  add("a validity before its memory", true, [](emptor_column& of, std::int64_t) {
    of.validity = static_cast<const std::uint8_t*>(filled<0xFF>());
    of.validity_offset = -1;
  });
  add("a negative length", true, [](emptor_column& of, std::int64_t) { of.aux_length = -1; });
  if (offsets) {
    add("no offsets", true, [](emptor_column& of, std::int64_t) { of.aux = nullptr; });
    add("a row less than the others", true,
        [](emptor_column& of, std::int64_t rows) { of.aux_length = rows; });
    add("a row more than the others", false,
        [](emptor_column& of, std::int64_t rows) { of.aux_length = rows + 2; });
    add("offsets that run backwards", false, [](emptor_column& of, std::int64_t rows) {
      static std::vector<std::int64_t> backwards;
      backwards.assign(static_cast<std::size_t>(rows) + 1, 0);
      for (std::size_t i = 0; i < backwards.size(); ++i)
        backwards[i] = -static_cast<std::int64_t>(i);
      of.aux = backwards.data();
    });
  }
  for (std::int32_t type = EMPTOR_DTYPE_INT8; type <= EMPTOR_DTYPE_NULL; ++type) {
    const std::string what = "as " + std::string(name(static_cast<dtype>(type)));
    add(what + " of zeros", false, [=](emptor_column& of, std::int64_t) { of = over(filled<0x00>(), type); });
    if (type != EMPTOR_DTYPE_CSTRING)
      add(what + " of ones", false,
          [=](emptor_column& of, std::int64_t) { of = over(filled<0xFF>(), type); });
  }
  for (const std::int32_t type : {0, 18, -1, std::numeric_limits<std::int32_t>::max()})
    add("an unknown dtype", true, [=](emptor_column& of, std::int64_t) { of.dtype = type; });
  add("unknown flags", true, [](emptor_column& of, std::int64_t) { of.flags = 2; });
  add("bits", false, [](emptor_column& of, std::int64_t) {
    of = over(filled<0xAA>(), EMPTOR_DTYPE_BOOLEAN);
    of.flags = EMPTOR_COLUMN_BITS;
    of.aux_length = 3;
  });
  add("a reserved field", true, [](emptor_column& of, std::int64_t) { of.reserved = 1; });
  add("a timestamp of no unit", true, [](emptor_column& of, std::int64_t) {
    of = over(filled<0x00>(), EMPTOR_DTYPE_TIMESTAMP);
    of.unit = 1;
  });
  add("too many decimals", true, [](emptor_column& of, std::int64_t) {
    of = over(filled<0x00>(), EMPTOR_DTYPE_DECIMAL128);
    of.unit = 39;
  });
  add("no dictionary", true, [](emptor_column& of, std::int64_t) {
    of = over(filled<0x00>(), EMPTOR_DTYPE_DICTIONARY);
    of.aux = nullptr;
  });
  add("a dictionary of dictionaries", true, [](emptor_column& of, std::int64_t) {
    static emptor_column inner;
    inner = over(filled<0x00>(), EMPTOR_DTYPE_DICTIONARY);
    of = over(filled<0x00>(), EMPTOR_DTYPE_DICTIONARY);
    of.aux = &inner;
  });
  add("an empty dictionary", false, [](emptor_column& of, std::int64_t) {
    of = over(filled<0x00>(), EMPTOR_DTYPE_DICTIONARY);
    of.aux_length = 0;
  });
  return made;
}

/// Every way in which the rows as a whole can be given wrongly.
[[nodiscard]] inline std::vector<layout> layouts_of_rows() {
  static std::vector<const char*> names;
  const auto name_first = [](const char* name) {
    return [name](emptor_rows& rows, emptor_column*) {
      names.assign(rows.names, rows.names + rows.column_count);
      names.front() = name;
      rows.names = names.data();
    };
  };
  static const std::string long_name(100'000, 'x');
  return {{"no columns", [](emptor_rows& rows, emptor_column*) { rows.columns = nullptr; }, true},
          {"no names", [](emptor_rows& rows, emptor_column*) { rows.names = nullptr; }, true},
          {"a column without a name", name_first(nullptr), true},
          {"a column with an empty name", name_first(""), true},
          {"a column whose name is no text", name_first("\xFF"), true},
          {"a column with a very long name", name_first(long_name.c_str()), true},
          {"a negative number of columns", [](emptor_rows& rows, emptor_column*) { rows.column_count = -1; },
           true},
          {"a negative number of rows", [](emptor_rows& rows, emptor_column*) { rows.row_count = -1; }, true},
          {"rows of no size", [](emptor_rows& rows, emptor_column*) { rows.struct_size = 0; }, true},
          {"columns of no size", [](emptor_rows& rows, emptor_column*) { rows.column_size = 0; }, true},
          {"a reserved field", [](emptor_rows& rows, emptor_column*) { rows.reserved = 1; }, true}};
}

} // namespace emptor::test
