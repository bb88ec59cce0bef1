// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/collection_measures.hpp>
#include <emptor/credit/promises_to_pay.hpp>

namespace emptor::credit {

inline constexpr option_description promises_options[] = {
    option_as_of,
    {.name = "grace_days",
     .what = option_content::integer,
     .summary =
         "how much later than promised money may come and still be in time, such as the days of a transfer",
     .unit = "days",
     .allowed = {0, 3650},
     .default_value = "0"},
    {.name = "tolerance",
     .what = option_content::number,
     .summary = "the share of a promise that may be missing, such as bank charges",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 1.0, .high_open = true},
     .default_value = "0"},
    {.name = "period",
     .what = option_content::horizon,
     .summary = "of which promises the rates are, by the day on which they were to be paid: whole days up to "
                "as_of, a "
                "duration such as '12 month', or the date on which it begins",
     .default_value = "12 month"},
    option_confidence,
};

inline constexpr column_description judged_promise_columns[] = {
    {.name = "promise", .what = content::text, .summary = "its number"},
    {.name = "customer", .what = content::text, .summary = "who promised"},
    {.name = "document",
     .what = content::text,
     .summary = "what was to be paid; none = any document",
     .optional = true},
    column_currency,
    {.name = "outcome",
     .what = content::code,
     .summary = "open: its day has not passed; kept: all of it came in time; partly_kept: some of it; "
                "broken: nothing; "
                "withdrawn: before its day",
     .levels = promise_outcomes},
    {.name = "pay_by", .what = content::day, .summary = "the day on which it was to be paid at the latest"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "what was promised"},
    {.name = "paid_in_time",
     .what = content::amount,
     .unit = "currency",
     .summary = "what of it came by its day and the days of grace"},
    {.name = "paid", .what = content::amount, .unit = "currency", .summary = "what of it came up to as_of"},
    {.name = "missing",
     .what = content::amount,
     .unit = "currency",
     .summary = "amount - paid; none of it if withdrawn"},
    {.name = "completed_on", .what = content::day, .summary = "when all of it had come", .optional = true},
    {.name = "days_late",
     .unit = "days",
     .summary = "from pay_by to completed_on, or to as_of where some is missing; below 0 = early. None "
                "before its day and "
                "of what was withdrawn",
     .optional = true},
};
inline constexpr column_description promising_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "who promised"},
    column_currency,
    {.name = "promises",
     .what = content::count,
     .unit = "promises",
     .summary = "whose day lies in the period and has passed: kept + partly_kept + broken"},
    {.name = "kept", .what = content::count, .unit = "promises", .summary = "all of it in time"},
    {.name = "partly_kept", .what = content::count, .unit = "promises", .summary = "some of it in time"},
    {.name = "broken", .what = content::count, .unit = "promises", .summary = "nothing in time"},
    {.name = "open",
     .what = content::count,
     .unit = "promises",
     .summary = "whose day has not passed, kept ones too: those of the same day could not be broken yet"},
    {.name = "open_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what of the open ones has not come yet"},
    {.name = "promised",
     .what = content::amount,
     .unit = "currency",
     .summary = "by the promises that are counted"},
    {.name = "paid_in_time", .what = content::amount, .unit = "currency", .summary = "of that"},
    {.name = "paid_share",
     .unit = "share",
     .summary = "paid_in_time / promised",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "kept_rate",
     .unit = "share",
     .summary = "kept / promises",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "kept_rate_low",
     .unit = "share",
     .summary = "lower end of its interval (Wilson)",
     .optional = true},
    {.name = "kept_rate_high", .unit = "share", .summary = "its upper end", .optional = true},
    {.name = "expected_rate",
     .unit = "probability",
     .summary =
         "that the next promise is kept: the rate drawn towards that of all customers with promises in the "
         "currency, as far as customers differ no more than chance (beta-binomial)",
     .allowed = zero_to_one},
};
inline constexpr table_description promises_outputs[] = {
    {.name = "promises", .summary = "one row a promise made up to as_of", .columns = judged_promise_columns},
    {.name = "customers",
     .summary = "one row a customer and currency with a promise in the period or an open one",
     .columns = promising_customer_columns},
    {.name = "findings",
     .summary = "promises about a document that the customer does not have",
     .columns = ledger_finding_columns},
};

// A paid I1 a day before V1 was due, and 150 of the 200 of V2 five days too late. B's 80 settles nothing; it keeps part of
// V3, which names no document. Two customers and three promises say nothing of how customers differ: both are expected to
// keep (1 + 1/2) / (3 + 1) of their promises.
inline constexpr example_table promises_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "I1,A,invoice,100.00,EUR,2026-01-10,2026-02-09\n"
              "I2,A,invoice,200.00,EUR,2026-01-20,2026-02-19\n"
              "I3,B,invoice,300.00,EUR,2026-01-15,2026-02-14\n"
              "P1,A,payment,100.00,EUR,2026-03-02,\n"
              "P2,A,payment,150.00,EUR,2026-03-20,\n"
              "P3,B,payment,80.00,EUR,2026-03-09,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,I1,P1,2026-03-02,100.00,EUR\n"
                    "S2,I2,P2,2026-03-20,150.00,EUR\n"},
    {"promises", "promise,customer,document,promised_on,pay_by,amount,currency\n"
                 "V1,A,I1,2026-02-20,2026-03-03,100.00,EUR\n"
                 "V2,A,I2,2026-02-25,2026-03-15,200.00,EUR\n"
                 "V3,B,,2026-03-01,2026-03-10,120.00,EUR\n"
                 "V4,B,I3,2026-03-15,2026-04-10,300.00,EUR\n"},
};
inline constexpr example_option promises_example_options[] = {{"as_of", "2026-03-31"}};
inline constexpr example_table promises_example_expected[] = {
    {"promises", "promise,customer,document,currency,outcome,pay_by,amount,paid_in_time,paid,missing,"
                 "completed_on,days_late\n"
                 "V1,A,I1,EUR,kept,2026-03-03,100.00,100.00,100.00,0.00,2026-03-02,-1\n"
                 "V2,A,I2,EUR,broken,2026-03-15,200.00,0.00,150.00,50.00,,16\n"
                 "V3,B,,EUR,partly_kept,2026-03-10,120.00,80.00,80.00,40.00,,21\n"
                 "V4,B,I3,EUR,open,2026-04-10,300.00,0.00,0.00,300.00,,\n"},
    {"customers",
     "customer,currency,promises,kept,partly_kept,broken,open,open_amount,promised,paid_in_time,kept_rate,"
     "kept_rate_low,kept_rate_high,expected_rate\n"
     "A,EUR,2,1,0,1,0,0.00,300.00,100.00,0.5,0.0945312057342307,0.9054687942656576,0.375\n"
     "B,EUR,1,0,1,0,1,300.00,120.00,80.00,0,0,0.7934506856227626,0.375\n"},
};
inline constexpr example promises_examples[] = {
    {.what = verb::reduce,
     .summary = "one kept, one broken, one partly kept and one open",
     .source = "made for this page, by hand",
     .tables = promises_example_rows,
     .options = promises_example_options,
     .expected = promises_example_expected,
     .tolerance = 1e-12}};

inline constexpr entry_description promises_description{
    .name = promises_name,
    .what = verb::reduce,
    .summary = "what became of promises to pay, and how well customers keep theirs",
    .source = "the states of a promise to pay in collection systems: open, kept, partly kept, broken, "
              "withdrawn; E. B. Wilson, "
              "JASA 22 (1927); J. C. Kleinman, JASA 68 (1973)",
    .chinese = "付款承诺",
    .since = "0.1",
    .store = "ledger",
    .options = promises_options,
    .outputs = promises_outputs,
    .examples = promises_examples,
    .no_demo = "the company of the demo notes no promises",
};

namespace detail {

/// How a customer keeps the promises of one currency.
struct promise_counts {
  std::int64_t kept = 0;
  std::int64_t partly_kept = 0;
  std::int64_t broken = 0;
  std::int64_t open = 0;
  wide_integer open_amount = 0;
  wide_integer promised = 0;
  wide_integer paid_in_time = 0;

  [[nodiscard]] std::int64_t judged() const noexcept { return kept + partly_kept + broken; }
  /// One that was kept before its day waits like the others of that day, which cannot have been broken yet.
  void add(const judged_promise& one) noexcept {
    if (!one.due) {
      ++open;
      open_amount += one.what->amount - one.paid;
      return;
    }
    kept += one.outcome == promise_outcome::kept ? 1 : 0;
    partly_kept += one.outcome == promise_outcome::partly_kept ? 1 : 0;
    broken += one.outcome == promise_outcome::broken ? 1 : 0;
    promised += one.what->amount;
    paid_in_time += one.paid_in_time;
  }
};

[[nodiscard]] inline table judged_promises_table(const stats::ledger& from,
                                                 const std::vector<judged_promise>& promises,
                                                 std::int32_t today) {
  text_buffer numbers, customers, documents;
  money_columns money;
  std::vector<stats::currency_code> currencies;
  std::vector<std::int32_t> outcomes, pay_by, completed;
  std::vector<std::int64_t> amounts, in_time, paid, missing, without_document;
  std::vector<double> late;
  for (const judged_promise& one : promises) {
    const stats::promise& what = *one.what;
    if (what.about == stats::ledger::no_text)
      without_document.push_back(numbers.size());
    numbers.push_back(from.texts().promises[what.number]);
    customers.push_back(from.customer(what.customer));
    documents.push_back(from.texts().text(&stats::ledger_pools::documents, what.about));
    money.met.insert(what.currency);
    currencies.push_back(what.currency);
    outcomes.push_back(static_cast<std::int32_t>(one.outcome));
    pay_by.push_back(what.pay_by);
    amounts.push_back(what.amount);
    in_time.push_back(one.paid_in_time);
    paid.push_back(one.paid);
    const bool counts = one.outcome != promise_outcome::withdrawn;
    missing.push_back(counts ? what.amount - one.paid : 0);
    completed.push_back(one.complete);
    const std::int32_t until = one.complete != stats::ledger::no_day ? one.complete : today;
    late.push_back(counts && one.outcome != promise_outcome::open ? static_cast<double>(until - what.pay_by)
                                                                  : std::numeric_limits<double>::quiet_NaN());
  }
  column document = column::texts("document", std::move(documents));
  for (const std::int64_t row : without_document)
    document.set_missing(row);
  return {"promises",
          {column::texts("promise", std::move(numbers)), column::texts("customer", std::move(customers)),
           std::move(document), money_columns::codes(currencies),
           column::codes("outcome", std::move(outcomes), promise_outcomes),
           column::days("pay_by", std::move(pay_by)), money.amounts("amount", std::move(amounts)),
           money.amounts("paid_in_time", std::move(in_time)), money.amounts("paid", std::move(paid)),
           money.amounts("missing", std::move(missing)),
           column::days("completed_on", std::move(completed)).or_none(),
           column::numbers("days_late", std::move(late)).or_none()}};
}

[[nodiscard]] inline table promising_customers_table(const stats::ledger& from,
                                                     const std::vector<judged_promise>& promises,
                                                     std::int32_t first, double confidence) {
  // Promises come in the order of their customers' names; the currencies of a customer in that of their codes.
  std::vector<std::pair<std::uint32_t, std::map<stats::currency_code, promise_counts>>> counted;
  for (const judged_promise& one : promises) {
    if (one.outcome == promise_outcome::withdrawn || (one.due && one.what->pay_by < first))
      continue;
    if (counted.empty() || counted.back().first != one.what->customer)
      counted.push_back({one.what->customer, {}});
    counted.back().second[one.what->currency].add(one);
  }
  std::map<stats::currency_code, std::vector<measure_counts>> all;
  const auto as_trials = [](const promise_counts& of) {
    return measure_counts{.attempts = static_cast<double>(of.judged()),
                          .successes = static_cast<double>(of.kept)};
  };
  for (const auto& [customer, by_currency] : counted) {
    for (const auto& [currency, one] : by_currency) {
      std::vector<measure_counts>& some = all[currency];
      if (one.judged() > 0)
        some.push_back(as_trials(one));
    }
  }
  std::map<stats::currency_code, rate_prior> priors;
  for (const auto& [currency, some] : all)
    priors[currency] = prior_of(some);

  text_buffer customers;
  money_columns money;
  std::vector<stats::currency_code> currencies;
  std::vector<std::int64_t> counts[5];
  std::vector<std::int64_t> sums[3];
  std::vector<double> rates[5];
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [customer, by_currency] : counted) {
    for (const auto& [currency, one] : by_currency) {
      const std::string_view name = from.customer(customer);
      customers.push_back(name);
      money.met.insert(currency);
      currencies.push_back(currency);
      const std::int64_t numbers[] = {one.judged(), one.kept, one.partly_kept, one.broken, one.open};
      for (std::size_t i = 0; i < std::size(numbers); ++i)
        counts[i].push_back(numbers[i]);
      sums[0].push_back(fitting(promises_name, one.open_amount, "open promised amount", name));
      sums[1].push_back(fitting(promises_name, one.promised, "promised amount", name));
      sums[2].push_back(fitting(promises_name, one.paid_in_time, "money paid in time", name));
      const rate_prior& prior = priors[currency];
      const bool judged = one.judged() > 0;
      const measure_estimate found =
          judged ? estimate_measure(as_trials(one), prior, confidence) : measure_estimate{};
      const double values[] = {
          one.promised > 0 ? static_cast<double>(one.paid_in_time) / static_cast<double>(one.promised) : none,
          judged ? found.rate : none, judged ? found.counted.low : none, judged ? found.counted.high : none,
          judged ? found.probability : prior.a / (prior.a + prior.b)};
      for (std::size_t i = 0; i < std::size(values); ++i)
        rates[i].push_back(values[i]);
    }
  }
  table made("customers",
             {column::texts("customer", std::move(customers)), money_columns::codes(currencies)});
  const std::string_view count_names[] = {"promises", "kept", "partly_kept", "broken", "open"};
  for (std::size_t i = 0; i < std::size(count_names); ++i)
    made.add(column::integers(std::string(count_names[i]), std::move(counts[i])));
  const std::string_view sum_names[] = {"open_amount", "promised", "paid_in_time"};
  for (std::size_t i = 0; i < std::size(sum_names); ++i)
    made.add(money.amounts(std::string(sum_names[i]), std::move(sums[i])));
  const std::string_view rate_names[] = {"paid_share", "kept_rate", "kept_rate_low", "kept_rate_high",
                                         "expected_rate"};
  for (std::size_t i = 0; i < std::size(rate_names); ++i)
    made.add(column::numbers(std::string(rate_names[i]), std::move(rates[i])).or_none());
  return made;
}

} // namespace detail

/// `credit.promises_to_pay` from the catalogue's side. \throws error as `judge_promises`; status::overflow
[[nodiscard]] inline result finish_promises_to_pay(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  const measured_periods period(promises_name, as_of, options.horizon("period"));
  const judged_promises found =
      judge_promises(from,
                     {.as_of = as_of,
                      .grace_days = static_cast<std::int32_t>(options.integer("grace_days")),
                      .tolerance = options.number("tolerance")},
                     request.keys, request.how);
  result made;
  made.tables.push_back(detail::judged_promises_table(from, found.promises, days_since_epoch(as_of)));
  made.tables.push_back(
      detail::promising_customers_table(from, found.promises, period.first(), options.number("confidence")));
  made.tables.push_back(detail::findings_table(found.findings));
  return made;
}

inline constexpr entry promises_to_pay_entry{.description = &promises_description,
                                             .finish = finish_promises_to_pay};

} // namespace emptor::credit
