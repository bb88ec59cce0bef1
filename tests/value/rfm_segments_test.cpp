// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <emptor/value/rfm_segments_entry.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::rfm_segments_test {
namespace {

using emptor::test::code_of;
using emptor::test::draws;

constexpr rfm_bounds any{};

std::string refusal_of(std::int64_t groups, const std::vector<rfm_rule>& rules) {
  std::string text;
  EXPECT_EQ(code_of([&] { return rfm_segmentation(groups, rules); }, &text), status::data);
  return text;
}

/// The cells of the cube, from 111 on.
std::vector<rfm_cell> cells_of(std::int64_t groups) {
  std::vector<rfm_cell> made;
  for (std::int64_t r = 1; r <= groups; ++r) {
    for (std::int64_t f = 1; f <= groups; ++f) {
      for (std::int64_t m = 1; m <= groups; ++m)
        made.push_back({r, f, m});
    }
  }
  return made;
}

TEST(rfm_segments, cells_have_places_in_the_order_of_their_digits) {
  for (std::int64_t groups = 1; groups <= most_rfm_groups; ++groups) {
    const std::vector<rfm_cell> cells = cells_of(groups);
    const std::vector<std::string> texts = cell_texts(groups);
    ASSERT_EQ(texts.size(), cells.size());
    EXPECT_TRUE(std::is_sorted(texts.begin(), texts.end()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      EXPECT_EQ(place_of(cells[i], groups), i);
      EXPECT_EQ(cell_at(i, groups), cells[i]);
      EXPECT_EQ(texts[i], cell_text(cells[i]));
    }
  }
}

TEST(rfm_segments, a_gap_is_refused_with_a_cell_that_shows_it) {
  EXPECT_EQ(refusal_of(3, {{"high", {2, 3}, any, any, any}, {"low", {1, 1}, {2, 3}, any, any}}),
            "value.rfm_segments: cell 111 is in no segment, but every cell from 111 to 333 must be in one");
  EXPECT_EQ(refusal_of(5, {{"low", any, any, any, {1, 2}}, {"high", any, any, any, {3, 5}}}),
            "value.rfm_segments: cell 114 is in no segment, but every cell from 111 to 555 must be in one")
      << "a mean of 2.5 lies between the two";
}

TEST(rfm_segments, an_overlap_is_refused_with_both_names) {
  EXPECT_EQ(refusal_of(3, {{"all", any, any, any, any}, {"best", {3, 3}, {3, 3}, any, any}}),
            "value.rfm_segments: cell 331 is in all and in best, but must be in one segment");
  // The same name twice contradicts nothing.
  EXPECT_EQ(rfm_segmentation(3, {{"all", any, any, any, any}, {"all", {3, 3}, any, any, any}}).segments(),
            (std::vector<std::string>{"all"}));
}

TEST(rfm_segments, random_rules_are_a_partition_or_are_refused) {
  draws draw(41);
  std::size_t taken = 0;
  std::size_t refused = 0;
  for (std::size_t round = 0; round < 3000; ++round) {
    const auto groups = static_cast<std::int64_t>(1 + draw.below(4));
    // Boxes that cut the cube along one side after another, of which some then move a side.
    struct box {
      std::array<std::int64_t, 3> low;
      std::array<std::int64_t, 3> high;
    };
    std::vector<box> boxes{{{1, 1, 1}, {groups, groups, groups}}};
    for (std::uint64_t cuts = draw.below(5); cuts > 0; --cuts) {
      const std::size_t which = draw.below(boxes.size());
      const std::size_t side = draw.below(3);
      box& lower = boxes[which];
      if (lower.low[side] == lower.high[side])
        continue;
      box upper = lower;
      lower.high[side] =
          lower.low[side] + static_cast<std::int64_t>(
                                draw.below(static_cast<std::uint64_t>(lower.high[side] - lower.low[side])));
      upper.low[side] = lower.high[side] + 1;
      boxes.push_back(upper);
    }
    if (draw.below(2) == 0) {
      box& moved = boxes[draw.below(boxes.size())];
      const std::size_t side = draw.below(3);
      (draw.below(2) == 0 ? moved.low[side] : moved.high[side]) += draw.below(2) == 0 ? 1 : -1;
    }
    std::vector<rfm_rule> rules;
    for (const box& one : boxes) {
      const auto bounds = [&](std::size_t side) {
        return rfm_bounds{static_cast<double>(one.low[side]), static_cast<double>(one.high[side])};
      };
      rules.push_back(
          {"s" + std::to_string(draw.below(1 + boxes.size())), bounds(0), bounds(1), bounds(2), any});
    }
    draw.shuffle(rules);
    // Which names each cell has, by looking.
    bool fine = true;
    std::map<std::string, std::string> name_of;
    for (const rfm_cell& cell : cells_of(groups)) {
      std::set<std::string> names;
      for (const rfm_rule& rule : rules) {
        const auto within = [](std::int64_t score, const rfm_bounds& of) {
          return !(static_cast<double>(score) < of.low) && !(static_cast<double>(score) > of.high);
        };
        if (within(cell.recency, rule.recency) && within(cell.frequency, rule.frequency) &&
            within(cell.monetary, rule.monetary))
          names.insert(rule.segment);
      }
      fine = fine && names.size() == 1;
      if (names.size() == 1)
        name_of[cell_text(cell)] = *names.begin();
    }
    if (!fine) {
      EXPECT_EQ(code_of([&] { return rfm_segmentation(groups, rules); }), status::data);
      ++refused;
      continue;
    }
    const rfm_segmentation made(groups, rules);
    for (const rfm_cell& cell : cells_of(groups))
      EXPECT_EQ(made.segments()[static_cast<std::size_t>(made.segment_of(cell))], name_of[cell_text(cell)]);
    ++taken;
  }
  EXPECT_GT(taken, 500U);
  EXPECT_GT(refused, 500U);
}

TEST(rfm_segments, every_preset_names_every_cell_once) {
  EXPECT_EQ(make_rfm_preset(rfm_preset::eleven, 5).segments().size(), 11U);
  EXPECT_EQ(make_rfm_preset(rfm_preset::ten, 5).segments().size(), 10U);
  for (std::int64_t groups = 1; groups <= most_rfm_groups; ++groups)
    EXPECT_EQ(make_rfm_preset(rfm_preset::eight, groups).segments().size(), 8U) << groups;
  EXPECT_EQ(code_of([] { return make_rfm_preset(rfm_preset::eleven, 4); }), status::option);
  EXPECT_EQ(code_of([] { return make_rfm_preset(rfm_preset::ten, 6); }), status::option);
  // Each name of the presets of five groups has a cell.
  for (const rfm_preset which : {rfm_preset::eleven, rfm_preset::ten, rfm_preset::eight}) {
    const rfm_segmentation made = make_rfm_preset(which, 5);
    std::set<std::int32_t> used;
    for (const rfm_cell& cell : cells_of(5))
      used.insert(made.segment_of(cell));
    EXPECT_EQ(used.size(), made.segments().size());
  }
}

TEST(rfm_segments, the_eleven_depend_on_recency_and_the_mean_of_the_others_alone) {
  const rfm_segmentation made = make_rfm_preset(rfm_preset::eleven, 5);
  std::map<std::pair<std::int64_t, std::int64_t>, std::int32_t> known;
  for (const rfm_cell& cell : cells_of(5)) {
    const auto [at, fresh] =
        known.insert({{cell.recency, cell.frequency + cell.monetary}, made.segment_of(cell)});
    EXPECT_EQ(at->second, made.segment_of(cell)) << fresh;
  }
  const auto name = [&](const rfm_cell& cell) {
    return made.segments()[static_cast<std::size_t>(made.segment_of(cell))];
  };
  EXPECT_EQ(name({5, 5, 5}), "champions");
  EXPECT_EQ(name({5, 1, 1}), "new_customers");
  EXPECT_EQ(name({1, 5, 5}), "cannot_lose_them");
  EXPECT_EQ(name({1, 1, 1}), "lost");
}

TEST(rfm_segments, the_eight_call_high_what_is_above_the_middle) {
  const rfm_segmentation made = make_rfm_preset(rfm_preset::eight, 5);
  const auto name = [&](const rfm_cell& cell) {
    return made.segments()[static_cast<std::size_t>(made.segment_of(cell))];
  };
  EXPECT_EQ(name({4, 4, 4}), "important_value");
  EXPECT_EQ(name({4, 3, 5}), "important_develop");
  EXPECT_EQ(name({3, 4, 4}), "important_keep");
  EXPECT_EQ(name({1, 3, 4}), "important_win_back");
  EXPECT_EQ(name({5, 5, 3}), "ordinary_value");
  EXPECT_EQ(name({4, 1, 1}), "ordinary_develop");
  EXPECT_EQ(name({3, 4, 3}), "ordinary_keep");
  EXPECT_EQ(name({3, 3, 3}), "ordinary_win_back");
}

table rules_of(const std::vector<std::string>& names, const std::vector<double>& low,
               const std::vector<double>& high) {
  text_buffer segments;
  for (const std::string& name : names)
    segments.push_back(name);
  return {"rules",
          {column::texts("segment", std::move(segments)), column::numbers("r_low", low).or_none(),
           column::numbers("r_high", high).or_none()}};
}

TEST(rfm_segments, of_a_table_are_read_back_as_they_were) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const model two{std::string(rfm_segments_name),
                  {{"groups", "4"}},
                  {rules_of({"old", "new"}, {none, 3}, {2, none})},
                  ""};
  const rfm_segmentation made = read_rfm_segments(two);
  EXPECT_EQ(made.groups(), 4);
  EXPECT_EQ(made.segment_of({2, 4, 4}), 0);
  EXPECT_EQ(made.segment_of({3, 1, 1}), 1);
  for (const rfm_preset which : {rfm_preset::eleven, rfm_preset::ten, rfm_preset::eight}) {
    const rfm_segmentation preset = make_rfm_preset(which, 5);
    const model held{std::string(rfm_segments_name), {{"groups", "5"}}, {to_table(preset)}, ""};
    const rfm_segmentation again = read_rfm_segments(held);
    EXPECT_EQ(again.segments(), preset.segments());
    for (const rfm_cell& cell : cells_of(5))
      EXPECT_EQ(again.segment_of(cell), preset.segment_of(cell));
  }
}

TEST(rfm_segments, tables_that_are_no_rules_are_refused) {
  const auto read = [](const table& rules) {
    return code_of([&] {
      return read_rfm_segments({std::string(rfm_segments_name), {{"groups", "3"}}, {rules}, ""});
    });
  };
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(read(rules_of({}, {}, {})), status::too_few);
  EXPECT_EQ(read(rules_of({"a"}, {3}, {1})), status::data) << "high below low";
  EXPECT_EQ(read(rules_of({""}, {none}, {none})), status::data) << "a segment without a name";
  EXPECT_EQ(read(rules_of({"a"}, {none}, {none})), status::ok);
}

} // namespace
} // namespace emptor::value::rfm_segments_test
