// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/credit/grade_policy_entry.hpp>
#include <emptor/credit/limit_entry.hpp>
#include <emptor/credit/order_check_entry.hpp>
#include <emptor/credit/payment_schedule_entry.hpp>
#include <emptor/credit/risk_transfer.hpp>
#include <emptor/credit/standard_entry.hpp>
#include <emptor/credit/terms.hpp>
#include <emptor/credit/terms_change_entry.hpp>

namespace emptor::entries {

std::span<const entry* const> credit_policy() noexcept {
  // clang-format off
  static constexpr std::array all{
    &credit::grade_policy_entry,
    &credit::limit_entry,
    &credit::order_check_entry,
    &credit::payment_schedule_entry,
    &credit::risk_transfer_entry,
    &credit::standard_entry,
    &credit::terms_entry,
    &credit::terms_change_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries
