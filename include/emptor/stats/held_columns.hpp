// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <emptor/core/table.hpp>

/// Columns of a table that a store of rows holds, found once and read row by row. A column that no row filled is not there,
/// which reads as if each row had nothing in it.
namespace emptor::stats {

class held_column {
public:
  held_column(const table& from, std::string_view name)
      : of_(from.find(name)) {}
  [[nodiscard]] bool has(std::int64_t row) const noexcept { return of_ != nullptr && of_->is_valid(row); }

protected:
  const column* of_;
};

/// Empty where there is none.
class held_texts : public held_column {
public:
  using held_column::held_column;
  [[nodiscard]] std::string_view operator[](std::int64_t row) const {
    return has(row) ? of_->text()[row] : std::string_view{};
  }
};

/// Minor units.
class held_amounts : public held_column {
public:
  held_amounts(const table& from, std::string_view name, std::int64_t missing = 0)
      : held_column(from, name)
      , missing_(missing) {}
  [[nodiscard]] std::int64_t operator[](std::int64_t row) const {
    return has(row) ? of_->as<std::int64_t>()[static_cast<std::size_t>(row)] : missing_;
  }

private:
  std::int64_t missing_;
};

class held_numbers : public held_column {
public:
  held_numbers(const table& from, std::string_view name,
               double missing = std::numeric_limits<double>::quiet_NaN())
      : held_column(from, name)
      , missing_(missing) {}
  [[nodiscard]] double operator[](std::int64_t row) const {
    return has(row) ? of_->as<double>()[static_cast<std::size_t>(row)] : missing_;
  }

private:
  double missing_;
};

/// Places among the levels of a class, which such a store holds as text; as many as there are levels where there is none.
class held_levels : public held_column {
public:
  held_levels(const table& from, std::string_view name, std::span<const std::string_view> levels)
      : held_column(from, name)
      , levels_(levels) {}
  [[nodiscard]] std::size_t operator[](std::int64_t row) const {
    return static_cast<std::size_t>(has(row) ? std::find(levels_.begin(), levels_.end(), of_->text()[row]) -
                                                   levels_.begin()
                                             : static_cast<std::ptrdiff_t>(levels_.size()));
  }

private:
  std::span<const std::string_view> levels_;
};

} // namespace emptor::stats
