// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <emptor/satisfaction/hierarchy_entry.hpp>
#include <emptor/stats/weighted_mean.hpp>

#include "satisfaction/survey_entry.hpp"
#include "support/random.hpp"

namespace emptor::test::hierarchy_test {
namespace {

using satisfaction::hierarchy_entry;
using survey_entry::finished_of;
using survey_entry::numbers;
using survey_entry::options;
using survey_entry::refusal;
using survey_entry::texts;

TEST(hierarchy, the_worked_example) {
  EXPECT_EQ(
      survey_entry::example_differences(hierarchy_entry, satisfaction::hierarchy_description.examples[0]),
      "");
}

constexpr std::string_view nodes =
    "node,parent,item,weight\nall,,,\nproduct,all,,5\nquality,product,a,3\n"
    "price,product,b,1\nservice,all,,2\nspeed,service,c,1\nextra,service,d,0\n";

std::string drawn(std::size_t rows, std::size_t groups, bool backward = false) {
  draws draw(9);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows; ++i) {
    std::string line = "R" + std::to_string(i % (rows - rows / 4)) + ",G" + std::to_string(i % groups) +
                       (i < rows - rows / 4 ? ",2026-01-01," : ",2026-04-01,") +
                       std::to_string(1 + draw.below(4));
    for (int c = 0; c < 4; ++c)
      line += "," + (draw.below(4) == 0 ? std::string() : std::to_string(1 + draw.below(10)));
    lines.push_back(line + "\n");
  }
  if (backward)
    std::reverse(lines.begin(), lines.end());
  return std::accumulate(lines.begin(), lines.end(),
                         std::string("respondent,group,period,weight,items:a,items:b,items:c,items:d\n"));
}

TEST(hierarchy, contributions_add_up_on_each_level) {
  const options by{{"by", "group_and_period"}};
  const result made = finished_of(hierarchy_entry, drawn(120, 3), nodes, by);
  const std::vector<double>& added = numbers(made, "nodes", "contribution");
  const std::vector<double>& lost = numbers(made, "nodes", "lost");
  const std::vector<double>& index = numbers(made, "index", "index");
  ASSERT_EQ(added.size(), 7 * index.size());
  for (std::size_t part = 0; part < index.size(); ++part) {
    const double* const a = &added[7 * part]; // all, product, quality, price, service, speed, extra
    const double* const l = &lost[7 * part];
    EXPECT_NEAR(a[0], index[part], 1e-12);
    EXPECT_NEAR(a[1] + a[4], a[0], 1e-12);
    EXPECT_NEAR(a[2] + a[3], a[1], 1e-12);
    EXPECT_NEAR(a[5] + a[6], a[4], 1e-12);
    EXPECT_EQ(a[6], 0.0);
    EXPECT_NEAR(l[2] + l[3] + l[5] + l[6], 100.0 - index[part], 1e-11);
    EXPECT_NEAR(numbers(made, "nodes", "score")[7 * part], index[part], 1e-11);
  }
  EXPECT_EQ(finished_of(hierarchy_entry, drawn(120, 3, true), nodes, by).tables, made.tables);
}

/// The interval is that of the mean of the respondents' indices, a respondent of two periods being one draw.
TEST(hierarchy, interval_of_the_index) {
  const result made = finished_of(hierarchy_entry, drawn(60, 1), nodes);
  std::vector<double> values;
  std::vector<std::uint32_t> whose;
  std::vector<double> weights;
  const table& each = finished::table_of(made, "respondents");
  const stats::survey store = survey_entry::store_of(drawn(60, 1));
  const stats::survey_answers answers = store.answers();
  for (std::int64_t row = 0; row < each.rows(); ++row) {
    if (!each.at("index").is_valid(row))
      continue;
    const std::string_view name = each.at("respondent").text()[row];
    for (std::size_t at = 0; at < answers.rows(); ++at) {
      if (answers.respondent_names()[answers.respondents()[at]] == name &&
          answers.period_days()[answers.periods()[at]] ==
              each.at("period").as<std::int32_t>()[std::size_t(row)]) {
        weights.push_back(answers.weights()[at]);
        whose.push_back(answers.respondents()[at]);
      }
    }
    values.push_back(each.at("index").as<double>()[std::size_t(row)]);
  }
  ASSERT_EQ(weights.size(), values.size());
  const stats::weighted_mean truth = stats::weighted_mean_of(values, weights, 0.0, whose);
  EXPECT_LT(truth.draws, values.size());
  const double half =
      stats::student_quantile(static_cast<double>(truth.draws - 1), 0.95) * std::sqrt(truth.variance);
  EXPECT_NEAR(numbers(made, "index", "index")[0], truth.mean, 1e-11);
  EXPECT_NEAR(numbers(made, "index", "index_low")[0], truth.mean - half, 1e-11);
  EXPECT_NEAR(numbers(made, "index", "index_high")[0], truth.mean + half, 1e-11);
}

TEST(hierarchy, what_missing_answers_do) {
  const std::string answers =
      "respondent,items:a,items:b,items:c,items:d\nA,10,1,10,\nB,10,,,\nC,,,,5\nD,1,1,1,1\n";
  const auto shown = [&](const char* rule) {
    return finished::cells(finished_of(hierarchy_entry, answers, nodes, {{"missing", rule}}), "respondents",
                           {"respondent", "answered", "index"});
  };
  // A: product 75 weighs 5, service 100 weighs 2; B has quality alone; of C only what has no weight is known.
  EXPECT_EQ(shown("renormalise"), (texts{"A 3 82.14285714285714", "B 1 100", "C 1 -", "D 4 0"}));
  EXPECT_EQ(shown("leave_out"), (texts{"A 3 82.14285714285714", "B 1 -", "C 1 -", "D 4 0"}));
  EXPECT_EQ(refusal([&] { return shown("refuse"); }),
            "satisfaction.hierarchy: items:a of respondent C is missing, but must be there, since option "
            "missing is refuse");
  const result made = finished_of(hierarchy_entry, answers, nodes);
  EXPECT_EQ(finished::cells(made, "index", {"answers", "missing"}), (texts{"3 1"}));
  EXPECT_NEAR(numbers(made, "index", "answered_share")[0], 7.0 / 9.0, 1e-15);
}

TEST(hierarchy, of_any_depth_and_of_one_item) {
  std::string deep = "node,parent,item\nn0,,\n";
  for (int i = 1; i < 2000; ++i)
    deep += "n" + std::to_string(i) + ",n" + std::to_string(i - 1) + (i == 1999 ? ",a\n" : ",\n");
  const result made = finished_of(hierarchy_entry, "respondent,items:a\nA,10\nB,1\nC,1\n", deep);
  EXPECT_EQ(finished::table_of(made, "nodes").rows(), 2000);
  EXPECT_NEAR(numbers(made, "index", "index")[0], 100.0 / 3.0, 1e-12);
  const result alone =
      finished_of(hierarchy_entry, "respondent,items:a\nA,10\n", "node,parent,item\nall,,a\n");
  EXPECT_EQ(finished::cells(alone, "index", {"index", "index_low"}), (texts{"100 -"}));
}

TEST(hierarchy, reversed_items_and_their_own_scales) {
  const result made = finished_of(hierarchy_entry, "respondent,items:a,items:b\nA,5,0\nB,1,30\n",
                                  "node,parent,item,weight,reversed,scale_low,scale_high\nall,,,,,,\n"
                                  "x,all,a,1,,1,5\nwait,all,b,1,true,0,60\n");
  EXPECT_EQ(finished::cells(made, "respondents", {"index"}), (texts{"100", "25"}));
  EXPECT_EQ(finished::cells(made, "nodes", {"node", "score"}), (texts{"all 62.5", "x 50", "wait 75"}));
}

TEST(hierarchy, nobody_answered) {
  const result made =
      finished_of(hierarchy_entry, "respondent,group,items:a,items:b,items:c,items:d\nA,x,,,,\n", nodes,
                  {{"by", "group"}});
  EXPECT_EQ(
      finished::cells(made, "index", {"group", "answers", "missing", "answered_share", "index", "index_low"}),
      (texts{"- 0 1 - - -", "x 0 1 - - -"}));
  EXPECT_EQ(finished::cells(made, "nodes", {"answers", "score", "contribution", "lost"})[1], "0 - - -");
  EXPECT_EQ(
      finished_of(hierarchy_entry, "respondent,items:a,items:b,items:c,items:d\n", nodes).tables[0].rows(),
      1);
}

TEST(hierarchy, refuses_what_is_no_tree) {
  const auto said = [&](std::string_view table) {
    return refusal([&] {
      return finished_of(hierarchy_entry, "respondent,items:a,items:b\nA,4,11\n",
                         "node,parent,item,weight\n" + std::string(table));
    });
  };
  const std::string name = "satisfaction.hierarchy: ";
  EXPECT_EQ(said(""), name + "table nodes has no row");
  EXPECT_EQ(said("all,,,\nx,all,b,1\n"), name + "items:b of respondent A is 11, but must be in [1, 10]");
  EXPECT_EQ(said("all,,,\nx,all,aa,1\n"), name + "there is no item aa; did you mean a?");
  EXPECT_EQ(said("all,,,\nx,al,a,1\n"), name + "there is no node al; did you mean all?");
  EXPECT_EQ(said("all,,,\nx,all,a,1\nx,all,b,1\n"), name + "node[2] is x, but must be there once");
  EXPECT_EQ(said("all,,,\nx,all,a,1\ny,all,a,1\n"), name + "item[2] is a, but must be there once");
  EXPECT_EQ(said("all,,,\nx,all,a,1\nother,,b,\n"),
            name + "parent[2] is missing, but must be there: all is the top already");
  EXPECT_EQ(said("all,,,\nx,all,a,1\np,q,,1\nq,r,,1\nr,p,,1\n"),
            name +
                "parent[2] is q, but must be a node that does not lie below it (p below q below r below p)");
  EXPECT_EQ(said("p,p,,1\n"),
            name + "parent[0] is p, but must be a node that does not lie below it (p below p)");
  EXPECT_EQ(said("all,,,\nx,all,,1\n"), name + "item[1] is missing, but must be there: nothing is below x");
  EXPECT_EQ(said("all,,b,\nx,all,a,1\n"),
            name + "item[0] is b, but must be missing: there are nodes below all");
  EXPECT_EQ(said("all,,,\nx,all,a,0\n"),
            name + "weight[1] is 0, but must be above 0 of one node at least below all");
}

TEST(hierarchy, thousands_of_groups_and_of_items) {
  EXPECT_EQ(finished_of(hierarchy_entry, drawn(4000, 2000), nodes, {{"by", "group"}}).tables[0].rows(), 2001);
  std::string wide = "node,parent,item\nall,,\n";
  std::string header = "respondent";
  std::string row = "A";
  for (int i = 0; i < 3000; ++i) {
    wide += "n" + std::to_string(i) + ",all,i" + std::to_string(i) + "\n";
    header += ",items:i" + std::to_string(i);
    row += ",10";
  }
  EXPECT_NEAR(numbers(finished_of(hierarchy_entry, header + "\n" + row + "\n", wide), "index", "index")[0],
              100.0, 1e-10);
}

} // namespace
} // namespace emptor::test::hierarchy_test
