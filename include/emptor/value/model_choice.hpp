// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/customer_base_fit.hpp>
#include <emptor/value/customer_rows.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

/// Which model of when customers order their own orders ask for (模型选择).
///
/// All candidates are fitted to the same customers, and the one with the lowest BIC is chosen: -2 log-likelihood +
/// (number of parameters) log(number of customers). A candidate whose likelihood rises towards an end of its domain,
/// such as one drop-out rate for all, competes with what it reaches there: its figures are those of the simpler model
/// that its diagnosis names, but its parameters have no standard errors, and so the figures no intervals. Who has
/// neither a maximum nor such an end is left out.
///
/// Why BIC and not AIC: NBD is the end of the domain of the others, where nobody drops out. AIC keeps on choosing two
/// parameters too many in a share of all histories that does not become smaller with their size; BIC chooses the
/// simpler model with certainty in the long run where it is true, and with enough customers never where it is not.
/// The three models with drop-out have the same number of parameters, so that among them both choose the highest
/// likelihood. Source: Schwarz, Annals of Statistics 6 (1978); Kass and Raftery, Bayes Factors, JASA 90 (1995).
namespace emptor::value {

/// The candidates; of equal BIC the one that stands first, which has no more parameters, is chosen.
enum class order_choice : std::int32_t { nbd = 0, bg_nbd = 1, mbg_nbd = 2, pareto_nbd = 3 };
inline constexpr std::string_view order_choice_names[] = {"nbd", "bg_nbd", "mbg_nbd", "pareto_nbd"};
inline constexpr std::size_t order_choice_count = std::size(order_choice_names);

/// A difference of BIC below this is worth no more than a bare mention (Kass and Raftery, table of section 3.2).
inline constexpr double bare_mention = 2.0;

/// Calls `call(Model())` with the model of a candidate.
template <class Call>
auto with_candidate(order_choice which, const Call& call) {
  switch (which) {
  case order_choice::nbd:
    return call(nbd());
  case order_choice::bg_nbd:
    return call(bg_nbd());
  case order_choice::mbg_nbd:
    return call(mbg_nbd());
  default:
    return call(pareto_nbd());
  }
}

/// How a candidate did.
struct order_candidate {
  order_choice which = order_choice::nbd;
  std::size_t parameters = 0;
  double log_likelihood = std::numeric_limits<double>::quiet_NaN(); ///< NaN where it could not be fitted
  double aic = std::numeric_limits<double>::quiet_NaN();
  double bic = std::numeric_limits<double>::quiet_NaN();
  bool converged = false;
  std::string limit;     ///< the simpler model that the data ask for where there is no maximum, or "none"
  std::string diagnosis; ///< empty where it converged
  bool chosen = false;
  std::string reason;                          ///< why it was chosen, or why not
  std::shared_ptr<const emptor::model> fitted; ///< null where it could not be fitted

  [[nodiscard]] std::string_view name() const noexcept {
    return order_choice_names[static_cast<std::size_t>(which)];
  }
  /// Whether its likelihood rises towards a simpler model that is known.
  [[nodiscard]] bool at_an_end() const noexcept {
    return !converged && !limit.empty() && limit != "none" && limit != "other";
  }
};

/// Customers in columns.
struct customer_columns_view {
  std::span<const double> frequency;
  std::span<const double> recency;
  std::span<const double> age;
};

namespace detail {

/// A number in words: two digits after the point.
[[nodiscard]] inline std::string rounded(double x) {
  constexpr double most = 1e15;
  if (!(x > -most && x < most))
    return to_text(x);
  return decimal_text(static_cast<std::int64_t>(math::floor(x * 100.0 + 0.5)), 2);
}

/// Equal rows are one already, so that each fit sorts the few that differ.
struct distinct_customers {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<double> weight;
  std::int64_t customers;

  explicit distinct_customers(const customer_columns_view& from) {
    const customer_rows rows = compress_customers(from.frequency, from.recency, from.age, {});
    customers = rows.customers;
    for (const customer_rows::row& one : rows.rows) {
      frequency.push_back(rows.recent.frequency[one.recent]);
      recency.push_back(rows.recent.time[one.recent]);
      age.push_back(rows.aged.time[one.aged]);
      weight.push_back(one.weight);
    }
  }
};

template <class Model>
void fit_candidate(order_candidate& made, const distinct_customers& rows, time_unit unit, const run& how) {
  made.parameters = parameter_count<Model>;
  try {
    model_fit<Model> fit =
        fit_customer_base<Model>(rows.frequency, rows.recency, rows.age, rows.weight, {}, how);
    fit.customers = rows.customers;
    made.log_likelihood = fit.log_likelihood;
    made.aic = fit.aic();
    made.bic = fit.bic();
    made.converged = fit.converged;
    made.limit = Model::levels[static_cast<std::size_t>(fit.limit)];
    made.diagnosis = fit.diagnosis;
    made.fitted = fitted_result(fit, name(unit)).fitted;
  } catch (const error& refused) {
    if (refused.code() != status::too_few)
      throw;
    made.diagnosis = refused.what();
  }
}

} // namespace detail

/// Fits the candidates, or the one that is asked for. \throws error status::cancelled, status::data
[[nodiscard]] inline std::vector<order_candidate> fit_candidates(const customer_columns_view& customers,
                                                                 time_unit unit,
                                                                 std::optional<order_choice> asked = {},
                                                                 const run& how = {}) {
  const detail::distinct_customers rows(customers);
  std::vector<order_candidate> made;
  for (std::size_t i = 0; i < order_choice_count; ++i) {
    const auto which = static_cast<order_choice>(i);
    if (asked && *asked != which)
      continue;
    made.emplace_back().which = which;
    with_candidate(which,
                   [&]<class Model>(Model) { detail::fit_candidate<Model>(made.back(), rows, unit, how); });
  }
  return made;
}

/// Marks one of the candidates as chosen, and says of each why, or why not.
/// \param asked  whether the only candidate was asked for by name
/// \throws error status::not_converged where none has a maximum or a known end
[[nodiscard]] inline const order_candidate& choose(std::vector<order_candidate>& candidates, bool asked,
                                                   std::string_view where) {
  order_candidate* best = nullptr;
  for (order_candidate& one : candidates) {
    if ((one.converged || one.at_an_end()) && (best == nullptr || one.bic < best->bic))
      best = &one;
  }
  if (best == nullptr) {
    std::string text(where);
    text.append(": no model of when customers order fits");
    for (const order_candidate& one : candidates)
      text.append(one.which == candidates.front().which ? ": " : "; ")
          .append(one.name())
          .append(": ")
          .append(one.diagnosis);
    throw error(status::not_converged, text);
  }
  best->chosen = true;
  best->reason = asked ? "asked for by option model" : "the lowest BIC of the candidates";
  if (!best->converged)
    best->reason += "; no maximum: " + best->diagnosis;
  for (order_candidate& one : candidates) {
    if (one.chosen)
      continue;
    if (!one.converged && !one.at_an_end()) {
      one.reason = "no maximum: " + one.diagnosis;
      continue;
    }
    const double more = one.bic - best->bic;
    one.reason = "its BIC is " + detail::rounded(more) + " higher than that of " + std::string(best->name());
    if (more < bare_mention)
      one.reason += ", which is not worth more than a bare mention";
    if (!one.converged)
      one.reason += "; no maximum: " + one.diagnosis;
  }
  return *best;
}

} // namespace emptor::value
