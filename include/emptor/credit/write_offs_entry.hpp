// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/write_offs.hpp>

namespace emptor::credit {

inline constexpr option_description write_offs_options[] = {
    option_as_of,
    option_by,
    {.name = "ages",
     .what = option_content::numbers,
     .summary = "how many days after its write-off a document is looked at, rising",
     .unit = "days",
     .allowed = {1, 36500},
     .default_value = "90,180,365,730"},
    {.name = "candidate_days",
     .what = option_content::integer,
     .summary = "how long overdue a document must be to be a candidate; three years are what China's tax "
                "office asks "
                "of a bad debt (announcement 25 of 2011, article 23)",
     .unit = "days",
     .allowed = {0, 36500},
     .default_value = "1095"},
    option_confidence,
};

inline constexpr column_description write_off_columns[] = {
    {.name = "document", .what = content::text, .summary = "what was written off"},
    {.name = "customer", .what = content::text, .summary = "whose document it is"},
    column_currency,
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of the document"},
    {.name = "written_off_on", .what = content::day, .summary = "the first time"},
    {.name = "written_off", .what = content::amount, .unit = "currency", .summary = "all write-offs of it"},
    {.name = "taken_back",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the write-offs, since"},
    {.name = "recovered",
     .what = content::amount,
     .unit = "currency",
     .summary = "what was paid from written_off_on on, up to written_off"},
    {.name = "recovered_on",
     .what = content::day,
     .summary = "the last day of a payment since",
     .optional = true},
    {.name = "lost",
     .what = content::amount,
     .unit = "currency",
     .summary = "written_off less the larger of taken_back and recovered: what was taken back for nothing is "
                "open again"},
};
inline constexpr column_description recovery_columns[] = {
    column_group,
    column_currency,
    {.name = "age",
     .unit = "days",
     .summary = "after the write-off; none = up to as_of, however long that is",
     .optional = true},
    {.name = "documents",
     .what = content::count,
     .unit = "documents",
     .summary = "written off at least that long before as_of: younger ones could not recover as much yet"},
    {.name = "given_up",
     .what = content::amount,
     .unit = "currency",
     .summary = "lost + recovered of these documents, up to as_of"},
    {.name = "recovered", .what = content::amount, .unit = "currency", .summary = "of it, up to that age"},
    {.name = "rate",
     .unit = "share",
     .summary = "recovered / given_up",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "rate_low",
     .unit = "share",
     .summary = "lower end of its interval over customers (Cochran, Wilson); none for fewer than two of them",
     .optional = true},
    {.name = "rate_high", .unit = "share", .summary = "its upper end", .optional = true},
};
inline constexpr column_description candidate_columns[] = {
    {.name = "document", .what = content::text, .summary = "what is long overdue"},
    {.name = "customer", .what = content::text, .summary = "who owes it"},
    column_currency,
    {.name = "due_date", .what = content::day, .summary = "when it was due"},
    {.name = "days_overdue", .what = content::count, .unit = "days", .summary = "as_of - due_date"},
    {.name = "open", .what = content::amount, .unit = "currency", .summary = "what of it is open"},
    {.name = "last_payment_on",
     .what = content::day,
     .summary = "the last payment of some of it",
     .optional = true},
};
inline constexpr table_description write_offs_outputs[] = {
    {.name = "write_offs",
     .summary = "one row a document of which some was written off",
     .columns = write_off_columns},
    {.name = "recovery",
     .summary = "one row a group, currency and age at which there are documents, and one of all up to as_of",
     .columns = recovery_columns},
    {.name = "candidates", .summary = "documents that might be written off", .columns = candidate_columns},
    {.name = "findings",
     .summary = "what the ledger says that needs somebody's eye",
     .columns = ledger_finding_columns},
};

// I1 is written off on 2025-06-30; 90 days later Li pays 300 of it, for which so much of the write-off is taken back. I2 is
// written off on 2026-06-30. After 90 days 300 of 1500 have come, after 365 days 300 of the 1000 that are so old.
inline constexpr example_table write_offs_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "I1,Li,invoice,1000.00,EUR,2024-01-10,2024-02-09\n"
              "I2,Wang,invoice,500.00,EUR,2025-01-10,2025-02-09\n"
              "I3,Wang,invoice,800.00,EUR,2022-12-01,2022-12-31\n"
              "W1,Li,write_off,1000.00,EUR,2025-06-30,\n"
              "W2,Wang,write_off,500.00,EUR,2026-06-30,\n"
              "P1,Li,payment,300.00,EUR,2025-09-28,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,I1,W1,2025-06-30,1000.00,EUR\n"
                    "S2,I2,W2,2026-06-30,500.00,EUR\n"
                    "S3,I1,W1,2025-09-28,-300.00,EUR\n"
                    "S4,I1,P1,2025-09-28,300.00,EUR\n"},
};
inline constexpr example_option write_offs_example_options[] = {
    {"as_of", "2026-12-31"}, {"by", "all"}, {"ages", "90,365"}};
inline constexpr example_table write_offs_example_expected[] = {
    {"write_offs",
     "document,customer,currency,amount,written_off_on,written_off,taken_back,recovered,recovered_on,lost\n"
     "I1,Li,EUR,1000.00,2025-06-30,1000.00,300.00,300.00,2025-09-28,700.00\n"
     "I2,Wang,EUR,500.00,2026-06-30,500.00,0.00,0.00,,500.00\n"},
    {"recovery", "group,currency,age,documents,given_up,recovered,rate\n"
                 "all,EUR,90,2,1500.00,300.00,0.2\n"
                 "all,EUR,365,1,1000.00,300.00,0.3\n"
                 "all,EUR,,2,1500.00,300.00,0.2\n"},
    {"candidates", "document,customer,currency,due_date,days_overdue,open\n"
                   "I3,Wang,EUR,2022-12-31,1461,800.00\n"},
};
inline constexpr example write_offs_examples[] = {
    {.what = verb::reduce,
     .summary = "two write-offs, of which one came back in part, and a candidate",
     .source = "made for this page, by hand",
     .tables = write_offs_example_rows,
     .options = write_offs_example_options,
     .expected = write_offs_example_expected,
     .tolerance = 1e-12}};

inline constexpr demo_input write_offs_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option write_offs_demo_options[] = {{"as_of", demo_today}, {"by", "all"}};
inline constexpr demo_feed write_offs_demo[] = {
    {.inputs = write_offs_demo_inputs, .options = write_offs_demo_options}};

inline constexpr entry_description write_offs_description{
    .name = write_offs_name,
    .what = verb::reduce,
    .summary =
        "what was written off, how much of it came back and how soon, and what might be written off next",
    .source = "W. G. Cochran, Sampling Techniques, 3rd edition 1977; E. B. Wilson, JASA 22 (1927)",
    .chinese = "坏账核销与收回",
    .since = "0.1",
    .store = "ledger",
    .options = write_offs_options,
    .outputs = write_offs_outputs,
    .examples = write_offs_examples,
    .demo = write_offs_demo,
};

namespace detail {

/// The tables of `credit.write_offs`, filled group by group.
class write_offs_tables {
public:
  write_offs_tables(const stats::ledger& from, const write_off_reader& reader, std::int32_t today,
                    std::int32_t candidate_days, double confidence)
      : from_(from)
      , reader_(reader)
      , today_(today)
      , candidate_days_(candidate_days)
      , quantiles_(confidence) {}

  void add(const document_group& group, const stats::settled_items& history) {
    recovery_sums sums(reader_.ages().size());
    for (const stats::open_item& one : group.items) {
      if (!stats::is_debit(one.kind))
        continue;
      const std::uint32_t customer = from_.items()[one.row].customer;
      if (auto found = reader_.of(one, number_of(one))) {
        sums.add(*found, customer, reader_.ages(), today_);
        written_off_.push_back({customer_and_number(one), one, std::move(*found)});
      }
      if (one.open > 0 && one.due != stats::ledger::no_day && one.due <= today_ - candidate_days_ &&
          one.due < today_)
        candidates_.push_back({customer_and_number(one), one, last_payment(history, one)});
    }
    for (std::size_t i = 0; i < sums.all().size(); ++i) {
      const recovery_sums::sum& sum = sums.all()[i];
      if (sum.documents == 0)
        continue;
      groups_.add(group);
      ages_.push_back(i < reader_.ages().size() ? static_cast<double>(reader_.ages()[i])
                                                : std::numeric_limits<double>::quiet_NaN());
      documents_.push_back(sum.documents);
      given_up_.push_back(fitting(write_offs_name, sum.given_up, "amount given up", group.shown()));
      recovered_.push_back(fitting(write_offs_name, sum.recovered, "amount recovered", group.shown()));
      const stats::ratio_of_sums ratio = recovery_sums::ratio_of(sum);
      const stats::interval ends = ratio.share_interval_of(quantiles_);
      const double values[] = {ratio.value(), ends.low, ends.high};
      for (std::size_t k = 0; k < std::size(values); ++k)
        rates_[k].push_back(values[k]);
    }
  }

  void put_into(result& made) {
    made.tables.push_back(write_offs());
    made.tables.push_back(recovery());
    made.tables.push_back(candidates());
  }

private:
  using name = std::tuple<std::string_view, std::string_view>;
  struct written_off {
    name of;
    stats::open_item document;
    written_off_document found;
  };
  struct candidate {
    name of;
    stats::open_item document;
    std::int32_t last_payment;
  };

  [[nodiscard]] std::string_view number_of(const stats::open_item& one) const noexcept {
    return from_.document(from_.items()[one.row].document);
  }
  [[nodiscard]] name customer_and_number(const stats::open_item& one) const noexcept {
    return {from_.customer(from_.items()[one.row].customer), number_of(one)};
  }
  [[nodiscard]] static std::int32_t last_payment(const stats::settled_items& history,
                                                 const stats::open_item& of) {
    std::int32_t last = stats::ledger::no_day;
    for (const stats::settled_part& part : history.parts_of(of)) {
      if (part.kind() == stats::document_kind::payment && part.amount > 0)
        last = std::max(last, part.day());
    }
    return last;
  }
  /// Sorts rows by customer and document, and gives the columns that name them.
  template <class Rows>
  [[nodiscard]] std::pair<std::vector<column>, money_columns> named(Rows& rows) const {
    std::sort(rows.begin(), rows.end(),
              [](const auto& left, const auto& right) { return left.of < right.of; });
    text_buffer documents;
    text_buffer customers;
    std::vector<stats::currency_code> currencies;
    for (const auto& one : rows) {
      customers.push_back(std::get<0>(one.of));
      documents.push_back(std::get<1>(one.of));
      currencies.push_back(one.document.currency);
    }
    std::vector<column> columns{column::texts("document", std::move(documents)),
                                column::texts("customer", std::move(customers)),
                                money_columns::codes(currencies)};
    return {std::move(columns), money_columns{{currencies.begin(), currencies.end()}}};
  }
  template <class Rows, class Of>
  [[nodiscard]] static auto values(const Rows& rows, const Of& of) {
    std::vector<std::decay_t<decltype(of(rows.front()))>> made;
    for (const auto& one : rows)
      made.push_back(of(one));
    return made;
  }

  [[nodiscard]] table write_offs() {
    const auto [names, money] = named(written_off_);
    const auto& rows = written_off_;
    table made("write_offs", names);
    made.add(
        money.amounts("amount", values(rows, [](const written_off& one) { return one.document.amount; })));
    made.add(
        column::days("written_off_on", values(rows, [](const written_off& one) { return one.found.since; })));
    made.add(money.amounts("written_off",
                           values(rows, [](const written_off& one) { return one.found.written_off; })));
    made.add(money.amounts("taken_back",
                           values(rows, [](const written_off& one) { return one.found.taken_back; })));
    made.add(
        money.amounts("recovered", values(rows, [](const written_off& one) { return one.found.recovered; })));
    made.add(column::days("recovered_on",
                          values(rows, [](const written_off& one) { return one.found.recovered_on; }))
                 .or_none());
    made.add(money.amounts("lost", values(rows, [](const written_off& one) { return one.found.lost(); })));
    return made;
  }
  [[nodiscard]] table recovery() {
    table made("recovery");
    const money_columns money = groups_.money();
    groups_.put_into(made);
    made.add(column::numbers("age", std::move(ages_)).or_none());
    made.add(column::integers("documents", std::move(documents_)));
    made.add(money.amounts("given_up", std::move(given_up_)));
    made.add(money.amounts("recovered", std::move(recovered_)));
    const char* const titles[] = {"rate", "rate_low", "rate_high"};
    for (std::size_t k = 0; k < std::size(titles); ++k)
      made.add(column::numbers(titles[k], std::move(rates_[k])).or_none());
    return made;
  }
  [[nodiscard]] table candidates() {
    const auto [names, money] = named(candidates_);
    const auto& rows = candidates_;
    table made("candidates", names);
    made.add(column::days("due_date", values(rows, [](const candidate& one) { return one.document.due; })));
    made.add(column::integers("days_overdue", values(rows, [this](const candidate& one) {
                                return std::int64_t{today_ - one.document.due};
                              })));
    made.add(money.amounts("open", values(rows, [](const candidate& one) { return one.document.open; })));
    made.add(
        column::days("last_payment_on", values(rows, [](const candidate& one) { return one.last_payment; }))
            .or_none());
    return made;
  }

  const stats::ledger& from_;
  const write_off_reader& reader_;
  std::int32_t today_;
  std::int32_t candidate_days_;
  stats::student_quantiles quantiles_;
  std::vector<written_off> written_off_;
  std::vector<candidate> candidates_;
  group_columns groups_;
  std::vector<double> ages_;
  std::vector<std::int64_t> documents_;
  std::vector<std::int64_t> given_up_;
  std::vector<std::int64_t> recovered_;
  std::vector<double> rates_[3];
};

/// \throws error status::option unless they are whole and rise
[[nodiscard]] inline std::vector<std::int32_t> write_off_ages(const std::vector<double>& given) {
  std::vector<std::int32_t> ages;
  for (const double one : given) {
    if (one != std::floor(one) || (!ages.empty() && one <= ages.back()))
      throw error(status::option, message(write_offs_name, "option ages", -1, to_text(one),
                                          "whole days, each more than the one before"));
    ages.push_back(static_cast<std::int32_t>(one));
  }
  return ages;
}

} // namespace detail

/// `credit.write_offs` from the catalogue's side. \throws error as `stats::open_items`; status::option, status::overflow
[[nodiscard]] inline result finish_write_offs(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  std::vector<std::int32_t> ages = detail::write_off_ages(options.numbers("ages"));
  stats::settled_items history(from, as_of, stats::settled_side::debits, request.keys, request.how);
  const write_off_reader reader(history, std::move(ages));
  detail::write_offs_tables tables(from, reader, days_since_epoch(as_of),
                                   static_cast<std::int32_t>(options.integer("candidate_days")),
                                   options.number("confidence"));
  std::size_t done = 0;
  for_each_group(write_offs_name, from, history.state, options.text("by"), !request.keys,
                 [&](const document_group& group) {
                   if (done++ % 1024 == 0 && request.how.cancelled())
                     request.how.check(1.0);
                   tables.add(group, history);
                 });
  result made;
  tables.put_into(made);
  made.tables.push_back(detail::findings_table(history.state.findings));
  return made;
}

inline constexpr entry write_offs_entry{.description = &write_offs_description, .finish = finish_write_offs};

} // namespace emptor::credit
