// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/rfm.hpp>
#include <emptor/value/rfm_description.hpp>
#include <emptor/value/rfm_segments_entry.hpp>
#include <emptor/value/summary.hpp>

/// How the catalogue knows RFM analysis (rfm.hpp): the fit that makes cuts and tables, and the scores with a model.
namespace emptor::value {

namespace detail {

[[nodiscard]] inline std::array<double, 3> read_rfm_weights(const option_values& given) {
  const std::vector<double> weights = given.numbers("weights");
  const bool fine =
      weights.size() == 3 && std::any_of(weights.begin(), weights.end(), [](double w) { return w > 0.0; });
  if (!fine || !std::isfinite(9.0 * (weights[0] + weights[1] + weights[2])))
    throw error(
        status::option,
        message(rfm_name, "option weights", -1, std::string(given.text("weights")),
                "three weights whose sum is above 0 and no larger than what nine times fits a number"));
  return {weights[0], weights[1], weights[2]};
}

/// The segments of a model of value.rfm: of its rules, or of the preset that its groups have.
[[nodiscard]] inline rfm_segmentation segments_of_cuts(const model& from, std::int64_t groups) {
  const model_table rules(rfm_name, &from, "rules");
  if (rules.rows() > 0)
    return read_rfm_rules(rules, groups, rfm_name);
  return make_rfm_preset(groups == 5 ? rfm_preset::eleven : rfm_preset::eight, groups, rfm_name);
}

[[nodiscard]] inline rfm_cuts cuts_of(const model& from) {
  return read_rfm_cuts(from, currency(from.option_text("currency")).decimals());
}

/// Rows of tables about sums.
struct rfm_sum_columns {
  std::vector<std::int64_t> customers;
  std::vector<double> customer_share;
  std::vector<std::int64_t> orders;
  std::vector<std::int64_t> amount;
  std::vector<double> share;

  void add(const rfm_sum& one, const rfm_sum& all) {
    customers.push_back(one.customers);
    customer_share.push_back(all.customers == 0
                                 ? 0.0
                                 : math::value_of(math::real(static_cast<double>(one.customers)) /
                                                  static_cast<double>(all.customers)));
    orders.push_back(one.orders);
    amount.push_back(detail::amount_of_all(one.amount, rfm_name));
    share.push_back(all.amount > 0
                        ? math::value_of(math::real(nearest_double(one.amount)) / nearest_double(all.amount))
                        : std::numeric_limits<double>::quiet_NaN());
  }
};

[[nodiscard]] inline table rfm_scores_table(const rfm_scores& of, const rfm_sum& all,
                                            const std::string& code) {
  std::vector<std::int32_t> measures;
  std::vector<std::int64_t> scores;
  rfm_sum_columns sums;
  const std::int64_t groups = of.cuts.groups;
  for (std::size_t measure = 0; measure < 3; ++measure) {
    std::vector<rfm_sum> by_score(static_cast<std::size_t>(groups));
    for (std::size_t place = 0; place < of.cells.size(); ++place) {
      const rfm_cell cell = cell_at(place, groups);
      const std::int64_t score = measure == 0 ? cell.recency : measure == 1 ? cell.frequency : cell.monetary;
      by_score[static_cast<std::size_t>(score - 1)].add(of.cells[place]);
    }
    for (std::int64_t score = 1; score <= groups; ++score) {
      measures.push_back(static_cast<std::int32_t>(measure));
      scores.push_back(score);
      sums.add(by_score[static_cast<std::size_t>(score - 1)], all);
    }
  }
  table made("scores");
  made.add(column::codes("measure", std::move(measures), rfm_measure_names));
  made.add(column::integers("score", std::move(scores)));
  made.add(column::integers("customers", std::move(sums.customers)));
  made.add(column::numbers("customer_share", std::move(sums.customer_share)));
  made.add(column::amounts("amount", std::move(sums.amount), of.totals.decimals, code));
  made.add(column::numbers("share", std::move(sums.share)).or_none());
  return made;
}

[[nodiscard]] inline table rfm_segments_table(const rfm_scores& of, const rfm_segmentation& segmentation,
                                              const rfm_sum& all, const std::string& code) {
  struct segment {
    rfm_sum sum;
    std::array<std::int64_t, 3> scores{};
  };
  const std::int64_t groups = of.cuts.groups;
  std::vector<segment> segments(segmentation.segments().size());
  for (std::size_t place = 0; place < of.cells.size(); ++place) {
    const rfm_cell cell = cell_at(place, groups);
    segment& one = segments[static_cast<std::size_t>(segmentation.segment_of(cell))];
    one.sum.add(of.cells[place]);
    one.scores[0] += cell.recency * of.cells[place].customers;
    one.scores[1] += cell.frequency * of.cells[place].customers;
    one.scores[2] += cell.monetary * of.cells[place].customers;
  }
  std::vector<std::int32_t> codes;
  rfm_sum_columns sums;
  std::array<std::vector<double>, 6> means;
  const auto unit = static_cast<double>(power_of_ten(of.totals.decimals));
  for (const segment& one : segments) {
    codes.push_back(static_cast<std::int32_t>(codes.size()));
    sums.add(one.sum, all);
    const auto mean = [&](wide_integer sum, double parts) {
      return one.sum.customers == 0
                 ? std::numeric_limits<double>::quiet_NaN()
                 : math::value_of(math::real(nearest_double(sum)) /
                                  (math::real(static_cast<double>(one.sum.customers)) * parts));
    };
    means[0].push_back(mean(one.sum.days, 1.0));
    means[1].push_back(mean(one.sum.orders, 1.0));
    means[2].push_back(mean(one.sum.amount, unit));
    for (std::size_t i = 0; i < 3; ++i)
      means[3 + i].push_back(mean(one.scores[i], 1.0));
  }
  table made("segments");
  made.add(column::codes("segment", std::move(codes), segmentation.segments()));
  made.add(column::integers("customers", std::move(sums.customers)));
  made.add(column::numbers("customer_share", std::move(sums.customer_share)));
  made.add(column::integers("orders", std::move(sums.orders), "orders"));
  made.add(column::amounts("amount", std::move(sums.amount), of.totals.decimals, code));
  made.add(column::numbers("share", std::move(sums.share)).or_none());
  constexpr std::string_view names[] = {"mean_recency",       "mean_frequency",       "mean_monetary",
                                        "mean_recency_score", "mean_frequency_score", "mean_monetary_score"};
  const std::string units[] = {"days", "orders", code, "", "", ""};
  for (std::size_t i = 0; i < means.size(); ++i)
    made.add(column::numbers(std::string(names[i]), std::move(means[i]), units[i]).or_none());
  return made;
}

[[nodiscard]] inline table rfm_cells_table(const rfm_scores& of, const rfm_segmentation& segmentation,
                                           const rfm_sum& all, const std::string& code) {
  std::vector<std::int32_t> codes;
  std::array<std::vector<std::int64_t>, 3> scores;
  std::vector<std::int32_t> segments;
  rfm_sum_columns sums;
  for (std::size_t place = 0; place < of.cells.size(); ++place) {
    const rfm_cell cell = cell_at(place, of.cuts.groups);
    codes.push_back(static_cast<std::int32_t>(place));
    scores[0].push_back(cell.recency);
    scores[1].push_back(cell.frequency);
    scores[2].push_back(cell.monetary);
    segments.push_back(segmentation.segment_of(cell));
    sums.add(of.cells[place], all);
  }
  table made("cells");
  made.add(column::codes("cell", std::move(codes), cell_texts(of.cuts.groups)));
  made.add(column::integers("recency_score", std::move(scores[0])));
  made.add(column::integers("frequency_score", std::move(scores[1])));
  made.add(column::integers("monetary_score", std::move(scores[2])));
  made.add(column::codes("segment", std::move(segments), segmentation.segments()));
  made.add(column::integers("customers", std::move(sums.customers)));
  made.add(column::numbers("customer_share", std::move(sums.customer_share)));
  made.add(column::amounts("amount", std::move(sums.amount), of.totals.decimals, code));
  return made;
}

[[nodiscard]] inline table rfm_totals_table(const rfm_scores& of, const rfm_sum& all,
                                            const std::string& code) {
  const stats::customer_totals& totals = of.totals;
  struct row {
    std::int64_t customers;
    std::int64_t lines;
    wide_integer amount;
  };
  const auto lines = [](const stats::line_total& one) { return row{0, one.lines, one.amount}; };
  const row rows[] = {lines(totals.counted),
                      lines(totals.later),
                      lines(totals.cancelled),
                      {0, totals.cancellations, 0},
                      {0, totals.open_cancellations, 0},
                      lines(totals.ordered),
                      lines(totals.credit_notes),
                      {all.customers, 0, all.amount},
                      {static_cast<std::int64_t>(totals.without_order.size()), 0, 0},
                      {0, 0, totals.earlier},
                      {0, 0, totals.unapplied_credit},
                      {0, totals.in_other_currencies, 0}};
  static_assert(std::size(rows) == std::size(rfm_total_names));
  std::vector<std::int32_t> codes;
  std::vector<std::int64_t> columns[3];
  for (const row& one : rows) {
    codes.push_back(static_cast<std::int32_t>(codes.size()));
    columns[0].push_back(one.customers);
    columns[1].push_back(one.lines);
    columns[2].push_back(detail::amount_of_all(one.amount, rfm_name));
  }
  return {"totals",
          {column::codes("total", std::move(codes), rfm_total_names),
           column::integers("customers", std::move(columns[0])),
           column::integers("lines", std::move(columns[1])),
           column::amounts("amount", std::move(columns[2]), totals.decimals, code)}};
}

[[nodiscard]] inline table rfm_warnings_table(const rfm_scores& of) {
  std::vector<std::int32_t> codes;
  text_buffer texts;
  const auto warn = [&](rfm_warning which, const std::string& text) {
    codes.push_back(static_cast<std::int32_t>(which));
    texts.push_back(text);
  };
  if (of.totals.far)
    warn(rfm_warning::far_until, far_text(*of.totals.far, of.totals.until));
  for (const rfm_measure measure : {rfm_measure::recency, rfm_measure::frequency, rfm_measure::monetary}) {
    const std::vector<std::int64_t>& figures = of.figures(measure);
    const std::string name(rfm_measure_names[static_cast<std::size_t>(measure)]);
    if (figures.size() > 1 &&
        std::all_of(figures.begin(), figures.end(), [&](std::int64_t one) { return one == figures.front(); }))
      warn(rfm_warning::one_figure, "all " + std::to_string(figures.size()) + " customers have the same " +
                                        name + ", so that its score tells nothing");
    std::vector<bool> used(static_cast<std::size_t>(of.cuts.groups));
    for (std::size_t place = 0; place < of.cells.size(); ++place) {
      const rfm_cell cell = cell_at(place, of.cuts.groups);
      const std::int64_t score = measure == rfm_measure::recency     ? cell.recency
                                 : measure == rfm_measure::frequency ? cell.frequency
                                                                     : cell.monetary;
      if (of.cells[place].customers > 0)
        used[static_cast<std::size_t>(score - 1)] = true;
    }
    std::string empty;
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i])
        empty += (empty.empty() ? "" : ", ") + std::to_string(i + 1);
    }
    if (!empty.empty())
      warn(
          rfm_warning::empty_score,
          "nobody has " + name + " score " + empty +
              ": too few different figures, or cuts that coincide; methods ranks and clusters leave no score "
              "empty where there are figures enough");
  }
  return {"warnings",
          {column::codes("warning", std::move(codes), rfm_warning_names),
           column::texts("text", std::move(texts))}};
}

/// The columns of the scores are moved into the table.
[[nodiscard]] inline table rfm_customers_table(rfm_scores& of, const stats::order_history& from,
                                               const rfm_segmentation& segmentation,
                                               const std::array<double, 3>& weights,
                                               const std::string& code) {
  const std::int64_t groups = of.cuts.groups;
  std::vector<double> score_of(of.cells.size());
  std::vector<std::int32_t> segment_of(of.cells.size());
  for (std::size_t place = 0; place < of.cells.size(); ++place) {
    score_of[place] = weighted_score(cell_at(place, groups), weights);
    segment_of[place] = segmentation.segment_of(cell_at(place, groups));
  }
  const std::size_t customers = of.cell.size();
  text_buffer names;
  std::vector<double> scores(customers);
  std::vector<std::int32_t> segments(customers);
  from.customers().for_each_text(of.totals.customer, [&](std::string_view name) { names.push_back(name); });
  for (std::size_t i = 0; i < customers; ++i) {
    scores[i] = score_of[static_cast<std::size_t>(of.cell[i])];
    segments[i] = segment_of[static_cast<std::size_t>(of.cell[i])];
  }
  const int decimals = of.totals.decimals;
  const bool is_mean = !of.mean.empty();
  table made("customers");
  made.add(column::texts("customer", std::move(names)));
  made.add(column::integers("recency", std::move(of.recency), "days"));
  made.add(column::integers("frequency", std::move(of.totals.orders), "orders"));
  made.add(column::amounts("monetary", std::move(is_mean ? of.mean : of.totals.amount), decimals, code));
  if (is_mean)
    made.add(column::amounts("total_amount", std::move(of.totals.amount), decimals, code));
  made.add(column::days("last_order", std::move(of.totals.last)));
  made.add(column::integers("recency_score", std::move(of.score[0])));
  made.add(column::integers("frequency_score", std::move(of.score[1])));
  made.add(column::integers("monetary_score", std::move(of.score[2])));
  made.add(column::codes("cell", std::move(of.cell), cell_texts(groups)));
  made.add(column::numbers("rfm_score", std::move(scores)));
  made.add(column::codes("segment", std::move(segments), segmentation.segments()));
  return made;
}

} // namespace detail

/// From options with the names of `rfm_fit_options`; those of a preset hold where they are not set.
/// \throws error status::option for an option that another one makes meaningless
[[nodiscard]] inline rfm_options read_rfm_options(const option_values& given, bool cuts_given) {
  for (const std::string_view name : {"method", "groups", "quantile_type", "ties", "preset"}) {
    if (cuts_given && given.has(name))
      throw error(status::option, std::string(rfm_name) + ": option " + std::string(name) +
                                      " has no meaning where slot cuts gives the cuts");
  }
  const bool as_rfm = given.has("preset");
  rfm_options options;
  options.orders.from = given.day("since");
  options.orders.until = given.day("until");
  options.orders.negative = given.choice<stats::negative>("negative", stats::negative_names);
  options.orders.same_day = given.has("same_day")
                                ? given.choice<stats::same_day>("same_day", stats::same_day_names)
                            : as_rfm ? stats::same_day::keep
                                     : stats::same_day::merge;
  if (given.has("currency"))
    options.orders.currency = currency(given.text("currency"));
  options.method = given.has("method") ? given.choice<rfm_method>("method", rfm_method_names)
                   : as_rfm            ? rfm_method::quantiles
                                       : rfm_method::ranks;
  for (const std::string_view name : {"quantile_type", "ties"}) {
    if (options.method != rfm_method::quantiles && given.has(name))
      throw error(status::option,
                  std::string(rfm_name) + ": option " + std::string(name) + " needs method=quantiles");
  }
  if (given.has("quantile_type"))
    options.quantile_type = static_cast<int>(given.integer("quantile_type"));
  options.ties = given.has("ties") ? given.choice<stats::tie_rule>("ties", rfm_tie_names)
                 : as_rfm          ? stats::tie_rule::one_above
                                   : stats::tie_rule::below;
  if (given.has("groups"))
    options.groups = given.integer("groups");
  options.monetary = given.choice<rfm_monetary>("monetary", rfm_monetary_names);
  return options;
}

[[nodiscard]] inline result finish_rfm(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  const model* const cuts_model = request.slot("cuts");
  const model* const segments_model = request.slot("segments");
  const rfm_options options = read_rfm_options(given, cuts_model != nullptr);
  const std::array<double, 3> weights = detail::read_rfm_weights(given);
  if (segments_model != nullptr && given.has("segmentation"))
    throw error(status::option,
                std::string(rfm_name) +
                    ": option segmentation has no meaning where slot segments gives the rules");
  std::optional<rfm_cuts> cuts;
  if (cuts_model != nullptr) {
    cuts = detail::cuts_of(*cuts_model);
    if (cuts_model->option_text("monetary") != rfm_monetary_names[static_cast<std::size_t>(options.monetary)])
      throw error(status::mismatch, std::string(rfm_name) + ": the cuts are of the " +
                                        std::string(cuts_model->option_text("monetary")) +
                                        " of a customer's orders, but option monetary is " +
                                        std::string(given.text("monetary")));
  }
  const std::int64_t groups = cuts ? cuts->groups : options.groups;
  const rfm_segmentation segmentation = [&] {
    if (segments_model != nullptr) {
      rfm_segmentation held = read_rfm_segments(*segments_model);
      if (held.groups() != groups)
        throw error(status::mismatch, std::string(rfm_name) + ": the segments are of " +
                                          std::to_string(held.groups()) + " groups, the scores of " +
                                          std::to_string(groups));
      return held;
    }
    if (given.has("segmentation"))
      return make_rfm_preset(given.choice<rfm_preset>("segmentation", rfm_preset_names), groups, rfm_name);
    if (cuts_model != nullptr)
      return detail::segments_of_cuts(*cuts_model, groups);
    return make_rfm_preset(groups != 5           ? rfm_preset::eight
                           : given.has("preset") ? rfm_preset::ten
                                                 : rfm_preset::eleven,
                           groups, rfm_name);
  }();

  rfm_scores scores = score_rfm(from, options, cuts ? &*cuts : nullptr, request.how, request.keys);
  const currency own = scores.totals.currency;
  if (const std::string_view named =
          cuts_model != nullptr ? cuts_model->option_text("currency") : std::string_view{};
      !named.empty() && own.named() && named != own.code())
    throw error(status::currency, std::string(rfm_name) + ": the cuts are in " + std::string(named) +
                                      ", but the orders in " + std::string(own.code()));
  const std::string code(own.code());
  rfm_sum all;
  for (const rfm_sum& one : scores.cells)
    all.add(one);
  auto made = std::make_shared<model>();
  made->entry = rfm_name;
  if (own.named())
    made->options.push_back({"currency", code});
  made->options.push_back({"monetary", std::string(given.text("monetary"))});
  made->tables.push_back(to_table(scores.cuts.with_decimals(own.decimals()), code));
  made->tables.push_back(to_table(segmentation));
  std::vector<table> about;
  about.push_back(to_table(scores.cuts, code));
  about.push_back(made->tables.back());
  about.push_back(detail::rfm_scores_table(scores, all, code));
  about.push_back(detail::rfm_segments_table(scores, segmentation, all, code));
  about.push_back(detail::rfm_cells_table(scores, segmentation, all, code));
  about.push_back(detail::rfm_totals_table(scores, all, code));
  about.push_back(detail::rfm_warnings_table(scores));
  about.insert(about.begin(), detail::rfm_customers_table(scores, from, segmentation, weights, code));
  return {std::move(about), std::move(made)};
}

class rfm_scorer final : public scorer {
public:
  rfm_scorer(rfm_cuts cuts, rfm_segmentation segmentation, const std::array<double, 3>& weights)
      : cuts_(std::move(cuts))
      , segmentation_(std::move(segmentation))
      , cells_(cell_texts(cuts_.groups)) {
    for (std::size_t place = 0; place < cells_.size(); ++place)
      scores_.push_back(weighted_score(cell_at(place, cuts_.groups), weights));
  }

  void score(const score_block& block) const noexcept override {
    using in = rfm_input;
    using out = rfm_output;
    for_each_fine_row<in, out>(block, [&](const row_cells<in, out>& at) {
      const rfm_cell cell{
          cuts_.score(rfm_measure::recency, static_cast<std::int64_t>(at.number(in::recency))),
          cuts_.score(rfm_measure::frequency, static_cast<std::int64_t>(at.number(in::frequency))),
          cuts_.score(rfm_measure::monetary, at.amount(in::monetary))};
      const std::size_t place = place_of(cell, cuts_.groups);
      at.put(out::recency_score, static_cast<double>(cell.recency));
      at.put(out::frequency_score, static_cast<double>(cell.frequency));
      at.put(out::monetary_score, static_cast<double>(cell.monetary));
      at.put(out::cell, static_cast<double>(place));
      at.put(out::rfm_score, scores_[place]);
      at.put(out::segment, static_cast<double>(segmentation_.segment_of(cell)));
    });
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    switch (static_cast<rfm_output>(output)) {
    case rfm_output::cell:
      return cells_;
    case rfm_output::segment:
      return segmentation_.segments();
    default:
      return {};
    }
  }

private:
  rfm_cuts cuts_;
  rfm_segmentation segmentation_;
  std::vector<std::string> cells_;
  std::vector<double> scores_; ///< by place of the cell
};

inline constexpr entry rfm_entry{
    .description = &rfm_description,
    .finish = &finish_rfm,
    .check_model =
        [](const model& made) {
          const rfm_cuts cuts = detail::cuts_of(made);
          (void)detail::segments_of_cuts(made, cuts.groups);
        },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      for (const filled_slot& filled : request.slots) {
        if (filled.name == "cuts")
          throw error(status::option,
                      std::string(rfm_name) + ": a score takes the cuts of its model, not of slot cuts");
      }
      rfm_cuts cuts = detail::cuts_of(*request.self);
      std::optional<rfm_segmentation> segmentation;
      for (const filled_slot& filled : request.slots) {
        if (filled.name == "segments")
          segmentation.emplace(read_rfm_segments(*filled.model));
      }
      if (!segmentation)
        segmentation.emplace(detail::segments_of_cuts(*request.self, cuts.groups));
      if (segmentation->groups() != cuts.groups)
        throw error(status::mismatch, std::string(rfm_name) + ": the segments are of " +
                                          std::to_string(segmentation->groups()) + " groups, the scores of " +
                                          std::to_string(cuts.groups));
      return std::make_unique<rfm_scorer>(std::move(cuts), std::move(*segmentation),
                                          detail::read_rfm_weights(request.options));
    },
};

} // namespace emptor::value
