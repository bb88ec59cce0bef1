// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/ledger.hpp>
#include <emptor/stats/ledger_description.hpp>
#include <emptor/stats/variates.hpp>

/// A receivables ledger whose customers pay as their nature says, with what is open of each document kept beside it: for
/// tests of what reads a ledger, and for trying out what a company would see.
namespace emptor::credit {

inline constexpr std::int32_t never_insolvent = std::numeric_limits<std::int32_t>::max();

/// How a customer pays. Probabilities are those of one invoice.
struct payer_nature {
  std::int32_t terms = 30; ///< days from an invoice to its due date
  double mean_delay = 0.0; ///< days from the due date to the payment on average, > -terms
  double regularity =
      6.0;               ///< shape of the Gamma distribution of the days from an invoice to its payment, > 0
  bool weekly = false;   ///< pays what is due in one sum once a week, on the day that is nearest
  double in_parts = 0.0; ///< pays a part first and the rest weeks later
  double disputes = 0.0; ///< disputes a part and pays when that is decided: for him, for the seller, or half
  double deducts = 0.0;  ///< pays a little less, which is written off
  double pays_twice = 0.0;        ///< what came too much is sent back after a quarter
  double bounces = 0.0;           ///< the money goes back after three days, and comes again
  double is_allocated_late = 0.0; ///< the payment stands without an invoice for some weeks
  std::int32_t discount_days = 0; ///< in which a cash discount may be taken
  double discount = 0.0;          ///< the cash discount (现金折扣), a share of the invoice; 0 = none
  double takes_discount = 0.0;    ///< pays within them, less the discount
  std::int32_t insolvent = never_insolvent; ///< from this day on he pays for new goods only, at once
};

/// A payer as there are many in trade between firms: the later the worse he stands, some with a cash discount.
/// \param standing  log odds of his default less those of the median customer
[[nodiscard]] inline payer_nature draw_payer(double standing, random_stream& stream) noexcept {
  constexpr std::int32_t terms[] = {14, 30, 30, 60};
  payer_nature made;
  made.terms = terms[stream.below(std::size(terms))];
  const double late =
      math::value_of(4.0 + 5.0 * math::real(standing) + 6.0 * math::real(stats::normal_variate(stream)));
  made.mean_delay = std::max(late, 2.0 - made.terms);
  made.weekly = stream.uniform() < 0.15;
  made.in_parts = 0.05;
  made.disputes = 0.015;
  made.deducts = 0.01;
  made.pays_twice = 0.002;
  made.bounces = 0.004;
  made.is_allocated_late = 0.02;
  const bool is_granted_discount = stream.uniform() < 0.25;
  const double takes = stream.uniform();
  if (is_granted_discount) {
    made.discount_days = 10;
    made.discount = 0.02;
    made.takes_discount = takes;
  }
  return made;
}

/// An order as it is invoiced, and what of it is credited later because the goods came back.
struct invoiced_order {
  std::int32_t day = 0;
  std::int64_t amount = 0; ///< minor units
  std::int32_t credit_day = 0;
  std::int64_t credit = 0; ///< 0 = none
};

/// Why there is a document besides an invoice and its payment.
enum class document_reason : std::uint8_t {
  sale,
  goods_returned,
  dispute,
  write_off,
  bounced,
  sent_back,
  cash_discount
};
inline constexpr std::string_view document_reasons[] = {
    "sale", "goods_returned", "dispute", "write_off", "bounced", "sent_back", "cash_discount"};

/// What a customer objected to. Of one that is not decided by the last day, or by his insolvency, `closed` is no_day.
struct simulated_dispute {
  std::size_t document = 0; ///< the invoice
  std::int32_t opened = 0;
  std::int32_t closed = stats::ledger::no_day;
  std::int64_t amount = 0; ///< minor units
  stats::dispute_outcome outcome = stats::dispute_outcome::none;
};

/// Documents and settlements, in the order in which they were thought of; a settlement names documents by their place.
/// `open` is what is left of each document on the last day: the book of the simulation itself.
struct simulated_ledger {
  std::vector<std::int64_t> customer;
  std::vector<stats::document_kind> kind;
  std::vector<document_reason> reason;
  std::vector<std::int64_t> amount;
  std::vector<std::int32_t> day;
  std::vector<std::int32_t> due;            ///< stats::ledger::no_day where there is none
  std::vector<std::int32_t> discount_until; ///< no_day where no cash discount is granted
  std::vector<std::int64_t> discount;       ///< that may be taken until then
  std::vector<std::int64_t> open;
  std::vector<std::size_t>
      invoice_of_order; ///< the document of each order, in the order in which they were added

  std::vector<std::size_t> settled;
  std::vector<std::size_t> settling;
  std::vector<std::int32_t> settled_on;
  std::vector<std::int64_t> settled_amount;

  std::vector<simulated_dispute> disputes;
};

/// Adds the documents of customer after customer. What falls after the last day has not happened.
class ledger_simulation {
public:
  explicit ledger_simulation(std::int32_t last_day)
      : last_day_(last_day) {}

  [[nodiscard]] const simulated_ledger& made() const& noexcept { return made_; }
  [[nodiscard]] simulated_ledger made() && noexcept { return std::move(made_); }

  /// \param orders  of days up to the last one
  void add(std::int64_t customer, const payer_nature& nature, std::span<const invoiced_order> orders,
           random_stream& stream) {
    customer_ = customer;
    weekly_payments_.clear();
    for (const invoiced_order& order : orders)
      bill(nature, order, stream);
  }

private:
  using kind = stats::document_kind;

  enum class step { credit, object, decide, pay_part, pay_rest, pay_less_discount, write_off };
  struct event {
    std::int32_t day;
    step what;
    std::int64_t amount; ///< of a credit, dispute or part
  };

  std::size_t document(kind what, document_reason why, std::int32_t day, std::int64_t amount,
                       std::int32_t due = stats::ledger::no_day) {
    made_.customer.push_back(customer_);
    made_.kind.push_back(what);
    made_.reason.push_back(why);
    made_.amount.push_back(amount);
    made_.day.push_back(day);
    made_.due.push_back(due);
    made_.discount_until.push_back(stats::ledger::no_day);
    made_.discount.push_back(0);
    made_.open.push_back(amount);
    return made_.open.size() - 1;
  }
  void settle(std::size_t debit, std::size_t credit, std::int32_t day, std::int64_t amount) {
    if (day > last_day_ || amount == 0)
      return;
    made_.settled.push_back(debit);
    made_.settling.push_back(credit);
    made_.settled_on.push_back(day);
    made_.settled_amount.push_back(amount);
    made_.open[debit] -= amount;
    made_.open[credit] -= amount;
  }
  /// Money of a payment or credit note goes back to the customer.
  void send_back(std::size_t from, document_reason why, std::int32_t day, std::int64_t amount) {
    if (day <= last_day_)
      settle(document(kind::refund, why, day, amount), from, day, amount);
  }
  [[nodiscard]] static std::int64_t share_of(std::int64_t amount, double part) noexcept {
    return static_cast<std::int64_t>(math::value_of(floor(math::real(part) * static_cast<double>(amount))));
  }
  [[nodiscard]] static std::int64_t share(std::int64_t amount, double low, double high,
                                          random_stream& stream) {
    return share_of(amount, math::value_of(math::real(low) + math::real(high - low) * stream.uniform()));
  }
  [[nodiscard]] static std::int32_t days(std::int32_t least, std::uint64_t more, random_stream& stream) {
    return least + static_cast<std::int32_t>(stream.below(more + 1));
  }

  void bill(const payer_nature& nature, const invoiced_order& order, random_stream& stream) {
    const bool in_advance = order.day >= nature.insolvent;
    const std::int32_t due = in_advance ? order.day : order.day + nature.terms;
    const std::size_t invoice = document(kind::invoice, document_reason::sale, order.day, order.amount, due);
    made_.invoice_of_order.push_back(invoice);
    const bool grants_discount = !in_advance && nature.discount > 0.0;
    if (grants_discount) {
      made_.discount_until[invoice] = order.day + nature.discount_days;
      made_.discount[invoice] = share_of(order.amount, nature.discount);
    }

    const double took = stats::gamma_variate(nature.regularity, stream) / nature.regularity *
                        (static_cast<double>(nature.terms) + nature.mean_delay);
    const auto chance = [&](double probability) { return stream.uniform() < probability; };
    constexpr double longest = 36525.0; // a century, whatever nature says
    std::int32_t pays =
        order.day + static_cast<std::int32_t>(math::floor(std::clamp(took, 0.0, longest) + 0.5));
    if (nature.weekly)
      pays = std::max((pays + 3) / 7 * 7, order.day);
    events_.clear();
    if (order.credit > 0)
      events_.push_back({order.credit_day, step::credit, order.credit});
    if (in_advance) {
      events_.push_back({order.day, step::pay_rest, 0});
    } else if (grants_discount && chance(nature.takes_discount)) {
      events_.push_back({order.day + days(0, static_cast<std::uint64_t>(nature.discount_days), stream),
                         step::pay_less_discount, 0});
    } else {
      if (chance(nature.disputes)) {
        events_.push_back({pays, step::object, share(order.amount, 0.1, 0.5, stream)});
        pays += days(30, 90, stream);
        events_.push_back({pays, step::decide, static_cast<std::int64_t>(stream.below(3))});
        pays += 7;
      }
      if (chance(nature.in_parts)) {
        events_.push_back({pays, step::pay_part, share(order.amount, 0.3, 0.7, stream)});
        pays += days(14, 45, stream);
      }
      if (chance(nature.deducts)) {
        events_.push_back({pays, step::pay_part, share(order.amount, 0.96, 0.995, stream)});
        events_.push_back({pays + 60, step::write_off, 0});
      } else {
        events_.push_back({pays, step::pay_rest, 0});
      }
    }
    if (!in_advance && nature.insolvent != never_insolvent) {
      std::erase_if(
          events_, [&](const event& one) { return one.what != step::credit && one.day >= nature.insolvent; });
      events_.push_back({nature.insolvent + 180, step::write_off, 0});
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const event& left, const event& right) { return left.day < right.day; });
    for (const event& one : events_) {
      if (one.day > last_day_)
        break;
      happen(nature, invoice, one, stream);
    }
  }

  void happen(const payer_nature& nature, std::size_t invoice, const event& one, random_stream& stream) {
    const std::int64_t open = made_.open[invoice];
    switch (one.what) {
    case step::credit: {
      const std::size_t note =
          document(kind::credit_note, document_reason::goods_returned, one.day, one.amount);
      settle(invoice, note, one.day, std::min(open, one.amount));
      if (made_.open[note] > 0) // it was paid already
        send_back(note, document_reason::sent_back, one.day + 14, made_.open[note]);
      break;
    }
    case step::object:
      if (open > 0)
        made_.disputes.push_back(
            {.document = invoice, .opened = one.day, .amount = std::min(open, one.amount)});
      break;
    case step::decide:
      decide(invoice, one);
      break;
    case step::write_off:
      credit_off(kind::write_off, invoice, document_reason::write_off, one.day, open);
      break;
    case step::pay_less_discount: {
      const std::int64_t granted = std::min(open, made_.discount[invoice]);
      pay(nature, invoice, one.day, open - granted, stream);
      // A payment that bounced on a day yet to come was in time, as far as anybody knows.
      credit_off(kind::discount, invoice, document_reason::cash_discount, one.day,
                 std::min(made_.open[invoice], granted));
      break;
    }
    case step::pay_part:
      pay(nature, invoice, one.day, std::min(open, one.amount), stream);
      break;
    case step::pay_rest:
      pay(nature, invoice, one.day, open, stream);
      break;
    }
  }

  void credit_off(kind what, std::size_t invoice, document_reason why, std::int32_t day,
                  std::int64_t amount) {
    if (amount > 0)
      settle(invoice, document(what, why, day, amount), day, amount);
  }

  /// \param one  with the outcome as its amount
  void decide(std::size_t invoice, const event& one) {
    if (made_.disputes.empty() || made_.disputes.back().document != invoice)
      return; // nothing was left to object to
    simulated_dispute& about = made_.disputes.back();
    about.closed = one.day;
    about.outcome = static_cast<stats::dispute_outcome>(one.amount);
    const std::int64_t conceded = about.outcome == stats::dispute_outcome::in_favour_of_customer
                                      ? about.amount
                                  : about.outcome == stats::dispute_outcome::partly ? about.amount / 2
                                                                                    : 0;
    credit_off(kind::credit_note, invoice, document_reason::dispute, one.day,
               std::min(made_.open[invoice], conceded));
  }

  void pay(const payer_nature& nature, std::size_t invoice, std::int32_t day, std::int64_t amount,
           random_stream& stream) {
    if (amount == 0)
      return;
    if (nature.weekly) {
      const auto [known, is_new] = weekly_payments_.try_emplace(day, made_.open.size());
      if (is_new) {
        document(kind::payment, document_reason::sale, day, amount);
      } else {
        made_.amount[known->second] += amount;
        made_.open[known->second] += amount;
      }
      settle(invoice, known->second, day, amount);
      return;
    }
    const std::size_t payment = document(kind::payment, document_reason::sale, day, amount);
    const double luck = stream.uniform();
    const std::int32_t goes_back = day + 3;
    double limit = nature.bounces;
    if (luck < limit) {
      settle(invoice, payment, day, amount);
      if (goes_back <= last_day_) {
        settle(invoice, payment, goes_back, -amount);
        send_back(payment, document_reason::bounced, goes_back, amount);
        if (const std::int32_t again = day + 20; again <= last_day_ && again < nature.insolvent)
          settle(invoice, document(kind::payment, document_reason::sale, again, amount), again, amount);
      }
      return;
    }
    limit += nature.is_allocated_late;
    settle(invoice, payment, luck < limit ? day + days(5, 40, stream) : day, amount);
    limit += nature.pays_twice;
    if (luck >= limit - nature.pays_twice && luck < limit && day + 5 <= last_day_) {
      const std::size_t second = document(kind::payment, document_reason::sale, day + 5, amount);
      send_back(second, document_reason::sent_back, day + 95, amount);
    }
  }

  std::int32_t last_day_;
  std::int64_t customer_ = 0;
  simulated_ledger made_;
  std::vector<event> events_;
  std::map<std::int32_t, std::size_t> weekly_payments_;
};

} // namespace emptor::credit
