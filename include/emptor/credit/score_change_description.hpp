// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/scorecard_description.hpp>

/// What the catalogue says of the cheapest change that reaches a score.
namespace emptor::credit {

inline constexpr std::string_view score_change_name = "credit.score_change";

/// What becomes of an applicant.
enum class score_change_outcome : std::int32_t {
  there = 0,        ///< his score reaches the target as it is
  reachable = 1,    ///< some moves reach it
  out_of_reach = 2, ///< none do
  no_score = 3,     ///< a value has no bin
};
inline constexpr std::string_view score_change_outcome_names[] = {"there", "reachable", "out_of_reach",
                                                                  "no_score"};
/// What a cost of the table stands for.
enum class move_cost : std::int32_t {
  move = 0, ///< a move, wherever it leads
  step = 1, ///< each interval that it passes
};
inline constexpr std::string_view move_cost_names[] = {"move", "step"};

inline constexpr column_description score_change_applicant_columns[] = {
    {.name = "applicant", .what = content::id, .summary = "whose row it is; each once"},
    {.name = "target",
     .unit = "points",
     .summary = "the score to reach; missing = the option target",
     .allowed = {-1e15, 1e15},
     .optional = true},
    described_in(scorecard_inputs, "characteristics"),
    described_in(scorecard_inputs, "categories"),
};
// No domains: a row that is left out would make its move a cheap one, so that bad ones end the call.
inline constexpr column_description score_change_cost_columns[] = {
    {.name = "characteristic", .what = content::text, .summary = "of the scorecard (特征)"},
    {.name = "from_bin",
     .what = content::count,
     .summary = "where the move begins, from 1; missing = anywhere",
     .optional = true},
    {.name = "to_bin",
     .what = content::count,
     .summary =
         "where it leads; missing = any interval or levels. Bins of missing, special and unknown values are "
         "reached only where they stand here",
     .optional = true},
    {.name = "cost", .summary = "of the move, from 0 to 1e12; missing = it cannot be made", .optional = true},
};
inline constexpr table_description score_change_inputs[] = {
    {.name = "applicants",
     .summary = "one row for each applicant, with the columns that the scorecard scores",
     .columns = score_change_applicant_columns},
    {.name = "costs",
     .summary =
         "what moves cost: of several rows that fit the one with both bins, then with to_bin, then with "
         "from_bin; a move that no row fits costs 1",
     .columns = score_change_cost_columns,
     .optional = true},
};

inline constexpr option_description score_change_options[] = {
    {.name = "target",
     .summary =
         "the score to reach: at least it where more points are safer, at most it where they are riskier",
     .unit = "points",
     .allowed = {-1e15, 1e15}},
    {.name = "cost_of",
     .what = option_content::choice,
     .summary = "what a cost without to_bin, and the cost of 1, stand for: the move, or each step from one "
                "interval to "
                "the next on its way",
     .default_value = "move",
     .choices = move_cost_names},
};
inline constexpr std::string_view score_change_accepts[] = {scorecard_name};
inline constexpr slot_description score_change_slots[] = {
    {.name = "scorecard", .summary = "the scorecard that gives the points", .accepts = score_change_accepts},
};

inline constexpr column_description score_change_answer_columns[] = {
    {.name = "applicant", .what = content::id, .summary = "who"},
    {.name = "outcome",
     .what = content::code,
     .summary =
         "there: the score reaches the target as it is; reachable: some moves reach it; out_of_reach: none "
         "do; no_score: a value has no bin",
     .levels = score_change_outcome_names},
    {.name = "target", .unit = "points", .summary = "the score to reach"},
    {.name = "score", .unit = "points", .summary = "the score as it is", .optional = true},
    {.name = "best_score", .unit = "points", .summary = "of all moves that can be made", .optional = true},
    {.name = "cost", .summary = "the least that reaches the target (最小代价)", .optional = true},
    {.name = "moves",
     .what = content::count,
     .summary = "characteristics that move: the fewest of those of the least cost",
     .optional = true},
    {.name = "new_score",
     .unit = "points",
     .summary = "after the moves: the best of those of the least cost and the fewest moves",
     .optional = true},
    {.name = "proved",
     .what = content::boolean,
     .summary = "whether no change is cheaper; false where costs and points have too many different sums to "
                "keep all"},
    {.name = "without_bin",
     .what = content::text,
     .summary = "the first characteristic whose value has no bin",
     .optional = true},
};
inline constexpr column_description score_change_move_columns[] = {
    {.name = "applicant", .what = content::id, .summary = "who"},
    {.name = "characteristic", .what = content::text, .summary = "what moves"},
    {.name = "from_bin", .what = content::count, .summary = "the bin that it is in"},
    {.name = "from_label", .what = content::text, .summary = "that bin in words"},
    {.name = "to_bin", .what = content::count, .summary = "the bin to move to"},
    {.name = "to_label", .what = content::text, .summary = "that bin in words"},
    {.name = "gain", .unit = "points", .summary = "points of the new bin less those of the old one"},
    {.name = "cost", .summary = "of the move"},
};
inline constexpr table_description score_change_outputs[] = {
    {.name = "answers",
     .summary = "each applicant, by the bytes of his name",
     .columns = score_change_answer_columns},
    {.name = "moves",
     .summary = "what to change, in the order of the scorecard (改进建议)",
     .columns = score_change_move_columns},
};

// The scorecard of three characteristics. A department costs 5, an income 3, and nobody changes his age. Ann has 3 + 0 + 26 = 29
// and needs 40: marketing gives 16 more for 5, and her income is in the best bin. Bob has 6 + 12 - 3 = 15 and needs 50: only both,
// 13 and 29 more, reach it. Cid has -9 - 3 + 26 = 14, and at best 19 - 3 + 26 = 42. Dee has 19 + 18 + 5 = 42.
inline constexpr example_table score_change_example_tables[] = {
    {"applicants",
     "applicant,target,categories:department,characteristics:age,characteristics:income\n"
     "ann,40,engineering,25,500\nbob,50,business,35,3000\ncid,60,,18,900\ndee,,marketing,40,1500\n"},
    {"costs", "characteristic,cost\ndepartment,5\nage,\nincome,3\n"}};
inline constexpr example_option score_change_example_options[] = {{"target", "42"}};
inline constexpr example_slot score_change_example_slots[] = {
    {.name = "scorecard",
     .entry = scorecard_name,
     .tables = scorecard_score_example_model,
     .options = scorecard_score_example_model_options}};
inline constexpr example_table score_change_example_expected[] = {
    {"answers", "applicant,outcome,target,score,best_score,cost,moves,new_score,proved\n"
                "ann,reachable,40,29,45,5,1,45,true\nbob,reachable,50,15,57,8,2,57,true\n"
                "cid,out_of_reach,60,14,42,,,,true\ndee,there,42,42,63,0,0,42,true\n"},
    {"moves", "applicant,characteristic,from_bin,to_bin,to_label,gain,cost\n"
              "ann,department,3,2,marketing,16,5\nbob,department,4,2,marketing,13,5\n"
              "bob,income,3,1,\"(-inf, 1000]\",29,3\n"}};
inline constexpr example score_change_examples[] = {
    {.what = verb::reduce,
     .summary = "four applicants on the scorecard of three characteristics; one is out of reach",
     .source =
         "all moves gone through by hand; the scorecard is that of jpmml-evaluator, AttributeReasonCodeTest",
     .tables = score_change_example_tables,
     .options = score_change_example_options,
     .expected = score_change_example_expected,
     .slots = score_change_example_slots},
};

inline constexpr entry_description score_change_description{
    .name = score_change_name,
    .what = verb::reduce,
    .summary =
        "the cheapest change of an applicant's characteristics that reaches a score, with the moves it takes",
    .source = "Kellerer, Pferschy and Pisinger 2004, Knapsack problems, chapter 11 (multiple-choice "
              "knapsack, by dynamic "
              "programming)",
    .chinese = "达到目标分的最小代价",
    .since = "0.1",
    .store = "rows",
    .inputs = score_change_inputs,
    .options = score_change_options,
    .slots = score_change_slots,
    .outputs = score_change_outputs,
    .examples = score_change_examples,
    .no_demo = "the simulated company keeps no applications with what became of them",
};

} // namespace emptor::credit
