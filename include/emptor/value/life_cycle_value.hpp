// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/value/planned_parts.hpp>

/// Value of a customer over the life cycle of the relation (客户生命周期): exploration (考察期), formation (形成期), stability
/// (稳定期) and decline (退化期) follow one another, each with a length and with what it brings a period.
///
///     value = returns of the four phases - (acquisition + development + service + maintenance cost)
///
/// What a phase brings a period is worth return x annuity factor of its length, discounted from its start to today. Winning
/// him is paid at the beginning (获取成本), developing him during the formation (发展成本), service in all phases (服务成本), and
/// keeping him during stability and decline (维系成本). Where the length of a phase is not given its return is the total of the
/// phase, as it is worth today.
///
/// Source: the phases are those of F. R. Dwyer, P. H. Schurr and S. Oh, Developing Buyer-Seller Relationships, Journal of
/// Marketing 51, 1987, as Chinese CRM teaching takes them up.
namespace emptor::value {

inline constexpr std::string_view life_cycle_value_name = "value.life_cycle_value";

inline constexpr column_description life_cycle_inputs[] = {
    {.name = "exploration_return",
     .unit = "currency",
     .summary = "what he brings in a period of the exploration (考察期收益), or in all of it where "
                "exploration_periods is not given; missing = 0",
     .optional = true},
    {.name = "formation_return",
     .unit = "currency",
     .summary = "the same of the formation (形成期收益)",
     .optional = true},
    {.name = "stability_return",
     .unit = "currency",
     .summary = "the same of the stability (稳定期收益)",
     .optional = true},
    {.name = "decline_return",
     .unit = "currency",
     .summary = "the same of the decline (退化期收益)",
     .optional = true},
    {.name = "exploration_periods",
     .unit = "periods",
     .summary = "length of the exploration; missing = exploration_return is its total, and the next phase "
                "begins as if it had no length",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "formation_periods",
     .unit = "periods",
     .summary = "length of the formation",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "stability_periods",
     .unit = "periods",
     .summary = "length of the stability",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "decline_periods",
     .unit = "periods",
     .summary = "length of the decline",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "exploration_growth",
     .unit = "share a period",
     .summary = "how much the return of a period of the exploration grows to the next one; by e^growth where "
                "rate_kind is continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "formation_growth",
     .unit = "share a period",
     .summary = "the same of the formation, in which he mostly buys more and more",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "stability_growth",
     .unit = "share a period",
     .summary = "the same of the stability",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "decline_growth",
     .unit = "share a period",
     .summary = "the same of the decline, mostly below 0",
     .allowed = above_minus_one,
     .optional = true},
    acquisition_cost_column,
    {.name = "development_cost",
     .unit = "currency",
     .summary = "what developing the relation costs in a period of the formation (发展成本), or in all where "
                "formation_periods is not given; missing = 0",
     .optional = true},
    {.name = "service_cost",
     .unit = "currency",
     .summary =
         "what serving him costs in a period of each phase whose length is given (服务成本), or in all "
         "where none is; missing = 0",
     .optional = true},
    {.name = "maintenance_cost",
     .unit = "currency",
     .summary = "what keeping him costs in a period of stability and decline, as far as their lengths are "
                "given (维系成本), or in all where neither is; missing = 0",
     .optional = true},
};
inline constexpr companion life_cycle_needs[] = {
    {8, 4, "given where exploration_growth is"},
    {9, 5, "given where formation_growth is"},
    {10, 6, "given where stability_growth is"},
    {11, 7, "given where decline_growth is"},
};
/// A row must tell the return of one phase at least.
[[nodiscard]] constexpr row_fault life_cycle_rule(std::span<const double> values) noexcept {
  bool any = false;
  for (std::size_t phase = 0; phase < 4; ++phase)
    any = any || values[phase] == values[phase];
  if (!any)
    return {row_status::missing, 2, "given, or the return of another phase"};
  return companions_rule<life_cycle_needs>(values);
}
inline constexpr option_description life_cycle_options[] = {
    {.name = "rate",
     .what = option_content::number,
     .summary = "discount rate of a period (折现率); 0 where the figures are totals",
     .unit = "share a period",
     .allowed = above_minus_one,
     .default_value = "0"},
    rate_kind_option,
    timing_option,
};
inline constexpr column_description life_cycle_outputs[] = {
    {.name = "exploration_value",
     .unit = "currency",
     .summary = "present value of the exploration's returns"},
    {.name = "formation_value", .unit = "currency", .summary = "of the formation's"},
    {.name = "stability_value", .unit = "currency", .summary = "of the stability's"},
    {.name = "decline_value", .unit = "currency", .summary = "of the decline's"},
    {.name = "return_value", .unit = "currency", .summary = "the four of them, added in this order"},
    {.name = "acquisition_cost_value", .unit = "currency", .summary = "acquisition_cost"},
    {.name = "development_cost_value", .unit = "currency", .summary = "present value of development_cost"},
    {.name = "service_cost_value", .unit = "currency", .summary = "present value of service_cost"},
    {.name = "maintenance_cost_value", .unit = "currency", .summary = "present value of maintenance_cost"},
    {.name = "cost_value", .unit = "currency", .summary = "the four of them, added in this order"},
    {.name = "value", .unit = "currency", .summary = "return_value - cost_value"},
    {.name = "periods",
     .unit = "periods",
     .summary = "length of the relation: of the phases whose lengths are given"},
};

/// The figures over columns in the order of the inputs. NaN is missing.
template <class T>
struct life_cycle_scores {
  static constexpr int inputs = 16;
  static constexpr int outputs = 12;

  T rate;
  rate_kind how;
  T of_start;
  T log_discount; ///< of a period, below 0 where the rate is above
  T discount;     ///< what 1 is worth a period before, less 1
  bool grows[4];

  /// \param given  rate, kind of the rate, timing, whether there are columns of growth for each phase
  explicit EMPTOR_INLINE life_cycle_scores(const double* given) noexcept
      : rate(given[0])
      , how(given[1] == 0.0 ? rate_kind::effective : rate_kind::continuous)
      , of_start(within_period(rate, how, static_cast<payment_timing>(given[2])))
      , log_discount(-force_of_interest(rate, how))
      , discount(growth_over_rate(T(0.0), rate, how))
      , grows{given[3] != 0.0, given[4] != 0.0, given[5] != 0.0, given[6] != 0.0} {}

  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    using math::any;
    using math::exp;
    using math::expm1;
    using math::select;
    const T one(1.0);
    const T zero(0.0);
    T from = of_start; // worth of a period's money at the start of the phase
    T length(0.0);
    T all(0.0);   // factors of all phases that have a length
    T late(0.0);  // of the last two
    T timed(0.0); // how many have one
    T late_timed(0.0);
    for (std::size_t phase = 0; phase < 4; ++phase) {
      const auto given = in[4 + phase] == in[4 + phase];
      if (!any(given)) { // totals of phases whose lengths nobody tells need no power
        out[phase] = times(or_nothing(in[phase]), one);
        if (phase == 1)
          out[6] = times(or_nothing(in[13]), one);
        continue;
      }
      const T n = or_nothing(in[4 + phase]);
      const T x = log_discount * n;
      const T shrinks = expm1(x);
      // No period is worth nothing, however much a period of long ago would be worth.
      const T level = select(n == 0.0, zero, T(from * T(select(discount == 0.0, n, T(shrinks / discount)))));
      T growing = level;
      if (grows[phase])
        growing = grown(T(growth_over_rate(or_nothing(in[8 + phase]), rate, how)), n, from, length);
      out[phase] = times(or_nothing(in[phase]), T(select(given, growing, one)));
      if (phase == 1)
        out[6] = times(or_nothing(in[13]), T(select(given, level, one)));
      const T factor = select(given, level, zero);
      const T counted = select(given, one, zero);
      all = all + factor;
      timed = timed + counted;
      if (phase >= 2) {
        late = late + factor;
        late_timed = late_timed + counted;
      }
      length = length + n;
      // 1 + (e^x - 1) has lost digits where little is left.
      T left = one + shrinks;
      const auto little = x < -0.5;
      if (phase < 3 && any(little))
        left = select(little, T(exp(x)), left);
      from = from * left;
    }
    out[4] = sum_of_parts({out[0], out[1], out[2], out[3]});
    out[5] = or_nothing(in[12]) + 0.0; // one zero only
    out[7] = times(or_nothing(in[14]), T(select(timed == 0.0, one, all)));
    out[8] = times(or_nothing(in[15]), T(select(late_timed == 0.0, one, late)));
    out[9] = sum_of_parts({out[5], out[6], out[7], out[8]});
    out[10] = sum_of_parts({out[4], T(-out[9])});
    out[11] = length;
  }

private:
  /// What money of n periods that grows is worth today. \param from  worth of 1 at their start \param before  periods up to it
  [[nodiscard]] EMPTOR_INLINE T grown(const T& step, const T& n, const T& from,
                                      const T& before) const noexcept {
    using math::any;
    using math::exp;
    using math::log1p;
    using math::select;
    const T worth = times(sum_of_powers(step, n), from);
    const auto none = worth != worth;
    if (!any(none))
      return worth;
    // Of so many periods that the discount is nothing and the growth beyond all numbers only both together are a number.
    const T last = exp(T(log_discount * before + log1p(step) * n));
    return select(none, T(of_start * last / T(select(step < math::detail::infinity, step, T(1.0)))), worth);
  }
};

class life_cycle_scorer final : public scorer {
public:
  life_cycle_scorer(const kernel& compute, const std::vector<double>& uniforms)
      : compute_(compute, uniforms.data()) {}

  [[nodiscard]] bool rule_holds(const score_block& block) const noexcept override {
    bool all = false; // one column has a return in every row
    for (std::size_t phase = 0; phase < 4 && !all; ++phase) {
      const double* const given = block.inputs[phase].number;
      std::int64_t missing = 0;
      const std::int64_t rows = given == nullptr ? 0 : block.rows;
      for (std::int64_t row = 0; row < rows; ++row)
        missing += given[row] == given[row] ? 0 : 1;
      all = given != nullptr && missing == 0;
    }
    return all && companions_hold(life_cycle_needs, block);
  }
  void score(const score_block& block) const noexcept override { compute_columns<16, 12>(compute_, block); }

private:
  prepared_kernel compute_;
};

// Two periods of exploration, formation and stability each, one of decline, at 100 %: a period's money is worth half at its
// end. Exploration: 8 / 2 + 8 / 4 = 6. Formation, which begins after two periods and doubles: 16 x (1 + 1) / 2 / 4 = 4.
// Stability after four: 64 x 0.75 / 16 = 3. Decline after six: 128 / 2 / 64 = 1. Of the costs 4 a period of the formation are 4 x
// 0.75 / 4 = 0.75, service of 1 a period 1 - 2^-7 = 0.9921875, and 16 a period from the stability on 16 x (0.75 / 16 + 1 / 128)
// = 0.875. The second row has totals only.
inline constexpr example_table life_cycle_example_rows[] = {
    {"rows", "exploration_return,formation_return,stability_return,decline_return,exploration_periods,"
             "formation_periods,stability_periods,decline_periods,formation_growth,acquisition_cost,"
             "development_cost,service_cost,maintenance_cost\n"
             "8,16,64,128,2,2,2,1,1,3,4,1,16\n"
             "100,400,2000,300,,,,,,150,200,350,100\n"}};
inline constexpr example_option life_cycle_example_options[] = {{"rate", "1"}};
inline constexpr example_table life_cycle_example_expected[] = {
    {"scores", "exploration_value,formation_value,stability_value,decline_value,return_value,"
               "acquisition_cost_value,development_cost_value,service_cost_value,maintenance_cost_value,"
               "cost_value,value,periods\n"
               "6,4,3,1,14,3,0.75,0.9921875,0.875,5.6171875,8.3828125,7\n"
               "100,400,2000,300,2800,150,200,350,100,800,2000,0\n"}};
inline constexpr example life_cycle_examples[] = {
    {.what = verb::score,
     .summary = "four phases with lengths at a rate of 100 %, and plain totals",
     .source = "the definition, with figures to be checked by hand",
     .tables = life_cycle_example_rows,
     .options = life_cycle_example_options,
     .expected = life_cycle_example_expected,
     .tolerance = 1e-14},
};

inline constexpr entry_description life_cycle_description{
    .name = life_cycle_value_name,
    .what = verb::score,
    .summary = "value of a customer over the life cycle: returns of exploration, formation, stability and "
               "decline less acquisition, development, service and maintenance cost",
    .source = "Dwyer, Schurr and Oh, Developing Buyer-Seller Relationships, 1987; the life cycle of Chinese "
              "CRM teaching",
    .chinese = "客户生命周期价值（考察期、形成期、稳定期、退化期）",
    .since = "0.1",
    .score = {.inputs = life_cycle_inputs,
              .options = life_cycle_options,
              .outputs = life_cycle_outputs,
              .rule = &life_cycle_rule},
    .examples = life_cycle_examples,
    .no_demo =
        "how long the phases of a relation will last is a plan, which the orders of the company do not "
        "tell",
};

[[nodiscard]] inline std::unique_ptr<scorer> bind_life_cycle_value(const score_request& request) {
  const option_values& options = request.options;
  std::vector<double> uniforms{
      options.number("rate"), static_cast<double>(options.choice<std::int32_t>("rate_kind", rate_kind_names)),
      static_cast<double>(options.choice<std::int32_t>("timing", payment_timing_names))};
  for (std::size_t phase = 0; phase < 4; ++phase)
    uniforms.push_back(has_column(request, 8 + phase) ? 1.0 : 0.0);
  return std::make_unique<life_cycle_scorer>(
      request.wide ? request.wide : math::kernel_of<life_cycle_scores, math::pack<math::isa::baseline>>(),
      uniforms);
}

inline constexpr entry life_cycle_value_entry{.description = &life_cycle_description,
                                              .bind = bind_life_cycle_value};

} // namespace emptor::value
