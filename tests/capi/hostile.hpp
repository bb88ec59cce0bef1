// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attacks.hpp"
#include "c_rows.hpp"

/// Calls of the C interface over tables of which one is not as it should be.
namespace emptor::test {

/// The table with this column too: where it is left out, an ordinary value in all rows.
[[nodiscard]] inline table with_column(table base, const described_column& wanted, std::size_t& which) {
  const std::string role = wanted.name + ":";
  for (which = 0; which < base.columns().size(); ++which) {
    const std::string& name = base.columns()[which].name();
    if (name == wanted.name || (wanted.many && name.rfind(role, 0) == 0))
      return base;
  }
  std::vector<std::string> fields;
  for (std::int64_t row = 0; row < base.rows(); ++row)
    fields.push_back(ordinary_value(wanted, static_cast<std::size_t>(row)));
  base.add(typed_column(wanted.many ? role + "label" : wanted.name, wanted.what, fields));
  return base;
}

[[nodiscard]] inline table with(const table& base, std::size_t which, column replaced) {
  std::vector<column> columns = base.columns();
  columns[which] = std::move(replaced);
  return {base.name(), std::move(columns)};
}

/// Tables by the names of a description: those that there are, and of the others ordinary rows.
[[nodiscard]] inline std::vector<table> all_tables(const std::vector<described_table>& described,
                                                   std::vector<table> given) {
  for (const described_table& one : described) {
    if (std::none_of(given.begin(), given.end(), [&](const table& held) { return held.name() == one.name; }))
      given.push_back(typed_table(one, ordinary_table(one)));
  }
  return given;
}

[[nodiscard]] inline std::vector<table> typed_tables(const std::vector<described_table>& described,
                                                     const text_pairs& csv) {
  std::vector<table> made;
  for (const auto& [name, text] : csv)
    made.push_back(typed_table(table_named(described, name), text));
  return made;
}

/// What must come of a call with bad rows.
enum class must : std::uint8_t {
  end,         ///< in whatever status
  refuse_row,  ///< the first row at least, with its reason
  refuse_call, ///< whatever the values are
};

/// One table of several is not as it should be.
struct attacked_table {
  std::size_t which = 0;
  must expected = must::end;
  const layout* laid_out = nullptr;
  const table* whole = nullptr; ///< before its values were attacked

  [[nodiscard]] emptor_rows lend(c_rows& from, std::size_t table) const {
    emptor_rows lent = *from.get();
    if (laid_out != nullptr && table == which)
      laid_out->bend(lent, from.columns().data());
    return lent;
  }
};

/// Every entry, for tests that are made once for each.
[[nodiscard]] inline std::vector<std::string> names_of_entries() {
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < emptor_catalogue_count(); ++i) {
    const char* name = nullptr;
    if (emptor_catalogue_entry(i, &name, nullptr) == EMPTOR_STATUS_OK)
      names.emplace_back(name);
  }
  return names;
}

[[nodiscard]] inline std::string name_of_test(const ::testing::TestParamInfo<std::string>& entry) {
  std::string name = entry.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

/// Once for each entry, whose name is the parameter.
class hostile : public ::testing::TestWithParam<std::string> {
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

  /// Pushes the tables loosely, finishes and saves; then strictly into another store, which then holds the same or lacks a
  /// table, and saves. Only finishes where the entry has no store. \param rows at most so many
  void push_and_finish(const described_example& example, const std::vector<table>& tables,
                       const attacked_table& attacked, std::int64_t rows = most) {
    const split_options options = split(catalogue_, entry_, example.options);
    const c_options create(options.store);
    const c_options at_finish(options.finish);
    if (entry_.store.empty()) {
      finish(entry_, nullptr, at_finish);
      return;
    }
    for (const std::uint32_t flags : {0U, std::uint32_t{EMPTOR_STRICT}}) {
      emptor_store* made = nullptr;
      ASSERT_EQ(emptor_store_create(entry_.store.c_str(), create.get(), create.count(), &made, &error_), 0)
          << error_.message;
      const owned<emptor_store> store(made);
      for (std::size_t t = 0; t < tables.size(); ++t) {
        c_rows given(tables[t]);
        emptor_rows lent = attacked.lend(given, t);
        lent.row_count = std::min(rows, lent.row_count);
        push(made, lent, flags, t == attacked.which && lent.row_count != 0 ? attacked.expected : must::end);
      }
      if (flags == 0)
        finish(entry_, made, at_finish);
      std::int64_t needed = 0;
      check(emptor_store_save(made, nullptr, 0, &needed, &error_), "save");
    }
  }

  void push(emptor_store* store, const emptor_rows& rows, std::uint32_t flags, must expected) {
    std::vector<std::uint8_t> statuses(static_cast<std::size_t>(std::max<std::int64_t>(rows.row_count, 0)),
                                       99);
    emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
    const emptor_status status =
        emptor_store_push(store, &rows, flags, statuses.data(), &report, nullptr, &error_);
    check(status, "push");
    if (expected == must::refuse_row) {
      EXPECT_TRUE(status != EMPTOR_STATUS_OK || report.refused > 0) << "nothing was refused";
      EXPECT_TRUE(flags == 0 || status != EMPTOR_STATUS_OK) << "strict mode took it";
    }
    if (expected == must::refuse_call) {
      EXPECT_NE(status, EMPTOR_STATUS_OK);
    }
    if (status != EMPTOR_STATUS_OK)
      return;
    EXPECT_EQ(report.added + report.replaced + report.repeated + report.superseded + report.conflicts +
                  report.refused,
              rows.row_count);
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

  owned<emptor_result> finish(const described_entry& entry, const emptor_store* store,
                              const c_options& options) {
    emptor_result* made = nullptr;
    check(emptor_store_finish(store, entry.name.c_str(), options.get(), options.count(), slots_.names(),
                              slots_.models(), slots_.count(), nullptr, nullptr, &made, &error_),
          "finish");
    owned<emptor_result> result(made);
    std::int32_t tables = 0;
    if (made == nullptr || emptor_result_tables(made, &tables, nullptr) != EMPTOR_STATUS_OK)
      return result;
    for (std::int32_t i = 0; i < tables; ++i) {
      const char* name = nullptr;
      emptor_table* table = nullptr;
      EXPECT_EQ(emptor_result_table_name(made, i, &name, nullptr), 0);
      EXPECT_EQ(emptor_result_table(made, name, &table, nullptr), 0);
      const owned<emptor_table> held(table);
      check_table(table, name);
    }
    return result;
  }

  /// The tables of the model that an example fits, as far as they are described.
  std::vector<table> fitted_tables(const described_example& example) {
    const split_options options = split(catalogue_, entry_, example.options);
    const owned<emptor_store> store = make_store(entry_.store.c_str(), options.store);
    for (const table& one : typed_tables(catalogue_.pushed(entry_), example.tables)) {
      c_rows given(one);
      push(store.get(), *given.get(), EMPTOR_STRICT, must::end);
    }
    const owned<emptor_result> result = finish(entry_, store.get(), c_options(options.finish));
    emptor_model* made = nullptr;
    check(emptor_result_model(result.get(), &made, &error_), "result model");
    const owned<emptor_model> model(made);
    emptor_result* parts = nullptr;
    check(emptor_model_tables(made, &parts, &error_), "model tables");
    const owned<emptor_result> tables(parts);
    std::vector<table> all;
    for (const described_table& described : entry_.model_tables) {
      emptor_table* one = nullptr;
      if (emptor_result_table(parts, described.name.c_str(), &one, nullptr) != EMPTOR_STATUS_OK)
        continue;
      const owned<emptor_table> held(one);
      const seen_table from = seen(one, described.name);
      table typed(described.name);
      for (const seen_column& column : from.columns) {
        std::vector<std::string> fields;
        for (std::int64_t row = 0; row < from.rows; ++row)
          fields.push_back(field_of(column.values, column.levels, row));
        typed.add(typed_column(column.name, described.find(column.name)->what, fields));
      }
      all.push_back(std::move(typed));
    }
    return all;
  }

  owned<emptor_model> create_model(const std::vector<table>& typed, const text_pairs& with,
                                   const attacked_table& attacked = {}) {
    std::vector<c_rows> rows(typed.begin(), typed.end());
    std::vector<emptor_rows> tables;
    for (std::size_t t = 0; t < rows.size(); ++t)
      tables.push_back(attacked.lend(rows[t], t));
    const c_options options(with);
    emptor_model* made = nullptr;
    const emptor_status status =
        emptor_model_create(entry_.name.c_str(), tables.data(), static_cast<std::int32_t>(tables.size()),
                            options.get(), options.count(), &made, &error_);
    check(status, "model create");
    if (attacked.expected != must::end) {
      EXPECT_NE(status, EMPTOR_STATUS_OK);
    }
    return owned<emptor_model>(made);
  }
  /// The model that an example of scoring needs, or none.
  owned<emptor_model> model_of(const described_example& example) {
    if (example.model_tables.empty())
      return {};
    owned<emptor_model> model =
        create_model(typed_tables(entry_.model_tables, example.model_tables), example.model_options);
    EXPECT_NE(model, nullptr) << error_.message;
    return model;
  }

  owned<emptor_plan> make_plan(const emptor_model* model, const emptor_rows& schema, const text_pairs& with) {
    const c_options options(with);
    emptor_plan* made = nullptr;
    check(emptor_plan_create(entry_.name.c_str(), model, slots_.names(), slots_.models(), slots_.count(),
                             &schema, options.get(), options.count(), nullptr, 0, &made, &error_),
          "plan");
    return owned<emptor_plan>(made);
  }

  void score(const emptor_model* model, const table& rows, const text_pairs& with,
             const attacked_table& attacked = {}, std::int64_t limit = most) {
    c_rows given(rows);
    emptor_rows lent = attacked.lend(given, 0);
    lent.row_count = std::min(limit, lent.row_count);
    if (const owned<emptor_plan> plan = make_plan(model, lent, with))
      score_with(plan.get(), lent, attacked.expected, [&] {
        c_rows before(attacked.whole != nullptr ? *attacked.whole : rows);
        const owned<emptor_plan> other = make_plan(model, *before.get(), with);
        const c_outputs outputs(other.get(), before.get()->row_count);
        check(emptor_plan_score(other.get(), before.get(), outputs.get(), outputs.count(),
                                sizeof(emptor_output), 0, nullptr, nullptr, nullptr, &error_),
              "score of what is not attacked");
        return outputs.bytes();
      });
    if (attacked.laid_out == nullptr)
      return;
    // The plan knows the columns as they should be, and the rows come otherwise.
    c_rows good(rows);
    if (const owned<emptor_plan> plan = make_plan(model, *good.get(), with))
      score_with(plan.get(), lent, must::end, [] { return std::vector<std::vector<std::byte>>(); });
  }

  [[nodiscard]] bool may_be_null(const std::string& output) const {
    return std::any_of(entry_.score_outputs.begin(), entry_.score_outputs.end(),
                       [&](const described_column& one) { return one.name == output && one.optional; });
  }

  /// \param unattacked  gives the memory of the scores of rows as they should be. Where options make a column one that nobody
  ///                    reads, its values refuse nothing, and change nothing
  template <class Unattacked>
  void score_with(const emptor_plan* plan, const emptor_rows& rows, must expected,
                  const Unattacked& unattacked) {
    const std::int64_t count = std::max<std::int64_t>(rows.row_count, 0);
    expected = count == 0 && rows.row_count == 0 ? must::end : expected;
    const c_outputs outputs(plan, count);
    std::vector<std::uint8_t> statuses(static_cast<std::size_t>(count), 99);
    std::int64_t bad_rows = -1;
    const auto call = [&](std::uint32_t flags) {
      return emptor_plan_score(plan, &rows, outputs.get(), outputs.count(), sizeof(emptor_output), flags,
                               statuses.data(), &bad_rows, nullptr, &error_);
    };
    const emptor_status status = call(0);
    check(status, "score");
    if (status == EMPTOR_STATUS_OK) {
      EXPECT_NE(expected, must::refuse_call);
      std::int64_t bad = 0;
      for (std::int64_t row = 0; row < count; ++row) {
        const std::uint8_t why = statuses[static_cast<std::size_t>(row)];
        EXPECT_LE(why, EMPTOR_ROW_NO_NUMBER);
        bad += is_refusal(static_cast<row_status>(why)) ? 1 : 0;
        for (const seen_column& column : outputs.seen().columns) {
          double value = 0.0;
          const bool there = column.values.is_valid(row);
          EXPECT_TRUE(there || why != EMPTOR_ROW_OK || may_be_null(column.name))
              << column.name << "[" << row << "] has no reason";
          if (there && column.values.type == dtype::float64) {
            EXPECT_EQ(read_number(column.values, row, value), row_status::ok) << column.name;
          }
        }
      }
      EXPECT_EQ(bad, bad_rows);
      if (expected == must::refuse_row && statuses[0] == EMPTOR_ROW_OK) {
        EXPECT_EQ(outputs.bytes(), unattacked());
        expected = must::end;
      }
    }
    const emptor_status strict = call(EMPTOR_STRICT);
    check(strict, "strict score");
    if (expected != must::end) {
      EXPECT_NE(strict, EMPTOR_STATUS_OK);
    }
  }

  /// Whether another entry stands for this one where it is only about what its store reads.
  [[nodiscard]] bool store_is_attacked_elsewhere() const {
    if (entry_.store.empty() || entry_.store == "rows")
      return false;
    const auto first = std::find_if(catalogue_.entries.begin(), catalogue_.entries.end(),
                                    [&](const described_entry& one) { return one.store == entry_.store; });
    return first->name != entry_.name;
  }

  /// Calls `body(changed table, attacked)` for every attack on every column that a table may have. \param which
  /// of the tables it is \param values_only  not the places of memory in which they stand
  template <class Body>
  void attack_table(const described_table& described, const table& base, std::size_t which, const Body& body,
                    bool values_only = false) {
    for (const described_column& what : described.columns) {
      std::size_t at = 0;
      const table whole = with_column(base, what, at);
      const column& good = whole.columns()[at];
      for (const attack& one : attacks(what)) {
        SCOPED_TRACE(described.name + "." + good.name() + ": " + one.what);
        body(with(whole, at, one.make(good)),
             {which, one.must_refuse ? must::refuse_row : must::end, nullptr, &whole});
        if (HasFailure())
          return;
      }
      if (values_only)
        continue;
      for (const layout& one : layouts(at, c_column(good.view()))) {
        SCOPED_TRACE(described.name + "." + good.name() + ": " + one.what);
        body(whole, {which, one.must_refuse ? must::refuse_call : must::end, &one});
        if (HasFailure())
          return;
      }
      SCOPED_TRACE(described.name + "." + good.name() + " as it should be, twice, and not at all");
      body(whole, {which, must::end, nullptr});
      std::vector<column> columns = whole.columns();
      columns.push_back(good);
      body(table(base.name(), columns), {which, must::refuse_call, nullptr});
      columns.pop_back();
      columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(at));
      if (!columns.empty())
        body(table(base.name(), columns),
             {which, what.optional || what.many ? must::end : must::refuse_call, nullptr});
    }
    for (const layout& one : values_only ? std::vector<layout>{} : layouts_of_rows()) {
      SCOPED_TRACE(described.name + ": " + one.what);
      body(base, {which, one.must_refuse ? must::refuse_call : must::end, &one});
    }
  }

  described_catalogue catalogue_ = read_catalogue();
  described_entry entry_ = *std::find_if(catalogue_.entries.begin(), catalogue_.entries.end(),
                                         [](const described_entry& one) { return one.name == GetParam(); });
  c_slots slots_{catalogue_, entry_.examples.front().slots};
  emptor_error error_ = EMPTOR_ERROR_INIT;
  std::int64_t calls_ = 0;
};

} // namespace emptor::test
