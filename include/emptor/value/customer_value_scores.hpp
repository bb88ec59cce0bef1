// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_rows.hpp>
#include <emptor/value/lifetime_value.hpp>
#include <emptor/value/summary.hpp>

/// The scores of a model that value.customer_value takes, each worked out once.
namespace emptor::value::detail {

/// What a model says of customers. It depends on frequency, recency and age only, so that customers with equal rows
/// are scored once; and what costs most, the discounted orders of a living customer with their derivatives, is
/// evaluated once for each different frequency and age.
template <class Model>
class scored_rows {
public:
  using number = math::dual<math::real, parameter_count<Model>, 1>; ///< with derivatives in the parameters

  scored_rows(std::span<const double> frequency, const summaries& all, const emptor::model& fitted,
              const discount_schedule& schedule, double quantile, const run& how) {
    const ranked by_frequency(frequency);
    const ranked by_recency(std::span<const double>(all.recency));
    const ranked by_age(std::span<const double>(all.age));
    const ranked recent(by_frequency, by_recency);
    const ranked aged(by_frequency, by_age);
    ranked rows(recent, by_age);
    const std::size_t ages = by_age.keys.size();
    const std::size_t recencies = by_recency.keys.size();
    for (const std::uint64_t key : rows.keys) {
      const std::uint64_t pair = recent.keys[key / ages];
      in_[0].push_back(by_frequency.number(pair / recencies));
      in_[1].push_back(by_recency.number(pair % recencies));
      in_[2].push_back(by_age.number(key % ages));
    }
    std::vector<std::uint32_t> pair_of(rows.keys.size());
    for (std::size_t i = 0; i < rows.rank.size(); ++i)
      pair_of[rows.rank[i]] = aged.rank[i];
    row_ = std::move(rows.rank);

    const std::vector<double> uniforms = discounting_uniforms<Model>(fitted, schedule);
    const discounted_orders<Model, math::real> plain(uniforms.data());
    const discounted_orders<Model, number> derived(
        parameters_from<Model, number>([&](std::size_t i) { return number::variable(uniforms[i], i); }),
        uniforms.data() + parameter_count<Model>);
    struct future {
      math::real orders;
      number derived; // the same, but for the last digits
    };
    std::vector<future> living(aged.keys.size());
    const auto blocks = [](std::size_t of) {
      return (static_cast<std::int64_t>(of) + rows_per_block - 1) / rows_per_block;
    };
    constexpr auto block_size = static_cast<std::size_t>(rows_per_block);
    for_each_task(blocks(living.size()), how, [&](std::int64_t block) {
      const std::size_t first = static_cast<std::size_t>(block) * block_size;
      for (std::size_t k = first; k < std::min(first + block_size, living.size()); ++k) {
        const math::real x = by_frequency.number(aged.keys[k] / ages);
        const math::real t = by_age.number(aged.keys[k] % ages);
        living[k] = {plain.of_living(x, t), derived.of_living(x, t)};
      }
    });

    // The scores of the model's own entry.
    const std::vector<option> asked{{"horizon", to_text(schedule.horizon)}, {"quantile", to_text(quantile)}};
    const std::unique_ptr<scorer> scores =
        customer_base_entry<Model>.bind({.self = &fitted,
                                         .options = option_values(Model::name, customer_score_options, asked),
                                         .slots = {},
                                         .inputs = {},
                                         .wanted = {}});
    const std::size_t count = in_[0].size();
    alive_.assign(count, 1.0); // where nobody drops out it is no score
    orders_.resize(count);
    next_order_.resize(count);
    discounted_.resize(count);
    derived_.resize(count);
    for_each_task(blocks(count), how, [&](std::int64_t block) {
      const std::size_t first = static_cast<std::size_t>(block) * block_size;
      const std::size_t last = std::min(first + block_size, count);
      std::array<score_block::input, customer_inputs> inputs{};
      for (std::size_t c = 0; c < customer_inputs; ++c)
        inputs[c].number = in_[c].data() + first;
      std::array<score_block::output, customer_outputs<Model>.size()> outputs{};
      for (std::size_t k = 0; k < defined_quantities<Model>.size(); ++k) {
        if (std::vector<double>* const column =
                column_of(static_cast<quantity>(defined_quantities<Model>[k])))
          outputs[k].number = column->data() + first;
      }
      std::array<row_status, block_size> statuses{};
      scores->score({.rows = static_cast<std::int64_t>(last - first),
                     .inputs = inputs,
                     .outputs = outputs,
                     .status = statuses.data()});
      for (std::size_t k = first; k < last; ++k) {
        const future& of = living[pair_of[k]];
        discounted_[k] = math::value_of(math::real(alive_[k]) * of.orders);
        derived_[k] =
            derived.alive(math::real(in_[0][k]), math::real(in_[1][k]), math::real(in_[2][k])) * of.derived;
      }
    });
  }

  // Of customer i.
  [[nodiscard]] double probability_alive(std::size_t i) const noexcept { return alive_[row_[i]]; }
  [[nodiscard]] double expected_orders(std::size_t i) const noexcept { return orders_[row_[i]]; }
  [[nodiscard]] double next_order(std::size_t i) const noexcept { return next_order_[row_[i]]; }
  [[nodiscard]] double discounted_expected_orders(std::size_t i) const noexcept {
    return discounted_[row_[i]];
  }
  /// The same with its derivatives in the parameters.
  [[nodiscard]] const number& derived_orders(std::size_t i) const noexcept { return derived_[row_[i]]; }

private:
  /// Where a score goes; null for those that nobody wants.
  [[nodiscard]] std::vector<double>* column_of(quantity which) noexcept {
    switch (which) {
    case quantity::probability_alive:
      return &alive_;
    case quantity::expected_orders:
      return &orders_;
    case quantity::next_order_quantile:
      return &next_order_;
    default:
      return nullptr;
    }
  }

  std::vector<std::uint32_t> row_; ///< of each customer
  std::array<std::vector<double>, customer_inputs> in_;
  std::vector<double> alive_;
  std::vector<double> orders_;
  std::vector<double> next_order_;
  std::vector<double> discounted_;
  std::vector<number> derived_;
};

} // namespace emptor::value::detail
