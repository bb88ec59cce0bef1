// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "support/places.hpp"

namespace emptor::test {

/// Customers as the models of a customer base want them, in columns.
struct customers {
  std::vector<double> frequency, recency, age, weight;

  void add(double x, double t_x, double now) {
    frequency.push_back(x);
    recency.push_back(t_x);
    age.push_back(now);
  }
  [[nodiscard]] std::size_t size() const noexcept { return frequency.size(); }
  /// These customers, in this order.
  [[nodiscard]] customers rows(std::span<const std::size_t> order) const {
    customers made;
    for (const std::size_t i : order)
      made.add(frequency[i], recency[i], age[i]);
    return made;
  }
};

/// Weeks to 1997-09-30 of an order log of CDNOW; several lines of a customer on one day are one order. Empty where
/// the data are missing.
[[nodiscard]] inline customers cdnow(const char* name) {
  const auto day_number = [](const std::string& date) {
    using namespace std::chrono;
    const year_month_day d{year(std::stoi(date.substr(0, 4))),
                           month(static_cast<unsigned>(std::stoi(date.substr(5, 2)))),
                           std::chrono::day(static_cast<unsigned>(std::stoi(date.substr(8, 2))))};
    return static_cast<int>(sys_days(d).time_since_epoch().count());
  };
  std::ifstream in(data_file(name));
  std::map<std::string, std::set<int>> days;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t comma = line.find(',');
    const std::string date = line.substr(comma + 1, 10);
    if (date <= "1997-09-30")
      days[line.substr(0, comma)].insert(day_number(date));
  }
  const int end = day_number("1997-09-30");
  customers made;
  for (const auto& [customer, d] : days)
    made.add(static_cast<double>(d.size() - 1), (*d.rbegin() - *d.begin()) / 7.0, (end - *d.begin()) / 7.0);
  return made;
}

} // namespace emptor::test
