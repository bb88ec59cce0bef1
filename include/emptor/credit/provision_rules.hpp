// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/credit/given_table.hpp>
#include <emptor/credit/loss_rates.hpp>

/// What a caller lays down for a provision matrix: rates, an overlay, documents that are looked at on their own, and the
/// allowance so far.
namespace emptor::credit {

/// Rows for a bucket, perhaps of one group or currency only: the one that says most about itself holds.
class rows_of_buckets {
public:
  /// \throws error status::data where two rows are for the same, status::unknown_name of a bucket
  rows_of_buckets(const given_table& from, const std::vector<std::string>& buckets) {
    for (std::int64_t row = 0; row < from.rows(); ++row) {
      const std::string_view bucket = from.text("bucket", row).value_or("");
      const auto at = std::find(buckets.begin(), buckets.end(), bucket);
      if (at == buckets.end())
        throw unknown_name(provision_matrix_name, "bucket", bucket, {buckets.begin(), buckets.end()});
      const auto group = from.text("group", row);
      key of{static_cast<std::size_t>(at - buckets.begin()), {}, from.currency_at(row)};
      if (group)
        std::get<1>(of) = std::string(*group);
      if (!rows_.emplace(std::move(of), row).second)
        from.refuse("bucket", row, std::string(bucket), "there once for its group and currency");
    }
  }
  [[nodiscard]] std::optional<std::int64_t> find(std::size_t bucket, const document_group& group) const {
    using name = std::optional<std::string>;
    using code = std::optional<stats::currency_code>;
    const name own = group.named ? name(std::string(group.name)) : name();
    for (const key& wanted : {key{bucket, own, group.currency}, key{bucket, own, code()},
                              key{bucket, name(), group.currency}, key{bucket, name(), code()}}) {
      if (const auto found = rows_.find(wanted); found != rows_.end())
        return found->second;
    }
    return std::nullopt;
  }

private:
  using key = std::tuple<std::size_t, std::optional<std::string>, std::optional<stats::currency_code>>;
  std::map<key, std::int64_t> rows_;
};

/// The rate of a bucket before and after the look forward.
struct used_rate {
  bucket_loss base;
  double rate = std::numeric_limits<double>::quiet_NaN(); ///< NaN = none
};

/// Where the rates come from, and what is laid over them.
class provision_rates {
public:
  /// \param given a model of credit.provision_matrix, may be null
  /// \param own of each group, \param all of each currency over all groups; both null where rates are given
  provision_rates(const model* given, const std::vector<std::string>& buckets, const loss_rates* own,
                  const loss_rates* all, double factor, double addition)
      : given_(provision_matrix_name, given, "rates")
      , overlay_(provision_matrix_name, given, "overlay")
      , given_rows_(given_, buckets)
      , overlay_rows_(overlay_, buckets)
      , own_(own)
      , all_(all)
      , factor_(factor)
      , addition_(addition)
      , undated_(std::find(buckets.begin(), buckets.end(), "undated") - buckets.begin()) {}

  [[nodiscard]] bool are_given() const noexcept { return own_ == nullptr; }
  /// Undated documents have the rate of the first bucket where they have none of their own.
  [[nodiscard]] used_rate of(std::size_t bucket, const document_group& group) const {
    used_rate made{base(bucket, group), {}};
    if (std::isnan(made.base.rate) && bucket == static_cast<std::size_t>(undated_))
      made.base = base(0, group);
    double factor = factor_;
    double addition = addition_;
    if (const auto row = overlay_rows_.find(bucket, group)) {
      factor *= overlay_.number("factor", *row).value_or(1.0);
      addition += overlay_.number("addition", *row).value_or(0.0);
    }
    const double rate = made.base.rate * factor + addition;
    made.rate = std::isnan(rate) ? rate : std::clamp(rate, 0.0, 1.0);
    return made;
  }

private:
  [[nodiscard]] bucket_loss base(std::size_t bucket, const document_group& group) const {
    if (are_given()) {
      const auto row = given_rows_.find(bucket, group);
      return row ? bucket_loss{.rate = given_.number("rate", *row).value_or(0.0)} : bucket_loss{};
    }
    if (const auto* found = own_->find(group); found != nullptr && !std::isnan((*found)[bucket].rate))
      return (*found)[bucket];
    const auto* found = all_->find({"all", true, group.currency, {}});
    return found == nullptr ? bucket_loss{} : (*found)[bucket];
  }

  given_table given_;
  given_table overlay_;
  rows_of_buckets given_rows_;
  rows_of_buckets overlay_rows_;
  const loss_rates* own_;
  const loss_rates* all_;
  double factor_;
  double addition_;
  std::ptrdiff_t undated_;
};

/// A document or customer that does not go with the matrix.
struct specific_rule {
  std::string_view reason;
  std::optional<double> rate; ///< of what is not covered; none = that of the matrix
  double covered = 0.0;       ///< share that somebody else stands for
};

/// Those rules; what is laid down for a document holds before what is for its customer.
class specific_rules {
public:
  /// \throws error status::data where a row names neither or both, or two rows name the same
  explicit specific_rules(const model* given) {
    const given_table from(provision_matrix_name, given, "specific");
    for (std::int64_t row = 0; row < from.rows(); ++row) {
      const auto document = from.text("document", row);
      const auto customer = from.text("customer", row);
      if (document.has_value() == customer.has_value())
        from.refuse("document", row, std::string(document.value_or("missing")),
                    "there where the row has no customer, and only then");
      const bool is_new =
          (document ? documents_ : customers_)
              .emplace(document ? *document : *customer,
                       specific_rule{from.text("reason", row).value_or(""), from.number("rate", row),
                                     from.number("covered", row).value_or(0.0)})
              .second;
      if (!is_new)
        from.refuse(document ? "document" : "customer", row, std::string(document ? *document : *customer),
                    "there once");
    }
  }
  [[nodiscard]] const specific_rule* find(std::string_view document, std::string_view customer) const {
    if (const auto found = documents_.find(document); found != documents_.end())
      return &found->second;
    const auto found = customers_.find(customer);
    return found == customers_.end() ? nullptr : &found->second;
  }

private:
  std::map<std::string_view, specific_rule> documents_;
  std::map<std::string_view, specific_rule> customers_;
};

/// The allowance of a currency when the period began, and what it was used for since. Minor units.
struct allowance_account {
  std::int64_t opening = 0;
  std::optional<std::int64_t> write_offs{}; ///< none: those of the ledger
  std::int64_t recoveries = 0;
};

/// \param only the currency of the ledger, none where it has several \throws error status::data
[[nodiscard]] inline std::map<stats::currency_code, allowance_account>
allowance_accounts(const model* given, std::optional<stats::currency_code> only) {
  const given_table from(provision_matrix_name, given, "allowance");
  std::map<stats::currency_code, allowance_account> made;
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    const auto named = from.currency_at(row);
    if (!named && !only)
      from.refuse("allowance.currency", row, "missing", "given, since the ledger has several currencies");
    const stats::currency_code of = named ? *named : *only;
    const allowance_account account{
        from.minor_units("opening", row, of),
        from.has("write_offs", row) ? std::optional(from.minor_units("write_offs", row, of)) : std::nullopt,
        from.minor_units("recoveries", row, of)};
    if (!made.emplace(of, account).second)
      from.refuse("currency", row, std::string(stats::currency_of(of).code()), "there once");
  }
  return made;
}

} // namespace emptor::credit
