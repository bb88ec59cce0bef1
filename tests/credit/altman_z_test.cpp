// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/altman_z_entry.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <gtest/gtest.h>

#include <emptor/core/random.hpp>

#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::altman_z_test {
namespace {

using test::code_of;
using digits = boost::multiprecision::cpp_dec_float_50;

const std::string header =
    "working_capital,total_assets,retained_earnings,ebit,market_equity,book_equity,total_liabilities,sales\n";

std::string scored(const std::string& form, const std::string& rows, const std::vector<std::string>& only) {
  return test::scored(altman_z_name, rows, only, {{"form", form}});
}

struct figures {
  double z;
  double zone;
  double parts[6];
};
/// \param in  working capital, assets, retained earnings, EBIT, equity, liabilities, sales
figures figures_of(altman_form form, const double (&in)[7]) {
  const altman_scores<math::real> formula(constants_of(form));
  math::real given[7];
  for (int i = 0; i < 7; ++i)
    given[i] = in[i];
  math::real out[8];
  formula.row(given, out, nullptr);
  figures made{math::value_of(out[0]), math::value_of(out[1]), {}};
  for (int i = 0; i < 6; ++i)
    made.parts[i] = math::value_of(out[2 + i]);
  return made;
}

// Altman (1968, 1983), Altman, Hartzell and Peck (1995): each ratio alone at 1 shows its constant.
TEST(altman_z, constants_are_those_of_the_sources) {
  const double expected[4][6] = {{0.0, 1.2, 1.4, 3.3, 0.6, 0.999},
                                 {0.0, 0.717, 0.847, 3.107, 0.420, 0.998},
                                 {0.0, 6.56, 3.26, 6.72, 1.05, 0.0},
                                 {3.25, 6.56, 3.26, 6.72, 1.05, 0.0}};
  for (int form = 0; form < 4; ++form) {
    const figures of = figures_of(static_cast<altman_form>(form), {7.0, 7.0, 7.0, 7.0, 3.0, 3.0, 7.0});
    for (int i = 0; i < 6; ++i)
      EXPECT_EQ(of.parts[i], expected[form][i]) << altman_forms[form] << " part " << i;
  }
}

TEST(altman_z, each_form_has_cut_offs_of_its_own_and_they_are_grey) {
  const double cuts[4][2] = {{1.81, 2.99}, {1.23, 2.90}, {1.10, 2.60}, {4.35, 5.85}};
  for (int form = 0; form < 4; ++form) {
    const altman_constants of = constants_of(static_cast<altman_form>(form));
    EXPECT_EQ(of.distress_below, cuts[form][0]);
    EXPECT_EQ(of.safe_above, cuts[form][1]);
    // z from the ratio of EBIT alone, a step on each side of a cut.
    for (int side = 0; side < 2; ++side) {
      const double at = (cuts[form][side] - of.constant) / of.ebit;
      const auto zone = [&](double ratio) {
        return figures_of(static_cast<altman_form>(form), {0.0, 1.0, 0.0, ratio, 0.0, 1.0, 0.0}).zone;
      };
      EXPECT_EQ(zone(at - 1e-9), side == 0 ? 0.0 : 1.0);
      EXPECT_EQ(zone(at + 1e-9), side == 0 ? 1.0 : 2.0);
    }
  }
  // Exactly on a cut: 0.6 x 2990 / 600 is 2.99 and 4.35 - 3.25 is what Z'' has at 1.10.
  EXPECT_EQ(scored("listed_1968", header + "0,1000,0,0,2990,,600,0\n0,1000,0,0,2991,,600,0\n", {"zone"}),
            "grey,ok\nsafe,ok\n");
}

// Some web pages read Z'' by the cut-offs of Z' (2.90, 1.23): 2.7 and 1.15 would be grey and distress there.
TEST(altman_z, no_cut_off_of_another_form_is_used) {
  const std::string rows = header + "0,100,0,0,270,270,105,0\n0,100,0,0,115,115,105,0\n";
  EXPECT_EQ(scored("non_manufacturer_1995", rows, {"zone"}), "safe,ok\ngrey,ok\n");
  EXPECT_EQ(scored("emerging_market", rows, {"zone"}), "safe,ok\ngrey,ok\n");
}

TEST(altman_z, parts_add_up_to_the_last_bit_and_agree_with_50_digits) {
  const char* coefficients[4][6] = {{"0", "1.2", "1.4", "3.3", "0.6", "0.999"},
                                    {"0", "0.717", "0.847", "3.107", "0.420", "0.998"},
                                    {"0", "6.56", "3.26", "6.72", "1.05", "0"},
                                    {"3.25", "6.56", "3.26", "6.72", "1.05", "0"}};
  for (std::size_t i = 0; i < 300; ++i) {
    random_stream draw(5, 0, i);
    const auto money = [&] { return std::ldexp(draw.uniform() - 0.4, static_cast<int>(draw.below(40))); };
    const double in[7] = {money(), std::fabs(money()) + 1e-3, money(),           money(),
                          money(), std::fabs(money()) + 1e-3, std::fabs(money())};
    for (int form = 0; form < 4; ++form) {
      const figures of = figures_of(static_cast<altman_form>(form), in);
      double sum = 0.0;
      for (const double part : of.parts)
        sum += part;
      EXPECT_EQ(sum, of.z);
      const auto c = [&](int k) { return digits(coefficients[form][k]); };
      const digits assets(in[1]);
      const digits terms[6] = {c(0),
                               c(1) * digits(in[0]) / assets,
                               c(2) * digits(in[2]) / assets,
                               c(3) * digits(in[3]) / assets,
                               c(4) * digits(in[4]) / digits(in[5]),
                               c(5) * digits(in[6]) / assets};
      digits exact = 0;
      digits size = 0;
      for (const digits& term : terms) {
        exact += term;
        size += abs(term);
      }
      EXPECT_LE(abs(digits(of.z) - exact), size * digits(6e-16));
    }
  }
}

TEST(altman_z, emerging_market_is_the_score_of_non_manufacturers_and_325_more) {
  for (std::size_t i = 0; i < 200; ++i) {
    random_stream draw(6, 0, i);
    const double in[7] = {draw.uniform() - 0.5, 1.0 + draw.uniform(), draw.uniform() - 0.5,
                          draw.uniform() - 0.5, draw.uniform(),       0.5 + draw.uniform(),
                          draw.uniform()};
    EXPECT_NEAR(figures_of(altman_form::emerging_market, in).z,
                figures_of(altman_form::non_manufacturer_1995, in).z + 3.25, 1e-13);
  }
}

TEST(altman_z, more_of_anything_good_never_lowers_it_and_more_debt_never_raises_it) {
  const double usual[7] = {100.0, 1000.0, 200.0, 80.0, 400.0, 600.0, 900.0};
  for (int form = 0; form < 4; ++form) {
    const double z = figures_of(static_cast<altman_form>(form), usual).z;
    for (const int i : {0, 2, 3, 4, 6}) {
      double more[7];
      std::copy(std::begin(usual), std::end(usual), more);
      more[i] += 10.0;
      EXPECT_GE(figures_of(static_cast<altman_form>(form), more).z, z);
    }
    double indebted[7];
    std::copy(std::begin(usual), std::end(usual), indebted);
    indebted[5] += 10.0;
    EXPECT_LT(figures_of(static_cast<altman_form>(form), indebted).z, z);
  }
}

TEST(altman_z, the_unit_of_money_does_not_matter) {
  const std::vector<std::string> all{"z", "zone", "equity_part"};
  EXPECT_EQ(scored("private_1983", header + "200,1000,300,150,,480,600,1100\n", all),
            scored("private_1983", header + "200000,1000000,300000,150000,,480000,600000,1100000\n", all));
}

TEST(altman_z, what_has_no_ratio_says_why) {
  const std::vector<std::string> all{"z", "zone"};
  EXPECT_EQ(scored("listed_1968",
                   header + "1,0,1,1,1,1,1,1\n1,-5,1,1,1,1,1,1\n1,5,1,1,1,1,0,1\n1,5,1,1,,1,1,1\n"
                            "1,5,1,1,1,,1,\n1,5,1,1,1,1,-1,1\n1,5,1,1,1,1,1,-1\n,5,1,1,1,1,1,1\n"
                            "1e308,1e-5,1,1,1,1,1,1\n5,10,5,5,1,,2,10\n",
                   all),
            ",,out_of_domain\n,,out_of_domain\n,,undefined\n,,missing\n,,missing\n,,out_of_domain\n,,"
            "out_of_domain\n,,missing\n,,too_large\n4.249,safe,ok\n");
  // What a form does not read refuses no row, whatever it is.
  EXPECT_EQ(scored("non_manufacturer_1995", header + "1,5,1,1,,1,1,-7\n", {"z", "sales_part"}),
            "4.358,0,ok\n");
  EXPECT_EQ(scored("non_manufacturer_1995", header + "1,5,1,1,inf,1,1,1\n", {"z"}), "4.358,ok\n");
  // What a form does not read may be missing.
  EXPECT_EQ(scored("non_manufacturer_1995", header + "1,5,1,1,,1,1,\n", {"z", "sales_part"}), "4.358,0,ok\n");
  // A row without liabilities says so whatever is asked for.
  EXPECT_EQ(scored("listed_1968", header + "1,5,1,1,1,1,0,1\n", {"ebit_part"}), "0.66,undefined\n");
}

TEST(altman_z, a_form_needs_its_columns) {
  std::string text;
  EXPECT_EQ(code_of(
                [] {
                  return scored("listed_1968",
                                "working_capital,total_assets,retained_earnings,ebit,book_equity,"
                                "total_liabilities,sales\n1,1,1,1,1,1,1\n",
                                {});
                },
                &text),
            status::schema);
  EXPECT_EQ(text, "credit.altman_z: form listed_1968 needs the column market_equity");
  EXPECT_EQ(code_of(
                [] {
                  return scored("private_1983",
                                "working_capital,total_assets,retained_earnings,ebit,book_equity,"
                                "total_liabilities\n1,1,1,1,1,1\n",
                                {});
                },
                &text),
            status::schema);
  EXPECT_EQ(text, "credit.altman_z: form private_1983 needs the column sales");
  EXPECT_EQ(code_of([] { return test::scored(altman_z_name, header + "1,1,1,1,1,1,1,1\n", {}); }),
            status::option);
}

TEST(altman_z, packs_give_the_bits_of_a_row_alone) {
  constexpr std::size_t rows = 37;
  std::vector<double> columns[7];
  for (std::size_t i = 0; i < rows; ++i) {
    random_stream draw(7, 0, i);
    for (std::vector<double>& one : columns)
      one.push_back(draw.below(9) == 0 ? std::nan("") : 100.0 * draw.uniform());
  }
  for (int form = 0; form < 4; ++form) {
    const double given[] = {static_cast<double>(form)};
    const double* in[7];
    for (int i = 0; i < 7; ++i)
      in[i] = columns[i].data();
    std::vector<double> made[8];
    double* out[8];
    for (int o = 0; o < 8; ++o) {
      made[o].resize(rows);
      out[o] = made[o].data();
    }
    math::apply_rows<altman_scores, math::pack<math::isa::baseline>>(given, in, out, rows);
    for (std::size_t row = 0; row < rows; ++row) {
      double alone[7];
      for (int i = 0; i < 7; ++i)
        alone[i] = columns[i][row];
      const figures of = figures_of(static_cast<altman_form>(form), alone);
      EXPECT_TRUE(of.z == made[0][row] || (std::isnan(of.z) && std::isnan(made[0][row])));
      EXPECT_TRUE(of.zone == made[1][row] || (std::isnan(of.zone) && std::isnan(made[1][row])));
    }
  }
}

} // namespace
} // namespace emptor::credit::altman_z_test
