// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/stats/open_items.hpp>

namespace emptor::credit {

inline constexpr std::string_view ageing_name = "credit.ageing";

/// From which date a document's age is counted.
enum class age_base { due_date, document_date };

/// Where a document belongs whose age is exactly an edge.
enum class edge_day {
  younger, ///< to the bucket that ends there: 1-30, 31-60, ...
  older,   ///< to the bucket that begins there: 1-29, 30-59, ...
};

/// The buckets of an ageing, numbered in the order of their labels: not due, the ages, undated, unallocated.
///
/// By due date a document is not due up to and on its due date; where 0 is an edge whose day belongs to the
/// older bucket, it counts from the due date itself on. By document date the first bucket begins at 0.
class ageing_buckets {
public:
  /// \param edges days, whole and increasing, from 0 to 3652424; any number of them, at least one
  /// \param where  the entry that asks \throws error status::option
  ageing_buckets(const std::vector<double>& edges, edge_day belongs, age_base by,
                 std::string_view where = ageing_name)
      : by_(by) {
    double before = -1.0;
    for (const double edge : edges) {
      if (!(edge > before && edge <= 3652424.0) || edge != std::floor(edge))
        throw error(status::option,
                    message(where, "option edges", -1, to_text(edge) + " after " + to_text(before),
                            "a whole number of days, each larger than the one before, in [0, 3652424]"));
      before = edge;
      starts_.push_back(static_cast<std::int32_t>(edge) + (belongs == edge_day::younger ? 1 : 0));
    }
    if (starts_.empty())
      throw error(status::option, std::string(where) + ": option edges is needed");
    const std::int32_t youngest = by == age_base::due_date ? 1 : 0;
    if (starts_.front() > youngest)
      starts_.insert(starts_.begin(), youngest);
  }

  /// The bucket of a document that is owed. \param due `ledger::no_day` where there is none
  [[nodiscard]] std::uint32_t of_debit(std::int32_t today, std::int32_t date,
                                       std::int32_t due) const noexcept {
    if (by_ == age_base::document_date)
      return started(today - date) - 1;
    return due == stats::ledger::no_day ? undated() : started(today - due);
  }
  [[nodiscard]] std::uint32_t undated() const noexcept { return unallocated() - 1; }
  /// Payments and credit notes that settle nothing yet, and what was settled beyond a document's amount.
  [[nodiscard]] std::uint32_t unallocated() const noexcept {
    const auto ages = static_cast<std::uint32_t>(starts_.size());
    return by_ == age_base::due_date ? ages + 2 : ages;
  }
  [[nodiscard]] std::uint32_t size() const noexcept { return unallocated() + 1; }
  /// The first age of each bucket of ages, in days; by due date `not_due` stands before them.
  [[nodiscard]] const std::vector<std::int32_t>& starts() const noexcept { return starts_; }

  [[nodiscard]] std::vector<std::string> labels() const {
    std::vector<std::string> all;
    if (by_ == age_base::due_date)
      all.emplace_back("not_due");
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      const std::string first = std::to_string(starts_[i]);
      if (i + 1 == starts_.size())
        all.push_back(first + "+");
      else if (starts_[i + 1] - 1 == starts_[i])
        all.push_back(first);
      else
        all.push_back(first + "-" + std::to_string(starts_[i + 1] - 1));
    }
    if (by_ == age_base::due_date)
      all.emplace_back("undated");
    all.emplace_back("unallocated");
    return all;
  }

private:
  /// How many buckets of ages begin at or before this age.
  [[nodiscard]] std::uint32_t started(std::int32_t age) const noexcept {
    if (starts_.size() > 16)
      return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), age) -
                                        starts_.begin());
    std::uint32_t count = 0;
    for (const std::int32_t start : starts_)
      count += age >= start ? 1U : 0U;
    return count;
  }

  std::vector<std::int32_t> starts_; ///< first age of each bucket of ages
  age_base by_;
};

/// The tables of an ageing, as `ageing_outputs` describes them.
struct ageing_report {
  std::vector<std::string> buckets; ///< names of the codes in the columns `bucket`
  table ageing;
  table balances;
  table totals;
  table findings;
};

namespace detail {

/// A sum of money and how many open documents are in it.
struct ageing_sum {
  wide_integer amount = 0;
  std::int64_t items = 0;

  ageing_sum& operator+=(const ageing_sum& other) noexcept {
    amount += other.amount;
    items += other.items;
    return *this;
  }
};

[[nodiscard]] inline column bucket_column(std::vector<std::int32_t> codes,
                                          const std::vector<std::string>& labels) {
  return column::codes("bucket", std::move(codes), labels);
}

} // namespace detail

/// Ages what is open on the day `as_of` (账龄分析).
///
/// The buckets of a customer and currency add up to the balance, and those of all customers to the totals, to
/// the minor unit. \param keys only these customers \param in_currency of all amounts; without it each stays by itself
/// \throws error status::option, and what `stats::open_items` throws; status::overflow names the customer
[[nodiscard]] inline ageing_report age(const stats::ledger& from, date as_of, const ageing_buckets& buckets,
                                       const std::optional<std::vector<std::string>>& keys = {},
                                       const run& how = {},
                                       std::optional<stats::currency_code> in_currency = {}) {
  using stats::ledger;
  const std::int32_t today = days_since_epoch(as_of);
  stats::ledger_state state = stats::open_items(from, as_of, keys, how);
  stats::express_in(in_currency, from, as_of, state);

  struct piece {
    std::uint64_t cell; ///< currency, then bucket
    std::int64_t open;
    bool overdue;
  };
  struct lines {
    text_buffer customers;
    std::vector<stats::currency_code> currencies;
    std::vector<std::int64_t> amounts;
    std::vector<std::int64_t> items;
    void add(stats::currency_code currency, std::int64_t amount, std::int64_t count) {
      currencies.push_back(currency);
      amounts.push_back(amount);
      items.push_back(count);
    }
  };
  lines aged;
  lines balances;
  lines all;
  std::vector<std::int32_t> bucket_of_aged;
  std::vector<std::int32_t> bucket_of_all;
  std::vector<std::int64_t> overdue;
  std::vector<std::int64_t> unallocated;
  std::map<stats::currency_code, std::vector<detail::ageing_sum>> totals;
  std::vector<piece> pieces;
  for (std::size_t c = 0; c < state.customers.size(); ++c) {
    if (c % 4096 == 0 && how.cancelled())
      how.check(1.0);
    const stats::ledger_state::customer& group = state.customers[c];
    const std::string_view customer = from.customer(group.id);
    pieces.clear();
    for (std::size_t i = group.first; i < group.last; ++i) {
      const stats::open_item& one = state.items[i];
      const bool owed = one.is_owed();
      const std::uint32_t bucket = owed ? buckets.of_debit(today, one.date, one.due) : buckets.unallocated();
      pieces.push_back({std::uint64_t{one.currency} << 32 | bucket, one.open,
                        owed && one.due != ledger::no_day && one.due < today});
    }
    std::sort(pieces.begin(), pieces.end(),
              [](const piece& left, const piece& right) { return left.cell < right.cell; });
    for (std::size_t i = 0; i < pieces.size();) {
      const auto currency = static_cast<stats::currency_code>(pieces[i].cell >> 32);
      std::vector<detail::ageing_sum>& of_currency = totals[currency];
      of_currency.resize(buckets.size());
      detail::ageing_sum balance;
      detail::ageing_sum loose;
      wide_integer late = 0;
      while (i < pieces.size() && pieces[i].cell >> 32 == currency) {
        const std::uint64_t cell = pieces[i].cell;
        detail::ageing_sum sum;
        for (; i < pieces.size() && pieces[i].cell == cell; ++i) {
          sum += {pieces[i].open, pieces[i].open != 0 ? 1 : 0};
          late += pieces[i].overdue ? pieces[i].open : 0;
        }
        if (sum.items == 0)
          continue;
        const auto bucket = static_cast<std::uint32_t>(cell);
        aged.customers.push_back(customer);
        aged.add(currency, detail::fitting(ageing_name, sum.amount, "open amount", customer), sum.items);
        bucket_of_aged.push_back(static_cast<std::int32_t>(bucket));
        of_currency[bucket] += sum;
        balance += sum;
        if (bucket == buckets.unallocated())
          loose = sum;
      }
      balances.customers.push_back(customer);
      balances.add(currency, detail::fitting(ageing_name, balance.amount, "balance", customer),
                   balance.items);
      overdue.push_back(detail::fitting(ageing_name, late, "overdue amount", customer));
      unallocated.push_back(detail::fitting(ageing_name, loose.amount, "unallocated amount", customer));
    }
  }
  detail::money_columns money;
  for (const auto& [currency, sums] : totals) {
    money.met.insert(currency);
    for (std::size_t bucket = 0; bucket < sums.size(); ++bucket) {
      all.add(currency, detail::fitting(ageing_name, sums[bucket].amount, "total", "all customers"),
              sums[bucket].items);
      bucket_of_all.push_back(static_cast<std::int32_t>(bucket));
    }
  }

  ageing_report report;
  report.buckets = buckets.labels();
  report.ageing = {"ageing",
                   {column::texts("customer", std::move(aged.customers)),
                    detail::money_columns::codes(aged.currencies),
                    detail::bucket_column(std::move(bucket_of_aged), report.buckets),
                    money.amounts("amount", std::move(aged.amounts)),
                    column::integers("open_items", std::move(aged.items))}};
  report.balances = {"balances",
                     {column::texts("customer", std::move(balances.customers)),
                      detail::money_columns::codes(balances.currencies),
                      money.amounts("balance", std::move(balances.amounts)),
                      money.amounts("overdue", std::move(overdue)),
                      money.amounts("unallocated", std::move(unallocated)),
                      column::integers("open_items", std::move(balances.items))}};
  report.totals = {"totals",
                   {detail::money_columns::codes(all.currencies),
                    detail::bucket_column(std::move(bucket_of_all), report.buckets),
                    money.amounts("amount", std::move(all.amounts)),
                    column::integers("open_items", std::move(all.items))}};
  report.findings = detail::findings_table(state.findings);
  return report;
}

inline constexpr std::string_view age_base_choices[] = {"due_date", "document_date"};
inline constexpr std::string_view edge_day_choices[] = {"younger", "older"};

inline constexpr option_description ageing_options[] = {
    {.name = "as_of",
     .what = option_content::day,
     .summary =
         "the day at whose end the ledger is looked at; documents and settlements of later days do not "
         "count",
     .required = true},
    {.name = "by",
     .what = option_content::choice,
     .summary = "the date from which a document's age is counted",
     .required = true,
     .choices = age_base_choices},
    {.name = "edges",
     .what = option_content::numbers,
     .summary = "ages at which one bucket ends and the next begins: whole, increasing, any number of them",
     .unit = "days",
     .allowed = {0, 3652424},
     .default_value = "30,60,90"},
    {.name = "edge_day",
     .what = option_content::choice,
     .summary = "the bucket of an age that is an edge: younger gives 1-30, 31-60; older gives 1-29, 30-59",
     .default_value = "younger",
     .choices = edge_day_choices},
    option_in_currency,
};

inline constexpr column_description ageing_columns[] = {
    {.name = "customer", .what = content::text, .summary = "who owes"},
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"},
    {.name = "bucket",
     .what = content::code,
     .summary = "by due date: not_due (the due date itself too), the ages, undated, unallocated; by document "
                "date: the ages, unallocated"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open in this bucket; below 0 where it is owed to the customer"},
    {.name = "open_items", .what = content::count, .summary = "documents that are not fully settled"},
};
inline constexpr column_description ageing_balance_columns[] = {
    {.name = "customer", .what = content::text, .summary = "each with a document up to as_of"},
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"},
    {.name = "balance", .what = content::amount, .unit = "currency", .summary = "the sum of all buckets"},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open of documents whose due date lies before as_of, whatever the buckets"},
    {.name = "unallocated",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "payments and other credits that settle nothing yet; 0 or below, unless a payment settled more "
         "than it brought"},
    {.name = "open_items", .what = content::count, .summary = "documents that are not fully settled"},
};
inline constexpr column_description ageing_total_columns[] = {
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"},
    {.name = "bucket", .what = content::code, .summary = "as in the table ageing; every bucket"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "sum over the customers"},
    {.name = "open_items", .what = content::count, .summary = "documents that are not fully settled"},
};

inline constexpr table_description ageing_outputs[] = {
    {.name = "ageing",
     .summary = "what is open by customer, currency and bucket; buckets without open documents have no row",
     .columns = ageing_columns},
    {.name = "balances",
     .summary = "one row a customer and currency, those with a balance of 0 too",
     .columns = ageing_balance_columns},
    {.name = "totals", .summary = "one row a currency and bucket", .columns = ageing_total_columns},
    {.name = "findings",
     .summary = "what in the ledger needs somebody's eye, document by document",
     .columns = ledger_finding_columns},
};

// Hong owes 1,000.00 due 2026-01-31. 400.00 of a payment of 500.00 settle it on 2026-02-20, late; 100.00 stay
// unallocated. As of 2026-03-02 the rest of 600.00 is 30 days overdue: the younger bucket takes the edge. The
// settlement of 2026-03-05 does not count yet. Of 250.00 due that very day nothing is overdue. Lan owes
// 80.00 EUR without a due date; in USD 300.00 are 70 days overdue, less a credit note that settles nothing.
inline constexpr example_table ageing_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,1000.00,EUR,2026-01-01,2026-01-31\n"
              "R2,Hong,invoice,250.00,EUR,2026-02-10,2026-03-02\n"
              "P1,Hong,payment,500.00,EUR,2026-02-18,\n"
              "R3,Lan,invoice,80.00,EUR,2026-02-01,\n"
              "R4,Lan,invoice,300.00,USD,2025-12-01,2025-12-22\n"
              "C1,Lan,credit_note,20.00,USD,2026-01-15,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2026-02-20,400.00,EUR\n"
                    "S2,R2,P1,2026-03-05,100.00,EUR\n"},
};
inline constexpr example_option ageing_example_options[] = {
    {"as_of", "2026-03-02"}, {"by", "due_date"}, {"edges", "30,60,90"}};
inline constexpr example_table ageing_example_expected[] = {
    {"ageing", "customer,currency,bucket,amount,open_items\n"
               "Hong,EUR,not_due,250.00,1\n"
               "Hong,EUR,1-30,600.00,1\n"
               "Hong,EUR,unallocated,-100.00,1\n"
               "Lan,EUR,undated,80.00,1\n"
               "Lan,USD,61-90,300.00,1\n"
               "Lan,USD,unallocated,-20.00,1\n"},
    {"balances", "customer,currency,balance,overdue,unallocated,open_items\n"
                 "Hong,EUR,750.00,600.00,-100.00,3\n"
                 "Lan,EUR,80.00,0.00,0.00,1\n"
                 "Lan,USD,280.00,300.00,-20.00,2\n"},
};
inline constexpr example ageing_examples[] = {
    {.what = verb::reduce,
     .summary = "a late partial payment, money that is not allocated, a document without due date",
     .source = "made for this page, to be checked by hand",
     .tables = ageing_example_rows,
     .options = ageing_example_options,
     .expected = ageing_example_expected}};

inline constexpr demo_input ageing_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option ageing_demo_options[] = {{"as_of", demo_today}, {"by", "due_date"}};
inline constexpr demo_shown ageing_demo_shown[] = {{"balances", "balance", "BALANCE"},
                                                   {"balances", "overdue", "OVERDUE"}};
inline constexpr demo_comparison ageing_demo_compared[] = {
    {demo_measure::exact, "balances", "balance", "truth", "balance", "customer"},
    {demo_measure::exact, "balances", "overdue", "truth", "overdue", "customer"},
    {demo_measure::exact, "totals", "amount", "truth_ageing", "amount", "bucket"},
};
inline constexpr demo_feed ageing_demo[] = {{.inputs = ageing_demo_inputs,
                                             .options = ageing_demo_options,
                                             .shown = ageing_demo_shown,
                                             .compared = ageing_demo_compared}};

inline constexpr entry_description ageing_description{
    .name = ageing_name,
    .what = verb::reduce,
    .summary = "open receivables by age as of any date, in buckets that always add up to the balance",
    .source = "common practice of receivables management; buckets and sides are options",
    .chinese = "账龄分析",
    .since = "0.1",
    .store = "ledger",
    .options = ageing_options,
    .outputs = ageing_outputs,
    .examples = ageing_examples,
    .demo = ageing_demo,
};

/// `credit.ageing` from the catalogue's side. \throws error as `age`
[[nodiscard]] inline result finish_ageing(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const age_base by = options.text("by") == "due_date" ? age_base::due_date : age_base::document_date;
  const edge_day belongs = options.text("edge_day") == "older" ? edge_day::older : edge_day::younger;
  const ageing_buckets buckets(options.numbers("edges"), belongs, by);
  ageing_report made =
      age(from, *options.day("as_of"), buckets, request.keys, request.how, in_currency_of(options));
  result tables;
  tables.tables.push_back(std::move(made.ageing));
  tables.tables.push_back(std::move(made.balances));
  tables.tables.push_back(std::move(made.totals));
  tables.tables.push_back(std::move(made.findings));
  return tables;
}

inline constexpr entry ageing_entry{.description = &ageing_description, .finish = finish_ageing};

} // namespace emptor::credit
