// SPDX-License-Identifier: BSL-1.0
#include <emptor/value/contribution_value.hpp>
#include <emptor/value/customer_profit.hpp>
#include <emptor/value/engagement_value.hpp>
#include <emptor/value/life_cycle_value.hpp>
#include <emptor/value/marketing_efficiency.hpp>
#include <emptor/value/past_current_potential_value.hpp>
#include <emptor/value/present_value.hpp>
#include <emptor/value/retention_value.hpp>
#include <emptor/value/strategic_account_value.hpp>

#include "kernels/list_formula.hpp"

namespace kernel_lists::EMPTOR_KERNEL_SET {

namespace value = emptor::value;

constinit const listed contribution_value =
    formula_of<value::contribution_value_scores>(value::contribution_value_name);
constinit const listed customer_profit =
    formula_of<value::customer_profit_scores>(value::customer_profit_name);
constinit const listed engagement_value =
    formula_of<value::engagement_value_scores>(value::engagement_value_name);
constinit const listed life_cycle_value = formula_of<value::life_cycle_scores>(value::life_cycle_value_name);
constinit const listed marketing_efficiency =
    formula_of<value::marketing_efficiency_scores>(value::marketing_efficiency_name);
constinit const listed past_current_potential_value =
    formula_of<value::past_current_potential_scores>(value::past_current_potential_value_name);
constinit const listed present_value = formula_of<value::present_value_scores>(value::present_value_name);
constinit const listed retention_value =
    formula_of<value::retention_value_scores>(value::retention_value_name);
constinit const listed strategic_account_value =
    formula_of<value::strategic_account_scores>(value::strategic_account_value_name);

} // namespace kernel_lists::EMPTOR_KERNEL_SET
