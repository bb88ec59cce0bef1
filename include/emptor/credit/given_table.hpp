// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/money.hpp>
#include <emptor/stats/ledger_data.hpp>

/// Tables that a caller gives beside a ledger, as a model in a slot.
namespace emptor::credit {

/// A table of a model, read value by value; one that is not given has no rows.
class given_table {
public:
  /// \param where begins messages, such as `credit.dunning`
  given_table(std::string_view where, const model* from, std::string_view name)
      : where_(where)
      , table_(from == nullptr ? nullptr : from->find(name)) {}

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
  /// The place of a class among its levels.
  [[nodiscard]] std::optional<std::int32_t> code(std::string_view name, std::int64_t row) const {
    return value<std::int32_t>(name, row);
  }
  /// \throws error status::data for what is no code
  [[nodiscard]] std::optional<stats::currency_code> currency_at(std::int64_t row) const {
    const auto given = text("currency", row);
    if (!given)
      return std::nullopt;
    const auto parsed = currency::parse(*given);
    if (!parsed)
      refuse("currency", row, std::string(*given), "an ISO 4217 code of three capital letters");
    return stats::code_of(*parsed);
  }
  /// A number of whole units of a currency as minor units. \throws error status::data where it is not a whole number of
  /// them
  [[nodiscard]] std::int64_t minor_units(std::string_view name, std::int64_t row,
                                         stats::currency_code of) const {
    const double given = number(name, row).value_or(0.0);
    const currency in = stats::currency_of(of);
    std::int64_t minor = 0;
    if (const row_status read = minor_units_of(given, in.decimals(), minor); read != row_status::ok)
      refuse(name, row, to_text(given),
             std::string(must_be(read)) + (in.named() ? " of " + std::string(in.code()) : std::string{}));
    return minor;
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

} // namespace emptor::credit
