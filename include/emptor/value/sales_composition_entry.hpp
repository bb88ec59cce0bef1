// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/optional_texts.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/ratio_of_amounts.hpp>
#include <emptor/value/sales_composition.hpp>
#include <emptor/value/sales_composition_description.hpp>
#include <emptor/value/until_option.hpp>

/// `value.sales_composition` from the catalogue's side.
namespace emptor::value {

namespace detail {

[[nodiscard]] inline error bad_period(std::string_view option, date is, const std::string& must_be) {
  return {status::option,
          message(sales_composition_name, "option " + std::string(option), -1, to_string(is), must_be)};
}

/// \throws error status::option
inline void read_periods_of(const option_values& given, const stats::order_history& from, date until,
                            sales_composition_options& into) {
  into.now.last = days_since_epoch(until);
  into.now.first = given.has("since") ? days_since_epoch(*given.day("since"))
                                      : std::min(first_day_of(from).value_or(into.now.last), into.now.last);
  const auto first = date_from_days(into.now.first);
  if (into.now.first > into.now.last)
    throw bad_period("since", first, "no later than until, " + to_string(until));
  const auto which = given.choice<compared_period>("compare", compared_period_names);
  if (given.has("compare_since") != given.has("compare_until"))
    throw error(status::option, std::string(sales_composition_name) +
                                    ": options compare_since and compare_until are needed together");
  if (given.has("compare_since")) {
    if (which != compared_period::none)
      throw error(status::option, std::string(sales_composition_name) + ": option compare is " +
                                      std::string(given.text("compare")) +
                                      ", but must be none with compare_since and compare_until");
    const date last = *given.day("compare_until");
    into.before = day_range{days_since_epoch(*given.day("compare_since")), days_since_epoch(last)};
    if (into.before->first > into.before->last)
      throw bad_period("compare_since", date_from_days(into.before->first),
                       "no later than compare_until, " + to_string(last));
  } else if (which != compared_period::none) {
    if (!given.has("since"))
      throw error(status::option, std::string(sales_composition_name) + ": option compare=" +
                                      std::string(given.text("compare")) + " needs option since");
    if (which == compared_period::year_ago)
      into.before = year_before(into.now);
    else
      into.before = period_before(into.now);
    if (into.before->first < emptor::first_day)
      throw bad_period("since", first, "late enough for an earlier period");
  }
  if (into.before && into.before->last >= into.now.first)
    throw bad_period(given.has("compare_until") ? "compare_until" : "compare",
                     date_from_days(into.before->last), "before since, " + to_string(first));
}

/// The stock of the groups in both periods.
/// \throws error status::mismatch where it is in another currency
[[nodiscard]] inline std::array<std::map<std::string, mean_stock, std::less<>>, 2>
read_stock(const model* given, const sales_composition_options& options, emptor::currency in) {
  std::array<std::map<std::string, mean_stock, std::less<>>, 2> made;
  if (given == nullptr)
    return made;
  if (const std::string_view own = given->option_text("currency"); own != in.code())
    throw error(status::mismatch, std::string(sales_composition_name) + ": the stock is " +
                                      (own.empty() ? "in no named currency" : "in " + std::string(own)) +
                                      ", but the orders are " +
                                      (in.named() ? "in " + std::string(in.code()) : "in no named currency"));
  const model_table rows(sales_composition_name, given, "stock");
  for (std::int64_t row = 0; row < rows.rows(); ++row) {
    const std::optional<std::int32_t> day = rows.day("date", row);
    for (std::size_t period = 0; period < 2; ++period) {
      if (period == 1 && !options.before)
        continue;
      const day_range& span = period == 0 ? options.now : *options.before;
      if (day && (*day < span.first - 1 || *day > span.last))
        continue;
      mean_stock& of = made[period][std::string(rows.text("group", row).value_or(""))];
      of.sum += rows.amount("stock", row).value_or(0);
      ++of.count;
      of.decimals = given->find("stock")->at("stock").decimals();
    }
  }
  return made;
}

/// The tables of a composition.
class composition_writer {
public:
  composition_writer(const sales_composition_report& report, const sales_composition_options& options)
      : report_(report)
      , options_(options)
      , code_(report.currency.code())
      , scale_(static_cast<double>(power_of_ten(report.decimals))) {}

  [[nodiscard]] table composition() const {
    optional_texts names;
    measures held;
    for (std::size_t period = 0; period < periods(); ++period) {
      for (const sales_group& one : report_.groups) {
        names.push_back(name_of(one));
        add(held, one, period);
      }
    }
    table made("composition");
    made.add(std::move(names).as("group"));
    made.add(column::codes("period", std::move(held.period), composed_periods));
    made.add(money("amount", std::move(held.amount)));
    made.add(number("share", std::move(held.share), "share"));
    made.add(money("margin", std::move(held.margin)).or_none());
    made.add(number("margin_share", std::move(held.margin_share), "share"));
    made.add(number("margin_rate", std::move(held.margin_rate), "share"));
    made.add(money("amount_without_margin", std::move(held.without_margin)));
    made.add(number("quantity", std::move(held.quantity), {}));
    made.add(column::integers("orders_placed", std::move(held.orders_placed), "orders"));
    made.add(column::integers("buyers", std::move(held.buyers)));
    made.add(column::integers("lines", std::move(held.lines)));
    put_turnover(made, held);
    return made;
  }

  [[nodiscard]] table changes() const {
    optional_texts names;
    std::vector<std::int32_t> states;
    std::vector<std::int64_t> money_of[4];
    std::vector<double> numbers[6];
    static_cast<void>(fitting(report_.total.periods[0].amount()));
    const wide_integer whole_before = fitting(report_.total.periods[1].amount());
    for (const sales_group& one : report_.groups) {
      if (!options_.before)
        break;
      const sales_sum& now = one.periods[0];
      const sales_sum& before = one.periods[1];
      names.push_back(name_of(one));
      const auto state = now.lines > 0 && before.lines > 0 ? group_change::continued
                         : now.lines > 0                   ? group_change::added
                         : before.lines > 0                ? group_change::gone
                                                           : group_change::none;
      states.push_back(static_cast<std::int32_t>(state));
      const wide_integer change = now.amount() - before.amount();
      money_of[0].push_back(fitting(now.amount()));
      money_of[1].push_back(fitting(before.amount()));
      money_of[2].push_back(fitting(change));
      const bool margins = (now.has_margin() || now.lines == 0) && (before.has_margin() || before.lines == 0);
      money_of[3].push_back(margins && now.lines + before.lines > 0 ? fitting(now.margin - before.margin)
                                                                    : no_amount);
      numbers[0].push_back(whole_ratio(change, before.amount()));
      numbers[1].push_back(
          rise(now.amount(), report_.total.periods[0].amount(), before.amount(), whole_before));
      numbers[2].push_back(whole_ratio(change, whole_before));
      const bool rated = now.has_margin() && before.has_margin();
      numbers[3].push_back(rated ? rise(fitting(now.margin), fitting(now.amount_with_margin),
                                        fitting(before.margin), fitting(before.amount_with_margin))
                                 : none);
      const bool quantities = (now.lines_with_quantity > 0 || now.lines == 0) &&
                              (before.lines_with_quantity > 0 || before.lines == 0) &&
                              now.lines + before.lines > 0;
      numbers[4].push_back(
          quantities ? math::value_of(math::real(now.quantity.value()) - before.quantity.value()) : none);
      numbers[5].push_back(rise(cross_ratio(one, 0), cross_ratio(one, 1)));
    }
    table made("changes");
    made.add(std::move(names).as("group"));
    made.add(column::codes("state", std::move(states), group_changes));
    made.add(money("amount", std::move(money_of[0])));
    made.add(money("amount_before", std::move(money_of[1])));
    made.add(money("change", std::move(money_of[2])));
    made.add(number("growth", std::move(numbers[0]), "share"));
    made.add(number("share_change", std::move(numbers[1]), "share"));
    made.add(number("contribution", std::move(numbers[2]), "share"));
    made.add(money("margin_change", std::move(money_of[3])).or_none());
    made.add(number("margin_rate_change", std::move(numbers[3]), "share"));
    made.add(number("quantity_change", std::move(numbers[4]), {}));
    made.add(number("cross_ratio_change", std::move(numbers[5]), "share"));
    return made;
  }

  [[nodiscard]] table totals() const {
    measures held;
    std::vector<std::int32_t> first;
    std::vector<std::int32_t> last;
    std::vector<std::int64_t> days;
    std::vector<std::int64_t> groups;
    std::vector<std::int64_t> orders_amount;
    std::vector<std::int64_t> credit_notes;
    std::vector<double> growth;
    const sales_group& all = report_.total;
    for (std::size_t period = 0; period < periods(); ++period) {
      const day_range& span = span_of(period);
      first.push_back(span.first);
      last.push_back(span.last);
      days.push_back(span.days());
      groups.push_back(std::count_if(report_.groups.begin(), report_.groups.end(),
                                     [&](const sales_group& one) { return one.periods[period].lines > 0; }));
      orders_amount.push_back(fitting(all.periods[period].orders_amount));
      credit_notes.push_back(fitting(all.periods[period].credit_notes));
      growth.push_back(
          period == 0 && options_.before
              ? whole_ratio(all.periods[0].amount() - all.periods[1].amount(), all.periods[1].amount())
              : none);
      add(held, all, period);
    }
    table made("totals");
    made.add(column::codes("period", std::move(held.period), composed_periods));
    made.add(column::days("from", std::move(first)));
    made.add(column::days("until", std::move(last)));
    made.add(column::integers("days", std::move(days), "days"));
    made.add(column::integers("groups", std::move(groups)));
    made.add(money("order_amount", std::move(orders_amount)));
    made.add(money("credit_notes", std::move(credit_notes)));
    made.add(money("amount", std::move(held.amount)));
    made.add(number("growth", std::move(growth), "share"));
    made.add(money("margin", std::move(held.margin)).or_none());
    made.add(number("margin_rate", std::move(held.margin_rate), "share"));
    made.add(money("amount_without_margin", std::move(held.without_margin)));
    made.add(number("quantity", std::move(held.quantity), {}));
    made.add(column::integers("orders_placed", std::move(held.orders_placed), "orders"));
    made.add(column::integers("buyers", std::move(held.buyers)));
    made.add(column::integers("lines", std::move(held.lines)));
    put_turnover(made, held);
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  /// The columns of measures.
  struct measures {
    std::vector<std::int32_t> period;
    std::vector<std::int64_t> amount;
    std::vector<double> share;
    std::vector<std::int64_t> margin;
    std::vector<double> margin_share;
    std::vector<double> margin_rate;
    std::vector<std::int64_t> without_margin;
    std::vector<double> quantity;
    std::vector<std::int64_t> orders_placed;
    std::vector<std::int64_t> buyers;
    std::vector<std::int64_t> lines;
    std::vector<double> stock;
    std::vector<double> turnover;
    std::vector<double> days;
    std::vector<double> cross_ratio;
  };

  [[nodiscard]] std::size_t periods() const noexcept { return options_.before ? 2 : 1; }
  [[nodiscard]] const day_range& span_of(std::size_t period) const noexcept {
    return period == 0 ? options_.now : *options_.before;
  }
  [[nodiscard]] static std::int64_t fitting(wide_integer sum) {
    return fitting_amounts(sales_composition_name)(sum, "amount", "a group");
  }
  [[nodiscard]] static double rise(double now, double before) noexcept {
    const double change = math::value_of(math::real(now) - before);
    return std::isnan(change) ? none : change + 0.0; // one zero only
  }
  /// By how much a ratio rose, from one exact difference; none unless both wholes are above 0. What does not fit 64
  /// bits is refused elsewhere.
  [[nodiscard]] static double rise(wide_integer now, wide_integer whole, wide_integer before,
                                   wide_integer whole_before) noexcept {
    return whole > 0 && whole_before > 0
               ? signed_ratio(now * whole_before - before * whole, whole * whole_before)
               : none;
  }
  [[nodiscard]] double share(const sales_group& of, std::size_t period) const noexcept {
    return whole_ratio(of.periods[period].amount(), report_.total.periods[period].amount());
  }
  [[nodiscard]] double turned(const sales_group& of, std::size_t period) const noexcept {
    return turnover(of.periods[period], of.stock[period], options_.turnover);
  }
  [[nodiscard]] double cross_ratio(const sales_group& of, std::size_t period) const noexcept {
    const double made = math::value_of(math::real(of.periods[period].margin_rate()) * turned(of, period));
    return std::isnan(made) ? none : made + 0.0;
  }
  void add(measures& into, const sales_group& of, std::size_t period) const {
    const sales_sum& sum = of.periods[period];
    into.period.push_back(static_cast<std::int32_t>(period));
    into.amount.push_back(fitting(sum.amount()));
    into.share.push_back(share(of, period));
    into.margin.push_back(sum.has_margin() ? fitting(sum.margin) : no_amount);
    into.margin_share.push_back(
        sum.has_margin() ? whole_ratio(sum.margin, report_.total.periods[period].margin) : none);
    into.margin_rate.push_back(sum.margin_rate());
    into.without_margin.push_back(fitting(sum.amount() - sum.amount_with_margin));
    into.quantity.push_back(sum.lines_with_quantity > 0 ? sum.quantity.value() + 0.0 : none);
    into.orders_placed.push_back(sum.orders_placed);
    into.buyers.push_back(sum.buyers);
    into.lines.push_back(sum.lines);
    into.stock.push_back(of.stock[period] ? math::value_of(math::real(*of.stock[period]) / scale_) : none);
    const double times = turned(of, period);
    into.turnover.push_back(times);
    into.days.push_back(
        times > 0.0 ? math::value_of(math::real(static_cast<double>(span_of(period).days())) / times) : none);
    into.cross_ratio.push_back(cross_ratio(of, period));
  }
  [[nodiscard]] static std::optional<std::string_view> name_of(const sales_group& of) {
    return of.named ? std::optional<std::string_view>(of.name) : std::nullopt;
  }
  [[nodiscard]] column money(std::string name, std::vector<std::int64_t> amounts) const {
    return column::amounts(std::move(name), std::move(amounts), report_.decimals, code_);
  }
  [[nodiscard]] static column number(std::string name, std::vector<double> values, std::string unit) {
    return column::numbers(std::move(name), std::move(values), std::move(unit)).or_none();
  }
  void put_turnover(table& into, measures& held) const {
    into.add(number("stock", std::move(held.stock), code_));
    into.add(number("turnover", std::move(held.turnover), "times"));
    into.add(number("turnover_days", std::move(held.days), "days"));
    into.add(number("cross_ratio", std::move(held.cross_ratio), "share"));
  }

  const sales_composition_report& report_;
  const sales_composition_options& options_;
  std::string code_;
  double scale_;
};

} // namespace detail

/// From a store order_history. \throws error as `compose_sales`, `detail::read_periods_of` and `detail::read_stock`
inline result finish_sales_composition(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  sales_composition_options options;
  options.by = std::string(given.text("by"));
  options.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  options.turnover = given.choice<turnover_of>("turnover", turnover_of_names);
  if (given.has("currency"))
    options.currency = currency(given.text("currency"));
  const counted_until until = read_until(given, from);
  detail::read_periods_of(given, from, until.day, options);
  const model* const stock = request.slot("stock");
  emptor::currency in;
  if (stock != nullptr)
    in = stats::counted_lines(from, options.currency, request.keys, sales_composition_name).currency();
  const sales_composition_report report =
      compose_sales(from, options, detail::read_stock(stock, options, in), request.keys, request.how);
  const detail::composition_writer writer(report, options);
  return {{writer.composition(), writer.changes(), writer.totals(), until_warnings(until)}, nullptr};
}

inline constexpr entry sales_composition_entry{.description = &sales_composition_description,
                                               .finish = finish_sales_composition};

} // namespace emptor::value
