// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/column.hpp>

#include "arrow_structures.hpp"

/// Arrays of Arrow as columns of emptor, without a copy where both lay them out alike.
namespace emptor::capi {

/// How values stand in Arrow's memory, where that is not how a column of emptor has them.
enum class arrow_layout : std::uint8_t {
  same,
  uint16,
  uint32,
  uint64,
  float16,
  date64,
  decimal32,
  decimal64,
  text_views,
};

struct arrow_type {
  dtype type = dtype::none; ///< as emptor sees it
  arrow_layout layout = arrow_layout::same;
  std::int32_t unit = 0;
};

/// One column that is wanted, and which child of the struct it is.
struct arrow_field {
  std::string name;
  std::int64_t child = 0;
  arrow_type type;                 ///< of a dictionary: that of its indices
  std::optional<arrow_type> texts; ///< of a dictionary: that of its values

  /// As emptor sees the column.
  [[nodiscard]] dtype seen() const noexcept {
    return !texts ? type.type : texts->type == dtype::null ? dtype::null : dtype::dictionary;
  }
};

/// The fields of a struct that a call wants, each of a type that emptor reads.
class arrow_fields {
public:
  /// \param names  pairs: the name of a column, which field that is; null = every field under its own name
  /// \throws error status::schema for a type that is none of emptor's, status::unknown_name for a field that is
  /// not there, status::invalid_argument for a schema that is none
  arrow_fields(std::string_view function, const ArrowSchema& schema, const char* const* names,
               std::int32_t name_count);
  [[nodiscard]] std::string_view function() const noexcept { return function_; }
  [[nodiscard]] std::int64_t children() const noexcept { return children_; }
  [[nodiscard]] std::span<const arrow_field> fields() const noexcept { return fields_; }

private:
  std::string_view function_;
  std::int64_t children_ = 0;
  std::vector<arrow_field> fields_;
};

/// Columns and the memory of those that had to be copied.
class arrow_columns {
public:
  std::int64_t rows = 0;
  std::vector<column_view> views;

  /// Uninitialised memory for `count` values, which lives as long as the columns.
  template <class T>
  [[nodiscard]] T* room(std::int64_t count) {
    constexpr std::int64_t most = PTRDIFF_MAX / static_cast<std::int64_t>(sizeof(T));
    if (count > most)
      throw std::bad_array_new_length();
    memory_.push_back(
        std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(count) * sizeof(T)));
    return reinterpret_cast<T*>(memory_.back().get());
  }
  /// A place for the texts of a dictionary, which stays where it is.
  [[nodiscard]] column_view& dictionary() {
    return *dictionaries_.emplace_back(std::make_unique<column_view>());
  }

private:
  std::vector<std::unique_ptr<std::byte[]>> memory_;
  std::vector<std::unique_ptr<column_view>> dictionaries_;
};

/// The rows of a struct array; of null only the types. The array must stay.
/// \param first_row  what its first row counts as in an error
/// \throws error status::invalid_argument for an array that contradicts itself or its schema, as far as can be seen
/// without knowing how large its buffers are; status::data for a number that fits no type of emptor
[[nodiscard]] arrow_columns import_columns(const arrow_fields& fields, const ArrowArray* array,
                                           std::int64_t first_row = 0);

/// Several batches of the same fields as one, of as many rows as 64 bits count. It needs nothing of them afterwards.
[[nodiscard]] arrow_columns concatenate(std::span<const arrow_columns> batches);

} // namespace emptor::capi
