// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <emptor/core/model_table.hpp>
#include <emptor/core/money.hpp>
#include <emptor/stats/ledger_data.hpp>

/// Tables that a caller gives beside a ledger, in its currencies.
namespace emptor::credit {

/// A table of a caller with currencies and amounts, which are checked as they are read.
class given_table : public model_table {
public:
  using model_table::model_table;

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
};

} // namespace emptor::credit
