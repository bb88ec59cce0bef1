// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <emptor/stats/rating_history.hpp>

#include "stats/store_rows.hpp"
#include "support/random.hpp"

/// Rows for a rating history, as the tests write them down.
namespace rating_rows {

using store_rows::push;
using store_rows::pushed;
using store_rows::texts;

struct rating {
  std::string customer;
  std::string date; ///< ISO
  std::string grade;
  std::optional<double> score{};
  std::int64_t revision = 0;
  bool withdrawn = false;
  std::string source{}; ///< empty = none
};

struct fact {
  std::string customer;
  std::string name;
  std::string date;
  std::string value; ///< empty = none
  std::int64_t revision = 0;
  bool withdrawn = false;
  std::string source{};
};

[[nodiscard]] inline std::int32_t day(const std::string& text) {
  const std::optional<emptor::date> read = emptor::parse_date(text);
  return read ? emptor::days_since_epoch(*read) : 3000000; // one that no calendar has
}

template <class Row>
void add_common(emptor::table& to, std::span<const Row> rows) {
  std::vector<std::int32_t> dates;
  std::vector<std::int64_t> revisions;
  std::vector<std::uint8_t> withdrawn;
  for (const Row& row : rows) {
    dates.push_back(day(row.date));
    revisions.push_back(row.revision);
    withdrawn.push_back(row.withdrawn ? 1 : 0);
  }
  to.add(texts(rows, "customer", [](const Row& row) { return row.customer; }));
  to.add(texts(rows, "source", [](const Row& row) { return row.source; }));
  to.add(emptor::column::days("date", dates));
  to.add(emptor::column::integers("revision", revisions));
  to.add(emptor::column::booleans("withdrawn", withdrawn));
}

[[nodiscard]] inline emptor::table table_of(std::span<const rating> rows) {
  emptor::table made("ratings");
  add_common(made, rows);
  made.add(texts(rows, "grade", [](const rating& row) { return row.grade; }));
  std::vector<double> scores;
  for (const rating& row : rows)
    scores.push_back(row.score.value_or(0.0));
  emptor::column score = emptor::column::numbers("score", scores);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].score)
      score.set_missing(static_cast<std::int64_t>(i));
  }
  made.add(std::move(score));
  return made;
}

[[nodiscard]] inline emptor::table table_of(std::span<const fact> rows) {
  emptor::table made("facts");
  add_common(made, rows);
  made.add(texts(rows, "fact", [](const fact& row) { return row.name; }));
  made.add(texts(rows, "value", [](const fact& row) { return row.value; }));
  return made;
}

inline pushed push(emptor::store& into, const std::vector<rating>& rows, bool strict = false) {
  return push(into, table_of(rows), strict);
}
inline pushed push(emptor::store& into, const std::vector<fact>& rows, bool strict = false) {
  return push(into, table_of(rows), strict);
}

/// A random history: revisions in any order, repeats, conflicts, rows that are withdrawn and come again.
struct random_rows {
  std::vector<rating> ratings;
  std::vector<fact> facts;

  random_rows(std::uint64_t seed, std::size_t rows) {
    emptor::test::draws draw(seed);
    const auto below = [&draw](std::size_t limit) { return static_cast<std::size_t>(draw.below(limit)); };
    const char* const grades[] = {"A", "B", "C", "D"};
    const char* const names[] = {"accounts", "owner", "bank", "7", "visit"};
    const auto date = [&] {
      return emptor::to_string(emptor::date_from_days(20000 + static_cast<std::int32_t>(below(60))));
    };
    for (std::size_t i = 0; i < rows; ++i) {
      rating one{.customer = "C" + std::to_string(below(rows / 10 + 2)),
                 .date = date(),
                 .grade = grades[below(4)],
                 .revision = static_cast<std::int64_t>(below(3)),
                 .withdrawn = below(8) == 0,
                 .source = below(2) == 0 ? "" : "scorecard"};
      if (below(3) != 0)
        one.score = static_cast<double>(below(5)) - 0.25;
      ratings.push_back(one);
      if (below(5) == 0)
        ratings.push_back(one);
      facts.push_back({.customer = "C" + std::to_string(below(rows / 10 + 2)),
                       .name = names[below(5)],
                       .date = date(),
                       .value = below(6) == 0 ? "" : "v" + std::to_string(below(3)),
                       .revision = static_cast<std::int64_t>(below(3)),
                       .withdrawn = below(8) == 0});
    }
  }
  /// A store that got these rows shuffled, in pieces, and over some stores that then merged.
  [[nodiscard]] emptor::stats::rating_history in_pieces(std::uint64_t seed, std::uint64_t most) const {
    emptor::test::draws draw(seed);
    std::vector<emptor::table> pieces;
    const auto cut = [&](auto rows) {
      draw.shuffle(rows);
      store_rows::for_each_piece(rows, most, draw, [&](auto piece) { pieces.push_back(table_of(piece)); });
    };
    cut(ratings);
    cut(facts);
    return store_rows::merged<emptor::stats::rating_history>(std::move(pieces), 5, draw);
  }
};

} // namespace rating_rows
