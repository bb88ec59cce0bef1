// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/satisfaction/reliability_block.hpp>
#include <emptor/satisfaction/reliability_description.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.reliability` from the catalogue's side.
namespace emptor::satisfaction {

/// What a block may have: all pairs are looked at.
inline constexpr std::size_t most_block_items = 500;

/// A block and its items, without answers.
struct item_block {
  std::string name;
  std::vector<block_item> items;
};

/// The blocks of a table, in its order.
/// \throws error status::data for an item that is twice in a block, status::schema for none, status::unsupported for too many
[[nodiscard]] inline std::vector<item_block> read_blocks(const model& from) {
  const model_table given(reliability_name, &from, "blocks");
  std::vector<item_block> made;
  std::map<std::string, std::size_t, std::less<>> places;
  std::set<std::pair<std::size_t, std::string>> known;
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    const std::string name(given.text("block", row).value_or(""));
    const std::string item(given.text("item", row).value_or(""));
    if (name.empty() || item.empty())
      given.refuse(name.empty() ? "block" : "item", row, "missing", "there");
    const auto [at, fresh] = places.try_emplace(name, made.size());
    if (fresh)
      made.push_back({name, {}});
    if (!known.insert({at->second, item}).second)
      given.refuse("item", row, item, "there once in block " + name);
    made[at->second].items.push_back({item, given.truth("reversed", row).value_or(false), {}});
  }
  if (made.empty())
    throw error(status::schema, std::string(reliability_name) + ": table blocks has no rows");
  for (const item_block& one : made) {
    if (one.items.size() > most_block_items)
      throw error(status::unsupported, std::string(reliability_name) + ": block " + shortened(one.name) +
                                           " has " + std::to_string(one.items.size()) +
                                           " items, but must have at most " +
                                           std::to_string(most_block_items));
  }
  return made;
}

namespace detail {

/// The blocks that are asked for. \throws error as `read_blocks`; status::option
[[nodiscard]] inline std::vector<item_block> asked_blocks(const finish_request& request,
                                                          const stats::survey_answers& from) {
  std::vector<std::string> wanted = read_labels(reliability_name, request.options, "items");
  const std::vector<std::string> reversed = read_labels(reliability_name, request.options, "reversed");
  if (const model* const given = request.slot("blocks"); given != nullptr) {
    if (!wanted.empty() || !reversed.empty())
      throw error(status::option,
                  std::string(reliability_name) +
                      ": the table blocks says which items count and which are reversed, so options items "
                      "and reversed must not be given");
    return read_blocks(*given);
  }
  if (wanted.empty()) {
    for (const std::string_view label : from.item_labels())
      wanted.emplace_back(label);
  }
  if (wanted.size() > most_block_items)
    throw error(status::unsupported,
                std::string(reliability_name) + ": there are " + std::to_string(wanted.size()) +
                    " items, but a block must have at most " + std::to_string(most_block_items));
  item_block made{"items", {}};
  for (std::string& label : wanted)
    made.items.push_back({std::move(label), false, {}});
  for (const std::string& label : reversed) {
    const auto at = std::find_if(made.items.begin(), made.items.end(),
                                 [&](const block_item& one) { return one.label == label; });
    if (at == made.items.end()) {
      std::vector<std::string_view> labels;
      for (const block_item& one : made.items)
        labels.emplace_back(one.label);
      throw unknown_name(reliability_name, "item", label, labels);
    }
    at->reversed = true;
  }
  return {std::move(made)};
}

} // namespace detail

/// From a store `survey`, and a table of blocks in a slot.
/// \throws error as `read_blocks` and `rows_about`; status::unknown_name of an item; status::option; status::cancelled
inline result finish_reliability(const finish_request& request) {
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const stats::survey_answers from = store.answers(request.keys);
  std::vector<item_block> blocks = detail::asked_blocks(request, from);
  std::vector<std::uint32_t> rows = rows_about(reliability_name, from, given.text("brand"));
  if (const std::optional<date> period = given.day("period")) {
    std::erase_if(rows, [&](std::uint32_t row) {
      const std::uint32_t place = from.periods()[row];
      return place == stats::survey_answers::none || from.period_days()[place] != days_since_epoch(*period);
    });
  }
  const auto meaning = given.choice<weight_meaning>("weight_meaning", stats::weight_meanings);
  std::vector<double> weights;
  for (const std::uint32_t row : rows)
    weights.push_back(from.weights()[row]);

  described_table of_blocks(reliability_outputs[0], 0);
  described_table of_items(reliability_outputs[1], 0);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    item_block& block = blocks[b];
    const double begin = static_cast<double>(b) / static_cast<double>(blocks.size());
    const double end = static_cast<double>(b + 1) / static_cast<double>(blocks.size());
    for (block_item& item : block.items) {
      request.how.check(begin);
      const stats::survey_answers::item all = from.answers(reliability_name, item.label);
      for (const std::uint32_t row : rows)
        item.values.push_back(all.answers[row]);
    }
    const block_reliability made =
        reliability_of(block.items, weights, meaning, given.text("missing") == "casewise",
                       given.number("confidence"), request.how, begin, end);
    std::int64_t negative = 0;
    for (std::size_t i = 0; i < block.items.size(); ++i) {
      const item_reliability& one = made.items[i];
      const auto missing = static_cast<std::int64_t>(rows.size()) - one.answers;
      negative += one.finding == item_finding::negative ? 1 : 0;
      of_items.text(block.name)
          .text(block.items[i].label)
          .truth(block.items[i].reversed)
          .whole(one.answers)
          .whole(missing)
          .number(share_of(math::real(missing), math::real(rows.size())))
          .number(one.effective)
          .number(one.mean)
          .number(one.deviation)
          .number(one.item_total)
          .number(one.item_rest)
          .number(one.alpha_if_deleted)
          .number(one.standardised_alpha_if_deleted)
          .number(one.squared_multiple_correlation)
          .number(one.loading)
          .level(one.finding);
    }
    of_blocks.text(block.name)
        .level(made.state)
        .whole(static_cast<std::int64_t>(block.items.size()))
        .whole(static_cast<std::int64_t>(made.used))
        .whole(static_cast<std::int64_t>(rows.size()))
        .whole(made.complete)
        .number(made.alpha)
        .number(made.range.low)
        .number(made.range.high)
        .number(made.standardised_alpha)
        .number(made.omega)
        .number(made.lambda6)
        .number(made.mean_correlation)
        .whole(negative);
    block.items.clear(); // its answers are needed no longer
  }
  return {{std::move(of_blocks).made(), std::move(of_items).made()}, nullptr};
}

inline constexpr entry reliability_entry{
    .description = &reliability_description,
    .finish = finish_reliability,
    .check_model = [](const model& made) { static_cast<void>(read_blocks(made)); },
};

} // namespace emptor::satisfaction
