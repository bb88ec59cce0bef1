// SPDX-License-Identifier: BSL-1.0
#include <array>

#include <emptor/stats/ledger_description.hpp>

#include "tables.hpp"
#include "truth.hpp"

namespace emptor::tool::demo {

namespace {

constexpr std::string_view customer_types[] = {"consumer", "business"};
constexpr column_description key{.name = "customer", .what = content::id, .summary = "his number"};

constexpr column_description customer_columns[] = {
    key,
    {.name = "type",
     .what = content::code,
     .summary = "a business buys on account",
     .levels = customer_types},
    {.name = "since", .what = content::day, .summary = "day of the first order"},
    {.name = "region", .what = content::text, .summary = "north, east, south or west"},
    {.name = "industry", .what = content::text, .summary = "of a business", .optional = true},
    {.name = "terms",
     .what = content::count,
     .unit = "days",
     .summary = "to pay, of a business",
     .optional = true},
};
constexpr column_description product_columns[] = {
    {.name = "product", .what = content::id, .summary = "its number"},
    {.name = "name", .what = content::text, .summary = "what it is"},
    {.name = "category", .what = content::text, .summary = "group of products"},
    {.name = "price", .what = content::amount, .unit = "EUR", .summary = "on the list, a piece"},
    {.name = "margin", .unit = "share", .summary = "of the amount that is left after direct costs"},
};
constexpr column_description order_columns[] = {
    key,
    {.name = "date", .what = content::day, .summary = "of the order, credit note or cancellation"},
    {.name = "amount",
     .what = content::amount,
     .unit = "EUR",
     .summary = "of the line; negative on a credit note, none on a cancellation",
     .optional = true},
    {.name = "document",
     .what = content::id,
     .summary = "O order, R credit note for returned goods, C cancellation"},
    {.name = "line", .what = content::id, .summary = "of the document"},
    {.name = "revision",
     .what = content::count,
     .summary = "the highest one replaces all lines of the lower ones"},
    {.name = "cancels",
     .what = content::id,
     .summary = "the order that is credited or cancelled",
     .optional = true},
    {.name = "currency", .what = content::text, .summary = "EUR"},
    {.name = "quantity",
     .what = content::count,
     .unit = "pieces",
     .summary = "of the product",
     .optional = true},
    {.name = "product", .what = content::id, .summary = "of the table products", .optional = true},
    {.name = "margin",
     .what = content::amount,
     .unit = "EUR",
     .summary = "what the line leaves after direct costs",
     .optional = true},
    {.name = "channel", .what = content::text, .summary = "web, phone or field", .optional = true},
};
constexpr column_description item_columns[] = {
    {.name = "document",
     .what = content::id,
     .summary =
         "I invoice (with the number of its order), N credit note, P payment, B refund, W write-off, D cash "
         "discount"},
    key,
    {.name = "kind",
     .what = content::code,
     .summary = "side of the amount, as the store ledger has it",
     .levels = stats::document_kinds},
    {.name = "amount", .what = content::amount, .unit = "EUR", .summary = "never negative"},
    {.name = "currency", .what = content::text, .summary = "EUR"},
    {.name = "document_date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "due_date", .what = content::day, .summary = "of an invoice", .optional = true},
    {.name = "discount_until",
     .what = content::day,
     .summary = "the last day on which a cash discount may be taken",
     .optional = true},
    {.name = "discount_amount",
     .what = content::amount,
     .unit = "EUR",
     .summary = "the cash discount",
     .optional = true},
    {.name = "reason",
     .what = content::code,
     .summary = "why it is there",
     .levels = credit::document_reasons},
};
constexpr column_description settlement_columns[] = {
    {.name = "settlement", .what = content::id, .summary = "its number"},
    {.name = "document", .what = content::id, .summary = "the invoice or refund that is settled"},
    {.name = "settling_document", .what = content::id, .summary = "the payment or credit note"},
    {.name = "date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "amount", .what = content::amount, .unit = "EUR", .summary = "negative: taken back"},
    {.name = "currency", .what = content::text, .summary = "EUR"},
};
constexpr column_description dispute_columns[] = {
    {.name = "dispute", .what = content::id, .summary = "its number"},
    {.name = "document", .what = content::id, .summary = "the invoice that it is about"},
    {.name = "opened", .what = content::day, .summary = "the day on which the customer would have paid"},
    {.name = "closed", .what = content::day, .summary = "none = it is not decided", .optional = true},
    {.name = "amount", .what = content::amount, .unit = "EUR", .summary = "how much of it is disputed"},
    {.name = "currency", .what = content::text, .summary = "EUR"},
    {.name = "outcome",
     .what = content::code,
     .summary = "how it ended",
     .optional = true,
     .levels = stats::dispute_outcomes},
};
constexpr column_description control_columns[] = {
    {.name = "currency", .what = content::text, .summary = "EUR"},
    {.name = "balance", .what = content::amount, .unit = "EUR", .summary = "of all customers today"},
};
constexpr column_description terms_columns[] = {
    {.name = "terms", .what = content::text, .summary = "their name"},
    {.name = "discount_rate", .unit = "share", .summary = "cash discount"},
    {.name = "discount_days", .what = content::count, .unit = "days", .summary = "in which it may be taken"},
    {.name = "net_days", .what = content::count, .unit = "days", .summary = "to the due date"},
};
constexpr column_description dunning_columns[] = {
    {.name = "level", .what = content::count, .summary = "1, 2, 3"},
    {.name = "days", .what = content::count, .unit = "days", .summary = "after the due date"},
    {.name = "fee", .what = content::amount, .unit = "EUR", .summary = "of the letter"},
    {.name = "minimum_amount",
     .what = content::amount,
     .unit = "EUR",
     .summary = "below which it is not sent"},
    {.name = "text", .what = content::text, .summary = "what it says"},
};
constexpr column_description interest_columns[] = {
    {.name = "from", .what = content::day, .summary = "the day from which on it holds"},
    {.name = "rate", .unit = "share a year", .summary = "of interest for late payment"},
};
constexpr column_description promotion_columns[] = {
    key,
    {.name = "frequency", .what = content::count, .unit = "orders", .summary = "promotions that he answered"},
    {.name = "recency",
     .what = content::count,
     .unit = "opportunities",
     .summary = "number of the last of them"},
    {.name = "opportunities",
     .what = content::count,
     .unit = "opportunities",
     .summary = "promotions that he was sent, one a month"},
};
constexpr column_description credit_columns[] = {
    key,
    {.name = "as_of", .what = content::day, .summary = "the day on which this was known"},
    {.name = "total_assets", .what = content::count, .unit = "EUR", .summary = "of the last balance sheet"},
    {.name = "working_capital",
     .what = content::count,
     .unit = "EUR",
     .summary = "current assets less current liabilities"},
    {.name = "retained_earnings",
     .what = content::count,
     .unit = "EUR",
     .summary = "earnings kept in the firm"},
    {.name = "ebit", .what = content::count, .unit = "EUR", .summary = "earnings before interest and taxes"},
    {.name = "equity", .what = content::count, .unit = "EUR", .summary = "assets less liabilities"},
    {.name = "total_liabilities", .what = content::count, .unit = "EUR", .summary = "all that the firm owes"},
    {.name = "sales", .what = content::count, .unit = "EUR", .summary = "of the last year"},
    {.name = "years_in_business", .what = content::count, .unit = "years", .summary = "at least 1"},
    {.name = "bureau_score", .what = content::count, .unit = "points", .summary = "300 to 850, high is good"},
    {.name = "defaulted",
     .what = content::boolean,
     .summary = "in the year after as_of; none where that year is not over",
     .optional = true},
    {.name = "defaulted_on", .what = content::day, .summary = "the day of it", .optional = true},
};

constexpr auto survey_columns = [] {
  std::array<column_description, item_count + 2> made{};
  made[0] = key;
  made[1] = {.name = "wave", .what = content::day, .summary = "the day of the survey"};
  for (std::size_t i = 0; i < item_count; ++i)
    made[i + 2] = {.name = survey_items[i].name,
                   .what = content::count,
                   .unit = "points",
                   .summary = survey_items[i].name == "recommendation" ? "would recommend us, 0 to 10"
                              : survey_items[i].name == "complaints"
                                  ? "how much there was to complain of, 1 to 10"
                                  : "1 to 10",
                   .optional = true};
  return made;
}();

constexpr column_description truth_columns[] = {
    key,
    {.name = "kind",
     .what = content::code,
     .summary = "what kind of customer he is",
     .levels = customer_kinds},
    {.name = "alive", .what = content::boolean, .summary = "whether he still is a customer today"},
    {.name = "drop_out_date",
     .what = content::day,
     .summary = "the day on which he leaves, also in years to come; none after the year 9999",
     .optional = true},
    {.name = "order_rate",
     .unit = "orders per week",
     .summary = "his own rate when he joined, over all seasons"},
    {.name = "drop_out_rate", .unit = "per week", .summary = "0 where he leaves on a fixed day"},
    {.name = "spend_per_order", .unit = "EUR", .summary = "his own mean, after returns"},
    {.name = "expected_orders",
     .unit = "orders",
     .summary = "of the year to come, by his rates and the seasons; 0 where he has left"},
    {.name = "orders_next_year",
     .what = content::count,
     .unit = "orders",
     .summary = "that really come in that year"},
    {.name = "value",
     .unit = "EUR",
     .summary = "0.35 x spend_per_order x discounted expected orders of that year"},
    {.name = "value_given_orders",
     .unit = "EUR",
     .summary = "the value that he is expected to have by who knows truth_orders and truth_spend, but of him "
                "only what "
                "he ordered"},
    {.name = "orders",
     .what = content::count,
     .unit = "orders",
     .summary = "up to today, without those cancelled"},
    {.name = "total_amount", .what = content::amount, .unit = "EUR", .summary = "of these, after returns"},
    {.name = "payment_delay",
     .unit = "days",
     .summary = "from the due date to the payment on average of an invoice that is neither disputed nor paid "
                "less the cash discount; of a business",
     .optional = true},
    {.name = "probability_of_default",
     .unit = "probability",
     .summary = "within a year, of a business",
     .optional = true},
    {.name = "balance",
     .what = content::amount,
     .unit = "EUR",
     .summary = "what a business owes today",
     .optional = true},
    {.name = "overdue",
     .what = content::amount,
     .unit = "EUR",
     .summary = "what of it should have been paid",
     .optional = true},
    {.name = "answers_promotions",
     .what = content::boolean,
     .summary = "whether a consumer still answers promotions at times",
     .optional = true},
    {.name = "expected_answers",
     .unit = "orders",
     .summary = "of the next 12 promotions, by his own chances",
     .optional = true},
};
constexpr column_description parameter_columns[] = {
    {.name = "parameter", .what = content::text, .summary = "its name"},
    {.name = "value", .summary = "its true value"},
};
constexpr column_description ageing_columns[] = {
    {.name = "bucket", .what = content::text, .summary = "days after the due date"},
    {.name = "amount", .what = content::amount, .unit = "EUR", .summary = "open today, of all customers"},
};
constexpr column_description credit_term_columns[] = {
    {.name = "term", .what = content::text, .summary = "a ratio of credit_facts, or intercept"},
    {.name = "mean", .summary = "of the ratio", .optional = true},
    {.name = "deviation", .summary = "standard deviation of the ratio", .optional = true},
    {.name = "coefficient",
     .summary = "of (ratio - mean) / deviation in the logit of the probability of default"},
};
constexpr column_description path_columns[] = {
    {.name = "from", .what = content::text, .summary = "the construct that drives"},
    {.name = "to", .what = content::text, .summary = "the construct that is driven"},
    {.name = "coefficient", .summary = "of standardised constructs"},
};
constexpr column_description loading_columns[] = {
    {.name = "construct", .what = content::text, .summary = "what is measured"},
    {.name = "item", .what = content::text, .summary = "the column of the table survey"},
    {.name = "loading", .summary = "correlation of both, before answers are rounded to points"},
};
constexpr auto latent_columns = [] {
  std::array<column_description, constructs + 2> made{};
  made[0] = key;
  made[1] = {.name = "wave", .what = content::day, .summary = "the day of the survey"};
  for (std::size_t i = 0; i < constructs; ++i)
    made[i + 2] = {.name = construct_names[i], .summary = "standardised"};
  return made;
}();

constexpr table_description all_tables[] = {
    {.name = "customers", .summary = "who buys", .columns = customer_columns},
    {.name = "products", .summary = "what is sold", .columns = product_columns},
    {.name = "orders",
     .summary = "order lines, changed orders, credit notes and cancellations, for the store order_history",
     .columns = order_columns},
    {.name = "items",
     .summary = "documents of the receivables, for the store ledger",
     .columns = item_columns},
    {.name = "settlements",
     .summary = "which payment settles what, for the store ledger",
     .columns = settlement_columns},
    {.name = "disputes",
     .summary = "what customers objected to, for the store ledger",
     .columns = dispute_columns},
    {.name = "control",
     .summary = "balance of the receivables in the general ledger",
     .columns = control_columns},
    {.name = "payment_terms", .summary = "terms with a cash discount", .columns = terms_columns},
    {.name = "dunning_levels", .summary = "when to remind whom how", .columns = dunning_columns},
    {.name = "interest_rates", .summary = "interest for late payment", .columns = interest_columns},
    {.name = "promotions",
     .summary = "how consumers answered monthly promotions",
     .columns = promotion_columns},
    {.name = "credit_facts",
     .summary = "what is known of the firms that buy on account",
     .columns = credit_columns},
    {.name = "survey", .summary = "answers of customers in four waves", .columns = survey_columns},
    {.name = "truth",
     .summary = "what is true of each customer, which no company knows",
     .columns = truth_columns},
    {.name = "truth_orders",
     .summary = "parameters of the Pareto/NBD process of the orders, in weeks",
     .columns = parameter_columns},
    {.name = "truth_spend",
     .summary = "parameters of the Gamma-Gamma process of the amounts",
     .columns = parameter_columns},
    {.name = "truth_promotions",
     .summary = "parameters of the BG/BB process of the answers to promotions",
     .columns = parameter_columns},
    {.name = "truth_ageing",
     .summary = "what is open by age in the book of the simulation",
     .columns = ageing_columns},
    {.name = "truth_credit",
     .summary = "what the probability of default is made of",
     .columns = credit_term_columns},
    {.name = "truth_paths", .summary = "what drives satisfaction and loyalty", .columns = path_columns},
    {.name = "truth_loadings",
     .summary = "how the answers depend on what is asked for",
     .columns = loading_columns},
    {.name = "truth_survey",
     .summary = "the constructs behind each row of the survey",
     .columns = latent_columns},
};

} // namespace

std::span<const table_description> company_tables() noexcept {
  return all_tables;
}

} // namespace emptor::tool::demo
