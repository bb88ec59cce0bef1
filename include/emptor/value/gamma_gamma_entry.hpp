// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_base_scorer.hpp>
#include <emptor/value/gamma_gamma.hpp>

/// The catalogue's view of Gamma-Gamma (gamma_gamma.hpp).
namespace emptor::value {

inline constexpr table_description gamma_gamma_tables[] = {{.name = "rows",
                                                            .summary = "one customer a row",
                                                            .columns = gamma_gamma_columns,
                                                            .rule = &gamma_gamma_rule}};
inline constexpr option_description gamma_gamma_fit_options[] = {max_iterations_option};
inline constexpr option_description gamma_gamma_score_options[] = {confidence_option};
inline constexpr column_description gamma_gamma_outputs[] = {
    {.name = "expected_spend",
     .unit = "currency",
     .summary =
         "expected mean amount of this customer's orders; the population's where frequency is 0. Undefined "
         "where the mean does not exist: p frequency + q <= 1",
     .allowed = at_least_zero},
    {.name = "spend_deviation",
     .unit = "currency",
     .summary = "standard deviation of that mean, given the row: how unsure it still is. Undefined where "
                "p frequency + q <= 2",
     .allowed = at_least_zero,
     .on_request = true},
    {.name = "expected_spend_low",
     .unit = "currency",
     .summary =
         "lower end of the interval of expected_spend for the errors of p, q and v; null where the model "
         "has no covariance",
     .allowed = at_least_zero,
     .needs = detail::need_confidence},
    {.name = "expected_spend_high",
     .unit = "currency",
     .summary = "upper end of the same",
     .allowed = at_least_zero,
     .needs = detail::need_confidence},
};

inline constexpr example_table gamma_gamma_fit_rows[] = {
    {"rows",
     "frequency,monetary_value,weight\n0,,40\n1,12.5,3\n1,30,2\n1,47.25,1\n2,18.9,4\n2,35.1,2\n2,71.3,1\n"
     "3,22.4,3\n3,40,2\n4,15.75,2\n5,55.2,1\n7,28.3,2\n11,33.6,1\n16,19.95,1\n2,110,1\n"}};
inline constexpr example_table gamma_gamma_fit_expected[] = {
    {"parameters",
     "parameter,value,standard_error\np,8.978380709615,12.83194475\nq,5.410311933023,2.474069355\n"
     "v,15.26294271248,28.27993854\n"},
    {"fit", "log_likelihood,converged,customers,distinct_rows,total_weight,limit\n-104.559282633540961,true,"
            "14,14,26,"
            "ridge\n"}};
inline constexpr example_table gamma_gamma_score_rows[] = {
    {"rows", "frequency,monetary_value\n2,22.35\n0,\n7,73.74\n26,40.08\n"}};
inline constexpr example_table gamma_gamma_score_model[] = {
    {"parameters", "parameter,value\np,6.25\nq,3.74\nv,15.44\n"}};
inline constexpr example_table gamma_gamma_score_expected[] = {
    {"scores",
     "expected_spend\n24.66371391076115\n35.21897810218978\n71.46967089696709\n39.99939481965626\n"}};
inline constexpr example gamma_gamma_examples[] = {
    {.what = verb::fit,
     .summary =
         "26 invented customers with repeat orders and 40 without: too few to tell p from v, as the limit "
         "says",
     .source = "an independent maximisation of equation 1 of note 025 with 60-digit arithmetic",
     .tables = gamma_gamma_fit_rows,
     .expected = gamma_gamma_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary = "four customers at the published parameters of the CDNOW sample; the second is new",
     .source = "equation 5 of note 025; the first customer is that of its table, 24.66",
     .tables = gamma_gamma_score_rows,
     .model_tables = gamma_gamma_score_model,
     .expected = gamma_gamma_score_expected,
     .tolerance = 1e-9},
};

inline constexpr demo_comparison gamma_gamma_demo_parameters[] = {demo_parameters("truth_spend")};
inline constexpr demo_comparison gamma_gamma_demo_compared[] = {
    {demo_measure::number, "scores", "expected_spend", "truth", "spend_per_order", "customer"}};
inline constexpr demo_feed gamma_gamma_demo[] = {
    {.what = verb::fit, .inputs = demo_customers, .compared = gamma_gamma_demo_parameters},
    {.what = verb::score,
     .inputs = demo_customers,
     .keep = "customer",
     .compared = gamma_gamma_demo_compared}};

inline constexpr entry_description gamma_gamma_description{
    .name = gamma_gamma::name,
    .what = verb::fit,
    .summary = gamma_gamma::summary,
    .source = gamma_gamma::source,
    .chinese = gamma_gamma::chinese,
    .since = gamma_gamma::since,
    .store = "rows",
    .inputs = gamma_gamma_tables,
    .options = gamma_gamma_fit_options,
    .outputs = fitted_tables<gamma_gamma>,
    .model_tables = fitted_tables<gamma_gamma>,
    .score = {.inputs = {gamma_gamma_columns, 2},
              .options = gamma_gamma_score_options,
              .outputs = gamma_gamma_outputs,
              .rule = &gamma_gamma_rule},
    .formats = model_formats,
    .examples = gamma_gamma_examples,
    .demo = gamma_gamma_demo,
};

/// Fits from a store of kind `rows` made for this entry.
[[nodiscard]] inline result finish_gamma_gamma(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const std::vector<double> frequency = from.numbers("rows", "frequency");
  std::vector<double> monetary_value = from.numbers("rows", "monetary_value");
  monetary_value.resize(frequency.size(), std::numeric_limits<double>::quiet_NaN());
  return fitted_result(
      fit_gamma_gamma(frequency, monetary_value, from.numbers("rows", "weight", 1.0),
                      {.max_iterations = static_cast<int>(request.options.integer("max_iterations"))},
                      request.how),
      {});
}

/// The two figures over columns of frequency and monetary value, as math::apply_rows wants a formula.
template <class T>
struct gamma_gamma_scores {
  static constexpr int inputs = 2;
  static constexpr int outputs = 2;

  gamma_gamma_parameters<T> p;

  explicit EMPTOR_INLINE gamma_gamma_scores(const double* uniforms) noexcept
      : p{uniforms[0], uniforms[1], uniforms[2]} {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    out[0] = expected_spend(p, in[0], in[1]);
    out[1] = spend_deviation(p, in[0], in[1]);
  }
};

class gamma_gamma_scorer final : public scorer {
public:
  /// \param covariance  row-major; empty = none
  /// \param width       half of an interval in standard errors
  gamma_gamma_scorer(const std::array<double, 3>& parameters, const kernel& compute,
                     std::vector<double> covariance, double width)
      : parameters_(parameters)
      , compute_(compute, parameters.data())
      , covariance_(std::move(covariance))
      , width_(width) {}

  void score(const score_block& block) const noexcept override {
    // Without the column nobody has a repeat order, or the rule has refused the row.
    const double* const amounts =
        block.inputs[1].number != nullptr ? block.inputs[1].number : block.inputs[0].number;
    const std::array in{block.inputs[0].number, amounts};
    const std::array out{block.outputs[0].number, block.outputs[1].number};
    if (out[0] != nullptr || out[1] != nullptr)
      compute_(in.data(), out.data(), block.rows);
    for (double* const values : out) {
      for (std::int64_t row = 0; values != nullptr && row < block.rows; ++row)
        settle(block, row, values[row]);
    }
    for (const std::size_t end : {std::size_t{2}, std::size_t{3}}) {
      double* const values = block.outputs[end].number;
      for (std::int64_t row = 0; values != nullptr && row < block.rows; ++row) {
        const interval range = interval_of(in[0][row], in[1][row]);
        values[row] = end == 2 ? range.low : range.high;
        settle(block, row, values[row]);
      }
    }
  }

private:
  static void settle(const score_block& block, std::int64_t row, double value) noexcept {
    if (std::isnan(value) && block.status[row] == row_status::ok)
      block.status[row] = row_status::undefined;
  }
  [[nodiscard]] interval interval_of(double frequency, double monetary_value) const noexcept {
    using number = math::dual<math::real, 3, 1>;
    const number spend = expected_spend(parameters_from<gamma_gamma, number>([&](std::size_t i) {
                                          return number::variable(parameters_[i], i);
                                        }),
                                        math::real(frequency), math::real(monetary_value));
    const double variance =
        covariance_.empty() ? std::numeric_limits<double>::quiet_NaN() : delta_variance(spend, covariance_);
    return delta_interval(math::value_of(spend), variance, width_, false);
  }

  std::array<double, 3> parameters_;
  prepared_kernel compute_;
  std::vector<double> covariance_;
  double width_;
};

inline constexpr entry gamma_gamma_entry{
    .description = &gamma_gamma_description,
    .finish = &finish_gamma_gamma,
    .check_model =
        [](const model& made) {
          (void)read_parameters<gamma_gamma>(made);
          (void)read_covariance(made, gamma_gamma::names);
        },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const std::vector<double> p = read_parameters<gamma_gamma>(*request.self);
      return std::make_unique<gamma_gamma_scorer>(
          std::array{p[0], p[1], p[2]},
          request.wide ? request.wide
                       : math::kernel_of<gamma_gamma_scores, math::pack<math::isa::baseline>>(),
          read_covariance(*request.self, gamma_gamma::names),
          stats::two_sided_normal_quantile(request.options.number("confidence")));
    },
};

} // namespace emptor::value
