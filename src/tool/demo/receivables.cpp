// SPDX-License-Identifier: BSL-1.0
#include "company.hpp"

namespace emptor::tool::demo {

receivables make_receivables(const std::vector<customer>& customers, const order_book& book,
                             const company_size& size) {
  credit::ledger_simulation simulation(today);
  receivables made;
  std::vector<credit::invoiced_order> invoiced;
  for (std::size_t number = 0; number < customers.size(); ++number) {
    if (!customers[number].business)
      continue;
    invoiced.clear();
    for (std::size_t i = book.first_order[number]; i < book.first_order[number + 1]; ++i) {
      const order& one = book.orders[i];
      if (one.cancelled_on != 0) // before it was delivered
        continue;
      invoiced.push_back({one.day, one.amount, one.credited_on, one.credit});
      made.order_of_invoice.push_back(i);
    }
    random_stream stream = stream_of(size, part::receivables, static_cast<std::int64_t>(number));
    simulation.add(static_cast<std::int64_t>(number), customers[number].pays, invoiced, stream);
  }
  made.ledger = simulation.made();
  return made;
}

} // namespace emptor::tool::demo
