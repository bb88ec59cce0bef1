// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <emptor/stats/ledger.hpp>

/// What looking at a ledger may find wrong with it, and what it then refuses.
namespace emptor::stats {

/// What a ledger says that needs somebody's eye, though no sum depends on it.
enum class ledger_finding : std::int32_t {
  unknown_document = 0,    ///< a settlement names a document that has not come: it settles nothing yet
  same_side = 1,           ///< a settlement of two debits or two credits: it settles nothing
  over_settled = 2,        ///< more was settled than the document is about
  over_reversed = 3,       ///< more was taken back than was settled
  due_before_document = 4, ///< the due date lies before the document's own date
  settled_before_document =
      5, ///< a settlement is dated before the document: it counts from the document's day on
  discount_over_amount = 6, ///< the cash discount is larger than the document
  unknown_commitment =
      7,             ///< a document follows an order or delivery that has not come: it reduces nothing yet
  over_followed = 8, ///< more was delivered or invoiced of an order or delivery than it is about
  follows_in_circle = 9, ///< orders and deliveries follow each other in a circle
  unknown_customer = 10, ///< there are facts about customers, but none about this one
  over_disputed = 11,    ///< more is disputed than the document is about
  group_in_circle = 12,  ///< groups of companies belong to each other in a circle
};
inline constexpr std::string_view ledger_findings[] = {
    "unknown_document",     "same_side",           "over_settled",
    "over_reversed",        "due_before_document", "settled_before_document",
    "discount_over_amount", "unknown_commitment",  "over_followed",
    "follows_in_circle",    "unknown_customer",    "over_disputed",
    "group_in_circle"};

struct found_in_ledger {
  std::string_view document; ///< borrowed from the ledger; empty where it is about a customer
  ledger_finding what = ledger_finding::unknown_document;
  std::string_view customer; ///< empty where nobody knows whose it is
  currency_code currency = 0;
  std::int64_t amount = 0; ///< minor units: of the settlement, of the excess, of the document

  friend bool operator<(const found_in_ledger& left, const found_in_ledger& right) noexcept {
    const auto tied = [](const found_in_ledger& one) {
      return std::tie(one.document, one.what, one.customer, one.currency, one.amount);
    };
    return tied(left) < tied(right);
  }
};

namespace detail {

/// Of the refusals that a ledger deserves the one of the first document in byte order, so that the message
/// does not depend on the order of the pushes.
class first_refusal {
public:
  [[nodiscard]] bool comes_first(std::string_view document) const noexcept {
    return !found_ || document < document_;
  }
  void note(std::string_view document, status code, std::string_view text) {
    if (!comes_first(document))
      return;
    found_ = true;
    document_ = document;
    refusal_ = {code, text};
  }
  void raise() const {
    if (found_)
      throw refusal_;
  }

private:
  bool found_ = false;
  std::string_view document_;
  error refusal_{status::ok, {}};
};

[[nodiscard]] inline std::string shown_currency(currency_code code) {
  return code == 0 ? "the unnamed currency" : std::string(currency_of(code).code());
}

/// The status of a document that has two contents under its highest revision.
inline void note_conflict(first_refusal& refusal, std::string_view what, std::string_view name,
                          std::int64_t revision) {
  if (refusal.comes_first(name))
    refusal.note(name, status::conflict,
                 "ledger: " + std::string(what) + " " + std::string(name) +
                     " has two contents under revision " + std::to_string(revision) +
                     "; a higher revision must say which one holds");
}

/// An amount of a finding, which says no more than that it is large where it is beyond 64 bits.
[[nodiscard]] constexpr std::int64_t shown_amount(wide_integer amount) noexcept {
  constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::clamp(amount, -limit, limit));
}

} // namespace detail

/// Some rows of a ledger that are one customer's.
struct customer_rows {
  std::uint32_t id = 0;  ///< number of the customer
  std::size_t first = 0; ///< of the rows that lie beside
  std::size_t last = 0;
};

} // namespace emptor::stats
