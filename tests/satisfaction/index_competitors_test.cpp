// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/index_competitors_entry.hpp>
#include <emptor/satisfaction/index_report_entry.hpp>

#include "satisfaction/index_report_run.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::test::index_competitors_test {
namespace {

using index_report_run::finished_of;
using index_report_run::model_of;
using index_report_run::named_csv;
using index_report_run::number;
using index_report_run::options;
using index_report_run::rows_of;
using index_report_run::store_of;
using satisfaction::index_competitors_entry;
using satisfaction::index_report_entry;
using texts = std::vector<std::string>;

constexpr std::string_view rows = satisfaction::index_competitors_example_rows[0].csv;

model fitted_model() {
  std::vector<named_csv> tables;
  for (const example_table& one : satisfaction::index_report_example_model)
    tables.emplace_back(one.name, one.csv);
  return model_of(tables);
}

TEST(index_competitors, worked_example) {
  EXPECT_EQ(index_report_run::example_differences(index_competitors_entry,
                                                  satisfaction::index_competitors_examples[0]),
            "");
}

TEST(index_competitors, the_own_brand_is_that_of_the_report) {
  const result gaps =
      finished_of(index_competitors_entry, store_of(rows), fitted_model(), {{"brand", "Acme"}});
  const result report = finished_of(index_report_entry, store_of(rows), fitted_model(), {{"brand", "Acme"}});
  for (const char* const construct : {"quality", "satisfaction", "loyalty"}) {
    const texts columns{"answers",           "index", "index_low", "index_high", "deviation",
                        "effective_answers", "status"};
    EXPECT_EQ(
        rows_of(gaps, "brand_indices", columns, {{"brand", "Acme"}, {"construct", construct}, {"item", "-"}}),
        rows_of(report, "indices", columns, {{"construct", construct}, {"period", "-"}}));
  }
  // Turned round, a gap has the other sign.
  const result other =
      finished_of(index_competitors_entry, store_of(rows), fitted_model(), {{"brand", "Own"}});
  EXPECT_NEAR(
      number(gaps, "gaps", "gap", {{"competitor", "Own"}, {"construct", "satisfaction"}, {"item", "s1"}}),
      -number(other, "gaps", "gap", {{"competitor", "Acme"}, {"construct", "satisfaction"}, {"item", "s1"}}),
      1e-12);
}

TEST(index_competitors, all_of_both_is_the_paired_test) {
  const std::string head = "respondent,brand,items:q1,items:q2,items:s1,items:s2,items:s3,items:l1\n";
  const stats::survey store = store_of(
      head + "R1,A,8,7,8,7,9,9\nR2,A,6,7,6,6,7,5\nR3,A,9,9,9,8,8,10\nR1,B,6,6,7,5,7,7\nR2,B,7,7,6,8,7,6\n"
             "R3,B,7,8,6,7,8,7\n");
  const result made = finished_of(index_competitors_entry, store, fitted_model(), {{"brand", "A"}});
  for (const char* const construct : {"quality", "satisfaction", "loyalty"}) {
    const std::map<std::string, std::string> of{{"construct", construct}, {"item", "-"}};
    EXPECT_EQ(number(made, "gaps", "shared", of), 3.0);
    EXPECT_NEAR(number(made, "gaps", "p_value", of), number(made, "gaps", "paired_p_value", of), 1e-12);
    EXPECT_NEAR(number(made, "gaps", "gap", of), number(made, "gaps", "paired_gap", of), 1e-12);
    EXPECT_EQ(number(made, "gaps", "degrees", of), 2.0);
  }
}

TEST(index_competitors, answers_without_a_brand_and_tiny_brands) {
  const std::string csv = std::string(rows) + "R20,,2026-01-01,1,5,5,5,5,5,5\nR21,Cosy,2026-01-01,1,,,,,,\n";
  const result made = finished_of(index_competitors_entry, store_of(csv), fitted_model(), {{"brand", "Own"}});
  EXPECT_EQ(
      rows_of(made, "brand_indices", {"brand", "answers", "missing", "status"}, {{"construct", "loyalty"}}),
      (texts{"Own 5 0 fine", "Acme 5 0 fine", "Beta 3 0 fine", "Cosy 0 1 no_answers", "- 1 0 too_few"}));
  EXPECT_EQ(rows_of(made, "gaps", {"competitor", "p_value"}, {{"construct", "loyalty"}, {"competitor", "-"}}),
            texts{"- -"});
}

TEST(index_competitors, refusals) {
  std::string why;
  const auto code = [&](const options& with) {
    return code_of(
        [&] {
          static_cast<void>(finished_of(index_competitors_entry, store_of(rows), fitted_model(), with));
        },
        &why);
  };
  EXPECT_EQ(code({{"brand", "Acne"}}), status::unknown_name);
  EXPECT_EQ(why, "satisfaction.index_competitors: there is no brand Acne; did you mean Acme?");
  EXPECT_EQ(code({{"brand", "Own"}, {"scale_high", "0"}}), status::ok) << why; // the model has its scales
}

/// Surveys, models and options without sense: an answer or a refusal, and no number that is none.
TEST(index_competitors, hostile) {
  draws draw(20261130);
  const auto one_of = [&](const texts& from) { return from[draw.below(from.size())]; };
  int answered = 0;
  int refused = 0;
  for (int round = 0; round < 80; ++round) {
    const bool wild = draw.below(4) == 0;
    std::string csv = "respondent,brand,group,period,weight,items:a,items:b,items:c,items:d\n";
    const std::size_t size = draw.below(24);
    for (std::size_t i = 0; i < size; ++i) {
      csv += "R" + std::to_string(i) + "," + one_of({"", "x", "x", "x", "y"}) + "," + one_of({"", "g", "h"}) +
             "," + one_of({"", "2026-01-01", "2026-04-01", "2027-01-01"}) + "," +
             one_of({"1", "1", "1e-15", "1e15", "0.1", ""});
      for (int item = 0; item < 4; ++item)
        csv += "," + (wild ? one_of({"1", "", "9007199254740992", "1e-300", "0.3"})
                           : one_of({"1", "2", "3", "5", "8", "9", ""}));
      csv += "\n";
    }
    std::vector<named_csv> tables{{"constructs", "construct,item\nu,a\nu,b\nv,c\nw,d\n"},
                                  {"paths", "from,to\nu,v\nu,w\nv,w\n"}};
    std::string weights = "construct,item,weight,mean,scale_low,scale_high\n";
    for (const char* const row : {"u,a", "u,b", "v,c", "w,d"})
      weights += std::string(row) + "," + one_of({"1", "0.5", "0.5", "0", "-1", "1e308", "1e-300"}) + "," +
                 one_of({"5", "0", "1e300"}) + "," + one_of({"1", "1", "0", "-1e9"}) + "," +
                 one_of({"10", "10", "1e9"}) + "\n";
    if (draw.below(3) != 0)
      tables.emplace_back("weights", weights);
    const model held = model_of(tables);
    const options shared{{"missing", one_of({"casewise", "mean", "pairwise", "em"})},
                         {"by", one_of({"all", "group", "period", "group_and_period"})},
                         {"scale_high", one_of({"10", "10", "1e9"})},
                         {"weight_meaning", one_of({"sampling", "frequency"})},
                         {"brand", one_of({"x", "x", "y", "z"})}};
    for (const entry* const what : {&index_report_entry, &index_competitors_entry}) {
      options with = shared;
      if (what == &index_report_entry) {
        with.push_back({"weights", one_of({"fixed", "reestimated", "chain"})});
        with.push_back({"target", one_of({"w", "w", "v", "u"})});
        with.push_back({"map_of", one_of({"all", "last_period"})});
        with.push_back({"link", one_of({"ratio", "difference"})});
      }
      try {
        const result made = finished_of(*what, store_of(csv), held, with);
        ++answered;
        for (const table_description& described : what->description->outputs) {
          const table& one = finished::table_of(made, described.name);
          for (const column_description& column : described.columns) {
            const emptor::column& seen = one.at(column.name);
            for (std::int64_t row = 0; row < one.rows(); ++row) {
              ASSERT_TRUE(column.optional || seen.is_valid(row))
                  << described.name << " " << column.name << "\n"
                  << csv;
              if (column.what == content::number && seen.is_valid(row)) {
                ASSERT_TRUE(std::isfinite(seen.as<double>()[static_cast<std::size_t>(row)]))
                    << described.name << " " << column.name << "\n"
                    << csv << weights;
              }
            }
          }
        }
      } catch (const error& why) {
        ++refused;
        ASSERT_NE(why.code(), status::internal) << why.what();
        ASSERT_TRUE(std::string_view(why.what()).starts_with("satisfaction.")) << why.what();
      }
    }
  }
  EXPECT_GT(answered, 30);
  EXPECT_GT(refused, 15);
}

} // namespace
} // namespace emptor::test::index_competitors_test
