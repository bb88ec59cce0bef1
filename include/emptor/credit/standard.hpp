// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>

/// The credit standard (信用标准): what a customer must show to be sold to on credit, as a table of rules.
///
/// A rule is one row, or some rows of one name that must all hold. It declines, or asks for a condition, or accepts
/// whatever the others say. What most weighs decides: a rule that accepts, then one that declines, then one that asks for a
/// condition; where none holds the customer is accepted. What is not known counts against him: a rule that declines or asks
/// for a condition holds where its value is missing, unless it says that it is `ignored` then, and a rule that accepts never
/// does. A standard without rules is an error and never a pass.
namespace emptor::credit {

inline constexpr std::string_view standard_name = "credit.standard";

enum class comparison : std::int32_t { below = 0, at_most = 1, equal = 2, at_least = 3, above = 4 };
inline constexpr std::string_view comparisons[] = {"below", "at_most", "is", "at_least", "above"};

[[nodiscard]] constexpr bool holds(comparison how, double value, double threshold) noexcept {
  switch (how) {
  case comparison::below:
    return value < threshold;
  case comparison::at_most:
    return value <= threshold;
  case comparison::equal:
    return value == threshold;
  case comparison::at_least:
    return value >= threshold;
  case comparison::above:
    return value > threshold;
  }
  return false;
}

enum class standard_decision : std::int32_t { accept = 0, conditions = 1, decline = 2 };
inline constexpr std::string_view standard_decisions[] = {"accept", "conditions", "decline"};

/// What a rule makes of a value that is missing.
enum class if_missing : std::int32_t { holds = 0, ignored = 1 };
inline constexpr std::string_view if_missing_names[] = {"holds", "ignored"};

/// One comparison of a rule.
struct rule_clause {
  std::string measure; ///< an input, or the label of a fact
  comparison how = comparison::below;
  double threshold = 0.0; ///< of a grade: less its rank, so that a better grade is more
  std::string grade;      ///< of a rule about the grade
  if_missing missing = if_missing::holds;
};
struct standard_rule {
  std::string name;
  standard_decision decision = standard_decision::decline;
  std::string condition;
  std::vector<rule_clause> clauses; ///< all of which must hold
};

/// The rules of a standard, those that weigh most first and else in the order of their table.
struct standard_rules {
  std::vector<standard_rule> rules;
  std::vector<std::pair<std::string, std::int64_t>> grades; ///< and their ranks, 1 the best; may be empty

  /// Less the rank of a grade, so that more is better; NaN where the table does not have it.
  [[nodiscard]] double standing(std::string_view grade) const noexcept {
    for (const auto& [name, rank] : grades) {
      if (name == grade)
        return -static_cast<double>(rank);
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
};

/// The rules of a model of `credit.standard`.
/// \throws error status::too_few without a rule, status::data for a rule that contradicts itself
[[nodiscard]] inline standard_rules read_standard(const model& from) {
  standard_rules made;
  const model_table grades(standard_name, &from, "grades");
  for (std::int64_t row = 0; row < grades.rows(); ++row) {
    const std::string grade(grades.text("grade", row).value_or(""));
    if (made.standing(grade) < 0.0)
      throw error(status::data,
                  message(standard_name, "grade", row, shortened(grade) + " again", "given once"), row);
    made.grades.emplace_back(grade, grades.count("rank", row).value());
  }
  const model_table held(standard_name, &from, "rules");
  if (held.rows() == 0)
    throw error(status::too_few,
                std::string(standard_name) +
                    ": the table rules has no row; a standard without rules would accept everybody");
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const auto text = [&](std::string_view name) { return std::string(held.text(name, row).value_or("")); };
    const auto code = [&]<class Code>(std::string_view name, Code missing) {
      const auto given = held.code(name, row);
      return given ? static_cast<Code>(*given) : missing;
    };
    const auto refuse = [&](std::string_view column, std::string_view is, std::string_view must) {
      throw error(status::data, message(standard_name, column, row, is, must), row);
    };
    const auto decision = code("decision", standard_decision::decline);
    const bool accepts = decision == standard_decision::accept;
    rule_clause clause;
    clause.measure = text("measure");
    clause.how = code("comparison", comparison::below);
    clause.missing = code("if_missing", accepts ? if_missing::ignored : if_missing::holds);
    if (accepts && clause.missing == if_missing::holds)
      refuse("if_missing", "holds", "ignored for a rule that accepts");
    if (clause.measure == "grade") {
      clause.grade = text("grade");
      if (clause.grade.empty())
        refuse("grade", "missing", "given for a rule about the grade");
      if (held.has("threshold", row))
        refuse("threshold", to_text(held.number("threshold", row).value()),
               "missing for a rule about the grade");
      clause.threshold = made.standing(clause.grade);
      if (clause.threshold != clause.threshold)
        refuse("grade", shortened(clause.grade), "one of the table grades");
    } else {
      if (!held.has("threshold", row))
        refuse("threshold", "missing", "given for a rule about a number");
      if (held.has("grade", row))
        refuse("grade", shortened(text("grade")), "missing for a rule about a number");
      clause.threshold = held.number("threshold", row).value();
    }
    const std::string name = text("rule");
    const std::string condition = text("condition");
    if (decision != standard_decision::conditions && !condition.empty())
      refuse("condition", shortened(condition), "missing for any decision but conditions");
    auto rule = std::find_if(made.rules.begin(), made.rules.end(),
                             [&](const standard_rule& one) { return one.name == name; });
    if (rule == made.rules.end())
      rule = made.rules.insert(rule, standard_rule{name, decision, condition, {}});
    if (rule->decision != decision || rule->condition != condition)
      refuse("decision", standard_decisions[static_cast<std::size_t>(decision)],
             "the same, with the same condition, in all rows of a rule");
    rule->clauses.push_back(std::move(clause));
  }
  const auto weight = [](const standard_rule& of) {
    return of.decision == standard_decision::accept ? 0 : of.decision == standard_decision::decline ? 1 : 2;
  };
  std::stable_sort(
      made.rules.begin(), made.rules.end(),
      [&](const standard_rule& left, const standard_rule& right) { return weight(left) < weight(right); });
  return made;
}

} // namespace emptor::credit
