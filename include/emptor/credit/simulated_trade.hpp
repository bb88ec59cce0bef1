// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/credit/simulate_ledger.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/ledger_description.hpp>
#include <emptor/stats/variates.hpp>

/// A trader who sells to firms on account, with all that a ledger holds of them: orders that are delivered and
/// invoiced, what became of the invoices, securities, groups of companies and rates of exchange.
namespace emptor::credit {

inline constexpr std::string_view simulate_ledger_name = "credit.simulate_ledger";

struct trade_settings {
  std::int64_t customers = 1000;
  std::uint64_t seed = 1;
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  double orders = 12.0;                 ///< a year of a customer on average, > 0
  double probability_of_default = 0.02; ///< of the median customer within a year, >= 0 and < 1
  double minor_units = 100.0;           ///< of one unit of the currency of the books
  double foreign_minor_units = 0.0;     ///< of one unit of the second currency; 0 = there is none
  double foreign_rate = 1.0;            ///< what a unit of the second currency is worth on the first day, > 0
};

inline constexpr std::int64_t no_group = -1;

/// What is true of a customer. Amounts are in his currency.
struct trade_customer {
  payer_nature pays;
  double probability_of_default = 0.0; ///< within a year
  double orders = 0.0;                 ///< a year
  double mean_amount = 0.0;            ///< of an order, in units of the currency of the books
  bool is_foreign = false;             ///< orders in the second currency
  std::int64_t group = no_group;       ///< the head of the group to which he belongs
};

inline constexpr std::size_t follows_nothing = static_cast<std::size_t>(-1);

/// Orders and deliveries, as the ledger's table `commitments` has them.
struct trade_commitment {
  std::int64_t customer = 0;
  stats::commitment_kind kind = stats::commitment_kind::order;
  std::int64_t amount = 0; ///< minor units
  std::int32_t day = 0;
  std::int32_t planned = 0;
  std::int32_t cancelled_on = stats::ledger::no_day;
  std::size_t follows = follows_nothing; ///< the place of the order that a delivery delivers
};

struct trade_security {
  std::int64_t customer = 0;
  stats::security_kind kind = stats::security_kind::guarantee;
  std::int64_t amount = 0; ///< minor units
  double share_covered = 1.0;
  std::int32_t valid_from = 0;
  std::int32_t valid_until = stats::ledger::no_day;
};

struct trade_rate {
  std::int32_t day = 0;
  double rate = 1.0;
};

struct simulated_trade {
  std::int32_t last_day = 0;
  std::vector<trade_customer> customers;
  simulated_ledger ledger;
  std::vector<trade_commitment> commitments;
  std::vector<std::size_t> invoiced; ///< the place of the commitment behind each ledger.invoice_of_order
  std::vector<trade_security> securities;
  std::vector<trade_rate> rates; ///< of the second currency, the first of each month
};

namespace detail {

inline constexpr std::uint64_t trade_customer_stream = 0x637573746f6d6572; // "customer"
inline constexpr std::uint64_t trade_order_stream = 0x6f7264657273;        // "orders"
inline constexpr std::uint64_t trade_payment_stream = 0x7061796d656e7473;  // "payments"
inline constexpr std::uint64_t trade_rate_stream = 0x7261746573;           // "rates"
inline constexpr double days_a_year = 365.25;
inline constexpr double century = 36525.0; ///< in days

/// \returns whole minor units, at least one
[[nodiscard]] inline std::int64_t minor_units_of(math::real amount) noexcept {
  constexpr double most = 1e13; // sums of a million of them fit
  return static_cast<std::int64_t>(std::clamp(math::value_of(floor(amount + 0.5)), 1.0, most));
}

class trade_simulation {
public:
  explicit trade_simulation(const trade_settings& how)
      : how_(how)
      , simulation_(how.last_day) {
    made_.last_day = how.last_day;
  }

  void add(std::int64_t number) {
    const auto name = static_cast<std::uint64_t>(number);
    random_stream nature(how_.seed, trade_customer_stream, name);
    const trade_customer who = draw(number, nature);
    made_.customers.push_back(who);
    random_stream orders(how_.seed, trade_order_stream, name);
    order(who, number, orders);
    random_stream payments(how_.seed, trade_payment_stream, name);
    simulation_.add(number, who.pays, invoices_, payments);
  }

  [[nodiscard]] simulated_trade finish() && {
    if (how_.foreign_minor_units > 0.0)
      draw_rates();
    made_.ledger = std::move(simulation_).made();
    return std::move(made_);
  }

private:
  [[nodiscard]] math::real minor_units(const trade_customer& who) const noexcept {
    return who.is_foreign ? math::real(how_.foreign_minor_units) / how_.foreign_rate
                          : math::real(how_.minor_units);
  }

  trade_customer draw(std::int64_t number, random_stream& stream) {
    using math::real;
    trade_customer who;
    const double standing = 1.4 * stats::normal_variate(stream);
    who.pays = draw_payer(standing, stream);
    const real median(how_.probability_of_default);
    const real odds = median / (1.0 - median) * exp(real(standing));
    who.probability_of_default = math::value_of(odds / (1.0 + odds));
    who.orders = math::value_of(real(how_.orders) * stats::gamma_variate(2.0, stream) / 2.0);
    who.mean_amount = math::value_of(1000.0 * exp(0.8 * real(stats::normal_variate(stream))));
    who.is_foreign = stream.uniform() < 0.2 && how_.foreign_minor_units > 0.0;
    // Defaults come at a rate that gives the probability within a year.
    const real years = real(stats::exponential_variate(stream)) / -log1p(real(-who.probability_of_default));
    if (const double days = math::value_of(years * days_a_year);
        who.probability_of_default > 0.0 && days < century)
      who.pays.insolvent = how_.first_day + static_cast<std::int32_t>(days);
    if (stream.uniform() < 0.2 && number > 0)
      who.group = head_;
    else
      head_ = number;
    if (stream.uniform() < 0.15)
      secure(who, number, stream);
    return who;
  }

  void secure(const trade_customer& who, std::int64_t number, random_stream& stream) {
    trade_security one{.customer = number};
    one.kind = static_cast<stats::security_kind>(stream.below(std::size(stats::security_kinds)));
    one.amount = minor_units_of(math::real(who.mean_amount) * minor_units(who) *
                                static_cast<double>(1 + stream.below(6)));
    if (one.kind == stats::security_kind::insurance)
      one.share_covered = 0.9;
    const auto length = static_cast<std::uint64_t>(how_.last_day - how_.first_day) + 1;
    one.valid_from = how_.first_day + static_cast<std::int32_t>(stream.below(length));
    if (stream.uniform() < 0.5)
      one.valid_until = one.valid_from + 364;
    made_.securities.push_back(one);
  }

  /// The orders of a customer, a Poisson process, up to the last day, with their deliveries and invoices.
  void order(const trade_customer& who, std::int64_t number, random_stream& stream) {
    invoices_.clear();
    const auto days = [&](std::int32_t least, std::uint64_t count) {
      return least + static_cast<std::int32_t>(stream.below(count));
    };
    const math::real scale = math::real(who.mean_amount) * minor_units(who) / 4.0;
    double time = how_.first_day;
    for (;;) {
      time += stats::exponential_variate(stream) * days_a_year / who.orders;
      if (!(time < how_.last_day + 1.0))
        return;
      trade_commitment ordered{.customer = number};
      ordered.day = static_cast<std::int32_t>(math::floor(time));
      ordered.amount = minor_units_of(scale * stats::gamma_variate(4.0, stream));
      ordered.planned = days(ordered.day + 1, 14);
      const bool is_cancelled = stream.uniform() < 0.03;
      const std::int32_t cancelled_on =
          days(ordered.day, static_cast<std::uint64_t>(ordered.planned - ordered.day));
      const bool has_delivery = stream.uniform() < 0.6;
      const std::int32_t invoiced_on = has_delivery ? days(ordered.planned, 7) : ordered.planned;
      const bool is_returned = stream.uniform() < 0.04;
      const std::int32_t returned_on = days(invoiced_on + 4, 26);
      const double returned = 0.2 + 0.6 * stream.uniform();
      if (is_cancelled && cancelled_on <= how_.last_day)
        ordered.cancelled_on = cancelled_on;
      made_.commitments.push_back(ordered);
      if (is_cancelled)
        continue;
      if (has_delivery && ordered.planned <= how_.last_day)
        made_.commitments.push_back({.customer = number,
                                     .kind = stats::commitment_kind::delivery,
                                     .amount = ordered.amount,
                                     .day = ordered.planned,
                                     .planned = invoiced_on,
                                     .follows = made_.commitments.size() - 1});
      if (invoiced_on > how_.last_day)
        continue;
      made_.invoiced.push_back(made_.commitments.size() - 1);
      invoices_.push_back({.day = invoiced_on, .amount = ordered.amount});
      if (is_returned) {
        invoices_.back().credit_day = returned_on;
        invoices_.back().credit = static_cast<std::int64_t>(
            math::value_of(floor(math::real(returned) * static_cast<double>(ordered.amount))));
      }
    }
  }

  /// A geometric random walk of 2 % a month, in millionths.
  void draw_rates() {
    using namespace std::chrono;
    random_stream stream(how_.seed, trade_rate_stream, 0);
    math::real log_rate = log(math::real(how_.foreign_rate));
    const year_month_day first(date_from_days(how_.first_day));
    year_month month = first.year() / first.month();
    for (std::int32_t day = how_.first_day; day <= how_.last_day;
         day = days_since_epoch(date((month += months(1)) / 1))) {
      const double millionths = std::max(math::value_of(floor(exp(log_rate) * 1e6 + 0.5)), 1.0);
      made_.rates.push_back({day, millionths / 1e6});
      log_rate += 0.02 * math::real(stats::normal_variate(stream));
    }
  }

  trade_settings how_;
  ledger_simulation simulation_;
  simulated_trade made_;
  std::vector<invoiced_order> invoices_;
  std::int64_t head_ = 0;
};

} // namespace detail

/// The same for a seed on every machine, and the first customers the same for any number of them.
/// \throws error status::option (days outside the calendar), status::cancelled
[[nodiscard]] inline simulated_trade simulate_trade(const trade_settings& how, const run& threads = {}) {
  // Payments and defaults may come a century late.
  if (how.first_day > how.last_day || !is_admissible_day(how.first_day) ||
      !is_admissible_day(std::int64_t{how.last_day} + 2 * static_cast<std::int64_t>(detail::century)))
    throw error(status::option, std::string(simulate_ledger_name) +
                                    ": option start is too late: the days of the ledger leave the calendar");
  detail::trade_simulation simulation(how);
  for (std::int64_t customer = 0; customer < how.customers; ++customer) {
    if (customer % rows_per_task == 0)
      threads.check(static_cast<double>(customer) / static_cast<double>(how.customers));
    simulation.add(customer);
  }
  return std::move(simulation).finish();
}

} // namespace emptor::credit
