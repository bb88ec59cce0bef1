// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/expert_score_entry.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>

#include "credit/finished.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::expert_score_test {
namespace {

using test::code_of;
using lines = std::vector<std::string>;

const std::string criteria_header =
    "criterion,parent,weight,worst,best,if_missing,valid_days,knock_out_below\n";
const std::string rows_header = "customer,criterion,answer,value,date,source\n";

std::shared_ptr<const model> scorecard(const std::string& criteria, const test::csv_tables& others = {}) {
  test::csv_tables tables{{"criteria", criteria_header + criteria}};
  tables.insert(tables.end(), others.begin(), others.end());
  return test::model_from(expert_score_name, tables);
}
result assessed(const std::string& rows, const std::shared_ptr<const model>& by = nullptr,
                const std::vector<option>& options = {}) {
  const option of[] = {{"entry", std::string(expert_score_name)}};
  const auto store = make_store("rows", of);
  const table held = test::table_of("assessments", expert_assessment_columns, rows_header + rows);
  const std::vector<named_column> columns = held.views();
  store->push({.table = "assessments", .columns = columns, .rows = held.rows(), .strict = true});
  return finished::of(expert_score_entry, *store, options, "scorecard", by.get());
}
lines customers(const result& of, const lines& columns) {
  return finished::cells(of, "customers", columns);
}
lines criteria(const result& of, const lines& columns) {
  return finished::cells(of, "criteria", columns);
}
status refused(const std::string& criteria_rows, std::string* text, const test::csv_tables& others = {}) {
  return code_of([&] { return scorecard(criteria_rows, others); }, text);
}

TEST(expert_score, the_five_cs_need_no_scorecard) {
  const result made = assessed("A,character,,100,,\nA,capacity,,80,,\nA,capital,,60,,\nA,collateral,,40,,\n"
                               "A,conditions,,20,,\n");
  EXPECT_EQ(customers(made, {"points", "grade", "reason", "second_reason", "third_reason"}),
            lines{"60 - conditions collateral capital"});
  std::string text;
  EXPECT_EQ(code_of([] { return assessed("A,charm,,100,,\n"); }, &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: criterion of customer A is charm, but must be one of the scorecard");
}

TEST(expert_score, each_scale_gives_its_points) {
  const auto by =
      scorecard("given,,1,,,,,\nitems,,1,,,,,\nsteps,,1,,,,,\nrising,,1,0,50,,,\nfalling,,1,90,30,,,\n",
                {{"scale", "criterion,answer,at_least,points\nitems,good,,90\nitems,poor,,5\n"
                           "steps,,10,40\nsteps,,-5,20\nsteps,,20,70\n"}});
  const auto points = [&](const std::string& criterion, const std::string& answer, const std::string& value) {
    for (const std::string& line :
         criteria(assessed("A," + criterion + "," + answer + "," + value + ",,\n", by),
                  {"criterion", "points", "evidence"})) {
      if (line.starts_with(criterion + " "))
        return line.substr(criterion.size() + 1);
    }
    return std::string();
  };
  EXPECT_EQ(points("given", "", "37.5"), "37.5 usable");
  EXPECT_EQ(points("given", "", "100.5"), "- not_on_scale");
  EXPECT_EQ(points("given", "", "-1"), "- not_on_scale");
  EXPECT_EQ(points("items", "poor", ""), "5 usable");
  EXPECT_EQ(points("items", "fair", ""), "- not_on_scale");
  EXPECT_EQ(points("items", "", "5"), "- not_on_scale");
  EXPECT_EQ(points("items", "", ""), "- missing");
  EXPECT_EQ(points("steps", "", "-5.01"), "- not_on_scale");
  EXPECT_EQ(points("steps", "", "-5"), "20 usable");
  EXPECT_EQ(points("steps", "", "9.99"), "20 usable");
  EXPECT_EQ(points("steps", "", "10"), "40 usable");
  EXPECT_EQ(points("steps", "", "1e300"), "70 usable");
  EXPECT_EQ(points("rising", "", "20"), "40 usable");
  EXPECT_EQ(points("rising", "", "-7"), "0 usable");
  EXPECT_EQ(points("rising", "", "51"), "100 usable");
  EXPECT_EQ(points("falling", "", "30"), "100 usable");
  EXPECT_EQ(points("falling", "", "60"), "50 usable");
  EXPECT_EQ(points("falling", "", "100"), "0 usable");
}

TEST(expert_score, rules_for_what_is_missing) {
  const std::string known = "A,b,,80,,\nA,c,,40,,\n";
  const auto with = [&](const std::string& rule, const std::vector<option>& options = {}) {
    const auto by = scorecard("a,,2,,," + rule + ",,\nb,,1,,,,,\nc,,1,,,,,\n",
                              {{"scale", "criterion,answer,at_least,points\na,,0,10\na,,5,90\n"}});
    return customers(assessed(known, by, options), {"state", "points", "known_share", "not_known", "reason"});
  };
  EXPECT_EQ(with("renormalise"), lines{"scored 60 0.5 1 c"});
  EXPECT_EQ(with("worst"), lines{"scored 35 0.5 1 a"}); // 0.5 x 10, the least of its scale
  EXPECT_EQ(with("neutral"), lines{"scored 55 0.5 1 a"});
  EXPECT_EQ(with("neutral", {{"neutral_points", "70"}}),
            lines{"scored 65 0.5 1 a"}); // equal losses: as in the table
  EXPECT_EQ(with("refuse"), lines{"refused - 0.5 1 a"});
  EXPECT_EQ(with(""), lines{"scored 60 0.5 1 c"});
  EXPECT_EQ(with("", {{"if_missing", "worst"}}), lines{"scored 35 0.5 1 a"});
  EXPECT_EQ(with("renormalise", {{"if_missing", "refuse"}}), lines{"scored 60 0.5 1 c"});
}

TEST(expert_score, a_criterion_whose_parts_are_all_missing_follows_its_own_rule) {
  const auto with = [](const std::string& rule) {
    const auto by =
        scorecard("a,,1,,," + rule + ",,\nx,a,1,,,renormalise,,\ny,a,1,,,renormalise,,\nb,,1,,,,,\n");
    return customers(assessed("A,b,,80,,\n", by), {"state", "points", "reason", "second_reason"});
  };
  EXPECT_EQ(with("renormalise"), lines{"scored 80 b -"});
  EXPECT_EQ(with("worst"), lines{"scored 40 a b"});
  EXPECT_EQ(with("neutral"), lines{"scored 65 a b"});
  EXPECT_EQ(with("refuse"), lines{"refused - a -"});
  const auto alone = scorecard("a,,1,,,,,\nb,,1,,,,,\n");
  EXPECT_EQ(customers(assessed("A,b,,,,\n", alone), {"state", "points", "known_share", "not_known"}),
            lines{"nothing_known - 0 2"});
}

TEST(expert_score, evidence_grows_stale_and_is_not_used_before_its_day) {
  const auto by = scorecard("a,,1,,,worst,30,\nb,,1,,,,,\n");
  const auto points = [&](const std::string& day) {
    return customers(assessed("A,a,,90," + day + ",\nA,b,,50,,\n", by, {{"as_of", "2026-03-01"}}),
                     {"points"})[0];
  };
  EXPECT_EQ(points("2026-03-01"), "70");
  EXPECT_EQ(points("2026-01-31"), "70"); // good through the 30th day after it
  EXPECT_EQ(points("2026-01-30"), "25");
  EXPECT_EQ(points("2026-03-02"), "25");
  EXPECT_EQ(points(""), "25"); // nobody knows how old it is
  std::string text;
  EXPECT_EQ(code_of([&] { return assessed("A,a,,90,2026-01-01,\n", by); }, &text), status::option);
  EXPECT_EQ(text, "credit.expert_score: option as_of is needed, for evidence of criterion a grows stale");
}

TEST(expert_score, the_latest_evidence_counts_and_of_one_day_the_least_points) {
  const std::string rows =
      "A,character,,90,2026-01-01,\nA,character,,30,2026-02-01,\nA,character,,40,2026-02-01,\n"
      "A,character,,10,,\n";
  for (const auto& options : {std::vector<option>{}, std::vector<option>{{"as_of", "2026-02-01"}}}) {
    const result made = assessed(rows, nullptr, options);
    EXPECT_EQ(customers(made, {"points"}), lines{"30"});
    EXPECT_EQ(finished::cells(made, "totals", {"total", "assessments"}),
              (lines{"used 1", "older 3", "later 0", "stale 0", "source_not_accepted 0", "not_on_scale 0",
                     "empty 0"}));
  }
  EXPECT_EQ(customers(assessed(rows, nullptr, {{"as_of", "2026-01-31"}}), {"points"}), lines{"90"});
}

TEST(expert_score, a_weak_source_brings_no_more_than_it_may) {
  const auto by =
      scorecard("a,,1,,,,,\n", {{"sources", "source,accepted,points_at_most\naudit,,\nown word,,60\n"
                                            "rumour,false,\n"}});
  const auto seen = [&](const std::string& rows) {
    return criteria(assessed(rows, by), {"points", "capped", "evidence", "source"});
  };
  EXPECT_EQ(seen("A,a,,80,,audit\n"), lines{"80 false usable audit"});
  EXPECT_EQ(seen("A,a,,80,,own word\n"), lines{"60 true usable own word"});
  EXPECT_EQ(seen("A,a,,50,,own word\n"), lines{"50 false usable own word"});
  EXPECT_EQ(seen("A,a,,80,,rumour\n"), lines{"- false source_not_accepted -"});
  EXPECT_EQ(seen("A,a,,80,,unheard of\n"), lines{"- false source_not_accepted -"});
  EXPECT_EQ(seen("A,a,,80,,\n"), lines{"- false source_not_accepted -"});
  // A later rumour does not put an audit aside.
  EXPECT_EQ(seen("A,a,,80,2026-01-01,audit\nA,a,,5,2026-02-01,rumour\n"), lines{"80 false usable audit"});
}

TEST(expert_score, a_knock_out_holds_whatever_the_points) {
  const auto by = scorecard("a,,1,,,,,40\nb,,9,,,,,\n", {{"grades", "grade,points_at_least\nB,0\nA,70\n"}});
  const lines columns{"state", "points", "grade", "knocked_out_by", "unjudged_knock_outs"};
  EXPECT_EQ(customers(assessed("A,a,,39.9,,\nA,b,,100,,\n", by), columns), lines{"knocked_out 93.99 B a 0"});
  EXPECT_EQ(customers(assessed("A,a,,40,,\nA,b,,100,,\n", by), columns), lines{"scored 94 A - 0"});
  EXPECT_EQ(customers(assessed("A,b,,100,,\n", by), columns), lines{"scored 100 A - 1"});
  EXPECT_EQ(customers(assessed("A,b,,100,,\n", by, {{"if_missing", "worst"}}), columns),
            lines{"knocked_out 90 B a 0"});
}

TEST(expert_score, a_grade_begins_with_its_least_points) {
  const auto by = scorecard("a,,1,,,,,\nb,,1,,,,,\nc,,1,,,,,\nd,,4,,,,,\n",
                            {{"grades", "grade,points_at_least\nC,0\nA,80\nB,60\n"}});
  const auto grade = [&](const std::string& points) {
    std::string rows;
    for (const std::string criterion : {"a", "b", "c", "d"})
      rows += "A," + criterion + ",," + points + ",,\n";
    return customers(assessed(rows, by), {"points", "grade"})[0];
  };
  EXPECT_EQ(grade("80"), "80 A");
  EXPECT_EQ(grade("79.999"), "79.999 B");
  EXPECT_EQ(grade("60"), "60 B");
  EXPECT_EQ(grade("0"), "0 C");
  EXPECT_EQ(grade("100"), "100 A");
  EXPECT_EQ(grade("80.1"), "80.1 A");
}

TEST(expert_score, weights_come_from_elsewhere_too) {
  // Saaty weights of [[1,3,5],[1/3,1,3],[1/5,1/3,1]].
  const auto by = scorecard("a,,1,,,,,\nb,,1,,,,,\nc,,1,,,,,\n",
                            {{"weights", "criterion,weight\nc,0.10472943\na,0.63698557\nb,0.25828499\n"}});
  const result made = assessed("A,a,,100,,\nA,b,,0,,\nA,c,,50,,\n", by);
  EXPECT_NEAR(finished::table_of(made, "customers").at("points").as<double>()[0], 68.9350285, 2e-6);
}

/// A random hierarchy and its answers, judged here by plain recursion.
struct random_case {
  std::vector<expert_criterion> criteria;
  std::vector<std::size_t> order;
  std::vector<double> known;
};
random_case make_case(std::size_t seed) {
  random_stream draw(31, 0, seed);
  random_case made;
  const auto count = static_cast<std::size_t>(2 + draw.below(14));
  for (std::size_t i = 0; i < count; ++i) {
    expert_criterion one;
    one.name = "c" + std::to_string(i);
    one.weight = 0.25 * static_cast<double>(1 + draw.below(8));
    if (i > 0 && draw.below(3) != 0) {
      one.parent = static_cast<std::size_t>(draw.below(i));
      one.level = made.criteria[*one.parent].level + 1;
    }
    made.criteria.push_back(one);
    if (one.parent) {
      made.criteria[*one.parent].parts.push_back(i);
      made.criteria[*one.parent].scale = expert_scale::parts;
    }
    made.order.push_back(i);
    made.known.push_back(draw.below(5) == 0 ? std::nan("") : 100.0 * draw.uniform());
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (made.criteria[i].scale == expert_scale::parts)
      made.known[i] = std::nan("");
  }
  return made;
}
double recursive(const random_case& of, std::size_t i) {
  if (of.criteria[i].scale != expert_scale::parts)
    return of.known[i];
  double weight = 0.0;
  double sum = 0.0;
  for (const std::size_t part : of.criteria[i].parts) {
    const double points = recursive(of, part);
    if (std::isnan(points))
      continue;
    weight += of.criteria[part].weight;
    sum += of.criteria[part].weight * points;
  }
  return weight > 0.0 ? sum / weight : std::nan("");
}

TEST(expert_score, parts_and_losses_of_any_hierarchy_add_up) {
  for (std::size_t seed = 0; seed < 500; ++seed) {
    const random_case of = make_case(seed);
    const expert_scorecard card(of.criteria, of.order);
    std::vector<expert_judgement> judged;
    const expert_total total = card.judge(of.known, missing_rule::renormalise, 50.0, judged);
    double weight = 0.0;
    double sum = 0.0;
    double parts = 0.0;
    double losses = 0.0;
    double ends = 0.0;
    for (std::size_t i = 0; i < of.criteria.size(); ++i) {
      if (!of.criteria[i].parts.empty() && judged[i].counts()) {
        double of_parts = 0.0;
        double their_weight = 0.0;
        for (const std::size_t part : of.criteria[i].parts) {
          of_parts += judged[part].part;
          their_weight += judged[part].weight;
        }
        EXPECT_EQ(of_parts, judged[i].part);
        EXPECT_NEAR(their_weight, judged[i].weight, 1e-14);
        EXPECT_NEAR(judged[i].part, judged[i].weight * judged[i].points, 1e-11);
      }
      if (of.criteria[i].scale != expert_scale::parts)
        ends += judged[i].weight;
      if (of.criteria[i].parent)
        continue;
      parts += judged[i].part;
      losses += judged[i].loss;
      const double points = recursive(of, i);
      if (std::isnan(points))
        continue;
      weight += of.criteria[i].weight;
      sum += of.criteria[i].weight * points;
    }
    if (weight == 0.0) {
      EXPECT_TRUE(std::isnan(total.points));
      continue;
    }
    EXPECT_NEAR(total.points, sum / weight, 1e-9);
    EXPECT_NEAR(total.points, parts, 1e-9);
    EXPECT_NEAR(parts + losses, 100.0, 1e-11);
    EXPECT_NEAR(ends, 1.0, 1e-14);
  }
}

TEST(expert_score, more_points_anywhere_never_lower_the_total) {
  for (std::size_t seed = 0; seed < 200; ++seed) {
    const random_case of = make_case(seed);
    const expert_scorecard card(of.criteria, of.order);
    std::vector<expert_judgement> judged;
    const double before = card.judge(of.known, missing_rule::renormalise, 50.0, judged).points;
    for (std::size_t i = 0; i < of.known.size(); ++i) {
      if (std::isnan(of.known[i]))
        continue;
      std::vector<double> better = of.known;
      better[i] = std::min(100.0, better[i] + 5.0);
      EXPECT_GE(card.judge(better, missing_rule::renormalise, 50.0, judged).points, before);
    }
  }
}

TEST(expert_score, the_order_of_rows_does_not_matter) {
  std::vector<std::string> rows{"B,character,,20,2026-01-01,\n",
                                "A,character,,90,2026-01-01,\n",
                                "A,character,,70,2026-01-01,\n",
                                "A,capital,,50,,\n",
                                "B,capital,,0,,x\n",
                                "A,capital,,50,,x\n"};
  const auto told = [&] {
    std::string all;
    for (const std::string& row : rows)
      all += row;
    const result made = assessed(all);
    lines seen = customers(made, {"customer", "points", "reason"});
    for (const std::string& line : criteria(made, {"customer", "criterion", "points", "date"}))
      seen.push_back(line);
    return seen;
  };
  const lines first = told();
  std::sort(rows.begin(), rows.end());
  do {
    EXPECT_EQ(told(), first);
  } while (std::next_permutation(rows.begin(), rows.begin() + 4));
}

TEST(expert_score, no_customer_gives_no_row) {
  EXPECT_TRUE(customers(assessed(""), {"customer"}).empty());
}

TEST(expert_score, a_deep_hierarchy_is_judged_too) {
  std::string rows = "c0,,1,,,,,\n";
  for (int i = 1; i < 900; ++i)
    rows += "c" + std::to_string(i) + ",c" + std::to_string(i - 1) + ",1,,,,,\n";
  const result made = assessed("A,c899,,42,,\n", scorecard(rows));
  EXPECT_EQ(customers(made, {"points", "reason"}), lines{"42 c899"});
  EXPECT_EQ(criteria(made, {"level"}).back(), "900");
}

TEST(expert_score, scorecards_that_contradict_themselves_are_refused) {
  std::string text;
  EXPECT_EQ(refused("", &text), status::too_few);
  EXPECT_EQ(text, "credit.expert_score: the table criteria has no row");
  EXPECT_EQ(refused("a,,1,,,,,\na,,1,,,,,\n", &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: criterion[1] is a again, but must be given once");
  EXPECT_EQ(refused("a,z,1,,,,,\n", &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: parent[0] is z, but must be a criterion of the table, or missing");
  EXPECT_EQ(refused("t,,1,,,,,\na,b,1,,,,,\nb,a,1,,,,,\n", &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: parent[1] is b, but must be above it, not in a circle");
  EXPECT_EQ(refused("a,a,1,,,,,\n", &text), status::data);
  EXPECT_EQ(refused("a,,1,5,,,,\n", &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: best[0] is missing, but must be given beside worst");
  EXPECT_EQ(refused("a,,1,5,5,,,\n", &text), status::data);
  EXPECT_EQ(refused("a,,0,,,,,\n", &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: no criterion at the top has a weight above 0");
  EXPECT_EQ(refused("a,,1,,,,,\nb,a,0,,,,,\n", &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: weight[1] is 0, but must be > 0 for one part of a at least");
  EXPECT_EQ(refused("a,,1,0,1,,,\nb,a,1,,,,,\n", &text), status::data);
  EXPECT_EQ(refused("a,,1,,,,9,\nb,a,1,,,,,\n", &text), status::data);
  EXPECT_EQ(refused("a,,-1,,,,,\n", &text), status::data);
  EXPECT_EQ(refused("a,,1,,,,,101\n", &text), status::data);
  const std::string scale = "criterion,answer,at_least,points\n";
  const auto with_scale = [&](const std::string& rows) {
    return refused("a,,1,,,,,\nb,,1,0,1,,,\nc,,1,,,,,\nd,c,1,,,,,\n", &text, {{"scale", scale + rows}});
  };
  EXPECT_EQ(with_scale("z,yes,,1\n"), status::data);
  EXPECT_EQ(with_scale("b,yes,,1\n"), status::data);
  EXPECT_EQ(with_scale("c,yes,,1\n"), status::data);
  EXPECT_EQ(with_scale("a,yes,1,1\n"), status::data);
  EXPECT_EQ(text,
            "credit.expert_score: at_least[0] is given beside answer, but must be given where answer is "
            "not, and only there");
  EXPECT_EQ(with_scale("a,,,1\n"), status::data);
  EXPECT_EQ(with_scale("a,yes,,1\na,,1,2\n"), status::data);
  EXPECT_EQ(with_scale("a,yes,,1\na,yes,,2\n"), status::data);
  EXPECT_EQ(with_scale("a,,1,1\na,,1,2\n"), status::data);
  EXPECT_EQ(text, "credit.expert_score: at_least[1] is 1 again, but must be given once for a criterion");
  EXPECT_EQ(refused("a,,1,,,,,\n", &text, {{"grades", "grade,points_at_least\nA,50\n"}}), status::data);
  EXPECT_EQ(refused("a,,1,,,,,\n", &text, {{"grades", "grade,points_at_least\nA,0\nA,50\n"}}), status::data);
  EXPECT_EQ(refused("a,,1,,,,,\n", &text, {{"grades", "grade,points_at_least\nA,0\nB,0\n"}}), status::data);
  EXPECT_EQ(refused("a,,1,,,,,\n", &text, {{"weights", "criterion,weight\nz,1\n"}}), status::data);
  EXPECT_EQ(refused("a,,1,,,,,\n", &text, {{"weights", "criterion,weight\na,1\na,2\n"}}), status::data);
  EXPECT_EQ(refused("a,,1,,,,,\n", &text, {{"sources", "source,accepted\ns,true\ns,true\n"}}), status::data);
  std::string many;
  for (int i = 0; i < 1001; ++i)
    many += "c" + std::to_string(i) + ",,1,,,,,\n";
  EXPECT_EQ(refused(many, &text), status::data);
  EXPECT_EQ(text, "credit.expert_score: number of criteria is 1001, but must be <= 1000");
}

TEST(expert_score, points_are_for_criteria_without_parts) {
  const auto by = scorecard("a,,1,,,,,\nb,a,1,,,,,\n");
  std::string text;
  EXPECT_EQ(code_of([&] { return assessed("Hong,a,,5,,\n", by); }, &text), status::data);
  EXPECT_EQ(text,
            "credit.expert_score: criterion of customer Hong is a, but must be a criterion without parts");
}

} // namespace
} // namespace emptor::credit::expert_score_test
