// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include <emptor/core/compute_columns.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/value/ratio_of_amounts.hpp>

/// Customer profit (客户利润) from what a customer bought and what it cost to make, sell, deliver and keep that, where these
/// costs are known already; value.cost_to_serve works them out from activities.
///
///     net revenue     = revenue - discounts
///     gross margin    = net revenue - direct cost of the products
///     cost to serve   = pre-sale + manufacturing + logistics + after-sale
///     customer profit = gross margin - cost to serve
///
/// The money is exact. Ratios are of these amounts: the profit rate (客户利润率) to net revenue, the customer's return on assets
/// (顾客资产回报率) to what is tied up for him, the cost-contribution rate (成本贡献率) to all that is spent on him. Where the
/// amount below is not above 0 there is no ratio.
namespace emptor::value {

inline constexpr std::string_view customer_profit_name = "value.customer_profit";

/// When an activity is done for a customer.
enum class cost_stage : std::int32_t {
  pre_sale = 0,
  manufacturing = 1,
  logistics = 2,
  after_sale = 3,
};
inline constexpr std::string_view cost_stages[] = {"pre_sale", "manufacturing", "logistics", "after_sale"};

/// What was sold to a customer, spent on him, and is tied up for him, in minor units.
struct customer_account {
  std::int64_t revenue = 0;
  std::int64_t discounts = 0;
  std::int64_t direct_cost = 0;
  std::array<std::int64_t, std::size(cost_stages)> stages{};
  std::optional<std::int64_t> assets{}; ///< none = nobody said
};

/// What is left of it, which 64 bits need not hold.
struct customer_result {
  wide_integer net_revenue = 0;
  wide_integer gross_margin = 0;
  wide_integer cost_to_serve = 0;
  wide_integer profit = 0;
};

[[nodiscard]] constexpr customer_result profit_of(const customer_account& whose) noexcept {
  customer_result made;
  made.net_revenue = wide_integer{whose.revenue} - whose.discounts;
  made.gross_margin = made.net_revenue - whose.direct_cost;
  for (const std::int64_t stage : whose.stages)
    made.cost_to_serve += stage;
  made.profit = made.gross_margin - made.cost_to_serve;
  return made;
}

/// NaN where there is none.
struct profit_ratios {
  double profit_rate = 0.0;
  double gross_margin_rate = 0.0;
  double cost_to_serve_rate = 0.0;
  double cost_contribution_rate = 0.0;
  double margin_per_cost_to_serve = 0.0;
  double return_on_assets = 0.0;
};
[[nodiscard]] inline profit_ratios ratios_of(const customer_account& whose,
                                             const customer_result& left) noexcept {
  return {.profit_rate = whole_ratio(left.profit, left.net_revenue),
          .gross_margin_rate = whole_ratio(left.gross_margin, left.net_revenue),
          .cost_to_serve_rate = whole_ratio(left.cost_to_serve, left.net_revenue),
          .cost_contribution_rate = whole_ratio(left.profit, left.cost_to_serve + whose.direct_cost),
          .margin_per_cost_to_serve = whole_ratio(left.gross_margin, left.cost_to_serve),
          .return_on_assets = whole_ratio(left.profit, whose.assets.value_or(0))};
}

// How the catalogue knows it.

enum class profit_input : std::size_t {
  revenue,
  discounts,
  direct_cost,
  pre_sale,
  manufacturing,
  logistics,
  after_sale,
  assets,
};
inline constexpr column_description customer_profit_inputs[] = {
    {.name = "revenue",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the period, at list or invoiced prices (销售收入)"},
    {.name = "discounts",
     .what = content::amount,
     .unit = "currency",
     .summary = "that the revenue still holds: rebates, cash discounts, allowances; missing = 0",
     .optional = true},
    {.name = "direct_cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the products sold (产品成本); missing = 0",
     .optional = true},
    {.name = "pre_sale",
     .what = content::amount,
     .unit = "currency",
     .summary = "cost of visits, offers, samples (售前成本); missing = 0",
     .optional = true},
    {.name = "manufacturing",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what making the goods costs beyond direct_cost because they are for him (制造成本); missing = 0",
     .optional = true},
    {.name = "logistics",
     .what = content::amount,
     .unit = "currency",
     .summary = "cost of order entry, picking, packing, freight (物流成本); missing = 0",
     .optional = true},
    {.name = "after_sale",
     .what = content::amount,
     .unit = "currency",
     .summary = "cost of installation, returns, repairs, collection (售后成本); missing = 0",
     .optional = true},
    {.name = "assets",
     .what = content::amount,
     .unit = "currency",
     .summary = "receivables, inventory and equipment tied up for him, on average over the period",
     .optional = true},
};
inline constexpr option_description customer_profit_options[] = {
    {.name = "currency",
     .what = option_content::currency,
     .summary = "currency of all amounts, which have its decimals (ISO 4217); two where it is not set"},
};
enum class profit_output : std::size_t {
  net_revenue,
  gross_margin,
  cost_to_serve,
  profit,
  profit_rate,
  gross_margin_rate,
  cost_to_serve_rate,
  cost_contribution_rate,
  margin_per_cost_to_serve,
  return_on_assets,
};
inline constexpr column_description customer_profit_outputs[] = {
    {.name = "net_revenue", .what = content::amount, .unit = "currency", .summary = "revenue - discounts"},
    {.name = "gross_margin",
     .what = content::amount,
     .unit = "currency",
     .summary = "net_revenue - direct_cost (毛利)"},
    {.name = "cost_to_serve",
     .what = content::amount,
     .unit = "currency",
     .summary = "pre_sale + manufacturing + logistics + after_sale (客户服务成本)"},
    {.name = "profit",
     .what = content::amount,
     .unit = "currency",
     .summary = "customer profit (客户利润): gross_margin - cost_to_serve"},
    {.name = "profit_rate",
     .unit = "share",
     .summary = "profit / net_revenue (客户利润率); none where that is not above 0, as of every ratio here",
     .optional = true},
    {.name = "gross_margin_rate",
     .unit = "share",
     .summary = "gross_margin / net_revenue (毛利率)",
     .optional = true},
    {.name = "cost_to_serve_rate",
     .unit = "share",
     .summary = "cost_to_serve / net_revenue",
     .optional = true},
    {.name = "cost_contribution_rate",
     .unit = "share",
     .summary =
         "profit / (direct_cost + cost_to_serve) (成本贡献率): what a unit of money spent on him brings "
         "beyond itself",
     .optional = true},
    {.name = "margin_per_cost_to_serve",
     .unit = "times",
     .summary = "gross_margin / cost_to_serve; below 1 serving him costs more than he brings",
     .optional = true},
    {.name = "return_on_assets",
     .unit = "share",
     .summary =
         "customer return on assets (顾客资产回报率): profit / assets, of the period and not of a year",
     .optional = true},
};

/// The figures over columns of amounts, in minor units as numbers, in the order of the inputs and outputs. NaN is missing.
/// They are those of whole numbers where each amount is below `small` in size: seven are added.
template <class T>
struct customer_profit_scores {
  static constexpr int inputs = static_cast<int>(std::size(customer_profit_inputs));
  static constexpr int outputs = static_cast<int>(std::size(customer_profit_outputs));
  static constexpr std::uint64_t small = std::uint64_t{1} << 48;

  explicit EMPTOR_INLINE customer_profit_scores(const double* /*none*/) noexcept {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    using math::select;
    const auto amount = [&](profit_input which) {
      const T& given = in[static_cast<std::size_t>(which)];
      return T(select(given == given, given, T(0.0)));
    };
    const auto put = [&](profit_output which, const T& value) {
      out[static_cast<std::size_t>(which)] = value;
    };
    const auto ratio = [&](const T& above, const T& below) {
      return T(select(below > 0.0, T(above / below), T(std::numeric_limits<double>::quiet_NaN())));
    };
    using in_ = profit_input;
    using out_ = profit_output;
    const T direct = amount(in_::direct_cost);
    const T net = amount(in_::revenue) - amount(in_::discounts);
    const T margin = net - direct;
    const T cost =
        amount(in_::pre_sale) + amount(in_::manufacturing) + amount(in_::logistics) + amount(in_::after_sale);
    const T profit = margin - cost;
    put(out_::net_revenue, net);
    put(out_::gross_margin, margin);
    put(out_::cost_to_serve, cost);
    put(out_::profit, profit);
    put(out_::profit_rate, ratio(profit, net));
    put(out_::gross_margin_rate, ratio(margin, net));
    put(out_::cost_to_serve_rate, ratio(cost, net));
    put(out_::cost_contribution_rate, ratio(profit, T(cost + direct)));
    put(out_::margin_per_cost_to_serve, ratio(margin, cost));
    put(out_::return_on_assets, ratio(profit, amount(in_::assets)));
  }
};

class customer_profit_scorer final : public scorer {
public:
  explicit customer_profit_scorer(const kernel& wide = {})
      : compute_(wide ? wide : math::kernel_of<customer_profit_scores, math::pack<math::isa::baseline>>(),
                 nullptr) {}

  void score(const score_block& block) const noexcept override {
    if (!score_small(block))
      for_each_fine_row<in, out>(block, score_row);
  }

private:
  using in = profit_input;
  using out = profit_output;
  using cells = row_cells<in, out>;
  using numbers = std::array<double, static_cast<std::size_t>(rows_per_block)>;
  using small_scores = customer_profit_scores<math::real>;
  static constexpr std::size_t amounts = 4; ///< of the outputs, the first ones

  // Below 2^51 in size a whole number is the last bits of its sum with 2^52 + 2^51; several rows go at once then, for which no
  // instruction set but the widest has a conversion.
  static constexpr double past_fractions = 0x1.8p52;
  [[nodiscard]] static double number_of(std::uint64_t amount) noexcept {
    return std::bit_cast<double>(amount + std::bit_cast<std::uint64_t>(past_fractions)) - past_fractions;
  }
  [[nodiscard]] static std::int64_t amount_of(double number) noexcept {
    return static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(number + past_fractions) -
                                     std::bit_cast<std::uint64_t>(past_fractions));
  }

  /// All rows at once. \return false where an amount is too large for that, and nothing is done
  [[nodiscard]] bool score_small(const score_block& block) const noexcept {
    std::array<numbers, static_cast<std::size_t>(small_scores::inputs)> held;
    std::array<const double*, held.size()> from{};
    const auto rows = static_cast<std::size_t>(block.rows);
    std::uint64_t large = 0; // bits of any of them beyond those of a small one
    for (std::size_t i = 0; i < held.size(); ++i) {
      const std::int64_t* const given = block.inputs[i].amount;
      from[i] = given == nullptr ? emptor::detail::missing_column.data() : held[i].data();
      const std::size_t there = given == nullptr ? 0 : rows;
      for (std::size_t row = 0; row < there; ++row) {
        const std::uint64_t known =
            static_cast<std::uint64_t>(given[row]) & (missing_amounts(given[row]) - 1);
        large |= (known + small_scores::small) & ~(2 * small_scores::small - 1);
        held[i][row] = number_of(known);
      }
    }
    if (large != 0)
      return false;
    std::array<numbers, amounts> sums;
    std::array<double*, static_cast<std::size_t>(small_scores::outputs)> to{};
    for (std::size_t o = 0; o < to.size(); ++o)
      to[o] = o >= amounts ? block.outputs[o].number : block.outputs[o].amount ? sums[o].data() : nullptr;
    compute_(from.data(), to.data(), block.rows);
    for (std::size_t o = 0; o < amounts; ++o) {
      std::int64_t* const into = block.outputs[o].amount;
      const std::size_t wanted = into == nullptr ? 0 : rows;
      for (std::size_t row = 0; row < wanted; ++row)
        into[row] = amount_of(sums[o][row]);
    }
    return true;
  }

  static void score_row(const cells& at) noexcept {
    const auto amount = [&](in which) {
      const std::int64_t given = at.amount(which);
      return given == no_amount ? 0 : given;
    };
    customer_account whose{.revenue = amount(in::revenue),
                           .discounts = amount(in::discounts),
                           .direct_cost = amount(in::direct_cost)};
    for (std::size_t i = 0; i < whose.stages.size(); ++i)
      whose.stages[i] = amount(static_cast<in>(static_cast<std::size_t>(in::pre_sale) + i));
    whose.assets = amount(in::assets); // none divides no more than 0 does
    const customer_result left = profit_of(whose);
    const wide_integer sums[] = {left.net_revenue, left.gross_margin, left.cost_to_serve, left.profit};
    if (std::any_of(std::begin(sums), std::end(sums), [](wide_integer x) {
          constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
          return x > limit || x < -limit;
        })) {
      at.refuse(row_status::too_large);
      return;
    }
    for (std::size_t i = 0; i < amounts; ++i)
      at.put_amount(static_cast<out>(i), static_cast<std::int64_t>(sums[i]));
    const profit_ratios of = ratios_of(whose, left);
    at.put(out::profit_rate, of.profit_rate);
    at.put(out::gross_margin_rate, of.gross_margin_rate);
    at.put(out::cost_to_serve_rate, of.cost_to_serve_rate);
    at.put(out::cost_contribution_rate, of.cost_contribution_rate);
    at.put(out::margin_per_cost_to_serve, of.margin_per_cost_to_serve);
    at.put(out::return_on_assets, of.return_on_assets);
  }

  prepared_kernel compute_;
};

// Two customers of one revenue and one margin: the second orders often and little, wants his own packing and sends much back.
// 100 - 60 = 40 of 1,000; 40 / 960; 200 / 160; 40 / 400. The third brought back more than he bought.
inline constexpr example_table customer_profit_example_rows[] = {
    {"rows", "revenue,discounts,direct_cost,pre_sale,manufacturing,logistics,after_sale,assets\n"
             "1000,0,800,20,10,100,30,400\n1050,50,800,60,40,120,80,500\n-50.25,0,-40,0,0,5,2.5,\n"}};
inline constexpr example_table customer_profit_example_expected[] = {
    {"scores",
     "net_revenue,gross_margin,cost_to_serve,profit,profit_rate,gross_margin_rate,cost_to_serve_rate,"
     "cost_contribution_rate,margin_per_cost_to_serve,return_on_assets\n"
     "1000,200,160,40,0.04,0.2,0.16,0.041666666666666664,1.25,0.1\n"
     "1000,200,300,-100,-0.1,0.2,0.3,-0.09090909090909091,0.6666666666666666,-0.2\n"
     "-50.25,-10.25,7.5,-17.75,,,,,-1.3666666666666667,\n"}};
inline constexpr example customer_profit_examples[] = {
    {.what = verb::score,
     .summary = "a customer who is cheap to serve, one who is not, and one who only sent back",
     .source = "made for this page, to be checked by hand",
     .tables = customer_profit_example_rows,
     .expected = customer_profit_example_expected,
     .tolerance = 1e-15},
};

inline constexpr entry_description customer_profit_description{
    .name = customer_profit_name,
    .what = verb::score,
    .summary = "customer profit from revenue, product cost and the cost to serve in four stages; profit "
               "rate, return "
               "on assets and cost contribution",
    .source = "customer profitability: R. S. Kaplan, R. Cooper, Cost and Effect (1998), chapter 10",
    .chinese = "客户利润",
    .since = "0.1",
    .score = {.inputs = customer_profit_inputs,
              .options = customer_profit_options,
              .outputs = customer_profit_outputs},
    .examples = customer_profit_examples,
    .no_demo = "the company of the demo keeps no record of what serving a customer costs",
};

inline constexpr entry customer_profit_entry{
    .description = &customer_profit_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      return std::make_unique<customer_profit_scorer>(request.wide);
    },
};

} // namespace emptor::value
