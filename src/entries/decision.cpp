// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/decision/alert_credit_deterioration.hpp>
#include <emptor/decision/alert_customer_churn.hpp>
#include <emptor/decision/alert_overdue_receivable.hpp>
#include <emptor/decision/alert_sales_expense.hpp>
#include <emptor/decision/alert_sales_progress.hpp>
#include <emptor/decision/analytic_hierarchy_entry.hpp>
#include <emptor/decision/criteria_weights_entry.hpp>
#include <emptor/decision/fuzzy_evaluation_entry.hpp>
#include <emptor/decision/topsis_entry.hpp>
#include <emptor/decision/value_matrix.hpp>

namespace emptor::entries {

std::span<const entry* const> decision() noexcept {
  // clang-format off
  static constexpr std::array all{
    &decision::credit_deterioration_entry,
    &decision::customer_churn_entry,
    &decision::overdue_receivable_entry,
    &decision::sales_expense_entry,
    &decision::sales_progress_entry,
    &decision::analytic_hierarchy_entry,
    &decision::criteria_weights_entry,
    &decision::fuzzy_evaluation_entry,
    &decision::topsis_entry,
    &decision::value_matrix_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries
