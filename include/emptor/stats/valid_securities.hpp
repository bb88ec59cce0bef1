// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/decimal.hpp>
#include <emptor/stats/ledger_findings.hpp>

namespace emptor::stats {

/// What a security gives for a debt in its own currency: its share of it, at most its amount. Exact, then rounded
/// once, half to even.
/// \param owed  minor units
[[nodiscard]] constexpr std::int64_t covered_by(const security& one, std::int64_t owed) noexcept {
  if (owed <= 0)
    return 0;
  const wide_integer share =
      divided_half_to_even(wide_integer{owed} * one.share.value, power_of_ten(one.share.scale));
  return static_cast<std::int64_t>(std::min<wide_integer>(share, one.amount));
}

/// The securities that were valid on a day.
struct security_state {
  std::vector<customer_rows> customers; ///< who has one, in the byte order of their names
  std::vector<std::uint32_t> rows; ///< of the ledger's securities: by customer, then by their number's bytes
  std::vector<found_in_ledger> findings;
};

/// The guarantees, insurance and other securities that are valid on the day `as_of`, the first and the last day
/// included.
/// \param keys only these customers; refusals and findings that do not concern them are left out
/// \throws error status::conflict where a security has two contents; it names it. status::cancelled
[[nodiscard]] inline security_state valid_securities(const ledger& from, date as_of,
                                                     const std::optional<std::vector<std::string>>& keys = {},
                                                     const run& how = {}) {
  const std::int32_t today = days_since_epoch(as_of);
  const revised<security>& held = from.records<security>();
  const id_pool& names = from.texts().securities;
  const std::vector<std::uint8_t> wanted = from.customers().wanted(keys);
  detail::first_refusal refusal;
  security_state state;
  how.check(0.0);
  held.for_each_contested([&](std::uint32_t key) {
    const security& one = held[held.find(key)];
    if (wanted[one.customer] != 0 || wanted[held[held.other(key)].customer] != 0)
      detail::note_conflict(refusal, "security", names[key], one.revision);
  });
  refusal.raise();

  const revised<customer_record>& facts = from.records<customer_record>();
  for (std::uint32_t row = 0; row < held.rows().size(); ++row) {
    const security& one = held[row];
    if (!held.is_live(row) || wanted[one.customer] == 0 || one.from > today ||
        (one.until != no_day && one.until < today))
      continue;
    state.rows.push_back(row);
    if (facts.size() > 0 && facts.find(one.customer) == ledger::no_text)
      state.findings.push_back({names[one.number], ledger_finding::unknown_customer,
                                from.customer(one.customer), one.currency, one.amount});
  }
  std::sort(state.rows.begin(), state.rows.end(), [&](std::uint32_t left, std::uint32_t right) {
    return held[left].customer != held[right].customer
               ? from.customer(held[left].customer) < from.customer(held[right].customer)
               : names[held[left].number] < names[held[right].number];
  });
  for (std::size_t i = 0; i < state.rows.size(); ++i) {
    const std::uint32_t customer = held[state.rows[i]].customer;
    if (state.customers.empty() || state.customers.back().id != customer)
      state.customers.push_back({customer, i, i});
    state.customers.back().last = i + 1;
  }
  std::sort(state.findings.begin(), state.findings.end());
  return state;
}

} // namespace emptor::stats
