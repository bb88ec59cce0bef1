// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/table.hpp>
#include <emptor/credit/ageing.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/stats/settled_items.hpp>

/// What of a document was open on several days, and in which ageing bucket it then stood.
namespace emptor::credit {

/// How what is gone of a document was settled.
enum class settled_by : std::int32_t { payment = 0, credit_note = 1, write_off = 2 };
inline constexpr std::string_view settled_by_levels[] = {"paid", "credited", "written_off"};

/// Whether a credit is money that came, goods or a price given up, or a loss.
[[nodiscard]] constexpr settled_by way_of(stats::document_kind credit) noexcept {
  constexpr auto ways = [] {
    std::array<settled_by, std::size(stats::document_kinds)> made{};
    for (std::size_t kind = 0; kind < made.size(); ++kind) {
      const std::string_view name = stats::document_kinds[kind];
      made[kind] = name == "payment"     ? settled_by::payment
                   : name == "write_off" ? settled_by::write_off
                                         : settled_by::credit_note;
    }
    return made;
  }();
  return ways[static_cast<std::size_t>(credit)];
}

namespace detail {

/// The balances of one document over increasing days.
class snapshot_walk {
public:
  explicit snapshot_walk(const stats::settled_items& history)
      : history_(history) {}

  /// \param of a document that is owed (an invoice, debit note or refund)
  void begin(const stats::open_item& of) {
    (void)history_.parts_by_day(of, parts_);
    next_ = 0;
    amount_ = of.amount;
    open_ = of.amount;
    std::fill(std::begin(gone_), std::end(gone_), wide_integer{0});
  }
  /// Goes on to the end of a day; `gone` then says what was settled since the last call.
  void go_to(std::int32_t day) {
    std::fill(std::begin(gone_), std::end(gone_), wide_integer{0});
    for (; next_ < parts_.size() && parts_[next_].day() <= day; ++next_) {
      open_ -= parts_[next_].amount;
      gone_[static_cast<std::size_t>(way_of(parts_[next_].kind()))] += parts_[next_].amount;
    }
  }
  /// Minor units; below 0 where more was settled than the document is about.
  [[nodiscard]] wide_integer open() const noexcept { return open_; }
  /// Minor units of the document itself: 0 where too much was settled, and no more than its amount where too much was
  /// taken back.
  [[nodiscard]] wide_integer owed() const noexcept { return std::clamp<wide_integer>(open_, 0, amount_); }
  [[nodiscard]] wide_integer gone(settled_by how) const noexcept {
    return gone_[static_cast<std::size_t>(how)];
  }
  /// The next day on which something was settled or taken back; `otherwise` where there is none.
  [[nodiscard]] std::int32_t next_day(std::int32_t otherwise) const noexcept {
    return next_ < parts_.size() ? parts_[next_].day() : otherwise;
  }

private:
  const stats::settled_items& history_;
  std::vector<stats::settled_part> parts_;
  std::size_t next_ = 0;
  wide_integer amount_ = 0;
  wide_integer open_ = 0;
  wide_integer gone_[3] = {0, 0, 0};
};

/// Places of customers in the byte order of their names.
[[nodiscard]] inline std::vector<std::uint32_t> ranks_of(const stats::ledger& from,
                                                         const stats::ledger_state& state) {
  std::vector<std::uint32_t> ranks(from.customers().size(), 0);
  for (std::size_t i = 0; i < state.customers.size(); ++i)
    ranks[state.customers[i].id] = static_cast<std::uint32_t>(i);
  return ranks;
}

} // namespace detail

/// Ages at which buckets begin, of entries that need few of them.
inline constexpr std::size_t most_edges = 100;

/// \throws error status::option
[[nodiscard]] inline ageing_buckets buckets_of(const option_values& options, std::string_view where,
                                               age_base by) {
  const std::vector<double> edges = options.numbers("edges");
  if (edges.size() > most_edges)
    throw error(status::option, message(where, "number of option edges", -1, std::to_string(edges.size()),
                                        "at most " + std::to_string(most_edges)));
  const edge_day belongs = options.choice<edge_day>("edge_day", edge_day_choices);
  return {edges, belongs, by, where};
}

} // namespace emptor::credit
