// SPDX-License-Identifier: BSL-1.0
// How often the intervals of fits and scores contain the truth: 1,000 simulated sets of 10,000 customers for each model.
// The lines of the table in include/emptor/value/README.md are what these tests print.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/bg_bb_entry.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/gamma_gamma_entry.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>
#include <emptor/value/simulate.hpp>

#include "support/places.hpp"

namespace coverage_long_test {
namespace {

using namespace emptor::value;

constexpr int sets = 1000;
constexpr double normal_97_5 = 1.959963984540054;

/// The columns of the inputs of a score, one row a customer.
using score_rows = std::vector<std::vector<double>>;

struct both_ends {
  std::vector<double> low, high;
};

/// The interval of an output at 95 percent, as a plan gives it.
both_ends intervals(const emptor::entry& what, const emptor::model& fitted, std::string_view output,
                    const std::vector<emptor::option>& options, const score_rows& rows) {
  const emptor::score_description& score = what.description->score;
  const auto scorer =
      what.bind({.self = &fitted,
                 .options = emptor::option_values(what.description->name, score.options, options),
                 .slots = {},
                 .inputs = {},
                 .wanted = std::vector<bool>(score.outputs.size(), true)});
  const std::size_t count = rows.front().size();
  both_ends found{std::vector<double>(count), std::vector<double>(count)};
  std::vector<emptor::score_block::input> in;
  for (const std::vector<double>& column : rows)
    in.push_back({.number = column.data()});
  std::vector<emptor::score_block::output> out(score.outputs.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string_view name = score.outputs[i].name;
    if (name.starts_with(output) && name.ends_with("_low"))
      out[i].number = found.low.data();
    if (name.starts_with(output) && name.ends_with("_high"))
      out[i].number = found.high.data();
  }
  std::vector<emptor::row_status> statuses(count, emptor::row_status::ok);
  scorer->score(
      {.rows = static_cast<std::int64_t>(count), .inputs = in, .outputs = out, .status = statuses.data()});
  return found;
}

/// Counts how many of the intervals around these truths contain them.
class coverage {
public:
  explicit coverage(std::vector<double> truths)
      : truths_(std::move(truths))
      , hits_(truths_.size(), 0) {}

  void count(std::size_t which, double low, double high) {
    hits_[which] += low <= truths_[which] && truths_[which] <= high ? 1 : 0;
  }
  /// A line of the table, in percent.
  [[nodiscard]] std::string line(std::string_view model) const {
    std::string text("| `");
    text.append(model.substr(model.find('.') + 1)).append("` |");
    for (std::size_t i = 0; i < hits_.size(); ++i) {
      char percent[16];
      std::snprintf(percent, sizeof percent, " %.1f", 100.0 * hits_[i] / sets);
      text.append(percent);
      if (i + 5 >= hits_.size()) // the parameters share a cell
        text.append(" |");
    }
    return text;
  }
  void expect_honest(std::string_view model) const {
    for (std::size_t i = 0; i < hits_.size(); ++i) {
      EXPECT_GE(100.0 * hits_[i] / sets, 92.8) << model << ' ' << i;
      EXPECT_LE(100.0 * hits_[i] / sets, 97.2) << model << ' ' << i;
    }
  }

private:
  std::vector<double> truths_;
  std::vector<int> hits_;
};

/// \param fit_of     the fit of the set with this number
/// \param output     of the score, whose first row is a new customer: there its expectation is that of the population
/// \param truth_of   that output at the true parameters for a row
template <class Model, class FitOf, class TruthOf>
void study(const typename Model::template parameters<double>& p, const emptor::entry& what,
           std::string_view unit, std::string_view output, const std::vector<emptor::option>& options,
           const score_rows& rows, const FitOf& fit_of, const TruthOf& truth_of) {
  const auto truth = numbers(p);
  std::vector<double> truths;
  for (const double one : truth)
    truths.push_back(one);
  for (std::size_t row = 0; row < rows.front().size(); ++row)
    truths.push_back(truth_of(row));
  coverage found(truths);
  for (int set = 1; set <= sets; ++set) {
    const model_fit<Model> fit = fit_of(static_cast<std::uint64_t>(set));
    ASSERT_TRUE(fit.converged) << set << ": " << fit.diagnosis;
    for (std::size_t i = 0; i < truth.size(); ++i) { // symmetric in the log
      const double estimate = numbers(fit.parameters)[i];
      const double factor = std::exp(normal_97_5 * fit.standard_errors[i] / estimate);
      found.count(i, estimate / factor, estimate * factor);
    }
    const emptor::result fitted = fitted_result(fit, unit);
    const both_ends ends = intervals(what, *fitted.fitted, output, options, rows);
    for (std::size_t row = 0; row < rows.front().size(); ++row)
      found.count(truth.size() + row, ends.low[row], ends.high[row]);
  }
  found.expect_honest(Model::name);
  const std::string line = found.line(Model::name);
  std::printf("%s\n", line.c_str());
  std::ifstream file(emptor::test::source_folder() + "/include/emptor/value/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(readme.find(line + "\n"), std::string::npos) << "stale in include/emptor/value/README.md:\n"
                                                         << line;
}

/// Customers of a year and a half with exact times, in weeks; the next 52 weeks.
template <class Model>
void study_orders(const typename Model::template parameters<double>& p) {
  const score_rows rows{{0, 0, 2, 26}, {0, 0, 30, 77}, {0, 78, 39, 78}};
  study<Model>(
      p, customer_base_entry<Model>, "week", "expected_orders", {{"horizon", "52"}, {"confidence", "0.95"}},
      rows,
      [&](std::uint64_t seed) {
        const simulated_customers s =
            simulate(p, {.customers = 10'000, .seed = seed, .age = 78.0, .spread = 39.0});
        return fit_customer_base<Model>(s.frequency, s.recency, s.age);
      },
      [&](std::size_t i) { return expected_orders(p, rows[0][i], rows[1][i], rows[2][i], 52.0); });
}

TEST(coverage, bg_nbd) {
  study_orders<bg_nbd>({.2425945, 4.413602, .792922, 2.4259068});
}
TEST(coverage, mbg_nbd) {
  study_orders<mbg_nbd>({.5248431589, 6.183085, .8913594, 1.614002});
}
TEST(coverage, pareto_nbd) {
  study_orders<pareto_nbd>({.5532770467, 10.57768346, .6062399904, 11.66873533});
}
TEST(coverage, nbd) {
  study_orders<nbd>({.385, 12.072});
}
TEST(coverage, bg_bb) {
  const bg_bb_parameters<double> p{1.2035, .7497, .6567, 2.7834};
  const score_rows rows{{0, 0, 3, 8}, {0, 0, 4, 8}, {0, 8, 8, 8}};
  study<bg_bb>(
      p, bg_bb_entry, "year", "expected_orders", {{"horizon", "5"}, {"confidence", "0.95"}}, rows,
      [&](std::uint64_t seed) {
        const simulated_customers s =
            simulate(p, {.customers = 10'000, .seed = seed, .age = 8.0, .spread = 2.0});
        return fit_bg_bb(s.frequency, s.recency, s.age);
      },
      [&](std::size_t i) { return expected_orders(p, rows[0][i], rows[1][i], rows[2][i], 5.0); });
}
/// Who orders does so as under Pareto/NBD.
TEST(coverage, gamma_gamma) {
  const gamma_gamma_parameters<double> p{6.25, 3.74, 15.44};
  const score_rows rows{{0, 1, 2, 26}, {std::nan(""), 12, 80, 40}};
  study<gamma_gamma>(
      p, gamma_gamma_entry, {}, "expected_spend", {{"confidence", "0.95"}}, rows,
      [&](std::uint64_t seed) {
        const simulated_customers s =
            simulate(pareto_nbd_parameters<double>{.5532770467, 10.57768346, .6062399904, 11.66873533},
                     {.customers = 10'000, .seed = seed, .age = 78.0, .spread = 39.0});
        return fit_gamma_gamma(s.frequency,
                               simulated_monetary_value(s, simulate_spend(p, s, seed, 100.0), 100.0));
      },
      [&](std::size_t i) { return expected_spend(p, rows[0][i], rows[1][i]); });
}

} // namespace
} // namespace coverage_long_test
