// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>

namespace emptor {

/// Makes a table as its description says, cell by cell and row by row, in the order of the columns. A number that is NaN and
/// an amount or count that is `no_amount` are no value; only columns that the description calls optional may have none.
class described_table {
public:
  /// \param decimals of its money
  described_table(const table_description& described, int decimals)
      : described_(&described)
      , decimals_(decimals)
      , cells_(described.columns.size())
      , missing_(described.columns.size()) {
    for (std::size_t i = 0; i < cells_.size(); ++i)
      cells_[i] = empty(described.columns[i].what);
  }

  described_table& text(std::string_view value) {
    std::get<text_buffer>(cells_[next()]).push_back(value);
    return *this;
  }
  described_table& number(double value) {
    std::get<std::vector<double>>(cells_[next()]).push_back(value + 0.0); // one zero only
    return *this;
  }
  /// An amount in minor units, or a count.
  described_table& whole(std::int64_t value) {
    std::get<std::vector<std::int64_t>>(cells_[next()]).push_back(value);
    return *this;
  }
  /// A class by its place among the levels; -1 = none.
  described_table& code(std::int32_t value) {
    std::get<std::vector<std::int32_t>>(cells_[next()]).push_back(value);
    return *this;
  }
  template <class Level>
  described_table& level(Level value) {
    return code(static_cast<std::int32_t>(value));
  }
  described_table& day(std::int32_t value) { return code(value); }
  described_table& truth(bool value) {
    std::get<std::vector<std::uint8_t>>(cells_[next()]).push_back(value ? 1 : 0);
    return *this;
  }
  /// A text that there is none of.
  described_table& no_text() {
    missing_[next_].push_back(std::get<text_buffer>(cells_[next_]).size());
    return text({});
  }

  /// \throws error status::internal where the last row has not all of its cells
  [[nodiscard]] table made() && {
    if (next_ != 0)
      throw error(status::internal, "table " + std::string(described_->name) + " ends inside of a row");
    table all{std::string(described_->name)};
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const column_description& one = described_->columns[i];
      column held(std::string(one.name), natural_dtype(one.what), std::move(cells_[i]),
                  one.what == content::amount ? std::string() : std::string(one.unit),
                  one.what == content::amount ? decimals_ : 0);
      if (one.what == content::code)
        held.set_levels({one.levels.begin(), one.levels.end()});
      for (const std::int64_t row : missing_[i])
        held.set_missing(row);
      all.add(one.optional ? std::move(held).or_none() : std::move(held));
    }
    return all;
  }

private:
  [[nodiscard]] static column::storage empty(content what) {
    switch (what) {
    case content::number:
      return std::vector<double>();
    case content::count:
    case content::amount:
      return std::vector<std::int64_t>();
    case content::day:
    case content::code:
      return std::vector<std::int32_t>();
    case content::boolean:
      return std::vector<std::uint8_t>();
    case content::text:
    case content::id:
      break;
    }
    return text_buffer();
  }
  std::size_t next() noexcept {
    const std::size_t at = next_;
    next_ = next_ + 1 == cells_.size() ? 0 : next_ + 1;
    return at;
  }

  const table_description* described_;
  int decimals_;
  std::vector<column::storage> cells_;
  std::vector<std::vector<std::int64_t>> missing_; ///< rows without a text
  std::size_t next_ = 0;
};

} // namespace emptor
