// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/value/bg_bb_entry.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

/// The models of when customers order, for what takes any of them in a slot.
namespace emptor::value {

inline constexpr std::string_view order_models[] = {bg_bb::name, bg_nbd::name, mbg_nbd::name, nbd::name,
                                                    pareto_nbd::name};
inline constexpr slot_description order_model_slot{
    .name = "orders", .summary = "when customers order: a fitted model", .accepts = order_models};
/// For what looks at one model alone.
inline constexpr slot_description looked_at_slot{
    .name = "model", .summary = "when customers order: a fitted model", .accepts = order_models};

/// Calls `call(Model())` with the model of customer_base.hpp that made `fitted`, which is one of order_models.
template <class Call>
auto with_order_model(const emptor::model& fitted, const Call& call) {
  if (fitted.entry == bg_bb::name)
    return call(bg_bb());
  if (fitted.entry == bg_nbd::name)
    return call(bg_nbd());
  if (fitted.entry == mbg_nbd::name)
    return call(mbg_nbd());
  if (fitted.entry == nbd::name)
    return call(nbd());
  return call(pareto_nbd());
}

/// The parameters of a fitted model, for its formulas or, as doubles, for callers.
template <class Model, class T = math::real>
[[nodiscard]] typename Model::template parameters<T> parameters_of(const emptor::model& fitted) {
  const std::vector<double> values = read_parameters<Model>(fitted);
  return parameters_from<Model, T>([&](std::size_t i) { return T(values[i]); });
}

} // namespace emptor::value
