// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/currency_option.hpp>
#include <emptor/credit/grade_policy_entry.hpp>
#include <emptor/credit/limit.hpp>
#include <emptor/credit/limit_description.hpp>

/// How the catalogue scores the credit limit (limit.hpp, described in limit_description.hpp).
namespace emptor::credit {

/// What the options of `credit.limit` say.
struct limit_conventions {
  std::array<bool, limit_method_count> asked{};
  std::array<std::int64_t, limit_method_count> weights{};
  std::array<double, 3> shares{}; ///< of equity, purchases and working capital
  double sales_factor = 1.0;
  double elasticity = 1.0;
  double guarantee_share = 1.0;
  limit_combination combination = limit_combination::minimum;
  step_rounding rounding = step_rounding::down;
  std::int64_t step = 1;
  std::optional<std::int64_t> cap;
  std::int64_t floor = 0;
  std::optional<date> as_of;
  int validity_months = 0; ///< 0 = no end
};

/// \param has_grades whether the slot of the grades is filled \throws error status::option, status::unknown_name
[[nodiscard]] inline limit_conventions read_limit_conventions(const option_values& options, bool has_grades) {
  limit_conventions made;
  const std::string where(limit_name);
  const std::array<bool, limit_method_count> possible{options.has("share_of_equity"),
                                                      options.has("share_of_purchases"),
                                                      options.has("share_of_working_capital"),
                                                      true,
                                                      has_grades,
                                                      true};
  constexpr std::string_view needs[] = {"option share_of_equity",
                                        "option share_of_purchases",
                                        "option share_of_working_capital",
                                        "",
                                        "slot grades",
                                        ""};
  std::vector<std::size_t> listed;
  std::string_view rest = options.text("methods");
  for (bool more = !rest.empty(); more;) {
    const std::size_t comma = rest.find(',');
    more = comma != std::string_view::npos;
    std::string_view name = rest.substr(0, comma);
    rest.remove_prefix(more ? comma + 1 : rest.size());
    while (name.starts_with(' '))
      name.remove_prefix(1);
    while (name.ends_with(' '))
      name.remove_suffix(1);
    const auto at = std::find(std::begin(limit_methods), std::end(limit_methods), name);
    if (at == std::end(limit_methods))
      throw unknown_name(where, "method", name, {std::begin(limit_methods), std::end(limit_methods)});
    const auto which = static_cast<std::size_t>(at - std::begin(limit_methods));
    if (!possible[which])
      throw error(status::option, where + ": option methods asks for " + std::string(name) +
                                      ", which needs " + std::string(needs[which]));
    if (made.asked[which])
      throw error(status::option, where + ": option methods names " + std::string(name) + " twice");
    made.asked[which] = true;
    listed.push_back(which);
  }
  if (listed.empty())
    made.asked = possible;
  made.combination = options.choice<limit_combination>("combine", limit_combinations);
  made.weights.fill(whole_share);
  if (options.has("weights")) {
    const std::vector<double> weights = options.numbers("weights");
    if (made.combination != limit_combination::weighted)
      throw error(status::option, where + ": option weights has a meaning only where combine is weighted");
    if (weights.size() != listed.size())
      throw error(
          status::option,
          message(where, "option weights", -1, std::to_string(weights.size()) + " numbers",
                  "one for each of the option methods, which names " + std::to_string(listed.size())));
    for (std::size_t i = 0; i < weights.size(); ++i)
      made.weights[listed[i]] = std::max<std::int64_t>(decimal_share(weights[i]), 1);
  }
  made.shares = {options.number("share_of_equity"), options.number("share_of_purchases"),
                 options.number("share_of_working_capital")};
  made.sales_factor = options.number("sales_factor");
  made.elasticity = options.number("elasticity");
  made.guarantee_share = options.number("guarantee_share");
  made.rounding = options.choice<step_rounding>("rounding", step_roundings);
  const int decimals = options.currency("currency").decimals();
  const auto amount = [&](std::string_view option, std::int64_t missing) {
    std::int64_t minor = missing;
    if (const row_status read =
            options.has(option) ? minor_units_of(options.text(option), decimals, minor) : row_status::ok;
        read != row_status::ok) {
      constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
      throw error(status::option,
                  message(where, "option " + std::string(option), -1, options.text(option),
                          read == row_status::not_exact ? "a whole number of minor units, which have " +
                                                              std::to_string(decimals) + " decimals"
                                                        : "at most " + decimal_text(most, decimals)));
    }
    return minor;
  };
  if (options.has("cap"))
    made.cap = amount("cap", 0);
  made.floor = amount("floor", 0);
  made.step = amount("step", 1);
  if (!options.has("step"))
    made.rounding = step_rounding::nearest;
  if (made.cap && made.floor > *made.cap)
    throw error(status::option, message(where, "option floor", -1, options.text("floor"), "<= cap"));
  made.as_of = options.day("as_of");
  made.validity_months = static_cast<int>(options.integer("validity_months"));
  if (made.validity_months > 0 && !made.as_of)
    throw error(status::option, where + ": option validity_months needs option as_of");
  return made;
}

class limit_scorer final : public scorer {
public:
  limit_scorer(const limit_conventions& conventions, std::optional<grade_rules> grades)
      : by_(conventions)
      , grades_(std::move(grades)) {}

  [[nodiscard]] std::vector<std::string> known_texts(std::size_t input) const override {
    return grades_ && input == static_cast<std::size_t>(in::grade) ? grades_->grades()
                                                                   : std::vector<std::string>{};
  }
  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [&](const cells& at) { score_row(at); });
  }

private:
  using in = limit_input;
  using out = limit_output;
  using cells = row_cells<in, out>;
  using methods = std::array<method_limit, limit_method_count>;

  /// What rounds to `limit`: `of` x `share`, which 128 bits hold where the limit fits 64.
  [[nodiscard]] static method_limit exactly(std::int64_t limit, wide_integer of,
                                            std::int64_t share) noexcept {
    return {method_state::counts, limit, limit == no_amount ? 0 : of * share};
  }
  /// A share of a balance, which may be below 0 and then carries no credit.
  [[nodiscard]] static method_limit by_share(std::int64_t of, double share) noexcept {
    if (of == no_amount)
      return {method_state::no_input, no_amount};
    if (of <= 0)
      return {method_state::counts, 0};
    return exactly(share_of(of, share), of, decimal_share(share));
  }
  [[nodiscard]] method_limit by_days(const cells& at) const noexcept {
    const std::int64_t daily = at.amount(in::daily_sales);
    const double days = at.number(in::terms_days);
    if (daily == no_amount || std::isnan(days))
      return {method_state::no_input, no_amount};
    const auto terms = static_cast<std::int64_t>(days);
    const std::int64_t factor = decimal_share(by_.sales_factor);
    return exactly(proportion_of(daily, {terms, factor}, {whole_share}), wide_integer{daily} * terms, factor);
  }
  [[nodiscard]] method_limit by_profit(const cells& at) const noexcept {
    const risk_and_margin of{.probability_of_default = at.number(in::probability_of_default),
                             .loss_given_default = at.number(in::loss_given_default),
                             .margin = at.number(in::margin),
                             .terms_days = at.number(in::terms_days),
                             .reference_exposure = at.amount(in::reference_exposure)};
    const bool complete =
        of.reference_exposure != no_amount &&
        !std::isnan(of.probability_of_default + of.loss_given_default + of.margin + of.terms_days);
    return complete ? expected_profit_limit(of, by_.elasticity)
                    : method_limit{method_state::no_input, no_amount};
  }
  /// \return false for a grade that the table does not have
  [[nodiscard]] bool by_grade(const cells& at, method_limit& made) const noexcept {
    const std::string_view grade = at.text(in::grade);
    made = {method_state::no_input, no_amount};
    if (grade.empty())
      return true;
    const grade_rule* const rule = grades_->find(grade);
    if (rule == nullptr)
      return false;
    made = {rule->limit == no_amount ? method_state::unbounded : method_state::counts, rule->limit};
    return true;
  }

  void score_row(const cells& at) const noexcept {
    methods by;
    const auto method = [&](limit_method which) -> method_limit& {
      return by[static_cast<std::size_t>(which)];
    };
    const auto asked = [&](limit_method which) { return by_.asked[static_cast<std::size_t>(which)]; };
    if (asked(limit_method::equity))
      method(limit_method::equity) = by_share(at.amount(in::equity), by_.shares[0]);
    if (asked(limit_method::purchases))
      method(limit_method::purchases) = by_share(at.amount(in::yearly_purchases), by_.shares[1]);
    if (asked(limit_method::working_capital))
      method(limit_method::working_capital) = by_share(at.amount(in::working_capital), by_.shares[2]);
    if (asked(limit_method::days_of_sales))
      method(limit_method::days_of_sales) = by_days(at);
    if (asked(limit_method::expected_profit))
      method(limit_method::expected_profit) = by_profit(at);
    if (asked(limit_method::grade) && !by_grade(at, method(limit_method::grade))) {
      at.refuse(row_status::unknown_level);
      return;
    }
    if (std::any_of(by.begin(), by.end(), [](const method_limit& one) {
          return one.state == method_state::counts && one.limit == no_amount;
        })) {
      at.refuse(row_status::too_large);
      return;
    }
    settle(at, by);
  }

  void settle(const cells& at, const methods& by) const noexcept {
    const combined_limit combined = combine(by, by_.combination, by_.weights);
    const std::int64_t temporary = at.amount(in::temporary_limit);
    if (temporary != no_amount && !by_.as_of) {
      at.refuse(row_status::undefined); // nobody said which day it is
      return;
    }
    const double until = at.number(in::temporary_until);
    const bool in_force =
        temporary != no_amount && static_cast<double>(days_since_epoch(*by_.as_of)) <= until;
    if (combined.counted == 0 && !in_force) {
      const bool unbounded = std::any_of(
          by.begin(), by.end(), [](const method_limit& one) { return one.state == method_state::unbounded; });
      at.refuse(unbounded ? row_status::undefined : row_status::missing);
      return;
    }
    const std::int64_t guarantees = at.amount(in::guarantees);
    const std::int64_t guaranteed = guarantees == no_amount ? 0 : share_of(guarantees, by_.guarantee_share);
    // Steps are taken of what the methods give exactly: 999.996 is less than 1,000.
    wide_integer exact = guarantees == no_amount
                             ? wide_integer{0}
                             : wide_integer{guarantees} * decimal_share(by_.guarantee_share);
    if (combined.counted > 0)
      exact += combined.exact + (combined.more && by_.rounding == step_rounding::up ? 1 : 0);
    const wide_integer raised =
        to_step(exact, wide_integer{by_.step} * whole_share, by_.rounding) / whole_share;
    const limit_bound bound = by_.cap && raised > *by_.cap ? limit_bound::cap
                              : raised < by_.floor         ? limit_bound::floor
                                                           : limit_bound::none;
    const wide_integer limit = bound == limit_bound::cap     ? *by_.cap
                               : bound == limit_bound::floor ? by_.floor
                                                             : raised;
    if (limit > std::numeric_limits<std::int64_t>::max()) {
      at.refuse(row_status::too_large);
      return;
    }
    at.put_amount(out::limit, in_force ? temporary : static_cast<std::int64_t>(limit));
    at.put(out::binding_method,
           in_force ? static_cast<double>(temporary_binds) : static_cast<double>(combined.binding));
    at.put(out::bounded_by, static_cast<double>(in_force ? limit_bound::none : bound));
    at.put(out::methods_counted, combined.counted);
    at.put_amount(out::from_methods, combined.counted > 0 ? combined.limit : no_amount);
    at.put_amount(out::guaranteed, guaranteed);
    put_validity(at, in_force, until);
    for (std::size_t i = 0; i < by.size(); ++i) {
      const auto place = static_cast<std::size_t>(out::limit_by_equity) + 2 * i;
      at.put_amount(static_cast<out>(place), by[i].state == method_state::counts ? by[i].limit : no_amount);
      at.put(static_cast<out>(place + 1), static_cast<double>(by[i].state));
    }
  }

  void put_validity(const cells& at, bool in_force, double until) const noexcept {
    double last = in_force ? until : std::numeric_limits<double>::quiet_NaN();
    if (!in_force && by_.validity_months > 0) {
      const std::int32_t day = days_since_epoch(add_months(*by_.as_of, by_.validity_months));
      if (is_admissible_day(day))
        last = static_cast<double>(day);
      else
        at.status() = row_status::too_large;
    }
    at.put(out::valid_until, last);
  }

  limit_conventions by_;
  std::optional<grade_rules> grades_;
};

inline constexpr entry limit_entry{
    .description = &limit_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      std::optional<grade_rules> grades;
      for (const filled_slot& filled : request.slots) {
        detail::check_same_currency(limit_name, *filled.model, request.options.text("currency"));
        grades = read_grade_rules(*filled.model);
      }
      const limit_conventions conventions = read_limit_conventions(request.options, grades.has_value());
      return std::make_unique<limit_scorer>(conventions, std::move(grades));
    },
};

} // namespace emptor::credit
