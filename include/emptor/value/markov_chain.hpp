// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/stats/markov_chain.hpp>

/// What a customer is worth as a Markov chain sees it (马尔可夫链客户价值), and when to give him up.
///
/// At the end of each period a customer is in one state, such as so many periods since his last order. Being there brings a
/// reward (the margin of the order that led there), and contacting him over the next period costs something. Where he is
/// a period later is chance, and depends on nothing but the state. With R the reward less the cost, P the matrix of the
/// probabilities and d the rate of a period, the value of each state is V = R + P V / (1 + d), so that
/// V = (I - P / (1 + d))^-1 R; with T periods to go it is R + P V(T - 1) / (1 + d), and V(0) = R.
/// Who is no longer contacted is gone, or moves by probabilities of his own. Which states to contact is found by policy
/// iteration: the value under some choice, then in each state the better choice under that value, until nothing changes.
///
/// Source: P. E. Pfeifer, R. L. Carraway, Modeling customer relationships as Markov chains, Journal of Interactive Marketing
/// 14(2), 2000, 43-55; R. A. Howard, Dynamic Programming and Markov Processes, 1960.
namespace emptor::value {

inline constexpr std::string_view markov_chain_name = "value.markov_chain";

/// States that a chain may have: equations take the cube of it.
inline constexpr std::int64_t most_chain_states = 512;

/// Ways from one state to another that a value over some periods may follow, all periods together: about a second, as who
/// asks for scores cannot cancel.
inline constexpr std::int64_t most_chain_ways = 200'000'000;

struct chain_state {
  std::string name;
  double reward = 0.0; ///< of being in it at the end of a period
  double cost = 0.0;   ///< of contacting over the next period a customer who is in it
  bool order = false;  ///< whether an order in the last period led here
  std::optional<std::int64_t>
      recency{}; ///< the fewest periods since the last order; 1 is an order in the last period
  std::optional<std::int64_t> frequency{}; ///< the fewest orders so far
  std::optional<double> monetary{};        ///< the least money so far, in whole units
  std::int64_t departures = 0;             ///< transitions that its probabilities were estimated from
  double reward_error = std::numeric_limits<double>::quiet_NaN(); ///< standard error of the reward
};

struct markov_chain {
  std::vector<chain_state> states;
  std::vector<bool> known; ///< whether there are probabilities from a state; no known one leads to an unknown
  stats::transition_matrix contacted;  ///< of customers who are contacted
  std::vector<bool> moves_uncontacted; ///< whether who is not contacted stays a customer, by `uncontacted`
  stats::transition_matrix uncontacted;

  /// Whether customers there are lost for good.
  [[nodiscard]] bool is_lost(std::size_t state) const noexcept {
    return known[state] && contacted.is_absorbing(state);
  }
};

/// Finds the state of a customer by his recency, frequency and money.
class chain_places {
public:
  explicit chain_places(const markov_chain& of)
      : none_(of.states.size()) {
    for (std::size_t i = 0; i < of.states.size(); ++i) {
      if (of.states[i].recency)
        sorted_.push_back({*of.states[i].recency, of.states[i].frequency, of.states[i].monetary, i});
      has_monetary_ = has_monetary_ || of.states[i].monetary;
    }
    std::sort(sorted_.begin(), sorted_.end(), [](const cell& left, const cell& right) {
      return std::tie(left.recency, left.frequency, left.monetary) >
             std::tie(right.recency, right.frequency, right.monetary);
    });
  }
  /// Where none is meant.
  [[nodiscard]] std::size_t none() const noexcept { return none_; }
  /// Whether some state is one of customers with so much money.
  [[nodiscard]] bool has_monetary() const noexcept { return has_monetary_; }
  /// The state with the largest recency that is no larger than this one, of these the one with the largest frequency that is
  /// no larger, and of these the one with the most money that is no more; a state without frequency or money takes any.
  /// \param frequency NaN where it is not known \param monetary in whole units, below 0 as 0; NaN likewise
  [[nodiscard]] std::size_t find(double recency, double frequency, double monetary) const noexcept {
    auto at = std::partition_point(sorted_.begin(), sorted_.end(), [&](const cell& one) {
      return !(static_cast<double>(one.recency) <= recency);
    });
    const double money = monetary < 0.0 ? 0.0 : monetary;
    const auto takes = [&](const cell& one) {
      return (!one.frequency || static_cast<double>(*one.frequency) <= frequency) &&
             (!one.monetary || *one.monetary <= money);
    };
    while (at != sorted_.end() && !takes(*at))
      ++at;
    return at == sorted_.end() ? none_ : at->state;
  }

private:
  struct cell {
    std::int64_t recency = 0;
    std::optional<std::int64_t> frequency{};
    std::optional<double> monetary{};
    std::size_t state = 0;
  };
  std::vector<cell> sorted_; ///< falling
  bool has_monetary_ = false;
  std::size_t none_;
};

/// The rate of a period from one a year, as (1 + rate)^(1 / periods in a year) - 1. \param yearly > -1
[[nodiscard]] inline double rate_of_period(double yearly, double periods_in_a_year) noexcept {
  if (periods_in_a_year == 1.0)
    return yearly;
  return math::value_of(math::expm1(math::log1p(math::real(yearly)) / periods_in_a_year));
}

/// What a chain is worth, by state; NaN for states that are not known.
struct chain_value {
  std::vector<double> optimal; ///< contacting where that is worth more
  std::vector<double> always;  ///< contacting all
  std::vector<double> never;   ///< contacting nobody
  std::vector<bool> contact;   ///< whether to contact now; where both are worth the same, not
};

namespace detail {

/// Below this part of the sums that they are made of, two values are the same.
inline constexpr double chain_tie = 1e-12;

class chain_solver {
public:
  chain_solver(const markov_chain& of, double rate)
      : of_(of)
      , keeps_(math::value_of(math::real(1.0) / (math::real(1.0) + rate)))
      , loses_(math::value_of(math::real(rate) / (math::real(1.0) + rate))) {
    const std::size_t n = of.states.size();
    for (const bool contact : {false, true}) {
      ways_[contact].resize(n);
      for (std::size_t i = 0; i < n; ++i) {
        const stats::transition_matrix* const by = moves(i, contact);
        for (std::size_t to = 0; by != nullptr && to < n; ++to) {
          if ((*by)(i, to) > 0.0)
            ways_[contact][i].push_back({to, math::value_of(math::real(keeps_) * (*by)(i, to))});
        }
      }
    }
  }

  /// From all states, under both actions.
  [[nodiscard]] std::int64_t ways() const noexcept {
    std::size_t all = 0;
    for (const std::vector<std::vector<way>>& of : ways_) {
      for (const std::vector<way>& from : of)
        all += from.size();
    }
    return static_cast<std::int64_t>(all);
  }
  [[nodiscard]] double income(std::size_t state, bool contact) const noexcept {
    const chain_state& one = of_.states[state];
    return math::value_of(math::real(one.reward) - (contact ? one.cost : 0.0));
  }
  /// Where a customer moves by, null where he is gone.
  [[nodiscard]] const stats::transition_matrix* moves(std::size_t state, bool contact) const noexcept {
    return contact ? &of_.contacted : of_.moves_uncontacted[state] ? &of_.uncontacted : nullptr;
  }
  /// What a state is worth with the value of all states a period later. \param size gets the sum of the sizes of the parts
  [[nodiscard]] double worth(std::size_t state, bool contact, const std::vector<double>& later,
                             double& size) const {
    using math::real;
    real sum(income(state, contact));
    real all(math::abs(of_.states[state].reward) + (contact ? of_.states[state].cost : 0.0));
    for (const way& one : ways_[contact][state]) {
      sum += real(one.share) * later[one.to];
      all += real(one.share) * math::abs(later[one.to]);
    }
    size = math::value_of(all);
    return math::value_of(sum);
  }
  /// Whether to contact is worth more.
  [[nodiscard]] bool better_contacted(std::size_t state, const std::vector<double>& later,
                                      double& best) const {
    double size[2] = {};
    const double without = worth(state, false, later, size[0]);
    const double with = worth(state, true, later, size[1]);
    const bool better = with - without > chain_tie * (size[0] + size[1]);
    best = better ? with : without;
    return better;
  }
  /// Solves the equations of a policy for right-hand sides that are not negative.
  [[nodiscard]] bool solve(const std::vector<bool>& contact, std::span<std::vector<double>> sides) const {
    const std::size_t n = of_.states.size();
    stats::chain_equations equations(n);
    for (std::size_t i = 0; i < n; ++i) {
      const stats::transition_matrix* by = of_.known[i] ? moves(i, contact[i]) : nullptr;
      // Who stays for ever where nothing comes in is gone.
      if (by == nullptr || (by->is_absorbing(i) && income(i, contact[i]) == 0.0)) {
        equations.lose(i, 1.0);
        continue;
      }
      equations.lose(i, loses_);
      for (const way& one : ways_[contact[i]][i]) {
        if (one.to != i)
          equations.pass(i, one.to, one.share);
      }
    }
    return equations.solve(sides);
  }
  /// \throws error status::option where it is not finite
  [[nodiscard]] std::vector<double> value_of_policy(const std::vector<bool>& contact) const {
    const std::size_t n = of_.states.size();
    std::vector<double> sides[2] = {std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
    for (std::size_t i = 0; i < n; ++i) {
      if (of_.known[i])
        sides[income(i, contact[i]) < 0.0 ? 1 : 0][i] = math::abs(income(i, contact[i]));
    }
    if (!solve(contact, sides))
      throw error(
          status::option,
          std::string(markov_chain_name) +
              ": without an end and at discount_rate 0 a customer who is never lost has no finite value; set "
              "a discount_rate above 0 or option horizon_periods");
    for (std::size_t i = 0; i < n; ++i) {
      sides[0][i] = of_.known[i] ? math::value_of(math::real(sides[0][i]) - sides[1][i]) + 0.0
                                 : std::numeric_limits<double>::quiet_NaN();
      if (of_.known[i] && !std::isfinite(sides[0][i]))
        throw error(status::option,
                    std::string(markov_chain_name) +
                        ": discount_rate is so close to 0 that a value is beyond what a number holds; "
                        "set option horizon_periods");
    }
    return std::move(sides[0]);
  }

private:
  /// Where to, and with which probability, discounted by a period.
  struct way {
    std::size_t to;
    double share;
  };
  const markov_chain& of_;
  double keeps_;                          ///< 1 / (1 + rate)
  double loses_;                          ///< what that leaves of 1
  std::vector<std::vector<way>> ways_[2]; ///< by state, of those who are not contacted and who are
};

} // namespace detail

/// The value of each state without an end.
/// \param rate of a period, >= 0
/// \throws error status::option for a rate below 0, for which there is none; at rate 0 where some customers are never lost;
///         where a value is beyond what numbers hold
[[nodiscard]] inline chain_value value_chain(const markov_chain& of, double rate, const run& how = {}) {
  if (!(rate >= 0.0))
    throw error(status::option,
                message(markov_chain_name, "option discount_rate", -1, to_text(rate) + " a period",
                        ">= 0 where option horizon_periods sets no end"));
  const detail::chain_solver solver(of, rate);
  const std::size_t n = of.states.size();
  chain_value made;
  made.always = solver.value_of_policy(std::vector<bool>(n, true));
  made.never = solver.value_of_policy(std::vector<bool>(n, false));
  made.optimal = made.never;
  made.contact.assign(n, false);
  double unused = 0.0;
  // Each round is better than the one before, so that few are needed; rounding alone could go round in circles.
  bool changed = true;
  for (std::size_t round = 0; changed && round < 100 + 4 * n; ++round) {
    how.check(0.9);
    changed = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (!of.known[i])
        continue;
      double size[2] = {};
      const double now = solver.worth(i, made.contact[i], made.optimal, size[0]);
      const double other = solver.worth(i, !made.contact[i], made.optimal, size[1]);
      if (other - now > detail::chain_tie * (size[0] + size[1])) {
        made.contact[i] = !made.contact[i];
        changed = true;
      }
    }
    if (changed)
      made.optimal = solver.value_of_policy(made.contact);
  }
  for (std::size_t i = 0; i < n; ++i)
    made.contact[i] = of.known[i] && solver.better_contacted(i, made.optimal, unused);
  return made;
}

/// The value of each state with some periods to go, after which nothing more comes.
/// \param rate of a period, > -1 \param periods >= 0 \param most_ways times the transitions and the periods
/// \throws error status::option where a value is beyond what numbers hold, and where the chain has so many transitions that
///         so many periods take too long and the values have not come to rest before
[[nodiscard]] inline chain_value value_chain(const markov_chain& of, double rate, std::int64_t periods,
                                             const run& how = {}, std::int64_t most_ways = most_chain_ways) {
  const detail::chain_solver solver(of, rate);
  const std::size_t n = of.states.size();
  const std::vector<double> nothing(n, 0.0);
  chain_value made{nothing, nothing, nothing, std::vector<bool>(n, false)};
  chain_value later = made;
  double unused = 0.0;
  const std::int64_t ways = std::max<std::int64_t>(solver.ways(), 1);
  const std::int64_t most = most_ways / ways;
  for (std::int64_t left = 0; left <= periods; ++left) {
    if (left > most)
      throw error(status::option,
                  message(markov_chain_name, "option horizon_periods", -1, std::to_string(periods),
                          "at most " + std::to_string(most) + " for a chain with " + std::to_string(ways) +
                              " transitions; without it there is no end"));
    if (left % 64 == 0 || ways > 10000)
      how.check(0.9);
    std::swap(made, later);
    for (std::size_t i = 0; i < n; ++i) {
      if (!of.known[i])
        continue;
      made.always[i] = solver.worth(i, true, later.always, unused);
      made.never[i] = solver.worth(i, false, later.never, unused);
      made.contact[i] = solver.better_contacted(i, later.optimal, made.optimal[i]);
    }
    if (made.optimal == later.optimal && made.always == later.always && made.never == later.never)
      break; // more periods change no bit
  }
  for (std::vector<double>* values : {&made.optimal, &made.always, &made.never}) {
    for (std::size_t i = 0; i < n; ++i) {
      if (!of.known[i])
        (*values)[i] = std::numeric_limits<double>::quiet_NaN();
      else if (!std::isfinite((*values)[i]))
        throw error(status::option, std::string(markov_chain_name) + ": a value over " +
                                        std::to_string(periods) + " periods is beyond what a number holds");
      (*values)[i] += 0.0;
    }
  }
  return made;
}

/// \param periods none = without an end
[[nodiscard]] inline chain_value value_chain(const markov_chain& of, double rate,
                                             std::optional<std::int64_t> periods, const run& how = {}) {
  return periods ? value_chain(of, rate, *periods, how) : value_chain(of, rate, how);
}

/// The standard error of the value of each state without an end, under a policy that stands: how far it is unsure because the
/// probabilities were estimated from so many departures (as a multinomial variable) and the rewards with their errors, each
/// independent of the others. The first term of the series of V in both: with N = (I - P / (1 + d))^-1 the variance of V(s) is
/// the sum over states i of N(s, i)^2 (the variance of the reward + that of the sum of P(i, j) V(j) / (1 + d)).
/// Only contacted states have errors of their probabilities. NaN where no departure is known.
[[nodiscard]] inline std::vector<double> value_errors(const markov_chain& of, double rate,
                                                      const chain_value& values) {
  using math::real;
  const std::size_t n = of.states.size();
  const detail::chain_solver solver(of, rate);
  std::vector<double> variance(n, 0.0);
  bool any = false;
  for (std::size_t i = 0; i < n; ++i) {
    const chain_state& one = of.states[i];
    if (!of.known[i])
      continue;
    if (one.reward_error > 0.0)
      variance[i] = math::value_of(real(one.reward_error) * one.reward_error);
    if (one.departures <= 0)
      continue;
    any = true;
    if (!values.contact[i])
      continue;
    const real mean = of.contacted.mean_of(i, values.optimal);
    real spread(0.0);
    for (std::size_t to = 0; to < n; ++to) {
      if (const double share = of.contacted(i, to); share != 0.0) {
        const real off = real(values.optimal[to]) - mean;
        spread += real(share) * off * off;
      }
    }
    const real kept = real(1.0) / (real(1.0) + rate);
    variance[i] =
        math::value_of(real(variance[i]) + kept * kept * spread / static_cast<double>(one.departures));
  }
  std::vector<std::vector<double>> sides;
  std::vector<double> of_sides;
  for (std::size_t i = 0; i < n; ++i) {
    if (variance[i] > 0.0) {
      sides.emplace_back(n, 0.0);
      sides.back()[i] = 1.0;
      of_sides.push_back(variance[i]);
    }
  }
  const bool solved = solver.solve(values.contact, sides);
  std::vector<double> made(n, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; any && solved && i < n; ++i) {
    if (!of.known[i])
      continue;
    real sum(0.0);
    for (std::size_t k = 0; k < sides.size(); ++k)
      sum += real(sides[k][i]) * sides[k][i] * of_sides[k];
    made[i] = math::value_of(sqrt(sum));
  }
  return made;
}

/// The probability that a customer in a state orders in the next period, where he is contacted.
[[nodiscard]] inline std::vector<double> order_probabilities(const markov_chain& of) {
  const std::size_t n = of.states.size();
  std::vector<double> orders(n);
  for (std::size_t i = 0; i < n; ++i)
    orders[i] = of.states[i].order ? 1.0 : 0.0;
  std::vector<double> made(n, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < n; ++i) {
    if (of.known[i])
      made[i] = std::min(math::value_of(of.contacted.mean_of(i, orders)), 1.0);
  }
  return made;
}

namespace detail {

/// How far probabilities from a state may miss 1 together, as decimal digits do.
inline constexpr double most_off_one = 1e-9;

/// The probabilities of a table, refused where they do not make a chain.
inline void read_chain_rows(const model& from, std::string_view name,
                            const std::map<std::string_view, std::size_t>& places,
                            stats::transition_matrix& into, std::vector<bool>& given) {
  const model_table held(markov_chain_name, &from, name);
  const std::size_t n = places.size();
  into = stats::transition_matrix(n);
  given.assign(n, false);
  std::vector<bool> told(n * n, false);
  const auto place = [&](std::string_view column, std::int64_t row) {
    const std::string_view text = held.text(column, row).value_or("");
    const auto at = places.find(text);
    if (at == places.end())
      held.refuse(column, row, std::string(text), "a state of the table states");
    return at->second;
  };
  std::vector<std::int64_t> last_row(n, 0);
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const std::size_t i = place("from", row);
    const std::size_t j = place("to", row);
    if (told[i * n + j])
      held.refuse("to", row, std::string(held.text("to", row).value_or("")) + " again",
                  "given once from each state");
    told[i * n + j] = true;
    given[i] = true;
    last_row[i] = row;
    into(i, j) = held.number("probability", row).value_or(0.0);
  }
  for (const auto& [state, i] : places) {
    if (!given[i])
      continue;
    math::real sum(0.0);
    bool elsewhere = false;
    for (std::size_t j = 0; j < n; ++j) {
      sum += into(i, j);
      elsewhere = elsewhere || (j != i && into(i, j) > 0.0);
    }
    const double all = math::value_of(sum);
    if (!(math::abs(all - 1.0) <= most_off_one))
      throw error(status::data,
                  message(markov_chain_name, "the sum of " + std::string(name) + " from " + shortened(state),
                          -1, to_text(all), "1"),
                  last_row[i]);
    if (!elsewhere)
      into(i, i) = 1.0;
  }
}

} // namespace detail

/// The chain of a model.
/// \throws error status::too_few without a state, status::data for a state, transition, or cell of recency, frequency and monetary that
///         comes twice, a state that nobody knows, probabilities that do not sum to 1, and a way to a state from which there
///         are no probabilities
[[nodiscard]] inline markov_chain read_markov_chain(const model& from) {
  const model_table held(markov_chain_name, &from, "states");
  markov_chain made;
  if (held.rows() == 0)
    throw error(status::too_few, std::string(markov_chain_name) + ": the table states has no row");
  if (held.rows() > most_chain_states)
    throw error(status::data,
                message(markov_chain_name, "the number of states", -1, std::to_string(held.rows()),
                        "at most " + std::to_string(most_chain_states)));
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    chain_state one;
    one.name = std::string(held.text("state", row).value_or(""));
    one.reward = held.number("reward", row).value_or(0.0);
    one.cost = held.number("cost", row).value_or(0.0);
    one.order = held.truth("order", row).value_or(one.reward > 0.0);
    one.recency = held.count("recency", row);
    one.frequency = held.count("frequency", row);
    one.monetary = held.number("monetary", row);
    one.departures = held.count("departures", row).value_or(0);
    one.reward_error = held.number("reward_error", row).value_or(one.reward_error);
    if (one.frequency && !one.recency)
      held.refuse("recency", row, "missing", "there where frequency is");
    if (one.monetary && !one.recency)
      held.refuse("recency", row, "missing", "there where monetary is");
    made.states.push_back(std::move(one));
  }
  std::map<std::string_view, std::size_t> places;
  std::set<std::tuple<std::int64_t, std::optional<std::int64_t>, std::optional<double>>> cells;
  for (std::size_t i = 0; i < made.states.size(); ++i) {
    const chain_state& one = made.states[i];
    if (!places.emplace(one.name, i).second)
      held.refuse("state", static_cast<std::int64_t>(i), one.name + " again", "given once");
    if (one.recency && !cells.emplace(*one.recency, one.frequency, one.monetary).second)
      held.refuse("recency", static_cast<std::int64_t>(i), std::to_string(*one.recency) + " again",
                  "of one state only for each frequency and monetary");
  }
  detail::read_chain_rows(from, "transitions", places, made.contacted, made.known);
  detail::read_chain_rows(from, "uncontacted", places, made.uncontacted, made.moves_uncontacted);
  for (std::size_t i = 0; i < made.states.size(); ++i) {
    for (std::size_t j = 0; j < made.states.size(); ++j) {
      if ((made.contacted(i, j) > 0.0 || made.uncontacted(i, j) > 0.0) && !made.known[j])
        throw error(status::data, std::string(markov_chain_name) + ": state " +
                                      shortened(made.states[j].name) + " is reached from " +
                                      shortened(made.states[i].name) +
                                      ", but the table transitions has no row from it");
    }
  }
  return made;
}

/// The periods of a model. \throws error status::option
[[nodiscard]] inline stats::calendar_periods periods_of(const model& from, std::int32_t last_of_one = 0) {
  return stats::read_periods(markov_chain_name, from.option_text("period"), last_of_one);
}

} // namespace emptor::value
