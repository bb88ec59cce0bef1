// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/credit/simulate_ledger.hpp>
#include <emptor/math/incomplete_gamma.hpp>

#include "stats/ledger_rows.hpp"

/// Customers whose way to pay is known, and their ledger.
namespace payers {

struct company {
  std::vector<emptor::credit::payer_nature> natures; ///< of C0, C1, ...
  emptor::stats::ledger ledger;
  emptor::credit::simulated_ledger book;

  /// \param natures what each customer is like \param every days from one order of a customer to the next, on average
  company(std::vector<emptor::credit::payer_nature> of, std::int32_t first_day, std::int32_t last_day,
          int every, std::uint64_t seed)
      : natures(std::move(of)) {
    emptor::credit::ledger_simulation simulation(last_day);
    for (std::size_t c = 0; c < natures.size(); ++c) {
      emptor::random_stream stream(seed, c, 0);
      std::vector<emptor::credit::invoiced_order> orders;
      for (std::int32_t day =
               first_day + static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(every)));
           day <= last_day;
           day += 1 + static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(2 * every))))
        orders.push_back({.day = day, .amount = 10000 + static_cast<std::int64_t>(stream.below(90000))});
      simulation.add(static_cast<std::int64_t>(c), natures[c], orders, stream);
    }
    book = simulation.made();
    std::vector<ledger_rows::item> items;
    for (std::size_t i = 0; i < book.amount.size(); ++i) {
      ledger_rows::item one{
          .document = "D" + std::to_string(i),
          .customer = "C" + std::to_string(book.customer[i]),
          .kind = std::string(emptor::stats::document_kinds[static_cast<std::size_t>(book.kind[i])]),
          .amount = book.amount[i],
          .date = book.day[i]};
      if (book.due[i] != emptor::stats::ledger::no_day)
        one.due = book.due[i];
      items.push_back(std::move(one));
    }
    std::vector<ledger_rows::settlement> settlements;
    for (std::size_t i = 0; i < book.settled.size(); ++i)
      settlements.push_back({.document = "D" + std::to_string(book.settled[i]),
                             .settling_document = "D" + std::to_string(book.settling[i]),
                             .date = book.settled_on[i],
                             .amount = book.settled_amount[i]});
    ledger_rows::push(ledger, items, true);
    ledger_rows::push(ledger, settlements, true);
  }

  /// The probability that a plain payer's invoice is open so many days after it was written.
  [[nodiscard]] double open_after(std::size_t customer, std::int32_t days) const {
    const emptor::credit::payer_nature& one = natures.at(customer);
    if (days < 0)
      return 1.0;
    return emptor::math::gamma_q(one.regularity,
                                 one.regularity * (days + 0.5) / (one.terms + one.mean_delay));
  }
};

/// Plain payers of all sorts: from two weeks early to seven weeks late, some of them as regular as a clock.
[[nodiscard]] inline std::vector<emptor::credit::payer_nature> plain(std::size_t count, std::uint64_t seed) {
  std::vector<emptor::credit::payer_nature> made;
  emptor::random_stream stream(seed, 77, 0);
  for (std::size_t c = 0; c < count; ++c)
    made.push_back({.terms = c % 3 == 0 ? 14 : 30,
                    .mean_delay = c % 3 == 0 ? stream.uniform() * 30.0 : -14.0 + stream.uniform() * 63.0,
                    .regularity = 4.0 + stream.uniform() * 36.0});
  return made;
}

} // namespace payers
