// SPDX-License-Identifier: BSL-1.0
// The tool's main job on the CDNOW ledger: orders to customer summaries to a BG/NBD model to P(alive).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include <boost/json.hpp>

#include "shell.hpp"
#include "support/places.hpp"

namespace emptor::test::main_job_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ToolMainJob : public ToolTest {
protected:
  void SetUp() override {
    data_ = data_folder();
    if (!std::filesystem::exists(data_ / "cdnow_sample.csv"))
      GTEST_SKIP() << "skipped: no CDNOW ledger in EMPTOR_DATA_DIR (" << data_ << ")";
  }
  [[nodiscard]] std::string data(const std::string& name) const { return (data_ / name).string(); }

  /// Both steps, for a ledger. \return what `show --json` says of the model
  [[nodiscard]] boost::json::object fitted(const std::string& ledger,
                                           const std::string& threads = "1") const {
    outcome ended = emptor({"reduce", "value.summary", "--in", data(ledger), "--map", "customer=customer_id",
                            "--set", "until=1997-09-30", "--set", "unit=week", "default_currency=USD",
                            "--threads", threads, "--out", "s.csv"});
    EXPECT_EQ(ended.exit_status, 0) << ended.err;
    EXPECT_EQ(ended.err, "emptor: s.csv: has the table summary; --out FOLDER/ also writes totals\n");
    ended = emptor({"fit", "value.bg_nbd", "--in", "s.csv", "--set", "unit=week", "--threads", threads,
                    "--out", "m.emptor"});
    EXPECT_EQ(ended.exit_status, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    ended = emptor({"show", "m.emptor", "--json"});
    EXPECT_EQ(ended.exit_status, 0) << ended.err;
    return boost::json::parse(ended.out).as_object();
  }
  static void expect_values(const boost::json::value& shown, const std::map<std::string, double>& expected,
                            double tolerance) {
    EXPECT_EQ(shown.as_object().size(), expected.size());
    for (const auto& [name, value] : expected)
      EXPECT_NEAR(shown.at(name).to_number<double>(), value, tolerance * value) << name;
  }

private:
  std::filesystem::path data_;
};

TEST_F(ToolMainJob, TheSampleReachesTheTrueMaximum) {
  const boost::json::object shown = fitted("cdnow_sample.csv");
  EXPECT_EQ(shown.at("entry").as_string(), "value.bg_nbd");
  EXPECT_TRUE(shown.at("converged").as_bool());
  EXPECT_GE(shown.at("log_likelihood").to_number<double>(), -9582.42920668);
  EXPECT_LE(shown.at("log_likelihood").to_number<double>(), -9582.42920666);
  expect_values(shown.at("parameters"),
                {{"r", 0.2425945224}, {"alpha", 4.413602019}, {"a", 0.7929220176}, {"b", 2.425906778}}, 1e-8);
  expect_values(shown.at("standard_errors"),
                {{"r", 0.0125574}, {"alpha", 0.378224}, {"a", 0.185733}, {"b", 0.705411}}, 1e-5);

  // P(alive) and expected orders of every customer, with the ids as the ledger wrote them.
  const outcome scored = emptor({"score", "m.emptor", "--in", "s.csv", "--set", "horizon=39 week", "--keep",
                                 "customer", "--out", "alive.csv"});
  EXPECT_EQ(scored.exit_status, 0) << scored.err;
  EXPECT_EQ(scored.err, "");
  EXPECT_THAT(read("alive.csv"), HasSubstr("customer,probability_alive,expected_orders\n0001,0."));
  EXPECT_EQ(read("alive.csv").find(",,"), std::string::npos) << "every customer has a number";
}

TEST_F(ToolMainJob, TheWholeLedgerReachesTheTrueMaximum) {
  const boost::json::object shown = fitted("cdnow.csv");
  EXPECT_TRUE(shown.at("converged").as_bool());
  EXPECT_GE(shown.at("log_likelihood").to_number<double>(), -95368.44393317);
  expect_values(shown.at("parameters"),
                {{"r", 0.2516239589}, {"alpha", 4.788942962}, {"a", 0.723433577}, {"b", 2.16108836}}, 1e-8);
}

TEST_F(ToolMainJob, ThreadsChangeNoByte) {
  static_cast<void>(fitted("cdnow_sample.csv", "1"));
  const std::string summary = read("s.csv");
  const std::string model = read("m.emptor");
  ASSERT_FALSE(summary.empty());
  ASSERT_FALSE(model.empty());
  for (const char* threads : {"2", "7"}) {
    static_cast<void>(fitted("cdnow_sample.csv", threads));
    EXPECT_EQ(read("s.csv"), summary) << threads;
    EXPECT_EQ(read("m.emptor"), model) << threads;
  }
}

TEST_F(ToolMainJob, AStoreKeptUpToDateGivesWhatOnePushGives) {
  std::ifstream file(data("cdnow_sample.csv"));
  std::string header;
  std::getline(file, header);
  std::vector<std::string> parts(3, header + ",document\n");
  std::string whole = header + ",document\n";
  std::string line;
  for (std::size_t i = 0; std::getline(file, line); ++i) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    line += ",d" + std::to_string(i) + "\n";
    parts[i % parts.size()] += line;
    whole += line;
  }
  write("whole.csv", whole);
  const std::vector<std::string> finish{"--set", "until=1997-09-30", "--set", "unit=week", "--out"};
  const auto with = [&](std::vector<std::string> words, const std::string& out) {
    words.insert(words.end(), finish.begin(), finish.end());
    words.push_back(out);
    return emptor(words);
  };
  ASSERT_EQ(
      with({"reduce", "value.summary", "--in", "whole.csv", "--map", "customer=customer_id"}, "once.csv")
          .exit_status,
      0);
  std::string last;
  std::string pushed_before;
  for (const std::size_t part : {2U, 0U, 1U, 0U}) { // the last one is yesterday's file again
    write("part.csv", parts[part]);
    last = exists("store.emptor") ? read("store.emptor") : "";
    const outcome pushed =
        emptor({"push", "order_history", "--in", "orders=part.csv", "--map", "customer=customer_id",
                "--store", "store.emptor", "--set", "default_currency=USD"});
    ASSERT_EQ(pushed.exit_status, 0) << pushed.err;
    const std::string rows = std::to_string(std::count(parts[part].begin(), parts[part].end(), '\n') - 1);
    EXPECT_EQ(pushed.err, "emptor: part.csv: " + rows + " rows: " + rows +
                              (parts[part] == pushed_before ? " repeated\n" : " added\n"));
    if (pushed_before.empty() && part == 0)
      pushed_before = parts[part];
  }
  EXPECT_EQ(read("store.emptor"), last) << "pushing yesterday's file again changed the store";
  ASSERT_EQ(with({"reduce", "value.summary", "--store", "store.emptor"}, "kept.csv").exit_status, 0);
  EXPECT_EQ(read("kept.csv"), read("once.csv"));

  // Without documents the push says that repeats count twice.
  const outcome pushed = emptor({"push", "order_history", "--in", data("cdnow_sample.csv"), "--map",
                                 "customer=customer_id", "--store", "plain.emptor"});
  EXPECT_EQ(pushed.exit_status, 0);
  EXPECT_THAT(pushed.err, HasSubstr("pushed again they count twice"));
}

} // namespace
} // namespace emptor::test::main_job_test
