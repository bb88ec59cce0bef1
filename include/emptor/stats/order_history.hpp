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
    push_report report = push_rows(request, change);
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
      push_rows({.table = held.name(), .columns = held.views(), .rows = held.rows()}, change);
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
    std::vector<std::uint8_t> gone(ids.size(), 0);
    for (const std::string_view key : keys) {
      if (const std::uint32_t id = ids.find(id_pool::key_of(key)); id != id_pool::none)
        gone[id] = 1;
    }
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

  /// Rows read and kept at a time: few enough that what is read stays in the cache.
  static constexpr std::int64_t rows_per_read = 256;
  static constexpr std::string_view where = order_history_description.name;

  /// Takes everything back unless it is committed.
  class transaction {
  public:
    explicit transaction(order_history& changed)
        : changed_(changed)
        , orders(changed.orders_.begin())
        , customers(changed.customers_.begin()) {
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
      changed_.orders_.roll_back(orders);
      changed_.customers_.roll_back(customers);
      for (std::size_t i = 0; i < sizes_.size(); ++i)
        changed_.pools_[i].truncate(sizes_[i]);
    }
    void commit() noexcept { committed_ = true; }

  private:
    order_history& changed_;
    std::array<std::uint32_t, 3> sizes_{};
    bool committed_ = false;

  public:
    detail::revised_rows::journal orders;
    detail::revised_rows::journal customers;
  };

  /// One of the caller's columns, and the values of some of its rows.
  struct reader {
    const bound_input* input = nullptr;
    std::size_t field = 0;
    std::vector<id_pool::key> keys;
    std::vector<double> numbers;
    std::vector<std::int64_t> whole;
    std::vector<std::int32_t> days;
  };

  [[nodiscard]] id_pool& pool(detail::pool_of which) noexcept {
    return pools_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] const id_pool& pool(detail::pool_of which) const noexcept {
    return pools_[static_cast<std::size_t>(which)];
  }

  push_report push_rows(const push_request& request, transaction& change) {
    const bool of_orders = request.table.empty() || request.table == order_history_tables[0].name;
    if (!of_orders && request.table != order_history_tables[1].name)
      throw unknown_name(where, "table", request.table,
                         {order_history_tables[0].name, order_history_tables[1].name});
    if (request.rows < 0)
      throw error(status::invalid_argument, message(where, "rows", -1, std::to_string(request.rows), ">= 0"));
    detail::revised_rows& rows = of_orders ? orders_ : customers_;
    const std::vector<bound_input> bound =
        bind_columns(where, order_history_tables[of_orders ? 0 : 1].columns, request.columns, request.rows);
    for (const bound_input& input : bound) { // all new fields first: a new one moves the others
      if (input.column != nullptr)
        static_cast<void>(rows.field_of(full_name(input)));
    }
    std::vector<reader> readers;
    for (const bool amounts : {false, true}) { // amounts last: the currency decides their decimals
      for (const bound_input& input : bound) {
        if (input.column != nullptr && (input.described->what == content::amount) == amounts)
          readers.push_back({&input, rows.field_of(full_name(input)), {}, {}, {}, {}});
      }
    }
    push_report report;
    std::array<row_status, rows_per_read> found{};
    for (std::int64_t first = 0; first < request.rows; first += rows_per_read) {
      if (request.how != nullptr && first % (64 * rows_per_read) == 0)
        request.how->check(static_cast<double>(first) / static_cast<double>(request.rows));
      const auto count = static_cast<std::size_t>(std::min(request.rows - first, rows_per_read));
      found.fill(row_status::ok);
      const std::span<row_status> statuses(found.data(), count);
      for (reader& from : readers)
        read(from, readers, first, statuses);
      if (of_orders)
        check_rows(readers, statuses);
      const auto bad = std::find_if(statuses.begin(), statuses.end(),
                                    [](row_status status) { return status != row_status::ok; });
      const bool stops = request.strict && bad != statuses.end();
      const auto until = stops ? static_cast<std::size_t>(bad - statuses.begin()) : count;
      keep(rows, readers, of_orders ? change.orders : change.customers, first, statuses.first(until),
           of_orders, request, report);
      if (stops)
        refuse_row(readers, first, statuses, until);
      if (request.statuses != nullptr)
        std::copy(statuses.begin(), statuses.end(), request.statuses + first);
    }
    return report;
  }

  [[nodiscard]] static std::string full_name(const bound_input& input) {
    std::string name(input.described->name);
    return input.described->many ? name.append(":").append(input.label) : name;
  }
  [[nodiscard]] static const reader* find(const std::vector<reader>& readers,
                                          std::string_view name) noexcept {
    for (const reader& one : readers) {
      if (one.input->described->name == name)
        return &one;
    }
    return nullptr;
  }

  /// Reads one column of some rows. A row keeps its first fault.
  void read(reader& from, const std::vector<reader>& readers, std::int64_t first,
            std::span<row_status> statuses) const {
    const column_description& described = *from.input->described;
    const column_view& column = *from.input->column;
    const auto each = [&](const auto& read_one) {
      for (std::size_t i = 0; i < statuses.size(); ++i) {
        const row_status status = read_one(i, first + static_cast<std::int64_t>(i));
        if (status != row_status::ok && statuses[i] == row_status::ok &&
            !(status == row_status::missing && described.optional))
          statuses[i] = status;
      }
    };
    switch (described.what) {
    case content::id:
    case content::text:
    case content::code:
      from.keys.assign(statuses.size(), {});
      if (described.name == "currency") {
        each([&](std::size_t i, std::int64_t row) { return read_currency(column, row, from.keys[i]); });
      } else if (is_text(column.type)) {
        each([&](std::size_t i, std::int64_t row) {
          std::string_view text;
          const row_status status = read_name(column, row, text);
          if (status == row_status::ok)
            from.keys[i] = id_pool::key_of(text);
          return status;
        });
      } else {
        each([&](std::size_t i, std::int64_t row) {
          std::int64_t number = 0;
          const row_status status = read_integer(column, row, number);
          if (status == row_status::ok)
            from.keys[i] = id_pool::key_of(number);
          return status;
        });
      }
      break;
    case content::day:
      from.days.assign(statuses.size(), 0);
      each(
          [&](std::size_t i, std::int64_t row) { return read_day(column, row, zone_offset_, from.days[i]); });
      break;
    case content::amount: {
      from.whole.assign(statuses.size(), no_amount);
      const reader* currencies = find(readers, "currency");
      const reader* cancels = find(readers, "cancels");
      const bool may_be_missing = described.name == "amount" && cancels != nullptr;
      const int own = decimals(default_currency_);
      each([&](std::size_t i, std::int64_t row) {
        const bool named = currencies != nullptr && !currencies->keys[i].is_missing();
        const int digits = named ? decimals(currency(currencies->keys[i].text)) : own;
        std::int64_t minor = 0;
        row_status status = read_minor_units(column, row, digits, minor);
        if (status == row_status::ok && minor == no_amount)
          status = row_status::too_large;
        if (status == row_status::missing && may_be_missing && !cancels->keys[i].is_missing())
          status = row_status::ok;
        if (status == row_status::ok)
          from.whole[i] = minor;
        return status;
      });
      break;
    }
    case content::count:
      from.whole.assign(statuses.size(), 0);
      each([&](std::size_t i, std::int64_t row) {
        const row_status status = read_integer(column, row, from.whole[i]);
        return status == row_status::ok && !described.allowed.contains(static_cast<double>(from.whole[i]))
                   ? row_status::out_of_domain
                   : status;
      });
      break;
    case content::number:
    case content::boolean:
      from.numbers.assign(statuses.size(), 0.0);
      each([&](std::size_t i, std::int64_t row) {
        const row_status status = read_number(column, row, from.numbers[i]);
        from.numbers[i] += 0.0; // one zero only: -0 becomes 0
        return status;
      });
      break;
    }
  }

  /// The default currency is held as none, so that rows that name it equal those that do not.
  [[nodiscard]] row_status read_currency(const column_view& column, std::int64_t row,
                                         id_pool::key& key) const noexcept {
    std::string_view text;
    const row_status status = read_name(column, row, text);
    if (status != row_status::ok)
      return status;
    const auto named = currency::parse(text);
    if (!named)
      return row_status::currency;
    if (*named != default_currency_)
      key = id_pool::key_of(text);
    return row_status::ok;
  }

  /// What the columns of an order line must have to do with each other.
  static void check_rows(const std::vector<reader>& readers, std::span<row_status> statuses) {
    const auto has = [](const reader* from, std::size_t i) {
      return from != nullptr && !from->keys[i].is_missing();
    };
    const reader* document = find(readers, "document");
    const reader* line = find(readers, "line");
    const reader* revision = find(readers, "revision");
    const reader* cancels = find(readers, "cancels");
    const reader* amount = find(readers, "amount");
    if (line == nullptr && revision == nullptr && cancels == nullptr)
      return;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      const bool lost =
          !has(document, i) && (has(line, i) || (revision != nullptr && revision->whole[i] != 0));
      const bool both = has(cancels, i) && amount->whole[i] > 0;
      if (statuses[i] == row_status::ok && (lost || both))
        statuses[i] = row_status::inconsistent;
    }
  }

  /// \throws error always, naming the column of row `i` of the block and what was expected of it
  [[noreturn]] void refuse_row(std::vector<reader>& readers, std::int64_t first,
                               std::span<row_status> statuses, std::size_t i) const {
    const row_status why = statuses[i];
    const std::int64_t row = first + static_cast<std::int64_t>(i);
    for (reader& from : readers) {
      std::fill(statuses.begin(), statuses.end(), row_status::ok);
      read(from, readers, first, statuses);
      const row_status one = statuses[i];
      if (one == row_status::ok)
        continue;
      const column_description& described = *from.input->described;
      throw error(status::data,
                  message(where, full_name(*from.input), row, shown(described, *from.input->column, row, one),
                          one == row_status::currency ? "an ISO 4217 code of three capital letters"
                                                      : expected(described, one)),
                  row, from.input->index);
    }
    const reader* cancels = find(readers, "cancels");
    const reader* amount = find(readers, "amount");
    if (cancels != nullptr && amount->whole[i] > 0 && !cancels->keys[i].is_missing())
      throw error(status::data,
                  message(where, "amount", row,
                          shown(*amount->input->described, *amount->input->column, row, why),
                          "<= 0 in a row that cancels a document"),
                  row, amount->input->index);
    throw error(status::data,
                message(where, "document", row, "missing", "there in a row with a line or a revision"), row);
  }
  template <class T>
  static T* room(detail::values<T>& into, std::size_t rows, bool needed) {
    if (!needed && into.held.empty())
      return nullptr;
    into.held.resize(rows, into.otherwise);
    return into.held.data();
  }

  /// Appends the good rows of a block and says what became of each.
  void keep(detail::revised_rows& rows, std::vector<reader>& readers, detail::revised_rows::journal& log,
            std::int64_t first, std::span<row_status> statuses, bool of_orders, const push_request& request,
            push_report& report) {
    std::array<std::size_t, rows_per_read> good{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      if (statuses[i] == row_status::ok)
        good[count++] = i;
    }
    report.refused += static_cast<std::int64_t>(statuses.size() - count);
    if (count == 0)
      return;
    const std::size_t base = rows.size();
    rows.make_room(count);
    bool documents = !of_orders;
    for (reader& from : readers) {
      detail::field& into = rows.fields()[from.field];
      const auto copy = [&](auto& target, const auto& source) {
        const bool any = into.required || std::any_of(good.begin(), good.begin() + count, [&](std::size_t i) {
                           return !(source[i] == target.otherwise);
                         });
        if (auto* at = room(target, base + count, any)) {
          for (std::size_t k = 0; k < count; ++k)
            at[base + k] = source[good[k]];
        }
      };
      if (auto* ids = std::get_if<detail::values<std::uint32_t>>(&into.data)) {
        id_pool& texts = pool(into.pool);
        for (std::size_t k = 0; k < count; ++k)
          from.keys[k] = from.keys[good[k]];
        const std::span<const id_pool::key> keys(from.keys.data(), count);
        const bool any = into.required || !std::all_of(keys.begin(), keys.end(), [](const id_pool::key& key) {
                           return key.is_missing();
                         });
        if (std::uint32_t* at = room(*ids, base + count, any))
          texts.intern(keys, at + base);
        documents = documents || (any && from.input->described->name == "document");
      } else if (auto* whole = std::get_if<detail::values<std::int64_t>>(&into.data)) {
        copy(*whole, from.whole);
      } else if (auto* days = std::get_if<detail::values<std::int32_t>>(&into.data)) {
        copy(*days, from.days);
      } else {
        copy(std::get<detail::values<double>>(into.data), from.numbers);
      }
    }
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t at = rows.size();
      if (at != base + k) {
        for (detail::field& held : rows.fields())
          held.copy(base + k, at);
      }
      const detail::placed outcome = rows.place(pools_, log);
      statuses[good[k]] = outcome.status;
      switch (outcome.status) {
      case row_status::repeated:
        ++report.repeated;
        break;
      case row_status::superseded:
        ++report.superseded;
        break;
      case row_status::conflict:
        ++report.conflicts;
        if (request.strict)
          refuse_conflict(readers, first + static_cast<std::int64_t>(good[k]), of_orders);
        break;
      default:
        ++(outcome.replaced ? report.replaced : report.added);
        break;
      }
      if (of_orders && (!documents || orders_.at<std::uint32_t>(document_field)[at] == id_pool::none))
        report.repeats_count_twice = true;
    }
    rows.trim();
  }

  [[noreturn]] static void refuse_conflict(const std::vector<reader>& readers, std::int64_t row,
                                           bool of_orders) {
    const reader* from = find(readers, of_orders ? "document" : "customer");
    throw error(status::conflict,
                message(where, from->input->described->name, row,
                        shown(*from->input->described, *from->input->column, row, row_status::conflict) +
                            " with other content",
                        must_be(row_status::conflict)),
                row, from->input->index);
  }

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
