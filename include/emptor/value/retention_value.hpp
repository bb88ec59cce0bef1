// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
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

#include <emptor/math/dual.hpp>
#include <emptor/value/present_value.hpp>

/// Value of a customer who may leave (客户保持率与终身价值): his margin of each period, as likely as he is still there, discounted.
///
///     value = sum over t of margin x (1 + growth)^t x retention_1 ... retention_t / (1 + rate)^t - acquisition cost
///
/// from t = 0 with the first margin, which comes at once, or from t = 1 without it. For ever and with one retention it is
/// margin x (1 + rate) / (1 + rate - retention (1 + growth)), or without the first margin margin x retention (1 + growth)
/// over the same. Two analysts who disagree on the value of a customer mostly disagree on the first margin; it is an option.
///
/// Source: S. Gupta and D. R. Lehmann, Customers as Assets, Journal of Interactive Marketing 17, 2003 (margin multiple);
/// S. Gupta, D. R. Lehmann and J. A. Stuart, Valuing Customers, Journal of Marketing Research 41, 2004 (elasticities).
namespace emptor::value {

inline constexpr std::string_view retention_value_name = "value.retention_value";

/// The sum of the margins that are expected, in units of the first, with one retention.
/// \param n  how many margins, whole, infinite = for ever \param first  whether the first one comes at once
/// \return NaN where there is no end and nothing makes it finite
template <class T>
[[nodiscard]] EMPTOR_INLINE T margin_multiple(const T& retention, const T& growth, const T& rate, const T& n,
                                              bool first) noexcept {
  using math::any;
  using math::log;
  using math::log1p;
  using math::select;
  const T ratio = retention * (1.0 + growth) / (1.0 + rate);
  const auto small =
      ratio < 0.5; // which less 1, and whose logarithm, has a derivative down to the least ratio
  // The ratio of two margins less 1: neither difference loses anything where its two numbers are close.
  const T excess =
      select(small, T(ratio - 1.0), T(((retention - 1.0) * (1.0 + growth) + (growth - rate)) / (1.0 + rate)));
  const auto ends = n < math::detail::infinity;
  T sum = endless_sum_of_powers(excess);
  if (any(ends)) {
    T log_ratio = log1p(excess);
    if (any(small))
      log_ratio = select(small, T(log(ratio)), log_ratio);
    sum = select(ends, T(finite_sum_of_powers(excess, log_ratio, n)), sum);
  }
  return first ? sum : T(ratio * sum);
}

/// The same with a retention for each of the first periods; the last one holds from there on.
/// \param retentions  at least one \param scale  of all of them, for derivatives
template <class T>
[[nodiscard]] T margin_multiple(std::span<const double> retentions, const T& scale, const T& growth,
                                const T& rate, double n, bool first) noexcept {
  const T step = (1.0 + growth) / (1.0 + rate);
  const std::size_t alone = retentions.size() - 1; // those before the last
  T there(1.0);                                    // expected and discounted, of the margin at hand
  T sum(0.0);
  for (std::size_t i = 0; i < alone; ++i) {
    if (static_cast<double>(i) >= n)
      return sum;
    const T next = there * (scale * math::real(retentions[i]) * step);
    sum = sum + (first ? there : next);
    there = next;
    if (retentions[i] == 0.0)
      return sum;
  }
  const double rest = n - static_cast<double>(alone);
  if (rest <= 0.0)
    return sum;
  if (retentions.back() == 0.0) // the logarithm of nothing has no derivative, but nothing comes after
    return first ? T(sum + there) : sum;
  return sum + there * margin_multiple(T(scale * math::real(retentions.back())), growth, rate,
                                       T(math::real(rest)), first);
}

inline constexpr column_description retention_value_inputs[] = {
    {.name = "margin",
     .unit = "currency a period",
     .summary = "what the customer brings in a period in which he is there, after all costs of serving him"},
    {.name = "retention",
     .unit = "probability",
     .summary =
         "that he stays from one period to the next (客户保持率); needed where no retentions are given",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "growth",
     .unit = "share a period",
     .summary = "how much the margin grows from each period to the next; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    acquisition_cost_column,
    {.name = "periods",
     .what = content::count,
     .unit = "periods",
     .summary = "how many margins count; missing = the option periods",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "retentions",
     .unit = "probability",
     .summary = "retention period by period: retentions:1 from the first period to the second, retentions:2 "
                "on to the "
                "third, ...; the last one that a row has holds from there on. Row status inconsistent where "
                "it leaves out one before",
     .allowed = zero_to_one,
     .optional = true,
     .many = true},
};
inline constexpr option_description retention_value_options[] = {
    period_rate_option,
    {.name = "periods",
     .what = option_content::integer,
     .summary = "how many margins count, of rows that do not say it; without it for ever",
     .unit = "periods",
     .allowed = {0, 1'000'000'000}},
    {.name = "first_margin",
     .what = option_content::boolean,
     .summary = "whether the first margin comes at once and for sure; without it the first one comes after a "
                "period, if he "
                "stays",
     .default_value = "true"},
};

enum class retention_output : std::size_t {
  margin_multiple,
  break_even,
  value,
  expected_margins,
  payback,
  internal_rate,
  of_margin,
  of_retention,
  of_rate,
  of_acquisition
};
inline constexpr column_description retention_value_outputs[] = {
    {.name = "margin_multiple",
     .unit = "margins",
     .summary = "value of a margin of 1 a period. Undefined for ever where retention x (1 + growth) is not "
                "below 1 + rate"},
    {.name = "break_even_acquisition_cost",
     .unit = "currency",
     .summary = "margin x margin_multiple: the most that winning him may cost"},
    {.name = "value", .unit = "currency", .summary = "break_even_acquisition_cost - acquisition_cost"},
    {.name = "expected_margins",
     .unit = "margins",
     .summary = "how many margins are expected, neither grown nor discounted. Undefined for ever where "
                "nobody leaves"},
    {.name = "payback",
     .unit = "periods",
     .summary = "periods after which the expected margins, discounted, have brought the acquisition cost "
                "back: 0 where the "
                "first margin does; never where they do not",
     .allowed = at_least_zero,
     .on_request = true},
    {.name = "internal_rate_of_return",
     .unit = "share a period",
     .summary = "the rate at which value is 0, to the last bit of 1 + rate; undefined where there is none: "
                "where the first "
                "margin alone pays the acquisition cost, where no margin follows a first one that does not, "
                "and where margin or "
                "acquisition_cost is not above 0",
     .on_request = true},
    {.name = "margin_elasticity",
     .summary =
         "by how many percent value changes where margin is one percent larger; undefined where value is 0",
     .on_request = true},
    {.name = "retention_elasticity",
     .summary = "the same of all retention: one percent larger, not one percentage point",
     .on_request = true},
    {.name = "rate_elasticity", .summary = "the same of the discount rate", .on_request = true},
    {.name = "acquisition_elasticity", .summary = "the same of acquisition_cost", .on_request = true},
};

/// The first four figures of rows with one retention, over columns in the order of the inputs.
template <class T>
struct retention_value_scores {
  static constexpr int inputs = 5;
  static constexpr int outputs = 4;

  T rate;
  T periods;
  bool first;

  /// \param given  rate, periods (infinite = for ever), whether the first margin comes at once
  explicit EMPTOR_INLINE retention_value_scores(const double* given) noexcept
      : rate(given[0])
      , periods(given[1])
      , first(given[2] != 0.0) {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* wanted) const noexcept {
    using math::select;
    const auto or_else = [](const T& x, const T& other) { return T(select(x == x, x, other)); };
    const T zero(0.0);
    const T n = or_else(in[4], periods);
    const auto known = in[1] == in[1];
    const T unknown(math::detail::not_a_number);
    out[0] = select(known, T(margin_multiple(in[1], or_else(in[2], zero), rate, n, first)), unknown);
    out[1] = in[0] * out[0] + 0.0; // one zero only
    out[2] = out[1] - or_else(in[3], zero);
    if (wanted[3])
      out[3] = select(known, T(margin_multiple(in[1], zero, zero, n, first)), unknown);
  }
};

/// The question of one row.
struct retention_question {
  double margin = 0.0;
  std::span<const double> retentions; ///< at least one
  double growth = 0.0;
  double acquisition_cost = 0.0;
  double periods = std::numeric_limits<double>::infinity();
  double rate = 0.0;
  bool first = true;

  [[nodiscard]] double multiple(double with_growth, double with_rate, double n) const noexcept {
    return math::value_of(margin_multiple(retentions, math::real(1.0), math::real(with_growth),
                                          math::real(with_rate), n, first));
  }

  /// Periods until the acquisition cost has come back; none where it never does.
  [[nodiscard]] std::optional<double> payback() const noexcept {
    if (acquisition_cost <= 0.0)
      return 0.0;
    const auto paid = [&](double n) {
      return math::value_of(math::real(margin) * multiple(growth, rate, n)) >= acquisition_cost;
    };
    if (!(margin > 0.0 && periods >= 1.0))
      return std::nullopt;
    // What only all of them together bring, or would in the rounding of a sum, is never back.
    const bool endless = !(periods < std::numeric_limits<double>::infinity()) &&
                         std::find(retentions.begin(), retentions.end(), 0.0) == retentions.end();
    if (endless && acquisition_cost >= math::value_of(math::real(margin) * multiple(growth, rate, periods)))
      return std::nullopt;
    // The margins only add up: the least number of them that is enough lies between one that is not and one that is.
    double few = 0.0;
    double enough = 1.0;
    while (!paid(enough)) {
      few = enough;
      enough = std::min(2.0 * enough, periods);
      if (enough == few || enough > 0x1p53)
        return std::nullopt;
    }
    while (enough - few > 1.0) {
      const double middle = std::floor((few + enough) / 2.0);
      (paid(middle) ? enough : few) = middle;
    }
    return first ? enough - 1.0 : enough;
  }

  /// NaN where there is none.
  [[nodiscard]] double internal_rate() const noexcept {
    if (!(margin > 0.0 && acquisition_cost > 0.0))
      return std::numeric_limits<double>::quiet_NaN();
    return turning_rate([&](double factor) { // the value only falls with the rate
      const double with_rate = math::value_of(math::real(factor) - 1.0);
      const double value = math::value_of(math::real(margin) * multiple(growth, with_rate, periods));
      return !(value < acquisition_cost); // a sum without an end is more than any cost
    });
  }

  /// Of margin, retention, rate and acquisition cost.
  [[nodiscard]] std::array<double, 4> elasticities() const noexcept {
    using number = math::dual<math::real, 2, 1>;
    const number multiple = margin_multiple(retentions, number::variable(1.0, 0), number(growth),
                                            number::variable(rate, 1), periods, first);
    const math::real brought = math::real(margin) * multiple.v;
    const math::real value = brought - acquisition_cost;
    const auto share = [&](math::real change) {
      return math::value_of(value) != 0.0 ? math::value_of(change / value)
                                          : std::numeric_limits<double>::quiet_NaN();
    };
    return {share(brought), share(math::real(margin) * multiple.g[0]),
            share(math::real(margin) * multiple.g[1] * rate), share(math::real(0.0) - acquisition_cost)};
  }
};

class retention_value_scorer final : public scorer {
public:
  static constexpr std::size_t most_retentions = 1000;

  /// \param places  of the inputs with the retention of periods 1, 2, ...
  retention_value_scorer(const kernel& compute, double rate, double periods, bool first,
                         std::vector<std::size_t> places)
      : compute_(compute, std::array{rate, periods, first ? 1.0 : 0.0}.data())
      , rate_(rate)
      , periods_(periods)
      , first_(first)
      , places_(std::move(places)) {}

  void score(const score_block& block) const noexcept override {
    const bool one_each = std::all_of(places_.begin(), places_.end(), [&](std::size_t place) {
      return block.inputs[place].number == nullptr;
    });
    for (std::int64_t row = 0; row < block.rows && one_each; ++row) {
      if (block.status[row] == row_status::ok && std::isnan(at(block, 1, row)))
        block.status[row] = row_status::missing;
    }
    if (one_each)
      compute_columns<5, 4>(compute_, block);
    constexpr auto few = static_cast<std::size_t>(retention_output::payback);
    const std::size_t begin = one_each ? few : 0;
    if (std::none_of(block.outputs.begin() + static_cast<std::ptrdiff_t>(begin), block.outputs.end(),
                     [](const score_block::output& one) { return one.number != nullptr; }))
      return;
    for (std::int64_t row = 0; row < block.rows; ++row)
      score_row(block, row, begin);
  }

private:
  using out = retention_output;
  [[nodiscard]] static double at(const score_block& block, std::size_t input, std::int64_t row) noexcept {
    const double* const from = block.inputs[input].number;
    return from == nullptr ? std::numeric_limits<double>::quiet_NaN() : from[row];
  }
  [[nodiscard]] static double at(const score_block& block, std::size_t input, std::int64_t row,
                                 double other) noexcept {
    const double given = at(block, input, row);
    return std::isnan(given) ? other : given;
  }

  void score_row(const score_block& block, std::int64_t row, std::size_t begin) const noexcept {
    const auto refuse = [&](row_status why) {
      if (block.status[row] == row_status::ok)
        block.status[row] = why;
      for (std::size_t o = begin; o < block.outputs.size(); ++o) {
        if (block.outputs[o].number != nullptr)
          block.outputs[o].number[row] = std::numeric_limits<double>::quiet_NaN();
      }
    };
    std::array<double, most_retentions> room;
    std::size_t count = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const double one = at(block, places_[i], row);
      if (!std::isnan(one) && count < i)
        return refuse(row_status::inconsistent);
      if (!std::isnan(one))
        room[count++] = one;
    }
    if (count == 0)
      room[count++] = at(block, 1, row);
    if (std::isnan(room[0]))
      return refuse(row_status::missing);
    const retention_question asked{.margin = at(block, 0, row),
                                   .retentions = {room.data(), count},
                                   .growth = at(block, 2, row, 0.0),
                                   .acquisition_cost = at(block, 3, row, 0.0),
                                   .periods = at(block, 4, row, periods_),
                                   .rate = rate_,
                                   .first = first_};
    const auto put = [&](out which, const auto& work_out, row_status why = row_status::undefined) {
      const auto o = static_cast<std::size_t>(which);
      if (o < begin || block.outputs[o].number == nullptr)
        return;
      const double found = work_out() + 0.0; // one zero only
      block.outputs[o].number[row] = std::isfinite(found) ? found : std::numeric_limits<double>::quiet_NaN();
      if (!std::isfinite(found) && block.status[row] == row_status::ok)
        block.status[row] = std::isnan(found) ? why : row_status::too_large;
    };
    if (begin == 0) {
      const double multiple = asked.multiple(asked.growth, rate_, asked.periods);
      const double brought = math::value_of(math::real(asked.margin) * multiple);
      put(out::margin_multiple, [&] { return multiple; });
      put(out::break_even, [&] { return brought; });
      put(out::value, [&] { return math::value_of(math::real(brought) - asked.acquisition_cost); });
      put(out::expected_margins, [&] { return asked.multiple(0.0, 0.0, asked.periods); });
    }
    put(
        out::payback, [&] { return asked.payback().value_or(std::numeric_limits<double>::quiet_NaN()); },
        row_status::never);
    put(out::internal_rate, [&] { return asked.internal_rate(); });
    const auto elastic = block.outputs.subspan(static_cast<std::size_t>(out::of_margin));
    if (std::none_of(elastic.begin(), elastic.end(), [](const auto& one) { return one.number != nullptr; }))
      return;
    const std::array<double, 4> changes = asked.elasticities();
    for (std::size_t i = 0; i < changes.size(); ++i)
      put(static_cast<out>(static_cast<std::size_t>(out::of_margin) + i), [&] { return changes[i]; });
  }

  prepared_kernel compute_;
  double rate_;
  double periods_;
  bool first_;
  std::vector<std::size_t> places_;
};

// A customer of 100 a year who stays with 80 %, at 10 %: the multiple is 1.1 / 0.3 = 3.6667 with the first margin. His
// acquisition cost of 150 is back after one year: 100 + 80 / 1.1 = 172.73. At the rate i the value is 100 (1 + i) / (0.2 + i) -
// 150, which is 0 for i = 1.4. A margin that grows by 3 % has the multiple 1.1 / (1.1 - 0.824) = 3.9855.
inline constexpr example_table retention_value_example_rows[] = {
    {"rows", "margin,retention,growth,acquisition_cost\n100,0.8,0,150\n100,0.8,0.03,100\n"}};
inline constexpr example_option retention_value_example_options[] = {{"rate", "0.1"}};
inline constexpr example_table retention_value_example_expected[] = {
    {"scores", "margin_multiple,break_even_acquisition_cost,value,expected_margins\n"
               "3.6666666666666665,366.66666666666667,216.66666666666667,5\n"
               "3.9855072463768115,398.5507246376811,298.5507246376811,5\n"}};
// Without the first margin: who stays with 50 % in the first year and 90 % from then on brings 0.5 / 1.1 / (1 - 0.9 / 1.1) =
// 2.5 margins. Five years of a margin that grows by 3 %: its ratio is 0.8 x 1.03 / 1.1 = 0.749091, and 0.749091 x (1 -
// 0.749091^5) / 0.250909 = 2.2813.
inline constexpr example_table retention_value_curve_rows[] = {
    {"rows", "margin,retention,growth,acquisition_cost,periods,retentions:1,retentions:2\n"
             "100,,,150,,0.5,0.9\n100,0.8,0.03,,5,,\n"}};
inline constexpr example_option retention_value_curve_options[] = {{"rate", "0.1"},
                                                                   {"first_margin", "false"}};
inline constexpr example_table retention_value_curve_expected[] = {
    {"scores", "margin_multiple,break_even_acquisition_cost,value,expected_margins\n"
               "2.5,250,100,5\n"
               "2.2813157727305162,228.13157727305162,228.13157727305162,2.68928\n"}};
inline constexpr example retention_value_examples[] = {
    {.what = verb::score,
     .summary = "one retention for ever, a constant margin and one that grows",
     .source = "the definition, to be checked by hand",
     .tables = retention_value_example_rows,
     .options = retention_value_example_options,
     .expected = retention_value_example_expected,
     .tolerance = 1e-12},
    {.what = verb::score,
     .summary = "a retention for each of the first periods, and five growing margins; the first margin comes "
                "after a year",
     .source = "the definition, to be checked by hand",
     .tables = retention_value_curve_rows,
     .options = retention_value_curve_options,
     .expected = retention_value_curve_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description retention_value_description{
    .name = retention_value_name,
    .what = verb::score,
    .summary = "value of a customer from margin and retention: margin multiple, break-even acquisition cost, "
               "payback, "
               "internal rate of return and what value is sensitive to",
    .source =
        "Gupta and Lehmann, Customers as Assets, 2003; Gupta, Lehmann and Stuart, Valuing Customers, 2004",
    .chinese = "客户保持率与终身价值",
    .since = "0.1",
    .score = {.inputs = retention_value_inputs,
              .options = retention_value_options,
              .outputs = retention_value_outputs},
    .examples = retention_value_examples,
    .no_demo = "customers of the company have no contract, so that nobody sees who has stayed",
};

/// \throws error status::schema where the labels of retentions are not 1, 2, ...
[[nodiscard]] inline std::unique_ptr<scorer> bind_retention_value(const score_request& request) {
  const std::string_view role = "retentions:";
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (request.inputs[i].starts_with(role))
      places.push_back(i);
  }
  if (places.size() > retention_value_scorer::most_retentions)
    throw error(status::schema, std::string(retention_value_name) + ": there are " +
                                    std::to_string(places.size()) + " columns of retentions, but must be " +
                                    std::to_string(retention_value_scorer::most_retentions) + " at most");
  std::vector<std::size_t> by_period(places.size(), request.inputs.size());
  for (const std::size_t place : places) {
    const std::string label = request.inputs[place].substr(role.size());
    std::size_t period = 0;
    while (period < by_period.size() && label != std::to_string(period + 1))
      ++period;
    if (period == by_period.size())
      throw error(status::schema, std::string(retention_value_name) + ": column " + request.inputs[place] +
                                      ": the labels must be the periods 1, 2, ..., none of them left out");
    by_period[period] = place;
  }
  const option_values& options = request.options;
  return std::make_unique<retention_value_scorer>(
      request.wide ? request.wide
                   : math::kernel_of<retention_value_scores, math::pack<math::isa::baseline>>(),
      options.number("rate"), periods_of(options), options.boolean("first_margin"), std::move(by_period));
}

inline constexpr entry retention_value_entry{.description = &retention_value_description,
                                             .bind = bind_retention_value};

} // namespace emptor::value
