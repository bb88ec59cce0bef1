// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/order_check.hpp>

/// What the catalogue says of the order check (order_check.hpp): its rules, inputs and outputs, and a worked example.
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
     .summary =
         "most that oldest_overdue allows, needed there; of overdue_share only what is overdue for more "
         "days than these counts, all where there are none; of review_due and limit_expired days of "
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
  older_overdue,
  older_than,
  billing_documents,
  special_liabilities,
  currency,
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
     .summary =
         "the day on which the customer's credit is to be looked at again; rules of review_due need it",
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
    {.name = "older_overdue",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "the part of overdue that is overdue for more than older_than days; rules of overdue_share with "
         "days need it",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "older_than",
     .what = content::count,
     .unit = "days",
     .summary = "what older_overdue was counted with: a rule with other days has no answer",
     .allowed = at_least_zero,
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
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code of the row's amounts; row status currency where the rules are of another one. "
                "Rules without a "
                "currency take rows of any",
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
  if (values[overdue] == values[overdue] && or_zero(older_overdue) > values[overdue])
    return {row_status::inconsistent, older_overdue, "<= overdue"};
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

} // namespace emptor::credit
