// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include <emptor/value/plan_control_entry.hpp>

#include "../src/examples.hpp"
#include "credit/finished.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::test::plan_control_test {
namespace {

using namespace emptor::value;
using boost::multiprecision::cpp_int;
using digits = boost::multiprecision::cpp_bin_float_50;
using texts = std::vector<std::string>;

stats::rows new_store() {
  const std::vector<option> options{{"entry", std::string(plan_control_name)}};
  return {option_values("rows", stats::rows_options, options), plan_control_inputs};
}
const table_description& described(std::string_view name) {
  return *std::find_if(std::begin(plan_control_inputs), std::end(plan_control_inputs),
                       [&](const table_description& one) { return one.name == name; });
}
void push(stats::rows& into, std::string_view name, const std::string& csv) {
  push_table(into, table_of(name, described(name).columns, csv));
}
constexpr const char* sales_header =
    "unit,product,planned_quantity,planned_sales,actual_quantity,actual_sales\n";
constexpr const char* expense_header = "unit,kind,planned,actual,low,high\n";
constexpr const char* market_header = "unit,scenario,sales,market_sales,served_market_sales,leader_sales,top_"
                                      "three_sales,customers,market_customers,"
                                      "quantity,market_quantity,customers_quantity\n";
stats::rows store_with(const std::string& sales, const std::string& expenses = "",
                       const std::string& market = "") {
  stats::rows made = new_store();
  push(made, "sales", sales_header + sales);
  push(made, "expenses", expense_header + expenses);
  push(made, "market", market_header + market);
  return made;
}
result finished_of(const stats::rows& from, const std::vector<option>& with = {}) {
  return finished::of(plan_control_entry, from, with);
}

// --- sales --------------------------------------------------------------------------------------------------------------

// P. Kotler, Marketing Management: 4,000 at 1 planned, 3,000 at 0.80 sold; and territories of 1,500, 500 and 2,000 pieces.
TEST(plan_control, the_textbooks_variances) {
  const result made = finished_of(store_with("a,,4000,4000,3000,2400\n"));
  EXPECT_EQ(finished::cells(made, "lines",
                            {"product", "planned_price", "actual_price", "variance", "variance_share",
                             "price_variance", "volume_variance", "price_share", "volume_share"}),
            texts{"- 1 0.8 -160000 -0.4 -60000 -100000 0.375 0.625"});
  const result territories =
      finished_of(store_with("1,,1500,1500,1400,1400\n2,,500,500,525,525\n3,,2000,2000,1075,1075\n"));
  EXPECT_EQ(finished::cells(territories, "units", {"unit", "variance_share", "price_variance"}),
            (texts{"1 " + to_text(-100.0 / 1500) + " 0", "2 0.05 0", "3 -0.4625 0"}));
  EXPECT_EQ(finished::cells(territories, "total", {"variance", "variance_share", "volume_share"}),
            texts{"-100000 -0.25 1"});
}

TEST(plan_control, volume_is_quantity_and_mix) {
  // Planned 100 at 10 and 100 at 20; sold 150 at 10 and 50 at 20: as many pieces, but the cheaper ones.
  const result made = finished_of(store_with("u,cheap,100,1000,150,1500\nu,dear,100,2000,50,1000\n"));
  EXPECT_EQ(
      finished::cells(made, "units",
                      {"variance", "price_variance", "volume_variance", "quantity_variance", "mix_variance"}),
      texts{"-50000 0 -50000 0 -50000"});
  // Twice of both is all quantity.
  const result twice = finished_of(store_with("u,cheap,100,1000,200,2000\nu,dear,100,2000,200,4000\n"));
  EXPECT_EQ(finished::cells(twice, "units", {"volume_variance", "quantity_variance", "mix_variance"}),
            texts{"300000 300000 0"});
}

TEST(plan_control, what_nobody_planned_is_volume_and_what_was_not_sold_too) {
  const result made = finished_of(store_with("u,new,,,10,99.5\nu,old,10,50,,\nu,usual,5,10,5,11\n"));
  EXPECT_EQ(finished::cells(made, "lines",
                            {"product", "planned_quantity", "actual_quantity", "planned_price",
                             "actual_price", "variance_share", "price_variance", "volume_variance"}),
            (texts{"new 0 10 - 9.95 - 0 9950", "old 10 0 5 - -1 0 -5000", "usual 5 5 2 2.2 0.1 100 0"}));
  EXPECT_EQ(finished::cells(made, "units", {"variance", "price_variance", "volume_variance"}),
            texts{"5050 100 4950"});
}

TEST(plan_control, without_quantities_there_is_no_split) {
  const result made = finished_of(store_with("u,a,,100,,90\nu,b,10,100,9,90\nv,,,0,,0\n"));
  EXPECT_EQ(finished::cells(made, "lines",
                            {"unit", "variance", "price_variance", "volume_variance", "price_share"}),
            (texts{"u -1000 - - -", "u -1000 0 -1000 0", "v 0 0 0 -"}));
  EXPECT_EQ(finished::cells(made, "units",
                            {"unit", "variance", "price_variance", "volume_variance", "quantity_variance",
                             "mix_variance", "variance_share"}),
            (texts{"u -2000 - - - - -0.1", "v 0 0 0 - - -"}));
  EXPECT_EQ(finished::cells(made, "total", {"variance", "price_variance"}), texts{"-2000 -"});
  const result none = finished_of(new_store());
  EXPECT_EQ(
      finished::cells(none, "total",
                      {"planned_sales", "actual_sales", "variance", "price_variance", "actual_expense"}),
      texts{"0 0 0 - -"});
}

/// Half away from 0, by whole numbers.
cpp_int rounded(const cpp_int& above, const cpp_int& below) {
  const cpp_int twice = 2 * abs(above) + below;
  const cpp_int size = twice / (2 * below);
  return above < 0 ? cpp_int(-size) : size;
}

TEST(plan_control, parts_add_up_to_the_cent_in_any_order_of_rows) {
  draws draw(11);
  for (int i = 0; i < 300; ++i) {
    struct row {
      std::string unit;
      std::string product;
      std::int64_t planned_quantity, actual_quantity; // thousandths
      std::int64_t planned, actual;
    };
    std::vector<row> rows;
    for (std::uint64_t n = 1 + draw.below(15); n > 0; --n) {
      row one{"u" + std::to_string(draw.below(3)),
              "p" + std::to_string(draw.below(3)),
              static_cast<std::int64_t>(draw.below(3) == 0 ? 0 : 1 + draw.below(100000)),
              static_cast<std::int64_t>(draw.below(100000)) - 1000,
              0,
              static_cast<std::int64_t>(draw.below(1000000)) - 10000};
      one.planned = one.planned_quantity == 0 ? 0 : static_cast<std::int64_t>(draw.below(1000000));
      rows.push_back(one);
    }
    std::map<std::pair<std::string, std::string>, row> lines;
    for (const row& one : rows) {
      row& to =
          lines.try_emplace({one.unit, one.product}, row{one.unit, one.product, 0, 0, 0, 0}).first->second;
      to.planned_quantity += one.planned_quantity;
      to.actual_quantity += one.actual_quantity;
      to.planned += one.planned;
      to.actual += one.actual;
    }
    const auto report_of = [&] {
      plan_lines given;
      for (const row& one : rows)
        given.sales.push_back({one.unit, one.product, one.planned_quantity * 1000, one.actual_quantity * 1000,
                               one.planned, one.actual});
      return control_plan(std::move(given));
    };
    const plan_report report = report_of();
    ASSERT_EQ(report.lines.size(), lines.size());
    auto expected = lines.begin();
    std::map<std::string, sales_variance> units;
    for (const controlled_sales& line : report.lines) {
      const row& one = expected++->second;
      EXPECT_EQ(line.of.unit, one.unit);
      EXPECT_EQ(line.of.product, one.product);
      const cpp_int at_plan = one.planned_quantity > 0
                                  ? rounded(cpp_int(one.planned) * one.actual_quantity, one.planned_quantity)
                                  : cpp_int(one.actual);
      EXPECT_EQ(cpp_int(line.variance.price), one.actual - at_plan);
      EXPECT_EQ(line.variance.all, one.actual - one.planned);
      EXPECT_EQ(line.variance.all, line.variance.price + line.variance.volume);
      sales_variance& unit = units.try_emplace(one.unit, sales_variance{0, 0, 0, 0, 0}).first->second;
      unit.all += line.variance.all;
      unit.price += line.variance.price;
      unit.volume += line.variance.volume;
    }
    ASSERT_EQ(report.units.size(), units.size());
    std::int64_t all = 0;
    for (const controlled_sales& unit : report.units) {
      const sales_variance& wanted = units.at(std::string(unit.of.unit));
      EXPECT_EQ(unit.variance.all, wanted.all);
      EXPECT_EQ(unit.variance.price, wanted.price);
      EXPECT_EQ(unit.variance.volume, wanted.volume);
      if (unit.of.planned_quantity > 0) {
        EXPECT_EQ(unit.variance.quantity + unit.variance.mix, unit.variance.volume);
        EXPECT_EQ(cpp_int(unit.variance.quantity),
                  rounded(cpp_int(unit.of.planned) * unit.of.actual_quantity, unit.of.planned_quantity) -
                      unit.of.planned);
      } else {
        EXPECT_EQ(unit.variance.mix, no_amount);
      }
      all += unit.variance.all;
    }
    EXPECT_EQ(report.total.variance.all, all);
    const std::vector<table> before = to_tables(report, 2);
    draw.shuffle(rows);
    EXPECT_EQ(to_tables(report_of(), 2), before);
  }
}

// --- expenses -----------------------------------------------------------------------------------------------------------

TEST(plan_control, expense_ratios_are_held_against_limits) {
  const result made = finished_of(store_with(
      "u,,,1000,,2000\nw,,,0,,-5\n",
      "u,advertising,100,160,,\nu,advertising,0,80,,\nu,research,10,15.99,,\nu,promotion,,100,0.04,0.05\n"
      "u,samples,,1,,\nu,gifts,,10,0.01,\nw,advertising,5,5,,\nx,fair,,7,,\n"));
  EXPECT_EQ(
      finished::cells(made, "expenses",
                      {"unit", "kind", "planned", "actual", "allowed", "over_allowed", "planned_ratio",
                       "actual_ratio", "low", "high", "verdict"}),
      (texts{"u advertising 10000 24000 20000 4000 0.1 0.12 0.08 0.12 within",
             "u gifts - 1000 - - - 0.005 0.01 - below", "u promotion - 10000 - - - 0.05 0.04 0.05 within",
             "u research 1000 1599 2000 -401 0.01 0.007995 0.008 0.012 below",
             "u samples - 100 - - - 5e-04 - - -", "w advertising 500 500 - - - - - - -",
             "x fair - 700 - - - - - - -"}));
  EXPECT_EQ(finished::cells(made, "units",
                            {"unit", "planned_expense", "actual_expense", "planned_expense_ratio",
                             "actual_expense_ratio"}),
            (texts{"u - 36699 - " + to_text(366.99 / 2000), "w 500 500 - -", "x - 700 - -"}));
  EXPECT_EQ(finished::cells(made, "total", {"planned_expense", "actual_expense"}), texts{"- 37899"});
  const result strict =
      finished_of(store_with("u,,,1000,,2000\n", "u,advertising,100,201,,\n"), {{"tolerance", "0"}});
  EXPECT_EQ(finished::cells(strict, "expenses", {"low", "high", "verdict"}), texts{"0.1 0.1 above"});
  const result rebate = finished_of(store_with("u,,,1000,,1000\n", "u,rebate,-50,-50,,\n"));
  EXPECT_EQ(finished::cells(rebate, "expenses", {"low", "high", "verdict"}), texts{"-0.06 -0.04 within"});
}

TEST(plan_control, one_expense_has_one_pair_of_limits) {
  std::string what;
  EXPECT_EQ(
      code_of([] { return finished_of(store_with("", "u,fair,1,1,0.1,0.2\nu,fair,1,1,0.1,0.3\n")); }, &what),
      status::data);
  EXPECT_EQ(what, "value.plan_control: expense fair of u is there with different control limits");
  EXPECT_EQ(code_of([] { return store_with("", "u,fair,1,1,0.3,0.2\n"); }), status::data);
}

// --- market -------------------------------------------------------------------------------------------------------------

TEST(plan_control, a_share_is_the_product_of_its_factors_and_its_difference_the_sum_of_their_effects) {
  variates draw(5);
  for (int i = 0; i < 3000; ++i) {
    const auto figures = [&](plan_scenario scenario) {
      market_figures of;
      of.unit = "u";
      of.scenario = scenario;
      of.market_customers = 10.0 + 1000.0 * draw.uniform();
      of.customers = of.market_customers * draw.uniform();
      of.market_quantity = 10.0 + 1000.0 * draw.uniform();
      of.customers_quantity = of.market_quantity * draw.uniform();
      of.quantity = of.customers_quantity * draw.uniform();
      of.market_sales = 100000 + static_cast<std::int64_t>(1e8 * draw.uniform());
      of.sales = 1 + static_cast<std::int64_t>(static_cast<double>(of.market_sales) * draw.uniform());
      return of;
    };
    plan_lines lines;
    lines.markets = {figures(plan_scenario::plan), figures(plan_scenario::actual)};
    if (i % 3 == 0) { // next to each other
      lines.markets[1] = lines.markets[0];
      lines.markets[1].scenario = plan_scenario::actual;
      lines.markets[1].customers *= 1.0 + 1e-4 * draw.uniform() * draw.uniform();
      lines.markets[1].sales += i % 2;
    }
    const plan_report report = control_plan(lines);
    digits shares[2];
    for (std::size_t k = 0; k < 2; ++k) {
      const controlled_market& one = report.markets[k];
      shares[k] = digits(one.of.sales) / one.of.market_sales;
      EXPECT_NEAR(one.share, static_cast<double>(shares[k]), 2e-16 * one.share);
      EXPECT_NEAR(one.factors.product, one.share, 1e-15 * one.share);
    }
    const controlled_market& actual = report.markets[1];
    double sum = 0.0;
    for (const double effect : actual.effects)
      sum += effect;
    const double size = std::max(report.markets[0].share, actual.share);
    EXPECT_NEAR(sum, static_cast<double>(shares[1] - shares[0]), 1e-14 * size);
    EXPECT_NEAR(actual.difference, sum, 1e-14 * size);
    // Each against the definition of the logarithmic mean.
    const digits ratio = log(shares[1] / shares[0]);
    const digits mean = shares[1] == shares[0] ? shares[0] : (shares[1] - shares[0]) / ratio;
    const digits penetration =
        mean * log(digits(actual.of.customers) / actual.of.market_customers *
                   report.markets[0].of.market_customers / report.markets[0].of.customers);
    EXPECT_NEAR(actual.effects[0], static_cast<double>(penetration),
                1e-14 * size + 1e-14 * std::abs(actual.effects[0]));
  }
}

TEST(plan_control, effects_lose_no_digits_where_shares_are_close) {
  for (double step = 1e-15; step < 1e6; step *= 3.0) {
    for (const double after : {0.3 * (1.0 + step), 0.3 / (1.0 + step), 0.3}) {
      const share_factors planned{{0.5, 0.5, 4.0, 0.3}, 0.3};
      const share_factors actual{{0.5 * (1.0 + step), 0.5 / (1.0 + step), 4.0, 0.6}, after};
      const std::array<double, share_factors::count> effects = share_effects(planned, actual);
      const digits mean =
          after == 0.3 ? digits(0.3) : digits((digits(after) - 0.3) / log(digits(after) / 0.3));
      for (std::size_t i = 0; i < effects.size(); ++i) {
        const digits wanted = mean * log(digits(actual.values[i]) / planned.values[i]);
        EXPECT_LE(abs(effects[i] - wanted), 1e-15 * abs(wanted)) << step << ", effect " << i;
      }
    }
  }
}

TEST(plan_control, what_is_not_known_of_a_market_has_no_share) {
  const result made =
      finished_of(store_with("u,,,100,,50\n", "",
                             "u,,,,0,,,0,10,5,100,20\nv,actual,10,100,50,5,,,,,,\nw,plan,,,,,,,,,,\n"
                             "x,plan,10,100,,,,0,10,1,10,1\nx,actual,20,100,,,,5,10,2,10,4\n"));
  EXPECT_EQ(finished::cells(made, "market",
                            {"unit", "scenario", "sales", "market_share", "served_market_share",
                             "relative_share_to_leader", "customer_penetration", "customer_loyalty",
                             "customer_selectivity", "decomposed_share", "difference", "loyalty_effect"}),
            (texts{"u actual 5000 - - - 0 0.25 - - - -", "v actual 1000 0.1 0.2 2 - - - - - -",
                   "w plan - - - - - - - - - -", "x plan 1000 0.1 - - 0 1 - - - -",
                   "x actual 2000 0.2 - - 0.5 0.5 0.8 0.2 0.1 -"}));
  std::string what;
  EXPECT_EQ(
      code_of([] { return finished_of(store_with("", "", "u,actual,1,,,,,,,,,\nu,,2,,,,,,,,,\n")); }, &what),
      status::data);
  EXPECT_EQ(what, "value.plan_control: the market of u is there twice for one scenario");
}

TEST(plan_control, figures_that_no_number_holds_have_no_share) {
  market_figures of;
  of.sales = of.market_sales = 100;
  of.customers = 5e-324;
  of.market_customers = of.quantity = of.market_quantity = of.customers_quantity = 10;
  const share_factors factors = factors_of(of);
  EXPECT_TRUE(std::isnan(factors.values[2]));
  EXPECT_TRUE(std::isnan(factors.product));
  EXPECT_EQ(factors.values[1], 1.0);
  for (const double effect : share_effects(factors, factors))
    EXPECT_TRUE(std::isnan(effect));
}

// --- hostile ------------------------------------------------------------------------------------------------------------

TEST(plan_control, rows_that_make_no_sense_are_refused) {
  const auto refused = [](const std::string& row) {
    std::string what;
    EXPECT_EQ(code_of([&] { return store_with(row); }, &what), status::data) << row;
    return what;
  };
  EXPECT_EQ(
      refused("u,p,0,5,1,1\n"),
      "value.plan_control: planned_quantity[0] is 0, but must be above 0 where planned_sales are not 0");
  refused("u,p,-1,5,1,1\n");
  refused("u,p,1,5,1e13,1\n");
  refused(",p,1,5,1,1\n");
  refused("u,p,1,5.001,1,1\n");
}

TEST(plan_control, no_share_of_a_market_is_above_1) {
  const auto refused = [](const std::string& sales, const std::string& market) {
    std::string what;
    EXPECT_EQ(code_of([&] { return finished_of(store_with(sales, "", market)); }, &what), status::data)
        << market;
    return what.substr(std::string("value.plan_control: ").size());
  };
  EXPECT_EQ(refused("", "u,,11,10,,,,,,,,\n"), "sales[0] is 11, but must be at most market_sales");
  EXPECT_EQ(refused("", "u,,,,,,,11,10,,,\n"), "customers[0] is 11, but must be at most market_customers");
  EXPECT_EQ(refused("", "u,,,,,,,,,11,,10\n"), "quantity[0] is 11, but must be at most customers_quantity");
  EXPECT_EQ(refused("", "u,,,,,,,,,11,10,\n"), "quantity[0] is 11, but must be at most market_quantity");
  EXPECT_EQ(refused("", "u,,,,,,,,,,10,11\n"),
            "customers_quantity[0] is 11, but must be at most market_quantity");
  EXPECT_EQ(refused("u,,,9,,11\n", "u,actual,,10,,,,,,,,\n"),
            "the sales of u are more than its market_sales, of which they are a part");
  EXPECT_EQ(refused("u,,,11,,9\n", "u,plan,,10,,,,,,,,\n"),
            "the sales of u are more than its market_sales, of which they are a part");
  EXPECT_EQ(finished::cells(finished_of(store_with("", "", "u,,10,10,,,,10,10,10,10,10\n")), "market",
                            {"market_share", "customer_penetration", "customer_loyalty"}),
            texts{"1 1 1"});
}

TEST(plan_control, money_beyond_64_bits_is_refused_by_name) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto with = [](planned_sales one, planned_sales other) {
    plan_lines lines;
    lines.sales = {one, other};
    std::string what;
    EXPECT_EQ(code_of([&] { return control_plan(lines); }, &what), status::overflow);
    return what;
  };
  EXPECT_EQ(with({"u", "a", 1, 1, most, 0}, {"u", "a", 1, 1, 1, 0}),
            "value.plan_control: planned sales of u must fit 64 bits");
  EXPECT_EQ(with({"u", "a", 1, 2, most, 0}, {}),
            "value.plan_control: plan at the actual sales of u must fit 64 bits");
  EXPECT_EQ(with({"u", "a", 1, 1, -most, most}, {}),
            "value.plan_control: sales variance of u must fit 64 bits");
  EXPECT_EQ(with({"u", "a", 1, 1, most, 0}, {"v", "a", 1, 1, 1, 0}),
            "value.plan_control: planned sales of all units must fit 64 bits");
}

} // namespace
} // namespace emptor::test::plan_control_test
