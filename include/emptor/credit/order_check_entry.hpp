// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/order_check.hpp>
#include <emptor/credit/order_check_description.hpp>

/// How the catalogue knows the order check (order_check.hpp): its model is the set of rules, and without one nothing is
/// checked and nothing passes. What the customer owes and will owe comes from `credit.exposure`, whose columns have the names
/// of the inputs.
namespace emptor::credit {

/// The rules of a model. They borrow its texts. \throws error status::data that names the rule
[[nodiscard]] inline std::vector<order_check_rule> order_check_rules(const emptor::model& from) {
  const model_table held(order_check_name, &from, "rules");
  const text_buffer& names = from.find("rules")->at("rule").text();
  std::vector<order_check_rule> rules;
  if (held.rows() == 0)
    throw error(status::too_few, std::string(order_check_name) +
                                     ": table rules has no rule, so that nothing could be checked");
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const auto refuse = [&](std::string_view column, std::string_view is, std::string_view must_be) {
      held.refuse(column, row, std::string(is), must_be);
    };
    if (names[row] == "none" || names[row] == "approval")
      refuse("rule", names[row], "another name: that one is taken");
    for (std::int64_t other = 0; other < row; ++other) {
      if (names[other] == names[row])
        refuse("rule", names[row], "another name than that of row " + std::to_string(other));
    }
    order_check_rule rule;
    rule.check = static_cast<order_rule>(held.code("check", row).value());
    rule.outcome = static_cast<order_outcome>(held.code("outcome", row).value());
    /// Whether the rule has a value there; refuses one that its check does not look at, and misses one that it needs.
    const auto has = [&](std::string_view name, std::initializer_list<order_rule> takes,
                         std::initializer_list<order_rule> needs = {}) {
      const bool there = held.has(name, row);
      const auto in = [&](std::initializer_list<order_rule> list) {
        return std::find(list.begin(), list.end(), rule.check) != list.end();
      };
      const std::string_view check = order_rules[static_cast<std::size_t>(rule.check)];
      if (there && !in(takes) && !in(needs))
        refuse(name, "given", "left out: " + std::string(check) + " does not look at it");
      if (!there && in(needs))
        refuse(name, "missing", "there: " + std::string(check) + " needs it");
      return there;
    };
    const auto truth = [&](std::string_view name, bool otherwise) {
      return has(name, {order_rule::exposure}) ? *held.truth(name, row) : otherwise;
    };
    if (has("amount", {order_rule::exposure}, {order_rule::document_value, order_rule::overdue_amount}))
      rule.amount = *held.amount("amount", row);
    if (has("share", {order_rule::exposure}, {order_rule::overdue_share})) {
      const double share = *held.number("share", row);
      const auto millionths = millionths_of(share);
      if (!millionths)
        refuse("share", to_text(share), "a whole number of millionths");
      rule.share = *millionths;
    }
    if (has("days", {order_rule::overdue_share, order_rule::review_due, order_rule::limit_expired},
            {order_rule::oldest_overdue}))
      rule.days = *held.count("days", row);
    if (has("level", {}, {order_rule::dunning_level}))
      rule.level = *held.count("level", row);
    if (has("own_limit", {order_rule::exposure}))
      rule.own_limit = *held.amount("own_limit", row);
    for (std::size_t i = 0; i < rule.counts.size(); ++i)
      rule.counts[i] = truth("count_" + std::string(exposure_classes[i]), true);
    rule.within_horizon = truth("within_horizon", false);
    rule.deduct_secured = truth("deduct_secured", true);
    rule.grade = held.text("grade", row).value_or("");
    if (const auto of = held.code("document_class", row))
      rule.document_class = static_cast<exposure_class>(*of);
    rules.push_back(rule);
  }
  return rules;
}

class order_check_scorer final : public scorer {
public:
  /// \param from  must live as long as this
  order_check_scorer(const emptor::model& from, date as_of)
      : names_(from.find("rules")->at("rule").text())
      , rules_(order_check_rules(from))
      , currency_(from.option_text("currency"))
      , today_(days_since_epoch(as_of)) {}

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<std::size_t, std::size_t>(block, [&](const row_cells<std::size_t, std::size_t>& at) {
      const std::string_view of = at.text(order_check_input::currency);
      if (!currency_.empty() && !of.empty() && of != currency_)
        at.refuse(row_status::currency);
      else
        score_row(block, at.row);
    });
  }
  [[nodiscard]] std::vector<std::string> known_texts(std::size_t input) const override {
    return input == order_check_input::currency && !currency_.empty() ? std::vector{currency_}
                                                                      : std::vector<std::string>{};
  }

  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    const std::string_view name = order_check_outputs[output].name;
    std::vector<std::string> all{"none"};
    if (name == "released_by")
      all.emplace_back("approval");
    else if (!name.ends_with("reason"))
      return {};
    for (std::int64_t rule = 0; rule < names_.size(); ++rule)
      all.emplace_back(names_[rule]);
    return all;
  }

private:
  void score_row(const score_block& block, std::int64_t row) const noexcept {
    using namespace order_check_input;
    const auto number = [&](std::size_t place) {
      const double* const values = block.inputs[place].number;
      return values == nullptr ? std::numeric_limits<double>::quiet_NaN() : values[row];
    };
    const auto money = [&](std::size_t place, std::int64_t otherwise) {
      const std::int64_t* const values = block.inputs[place].amount;
      return values == nullptr || values[row] == no_amount ? otherwise : values[row];
    };
    const auto day = [&](std::size_t place) {
      const double value = number(place);
      return std::isnan(value) ? order_position::no_day : static_cast<std::int32_t>(value);
    };
    const auto count = [&](std::size_t place) {
      const double value = number(place);
      return std::isnan(value) ? no_amount : static_cast<std::int64_t>(value);
    };
    const auto truth = [&](std::size_t place) -> std::optional<bool> {
      const double value = number(place);
      return std::isnan(value) ? std::nullopt : std::optional(value != 0.0);
    };
    order_position of;
    of.amount = money(amount, 0);
    of.counted = money(counted, 0);
    if (const double code = number(document_class); !std::isnan(code))
      of.document_class = static_cast<exposure_class>(code);
    of.in_horizon = truth(in_horizon).value_or(true);
    of.owed = {money(open_items, 0), money(deliveries, 0), money(orders, 0), money(billing_documents, 0),
               money(special_liabilities, 0)};
    of.orders_in_horizon = money(orders_in_horizon, no_amount);
    of.secured = money(secured, 0);
    of.limit = money(limit, 0);
    of.limit_until = day(limit_until);
    of.review_on = day(review_on);
    if (const std::string_view* const grades = block.inputs[grade].text; grades != nullptr)
      of.grade = grades[row];
    of.oldest_overdue = count(oldest_overdue);
    of.overdue = money(overdue, no_amount);
    of.dunning_level = count(order_check_input::dunning_level);
    of.terms_changed = truth(terms_changed);
    of.blocked = truth(blocked);
    of.approved_amount = money(approved_amount, no_amount);
    of.approved_until = day(approved_until);
    of.older_overdue = money(older_overdue, no_amount);
    of.older_than = count(older_than);

    const order_verdict verdict = check_order(rules_, of, today_);
    const bool decided = verdict.unknown == 0 && verdict.asked > 0;
    if (!decided)
      block.status[row] = row_status::missing;
    const auto give = [&](std::size_t output, std::int32_t value) {
      if (block.outputs[output].number != nullptr)
        block.outputs[output].number[row] = decided ? value : std::numeric_limits<double>::quiet_NaN();
    };
    give(0, static_cast<std::int32_t>(verdict.decision));
    for (std::size_t i = 0; i < verdict.reasons.size(); ++i)
      give(1 + i, verdict.reasons[i]);
    give(4, verdict.broken);
    give(5, verdict.released_by == order_verdict::by_approval ? 1
            : verdict.released_by == 0                        ? 0
                                                              : verdict.released_by + 1);
    const wide_integer exposure = *exposure_with(order_check_rule{}, of);
    give_money(block, 6, row, exposure);
    give_money(block, 7, row, of.limit - exposure);
  }
  static void give_money(const score_block& block, std::size_t output, std::int64_t row,
                         wide_integer value) noexcept {
    if (block.outputs[output].amount == nullptr)
      return;
    constexpr auto most = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
    const bool fits = value <= most && value >= -most;
    block.outputs[output].amount[row] = fits ? static_cast<std::int64_t>(value) : no_amount;
    if (!fits && block.status[row] == row_status::ok)
      block.status[row] = row_status::too_large;
  }

  text_buffer names_;
  std::vector<order_check_rule> rules_;
  std::string currency_; ///< empty = of any
  std::int32_t today_;
};

inline constexpr entry order_check_entry{
    .description = &order_check_description,
    .check_model = [](const emptor::model& made) { (void)order_check_rules(made); },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      return std::make_unique<order_check_scorer>(*request.self, *request.options.day("as_of"));
    },
};

} // namespace emptor::credit
