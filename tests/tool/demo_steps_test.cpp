// SPDX-License-Identifier: BSL-1.0
// What entries declare for the demo: the catalogue's own declarations, and what is wrong with others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <emptor/catalogue.hpp>

#include "support/places.hpp"
#include "tool/demo/steps.hpp"
#include "tool/demo/tables.hpp"
#include "tool/failure.hpp"

namespace emptor::test::demo_steps_test {
namespace {

using ::testing::HasSubstr;
using tool::demo::step;

std::vector<const entry_description*> catalogued() {
  std::vector<const entry_description*> all;
  for (const entry* one : catalogue())
    all.push_back(one->description);
  return all;
}

TEST(DemoSteps, EachEntryIsFedAfterWhatFeedsIt) {
  const std::vector<const entry_description*> entries = catalogued();
  const std::vector<step> steps = tool::demo::order_steps(entries, tool::demo::company_tables());
  for (const entry_description* one : entries) {
    const auto runs =
        std::count_if(steps.begin(), steps.end(), [&](const step& made) { return made.what == one; });
    EXPECT_EQ(static_cast<std::size_t>(runs), one->demo.size()) << one->name;
    EXPECT_TRUE(runs > 0 || !one->no_demo.empty()) << one->name << " is neither fed nor says why not";
    const bool is_scored = std::any_of(one->demo.begin(), one->demo.end(),
                                       [](const demo_feed& feed) { return feed.what == verb::score; });
    EXPECT_TRUE(runs == 0 || is_scored || !one->can_score()) << one->name << ": nothing is scored";
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const std::size_t needed : steps[i].needs)
      EXPECT_LT(needed, i) << steps[i].run;
  }
}

TEST(DemoSteps, TheDemoKnowsNoEntryByName) {
  const std::filesystem::path folder = source_folder() + "/src/tool/demo";
  std::size_t read = 0;
  for (const char* file :
       {"demo.cpp", "steps.cpp", "scoreboard.cpp", "table_descriptions.cpp", "tables.cpp"}) {
    std::ifstream opened(folder / file);
    const std::string text{std::istreambuf_iterator<char>(opened), std::istreambuf_iterator<char>()};
    EXPECT_FALSE(text.empty()) << file;
    ++read;
    for (const entry_description* one : catalogued())
      EXPECT_EQ(text.find("\"" + std::string(one->name)), std::string::npos)
          << file << " names " << one->name;
  }
  EXPECT_EQ(read, 5U);
}

// Entries that declare something wrong. Each begins as one that is right.

constexpr column_description wanted[] = {
    {.name = "id", .what = content::id}, {.name = "amount"}, {.name = "note", .optional = true}};
constexpr column_description known[] = {
    {.name = "customer", .what = content::id}, {.name = "id", .what = content::id}, {.name = "money"}};
constexpr table_description company[] = {{.name = "sales", .columns = known},
                                         {.name = "truth", .columns = known}};
constexpr table_description inputs[] = {{.name = "rows", .columns = wanted}};
constexpr table_description outputs[] = {{.name = "made", .columns = known}};
constexpr option_description options[] = {{.name = "horizon", .required = true}, {.name = "rate"}};
constexpr std::string_view accepts[] = {"a.fit"};
constexpr slot_description slots[] = {{.name = "model", .accepts = accepts}};
constexpr demo_column mapped[] = {{"amount", "money"}};
constexpr demo_input fed[] = {{"rows", "sales", mapped}};
constexpr example_option set[] = {{"horizon", "1"}};
constexpr demo_slot filled[] = {{"model", "a.fit"}};
constexpr demo_shown shown[] = {{"made", "money", "MONEY"}};
constexpr demo_comparison compared[] = {
    {demo_measure::number, "made", "money", "truth", "money", "customer"}};

constexpr demo_feed fit_feed[] = {{.what = verb::fit, .inputs = fed}};
constexpr entry_description fit{.name = "a.fit",
                                .what = verb::fit,
                                .store = "rows",
                                .inputs = inputs,
                                .outputs = outputs,
                                .demo = fit_feed};

demo_feed right_feed() {
  return {.what = verb::reduce,
          .inputs = fed,
          .slots = filled,
          .options = set,
          .shown = shown,
          .compared = compared};
}

/// What is said of an entry with this feed, beside one that fits.
std::string fault_of(const demo_feed& feed, std::string_view no_demo = {}) {
  const entry_description reduce{.name = "a.reduce",
                                 .what = verb::reduce,
                                 .store = "rows",
                                 .inputs = inputs,
                                 .options = options,
                                 .slots = slots,
                                 .outputs = outputs,
                                 .demo = {&feed, 1},
                                 .no_demo = no_demo};
  const entry_description* const entries[] = {&reduce, &fit};
  try {
    const std::vector<step> steps = tool::demo::order_steps(entries, company);
    EXPECT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps.front().run, "a.fit") << "what fills the slot comes first";
    return {};
  } catch (const tool::failure& why) {
    return why.what();
  }
}
template <class Change>
std::string fault_with(const Change& change) {
  demo_feed feed = right_feed();
  change(feed);
  return fault_of(feed);
}

TEST(DemoSteps, WhatIsDeclaredMustBeThere) {
  EXPECT_EQ(fault_of(right_feed()), "");
  static constexpr demo_input no_table[] = {{"rows", "sale", mapped}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = no_table; }),
            "demo: a.reduce is fed from sale, which is no table of the company");
  static constexpr demo_input no_role[] = {{"lines", "sales", mapped}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = no_role; }), "demo: a.reduce takes no table lines");
  static constexpr demo_input no_column[] = {{"rows", "sales"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = no_column; }),
            "demo: a.reduce is fed from sales, which has no column amount");
  static constexpr demo_column wrong_column[] = {{"amount", "monney"}};
  static constexpr demo_input maps_wrong[] = {{"rows", "sales", wrong_column}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = maps_wrong; }),
            "demo: a.reduce is fed from sales, which has no column monney");
  static constexpr demo_column wrong_role[] = {{"amount", "money"}, {"ammount", "money"}};
  static constexpr demo_input maps_role[] = {{"rows", "sales", wrong_role}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = maps_role; }),
            "demo: a.reduce maps ammount, which rows does not take");
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = {}; }), "demo: a.reduce needs the table rows");
  static constexpr demo_input no_run[] = {{"rows", "a.fitt/made", mapped}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = no_run; }),
            "demo: a.reduce needs the run a.fitt, which there is not");
  static constexpr demo_input no_result[] = {{"rows", "a.fit/maid", mapped}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.inputs = no_result; }),
            "demo: a.reduce is fed from a.fit/maid, which has no column money");

  EXPECT_EQ(fault_with([](demo_feed& one) { one.options = {}; }), "demo: a.reduce needs the option horizon");
  static constexpr example_option wrong_option[] = {{"horizon", "1"}, {"rat", "1"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.options = wrong_option; }),
            "demo: a.reduce has no option rat");
  EXPECT_EQ(fault_with([](demo_feed& one) { one.slots = {}; }), "demo: a.reduce needs a model in slot model");
  static constexpr demo_slot wrong_slot[] = {{"model", "a.fit"}, {"spend", "a.fit"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.slots = wrong_slot; }), "demo: a.reduce has no slot spend");
  static constexpr demo_slot not_accepted[] = {{"model", "a.reduce"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.slots = not_accepted; }),
            "demo: a.reduce takes no model of a.reduce in slot model");

  static constexpr demo_shown no_shown[] = {{"made", "mone", "MONEY"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.shown = no_shown; }), "demo: a.reduce gives no made.mone");
  static constexpr demo_comparison no_truth[] = {
      {demo_measure::number, "made", "money", "truths", "money", "customer"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.compared = no_truth; }),
            "demo: a.reduce is compared with truths, which is no table of the company");
  static constexpr demo_comparison no_truth_column[] = {
      {demo_measure::number, "made", "money", "truth", "cash", "customer"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.compared = no_truth_column; }),
            "demo: a.reduce is compared with cash, which is no column of truth");
  static constexpr demo_comparison no_interval[] = {
      {demo_measure::number, "made", "money", "truth", "money", "customer", "low"}};
  EXPECT_EQ(fault_with([](demo_feed& one) { one.compared = no_interval; }),
            "demo: a.reduce gives no made.low");

  EXPECT_EQ(fault_with([](demo_feed& one) { one.what = verb::score; }), "demo: a.reduce is no score");
  EXPECT_EQ(fault_with([](demo_feed& one) { one.what = verb::fit; }), "demo: a.reduce is no fit");
}

TEST(DemoSteps, ASlotMayBeFedWithRowsFromWhichTheToolMakesItsModel) {
  static constexpr std::string_view itself[] = {"b.rules"};
  static constexpr slot_description policy[] = {{.name = "policy", .accepts = itself}};
  static constexpr demo_input rules[] = {{"policy", "sales"}};
  static constexpr demo_feed feed[] = {{.inputs = rules}};
  static constexpr table_description takes[] = {{.name = "rules", .columns = known}};
  entry_description ruled{.name = "b.rules",
                          .what = verb::reduce,
                          .slots = policy,
                          .outputs = outputs,
                          .model_tables = takes,
                          .demo = feed};
  const entry_description* const entries[] = {&ruled};
  const std::vector<step> steps = tool::demo::order_steps(entries, company);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_THAT(tool::demo::command_of(steps[0], "d/"),
              (std::vector<std::string>{"reduce", "b.rules", "--in", "policy=d/sales.csv", "--out",
                                        "d/results/b.rules/"}));
  ruled.model_tables = inputs; // which has a column that the table has not
  EXPECT_THROW((void)tool::demo::order_steps(entries, company), tool::failure);
}

TEST(DemoSteps, AFeedOrASentenceWhyNot) {
  EXPECT_THAT(fault_of(right_feed(), "it takes too long"),
              HasSubstr("a.reduce must declare what feeds it, or a sentence why nothing does"));
  const entry_description neither{.name = "a.neither", .what = verb::reduce};
  const entry_description reasoned{.name = "a.reasoned", .what = verb::reduce, .no_demo = "it takes a day"};
  const entry_description* const faulty[] = {&neither};
  EXPECT_THROW((void)tool::demo::order_steps(faulty, company), tool::failure);
  const entry_description* const fine[] = {&reasoned};
  EXPECT_TRUE(tool::demo::order_steps(fine, company).empty());
}

TEST(DemoSteps, RunsHaveOneNameAndDoNotWaitForEachOther) {
  const demo_feed twice[] = {fit_feed[0], fit_feed[0]};
  const entry_description doubled{.name = "a.fit",
                                  .what = verb::fit,
                                  .store = "rows",
                                  .inputs = inputs,
                                  .outputs = outputs,
                                  .demo = twice};
  const entry_description* const two[] = {&doubled};
  EXPECT_THROW((void)tool::demo::order_steps(two, company), tool::failure);

  static constexpr demo_column from_itself[] = {{"amount", "money"}};
  static constexpr demo_input ring[] = {{"rows", "a.ring/made", from_itself}};
  const demo_feed ring_feed[] = {{.what = verb::reduce, .inputs = ring}};
  const entry_description in_ring{.name = "a.ring",
                                  .what = verb::reduce,
                                  .store = "rows",
                                  .inputs = inputs,
                                  .outputs = outputs,
                                  .demo = ring_feed};
  const entry_description* const one[] = {&in_ring};
  try {
    (void)tool::demo::order_steps(one, company);
    ADD_FAILURE() << "a ring was accepted";
  } catch (const tool::failure& why) {
    EXPECT_STREQ(why.what(), "demo: runs wait for each other: a.ring");
  }
}

} // namespace
} // namespace emptor::test::demo_steps_test
