// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/satisfaction/hierarchy.hpp>
#include <emptor/satisfaction/hierarchy_description.hpp>
#include <emptor/stats/student.hpp>

/// From a survey and a table of nodes to the index and what adds to it.
namespace emptor::satisfaction {
namespace detail {

/// Scores of the items of all rows.
class hierarchy_answers {
public:
  /// \throws error as survey_parts::on_scale; with the rule refuse status::data of a row without an item that counts
  hierarchy_answers(const survey_parts& from, const hierarchy_tree& tree, hierarchy_missing rule)
      : complete_(from.answers().rows(), 1) {
    for (const std::size_t leaf : tree.leaves()) {
      const scored_item& item = tree.nodes()[leaf].item;
      std::vector<double>& scores =
          by_item_.emplace_back(from.on_scale(hierarchy_name, item.label, item.scale));
      for (const std::uint32_t row : from.counted()) {
        if (!std::isnan(scores[row])) {
          scores[row] = item.score(scores[row]);
        } else if (tree.counts(leaf) && rule != hierarchy_missing::renormalise) {
          if (rule == hierarchy_missing::refuse)
            throw error(status::data,
                        message(hierarchy_name, "items:" + item.label + " of " + from.answers().row_name(row),
                                -1, "missing", "there, since option missing is refuse"));
          complete_[row] = 0;
        }
      }
    }
  }
  /// Whether the rule lets a row count; its scores are then in `into`.
  [[nodiscard]] bool read(std::uint32_t row, std::vector<double>& into) const {
    into.clear();
    for (const std::vector<double>& scores : by_item_)
      into.push_back(scores[row]);
    return complete_[row] != 0;
  }

private:
  std::vector<std::vector<double>> by_item_;
  std::vector<std::uint8_t> complete_;
};

/// Means over respondents of the scores of the nodes, by two passes over their rows.
struct hierarchy_means {
  std::int64_t answers = 0; ///< rows with an index
  std::int64_t items_answered = 0;
  math::real weight = 0.0;
  std::vector<std::int64_t> with_score;
  std::vector<math::real> weights;
  std::vector<math::real> scores;        ///< mean
  std::vector<math::real> contributions; ///< mean over rows with an index
  std::vector<math::real> parts;         ///< the same of what the contributions could be
  std::vector<double> half_widths;       ///< of the t intervals of the scores; NaN where there is none
};

class hierarchy_report {
public:
  hierarchy_report(const survey_parts& survey, const hierarchy_tree& tree, hierarchy_missing rule,
                   double confidence)
      : survey_(survey)
      , tree_(tree)
      , answers_(survey, tree, rule)
      , scores_(tree)
      , t_(confidence) {
    for (const std::size_t leaf : tree.leaves())
      counting_ += tree.counts(leaf) ? 1 : 0;
  }

  void add(const survey_part& part, const run& how) {
    const hierarchy_means found = means_of(part, how);
    const std::vector<hierarchy_node>& nodes = tree_.nodes();
    const double half = found.half_widths.front();
    const bool there = found.answers > 0;
    const auto number = [there](math::real of) { return there ? math::value_of(of) : none; };
    survey_.begin(index_, part)
        .whole(found.answers)
        .whole(static_cast<std::int64_t>(part.rows.size()) - found.answers)
        .number(there ? static_cast<double>(found.items_answered) /
                            (static_cast<double>(found.answers) * static_cast<double>(counting_))
                      : none)
        .number(number(found.contributions.front()))
        .number(there ? bounded(found.contributions.front() - half) : none)
        .number(there ? bounded(found.contributions.front() + half) : none);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const hierarchy_node& one = nodes[i];
      survey_.begin(nodes_, part).text(one.name);
      if (one.parent == hierarchy_node::none)
        nodes_.no_text();
      else
        nodes_.text(nodes[one.parent].name);
      const bool scored = found.with_score[i] > 0;
      nodes_.whole(static_cast<std::int64_t>(one.depth))
          .number(one.share)
          .number(one.of_whole)
          .whole(found.with_score[i])
          .number(scored ? math::value_of(found.scores[i]) : none)
          .number(scored ? bounded(found.scores[i] - found.half_widths[i]) : none)
          .number(scored ? bounded(found.scores[i] + found.half_widths[i]) : none)
          .number(number(found.contributions[i]))
          .number(number(found.parts[i] * 100.0 - found.contributions[i]));
    }
  }
  /// Each respondent, from the part that has all rows.
  void add_respondents(const survey_part& all) {
    const stats::survey_answers& from = survey_.answers();
    for (const std::uint32_t row : all.rows) {
      const bool there = answers_.read(row, items_) && scores_.find(items_);
      respondents_.text(from.respondent_names()[from.respondents()[row]]);
      add_cell(respondents_, from, {from.groups()[row], from.periods()[row]})
          .whole(std::count_if(items_.begin(), items_.end(), [](double one) { return !std::isnan(one); }))
          .number(there ? scores_.contributions().front() : none);
    }
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    for (described_table* const one : {&index_, &nodes_, &respondents_})
      made.push_back(std::move(*one).made());
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  static constexpr double rounding = 1e-10; ///< of scores up to 100

  /// An end of an interval of scores; NaN stays.
  [[nodiscard]] static double bounded(math::real end) noexcept {
    return std::isnan(math::value_of(end)) ? none : std::clamp(math::value_of(end), 0.0, 100.0);
  }

  [[nodiscard]] hierarchy_means means_of(const survey_part& part, const run& how) {
    const std::size_t size = tree_.nodes().size();
    hierarchy_means made;
    made.with_score.assign(size, 0);
    for (std::vector<math::real>* const one : {&made.weights, &made.scores, &made.contributions, &made.parts})
      one->assign(size, math::real(0.0));
    for_each_row(part, how, [&](std::uint32_t row) {
      const math::real weight(survey_.answers().weights()[row]);
      ++made.answers;
      made.weight = made.weight + weight;
      for (std::size_t leaf = 0; leaf < items_.size(); ++leaf)
        made.items_answered += tree_.counts(tree_.leaves()[leaf]) && !std::isnan(items_[leaf]) ? 1 : 0;
      for (std::size_t i = 0; i < size; ++i) {
        made.contributions[i] = made.contributions[i] + weight * scores_.contributions()[i];
        made.parts[i] = made.parts[i] + weight * scores_.parts()[i];
        if (std::isnan(scores_.scores()[i]))
          continue;
        ++made.with_score[i];
        made.weights[i] = made.weights[i] + weight;
        made.scores[i] = made.scores[i] + weight * scores_.scores()[i];
      }
    });
    for (std::size_t i = 0; i < size; ++i) {
      made.contributions[i] = made.contributions[i] / made.weight;
      made.parts[i] = made.parts[i] / made.weight;
      made.scores[i] = made.scores[i] / made.weights[i];
    }
    find_half_widths(part, how, made);
    return made;
  }

  /// As stats::weighted_mean_of, a respondent being one draw.
  void find_half_widths(const survey_part& part, const run& how, hierarchy_means& made) {
    const std::size_t size = tree_.nodes().size();
    std::vector<math::real> squares(size, math::real(0.0));
    std::vector<math::real> together(size, math::real(0.0));
    std::vector<std::size_t> draws(size, 0);
    std::vector<std::uint8_t> touched(size, 0);
    std::vector<std::uint8_t> varies(size, 0);
    std::uint32_t who = stats::survey_answers::none;
    const auto close = [&] {
      for (std::size_t i = 0; i < size; ++i) {
        if (touched[i] == 0)
          continue;
        squares[i] = squares[i] + together[i] * together[i];
        ++draws[i];
        together[i] = math::real(0.0);
        touched[i] = 0;
      }
    };
    for_each_row(part, how, [&](std::uint32_t row) {
      if (survey_.answers().respondents()[row] != who)
        close();
      who = survey_.answers().respondents()[row];
      for (std::size_t i = 0; i < size; ++i) {
        if (std::isnan(scores_.scores()[i]))
          continue;
        const math::real off = math::real(scores_.scores()[i]) - made.scores[i];
        together[i] = together[i] + survey_.answers().weights()[row] / made.weights[i] * off;
        touched[i] = 1;
        if (abs(off) > math::real(rounding))
          varies[i] = 1;
      }
    });
    close();
    made.half_widths.assign(size, none);
    for (std::size_t i = 0; i < size; ++i) {
      if (draws[i] < 2)
        continue;
      const auto n = static_cast<double>(draws[i]);
      made.half_widths[i] =
          varies[i] == 0 ? 0.0 : math::value_of(t_.of(draws[i]) * sqrt(squares[i] * (n / (n - 1.0))));
    }
  }

  /// Calls `body` for each row with an index, whose scores are then in `scores_`.
  template <class Body>
  void for_each_row(const survey_part& part, const run& how, const Body& body) {
    for (const std::uint32_t row : part.rows) {
      if (how.cancelled())
        how.check(0.0);
      if (answers_.read(row, items_) && scores_.find(items_))
        body(row);
    }
  }

  const survey_parts& survey_;
  const hierarchy_tree& tree_;
  hierarchy_answers answers_;
  hierarchy_scores scores_;
  stats::student_quantiles t_;
  std::int64_t counting_ = 0; ///< items that have weight
  std::vector<double> items_; ///< scores of the row that is looked at
  described_table index_{hierarchy_outputs[0], 0};
  described_table nodes_{hierarchy_outputs[1], 0};
  described_table respondents_{hierarchy_outputs[2], 0};
};
} // namespace detail

/// From a store of kind `survey`, and a model with its table in the slot `nodes`.
/// \throws error as hierarchy_tree; status::option of a scale without extent, status::unknown_name of an item, status::data of an
/// answer off its scale or, by option missing, of one that is not there, status::cancelled
[[nodiscard]] inline result finish_hierarchy(const finish_request& request) {
  const survey_parts survey(hierarchy_name, request);
  const hierarchy_tree tree(hierarchy_name, model_table(hierarchy_name, request.slot("nodes"), "nodes"),
                            stats::usual_scale(hierarchy_name, request.options));
  detail::hierarchy_report report(
      survey, tree, request.options.choice<hierarchy_missing>("missing", hierarchy_missing_names),
      request.options.number("confidence"));
  const std::vector<survey_part>& parts = survey.parts();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    request.how.check(static_cast<double>(p) / static_cast<double>(parts.size()));
    report.add(parts[p], request.how);
  }
  report.add_respondents(parts.front());
  return {std::move(report).tables(), nullptr};
}

inline constexpr entry hierarchy_entry{
    .description = &hierarchy_description,
    .finish = [](const finish_request& request) { return finish_hierarchy(request); },
    .check_model =
        [](const model& made) {
          static_cast<void>(
              hierarchy_tree(hierarchy_name, model_table(hierarchy_name, &made, "nodes"), item_scale_domain));
        },
};

} // namespace emptor::satisfaction
