// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/index_report_entry.hpp>

#include "satisfaction/index_report_run.hpp"
#include "stats/mobi.hpp"
#include "support/refusal.hpp"

namespace emptor::test::index_report_test {
namespace {

using index_report_run::finished_of;
using index_report_run::model_of;
using index_report_run::named_csv;
using index_report_run::number;
using index_report_run::options;
using index_report_run::rows_of;
using index_report_run::store_of;
using satisfaction::index_report_entry;
using texts = std::vector<std::string>;
using conditions = std::map<std::string, std::string>;

/// The rows of tests/oracle/index_report.py: those of the worked example, and a third year.
std::string three_years() {
  return std::string(satisfaction::index_report_example_rows[0].csv) +
         "R1,North,2027-01-01,1,8,9,9,7,9,10\nR4,South,2027-01-01,1,6,5,5,5,7,4\n"
         "R7,North,2027-01-01,2,9,9,9,9,8,9\nR8,South,2027-01-01,1,4,6,3,5,3,5\n"
         "R9,West,2027-01-01,1,7,8,7,9,7,7\n";
}
constexpr std::string_view paths = "from,to\nquality,satisfaction\nquality,loyalty\nsatisfaction,loyalty\n";
model unit_model() {
  return model_of(
      {{"constructs", "construct,item,mode\nquality,q1,unit\nquality,q2,unit\nsatisfaction,s1,unit\n"
                      "satisfaction,s2,unit\nsatisfaction,s3,unit\nloyalty,l1,unit\n"},
       {"paths", paths}});
}
model fitted_model() {
  std::vector<named_csv> tables;
  for (const example_table& one : satisfaction::index_report_example_model)
    tables.emplace_back(one.name, one.csv);
  return model_of(tables);
}
conditions part(const std::string& construct, const std::string& group, const std::string& year) {
  return {{"construct", construct}, {"group", group}, {"period", year.empty() ? "-" : year + "-01-01"}};
}

TEST(index_report, worked_example) {
  EXPECT_EQ(index_report_run::example_differences(index_report_entry, satisfaction::index_report_examples[0]),
            "");
}

// tests/oracle/index_report.py, item_indices of s1
TEST(index_report, questions) {
  const result made = finished_of(index_report_entry,
                                  store_of(satisfaction::index_report_example_rows[0].csv), fitted_model());
  conditions of = part("satisfaction", "South", "2026");
  of["item"] = "s1";
  EXPECT_NEAR(number(made, "item_indices", "index", of), 40.740740740740741, 1e-11);
  EXPECT_NEAR(number(made, "item_indices", "index_low", of), -43.583326672520619, 1e-10);
  EXPECT_NEAR(number(made, "item_indices", "deviation", of), 33.945005147821037, 1e-11);
  of = part("satisfaction", "West", "2026");
  of["item"] = "s1";
  EXPECT_EQ(rows_of(made, "item_indices", {"answers", "missing", "index_low", "status"}, of),
            texts{"1 1 - too_few"});
}

struct expected_figure {
  const char* group;
  const char* year;
  double reestimated;
  double ratio;
  double difference;
};
// tests/oracle/index_report.py, satisfaction with unit weights
constexpr expected_figure expected_figures[] = {
    {"-", "2025", 62.819600578943199, 62.819600578943199, 62.819600578943199},
    {"-", "2026", 67.86540624073435, 67.393862971129116, 67.393862971129116},
    {"-", "2027", 68.030971571955081, 67.689682926405607, 67.691752727761041},
    {"North", "2026", 84.275387587274334, 84.082035784543766, 84.082035784543766},
    {"North", "2027", 83.602379647417061, 83.395093616049328, 83.393513950364373},
    {"South", "2027", 41.263097195541075, 40.722593339035275, 40.65764367755061},
    {"West", "2026", 67.693407947173395, 67.693407947173395, 67.693407947173395},
    {"West", "2027", 74.852496098397155, 75.646442650864316, 75.646442650864316},
};

TEST(index_report, weights_of_each_period_and_chains) {
  const stats::survey store = store_of(three_years());
  const result own = finished_of(index_report_entry, store, unit_model(), {{"weights", "reestimated"}});
  const result ratio = finished_of(index_report_entry, store, unit_model(), {{"weights", "chain"}});
  const result difference =
      finished_of(index_report_entry, store, unit_model(), {{"weights", "chain"}, {"link", "difference"}});
  for (const expected_figure& one : expected_figures) {
    const conditions of = part("satisfaction", one.group, one.year);
    EXPECT_NEAR(number(own, "indices", "index", of), one.reestimated, 1e-11) << one.group << one.year;
    EXPECT_NEAR(number(ratio, "indices", "index", of), one.ratio, 1e-11) << one.group << one.year;
    EXPECT_NEAR(number(difference, "indices", "index", of), one.difference, 1e-11) << one.group << one.year;
  }
  const conditions of = part("satisfaction", "-", "2027");
  EXPECT_NEAR(number(ratio, "changes", "change", of), 0.29581995527649166, 1e-12);
  EXPECT_NEAR(number(ratio, "changes", "standard_error", of), 2.0166258176236277, 1e-12);
  EXPECT_NEAR(number(ratio, "changes", "p_value", of), 0.89142895199251931, 1e-12);
  EXPECT_NEAR(number(own, "changes", "change", of), 0.16556533122073179, 1e-12);
  EXPECT_NEAR(number(own, "changes", "standard_error", of), 2.05073701380277, 1e-12);
  EXPECT_NEAR(number(own, "changes", "p_value", of), 0.94005394712095945, 1e-12);
  conditions share{{"construct", "satisfaction"}, {"item", "s2"}, {"period", "2026-01-01"}};
  EXPECT_NEAR(number(own, "index_weights", "index_weight", share), 0.40408991928889422, 1e-14);
  // Parts without a period have the weights of all answers, whatever the rule.
  const result fixed = finished_of(index_report_entry, store, unit_model());
  EXPECT_EQ(rows_of(fixed, "indices", {"index", "index_low"}, {{"period", "-"}}),
            rows_of(own, "indices", {"index", "index_low"}, {{"period", "-"}}));
}

TEST(index_report, one_answer_and_a_group_of_the_first_period_only) {
  const result made =
      finished_of(index_report_entry, store_of(three_years()), unit_model(), {{"weights", "chain"}});
  EXPECT_EQ(rows_of(made, "changes", {"answers", "other_answers", "shared", "standard_error", "p_value"},
                    part("satisfaction", "West", "2027")),
            texts{"1 1 1 - -"});
}

TEST(index_report, a_period_that_gives_no_weights) {
  // 2026 has one respondent: no weights. The chain goes on with those of 2025, and the change to 2027 is one from 2026.
  std::string csv = "respondent,period,items:q1,items:q2,items:s1,items:s2,items:s3,items:l1\n";
  const char* const answers[] = {"8,7,8,7,9,9", "6,7,6,6,7,5", "9,9,9,8,8,10", "4,5,5,3,4,3", "7,5,6,7,5,6"};
  for (int r = 0; r < 5; ++r)
    csv += "R" + std::to_string(r) + ",2025-01-01," + answers[r] + "\n";
  csv += "R0,2026-01-01,9,7,8,7,9,9\n";
  for (int r = 0; r < 5; ++r)
    csv += "R" + std::to_string(r) + ",2027-01-01," + answers[4 - r] + "\n";
  const stats::survey store = store_of(csv);
  const result own = finished_of(index_report_entry, store, unit_model(), {{"weights", "reestimated"}});
  EXPECT_EQ(rows_of(own, "indices", {"answers", "index", "status"}, part("satisfaction", "-", "2026")),
            texts{"0 - no_weights"});
  EXPECT_EQ(rows_of(own, "changes", {"period", "other_period"}, {{"construct", "satisfaction"}}),
            texts{"2027-01-01 2025-01-01"});
  EXPECT_EQ(rows_of(own, "estimations", {"source", "respondents"}, {{"period", "2026-01-01"}}),
            texts{"failed 1"});
  const result chain = finished_of(index_report_entry, store, unit_model(), {{"weights", "chain"}});
  EXPECT_EQ(rows_of(chain, "indices", {"answers", "status"}, part("satisfaction", "-", "2026")),
            texts{"1 too_few"});
  EXPECT_EQ(rows_of(chain, "changes", {"period", "other_period"}, {{"construct", "satisfaction"}}),
            (texts{"2026-01-01 2025-01-01", "2027-01-01 2026-01-01"}));
  // The answers of 2027 are those of 2025, so that with the same weights the level comes back.
  EXPECT_NEAR(number(chain, "indices", "index", part("satisfaction", "-", "2027")),
              number(chain, "indices", "index", part("satisfaction", "-", "2025")), 1e-12);
}

TEST(index_report, nobody_at_all_and_nobody_of_a_group) {
  const std::string head = "respondent,group,items:q1,items:q2,items:s1,items:s2,items:s3,items:l1\n";
  const stats::survey none = store_of(head + "R1,North,1,,,,,\n");
  const result made = finished_of(index_report_entry, none, fitted_model());
  EXPECT_EQ(
      rows_of(made, "indices", {"answers", "missing", "index", "status"}, part("satisfaction", "North", "")),
      texts{"0 1 - no_answers"});
  EXPECT_EQ(finished::table_of(made, "importance_performance").rows(), 0);
  std::string why;
  EXPECT_EQ(code_of([&] { static_cast<void>(finished_of(index_report_entry, none, unit_model())); }, &why),
            status::too_few)
      << why;
}

TEST(index_report, refusals) {
  const stats::survey store = store_of(three_years());
  std::string why;
  EXPECT_EQ(code_of(
                [&] {
                  static_cast<void>(
                      finished_of(index_report_entry, store, fitted_model(), {{"target", "quality2"}}));
                },
                &why),
            status::unknown_name);
  EXPECT_EQ(why, "satisfaction.index_report: there is no construct quality2; did you mean quality?");
  EXPECT_EQ(code_of([&] { static_cast<void>(finished::of(index_report_entry, store, {})); }, &why),
            status::schema);
  const model lacks =
      model_of({{"constructs", "construct,item\nquality,q1\nsatisfaction,s1\n"},
                {"paths", "from,to\nquality,satisfaction\n"},
                {"weights", "construct,item,weight,mean,scale_low,scale_high\nquality,q1,1,5,1,10\n"}});
  EXPECT_EQ(code_of([&] { static_cast<void>(finished_of(index_report_entry, store, lacks)); }, &why),
            status::data);
  EXPECT_EQ(
      why, "satisfaction.index_report: the table weights of the model has no construct satisfaction; fit the "
           "model, or leave the table out");
  const model other = model_of({{"constructs", "construct,item\nquality,q1\nsatisfaction,s4\n"},
                                {"paths", "from,to\nquality,satisfaction\n"}});
  EXPECT_EQ(code_of([&] { static_cast<void>(finished_of(index_report_entry, store, other)); }, &why),
            status::data);
}

TEST(index_report, negative_weight_and_cuts) {
  const model negative =
      model_of({{"constructs", "construct,item\nquality,q1\nquality,q2\nsatisfaction,s1\nloyalty,l1\n"},
                {"paths", paths},
                {"weights", "construct,item,weight,mean,scale_low,scale_high\nquality,q1,-1,5,1,10\n"
                            "quality,q2,2,5,1,10\nsatisfaction,s1,1,5,1,10\nloyalty,l1,1,5,1,10\n"}});
  const stats::survey store = store_of(three_years());
  const result made =
      finished_of(index_report_entry, store, negative,
                  {{"target", "loyalty"}, {"importance_cut", "0"}, {"performance_cut", "99"}});
  EXPECT_EQ(rows_of(made, "indices", {"index", "status"}, part("quality", "-", "")), texts{"- no_index"});
  EXPECT_EQ(rows_of(made, "importance_performance", {"construct", "quadrant"}, {{"item", "-"}}),
            texts{"satisfaction concentrate_here"});
}

TEST(index_report, order_of_rows_does_not_matter) {
  const std::string csv = three_years();
  texts lines;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find('\n', at) + 1;
    lines.push_back(csv.substr(at, end - at));
    at = end;
  }
  std::string turned = lines.front();
  for (std::size_t i = lines.size(); i-- > 1;)
    turned += lines[i];
  for (const char* const rule : {"fixed", "reestimated", "chain"}) {
    const options with{{"weights", rule}, {"target", "loyalty"}};
    EXPECT_EQ(finished_of(index_report_entry, store_of(csv), unit_model(), with).tables,
              finished_of(index_report_entry, store_of(turned), unit_model(), with).tables);
  }
}

TEST(index_report, second_order) {
  const model whole = model_of(
      {{"constructs", "construct,item\nproduct,q1\nproduct,q2\nservice,s1\nservice,s2\nquality,product\n"
                      "quality,service\nsatisfaction,s3\nloyalty,l1\n"},
       {"paths", "from,to\nquality,satisfaction\nquality,loyalty\nsatisfaction,loyalty\n"}});
  const stats::survey store = store_of(three_years());
  for (const char* const rule : {"fixed", "reestimated", "chain"}) {
    const result made =
        finished_of(index_report_entry, store, whole, {{"weights", rule}, {"target", "loyalty"}});
    EXPECT_EQ(rows_of(made, "importance_performance", {"construct"}, {{"item", "-"}}),
              (texts{"quality", "satisfaction"}));
    EXPECT_EQ(rows_of(made, "importance_performance", {"item"}, {{"construct", "quality"}}),
              (texts{"-", "q1", "q2", "s1", "s2"}));
    EXPECT_EQ(rows_of(made, "indices", {"answers", "status"}, part("product", "-", "2026")), texts{"8 fine"});
    EXPECT_EQ(rows_of(made, "indices", {"answers", "status"}, part("quality", "-", "2026")), texts{"7 fine"});
  }
}

TEST(index_report, interactions_are_left_out_of_the_map) {
  std::vector<named_csv> tables;
  for (const example_table& one : satisfaction::index_report_example_model)
    tables.emplace_back(one.name, one.csv);
  tables.emplace_back("interactions", "interaction,of,moderator\nboth,quality,satisfaction\n");
  tables[1].second = "from,to\nquality,satisfaction\nquality,loyalty\nsatisfaction,loyalty\nboth,loyalty\n";
  const stats::survey store = store_of(three_years());
  const options with{{"target", "loyalty"}};
  EXPECT_EQ(finished::table_of(finished_of(index_report_entry, store, model_of(tables), with),
                               "importance_performance"),
            finished::table_of(finished_of(index_report_entry, store, fitted_model(), with),
                               "importance_performance"));
}

TEST(index_report, the_last_period_only) {
  const stats::survey store = store_of(three_years());
  std::string last = "respondent,group,period,weight,items:q1,items:q2,items:s1,items:s2,items:s3,items:l1\n";
  const std::string all = three_years();
  last += all.substr(all.find("R1,North,2027"));
  const options with{{"target", "loyalty"}, {"map_of", "last_period"}};
  EXPECT_EQ(finished::table_of(finished_of(index_report_entry, store, fitted_model(), with),
                               "importance_performance"),
            finished::table_of(
                finished_of(index_report_entry, store_of(last), fitted_model(), {{"target", "loyalty"}}),
                "importance_performance"));
}

// reference 2.7: importance of the European index on mobi with the weights of seminr; the report gives the same indices and
// effects whether the model is estimated by it or was fitted before.
TEST(index_report, european_index_of_mobi) {
  const auto data = test::mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  std::vector<survey_run::answered> rows(data->begin()->second.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r].respondent = std::to_string(1000 + r);
    for (const auto& [label, answers] : *data)
      rows[r].items[label] = answers[r];
  }
  const stats::survey store = survey_run::survey_of(rows);
  std::string constructs = "construct,item\n";
  const auto add = [&](const std::string& construct, const std::string& prefix, int n) {
    for (const std::string& item : test::numbered(prefix, n))
      constructs += construct + "," + item + "\n";
  };
  add("image", "IMAG", 5);
  add("expectation", "CUEX", 3);
  add("perceived_quality", "PERQ", 7);
  add("perceived_value", "PERV", 2);
  add("satisfaction", "CUSA", 3);
  constructs += "complaints,CUSCO\n";
  add("loyalty", "CUSL", 3);
  const model described = model_of(
      {{"constructs", constructs},
       {"paths",
        "from,to\nimage,expectation\nimage,satisfaction\nimage,loyalty\nexpectation,perceived_quality\n"
        "expectation,perceived_value\nexpectation,satisfaction\nperceived_quality,perceived_value\n"
        "perceived_quality,satisfaction\nperceived_value,satisfaction\nsatisfaction,complaints\n"
        "satisfaction,loyalty\ncomplaints,loyalty\n"}});
  const result made = finished_of(index_report_entry, store, described, {{"convention", "seminr"}});
  const auto of_construct = [](const char* name) { return conditions{{"construct", name}, {"item", "-"}}; };
  for (const auto& [construct, importance] : {std::pair<const char*, double>{"image", 0.414655},
                                              {"expectation", 0.432275},
                                              {"perceived_quality", 0.639795},
                                              {"perceived_value", 0.138289}})
    EXPECT_NEAR(number(made, "importance_performance", "importance", of_construct(construct)), importance,
                5e-7);
  EXPECT_NEAR(number(made, "importance_performance", "performance", of_construct("image")), 73.5279818053719,
              1e-11);
  EXPECT_NEAR(number(made, "indices", "index", {{"construct", "satisfaction"}}), 72.4541179306499, 1e-11);
  EXPECT_NEAR(number(made, "indices", "deviation", {{"construct", "satisfaction"}}), 14.4125830424713, 1e-11);
  const result fitted = finished_of(satisfaction::index_model_entry, store, described,
                                    {{"convention", "seminr"}, {"resamples", "0"}});
  const result again = finished_of(index_report_entry, store, *fitted.fitted);
  EXPECT_EQ(finished::table_of(made, "indices"), finished::table_of(again, "indices"));
  EXPECT_EQ(finished::table_of(made, "importance_performance"),
            finished::table_of(again, "importance_performance"));
  const double effect = index_report_run::number(fitted, "effects", "index_effect",
                                                 {{"from", "perceived_quality"}, {"to", "satisfaction"}});
  EXPECT_NEAR(number(made, "importance_performance", "importance", of_construct("perceived_quality")), effect,
              1e-12);
  const double low =
      index_report_run::number(fitted, "indices", "index_low", {{"construct", "satisfaction"}});
  EXPECT_NEAR(number(made, "indices", "index_low", {{"construct", "satisfaction"}}), low, 1e-10);
}

} // namespace
} // namespace emptor::test::index_report_test
