// SPDX-License-Identifier: BSL-1.0
// The demo company through the tool: its bytes, its truth, the commands that it prints, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "shell.hpp"
#include "support/csv_table.hpp"

namespace emptor::test::demo_test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Demo : public ToolTest {
protected:
  /// All files below a folder, by their names in it.
  [[nodiscard]] std::map<std::string, std::string> tree(const std::string& folder) const {
    std::map<std::string, std::string> all;
    for (const fs::directory_entry& one : fs::recursive_directory_iterator(path(folder))) {
      if (one.is_regular_file()) {
        const std::string name = fs::relative(one.path(), path(folder)).string();
        all[name] = read(folder + "/" + name);
      }
    }
    return all;
  }
  [[nodiscard]] static std::string names_of(const std::map<std::string, std::string>& files) {
    std::string names;
    for (const auto& [name, bytes] : files)
      names.append(name).append("\n");
    return names;
  }
};

void expect_same(const std::map<std::string, std::string>& left,
                 const std::map<std::string, std::string>& right) {
  ASSERT_EQ(left.size(), right.size());
  for (const auto& [name, bytes] : left) {
    ASSERT_TRUE(right.contains(name)) << name;
    EXPECT_TRUE(right.at(name) == bytes) << name << " differs";
  }
}

TEST_F(Demo, TheSameSeedGivesTheSameBytesForAnyNumberOfThreads) {
  const auto run = [&](const std::string& threads, const std::string& seed) {
    const outcome ended = emptor({"demo", "--customers", "400", "--seed", seed, "--threads", threads});
    EXPECT_EQ(ended.exit_status, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    std::map<std::string, std::string> all = tree("emptor-demo");
    all["standard output"] = ended.out;
    return all;
  };
  const auto alone = run("1", "5");
  EXPECT_THAT(names_of(alone), HasSubstr("results/value.customer_value/customers.csv\n"));
  expect_same(alone, run("1", "5"));
  expect_same(alone, run("2", "5"));
  const auto others = run("1", "6");
  EXPECT_NE(others.at("orders.csv"), alone.at("orders.csv"));
  EXPECT_NE(others.at("items.csv"), alone.at("items.csv"));
  EXPECT_NE(others.at("survey.csv"), alone.at("survey.csv"));
}

/// The words of a line as a shell takes them: single quotes only, as the tool prints them.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.push_back(word);
      word.clear();
    } else {
      word.push_back(c);
    }
  }
  words.push_back(word);
  return words;
}

std::vector<std::vector<std::string>> commands_in(const std::string& text) {
  std::vector<std::vector<std::string>> commands;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("$ emptor "))
      continue;
    commands.push_back(words_of(line.substr(9)));
  }
  return commands;
}

TEST_F(Demo, EachCommandThatItPrintsGivesTheSameFiles) {
  const outcome ended = emptor({"demo", "--customers", "300", "--dir", "a shop"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  const auto made = tree("a shop");
  for (const auto& [name, bytes] : made) {
    if (name.starts_with("results/"))
      fs::remove(path("a shop/" + name));
  }
  const auto commands = commands_in(ended.out);
  EXPECT_GE(commands.size(), 20U);
  for (const std::vector<std::string>& words : commands) {
    const outcome typed = emptor(words);
    EXPECT_EQ(typed.exit_status, 0) << words[0] << ' ' << words[1] << ": " << typed.err;
  }
  expect_same(made, tree("a shop"));
}

/// The figures of scoreboard.csv by `run estimate truth figure`.
std::map<std::string, double> figures_of(const std::string& csv) {
  std::map<std::string, double> figures;
  for (const std::vector<std::string>& row : parse_csv(csv).rows) {
    if (!row[4].empty())
      figures[row[0] + " " + row[1] + " " + row[2] + " " + row[3]] = std::stod(row[4]);
  }
  return figures;
}

TEST_F(Demo, TheEstimatesComeCloseToTheTruth) {
  const outcome ended = emptor({"demo", "--customers", "5000", "--seed", "3"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.out.find("FAILED"), std::string::npos) << ended.out;
  for (const char* part : {"The customers who rank first", "Must be equal, to the cent", "Parameters",
                           "Probabilities", "Numbers", "P(ALIVE)", "OVERDUE", "CLASS"})
    EXPECT_THAT(ended.out, HasSubstr(part));
  const std::map<std::string, double> figures = figures_of(read("emptor-demo/scoreboard.csv"));
  const auto figure = [&](const std::string& name) {
    EXPECT_TRUE(figures.contains(name)) << name;
    return figures.contains(name) ? figures.at(name) : std::nan("");
  };
  // Sums of money and counts are not estimated: not one may differ.
  int exact = 0;
  for (const auto& [name, value] : figures) {
    if (!name.ends_with(" equal"))
      continue;
    ++exact;
    EXPECT_EQ(value, figure(name.substr(0, name.size() - 5) + "rows")) << name;
    EXPECT_GT(value, 0.0) << name;
  }
  EXPECT_GE(exact, 5);
  // Parameters within four standard errors, though no customer base is quite what its model says.
  int parameters = 0;
  for (const auto& [name, value] : figures) {
    if (!name.ends_with(" standard_errors_off"))
      continue;
    ++parameters;
    EXPECT_LT(std::abs(value), 4.0) << name;
  }
  EXPECT_GE(parameters, 11);

  const std::string alive = "value.customer_value probability_alive truth.alive ";
  EXPECT_NEAR(figure(alive + "mean"), figure(alive + "true_share"), 0.05);
  EXPECT_GT(figure(alive + "above_half_true"), 0.8);
  EXPECT_LT(figure(alive + "brier_score"), 0.13);
  const std::string orders = "value.customer_value expected_orders";
  EXPECT_NEAR(figure(orders + " truth.expected_orders ratio"), 1.0, 0.12);
  EXPECT_GT(figure(orders + " truth.expected_orders correlation"), 0.8);
  EXPECT_NEAR(figure(orders + ", regular truth.expected_orders ratio"), 1.0, 0.06);
  EXPECT_GT(figure(orders + ", declining truth.expected_orders ratio"), 1.5) << "no model knows of them";
  EXPECT_NEAR(figure("value.customer_value value truth.value_given_orders ratio"), 1.0, 0.05);
  EXPECT_GT(figure("value.customer_value value truth.value_given_orders in_interval"), 0.5);
  EXPECT_GT(figure("value.lifetime_value lifetime_value truth.value correlation"), 0.8);
  const std::string answers = "value.bg_bb expected_orders truth.expected_answers ";
  EXPECT_NEAR(figure(answers + "ratio"), 1.0, 0.08);
  EXPECT_GT(figure("value.nbd expected_orders truth.expected_orders ratio"), 1.3)
      << "who never drops out expects too much";
  EXPECT_GT(figure("value.bg_nbd probability_alive truth.alive brier_score"), figure(alive + "brier_score"))
      << "the customers are of another process";
}

TEST_F(Demo, EveryCustomerAndColumnIsInItsFilesAndInItsReadMe) {
  ASSERT_EQ(emptor({"demo", "--customers", "120"}).exit_status, 0);
  const std::string text = read("emptor-demo/README.txt");
  std::size_t tables = 0;
  for (const auto& [name, bytes] : tree("emptor-demo")) {
    if (name == "README.txt" || name.find('/') != std::string::npos)
      continue;
    ++tables;
    EXPECT_THAT(text, HasSubstr("\n" + name + ": "));
    if (name == "scoreboard.csv")
      continue;
    const std::size_t from = text.find("\n" + name + ": ");
    const std::string section = text.substr(from, text.find("\n\n", from) - from);
    for (const std::string& column : parse_csv(bytes).names)
      EXPECT_THAT(section, HasSubstr("\n  " + column + " ")) << name;
  }
  EXPECT_EQ(tables, 23U);
  EXPECT_EQ(parse_csv(read("emptor-demo/customers.csv")).rows.size(), 120U);
  EXPECT_EQ(parse_csv(read("emptor-demo/truth.csv")).rows.size(), 120U);
  // Each command stands in it, too.
  EXPECT_THAT(text, HasSubstr("\nemptor reduce value.customer_value --in orders=emptor-demo/orders.csv "));
}

TEST_F(Demo, TooFewCustomersAreToldOfRunByRun) {
  for (const char* customers : {"1", "2", "20"}) {
    for (const char* seed : {"1", "2"}) {
      const std::string dir = std::string(customers) + "_" + seed;
      const outcome ended = emptor({"demo", "--customers", customers, "--seed", seed, "--dir", dir});
      EXPECT_EQ(ended.exit_status, 0) << dir << ended.err;
      EXPECT_THAT(ended.err,
                  HasSubstr("emptor: demo: " + std::string(customers) + " customers are too thin for "));
      EXPECT_THAT(ended.out,
                  HasSubstr("  TOO THIN: value.customer_value: number of customers with an order"));
      EXPECT_THAT(ended.out, HasSubstr("  TOO THIN: needs value.customer_value, which was not run"));
      EXPECT_EQ(ended.out.find("FAILED"), std::string::npos) << dir;
      const std::size_t thin = ended.out.find("\nToo thin for an estimate\n");
      ASSERT_NE(thin, std::string::npos);
      EXPECT_THAT(ended.out.substr(thin),
                  ::testing::ContainsRegex("\n  value.customer_value +reduce +value.customer"));
      EXPECT_TRUE(exists(dir + "/results/value.summary/summary.csv")) << "what can run does";
      EXPECT_TRUE(exists(dir + "/truth.csv"));
    }
  }
}

TEST_F(Demo, WhatAnEarlierDemoGaveIsNoResultOfThisOne) {
  ASSERT_EQ(emptor({"demo", "--customers", "300", "--dir", "d"}).exit_status, 0);
  ASSERT_TRUE(exists("d/results/value.customer_value/customers.csv"));
  EXPECT_EQ(emptor({"demo", "--customers", "20", "--dir", "d"}).exit_status, 0);
  EXPECT_FALSE(exists("d/results/value.customer_value/customers.csv"));
}

TEST_F(Demo, OptionsOutsideTheirDomainAreWrongUsage) {
  for (const char* customers : {"0", "-1", "1000001", "99999999999999999999", "many", "1.5", ""}) {
    const outcome ended = emptor({"demo", "--customers", customers});
    EXPECT_EQ(ended.exit_status, 2) << customers;
    EXPECT_THAT(ended.err, HasSubstr("customers")) << customers;
  }
  EXPECT_THAT(emptor({"demo", "--customers", "0"}).err,
              HasSubstr("--customers is 0, but must be in [1, 1000000]"));
  EXPECT_EQ(emptor({"demo", "--seed", "-1"}).exit_status, 2);
  EXPECT_EQ(emptor({"demo", "--dir", ""}).exit_status, 2);
  EXPECT_EQ(emptor({"demo", "extra"}).exit_status, 2);
  EXPECT_EQ(emptor({"demo", "--in", "orders.csv"}).exit_status, 2);
  EXPECT_EQ(files(), 0U) << "nothing was written";
  const outcome help = emptor({"demo", "--help"});
  EXPECT_EQ(help.exit_status, 0);
  for (const char* option : {"--customers", "--seed", "--dir", "--threads"})
    EXPECT_THAT(help.out, HasSubstr(option));
}

TEST_F(Demo, FilesOfOthersAreNeverOverwritten) {
  fs::create_directories(path("mine"));
  write("mine/orders.csv", "my orders");
  outcome ended = emptor({"demo", "--customers", "50", "--dir", "mine"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_EQ(ended.err, "emptor: mine/: holds files that are not of a demo; give another folder with --dir\n");
  EXPECT_EQ(read("mine/orders.csv"), "my orders");
  // Nor by a README.txt of somebody else.
  write("mine/README.txt", "What my orders are");
  EXPECT_EQ(emptor({"demo", "--customers", "50", "--dir", "mine"}).exit_status, 1);
  EXPECT_EQ(read("mine/README.txt"), "What my orders are");
  EXPECT_EQ(tree("mine").size(), 2U);

  write("file", "a file");
  ended = emptor({"demo", "--customers", "50", "--dir", "file"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("file/: is no folder"));
  EXPECT_EQ(read("file"), "a file");
  ended = emptor({"demo", "--customers", "50", "--dir", "file/below"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("file/below/: "));
  // Nor through a link in the folder of a demo.
  fs::create_directories(path("linked"));
  fs::copy_file(path("mine/orders.csv"), path("victim"));
  fs::create_symlink("../victim", path("linked/orders.csv"));
  write("linked/README.txt",
        "This folder was made by emptor demo, which may overwrite the files that it names.\n");
  ended = emptor({"demo", "--customers", "50", "--dir", "linked"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("linked/orders.csv: is a link"));
  EXPECT_EQ(read("victim"), "my orders");
  // A file of one's own beside those of a demo stays.
  ASSERT_EQ(emptor({"demo", "--customers", "150", "--dir", "-d"}).exit_status, 0);
  write("-d/results/notes.txt", "mine");
  ASSERT_EQ(emptor({"demo", "--customers", "150", "--dir=-d"}).exit_status, 0);
  EXPECT_EQ(read("-d/results/notes.txt"), "mine");
}

TEST_F(Demo, AnEntrySaysHowTheDemoRunsIt) {
  const std::string text = emptor({"describe", "value.pareto_nbd"}).out;
  EXPECT_THAT(text, HasSubstr("\nIn the demo (emptor demo)\n  value.pareto_nbd              fit    of "
                              "value.summary/summary  "));
  EXPECT_THAT(text, HasSubstr("\n  value.pareto_nbd              score  of value.summary/summary  "));
  EXPECT_THAT(text, HasSubstr("compared with truth.alive, truth.expected_orders\n"));
}

TEST_F(Demo, AFolderThatCannotBeWrittenIsNamed) {
  const outcome ended = emptor({"demo", "--customers", "50", "--dir", "/proc/emptor"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("/proc/emptor/: cannot be made a folder"));
}

} // namespace
} // namespace emptor::test::demo_test
