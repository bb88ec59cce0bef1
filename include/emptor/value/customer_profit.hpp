// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/row_cells.hpp>
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
template <class Whole = wide_integer>
struct customer_result {
  Whole net_revenue = 0;
  Whole gross_margin = 0;
  Whole cost_to_serve = 0;
  Whole profit = 0;
};

/// \tparam Whole  64 bits do where each amount is below 2^59 in size: seven are added
template <class Whole = wide_integer>
[[nodiscard]] constexpr customer_result<Whole> profit_of(const customer_account& whose) noexcept {
  customer_result<Whole> made;
  made.net_revenue = Whole{whose.revenue} - whose.discounts;
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
template <class Whole>
[[nodiscard]] profit_ratios ratios_of(const customer_account& whose,
                                      const customer_result<Whole>& left) noexcept {
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

class customer_profit_scorer final : public scorer {
public:
  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, score_row);
  }

private:
  using in = profit_input;
  using out = profit_output;
  using cells = row_cells<in, out>;

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
    whose.assets = amount(in::assets);                       // none divides no more than 0 does
    std::int64_t bits = whose.revenue ^ whose.revenue >> 63; // that any of them has beyond its sign
    for (const std::int64_t one : {whose.discounts, whose.direct_cost})
      bits |= one ^ one >> 63;
    for (const std::int64_t one : whose.stages)
      bits |= one ^ one >> 63;
    if (bits < std::int64_t{1} << 59)
      put(at, whose, profit_of<std::int64_t>(whose));
    else
      put(at, whose, profit_of(whose));
  }
  template <class Whole>
  static void put(const cells& at, const customer_account& whose,
                  const customer_result<Whole>& left) noexcept {
    const Whole amounts[] = {left.net_revenue, left.gross_margin, left.cost_to_serve, left.profit};
    if (std::any_of(std::begin(amounts), std::end(amounts), [](Whole x) {
          constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
          return x > limit || x < -limit;
        })) {
      at.refuse(row_status::too_large);
      return;
    }
    for (std::size_t i = 0; i < std::size(amounts); ++i)
      at.put_amount(static_cast<out>(i), static_cast<std::int64_t>(amounts[i]));
    const profit_ratios of = ratios_of(whose, left);
    at.put(out::profit_rate, of.profit_rate);
    at.put(out::gross_margin_rate, of.gross_margin_rate);
    at.put(out::cost_to_serve_rate, of.cost_to_serve_rate);
    at.put(out::cost_contribution_rate, of.cost_contribution_rate);
    at.put(out::margin_per_cost_to_serve, of.margin_per_cost_to_serve);
    at.put(out::return_on_assets, of.return_on_assets);
  }
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
    .bind = [](const score_request&) -> std::unique_ptr<scorer> {
      return std::make_unique<customer_profit_scorer>();
    },
};

} // namespace emptor::value
