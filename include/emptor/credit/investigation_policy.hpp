// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/credit/grade_policy.hpp>

namespace emptor::credit {

inline constexpr std::string_view investigation_name = "credit.investigation";

/// A fact that is to be known of a customer.
struct wanted_fact {
  std::string_view fact;
  std::int64_t valid_days = 0;
  std::optional<std::int64_t> review_within{}; ///< days
};

/// How often a customer is rated anew: every so many days, or months where a grade policy says it.
struct review_rhythm {
  std::int64_t review_days = 0;
  std::int64_t review_months = 0; ///< 0 = days
};

inline constexpr column_description investigation_fact_columns[] = {
    {.name = "fact", .what = content::text, .summary = "what must be known, as the table facts names it"},
    {.name = "grade",
     .what = content::text,
     .summary =
         "grade for which it is needed and good for valid_days; none: for every grade that has no row of "
         "its own for this fact, and for customers without a grade",
     .optional = true},
    {.name = "valid_days",
     .what = content::count,
     .unit = "days",
     .summary = "how long it is good for: it is due from date + valid_days on",
     .allowed = {1.0, 3652424.0}},
    {.name = "review_within",
     .what = content::count,
     .unit = "days",
     .summary = "how soon after a change of this fact the customer is looked at again (default: option "
                "review_within)",
     .allowed = {0.0, 3652424.0},
     .optional = true},
};
inline constexpr column_description investigation_review_columns[] = {
    {.name = "grade",
     .what = content::text,
     .summary = "grade whose rhythm it is; none: of every grade without a row of its own",
     .optional = true},
    {.name = "review_days",
     .what = content::count,
     .unit = "days",
     .summary = "rhythm of reviews: the next one is on the day of the rating + review_days",
     .allowed = {1.0, 3652424.0}},
    {.name = "rank",
     .what = content::count,
     .summary = "place of the grade, 1 = best: says whether a change is for the better",
     .allowed = {1.0, 9007199254740992.0},
     .optional = true},
};
inline constexpr table_description investigation_model_tables[] = {
    {.name = "facts",
     .summary = "which facts must be known, for which grades, and how long they are good for",
     .columns = investigation_fact_columns},
    {.name = "reviews",
     .summary = "how often customers are rated anew, by grade; left out where a grade policy says it",
     .columns = investigation_review_columns,
     .optional = true},
};

/// Which facts are needed and how often customers are looked at: the tables of the model as they are asked for. It
/// borrows the texts of the model.
class investigation_policy {
public:
  /// \param grades  the policy by credit grade, whose `review_months` and ranks count; must live as long as this
  /// \throws error status::schema for a fact or grade that is said twice, and for reviews that both tables say
  explicit investigation_policy(const model& from, const grade_rules* grades = nullptr) {
    const model_table facts(from.entry, *from.find("facts"));
    for (std::int64_t row = 0; row < facts.rows(); ++row) {
      const std::string_view fact = facts.text("fact", row).value_or("");
      const std::optional<std::int64_t> days = facts.count("valid_days", row);
      if (fact.empty() || !days || *days < 1)
        throw error(status::data, from.entry + ": table facts has a row without a fact or valid_days", row);
      facts_.push_back(
          {facts.text("grade", row).value_or(""), {fact, *days, facts.count("review_within", row)}});
    }
    std::sort(facts_.begin(), facts_.end(), [](const fact_row& left, const fact_row& right) {
      return std::pair(left.grade, left.wanted.fact) < std::pair(right.grade, right.wanted.fact);
    });
    const auto twice =
        std::adjacent_find(facts_.begin(), facts_.end(), [](const fact_row& left, const fact_row& right) {
          return left.grade == right.grade && left.wanted.fact == right.wanted.fact;
        });
    if (twice != facts_.end())
      throw error(status::schema, from.entry + ": fact " + std::string(twice->wanted.fact) + " of " +
                                      shown(twice->grade) + " is given twice");
    if (grades != nullptr && from.find("reviews") != nullptr)
      throw error(status::schema, from.entry +
                                      ": the grade policy says how often customers are reviewed, and so does "
                                      "table reviews; leave out one of them");
    if (grades != nullptr) {
      for (const grade_rule& one : grades->all()) {
        ranks_.emplace_back(one.grade, one.rank);
        if (!std::isnan(one.review_months))
          reviews_.emplace_back(one.grade, review_rhythm{0, static_cast<std::int64_t>(one.review_months)});
      }
    }
    if (const table* const given = from.find("reviews"))
      read_reviews(from, *given);
    std::sort(reviews_.begin(), reviews_.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    const auto again =
        std::adjacent_find(reviews_.begin(), reviews_.end(),
                           [](const auto& left, const auto& right) { return left.first == right.first; });
    if (again != reviews_.end())
      throw error(status::schema,
                  from.entry + ": the reviews of " + shown(again->first) + " are given twice");
  }

  /// The facts that are needed of a customer of this grade, sorted by name. \param grade empty = none
  [[nodiscard]] std::vector<wanted_fact> wanted(std::string_view grade) const {
    std::vector<wanted_fact> all;
    if (!grade.empty())
      append(grade, all);
    const std::size_t own = all.size();
    std::vector<wanted_fact> of_every_grade;
    append({}, of_every_grade);
    for (const wanted_fact& one : of_every_grade) {
      if (std::none_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(own),
                       [&](const wanted_fact& known) { return known.fact == one.fact; }))
        all.push_back(one);
    }
    std::sort(all.begin(), all.end(),
              [](const wanted_fact& left, const wanted_fact& right) { return left.fact < right.fact; });
    return all;
  }
  /// The rhythm of a grade, or of every other one. \return null where there is neither
  [[nodiscard]] const review_rhythm* rhythm(std::string_view grade) const noexcept {
    const review_rhythm* const own = find(grade);
    return own != nullptr ? own : find({});
  }
  /// The place of a grade, 1 = best.
  [[nodiscard]] std::optional<std::int64_t> rank(std::string_view grade) const noexcept {
    for (const auto& [name, place] : ranks_) {
      if (name == grade)
        return place;
    }
    return std::nullopt;
  }

private:
  struct fact_row {
    std::string_view grade; ///< empty = every one
    wanted_fact wanted;
  };

  [[nodiscard]] static std::string shown(std::string_view grade) {
    return grade.empty() ? "every grade" : "grade " + std::string(grade);
  }
  void read_reviews(const model& from, const table& given) {
    const model_table reviews(from.entry, given);
    for (std::int64_t row = 0; row < reviews.rows(); ++row) {
      const std::optional<std::int64_t> days = reviews.count("review_days", row);
      if (!days || *days < 1)
        throw error(status::data, from.entry + ": table reviews has a row without review_days", row);
      const std::string_view grade = reviews.text("grade", row).value_or("");
      const std::optional<std::int64_t> rank = reviews.count("rank", row);
      reviews_.emplace_back(grade, review_rhythm{*days, 0});
      if (rank && !grade.empty())
        ranks_.emplace_back(grade, *rank);
    }
  }
  void append(std::string_view grade, std::vector<wanted_fact>& to) const {
    for (const fact_row& one : facts_) {
      if (one.grade == grade)
        to.push_back(one.wanted);
    }
  }
  [[nodiscard]] const review_rhythm* find(std::string_view grade) const noexcept {
    const auto at = std::lower_bound(reviews_.begin(), reviews_.end(), grade,
                                     [](const auto& held, std::string_view key) { return held.first < key; });
    return at != reviews_.end() && at->first == grade ? &at->second : nullptr;
  }

  std::vector<fact_row> facts_;
  std::vector<std::pair<std::string_view, review_rhythm>> reviews_;
  std::vector<std::pair<std::string_view, std::int64_t>> ranks_; ///< of the grades that have one
};

} // namespace emptor::credit
