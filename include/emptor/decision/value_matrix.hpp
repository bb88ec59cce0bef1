// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include <emptor/core/entry.hpp>

/// The customer value matrix (客户价值矩阵): current value against growth potential, four classes of
/// customers, and what the texts advise for each (铅质, 铁质, 黄金, 白金客户).
namespace emptor::decision {

/// Classes of customers by current value and potential.
enum class value_class : std::int32_t {
  lead = 0,     ///< 铅质客户: low current value, low potential
  iron = 1,     ///< 铁质客户: low current value, high potential
  gold = 2,     ///< 黄金客户: high current value, low potential
  platinum = 3, ///< 白金客户: both high
};

/// Where the four classes divide. A value that equals its cut counts as high.
struct value_matrix_cuts {
  double current_value = 0.0;
  double growth_potential = 0.0;
};

/// The class of one customer. Both values must be numbers.
[[nodiscard]] constexpr value_class classify(double current_value, double growth_potential,
                                             const value_matrix_cuts& cuts) noexcept {
  const int gold = current_value >= cuts.current_value ? 2 : 0;
  const int iron = growth_potential >= cuts.growth_potential ? 1 : 0;
  return static_cast<value_class>(gold + iron);
}

inline constexpr std::string_view value_class_levels[] = {"lead", "iron", "gold", "platinum"};
inline constexpr std::string_view value_matrix_reasons[] = {
    "current value below its cut, growth potential below its cut",
    "current value below its cut, growth potential at or above its cut",
    "current value at or above its cut, growth potential below its cut",
    "current value at or above its cut, growth potential at or above its cut",
};
inline constexpr std::string_view value_matrix_policies[] = {
    "spend nothing beyond what each order pays for; let the relation end or make it cheaper to serve",
    "invest with measure to rebuild the relation, so that the potential becomes value",
    "invest enough to keep the customer for long; there is little growth to win",
    "put the most resources here: keep the customer, and widen the relation",
};

inline constexpr column_description value_matrix_inputs[] = {
    {.name = "current_value",
     .unit = "currency",
     .summary =
         "what the customer is worth as he buys today (当前价值), such as his margin over the last year"},
    {.name = "growth_potential",
     .unit = "currency",
     .summary = "what he could be worth beyond that (增值潜力), such as his expected further margin"},
};
inline constexpr option_description value_matrix_options[] = {
    {.name = "current_value_cut",
     .summary = "current value from which a customer counts as high; the cut itself is high",
     .unit = "currency",
     .required = true},
    {.name = "growth_potential_cut",
     .summary = "growth potential from which a customer counts as high; the cut itself is high",
     .unit = "currency",
     .required = true},
};
inline constexpr column_description value_matrix_outputs[] = {
    {.name = "class",
     .what = content::code,
     .summary = "lead (铅质), iron (铁质), gold (黄金) or platinum (白金)",
     .levels = value_class_levels},
    {.name = "reason",
     .what = content::code,
     .summary = "on which side of each cut",
     .levels = value_matrix_reasons},
    {.name = "policy",
     .what = content::code,
     .summary = "what the texts advise for the class",
     .levels = value_matrix_policies},
    {.name = "current_value_gap", .unit = "currency", .summary = "current value less its cut"},
    {.name = "growth_potential_gap", .unit = "currency", .summary = "growth potential less its cut"},
};
inline constexpr example_table value_matrix_rows[] = {
    {"rows", "current_value,growth_potential\n1200,300\n1200,800\n999.99,500\n400,499.99\n1000,500\n"}};
inline constexpr example_option value_matrix_cut_example[] = {{"current_value_cut", "1000"},
                                                              {"growth_potential_cut", "500"}};
inline constexpr example_table value_matrix_expected[] = {
    {"scores", "class,current_value_gap,growth_potential_gap\ngold,200,-200\nplatinum,200,300\niron,-0.01,0\n"
               "lead,-600,-0.01\nplatinum,0,0\n"}};
inline constexpr example value_matrix_examples[] = {
    {.what = verb::score,
     .summary = "cuts at 1000 and 500; a customer on a cut belongs to the higher class",
     .source = "the definition, by hand",
     .tables = value_matrix_rows,
     .options = value_matrix_cut_example,
     .expected = value_matrix_expected,
     .tolerance = 1e-9},
};

inline constexpr demo_column value_matrix_demo_columns[] = {{"current_value", "total_amount"},
                                                            {"growth_potential", "value"}};
inline constexpr demo_input value_matrix_demo_inputs[] = {
    {"rows", "value.customer_value/customers", value_matrix_demo_columns}};
inline constexpr example_option value_matrix_demo_options[] = {{"current_value_cut", "500"},
                                                               {"growth_potential_cut", "100"}};
inline constexpr demo_shown value_matrix_demo_shown[] = {{"scores", "class", "CLASS"}};
inline constexpr demo_feed value_matrix_demo[] = {{.what = verb::score,
                                                   .inputs = value_matrix_demo_inputs,
                                                   .options = value_matrix_demo_options,
                                                   .keep = "customer",
                                                   .shown = value_matrix_demo_shown}};

inline constexpr entry_description value_matrix_description{
    .name = "decision.value_matrix",
    .what = verb::score,
    .summary = "customer value matrix: current value and growth potential to lead, iron, gold or platinum",
    .source = "the customer value matrix of Chinese CRM teaching: two cuts, four classes, a policy for each",
    .chinese = "客户价值矩阵",
    .since = "0.1",
    .score = {.inputs = value_matrix_inputs,
              .options = value_matrix_options,
              .outputs = value_matrix_outputs},
    .examples = value_matrix_examples,
    .demo = value_matrix_demo,
};

/// Puts customers into the cells by their two figures and the bounds.
class value_matrix_scorer final : public scorer {
public:
  explicit value_matrix_scorer(const value_matrix_cuts& cuts) noexcept
      : cuts_(cuts) {}

  void score(const score_block& block) const noexcept override {
    const double* current = block.inputs[0].number;
    const double* growth = block.inputs[1].number;
    for (std::int64_t row = 0; row < block.rows; ++row) {
      const auto code = static_cast<double>(classify(current[row], growth[row], cuts_));
      for (std::size_t output = 0; output < 3; ++output) { // reason and policy have the code of the class
        if (block.outputs[output].number != nullptr)
          block.outputs[output].number[row] = code;
      }
      gap(block, 3, row, current[row] - cuts_.current_value);
      gap(block, 4, row, growth[row] - cuts_.growth_potential);
    }
  }

private:
  static void gap(const score_block& block, std::size_t output, std::int64_t row, double value) noexcept {
    if (block.outputs[output].number == nullptr)
      return;
    block.outputs[output].number[row] =
        std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
    if (!std::isfinite(value) && block.status[row] == row_status::ok)
      block.status[row] = row_status::too_large;
  }
  value_matrix_cuts cuts_;
};

inline constexpr entry value_matrix_entry{
    .description = &value_matrix_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      return std::make_unique<value_matrix_scorer>(value_matrix_cuts{
          request.options.number("current_value_cut"), request.options.number("growth_potential_cut")});
    },
};

} // namespace emptor::decision
