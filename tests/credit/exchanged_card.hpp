// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>

#include "credit/scorecard_rows.hpp"
#include "support/random.hpp"

/// Scorecards that are hard to say in another language, and rows at all their edges.
namespace exchanged_card {

using namespace emptor;

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct member {
  credit::bin_member what;
  std::string level;
  double code;
  std::int64_t bin;
};

struct characteristic {
  std::string label;
  bool numeric = true;
  std::vector<double> cuts;
  std::vector<member> members;
  std::vector<double> points; ///< of its bins
  std::vector<double> log_odds;
  std::vector<std::string> reasons;
  double baseline = none;
  std::size_t intervals = 0;

  [[nodiscard]] std::vector<double> numbers() const {
    std::vector<double> probes{none,
                               0.0,
                               -0.0,
                               1.0,
                               -1e308,
                               5e-324,
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()};
    const auto around = [&](double at) {
      probes.push_back(at);
      probes.push_back(std::nextafter(at, -std::numeric_limits<double>::infinity()));
      probes.push_back(std::nextafter(at, std::numeric_limits<double>::infinity()));
    };
    for (const double cut : cuts)
      around(cut);
    for (const member& one : members) {
      if (one.what == credit::bin_member::special)
        around(one.code);
    }
    return probes;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> probes{"", "nobody knows", " ", "'"};
    for (const member& one : members) {
      if (one.what != credit::bin_member::level)
        continue;
      probes.push_back(one.level);
      probes.push_back(one.level + " ");
      probes.push_back(one.level.substr(0, one.level.size() - 1));
    }
    return probes;
  }
};

inline const std::vector<std::string> hostile{"a\"b",
                                              "x'); DROP TABLE t; --",
                                              "two\nlines",
                                              "]]><!--",
                                              "*/ int main() {} /*",
                                              "?\?/",
                                              "\\",
                                              "\"",
                                              "'",
                                              "%s%n",
                                              "&amp;<b>",
                                              "\xE5\xB9\xB4\xE9\xBE\x84",
                                              "-- \t\r",
                                              "a",
                                              "NULL",
                                              "score",
                                              std::string(1200, '?')};

struct card {
  std::vector<characteristic> all;
  double base = 0.0;
  double intercept = none;
  double offset = none;
  double factor = none;
  credit::score_direction direction = credit::score_direction::safer;
  bool right = false;

  [[nodiscard]] model made() const {
    described_table bins(credit::scorecard_model_tables[0], 0);
    described_table members(credit::scorecard_model_tables[1], 0);
    described_table named(credit::scorecard_model_tables[2], 0);
    described_table scale(credit::scorecard_model_tables[3], 0);
    for (const characteristic& one : all) {
      for (std::size_t b = 0; b < one.points.size(); ++b) {
        const bool interval = one.numeric && b < one.intervals;
        bins.text(one.label)
            .whole(static_cast<std::int64_t>(b + 1))
            .level(interval      ? credit::bin_kind::interval
                   : one.numeric ? credit::bin_kind::special
                                 : credit::bin_kind::levels)
            .number(interval && b > 0 ? one.cuts[b - 1] : none)
            .number(interval && b < one.cuts.size() ? one.cuts[b] : none)
            .text("bin")
            .number(one.points[b])
            .number(one.log_odds.empty() ? none : one.log_odds[b]);
        if (one.reasons[b].empty())
          bins.no_text();
        else
          bins.text(one.reasons[b]);
        bins.number(none);
      }
      for (const member& held : one.members) {
        members.text(one.label).level(held.what);
        if (held.level.empty())
          members.no_text();
        else
          members.text(held.level);
        members.number(held.code).whole(held.bin);
      }
      named.text(one.label).no_text().number(one.baseline);
    }
    scale.number(base).level(direction).number(intercept).number(offset).number(factor);
    model of;
    of.entry = credit::scorecard_name;
    of.options.push_back({"closed", right ? "right" : "left"});
    of.tables.push_back(std::move(bins).made());
    of.tables.push_back(std::move(members).made());
    of.tables.push_back(std::move(named).made());
    of.tables.push_back(std::move(scale).made());
    credit::scorecard_entry.check_model(of);
    return of;
  }
};

/// \param names  of characteristics, levels and reasons
[[nodiscard]] inline card random_card(std::uint64_t seed, const std::vector<std::string>& names) {
  test::draws draw(seed);
  const auto number = [&]() {
    const double whole = static_cast<double>(draw.below(2000001)) - 1000000.0;
    switch (draw.below(4)) {
    case 0:
      return std::floor(whole / 10000.0);
    case 1:
      return whole / 100.0;
    case 2:
      return whole / 3.0;
    default:
      return std::ldexp(whole / 7.0, static_cast<int>(draw.below(120)) - 60);
    }
  };
  card made;
  made.right = draw.below(2) == 1;
  made.direction = draw.below(2) == 1 ? credit::score_direction::riskier : credit::score_direction::safer;
  made.base = std::fabs(number()) < 1e6 ? 448.7232453946431 : 449.0;
  const bool odds = draw.below(2) == 1;
  if (odds)
    made.intercept = -0.8472978603872037;
  if (odds || draw.below(2) == 1) {
    made.offset = 387.6036243278207;
    made.factor = 72.13475204444818;
  }
  const bool whole_points = draw.below(2) == 1;
  const std::size_t count = 1 + draw.below(5);
  std::vector<std::string> labels = names;
  draw.shuffle(labels);
  for (std::size_t i = 0; i < count; ++i) {
    characteristic one;
    one.label = labels[i];
    one.numeric = draw.below(3) > 0;
    std::size_t bins = 2 + draw.below(4);
    if (one.numeric) {
      const std::size_t cuts = draw.below(6);
      for (std::size_t k = 0; k < cuts; ++k)
        one.cuts.push_back(number() + 0.0);
      std::sort(one.cuts.begin(), one.cuts.end());
      one.cuts.erase(std::unique(one.cuts.begin(), one.cuts.end()), one.cuts.end());
      one.intervals = one.cuts.size() + 1;
      bins = one.intervals + draw.below(3);
      if (draw.below(8) == 0) { // special codes alone
        one.cuts.clear();
        one.intervals = 0;
        bins = 2;
      }
      const auto any_bin = [&]() { return static_cast<std::int64_t>(1 + draw.below(bins)); };
      std::vector<double> codes{-9.0, 0.0, 0.1 + 0.2, number() + 0.0};
      if (!one.cuts.empty())
        codes.push_back(one.cuts.front());
      std::sort(codes.begin(), codes.end());
      codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
      for (const double code : codes) {
        if (draw.below(2) == 1)
          one.members.push_back({credit::bin_member::special, "", code, any_bin()});
      }
      if (draw.below(3) > 0)
        one.members.push_back({credit::bin_member::missing, "", none, any_bin()});
    } else {
      std::vector<std::string> levels = names;
      draw.shuffle(levels);
      levels.resize(1 + draw.below(levels.size() - 1));
      const auto any_bin = [&]() { return static_cast<std::int64_t>(1 + draw.below(bins)); };
      for (const std::string& level : levels)
        one.members.push_back({credit::bin_member::level, level, none, any_bin()});
      if (draw.below(2) == 1)
        one.members.push_back({credit::bin_member::missing, "", none, any_bin()});
      if (draw.below(2) == 1)
        one.members.push_back({credit::bin_member::unknown, "", none, any_bin()});
    }
    for (std::size_t b = 0; b < bins; ++b) {
      const double value = static_cast<double>(draw.below(20001)) - 10000.0;
      one.points.push_back(whole_points ? std::floor(value / 100.0) : value / 77.0);
      if (odds)
        one.log_odds.push_back(value / 5000.0);
      one.reasons.push_back(draw.below(3) == 0 ? labels[draw.below(labels.size())] : "");
    }
    if (draw.below(2) == 1)
      one.baseline = one.points[0] + 10.5;
    made.all.push_back(std::move(one));
  }
  return made;
}

/// Every edge of every characteristic, with whatever of the others.
struct probes {
  std::vector<std::vector<double>> numbers;    ///< by characteristic; empty of a text
  std::vector<std::vector<std::string>> texts; ///< and the other way round
  std::size_t rows = 0;

  explicit probes(const card& of, std::uint64_t seed = 5) {
    test::draws draw(seed);
    numbers.resize(of.all.size());
    texts.resize(of.all.size());
    for (std::size_t i = 0; i < of.all.size(); ++i) {
      const std::size_t edges = of.all[i].numeric ? of.all[i].numbers().size() : of.all[i].texts().size();
      for (std::size_t edge = 0; edge < edges; ++edge, ++rows) {
        for (std::size_t j = 0; j < of.all.size(); ++j) {
          if (of.all[j].numeric) {
            const std::vector<double> known = of.all[j].numbers();
            numbers[j].push_back(known[i == j ? edge : draw.below(known.size())]);
          } else {
            const std::vector<std::string> known = of.all[j].texts();
            texts[j].push_back(known[i == j ? edge : draw.below(known.size())]);
          }
        }
      }
    }
  }

  [[nodiscard]] table as_table(const card& of) const {
    table made("rows");
    for (std::size_t i = 0; i < of.all.size(); ++i) {
      if (of.all[i].numeric) {
        made.add(column::numbers("characteristics:" + of.all[i].label, numbers[i]));
        continue;
      }
      text_buffer buffer;
      for (const std::string& text : texts[i])
        buffer.push_back(text);
      made.add(column::texts("categories:" + of.all[i].label, buffer));
    }
    return made;
  }
};

/// Whether `found` is bit for bit the score of the row, or nothing where it has none.
[[nodiscard]] inline bool same_score(const scorecard_rows::scored& expected, std::size_t row, bool there,
                                     double found) {
  if (expected.statuses[row] != row_status::ok)
    return !there;
  return there && found == expected.outputs[0][row];
}

} // namespace exchanged_card
