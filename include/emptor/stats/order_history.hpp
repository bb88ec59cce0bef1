// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/read.hpp>
#include <emptor/core/store.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/revised_rows.hpp>

namespace emptor::stats {

inline constexpr domain revision_domain{0.0, 9007199254740992.0};

inline constexpr column_description order_columns[] = {
    {.name = "customer", .what = content::id, .summary = "who ordered"},
    {.name = "date",
     .what = content::day,
     .summary = "day of the order, credit note or cancellation; a timestamp falls on its day at zone_offset"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "money of the line; negative on a credit note; 0 or missing on a cancellation"},
    {.name = "document",
     .what = content::id,
     .summary = "id of the document, unique in the store; rows without one count each time they are pushed",
     .optional = true},
    {.name = "line",
     .what = content::id,
     .summary = "tells the lines of one document apart; without it a document has one row",
     .optional = true},
    {.name = "revision",
     .what = content::count,
     .summary = "revision of the document; the highest replaces all lines of the lower ones (default 0)",
     .allowed = revision_domain,
     .optional = true},
    {.name = "cancels",
     .what = content::id,
     .summary = "the document that this row cancels (amount 0 or missing) or credits (amount negative)",
     .optional = true},
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code of the amounts (default: the store's default_currency)",
     .optional = true},
    {.name = "quantity", .what = content::number, .summary = "pieces, weight, ...", .optional = true},
    {.name = "product", .what = content::id, .summary = "what was ordered", .optional = true},
    {.name = "margin",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the line leaves after its direct costs",
     .optional = true},
    {.name = "attributes",
     .what = content::text,
     .summary = "channel, region, seller, company, ...",
     .optional = true,
     .many = true},
};

inline constexpr column_description customer_columns[] = {
    {.name = "customer", .what = content::id, .summary = "who it is"},
    {.name = "revision",
     .what = content::count,
     .summary =
         "revision of what is known about the customer; the highest replaces the lower ones (default 0)",
     .allowed = revision_domain,
     .optional = true},
    {.name = "attributes",
     .what = content::text,
     .summary = "region, industry, size, ...",
     .optional = true,
     .many = true},
};

inline constexpr table_description order_history_tables[] = {
    {.name = "orders",
     .summary = "order lines, credit notes and cancellations; the table of a push that names none",
     .columns = order_columns},
    {.name = "customers",
     .summary = "what is known about customers",
     .columns = customer_columns,
     .optional = true},
};

inline constexpr option_description order_history_options[] = {
    {.name = "default_currency",
     .what = option_content::currency,
     .summary = "currency of rows that name none; where it is not set, they are in an unnamed one"},
    {.name = "decimals",
     .what = option_content::integer,
     .summary =
         "digits after the point of all amounts; by default those of a row's currency (ISO 4217), 2 without "
         "one",
     .allowed = {0, max_decimals}},
    {.name = "zone_offset",
     .what = option_content::zone,
     .summary = "offset from UTC at which a timestamp shows its day, such as +08:00",
     .default_value = "+00:00"},
};

inline constexpr store_description order_history_description{
    .name = "order_history",
    .summary = "orders, credit notes and cancellations of customers, with revisions of documents",
    .chinese = "订单历史",
    .memory =
        "per row: 16 bytes, and 4 or 8 for each optional column that is used; per distinct id, document "
        "line and text: its bytes and 24 to 80 more",
    .tables = order_history_tables,
    .options = order_history_options,
    .key = "customer",
};

/// What customers ordered, as rows said it.
///
/// Rows without a document are a multiset. A document is known by its id; of it the highest revision counts,
/// with all lines that came with that revision and no line of a lower one. Within a revision a line is known
/// by its `line`, so that a document's lines may come in any order and any split over pushes; without `line` a
/// document has one row. The same line with the same content is `repeated`, with other content a `conflict`:
/// both contents are kept until a higher revision comes, and a finish refuses to guess. Rows of `customers`
/// are documents in this sense, known by the customer.
///
/// A row with `cancels` and an amount of 0 or none is a cancellation, with a negative amount a credit note; a
/// positive amount is refused. What these do to orders is in net_orders.hpp. Neither cancels a cancellation: to
/// undo one, push a higher revision of it. Nothing needs to come in order of dates, a cancellation may come
/// before its document.
class order_history final : public store {
public:
  explicit order_history(std::span<const option> given = {})
      : order_history(option_values(order_history_description.name, order_history_options, given)) {}
  explicit order_history(option_values options)
      : options_(std::move(options))
      , default_currency_(emptor::currency(options_.text("default_currency")))
      , zone_offset_(options_.zone_offset("zone_offset")) {}

  [[nodiscard]] const store_description& description() const noexcept override {
    return order_history_description;
  }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  push_report push(const push_request& request) override {
    transaction change(*this);
    const push_report report = push_rows(request);
    change.commit();
    if (orders_.dead() + customers_.dead() > 1024 && 2 * orders_.dead() > orders_.size()) {
      try {
        keep_only([](std::uint32_t) { return true; });
      } catch (const std::bad_alloc&) {
        // The rows that no longer count stay where they are: nothing but memory depends on them.
      }
    }
    return report;
  }

  void merge(const store& other) override {
    const auto* from = dynamic_cast<const order_history*>(&other);
    if (from == nullptr || from->options_ != options_)
      throw error(status::mismatch, "order_history: only stores of the same kind and options merge");
    const std::vector<table> tables = from->tables(from->orders_.live_rows(), from->customers_.live_rows());
    transaction change(*this);
    for (const table& held : tables)
      push_rows({.table = held.name(), .columns = held.views(), .rows = held.rows()});
    change.commit();
  }

  [[nodiscard]] std::vector<table> contents() const override {
    return tables(canonical(orders_), canonical(customers_));
  }

  void restore(std::vector<table> contents) override {
    order_history fresh(options_);
    try {
      for (const table& held : contents) {
        const std::vector<named_column> columns = held.views();
        const push_report report =
            fresh.push({.table = held.name(), .columns = columns, .rows = held.rows()});
        if (held.name().empty() || report.added + report.conflicts != held.rows())
          throw error(status::format, "order_history: its saved rows are not what it saves");
      }
    } catch (const error& refused) {
      if (refused.code() == status::out_of_memory || refused.code() == status::cancelled)
        throw;
      throw error(status::format, refused.what());
    }
    *this = std::move(fresh);
  }

  std::int64_t erase(std::span<const std::string_view> keys) override {
    const id_pool& ids = pool(detail::pool_of::customers);
    const std::vector<std::uint8_t> gone = ids.marked(keys);
    std::vector<std::uint8_t> known(ids.size(), 0);
    for (const detail::revised_rows* rows : {&orders_, &customers_}) {
      for (const std::size_t row : rows->live_rows()) {
        const std::uint32_t customer = rows->at<std::uint32_t>(customer_field)[row];
        known[customer] = gone[customer];
      }
    }
    keep_only([&](std::uint32_t customer) { return gone[customer] == 0; });
    return std::count(known.begin(), known.end(), std::uint8_t{1});
  }

  [[nodiscard]] std::unique_ptr<store> clone() const override {
    return std::make_unique<order_history>(*this);
  }

  /// The order lines as they lie in the store, for those who finish from it. Rows that no longer count
  /// (`is_live`) are among them.
  struct lines {
    std::size_t rows = 0;
    const detail::values<std::uint32_t>& customer;
    const detail::values<std::int32_t>& day;
    const detail::values<std::int64_t>& amount; ///< minor units
    const detail::values<std::uint32_t>& document;
    const detail::values<std::uint32_t>& cancels;
    const detail::values<std::uint32_t>& currency; ///< of `words`; none = default_currency
  };
  [[nodiscard]] lines order_lines() const noexcept {
    return {orders_.size(),
            orders_.at<std::uint32_t>(customer_field),
            orders_.at<std::int32_t>(day_field),
            orders_.at<std::int64_t>(amount_field),
            orders_.at<std::uint32_t>(document_field),
            orders_.at<std::uint32_t>(cancels_field),
            orders_.at<std::uint32_t>(currency_field)};
  }
  /// What order lines say beside that.
  struct line_details {
    const detail::values<double>& quantity;       ///< NaN = none
    const detail::values<std::uint32_t>& product; ///< of `words`
    const detail::values<std::int64_t>& margin;   ///< minor units; no_amount = none
  };
  [[nodiscard]] line_details details() const noexcept {
    return {orders_.at<double>(quantity_field), orders_.at<std::uint32_t>(product_field),
            orders_.at<std::int64_t>(margin_field)};
  }
  /// What is known about customers, as it lies in the store; the user's columns are those of `facts_attribute`.
  struct facts {
    std::size_t rows = 0;
    const detail::values<std::uint32_t>& customer;
  };
  [[nodiscard]] facts customer_facts() const noexcept {
    return {customers_.size(), customers_.at<std::uint32_t>(customer_field)};
  }
  [[nodiscard]] bool is_live_fact(std::size_t row) const noexcept { return customers_.is_live(row); }
  /// Rows of customers of whom one revision came with several contents.
  [[nodiscard]] std::vector<std::size_t> fact_conflicts() const { return customers_.conflicts(); }
  /// The texts of the user's column with this label, by numbers of `words`; null where no row ever had it.
  [[nodiscard]] const detail::values<std::uint32_t>* line_attribute(std::string_view label) const noexcept {
    return orders_.attribute(label);
  }
  [[nodiscard]] const detail::values<std::uint32_t>* facts_attribute(std::string_view label) const noexcept {
    return customers_.attribute(label);
  }
  /// The labels of the user's columns, of order lines and of customers, each once and by bytes.
  [[nodiscard]] std::vector<std::string> attribute_labels() const {
    std::vector<std::string> labels = orders_.attribute_labels();
    std::vector<std::string> others = customers_.attribute_labels();
    labels.insert(labels.end(), others.begin(), others.end());
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    return labels;
  }
  [[nodiscard]] bool is_live(std::size_t row) const noexcept { return orders_.is_live(row); }
  [[nodiscard]] bool all_live() const noexcept { return orders_.all_live(); }
  /// Order lines whose document came with several contents.
  [[nodiscard]] std::vector<std::size_t> conflicts() const { return orders_.conflicts(); }
  [[nodiscard]] const id_pool& customers() const noexcept { return pool(detail::pool_of::customers); }
  [[nodiscard]] const id_pool& documents() const noexcept { return pool(detail::pool_of::documents); }
  [[nodiscard]] const id_pool& words() const noexcept { return pool(detail::pool_of::words); }
  /// The currency of rows that name none.
  [[nodiscard]] currency default_currency() const noexcept { return default_currency_; }
  [[nodiscard]] int decimals(currency of) const noexcept {
    return options_.has("decimals") ? static_cast<int>(options_.integer("decimals")) : of.decimals();
  }

private:
  // Positions in order_columns; the customer is the first of customer_columns too.
  static constexpr std::size_t customer_field = 0;
  static constexpr std::size_t day_field = 1;
  static constexpr std::size_t amount_field = 2;
  static constexpr std::size_t document_field = 3;
  static constexpr std::size_t line_field = 4;
  static constexpr std::size_t revision_field = 5;
  static constexpr std::size_t cancels_field = 6;
  static constexpr std::size_t currency_field = 7;
  static constexpr std::size_t quantity_field = 8;
  static constexpr std::size_t product_field = 9;
  static constexpr std::size_t margin_field = 10;

  static constexpr std::string_view where = order_history_description.name;

  /// Takes everything back unless it is committed.
  class transaction {
  public:
    explicit transaction(order_history& changed)
        : changed_(changed)
        , orders_(changed.orders_.begin())
        , customers_(changed.customers_.begin()) {
      for (std::size_t i = 0; i < sizes_.size(); ++i)
        sizes_[i] = changed.pools_[i].size();
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    transaction(transaction&&) = delete;
    transaction& operator=(transaction&&) = delete;
    ~transaction() {
      if (committed_)
        return;
      changed_.orders_.roll_back(orders_);
      changed_.customers_.roll_back(customers_);
      for (std::size_t i = 0; i < sizes_.size(); ++i)
        changed_.pools_[i].truncate(sizes_[i]);
    }
    void commit() noexcept { committed_ = true; }

  private:
    order_history& changed_;
    detail::revised_rows::mark orders_;
    detail::revised_rows::mark customers_;
    std::array<std::uint32_t, 3> sizes_{};
    bool committed_ = false;
  };

  [[nodiscard]] id_pool& pool(detail::pool_of which) noexcept {
    return pools_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] const id_pool& pool(detail::pool_of which) const noexcept {
    return pools_[static_cast<std::size_t>(which)];
  }

  push_report push_rows(const push_request& request) {
    const bool of_orders = request.table.empty() || request.table == order_history_tables[0].name;
    if (!of_orders && request.table != order_history_tables[1].name)
      throw unknown_name(where, "table", request.table,
                         {order_history_tables[0].name, order_history_tables[1].name});
    row_conventions conventions{.where = std::string(where),
                                .zone_offset_seconds = zone_offset_,
                                .usual_currency = default_currency_,
                                .key = of_orders ? "document" : "customer",
                                .zero_if_missing = "amount",
                                .where_there = "cancels"};
    if (options_.has("decimals"))
      conventions.decimals = static_cast<int>(options_.integer("decimals"));
    block_reader blocks(std::move(conventions), order_history_tables[of_orders ? 0 : 1], request);
    detail::revised_rows& rows = of_orders ? orders_ : customers_;
    const std::vector<std::size_t> fields = rows.fields_of(blocks.columns());
    const std::size_t expected = rows.size() + static_cast<std::size_t>(request.rows);
    const order_rule rule(blocks);
    return blocks.read(
        [&] {
          if (of_orders)
            rule.check(blocks);
        },
        [&](std::span<const std::size_t> good) { rows.take(blocks, fields, good, pools_, expected); });
  }

  /// What the columns of an order line must have to do with each other.
  class order_rule {
  public:
    explicit order_rule(const block_reader& blocks)
        : document_(blocks.find("document"))
        , line_(blocks.find("line"))
        , revision_(blocks.find("revision"))
        , cancels_(blocks.find("cancels"))
        , amount_(blocks.find("amount")) {}

    void check(block_reader& blocks) const {
      if (line_ == nullptr && revision_ == nullptr && cancels_ == nullptr)
        return;
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (!blocks.is_fine(i))
          continue;
        const auto refuse = [&](std::string_view column, row_status why, std::string_view must_be) {
          blocks.refuse(i, row_status::inconsistent,
                        [&] { return blocks.refusal(i, column, blocks.shown_in(i, column, why), must_be); });
        };
        if (block_column::has(cancels_, i) && amount_->wholes[i] > 0)
          refuse("amount", row_status::inconsistent, "<= 0 in a row that cancels a document");
        else if (!block_column::has(document_, i) &&
                 (block_column::has(line_, i) || block_column::count_at(revision_, i) != 0))
          refuse("document", row_status::missing, "there in a row with a line or a revision");
      }
    }

  private:
    const block_column* document_;
    const block_column* line_;
    const block_column* revision_;
    const block_column* cancels_;
    const block_column* amount_;
  };

  /// Rows that count, by customer, then by all that they say.
  [[nodiscard]] std::vector<std::size_t> canonical(const detail::revised_rows& rows) const {
    std::vector<std::size_t> order = rows.live_rows();
    const std::vector<std::uint32_t> sorted = customers().sorted();
    std::vector<std::uint32_t> rank(sorted.size());
    for (std::uint32_t i = 0; i < sorted.size(); ++i)
      rank[sorted[i]] = i;
    const auto& customer = rows.at<std::uint32_t>(customer_field);
    std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      const std::uint32_t a = rank[customer[left]];
      const std::uint32_t b = rank[customer[right]];
      return a != b ? a < b : rows.compare(left, right, pools_) < 0;
    });
    return order;
  }
  /// Decimals of the amounts of all these rows, or decimals_of_row where their currencies have unlike ones.
  [[nodiscard]] int decimals_of(std::span<const std::size_t> rows) const {
    const auto& currencies = orders_.at<std::uint32_t>(currency_field);
    std::optional<int> one;
    std::uint32_t last = id_pool::none;
    for (const std::size_t row : rows) {
      const std::uint32_t word = currencies[row];
      if (one && word == last)
        continue;
      const int own = decimals(word == id_pool::none ? default_currency_ : currency(words()[word]));
      if (one && *one != own)
        return decimals_of_row;
      one = own;
      last = word;
    }
    return one.value_or(decimals(default_currency_));
  }
  [[nodiscard]] std::vector<table> tables(std::span<const std::size_t> of_orders,
                                          std::span<const std::size_t> of_customers) const {
    table ordered = orders_.to_table(order_history_tables[0].name, of_orders, pools_, decimals_of(of_orders),
                                     {.which = currency_field, .text = default_currency_.code()});
    return {std::move(ordered),
            customers_.to_table(order_history_tables[1].name, of_customers, pools_, 0, {})};
  }

  /// Makes the store anew from the rows of some customers, so that nothing of the others is left in memory.
  template <class Keeps>
  void keep_only(const Keeps& keeps) {
    const auto some = [&](const detail::revised_rows& rows) {
      std::vector<std::size_t> kept = rows.live_rows();
      std::erase_if(kept,
                    [&](std::size_t row) { return !keeps(rows.at<std::uint32_t>(customer_field)[row]); });
      return kept;
    };
    order_history fresh(options_);
    for (const table& held : tables(some(orders_), some(customers_)))
      fresh.push({.table = held.name(), .columns = held.views(), .rows = held.rows()});
    *this = std::move(fresh);
  }

  option_values options_;
  currency default_currency_;
  std::int32_t zone_offset_ = 0;
  detail::id_pools pools_;
  detail::revised_rows orders_{order_columns, "document", "line"};
  detail::revised_rows customers_{customer_columns, "customer", ""};
};

} // namespace emptor::stats
