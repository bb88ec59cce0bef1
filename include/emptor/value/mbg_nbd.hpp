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

/// MBG/NBD: BG/NBD in which a customer may also drop out right after his first order (客户活跃度).
///
/// While alive a customer orders at the Poisson rate lambda ~ Gamma(r, alpha); after each order, the first one
/// too, he drops out with the probability p ~ Beta(a, b), independent of lambda. So P(alive) falls with time also
/// for who ordered once, which BG/NBD cannot say. Source: Batislam, Denizel and Filiztekin, "Empirical validation
/// and comparison of models for customer base analysis", International Journal of Research in Marketing 24
/// (2007); Hoppe and Wagner, "Customer base analysis: the case for a central variant of the betageometric/NBD
/// model", Marketing ZFP 29 (2007).
///
/// A row is one customer: frequency x (repeat orders, whole, >= 0), recency t_x (first to last order, 0 where
/// x = 0) and age T (first order to now, >= t_x), in one time unit, which is also that of alpha and of
/// horizons.
namespace emptor::value {

struct mbg_nbd;

/// \tparam T  the scalar of the formulas: math::real, math::pack, math::dual, or double in what a caller keeps
template <class T = double>
struct mbg_nbd_parameters {
  using scalar = T;
  using model = mbg_nbd;

  T r;     ///< shape of the order rates, > 0
  T alpha; ///< scale of the order rates, > 0, in time units; the mean rate is r / alpha
  T a;     ///< first shape of the drop-out probabilities, > 0
  T b;     ///< second shape, > 0; the mean drop-out probability is a / (a + b)
};

struct mbg_nbd : beta_geometric<mbg_nbd_parameters, 1> {
  static constexpr std::string_view name = "value.mbg_nbd";
  static constexpr std::string_view summary = "MBG/NBD: order rate and drop-out of customers without a "
                                              "contract, who may leave after their first order";
  static constexpr std::string_view source =
      "Batislam, Denizel and Filiztekin, International Journal of Research in Marketing 24 (2007); Hoppe and "
      "Wagner, Marketing ZFP 29 (2007)";
  static constexpr std::string_view chinese = "客户活跃度与购买频次预测（首单后可流失）";
  static constexpr std::string_view since = "0.1";
  static const std::span<const example> examples;
  static const std::span<const demo_feed> demo;

  [[nodiscard]] static constexpr quantity_description
  described(quantity, const quantity_description& general) noexcept {
    return general;
  }
};

using mbg_nbd_limit = beta_geometric_limit;
using mbg_nbd_fit = model_fit<mbg_nbd>;

/// Fits MBG/NBD: see fit_customer_base.
[[nodiscard]] inline mbg_nbd_fit fit_mbg_nbd(std::span<const double> frequency,
                                             std::span<const double> recency, std::span<const double> age,
                                             std::span<const double> weight = {},
                                             const fit_options& options = {}, const run& how = {}) {
  return fit_customer_base<mbg_nbd>(frequency, recency, age, weight, options, how);
}

inline constexpr example_table mbg_nbd_fit_rows[] = {
    {"rows", "frequency,recency,age,weight\n0,0,39,500\n0,0,20,420\n1,5,39,90\n1,20,39,40\n1,35,39,30\n"
             "1,10,20,60\n2,10,39,30\n2,30,39,45\n2,15,20,30\n3,12,39,12\n3,35,39,30\n5,38,39,20\n8,37,39,8\n"
             "6,19,20,6\n12,38,39,3\n"}};
inline constexpr example_option mbg_nbd_week[] = {{"unit", "week"}};
inline constexpr example_table mbg_nbd_fit_expected[] = {
    {"parameters", "parameter,value,standard_error\nr,1.029757082176,0.399006306307\nalpha,23.44554885379,5."
                   "702875928401\na,0.5153535168704,0.133105563930\nb,0.5985823445393,0.234478469045\n"},
    {"fit",
     "log_likelihood,converged,customers,distinct_rows,total_weight\n-3688.56266863028,true,15,15,1324\n"}};
inline constexpr example_table mbg_nbd_score_rows[] = {
    {"rows", "frequency,recency,age\n2,30.43,38.86\n0,0,38.86\n"}};
inline constexpr example_table mbg_nbd_score_model[] = {
    {"parameters", "parameter,value\nr,0.525\nalpha,6.183\na,0.891\nb,1.614\n"}};
inline constexpr example_option mbg_nbd_score_options[] = {{"horizon", "39 week"}};
inline constexpr example_table mbg_nbd_score_expected[] = {
    {"scores", "probability_alive,expected_orders\n0.7062022651184873,1.262960623267366\n0."
               "3897350809187629,0.1540127466751467\n"}};
inline constexpr example mbg_nbd_examples[] = {
    {.what = verb::fit,
     .summary = "1,324 invented customers in 15 distinct rows, weeks",
     .source = "an independent maximisation of the same likelihood with 50-digit arithmetic",
     .tables = mbg_nbd_fit_rows,
     .options = mbg_nbd_week,
     .expected = mbg_nbd_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary = "two customers at the published parameters of the CDNOW sample: who ordered once may be gone",
     .source = "parameters of lifetimes, after BTYDplus; the figures by integrating over the drop-out "
               "probability with 50-digit arithmetic",
     .tables = mbg_nbd_score_rows,
     .model_tables = mbg_nbd_score_model,
     .model_options = mbg_nbd_week,
     .options = mbg_nbd_score_options,
     .expected = mbg_nbd_score_expected,
     .tolerance = 1e-12},
};
inline constexpr std::span<const example> mbg_nbd::examples = mbg_nbd_examples;
inline constexpr std::span<const demo_feed> mbg_nbd::demo = customer_base_demo;

inline constexpr const entry& mbg_nbd_entry = customer_base_entry<mbg_nbd>;

EMPTOR_CUSTOMER_BASE_INSTANCES(mbg_nbd)

} // namespace emptor::value
