// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/credit/ageing.hpp>
#include <emptor/credit/collection_measures_entry.hpp>
#include <emptor/credit/collection_worklist.hpp>
#include <emptor/credit/days_sales_outstanding_entry.hpp>
#include <emptor/credit/dunning_entry.hpp>
#include <emptor/credit/exposure_entry.hpp>
#include <emptor/credit/investigation_entry.hpp>
#include <emptor/credit/late_interest_entry.hpp>
#include <emptor/credit/payment_behaviour_entry.hpp>
#include <emptor/credit/payment_forecast_entry.hpp>
#include <emptor/credit/payment_trend_entry.hpp>
#include <emptor/credit/promises_to_pay_entry.hpp>
#include <emptor/credit/provision_entry.hpp>
#include <emptor/credit/receivables_performance_entry.hpp>
#include <emptor/credit/reconciliation_entry.hpp>
#include <emptor/credit/roll_rates_entry.hpp>
#include <emptor/credit/simulate_ledger_entry.hpp>
#include <emptor/credit/write_offs_entry.hpp>

namespace emptor::entries {

std::span<const entry* const> credit_ledger() noexcept {
  // clang-format off
  static constexpr std::array all{
    &credit::ageing_entry,
    &credit::collection_measures_entry,
    &credit::collection_worklist_entry,
    &credit::days_sales_outstanding_entry,
    &credit::dunning_entry,
    &credit::exposure_entry,
    &credit::investigation_entry,
    &credit::late_interest_entry,
    &credit::payment_behaviour_entry,
    &credit::payment_forecast_entry,
    &credit::payment_trend_entry,
    &credit::promises_to_pay_entry,
    &credit::provision_matrix_entry,
    &credit::receivables_performance_entry,
    &credit::reconciliation_entry,
    &credit::roll_rates_entry,
    &credit::simulate_ledger_entry,
    &credit::write_offs_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries
