// SPDX-License-Identifier: BSL-1.0
// A struct array as columns.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include <emptor/core/check.hpp>

#include "detail/arrow_bits.hpp"
#include "detail/arrow_import.hpp"

namespace emptor::capi {

namespace {

template <class T>
T load_at(const void* memory, std::int64_t i) noexcept { // Arrow promises no alignment
  T value;
  std::memcpy(&value, static_cast<const std::byte*>(memory) + i * static_cast<std::int64_t>(sizeof(T)),
              sizeof value);
  return value;
}

/// All 65536 of them are floats.
float widened(std::uint16_t half) noexcept {
  const auto exponent = static_cast<std::uint32_t>(half >> 10U) & 0x1FU;
  const auto fraction = static_cast<std::uint32_t>(half) & 0x3FFU;
  const std::uint32_t sign = (static_cast<std::uint32_t>(half) & 0x8000U) << 16U;
  if (exponent == 0) {
    const float small = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -small : small;
  }
  const std::uint32_t wide = exponent == 0x1F ? 0xFFU : exponent + 112U;
  return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

/// A day that no calendar has stays one, so that its row is refused.
std::int32_t day_of(std::int64_t milliseconds) noexcept {
  constexpr std::int64_t a_day = 86'400'000;
  const std::int64_t days = milliseconds / a_day - (milliseconds % a_day < 0 ? 1 : 0);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(days, std::numeric_limits<std::int32_t>::min(),
                                                            std::numeric_limits<std::int32_t>::max()));
}

/// Rows of an array, of which the first one is at `first` in its buffers.
struct window {
  std::int64_t first = 0;
  std::int64_t rows = 0;
};

class column_import {
public:
  column_import(const arrow_fields& fields, std::int32_t index, std::int64_t first_row, arrow_columns& into)
      : fields_(fields)
      , field_(fields.fields()[static_cast<std::size_t>(index)])
      , index_(index)
      , first_row_(first_row)
      , into_(into) {}

  /// Whether there are such rows.
  void check_rows(const ArrowArray* array, window of) const {
    const std::string what = shortened(field_.name);
    check(array, what);
    if (array->length - of.first < of.rows)
      refuse("length of " + what, std::to_string(array->length), "that of the struct or more");
  }

  /// The column of no rows.
  [[nodiscard]] column_view nothing() const {
    column_view view;
    view.type = field_.seen();
    view.unit = field_.texts ? 0 : field_.type.unit;
    view.stride_bytes = width_of(view.type);
    return view;
  }

  /// \param array  which has such rows, at least one
  [[nodiscard]] column_view read(const ArrowArray& array, window of, bit_range of_struct) const {
    column_view view = nothing();
    const std::string what = shortened(field_.name);
    const window own{array.offset + of.first, of.rows};
    const bool is_dictionary = field_.texts.has_value();
    if (is_dictionary != (array.dictionary != nullptr))
      refuse("dictionary of " + what, is_dictionary ? "NULL" : "given", "as in the schema");
    if (view.type == dtype::null)
      return view;
    const bit_range valid = both(validity(array, own, what), of_struct, of.rows);
    if (is_dictionary)
      lend_dictionary(array, own, what, view);
    else
      lend(field_.type, array, own, what, valid, view);
    view.validity = valid.bits;
    view.validity_offset = valid.first;
    return view;
  }

private:
  [[noreturn]] void refuse(std::string_view what, std::string_view is, std::string_view must_be,
                           std::int64_t row = -1, status code = status::invalid_argument) const {
    const std::int64_t counted = row < 0 ? row : first_row_ + row;
    throw error(code, message(fields_.function(), what, counted, is, must_be), counted, index_);
  }
  void check(const ArrowArray* array, const std::string& what) const {
    if (const auto fault = fault_of(array))
      refuse(std::string(fault->part) + " of " + what, fault->is, fault->must_be);
  }
  /// A buffer that holds something.
  [[nodiscard]] const void* buffer(const ArrowArray& array, std::int64_t which,
                                   const std::string& what) const {
    if (array.buffers[which] == nullptr)
      refuse("buffer " + std::to_string(which) + " of " + what, "NULL", "given");
    return array.buffers[which];
  }
  void check_buffers(const ArrowArray& array, bool fits, std::string_view must_be,
                     const std::string& what) const {
    if (!fits)
      refuse("n_buffers of " + what, std::to_string(array.n_buffers), must_be);
    if (array.buffers == nullptr)
      refuse("buffers of " + what, "NULL", "given");
  }
  [[nodiscard]] bit_range validity(const ArrowArray& array, window of, const std::string& what) const {
    check_buffers(array, array.n_buffers >= 1, "1 or more", what);
    if (array.null_count > 0 && array.buffers[0] == nullptr)
      refuse("null_count of " + what, std::to_string(array.null_count), "0 without a validity buffer");
    return validity_of(array, of.first, of.rows);
  }
  [[nodiscard]] bit_range both(bit_range one, bit_range other, std::int64_t rows) const {
    if (one.bits == nullptr || other.bits == nullptr)
      return one.bits == nullptr ? other : one;
    auto* const merged = into_.room<std::uint8_t>((rows + 7) / 8);
    std::fill_n(merged, (rows + 7) / 8, std::uint8_t{0});
    for (std::int64_t row = 0; row < rows; ++row) {
      if (one[row] && other[row])
        set_bit(merged, row);
    }
    return {merged, 0};
  }

  template <class From, class To, class Convert>
  void copy(const void* from, window of, column_view& view, const Convert& convert) const {
    To* const made = into_.room<To>(of.rows);
    for (std::int64_t row = 0; row < of.rows; ++row)
      made[row] = convert(load_at<From>(from, of.first + row));
    view.data = made;
  }
  template <class From, class To>
  void widen(const void* from, window of, column_view& view) const {
    copy<From, To>(from, of, view, [](From value) { return static_cast<To>(value); });
  }

  /// Values that are no dictionary.
  void lend(const arrow_type& type, const ArrowArray& array, window of, const std::string& what,
            bit_range valid, column_view& view) const {
    if (type.layout == arrow_layout::text_views)
      return copy_text_views(array, of, what, valid, view);
    const bool texts = is_text(type.type);
    check_buffers(array, array.n_buffers == (texts ? 3 : 2), texts ? "3" : "2", what);
    const void* const values = buffer(array, 1, what);
    switch (type.layout) {
    case arrow_layout::uint16:
      return widen<std::uint16_t, std::int32_t>(values, of, view);
    case arrow_layout::uint32:
      return widen<std::uint32_t, std::int64_t>(values, of, view);
    case arrow_layout::decimal32:
      return widen<std::int32_t, wide_integer>(values, of, view);
    case arrow_layout::decimal64:
      return widen<std::int64_t, wide_integer>(values, of, view);
    case arrow_layout::float16:
      return copy<std::uint16_t, float>(values, of, view, widened);
    case arrow_layout::date64:
      return copy<std::int64_t, std::int32_t>(values, of, view, day_of);
    case arrow_layout::uint64:
      check_signed(values, of, what, valid);
      break;
    default:
      break;
    }
    if (type.type == dtype::boolean) {
      view.data = values;
      view.flags = column_flag_bits;
      view.aux_length = of.first;
      return;
    }
    const auto* const first = static_cast<const std::byte*>(values) + of.first * width_of(type.type);
    if (!texts) {
      view.data = first;
      return;
    }
    view.aux = first;
    view.aux_length = of.rows + 1;
    view.data = array.buffers[2];
    if (type.type == dtype::utf8)
      check_offsets<std::int32_t>(view, of.rows, what);
    else
      check_offsets<std::int64_t>(view, of.rows, what);
  }

  /// So that no text lies outside of what the last offset says there is.
  template <class Offset>
  void check_offsets(const column_view& view, std::int64_t rows, const std::string& what) const {
    bool rising = load_at<Offset>(view.aux, 0) >= 0;
    for (std::int64_t row = 0; row < rows; ++row)
      rising = load_at<Offset>(view.aux, row + 1) >= load_at<Offset>(view.aux, row) && rising;
    for (std::int64_t row = 0; !rising && row < rows; ++row) {
      const auto begin = load_at<Offset>(view.aux, row);
      const auto end = load_at<Offset>(view.aux, row + 1);
      if (begin < 0 || end < begin)
        refuse(what, "a text from byte " + std::to_string(begin) + " to " + std::to_string(end),
               "one that ends behind its begin", row);
    }
    if (view.data == nullptr && load_at<Offset>(view.aux, rows) > load_at<Offset>(view.aux, 0))
      refuse("buffer 2 of " + what, "NULL", "given");
  }
  void check_signed(const void* values, window of, const std::string& what, bit_range valid) const {
    std::uint64_t all = 0;
    for (std::int64_t row = 0; row < of.rows; ++row)
      all |= load_at<std::uint64_t>(values, of.first + row);
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    for (std::int64_t row = 0; all > most && row < of.rows; ++row) {
      if (const auto value = load_at<std::uint64_t>(values, of.first + row); value > most && valid[row])
        refuse(what, std::to_string(value), "at most " + std::to_string(most), row, status::data);
    }
  }

  /// A view is its length and the text itself, or its length, four bytes, and where in which buffer it stands.
  void copy_text_views(const ArrowArray& array, window of, const std::string& what, bit_range valid,
                       column_view& view) const {
    constexpr std::int32_t most_inside = 12;
    check_buffers(array, array.n_buffers >= 3, "3 or more", what);
    const auto* const views = static_cast<const std::byte*>(buffer(array, 1, what));
    const std::int64_t buffers = array.n_buffers - 3;
    const void* const sizes = buffers == 0 ? nullptr : buffer(array, array.n_buffers - 1, what);
    const auto text_at = [&](std::int64_t row) -> std::string_view {
      const std::byte* const one = views + (of.first + row) * 16;
      const auto length = load_at<std::int32_t>(one, 0);
      if (length >= 0 && length <= most_inside)
        return {reinterpret_cast<const char*>(one + 4), static_cast<std::size_t>(length)};
      const auto which = load_at<std::int32_t>(one, 2);
      const auto begin = load_at<std::int32_t>(one, 3);
      if (length < 0 || begin < 0 || which < 0 || which >= buffers || array.buffers[2 + which] == nullptr ||
          std::int64_t{begin} + length > load_at<std::int64_t>(sizes, which))
        refuse(what, "a view of text that is not there", "inside of its buffers", row);
      return {static_cast<const char*>(array.buffers[2 + which]) + begin, static_cast<std::size_t>(length)};
    };
    auto* const offsets = into_.room<std::int64_t>(of.rows + 1);
    offsets[0] = 0;
    for (std::int64_t row = 0; row < of.rows; ++row)
      offsets[row + 1] = offsets[row] + (valid[row] ? static_cast<std::int64_t>(text_at(row).size()) : 0);
    char* const bytes = into_.room<char>(offsets[of.rows]);
    for (std::int64_t row = 0; row < of.rows; ++row) {
      if (offsets[row + 1] > offsets[row])
        std::memcpy(bytes + offsets[row], text_at(row).data(),
                    static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
    }
    view.data = bytes;
    view.aux = offsets;
    view.aux_length = of.rows + 1;
  }

  void lend_dictionary(const ArrowArray& array, window of, const std::string& what, column_view& view) const {
    lend_indices(array, of, what, view);
    const std::string texts = "the dictionary of " + what;
    const ArrowArray& values = *array.dictionary;
    check(&values, texts);
    column_view& into = into_.dictionary();
    into.type = field_.texts->type;
    into.stride_bytes = width_of(into.type);
    view.aux = &into;
    view.aux_length = values.length;
    const window all{values.offset, values.length};
    if (all.rows == 0)
      return;
    const bit_range valid = validity(values, all, texts);
    lend(*field_.texts, values, all, texts, valid, into);
    into.validity = valid.bits;
    into.validity_offset = valid.first;
  }
  /// What no 32 bits hold is beyond every dictionary, and stays so.
  void lend_indices(const ArrowArray& array, window of, const std::string& what, column_view& view) const {
    check_buffers(array, array.n_buffers == 2, "2", what);
    const void* const indices = buffer(array, 1, what);
    const auto narrow = [](auto index) {
      return std::in_range<std::int32_t>(index) ? static_cast<std::int32_t>(index) : -1;
    };
    switch (field_.type.layout) {
    case arrow_layout::uint16:
      return widen<std::uint16_t, std::int32_t>(indices, of, view);
    case arrow_layout::uint32:
      return copy<std::uint32_t, std::int32_t>(indices, of, view, narrow);
    case arrow_layout::uint64:
      return copy<std::uint64_t, std::int32_t>(indices, of, view, narrow);
    default:
      break;
    }
    switch (field_.type.type) {
    case dtype::int8:
      return widen<std::int8_t, std::int32_t>(indices, of, view);
    case dtype::uint8:
      return widen<std::uint8_t, std::int32_t>(indices, of, view);
    case dtype::int16:
      return widen<std::int16_t, std::int32_t>(indices, of, view);
    case dtype::int64:
      return copy<std::int64_t, std::int32_t>(indices, of, view, narrow);
    default:
      view.data = static_cast<const std::byte*>(indices) + of.first * 4;
    }
  }

  const arrow_fields& fields_;
  const arrow_field& field_;
  std::int32_t index_;
  std::int64_t first_row_;
  arrow_columns& into_;
};

} // namespace

std::optional<array_fault> fault_of(const ArrowArray* array) {
  // No memory holds more values, and arithmetic below this does not overflow.
  constexpr std::int64_t most = std::int64_t{1} << 58;
  const auto in_range = [](std::int64_t n) { return n >= 0 && n <= most; };
  if (array == nullptr)
    return array_fault{"the array", "NULL", "given"};
  if (array->release == nullptr)
    return array_fault{"the array", "released", "given"};
  if (!in_range(array->length))
    return array_fault{"length", std::to_string(array->length), "in [0, 2^58]"};
  if (!in_range(array->offset))
    return array_fault{"offset", std::to_string(array->offset), "in [0, 2^58]"};
  if (array->null_count < -1 || array->null_count > array->length)
    return array_fault{"null_count", std::to_string(array->null_count), "-1 or in [0, length]"};
  return std::nullopt;
}

arrow_columns import_columns(const arrow_fields& fields, const ArrowArray* array, std::int64_t first_row) {
  arrow_columns made;
  const auto refuse = [&](std::string_view what, std::string_view is, std::string_view must_be) {
    throw error(status::invalid_argument, message(fields.function(), what, -1, is, must_be));
  };
  const auto each = [&](const auto& body) {
    for (std::size_t i = 0; i < fields.fields().size(); ++i)
      body(column_import(fields, static_cast<std::int32_t>(i), first_row, made), fields.fields()[i].child);
  };
  if (array != nullptr) {
    if (const auto fault = fault_of(array))
      refuse(fault->part, fault->is, fault->must_be);
    if (array->n_children != fields.children())
      refuse("n_children", std::to_string(array->n_children),
             std::to_string(fields.children()) + " as in the schema");
    if (array->n_children > 0 && array->children == nullptr)
      refuse("children", "NULL", "given");
  }
  if (array == nullptr || array->length == 0) {
    each([&](const column_import& one, std::int64_t) { made.views.push_back(one.nothing()); });
    return made;
  }
  made.rows = array->length;
  if (array->n_buffers != 1)
    refuse("n_buffers of a struct", std::to_string(array->n_buffers), "1");
  const bool has_validity = array->buffers != nullptr && array->buffers[0] != nullptr;
  if (array->null_count > 0 && !has_validity)
    refuse("null_count", std::to_string(array->null_count), "0 without a validity buffer");
  const window rows{array->offset, made.rows};
  // Before a look at the validity: it has as many bits as the children have rows.
  each([&](const column_import& one, std::int64_t child) { one.check_rows(array->children[child], rows); });
  bit_range of_struct;
  if (has_validity && !fields.fields().empty())
    of_struct = validity_of(*array, array->offset, made.rows);
  each([&](const column_import& one, std::int64_t child) {
    made.views.push_back(one.read(*array->children[child], rows, of_struct));
  });
  return made;
}

} // namespace emptor::capi
