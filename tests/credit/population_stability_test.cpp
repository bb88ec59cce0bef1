// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/population_stability_entry.hpp>

#include "credit/outcomes_example.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::credit::population_stability_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using outcomes_example::store_of;
using test::code_of;
using test::draws;

result tables_of(const stats::outcomes& from, const options& with) {
  return finished::of(population_stability_entry, from, with);
}

TEST(population_stability, the_worked_example) {
  EXPECT_EQ(outcomes_example::differences(population_stability_entry), "");
}

TEST(population_stability, quantiles_of_the_expected_slice_keep_equal_values_together) {
  using pairs = std::vector<std::pair<double, double>>;
  EXPECT_EQ(quantile_ends(pairs{{4, 1}, {1, 1}, {3, 1}, {2, 1}}, 2), std::vector<double>{2});
  EXPECT_EQ(quantile_ends(pairs{{0, 1}, {0, 1}, {0, 1}, {1, 1}}, 4), std::vector<double>{0});
  EXPECT_EQ(quantile_ends(pairs{{0, 3}, {1, 1}, {2, 4}}, 2), std::vector<double>{1});
  EXPECT_TRUE(quantile_ends(pairs{{5, 1}, {5, 2}}, 10).empty());
  EXPECT_TRUE(quantile_ends(pairs{}, 10).empty());
  EXPECT_TRUE(quantile_ends(pairs{{std::nan(""), 1.0}}, 10).empty());
  pairs many;
  for (int i = 0; i < 1000; ++i)
    many.emplace_back(i, 1.0);
  const std::vector<double> ends = quantile_ends(many, 10);
  ASSERT_EQ(ends.size(), 9U);
  for (std::size_t k = 0; k < 9; ++k)
    EXPECT_EQ(ends[k], 99.0 + 100.0 * static_cast<double>(k)) << "a hundred in each";
}

TEST(population_stability, missing_values_new_levels_and_states) {
  const std::string csv = "slice,characteristics:x,categories:c,categories:same\n"
                          "old,1,a,k\nold,2,a,k\nold,3,b,k\nold,4,b,k\n"
                          "new,1,a,k\nnew,,b,k\nnew,9,z,k\nnew,9,,k\n";
  const result made = tables_of(store_of(csv), {{"expected", "old"}, {"bins", "2"}});
  EXPECT_EQ(finished::cells(made, "stability", {"slice", "column", "bins", "state"}),
            (texts{"new c 4 computed", "new same 1 one_bin", "new x 3 computed"}));
  EXPECT_EQ(finished::cells(made, "bins", {"column", "level", "above", "up_to", "expected", "actual"}),
            (texts{"c a - - 2 1", "c b - - 2 1", "c z - - 0 1", "c missing - - 0 1", "same k - - 4 4",
                   "x - - 2 2 1", "x - 2 - 2 2", "x missing - - 0 1"}));
  const result refused = tables_of(store_of(csv), {{"expected", "old"}, {"empty", "refuse"}});
  EXPECT_EQ(finished::cells(refused, "stability", {"column", "index", "state"})[0], "c - empty_cell");
  const table& bins = finished::table_of(made, "bins");
  double sum = 0.0;
  for (std::size_t i = 0; i < 4; ++i)
    sum += bins.at("part").as<double>()[i];
  EXPECT_NEAR(sum, finished::table_of(made, "stability").at("index").as<double>()[0], 1e-15);
  std::string levels = "slice,categories:c\n";
  for (int i = 0; i < 1500; ++i)
    levels += std::string(i % 2 == 0 ? "old," : "new,") + "L" + std::to_string(i) + "\n";
  EXPECT_EQ(finished::cells(tables_of(store_of(levels), {{"expected", "old"}}), "stability",
                            {"bins", "index", "state"}),
            texts{"1500 - too_many_levels"});
  EXPECT_EQ(finished::table_of(tables_of(stats::outcomes(), {{"expected", "old"}}), "stability").rows(), 0);
}

TEST(population_stability, each_slice_alone_and_any_order) {
  draws draw(2);
  texts lines;
  for (int i = 0; i < 600; ++i)
    lines.push_back("s" + std::to_string(draw.below(4)) + "," +
                    to_text(0.5 * static_cast<double>(1 + draw.below(6))) + "," +
                    std::to_string(draw.below(30)) + ",c" + std::to_string(draw.below(4)) + "\n");
  const auto csv = [&] {
    std::string made = "slice,weight,characteristics:x,categories:c\n";
    for (const std::string& one : lines)
      made += one;
    return made;
  };
  const result made = tables_of(store_of(csv()), {{"expected", "s0"}});
  EXPECT_EQ(finished::table_of(made, "stability").rows(), 6);
  draw.shuffle(lines);
  EXPECT_EQ(tables_of(store_of(csv()), {{"expected", "s0"}}).tables, made.tables);
  const result one = tables_of(store_of(csv()), {{"expected", "s0"}, {"actual", "s2"}, {"column", "x"}});
  const texts columns{"slice", "column", "index", "p_value", "low", "limit"};
  EXPECT_EQ(finished::cells(one, "stability", columns),
            texts{finished::cells(made, "stability", columns)[4]});
  EXPECT_EQ(
      finished::table_of(tables_of(store_of(csv()), {{"expected", "s0"}, {"actual", "s0"}, {"column", "x"}}),
                         "stability")
          .at("index")
          .as<double>()[0],
      0.0)
      << "a slice beside itself";
}

TEST(population_stability, refusals) {
  const stats::outcomes store = store_of("slice,characteristics:x,categories:c\nold,1,a\nnew,2,b\n");
  const auto refused = [&](const options& with, status code) {
    std::string text;
    EXPECT_EQ(code_of([&] { return tables_of(store, with); }, &text), code);
    return text;
  };
  refused({}, status::option);
  EXPECT_NE(refused({{"expected", "olt"}}, status::unknown_name).find("old"), std::string::npos);
  refused({{"expected", "old"}, {"column", "y"}}, status::schema);
  refused({{"expected", "old"}, {"edges", "1,2"}}, status::option);
  refused({{"expected", "old"}, {"column", "x"}, {"edges", "2,1"}}, status::option);
  refused({{"expected", "old"}, {"column", "c"}, {"edges", "1"}}, status::option);
  refused({{"expected", "old"}, {"moderate", "0.3"}}, status::option);
  refused({{"expected", "old"}, {"floor", "0"}}, status::option);
}

} // namespace
} // namespace emptor::credit::population_stability_test
