// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/late_interest_description.hpp>
#include <emptor/credit/late_interest_report.hpp>

namespace emptor::credit {

// R1 was due on 2026-01-31 and paid on 2026-03-02: 28 days at 9 % and 2 at 12 %, (1,000 x 28 x 0.09 + 1,000 x 2 x 0.12) / 365
// = 7.5616, of which 7.00 were charged in between. R2: 2,000 for 10 days and 1,500 for 3 at 9 %, then 31 days at 12 %, 7,785 /
// 365 = 21.3288. R3: 300 for 6 days at 12 %, 0.5918.
inline constexpr example_table late_interest_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,1000.00,EUR,2026-01-01,2026-01-31\n"
              "R2,Hong,invoice,2000.00,EUR,2026-01-15,2026-02-15\n"
              "R3,Lan,invoice,300.00,EUR,2026-02-25,2026-03-25\n"
              "R4,Lan,invoice,900.00,EUR,2026-03-01,2026-03-31\n"
              "P1,Hong,payment,1500.00,EUR,2026-02-25,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R2,P1,2026-02-25,500.00,EUR\n"
                    "S2,R1,P1,2026-03-02,1000.00,EUR\n"}};
inline constexpr example_table late_interest_example_policy[] = {
    {"rates", "from,rate\n2020-01-01,0.09\n2026-03-01,0.12\n"}, {"fees", "fee,currency\n40,EUR\n"}};
inline constexpr example_table late_interest_example_charged[] = {
    {"charged", "document,interest,fee\nR1,7,40\n"}};
inline constexpr example_slot late_interest_example_slots[] = {
    {"policy", late_interest_name, late_interest_example_policy, {}},
    {"charged", late_interest_name, late_interest_example_charged, {}}};
inline constexpr example_option late_interest_example_options[] = {{"as_of", "2026-03-31"}};
inline constexpr example_table late_interest_example_expected[] = {
    {"documents",
     "document,customer,currency,due_date,days_late,open,interest,charged,to_charge,fee,fee_to_charge\n"
     "R1,Hong,EUR,2026-01-31,30,0.00,7.56,7.00,0.56,40.00,0.00\n"
     "R2,Hong,EUR,2026-02-15,44,1500.00,21.33,0.00,21.33,40.00,40.00\n"
     "R3,Lan,EUR,2026-03-25,6,300.00,0.59,0.00,0.59,40.00,40.00\n"},
    {"segments", "document,from,until,days,balance,rate\n"
                 "R1,2026-02-01,2026-02-28,28,1000.00,0.09\n"
                 "R1,2026-03-01,2026-03-02,2,1000.00,0.12\n"
                 "R2,2026-02-16,2026-02-25,10,2000.00,0.09\n"
                 "R2,2026-02-26,2026-02-28,3,1500.00,0.09\n"
                 "R2,2026-03-01,2026-03-31,31,1500.00,0.12\n"
                 "R3,2026-03-26,2026-03-31,6,300.00,0.12\n"},
    {"customers", "customer,currency,documents,interest,to_charge,fee_to_charge,total\n"
                  "Hong,EUR,2,28.89,21.89,40.00,61.89\n"
                  "Lan,EUR,1,0.59,0.59,40.00,40.59\n"},
};
inline constexpr example_slot late_interest_first_slots[] = {
    {"policy", late_interest_name, late_interest_example_policy, {}}};
inline constexpr example_table late_interest_first_expected[] = {
    {"documents", "document,days_late,open,interest,charged,to_charge,fee_to_charge\n"
                  "R1,30,0.00,7.56,0.00,7.56,40.00\n"
                  "R2,44,1500.00,21.33,0.00,21.33,40.00\n"
                  "R3,6,300.00,0.59,0.00,0.59,40.00\n"}};
inline constexpr example late_interest_examples[] = {
    {.what = verb::reduce,
     .summary = "a paid invoice that still owes its interest, a part payment, a change of rate",
     .source = "made for this page, to be checked by hand",
     .tables = late_interest_example_rows,
     .options = late_interest_example_options,
     .expected = late_interest_first_expected,
     .slots = late_interest_first_slots},
    {.what = verb::reduce,
     .summary = "the same after some of it was charged",
     .source = "made for this page, to be checked by hand",
     .tables = late_interest_example_rows,
     .options = late_interest_example_options,
     .expected = late_interest_example_expected,
     .slots = late_interest_example_slots}};

inline constexpr demo_input late_interest_demo_inputs[] = {
    {"items", "items"}, {"settlements", "settlements"}, {"policy", "interest_rates"}};
inline constexpr example_option late_interest_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_feed late_interest_demo[] = {
    {.inputs = late_interest_demo_inputs, .options = late_interest_demo_options}};

inline constexpr entry_description late_interest_description{
    .name = late_interest_name,
    .what = verb::reduce,
    .summary =
        "interest for late payment over the history of each balance, and what of it is still to be charged",
    .source = "ISDA 2006 Definitions 4.16 for the day counts; directive 2011/7/EU for what it is used for",
    .chinese = "逾期利息",
    .since = "0.1",
    .store = "ledger",
    .options = late_interest_options,
    .slots = late_interest_slots,
    .outputs = late_interest_outputs,
    .model_tables = late_interest_model_tables,
    .examples = late_interest_examples,
    .demo = late_interest_demo,
};

/// `credit.late_interest` from the catalogue's side. \throws error as `interest_of` and `stats::open_items`, and what the
/// tables of its models throw
[[nodiscard]] inline result finish_late_interest(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  constexpr int months[] = {0, 1, 3, 12};
  const date as_of = *options.day("as_of");
  const interest_terms terms{.as_of = days_since_epoch(as_of),
                             .count = options.choice<day_count>("day_count", day_count_choices),
                             .compounding_months =
                                 months[options.choice<std::size_t>("compounding", compounding_choices)],
                             .grace = static_cast<std::int32_t>(options.integer("grace")),
                             .from_due_date = options.text("interest_from") == "due_date"};
  const bool debit_notes = options.boolean("debit_notes");
  const model* policy = request.slot("policy");
  const model* earlier = request.slot("charged");
  const given_table given_rates(late_interest_name, policy, "rates");
  if (given_rates.rows() == 0)
    throw error(status::schema, std::string(late_interest_name) +
                                    ": the model in slot policy needs a table rates with at least one rate");
  const dated_rates rates(given_rates);
  const given_table given_fees(late_interest_name, policy, "fees");
  const detail::interest_fees fees(given_fees);
  const bool has_earlier = earlier != nullptr && earlier->find("charged") != nullptr;
  const given_table charged(late_interest_name, has_earlier ? earlier : policy, "charged");
  const auto charged_rows = detail::charged_rows(charged, from);

  stats::settled_items history(from, as_of, stats::settled_side::debits, request.keys, request.how);
  detail::snapshot_walk walk(history);
  detail::interest_writer writer;
  const auto items = from.items().rows();
  std::vector<stats::open_item> sorted;
  std::vector<interest_segment> segments;
  std::size_t done = 0;
  for_each_group(late_interest_name, from, history.state, "customer", !request.keys,
                 [&](const document_group& group) {
                   if (++done % 4096 == 0 && request.how.cancelled())
                     request.how.check(1.0);
                   const std::vector<dated_rates::step> steps = rates.of(group.currency);
                   sorted.clear();
                   for (const stats::open_item& one : group.items) {
                     if (stats::is_debit(one.kind))
                       sorted.push_back(one);
                   }
                   const auto name_of = [&](const stats::open_item& one) {
                     return from.document(items[one.row].document);
                   };
                   std::sort(sorted.begin(), sorted.end(),
                             [&](const stats::open_item& left, const stats::open_item& right) {
                               return name_of(left) < name_of(right);
                             });
                   for (const stats::open_item& one : sorted) {
                     const std::string_view document = name_of(one);
                     const bool bears = one.due != stats::ledger::no_day &&
                                        (one.kind == stats::document_kind::invoice ||
                                         (debit_notes && one.kind == stats::document_kind::debit_note));
                     segments.clear();
                     item_interest found{.due = one.due};
                     if (bears) {
                       walk.begin(one);
                       found = interest_of(terms, steps, one, document, walk, segments);
                     }
                     const auto before = charged_rows.find(document);
                     if (found.days_late == 0 && before == charged_rows.end())
                       continue;
                     wide_integer interest = 0;
                     wide_integer fee = 0;
                     if (before != charged_rows.end()) {
                       for (const std::int64_t row : before->second) {
                         interest += charged.minor_units("interest", row, group.currency);
                         fee += charged.minor_units("fee", row, group.currency);
                       }
                     }
                     const std::int64_t own_fee = found.days_late > 0 ? fees.of(group.currency) : 0;
                     const auto fits = [&](wide_integer sum) {
                       return detail::fitting(late_interest_name, sum, "interest", document);
                     };
                     const auto open = std::clamp<std::int64_t>(one.open, 0, one.amount);
                     writer.add({document,
                                 group.name,
                                 group.currency,
                                 found.due,
                                 found.days_late,
                                 {open, found.interest, fits(interest), fits(found.interest - interest),
                                  own_fee, fits(own_fee - fee)}});
                     for (const interest_segment& segment : segments)
                       writer.add(document, group.currency, segment);
                   }
                 });
  return writer.tables();
}

/// Refuses tables that make no sense by themselves. \throws error status::schema, status::data
inline void check_late_interest_model(const model& made) {
  if (made.tables.empty())
    throw error(status::schema, std::string(late_interest_name) + ": its model needs at least one table");
  const given_table rates(late_interest_name, &made, "rates");
  static_cast<void>(dated_rates(rates));
  const given_table fees(late_interest_name, &made, "fees");
  static_cast<void>(detail::interest_fees(fees));
}

inline constexpr entry late_interest_entry{.description = &late_interest_description,
                                           .finish = finish_late_interest,
                                           .check_model = check_late_interest_model};

} // namespace emptor::credit
