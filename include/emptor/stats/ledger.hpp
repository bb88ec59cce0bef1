// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/store.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/ledger_contents.hpp>
#include <emptor/stats/ledger_data.hpp>
#include <emptor/stats/ledger_description.hpp>
#include <emptor/stats/ledger_record_push.hpp>
#include <emptor/stats/revised.hpp>
#include <emptor/stats/row_blocks.hpp>

namespace emptor::stats {

/// The receivables ledger (应收账款明细).
///
/// Documents carry the money, settlements only say which credit pays which debit: no settlement ever changes
/// the sum of a ledger. A document is known by its number alone, in all customers and kinds; where several
/// companies share a ledger, their name belongs into the number. A document is cancelled by a revision of
/// amount 0, or by its opposite (a credit note) and a settlement of both.
///
/// Beside them stand orders and deliveries not yet invoiced, disputes, securities, promises to pay, facts about customers
/// and rates of exchange, each known by its own number and revised like a document. They change nothing of what is owed.
/// Memory: per document about 64 bytes, its number and its due share of distinct texts (customers, combinations of
/// attributes) and of distinct terms (what it follows, its discount); per settlement about 40 bytes and, where it has
/// one, its number; per order, delivery, dispute, security and promise about 80 bytes and its number; per customer with facts
/// and per rate about 60.
class ledger final : public store {
public:
  static constexpr std::int32_t no_day = ledger_data::no_day;
  static constexpr std::uint32_t no_text = ledger_data::no_text;
  using item = ledger_data::item;
  using settlement = ledger_data::settlement;
  using item_terms = ledger_data::item_terms;
  using attribute = ledger_data::attribute;

  /// \param options checked against `ledger_options`
  explicit ledger(option_values options = option_values("ledger", ledger_options, {}))
      : options_(std::move(options)) {}

  [[nodiscard]] const store_description& description() const noexcept override { return ledger_description; }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  /// A push that names no table is one of `items`.
  push_report push(const push_request& request) override {
    const std::string_view name = request.table.empty() ? ledger_tables[0].name : request.table;
    const auto* const into = std::find_if(std::begin(ledger_tables), std::end(ledger_tables),
                                          [&](const table_description& one) { return one.name == name; });
    if (into == std::end(ledger_tables)) {
      std::vector<std::string_view> names;
      for (const table_description& one : ledger_tables)
        names.push_back(one.name);
      throw unknown_name("ledger", "table", request.table, names);
    }
    ledger_data::transaction undo(data_);
    const push_report report = name == "items"             ? push_items(request)
                               : name == "settlements"     ? push_settlements(request)
                               : name == commitment::table ? push_records<commitment>(request, *into)
                               : name == dispute::table    ? push_records<dispute>(request, *into)
                               : name == security::table   ? push_records<security>(request, *into)
                               : name == promise::table    ? push_records<promise>(request, *into)
                               : name == customer_record::table
                                   ? push_records<customer_record>(request, *into)
                                   : push_records<exchange_rate>(request, *into);
    undo.commit();
    return report;
  }

  void merge(const store& other) override {
    const auto* from = dynamic_cast<const ledger*>(&other);
    if (from == nullptr || from->options_ != options_)
      throw error(status::mismatch, "ledger: only stores of the same kind and options merge");
    if (from == this) {
      const ledger copy(*this);
      return merge(copy);
    }
    ledger_data::transaction undo(data_);
    data_.take(from->data_, [](const auto& /*row*/) { return true; });
    undo.commit();
  }

  [[nodiscard]] std::vector<table> contents() const override {
    return contents_of(data_, default_currency());
  }
  void restore(std::vector<table> contents) override { data_ = restored_ledger(contents); }

  /// Forgets all documents of these customers, all settlements with one of these documents and all disputes about
  /// one: what such a document had settled for another customer is open again. Of a document of which two contents
  /// name two customers the other's one stays, with its settlements and disputes. Their orders, deliveries,
  /// securities, promises and facts are forgotten too; a group that is named after one of them keeps its name in its other
  /// members.
  std::int64_t erase(std::span<const std::string_view> keys) override {
    const std::vector<std::uint8_t> gone = data_.customers.marked(keys);
    std::vector<std::uint8_t> met(data_.customers.size(), 0);
    std::vector<std::uint8_t> forgotten(data_.documents.size(), 0);
    std::vector<std::uint8_t> stays(data_.documents.size(), 0); // a contested one may be of two customers
    for (std::uint32_t row = 0; row < data_.items.rows().size(); ++row) {
      const item& one = data_.items[row];
      if (!data_.items.is_live(row))
        continue;
      if (gone[one.customer] != 0)
        met[one.customer] = forgotten[one.document] = 1;
      else
        stays[one.document] = 1;
    }
    for (std::size_t document = 0; document < forgotten.size(); ++document)
      forgotten[document] &= static_cast<std::uint8_t>(1U - stays[document]);
    const auto is_forgotten = [&](std::uint32_t document) {
      return document != no_text && forgotten[document] != 0;
    };
    ledger_data kept;
    kept.take(data_, [&](const auto& one) {
      if constexpr (requires { one.settling_document; })
        return !is_forgotten(one.document) && !is_forgotten(one.settling_document);
      else if constexpr (requires { one.customer; }) {
        met[one.customer] |= gone[one.customer];
        bool stays_here = gone[one.customer] == 0;
        if constexpr (requires { one.about; })
          stays_here = stays_here && !is_forgotten(one.about);
        return stays_here;
      } else if constexpr (requires { one.document; })
        return !is_forgotten(one.document);
      else
        return true;
    });
    data_ = std::move(kept);
    return std::count(met.begin(), met.end(), std::uint8_t{1});
  }

  /// The currency of rows that carry none.
  [[nodiscard]] currency default_currency() const { return currency(options_.text("default_currency")); }
  [[nodiscard]] std::unique_ptr<store> clone() const override { return std::make_unique<ledger>(*this); }

  [[nodiscard]] const revised<item>& items() const noexcept { return data_.items; }
  [[nodiscard]] const revised<settlement>& settlements() const noexcept { return data_.settlements; }
  /// The records of a kind: `commitment`, `dispute`, `security`, `promise`, `customer_record` or `exchange_rate`.
  template <class Record>
  [[nodiscard]] const revised<Record>& records() const noexcept {
    return data_.held<Record>();
  }
  [[nodiscard]] const ledger_pools& texts() const noexcept { return data_; }
  [[nodiscard]] const id_pool& customers() const noexcept { return data_.customers; }
  [[nodiscard]] std::string_view document(std::uint32_t id) const noexcept { return data_.documents[id]; }
  [[nodiscard]] std::string_view customer(std::uint32_t id) const noexcept { return data_.customers[id]; }
  [[nodiscard]] std::string_view settlement_number(std::uint32_t id) const noexcept {
    return data_.numbers[id];
  }

  /// What an item follows and the cash discount it grants, where it does.
  [[nodiscard]] item_terms terms(const item& of) const noexcept { return data_.terms_of(of); }
  /// The attributes of an item, sorted by label.
  [[nodiscard]] std::vector<attribute> attributes(const item& of) const { return data_.attributes_of(of); }

private:
  [[nodiscard]] row_conventions conventions(const table_description& of) const {
    return {.where = "ledger." + std::string(of.name),
            .zone_offset_seconds = options_.zone_offset("zone_offset"),
            .usual_currency = default_currency(),
            .key = of.columns.front().name};
  }
  /// The currency in row `i` of a block.
  [[nodiscard]] static currency_code currency_at(const block_column* of, std::size_t i, currency usual) {
    return code_of(block_column::has(of, i) ? currency(of->keys[i].text) : usual);
  }
  [[nodiscard]] static std::int32_t day_at(const block_column* of, std::size_t i) noexcept {
    return of == nullptr ? no_day : of->days[i];
  }
  /// The numbers of the ids in some rows of a block.
  using numbers = std::array<std::uint32_t, rows_per_block>;
  [[nodiscard]] static numbers interned(block_reader& blocks, const block_column* of,
                                        std::span<const std::size_t> rows, id_pool& pool) {
    numbers found;
    found.fill(no_text);
    if (of != nullptr)
      blocks.intern(*of, rows, pool, found.data());
    return found;
  }

  push_report push_items(const push_request& request) {
    block_reader blocks(conventions(ledger_tables[0]), ledger_tables[0], request);
    const block_column* const document = blocks.find("document");
    const block_column* const revision = blocks.find("revision");
    const block_column* const customer = blocks.find("customer");
    const block_column* const kind = blocks.find("kind");
    const block_column* const amount = blocks.find("amount");
    const block_column* const currency = blocks.find("currency");
    const block_column* const date = blocks.find("document_date");
    const block_column* const due = blocks.find("due_date");
    const block_column* const follows = blocks.find("follows");
    const block_column* const discount_until = blocks.find("discount_until");
    const block_column* const discount = blocks.find("discount_amount");
    std::vector<const block_column*> attributes;
    for (const block_column& column : blocks.columns()) {
      if (column.input.described->many)
        attributes.push_back(&column);
    }
    const emptor::currency usual = default_currency();
    data_.items.reserve(data_.items.rows().size() + static_cast<std::size_t>(request.rows));
    data_.items.reserve_documents(data_.documents.size() + static_cast<std::size_t>(request.rows));
    std::string packed;
    return blocks.read([] {},
                       [&](std::span<const std::size_t> good) {
                         const numbers documents = interned(blocks, document, good, data_.documents);
                         const numbers customers = interned(blocks, customer, good, data_.customers);
                         numbers followed;
                         if (follows != nullptr)
                           followed = interned(blocks, follows, good, data_.commitments);
                         for (std::size_t k = 0; k < good.size(); ++k) {
                           const std::size_t i = good[k];
                           item one;
                           one.document = documents[k];
                           one.customer = customers[k];
                           one.revision = block_column::count_at(revision, i);
                           one.kind = static_cast<document_kind>(kind->numbers[i]);
                           one.currency = currency_at(currency, i, usual);
                           one.amount = amount->wholes[i];
                           one.date = date->days[i];
                           one.due = day_at(due, i);
                           ledger_data::item_terms terms;
                           packed.clear();
                           for (const block_column* const column : attributes) {
                             if (block_column::has(column, i))
                               ledger_data::pack(packed, column->input.label, column->keys[i].text);
                           }
                           if (!packed.empty())
                             terms.attributes = data_.attributes.intern(id_pool::key_of(packed));
                           if (follows != nullptr)
                             terms.follows = followed[k];
                           terms.discount_until = day_at(discount_until, i);
                           if (discount != nullptr)
                             terms.discount = discount->wholes[i];
                           one.details = data_.details_of(terms);
                           blocks.tally(i, data_.add(one));
                         }
                       });
  }

  push_report push_settlements(const push_request& request) {
    block_reader blocks(conventions(ledger_tables[1]), ledger_tables[1], request);
    const block_column* const number = blocks.find("settlement");
    const block_column* const revision = blocks.find("revision");
    const block_column* const document = blocks.find("document");
    const block_column* const settling = blocks.find("settling_document");
    const block_column* const date = blocks.find("date");
    const block_column* const amount = blocks.find("amount");
    const block_column* const currency = blocks.find("currency");
    const emptor::currency usual = default_currency();
    data_.settlements.reserve(data_.settlements.rows().size() + static_cast<std::size_t>(request.rows));
    const auto check = [&] {
      for (std::size_t i = 0; revision != nullptr && i < blocks.size(); ++i) {
        const std::int64_t which = block_column::count_at(revision, i);
        if (blocks.is_fine(i) && which != 0 && !block_column::has(number, i))
          blocks.refuse(i, row_status::inconsistent, [&] {
            return blocks.refusal(i, "revision", std::to_string(which),
                                  "0 where the settlement has no number that could be revised");
          });
      }
    };
    return blocks.read(check, [&](std::span<const std::size_t> good) {
      const numbers own = interned(blocks, number, good, data_.numbers);
      const numbers documents = interned(blocks, document, good, data_.documents);
      const numbers settled_by = interned(blocks, settling, good, data_.documents);
      for (std::size_t k = 0; k < good.size(); ++k) {
        const std::size_t i = good[k];
        settlement one;
        one.number = own[k];
        one.document = documents[k];
        one.settling_document = settled_by[k];
        one.revision = block_column::count_at(revision, i);
        one.date = date->days[i];
        one.currency = currency_at(currency, i, usual);
        one.amount = amount->wholes[i];
        const placed became = data_.add(one);
        if (one.number == no_text)
          blocks.tally_added(1);
        else
          blocks.tally(i, became);
      }
    });
  }

  template <class Record>
  push_report push_records(const push_request& request, const table_description& described) {
    block_reader blocks(conventions(described), described, request);
    return record_push<Record>(blocks, default_currency(), data_).read();
  }

  option_values options_;
  ledger_data data_;
};

} // namespace emptor::stats
