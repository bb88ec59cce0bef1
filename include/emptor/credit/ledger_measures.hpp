// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>

/// The conventions on which measures of a ledger differ. Each measure takes both, from the same options with the same
/// defaults, and its tables name them: receivables are what is owed, the sum of the open invoices that ageing and dunning
/// show, so that a payment which nobody has allocated yet hides no old debt; sales are net of credit notes, the revenue that
/// was earned. Who holds receivables against a control account takes `receivables=balance`.
namespace emptor::credit {

/// Which money counts as receivables.
enum class receivables_basis {
  owed,    ///< what is open of invoices, debit notes and refunds
  balance, ///< less payments and credit notes that settle nothing yet
};
/// Which documents count as sales.
enum class sales_basis {
  net,   ///< invoices and debit notes less credit notes
  gross, ///< invoices and debit notes
};

inline constexpr std::string_view receivables_basis_choices[] = {"owed", "balance"};
inline constexpr std::string_view sales_basis_choices[] = {"net", "gross"};

inline constexpr option_description option_receivables{
    .name = "receivables",
    .what = option_content::choice,
    .summary = "owed: what is open of invoices, debit notes and refunds; balance: less payments and credit "
               "notes that "
               "settle nothing yet",
    .default_value = "owed",
    .choices = receivables_basis_choices};
inline constexpr option_description option_sales{.name = "sales",
                                                 .what = option_content::choice,
                                                 .summary =
                                                     "net: invoices and debit notes less credit notes, each "
                                                     "in the period of its own date; gross: invoices "
                                                     "and debit notes",
                                                 .default_value = "net",
                                                 .choices = sales_basis_choices};
inline constexpr column_description column_receivables_basis{.name = "receivables_basis",
                                                             .what = content::code,
                                                             .summary = "the option receivables",
                                                             .levels = receivables_basis_choices};
inline constexpr column_description column_sales_basis{.name = "sales_basis",
                                                       .what = content::code,
                                                       .summary = "the option sales",
                                                       .levels = sales_basis_choices};

/// Adds the columns that name both.
inline void add_bases(table& made, receivables_basis receivables, sales_basis sales) {
  const auto rows = static_cast<std::size_t>(made.rows());
  made.add(column::codes("receivables_basis",
                         std::vector<std::int32_t>(rows, static_cast<std::int32_t>(receivables)),
                         receivables_basis_choices));
  made.add(column::codes("sales_basis", std::vector<std::int32_t>(rows, static_cast<std::int32_t>(sales)),
                         sales_basis_choices));
}

} // namespace emptor::credit
