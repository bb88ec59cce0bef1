// SPDX-License-Identifier: BSL-1.0
// What the README shows of C++: it reads an orders.csv in the folder where it runs. [readme]
#include <cmath>
#include <emptor/catalogue.hpp>
#include <fstream>
#include <iostream>

int main() try {
  emptor::text_buffer customers;
  std::vector<std::int32_t> days;
  std::vector<std::int64_t> cents;
  std::ifstream file("orders.csv");
  std::string customer, date, amount;
  for (std::getline(file, customer); // customer_id,date,amount
       std::getline(file, customer, ',') && std::getline(file, date, ',') && std::getline(file, amount);) {
    customers.push_back(customer);
    days.push_back(emptor::days_since_epoch(emptor::parse_date(date).value()));
    cents.push_back(std::llround(100 * std::stod(amount)));
  }
  const emptor::table orders("orders", {emptor::column::texts("customer", std::move(customers)),
                                        emptor::column::days("date", std::move(days)),
                                        emptor::column::amounts("amount", std::move(cents), 2, "USD")});
  const auto history = emptor::make_store("order_history", {});
  history->push({.columns = orders.views(), .rows = orders.rows(), .strict = true});
  const emptor::option asked[] = {{"until", "1997-09-30"}, {"horizon", "39 week"}, {"model", "bg_nbd"}};
  const emptor::result made =
      emptor::finish(emptor::find_entry("value.customer_value"), history.get(), asked, {}, {}, {});
  const emptor::table& value = made.tables.front(); // emptor describe value.customer_value lists its columns
  for (std::size_t row = 0; row < 5; ++row)
    std::cout << value.at("customer").text()[static_cast<std::int64_t>(row)] << ": P(alive) "
              << value.at("probability_alive").as<double>()[row] << ", orders in 39 weeks "
              << value.at("expected_orders").as<double>()[row] << '\n';
} catch (const emptor::error& why) {
  std::cerr << why.what() << '\n';
  return 1;
}
// [readme]
