// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <cmath>
#include <fstream>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <emptor/satisfaction/key_drivers_entry.hpp>

#include "satisfaction/survey_entry.hpp"
#include "support/random.hpp"

namespace emptor::test::key_drivers_test {
namespace {

using satisfaction::key_drivers_entry;
using survey_entry::finished_of;
using survey_entry::numbers;
using survey_entry::options;
using survey_entry::refusal;
using survey_entry::texts;

TEST(key_drivers, the_worked_example) {
  EXPECT_EQ(survey_entry::example_differences(key_drivers_entry, satisfaction::key_drivers_examples[0]), "");
}

/// Draws on a scale of 1 to 10 with groups of different sizes.
std::string drawn(std::size_t respondents, std::size_t drivers, std::size_t groups, bool backward = false) {
  draws draw(7);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < respondents; ++i) {
    std::string line = "R" + std::to_string(i) + ",G" + std::to_string(i % groups) + "," +
                       std::to_string(1 + draw.below(3)) + ",";
    std::string answers;
    double sum = 0.0;
    for (std::size_t j = 0; j < drivers; ++j) {
      const auto answer = static_cast<double>(1 + draw.below(10));
      sum += answer / static_cast<double>(j + 1);
      answers += "," + std::to_string(static_cast<int>(answer));
    }
    const double outcome = std::min(10.0, 1.0 + std::floor(sum / 3.0 + static_cast<double>(draw.below(3))));
    lines.push_back(line + std::to_string(static_cast<int>(outcome)) + answers + "\n");
  }
  std::string made = "respondent,group,weight,items:overall";
  for (std::size_t j = 0; j < drivers; ++j)
    made += ",items:d" + std::to_string(j);
  made += "\n";
  for (std::size_t i = 0; i < lines.size(); ++i)
    made += lines[backward ? lines.size() - 1 - i : i];
  return made;
}
std::string drivers_table(std::size_t drivers) {
  std::string made = "item\n";
  for (std::size_t j = 0; j < drivers; ++j)
    made += "d" + std::to_string(j) + "\n";
  return made;
}
options with(options more = {}) {
  more.insert(more.begin(), {"outcome", "overall"});
  return more;
}

TEST(key_drivers, both_splits_add_up) {
  const result made = finished_of(key_drivers_entry, drawn(300, 6, 4), drivers_table(6),
                                  with({{"by", "group"}, {"resamples", "10"}}));
  const std::vector<double>& r_squared = numbers(made, "models", "r_squared");
  ASSERT_EQ(r_squared.size(), 5U);
  for (std::size_t part = 0; part < 5; ++part) {
    for (const char* const column : {"relative_weight", "shapley"}) {
      const std::vector<double>& all = numbers(made, "drivers", column);
      EXPECT_NEAR(std::accumulate(&all[6 * part], &all[6 * part] + 6, 0.0), r_squared[part], 1e-13);
    }
  }
}

/// Respondents are drawn by the stream of (seed, resample), and the ends are quantiles of what comes of them.
TEST(key_drivers, bootstrap_draws_respondents) {
  using namespace satisfaction;
  driver_rows rows;
  rows.drivers = 2;
  draws draw(3);
  for (std::size_t k = 0; k < 40; ++k) {
    for (std::size_t r = 0; r < 1 + k % 2; ++r) { // some answered twice
      const auto a = static_cast<double>(draw.below(10));
      const auto b = static_cast<double>(draw.below(10));
      rows.values.insert(rows.values.end(), {a, b, a + 0.5 * b + static_cast<double>(draw.below(8))});
      rows.weights.push_back(1.0 + static_cast<double>(k % 3));
    }
    rows.ends.push_back(rows.weights.size());
  }
  const driver_layout layout{.drivers = 2, .block_of = {0, 1}, .blocks = 2, .shapley = true};
  const driver_resampling asked{
      .how = driver_interval::bootstrap, .resamples = 37, .seed = 11, .confidence = 0.8};
  const driver_analysis found = analyse_drivers(rows, layout, asked, run{});
  ASSERT_EQ(found.resamples, 37U);
  std::vector<double> correlations;
  for (std::size_t b = 0; b < 37; ++b) {
    random_stream stream(11, b, 0);
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> w;
    for (std::size_t k = 0; k < 40; ++k) {
      const auto who = static_cast<std::size_t>(stream.below(40));
      for (std::size_t r = who == 0 ? 0 : rows.ends[who - 1]; r < rows.ends[who]; ++r) {
        x.push_back(rows.values[3 * r]);
        y.push_back(rows.values[3 * r + 2]);
        w.push_back(rows.weights[r]);
      }
    }
    const auto moment = [&](const auto& of) {
      double sum = 0.0;
      double all = 0.0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        sum += w[i] * of(i);
        all += w[i];
      }
      return sum / all;
    };
    const double mean_x = moment([&](std::size_t i) { return x[i]; });
    const double mean_y = moment([&](std::size_t i) { return y[i]; });
    const double xy = moment([&](std::size_t i) { return (x[i] - mean_x) * (y[i] - mean_y); });
    const double xx = moment([&](std::size_t i) { return (x[i] - mean_x) * (x[i] - mean_x); });
    const double yy = moment([&](std::size_t i) { return (y[i] - mean_y) * (y[i] - mean_y); });
    correlations.push_back(xy / std::sqrt(xx * yy));
  }
  std::sort(correlations.begin(), correlations.end());
  // At 0.1 x 36 = 3.6 and 32.4 from the first.
  EXPECT_NEAR(found.intervals[driver_layout::correlation(0)].low,
              correlations[3] + 0.6 * (correlations[4] - correlations[3]), 1e-13);
  EXPECT_NEAR(found.intervals[driver_layout::correlation(0)].high,
              correlations[32] + 0.4 * (correlations[33] - correlations[32]), 1e-13);
}

TEST(key_drivers, the_same_for_any_threads_and_order) {
  using namespace satisfaction;
  const options asked = with({{"by", "group"}, {"resamples", "50"}});
  const stats::survey one = survey_entry::store_of(drawn(120, 3, 3));
  const stats::survey turned = survey_entry::store_of(drawn(120, 3, 3, true));
  const model held = survey_entry::model_of(key_drivers_entry, drivers_table(3));
  const filled_slot slots[] = {{"drivers", &held}};
  std::vector<result> made;
  for (const int threads : {1, 2, 7}) {
    run how;
    how.threads = threads;
    for (const stats::survey* from : {&one, &turned})
      made.push_back(key_drivers_entry.finish({.from = from,
                                               .options = {key_drivers_name, key_drivers_options, asked},
                                               .slots = {slots[0]},
                                               .keys = {},
                                               .how = how}));
  }
  for (const result& other : made)
    EXPECT_EQ(other.tables, made.front().tables);
  std::atomic<int> cancel{1};
  run stopped;
  stopped.cancel = &cancel;
  EXPECT_EQ(code_of([&] {
              return key_drivers_entry.finish({.from = &one,
                                               .options = {key_drivers_name, key_drivers_options, asked},
                                               .slots = {slots[0]},
                                               .keys = {},
                                               .how = stopped});
            }),
            status::cancelled);
}

TEST(key_drivers, says_why_there_is_nothing) {
  const std::string answers = "respondent,group,items:overall,items:a,items:b\n"
                              "1,few,3,2,1\n2,few,4,4,2\n3,few,5,5,9\n"
                              "4,flat,5,2,3\n5,flat,5,3,1\n6,flat,5,5,2\n7,flat,5,1,2\n"
                              "8,same,5,4,3\n9,same,6,4,1\n10,same,5,4,2\n11,same,2,4,2\n"
                              "12,twin,5,4,5\n13,twin,6,3,4\n14,twin,5,7,8\n15,twin,2,1,2\n"
                              "16,mute,,3,\n";
  const result made =
      finished_of(key_drivers_entry, answers, "item\na\nb\n", with({{"by", "group"}, {"intervals", "none"}}));
  texts models =
      finished::cells(made, "models", {"group", "answers", "missing", "status", "item", "r_squared"});
  models.erase(models.begin());
  EXPECT_EQ(models,
            (texts{"few 3 0 too_few - -", "flat 4 0 constant_outcome overall -", "mute 0 1 too_few - -",
                   "same 4 0 constant_driver a -", "twin 4 0 collinear b -"}));
  const texts drivers =
      finished::cells(made, "drivers", {"group", "driver", "relative_weight", "shapley", "rank", "quadrant"});
  ASSERT_EQ(drivers.size(), 12U);
  EXPECT_EQ(drivers[11], "twin b - - - -");
  EXPECT_EQ(
      finished_of(key_drivers_entry, "respondent,items:overall,items:a,items:b\n", "item\na\nb\n", with())
          .tables.front()
          .rows(),
      2);
}

TEST(key_drivers, reversed_items_and_their_own_scales) {
  const std::string answers =
      "respondent,items:overall,items:a,items:wait\n1,1,1,30\n2,4,3,20\n3,6,8,0\n4,9,7,10\n5,7,9,5\n";
  const result made = finished_of(key_drivers_entry, answers,
                                  "item,reversed,scale_low,scale_high\na,false,,\nwait,true,0,40\n",
                                  with({{"intervals", "none"}}));
  EXPECT_DOUBLE_EQ(numbers(made, "drivers", "performance")[1], 100.0 - 100.0 * 13.0 / 40.0);
  EXPECT_GT(numbers(made, "drivers", "correlation")[1], 0.7);
  EXPECT_EQ(finished::cells(made, "models", {"status"}), (texts{"ok"}));
}

TEST(key_drivers, blocks_of_drivers) {
  const std::string answers = drawn(200, 18, 1);
  std::string blocked = "item,block\n";
  for (int j = 0; j < 18; ++j)
    blocked += "d" + std::to_string(j) + ",b" + std::to_string(j % 3) + "\n";
  EXPECT_EQ(refusal([&] { return finished_of(key_drivers_entry, answers, drivers_table(18), with()); }),
            "satisfaction.key_drivers: option shapley needs at most 15 blocks of drivers, but there are 18; "
            "put drivers "
            "into blocks, or set it to false");
  const result alone = finished_of(key_drivers_entry, answers, drivers_table(18),
                                   with({{"shapley", "false"}, {"intervals", "none"}}));
  const result made = finished_of(key_drivers_entry, answers, blocked, with({{"intervals", "none"}}));
  const double r_squared = numbers(made, "models", "r_squared")[0];
  EXPECT_NEAR(numbers(alone, "models", "r_squared")[0], r_squared, 1e-13);
  const std::vector<double>& shapley = numbers(made, "blocks", "shapley");
  EXPECT_NEAR(std::accumulate(shapley.begin(), shapley.end(), 0.0), r_squared, 1e-13);
  const std::vector<double>& weights = numbers(made, "blocks", "relative_weight");
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), r_squared, 1e-13);
  EXPECT_EQ(finished::cells(made, "drivers", {"driver", "block", "shapley"})[6], "d1 b1 -");
}

TEST(key_drivers, refuses_what_it_cannot_read) {
  const std::string answers = "respondent,items:overall,items:a,items:b\nA,5,3,11\n";
  const auto said = [&](std::string_view drivers, const options& asked) {
    return refusal([&] { return finished_of(key_drivers_entry, answers, drivers, asked); });
  };
  EXPECT_EQ(said("item\na\nb\n", with()),
            "satisfaction.key_drivers: items:b of respondent A is 11, but must be in [1, 10]");
  EXPECT_EQ(said("item\na\n", {{"outcome", "overal"}}),
            "satisfaction.key_drivers: there is no item overal; did you mean overall?");
  EXPECT_EQ(said("item\na\n", {{"outcome", "a"}}),
            "satisfaction.key_drivers: option outcome is a, but must be another item than the drivers");
  EXPECT_EQ(said("item\na\na\n", with()), "satisfaction.key_drivers: item[1] is a, but must be there once");
  EXPECT_EQ(said("item\n", with()),
            "satisfaction.key_drivers: table drivers has 0 rows, but must have 1 to 200");
  EXPECT_EQ(said("item\na\n", with({{"shapley", "false"}, {"importance", "shapley"}})),
            "satisfaction.key_drivers: option importance is shapley, but option shapley is false");
}

} // namespace
} // namespace emptor::test::key_drivers_test
