// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/value/bg_bb_entry.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/cohorts_entry.hpp>
#include <emptor/value/concentration_entry.hpp>
#include <emptor/value/consumption_value.hpp>
#include <emptor/value/contribution_value.hpp>
#include <emptor/value/cost_to_serve_entry.hpp>
#include <emptor/value/customer_base_audit_entry.hpp>
#include <emptor/value/customer_equity_entry.hpp>
#include <emptor/value/customer_kinds_entry.hpp>
#include <emptor/value/customer_profit.hpp>
#include <emptor/value/customer_value_entry.hpp>
#include <emptor/value/dated_present_value.hpp>
#include <emptor/value/delivered_value.hpp>
#include <emptor/value/engagement_value.hpp>
#include <emptor/value/frequency_table.hpp>
#include <emptor/value/gamma_gamma_entry.hpp>
#include <emptor/value/holdout.hpp>
#include <emptor/value/life_cycle_value.hpp>
#include <emptor/value/lifetime_value_entry.hpp>
#include <emptor/value/marketing_efficiency.hpp>
#include <emptor/value/markov_chain_entry.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>
#include <emptor/value/past_current_potential_value.hpp>
#include <emptor/value/plan_control_entry.hpp>
#include <emptor/value/present_value.hpp>
#include <emptor/value/retention_value.hpp>
#include <emptor/value/rfm_entry.hpp>
#include <emptor/value/rfm_segments_entry.hpp>
#include <emptor/value/sales_composition_entry.hpp>
#include <emptor/value/simulate_entry.hpp>
#include <emptor/value/strategic_account_value.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/tracking.hpp>
#include <emptor/value/value_migration_entry.hpp>

namespace emptor::entries {

std::span<const entry* const> value() noexcept {
  // clang-format off
  static constexpr std::array all{
    &value::bg_bb_entry,
    &value::bg_nbd_entry,
    &value::cohorts_entry,
    &value::concentration_entry,
    &value::consumption_value_entry,
    &value::contribution_value_entry,
    &value::cost_to_serve_entry,
    &value::customer_base_audit_entry,
    &value::customer_equity_entry,
    &value::customer_kinds_entry,
    &value::customer_profit_entry,
    &value::customer_value_entry,
    &value::dated_present_value_entry,
    &value::delivered_value_entry,
    &value::engagement_value_entry,
    &value::frequency_table_entry,
    &value::gamma_gamma_entry,
    &value::holdout_entry,
    &value::life_cycle_value_entry,
    &value::lifetime_value_entry,
    &value::marketing_efficiency_entry,
    &value::markov_chain_entry,
    &value::mbg_nbd_entry,
    &value::nbd_entry,
    &value::pareto_nbd_entry,
    &value::past_current_potential_value_entry,
    &value::plan_control_entry,
    &value::present_value_entry,
    &value::retention_value_entry,
    &value::rfm_entry,
    &value::rfm_segments_entry,
    &value::sales_composition_entry,
    &value::simulate_entry,
    &value::strategic_account_value_entry,
    &value::summary_entry,
    &value::tracking_entry,
    &value::value_migration_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries
