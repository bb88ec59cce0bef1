// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/ledger_description.hpp>
#include <emptor/stats/revised.hpp>
#include <emptor/stats/row_blocks.hpp>

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

/// What a ledger holds: documents and settlements, whose texts are numbers of pools.
struct ledger_data {
  static constexpr std::int32_t no_day = emptor::no_day;
  static constexpr std::uint32_t no_text = id_pool::none;

  /// A document.
  struct item {
    std::int64_t amount = 0; ///< minor units, >= 0
    std::int64_t revision = 0;
    std::uint32_t document = no_text;
    std::uint32_t customer = no_text;
    std::uint32_t attributes = no_text;
    std::int32_t date = 0;
    std::int32_t due = no_day;
    currency_code currency = 0;
    document_kind kind = document_kind::invoice;

    [[nodiscard]] std::uint32_t key() const noexcept { return document; }
    friend bool operator==(const item&, const item&) = default;
  };

  /// That one document settles another.
  struct settlement {
    std::int64_t amount = 0; ///< minor units; negative = taken back
    std::int64_t revision = 0;
    std::uint32_t number = no_text;
    std::uint32_t document = no_text; ///< none = unallocated
    std::uint32_t settling_document = no_text;
    std::int32_t date = 0;
    currency_code currency = 0;

    [[nodiscard]] std::uint32_t key() const noexcept { return number; }
    friend bool operator==(const settlement&, const settlement&) = default;
  };

  id_pool documents; ///< of items and of the settlements that name them
  id_pool customers;
  id_pool numbers;    ///< of settlements
  id_pool attributes; ///< combinations of labels and values
  revised<item> items;
  revised<settlement> settlements;

  struct attribute {
    std::string_view label;
    std::string_view value;
  };
  /// The attributes of an item, sorted by label.
  [[nodiscard]] std::vector<attribute> attributes_of(const item& of) const {
    std::vector<attribute> all;
    if (of.attributes == no_text)
      return all;
    std::string_view packed = attributes[of.attributes];
    const auto next = [&packed] {
      std::uint32_t length = 0;
      std::memcpy(&length, packed.data(), sizeof length);
      const std::string_view text = packed.substr(sizeof length, length);
      packed.remove_prefix(sizeof length + length);
      return text;
    };
    while (!packed.empty()) {
      const std::string_view label = next();
      all.push_back({label, next()});
    }
    return all;
  }

  /// What a document says, in an order that does not depend on what came first.
  [[nodiscard]] auto content(const item& one) const noexcept {
    return std::make_tuple(customers[one.customer], one.kind, one.amount, one.currency, one.date, one.due,
                           one.attributes == no_text ? std::string_view{} : attributes[one.attributes]);
  }
  [[nodiscard]] auto content(const settlement& one) const noexcept {
    return std::make_tuple(one.document == no_text ? std::string_view{} : documents[one.document],
                           documents[one.settling_document], one.date, one.amount, one.currency);
  }
  placed add(const item& one) { return items.add(one, *this); }
  placed add(const settlement& one) { return settlements.add(one, *this); }

  /// Appends a label and its value such that equal attributes are equal texts.
  static void pack(std::string& packed, std::string_view label, std::string_view value) {
    for (const std::string_view text : {label, value}) {
      char length[sizeof(std::uint32_t)];
      const auto bytes = static_cast<std::uint32_t>(text.size());
      std::memcpy(length, &bytes, sizeof length);
      packed.append(length, sizeof length).append(text);
    }
  }

  /// Takes in what another one holds, where the two predicates say so.
  template <class WantItem, class WantSettlement>
  void take(const ledger_data& from, const WantItem& want_item, const WantSettlement& want_settlement) {
    /// Numbers of texts there to numbers of texts here, each looked up once.
    const auto translated = [](const id_pool& source, id_pool& target, std::vector<std::uint32_t>& known,
                               std::uint32_t id) {
      if (id == no_text)
        return no_text;
      if (known.empty())
        known.assign(source.size(), no_text);
      if (known[id] == no_text)
        known[id] = target.intern(id_pool::key_of(source[id]));
      return known[id];
    };
    std::vector<std::uint32_t> known_documents;
    std::vector<std::uint32_t> known_customers;
    std::vector<std::uint32_t> known_numbers;
    std::vector<std::uint32_t> known_attributes;
    items.reserve(items.rows().size() + from.items.size());
    for (std::uint32_t row = 0; row < from.items.rows().size(); ++row) {
      item one = from.items[row];
      if (!from.items.is_live(row) || !want_item(one))
        continue;
      one.document = translated(from.documents, documents, known_documents, one.document);
      one.customer = translated(from.customers, customers, known_customers, one.customer);
      one.attributes = translated(from.attributes, attributes, known_attributes, one.attributes);
      add(one);
    }
    settlements.reserve(settlements.rows().size() + from.settlements.size());
    for (std::uint32_t row = 0; row < from.settlements.rows().size(); ++row) {
      settlement one = from.settlements[row];
      if (!from.settlements.is_live(row) || !want_settlement(one))
        continue;
      one.number = translated(from.numbers, numbers, known_numbers, one.number);
      one.document = translated(from.documents, documents, known_documents, one.document);
      one.settling_document = translated(from.documents, documents, known_documents, one.settling_document);
      add(one);
    }
  }

  /// Sweeps out rows that count no longer where they are many.
  void sweep() noexcept {
    items.sweep(*this);
    settlements.sweep(*this);
  }

  /// Takes everything back unless it is committed.
  class transaction {
  public:
    explicit transaction(ledger_data& of) noexcept
        : of_(of)
        , items_(of.items.begin())
        , settlements_(of.settlements.begin())
        , texts_{of.documents.size(), of.customers.size(), of.numbers.size(), of.attributes.size()} {}
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    transaction(transaction&&) = delete;
    transaction& operator=(transaction&&) = delete;
    ~transaction() {
      if (committed_)
        return;
      of_.items.roll_back(items_);
      of_.settlements.roll_back(settlements_);
      of_.documents.truncate(texts_[0]);
      of_.customers.truncate(texts_[1]);
      of_.numbers.truncate(texts_[2]);
      of_.attributes.truncate(texts_[3]);
    }
    void commit() noexcept {
      committed_ = true;
      of_.sweep();
    }

  private:
    ledger_data& of_;
    revised<item>::mark items_;
    revised<settlement>::mark settlements_;
    std::array<std::uint32_t, 4> texts_;
    bool committed_ = false;
  };
};

} // namespace emptor::stats
