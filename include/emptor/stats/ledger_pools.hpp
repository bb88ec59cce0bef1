// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/stats/id_pool.hpp>

namespace emptor::stats {

/// A currency as a number of 16 bits, in the order of the codes; 0 is the unnamed one.
using currency_code = std::uint16_t;
[[nodiscard]] constexpr currency_code code_of(currency of) noexcept {
  if (!of.named())
    return 0;
  unsigned code = 0;
  for (const char letter : of.code())
    code = code * 26 + static_cast<unsigned>(letter - 'A');
  return static_cast<currency_code>(code + 1);
}
[[nodiscard]] constexpr currency currency_of(currency_code code) {
  if (code == 0)
    return {};
  const unsigned value = code - 1U;
  const char letters[] = {static_cast<char>('A' + value / 676), static_cast<char>('A' + value / 26 % 26),
                          static_cast<char>('A' + value % 26)};
  return currency(std::string_view(letters, 3));
}

/// The texts of a ledger, of which its rows hold the numbers.
struct ledger_pools {
  static constexpr std::uint32_t no_text = id_pool::none;
  using pool = id_pool ledger_pools::*;

  id_pool documents;   ///< of items, and of the settlements and disputes that name them
  id_pool customers;   ///< and the heads of their groups
  id_pool numbers;     ///< of settlements
  id_pool attributes;  ///< combinations of labels and values
  id_pool commitments; ///< orders and deliveries, and of the documents that name them
  id_pool disputes;
  id_pool securities;
  id_pool promises;
  id_pool rates;   ///< two currencies and a day
  id_pool reasons; ///< of disputes
  id_pool terms;   ///< `item_terms` as bytes

  static constexpr pool all[] = {
      &ledger_pools::documents,  &ledger_pools::customers,   &ledger_pools::numbers,
      &ledger_pools::attributes, &ledger_pools::commitments, &ledger_pools::disputes,
      &ledger_pools::securities, &ledger_pools::promises,    &ledger_pools::rates,
      &ledger_pools::reasons,    &ledger_pools::terms};

  struct attribute {
    std::string_view label;
    std::string_view value;
  };
  /// The attributes behind a number of `attributes`, sorted by label.
  [[nodiscard]] std::vector<attribute> attributes_at(std::uint32_t number) const {
    std::vector<attribute> found;
    if (number == no_text)
      return found;
    std::string_view packed = attributes[number];
    const auto next = [&packed] {
      std::uint32_t length = 0;
      std::memcpy(&length, packed.data(), sizeof length);
      const std::string_view text = packed.substr(sizeof length, length);
      packed.remove_prefix(sizeof length + length);
      return text;
    };
    while (!packed.empty()) {
      const std::string_view label = next();
      found.push_back({label, next()});
    }
    return found;
  }
  /// Appends a label and its value such that equal attributes are equal texts.
  static void pack(std::string& packed, std::string_view label, std::string_view value) {
    for (const std::string_view text : {label, value}) {
      char length[sizeof(std::uint32_t)];
      const auto bytes = static_cast<std::uint32_t>(text.size());
      std::memcpy(length, &bytes, sizeof length);
      packed.append(length, sizeof length).append(text);
    }
  }
  /// A text, empty where there is none.
  [[nodiscard]] std::string_view text(pool of, std::uint32_t number) const noexcept {
    return number == no_text ? std::string_view{} : (this->*of)[number];
  }
};

/// Numbers of one ledger's texts as numbers of another's, each text looked up once.
class pool_translation {
public:
  pool_translation(const ledger_pools& from, ledger_pools& to) noexcept
      : from_(from)
      , to_(to) {}

  [[nodiscard]] std::uint32_t operator()(ledger_pools::pool of, std::uint32_t number) {
    if (number == ledger_pools::no_text)
      return number;
    const auto which =
        static_cast<std::size_t>(std::find(std::begin(ledger_pools::all), std::end(ledger_pools::all), of) -
                                 std::begin(ledger_pools::all));
    std::vector<std::uint32_t>& known = known_[which];
    const id_pool& source = from_.*of;
    if (known.empty())
      known.assign(source.size(), ledger_pools::no_text);
    if (known[number] == ledger_pools::no_text)
      known[number] = (to_.*of).intern(id_pool::key_of(source[number]));
    return known[number];
  }

private:
  const ledger_pools& from_;
  ledger_pools& to_;
  std::array<std::vector<std::uint32_t>, std::size(ledger_pools::all)> known_;
};

} // namespace emptor::stats
