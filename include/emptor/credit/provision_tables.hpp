// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/credit/provision_matrix.hpp>

/// The tables of credit.provision_matrix.
namespace emptor::credit {

inline constexpr std::string_view journal_events[] = {"write_off", "recovery", "addition", "release"};
inline constexpr std::string_view journal_accounts[] = {"loss_allowance", "receivables", "cash",
                                                        "impairment_loss"};

struct provision_report {
  table matrix;
  table customers;
  table specific;
  table reconciliation;
  table movement;
  table journal;
};

namespace detail {

[[nodiscard]] inline std::int64_t provision_fits(wide_integer sum, std::string_view what,
                                                 std::string_view whose) {
  return fitting(provision_matrix_name, sum, what, whose);
}

/// Collects the groups of a matrix.
class matrix_writer {
public:
  explicit matrix_writer(std::vector<std::string> buckets)
      : buckets_(std::move(buckets)) {}

  void add(const document_group& group, const matrix_group& made) {
    for (const matrix_line& line : made.lines) {
      const bucket_loss& base = line.rate.base;
      add(group, line.bucket, line.items, line.balance, line.provision.value_or(no_amount));
      reached_.push_back(base.reached > 0 ? provision_fits(base.reached, "sales", group.shown()) : no_amount);
      lost_.push_back(base.reached > 0 ? provision_fits(base.lost, "sales", group.shown()) : no_amount);
      base_.push_back(base.rate);
      low_.push_back(base.low);
      high_.push_back(base.high);
      rate_.push_back(line.rate.rate);
    }
    if (made.unallocated_items > 0) {
      constexpr double none = std::numeric_limits<double>::quiet_NaN();
      add(group, buckets_.size() - 1, made.unallocated_items, made.unallocated, 0);
      for (std::vector<double>* one : {&base_, &low_, &high_, &rate_})
        one->push_back(none);
      reached_.push_back(no_amount);
      lost_.push_back(no_amount);
    }
    for (const specific_line& line : made.specific) {
      documents_.push_back(line.document);
      customers_.push_back(line.customer);
      reasons_.push_back(line.reason);
      currencies_.push_back(group.currency);
      bucket_of_specific_.push_back(static_cast<std::int32_t>(line.bucket));
      open_.push_back(line.open);
      covered_.push_back(line.covered);
      specific_rate_.push_back(line.rate);
      specific_provision_.push_back(line.provision.value_or(no_amount));
    }
  }
  [[nodiscard]] table matrix() {
    const money_columns money = groups_.money();
    table made("matrix");
    groups_.put_into(made);
    made.add(column::codes("bucket", std::move(bucket_), buckets_));
    made.add(column::integers("open_items", std::move(items_)));
    made.add(money.amounts("balance", std::move(balance_)));
    made.add(money.amounts("reached", std::move(reached_)).or_none());
    made.add(money.amounts("lost", std::move(lost_)).or_none());
    made.add(column::numbers("base_rate", std::move(base_), "share").or_none());
    made.add(column::numbers("low", std::move(low_), "share").or_none());
    made.add(column::numbers("high", std::move(high_), "share").or_none());
    made.add(column::numbers("rate", std::move(rate_), "share").or_none());
    made.add(money.amounts("provision", std::move(provision_)).or_none());
    return made;
  }
  [[nodiscard]] table specific() {
    const money_columns money{{currencies_.begin(), currencies_.end()}};
    table made("specific");
    made.add(column::texts("document", std::move(documents_)));
    made.add(column::texts("customer", std::move(customers_)));
    made.add(money_columns::codes(currencies_));
    made.add(column::texts("reason", std::move(reasons_)));
    made.add(column::codes("bucket", std::move(bucket_of_specific_), buckets_));
    made.add(money.amounts("open", std::move(open_)));
    made.add(money.amounts("covered", std::move(covered_)));
    made.add(column::numbers("rate", std::move(specific_rate_), "share").or_none());
    made.add(money.amounts("provision", std::move(specific_provision_)).or_none());
    return made;
  }

private:
  void add(const document_group& group, std::size_t bucket, std::int64_t items, std::int64_t balance,
           std::int64_t provision) {
    groups_.add(group);
    bucket_.push_back(static_cast<std::int32_t>(bucket));
    items_.push_back(items);
    balance_.push_back(balance);
    provision_.push_back(provision);
  }

  std::vector<std::string> buckets_;
  group_columns groups_;
  std::vector<std::int32_t> bucket_;
  std::vector<std::int64_t> items_;
  std::vector<std::int64_t> balance_;
  std::vector<std::int64_t> reached_;
  std::vector<std::int64_t> lost_;
  std::vector<double> base_;
  std::vector<double> low_;
  std::vector<double> high_;
  std::vector<double> rate_;
  std::vector<std::int64_t> provision_;

  text_buffer documents_;
  text_buffer customers_;
  text_buffer reasons_;
  std::vector<stats::currency_code> currencies_;
  std::vector<std::int32_t> bucket_of_specific_;
  std::vector<std::int64_t> open_;
  std::vector<std::int64_t> covered_;
  std::vector<double> specific_rate_;
  std::vector<std::int64_t> specific_provision_;
};

/// Rows that all have a currency, and columns of money.
struct money_rows {
  std::vector<stats::currency_code> currencies;
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> amounts;

  explicit money_rows(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
      amounts.push_back({std::string(name), {}});
  }
  void add(stats::currency_code currency, std::initializer_list<std::int64_t> values) {
    currencies.push_back(currency);
    std::size_t i = 0;
    for (const std::int64_t value : values)
      amounts[i++].second.push_back(value);
  }
  /// Adds the columns of money. Their values are given away.
  void put_into(table& made) {
    const money_columns money{{currencies.begin(), currencies.end()}};
    for (auto& [name, values] : amounts)
      made.add(money.amounts(name, std::move(values)).or_none());
  }
};

[[nodiscard]] inline table provisions_of_customers(const stats::ledger& from,
                                                   const provisioned_ledger& made) {
  text_buffer names;
  money_rows rows{"balance", "owed", "unallocated", "matrix_provision", "specific_provision", "provision"};
  for (const auto& [key, sums] : made.customers) {
    const std::string_view customer = from.customer(made.state.customers[key.first].id);
    const auto fits = [&](wide_integer sum, std::string_view what) {
      return provision_fits(sum, what, customer);
    };
    names.push_back(customer);
    rows.add(key.second,
             {fits(sums.matrix + sums.specific + sums.unallocated, "balance"),
              fits(sums.matrix + sums.specific, "owed amount"), fits(sums.unallocated, "unallocated amount"),
              fits(sums.matrix_provision, "provision"), fits(sums.specific_provision, "provision"),
              fits(sums.matrix_provision + sums.specific_provision, "provision")});
  }
  table all("customers");
  all.add(column::texts("customer", std::move(names)));
  all.add(money_columns::codes(rows.currencies));
  rows.put_into(all);
  return all;
}

/// The balance of each currency from the documents alone, without their settlements; of some customers from what is open,
/// for settlements may move it to others.
[[nodiscard]] inline std::map<stats::currency_code, wide_integer>
balances_of_ledger(const stats::ledger& from, const stats::ledger_state& state, std::int32_t today,
                   bool whole) {
  std::map<stats::currency_code, wide_integer> made;
  for (const stats::open_item& one : state.items)
    made[one.currency] += whole ? wide_integer{0} : wide_integer{one.open};
  const auto items = from.items().rows();
  for (std::uint32_t row = 0; whole && row < items.size(); ++row) {
    const stats::ledger::item& one = items[row];
    if (one.date <= today && from.items().is_live(row))
      made[one.currency] += stats::is_debit(one.kind) ? wide_integer{one.amount} : -wide_integer{one.amount};
  }
  return made;
}

/// What was written off in each currency from a day on.
[[nodiscard]] inline std::map<stats::currency_code, wide_integer>
write_offs_of_ledger(const stats::ledger_state& state, std::int32_t first) {
  std::map<stats::currency_code, wide_integer> made;
  for (const stats::open_item& one : state.items) {
    if (one.kind == stats::document_kind::write_off && one.date >= first)
      made[one.currency] += one.amount;
  }
  return made;
}

/// The movement of the allowance and its journal.
class allowance_writer {
public:
  /// \param written_off  by the ledger: what counts where the account does not say it
  void add(stats::currency_code currency, const allowance_account& account, std::int64_t written_off,
           std::int64_t closing) {
    const std::int64_t write_offs = account.write_offs.value_or(written_off);
    const wide_integer change = wide_integer{closing} - account.opening + write_offs - account.recoveries;
    const std::int64_t charge = provision_fits(change, "charge", stats::detail::shown_currency(currency));
    movement_.add(currency, {account.opening, write_offs, account.recoveries, charge, closing, written_off});
    post(currency, 0, write_offs, allowance, receivables);
    post(currency, 1, account.recoveries, cash, allowance);
    if (charge > 0)
      post(currency, 2, charge, loss, allowance);
    else
      post(currency, 3, -charge, allowance, loss);
  }
  [[nodiscard]] table movement() {
    table made("movement");
    made.add(money_columns::codes(movement_.currencies));
    movement_.put_into(made);
    return made;
  }
  [[nodiscard]] table journal() {
    table made("journal");
    made.add(money_columns::codes(journal_.currencies));
    made.add(column::integers("line", std::move(lines_)));
    made.add(column::codes("event", std::move(events_), journal_events));
    made.add(column::codes("account", std::move(accounts_), journal_accounts));
    journal_.put_into(made);
    return made;
  }

private:
  static constexpr std::int32_t allowance = 0;
  static constexpr std::int32_t receivables = 1;
  static constexpr std::int32_t cash = 2;
  static constexpr std::int32_t loss = 3;

  void post(stats::currency_code currency, std::int32_t event, std::int64_t amount, std::int32_t debit,
            std::int32_t credit) {
    if (amount == 0)
      return;
    for (const bool on_debit : {true, false}) {
      events_.push_back(event);
      accounts_.push_back(on_debit ? debit : credit);
      lines_.push_back(static_cast<std::int64_t>(lines_.size()) + 1);
      journal_.add(currency, {on_debit ? amount : 0, on_debit ? 0 : amount});
    }
  }

  money_rows movement_{"opening", "write_offs", "recoveries", "charge", "closing", "ledger_write_offs"};
  money_rows journal_{"debit", "credit"};
  std::vector<std::int64_t> lines_;
  std::vector<std::int32_t> events_;
  std::vector<std::int32_t> accounts_;
};

} // namespace detail

/// \param given a model of credit.provision_matrix with an allowance, may be null \param keys only these customers
/// \throws error as `provision_groups`; status::data of the allowance
[[nodiscard]] inline provision_report
provision_matrix(const stats::ledger& from, const matrix_request& asked, const provision_rates& rates,
                 const model* given, std::string_view by = "all",
                 const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  using stats::detail::shown_currency;
  const specific_rules rules(given);
  detail::matrix_writer writer(asked.buckets.labels());
  const provisioned_ledger made =
      provision_groups(from, asked, rates, rules, by, keys, how,
                       [&](const document_group& group, const matrix_group& of) { writer.add(group, of); });
  std::map<stats::currency_code, provision_sums> currencies;
  for (const auto& [key, sums] : made.customers) {
    provision_sums& into = currencies[key.second];
    into.matrix += sums.matrix;
    into.specific += sums.specific;
    into.unallocated += sums.unallocated;
    into.unrated += sums.unrated;
    into.matrix_provision += sums.matrix_provision;
    into.specific_provision += sums.specific_provision;
  }
  std::optional<stats::currency_code> only = stats::code_of(from.default_currency());
  if (!currencies.empty())
    only = currencies.size() == 1 ? std::optional(currencies.begin()->first) : std::nullopt;
  std::map<stats::currency_code, allowance_account> accounts = allowance_accounts(given, only);
  const auto balances = detail::balances_of_ledger(from, made.state, days_since_epoch(asked.as_of), !keys);
  for (const auto& [code, account] : accounts)
    currencies.try_emplace(code); // whose last document is settled, or has not come
  const auto written_off = detail::write_offs_of_ledger(made.state, asked.movement_from);
  detail::money_rows rows{"matrix",     "specific", "unallocated", "balance",   "ledger_balance",
                          "difference", "unrated",  "provision",   "net_amount"};
  detail::allowance_writer allowance;
  for (const auto& [code, sums] : currencies) {
    const auto fits = [&, currency = code](wide_integer sum, std::string_view what) {
      return detail::provision_fits(sum, what, shown_currency(currency));
    };
    const auto found = balances.find(code);
    const wide_integer ledger_balance = found == balances.end() ? wide_integer{0} : found->second;
    const wide_integer balance = sums.matrix + sums.specific + sums.unallocated;
    const std::int64_t provision = fits(sums.matrix_provision + sums.specific_provision, "provision");
    rows.add(code, {fits(sums.matrix, "balance"), fits(sums.specific, "balance"),
                    fits(sums.unallocated, "unallocated amount"), fits(balance, "balance"),
                    fits(ledger_balance, "balance"), fits(ledger_balance - balance, "difference"),
                    fits(sums.unrated, "balance"), provision, fits(balance - provision, "net amount")});
    const auto gone = written_off.find(code);
    allowance.add(code, accounts[code],
                  gone == written_off.end() ? 0 : fits(gone->second, "written-off amount"), provision);
  }
  provision_report report;
  report.matrix = writer.matrix();
  report.customers = detail::provisions_of_customers(from, made);
  report.specific = writer.specific();
  report.reconciliation = table("reconciliation");
  report.reconciliation.add(detail::money_columns::codes(rows.currencies));
  rows.put_into(report.reconciliation);
  report.movement = allowance.movement();
  report.journal = allowance.journal();
  return report;
}

} // namespace emptor::credit
