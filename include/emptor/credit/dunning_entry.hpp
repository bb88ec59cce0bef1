// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/dunning.hpp>
#include <emptor/credit/roll_rates_entry.hpp>
#include <emptor/stats/open_disputes.hpp>

namespace emptor::credit {

inline constexpr std::string_view dunning_letters_choices[] = {"one", "per_level"};
inline constexpr std::string_view dunning_credits_choices[] = {"net", "apart"};
inline constexpr option_description dunning_options[] = {
    option_as_of,
    {.name = "letters",
     .what = option_content::choice,
     .summary =
         "one: a letter a customer and currency, at the highest level that one of its documents has come to; "
         "per_level: one for each level",
     .default_value = "one",
     .choices = dunning_letters_choices},
    {.name = "credits",
     .what = option_content::choice,
     .summary = "payments and credit notes that settle nothing yet: net, they come off the letter of the "
                "highest level "
                "first, and none goes out where they cover it; apart, letters do not look at them",
     .default_value = "net",
     .choices = dunning_credits_choices},
    {.name = "minimum_item",
     .summary = "documents of which less is open are left out",
     .unit = "currency",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "interval",
     .what = option_content::integer,
     .summary = "days that must lie between two letters about a document, of levels without an interval of "
                "their own",
     .unit = "days",
     .allowed = {1, 3650},
     .default_value = "7"},
    {.name = "disputes",
     .what = option_content::boolean,
     .summary = "whether a document of which something is disputed in the ledger on as_of is left out, as if "
                "it were in "
                "table stops",
     .default_value = "true"},
};

inline constexpr domain dunning_days{1, 36525};
inline constexpr column_description dunning_level_columns[] = {
    {.name = "level", .what = content::count, .summary = "1, 2, 3, ... without a gap", .allowed = {1, 1000}},
    {.name = "days",
     .what = content::count,
     .unit = "days",
     .summary = "after the due date, more than those of the level before",
     .allowed = dunning_days},
    {.name = "fee",
     .unit = "currency",
     .summary = "once a letter, whatever its interest (default: 0)",
     .allowed = {0.0, 1e12},
     .optional = true},
    {.name = "minimum_amount",
     .unit = "currency",
     .summary = "no letter of this level is about less (default: 0)",
     .allowed = {0.0, 1e12},
     .optional = true},
    {.name = "interval",
     .what = content::count,
     .unit = "days",
     .summary = "that must lie between the letter before and this one (default: option interval)",
     .allowed = {1, 3650},
     .optional = true},
    {.name = "text", .what = content::text, .summary = "the key of the letter's text", .optional = true},
    {.name = "currency",
     .what = content::text,
     .summary = "of fee and minimum_amount (ISO 4217); such a row holds before the one for all currencies",
     .optional = true},
};
inline constexpr column_description dunning_state_columns[] = {
    {.name = "document", .what = content::id, .summary = "number of the document"},
    {.name = "level", .what = content::count, .summary = "of its last letter", .allowed = {0, 1000}},
    {.name = "date", .what = content::day, .summary = "of that letter; none = long ago", .optional = true},
};
inline constexpr column_description dunning_stop_columns[] = {
    {.name = "document", .what = content::id, .summary = "for this document", .optional = true},
    {.name = "customer", .what = content::id, .summary = "or for all of this customer", .optional = true},
    {.name = "reason",
     .what = content::code,
     .summary = "blocked (the default), a dispute or a promise to pay that still runs, other",
     .optional = true,
     .levels = dunning_stop_levels},
    {.name = "until",
     .what = content::day,
     .summary = "the last day of the stop; none = without end",
     .optional = true},
};
inline constexpr table_description dunning_model_tables[] = {
    {.name = "levels", .summary = "one row a level", .columns = dunning_level_columns, .optional = true},
    {.name = "previous",
     .summary = "how far each document had come: table state of the run before",
     .columns = dunning_state_columns,
     .optional = true},
    {.name = "stops",
     .summary = "what must not be dunned",
     .columns = dunning_stop_columns,
     .optional = true},
};
inline constexpr std::string_view dunning_accepts[] = {dunning_name};
inline constexpr slot_description dunning_slots[] = {
    {.name = "policy", .summary = "table levels, and stops where there are any", .accepts = dunning_accepts},
    {.name = "state",
     .summary = "table previous, and stops that change from run to run; without it nothing was dunned before",
     .accepts = dunning_accepts,
     .optional = true}};

inline constexpr column_description dunning_letter_columns[] = {
    {.name = "customer", .what = content::text, .summary = "whom to write to"},
    column_currency,
    {.name = "level", .what = content::count, .summary = "the highest of its documents"},
    {.name = "text", .what = content::text, .summary = "key of the text, as the level has it"},
    {.name = "documents",
     .what = content::count,
     .summary = "how many it is about: those dunned in table documents"},
    {.name = "oldest_due_date", .what = content::day, .summary = "the first due date among them"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "what is open of them"},
    {.name = "unallocated",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is owed to the customer and comes off, 0 or below"},
    {.name = "fee",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the level; interest is not in it"},
    {.name = "total", .what = content::amount, .unit = "currency", .summary = "amount + unallocated + fee"},
};
inline constexpr column_description dunned_document_columns[] = {
    {.name = "document", .what = content::text, .summary = "each that is overdue"},
    {.name = "customer", .what = content::text, .summary = "who owes it"},
    column_currency,
    {.name = "due_date", .what = content::day, .summary = "of the document"},
    {.name = "days_overdue", .what = content::count, .unit = "days", .summary = "from it to as_of"},
    {.name = "open", .what = content::amount, .unit = "currency", .summary = "what is open"},
    {.name = "previous_level",
     .what = content::count,
     .summary = "of its last letter, 0 where there was none"},
    {.name = "level", .what = content::count, .summary = "that it has now"},
    {.name = "outcome",
     .what = content::code,
     .summary =
         "dunned, or why it is left out: its next level asks for more days (not_yet), its last letter is too "
         "recent (too_soon), it has the highest_level, it is a small_item, the letter would be below_minimum "
         "or is "
         "covered_by_credits, or there is a stop (blocked, dispute, promise, other_stop)",
     .levels = dunning_outcome_levels},
};
inline constexpr table_description dunning_outputs[] = {
    {.name = "letters", .summary = "what to send", .columns = dunning_letter_columns},
    {.name = "documents",
     .summary = "every overdue document, with its reason",
     .columns = dunned_document_columns},
    {.name = "state",
     .summary = "how far each document that is still owed has come: table previous of the next run",
     .columns = dunning_state_columns},
};

// On 2026-03-31. Hong: R1 is 11 days overdue, its first letter; R2 30 days, its first letter went out on 2026-03-10, so the
// second is due: one letter of level 2 about 800.00, less 50.00 of a payment that settles nothing yet, with a fee of 5.00.
// Lan: R3 is 58 days overdue and was never dunned, so it begins with level 1; R4 is 3 days overdue; R5 had its second letter
// three days ago. Mei: R6 is disputed, and 8.00 of R7 are less than a letter is worth.
inline constexpr example_table dunning_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,500.00,EUR,2026-02-20,2026-03-20\n"
              "R2,Hong,invoice,300.00,EUR,2026-02-01,2026-03-01\n"
              "P1,Hong,payment,50.00,EUR,2026-03-25,\n"
              "R3,Lan,invoice,1000.00,EUR,2026-01-02,2026-02-01\n"
              "R4,Lan,invoice,200.00,EUR,2026-02-28,2026-03-28\n"
              "R5,Lan,invoice,100.00,EUR,2025-12-10,2026-01-10\n"
              "R6,Mei,invoice,400.00,EUR,2026-01-10,2026-02-10\n"
              "R7,Mei,invoice,8.00,EUR,2026-01-15,2026-02-15\n"}};
inline constexpr example_table dunning_example_policy[] = {
    {"levels", "level,days,fee,minimum_amount,text\n1,7,0,10,reminder\n2,21,5,10,second\n3,42,10,10,last\n"}};
inline constexpr example_table dunning_example_state[] = {
    {"previous", "document,level,date\nR2,1,2026-03-10\nR5,2,2026-03-28\nR0,1,2026-01-05\n"},
    {"stops", "document,reason,until\nR6,dispute,\nR3,promise,2026-03-30\n"}};
inline constexpr example_slot dunning_example_slots[] = {{"policy", dunning_name, dunning_example_policy, {}},
                                                         {"state", dunning_name, dunning_example_state, {}}};
inline constexpr example_option dunning_example_options[] = {{"as_of", "2026-03-31"}};
inline constexpr example_table dunning_example_expected[] = {
    {"letters", "customer,currency,level,text,documents,oldest_due_date,amount,unallocated,fee,total\n"
                "Hong,EUR,2,second,2,2026-03-01,800.00,-50.00,5.00,755.00\n"
                "Lan,EUR,1,reminder,1,2026-02-01,1000.00,0.00,0.00,1000.00\n"},
    {"documents", "document,customer,currency,days_overdue,open,previous_level,level,outcome\n"
                  "R1,Hong,EUR,11,500.00,0,1,dunned\n"
                  "R2,Hong,EUR,30,300.00,1,2,dunned\n"
                  "R3,Lan,EUR,58,1000.00,0,1,dunned\n"
                  "R4,Lan,EUR,3,200.00,0,0,not_yet\n"
                  "R5,Lan,EUR,80,100.00,2,2,too_soon\n"
                  "R6,Mei,EUR,49,400.00,0,0,dispute\n"
                  "R7,Mei,EUR,44,8.00,0,0,below_minimum\n"},
    {"state", "document,level,date\nR1,1,2026-03-31\nR2,2,2026-03-31\nR3,1,2026-03-31\nR5,2,2026-03-28\n"},
};
inline constexpr example dunning_examples[] = {
    {.what = verb::reduce,
     .summary = "three levels: none is skipped, none comes twice, and what is left out says why",
     .source = "made for this page, to be checked by hand",
     .tables = dunning_example_rows,
     .options = dunning_example_options,
     .expected = dunning_example_expected,
     .slots = dunning_example_slots}};

inline constexpr demo_input dunning_demo_inputs[] = {{"items", "items"},
                                                     {"settlements", "settlements"},
                                                     {"disputes", "disputes"},
                                                     {"policy", "dunning_levels"}};
inline constexpr example_option dunning_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_feed dunning_demo[] = {
    {.inputs = dunning_demo_inputs, .options = dunning_demo_options}};

inline constexpr entry_description dunning_description{
    .name = dunning_name,
    .what = verb::reduce,
    .summary = "which customers get a reminder of which level about which documents, and why others get none",
    .source = "common practice of receivables management; the levels are the caller's",
    .chinese = "催收",
    .since = "0.1",
    .store = "ledger",
    .options = dunning_options,
    .slots = dunning_slots,
    .outputs = dunning_outputs,
    .model_tables = dunning_model_tables,
    .examples = dunning_examples,
    .demo = dunning_demo,
};

/// `credit.dunning` from the catalogue's side. \throws error as `dun`, and what the tables of its models throw
[[nodiscard]] inline result finish_dunning(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const model* policy = request.slot("policy");
  const model* state = request.slot("state");
  const dunning_request asked{.as_of = *options.day("as_of"),
                              .letters = options.choice<dunning_letters>("letters", dunning_letters_choices),
                              .net_of_credits = options.text("credits") == "net",
                              .minimum_item = options.number("minimum_item")};
  const std::int32_t today = days_since_epoch(asked.as_of);
  const dunning_levels levels(policy, static_cast<std::int32_t>(options.integer("interval")));
  const bool in_state = state != nullptr && state->find("previous") != nullptr;
  const auto previous = previous_levels(in_state ? state : policy);
  dunning_stops stops({policy, state}, today);
  if (options.boolean("disputes")) {
    const stats::dispute_state open = stats::open_disputes(from, asked.as_of, request.keys, request.how);
    for (const stats::disputed_document& one : open.documents)
      stops.stop(from.document(one.document), dunning_stop::dispute);
  }

  struct {
    text_buffer customers;
    std::vector<stats::currency_code> currencies;
    std::vector<std::int64_t> levels;
    text_buffer texts;
    std::vector<std::int64_t> documents;
    std::vector<std::int32_t> oldest;
    std::vector<std::int64_t> amounts;
    std::vector<std::int64_t> unallocated;
    std::vector<std::int64_t> fees;
    std::vector<std::int64_t> totals;
  } sent;
  struct {
    text_buffer documents;
    text_buffer customers;
    std::vector<stats::currency_code> currencies;
    std::vector<std::int32_t> due;
    std::vector<std::int64_t> days;
    std::vector<std::int64_t> open;
    std::vector<std::int64_t> before;
    std::vector<std::int64_t> levels;
    std::vector<std::int32_t> outcomes;
  } looked_at;
  struct {
    text_buffer documents;
    std::vector<std::int64_t> levels;
    std::vector<std::int32_t> dates;
  } left;
  dun(from, asked, levels, previous, stops, request.keys, request.how,
      [&](const document_group& group, std::span<const dunned_document> documents,
          std::span<const dunning_letter> letters) {
        for (const dunning_letter& one : letters) {
          sent.customers.push_back(group.name);
          sent.currencies.push_back(one.currency);
          sent.levels.push_back(one.level);
          sent.texts.push_back(one.text);
          sent.documents.push_back(one.documents);
          sent.oldest.push_back(one.oldest_due);
          sent.amounts.push_back(one.amount);
          sent.unallocated.push_back(one.unallocated);
          sent.fees.push_back(one.fee);
          sent.totals.push_back(one.amount + one.unallocated + one.fee);
        }
        for (const dunned_document& one : documents) {
          const std::string_view number = from.document(from.items()[one.row].document);
          const bool is_dunned = one.outcome == dunning_outcome::dunned;
          if (one.level > 0) {
            left.documents.push_back(number);
            left.levels.push_back(one.level);
            left.dates.push_back(is_dunned ? today : one.before.date);
          }
          if (one.due == stats::ledger::no_day || one.due >= today)
            continue;
          looked_at.documents.push_back(number);
          looked_at.customers.push_back(group.name);
          looked_at.currencies.push_back(group.currency);
          looked_at.due.push_back(one.due);
          looked_at.days.push_back(std::int64_t{today} - one.due);
          looked_at.open.push_back(one.open);
          looked_at.before.push_back(one.before.level);
          looked_at.levels.push_back(one.level);
          looked_at.outcomes.push_back(static_cast<std::int32_t>(one.outcome));
        }
      });

  result tables;
  const detail::money_columns of_letters{{sent.currencies.begin(), sent.currencies.end()}};
  tables.tables.push_back(
      {"letters",
       {column::texts("customer", std::move(sent.customers)), detail::money_columns::codes(sent.currencies),
        column::integers("level", std::move(sent.levels)), column::texts("text", std::move(sent.texts)),
        column::integers("documents", std::move(sent.documents)),
        column::days("oldest_due_date", std::move(sent.oldest)),
        of_letters.amounts("amount", std::move(sent.amounts)),
        of_letters.amounts("unallocated", std::move(sent.unallocated)),
        of_letters.amounts("fee", std::move(sent.fees)),
        of_letters.amounts("total", std::move(sent.totals))}});
  const detail::money_columns of_documents{{looked_at.currencies.begin(), looked_at.currencies.end()}};
  tables.tables.push_back(
      {"documents",
       {column::texts("document", std::move(looked_at.documents)),
        column::texts("customer", std::move(looked_at.customers)),
        detail::money_columns::codes(looked_at.currencies),
        column::days("due_date", std::move(looked_at.due)),
        column::integers("days_overdue", std::move(looked_at.days)),
        of_documents.amounts("open", std::move(looked_at.open)),
        column::integers("previous_level", std::move(looked_at.before)),
        column::integers("level", std::move(looked_at.levels)),
        column::codes("outcome", std::move(looked_at.outcomes), dunning_outcome_levels)}});
  tables.tables.push_back({"state",
                           {column::texts("document", std::move(left.documents)),
                            column::integers("level", std::move(left.levels)),
                            column::days("date", std::move(left.dates)).or_none()}});
  return tables;
}

/// Refuses tables that make no sense by themselves. \throws error status::schema, status::data
inline void check_dunning_model(const model& made) {
  if (made.tables.empty())
    throw error(status::schema, std::string(dunning_name) + ": its model needs at least one table");
  if (made.find("levels") != nullptr)
    static_cast<void>(dunning_levels(&made, 1));
  static_cast<void>(previous_levels(&made));
  static_cast<void>(dunning_stops({&made}, 0));
}

inline constexpr entry dunning_entry{
    .description = &dunning_description, .finish = finish_dunning, .check_model = check_dunning_model};

} // namespace emptor::credit
