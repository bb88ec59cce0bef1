// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/proportion.hpp>
#include <emptor/credit/provision_rules.hpp>
#include <emptor/credit/snapshot_buckets.hpp>

/// The provision matrix (坏账准备, 预期信用损失): lifetime expected credit losses of trade receivables as a loss rate for
/// each ageing bucket.
///
/// A bucket's provision is its balance x its rate, rounded half away from zero to the minor unit. It is shared out over the
/// bucket's customers in proportion to their balances: each gets his whole minor units, those that remain go one each to
/// the largest remainders (of equal ones to the later customer in byte order), so that the customers add up to the matrix.
/// Source: IFRS 9, B5.5.35 and illustrative example 12.
namespace emptor::credit {

/// What becomes of payments and credit notes that settle nothing yet.
enum class loose_credits : std::int32_t {
  apart = 0, ///< provisions are made on what is owed
  oldest_first =
      1 ///< they reduce what the customer owes in the same group, the oldest bucket first, undated money last
};

/// A row of the matrix.
struct matrix_line {
  std::size_t bucket = 0;
  std::int64_t items = 0;
  std::int64_t balance = 0;
  used_rate rate;
  std::optional<std::int64_t> provision; ///< none where there is no rate
};

/// A document that is looked at on its own.
struct specific_line {
  std::string_view document;
  std::string_view customer;
  std::size_t bucket = 0;
  std::int64_t open = 0;
  std::int64_t covered = 0; ///< minor units
  double rate = std::numeric_limits<double>::quiet_NaN();
  std::optional<std::int64_t> provision;
  std::string_view reason;
};

/// The sums of a customer or currency.
struct provision_sums {
  wide_integer matrix = 0;      ///< what is owed in the matrix
  wide_integer specific = 0;    ///< what is owed of documents that are looked at on their own
  wide_integer unallocated = 0; ///< what is owed to the customer, 0 or below
  wide_integer unrated = 0;     ///< the part of `matrix` and `specific` for which there is no rate
  wide_integer matrix_provision = 0;
  wide_integer specific_provision = 0;
};

/// One group and currency.
struct matrix_group {
  std::vector<matrix_line> lines;
  std::vector<specific_line> specific;
  std::int64_t unallocated = 0;
  std::int64_t unallocated_items = 0;
};

/// What a matrix is made with.
struct matrix_request {
  date as_of{};
  ageing_buckets buckets;
  age_base age_from = age_base::due_date; ///< that of the buckets
  loose_credits credits = loose_credits::apart;
  std::int32_t movement_from = 0; ///< first day of the period whose movement of the allowance is shown

  /// The bucket of undated documents; where there is none a number that no bucket has.
  [[nodiscard]] std::size_t undated() const noexcept {
    return age_from == age_base::due_date ? buckets.undated() : std::size_t{buckets.size()};
  }
};

namespace detail {

/// One group's documents, customer after customer.
class matrix_builder {
public:
  matrix_builder(const matrix_request& asked, const specific_rules& rules, const document_group& group)
      : asked_(asked)
      , rules_(rules)
      , group_(group)
      , shares_(asked.buckets.unallocated())
      , owed_(asked.buckets.unallocated(), 0)
      , items_(asked.buckets.unallocated(), 0) {}

  void add(const stats::open_item& one, std::string_view document, std::string_view customer) {
    if (one.open == 0)
      return;
    if (!one.is_owed()) {
      loose_ += one.open;
      ++made_.unallocated_items;
      return;
    }
    const std::size_t bucket = asked_.buckets.of_debit(days_since_epoch(asked_.as_of), one.date, one.due);
    if (const specific_rule* rule = rules_.find(document, customer)) {
      constexpr double none = std::numeric_limits<double>::quiet_NaN();
      of_customer_.push_back({document,
                              customer,
                              bucket,
                              one.open,
                              share_of(one.open, rule->covered),
                              rule->rate.value_or(none),
                              {},
                              rule->reason});
      return;
    }
    owed_[bucket] += one.open;
    ++items_[bucket];
  }

  /// All documents of the customer have been added. \param sums his
  void end_customer(std::uint32_t place, const provision_rates& rates, provision_sums& sums) {
    if (asked_.credits == loose_credits::oldest_first) {
      for (std::size_t bucket = owed_.size(); bucket-- > 0;) {
        if (bucket != asked_.undated())
          settle(bucket);
      }
      if (asked_.undated() < owed_.size())
        settle(asked_.undated());
    }
    for (std::size_t bucket = 0; bucket < owed_.size(); ++bucket) {
      if (owed_[bucket] > 0)
        shares_[bucket].push_back({place, fits(owed_[bucket])});
      sums.matrix += owed_[bucket];
      owed_[bucket] = 0;
    }
    std::sort(
        of_customer_.begin(), of_customer_.end(),
        [](const specific_line& left, const specific_line& right) { return left.document < right.document; });
    for (specific_line& one : of_customer_) {
      if (std::isnan(one.rate))
        one.rate = rates.of(one.bucket, group_).rate;
      if (!std::isnan(one.rate))
        one.provision = share_of(one.open - one.covered, one.rate);
      sums.specific += one.open;
      sums.specific_provision += one.provision.value_or(0);
      sums.unrated += one.provision ? 0 : one.open;
    }
    made_.specific.insert(made_.specific.end(), of_customer_.begin(), of_customer_.end());
    of_customer_.clear();
    sums.unallocated += loose_;
    loose_of_all_ += loose_;
    loose_ = 0;
  }

  /// \param sums_of gives the sums of a customer by his place
  template <class Sums>
  [[nodiscard]] matrix_group end(const provision_rates& rates, const Sums& sums_of) {
    std::vector<std::int64_t> weights;
    std::vector<std::int64_t> parts;
    for (std::size_t bucket = 0; bucket < shares_.size(); ++bucket) {
      if (items_[bucket] == 0)
        continue;
      wide_integer total = 0;
      weights.clear();
      for (const share& one : shares_[bucket]) {
        weights.push_back(one.amount);
        total += one.amount;
      }
      matrix_line line{bucket, items_[bucket], fits(total), rates.of(bucket, group_), {}};
      if (!std::isnan(line.rate.rate)) {
        line.provision = share_of(line.balance, line.rate.rate);
        parts.resize(weights.size());
        if (total > 0)
          split_in_proportion(*line.provision, weights, parts);
      } else if (rates.are_given() && total > 0) {
        throw error(status::data, std::string(provision_matrix_name) + ": bucket " +
                                      asked_.buckets.labels()[bucket] + " of " + std::string(group_.shown()) +
                                      " has a balance, but table rates has no rate for it");
      }
      for (std::size_t i = 0; i < weights.size(); ++i) {
        provision_sums& sums = sums_of(shares_[bucket][i].place);
        sums.matrix_provision += line.provision ? parts[i] : 0;
        sums.unrated += line.provision ? 0 : weights[i];
      }
      made_.lines.push_back(line);
    }
    made_.unallocated = fitting(provision_matrix_name, loose_of_all_, "unallocated amount", group_.shown());
    return std::move(made_);
  }

private:
  struct share {
    std::uint32_t place;
    std::int64_t amount;
  };
  void settle(std::size_t bucket) {
    const wide_integer taken = std::clamp<wide_integer>(-loose_, 0, owed_[bucket]);
    owed_[bucket] -= taken;
    loose_ += taken;
  }
  /// A sum that is split must leave room for its products.
  [[nodiscard]] std::int64_t fits(wide_integer sum) const {
    if (sum >= wide_integer{1} << 62)
      throw error(status::overflow, std::string(provision_matrix_name) + ": the balance of " +
                                        std::string(group_.shown()) + " does not fit 62 bits of minor units");
    return static_cast<std::int64_t>(sum);
  }

  const matrix_request& asked_;
  const specific_rules& rules_;
  const document_group& group_;
  matrix_group made_;
  std::vector<std::vector<share>> shares_; ///< of each bucket
  std::vector<wide_integer> owed_;         ///< by one customer
  std::vector<std::int64_t> items_;
  std::vector<specific_line> of_customer_;
  wide_integer loose_ = 0;
  wide_integer loose_of_all_ = 0;
};

} // namespace detail

/// The sums of all customers, in the byte order of their names and then the order of the currencies.
struct provisioned_ledger {
  stats::ledger_state state; ///< its documents may stand in another order
  std::map<std::pair<std::uint32_t, stats::currency_code>, provision_sums>
      customers; ///< by the place in `state`
};

/// Makes the matrix of each group and currency, and calls `body(group, matrix_group)`.
/// \throws error as `stats::open_items` and `for_each_group`; status::data where a given rate is missing, status::overflow
template <class Body>
[[nodiscard]] provisioned_ledger
provision_groups(const stats::ledger& from, const matrix_request& asked, const provision_rates& rates,
                 const specific_rules& rules, std::string_view by,
                 const std::optional<std::vector<std::string>>& keys, const run& how, const Body& body) {
  provisioned_ledger made{stats::open_items(from, asked.as_of, keys, how), {}};
  const std::vector<std::uint32_t> ranks = detail::ranks_of(from, made.state);
  const auto items = from.items().rows();
  const auto place = [&](const stats::open_item& one) { return ranks[items[one.row].customer]; };
  std::vector<stats::open_item> sorted;
  for_each_group(provision_matrix_name, from, made.state, by, !keys, [&](const document_group& group) {
    how.check(1.0);
    sorted.assign(group.items.begin(), group.items.end());
    const auto comes_before = [&](const stats::open_item& left, const stats::open_item& right) {
      return place(left) < place(right);
    };
    if (!std::is_sorted(sorted.begin(), sorted.end(), comes_before))
      std::sort(sorted.begin(), sorted.end(), comes_before);
    detail::matrix_builder builder(asked, rules, group);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const std::uint32_t of = place(sorted[i]);
      builder.add(sorted[i], from.document(items[sorted[i].row].document),
                  from.customer(items[sorted[i].row].customer));
      if (i + 1 == sorted.size() || place(sorted[i + 1]) != of)
        builder.end_customer(of, rates, made.customers[{of, group.currency}]);
    }
    body(group, builder.end(rates, [&](std::uint32_t of) -> provision_sums& {
      return made.customers[{of, group.currency}];
    }));
  });
  return made;
}

} // namespace emptor::credit
