// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/hierarchy_entry.hpp>
#include <emptor/satisfaction/kano_entry.hpp>
#include <emptor/satisfaction/key_drivers_entry.hpp>
#include <emptor/satisfaction/service_quality_entry.hpp>

#include "satisfaction/survey_entry.hpp"
#include "support/random.hpp"

/// Measures of several items over surveys, tables and options without sense: an answer or a refusal, and no number that is none.
namespace emptor::test::several_items_hostile_test {
namespace {

using texts = std::vector<std::string>;

template <class T>
const T& one_of(draws& draw, const std::vector<T>& from) {
  return from[draw.below(from.size())];
}

/// Surveys of few rows; answers mostly on a scale, or all alike, or missing, or as far off as a survey takes them.
stats::survey random_survey(draws& draw) {
  const bool wild = draw.below(4) == 0;
  const std::size_t alike = draw.below(5); // item 0 to 3 has one answer only
  const texts usual{"1", "2", "3", "4", "5", "5", "2", ""};
  const texts far{"1", "", "9007199254740992", "-9007199254740992", "1e-300", "0.3", "1e9"};
  const texts weights{"1", "1", "1", "1e-15", "1e15", "0.1", ""};
  std::string csv = "respondent,group,period,weight,items:a,items:b,items:c,items:d\n";
  const std::size_t rows = draw.below(14);
  for (std::size_t i = 0; i < rows; ++i) {
    csv += "R" + std::to_string(i) + "," + one_of(draw, texts{"", "x", "x", "y"}) + "," +
           one_of(draw, texts{"", "2026-01-01", "2026-04-01"}) + "," + one_of(draw, weights);
    for (std::size_t item = 0; item < 4; ++item)
      csv += "," + (item == alike ? std::string("3") : one_of(draw, wild ? far : usual));
    csv += "\n";
    if (draw.below(3) == 0) // once more in another period
      csv += "R" + std::to_string(i) + ",y,2027-01-01,1,5,4,3,2\n";
  }
  return survey_entry::store_of(csv);
}

std::string random_cell(draws& draw, const column_description& of) {
  if (of.optional && draw.below(3) == 0)
    return "";
  if (of.what == content::boolean)
    return draw.below(2) == 0 ? "true" : "false";
  if (of.what == content::number)
    return one_of(draw, texts{"0", "1", "1", "5", "1e9", "1e-300"});
  if (of.name == "node" || of.name == "parent" || of.name == "feature" || of.name == "dimension" ||
      of.name == "block")
    return one_of(draw, texts{"all", "n", "m", "k", "l"});
  return one_of(draw, texts{"a", "b", "c", "d", "a", "b", "c", "d", "e", "aa"});
}

/// Half of them rows that make sense.
std::string random_table(draws& draw, const entry& what) {
  static const std::map<std::string_view, std::string> good{
      {"satisfaction.kano", "feature,functional,dysfunctional\nf,a,b\ng,c,d\n"},
      {"satisfaction.key_drivers", "item,scale_high\nb,5\nc,5\nd,\n"},
      {"satisfaction.service_quality", "dimension,perception,expectation\nx,a,b\ny,c,d\n"},
      {"satisfaction.hierarchy", "node,parent,item,weight\nall,,,\nn,all,,2\nm,n,a,1\nk,n,b,0\nl,all,c,1\n"}};
  if (draw.below(2) == 0)
    return good.at(what.description->name);
  std::string csv;
  for (const column_description& one : what.description->model_tables.front().columns)
    csv += (csv.empty() ? "" : ",") + std::string(one.name);
  csv += "\n";
  const std::size_t rows = draw.below(6);
  for (std::size_t i = 0; i < rows; ++i) {
    std::string line;
    for (const column_description& one : what.description->model_tables.front().columns)
      line +=
          (&one == what.description->model_tables.front().columns.data() ? "" : ",") + random_cell(draw, one);
    csv += line + "\n";
  }
  return csv;
}

survey_entry::options random_options(draws& draw, const entry& what) {
  survey_entry::options made;
  for (const option_description& one : what.description->options) {
    if (one.name == "outcome")
      made.push_back({"outcome", one_of(draw, texts{"a", "a", "a", "b", "z"})});
    else if (one.what == option_content::choice && draw.below(2) == 0)
      made.push_back({std::string(one.name), std::string(one.choices[draw.below(one.choices.size())])});
    else if (one.name == "scale_low" && draw.below(8) == 0)
      made.push_back({"scale_low", one_of(draw, texts{"-1e9", "5", "0"})});
    else if (one.name == "scale_high" && draw.below(4) == 0)
      made.push_back({"scale_high", one_of(draw, texts{"1e9", "5", "5.0000001"})});
    else if (one.name == "resamples")
      made.push_back({"resamples", one_of(draw, texts{"2", "7"})});
    else if (one.name == "confidence" && draw.below(4) == 0)
      made.push_back({"confidence", one_of(draw, texts{"1e-12", "0.999999999999", "0.5"})});
  }
  return made;
}

/// What is wrong with a table; empty where nothing is.
std::string faults(const table& of, const table_description& described) {
  std::string found;
  for (const column_description& known : described.columns) {
    const column& one = of.at(known.name);
    for (std::int64_t row = 0; row < one.size(); ++row) {
      const std::string where = of.name() + "." + one.name() + "[" + std::to_string(row) + "] ";
      if (!one.is_valid(row) && !known.optional)
        found += where + "is missing\n";
      if (one.type() == dtype::float64 && one.is_valid(row) &&
          !std::isfinite(one.as<double>()[static_cast<std::size_t>(row)]))
        found += where + "is " + to_text(one.as<double>()[static_cast<std::size_t>(row)]) + "\n";
    }
  }
  return found;
}

TEST(several_items_hostile, an_answer_or_a_refusal) {
  draws draw(20261130);
  for (const entry* const what : {&satisfaction::kano_entry, &satisfaction::key_drivers_entry,
                                  &satisfaction::service_quality_entry, &satisfaction::hierarchy_entry}) {
    int answered = 0;
    int refused = 0;
    for (int round = 0; round < 400; ++round) {
      const stats::survey from = random_survey(draw);
      const std::string csv = random_table(draw, *what);
      const survey_entry::options with = random_options(draw, *what);
      try {
        const result made = survey_entry::finished_of(*what, from, csv, with);
        ++answered;
        for (const table_description& one : what->description->outputs) {
          const std::string wrong = faults(finished::table_of(made, one.name), one);
          ASSERT_EQ(wrong, "") << what->description->name << " round " << round << "\n" << csv;
        }
      } catch (const error& why) {
        ++refused;
        ASSERT_NE(why.code(), status::internal) << why.what();
        ASSERT_TRUE(std::string_view(why.what()).starts_with("satisfaction.")) << why.what();
      }
    }
    EXPECT_GT(answered, 80) << what->description->name;
    EXPECT_GT(refused, 80) << what->description->name;
  }
}

} // namespace
} // namespace emptor::test::several_items_hostile_test
