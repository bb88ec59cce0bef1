// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/status.hpp>
#include <emptor/stats/id_pool.hpp>

namespace emptor::stats {

/// What a store of outcomes holds: a column each, in the order in which the rows came. Texts are numbers of pools.
struct outcomes_data {
  static constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

  /// A characteristic in numbers; NaN where it is missing.
  struct number_column {
    std::string label;
    std::vector<double> values;
  };
  /// A characteristic in words; `id_pool::none` where it is missing.
  struct text_column {
    std::string label;
    id_pool texts;
    std::vector<std::uint32_t> codes;
  };

  id_pool ids;
  id_pool slice_names;
  std::vector<std::uint32_t> rows;   ///< numbers of `ids`
  std::vector<std::uint32_t> slices; ///< numbers of `slice_names`
  std::vector<double> outcomes;      ///< NaN where it is not known
  std::vector<double> weights;
  std::vector<number_column> numbers; ///< in the order in which they first came
  std::vector<text_column> texts;

  [[nodiscard]] std::size_t size() const noexcept { return outcomes.size(); }

  /// The place of a column, which is made where it is not there; rows that came before have nothing in it.
  /// \throws error status::schema where the label names a column of the other kind
  std::size_t number_place(const std::string& label) {
    refuse_both(texts, label);
    return place(numbers, label, [&] {
      return number_column{label, std::vector<double>(size(), no_number)};
    });
  }
  /// As `number_place`.
  std::size_t text_place(const std::string& label) {
    refuse_both(numbers, label);
    return place(texts, label, [&] {
      return text_column{label, {}, std::vector<std::uint32_t>(size(), id_pool::none)};
    });
  }

  /// Takes everything back that came since, unless it is committed.
  class transaction {
  public:
    explicit transaction(outcomes_data& of)
        : of_(of)
        , rows_(of.size())
        , ids_(of.ids.size())
        , slice_names_(of.slice_names.size())
        , numbers_(of.numbers.size()) {
      texts_.reserve(of.texts.size());
      for (const text_column& column : of.texts)
        texts_.push_back(column.texts.size());
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    transaction(transaction&&) = delete;
    transaction& operator=(transaction&&) = delete;
    ~transaction() {
      if (committed_)
        return;
      const auto cut = [&](auto& values) { values.resize(std::min(rows_, values.size())); };
      of_.numbers.resize(numbers_);
      of_.texts.erase(of_.texts.begin() + static_cast<std::ptrdiff_t>(texts_.size()), of_.texts.end());
      for (number_column& column : of_.numbers)
        cut(column.values);
      for (std::size_t i = 0; i < texts_.size(); ++i) {
        cut(of_.texts[i].codes);
        of_.texts[i].texts.truncate(texts_[i]);
      }
      cut(of_.rows);
      cut(of_.slices);
      cut(of_.outcomes);
      cut(of_.weights);
      of_.ids.truncate(ids_);
      of_.slice_names.truncate(slice_names_);
    }
    void commit() noexcept { committed_ = true; }

  private:
    outcomes_data& of_;
    std::size_t rows_;
    std::uint32_t ids_;
    std::uint32_t slice_names_;
    std::size_t numbers_;
    std::vector<std::uint32_t> texts_;
    bool committed_ = false;
  };

  /// Takes in the rows of another one for which `keeps(row)`. A failure leaves what came: the caller has a
  /// transaction, or a store that nobody sees yet.
  template <class Keeps>
  void take_from(const outcomes_data& from, const Keeps& keeps) {
    std::vector<std::size_t> chosen;
    chosen.reserve(from.size());
    for (std::size_t row = 0; row < from.size(); ++row) {
      if (keeps(row))
        chosen.push_back(row);
    }
    refuse_too_many(chosen.size());
    std::vector<const number_column*> number_sources(numbers.size(), nullptr);
    for (const number_column& column : from.numbers) {
      const std::size_t at = number_place(column.label);
      number_sources.resize(numbers.size(), nullptr);
      number_sources[at] = &column;
    }
    std::vector<const text_column*> text_sources(texts.size(), nullptr);
    for (const text_column& column : from.texts) {
      const std::size_t at = text_place(column.label);
      text_sources.resize(texts.size(), nullptr);
      text_sources[at] = &column;
    }
    for (std::size_t i = 0; i < numbers.size(); ++i)
      append(numbers[i].values, chosen, number_sources[i] == nullptr ? nullptr : &number_sources[i]->values,
             no_number);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (text_sources[i] == nullptr)
        texts[i].codes.resize(texts[i].codes.size() + chosen.size(), id_pool::none);
      else
        append(texts[i].codes, texts[i].texts, chosen, text_sources[i]->codes, text_sources[i]->texts);
    }
    append(rows, ids, chosen, from.rows, from.ids);
    append(slices, slice_names, chosen, from.slices, from.slice_names);
    append(weights, chosen, &from.weights, 1.0);
    append(outcomes, chosen, &from.outcomes, no_number);
  }

  /// \throws error status::overflow where that many more rows could not be numbered
  void refuse_too_many(std::size_t more) const {
    if (more >= id_pool::none - size())
      throw error(status::overflow, "outcomes: more than 4294967294 rows cannot be kept");
  }

private:
  template <class Columns>
  static void refuse_both(const Columns& of_other_kind, const std::string& label) {
    if (std::any_of(of_other_kind.begin(), of_other_kind.end(),
                    [&](const auto& column) { return column.label == label; }))
      throw error(status::schema, "outcomes: " + label +
                                      " is both a column of characteristics (numbers) and one of categories "
                                      "(texts), but must be one of them");
  }
  template <class Columns, class Make>
  static std::size_t place(Columns& columns, const std::string& label, const Make& make) {
    const auto at = std::find_if(columns.begin(), columns.end(),
                                 [&](const auto& column) { return column.label == label; });
    if (at != columns.end())
      return static_cast<std::size_t>(at - columns.begin());
    columns.push_back(make());
    return columns.size() - 1;
  }
  static void append(std::vector<double>& to, const std::vector<std::size_t>& chosen,
                     const std::vector<double>* from, double missing) {
    const std::size_t first = to.size();
    to.resize(first + chosen.size(), missing);
    for (std::size_t k = 0; from != nullptr && k < chosen.size(); ++k)
      to[first + k] = (*from)[chosen[k]];
  }
  /// Appends numbers of one pool as those of another.
  static void append(std::vector<std::uint32_t>& to, id_pool& pool, const std::vector<std::size_t>& chosen,
                     const std::vector<std::uint32_t>& from, const id_pool& of) {
    std::vector<std::uint32_t> known(of.size(), id_pool::none);
    const std::size_t first = to.size();
    to.resize(first + chosen.size(), id_pool::none);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      const std::uint32_t text = from[chosen[k]];
      if (text == id_pool::none)
        continue;
      if (known[text] == id_pool::none)
        known[text] = pool.intern(id_pool::key_of(of[text]));
      to[first + k] = known[text];
    }
  }
};

} // namespace emptor::stats
