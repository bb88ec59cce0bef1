// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/optional_texts.hpp>
#include <emptor/core/store.hpp>
#include <emptor/stats/row_blocks.hpp>
#include <emptor/stats/survey_answers.hpp>
#include <emptor/stats/survey_data.hpp>
#include <emptor/stats/survey_description.hpp>

namespace emptor::stats {

/// Answers of respondents to the questions of a survey (客户满意度调查答卷).
///
/// A respondent has one row of answers for a brand in a period: the highest revision that came. The same revision with
/// the same content is `repeated`, with other content a `conflict`: both contents are kept until a higher revision
/// comes, and a finish refuses to guess. A row has all answers of its occasion: questions that come in two pushes under
/// one revision are two contents. Answers are kept exactly, missing codes as they came. A question is known from the
/// first push that has its column, also where nobody answered it.
/// Memory: per row 40 bytes and a byte per question, 80 to 140 bytes to tell rows apart, texts once.
class survey final : public store {
public:
  static constexpr std::uint32_t no_text = survey_data::no_text;

  /// \param options checked against `survey_options`
  explicit survey(option_values options = option_values("survey", survey_options, {}))
      : options_(std::move(options)) {}

  [[nodiscard]] const store_description& description() const noexcept override { return survey_description; }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  push_report push(const push_request& request) override {
    if (!request.table.empty() && request.table != survey_tables[0].name)
      throw unknown_name("survey", "table", request.table, {survey_tables[0].name});
    survey_data::transaction undo(data_);
    const push_report report = push_answers(request);
    undo.commit();
    return report;
  }

  void merge(const store& other) override {
    const auto* from = dynamic_cast<const survey*>(&other);
    if (from == nullptr || from->options_ != options_)
      throw error(status::mismatch, "survey: only stores of the same kind and options merge");
    if (from == this)
      return; // it holds all of itself
    survey_data::transaction undo(data_);
    data_.take_from(from->data_, [](std::size_t, std::uint32_t) { return true; });
    undo.commit();
  }

  [[nodiscard]] std::vector<table> contents() const override {
    const survey_answers order(data_, {}, std::vector<std::uint8_t>(data_.respondents.size(), 1));
    return {saved(order)};
  }

  void restore(std::vector<table> contents) override {
    survey fresh(options_);
    const auto refuse = [](const std::string& why) { throw error(status::format, "survey: " + why); };
    if (contents.size() != 1 || contents[0].name() != survey_tables[0].name)
      refuse("its contents must be the table answers");
    try {
      const table& held = contents[0];
      const std::vector<named_column> columns = held.views();
      const push_report report = fresh.push({.table = held.name(), .columns = columns, .rows = held.rows()});
      if (report.added + report.conflicts != held.rows())
        refuse("its saved rows are not what it saves");
    } catch (const error& refused) {
      if (refused.code() == status::out_of_memory || refused.code() == status::format)
        throw;
      throw error(status::format, refused.what());
    }
    *this = std::move(fresh);
  }

  /// The questions stay known.
  std::int64_t erase(std::span<const std::string_view> keys) override {
    const std::vector<std::uint8_t> gone = data_.respondents.marked(keys);
    survey_data kept;
    kept.take_from(data_, [&](std::size_t, std::uint32_t respondent) { return gone[respondent] == 0; });
    data_ = std::move(kept);
    return std::count(gone.begin(), gone.end(), std::uint8_t{1});
  }

  [[nodiscard]] std::unique_ptr<store> clone() const override { return std::make_unique<survey>(*this); }

  /// The answers in canonical order.
  /// \param keys  the respondents who count; without them all do
  /// \throws error status::conflict where one of them has two contents under his highest revision; it names the first
  [[nodiscard]] survey_answers answers(const std::optional<std::vector<std::string>>& keys = {}) const {
    const std::vector<std::uint8_t> wanted = data_.respondents.wanted(keys);
    refuse_conflicts(wanted);
    std::vector<double> codes = options_.numbers("missing_codes");
    std::sort(codes.begin(), codes.end());
    return {data_, std::move(codes), wanted};
  }
  [[nodiscard]] const survey_data& data() const noexcept { return data_; }

private:
  using numbers = std::array<std::uint32_t, rows_per_block>;
  [[nodiscard]] static numbers interned(block_reader& blocks, std::string_view column,
                                        std::span<const std::size_t> rows, id_pool& pool) {
    numbers found;
    found.fill(no_text);
    if (const block_column* const of = blocks.find(column); of != nullptr)
      blocks.intern(*of, rows, pool, found.data());
    return found;
  }

  push_report push_answers(const push_request& request) {
    block_reader blocks({.where = "survey.answers",
                         .zone_offset_seconds = options_.zone_offset("zone_offset"),
                         .key = "respondent"},
                        survey_tables[0], request);
    const block_column* const period = blocks.find("period");
    const block_column* const revision = blocks.find("revision");
    const block_column* const weight = blocks.find("weight");
    std::vector<const block_column*> pushed;
    std::vector<std::string_view> labels;
    for (const block_column& one : blocks.columns()) {
      if (one.input.described->many) {
        pushed.push_back(&one);
        labels.emplace_back(one.input.label);
      }
    }
    data_.add_items(labels); // bound in the order of their labels
    std::vector<std::size_t> target;
    for (const std::string_view label : labels)
      target.push_back(data_.find(label));
    const std::size_t expected = data_.rows.size() + static_cast<std::size_t>(request.rows);
    if (expected > data_.rows.capacity())
      data_.rows.reserve(std::max(expected, 2 * data_.rows.capacity()));
    for (const std::size_t one : target)
      data_.items[one].reserve(expected);
    const push_report report =
        blocks.read([] {},
                    [&](std::span<const std::size_t> good) {
                      const numbers respondents = interned(blocks, "respondent", good, data_.respondents);
                      const numbers brands = interned(blocks, "brand", good, data_.words);
                      const numbers groups = interned(blocks, "group", good, data_.words);
                      const std::size_t base = data_.rows.size();
                      data_.fit();
                      data_.make_room(good.size());
                      for (std::size_t c = 0; c < target.size(); ++c) {
                        for (std::size_t k = 0; k < good.size(); ++k)
                          data_.items[target[c]].set(base + k, pushed[c]->numbers[good[k]]);
                      }
                      for (std::size_t k = 0; k < good.size(); ++k) {
                        const std::size_t i = good[k];
                        survey_data::row one;
                        if (weight != nullptr && weight->numbers[i] == weight->numbers[i])
                          one.weight = weight->numbers[i];
                        one.revision = block_column::count_at(revision, i);
                        one.respondent = respondents[k];
                        one.brand = brands[k];
                        one.group = groups[k];
                        one.period = period == nullptr ? no_day : period->days[i];
                        blocks.tally(i, data_.add(one, base + k));
                      }
                    });
    data_.fit();
    return report;
  }

  /// \param wanted by the number of the respondent: whether he matters
  void refuse_conflicts(const std::vector<std::uint8_t>& wanted) const {
    std::optional<std::tuple<std::string_view, std::int32_t, std::string_view, std::int64_t>> first;
    data_.for_each_contested([&](const survey_data::row& one) {
      const auto here =
          std::make_tuple(data_.respondents[one.respondent], one.period, data_.word(one.brand), one.revision);
      if (wanted[one.respondent] != 0 && (!first || here < *first))
        first = here;
    });
    if (!first)
      return;
    const auto& [respondent, period, brand, revision] = *first;
    std::string text = "survey: the answers of " + std::string(respondent);
    if (!brand.empty())
      text.append(" about ").append(brand);
    if (period != no_day)
      text.append(" of ").append(to_string(date_from_days(period)));
    throw error(status::conflict, text + " have two contents under revision " + std::to_string(revision) +
                                      "; a higher revision must say which one holds");
  }

  [[nodiscard]] table saved(const survey_answers& order) const {
    text_buffer respondents;
    optional_texts brands;
    optional_texts groups;
    std::vector<std::int32_t> periods;
    std::vector<std::int64_t> revisions;
    const auto text_of = [](std::uint32_t place, const std::vector<std::string_view>& names) {
      return place == survey_answers::none ? std::nullopt : std::optional(names[place]);
    };
    for (std::size_t row = 0; row < order.rows(); ++row) {
      respondents.push_back(order.respondent_names()[order.respondents()[row]]);
      brands.push_back(text_of(order.brands()[row], order.brand_names()));
      groups.push_back(text_of(order.groups()[row], order.group_names()));
      const std::uint32_t period = order.periods()[row];
      periods.push_back(period == survey_answers::none ? no_day : order.period_days()[period]);
      revisions.push_back(data_.rows[order.row(row)].revision);
    }
    table made(std::string(survey_tables[0].name),
               {column::texts("respondent", std::move(respondents)), std::move(brands).as("brand"),
                column::days("period", std::move(periods)).or_none(),
                column::integers("revision", std::move(revisions)), std::move(groups).as("group"),
                column::numbers("weight", {order.weights().begin(), order.weights().end()})});
    for (const std::string_view label : order.item_labels())
      made.add(
          column::numbers("items:" + std::string(label), order.answers("survey", label).answers).or_none());
    return made;
  }

  option_values options_;
  survey_data data_;
};

} // namespace emptor::stats
