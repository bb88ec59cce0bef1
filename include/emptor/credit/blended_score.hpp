// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/master_scale.hpp>
#include <emptor/math/real.hpp>

/// An expert's score and a statistical one, blended by experience (专家评分与统计评分的融合): where few customers of a kind were
/// seen the expert counts, and the more were seen the more the statistics.
///
///     blended = weight x statistical + (1 - weight) x expert
///     weight  = n / (n + k)                                     credibility: n observations, the expert is worth k
///     weight  = 1 / s^2 / (1 / s^2 + 1 / e^2)                   precision: standard errors s and e
///
/// On the linear scale of points and probabilities credibility is the posterior mean of a probability that the expert puts as a
/// beta distribution of k observations. On the scale of log odds the probabilities are pooled by their odds; with precision that
/// is the posterior mean where the errors of both are normal.
///
/// Sources: H. Buhlmann, Experience rating and credibility, ASTIN Bulletin 4 (1967) 199-207, where k is the variance within a
/// kind over the variance between kinds; C. Genest, J. V. Zidek, Combining probability distributions, Statistical Science 1
/// (1986) 114-148 (the logarithmic pool); D. V. Lindley, A. Tversky, R. V. Brown, On the reconciliation of probability
/// assessments, Journal of the Royal Statistical Society A 142 (1979) 146-180 (normal errors of log odds).
namespace emptor::credit {

inline constexpr std::string_view blended_score_name = "credit.blended_score";

/// On what two scores are blended: as they are, or probabilities by their log odds.
enum class blend_scale : std::int32_t { linear = 0, log_odds = 1 };
inline constexpr std::string_view blend_scales[] = {"linear", "log_odds"};
/// Whether weights come from observations (credibility) or from standard errors (precision).
enum class blend_method : std::int32_t { credibility = 0, precision = 1 };
inline constexpr std::string_view blend_methods[] = {"credibility", "precision"};
/// Which scores a row has.
enum class blend_basis : std::int32_t { both = 0, expert_only = 1, statistical_only = 2 };
inline constexpr std::string_view blend_bases[] = {"both", "expert_only", "statistical_only"};

/// The weights of the two, which add up to 1 to rounding; neither is 1 less the other, so that a small one keeps its digits.
struct blend_weights {
  double statistical = 0.0;
  double expert = 0.0;
};
/// \param n  observations, at least 0 \param k  that the expert is worth, above 0
[[nodiscard]] inline blend_weights credibility_weights(double n, double k) noexcept {
  const math::real all = math::real(n) + k;
  return {math::value_of(n / all), math::value_of(k / all)};
}
/// \param s, e  standard errors of the statistical and the expert's score, above 0
[[nodiscard]] inline blend_weights precision_weights(double s, double e) noexcept {
  const bool sharper = s <= e;
  const math::real ratio = sharper ? math::real(s) / e : math::real(e) / s;
  const math::real square = ratio * ratio; // at most 1
  const double large = math::value_of(1.0 / (1.0 + square));
  const double small = math::value_of(square / (1.0 + square));
  return sharper ? blend_weights{large, small} : blend_weights{small, large};
}

// How the catalogue knows it.

/// Standard errors, in points or in log odds.
inline constexpr domain blend_error_domain{.low = 0.0, .high = 1e150, .low_open = true};
/// The columns by their places in blend_inputs.
enum class blend_input : std::size_t {
  expert,
  statistical,
  experience,
  expert_experience,
  statistical_error,
  expert_error,
};
inline constexpr column_description blend_inputs[] = {
    {.name = "expert",
     .unit = "points or probability",
     .summary = "the expert's score (专家评分); missing where nobody looked",
     .allowed = {-1e300, 1e300},
     .optional = true},
    {.name = "statistical",
     .unit = "points or probability",
     .summary = "the statistical score (统计评分), on the same scale; missing where there is none",
     .allowed = {-1e300, 1e300},
     .optional = true},
    {.name = "experience",
     .unit = "observations",
     .summary = "n: observations, such as customers with a known outcome, of his kind behind the statistical "
                "score; needed by method credibility where both scores are there",
     .allowed = {0.0, 1e15},
     .optional = true},
    {.name = "expert_experience",
     .unit = "observations",
     .summary = "k of his kind: how many observations the expert's judgement is worth; missing = the option",
     .allowed = {.low = 0.0, .high = 1e15, .low_open = true},
     .optional = true},
    {.name = "statistical_error",
     .summary = "standard error of the statistical score, in points, or of the log odds on scale log_odds; "
                "needed by method precision where both scores are there",
     .allowed = blend_error_domain,
     .optional = true},
    {.name = "expert_error",
     .summary = "the same of the expert's score",
     .allowed = blend_error_domain,
     .optional = true},
};
inline constexpr option_description blend_options[] = {
    {.name = "method",
     .what = option_content::choice,
     .summary = "credibility: weights by observations, n / (n + k); precision: weights by standard errors",
     .default_value = "credibility",
     .choices = blend_methods},
    {.name = "scale",
     .what = option_content::choice,
     .summary =
         "linear: points, or probabilities as they are; log_odds: probabilities above 0 and below 1 by "
         "their log odds",
     .default_value = "linear",
     .choices = blend_scales},
    {.name = "expert_experience",
     .summary = "k: how many observations the expert's judgement is worth, of rows that do not say it",
     .unit = "observations",
     .allowed = {.low = 0.0, .high = 1e15, .low_open = true}},
};
/// What a row is told, by its place in blend_outputs.
enum class blend_output : std::size_t {
  blended,
  statistical_weight,
  expert_weight,
  statistical_part,
  expert_part,
  log_odds,
  difference,
  error,
  basis,
};
inline constexpr column_description blend_outputs[] = {
    {.name = "blended", .unit = "points or probability", .summary = "the blended score"},
    {.name = "statistical_weight",
     .unit = "share",
     .summary = "of the statistical score",
     .allowed = zero_to_one},
    {.name = "expert_weight", .unit = "share", .summary = "of the expert's score", .allowed = zero_to_one},
    {.name = "statistical_part", .summary = "statistical_weight x the statistical score, or its log odds"},
    {.name = "expert_part",
     .summary =
         "expert_weight x the expert's score, or its log odds. The two parts add up, to the last bit, to "
         "blended, or to log_odds on that scale"},
    {.name = "log_odds", .summary = "of blended; none on the linear scale", .optional = true},
    {.name = "difference",
     .summary = "statistical less expert, on the scale; none where one of them is missing",
     .optional = true},
    {.name = "error",
     .summary = "standard error of the blended score on the scale, by method precision where both are there",
     .optional = true},
    {.name = "basis",
     .what = content::code,
     .summary = "both, or the only score that is there",
     .levels = blend_bases},
};

/// Blends row by row; what the other method needs is not read.
class blended_score_scorer final : public scorer {
public:
  /// \param expert_experience  of rows that do not say it; NaN = none
  blended_score_scorer(blend_method method, blend_scale scale, double expert_experience) noexcept
      : method_(method)
      , scale_(scale)
      , expert_experience_(expert_experience) {}

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [this](const cells& at) { score_row(at); });
  }

  /// Those of the other method are not read.
  [[nodiscard]] bool reads(std::size_t input) const noexcept override {
    const auto which = static_cast<blend_input>(input);
    const bool by_errors = method_ == blend_method::precision;
    if (which == blend_input::experience || which == blend_input::expert_experience)
      return !by_errors;
    if (which == blend_input::statistical_error || which == blend_input::expert_error)
      return by_errors;
    return true;
  }
  [[nodiscard]] input_fault fault_of(const score_block& row) const override {
    const auto number = [&](blend_input which) {
      const double* const held = row.inputs[static_cast<std::size_t>(which)].number;
      return held == nullptr ? none : *held;
    };
    const auto fault = [](blend_input which, const char* must_be) {
      return input_fault{static_cast<std::size_t>(which), must_be};
    };
    if (std::isnan(number(in::statistical)) && std::isnan(number(in::expert)))
      return fault(in::statistical, "there, or the expert's score");
    if (scale_ == blend_scale::log_odds)
      for (const in which : {in::statistical, in::expert})
        if (const double x = number(which); !std::isnan(x) && !(x > 0.0 && x < 1.0))
          return fault(which, "above 0 and below 1 on scale log_odds");
    if (std::isnan(number(in::statistical)) || std::isnan(number(in::expert)))
      return {};
    if (method_ == blend_method::precision) {
      for (const in which : {in::statistical_error, in::expert_error})
        if (std::isnan(number(which)))
          return fault(which, "there where both scores are");
      return {};
    }
    if (std::isnan(number(in::experience)))
      return fault(in::experience, "there where both scores are");
    if (std::isnan(number(in::expert_experience)) && std::isnan(expert_experience_))
      return fault(in::expert_experience, "there where both scores are, or the option of that name");
    return {};
  }

private:
  using in = blend_input;
  using out = blend_output;
  using cells = row_cells<in, out>;
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  void score_row(const cells& at) const noexcept {
    const double statistical = at.number(in::statistical);
    const double expert = at.number(in::expert);
    const bool has_statistical = !std::isnan(statistical);
    const bool has_expert = !std::isnan(expert);
    const bool odds = scale_ == blend_scale::log_odds;
    const auto is_probability = [](double x) { return std::isnan(x) || (x > 0.0 && x < 1.0); };
    if (odds && !(is_probability(statistical) && is_probability(expert))) {
      at.refuse(row_status::out_of_domain);
      return;
    }
    blend_weights weights{has_statistical ? 1.0 : 0.0, has_expert ? 1.0 : 0.0};
    double error = none;
    if (!has_statistical && !has_expert) {
      at.refuse(row_status::missing);
      return;
    }
    if (has_statistical && has_expert) {
      const bool by_errors = method_ == blend_method::precision;
      const double of_statistical = at.number(by_errors ? in::statistical_error : in::experience);
      double of_expert = at.number(by_errors ? in::expert_error : in::expert_experience);
      if (!by_errors && std::isnan(of_expert))
        of_expert = expert_experience_;
      if (std::isnan(of_statistical) || std::isnan(of_expert)) {
        at.refuse(row_status::missing);
        return;
      }
      weights = by_errors ? precision_weights(of_statistical, of_expert)
                          : credibility_weights(of_statistical, of_expert);
      if (by_errors) // the sharper of the two has the larger weight, so that the root loses nothing
        error = of_statistical <= of_expert
                    ? math::value_of(of_statistical * sqrt(math::real(weights.statistical)))
                    : math::value_of(of_expert * sqrt(math::real(weights.expert)));
    }
    const auto on_scale = [&](double x) { return odds ? stats::log_odds_of(x) : x; };
    const double s = has_statistical ? on_scale(statistical) : 0.0;
    const double e = has_expert ? on_scale(expert) : 0.0;
    const double statistical_part = math::value_of(math::real(weights.statistical) * s + 0.0);
    const double expert_part = math::value_of(math::real(weights.expert) * e + 0.0);
    const double sum = math::value_of(math::real(statistical_part) + expert_part);
    const double difference = has_statistical && has_expert ? math::value_of(math::real(s) - e) : none;
    at.put(out::blended, odds ? stats::probability_of(sum) : sum);
    at.put(out::statistical_weight, weights.statistical);
    at.put(out::expert_weight, weights.expert);
    at.put(out::statistical_part, statistical_part);
    at.put(out::expert_part, expert_part);
    at.put(out::log_odds, odds ? sum : none);
    at.put(out::difference, difference);
    at.put(out::error, error);
    at.put(out::basis, static_cast<double>(!has_statistical ? blend_basis::expert_only
                                           : !has_expert    ? blend_basis::statistical_only
                                                            : blend_basis::both));
  }

  blend_method method_;
  blend_scale scale_;
  double expert_experience_;
};

// 150 observations against an expert who is worth 50: three quarters. Then a new kind of customers, one whom nobody looked at,
// one without a statistical score, and one kind whose expert is worth 450.
inline constexpr example_table blend_rows[] = {
    {"rows", "expert,statistical,experience,expert_experience\n60,80,150,\n60,80,0,\n,80,150,\n60,,,\n60,80,"
             "150,450\n"}};
inline constexpr example_option blend_example_options[] = {{"expert_experience", "50"}};
inline constexpr example_table blend_expected[] = {
    {"scores", "blended,statistical_weight,expert_weight,statistical_part,expert_part,difference,basis\n"
               "75,0.75,0.25,60,15,20,both\n60,0,1,0,60,20,both\n80,1,0,80,0,,statistical_only\n"
               "60,0,1,0,60,,expert_only\n65,0.25,0.75,20,45,20,both\n"}};
// Log odds of 0.2 and 0.5 are -log 4 and 0. Errors 0.3 and 0.6: weights 0.8 and 0.2, log odds -0.8 log 4, odds 4^-0.8, and an
// error of 0.3 x sqrt(0.8).
inline constexpr example_table blend_odds_rows[] = {
    {"rows", "expert,statistical,statistical_error,expert_error\n0.5,0.2,0.3,0.6\n0.02,0.02,0.3,0.6\n"}};
inline constexpr example_option blend_odds_options[] = {{"method", "precision"}, {"scale", "log_odds"}};
inline constexpr example_table blend_odds_expected[] = {
    {"scores", "blended,statistical_weight,log_odds,difference,error\n"
               "0.248050746968657,0.8,-1.10903548889591,-1.38629436111989,0.268328157299975\n"
               "0.02,0.8,-3.89182029811063,0,0.268328157299975\n"}};
inline constexpr example blend_examples[] = {
    {.what = verb::score,
     .summary = "points by credibility, an expert worth 50 observations",
     .source = "the formula of Buhlmann (1967), by hand",
     .tables = blend_rows,
     .options = blend_example_options,
     .expected = blend_expected,
     .tolerance = 1e-14},
    {.what = verb::score,
     .summary = "probabilities of default by the precision of their log odds",
     .source = "the definition, by hand",
     .tables = blend_odds_rows,
     .options = blend_odds_options,
     .expected = blend_odds_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description blended_score_description{
    .name = blended_score_name,
    .what = verb::score,
    .summary =
        "an expert's score and a statistical one blended by experience: credibility n / (n + k), or the "
        "precision of both, on points, probabilities or log odds",
    .source =
        "credibility: H. Buhlmann, ASTIN Bulletin 4 (1967); pools of odds: C. Genest, J. V. Zidek, "
        "Statistical "
        "Science 1 (1986); log odds with normal errors: D. V. Lindley, A. Tversky, R. V. Brown, JRSS A 142 "
        "(1979)",
    .chinese = "专家评分与统计评分的融合",
    .since = "0.1",
    .score = {.inputs = blend_inputs, .options = blend_options, .outputs = blend_outputs},
    .examples = blend_examples,
    .no_demo = "no expert has looked at the simulated company's customers",
};

/// \throws error status::schema without a column that the method needs, status::option where nobody says what the expert is worth
[[nodiscard]] inline std::unique_ptr<scorer> bind_blended_score(const score_request& request) {
  const option_values& options = request.options;
  const auto method = options.choice<blend_method>("method", blend_methods);
  const auto given = [&](blend_input which) {
    const auto place = static_cast<std::size_t>(which);
    return place < request.given.size() && request.given[place];
  };
  const auto need = [&](blend_input which) {
    if (!given(which))
      throw error(status::schema, std::string(blended_score_name) + ": method " +
                                      std::string(blend_methods[static_cast<std::size_t>(method)]) +
                                      " needs the column " +
                                      std::string(blend_inputs[static_cast<std::size_t>(which)].name));
  };
  need(blend_input::expert);
  need(blend_input::statistical);
  if (method == blend_method::precision) {
    need(blend_input::statistical_error);
    need(blend_input::expert_error);
  } else {
    need(blend_input::experience);
    if (!options.has("expert_experience") && !given(blend_input::expert_experience))
      throw error(status::option,
                  std::string(blended_score_name) +
                      ": option expert_experience is needed, or a column of that name: how many "
                      "observations the expert's judgement is worth");
  }
  return std::make_unique<blended_score_scorer>(method, options.choice<blend_scale>("scale", blend_scales),
                                                options.has("expert_experience")
                                                    ? options.number("expert_experience")
                                                    : std::numeric_limits<double>::quiet_NaN());
}

inline constexpr entry blended_score_entry{.description = &blended_score_description,
                                           .bind = bind_blended_score};

} // namespace emptor::credit
