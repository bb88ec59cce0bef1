// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/stats/outcomes_data.hpp>
#include <emptor/stats/radix_sort.hpp>

namespace emptor::stats {

/// Texts as codes: places in their list, which is sorted by bytes. It lends the texts from the store.
struct coded_texts {
  static constexpr std::uint32_t none = id_pool::none; ///< the code of a row without a text

  std::vector<std::uint32_t> codes;
  std::vector<std::string_view> texts; ///< all that the store knows: of some no row may be left
};

/// In which order rows come: the canonical one costs a sort. Where only whole numbers are added up, any gives the same.
enum class row_order : std::uint8_t { canonical, any };

/// Rows of a store of outcomes in canonical order, which does not depend on what was pushed when: by id of the row, slice,
/// outcome and weight, then by each characteristic and category in the order of their labels; what is missing comes first.
/// Rows that do not differ in any of these have any order; who asks for `row_order::any` gets them as they were pushed. Each
/// column is made when it is asked for; texts are borrowed, so that the store must outlive it unchanged.
class outcome_rows {
public:
  /// \param chosen the rows, each once, in any order
  outcome_rows(const outcomes_data& of, std::vector<std::uint32_t> chosen,
               row_order order = row_order::canonical)
      : of_(&of)
      , order_(std::move(chosen)) {
    for (std::size_t i = 0; i < of.numbers.size(); ++i)
      columns_.push_back({of.numbers[i].label, i, false});
    for (std::size_t i = 0; i < of.texts.size(); ++i)
      columns_.push_back({of.texts[i].label, i, true});
    std::sort(columns_.begin(), columns_.end(),
              [](const named& left, const named& right) { return left.label < right.label; });
    if (order == row_order::canonical)
      sort();
  }

  [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }
  /// The rows by their numbers in the store.
  [[nodiscard]] const std::vector<std::uint32_t>& order() const noexcept { return order_; }

  /// These rows in canonical order.
  [[nodiscard]] outcome_rows in_canonical_order() const { return {*of_, order_}; }
  /// These rows without those whose outcome is not known.
  [[nodiscard]] outcome_rows with_outcome() const {
    return those([&](std::uint32_t row) { return !std::isnan(of_->outcomes[row]); });
  }
  /// Only those of these rows whose outcome is not known.
  [[nodiscard]] outcome_rows without_outcome() const {
    return those([&](std::uint32_t row) { return std::isnan(of_->outcomes[row]); });
  }
  /// Those of these rows that belong to a slice. \throws error status::unknown_name where the store has no such slice
  [[nodiscard]] outcome_rows in_slice(std::string_view where, std::string_view slice) const {
    const std::uint32_t wanted = of_->slice_names.find(id_pool::key_of(slice));
    if (wanted == id_pool::none) {
      std::vector<std::string_view> known;
      for (std::uint32_t i = 0; i < of_->slice_names.size(); ++i)
        known.push_back(of_->slice_names[i]);
      std::sort(known.begin(), known.end());
      throw unknown_name(where, "slice", slice, known);
    }
    return those([&](std::uint32_t row) { return of_->slices[row] == wanted; });
  }

  /// NaN where it is not known.
  [[nodiscard]] std::vector<double> outcomes() const { return gathered(of_->outcomes); }
  [[nodiscard]] std::vector<double> weights() const { return gathered(of_->weights); }
  [[nodiscard]] coded_texts ids() const { return coded(of_->ids, of_->rows); }
  [[nodiscard]] coded_texts slices() const { return coded(of_->slice_names, of_->slices); }

  /// The labels of all characteristics and categories, sorted by bytes.
  [[nodiscard]] std::vector<std::string_view> labels() const {
    std::vector<std::string_view> made;
    for (const named& one : columns_)
      made.push_back(one.label);
    return made;
  }
  [[nodiscard]] bool has(std::string_view label) const noexcept { return find(label) != nullptr; }
  /// Whether a label names a category, whose values are texts. \throws error as `numbers`
  [[nodiscard]] bool is_category(std::string_view where, std::string_view label) const {
    return at(where, label).text;
  }
  /// A characteristic; NaN where it is missing.
  /// \param where begins every message
  /// \throws error status::unknown_name where there is no such label, status::schema where it names a category
  [[nodiscard]] std::vector<double> numbers(std::string_view where, std::string_view label) const {
    return gathered(of_->numbers[number_at(where, label)].values);
  }
  /// What `code_of` makes of each value of a characteristic, as a `Code`. These rows jump about in the store, and there is
  /// less to jump about in where all its values have become codes before. \throws error as `numbers`
  template <class Code, class CodeOf>
  [[nodiscard]] std::vector<std::uint32_t> codes(std::string_view where, std::string_view label,
                                                 const CodeOf& code_of) const {
    const std::vector<double>& values = of_->numbers[number_at(where, label)].values;
    std::vector<std::uint32_t> made(order_.size());
    if (order_.size() < values.size() / 4) { // few of them
      for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = code_of(values[order_[i]]);
      return made;
    }
    std::vector<Code> known(values.size());
    for (std::size_t row = 0; row < known.size(); ++row)
      known[row] = code_of(values[row]);
    for (std::size_t i = 0; i < made.size(); ++i)
      made[i] = known[order_[i]];
    return made;
  }
  /// A category. \throws error status::unknown_name where there is no such label, status::schema where it names a
  /// characteristic in numbers
  [[nodiscard]] coded_texts texts(std::string_view where, std::string_view label) const {
    const named& wanted = at(where, label);
    if (!wanted.text)
      throw error(status::schema, std::string(where) + ": " + shortened(label) +
                                      " is a characteristic in numbers, but must be a category");
    const outcomes_data::text_column& column = of_->texts[wanted.place];
    return coded(column.texts, column.codes);
  }

private:
  struct named {
    std::string_view label;
    std::size_t place = 0;
    bool text = false;
  };
  struct keyed {
    std::uint64_t key = 0;
    std::uint32_t row = 0;
  };
  struct stretch {
    std::size_t first = 0;
    std::size_t size = 0;
  };

  [[nodiscard]] const named* find(std::string_view label) const noexcept {
    const auto at =
        std::lower_bound(columns_.begin(), columns_.end(), label,
                         [](const named& one, std::string_view wanted) { return one.label < wanted; });
    return at == columns_.end() || at->label != label ? nullptr : &*at;
  }
  [[nodiscard]] const named& at(std::string_view where, std::string_view label) const {
    if (const named* found = find(label))
      return *found;
    throw unknown_name(where, "characteristic", label, labels());
  }
  [[nodiscard]] std::size_t number_at(std::string_view where, std::string_view label) const {
    const named& wanted = at(where, label);
    if (wanted.text)
      throw error(status::schema, std::string(where) + ": " + shortened(label) +
                                      " is a category, but must be a characteristic in numbers");
    return wanted.place;
  }
  template <class Keeps>
  [[nodiscard]] outcome_rows those(const Keeps& keeps) const {
    outcome_rows fewer(*this);
    fewer.order_.erase(std::remove_if(fewer.order_.begin(), fewer.order_.end(),
                                      [&](std::uint32_t row) { return !keeps(row); }),
                       fewer.order_.end());
    return fewer;
  }
  [[nodiscard]] std::vector<double> gathered(const std::vector<double>& values) const {
    std::vector<double> made(order_.size());
    for (std::size_t i = 0; i < made.size(); ++i)
      made[i] = values[order_[i]];
    return made;
  }
  /// The place of each text of a pool among all of them, sorted by bytes.
  [[nodiscard]] static std::vector<std::uint32_t> ranks(const std::vector<std::uint32_t>& sorted) {
    std::vector<std::uint32_t> rank(sorted.size());
    for (std::uint32_t place = 0; place < sorted.size(); ++place)
      rank[sorted[place]] = place;
    return rank;
  }
  [[nodiscard]] coded_texts coded(const id_pool& pool, const std::vector<std::uint32_t>& codes) const {
    const std::vector<std::uint32_t> sorted = pool.sorted();
    const std::vector<std::uint32_t> rank = ranks(sorted);
    coded_texts made;
    made.texts.reserve(sorted.size());
    for (const std::uint32_t text : sorted)
      made.texts.push_back(pool[text]);
    made.codes.resize(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::uint32_t code = codes[order_[i]];
      made.codes[i] = code == id_pool::none ? coded_texts::none : rank[code];
    }
    return made;
  }

  /// A number that compares as a double does; 0 for NaN.
  [[nodiscard]] static std::uint64_t ordered(double value) noexcept {
    if (std::isnan(value))
      return 0;
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits & sign) != 0 ? ~bits : bits | sign;
  }
  /// Column by column, each sorts only the rows that no column before told apart.
  void sort() {
    std::vector<keyed> rows(order_.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i].row = order_[i];
    std::vector<stretch> equal;
    if (rows.size() > 1)
      equal.push_back({0, rows.size()});
    std::vector<keyed> room;
    const auto by_numbers = [&](const std::vector<double>& values) {
      refine(rows, equal, room, [&](std::uint32_t row) { return ordered(values[row]); });
    };
    const auto by_texts = [&](const id_pool& pool, const std::vector<std::uint32_t>& codes) {
      if (equal.empty())
        return;
      const std::vector<std::uint32_t> rank = ranks(pool.sorted());
      refine(rows, equal, room, [&](std::uint32_t row) {
        return codes[row] == id_pool::none ? std::uint64_t{0} : std::uint64_t{rank[codes[row]]} + 1;
      });
    };
    by_texts(of_->ids, of_->rows);
    by_texts(of_->slice_names, of_->slices);
    by_numbers(of_->outcomes);
    by_numbers(of_->weights);
    for (const named& one : columns_) {
      if (one.text)
        by_texts(of_->texts[one.place].texts, of_->texts[one.place].codes);
      else
        by_numbers(of_->numbers[one.place].values);
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
      order_[i] = rows[i].row;
  }
  /// \param equal stretches of rows that are equal so far; what comes back are those that still are
  template <class Key>
  static void refine(std::vector<keyed>& rows, std::vector<stretch>& equal, std::vector<keyed>& room,
                     const Key& key_of) {
    std::vector<stretch> left;
    for (const stretch& together : equal) {
      const std::span<keyed> part = std::span(rows).subspan(together.first, together.size);
      for (keyed& one : part)
        one.key = key_of(one.row);
      constexpr std::size_t few = 2048; // below it the counts of a radix sort cost more than they save
      if (part.size() < few)
        std::sort(part.begin(), part.end(),
                  [](const keyed& one, const keyed& other) { return one.key < other.key; });
      else
        radix_sort(
            part, [](const keyed& one) { return one.key; }, room);
      for (std::size_t first = 0; first < part.size();) {
        std::size_t last = first + 1;
        while (last < part.size() && part[last].key == part[first].key)
          ++last;
        if (last - first > 1)
          left.push_back({together.first + first, last - first});
        first = last;
      }
    }
    equal = std::move(left);
  }

  const outcomes_data* of_;
  std::vector<named> columns_; ///< by label
  std::vector<std::uint32_t> order_;
};

} // namespace emptor::stats
