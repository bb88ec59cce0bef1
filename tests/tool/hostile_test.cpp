// SPDX-License-Identifier: BSL-1.0
// Every field of every table of every entry made bad in every way, and every table as a whole: the tool ends by itself,
// with status 0 or 1, and says why where it is 1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <emptor/catalogue.hpp>

#include "catalogue.hpp"
#include "tool/commands.hpp"

namespace emptor::test::hostile_test {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> hostile_fields{"",
                                              "nan",
                                              "inf",
                                              "-inf",
                                              "-5",
                                              "0",
                                              "1e308",
                                              "1e400",
                                              "9223372036854775808",
                                              "99999999999999999999999999999999999999999",
                                              "0.001",
                                              "abc",
                                              "\xFF\xFE",
                                              "0000-01-01",
                                              "9999-12-31",
                                              "1997-02-29",
                                              "1,234",
                                              std::string(100000, 'x')};

void expect_an_answer(const outcome& ended) {
  EXPECT_TRUE(ended.exit_status == 0 || ended.exit_status == 1) << ended.exit_status << "\n" << ended.err;
  if (ended.exit_status == 1) {
    EXPECT_FALSE(ended.err.empty());
  }
}

/// The tables with all that are described and not given, in ordinary rows.
text_pairs all_tables(const std::vector<described_table>& described, text_pairs given) {
  for (const described_table& one : described) {
    if (std::none_of(given.begin(), given.end(), [&](const auto& held) { return held.first == one.name; }))
      given.emplace_back(one.name, ordinary_table(one));
  }
  return given;
}

/// Whether a column of a number or count has no value that anybody could take.
bool is_impossible(const described_column& role, const std::string& field) {
  return (role.what == content::number || role.what == content::count) &&
         (field == "nan" || field == "inf" || field == "-inf" || field == "1e400" ||
          (field.empty() && !role.optional && !role.many));
}

/// Whether the field is no value of such a column at all.
bool is_unreadable(const described_column& role, const std::string& field) {
  switch (role.what) {
  case content::number:
  case content::count:
    return field == "abc";
  case content::amount:
    return field == "abc" || field == "nan";
  case content::day:
    return field == "1997-02-29" || field == "0";
  default:
    return false;
  }
}

/// Once for each entry, whose name is the parameter. The tool runs in this process, as there are tens of thousands of calls; what
/// is not looked at goes to where nothing is kept.
class ToolHostile : public ToolCatalogue, public ::testing::WithParamInterface<std::string> {
protected:
  ToolHostile() { std::filesystem::current_path(path(".")); }
  ~ToolHostile() override { std::filesystem::current_path(before_); }
  ToolHostile(const ToolHostile&) = delete;
  ToolHostile& operator=(const ToolHostile&) = delete;

  [[nodiscard]] outcome emptor(const std::vector<std::string>& words) const override {
    std::vector<const char*> given;
    for (const std::string& word : words)
      given.push_back(word.c_str());
    tool::ending ended = tool::run_tool(given);
    return {ended.exit_status, std::move(ended.out), std::move(ended.err)};
  }
  /// The first example of each verb: all columns are attacked, whether it has them or not.
  [[nodiscard]] std::vector<described_example> examples() const {
    std::vector<described_example> made;
    std::set<std::string> seen;
    for (const described_example& one : entry_.examples) {
      if (seen.insert(one.verb).second)
        made.push_back(one);
    }
    return made;
  }
  /// Only scores are kept.
  [[nodiscard]] outcome run_without_files(const described_example& one, const text_pairs& tables) const {
    std::vector<std::string> words{one.verb, one.model_tables.empty() ? entry_.name : "m.emptor", "--out",
                                   one.verb == "score" ? "scores.csv" : "/dev/null"};
    if (one.verb == "score")
      words.emplace_back("--row-status");
    add_slots(words, one);
    add_tables(words, tables);
    add_options(words, one.options);
    return emptor(words);
  }
  /// The tables of a model: those of an example, or those that a fit gives.
  [[nodiscard]] text_pairs model_tables(const described_example& one) const {
    if (one.verb != "fit")
      return one.model_tables;
    EXPECT_EQ(run(entry_, one, one.tables).exit_status, 0);
    text_pairs made;
    for (const described_table& table : entry_.model_tables) {
      if (exists("out/" + table.name + ".csv"))
        made.emplace_back(table.name, given(table.name));
    }
    return made;
  }

  /// Calls `body(tables, role, field, row)` with every bad field in the middle of every column of every table.
  template <class Body>
  static void attack_fields(const std::vector<described_table>& described, const text_pairs& tables,
                            const Body& body) {
    for (std::size_t which = 0; which < tables.size(); ++which) {
      const auto table = std::find_if(described.begin(), described.end(), [&](const described_table& one) {
        return one.name == tables[which].first;
      });
      ASSERT_NE(table, described.end()) << tables[which].first;
      for (const described_column& role : table->columns) {
        csv_table whole = parse_csv(tables[which].second);
        auto header = std::find_if(whole.names.begin(), whole.names.end(), [&](const std::string& name) {
          return table->find(name)->name == role.name;
        });
        if (header == whole.names.end()) {
          whole.names.push_back(role.name + (role.many ? ":label" : ""));
          for (std::size_t row = 0; row < whole.rows.size(); ++row)
            whole.rows[row].push_back(ordinary_value(role, row));
          header = whole.names.end() - 1;
        }
        if (whole.rows.empty()) // a table that the example leaves out
          continue;
        const std::size_t row = whole.rows.size() / 2;
        for (const std::string& field : hostile_fields) {
          SCOPED_TRACE(table->name + "." + *header + " is \"" + field.substr(0, 50) + "\"");
          text_pairs changed = tables;
          csv_table bad = whole;
          bad.rows[row][static_cast<std::size_t>(header - whole.names.begin())] = field;
          changed[which].second = to_text(bad);
          body(changed, role, field, row);
        }
      }
    }
  }

  /// Calls `body(tables)` with every table bad as a whole.
  template <class Body>
  static void attack_tables(const text_pairs& tables, const Body& body) {
    for (std::size_t which = 0; which < tables.size(); ++which) {
      const csv_table whole = parse_csv(tables[which].second);
      std::vector<std::string> hostile{"", "\n", std::string("\0", 1), "\xFF\xFE\xFF",
                                       tables[which].second.substr(0, 7)};
      csv_table table = whole;
      const auto add = [&] { hostile.push_back(to_text(table)); };
      table.rows.clear();
      add();
      table.rows = {whole.rows.front()};
      add();
      table.rows = whole.rows;
      table.rows.push_back(whole.rows.front()); // the same document twice
      add();
      table.rows.back().pop_back(); // a column of another length than the others
      add();
      table.rows.back().resize(whole.names.size() + 1);
      add();
      table = whole;
      table.names.push_back(whole.names.front()); // a column twice
      for (std::vector<std::string>& row : table.rows)
        row.push_back(row.front());
      add();
      for (std::size_t column = 0; column < whole.names.size(); ++column) {
        table = whole; // the other rows' values in the wrong order: dates before their documents
        for (std::size_t row = 0; row < table.rows.size(); ++row)
          table.rows[row][column] = whole.rows[whole.rows.size() - 1 - row][column];
        add();
        table = whole; // a column less
        table.names.erase(table.names.begin() + static_cast<std::ptrdiff_t>(column));
        for (std::vector<std::string>& row : table.rows)
          row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
        if (!table.names.empty())
          add();
      }
      for (const std::string& bad : hostile) {
        SCOPED_TRACE(tables[which].first + ": " + bad.substr(0, 300));
        text_pairs changed = tables;
        changed[which].second = bad;
        body(changed);
      }
    }
  }

  std::filesystem::path before_ = std::filesystem::current_path();
  described_entry entry_ = entry_named(GetParam());
};

/// What is pushed to a store is read before anybody knows for what: the first entry of each store stands for all of them, and
/// what the others make of rows that a store takes is attacked in the tests of the C interface.
class ToolHostileRows : public ToolHostile {};

TEST_P(ToolHostileRows, FieldsAreAnswered) {
  for (const described_example& one : examples()) {
    if (!one.model_tables.empty()) {
      ASSERT_EQ(create(entry_, one, one.model_tables, "m.emptor").exit_status, 0);
    }
    const std::vector<described_table> described = tables_of(entry_, one);
    const bool scored = one.verb == "score";
    const outcome unattacked = run_without_files(one, all_tables(described, one.tables));
    const std::string scores_before = scored && unattacked.exit_status == 0 ? read("scores.csv") : "";
    attack_fields(described, all_tables(described, one.tables),
                  [&](const text_pairs& tables, const described_column& role, const std::string& field,
                      std::size_t row) {
                    const outcome ended = run_without_files(one, tables);
                    expect_an_answer(ended);
                    if (scored && ended.exit_status == 0) { // no row may come back without a status
                      const csv_table scores = parse_csv(read("scores.csv"));
                      ASSERT_EQ(scores.rows.size(), parse_csv(tables.front().second).rows.size());
                      // Where options make a column one that nobody reads, it refuses nothing, and changes nothing.
                      if (is_impossible(role, field) && scores.rows[row].back() == "ok") {
                        EXPECT_EQ(read("scores.csv"), scores_before);
                        return;
                      }
                    }
                    if (is_impossible(role, field) && ended.exit_status == 0) {
                      EXPECT_THAT(ended.err, HasSubstr("refused"));
                    }
                    if (is_unreadable(role, field)) {
                      EXPECT_EQ(ended.exit_status, 1);
                      EXPECT_THAT(ended.err, HasSubstr("row " + std::to_string(row + 1) + " (line"));
                    }
                  });
  }
}

TEST_P(ToolHostile, FieldsOfModelsAreAnswered) {
  for (const described_example& one : examples()) {
    const text_pairs whole = model_tables(one);
    if (whole.empty())
      continue;
    const outcome good = create(entry_, one, whole, "/dev/null");
    EXPECT_EQ(good.exit_status, 0) << good.err;
    attack_fields(entry_.model_tables, all_tables(entry_.model_tables, whole),
                  [&](const text_pairs& tables, const described_column& role, const std::string& field,
                      std::size_t row) {
                    const outcome ended = create(entry_, one, tables, "/dev/null");
                    expect_an_answer(ended);
                    if (is_impossible(role, field)) {
                      EXPECT_EQ(ended.exit_status, 1);
                    }
                    if (is_unreadable(role, field)) {
                      EXPECT_THAT(ended.err, HasSubstr("row " + std::to_string(row + 1) + " (line"));
                    }
                  });
  }
}

TEST_P(ToolHostileRows, TablesAreAnswered) {
  for (const described_example& one : examples()) {
    if (!one.model_tables.empty()) {
      ASSERT_EQ(create(entry_, one, one.model_tables, "m.emptor").exit_status, 0);
    }
    attack_tables(all_tables(tables_of(entry_, one), one.tables),
                  [&](const text_pairs& tables) { expect_an_answer(run_without_files(one, tables)); });
    if (const text_pairs whole = model_tables(one); !whole.empty())
      attack_tables(all_tables(entry_.model_tables, whole), [&](const text_pairs& tables) {
        expect_an_answer(create(entry_, one, tables, "/dev/null"));
      });
  }
}

TEST_P(ToolHostile, OptionsAreAnswered) {
  for (const described_example& one : entry_.examples) {
    for (const auto& [name, value] : one.options) {
      for (const std::string bad : {"", "nan", "-1", "0", "1e308", "x", "\xFF", "9999-12-31", "0001-01-01"}) {
        described_example changed = one;
        for (auto& [changed_name, changed_value] : changed.options) {
          if (changed_name == name)
            changed_value = bad;
        }
        const outcome ended = run(entry_, changed, one.tables);
        EXPECT_THAT(ended.exit_status, ::testing::AnyOf(0, 1, 2)) << name << "=" << bad;
        EXPECT_TRUE(ended.exit_status == 0 || !ended.err.empty());
      }
    }
  }
}

/// \param all  not only the first of each store
std::vector<std::string> names_of_entries(bool all) {
  std::vector<std::string> names;
  std::set<std::string_view> stores;
  for (const entry* one : catalogue()) {
    const entry_description& described = *one->description;
    const bool shared = !described.store.empty() && described.store != "rows";
    if (all || !shared || stores.insert(described.store).second)
      names.emplace_back(described.name);
  }
  return names;
}

std::string name_of(const ::testing::TestParamInfo<std::string>& entry) {
  std::string name = entry.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(entries, ToolHostile, ::testing::ValuesIn(names_of_entries(true)), name_of);
INSTANTIATE_TEST_SUITE_P(entries, ToolHostileRows, ::testing::ValuesIn(names_of_entries(false)), name_of);

} // namespace
} // namespace emptor::test::hostile_test
