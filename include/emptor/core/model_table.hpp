// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>

/// Tables that a caller gives beside his rows, as a model in a slot.
namespace emptor {

/// A table of a model, read value by value; one that is not given has no rows.
class model_table {
public:
  /// \param where begins messages, such as `credit.dunning`
  model_table(std::string_view where, const model* from, std::string_view name)
      : where_(where)
      , table_(from == nullptr ? nullptr : from->find(name)) {}
  model_table(std::string_view where, const table& held)
      : where_(where)
      , table_(&held) {}

  [[nodiscard]] std::int64_t rows() const noexcept { return table_ == nullptr ? 0 : table_->rows(); }
  [[nodiscard]] bool has(std::string_view name, std::int64_t row) const {
    const column* held = table_ == nullptr ? nullptr : table_->find(name);
    return held != nullptr && held->is_valid(row);
  }
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name, std::int64_t row) const {
    if (!has(name, row))
      return std::nullopt;
    return table_->at(name).text()[row];
  }
  [[nodiscard]] std::optional<double> number(std::string_view name, std::int64_t row) const {
    return value<double>(name, row);
  }
  [[nodiscard]] std::optional<std::int64_t> count(std::string_view name, std::int64_t row) const {
    return value<std::int64_t>(name, row);
  }
  [[nodiscard]] std::optional<std::int32_t> day(std::string_view name, std::int64_t row) const {
    return value<std::int32_t>(name, row);
  }
  [[nodiscard]] std::optional<bool> truth(std::string_view name, std::int64_t row) const {
    const auto given = value<std::uint8_t>(name, row);
    return given ? std::optional(*given != 0) : std::nullopt;
  }
  /// Minor units of a column of money.
  [[nodiscard]] std::optional<std::int64_t> amount(std::string_view name, std::int64_t row) const {
    return value<std::int64_t>(name, row);
  }
  /// The place of a class among its levels.
  [[nodiscard]] std::optional<std::int32_t> code(std::string_view name, std::int64_t row) const {
    return value<std::int32_t>(name, row);
  }
  [[noreturn]] void refuse(std::string_view name, std::int64_t row, const std::string& is,
                           std::string_view expected) const {
    throw error(status::data, message(where_, name, row, shortened(is), expected), row);
  }

private:
  template <class T>
  [[nodiscard]] std::optional<T> value(std::string_view name, std::int64_t row) const {
    if (!has(name, row))
      return std::nullopt;
    return table_->at(name).template as<T>()[static_cast<std::size_t>(row)];
  }

  std::string where_;
  const table* table_;
};

} // namespace emptor
