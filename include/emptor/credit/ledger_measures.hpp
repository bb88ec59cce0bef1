// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>

/// The conventions on which measures of a ledger differ.
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

} // namespace emptor::credit
