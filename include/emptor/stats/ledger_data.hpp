// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/stats/ledger_description.hpp>
#include <emptor/stats/ledger_pools.hpp>
#include <emptor/stats/ledger_records.hpp>
#include <emptor/stats/revised.hpp>

namespace emptor::stats {

/// What a ledger holds: documents, settlements and what is known beside them, whose texts are numbers of pools.
struct ledger_data : ledger_pools {
  static constexpr std::int32_t no_day = emptor::no_day;
  /// Of `item::details`: the rest is a number in `terms`, else it is one in `attributes`.
  static constexpr std::uint32_t terms_bit = 0x80000000;

  /// What few documents have, and so does not lie in each of them.
  struct item_terms {
    std::int64_t discount = no_amount;  ///< minor units, >= 0
    std::uint32_t attributes = no_text; ///< number in `attributes`
    std::uint32_t follows = no_text;    ///< number in `commitments`
    std::int32_t discount_until = no_day;
    std::uint32_t unused = 0; ///< so that equal terms are equal bytes
  };

  /// A document.
  struct item {
    std::int64_t amount = 0; ///< minor units, >= 0
    std::int64_t revision = 0;
    std::uint32_t document = no_text;
    std::uint32_t customer = no_text;
    std::uint32_t details = no_text; ///< see `terms_of`
    std::int32_t date = 0;
    std::int32_t due = no_day;
    currency_code currency = 0;
    document_kind kind = document_kind::invoice;

    /// Whether it has more than attributes.
    [[nodiscard]] bool has_terms() const noexcept { return details != no_text && (details & terms_bit) != 0; }
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

  using record_tables = std::tuple<revised<commitment>, revised<dispute>, revised<security>, revised<promise>,
                                   revised<customer_record>, revised<exchange_rate>>;

  revised<item> items;
  revised<settlement> settlements;
  record_tables records;

  template <class Record>
  [[nodiscard]] const revised<Record>& held() const noexcept {
    return std::get<revised<Record>>(records);
  }
  template <class Record>
  [[nodiscard]] revised<Record>& held() noexcept {
    return std::get<revised<Record>>(records);
  }

  [[nodiscard]] item_terms terms_of(const item& one) const noexcept {
    item_terms found;
    if (one.has_terms())
      std::memcpy(&found, terms[one.details & ~terms_bit].data(), sizeof found);
    else
      found.attributes = one.details;
    return found;
  }
  /// What stands for terms in an item. \throws error status::overflow beyond 2^31 - 1 of them
  [[nodiscard]] std::uint32_t details_of(const item_terms& terms_of_item) {
    const bool only_attributes = terms_of_item.follows == no_text && terms_of_item.discount_until == no_day &&
                                 terms_of_item.discount == no_amount;
    char bytes[sizeof terms_of_item];
    std::memcpy(bytes, &terms_of_item, sizeof bytes);
    const std::uint32_t number = only_attributes
                                     ? terms_of_item.attributes
                                     : terms.intern(id_pool::key_of(std::string_view(bytes, sizeof bytes)));
    if (number >= terms_bit - 1 && number != no_text)
      throw error(status::overflow, "ledger: more than 2147483647 combinations of attributes or terms");
    return only_attributes ? number : number | terms_bit;
  }
  /// The attributes of an item, sorted by label.
  [[nodiscard]] std::vector<attribute> attributes_of(const item& of) const {
    return attributes_at(terms_of(of).attributes);
  }

  /// What a document says, in an order that does not depend on what came first.
  [[nodiscard]] auto content(const item& one) const noexcept {
    const item_terms more = terms_of(one);
    return std::make_tuple(customers[one.customer], one.kind, one.amount, one.currency, one.date, one.due,
                           text(&ledger_pools::attributes, more.attributes),
                           text(&ledger_pools::commitments, more.follows), more.discount_until,
                           more.discount);
  }
  [[nodiscard]] auto content(const settlement& one) const noexcept {
    return std::make_tuple(text(&ledger_pools::documents, one.document), documents[one.settling_document],
                           one.date, one.amount, one.currency);
  }
  template <class Record>
  [[nodiscard]] record_content<Record> content(const Record& one) const noexcept {
    return {*this, one};
  }
  placed add(const item& one) { return items.add(one, *this); }
  placed add(const settlement& one) { return settlements.add(one, *this); }
  template <class Record>
  placed add(const Record& one) {
    return held<Record>().add(one, *this);
  }

  /// Takes in what another one holds, where `want` says so of a row.
  template <class Want>
  void take(const ledger_data& from, const Want& want) {
    pool_translation translated(from, *this);
    items.reserve(items.rows().size() + from.items.size());
    for (std::uint32_t row = 0; row < from.items.rows().size(); ++row) {
      item one = from.items[row];
      if (!from.items.is_live(row) || !want(one))
        continue;
      one.document = translated(&ledger_pools::documents, one.document);
      one.customer = translated(&ledger_pools::customers, one.customer);
      item_terms more = from.terms_of(one);
      more.attributes = translated(&ledger_pools::attributes, more.attributes);
      more.follows = translated(&ledger_pools::commitments, more.follows);
      one.details = details_of(more);
      add(one);
    }
    settlements.reserve(settlements.rows().size() + from.settlements.size());
    for (std::uint32_t row = 0; row < from.settlements.rows().size(); ++row) {
      settlement one = from.settlements[row];
      if (!from.settlements.is_live(row) || !want(one))
        continue;
      one.number = translated(&ledger_pools::numbers, one.number);
      one.document = translated(&ledger_pools::documents, one.document);
      one.settling_document = translated(&ledger_pools::documents, one.settling_document);
      add(one);
    }
    std::apply([&](const auto&... tables) { (take_records(tables, want, translated), ...); }, from.records);
  }

  /// Sweeps out rows that count no longer where they are many.
  void sweep() noexcept {
    items.sweep(*this);
    settlements.sweep(*this);
    std::apply([&](auto&... tables) { (tables.sweep(*this), ...); }, records);
  }

  /// Takes everything back unless it is committed.
  class transaction {
  public:
    explicit transaction(ledger_data& of) noexcept
        : of_(of)
        , items_(of.items.begin())
        , settlements_(of.settlements.begin())
        , records_(
              std::apply([](auto&... tables) { return std::make_tuple(tables.begin()...); }, of.records)) {
      std::transform(std::begin(all), std::end(all), texts_.begin(),
                     [&](pool one) { return (of.*one).size(); });
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    transaction(transaction&&) = delete;
    transaction& operator=(transaction&&) = delete;
    ~transaction() {
      if (committed_)
        return;
      of_.items.roll_back(items_);
      of_.settlements.roll_back(settlements_);
      roll_back(std::make_index_sequence<std::tuple_size_v<record_tables>>{});
      for (std::size_t i = 0; i < texts_.size(); ++i)
        (of_.*all[i]).truncate(texts_[i]);
    }
    void commit() noexcept {
      committed_ = true;
      of_.sweep();
    }

  private:
    template <std::size_t... Tables>
    void roll_back(std::index_sequence<Tables...> /*all*/) noexcept {
      (std::get<Tables>(of_.records).roll_back(std::get<Tables>(records_)), ...);
    }
    template <class Tables>
    struct marks_of;
    template <class... Tables>
    struct marks_of<std::tuple<Tables...>> {
      using type = std::tuple<typename Tables::mark...>;
    };

    ledger_data& of_;
    revised<item>::mark items_;
    revised<settlement>::mark settlements_;
    marks_of<record_tables>::type records_;
    std::array<std::uint32_t, std::size(all)> texts_{};
    bool committed_ = false;
  };

private:
  template <class Record, class Want>
  void take_records(const revised<Record>& from, const Want& want, pool_translation& translated) {
    for (std::uint32_t row = 0; row < from.rows().size(); ++row) {
      Record one = from[row];
      if (!from.is_live(row) || !want(one))
        continue;
      for_each_field<Record>([&](const auto& field) { translate(one, field, translated); });
      set_key(one, *this);
      add(one);
    }
  }
  template <class Record, class Field>
  static void translate(Record& /*of*/, const Field& /*field*/, pool_translation& /*translated*/) {}
  template <class Record>
  static void translate(Record& of, const text_field<Record>& field, pool_translation& translated) {
    of.*field.at = translated(field.pool, of.*field.at);
  }
  template <class Record>
  static void translate(Record& of, const attributes_field<Record>& field, pool_translation& translated) {
    of.*field.at = translated(&ledger_pools::attributes, of.*field.at);
  }
};

} // namespace emptor::stats
