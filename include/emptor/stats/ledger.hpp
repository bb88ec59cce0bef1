// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/read.hpp>
#include <emptor/core/store.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/ledger_contents.hpp>
#include <emptor/stats/ledger_data.hpp>
#include <emptor/stats/ledger_description.hpp>
#include <emptor/stats/revisions.hpp>

namespace emptor::stats {

/// The receivables ledger (应收账款明细).
///
/// Documents carry the money, settlements only say which credit pays which debit: no settlement ever changes
/// the sum of a ledger. A document is known by its number alone, in all customers and kinds; where several
/// companies share a ledger, their name belongs into the number. A document is cancelled by a revision of
/// amount 0, or by its opposite (a credit note) and a settlement of both.
/// Memory: per document about 60 bytes, its number and its due share of distinct texts (customers,
/// combinations of attributes); per settlement about 40 bytes and, where it has one, its number.
class ledger final : public store {
public:
  static constexpr std::int32_t no_day = ledger_data::no_day;
  static constexpr std::uint32_t no_text = ledger_data::no_text;
  using item = ledger_data::item;
  using settlement = ledger_data::settlement;
  using attribute = ledger_data::attribute;

  /// \param options checked against `ledger_options`
  explicit ledger(option_values options = option_values("ledger", ledger_options, {}))
      : options_(std::move(options)) {}

  [[nodiscard]] const store_description& description() const noexcept override { return ledger_description; }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  /// A push that names no table is one of `items`.
  push_report push(const push_request& request) override {
    const bool to_items = request.table.empty() || request.table == "items";
    if (!to_items && request.table != "settlements")
      throw unknown_name("ledger", "table", request.table, {"items", "settlements"});
    ledger_data::transaction undo(data_);
    const push_report report = to_items ? push_items(request) : push_settlements(request);
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
    data_.take(
        from->data_, [](const item&) { return true; }, [](const settlement&) { return true; });
    undo.commit();
  }

  [[nodiscard]] std::vector<table> contents() const override {
    return contents_of(data_, default_currency());
  }
  void restore(std::vector<table> contents) override { data_ = restored_ledger(contents); }

  /// Forgets all documents of these customers, and all settlements with one of these documents: what such a
  /// document had settled for another customer is open again. Of a document of which two contents name two
  /// customers the other's one stays, and its settlements.
  std::int64_t erase(std::span<const std::string_view> keys) override {
    std::vector<std::uint8_t> gone(data_.customers.size(), 0);
    for (const std::string_view key : keys) {
      if (const std::uint32_t customer = data_.customers.find(id_pool::key_of(key)); customer != no_text)
        gone[customer] = 1;
    }
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
    ledger_data kept;
    kept.take(
        data_, [&](const item& one) { return gone[one.customer] == 0; },
        [&](const settlement& one) {
          return (one.document == no_text || forgotten[one.document] == 0) &&
                 forgotten[one.settling_document] == 0;
        });
    data_ = std::move(kept);
    return std::count(met.begin(), met.end(), std::uint8_t{1});
  }

  /// The currency of rows that carry none.
  [[nodiscard]] currency default_currency() const { return currency(options_.text("default_currency")); }
  [[nodiscard]] std::unique_ptr<store> clone() const override { return std::make_unique<ledger>(*this); }

  [[nodiscard]] const revisions<item>& items() const noexcept { return data_.items; }
  [[nodiscard]] const revisions<settlement>& settlements() const noexcept { return data_.settlements; }
  [[nodiscard]] const id_pool& customers() const noexcept { return data_.customers; }
  [[nodiscard]] std::string_view document(std::uint32_t id) const noexcept { return data_.documents[id]; }
  [[nodiscard]] std::string_view customer(std::uint32_t id) const noexcept { return data_.customers[id]; }
  [[nodiscard]] std::string_view settlement_number(std::uint32_t id) const noexcept {
    return data_.numbers[id];
  }

  /// The attributes of an item, sorted by label.
  [[nodiscard]] std::vector<attribute> attributes(const item& of) const { return data_.attributes_of(of); }

private:
  /// Reads the rows of one push, one column after the other, and says why a row is refused.
  class row_reader {
  public:
    row_reader(const ledger& of, const table_description& described, const push_request& request)
        : where_("ledger." + std::string(described.name))
        , request_(request)
        , bound_(bind_columns(where_, described.columns, request.columns, request.rows))
        , zone_offset_seconds_(of.options_.zone_offset("zone_offset")) {
      if (request.rows < 0)
        throw error(status::schema, where_ + ": the number of rows must be >= 0");
      known_currency_ = of.default_currency();
      default_currency_ = code_of(known_currency_);
      known_code_ = default_currency_;
      known_decimals_ = known_currency_.decimals();
    }
    void start(std::int64_t row) {
      row_ = row;
      status_ = row_status::ok;
      if (request_.how != nullptr && row % rows_per_task == 0)
        request_.how->check(static_cast<double>(row) / static_cast<double>(request_.rows));
    }
    /// Whether the column `at` has a value in this row. A row that was refused before reads nothing more.
    bool read(std::size_t at, cell& value, int decimals = 0) {
      if (status_ != row_status::ok || bound_[at].column == nullptr)
        return false;
      const column_description& described = *bound_[at].described;
      const row_status status =
          read_cell(described, *bound_[at].column, row_, decimals, zone_offset_seconds_, value);
      if (status == row_status::ok)
        return true;
      if (status != row_status::missing || !described.optional) {
        if (request_.strict)
          throw refused_cell(where_, described, *bound_[at].column, row_, bound_[at].index, status);
        status_ = status;
      }
      return false;
    }
    /// An id is a text or a whole number.
    bool read_id(std::size_t at, id_pool::key& id) {
      cell value;
      if (!read(at, value))
        return false;
      id = is_text(bound_[at].column->type) ? id_pool::key_of(value.text) : id_pool::key_of(value.whole);
      return true;
    }
    currency_code read_currency(std::size_t at) {
      cell value;
      if (!read(at, value))
        return know(default_currency_);
      if (value.text == known_currency_.code())
        return known_code_;
      const std::optional<currency> parsed = currency::parse(value.text);
      if (!parsed)
        refuse(row_status::currency, at, "\"" + std::string(value.text.substr(0, 60)) + "\"",
               "an ISO 4217 code of three capital letters");
      return know(parsed ? code_of(*parsed) : default_currency_);
    }
    /// In minor units of the currency read last.
    std::int64_t read_amount(std::size_t at) {
      cell value;
      return read(at, value, known_decimals_) ? value.whole : 0;
    }
    std::int32_t read_date(std::size_t at) {
      cell value;
      return read(at, value) ? static_cast<std::int32_t>(value.number) : no_day;
    }
    std::int64_t read_revision(std::size_t at) {
      cell value;
      return read(at, value) ? static_cast<std::int64_t>(value.number) : 0;
    }
    /// Labels and values of the columns from `first` on, in a form that is equal where they are.
    void pack_attributes(std::size_t first, std::string& packed) {
      packed.clear();
      for (std::size_t at = first; at < bound_.size(); ++at) {
        cell value;
        if (read(at, value))
          ledger_data::pack(packed, bound_[at].label, value.text);
      }
    }
    [[nodiscard]] row_status status() const noexcept { return status_; }

    /// Counts what became of the row.
    template <class Row>
    void finish(typename revisions<Row>::outcome became, std::string_view name, push_report& report) {
      using outcome = typename revisions<Row>::outcome;
      switch (became) {
      case outcome::added:
        ++report.added;
        break;
      case outcome::replaced:
        ++report.replaced;
        break;
      case outcome::repeated:
        ++report.repeated;
        status_ = row_status::repeated;
        break;
      case outcome::superseded:
        ++report.superseded;
        status_ = row_status::superseded;
        break;
      case outcome::conflict:
        ++report.conflicts;
        status_ = row_status::conflict;
        if (request_.strict)
          throw error(status::conflict,
                      message(where_, bound_[0].described->name, row_,
                              "\"" + std::string(name) + "\" with other content",
                              must_be(row_status::conflict)),
                      row_, bound_[0].index);
        break;
      }
    }
    void end(push_report& report) const {
      if (status_ != row_status::ok && status_ != row_status::repeated && status_ != row_status::superseded &&
          status_ != row_status::conflict)
        ++report.refused;
      if (request_.statuses != nullptr)
        request_.statuses[row_] = status_;
    }

    /// The row is refused for what stands in the column `at`.
    void refuse(row_status why, std::size_t at, std::string_view is, std::string_view must_be) {
      if (request_.strict)
        throw error(status::data, message(where_, bound_[at].described->name, row_, is, must_be), row_,
                    bound_[at].index);
      status_ = why;
    }

  private:
    currency_code know(currency_code code) {
      if (code != known_code_) {
        known_code_ = code;
        known_currency_ = currency_of(code);
        known_decimals_ = known_currency_.decimals();
      }
      return code;
    }

    std::string where_;
    const push_request& request_;
    std::vector<bound_input> bound_;
    std::int32_t zone_offset_seconds_;
    std::int64_t row_ = 0;
    row_status status_ = row_status::ok;
    currency_code default_currency_ = 0;
    currency known_currency_; ///< the last one read, which most often is the next one too
    currency_code known_code_ = 0;
    int known_decimals_ = 0;
  };

  push_report push_items(const push_request& request) {
    push_report report;
    row_reader reader(*this, ledger_tables[0], request);
    data_.items.reserve(data_.items.rows().size() + static_cast<std::size_t>(request.rows));
    std::string packed;
    for (std::int64_t row = 0; row < request.rows; ++row) {
      reader.start(row);
      item one;
      id_pool::key document;
      id_pool::key customer;
      cell kind;
      reader.read_id(0, document);
      one.revision = reader.read_revision(1);
      reader.read_id(2, customer);
      reader.read(3, kind);
      one.kind = static_cast<document_kind>(kind.number);
      one.currency = reader.read_currency(5);
      one.amount = reader.read_amount(4);
      one.date = reader.read_date(6);
      one.due = reader.read_date(7);
      reader.pack_attributes(8, packed);
      if (reader.status() == row_status::ok) {
        one.document = data_.documents.intern(document);
        one.customer = data_.customers.intern(customer);
        if (!packed.empty())
          one.attributes = data_.attributes.intern(id_pool::key_of(packed));
        reader.finish<item>(data_.add(one), data_.documents[one.document], report);
      }
      reader.end(report);
    }
    return report;
  }

  push_report push_settlements(const push_request& request) {
    push_report report;
    row_reader reader(*this, ledger_tables[1], request);
    data_.settlements.reserve(data_.settlements.rows().size() + static_cast<std::size_t>(request.rows));
    for (std::int64_t row = 0; row < request.rows; ++row) {
      reader.start(row);
      settlement one;
      id_pool::key number;
      id_pool::key document;
      id_pool::key settling;
      const bool numbered = reader.read_id(0, number);
      one.revision = reader.read_revision(1);
      if (reader.status() == row_status::ok && !numbered && one.revision != 0)
        reader.refuse(row_status::inconsistent, 1, std::to_string(one.revision),
                      "0 where the settlement has no number that could be revised");
      const bool allocated = reader.read_id(2, document);
      reader.read_id(3, settling);
      one.date = reader.read_date(4);
      one.currency = reader.read_currency(6);
      one.amount = reader.read_amount(5);
      if (reader.status() == row_status::ok) {
        if (numbered)
          one.number = data_.numbers.intern(number);
        if (allocated)
          one.document = data_.documents.intern(document);
        one.settling_document = data_.documents.intern(settling);
        report.repeats_count_twice = report.repeats_count_twice || !numbered;
        reader.finish<settlement>(data_.add(one), numbered ? data_.numbers[one.number] : std::string_view{},
                                  report);
      }
      reader.end(report);
    }
    return report;
  }

  option_values options_;
  ledger_data data_;
};

} // namespace emptor::stats
