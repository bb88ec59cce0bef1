// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/given_table.hpp>
#include <emptor/credit/late_interest.hpp>

/// The tables that credit.late_interest takes and gives.
namespace emptor::credit::detail {

/// The rows of table charged, by document. \throws error status::data where a document cannot have been charged
[[nodiscard]] inline std::map<std::string_view, std::vector<std::int64_t>>
charged_rows(const given_table& charged, const stats::ledger& from) {
  std::map<std::string_view, std::vector<std::int64_t>> rows;
  for (std::int64_t row = 0; row < charged.rows(); ++row) {
    const std::string_view name = charged.text("document", row).value_or("");
    const std::uint32_t known = from.texts().documents.find(id_pool::key_of(name));
    const std::uint32_t item =
        known == stats::ledger::no_text ? stats::ledger::no_text : from.items().find(known);
    if (item == stats::ledger::no_text || !stats::is_debit(from.items()[item].kind))
      charged.refuse("charged.document", row, std::string(name),
                     "an invoice, debit note or refund of the ledger: what was charged would be lost");
    rows[name].push_back(row);
  }
  return rows;
}

/// The fee of each currency. \throws error status::data
class interest_fees {
public:
  explicit interest_fees(const given_table& from)
      : from_(from) {
    for (std::int64_t row = 0; row < from.rows(); ++row) {
      const auto currency = from.currency_at(row);
      if (!rows_.emplace(currency, row).second)
        from.refuse("currency", row, currency ? std::string(stats::currency_of(*currency).code()) : "missing",
                    "there once");
    }
  }
  [[nodiscard]] std::int64_t of(stats::currency_code currency) const {
    auto found = rows_.find(currency);
    if (found == rows_.end())
      found = rows_.find(std::nullopt);
    return found == rows_.end() ? 0 : from_.minor_units("fee", found->second, currency);
  }

private:
  const given_table& from_;
  std::map<std::optional<stats::currency_code>, std::int64_t> rows_;
};

/// The rows of a report on interest.
class interest_writer {
public:
  struct row {
    std::string_view document;
    std::string_view customer;
    stats::currency_code currency = 0;
    std::int32_t due = emptor::no_day;
    std::int64_t days_late = 0;
    std::int64_t amounts[6] = {}; ///< open, interest, charged, to_charge, fee, fee_to_charge
  };
  void add(const row& one) { rows_.push_back(one); }
  void add(std::string_view document, stats::currency_code currency, const interest_segment& one) {
    segment_documents_.push_back(document);
    segment_currencies_.push_back(currency);
    from_.push_back(one.after + 1);
    until_.push_back(one.until);
    days_.push_back(one.days);
    balances_.push_back(one.balance);
    rates_.push_back(static_cast<double>(one.rate) / static_cast<double>(whole_share));
  }
  /// The rows of one customer and currency are together.
  [[nodiscard]] result tables() {
    result made;
    made.tables.push_back(documents());
    made.tables.push_back(segments());
    made.tables.push_back(customers());
    return made;
  }

private:
  [[nodiscard]] table documents() const {
    text_buffer documents;
    text_buffer customers;
    std::vector<stats::currency_code> currencies;
    std::vector<std::int32_t> due;
    std::vector<std::int64_t> days;
    std::vector<std::int64_t> amounts[6];
    for (const row& one : rows_) {
      documents.push_back(one.document);
      customers.push_back(one.customer);
      currencies.push_back(one.currency);
      due.push_back(one.due);
      days.push_back(one.days_late);
      for (std::size_t k = 0; k < 6; ++k)
        amounts[k].push_back(one.amounts[k]);
    }
    const money_columns money{{currencies.begin(), currencies.end()}};
    table made("documents");
    made.add(column::texts("document", std::move(documents)));
    made.add(column::texts("customer", std::move(customers)));
    made.add(money_columns::codes(currencies));
    made.add(column::days("due_date", std::move(due)).or_none());
    made.add(column::integers("days_late", std::move(days)));
    constexpr std::string_view names[] = {"open", "interest", "charged", "to_charge", "fee", "fee_to_charge"};
    for (std::size_t k = 0; k < 6; ++k)
      made.add(money.amounts(std::string(names[k]), std::move(amounts[k])));
    return made;
  }
  [[nodiscard]] table segments() {
    const money_columns money{{segment_currencies_.begin(), segment_currencies_.end()}};
    table made("segments");
    made.add(column::texts("document", std::move(segment_documents_)));
    made.add(money_columns::codes(segment_currencies_));
    made.add(column::days("from", std::move(from_)));
    made.add(column::days("until", std::move(until_)));
    made.add(column::integers("days", std::move(days_)));
    made.add(money.amounts("balance", std::move(balances_)));
    made.add(column::numbers("rate", std::move(rates_)));
    return made;
  }
  [[nodiscard]] table customers() const {
    text_buffer names;
    std::vector<stats::currency_code> currencies;
    std::vector<std::int64_t> documents;
    std::vector<std::int64_t> amounts[4];
    for (std::size_t first = 0; first < rows_.size();) {
      const row& one = rows_[first];
      wide_integer sums[3] = {0, 0, 0}; // interest, to_charge, fee_to_charge
      std::int64_t count = 0;
      for (; first < rows_.size() && rows_[first].customer == one.customer &&
             rows_[first].currency == one.currency;
           ++first, ++count) {
        sums[0] += rows_[first].amounts[1];
        sums[1] += rows_[first].amounts[3];
        sums[2] += rows_[first].amounts[5];
      }
      names.push_back(one.customer);
      currencies.push_back(one.currency);
      documents.push_back(count);
      for (std::size_t k = 0; k < 4; ++k)
        amounts[k].push_back(
            fitting(late_interest_name, k < 3 ? sums[k] : sums[1] + sums[2], "interest", one.customer));
    }
    const money_columns money{{currencies.begin(), currencies.end()}};
    table made("customers");
    made.add(column::texts("customer", std::move(names)));
    made.add(money_columns::codes(currencies));
    made.add(column::integers("documents", std::move(documents)));
    constexpr std::string_view titles[] = {"interest", "to_charge", "fee_to_charge", "total"};
    for (std::size_t k = 0; k < 4; ++k)
      made.add(money.amounts(std::string(titles[k]), std::move(amounts[k])));
    return made;
  }

  std::vector<row> rows_;
  text_buffer segment_documents_;
  std::vector<stats::currency_code> segment_currencies_;
  std::vector<std::int32_t> from_;
  std::vector<std::int32_t> until_;
  std::vector<std::int64_t> days_;
  std::vector<std::int64_t> balances_;
  std::vector<double> rates_;
};

} // namespace emptor::credit::detail
