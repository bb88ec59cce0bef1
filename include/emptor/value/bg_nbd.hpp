// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/value/beta_geometric.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_base_fit.hpp>

/// BG/NBD: how often a customer of a non-contractual business orders, and whether he still does
/// (客户活跃度).
///
/// While alive a customer orders at the Poisson rate lambda ~ Gamma(r, alpha); after each repeat order he
/// drops out with the probability p ~ Beta(a, b), independent of lambda. Source: Fader, Hardie and Lee,
/// "Counting Your Customers" the Easy Way, Marketing Science 24 (2005); Hardie, note 027 (2012) for the
/// likelihood that does not overflow.
///
/// A row is one customer: frequency x (repeat orders, whole, >= 0), recency t_x (first to last order, 0 where
/// x = 0) and age T (first order to now, >= t_x), in one time unit, which is also that of alpha and of
/// horizons. The model cannot see a drop-out before the first repeat order: with x = 0 a customer is alive.
namespace emptor::value {

struct bg_nbd;

/// \tparam T  the scalar of the formulas: math::real, math::pack, math::dual, or double in what a caller keeps
template <class T = double>
struct bg_nbd_parameters {
  using scalar = T;
  using model = bg_nbd;

  T r;     ///< shape of the order rates, > 0
  T alpha; ///< scale of the order rates, > 0, in time units; the mean rate is r / alpha
  T a;     ///< first shape of the drop-out probabilities, > 0
  T b;     ///< second shape, > 0; the mean drop-out probability is a / (a + b)
};

/// Equations 6, 8 and 10 of the paper. All powers are written with log1p(t / alpha), so that the limits
/// r, alpha -> infinity and x large keep their digits.
struct bg_nbd : beta_geometric<bg_nbd_parameters, 0> {
  static constexpr std::string_view name = "value.bg_nbd";
  static constexpr std::string_view summary =
      "BG/NBD: order rate and drop-out of customers without a contract; P(alive) and expected orders";
  static constexpr std::string_view source =
      "Fader, Hardie and Lee, Marketing Science 24 (2005); Hardie, note 027 (2012)";
  static constexpr std::string_view chinese = "客户活跃度与购买频次预测";
  static constexpr std::string_view since = "0.1";
  static const std::span<const example> examples;
  static const std::span<const demo_feed> demo;

  [[nodiscard]] static constexpr quantity_description described(quantity which,
                                                                quantity_description general) noexcept {
    if (which == quantity::probability_alive)
      general.value.summary =
          "P(alive): probability that the customer has not dropped out (客户活跃度); 1 where frequency is 0, "
          "because this model sees drop-out only after a repeat order";
    return general;
  }
};

using bg_nbd_limit = beta_geometric_limit;
using bg_nbd_fit = model_fit<bg_nbd>;

/// Fits BG/NBD: see fit_customer_base.
[[nodiscard]] inline bg_nbd_fit fit_bg_nbd(std::span<const double> frequency, std::span<const double> recency,
                                           std::span<const double> age, std::span<const double> weight = {},
                                           const fit_options& options = {}, const run& how = {}) {
  return fit_customer_base<bg_nbd>(frequency, recency, age, weight, options, how);
}

inline constexpr example_table bg_nbd_fit_rows[] = {
    {"rows", "frequency,recency,age,weight\n0,0,39,500\n0,0,20,420\n1,5,39,90\n1,20,39,40\n1,35,39,30\n"
             "1,10,20,60\n2,10,39,30\n2,30,39,45\n2,15,20,30\n3,12,39,12\n3,35,39,30\n5,38,39,20\n8,37,39,8\n"
             "6,19,20,6\n12,38,39,3\n"}};
inline constexpr example_option bg_nbd_week[] = {{"unit", "week"}};
inline constexpr example_table bg_nbd_fit_expected[] = {
    {"parameters", "parameter,value,standard_error\nr,0.3337418572,0.035491079\nalpha,14.80233999,2."
                   "182208584\na,0.3018166667,0.162283401\nb,1.150937127,0.663753440\n"},
    {"fit",
     "log_likelihood,converged,customers,distinct_rows,total_weight\n-3689.92857523208,true,15,15,1324\n"}};
inline constexpr example_table bg_nbd_score_rows[] = {
    {"rows", "frequency,recency,age\n2,30.43,38.86\n0,0,38.86\n26,30.86,31\n"}};
inline constexpr example_table bg_nbd_score_model[] = {
    {"parameters", "parameter,value\nr,0.243\nalpha,4.414\na,0.793\nb,2.426\n"}};
inline constexpr example_option bg_nbd_score_horizon[] = {{"horizon", "39 week"}};
inline constexpr example_table bg_nbd_score_expected[] = {
    {"scores", "probability_alive,expected_orders\n0.726578570080673,1.22602817476714\n1,0."
               "195098052011263\n0.968915649717525,20.7497261408573\n"}};
inline constexpr example bg_nbd_examples[] = {
    {.what = verb::fit,
     .summary = "1,324 invented customers in 15 distinct rows, weeks",
     .source = "an independent maximisation of the same likelihood with 40-digit arithmetic",
     .tables = bg_nbd_fit_rows,
     .options = bg_nbd_week,
     .expected = bg_nbd_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary = "the first customer is that of the paper: 1.226 orders expected in the next 39 weeks",
     .source = "Fader, Hardie and Lee (2005), section 4, at the published parameters; further digits by "
               "evaluating its equation 10 with 60-digit arithmetic",
     .tables = bg_nbd_score_rows,
     .model_tables = bg_nbd_score_model,
     .model_options = bg_nbd_week,
     .options = bg_nbd_score_horizon,
     .expected = bg_nbd_score_expected,
     .tolerance = 1e-9},
};
inline constexpr std::span<const example> bg_nbd::examples = bg_nbd_examples;
inline constexpr std::span<const demo_feed> bg_nbd::demo = customer_base_demo;

inline constexpr const entry& bg_nbd_entry = customer_base_entry<bg_nbd>;

EMPTOR_CUSTOMER_BASE_INSTANCES(bg_nbd)

} // namespace emptor::value
