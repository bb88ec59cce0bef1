// SPDX-License-Identifier: BSL-1.0
// Every entry of the catalogue through the tool: its worked examples, and every input of them made bad in every way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <boost/json.hpp>

#include "shell.hpp"
#include "support/csv_table.hpp"
#include "support/description.hpp"

namespace emptor::test {
namespace {

using ::testing::HasSubstr;

std::string quoted(const std::string& field) {
  if (field.find_first_of(",;\t\"\r\n") == std::string::npos)
    return field;
  std::string made = "\"";
  for (const char c : field)
    made.append(c == '"' ? "\"\"" : std::string(1, c));
  return made + "\"";
}

std::string to_text(const csv_table& from) {
  std::string text;
  const auto line = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      text.append(i == 0 ? "" : ",")
          .append(fields.size() == 1 && fields[i].empty() ? "\"\"" : quoted(fields[i]));
    text.append("\n");
  };
  line(from.names);
  for (const std::vector<std::string>& row : from.rows)
    line(row);
  return text;
}

class ToolCatalogue : public ToolTest {
protected:
  [[nodiscard]] std::vector<described_entry> entries() const {
    std::vector<described_entry> made;
    const outcome listed = emptor({"list", "--json"});
    const boost::json::value parsed = boost::json::parse(listed.out);
    for (const boost::json::value& one : parsed.as_array()) {
      const outcome described =
          emptor({"describe", boost::json::value_to<std::string>(one.at("name")), "--json"});
      made.push_back(reading::read_entry(boost::json::parse(described.out).as_object()));
    }
    return made;
  }
  /// The tables whose rows the examples of an entry give.
  [[nodiscard]] std::vector<described_table> tables_of(const described_entry& entry,
                                                       const described_example& one) const {
    if (one.verb == "score")
      return {entry.score_inputs};
    if (entry.inputs.empty() && !entry.store.empty())
      return reading::read_store(
                 boost::json::parse(emptor({"describe", entry.store, "--json"}).out).as_object())
          .tables;
    return entry.inputs;
  }

  static void add_options(std::vector<std::string>& words, const text_pairs& options) {
    for (const auto& [name, value] : options) {
      words.emplace_back("--set");
      words.push_back(name + "=" + value);
    }
  }
  /// Runs an example over `tables` and leaves what it gives as CSV files in the folder `out`.
  [[nodiscard]] outcome run(const described_entry& entry, const described_example& one,
                            const text_pairs& tables, const std::vector<std::string>& more = {}) const {
    std::filesystem::remove_all(path("out"));
    std::filesystem::create_directory(path("out"));
    std::vector<std::string> words{one.verb, entry.name};
    if (!one.model_tables.empty()) {
      std::vector<std::string> create{"create", entry.name, "--out", "m.emptor"};
      for (const auto& [name, csv] : one.model_tables) {
        write("model_" + name + ".csv", csv);
        create.emplace_back("--in");
        create.push_back(name + "=model_" + name + ".csv");
      }
      add_options(create, one.model_options);
      const outcome made = emptor(create);
      EXPECT_EQ(made.exit_status, 0) << made.err;
      words[1] = "m.emptor";
    }
    for (const auto& [name, csv] : tables) {
      write(name + ".csv", csv);
      words.emplace_back("--in");
      words.push_back(name + "=" + name + ".csv");
    }
    add_options(words, one.options);
    if (one.verb == "fit")
      words.insert(words.end(), {"--out", "fit.emptor", "--tables", "out"});
    else
      words.insert(words.end(), {"--out", one.verb == "score" ? "out/scores.csv" : "out"});
    words.insert(words.end(), more.begin(), more.end());
    return emptor(words);
  }
  [[nodiscard]] std::string given(const std::string& table_name) const {
    return read("out/" + table_name + ".csv");
  }
};

TEST_F(ToolCatalogue, WorkedExamplesGiveTheirFigures) {
  for (const described_entry& entry : entries()) {
    ASSERT_FALSE(entry.examples.empty()) << entry.name << " has no worked example";
    for (const described_example& one : entry.examples) {
      const outcome ended = run(entry, one, one.tables);
      ASSERT_EQ(ended.exit_status, 0) << entry.name << ": " << one.summary << "\n" << ended.err;
      for (const auto& [name, csv] : one.expected) {
        const std::string table_name = one.verb == "score" ? "scores" : name;
        ASSERT_TRUE(exists("out/" + table_name + ".csv")) << entry.name << ": " << one.summary;
        const csv_table expected = parse_csv(csv);
        const csv_table made = parse_csv(given(table_name));
        ASSERT_EQ(made.rows.size(), expected.rows.size()) << entry.name << ": " << name;
        for (std::size_t i = 0; i < expected.names.size(); ++i) {
          const auto at = std::find(made.names.begin(), made.names.end(), expected.names[i]);
          ASSERT_NE(at, made.names.end()) << entry.name << ": " << expected.names[i];
          for (std::size_t row = 0; row < expected.rows.size(); ++row) {
            const std::string& figure = made.rows[row][static_cast<std::size_t>(at - made.names.begin())];
            EXPECT_TRUE(agrees(expected.rows[row][i], figure, one.tolerance))
                << entry.name << ": " << expected.names[i] << "[" << row << "] is " << figure << ", expected "
                << expected.rows[row][i];
          }
        }
      }
    }
    const outcome told = emptor({"describe", entry.name, "--example"});
    EXPECT_EQ(told.exit_status, 0) << told.out;
    EXPECT_THAT(told.out, HasSubstr("The figures agree"));
  }
}

TEST_F(ToolCatalogue, ThreadsAndOrderOfRowsChangeNothing) {
  for (const described_entry& entry : entries()) {
    for (const described_example& one : entry.examples) {
      const auto all_given = [&](const text_pairs& tables, const std::string& threads) {
        EXPECT_EQ(run(entry, one, tables, {"--threads", threads}).exit_status, 0) << entry.name;
        std::string all = one.verb == "fit" ? read("fit.emptor") : "";
        for (const auto& [name, csv] : one.expected)
          all.append(given(one.verb == "score" ? "scores" : name));
        return all;
      };
      const std::string alone = all_given(one.tables, "1");
      EXPECT_EQ(all_given(one.tables, "2"), alone) << entry.name;
      EXPECT_EQ(all_given(one.tables, "7"), alone) << entry.name;
      EXPECT_EQ(all_given(one.tables, "0"), alone) << entry.name;
      if (one.verb == "score")
        continue;
      text_pairs turned;
      for (const auto& [name, csv] : one.tables) {
        csv_table table = parse_csv(csv);
        std::reverse(table.rows.begin(), table.rows.end());
        turned.emplace_back(name, to_text(table));
      }
      EXPECT_EQ(all_given(turned, "1"), alone) << entry.name << ": the order of the rows matters";
    }
  }
}

/// A run on bad input ends by itself, with status 0 or 1, and says why where it is 1.
void expect_an_answer(const outcome& ended, const std::string& what) {
  EXPECT_TRUE(ended.exit_status == 0 || ended.exit_status == 1)
      << what << ": exit status " << ended.exit_status << "\n"
      << ended.err;
  if (ended.exit_status == 1) {
    EXPECT_FALSE(ended.err.empty()) << what;
  }
}

TEST_F(ToolCatalogue, HostileFieldsAreAnswered) {
  const std::vector<std::string> hostile{"",
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
  for (const described_entry& entry : entries()) {
    for (const described_example& one : entry.examples) {
      const std::vector<described_table> tables = tables_of(entry, one);
      for (std::size_t which = 0; which < one.tables.size(); ++which) {
        const csv_table whole = parse_csv(one.tables[which].second);
        const auto described = std::find_if(tables.begin(), tables.end(), [&](const described_table& table) {
          return table.name == one.tables[which].first;
        });
        ASSERT_NE(described, tables.end()) << entry.name;
        for (std::size_t column = 0; column < whole.names.size(); ++column) {
          const described_column* role = described->find(whole.names[column]);
          ASSERT_NE(role, nullptr) << entry.name << ": " << whole.names[column];
          for (const std::string& bad : hostile) {
            text_pairs changed = one.tables;
            csv_table table = whole;
            table.rows[table.rows.size() / 2][column] = bad;
            changed[which].second = to_text(table);
            const std::string what =
                entry.name + ": " + whole.names[column] + " is \"" + bad.substr(0, 50) + "\"";
            const bool scored = one.verb == "score";
            const outcome ended =
                run(entry, one, changed,
                    scored ? std::vector<std::string>{"--row-status"} : std::vector<std::string>{});
            expect_an_answer(ended, what);
            const bool numeric = role->what == content::number || role->what == content::count;
            const bool impossible = bad == "nan" || bad == "inf" || bad == "-inf" || bad == "1e400" ||
                                    (bad.empty() && !role->optional);
            // No row may come back without a status.
            if (scored && ended.exit_status == 0) {
              const csv_table scores = parse_csv(given("scores"));
              ASSERT_EQ(scores.rows.size(), table.rows.size()) << what;
              if (numeric && impossible) {
                EXPECT_NE(scores.rows[table.rows.size() / 2].back(), "ok") << what;
              }
            }
            if (numeric && impossible && ended.exit_status == 0) {
              EXPECT_THAT(ended.err, HasSubstr("refused")) << what;
            }
            // What is no value of its column is refused with its place.
            if ((numeric && bad == "abc") ||
                (role->what == content::amount && (bad == "abc" || bad == "nan")) ||
                (role->what == content::day && (bad == "1997-02-29" || bad == "0"))) {
              EXPECT_EQ(ended.exit_status, 1) << what;
              EXPECT_THAT(ended.err, HasSubstr("row " + std::to_string(table.rows.size() / 2 + 1) + " (line"))
                  << what;
            }
          }
        }
      }
    }
  }
}

TEST_F(ToolCatalogue, HostileTablesAreAnswered) {
  for (const described_entry& entry : entries()) {
    for (const described_example& one : entry.examples) {
      for (std::size_t which = 0; which < one.tables.size(); ++which) {
        const csv_table whole = parse_csv(one.tables[which].second);
        std::vector<std::string> hostile{"", "\n", std::string("\0", 1), "\xFF\xFE\xFF",
                                         one.tables[which].second.substr(0, 7)};
        csv_table table = whole;
        table.rows.clear();
        hostile.push_back(to_text(table));
        table.rows = {whole.rows.front()};
        hostile.push_back(to_text(table));
        table.rows = whole.rows;
        table.rows.push_back(whole.rows.front()); // the same document twice
        hostile.push_back(to_text(table));
        for (std::size_t column = 0; column < whole.names.size(); ++column) {
          table = whole; // the other rows' values in the wrong order: dates before their documents
          for (std::size_t row = 0; row < table.rows.size(); ++row)
            table.rows[row][column] = whole.rows[whole.rows.size() - 1 - row][column];
          hostile.push_back(to_text(table));
          table = whole; // a column less
          table.names.erase(table.names.begin() + static_cast<std::ptrdiff_t>(column));
          for (std::vector<std::string>& row : table.rows)
            row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
          if (!table.names.empty())
            hostile.push_back(to_text(table));
        }
        for (const std::string& bad : hostile) {
          text_pairs changed = one.tables;
          changed[which].second = bad;
          expect_an_answer(run(entry, one, changed), entry.name + ": " + bad.substr(0, 300));
        }
      }
      for (const auto& [name, value] : one.options) {
        for (const std::string bad :
             {"", "nan", "-1", "0", "1e308", "x", "\xFF", "9999-12-31", "0001-01-01"}) {
          described_example changed = one;
          for (auto& [changed_name, changed_value] : changed.options) {
            if (changed_name == name)
              changed_value = bad;
          }
          const outcome ended = run(entry, changed, one.tables);
          EXPECT_THAT(ended.exit_status, ::testing::AnyOf(0, 1, 2))
              << entry.name << ": " << name << "=" << bad;
          EXPECT_TRUE(ended.exit_status == 0 || !ended.err.empty());
        }
      }
    }
  }
}

} // namespace
} // namespace emptor::test
