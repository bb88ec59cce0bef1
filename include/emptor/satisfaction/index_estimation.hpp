// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/index_model.hpp>
#include <emptor/satisfaction/index_model_description.hpp>
#include <emptor/satisfaction/index_survey.hpp>
#include <emptor/stats/path_model_estimate.hpp>
#include <emptor/stats/path_model_missing.hpp>
#include <emptor/stats/survey_answers.hpp>

/// What measures share that make indices of the satisfaction index model (index_model.hpp) from rows of a survey: the model
/// of their slot, the answers to its questions, and its weights, those that it was fitted with or those that rows give.
namespace emptor::satisfaction {

inline constexpr slot_description index_report_model_slot{
    .name = "model",
    .summary = "of satisfaction.index_model. A fitted one gives its weights; one that is not fitted is "
               "estimated from the answers",
    .accepts = index_model_accepts};

inline constexpr option_description option_index_convention = described_in(index_fit_options, "convention");
inline constexpr option_description option_index_scheme = described_in(index_fit_options, "scheme");
inline constexpr option_description option_index_metric = described_in(index_fit_options, "metric");
inline constexpr option_description option_index_second_order =
    described_in(index_fit_options, "second_order");
inline constexpr option_description option_index_missing{
    .name = "missing",
    .what = option_content::choice,
    .summary =
        "an index needs answers to all questions of its construct; with mean the mean of the model stands in "
        "for an answer that is missing. Where weights are estimated all four rules hold as in "
        "satisfaction.index_model",
    .default_value = "casewise",
    .choices = stats::missing_rules};
inline constexpr option_description option_index_scale_low{
    .name = "scale_low",
    .summary = "the least answer of questions of which the model says nothing; it becomes the index 0",
    .allowed = index_scale_domain,
    .default_value = "1"};
inline constexpr option_description option_index_scale_high{
    .name = "scale_high",
    .summary = "their greatest answer; it becomes the index 100. Answers outside the scale are refused",
    .allowed = index_scale_domain,
    .default_value = "10"};

/// Where weights come from.
enum class weights_source : std::int32_t {
  given = 0,     ///< the model was fitted with them
  estimated = 1, ///< from the rows
  failed = 2,    ///< the rows give none
};
inline constexpr std::string_view weights_source_names[] = {"given", "estimated", "failed"};

/// Weights, and what they come from.
struct index_estimate {
  std::vector<index_score> scores; ///< empty where it failed
  weights_source source = weights_source::failed;
  std::int64_t respondents = 0; ///< rows of answers
  std::int64_t used = 0;        ///< of them; 0 where weights were given
  std::int32_t ended = -1;      ///< stats::path_status of the estimation; -1 without any
  std::string why;              ///< it failed

  /// Null where the construct has no weights.
  [[nodiscard]] const index_score* find(std::string_view construct) const noexcept {
    const auto at = std::find_if(scores.begin(), scores.end(),
                                 [&](const index_score& one) { return one.construct == construct; });
    return at == scores.end() ? nullptr : &*at;
  }
};

/// Whether scores are numbers on a scale from 0 to 100: no weight is negative, and they do not leave the doubles.
[[nodiscard]] inline bool gives_index(const index_score& of) noexcept {
  return of.has_index() && std::isfinite(math::value_of(of.range()));
}

/// The model of slot `model` with the options of its estimation.
class index_estimation {
public:
  /// \param where  names the caller in messages
  /// \throws error status::schema without a model; as read_index_model, read_index_scores and stats::path_structure;
  /// status::data for a construct of which a fitted model has no weights, and for a mean off its scale that would stand in
  /// for missing answers
  index_estimation(std::string_view where, const finish_request& request)
      : where_(where)
      , specification_(detail::index_specification_of(where, request))
      , usual_(detail::usual_index_scale(request.options))
      , how_(detail::index_moment_options(request.options, specification_)) {
    given_ = read_index_scores(*request.slot("model"));
    const stats::path_structure structure(where_, specification_.model);
    items_ = structure.items();
    for (const index_score& one : given_)
      for (const index_score::term& term : one.terms)
        if (std::find(items_.begin(), items_.end(), term.item) == items_.end())
          items_.push_back(term.item);
    for (const std::string& item : items_) {
      domain scale = specification_.scale(item, usual_);
      for (const index_score& one : given_)
        for (const index_score::term& term : one.terms)
          if (term.item == item)
            scale = term.scale;
      scales_.push_back(detail::with_extent(where_, item, scale));
    }
    if (given_.empty())
      return;
    for (const index_score& one : given_)
      for (const index_score::term& term : one.terms)
        if (fills() && !term.scale.contains(term.mean))
          throw error(status::data, message(where_,
                                            "the mean of " + shortened(term.item) +
                                                " in table weights of the model, which stands in for missing "
                                                "answers,",
                                            -1, to_text(term.mean), to_text(term.scale)));
    for (const stats::path_construct& one : specification_.model.constructs)
      if (std::none_of(given_.begin(), given_.end(),
                       [&](const index_score& known) { return known.construct == one.name; }))
        throw error(status::data, where_ + ": the table weights of the model has no construct " +
                                      shortened(one.name) + "; fit the model, or leave the table out");
  }

  [[nodiscard]] const index_specification& specification() const noexcept { return specification_; }
  /// Labels of all questions of the model, and their scales.
  [[nodiscard]] const std::vector<std::string>& items() const noexcept { return items_; }
  [[nodiscard]] const std::vector<domain>& scales() const noexcept { return scales_; }
  /// Whether the mean stands in for an answer that is missing.
  [[nodiscard]] bool fills() const noexcept { return how_.missing == stats::missing_rule::mean; }
  [[nodiscard]] bool fitted() const noexcept { return !given_.empty(); }
  [[nodiscard]] std::size_t place(std::string_view item) const noexcept {
    return static_cast<std::size_t>(std::find(items_.begin(), items_.end(), item) - items_.begin());
  }

  /// The answers of rows to each question.
  /// \throws error status::data for a question that the survey does not have, and for an answer off its scale
  [[nodiscard]] std::vector<std::vector<double>> answers(const stats::survey_answers& from,
                                                         std::span<const std::uint32_t> rows) const {
    return detail::index_answers(where_, from, rows, items_, scales_);
  }

  /// The weights that the model was fitted with.
  [[nodiscard]] index_estimate given(std::size_t rows) const {
    return {.scores = given_,
            .source = weights_source::given,
            .respondents = static_cast<std::int64_t>(rows),
            .why = {}};
  }
  /// The weights that some rows give. \param answers  as of `answers` \param members  places of the rows among them
  /// \throws error as stats::moments_of and stats::fit_path_model, and status::data where there are no figures;
  /// status::cancelled
  [[nodiscard]] index_estimate estimated(const std::vector<std::vector<double>>& answers,
                                         std::span<const double> weights,
                                         std::span<const std::uint32_t> members, const run& work) const {
    const stats::path_structure structure(where_, specification_.model);
    if (members.empty())
      throw error(status::too_few, message(where_, "the number of rows of answers", -1, "0", ">= 2"));
    std::vector<std::vector<double>> own(structure.items().size());
    std::vector<double> own_weights;
    for (const std::uint32_t row : members)
      own_weights.push_back(weights[row]);
    stats::answer_columns columns;
    for (std::size_t i = 0; i < own.size(); ++i) { // they are the first ones of the items
      own[i].reserve(members.size());
      for (const std::uint32_t row : members)
        own[i].push_back(answers[i][row]);
      columns.items.emplace_back(own[i]);
      columns.names.emplace_back(structure.items()[i]);
    }
    columns.weights = own_weights;
    const stats::path_moments moments = detail::index_moments(where_, columns, structure, how_, work);
    const stats::path_fit fit = stats::fit_path_model(structure, moments);
    detail::refuse_unusable(fit);
    index_estimate made{.scores = scores_of(structure, moments, fit, specification_, usual_),
                        .source = weights_source::estimated,
                        .respondents = moments.rows,
                        .used = moments.used,
                        .ended = static_cast<std::int32_t>(fit.status()),
                        .why = {}};
    for (index_score& one : made.scores)
      for (index_score::term& term : one.terms)
        term.scale = scales_[place(term.item)];
    return made;
  }
  /// The same; rows that give none leave a reason instead of an error. \throws error status::cancelled
  [[nodiscard]] index_estimate estimated_or_why(const std::vector<std::vector<double>>& answers,
                                                std::span<const double> weights,
                                                std::span<const std::uint32_t> members,
                                                const run& work) const {
    try {
      return estimated(answers, weights, members, work);
    } catch (const error& refused) {
      if (refused.code() != status::too_few && refused.code() != status::data &&
          refused.code() != status::not_converged)
        throw;
      return {.scores = {},
              .source = weights_source::failed,
              .respondents = static_cast<std::int64_t>(members.size()),
              .why = refused.what()};
    }
  }

  /// The places of the questions of a score among the items.
  [[nodiscard]] std::vector<std::size_t> places(const index_score& of) const {
    std::vector<std::size_t> made;
    for (const index_score::term& one : of.terms)
      made.push_back(place(one.item));
    return made;
  }
  /// Puts the indices of rows into `values`; NaN where a question has no answer, or where there is no index.
  void indices(const index_score& of, const std::vector<std::vector<double>>& answers,
               std::span<const std::uint32_t> members, std::vector<double>& values) const {
    const std::vector<std::size_t> at = places(of);
    const bool has_index = gives_index(of);
    const math::real range = of.range();
    for (const std::uint32_t row : members) {
      math::real sum(0.0);
      for (std::size_t k = 0; k < at.size(); ++k) {
        const double given = answers[at[k]][row];
        const double answer = std::isnan(given) && fills() ? of.terms[k].mean : given;
        sum += math::real(of.terms[k].weight) * (math::real(answer) - of.terms[k].scale.low);
      }
      const double index = math::value_of(sum / range * 100.0);
      values[row] = has_index && std::isfinite(index) ? index : std::numeric_limits<double>::quiet_NaN();
    }
  }

private:
  std::string where_;
  index_specification specification_;
  domain usual_;
  stats::moment_options how_;
  std::vector<index_score> given_;
  std::vector<std::string> items_;
  std::vector<domain> scales_;
};

} // namespace emptor::satisfaction
