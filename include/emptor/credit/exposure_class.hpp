// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace emptor::credit {

/// The disjoint classes of what a customer owes or will owe. More may follow; the numbers of these stay.
enum class exposure_class : std::int32_t {
  open_items = 0,          ///< invoices and charges less payments: what is open in the ledger
  deliveries = 1,          ///< delivered, not invoiced
  orders = 2,              ///< ordered, not delivered
  billing_documents = 3,   ///< invoiced, not posted
  special_liabilities = 4, ///< bills of exchange that run and the like
};
inline constexpr std::string_view exposure_classes[] = {"open_items", "deliveries", "orders",
                                                        "billing_documents", "special_liabilities"};

/// Something for each class, by its number.
template <class T>
using by_exposure_class = std::array<T, std::size(exposure_classes)>;
inline constexpr by_exposure_class<bool> all_exposure_classes{true, true, true, true, true};

[[nodiscard]] constexpr std::size_t place_of(exposure_class of) noexcept {
  return static_cast<std::size_t>(of);
}

} // namespace emptor::credit
