// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/value/markov_chain_description.hpp>

/// How the catalogue knows the Markov chain of customers (markov_chain.hpp).
namespace emptor::value {

[[nodiscard]] inline chain_fit_options read_chain_fit_options(const option_values& given) {
  chain_fit_options made;
  made.period = std::string(given.text("period"));
  made.from = given.day("since");
  made.until = given.day("until");
  made.max_recency = given.integer("max_recency");
  made.frequency_from.clear();
  for (const double one : given.numbers("frequency_from")) {
    if (one != std::floor(one))
      throw error(status::option,
                  message(markov_chain_name, "option frequency_from", -1, to_text(one), "whole numbers"));
    made.frequency_from.push_back(static_cast<std::int64_t>(one));
  }
  made.monetary_from = given.numbers("monetary_from");
  made.lost = given.choice<lost_state>("lost", lost_state_names);
  made.prior = given.number("prior");
  made.margin_rate = given.number("margin");
  made.contact_cost = given.number("contact_cost");
  made.organic_share = given.number("organic_share");
  made.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  made.negative = given.choice<stats::negative>("negative", stats::negative_names);
  if (given.has("currency"))
    made.currency = currency(given.text("currency"));
  return made;
}

namespace detail {

[[nodiscard]] inline table chain_states_table(const markov_chain& chain, const std::string& unit) {
  text_buffer names;
  std::vector<double> numbers[4];
  std::vector<std::uint8_t> orders;
  std::vector<std::int64_t> counts[3];
  std::vector<std::int64_t> any_frequency;
  for (const chain_state& one : chain.states) {
    if (!one.frequency)
      any_frequency.push_back(names.size());
    names.push_back(one.name);
    numbers[0].push_back(one.reward);
    numbers[1].push_back(one.cost);
    numbers[2].push_back(one.reward_error);
    numbers[3].push_back(one.monetary.value_or(std::numeric_limits<double>::quiet_NaN()));
    orders.push_back(one.order ? 1 : 0);
    counts[0].push_back(one.recency.value_or(0));
    counts[1].push_back(one.frequency.value_or(0));
    counts[2].push_back(one.departures);
  }
  table made("states");
  made.add(column::texts("state", std::move(names)));
  made.add(column::numbers("reward", std::move(numbers[0]), unit));
  made.add(column::numbers("cost", std::move(numbers[1]), unit));
  made.add(column::booleans("order", std::move(orders)));
  made.add(column::integers("recency", std::move(counts[0]), "periods"));
  column frequency = column::integers("frequency", std::move(counts[1]), "orders");
  for (const std::int64_t row : any_frequency)
    frequency.set_missing(row);
  made.add(std::move(frequency));
  made.add(column::numbers("monetary", std::move(numbers[3]), unit).or_none());
  made.add(column::integers("departures", std::move(counts[2])));
  made.add(column::numbers("reward_error", std::move(numbers[2]), unit).or_none());
  return made;
}

[[nodiscard]] inline table chain_transitions_table(const fitted_chain& fit, double confidence) {
  const markov_chain& chain = fit.chain;
  text_buffer from;
  text_buffer to;
  std::vector<double> numbers[3];
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    for (std::size_t j = 0; j < chain.states.size(); ++j) {
      if (!(chain.contacted(i, j) > 0.0))
        continue;
      from.push_back(chain.states[i].name);
      to.push_back(chain.states[j].name);
      numbers[0].push_back(chain.contacted(i, j));
      counts.push_back(fit.counts.of(i, j));
      const stats::interval range =
          stats::jeffreys_interval(fit.counts.of(i, j), chain.states[i].departures, confidence);
      numbers[1].push_back(range.low);
      numbers[2].push_back(range.high);
    }
  }
  table made("transitions");
  made.add(column::texts("from", std::move(from)));
  made.add(column::texts("to", std::move(to)));
  made.add(column::numbers("probability", std::move(numbers[0]), "probability"));
  made.add(column::integers("count", std::move(counts)));
  made.add(column::numbers("low", std::move(numbers[1]), "probability").or_none());
  made.add(column::numbers("high", std::move(numbers[2]), "probability").or_none());
  return made;
}

[[nodiscard]] inline table chain_uncontacted_table(const markov_chain& chain) {
  text_buffer from;
  text_buffer to;
  std::vector<double> probability;
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    for (std::size_t j = 0; j < chain.states.size() && chain.moves_uncontacted[i]; ++j) {
      if (!(chain.uncontacted(i, j) > 0.0))
        continue;
      from.push_back(chain.states[i].name);
      to.push_back(chain.states[j].name);
      probability.push_back(chain.uncontacted(i, j));
    }
  }
  return {"uncontacted",
          {column::texts("from", std::move(from)), column::texts("to", std::move(to)),
           column::numbers("probability", std::move(probability), "probability")}};
}

/// \param errors of the values; empty where there are none
[[nodiscard]] inline table chain_values_table(const fitted_chain& fit, const chain_value& value,
                                              const std::vector<double>& errors, double z,
                                              const std::string& unit) {
  const markov_chain& chain = fit.chain;
  const std::vector<double> orders = order_probabilities(chain);
  const std::vector<double> steps = stats::steps_to_absorption(chain.contacted, chain.known);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  text_buffer names;
  std::vector<std::int32_t> actions;
  std::vector<double> numbers[9];
  std::vector<std::int64_t> customers;
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    if (!chain.known[i])
      continue;
    names.push_back(chain.states[i].name);
    actions.push_back(value.contact[i] ? 0 : 1);
    customers.push_back(fit.customers[i]);
    const double deviation = errors.empty() ? none : errors[i];
    const math::real half = math::real(z) * deviation;
    const double row[] = {value.optimal[i],
                          deviation,
                          math::value_of(math::real(value.optimal[i]) - half),
                          math::value_of(math::real(value.optimal[i]) + half),
                          math::value_of(math::real(value.optimal[i]) - chain.states[i].reward) + 0.0,
                          value.always[i],
                          value.never[i],
                          orders[i],
                          std::isfinite(steps[i]) ? steps[i] : none};
    for (std::size_t k = 0; k < std::size(row); ++k)
      numbers[k].push_back(row[k]);
  }
  table made("values");
  made.add(column::texts("state", std::move(names)));
  made.add(column::codes("action", std::move(actions), chain_actions));
  made.add(column::numbers("value", std::move(numbers[0]), unit));
  made.add(column::numbers("standard_error", std::move(numbers[1]), unit).or_none());
  made.add(column::numbers("low", std::move(numbers[2]), unit).or_none());
  made.add(column::numbers("high", std::move(numbers[3]), unit).or_none());
  made.add(column::numbers("future_value", std::move(numbers[4]), unit));
  made.add(column::numbers("always_contact_value", std::move(numbers[5]), unit));
  made.add(column::numbers("never_contact_value", std::move(numbers[6]), unit));
  made.add(column::numbers("order_probability", std::move(numbers[7]), "probability"));
  made.add(column::numbers("expected_periods", std::move(numbers[8]), "periods").or_none());
  made.add(column::integers("customers", std::move(customers)));
  return made;
}

/// The smallest recency from which on nobody is contacted, of states that are known.
[[nodiscard]] inline table chain_thresholds_table(const fitted_chain& fit, const chain_value& value,
                                                  const chain_fit_options& options, const std::string& unit) {
  // Of the classes alone, so that what they are in minor units does not matter.
  const recency_states states(options.max_recency, options.frequency_from,
                              std::vector<std::int64_t>(options.monetary_from.size(), 0),
                              options.monetary_from);
  std::vector<double> monetary;
  std::vector<std::int64_t> from;
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> missing;
  for (std::size_t k = 0; k < states.classes(); ++k) {
    std::optional<std::int64_t> found;
    for (std::size_t r = states.recencies() + 1; r >= 1; --r) {
      const std::size_t at = states.place(r, k);
      if (!fit.chain.known[at] || fit.chain.is_lost(at))
        continue;
      if (value.contact[at])
        break;
      found = static_cast<std::int64_t>(r);
    }
    if (!found)
      missing.push_back(static_cast<std::int64_t>(k));
    from.push_back(states.frequency(k));
    monetary.push_back(states.monetary(k).value_or(std::numeric_limits<double>::quiet_NaN()));
    recency.push_back(found.value_or(0));
  }
  column at = column::integers("give_up_recency", std::move(recency), "periods");
  for (const std::int64_t row : missing)
    at.set_missing(row);
  return {"thresholds",
          {column::integers("frequency", std::move(from), "orders"),
           column::numbers("monetary", std::move(monetary), unit).or_none(), std::move(at)}};
}

[[nodiscard]] inline table chain_about_table(const fitted_chain& fit) {
  std::int64_t transitions = 0;
  for (const chain_state& one : fit.chain.states)
    transitions += one.departures;
  table made("fit");
  made.add(column::integers("customers", {fit.all_customers}));
  made.add(column::days("first_end", {fit.first_end}));
  made.add(column::days("last_end", {fit.last_end}));
  made.add(column::integers("periods", {fit.periods}));
  made.add(column::integers("transitions", {transitions}));
  made.add(column::integers("restarts", {fit.restarts}));
  return made;
}

} // namespace detail

inline result finish_markov_chain(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  const chain_fit_options options = read_chain_fit_options(given);
  const stats::calendar_periods periods = stats::read_periods(markov_chain_name, options.period, 0);
  const double rate = rate_of_period(given.number("discount_rate"), periods.in_a_year());
  const std::optional<std::int64_t> horizon = horizon_of(given);
  const double confidence = given.number("confidence");
  const fitted_chain fit = fit_markov_chain(from, options, request.how, request.keys);
  const std::string unit(fit.currency.code());

  const chain_value value = value_chain(fit.chain, rate, horizon, request.how);
  const std::vector<double> errors = horizon ? std::vector<double>{} : value_errors(fit.chain, rate, value);
  auto made = std::make_shared<model>();
  made->entry = std::string(markov_chain_name);
  made->options.push_back({"period", options.period});
  made->options.push_back({"discount_rate", std::string(given.text("discount_rate"))});
  if (fit.currency.named())
    made->options.push_back({"currency", unit});
  made->tables.push_back(detail::chain_states_table(fit.chain, unit));
  made->tables.push_back(detail::chain_transitions_table(fit, confidence));
  if (options.organic_share > 0.0)
    made->tables.push_back(detail::chain_uncontacted_table(fit.chain));
  std::vector<table> tables = made->tables;
  if (!(options.organic_share > 0.0))
    tables.push_back(detail::chain_uncontacted_table(fit.chain));
  tables.push_back(
      detail::chain_values_table(fit, value, errors, stats::two_sided_normal_quantile(confidence), unit));
  tables.push_back(detail::chain_thresholds_table(fit, value, options, unit));
  tables.push_back(detail::chain_about_table(fit));
  text_buffer texts;
  if (fit.far)
    texts.push_back(detail::far_text(*fit.far, fit.until));
  std::vector<std::int32_t> warned(static_cast<std::size_t>(texts.size()),
                                   static_cast<std::int32_t>(summary_warning::far_until));
  tables.push_back({"warnings",
                    {column::codes("warning", std::move(warned), summary_warning_names),
                     column::texts("text", std::move(texts))}});
  return {std::move(tables), std::move(made)};
}

class markov_chain_scorer final : public scorer {
public:
  markov_chain_scorer(markov_chain chain, double rate, std::optional<std::int64_t> periods)
      : chain_(std::move(chain))
      , value_(value_chain(chain_, rate, periods))
      , by_recency_(chain_)
      , orders_(order_probabilities(chain_))
      , steps_(stats::steps_to_absorption(chain_.contacted, chain_.known)) {
    for (const chain_state& one : chain_.states)
      names_.push_back(one.name);
    for (std::size_t i = 0; i < names_.size(); ++i)
      places_.emplace(names_[i], i);
  }
  markov_chain_scorer(const markov_chain_scorer&) = delete;
  markov_chain_scorer& operator=(const markov_chain_scorer&) = delete;
  markov_chain_scorer(markov_chain_scorer&&) = delete;
  markov_chain_scorer& operator=(markov_chain_scorer&&) = delete;
  ~markov_chain_scorer() override = default;

  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    return static_cast<out>(output) == out::state ? names_ : std::vector<std::string>{};
  }
  [[nodiscard]] std::vector<std::string> known_texts(std::size_t input) const override {
    return static_cast<in>(input) == in::state ? names_ : std::vector<std::string>{};
  }
  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [&](const cells& at) {
      std::size_t place = names_.size();
      if (const std::string_view name = at.text(in::state); !name.empty()) {
        const auto found = places_.find(name);
        if (found == places_.end()) {
          at.refuse(row_status::unknown_level);
          return;
        }
        place = found->second;
      } else if (std::isnan(at.number(in::recency))) {
        at.refuse(row_status::missing);
        return;
      } else {
        const double money = at.number(in::monetary);
        place = by_recency_.find(at.number(in::recency), at.number(in::frequency), money);
        if (place == by_recency_.none()) {
          at.refuse(std::isnan(at.number(in::frequency)) || (by_recency_.has_monetary() && std::isnan(money))
                        ? row_status::missing
                        : row_status::undefined);
          return;
        }
      }
      put(at, place);
    });
  }

private:
  using in = chain_input;
  using out = chain_output;
  using cells = row_cells<in, out>;

  void put(const cells& at, std::size_t place) const noexcept {
    if (!chain_.known[place]) { // nobody was ever seen to leave it
      at.refuse(row_status::undefined);
      at.put(out::state, static_cast<double>(place));
      return;
    }
    at.put(out::state, static_cast<double>(place));
    at.put(out::action, value_.contact[place] ? 0.0 : 1.0);
    at.put(out::value, value_.optimal[place]);
    at.put(out::future_value,
           math::value_of(math::real(value_.optimal[place]) - chain_.states[place].reward) + 0.0);
    at.put(out::always_contact_value, value_.always[place]);
    at.put(out::never_contact_value, value_.never[place]);
    at.put(out::order_probability, orders_[place]);
    at.put(out::expected_periods,
           std::isfinite(steps_[place]) ? steps_[place] : std::numeric_limits<double>::quiet_NaN());
  }

  markov_chain chain_;
  chain_value value_;
  chain_places by_recency_;
  std::vector<double> orders_;
  std::vector<double> steps_;
  std::vector<std::string> names_;
  std::map<std::string_view, std::size_t> places_; ///< of the names
};

inline constexpr entry markov_chain_entry{
    .description = &markov_chain_description,
    .finish = &finish_markov_chain,
    .check_model =
        [](const model& made) {
          (void)periods_of(made);
          (void)read_markov_chain(made);
        },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const std::size_t state = static_cast<std::size_t>(chain_input::state);
      const std::size_t recency = static_cast<std::size_t>(chain_input::recency);
      if (!request.given.empty() && !request.given[state] && !request.given[recency])
        throw error(status::schema, std::string(markov_chain_name) + ": a column state or recency is needed");
      const double yearly = request.options.has("discount_rate")
                                ? request.options.number("discount_rate")
                                : parse_number(request.self->option_text("discount_rate")).value_or(0.0);
      return std::make_unique<markov_chain_scorer>(
          read_markov_chain(*request.self), rate_of_period(yearly, periods_of(*request.self).in_a_year()),
          horizon_of(request.options));
    },
};

} // namespace emptor::value
