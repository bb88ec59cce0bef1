// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/currency_option.hpp>
#include <emptor/credit/grade_policy.hpp>

/// How the catalogue knows the policy by credit grade (grade_policy.hpp).
namespace emptor::credit {

inline constexpr column_description grade_rule_columns[] = {
    {.name = "grade", .what = content::text, .summary = "the grade (信用等级), such as AA; each once"},
    {.name = "rank",
     .what = content::count,
     .summary = "1 for the best grade, and larger the worse it is; each once",
     .allowed = {1.0, 1e6}},
    {.name = "limit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit limit (信用额度) of a customer of this grade; missing where the grade sets none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "terms",
     .what = content::text,
     .summary = "terms of payment (信用条件), by their name",
     .optional = true},
    {.name = "terms_days",
     .what = content::count,
     .unit = "days",
     .summary = "longest credit period (信用期限)",
     .allowed = {0.0, 36525.0},
     .optional = true},
    {.name = "guaranteed_share",
     .unit = "share",
     .summary = "share of the exposure that must be guaranteed (担保比例); 0 where it is missing",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "guarantee",
     .what = content::text,
     .summary = "guarantee that is asked for (担保方式), such as advance payment or bank guarantee",
     .optional = true},
    {.name = "review_months",
     .what = content::count,
     .unit = "months",
     .summary = "months from one review of the customer to the next (复审周期)",
     .allowed = {1.0, 1200.0},
     .optional = true},
    {.name = "measure",
     .what = content::text,
     .summary = "what is done when he does not pay (收账措施)",
     .optional = true},
};
inline constexpr table_description grade_policy_tables[] = {
    {.name = "grades", .summary = "the policy, one grade a row", .columns = grade_rule_columns}};
inline constexpr option_description grade_policy_model_options[] = {currency_option};

inline constexpr column_description grade_policy_inputs[] = {
    {.name = "grade",
     .what = content::text,
     .summary =
         "the customer's grade (信用等级); row status unknown_level where the policy does not have it"},
    {.name = "previous_grade",
     .what = content::text,
     .summary =
         "the grade before; missing for a customer who had none. Row status unknown_level where the policy "
         "does not have it: the policy of the grade stands, what it changes is null",
     .optional = true},
    {.name = "last_review",
     .what = content::day,
     .summary = "when the customer was last looked at",
     .optional = true},
};
inline constexpr option_description grade_policy_options[] = {
    {.name = "as_of", .what = option_content::day, .summary = "the day on which reviews are due or not"},
    currency_option,
};
namespace detail {
inline constexpr std::string_view need_as_of[] = {"as_of"};
} // namespace detail

enum class grade_policy_input : std::size_t { grade, previous_grade, last_review };
enum class grade_policy_output : std::size_t {
  rank,
  limit,
  terms,
  terms_days,
  guaranteed_share,
  guarantee,
  review_months,
  measure,
  next_review,
  review_due,
  move,
  changes,
  limit_changes,
  limit_change,
  terms_change,
  guarantee_changes,
  review_changes,
  measure_changes,
};
inline constexpr column_description grade_policy_outputs[] = {
    {.name = "rank", .what = content::count, .summary = "of the grade; 1 is the best"},
    {.name = "limit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit limit (信用额度); null where the grade sets none",
     .optional = true},
    {.name = "terms", .what = content::code, .summary = "terms of payment (信用条件)", .optional = true},
    {.name = "terms_days",
     .what = content::count,
     .unit = "days",
     .summary = "longest credit period",
     .optional = true},
    {.name = "guaranteed_share",
     .unit = "share",
     .summary = "share of the exposure that must be guaranteed",
     .allowed = zero_to_one},
    {.name = "guarantee",
     .what = content::code,
     .summary = "guarantee that is asked for (担保方式)",
     .optional = true},
    {.name = "review_months",
     .what = content::count,
     .unit = "months",
     .summary = "from one review to the next",
     .optional = true},
    {.name = "measure",
     .what = content::code,
     .summary = "what is done when he does not pay (收账措施)",
     .optional = true},
    {.name = "next_review",
     .what = content::day,
     .summary = "last_review plus review_months; null where one of them is missing",
     .optional = true},
    {.name = "review_due",
     .what = content::boolean,
     .summary = "whether next_review is as_of or before; due too where there has been none yet; null where "
                "the grade asks "
                "for no review",
     .optional = true,
     .needs = detail::need_as_of},
    {.name = "move",
     .what = content::code,
     .summary = "how the grade compares with the one before; unknown where the policy does not have that one",
     .levels = grade_moves},
    {.name = "changes",
     .what = content::count,
     .summary = "how many of the five below change with the grade; 0 for a first grade"},
    {.name = "limit_changes", .what = content::boolean, .summary = "whether the limit is another one"},
    {.name = "limit_change",
     .what = content::amount,
     .unit = "currency",
     .summary = "by how much the limit rises; null where one of the grades sets none",
     .optional = true},
    {.name = "terms_change", .what = content::boolean, .summary = "whether terms or terms_days are others"},
    {.name = "guarantee_changes",
     .what = content::boolean,
     .summary = "whether guarantee or guaranteed_share are others"},
    {.name = "review_changes", .what = content::boolean, .summary = "whether review_months is another one"},
    {.name = "measure_changes", .what = content::boolean, .summary = "whether the measure is another one"},
};

// Of the four grades of the example A is the second. Lan was an AA and loses 300,000.00 of her limit, and her terms; the
// guarantee, the reviews and the measure stay. Hong rises from C to B, and everything changes. Wei is new.
inline constexpr example_table grade_policy_example_model[] = {
    {"grades", "grade,rank,limit,terms,terms_days,guaranteed_share,guarantee,review_months,measure\n"
               "AA,1,800000.00,net 60,60,0,,12,reminder\n"
               "A,2,500000.00,2/10 net 30,30,0,,12,reminder\n"
               "B,3,100000.00,net 15,15,0.5,bank guarantee,6,call and visit\n"
               "C,4,0.00,cash,0,1,advance payment,3,lawyer\n"}};
inline constexpr example_table grade_policy_example_rows[] = {
    {"rows", "grade,previous_grade,last_review\nA,AA,2025-03-31\nB,C,2025-08-31\nC,,\n"}};
inline constexpr example_option grade_policy_example_options[] = {{"as_of", "2026-01-15"}};
inline constexpr example_table grade_policy_example_expected[] = {
    {"scores",
     "rank,limit,terms,terms_days,guaranteed_share,guarantee,review_months,measure,next_review,review_due,"
     "move,"
     "changes,limit_changes,limit_change,terms_change,guarantee_changes,review_changes,measure_changes\n"
     "2,500000.00,2/10 net "
     "30,30,0,,12,reminder,2026-03-31,false,downgraded,2,true,-300000.00,true,false,false,"
     "false\n"
     "3,100000.00,net 15,15,0.5,bank guarantee,6,call and "
     "visit,2026-02-28,false,upgraded,5,true,100000.00,true,true,"
     "true,true\n"
     "4,0.00,cash,0,1,advance payment,3,lawyer,,true,first,0,false,,false,false,false,false\n"}};
inline constexpr example grade_policy_examples[] = {
    {.what = verb::score,
     .summary = "four grades; a customer who falls from AA to A, one who rises from C to B, and a new one",
     .source = "made for this page, to be checked by hand",
     .tables = grade_policy_example_rows,
     .model_tables = grade_policy_example_model,
     .options = grade_policy_example_options,
     .expected = grade_policy_example_expected},
};
inline constexpr std::string_view grade_policy_formats[] = {"json"};

inline constexpr entry_description grade_policy_description{
    .name = grade_policy_name,
    .what = verb::score,
    .summary =
        "from a customer's grade to limit, terms, guarantee, review and collection measure, and what changes",
    .source = "customers managed by credit grade, as Chinese texts on credit management teach it",
    .chinese = "按信用等级管理客户",
    .since = "0.1",
    .model_tables = grade_policy_tables,
    .model_options = grade_policy_model_options,
    .score = {.inputs = grade_policy_inputs,
              .options = grade_policy_options,
              .outputs = grade_policy_outputs},
    .formats = grade_policy_formats,
    .examples = grade_policy_examples,
    .no_demo = "the simulated company's customers have no grade yet",
};

namespace detail {

/// \throws error status::mismatch where the amounts of a model are of another currency than those of the rows
inline void check_same_currency(std::string_view where, const model& made, std::string_view asked) {
  const std::string_view of_model = made.option_text("currency");
  if (of_model != asked)
    throw error(status::mismatch, std::string(where) + ": option currency is " +
                                      (asked.empty() ? "not set" : std::string(asked)) +
                                      ", but the grades were made " +
                                      (of_model.empty() ? "without one" : "in " + std::string(of_model)));
}

/// The texts of a column, each once, and the place of each row's.
struct text_levels {
  std::vector<std::string> levels;
  std::vector<double> codes; ///< NaN where there is none

  void add(const std::string& text) {
    if (text.empty()) {
      codes.push_back(std::numeric_limits<double>::quiet_NaN());
      return;
    }
    auto at = std::find(levels.begin(), levels.end(), text);
    if (at == levels.end())
      at = levels.insert(levels.end(), text);
    codes.push_back(static_cast<double>(at - levels.begin()));
  }
};

} // namespace detail

class grade_policy_scorer final : public scorer {
public:
  grade_policy_scorer(grade_rules rules, std::optional<date> as_of)
      : rules_(std::move(rules))
      , as_of_(as_of) {
    for (const grade_rule& one : rules_.all()) {
      terms_.add(one.terms);
      guarantees_.add(one.guarantee);
      measures_.add(one.measure);
    }
  }

  [[nodiscard]] std::vector<std::string> known_texts(std::size_t input) const override {
    const bool is_grade =
        input == static_cast<std::size_t>(in::grade) || input == static_cast<std::size_t>(in::previous_grade);
    return is_grade ? rules_.grades() : std::vector<std::string>{};
  }
  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [&](const cells& at) {
      const std::string_view previous = at.text(in::previous_grade);
      const grade_rule* const now = rules_.find(at.text(in::grade));
      const grade_rule* const before = previous.empty() ? nullptr : rules_.find(previous);
      if (now == nullptr) {
        at.refuse(row_status::unknown_level);
        return;
      }
      put_policy(at, *now);
      if (previous.empty() || before != nullptr)
        put_changes(at, *now, before);
      else
        put_unknown_changes(at);
    });
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    switch (static_cast<out>(output)) {
    case out::terms:
      return terms_.levels;
    case out::guarantee:
      return guarantees_.levels;
    case out::measure:
      return measures_.levels;
    default:
      return {};
    }
  }

private:
  using in = grade_policy_input;
  using out = grade_policy_output;
  using cells = row_cells<in, out>;
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  void put_policy(const cells& at, const grade_rule& now) const noexcept {
    const auto place = static_cast<std::size_t>(&now - rules_.all().data());
    at.put(out::rank, static_cast<double>(now.rank));
    at.put_amount(out::limit, now.limit);
    at.put(out::terms, terms_.codes[place]);
    at.put(out::terms_days, now.terms_days);
    at.put(out::guaranteed_share, now.guaranteed_share);
    at.put(out::guarantee, guarantees_.codes[place]);
    at.put(out::review_months, now.review_months);
    at.put(out::measure, measures_.codes[place]);

    const double last = at.number(in::last_review);
    double next = none;
    if (!std::isnan(last) && !std::isnan(now.review_months)) {
      const date day =
          add_months(date_from_days(static_cast<std::int32_t>(last)), static_cast<int>(now.review_months));
      next = static_cast<double>(days_since_epoch(day));
      if (!is_admissible_day(days_since_epoch(day))) {
        next = none;
        at.status() = row_status::too_large;
      }
    }
    at.put(out::next_review, next);
    const bool due = std::isnan(last) || (as_of_ && next <= static_cast<double>(days_since_epoch(*as_of_)));
    at.put(out::review_due, std::isnan(now.review_months) ? none : due ? 1.0 : 0.0);
  }

  static void put_changes(const cells& at, const grade_rule& now, const grade_rule* before) noexcept {
    const policy_changes changes = changes_of(now, before);
    const bool comparable = before != nullptr && now.limit != no_amount && before->limit != no_amount;
    at.put(out::move, static_cast<double>(changes.move));
    at.put(out::changes, static_cast<double>(changes.count()));
    at.put(out::limit_changes, changes.limit ? 1.0 : 0.0);
    at.put_amount(out::limit_change, comparable ? now.limit - before->limit : no_amount);
    at.put(out::terms_change, changes.terms ? 1.0 : 0.0);
    at.put(out::guarantee_changes, changes.guarantee ? 1.0 : 0.0);
    at.put(out::review_changes, changes.review ? 1.0 : 0.0);
    at.put(out::measure_changes, changes.measure ? 1.0 : 0.0);
  }

  /// The policy of the grade holds whatever was before, but nobody can tell what it changes.
  static void put_unknown_changes(const cells& at) noexcept {
    at.status() = row_status::unknown_level;
    at.put(out::move, static_cast<double>(grade_move::unknown));
    for (const out one : {out::changes, out::limit_changes, out::terms_change, out::guarantee_changes,
                          out::review_changes, out::measure_changes})
      at.put(one, none);
    at.put_amount(out::limit_change, no_amount);
  }

  grade_rules rules_;
  std::optional<date> as_of_;
  detail::text_levels terms_;
  detail::text_levels guarantees_;
  detail::text_levels measures_;
};

inline constexpr entry grade_policy_entry{
    .description = &grade_policy_description,
    .check_model = [](const model& made) { (void)read_grade_rules(made); },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      if (request.options.has("currency")) // else the rows have that of the model
        detail::check_same_currency(grade_policy_name, *request.self, request.options.text("currency"));
      return std::make_unique<grade_policy_scorer>(read_grade_rules(*request.self),
                                                   request.options.day("as_of"));
    },
};

} // namespace emptor::credit
