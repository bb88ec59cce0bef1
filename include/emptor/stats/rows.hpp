// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <emptor/core/store.hpp>
#include <emptor/stats/row_blocks.hpp>

namespace emptor::stats {

inline constexpr option_description rows_options[] = {
    {.name = "entry",
     .what = option_content::text,
     .summary = "the entry whose input tables the rows are for; each push is checked against them",
     .required = true},
    {.name = "decimals",
     .what = option_content::integer,
     .summary = "decimals of the minor units of amounts",
     .allowed = {0, max_decimals},
     .default_value = "2"},
};

inline constexpr store_description rows_description{
    .name = "rows",
    .summary = "rows as they are, for entries that finish from tables of their own shape",
    .chinese = "数据行",
    .memory = "per row",
    .options = rows_options,
};

/// Rows of the input tables of one entry, as a multiset: the same row pushed twice counts twice.
class rows final : public store {
public:
  /// \param tables the input tables of the entry that the options name; they must outlive the store
  rows(option_values options, std::span<const table_description> tables)
      : options_(std::move(options))
      , described_(tables)
      , tables_(tables.size()) {}

  [[nodiscard]] const store_description& description() const noexcept override { return rows_description; }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  push_report push(const push_request& asked) override {
    const std::size_t which = find_table(asked.table);
    const table_description& described = described_[which];
    push_request request = asked;
    request.strict = request.strict || described.whole;
    block_reader blocks({.where = std::string(options_.text("entry")),
                         .decimals = static_cast<int>(options_.integer("decimals"))},
                        described, request);
    held_table grown = tables_[which].with_columns(blocks.columns());
    const std::vector<const block_column*> sources = grown.sources(blocks.columns());
    const push_report report = blocks.read(
        [&] {
          if (described.rule != nullptr)
            check_rule(described, blocks);
        },
        [&](std::span<const std::size_t> good) {
          grown.append(sources, good);
          blocks.tally_added(good.size());
        });
    tables_[which].take(std::move(grown));
    return report;
  }

  void merge(const store& other) override {
    const auto* from = dynamic_cast<const rows*>(&other);
    if (from == nullptr || from->options_ != options_)
      throw error(status::mismatch, "rows: only stores of the same kind and options merge");
    std::vector<held_table> merged = tables_;
    for (std::size_t i = 0; i < tables_.size(); ++i)
      merged[i].append(from->tables_[i]);
    tables_ = std::move(merged);
  }

  [[nodiscard]] std::vector<table> contents() const override {
    std::vector<table> all;
    for (std::size_t i = 0; i < tables_.size(); ++i)
      all.push_back(tables_[i].canonical(described_[i]));
    return all;
  }

  void restore(std::vector<table> contents) override {
    rows fresh(options_, described_);
    for (const table& held : contents) {
      if (held.rows() == 0)
        continue;
      const std::vector<named_column> columns = held.views();
      fresh.push({.table = held.name(), .columns = columns, .rows = held.rows(), .strict = true});
    }
    *this = std::move(fresh);
  }

  /// Rows of an entry's tables carry no key.
  std::int64_t erase(std::span<const std::string_view> /*keys*/) override {
    throw error(status::unsupported, "rows: its rows carry no customer, so none can be erased");
  }

  [[nodiscard]] std::unique_ptr<store> clone() const override { return std::make_unique<rows>(*this); }

  /// The rows pushed so far.
  [[nodiscard]] std::int64_t size(std::string_view table_name = {}) const {
    return tables_[find_table(table_name)].rows;
  }
  /// A column of numbers, counts or days in the order of the pushes; empty where no push had it. Whoever adds
  /// them up must not depend on their order.
  /// \param missing  what stands for missing values of optional columns
  [[nodiscard]] std::vector<double> numbers(std::string_view table_name, std::string_view column_name,
                                            double missing = std::numeric_limits<double>::quiet_NaN()) const {
    const held_table& held = tables_[find_table(table_name)];
    for (const held_column& candidate : held.columns) {
      if (candidate.described->name != column_name)
        continue;
      std::vector<double> values = std::get<std::vector<double>>(candidate.values);
      values.resize(static_cast<std::size_t>(held.rows), std::numeric_limits<double>::quiet_NaN());
      std::replace_if(
          values.begin(), values.end(), [](double x) { return x != x; }, missing);
      return values;
    }
    return {};
  }

private:
  /// A missing value is NaN, `no_amount`, or the text "\xFF", none of which any push can bring in.
  static constexpr std::string_view missing_text = "\xFF";

  /// A number, count, day or place of a level; NaN where it is missing.
  [[nodiscard]] static double number(const block_column& of, std::size_t i) noexcept {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    if (of.is(content::count))
      return of.wholes[i] == no_amount ? missing : static_cast<double>(of.wholes[i]);
    if (of.is(content::day))
      return of.days[i] == no_day ? missing : static_cast<double>(of.days[i]);
    return of.numbers[i];
  }

  struct held_column {
    const column_description* described = nullptr;
    std::string label;
    std::variant<std::vector<double>, std::vector<std::int64_t>, text_buffer> values;

    /// Appends what a column of a push says in some rows of a block; null = nothing.
    void append(const block_column* from, std::span<const std::size_t> rows) {
      if (auto* numbers = std::get_if<std::vector<double>>(&values)) {
        for (const std::size_t i : rows)
          numbers->push_back(from == nullptr ? std::numeric_limits<double>::quiet_NaN() : number(*from, i));
      } else if (auto* wholes = std::get_if<std::vector<std::int64_t>>(&values)) {
        for (const std::size_t i : rows)
          wholes->push_back(from == nullptr ? no_amount : from->wholes[i]);
      } else {
        auto& texts = std::get<text_buffer>(values);
        for (const std::size_t i : rows) {
          if (!block_column::has(from, i))
            texts.push_back(missing_text);
          else if (const id_pool::key& key = from->keys[i]; key.text.data() != nullptr)
            texts.push_back(key.text);
          else
            texts.push_back(std::to_string(static_cast<std::int64_t>(key.head)));
        }
      }
    }
    [[nodiscard]] bool is_missing(std::int64_t row) const {
      const auto at = static_cast<std::size_t>(row);
      if (const auto* numbers = std::get_if<std::vector<double>>(&values))
        return std::isnan((*numbers)[at]);
      if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&values))
        return (*wholes)[at] == no_amount;
      return std::get<text_buffer>(values)[row] == missing_text;
    }
    [[nodiscard]] int compare(std::int64_t left, std::int64_t right) const {
      const bool left_missing = is_missing(left);
      const bool right_missing = is_missing(right);
      if (left_missing || right_missing)
        return static_cast<int>(right_missing) - static_cast<int>(left_missing);
      const auto order = [](const auto& a, const auto& b) { return a < b ? -1 : b < a ? 1 : 0; };
      if (const auto* numbers = std::get_if<std::vector<double>>(&values))
        return order((*numbers)[static_cast<std::size_t>(left)], (*numbers)[static_cast<std::size_t>(right)]);
      if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&values))
        return order((*wholes)[static_cast<std::size_t>(left)], (*wholes)[static_cast<std::size_t>(right)]);
      const auto& texts = std::get<text_buffer>(values);
      return order(texts[left], texts[right]);
    }
    [[nodiscard]] std::string full_name() const {
      return std::string(described->name) + (described->many ? ":" + label : "");
    }
  };

  struct held_table {
    std::vector<held_column> columns; ///< in the order of the description, then of the labels
    std::int64_t rows = 0;

    /// An empty table with all columns that this one or the push has.
    [[nodiscard]] held_table with_columns(std::span<const block_column> pushed) const {
      held_table wider;
      for (const held_column& held : columns)
        wider.add_column(held.described, held.label);
      for (const block_column& column : pushed)
        wider.add_column(column.input.described, column.input.label);
      return wider;
    }
    /// The columns of a push that these columns come from, null for those that the push does not have.
    [[nodiscard]] std::vector<const block_column*> sources(std::span<const block_column> pushed) const {
      std::vector<const block_column*> found(columns.size(), nullptr);
      for (const block_column& column : pushed)
        found[place(column.input.described, column.input.label)] = &column;
      return found;
    }
    /// Where a column is, or belongs.
    [[nodiscard]] std::size_t place(const column_description* described, const std::string& label) const {
      const auto before = [&](const held_column& held, const auto& /*wanted*/) {
        return held.described != described ? held.described < described : held.label < label;
      };
      return static_cast<std::size_t>(std::lower_bound(columns.begin(), columns.end(), nullptr, before) -
                                      columns.begin());
    }
    held_column& add_column(const column_description* described, const std::string& label) {
      const auto at = columns.begin() + static_cast<std::ptrdiff_t>(place(described, label));
      if (at != columns.end() && at->described == described && at->label == label)
        return *at;
      held_column made{described, label, {}};
      if (described->what == content::amount)
        made.values = std::vector<std::int64_t>(static_cast<std::size_t>(rows), no_amount);
      else if (described->what == content::text || described->what == content::code ||
               described->what == content::id) {
        text_buffer texts;
        for (std::int64_t row = 0; row < rows; ++row)
          texts.push_back(missing_text);
        made.values = std::move(texts);
      } else {
        made.values =
            std::vector<double>(static_cast<std::size_t>(rows), std::numeric_limits<double>::quiet_NaN());
      }
      return *columns.insert(at, std::move(made));
    }
    void append(const std::vector<const block_column*>& from, std::span<const std::size_t> good) {
      for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i].append(from[i], good);
      rows += static_cast<std::int64_t>(good.size());
    }
    void append(const held_table& other) {
      for (const held_column& from : other.columns)
        add_column(from.described, from.label);
      for (held_column& held : columns) {
        const auto from =
            std::find_if(other.columns.begin(), other.columns.end(), [&](const held_column& one) {
              return one.described == held.described && one.label == held.label;
            });
        if (from == other.columns.end()) {
          held.append(nullptr, std::vector<std::size_t>(static_cast<std::size_t>(other.rows)));
        } else if (const auto* texts = std::get_if<text_buffer>(&from->values)) {
          for (std::int64_t row = 0; row < other.rows; ++row)
            std::get<text_buffer>(held.values).push_back((*texts)[row]);
        } else if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&from->values)) {
          auto& into = std::get<std::vector<std::int64_t>>(held.values);
          into.insert(into.end(), wholes->begin(), wholes->end());
        } else {
          const auto& numbers = std::get<std::vector<double>>(from->values);
          auto& into = std::get<std::vector<double>>(held.values);
          into.insert(into.end(), numbers.begin(), numbers.end());
        }
      }
      rows += other.rows;
    }
    /// Takes in the staged rows of one push, or throws and stays as it was.
    void take(held_table&& staged) {
      if (rows == 0) {
        *this = std::move(staged);
        return;
      }
      held_table grown;
      if (columns.size() == staged.columns.size()) {
        // The usual push: appending in place, undone where memory runs out.
        const std::int64_t before = rows;
        try {
          append(staged);
        } catch (...) {
          for (held_column& held : columns)
            std::visit(
                [before](auto& values) {
                  if constexpr (std::is_same_v<std::decay_t<decltype(values)>, text_buffer>)
                    values.truncate(std::min(before, values.size()));
                  else
                    values.resize(std::min(static_cast<std::size_t>(before), values.size()));
                },
                held.values);
          rows = before;
          throw;
        }
        return;
      }
      grown = *this;
      grown.append(staged);
      *this = std::move(grown);
    }

    [[nodiscard]] table canonical(const table_description& described) const {
      std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
      std::iota(order.begin(), order.end(), std::int64_t{0});
      std::sort(order.begin(), order.end(), [this](std::int64_t left, std::int64_t right) {
        for (const held_column& held : columns) {
          if (const int difference = held.compare(left, right); difference != 0)
            return difference < 0;
        }
        return false;
      });
      table made{std::string(described.name)};
      for (const held_column& held : columns) {
        bool any = false;
        for (std::int64_t row = 0; row < rows && !any; ++row)
          any = !held.is_missing(row);
        // A column of nothing but missing values says no more than no column, but rows must have one to be there.
        if (any || (rows > 0 && made.columns().empty() && &held == &columns.back()))
          made.add(canonical(held, order));
      }
      return made;
    }
    [[nodiscard]] static column canonical(const held_column& held, const std::vector<std::int64_t>& order) {
      const std::string full = held.full_name();
      const auto made = [&]() -> column {
        if (const auto* texts = std::get_if<text_buffer>(&held.values)) {
          text_buffer sorted;
          for (const std::int64_t row : order)
            sorted.push_back(held.is_missing(row) ? std::string_view{} : (*texts)[row]);
          return column::texts(full, std::move(sorted));
        }
        if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&held.values)) {
          std::vector<std::int64_t> sorted;
          for (const std::int64_t row : order)
            sorted.push_back(held.is_missing(row) ? 0 : (*wholes)[static_cast<std::size_t>(row)]);
          return column::amounts(full, std::move(sorted), 0);
        }
        const auto& numbers = std::get<std::vector<double>>(held.values);
        if (held.described->what == content::day) {
          std::vector<std::int32_t> sorted;
          for (const std::int64_t row : order)
            sorted.push_back(
                held.is_missing(row) ? 0 : static_cast<std::int32_t>(numbers[static_cast<std::size_t>(row)]));
          return column::days(full, std::move(sorted));
        }
        std::vector<double> sorted;
        for (const std::int64_t row : order)
          sorted.push_back(held.is_missing(row) ? std::numeric_limits<double>::quiet_NaN()
                                                : numbers[static_cast<std::size_t>(row)]);
        return column::numbers(full, std::move(sorted));
      };
      column sorted = made();
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (held.is_missing(order[i]))
          sorted.set_missing(static_cast<std::int64_t>(i));
      }
      return sorted;
    }
  };

  /// What the columns of a row must have to do with each other.
  static void check_rule(const table_description& described, block_reader& blocks) {
    std::vector<double> values(described.columns.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (!blocks.is_fine(i))
        continue;
      std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
      for (const block_column& column : blocks.columns()) {
        if (column.input.described->many || column.is(content::id) || column.is(content::text))
          continue;
        const bool amount = column.is(content::amount);
        const cell value{.number = amount ? 0.0 : number(column, i), .whole = amount ? column.wholes[i] : 0};
        values[static_cast<std::size_t>(column.input.described - described.columns.data())] = rule_value(
            *column.input.described, value, !amount || value.whole != no_amount, blocks.decimals(i));
      }
      const row_fault fault = described.rule(values);
      if (fault.status != row_status::ok)
        blocks.refuse(i, fault.status, [&] {
          const std::string_view named = described.columns[fault.column].name;
          return blocks.refusal(i, named, blocks.shown_in(i, named, fault.status), fault.must_be);
        });
    }
  }

  [[nodiscard]] std::size_t find_table(std::string_view table_name) const {
    if (table_name.empty() && !described_.empty())
      return 0;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < described_.size(); ++i) {
      if (described_[i].name == table_name)
        return i;
      names.push_back(described_[i].name);
    }
    throw unknown_name(options_.text("entry"), "table", table_name, names);
  }

  option_values options_;
  std::span<const table_description> described_;
  std::vector<held_table> tables_;
};

} // namespace emptor::stats
