// SPDX-License-Identifier: BSL-1.0
// Every input column of every entry with every kind of bad value, made from the catalogue: each call ends with
// a status, and no row goes without a number and without a reason.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "c_rows.hpp"

namespace emptor::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// A bad column in place of a good one. `columns` are kept alive by whoever calls.
struct attack {
  std::string what;
  std::function<column(const column& good)> make;
  bool must_refuse = false; ///< the first row has no value that anybody could take
};

column as_numbers(const std::string& name, std::int64_t rows, double value, bool first_only) {
  std::vector<double> values(static_cast<std::size_t>(rows), 1.0);
  for (std::size_t i = 0; i < (first_only ? std::min<std::size_t>(1, values.size()) : values.size()); ++i)
    values[i] = value;
  return column::numbers(name, std::move(values));
}

/// The good column with another first value, or with all values replaced.
attack number(double value, bool first_only, bool must_refuse) {
  return {to_text(value) + (first_only ? " in the first row" : " in all rows"),
          [=](const column& good) {
            if (const auto* values = std::get_if<std::vector<double>>(&good.values()); values != nullptr) {
              std::vector<double> changed = *values;
              for (std::size_t i = 0;
                   i < (first_only ? std::min<std::size_t>(1, changed.size()) : changed.size()); ++i)
                changed[i] = value;
              return column::numbers(good.name(), std::move(changed));
            }
            return as_numbers(good.name(), good.size(), value, first_only);
          },
          must_refuse};
}

attack whole(dtype type, std::int64_t value) {
  return {std::string(name(type)) + " " + std::to_string(value),
          [=](const column& good) {
            return column(good.name(), type,
                          std::vector<std::int64_t>(static_cast<std::size_t>(good.size()), value));
          },
          false};
}

attack day(std::int32_t value, bool first_only, bool must_refuse) {
  return {"day " + std::to_string(value) + (first_only ? " first" : " everywhere"),
          [=](const column& good) {
            auto days = std::vector<std::int32_t>(static_cast<std::size_t>(good.size()), 10000);
            if (const auto* held = std::get_if<std::vector<std::int32_t>>(&good.values()))
              days = *held;
            for (std::size_t i = 0; i < (first_only ? std::min<std::size_t>(1, days.size()) : days.size());
                 ++i)
              days[i] = value;
            return column::days(good.name(), std::move(days));
          },
          must_refuse};
}

attack text(const std::string& value, bool must_refuse) {
  return {"text of " + std::to_string(value.size()) + " bytes",
          [=](const column& good) {
            text_buffer texts;
            for (std::int64_t row = 0; row < good.size(); ++row)
              texts.push_back(value);
            return column::texts(good.name(), std::move(texts));
          },
          must_refuse};
}

attack missing(bool required) {
  return {"missing in the first row",
          [](const column& good) {
            column changed = good;
            if (changed.size() > 0)
              changed.set_missing(0);
            return changed;
          },
          required};
}

attack reversed() {
  return {"rows the other way round",
          [](const column& good) {
            column changed = good;
            std::visit(
                [&](auto values) {
                  if constexpr (!std::is_same_v<decltype(values), text_buffer>) {
                    std::reverse(values.begin(), values.end());
                    changed = column(good.name(), good.type(), std::move(values));
                  }
                },
                good.values());
            return changed;
          },
          false};
}

std::vector<attack> attacks(const described_column& column) {
  const bool numeric = column.what == content::number || column.what == content::count ||
                       column.what == content::amount || column.what == content::boolean;
  std::vector<attack> made{missing(!column.optional && !column.many), reversed()};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const bool first_only : {true, false}) {
    for (const double value : {nan, infinity, -infinity})
      made.push_back(number(value, first_only, numeric));
    for (const double value :
         {-1.0, -0.0, 0.0, 0.5, 0.001, 1e15, 1e16, 1e300, -1e300, 5e-324, 9007199254740993.0})
      made.push_back(number(value, first_only, false));
    made.push_back(day(std::numeric_limits<std::int32_t>::min(), first_only, column.what == content::day));
    made.push_back(day(std::numeric_limits<std::int32_t>::max(), first_only, column.what == content::day));
    made.push_back(day(last_day, first_only, false));
    made.push_back(day(first_day, first_only, false));
  }
  for (const dtype type : {dtype::int64, dtype::money, dtype::timestamp}) {
    for (const std::int64_t value : {most, least, most / 2, std::int64_t{0}, std::int64_t{-1}})
      made.push_back(whole(type, value));
  }
  const bool texts =
      column.what == content::text || column.what == content::id || column.what == content::code;
  made.push_back(text("\xFF", texts));
  made.push_back(text("\xC0\x80", texts));
  made.push_back(text("\xED\xA0\x80", texts));
  made.push_back(text("", false));
  made.push_back(text("the same", false));
  made.push_back(text(std::string("a\0b", 3), false));
  made.push_back(text(std::string(100000, 'x'), false));
  made.push_back(text(",\"\n", false));
  return made;
}

/// The example's rows with this column too: where the example leaves it out, an ordinary value in all rows.
table with_column(table base, const described_column& wanted, std::size_t& which) {
  const std::string role = wanted.name + ":";
  for (which = 0; which < base.columns().size(); ++which) {
    const std::string& name = base.columns()[which].name();
    if (name == wanted.name || (wanted.many && name.rfind(role, 0) == 0))
      return base;
  }
  const std::string ordinary = wanted.what == content::day       ? "2024-02-29"
                               : wanted.what == content::boolean ? "false"
                               : wanted.what == content::text    ? "EUR"
                               : wanted.what == content::id      ? "id"
                               : !wanted.levels.empty()          ? wanted.levels.front()
                                                                 : "1";
  const auto rows = static_cast<std::size_t>(base.rows());
  base.add(typed_column(wanted.many ? role + "label" : wanted.name, wanted.what,
                        std::vector<std::string>(rows, ordinary)));
  return base;
}

table with(const table& base, std::size_t which, column replaced) {
  std::vector<column> columns = base.columns();
  columns[which] = std::move(replaced);
  return {base.name(), std::move(columns)};
}

class hostile : public ::testing::Test {
protected:
  void check(emptor_status status, const char* where) {
    ++calls_;
    EXPECT_GE(status, EMPTOR_STATUS_OK) << where;
    EXPECT_LT(status, EMPTOR_STATUS_INTERNAL) << where << ": " << error_.message;
    EXPECT_NE(status, EMPTOR_STATUS_OUT_OF_MEMORY) << where;
    EXPECT_EQ(error_.message[0] != '\0', status != EMPTOR_STATUS_OK) << where;
    EXPECT_TRUE(is_utf8(error_.message)) << where;
  }

  /// A number that came out is finite or missing.
  void check_table(const emptor_table* from, const std::string& name) {
    const seen_table table = seen(from, name);
    for (const seen_column& column : table.columns) {
      if (column.values.type != dtype::float64)
        continue;
      for (std::int64_t row = 0; row < table.rows; ++row) {
        double value = 0.0;
        const row_status status = read_number(column.values, row, value);
        ASSERT_TRUE(status == row_status::ok || status == row_status::missing)
            << name << "." << column.name << "[" << row << "] is " << emptor::name(status);
      }
    }
  }

  struct pushed {
    const described_entry& entry;
    const described_example& example;
    std::vector<table> tables;
  };

  /// Pushes the tables, the attacked one first loosely, then strictly into another store; finishes, saves.
  void push_and_finish(const pushed& from, std::size_t attacked, bool must_refuse, std::int64_t rows = -1) {
    const split_options options = split(catalogue_, from.entry, from.example.options);
    const c_options create(options.store);
    const c_options at_finish(options.finish);
    for (const std::uint32_t flags : {0U, std::uint32_t{EMPTOR_STRICT}}) {
      emptor_store* made = nullptr;
      ASSERT_EQ(emptor_store_create(from.entry.store.c_str(), create.get(), create.count(), &made, &error_),
                0)
          << error_.message;
      const owned<emptor_store> store(made);
      for (std::size_t t = 0; t < from.tables.size(); ++t) {
        c_rows given(from.tables[t]);
        emptor_rows lent = *given.get();
        if (rows >= 0)
          lent.row_count = std::min(rows, lent.row_count);
        std::vector<std::uint8_t> statuses(static_cast<std::size_t>(lent.row_count), 99);
        emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
        const emptor_status status =
            emptor_store_push(made, &lent, flags, statuses.data(), &report, nullptr, &error_);
        check(status, "push");
        if (t == attacked && must_refuse && lent.row_count > 0) {
          EXPECT_TRUE(status != EMPTOR_STATUS_OK || report.refused > 0) << "nothing was refused";
          EXPECT_TRUE(flags == 0 || status != EMPTOR_STATUS_OK) << "strict mode took it";
        }
        if (status != EMPTOR_STATUS_OK)
          continue;
        EXPECT_EQ(report.added + report.replaced + report.repeated + report.superseded + report.conflicts +
                      report.refused,
                  lent.row_count);
        std::int64_t refused = 0;
        for (const std::uint8_t one : statuses) {
          EXPECT_LE(one, EMPTOR_ROW_NO_NUMBER);
          refused += one != EMPTOR_ROW_OK && one != EMPTOR_ROW_REPEATED && one != EMPTOR_ROW_SUPERSEDED &&
                             one != EMPTOR_ROW_CONFLICT
                         ? 1
                         : 0;
        }
        EXPECT_EQ(refused, report.refused) << "each refused row has its reason";
      }
      finish(from.entry, made, at_finish);
      std::int64_t needed = 0;
      check(emptor_store_save(made, nullptr, 0, &needed, &error_), "save");
    }
  }

  void finish(const described_entry& entry, const emptor_store* store, const c_options& options) {
    emptor_result* made = nullptr;
    check(emptor_store_finish(store, entry.name.c_str(), options.get(), options.count(), nullptr, nullptr, 0,
                              nullptr, nullptr, &made, &error_),
          "finish");
    const owned<emptor_result> result(made);
    std::int32_t tables = 0;
    if (made == nullptr || emptor_result_tables(made, &tables, nullptr) != EMPTOR_STATUS_OK)
      return;
    for (std::int32_t i = 0; i < tables; ++i) {
      const char* name = nullptr;
      emptor_table* table = nullptr;
      ASSERT_EQ(emptor_result_table_name(made, i, &name, nullptr), 0);
      ASSERT_EQ(emptor_result_table(made, name, &table, nullptr), 0);
      const owned<emptor_table> held(table);
      check_table(table, name);
    }
  }

  owned<emptor_model> make_model(const described_entry& entry, const described_example& example) {
    owned<emptor_model> model;
    if (example.model_tables.empty())
      return model;
    std::vector<table> typed;
    for (const auto& [name, csv] : example.model_tables)
      typed.push_back(typed_table(table_named(entry.model_tables, name), csv));
    model.reset(create_model(entry, typed, example.model_options));
    EXPECT_NE(model, nullptr) << error_.message;
    return model;
  }
  emptor_model* create_model(const described_entry& entry, const std::vector<table>& typed,
                             const text_pairs& with) {
    std::vector<c_rows> rows(typed.begin(), typed.end());
    std::vector<emptor_rows> tables;
    for (c_rows& one : rows)
      tables.push_back(*one.get());
    const c_options options(with);
    emptor_model* made = nullptr;
    check(emptor_model_create(entry.name.c_str(), tables.data(), static_cast<std::int32_t>(tables.size()),
                              options.get(), options.count(), &made, &error_),
          "model create");
    return made;
  }

  void score(const described_entry& entry, const emptor_model* model, const table& rows,
             const text_pairs& with, bool must_refuse, std::int64_t limit = -1) {
    c_rows given(rows);
    emptor_rows lent = *given.get();
    if (limit >= 0)
      lent.row_count = std::min(limit, lent.row_count);
    const c_options options(with);
    emptor_plan* made = nullptr;
    check(emptor_plan_create(entry.name.c_str(), model, nullptr, nullptr, 0, &lent, options.get(),
                             options.count(), nullptr, 0, &made, &error_),
          "plan");
    const owned<emptor_plan> plan(made);
    if (made == nullptr)
      return;
    const c_outputs outputs(made, lent.row_count);
    std::vector<std::uint8_t> statuses(static_cast<std::size_t>(lent.row_count), 99);
    std::int64_t bad_rows = -1;
    const emptor_status status =
        emptor_plan_score(made, &lent, outputs.get(), outputs.count(), sizeof(emptor_output), 0,
                          statuses.data(), &bad_rows, nullptr, &error_);
    check(status, "score");
    if (status == EMPTOR_STATUS_OK) {
      std::int64_t bad = 0;
      for (std::int64_t row = 0; row < lent.row_count; ++row) {
        const std::uint8_t why = statuses[static_cast<std::size_t>(row)];
        EXPECT_LE(why, EMPTOR_ROW_NO_NUMBER);
        bad += why != EMPTOR_ROW_OK ? 1 : 0;
        for (const seen_column& column : outputs.seen().columns) {
          double value = 0.0;
          const bool there = column.values.is_valid(row);
          EXPECT_TRUE(there || why != EMPTOR_ROW_OK) << column.name << "[" << row << "] has no reason";
          if (there && column.values.type == dtype::float64) {
            EXPECT_EQ(read_number(column.values, row, value), row_status::ok) << column.name;
          }
        }
      }
      EXPECT_EQ(bad, bad_rows);
      if (must_refuse && lent.row_count > 0) {
        EXPECT_NE(statuses[0], EMPTOR_ROW_OK);
      }
    }
    const emptor_status strict =
        emptor_plan_score(made, &lent, outputs.get(), outputs.count(), sizeof(emptor_output), EMPTOR_STRICT,
                          statuses.data(), &bad_rows, nullptr, &error_);
    check(strict, "strict score");
    if (must_refuse && lent.row_count > 0) {
      EXPECT_NE(strict, EMPTOR_STATUS_OK);
    }
  }

  /// Calls `body(changed table, must_refuse)` for every attack on every column that a table may have.
  template <class Body>
  void attack_table(const described_table& described, const table& base, const Body& body) {
    for (const described_column& what : described.columns) {
      std::size_t which = 0;
      const table whole = with_column(base, what, which);
      const column& good = whole.columns()[which];
      for (const attack& one : attacks(what)) {
        SCOPED_TRACE(described.name + "." + good.name() + ": " + one.what);
        body(with(whole, which, one.make(good)), one.must_refuse);
        if (HasFailure())
          return;
      }
      SCOPED_TRACE(described.name + "." + good.name() + " as it should be, twice, and not at all");
      body(whole, false);
      std::vector<column> columns = whole.columns();
      columns.push_back(good);
      body(table(base.name(), columns), false);
      columns.pop_back();
      columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(which));
      if (!columns.empty())
        body(table(base.name(), columns), false);
    }
  }

  described_catalogue catalogue_ = read_catalogue();
  emptor_error error_ = EMPTOR_ERROR_INIT;
  std::int64_t calls_ = 0;
};

TEST_F(hostile, rows_that_are_pushed_end_in_a_status) {
  for (const described_entry& entry : catalogue_.entries) {
    for (const described_example& example : entry.examples) {
      if (example.verb == "score" || entry.store.empty())
        continue;
      pushed from{entry, example, {}};
      const auto& described = catalogue_.pushed(entry);
      for (const auto& [name, csv] : example.tables)
        from.tables.push_back(typed_table(table_named(described, name), csv));
      for (std::size_t t = 0; t < from.tables.size(); ++t) {
        SCOPED_TRACE(entry.name);
        const table base = from.tables[t];
        attack_table(table_named(described, base.name()), base, [&](const table& changed, bool must_refuse) {
          from.tables[t] = changed;
          push_and_finish(from, t, must_refuse);
        });
        from.tables[t] = base;
        for (const std::int64_t rows : {0, 1})
          push_and_finish(from, t, false, rows);
        if (HasFailure())
          return;
      }
    }
  }
  EXPECT_GT(calls_, 1000);
}

TEST_F(hostile, rows_that_are_scored_end_in_a_status) {
  for (const described_entry& entry : catalogue_.entries) {
    for (const described_example& example : entry.examples) {
      if (example.verb != "score")
        continue;
      SCOPED_TRACE(entry.name);
      const owned<emptor_model> model = make_model(entry, example);
      const table base = typed_table(entry.score_inputs, example.tables.at(0).second);
      attack_table(entry.score_inputs, base, [&](const table& changed, bool must_refuse) {
        score(entry, model.get(), changed, example.options, must_refuse);
      });
      for (const std::int64_t rows : {0, 1})
        score(entry, model.get(), base, example.options, false, rows);
      if (HasFailure())
        return;
    }
  }
  EXPECT_GT(calls_, 200);
}

TEST_F(hostile, tables_of_models_end_in_a_status) {
  for (const described_entry& entry : catalogue_.entries) {
    for (const described_example& example : entry.examples) {
      std::vector<table> typed;
      for (const auto& [name, csv] : example.model_tables)
        typed.push_back(typed_table(table_named(entry.model_tables, name), csv));
      for (std::size_t t = 0; t < typed.size(); ++t) {
        SCOPED_TRACE(entry.name);
        const table base = typed[t];
        attack_table(table_named(entry.model_tables, base.name()), base, [&](const table& changed, bool) {
          typed[t] = changed;
          const owned<emptor_model> model(create_model(entry, typed, example.model_options));
          if (model) // what was accepted must score, or say why not
            score(entry, model.get(), typed_table(entry.score_inputs, example.tables.at(0).second),
                  example.options, false);
        });
        typed[t] = base;
        if (HasFailure())
          return;
      }
    }
  }
}

TEST_F(hostile, options_end_in_a_status) {
  const std::vector<std::string> bad{"",
                                     "abc",
                                     "nan",
                                     "inf",
                                     "-1",
                                     "0",
                                     "1e308",
                                     "1e-320",
                                     "\xFF",
                                     "0,1,,",
                                     "9999-12-31",
                                     "0000-01-01",
                                     "1 parsec",
                                     "-5 week",
                                     "99999999999999999999",
                                     std::string(10000, '9')};
  const auto replaced = [](text_pairs options, const std::string& name, const std::string& value) {
    std::erase_if(options, [&](const auto& one) { return one.first == name; });
    options.emplace_back(name, value);
    return options;
  };
  for (const described_entry& entry : catalogue_.entries) {
    for (described_example example : entry.examples) {
      const text_pairs good = example.options;
      const text_pairs good_model = example.model_options;
      for (const std::string& value : bad) {
        if (example.verb == "score") {
          for (const std::string& option : entry.model_options) {
            SCOPED_TRACE(entry.name + ": " + option + " = " + value.substr(0, 20));
            example.model_options = replaced(good_model, option, value);
            std::vector<table> typed;
            for (const auto& [name, csv] : example.model_tables)
              typed.push_back(typed_table(table_named(entry.model_tables, name), csv));
            const owned<emptor_model> model(create_model(entry, typed, example.model_options));
          }
          example.model_options = good_model;
          const owned<emptor_model> model = make_model(entry, example);
          for (const std::string& option : entry.score_options) {
            SCOPED_TRACE(entry.name + ": " + option + " = " + value.substr(0, 20));
            score(entry, model.get(), typed_table(entry.score_inputs, example.tables.at(0).second),
                  replaced(good, option, value), false);
          }
          continue;
        }
        pushed from{entry, example, {}};
        for (const auto& [name, csv] : example.tables)
          from.tables.push_back(typed_table(table_named(catalogue_.pushed(entry), name), csv));
        for (const std::string& option : entry.options) {
          SCOPED_TRACE(entry.name + ": " + option + " = " + value.substr(0, 20));
          example.options = replaced(good, option, value);
          push_and_finish(from, from.tables.size(), false);
        }
        example.options = good;
      }
    }
  }
}

TEST_F(hostile, options_of_stores_end_in_a_status) {
  for (const described_store& store : catalogue_.stores) {
    for (const std::string& option : store.options) {
      for (const char* value :
           {"", "abc", "nan", "-1", "99999999999999999999", "\xFF", "value.bg_nbd", "9"}) {
        SCOPED_TRACE(store.name + ": " + option + " = " + value);
        const char* const options[] = {option.c_str(), value};
        emptor_store* made = nullptr;
        check(emptor_store_create(store.name.c_str(), options, 1, &made, &error_), "store create");
        emptor_store_free(made);
      }
    }
  }
}

} // namespace
} // namespace emptor::test
