// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/provision_description.hpp>

namespace emptor::credit {

// IFRS 9, illustrative example 12: 15,000,000 current at 0.3 %, 7,500,000 up to 30 days at 1.6 %, 4,000,000 up to 60 at
// 3.6 %, 2,500,000 up to 90 at 6.6 %, 1,000,000 beyond at 10.6 %: 45,000 + 120,000 + 144,000 + 165,000 + 106,000.
inline constexpr example_table provision_given_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,An,invoice,15000000,EUR,2025-12-01,2026-01-15\n"
              "R2,Bo,invoice,7500000,EUR,2025-11-20,2025-12-20\n"
              "R3,Cai,invoice,4000000,EUR,2025-10-15,2025-11-15\n"
              "R4,Bo,invoice,2500000,EUR,2025-09-15,2025-10-15\n"
              "R5,Cai,invoice,1000000,EUR,2025-08-01,2025-09-01\n"}};
inline constexpr example_table provision_given_model[] = {
    {"rates", "bucket,rate\nnot_due,0.003\n1-30,0.016\n31-60,0.036\n61-90,0.066\n91+,0.106\n"},
    {"allowance", "currency,opening,write_offs\nEUR,500000,20000\n"}};
inline constexpr example_slot provision_given_slots[] = {
    {"matrix", provision_matrix_name, provision_given_model, {}}};
inline constexpr example_option provision_given_options[] = {{"as_of", "2025-12-31"}};
inline constexpr example_table provision_given_expected[] = {
    {"matrix", "group,currency,bucket,open_items,balance,base_rate,rate,provision\n"
               "all,EUR,not_due,1,15000000.00,0.003,0.003,45000.00\n"
               "all,EUR,1-30,1,7500000.00,0.016,0.016,120000.00\n"
               "all,EUR,31-60,1,4000000.00,0.036,0.036,144000.00\n"
               "all,EUR,61-90,1,2500000.00,0.066,0.066,165000.00\n"
               "all,EUR,91+,1,1000000.00,0.106,0.106,106000.00\n"},
    {"customers", "customer,owed,provision\nAn,15000000.00,45000.00\nBo,10000000.00,285000.00\n"
                  "Cai,5000000.00,250000.00\n"},
    {"reconciliation", "currency,matrix,balance,ledger_balance,difference,provision,net_amount\n"
                       "EUR,30000000.00,30000000.00,30000000.00,0.00,580000.00,29420000.00\n"},
    {"movement", "currency,opening,write_offs,recoveries,charge,closing\n"
                 "EUR,500000.00,20000.00,0.00,100000.00,580000.00\n"},
    {"journal", "currency,line,event,account,debit,credit\n"
                "EUR,1,write_off,loss_allowance,20000.00,0.00\n"
                "EUR,2,write_off,receivables,0.00,20000.00\n"
                "EUR,3,addition,impairment_loss,100000.00,0.00\n"
                "EUR,4,addition,loss_allowance,0.00,100000.00\n"},
};

// Of sales of 100,000 in January 2025, due on 2025-01-31, 50,000 were paid on time, 27,000 after 20 days, 15,000 after
// 45, 6,000 after 75, and 2,000 never: 2 % of all, 4 % of what was late, 2,000 / 23,000, 25 and 100 %. Applied to 300,000,
// 140,000, 60,000, 23,000 and 5,000 (of which the 2,000) they give 6,000 + 5,600 + 5,217.39 + 5,750 + 5,000.
inline constexpr example_table provision_vintage_rows[] = {
    {"items",
     "document,customer,kind,amount,currency,document_date,due_date\n"
     "S1,An,invoice,50000,EUR,2025-01-02,2025-01-31\nS2,An,invoice,27000,EUR,2025-01-09,2025-01-31\n"
     "S3,An,invoice,15000,EUR,2025-01-15,2025-01-31\nS4,An,invoice,6000,EUR,2025-01-20,2025-01-31\n"
     "S5,An,invoice,2000,EUR,2025-01-25,2025-01-31\n"
     "P1,An,payment,50000,EUR,2025-01-31,\nP2,An,payment,27000,EUR,2025-02-20,\n"
     "P3,An,payment,15000,EUR,2025-03-17,\nP4,An,payment,6000,EUR,2025-04-16,\n"
     "R1,An,invoice,300000,EUR,2025-12-10,2026-01-09\nR2,An,invoice,140000,EUR,2025-11-20,2025-12-20\n"
     "R3,An,invoice,60000,EUR,2025-10-15,2025-11-15\nR4,An,invoice,23000,EUR,2025-09-15,2025-10-15\n"
     "R5,An,invoice,3000,EUR,2025-08-01,2025-09-01\n"},
    {"settlements",
     "settlement,document,settling_document,date,amount,currency\n"
     "A1,S1,P1,2025-01-31,50000,EUR\nA2,S2,P2,2025-02-20,27000,EUR\nA3,S3,P3,2025-03-17,15000,EUR\n"
     "A4,S4,P4,2025-04-16,6000,EUR\n"}};
inline constexpr example_option provision_vintage_options[] = {
    {"as_of", "2025-12-31"}, {"method", "vintage"}, {"loss_after", "180"}};
inline constexpr example_table provision_vintage_expected[] = {
    {"matrix", "bucket,balance,reached,lost,rate,provision\n"
               "not_due,300000.00,100000.00,2000.00,0.02,6000.00\n"
               "1-30,140000.00,50000.00,2000.00,0.04,5600.00\n"
               "31-60,60000.00,23000.00,2000.00,0.08695652173913043,5217.39\n"
               "61-90,23000.00,8000.00,2000.00,0.25,5750.00\n"
               "91+,5000.00,2000.00,2000.00,1,5000.00\n"},
    {"reconciliation", "balance,provision\n528000.00,27567.39\n"}};
inline constexpr example provision_examples[] = {
    {.what = verb::reduce,
     .summary = "given rates on 30 million, and what to post",
     .source = "IFRS 9, illustrative example 12; the allowance made for this page",
     .tables = provision_given_rows,
     .options = provision_given_options,
     .expected = provision_given_expected,
     .slots = provision_given_slots},
    {.what = verb::reduce,
     .summary = "rates from one month's sales, applied to what is open now",
     .source = "the worked example of the IFRS community on loss rates from a month's sales",
     .tables = provision_vintage_rows,
     .options = provision_vintage_options,
     .expected = provision_vintage_expected,
     .tolerance = 1e-14},
};

inline constexpr example_option provision_demo_options[] = {{"as_of", demo_today}, {"method", "vintage"}};
inline constexpr demo_feed provision_demo[] = {
    {.inputs = rolled_demo_inputs, .options = provision_demo_options}};

inline constexpr entry_description provision_matrix_description{
    .name = provision_matrix_name,
    .what = verb::reduce,
    .summary = "expected credit losses by ageing bucket, given or estimated, reconciled to the ledger and "
               "ready to post",
    .source = "IFRS 9 Financial Instruments, 5.5.15 and B5.5.35, illustrative example 12",
    .chinese = "坏账准备, 预期信用损失",
    .since = "0.1",
    .store = "ledger",
    .options = provision_options,
    .slots = provision_slots,
    .outputs = provision_outputs,
    .model_tables = provision_model_tables,
    .examples = provision_examples,
    .demo = provision_demo,
};

namespace detail {

/// The rates of each group, and those of all groups. \throws error status::option, and what the estimates throw
[[nodiscard]] inline std::pair<loss_rates, loss_rates> estimated_losses(const stats::ledger& from,
                                                                        const finish_request& request,
                                                                        const matrix_request& asked,
                                                                        loss_method method) {
  const option_values& options = request.options;
  const double confidence = options.number("confidence");
  const auto estimate = [&](std::string_view by) {
    if (method != loss_method::vintage) {
      const roll_rates_request rolled{.days = snapshot_days(options, provision_matrix_name),
                                      .buckets = asked.buckets,
                                      .age_from = asked.age_from,
                                      .loss_of_last = options.number("loss_of_last"),
                                      .confidence = confidence};
      return rolled_losses(from, rolled, method == loss_method::transition, by, request.keys, request.how);
    }
    vintage_request vintage{.as_of = days_since_epoch(asked.as_of),
                            .buckets = asked.buckets,
                            .age_from = asked.age_from,
                            .loss_after = static_cast<std::int32_t>(options.integer("loss_after")),
                            .confidence = confidence};
    if (const std::int32_t oldest = asked.buckets.starts().back(); vintage.loss_after < oldest)
      throw error(status::option,
                  message(provision_matrix_name, "option loss_after", -1, std::to_string(vintage.loss_after),
                          "at least " + std::to_string(oldest) + ", where the oldest bucket begins"));
    if (const auto first = options.day("sales_from"))
      vintage.sales_from = days_since_epoch(*first);
    if (const auto last = options.day("sales_until"))
      vintage.sales_until = days_since_epoch(*last);
    return vintage_losses(from, vintage, by, request.keys, request.how);
  };
  return {estimate(options.text("by")), estimate("all")};
}

} // namespace detail

/// `credit.provision_matrix` from the catalogue's side. \throws error as `provision_matrix`, and what its options,
/// tables and estimates throw
[[nodiscard]] inline result finish_provision_matrix(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const model* given = request.slot("matrix");
  const auto method = options.choice<loss_method>("method", loss_method_choices);
  const age_base age_from = options.choice<age_base>("age_from", age_base_choices);
  const date as_of = *options.day("as_of");
  const matrix_request asked{
      .as_of = as_of,
      .buckets = buckets_of(options, provision_matrix_name, age_from),
      .age_from = age_from,
      .credits = options.choice<loose_credits>("credits", loose_credits_choices),
      .movement_from = days_since_epoch(
          options.day("movement_from").value_or(date{std::chrono::year_month_day{as_of}.year() / 1 / 1}))};
  if (method == loss_method::given && (given == nullptr || given->find("rates") == nullptr))
    throw error(status::schema, std::string(provision_matrix_name) +
                                    ": method given needs a model with a table rates in slot matrix");
  std::optional<std::pair<loss_rates, loss_rates>> estimated;
  if (method != loss_method::given)
    estimated = detail::estimated_losses(from, request, asked, method);
  const provision_rates rates(given, asked.buckets.labels(), estimated ? &estimated->first : nullptr,
                              estimated ? &estimated->second : nullptr, options.number("overlay_factor"),
                              options.number("overlay_addition"));
  provision_report made =
      provision_matrix(from, asked, rates, given, options.text("by"), request.keys, request.how);
  result tables;
  for (table* one :
       {&made.matrix, &made.customers, &made.specific, &made.reconciliation, &made.movement, &made.journal})
    tables.tables.push_back(std::move(*one));
  return tables;
}

/// \throws error status::schema for a model without tables, and what `specific_rules` throws
inline void check_provision_model(const model& made) {
  if (made.tables.empty())
    throw error(status::schema, std::string(provision_matrix_name) + ": its model needs at least one table");
  const specific_rules specific(made.find("specific") == nullptr ? nullptr : &made);
}

inline constexpr entry provision_matrix_entry{.description = &provision_matrix_description,
                                              .finish = finish_provision_matrix,
                                              .check_model = check_provision_model};

} // namespace emptor::credit
