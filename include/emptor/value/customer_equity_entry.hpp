// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/optional_texts.hpp>
#include <emptor/value/customer_equity.hpp>
#include <emptor/value/markov_chain_description.hpp>
#include <emptor/value/summary_entry.hpp>

/// How the catalogue knows customer equity (customer_equity.hpp).
namespace emptor::value {

inline constexpr option_description equity_option_list[] = {
    {.name = "until",
     .what = option_content::day,
     .summary = "the last day that counts (default: the latest day of the history; the table warnings tells "
                "if it lies more than a year behind all others); the period of the chain in which it lies "
                "counts as over, so best take the last day of one"},
    stats::period_option("year"),
    {.name = "segment",
     .what = option_content::text,
     .summary = "the label of an attribute of the table customers, such as region, by which each cohort is "
                "split; without it "
                "there is one segment"},
    {.name = "margin",
     .summary = "share of an order's amount that is left as profit (毛利率), of what customers have brought; "
                "the chain's rewards "
                "have their own",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "1"},
    {.name = "discount_rate",
     .summary = "in place of the chain's: effective yearly rate at which what comes later is worth less",
     .unit = "per year",
     .allowed = {.low = -1.0, .high = 1e6, .low_open = true}},
    chain_horizon_option,
    {.name = "new_customers",
     .summary = "who will be won at the end of each period of the chain from the next on; each is worth "
                "new_customer_value on that day, so that horizon_periods is counted from it, and not from "
                "until",
     .unit = "customers",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "acquisition_cost",
     .summary = "of each of them (获客成本), when he is won",
     .unit = "currency",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "acquisition_periods",
     .what = option_content::integer,
     .summary =
         "periods in which they are won; without it there is no end, which needs a discount_rate above 0",
     .unit = "periods",
     .allowed = {0.0, 100000.0}},
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};
inline constexpr std::string_view equity_chain_entries[] = {markov_chain_name};
inline constexpr slot_description equity_slots[] = {
    {.name = "chain",
     .summary =
         "the Markov chain that says what customers will bring, fitted or made from a matrix of one's own",
     .accepts = equity_chain_entries}};

inline constexpr column_description equity_cohort{
    .name = "cohort", .what = content::day, .summary = "first day of the period of the first order"};
inline constexpr column_description equity_segment{
    .name = "segment",
    .what = content::text,
    .summary =
        "what is said of the customer under option segment; none where nothing is, or without that option",
    .optional = true};
inline constexpr column_description equity_numbers[] = {
    {.name = "customers", .what = content::count, .summary = "customers with an order"},
    {.name = "active",
     .what = content::count,
     .summary = "of them those whom the chain does not take for lost"},
    {.name = "unvalued",
     .what = content::count,
     .summary = "of them those in a state that the chain does not know: what they will bring counts as 0"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what credit notes left of their orders"},
    {.name = "margin",
     .what = content::amount,
     .unit = "currency",
     .summary = "the margin of it: what they have brought, each customer's rounded"},
    {.name = "future_value",
     .what = content::amount,
     .unit = "currency",
     .summary = "what they will bring, by the chain (静态客户资产), each customer's rounded"},
    {.name = "equity",
     .what = content::amount,
     .unit = "currency",
     .summary = "margin + future_value (客户资产)"},
    {.name = "mean_equity", .unit = "currency", .summary = "equity of a customer"},
};
inline constexpr column_description equity_cohort_columns[] = {
    equity_cohort,     equity_segment,    equity_numbers[0], equity_numbers[1], equity_numbers[2],
    equity_numbers[3], equity_numbers[4], equity_numbers[5], equity_numbers[6], equity_numbers[7]};
inline constexpr column_description equity_segment_columns[] = {
    equity_segment,    equity_numbers[0], equity_numbers[1], equity_numbers[2], equity_numbers[3],
    equity_numbers[4], equity_numbers[5], equity_numbers[6], equity_numbers[7]};
inline constexpr column_description equity_total_columns[] = {
    equity_numbers[0],
    equity_numbers[1],
    equity_numbers[2],
    equity_numbers[3],
    equity_numbers[4],
    equity_numbers[5],
    equity_numbers[6],
    {.name = "mean_equity",
     .unit = "currency",
     .summary = "equity of a customer; none without one",
     .optional = true},
    {.name = "new_customer_value",
     .what = content::amount,
     .unit = "currency",
     .summary = "value of a new customer with his first order, over horizon_periods from it (in the class of "
                "least money, where the chain "
                "has some), before his acquisition; 0 where the chain "
                "does not know him"},
    {.name = "acquisition_value",
     .what = content::amount,
     .unit = "currency",
     .summary = "present value of those who will be won by new_customers, less their acquisition"},
    {.name = "dynamic_equity",
     .what = content::amount,
     .unit = "currency",
     .summary = "equity + acquisition_value (动态客户资产)"},
    {.name = "unapplied_credit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit that found no order, of all customers, and so is in no other amount (未核销贷项)"},
};
inline constexpr column_description equity_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    equity_cohort,
    equity_segment,
    {.name = "state",
     .what = content::text,
     .summary = "the state of the chain that he is in; none where it has none for him",
     .optional = true},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "orders so far"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what credit notes left of them"},
    {.name = "margin", .what = content::amount, .unit = "currency", .summary = "what he has brought"},
    {.name = "future_value", .what = content::amount, .unit = "currency", .summary = "what he will bring"},
    {.name = "equity", .what = content::amount, .unit = "currency", .summary = "margin + future_value"},
};
inline constexpr table_description equity_outputs[] = {
    {.name = "cohorts", .summary = "by cohort and segment", .columns = equity_cohort_columns},
    {.name = "segments", .summary = "by segment; adds up to the total", .columns = equity_segment_columns},
    {.name = "total", .summary = "all customers, and those who will be won", .columns = equity_total_columns},
    {.name = "customers",
     .summary = "one row a customer; adds up to the cohorts",
     .columns = equity_customer_columns},
    {.name = "warnings",
     .summary = "what to know before using the figures",
     .columns = summary_warning_columns},
};

// The chain of Pfeifer and Carraway: a customer who ordered in the last year will bring 1144 / 87, a year later 576 / 87, then
// 230 / 87, then nothing. Margin 40 %. 10 customers are won in each of three years, of 4624 / 87 - 30 each:
// 231.494 x 2.106481 = 487.64.
inline constexpr example_table equity_example_tables[] = {
    {"orders", "customer,date,amount\n"
               "Ann,2023-03-01,100.00\nAnn,2025-06-01,50.00\nBob,2023-07-01,80.00\nCai,2024-02-01,30.05\n"
               "Dan,2020-01-01,10.00\n"},
    {"customers", "customer,attributes:region\nAnn,north\nBob,south\nCai,north\n"}};
inline constexpr example_slot equity_example_slots[] = {
    {"chain", markov_chain_name, chain_score_model, chain_score_model_options}};
inline constexpr example_option equity_example_options[] = {
    {"until", "2025-12-31"}, {"segment", "region"},      {"margin", "0.4"},
    {"new_customers", "10"}, {"acquisition_cost", "30"}, {"acquisition_periods", "3"}};
inline constexpr example_table equity_example_expected[] = {
    {"cohorts", "cohort,segment,customers,active,amount,margin,future_value,equity,mean_equity\n"
                "2020-01-01,,1,0,10.00,4.00,0.00,4.00,4\n"
                "2023-01-01,north,1,1,150.00,60.00,13.15,73.15,73.15\n"
                "2023-01-01,south,1,1,80.00,32.00,2.64,34.64,34.64\n"
                "2024-01-01,north,1,1,30.05,12.02,6.62,18.64,18.64\n"},
    {"segments", "segment,customers,active,amount,margin,future_value,equity,mean_equity\n"
                 "north,2,2,180.05,72.02,19.77,91.79,45.895\n"
                 "south,1,1,80.00,32.00,2.64,34.64,34.64\n"
                 ",1,0,10.00,4.00,0.00,4.00,4\n"},
    {"total", "customers,active,unvalued,amount,margin,future_value,equity,mean_equity,new_customer_value,"
              "acquisition_value,dynamic_equity,unapplied_credit\n"
              "4,3,0,270.05,108.02,22.41,130.43,32.6075,53.15,487.64,618.07,0.00\n"},
    {"customers", "customer,cohort,segment,state,orders,amount,margin,future_value,equity\n"
                  "Ann,2023-01-01,north,bought,2,150.00,60.00,13.15,73.15\n"
                  "Bob,2023-01-01,south,silent 2,1,80.00,32.00,2.64,34.64\n"
                  "Cai,2024-01-01,north,silent 1,1,30.05,12.02,6.62,18.64\n"
                  "Dan,2020-01-01,,lost,1,10.00,4.00,0.00,4.00\n"}};
inline constexpr example equity_examples[] = {
    {.what = verb::reduce,
     .summary = "four customers of three years and two regions, and ten more in each of the next three years",
     .source = "by hand, with the chain of Pfeifer and Carraway 2000 in rational numbers",
     .tables = equity_example_tables,
     .options = equity_example_options,
     .expected = equity_example_expected,
     .tolerance = 1e-12,
     .slots = equity_example_slots},
};

inline constexpr demo_input equity_demo_inputs[] = {{"orders", "orders"}};
inline constexpr demo_slot equity_demo_slots[] = {{"chain", markov_chain_name}};
inline constexpr example_option equity_demo_options[] = {{"until", demo_today}, {"margin", demo_margin}};
inline constexpr demo_feed equity_demo[] = {
    {.inputs = equity_demo_inputs, .slots = equity_demo_slots, .options = equity_demo_options}};

inline constexpr entry_description customer_equity_description{
    .name = customer_equity_name,
    .what = verb::reduce,
    .summary = "customer equity by cohort and segment: what customers have brought, will bring, and those "
               "who will be won",
    .source = "Blattberg and Deighton 1996, Manage marketing by the customer equity test, Harvard Business "
              "Review 74(4); "
              "Villanueva and Hanssens 2007, Customer equity, Foundations and Trends in Marketing 1(1)",
    .chinese = "客户资产",
    .since = "0.1",
    .store = "order_history",
    .options = equity_option_list,
    .slots = equity_slots,
    .outputs = equity_outputs,
    .examples = equity_examples,
    .demo = equity_demo,
};

namespace detail {

/// Rows of sums, as the tables of the entry have them.
class equity_rows {
public:
  equity_rows(const customer_equity& of)
      : of_(of)
      , unit_(of.currency.code()) {}

  void add(const equity_sum& sum) {
    const auto amount = [](wide_integer value) { return amount_of_all(value, customer_equity_name); };
    const std::int64_t counts[] = {sum.customers, sum.active, sum.unvalued};
    const std::int64_t amounts[] = {amount(sum.amount), amount(sum.margin), amount(sum.future),
                                    amount(sum.equity())};
    for (std::size_t i = 0; i < std::size(counts); ++i)
      counts_[i].push_back(counts[i]);
    for (std::size_t i = 0; i < std::size(amounts); ++i)
      amounts_[i].push_back(amounts[i]);
    mean_.push_back(sum.customers > 0 ? math::value_of(math::real(static_cast<double>(amounts[3])) /
                                                       (math::real(static_cast<double>(sum.customers)) *
                                                        static_cast<double>(power_of_ten(of_.decimals))))
                                      : std::numeric_limits<double>::quiet_NaN());
  }
  void to(table& made) {
    for (std::size_t i = 0; i < std::size(counts_); ++i)
      made.add(column::integers(std::string(equity_numbers[i].name), std::move(counts_[i])));
    for (std::size_t i = 0; i < std::size(amounts_); ++i)
      made.add(column::amounts(std::string(equity_numbers[3 + i].name), std::move(amounts_[i]), of_.decimals,
                               unit_));
    made.add(column::numbers("mean_equity", std::move(mean_), unit_).or_none());
  }

private:
  const customer_equity& of_;
  std::string unit_;
  std::vector<std::int64_t> counts_[3];
  std::vector<std::int64_t> amounts_[4];
  std::vector<double> mean_;
};

/// The name of a segment; none of that which has none.
[[nodiscard]] inline std::optional<std::string_view> equity_segment(const customer_equity& of,
                                                                    std::uint32_t segment) {
  if (of.last_is_unnamed && segment + 1 == of.segments.size())
    return std::nullopt;
  return of.segments[segment];
}

[[nodiscard]] inline table equity_customers(customer_equity& of, const markov_chain& chain) {
  optional_texts segments;
  std::vector<std::int32_t> cohorts;
  optional_texts states;
  const fitting_amounts fit(customer_equity_name);
  std::vector<std::int64_t> orders;
  std::vector<std::int64_t> amounts[4];
  for (const customer_equity::of_customer& one : of.customers) {
    cohorts.push_back(one.cohort);
    segments.push_back(equity_segment(of, one.segment));
    states.push_back(one.state == chain.states.size()
                         ? std::nullopt
                         : std::optional<std::string_view>(chain.states[one.state].name));
    orders.push_back(one.orders);
    const std::int64_t row[] = {one.amount, one.margin, one.future,
                                fit(static_cast<wide_integer>(one.margin) + one.future, "equity",
                                    of.names[static_cast<std::int64_t>(orders.size()) - 1])};
    for (std::size_t i = 0; i < std::size(row); ++i)
      amounts[i].push_back(row[i]);
  }
  table made("customers");
  made.add(column::texts("customer", std::move(of.names)));
  made.add(column::days("cohort", std::move(cohorts)));
  made.add(std::move(segments).as("segment"));
  made.add(std::move(states).as("state"));
  made.add(column::integers("orders", std::move(orders), "orders"));
  for (std::size_t i = 0; i < std::size(amounts); ++i)
    made.add(column::amounts(std::string(equity_numbers[3 + i].name), std::move(amounts[i]), of.decimals,
                             std::string(of.currency.code())));
  return made;
}

} // namespace detail

[[nodiscard]] inline equity_options read_equity_options(const option_values& given) {
  equity_options made;
  made.until = given.day("until");
  made.period = std::string(given.text("period"));
  made.segment = std::string(given.text("segment"));
  made.margin_rate = given.number("margin");
  if (given.has("discount_rate"))
    made.discount_rate = given.number("discount_rate");
  made.horizon = horizon_of(given);
  made.plan.customers = given.number("new_customers");
  made.plan.cost = given.number("acquisition_cost");
  if (given.has("acquisition_periods"))
    made.plan.periods = given.integer("acquisition_periods");
  made.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  made.negative = given.choice<stats::negative>("negative", stats::negative_names);
  if (given.has("currency"))
    made.currency = currency(given.text("currency"));
  return made;
}

inline result finish_customer_equity(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const model* const chain = request.slot("chain");
  if (chain == nullptr)
    throw error(status::mismatch, std::string(customer_equity_name) + ": slot chain needs a model");
  customer_equity found =
      find_customer_equity(from, *chain, read_equity_options(request.options), request.how, request.keys);

  detail::equity_rows by_cohort(found);
  optional_texts names;
  std::vector<std::int32_t> cohorts;
  std::vector<equity_sum> sums(found.segments.size());
  for (const customer_equity::of_group& one : found.groups) {
    cohorts.push_back(one.cohort);
    names.push_back(detail::equity_segment(found, one.segment));
    by_cohort.add(one.sum);
    sums[one.segment].add(one.sum);
  }
  table cohort_table("cohorts", {column::days("cohort", std::move(cohorts)), std::move(names).as("segment")});
  by_cohort.to(cohort_table);

  detail::equity_rows by_segment(found);
  optional_texts each;
  for (std::uint32_t i = 0; i < sums.size(); ++i) {
    each.push_back(detail::equity_segment(found, i));
    by_segment.add(sums[i]);
  }
  table segment_table("segments", {std::move(each).as("segment")});
  by_segment.to(segment_table);

  detail::equity_rows whole(found);
  whole.add(found.total);
  table total("total");
  whole.to(total);
  const std::string unit(found.currency.code());
  total.add(column::amounts("new_customer_value", {found.new_customer_value}, found.decimals, unit));
  total.add(column::amounts("acquisition_value", {found.acquisition_value}, found.decimals, unit));
  total.add(column::amounts(
      "dynamic_equity",
      {detail::amount_of_all(found.total.equity() + found.acquisition_value, customer_equity_name)},
      found.decimals, unit));
  total.add(column::amounts("unapplied_credit",
                            {detail::amount_of_all(found.unapplied_credit, customer_equity_name)},
                            found.decimals, unit));

  text_buffer texts;
  if (found.far)
    texts.push_back(detail::far_text(*found.far, found.until));
  std::vector<std::int32_t> warned(static_cast<std::size_t>(texts.size()),
                                   static_cast<std::int32_t>(summary_warning::far_until));
  table warnings("warnings", {column::codes("warning", std::move(warned), summary_warning_names),
                              column::texts("text", std::move(texts))});
  table customers = detail::equity_customers(found, read_markov_chain(*chain));
  return {{std::move(cohort_table), std::move(segment_table), std::move(total), std::move(customers),
           std::move(warnings)},
          nullptr};
}

inline constexpr entry customer_equity_entry{.description = &customer_equity_description,
                                             .finish = &finish_customer_equity};

} // namespace emptor::value
