// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/cutoff_entry.hpp>

#include "credit/outcomes_example.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::credit::cutoff_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using outcomes_example::store_of;
using test::code_of;
using test::draws;

result tables_of(const stats::outcomes& from, options with) {
  return finished::of(cutoff_entry, from, with);
}
const options money{{"score", "s"}, {"profit_per_good", "1"}, {"loss_per_bad", "5"}};
options and_also(options more) {
  options made = money;
  made.insert(made.end(), more.begin(), more.end());
  return made;
}

TEST(cutoff, the_worked_example) {
  EXPECT_EQ(outcomes_example::differences(cutoff_entry), "");
}

TEST(cutoff, best_and_range_equal_a_slow_reading) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    draws draw(seed);
    struct row {
      double risk;
      std::uint8_t event;
      double weight;
    };
    std::vector<row> rows;
    chosen_rows chosen;
    const bool weighted = seed % 2 == 0;
    for (std::uint64_t i = 0; i < 2 + draw.below(60); ++i) {
      const std::uint64_t level = draw.below(12);
      rows.push_back({static_cast<double>(level), static_cast<std::uint8_t>(draw.below(40) < level ? 1 : 0),
                      weighted ? static_cast<double>(1 + draw.below(4)) : 1.0});
      chosen.risk.push_back(rows.back().risk);
      chosen.events.push_back(rows.back().event);
      if (weighted)
        chosen.weights.push_back(rows.back().weight);
    }
    const cutoff_economics of{1.0, 4.0};
    const stats::ranked_events ranked(chosen.view());
    const std::vector<cut_point> cuts = cuts_of(ranked, of);
    const std::size_t best = best_cut(cuts);
    const double z = 1.2;
    const cut_range near = cuts_near(ranked, cuts, best, of, stats::weight_meaning::sampling, z);
    const auto takes = [&](std::size_t cut, const row& one) { return cut > 0 && one.risk <= cuts[cut].risk; };
    cut_range slow{best, best};
    for (std::size_t k = 0; k < cuts.size(); ++k) {
      double profit = 0.0;
      std::vector<double> parts;
      for (const row& one : rows) {
        const double worth = one.weight * (one.event != 0 ? -4.0 : 1.0);
        profit += takes(k, one) ? worth : 0.0;
        parts.push_back(worth * (static_cast<double>(takes(best, one)) - static_cast<double>(takes(k, one))));
      }
      EXPECT_NEAR(cuts[k].profit, profit, 1e-12);
      EXPECT_LE(profit, cuts[best].profit);
      double sum = 0.0;
      double squares = 0.0;
      for (const double part : parts)
        sum += part;
      const double n = static_cast<double>(rows.size());
      for (const double part : parts)
        squares += (part - sum / n) * (part - sum / n);
      const double error = std::sqrt(n / (n - 1.0) * squares);
      const cut_difference made = difference_of(ranked, best, k, of, stats::weight_meaning::sampling);
      EXPECT_NEAR(made.value, sum, 1e-12);
      EXPECT_NEAR(made.standard_error, error, 1e-6);
      if (std::abs(sum) <= z * error) {
        slow.strictest = std::min(slow.strictest, k);
        slow.loosest = std::max(slow.loosest, k);
      }
    }
    EXPECT_EQ(near.strictest, slow.strictest) << seed;
    EXPECT_EQ(near.loosest, slow.loosest) << seed;
  }
}

TEST(cutoff, states) {
  const auto state = [](const std::string& csv, const options& with = money) {
    return finished::cells(tables_of(store_of(csv), with), "best",
                           {"state", "rows", "left_out", "cut", "profit"})[0];
  };
  const std::string head = "outcome,characteristics:s\n";
  EXPECT_EQ(state(head), "no_rows 0 0 - -");
  EXPECT_EQ(state(head + "1,\n,3\n"), "no_rows 0 2 - -");
  EXPECT_EQ(state(head + "1,2\n1,3\n"), "accept_nobody 2 0 - 0");
  EXPECT_EQ(state(head + "0,2\n0,3\n"), "accept_everybody 2 0 2 2");
  EXPECT_EQ(state(head + "0,9\n1,3\n"), "computed 2 0 9 1");
  EXPECT_EQ(state("outcome,characteristics:s\n0,9\n1,3\n", {{"score", "s"},
                                                            {"profit_per_good", "1"},
                                                            {"loss_per_bad", "5"},
                                                            {"orientation", "higher_is_riskier"}}),
            "accept_nobody 2 0 - 0");
  EXPECT_EQ(state(head + "0,9\n1,3\n", {{"score", "s"}, {"profit_per_good", "0"}, {"loss_per_bad", "0"}}),
            "accept_nobody 2 0 - 0");
  std::string many = head;
  for (int i = 0; i < 500; ++i)
    many += (i % 7 == 0 ? "1," : "0,") + std::to_string(i) + "\n";
  const result made = tables_of(store_of(many), and_also({{"points", "20"}}));
  EXPECT_LE(finished::table_of(made, "cuts").rows(), 23);
  const table& cuts = finished::table_of(made, "cuts");
  EXPECT_FALSE(cuts.at("cut").is_valid(0)) << "it begins with nobody";
  EXPECT_EQ(cuts.at("acceptance_rate").as<double>().back(), 1.0);
  EXPECT_EQ(finished::table_of(tables_of(store_of(many), and_also({{"points", "0"}})), "cuts").rows(), 501);
}

TEST(cutoff, slices_orders_and_refusals) {
  draws draw(2);
  texts lines;
  for (int i = 0; i < 300; ++i)
    lines.push_back("s" + std::to_string(draw.below(3)) + "," + std::to_string(draw.below(4) == 0 ? 1 : 0) +
                    "," + to_text(0.5 * static_cast<double>(1 + draw.below(6))) + "," +
                    std::to_string(draw.below(40)) + "\n");
  const auto csv = [&] {
    std::string made = "slice,outcome,weight,characteristics:s\n";
    for (const std::string& one : lines)
      made += one;
    return made;
  };
  const result made = tables_of(store_of(csv()), and_also({{"by", "slice"}, {"current", "12"}}));
  EXPECT_EQ(finished::table_of(made, "best").rows(), 4);
  draw.shuffle(lines);
  EXPECT_EQ(tables_of(store_of(csv()), and_also({{"by", "slice"}, {"current", "12"}})).tables, made.tables);
  const result one = tables_of(store_of(csv()), and_also({{"slice", "s1"}, {"current", "12"}}));
  const texts columns{"rows", "cut", "profit", "low", "gain", "gain_low", "strictest", "loosest"};
  EXPECT_EQ(finished::cells(one, "best", columns)[0], finished::cells(made, "best", columns)[2]);
  const auto refused = [&](const options& with, status code) {
    EXPECT_EQ(code_of([&] { return tables_of(store_of(csv()), with); }), code);
  };
  refused({{"score", "s"}}, status::option);
  refused({{"score", "q"}, {"profit_per_good", "1"}, {"loss_per_bad", "5"}}, status::schema);
  refused({{"score", "s"}, {"profit_per_good", "-1"}, {"loss_per_bad", "5"}}, status::option);
  refused({{"score", "s"}, {"profit_per_good", "nan"}, {"loss_per_bad", "5"}}, status::option);
}

} // namespace
} // namespace emptor::credit::cutoff_test
