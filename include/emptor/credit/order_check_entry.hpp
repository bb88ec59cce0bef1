// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/credit/order_check.hpp>

/// How the catalogue knows the order check (order_check.hpp): its model is the set of rules, and without one nothing is
/// checked and nothing passes. What the customer owes and will owe comes from `credit.exposure`, whose columns have the names
/// of the inputs.
namespace emptor::credit {

inline constexpr std::string_view order_check_name = "credit.order_check";

inline constexpr column_description order_check_rule_columns[] = {
    {.name = "rule", .what = content::text, .summary = "its name, by which reasons call it; unique"},
    {.name = "check",
     .what = content::code,
     .summary =
         "exposure: open items, deliveries, orders and the other classes with this document, less what is "
         "secured, against the limit (静态或动态信用检查); document_value; oldest_overdue: days overdue of "
         "the oldest open item; "
         "overdue_share of "
         "the open items; overdue_amount; dunning_level; terms_changed in the document; review_due; "
         "limit_expired; "
         "blocked; always: every document of the grade and class",
     .levels = order_rules},
    {.name = "outcome",
     .what = content::code,
     .summary = "of a broken rule: warn, hold (until somebody approves) or refuse (what nothing lifts). "
                "release: where this "
                "rule is kept, no warning or hold of others counts",
     .levels = order_outcomes},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "most that document_value and overdue_amount allow, needed there; of exposure what is "
                "tolerated above the limit, 0 where "
                "there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "share",
     .unit = "share",
     .summary = "of overdue_share the most that is allowed, needed there; of exposure the share of the limit "
                "that may be used, 1 where there "
                "is none; a whole number of millionths",
     .allowed = {0.0, 1000.0},
     .optional = true},
    {.name = "days",
     .what = content::count,
     .unit = "days",
     .summary = "most that oldest_overdue allows, needed there; of review_due and limit_expired days of "
                "grace, 0 where there are none",
     .allowed = {0.0, 3652424.0},
     .optional = true},
    {.name = "level",
     .what = content::count,
     .summary = "highest level that dunning_level allows, needed there",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "own_limit",
     .what = content::amount,
     .unit = "currency",
     .summary = "of exposure: a limit in place of the customer's, such as one for orders alone",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "count_open_items",
     .what = content::boolean,
     .summary = "of exposure: whether it counts this class; true where there is none",
     .optional = true},
    {.name = "count_deliveries", .what = content::boolean, .summary = "the same", .optional = true},
    {.name = "count_orders", .what = content::boolean, .summary = "the same", .optional = true},
    {.name = "within_horizon",
     .what = content::boolean,
     .summary = "of exposure: whether orders beyond the horizon are left out (dynamic check); false where "
                "there is none",
     .optional = true},
    {.name = "deduct_secured",
     .what = content::boolean,
     .summary = "of exposure: whether what is secured is taken off; true where there is none",
     .optional = true},
    {.name = "grade", .what = content::text, .summary = "only customers of this grade", .optional = true},
    {.name = "document_class",
     .what = content::code,
     .summary = "only documents of this class",
     .optional = true,
     .levels = exposure_classes},
    {.name = "count_billing_documents", .what = content::boolean, .summary = "the same", .optional = true},
    {.name = "count_special_liabilities", .what = content::boolean, .summary = "the same", .optional = true},
};
inline constexpr table_description order_check_model_tables[] = {
    {.name = "rules", .summary = "one row a rule; at least one", .columns = order_check_rule_columns}};
inline constexpr option_description order_check_model_options[] = {
    {.name = "currency",
     .what = option_content::currency,
     .summary = "of all amounts, those of the rows too; without it an unnamed one of two decimals"}};

/// Places of the inputs.
namespace order_check_input {
enum place : std::size_t {
  amount,
  counted,
  document_class,
  in_horizon,
  open_items,
  deliveries,
  orders,
  orders_in_horizon,
  secured,
  limit,
  limit_until,
  review_on,
  grade,
  oldest_overdue,
  overdue,
  dunning_level,
  terms_changed,
  blocked,
  approved_amount,
  approved_until,
  billing_documents,
  special_liabilities,
  count
};
} // namespace order_check_input

inline constexpr column_description order_check_inputs[] = {
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the document",
     .allowed = at_least_zero},
    {.name = "counted",
     .what = content::amount,
     .unit = "currency",
     .summary = "the part of this document that its class below counts already; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "document_class",
     .what = content::code,
     .summary = "what the document is, and where it counts once it is posted; orders where there is none",
     .optional = true,
     .levels = exposure_classes},
    {.name = "in_horizon",
     .what = content::boolean,
     .summary = "whether an order falls within the horizon of dynamic checks; true where there is none",
     .optional = true},
    {.name = "open_items",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "balance of the customer's open items (应收账款余额); below 0 where it is owed to the customer. "
         "credit.exposure gives this and all other classes"},
    {.name = "deliveries",
     .what = content::amount,
     .unit = "currency",
     .summary = "delivered and not invoiced; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "orders",
     .what = content::amount,
     .unit = "currency",
     .summary = "ordered and not delivered; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "orders_in_horizon",
     .what = content::amount,
     .unit = "currency",
     .summary = "the part of orders within the horizon; rules that look within it need it",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "secured",
     .what = content::amount,
     .unit = "currency",
     .summary = "covered by guarantees, deposits, insurance; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "limit",
     .what = content::amount,
     .unit = "currency",
     .summary = "the customer's credit limit (信用额度); where there is none, none is granted: 0",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "limit_until",
     .what = content::day,
     .summary = "the last day on which the limit holds; it does not expire where there is none",
     .optional = true},
    {.name = "review_on",
     .what = content::day,
     .summary = "the day on which the customer's credit is to be looked at again",
     .optional = true},
    {.name = "grade",
     .what = content::text,
     .summary = "the customer's credit grade (信用等级)",
     .optional = true},
    {.name = "oldest_overdue",
     .what = content::count,
     .unit = "days",
     .summary = "how long the oldest open item is overdue; 0 where nothing is",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "open items that are overdue",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "dunning_level",
     .what = content::count,
     .summary = "the highest that an open item has reached",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "terms_changed",
     .what = content::boolean,
     .summary = "whether the document has other terms of payment than the customer",
     .optional = true},
    {.name = "blocked",
     .what = content::boolean,
     .summary = "whether somebody has blocked the customer",
     .optional = true},
    {.name = "approved_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "up to which somebody has approved this document in spite of warnings and holds",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "approved_until",
     .what = content::day,
     .summary = "the last day of the approval; it does not expire where there is none",
     .optional = true},
    {.name = "billing_documents",
     .what = content::amount,
     .unit = "currency",
     .summary = "invoiced and not posted; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "special_liabilities",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "bills of exchange that run, and other liabilities that are no open items; 0 where there are none",
     .allowed = at_least_zero,
     .optional = true},
};
static_assert(std::size(order_check_inputs) == order_check_input::count);

[[nodiscard]] constexpr row_fault order_check_row_rule(std::span<const double> values) noexcept {
  using namespace order_check_input;
  const auto or_zero = [&](std::size_t place) {
    return values[place] == values[place] ? values[place] : 0.0;
  };
  const by_exposure_class<std::size_t> own{open_items, deliveries, orders, billing_documents,
                                           special_liabilities};
  const auto of_class = values[document_class] == values[document_class]
                            ? static_cast<std::size_t>(values[document_class])
                            : place_of(exposure_class::orders);
  if (of_class != 0 && or_zero(counted) > or_zero(own[of_class]))
    return {row_status::inconsistent, counted, "at most what its class counts"};
  if (or_zero(orders_in_horizon) > or_zero(orders))
    return {row_status::inconsistent, orders_in_horizon, "<= orders"};
  return {};
}

inline constexpr option_description order_check_options[] = {
    {.name = "as_of", .what = option_content::day, .summary = "the day of the check", .required = true}};

inline constexpr column_description order_check_outputs[] = {
    {.name = "decision",
     .what = content::code,
     .summary = "pass, warn, hold or refuse: the gravest outcome of a broken rule that nothing has lifted; "
                "null where a rule asks for what the row does not have, or no rule but releases is for its "
                "grade and class",
     .levels = order_decisions},
    {.name = "reason",
     .what = content::code,
     .summary = "name of the gravest broken rule, lifted or not; none where none is"},
    {.name = "second_reason", .what = content::code, .summary = "of the next one"},
    {.name = "third_reason", .what = content::code, .summary = "of the one after that"},
    {.name = "broken_rules",
     .what = content::count,
     .summary = "how many are broken, lifted or not",
     .allowed = at_least_zero},
    {.name = "released_by",
     .what = content::code,
     .summary =
         "what has lifted warnings and holds: none, approval, or the name of a rule of outcome release"},
    {.name = "exposure",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "open items, deliveries, all orders, billing documents, special liabilities and the document, each "
         "once, less what is secured (信用敞口)"},
    {.name = "available",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the limit leaves with the document posted; below 0 where it is passed"},
};

// A limit of 10,000.00 may be used to 90 % before a warning. 3,500.00 are owed: an order of 6,000.00 brings 95 %, which
// warns; posted, of the 6,000.00 all are counted, and the answer is the same. 7,000.00 hold. The 600.00 of the third are
// below the small order that rules let pass, the fourth is approved, and not beyond its day. The last is 61 days overdue.
inline constexpr example_table order_check_example_rules[] = {{"rules",
                                                               "rule,check,outcome,amount,share,days\n"
                                                               "limit,exposure,hold,,,\n"
                                                               "watch,exposure,warn,,0.9,\n"
                                                               "overdue,oldest_overdue,refuse,,,60\n"
                                                               "small,document_value,release,1000.00,,\n"}};
inline constexpr example_table order_check_example_rows[] = {
    {"rows", "amount,counted,open_items,orders,limit,oldest_overdue,approved_amount,approved_until\n"
             "6000.00,0.00,3500.00,0.00,10000.00,0,,\n"
             "6000.00,6000.00,3500.00,6000.00,10000.00,0,,\n"
             "7000.00,0.00,3500.00,0.00,10000.00,0,,\n"
             "600.00,0.00,9800.00,0.00,10000.00,0,,\n"
             "7000.00,0.00,3500.00,0.00,10000.00,0,7000.00,2026-03-31\n"
             "7000.00,0.00,3500.00,0.00,10000.00,0,7000.00,2026-02-28\n"
             "10.00,0.00,100.00,0.00,10000.00,61,,\n"}};
inline constexpr example_option order_check_example_options[] = {{"as_of", "2026-03-02"}};
inline constexpr example_table order_check_example_expected[] = {
    {"scores", "decision,reason,second_reason,broken_rules,released_by,exposure,available\n"
               "warn,watch,none,1,none,9500.00,500.00\n"
               "warn,watch,none,1,none,9500.00,500.00\n"
               "hold,limit,watch,2,none,10500.00,-500.00\n"
               "pass,limit,watch,2,small,10400.00,-400.00\n"
               "pass,limit,watch,2,approval,10500.00,-500.00\n"
               "hold,limit,watch,2,none,10500.00,-500.00\n"
               "refuse,overdue,none,1,none,110.00,9890.00\n"}};
inline constexpr example order_check_examples[] = {
    {.what = verb::score,
     .summary =
         "a limit with a warning at 90 %, before and after posting; a small order, an approval, an old debt",
     .source = "made for this page, to be checked by hand",
     .tables = order_check_example_rows,
     .model_tables = order_check_example_rules,
     .options = order_check_example_options,
     .expected = order_check_example_expected}};

inline constexpr entry_description order_check_description{
    .name = order_check_name,
    .what = verb::score,
    .summary = "order check: whether a document may go out on credit, by a set of rules that is data",
    .source = "the automatic credit control of SAP (static, dynamic, document value, oldest open item, "
              "overdue share, dunning "
              "level, changed terms, review) and the blocking and exclusion rules of Dynamics 365, in our "
              "own words",
    .chinese = "信用检查",
    .since = "0.1",
    .model_tables = order_check_model_tables,
    .model_options = order_check_model_options,
    .score = {.inputs = order_check_inputs,
              .options = order_check_options,
              .outputs = order_check_outputs,
              .rule = order_check_row_rule},
    .examples = order_check_examples,
    .no_demo = "the company of the demo has no orders that wait for a decision",
};

/// The rules of a model. They borrow its texts. \throws error status::data that names the rule
[[nodiscard]] inline std::vector<order_check_rule> order_check_rules(const emptor::model& from) {
  const table& held = *from.find("rules");
  const text_buffer& names = held.at("rule").text();
  std::vector<order_check_rule> rules;
  if (held.rows() == 0)
    throw error(status::too_few, std::string(order_check_name) +
                                     ": table rules has no rule, so that nothing could be checked");
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const auto refuse = [&](std::string_view column, std::string_view is, std::string_view must_be) {
      throw error(status::data, message(order_check_name, column, row, is, must_be), row);
    };
    if (names[row] == "none" || names[row] == "approval")
      refuse("rule", names[row], "another name: that one is taken");
    for (std::int64_t other = 0; other < row; ++other) {
      if (names[other] == names[row])
        refuse("rule", shortened(names[row]), "another name than that of row " + std::to_string(other));
    }
    order_check_rule rule;
    rule.check = static_cast<order_rule>(held.at("check").as<std::int32_t>()[at]);
    rule.outcome = static_cast<order_outcome>(held.at("outcome").as<std::int32_t>()[at]);
    /// Whether the rule has a value there; refuses one that its check does not look at, and misses one that it needs.
    const auto has = [&](std::string_view name, std::initializer_list<order_rule> takes,
                         std::initializer_list<order_rule> needs = {}) {
      const column* of = held.find(name);
      const bool there = of != nullptr && of->is_valid(row);
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
      return has(name, {order_rule::exposure}) ? held.at(name).as<std::uint8_t>()[at] != 0 : otherwise;
    };
    if (has("amount", {order_rule::exposure}, {order_rule::document_value, order_rule::overdue_amount}))
      rule.amount = held.at("amount").as<std::int64_t>()[at];
    if (has("share", {order_rule::exposure}, {order_rule::overdue_share})) {
      const double share = held.at("share").as<double>()[at];
      const double millionths = std::nearbyint(share * 1e6);
      if (millionths / 1e6 != share)
        refuse("share", to_text(share), "a whole number of millionths");
      rule.share = static_cast<std::int64_t>(millionths);
    }
    if (has("days", {order_rule::review_due, order_rule::limit_expired}, {order_rule::oldest_overdue}))
      rule.days = held.at("days").as<std::int64_t>()[at];
    if (has("level", {}, {order_rule::dunning_level}))
      rule.level = held.at("level").as<std::int64_t>()[at];
    if (has("own_limit", {order_rule::exposure}))
      rule.own_limit = held.at("own_limit").as<std::int64_t>()[at];
    for (std::size_t i = 0; i < rule.counts.size(); ++i)
      rule.counts[i] = truth("count_" + std::string(exposure_classes[i]), true);
    rule.within_horizon = truth("within_horizon", false);
    rule.deduct_secured = truth("deduct_secured", true);
    if (const column* grade = held.find("grade"); grade != nullptr && grade->is_valid(row))
      rule.grade = grade->text()[row];
    if (const column* of = held.find("document_class"); of != nullptr && of->is_valid(row))
      rule.document_class = static_cast<exposure_class>(of->as<std::int32_t>()[at]);
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
      , today_(days_since_epoch(as_of)) {}

  void score(const score_block& block) const noexcept override {
    for (std::int64_t row = 0; row < block.rows; ++row) {
      if (block.status[row] == row_status::ok)
        score_row(block, row);
    }
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
