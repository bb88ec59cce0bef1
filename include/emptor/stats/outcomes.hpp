// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/store.hpp>
#include <emptor/stats/outcome_rows.hpp>
#include <emptor/stats/outcomes_data.hpp>
#include <emptor/stats/outcomes_description.hpp>
#include <emptor/stats/row_blocks.hpp>

namespace emptor::stats {

/// Rows with a known result (样本表现数据): what was known of customers before, their characteristics, and what became of
/// them. Scorecards, their binning and their validation finish from it.
///
/// Rows are a multiset: the same row pushed twice counts twice. Characteristics are numbers in columns `characteristics:LABEL`
/// or texts in columns `categories:LABEL`, never both under one label: the two roles say how a digit in a file is
/// meant, and neither needs a guess. A column that a push does not have is missing in its rows; one that was pushed
/// once is known to the store, also where no row has a value in it.
/// An outcome may be missing: applicants who were rejected, or who came too recently. Models are fitted on the other
/// rows; `outcome_rows::with_outcome`.
/// Memory: per row 24 bytes, 8 for each characteristic, 4 for each category, and each distinct text once.
class outcomes final : public store {
public:
  /// \param options it has none
  explicit outcomes(option_values options = option_values("outcomes", outcomes_description.options, {}))
      : options_(std::move(options)) {}

  [[nodiscard]] const store_description& description() const noexcept override {
    return outcomes_description;
  }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  push_report push(const push_request& request) override {
    if (!request.table.empty() && request.table != "rows")
      throw unknown_name("outcomes", "table", request.table, {"rows"});
    block_reader blocks({.where = "outcomes"}, outcomes_tables[0], request);
    data_.refuse_too_many(static_cast<std::size_t>(request.rows));
    outcomes_data::transaction undo(data_);
    std::vector<std::pair<const block_column*, std::size_t>> numbers;
    std::vector<std::pair<const block_column*, std::size_t>> texts;
    for (const block_column& column : blocks.columns()) {
      if (column.input.described->name == "characteristics")
        numbers.emplace_back(&column, data_.number_place(column.input.label));
      else if (column.input.described->name == "categories")
        texts.emplace_back(&column, data_.text_place(column.input.label));
    }
    const block_column* const id = blocks.find("row");
    const block_column* const slice = blocks.find("slice");
    const block_column* const outcome = blocks.find("outcome");
    const block_column* const weight = blocks.find("weight");
    const push_report report =
        blocks.read([] {},
                    [&](std::span<const std::size_t> good) {
                      intern(blocks, id, good, data_.ids, data_.rows);
                      intern(blocks, slice, good, data_.slice_names, data_.slices);
                      append(outcome, good, data_.outcomes);
                      append(weight, good, data_.weights);
                      std::replace_if(
                          data_.weights.end() - static_cast<std::ptrdiff_t>(good.size()), data_.weights.end(),
                          [](double x) { return std::isnan(x); }, 1.0);
                      for (const auto& [from, to] : numbers)
                        append(from, good, data_.numbers[to].values);
                      for (const auto& [from, to] : texts)
                        intern(blocks, from, good, data_.texts[to].texts, data_.texts[to].codes);
                      blocks.tally_added(good.size());
                    });
    for (outcomes_data::number_column& column : data_.numbers)
      column.values.resize(data_.size(), outcomes_data::no_number);
    for (outcomes_data::text_column& column : data_.texts)
      column.codes.resize(data_.size(), id_pool::none);
    undo.commit();
    return report;
  }

  /// A store merged into itself has each row twice.
  void merge(const store& other) override {
    const auto* from = dynamic_cast<const outcomes*>(&other);
    if (from == nullptr)
      throw error(status::mismatch, "outcomes: only stores of the same kind merge");
    if (from == this)
      return merge(outcomes(*this));
    outcomes_data::transaction undo(data_);
    data_.take_from(from->data_, [](std::size_t) { return true; });
    undo.commit();
  }

  [[nodiscard]] std::vector<table> contents() const override {
    const outcome_rows held = rows();
    table made("rows");
    const auto add_texts = [&](const std::string& name, const coded_texts& of) {
      text_buffer texts;
      for (const std::uint32_t code : of.codes)
        texts.push_back(code == coded_texts::none ? std::string_view{} : of.texts[code]);
      column one = column::texts(name, std::move(texts));
      for (std::size_t i = 0; i < of.codes.size(); ++i) {
        if (of.codes[i] == coded_texts::none)
          one.set_missing(static_cast<std::int64_t>(i));
      }
      made.add(std::move(one));
    };
    if (data_.ids.size() > 0)
      add_texts("row", held.ids());
    made.add(column::numbers("outcome", held.outcomes()).or_none());
    made.add(column::numbers("weight", held.weights()));
    if (data_.slice_names.size() > 0)
      add_texts("slice", held.slices());
    for (const bool of_texts : {false, true}) {
      for (const std::string_view label : held.labels()) {
        if (held.is_category("outcomes", label) != of_texts)
          continue;
        if (of_texts)
          add_texts("categories:" + std::string(label), held.texts("outcomes", label));
        else
          made.add(column::numbers("characteristics:" + std::string(label), held.numbers("outcomes", label))
                       .or_none());
      }
    }
    return {std::move(made)};
  }

  void restore(std::vector<table> contents) override {
    outcomes fresh(options_);
    if (contents.size() != 1 || contents[0].name() != "rows")
      throw error(status::format, "outcomes: its contents must be the table rows");
    try {
      const std::vector<named_column> columns = contents[0].views();
      fresh.push({.table = "rows", .columns = columns, .rows = contents[0].rows(), .strict = true});
    } catch (const error& refused) {
      if (refused.code() == status::out_of_memory)
        throw;
      throw error(status::format, refused.what());
    }
    *this = std::move(fresh);
  }

  /// Forgets all rows with these ids.
  std::int64_t erase(std::span<const std::string_view> keys) override {
    const std::vector<std::uint8_t> gone = data_.ids.marked(keys);
    outcomes_data kept;
    kept.take_from(data_, [&](std::size_t row) {
      return data_.rows[row] == id_pool::none || gone[data_.rows[row]] == 0;
    });
    data_ = std::move(kept);
    return std::count(gone.begin(), gone.end(), std::uint8_t{1});
  }

  [[nodiscard]] std::unique_ptr<store> clone() const override { return std::make_unique<outcomes>(*this); }

  /// All rows.
  [[nodiscard]] outcome_rows rows(row_order order = row_order::canonical) const {
    std::vector<std::uint32_t> all(data_.size());
    std::iota(all.begin(), all.end(), std::uint32_t{0});
    return {data_, std::move(all), order};
  }
  /// The rows with these ids, all where `keys` is not set: what a finish that is limited to some may look at.
  [[nodiscard]] outcome_rows rows(const std::optional<std::vector<std::string>>& keys,
                                  row_order order = row_order::canonical) const {
    if (!keys)
      return rows(order);
    const std::vector<std::uint8_t> is_wanted = data_.ids.marked(*keys);
    std::vector<std::uint32_t> some;
    for (std::uint32_t row = 0; row < data_.size(); ++row) {
      if (data_.rows[row] != id_pool::none && is_wanted[data_.rows[row]] != 0)
        some.push_back(row);
    }
    return {data_, std::move(some), order};
  }
  /// How many rows it holds.
  [[nodiscard]] std::size_t size() const noexcept { return data_.size(); }

private:
  static void append(const block_column* from, std::span<const std::size_t> good, std::vector<double>& to) {
    const std::size_t first = to.size();
    to.resize(first + good.size(), outcomes_data::no_number);
    for (std::size_t k = 0; from != nullptr && k < good.size(); ++k)
      to[first + k] = from->numbers[good[k]];
  }
  static void intern(block_reader& blocks, const block_column* from, std::span<const std::size_t> good,
                     id_pool& pool, std::vector<std::uint32_t>& to) {
    const std::size_t first = to.size();
    to.resize(first + good.size(), id_pool::none);
    if (from != nullptr && !good.empty())
      blocks.intern(*from, good, pool, to.data() + first);
  }

  option_values options_;
  outcomes_data data_;
};

} // namespace emptor::stats
