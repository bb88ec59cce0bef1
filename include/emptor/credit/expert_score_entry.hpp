// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/optional_texts.hpp>
#include <emptor/core/table.hpp>
#include <emptor/credit/expert_score.hpp>
#include <emptor/credit/expert_score_description.hpp>
#include <emptor/credit/expert_score_scheme.hpp>
#include <emptor/stats/rows.hpp>

/// How the catalogue knows expert assessment (expert_score.hpp): from assessments in rows to points, grades and reasons.
namespace emptor::credit {

namespace detail {

/// What happened to a row of assessments, in the order of expert_totals_names.
enum class expert_fate : std::size_t { used, older, later, stale, source_not_accepted, not_on_scale, empty };

/// What is known of one criterion of one customer.
struct expert_finding {
  expert_evidence evidence = expert_evidence::missing;
  double points = std::numeric_limits<double>::quiet_NaN();
  bool capped = false;
  std::int32_t day = no_day;
  std::optional<std::string_view> source{};
};

/// Puts the assessments of customers together, one customer after the other.
class expert_report {
public:
  expert_report(const expert_scheme& scheme, const option_values& options)
      : scheme_(scheme)
      , usual_(options.choice<missing_rule>("if_missing", missing_rule_names))
      , neutral_(options.number("neutral_points")) {
    if (const auto day = options.day("as_of"))
      as_of_ = days_since_epoch(*day);
    const std::vector<expert_criterion>& criteria = scheme.scorecard.criteria();
    for (std::size_t i = 0; i < criteria.size(); ++i) {
      if (criteria[i].valid_days && as_of_ == no_day)
        throw error(status::option, std::string(expert_score_name) +
                                        ": option as_of is needed, for evidence of criterion " +
                                        shortened(criteria[i].name) + " grows stale");
    }
    std::vector<expert_judgement> judged;
    const std::vector<double> full(criteria.size(), 100.0);
    (void)scheme.scorecard.judge(full, missing_rule::worst, 0.0, judged);
    for (const expert_judgement& one : judged)
      nominal_.push_back(one.weight);
  }

  /// \param rows  [first, last) of the canonical table, all of one customer
  void add(const model_table& from, std::int64_t first, std::int64_t last) {
    const std::vector<expert_criterion>& criteria = scheme_.scorecard.criteria();
    std::vector<expert_finding> found(criteria.size());
    for (std::size_t i = 0; i < criteria.size(); ++i) {
      if (criteria[i].scale == expert_scale::parts)
        found[i].evidence = expert_evidence::parts;
    }
    for (std::int64_t row = first; row < last; ++row)
      take(from, row, found);
    std::vector<double> known;
    for (const expert_finding& one : found)
      known.push_back(one.points);
    std::vector<expert_judgement> judged;
    const expert_total total = scheme_.scorecard.judge(known, usual_, neutral_, judged);
    const std::string_view customer = from.text("customer", first).value_or("");
    add_customer(customer, found, judged, total);
    add_criteria(customer, found, judged);
  }

  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(
        {"customers",
         {column::texts("customer", std::move(customers_.customer)),
          column::codes("state", std::move(customers_.state), expert_states),
          column::numbers("points", std::move(customers_.points), "points").or_none(),
          std::move(customers_.grade).as("grade"), std::move(customers_.knocked_out_by).as("knocked_out_by"),
          column::integers("unjudged_knock_outs", std::move(customers_.unjudged)),
          column::numbers("known_share", std::move(customers_.known_share), "share"),
          column::integers("not_known", std::move(customers_.not_known)),
          std::move(customers_.reasons[0]).as("reason"), std::move(customers_.reasons[1]).as("second_reason"),
          std::move(customers_.reasons[2]).as("third_reason")}});
    made.push_back(
        {"criteria",
         {column::texts("customer", std::move(criteria_.customer)),
          column::texts("criterion", std::move(criteria_.criterion)),
          std::move(criteria_.parent).as("parent"), column::integers("level", std::move(criteria_.level)),
          column::codes("evidence", std::move(criteria_.evidence), expert_evidence_names),
          column::codes("rule", std::move(criteria_.rule), missing_rule_names).or_none(),
          column::numbers("points", std::move(criteria_.points), "points").or_none(),
          column::booleans("capped", std::move(criteria_.capped)),
          column::numbers("weight", std::move(criteria_.weight), "share"),
          column::numbers("part", std::move(criteria_.part), "points"),
          column::numbers("loss", std::move(criteria_.loss), "points"),
          column::integers("loss_rank", std::move(criteria_.rank)).or_none(),
          column::days("date", std::move(criteria_.day)).or_none(),
          std::move(criteria_.source).as("source")}});
    std::vector<std::int32_t> codes(fates_.size());
    std::iota(codes.begin(), codes.end(), 0);
    made.push_back({"totals",
                    {column::codes("total", std::move(codes), expert_totals_names),
                     column::integers("assessments", {fates_.begin(), fates_.end()})}});
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  struct customer_lines {
    text_buffer customer;
    std::vector<std::int32_t> state;
    std::vector<double> points;
    optional_texts grade;
    optional_texts knocked_out_by;
    std::vector<std::int64_t> unjudged;
    std::vector<double> known_share;
    std::vector<std::int64_t> not_known;
    std::array<optional_texts, 3> reasons;
  };
  struct criterion_lines {
    text_buffer customer;
    text_buffer criterion;
    optional_texts parent;
    std::vector<std::int64_t> level;
    std::vector<std::int32_t> evidence;
    std::vector<std::int32_t> rule;
    std::vector<double> points;
    std::vector<std::uint8_t> capped;
    std::vector<double> weight;
    std::vector<double> part;
    std::vector<double> loss;
    std::vector<std::int64_t> rank;
    std::vector<std::int32_t> day;
    optional_texts source;
  };

  void count(expert_fate fate) { ++fates_[static_cast<std::size_t>(fate)]; }
  /// Evidence that cannot be used, unless there is other: what is nearest to usable is told.
  static void note(expert_finding& into, expert_evidence what) noexcept {
    constexpr auto place = [](expert_evidence one) {
      return one == expert_evidence::stale                 ? 3
             : one == expert_evidence::not_on_scale        ? 2
             : one == expert_evidence::source_not_accepted ? 1
                                                           : 0;
    };
    if (into.evidence != expert_evidence::usable && place(what) > place(into.evidence))
      into.evidence = what;
  }

  void take(const model_table& from, std::int64_t row, std::vector<expert_finding>& found) {
    const std::string_view name = from.text("criterion", row).value_or("");
    const auto place = scheme_.places.find(name);
    const auto refuse = [&](std::string_view must) {
      throw error(status::data,
                  message(expert_score_name,
                          "criterion of customer " + shortened(from.text("customer", row).value_or("")), -1,
                          shortened(name), must));
    };
    if (place == scheme_.places.end())
      refuse("one of the scorecard");
    const expert_criterion& one = scheme_.scorecard.criteria()[place->second];
    if (one.scale == expert_scale::parts)
      refuse("a criterion without parts");
    expert_finding& into = found[place->second];
    const std::int32_t day = from.day("date", row).value_or(no_day);
    if (day != no_day && as_of_ != no_day && day > as_of_)
      return count(expert_fate::later);
    const auto source = from.text("source", row);
    expert_source worth;
    if (!scheme_.all_sources) {
      const auto known = scheme_.sources.find(source.value_or(""));
      worth = known == scheme_.sources.end() ? expert_source{.accepted = false} : known->second;
    }
    if (!worth.accepted) {
      note(into, expert_evidence::source_not_accepted);
      return count(expert_fate::source_not_accepted);
    }
    const auto answer = from.text("answer", row);
    const auto value = from.number("value", row);
    if (!(one.scale == expert_scale::items ? answer.has_value() : value.has_value())) {
      if (!answer && !value)
        return count(expert_fate::empty);
      note(into, expert_evidence::not_on_scale);
      return count(expert_fate::not_on_scale);
    }
    const double full = one.points_of(answer.value_or(""), value.value_or(none));
    if (std::isnan(full)) {
      note(into, expert_evidence::not_on_scale);
      return count(expert_fate::not_on_scale);
    }
    if (one.valid_days && (day == no_day || std::int64_t{day} + *one.valid_days <= as_of_)) {
      note(into, expert_evidence::stale);
      return count(expert_fate::stale);
    }
    const bool capped = full > worth.points_at_most;
    const double points = capped ? worth.points_at_most : full;
    const bool first = into.evidence != expert_evidence::usable;
    const auto age = [](std::int32_t of) {
      return of == no_day ? std::numeric_limits<std::int32_t>::min() : of;
    };
    if (!first)
      count(expert_fate::older);
    else
      count(expert_fate::used);
    if (first || age(day) > age(into.day) || (day == into.day && points < into.points))
      into = {expert_evidence::usable, points, capped, day, source};
  }

  void add_customer(std::string_view customer, const std::vector<expert_finding>& found,
                    const std::vector<expert_judgement>& judged, const expert_total& total) {
    const std::vector<expert_criterion>& criteria = scheme_.scorecard.criteria();
    std::optional<std::size_t> knocked_out;
    std::int64_t unjudged = 0;
    std::int64_t not_known = 0;
    math::real share = 0.0;
    for (std::size_t i = 0; i < criteria.size(); ++i) {
      if (criteria[i].scale != expert_scale::parts) {
        not_known += found[i].evidence == expert_evidence::usable ? 0 : 1;
        share = share + (found[i].evidence == expert_evidence::usable ? nominal_[i] : 0.0);
      }
      if (!criteria[i].knock_out_below)
        continue;
      if (!judged[i].counts())
        ++unjudged;
      else if (!knocked_out && rounded_points(judged[i].points) < *criteria[i].knock_out_below)
        knocked_out = i;
    }
    ranked_.clear();
    for (std::size_t i = 0; i < criteria.size(); ++i) {
      if (is_end(i, judged) && judged[i].loss > 0.0)
        ranked_.push_back(i);
    }
    std::stable_sort(ranked_.begin(), ranked_.end(),
                     [&](std::size_t x, std::size_t y) { return judged[x].loss > judged[y].loss; });
    const bool nothing = std::isnan(total.points) && !total.refused_by;
    const expert_state state = knocked_out        ? expert_state::knocked_out
                               : total.refused_by ? expert_state::refused
                               : nothing          ? expert_state::nothing_known
                                                  : expert_state::scored;
    customers_.customer.push_back(customer);
    customers_.state.push_back(static_cast<std::int32_t>(state));
    customers_.points.push_back(total.points);
    std::optional<std::string_view> grade;
    if (knocked_out && !scheme_.grades.empty())
      grade = scheme_.grades.back().second;
    else if (!std::isnan(total.points))
      grade = scheme_.grade_of(total.points);
    customers_.grade.push_back(grade);
    customers_.knocked_out_by.push_back(
        knocked_out ? std::optional<std::string_view>(criteria[*knocked_out].name) : std::nullopt);
    customers_.unjudged.push_back(unjudged);
    customers_.known_share.push_back(std::min(rounded_points(math::value_of(share)), 1.0));
    customers_.not_known.push_back(not_known);
    for (std::size_t r = 0; r < customers_.reasons.size(); ++r) {
      std::optional<std::string_view> reason;
      if (total.refused_by)
        reason = r == 0 ? std::optional<std::string_view>(criteria[*total.refused_by].name) : std::nullopt;
      else if (r < ranked_.size())
        reason = criteria[ranked_[r]].name;
      customers_.reasons[r].push_back(reason);
    }
  }

  void add_criteria(std::string_view customer, const std::vector<expert_finding>& found,
                    const std::vector<expert_judgement>& judged) {
    const std::vector<expert_criterion>& criteria = scheme_.scorecard.criteria();
    std::vector<std::int64_t> rank(criteria.size(), no_amount);
    for (std::size_t r = 0; r < ranked_.size(); ++r)
      rank[ranked_[r]] = static_cast<std::int64_t>(r) + 1;
    for (std::size_t i = 0; i < criteria.size(); ++i) {
      const expert_criterion& one = criteria[i];
      criteria_.customer.push_back(customer);
      criteria_.criterion.push_back(one.name);
      criteria_.parent.push_back(one.parent ? std::optional<std::string_view>(criteria[*one.parent].name)
                                            : std::nullopt);
      criteria_.level.push_back(static_cast<std::int64_t>(one.level));
      criteria_.evidence.push_back(static_cast<std::int32_t>(found[i].evidence));
      criteria_.rule.push_back(judged[i].rule ? static_cast<std::int32_t>(*judged[i].rule) : -1);
      criteria_.points.push_back(judged[i].points);
      criteria_.capped.push_back(found[i].capped ? 1 : 0);
      criteria_.weight.push_back(judged[i].weight);
      criteria_.part.push_back(judged[i].part);
      criteria_.loss.push_back(judged[i].loss);
      criteria_.rank.push_back(rank[i]);
      criteria_.day.push_back(found[i].day);
      criteria_.source.push_back(found[i].source);
    }
  }
  /// Whether its part comes from its own points, not from parts.
  [[nodiscard]] bool is_end(std::size_t i, const std::vector<expert_judgement>& judged) const noexcept {
    return scheme_.scorecard.criteria()[i].scale != expert_scale::parts || judged[i].rule.has_value();
  }

  const expert_scheme& scheme_;
  missing_rule usual_;
  double neutral_;
  std::int32_t as_of_ = no_day;
  std::vector<double> nominal_; ///< weights in the whole where all is known
  std::vector<std::size_t> ranked_;
  customer_lines customers_;
  criterion_lines criteria_;
  std::array<std::int64_t, std::size(expert_totals_names)> fates_{};
};

} // namespace detail

/// From a store of kind `rows` made for this entry, and a scorecard in the slot of that name.
/// \throws error as read_expert_scheme; status::data for a criterion that the scorecard does not have or that has parts,
/// status::option without as_of where evidence grows stale, status::cancelled
[[nodiscard]] inline result finish_expert_score(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const model* const given = request.slot("scorecard");
  const expert_scheme scheme = given == nullptr ? five_cs() : read_expert_scheme(*given);
  detail::expert_report report(scheme, request.options);
  const std::vector<table> held = from.contents();
  const model_table rows(expert_score_name, held.front());
  for (std::int64_t first = 0, last = 0; first < rows.rows(); first = last) {
    request.how.check(static_cast<double>(first) / static_cast<double>(rows.rows()));
    const auto customer = rows.text("customer", first);
    while (last < rows.rows() && rows.text("customer", last) == customer)
      ++last;
    report.add(rows, first, last);
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr entry expert_score_entry{
    .description = &expert_score_description,
    .finish = finish_expert_score,
    .check_model = [](const model& made) { (void)read_expert_scheme(made); },
};

} // namespace emptor::credit
