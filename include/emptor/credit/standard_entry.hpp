// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/standard.hpp>

/// How the catalogue knows the credit standard (standard.hpp).
namespace emptor::credit {

inline constexpr column_description standard_rule_columns[] = {
    {.name = "rule",
     .what = content::text,
     .summary =
         "name of the rule, which is the reason that a decision gives; rows of one name must all hold"},
    {.name = "measure",
     .what = content::text,
     .summary = "what it looks at: score, grade, payment_index, days_beyond_terms, expert_points, or the "
                "label of a fact"},
    {.name = "comparison",
     .what = content::code,
     .summary =
         "below, at_most, is, at_least or above the threshold; a grade is below another that is better",
     .levels = comparisons},
    {.name = "threshold", .summary = "of a rule about a number", .optional = true},
    {.name = "grade",
     .what = content::text,
     .summary = "of a rule about the grade: one of the table grades",
     .optional = true},
    {.name = "decision",
     .what = content::code,
     .summary =
         "what the rule does where it holds: decline, ask for conditions, or accept whatever other rules say",
     .levels = standard_decisions},
    {.name = "condition",
     .what = content::text,
     .summary = "what a rule of conditions asks for, such as a guarantee",
     .optional = true},
    {.name = "if_missing",
     .what = content::code,
     .summary = "whether it holds where its value is missing, or is ignored; holds where it is not given, "
                "but for a rule that "
                "accepts, which is always ignored then",
     .optional = true,
     .levels = if_missing_names},
};
inline constexpr column_description standard_grade_columns[] = {
    {.name = "grade", .what = content::text, .summary = "the grade (信用等级); each once"},
    {.name = "rank",
     .what = content::count,
     .summary = "1 for the best grade, and larger the worse it is",
     .allowed = {1.0, 1e6}},
};
inline constexpr table_description standard_tables[] = {
    {.name = "rules",
     .summary = "the rules of the standard, one comparison a row",
     .columns = standard_rule_columns},
    {.name = "grades",
     .summary = "the order of the grades, where rules look at them",
     .columns = standard_grade_columns,
     .optional = true},
};

inline constexpr column_description standard_inputs[] = {
    {.name = "score",
     .unit = "points",
     .summary = "of a scorecard (信用评分); more is better",
     .optional = true},
    {.name = "grade",
     .what = content::text,
     .summary = "credit grade (信用等级); row status unknown_level where the standard orders grades and does "
                "not have it",
     .optional = true},
    {.name = "payment_index",
     .unit = "points",
     .summary = "payment behaviour (付款指数), 100 for the best",
     .allowed = {0.0, 100.0},
     .optional = true},
    {.name = "days_beyond_terms",
     .unit = "days",
     .summary =
         "days by which he pays later than due on average (平均逾期天数); below 0 where he pays before",
     .optional = true},
    {.name = "expert_points",
     .unit = "points",
     .summary = "what an expert gives him, such as for the five Cs (5C)",
     .optional = true},
    {.name = "facts",
     .summary = "any other number that a rule looks at, under the label by which it names it",
     .optional = true,
     .many = true},
};

enum class standard_output : std::size_t {
  decision,
  reason,
  second_reason,
  third_reason,
  condition,
  second_condition,
  rules_held,
  missing_measures,
};
inline constexpr column_description standard_outputs[] = {
    {.name = "decision",
     .what = content::code,
     .summary = "accept (接受), accept with conditions (有条件接受), or decline (拒绝)",
     .levels = standard_decisions},
    {.name = "reason",
     .what = content::code,
     .summary = "the rule that decides, the first in the table of those; null where none holds",
     .optional = true},
    {.name = "second_reason",
     .what = content::code,
     .summary = "the next rule that holds: those that accept, those that decline, those that ask for "
                "conditions, each in the "
                "order of the table",
     .optional = true},
    {.name = "third_reason", .what = content::code, .summary = "the one after", .optional = true},
    {.name = "condition",
     .what = content::code,
     .summary = "what is asked for, where the decision is conditions",
     .optional = true},
    {.name = "second_condition",
     .what = content::code,
     .summary = "another one that is asked for too",
     .optional = true},
    {.name = "rules_held", .what = content::count, .summary = "rules that hold"},
    {.name = "missing_measures",
     .what = content::count,
     .summary = "values that rules look at and that this row does not have"},
};

// The second customer has a score below 600, an index below 70, and is known for less than 2 years with a score below 650:
// he has to bring a guarantee and to prepay half. The third is declined for three reasons, which the expert's 97 points set
// aside for the fourth. Of the fifth there is no score.
inline constexpr example_table standard_example_model[] = {
    {"rules", "rule,measure,comparison,threshold,grade,decision,condition\n"
              "low score,score,below,450,,decline,\n"
              "middling score,score,below,600,,conditions,guarantee\n"
              "pays late,payment_index,below,70,,conditions,half in advance\n"
              "pays very late,days_beyond_terms,above,60,,decline,\n"
              "new customer,years_known,below,2,,conditions,guarantee\n"
              "new customer,score,below,650,,conditions,guarantee\n"
              "poor grade,grade,below,,B,decline,\n"
              "trusted by expert,expert_points,at_least,95,,accept,\n"},
    {"grades", "grade,rank\nA,1\nB,2\nC,3\n"}};
inline constexpr example_table standard_example_rows[] = {
    {"rows", "score,grade,payment_index,days_beyond_terms,expert_points,facts:years_known\n"
             "700,A,85,3,70,10\n"
             "580,B,65,20,60,1\n"
             "430,C,40,75,50,5\n"
             "430,C,40,75,97,5\n"
             ",B,85,0,60,3\n"}};
inline constexpr example_table standard_example_expected[] = {
    {"scores",
     "decision,reason,second_reason,third_reason,condition,second_condition,rules_held,missing_measures\n"
     "accept,,,,,,0,0\n"
     "conditions,middling score,pays late,new customer,guarantee,half in advance,3,0\n"
     "decline,low score,pays very late,poor grade,,,5,0\n"
     "accept,trusted by expert,low score,pays very late,,,6,0\n"
     "decline,low score,middling score,,,,2,1\n"}};
inline constexpr example standard_examples[] = {
    {.what = verb::score,
     .summary = "a good customer, one who has to bring a guarantee and prepay, one who is declined, one whom "
                "an expert trusts, "
                "and one without a score",
     .source = "made for this page, to be checked by hand",
     .tables = standard_example_rows,
     .model_tables = standard_example_model,
     .expected = standard_example_expected},
};
inline constexpr std::string_view standard_formats[] = {"json"};

inline constexpr entry_description standard_description{
    .name = standard_name,
    .what = verb::score,
    .summary = "the credit standard: accept, accept with conditions or decline by a table of rules, with the "
               "reasons",
    .source = "credit standards of textbooks of financial management; rules that release whatever others "
              "say, as ERP systems "
              "have them",
    .chinese = "信用标准",
    .since = "0.1",
    .model_tables = standard_tables,
    .score = {.inputs = standard_inputs, .outputs = standard_outputs},
    .formats = standard_formats,
    .examples = standard_examples,
    .no_demo = "the simulated company's customers have no score, grade or expert's points yet",
};

class standard_scorer final : public scorer {
public:
  /// \param inputs names of the block's inputs
  /// \throws error status::schema where a rule looks at a fact that is no column
  standard_scorer(standard_rules standard, const std::vector<std::string>& inputs)
      : standard_(std::move(standard)) {
    for (const standard_rule& rule : standard_.rules) {
      reasons_.push_back(rule.name);
      conditions_of_.push_back(condition_code(rule.condition));
      for (const rule_clause& clause : rule.clauses) {
        const std::size_t place = place_of(clause.measure, inputs);
        if (place == inputs.size())
          throw error(status::schema, std::string(standard_name) + ": rule " + shortened(rule.name) +
                                          " needs a column facts:" + shortened(clause.measure));
        clause_inputs_.push_back(place);
        if (std::find(looked_at_.begin(), looked_at_.end(), place) == looked_at_.end())
          looked_at_.push_back(place);
      }
    }
    grade_ = place_of("grade", inputs);
  }

  [[nodiscard]] std::vector<std::string> known_texts(std::size_t input) const override {
    std::vector<std::string> grades;
    for (std::size_t i = 0; i < standard_.grades.size() && input == grade_; ++i)
      grades.push_back(standard_.grades[i].first);
    return grades;
  }
  void score(const score_block& block) const noexcept override {
    for_each_fine_row<std::size_t, out>(block, [&](const cells& at) {
      const std::string_view grade = at.text(grade_);
      if (!standard_.grades.empty() && !grade.empty() && std::isnan(standard_.standing(grade)))
        at.refuse(row_status::unknown_level);
      else
        score_row(at);
    });
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    switch (static_cast<out>(output)) {
    case out::reason:
    case out::second_reason:
    case out::third_reason:
      return reasons_;
    case out::condition:
    case out::second_condition:
      return conditions_;
    default:
      return {};
    }
  }

private:
  using out = standard_output;
  using cells = row_cells<std::size_t, out>; ///< inputs by their place: facts come in any number
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] static std::size_t place_of(std::string_view measure,
                                            const std::vector<std::string>& inputs) noexcept {
    for (const column_description& known : standard_inputs) {
      if (known.name == measure && !known.many)
        return static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), measure) - inputs.begin());
    }
    const std::string_view role = "facts:";
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::string_view name = inputs[i];
      if (name.starts_with(role) && name.substr(role.size()) == measure)
        return i;
    }
    return inputs.size();
  }
  [[nodiscard]] double condition_code(const std::string& condition) {
    if (condition.empty())
      return none;
    auto at = std::find(conditions_.begin(), conditions_.end(), condition);
    if (at == conditions_.end())
      at = conditions_.insert(conditions_.end(), condition);
    return static_cast<double>(at - conditions_.begin());
  }
  /// A number, or less the rank of the grade; NaN where it is missing.
  [[nodiscard]] double value_at(const cells& at, std::size_t place) const noexcept {
    return place == grade_ ? standard_.standing(at.text(place)) : at.number(place);
  }

  void score_row(const cells& at) const noexcept {
    std::array<double, 3> reasons{none, none, none};
    std::array<double, 2> asked{none, none};
    auto decision = standard_decision::accept;
    int held = 0;
    std::size_t clause_place = 0;
    for (std::size_t r = 0; r < standard_.rules.size(); ++r) {
      const standard_rule& rule = standard_.rules[r];
      bool all = true;
      for (const rule_clause& clause : rule.clauses) {
        const double value = value_at(at, clause_inputs_[clause_place++]);
        all = all && (std::isnan(value) ? clause.missing == if_missing::holds
                                        : holds(clause.how, value, clause.threshold));
      }
      if (!all)
        continue;
      if (held == 0)
        decision = rule.decision;
      if (static_cast<std::size_t>(held) < reasons.size())
        reasons[static_cast<std::size_t>(held)] = static_cast<double>(r);
      ++held;
      const double condition = conditions_of_[r];
      if (decision != standard_decision::conditions || std::isnan(condition))
        continue;
      if (std::isnan(asked[0]))
        asked[0] = condition;
      else if (std::isnan(asked[1]) && asked[0] != condition)
        asked[1] = condition;
    }
    int missing = 0;
    for (const std::size_t place : looked_at_)
      missing += std::isnan(value_at(at, place)) ? 1 : 0;
    at.put(out::decision, static_cast<double>(decision));
    at.put(out::reason, reasons[0]);
    at.put(out::second_reason, reasons[1]);
    at.put(out::third_reason, reasons[2]);
    at.put(out::condition, asked[0]);
    at.put(out::second_condition, asked[1]);
    at.put(out::rules_held, held);
    at.put(out::missing_measures, missing);
  }

  standard_rules standard_;
  std::vector<std::string> reasons_;
  std::vector<std::string> conditions_;
  std::vector<double> conditions_of_;      ///< of the rules; NaN where they ask for none
  std::vector<std::size_t> clause_inputs_; ///< of all clauses, one rule after the other
  std::vector<std::size_t> looked_at_;     ///< each input once
  std::size_t grade_ = 0;
};

inline constexpr entry standard_entry{
    .description = &standard_description,
    .check_model = [](const model& made) { (void)read_standard(made); },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      return std::make_unique<standard_scorer>(read_standard(*request.self), request.inputs);
    },
};

} // namespace emptor::credit
