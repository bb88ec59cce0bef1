// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>

/// Customers managed by their credit grade (按信用等级管理客户): a table says, for each grade, what limit and terms a customer
/// gets, what guarantee he has to bring, how often he is looked at again and what is done when he does not pay.
namespace emptor::credit {

inline constexpr std::string_view grade_policy_name = "credit.grade_policy";

/// What a grade means. A text that is not given is empty.
struct grade_rule {
  std::string grade;
  std::int64_t rank = 1;          ///< 1 is the best
  std::int64_t limit = no_amount; ///< minor units; none = the grade sets no limit
  std::string terms{};
  double terms_days = std::numeric_limits<double>::quiet_NaN();
  double guaranteed_share = 0.0; ///< of the exposure
  std::string guarantee{};
  double review_months = std::numeric_limits<double>::quiet_NaN();
  std::string measure{};
};

/// How a grade compares with the one before.
enum class grade_move : std::int32_t {
  first = 0,
  unchanged = 1,
  upgraded = 2,
  downgraded = 3,
  unknown = 4, ///< the policy does not have the grade before
};
inline constexpr std::string_view grade_moves[] = {"first", "unchanged", "upgraded", "downgraded", "unknown"};

/// The rules of all grades, the best first.
class grade_rules {
public:
  explicit grade_rules(std::vector<grade_rule> rules)
      : rules_(std::move(rules)) {
    std::sort(rules_.begin(), rules_.end(),
              [](const grade_rule& left, const grade_rule& right) { return left.rank < right.rank; });
  }
  [[nodiscard]] const std::vector<grade_rule>& all() const noexcept { return rules_; }
  [[nodiscard]] std::vector<std::string> grades() const {
    std::vector<std::string> names;
    for (const grade_rule& one : all())
      names.push_back(one.grade);
    return names;
  }
  /// \return null for a grade that the table does not have
  [[nodiscard]] const grade_rule* find(std::string_view grade) const noexcept {
    for (const grade_rule& one : rules_) {
      if (one.grade == grade)
        return &one;
    }
    return nullptr;
  }

private:
  std::vector<grade_rule> rules_;
};

/// The rules of a model of `credit.grade_policy`.
/// \throws error status::too_few without a grade, status::data for a grade or rank that comes twice
[[nodiscard]] inline grade_rules read_grade_rules(const model& from) {
  const model_table held(grade_policy_name, &from, "grades");
  const auto text = [&](std::string_view name, std::int64_t row) {
    return std::string(held.text(name, row).value_or(""));
  };
  const auto count = [&](std::string_view name, std::int64_t row) {
    const auto given = held.count(name, row);
    return given ? static_cast<double>(*given) : std::numeric_limits<double>::quiet_NaN();
  };
  if (held.rows() == 0)
    throw error(status::too_few, std::string(grade_policy_name) +
                                     ": the table grades has no row; there is no "
                                     "policy without a grade");
  std::vector<grade_rule> rules;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    grade_rule made{.grade = text("grade", row),
                    .rank = held.count("rank", row).value_or(1),
                    .limit = held.amount("limit", row).value_or(no_amount),
                    .terms = text("terms", row),
                    .terms_days = count("terms_days", row),
                    .guaranteed_share = held.number("guaranteed_share", row).value_or(0.0),
                    .guarantee = text("guarantee", row),
                    .review_months = count("review_months", row),
                    .measure = text("measure", row)};
    for (const grade_rule& other : rules) {
      if (other.grade == made.grade)
        throw error(status::data,
                    message(grade_policy_name, "grade", row, shortened(made.grade) + " again", "given once"),
                    row);
      if (other.rank == made.rank)
        throw error(status::data,
                    message(grade_policy_name, "rank", row, std::to_string(made.rank) + " again",
                            "of one grade only"),
                    row);
    }
    rules.push_back(std::move(made));
  }
  return grade_rules(std::move(rules));
}

/// What a change of grade changes.
struct policy_changes {
  grade_move move = grade_move::first;
  bool limit = false;
  bool terms = false;
  bool guarantee = false;
  bool review = false;
  bool measure = false;

  [[nodiscard]] int count() const noexcept {
    return int{limit} + int{terms} + int{guarantee} + int{review} + int{measure};
  }
};

/// \param before null where there was no grade
[[nodiscard]] inline policy_changes changes_of(const grade_rule& now, const grade_rule* before) noexcept {
  if (before == nullptr)
    return {};
  const auto differ = [](double x, double y) { return !(x == y || (x != x && y != y)); };
  policy_changes made;
  made.move = now.rank < before->rank   ? grade_move::upgraded
              : now.rank > before->rank ? grade_move::downgraded
                                        : grade_move::unchanged;
  made.limit = now.limit != before->limit;
  made.terms = now.terms != before->terms || differ(now.terms_days, before->terms_days);
  made.guarantee =
      now.guarantee != before->guarantee || differ(now.guaranteed_share, before->guaranteed_share);
  made.review = differ(now.review_months, before->review_months);
  made.measure = now.measure != before->measure;
  return made;
}

} // namespace emptor::credit
