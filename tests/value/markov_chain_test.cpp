// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/markov_chain_entry.hpp>

#include "credit/finished.hpp"
#include "src/examples.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::markov_chain_test {
namespace {

using digits = boost::multiprecision::cpp_bin_float_100;
using options = std::vector<option>;
using texts = std::vector<std::string>;
using test::order_row;
using test::variates;

/// A table of a model from CSV, counts as whole numbers.
table table_of(std::string_view name, std::span<const column_description> described, const std::string& csv) {
  table made{std::string(name)};
  const table read = test::table_of(name, described, csv);
  for (const column& one : read.columns()) {
    if (test::find_role(described, one.name())->what != content::count || one.type() == dtype::int64) {
      made.add(one);
      continue;
    }
    std::vector<std::int64_t> whole;
    for (std::int64_t row = 0; row < one.size(); ++row)
      whole.push_back(
          one.is_valid(row) ? static_cast<std::int64_t>(one.as<double>()[static_cast<std::size_t>(row)]) : 0);
    column counts = column::integers(one.name(), std::move(whole));
    for (std::int64_t row = 0; row < one.size(); ++row) {
      if (!one.is_valid(row))
        counts.set_missing(row);
    }
    made.add(std::move(counts));
  }
  return made;
}
/// A model from tables as CSV.
model model_of(const std::string& states, const std::string& transitions, const std::string& uncontacted = {},
               options with = {}) {
  model made;
  made.entry = std::string(markov_chain_name);
  made.options = option_values(markov_chain_name, chain_model_options, with).all();
  made.tables.push_back(table_of("states", chain_state_columns, states));
  made.tables.push_back(table_of("transitions", chain_transition_columns, transitions));
  if (!uncontacted.empty())
    made.tables.push_back(table_of("uncontacted", chain_uncontacted_columns, uncontacted));
  return made;
}
markov_chain paper() {
  return read_markov_chain(
      model_of(std::string(chain_score_model[0].csv), std::string(chain_score_model[1].csv)));
}

/// Probabilities that sum to 1, some of them 0. \param lost whether the last state keeps whoever comes there
stats::transition_matrix random_matrix(variates& draw, std::size_t n, bool lost) {
  stats::transition_matrix made(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> weights(n);
    double sum = 0.0;
    for (double& one : weights)
      sum += one = draw.uniform() < 0.4 ? 0.0 : draw.uniform();
    weights[(i + 1) % n] += 0.1;
    sum += 0.1;
    for (std::size_t j = 0; j < n; ++j)
      made(i, j) = lost && i + 1 == n ? (j == i ? 1.0 : 0.0) : weights[j] / sum;
  }
  return made;
}
markov_chain random_chain(variates& draw, std::size_t n, double moving) {
  markov_chain made;
  made.contacted = random_matrix(draw, n, true);
  made.uncontacted = random_matrix(draw, n, true);
  made.known.assign(n, true);
  for (std::size_t i = 0; i < n; ++i) {
    chain_state one;
    one.name = "s" + std::to_string(i);
    if (i + 1 < n) {
      one.reward = draw.uniform() < 0.5 ? 0.0 : std::floor(100.0 * draw.uniform() - 10.0);
      one.cost = std::floor(20.0 * draw.uniform());
    }
    made.states.push_back(one);
    made.moves_uncontacted.push_back(draw.uniform() < moving);
  }
  return made;
}

std::vector<digits> solved(std::vector<std::vector<digits>> a, std::vector<digits> b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      pivot = abs(a[i][k]) > abs(a[pivot][k]) ? i : pivot;
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k)
        continue;
      const digits part = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j)
        a[i][j] -= part * a[k][j];
      b[i] -= part * b[k];
    }
  }
  for (std::size_t k = 0; k < n; ++k)
    b[k] /= a[k][k];
  return b;
}
/// The value of a policy with a hundred digits; the diagonal is what the other probabilities leave. \param size of all parts
std::vector<digits> exact_value(const markov_chain& of, double rate, const std::vector<bool>& contact,
                                bool size = false) {
  const std::size_t n = of.states.size();
  const digits keeps = 1 / (1 + digits(rate));
  std::vector<std::vector<digits>> a(n, std::vector<digits>(n, 0));
  std::vector<digits> b(n);
  for (std::size_t i = 0; i < n; ++i) {
    const stats::transition_matrix* by = contact[i]                ? &of.contacted
                                         : of.moves_uncontacted[i] ? &of.uncontacted
                                                                   : nullptr;
    b[i] = digits(of.states[i].reward) - (contact[i] ? digits(of.states[i].cost) : digits(0));
    b[i] = size ? digits(abs(b[i])) : b[i];
    a[i][i] = 1;
    digits others = 0;
    for (std::size_t j = 0; by != nullptr && j < n; ++j) {
      if (j == i)
        continue;
      others += (*by)(i, j);
      a[i][j] -= keeps * (*by)(i, j);
    }
    if (by != nullptr && !by->is_absorbing(i))
      a[i][i] -= keeps * (1 - others);
  }
  return solved(std::move(a), std::move(b));
}

// V = (321504, 34128, 7686, -11184, 0) / 6145; (64949 / 1296, 1823 / 432, 6139 / 10368, -10265 / 5184, 0) with four periods to
// go; (4624, 576, 230, 0, 0) / 87 where the fourth is given up: tests/oracle/markov_chain.py.
TEST(markov_chain, values_of_the_paper) {
  const chain_value found = value_chain(paper(), 0.2);
  const chain_value four = value_chain(paper(), 0.2, 4);
  const double always[] = {321504.0 / 6145, 34128.0 / 6145, 7686.0 / 6145, -11184.0 / 6145, 0.0};
  const double best[] = {4624.0 / 87, 576.0 / 87, 230.0 / 87, 0.0, 0.0};
  const double left[] = {64949.0 / 1296, 1823.0 / 432, 6139.0 / 10368, -10265.0 / 5184, 0.0};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(found.always[i], always[i], 1e-14 * std::abs(always[i]));
    EXPECT_NEAR(found.optimal[i], best[i], 1e-14 * std::abs(best[i]));
    EXPECT_NEAR(four.always[i], left[i], 1e-14 * std::abs(always[0]));
    EXPECT_EQ(found.contact[i], i < 3);
  }
}

TEST(markov_chain, value_is_that_of_a_hundred_digits) {
  variates draw(11);
  for (int round = 0; round < 150; ++round) {
    const markov_chain chain = random_chain(draw, 2 + static_cast<std::size_t>(9 * draw.uniform()), 0.3);
    const double rates[] = {0.0, 1e-9, 0.01, 0.2, 3.0};
    const double rate = rates[round % 5];
    const std::vector<bool> all(chain.states.size(), true);
    const chain_value found = value_chain(chain, rate);
    const std::vector<digits> exact = exact_value(chain, rate, all);
    const std::vector<digits> best = exact_value(chain, rate, found.contact);
    const std::vector<digits> size = exact_value(chain, rate, all, true);
    const std::vector<digits> best_size = exact_value(chain, rate, found.contact, true);
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_NEAR(found.always[i], static_cast<double>(exact[i]), 1e-13 * static_cast<double>(size[i]));
      EXPECT_NEAR(found.optimal[i], static_cast<double>(best[i]), 1e-11 * static_cast<double>(best_size[i]));
    }
  }
}

// Of a chain that hardly loses anybody, pivots of 1 - p would keep four digits of the value.
TEST(markov_chain, values_keep_their_digits_next_to_never_lost) {
  markov_chain chain;
  chain.contacted = stats::transition_matrix(3);
  chain.contacted(0, 0) = 1.0 - 1e-12;
  chain.contacted(0, 1) = 1e-12;
  chain.contacted(1, 0) = 0.75;
  chain.contacted(1, 2) = 0.25;
  chain.contacted(2, 2) = 1.0;
  chain.uncontacted = stats::transition_matrix(3);
  chain.known.assign(3, true);
  chain.moves_uncontacted.assign(3, false);
  chain.states = {{.name = "a", .reward = 3.0}, {.name = "b", .reward = 1.0}, {.name = "lost"}};
  for (const double rate : {0.0, 1e-15}) {
    const std::vector<digits> exact = exact_value(chain, rate, {true, true, true});
    const chain_value found = value_chain(chain, rate);
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_NEAR(found.always[i] / static_cast<double>(exact[i]), 1.0, 1e-14);
  }
}

TEST(markov_chain, policy_iteration_finds_the_best_of_all_policies) {
  variates draw(12);
  int some = 0;
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = 2 + static_cast<std::size_t>(5 * draw.uniform());
    const markov_chain chain = random_chain(draw, n, 0.5);
    const double rate = 0.02 + draw.uniform();
    const chain_value found = value_chain(chain, rate);
    std::vector<double> best(n, -1e300);
    for (std::size_t policy = 0; policy < std::size_t{1} << n; ++policy) {
      std::vector<bool> contact(n);
      for (std::size_t i = 0; i < n; ++i)
        contact[i] = (policy >> i & 1U) != 0;
      const std::vector<digits> value = exact_value(chain, rate, contact);
      for (std::size_t i = 0; i < n; ++i)
        best[i] = std::max(best[i], static_cast<double>(value[i]));
    }
    std::size_t contacted = 0;
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(found.optimal[i], best[i], 1e-9 * (1.0 + std::abs(best[i])));
      EXPECT_GE(found.optimal[i], found.always[i] - 1e-9);
      EXPECT_GE(found.optimal[i], found.never[i] - 1e-9);
      contacted += found.contact[i] ? 1U : 0U;
    }
    some += contacted > 0 && contacted < n ? 1 : 0;
  }
  EXPECT_GT(some, 60);
}

TEST(markov_chain, many_periods_are_as_good_as_no_end_and_one_more_is_one_step_more) {
  variates draw(13);
  for (int round = 0; round < 20; ++round) {
    const markov_chain chain = random_chain(draw, 6, 0.5);
    const chain_value endless = value_chain(chain, 0.15);
    const chain_value far = value_chain(chain, 0.15, 400);
    const chain_value seven = value_chain(chain, 0.15, 7);
    const chain_value six = value_chain(chain, 0.15, 6);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(far.optimal[i], endless.optimal[i], 1e-10 * (1.0 + std::abs(endless.optimal[i])));
      EXPECT_NEAR(far.always[i], endless.always[i], 1e-10 * (1.0 + std::abs(endless.always[i])));
      double on = chain.states[i].reward - chain.states[i].cost;
      for (std::size_t j = 0; j < 6; ++j)
        on += chain.contacted(i, j) * six.always[j] / 1.15;
      EXPECT_NEAR(seven.always[i], on, 1e-10);
    }
    // At a rate below 0 an end makes a value.
    EXPECT_TRUE(std::isfinite(value_chain(chain, -0.5, 30).optimal[0]));
  }
  const chain_value none = value_chain(paper(), 0.2, 0);
  EXPECT_EQ(none.always, (std::vector<double>{36.0, -4.0, -4.0, -4.0, 0.0}));
  EXPECT_EQ(none.optimal, (std::vector<double>{40.0, 0.0, 0.0, 0.0, 0.0}));
}

TEST(markov_chain, rate_of_a_period) {
  EXPECT_EQ(rate_of_period(0.2, 1.0), 0.2);
  EXPECT_NEAR(rate_of_period(0.1, 12.0), 0.007974140428903764, 1e-16);
  EXPECT_NEAR(std::pow(1.0 + rate_of_period(-0.3, 4.0), 4.0), 0.7, 1e-15);
}

TEST(markov_chain, what_has_no_value_is_refused) {
  const auto refusal = [](const std::string& transitions, double rate,
                          std::optional<std::int64_t> periods = {}) {
    const markov_chain chain = read_markov_chain(model_of("state,reward,cost\na,10,1\nb,5,1\n", transitions));
    return test::code_of([&] { return value_chain(chain, rate, periods); });
  };
  const std::string closed = "from,to,probability\na,a,0.5\na,b,0.5\nb,a,1\n";
  EXPECT_EQ(refusal(closed, 0.0), status::option) << "nobody is ever lost";
  EXPECT_EQ(refusal(closed, 1e-6), status::ok);
  EXPECT_EQ(refusal(closed, -0.1), status::option);
  EXPECT_EQ(refusal(closed, -0.1, 5), status::ok);
  EXPECT_EQ(refusal(closed, 0.0, 5), status::ok);
  EXPECT_EQ(refusal(closed, 0.0, 0), status::ok);
  EXPECT_EQ(refusal("from,to,probability\na,b,1\nb,b,1\n", 0.0), status::option) << "for ever 4 a period";
  EXPECT_EQ(refusal(closed, 1e-320), status::option) << "more than a number holds";
  // The rate is a domain of the option.
  EXPECT_EQ(test::code_of([] {
              return option_values(markov_chain_name, chain_score_options, options{{"discount_rate", "-1"}});
            }),
            status::option);
}

TEST(markov_chain, tables_that_make_no_chain_are_refused_by_name) {
  const auto why = [](const std::string& states, const std::string& transitions,
                      const std::string& uncontacted = {}) {
    std::string text;
    EXPECT_NE(
        test::code_of([&] { return read_markov_chain(model_of(states, transitions, uncontacted)); }, &text),
        status::ok);
    return text;
  };
  const std::string two = "state,reward\na,10\nb,0\n";
  EXPECT_EQ(why(two, "from,to,probability\na,a,0.5\na,b,0.45\nb,b,1\n"),
            "value.markov_chain: the sum of transitions from a is 0.95, but must be 1");
  EXPECT_EQ(why(two, "from,to,probability\na,c,1\n"),
            "value.markov_chain: to[0] is c, but must be a state of the table states");
  EXPECT_EQ(why(two, "from,to,probability\na,b,0.5\na,b,0.5\nb,b,1\n"),
            "value.markov_chain: to[1] is b again, but must be given once from each state");
  EXPECT_EQ(why(two, "from,to,probability\na,b,1\n"),
            "value.markov_chain: state b is reached from a, but the table transitions has no row from it");
  EXPECT_EQ(why(two, "from,to,probability\na,b,1\nb,b,1\n", "from,to,probability\na,b,0.25\na,a,0.5\n"),
            "value.markov_chain: the sum of uncontacted from a is 0.75, but must be 1");
  EXPECT_EQ(why("state,reward\na,10\na,0\n", "from,to,probability\na,a,1\n"),
            "value.markov_chain: state[1] is a again, but must be given once");
  EXPECT_EQ(why("state,reward,recency\na,10,2\nb,0,2\n", "from,to,probability\na,a,1\n"),
            "value.markov_chain: recency[1] is 2 again, but must be of one state only for each frequency "
            "and monetary");
  EXPECT_EQ(why("state,reward\n", "from,to,probability\n"),
            "value.markov_chain: the table states has no row");
}

/// One row through the scorer: the status, and the cells that came out.
struct scored {
  row_status status = row_status::ok;
  double out[std::size(chain_outputs)] = {};
};
scored score(const model& with, std::string_view state, double recency, double frequency, options given = {},
             double monetary = std::numeric_limits<double>::quiet_NaN()) {
  const score_request request{.self = &with,
                              .options = option_values(markov_chain_name, chain_score_options, given),
                              .slots = {},
                              .inputs = {"state", "recency", "frequency", "monetary"},
                              .given = {true, true, true, true},
                              .wanted = std::vector<bool>(std::size(chain_outputs), true)};
  const std::unique_ptr<scorer> made = markov_chain_entry.bind(request);
  scored found;
  const score_block::input in[] = {
      {.text = &state}, {.number = &recency}, {.number = &frequency}, {.number = &monetary}};
  std::vector<score_block::output> out;
  for (double& one : found.out)
    out.push_back({.number = &one});
  made->score({.rows = 1, .inputs = in, .outputs = out, .status = &found.status});
  return found;
}

TEST(markov_chain, rows_find_their_state) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const model with =
      model_of("state,reward,cost,recency,frequency\nnew,9,1,1,1\nregular,12,1,1,3\nquiet,0,1,2,1\n"
               "quiet regular,0,1,2,3\nunseen,0,1,3,5\nlost,0,0,4,\n",
               "from,to,probability\nnew,regular,0.2\nnew,quiet,0.8\nregular,regular,0.5\nregular,quiet "
               "regular,0.5\nquiet,lost,1\nquiet regular,lost,0.5\nquiet regular,regular,0.5\nlost,lost,1\n");
  const auto place = [&](std::string_view state, double recency, double frequency) {
    return score(with, state, recency, frequency).out[0];
  };
  EXPECT_EQ(place("", 1, 1), 0.0);
  EXPECT_EQ(place("", 1, 2), 0.0);
  EXPECT_EQ(place("", 1, 3), 1.0);
  EXPECT_EQ(place("", 2, 2), 2.0);
  EXPECT_EQ(place("", 3, 4), 3.0) << "recency 3 is known of five orders and more only";
  EXPECT_EQ(place("", 4, 1), 5.0);
  EXPECT_EQ(place("", 400, none), 5.0) << "who is lost is lost, whatever he ordered";
  EXPECT_EQ(place("quiet", 1, 3), 2.0) << "a state is taken at its word";
  const scored unseen = score(with, "unseen", none, none);
  EXPECT_EQ(unseen.status, row_status::undefined);
  EXPECT_EQ(unseen.out[0], 4.0);
  EXPECT_TRUE(std::isnan(unseen.out[2]));
  EXPECT_EQ(score(with, "", 3, 5).status, row_status::undefined);
  EXPECT_EQ(score(with, "other", 1, 1).status, row_status::unknown_level);
  EXPECT_EQ(score(with, "", none, 1).status, row_status::missing);
  EXPECT_EQ(score(with, "", 1, none).status, row_status::missing);
  EXPECT_EQ(score(with, "", 0, 1).status, row_status::undefined);
  // new: two periods at least; regular: 1 = 1 + (regular + quiet regular) / 2.
  EXPECT_NEAR(score(with, "regular", none, none).out[7], 6.0, 1e-14);
  EXPECT_NEAR(score(with, "new", none, none).out[6], 0.2, 1e-15);
  // The rate of the call goes before that of the model.
  EXPECT_LT(score(with, "regular", none, none, {{"discount_rate", "3"}}).out[2],
            score(with, "regular", none, none).out[2]);
  EXPECT_EQ(test::code_of([&] {
              return score(with, "new", 1, 1, {{"discount_rate", "-0.5"}});
            }),
            status::option);
}

TEST(markov_chain, who_is_never_lost_has_no_expected_periods) {
  const model with =
      model_of("state,reward,recency\na,10,1\nb,0,2\nc,0,3\n",
               "from,to,probability\na,b,0.5\na,c,0.5\nb,a,1\nc,c,1\n", {}, {{"period", "year"}});
  EXPECT_NEAR(score(with, "a", 1, 1).out[7], 3.0, 1e-14);
  const model closed = model_of("state,reward\na,10\nb,0\n", "from,to,probability\na,b,1\nb,a,1\n");
  const scored found = score(closed, "a", 1, 1);
  EXPECT_EQ(found.status, row_status::ok);
  EXPECT_TRUE(std::isnan(found.out[7]));
}

TEST(markov_chain, rows_find_their_state_by_money_too) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const model with =
      model_of("state,reward,recency,frequency,monetary\nsmall,9,1,1,0\nlarge,12,1,1,100.5\n"
               "often,0,1,3,0\noften large,0,1,3,100.5\nlost,0,2,,\n",
               "from,to,probability\nsmall,lost,1\nlarge,lost,1\noften,lost,1\noften large,lost,1\n"
               "lost,lost,1\n");
  const auto place = [&](double recency, double frequency, double monetary) {
    return score(with, "", recency, frequency, {}, monetary).out[0];
  };
  EXPECT_EQ(place(1, 1, 100.49), 0.0);
  EXPECT_EQ(place(1, 2, 100.5), 1.0);
  EXPECT_EQ(place(1, 3, 0), 2.0);
  EXPECT_EQ(place(1, 9, 1e9), 3.0);
  EXPECT_EQ(place(1, 3, -5), 2.0) << "below nothing counts as nothing";
  EXPECT_EQ(place(2, none, none), 4.0);
  EXPECT_EQ(score(with, "", 1, 1).status, row_status::missing);
  EXPECT_EQ(score(with, "", 0, 1, {}, 5).status, row_status::undefined);
}

// ---- The fit.

result fitted(const std::vector<order_row>& rows, options with, const std::optional<texts>& keys = {}) {
  stats::order_history store;
  test::push(store, rows, true);
  return finished::of(markov_chain_entry, store, with, {}, nullptr, keys);
}

/// Orders by chance over four years.
std::vector<order_row> random_orders(variates& draw, int customers) {
  std::vector<order_row> rows;
  for (int c = 0; c < customers; ++c) {
    const double busy = draw.uniform() * 90.0 + 3.0;
    double day = draw.uniform() * 900.0;
    while (day < 1461.0) {
      rows.push_back({"c" + std::to_string(c), to_string(date_from_days(18262 + static_cast<int>(day))),
                      static_cast<std::int64_t>(draw.uniform() * 10000.0)});
      day += 1.0 - std::log(draw.uniform()) * busy * (draw.uniform() < 0.1 ? 6.0 : 1.0);
    }
  }
  return rows;
}

/// The periods' last days, counted day by day.
std::vector<int> period_ends(const std::string& period, int until) {
  std::vector<int> ends;
  for (int day = 18262 - 800; day <= until; ++day) {
    const std::chrono::year_month_day next{date_from_days(day + 1)};
    const unsigned month = static_cast<unsigned>(next.month());
    const bool first = static_cast<unsigned>(next.day()) == 1;
    const bool ends_here = period == "month"     ? first
                           : period == "quarter" ? first && month % 3 == 1
                           : period == "year"    ? first && month == 1
                                                 : (until - day) % std::stoi(period) == 0;
    if (ends_here)
      ends.push_back(day);
  }
  return ends;
}

struct naive_fit {
  std::map<std::string, std::int64_t> counts; ///< by "from>to"
  std::int64_t restarts = 0;
};
/// Each customer at the end of each period, looked up anew.
naive_fit naive(const std::vector<order_row>& rows, const std::string& period, int from, int until, int most,
                bool open, const std::vector<std::int64_t>& classes, const std::vector<std::int64_t>& money) {
  std::map<std::string, std::vector<int>> days;
  std::map<std::string, std::map<int, std::int64_t>> cents;
  for (const order_row& row : rows) {
    const int day = days_since_epoch(parse_date(row.day).value());
    if (day <= until)
      days[row.customer].push_back(day);
    cents[row.customer][day] += *row.cents;
  }
  const std::vector<int> ends = period_ends(period, until);
  naive_fit made;
  for (auto& one_of : days) {
    std::vector<int>& of = one_of.second;
    std::sort(of.begin(), of.end());
    of.erase(std::unique(of.begin(), of.end()), of.end());
    const auto state = [&](std::size_t at) -> std::string {
      std::int64_t orders = 0;
      std::int64_t recency = 0;
      for (std::size_t i = 0; i <= at; ++i) {
        const int begin = i == 0 ? -1000000 : ends[i - 1];
        const auto own =
            std::count_if(of.begin(), of.end(), [&](int day) { return day > begin && day <= ends[i]; });
        orders += own;
        recency = own > 0 ? 1 : recency + (orders > 0 ? 1 : 0);
      }
      if (orders == 0)
        return "";
      if (recency > most)
        return "lost";
      std::string name = "recency " + std::to_string(recency);
      std::int64_t of_class = 1;
      for (const std::int64_t one : classes)
        of_class = one <= orders ? one : of_class;
      if (classes.size() > 1)
        name += ", frequency " + std::to_string(of_class);
      std::int64_t brought = 0;
      for (const auto& [day, amount] : cents[one_of.first])
        brought += day <= ends[at] ? amount : 0;
      std::int64_t of_money = 0;
      for (const std::int64_t one : money)
        of_money = one * 100 <= brought ? one : of_money;
      return money.size() > 1 ? name + ", monetary " + std::to_string(of_money) : name;
    };
    for (std::size_t at = 0; at + 1 < ends.size(); ++at) {
      const std::string before = state(at);
      const std::string after = state(at + 1);
      if (before.empty() || ends[at] < from)
        continue;
      if (before == "lost" && !open)
        made.restarts += after != "lost" ? 1 : 0;
      else
        ++made.counts[before + ">" + after];
    }
  }
  return made;
}

TEST(markov_chain, counts_are_those_of_a_look_at_each_customer_at_the_end_of_each_period) {
  variates draw(14);
  const char* const periods[] = {"month", "quarter", "year", "30", "91"};
  for (int round = 0; round < 20; ++round) {
    const std::vector<order_row> rows = random_orders(draw, 12);
    const std::string period = periods[round % 5];
    const int until = 18262 + 1461 - 1 - (round % 3) * 17;
    const int from = round % 2 == 0 ? 0 : 18262 + 400;
    const int most = 1 + round % 4;
    const bool open = round % 3 == 1;
    const std::vector<std::int64_t> classes =
        round % 4 < 2 ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{1, 3, 6};
    const std::vector<std::int64_t> money =
        round % 3 == 0 ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>{0, 80, 400};
    options with{{"period", period},
                 {"until", to_string(date_from_days(until))},
                 {"max_recency", std::to_string(most)},
                 {"frequency_from", classes.size() == 1 ? "1" : "1,3,6"},
                 {"monetary_from", money.size() == 1 ? "0" : "0,80,400"},
                 {"lost", open ? "open" : "absorbing"},
                 {"prior", "0.5"}};
    if (from != 0)
      with.push_back({"since", to_string(date_from_days(from))});
    const result made = fitted(rows, with);
    const naive_fit expected = naive(rows, period, from, until, most, open, classes, money);
    std::map<std::string, std::int64_t> counts;
    std::map<std::string, std::int64_t> left;
    std::map<std::string, double> sums;
    const table& transitions = finished::table_of(made, "transitions");
    std::int64_t all = 0;
    for (std::int64_t row = 0; row < transitions.rows(); ++row) {
      const auto at = static_cast<std::size_t>(row);
      const std::string origin(transitions.at("from").text()[row]);
      const std::int64_t count = transitions.at("count").as<std::int64_t>()[at];
      if (count > 0)
        counts[origin + ">" + std::string(transitions.at("to").text()[row])] = count;
      left[origin] += count;
      all += count;
      sums[origin] += transitions.at("probability").as<double>()[at];
    }
    EXPECT_EQ(counts, expected.counts) << round;
    EXPECT_EQ(finished::cells(made, "fit", {"restarts", "transitions"}),
              texts{std::to_string(expected.restarts) + " " + std::to_string(all)});
    const table& states = finished::table_of(made, "states");
    for (std::int64_t row = 0; row < states.rows(); ++row) {
      const std::string name(states.at("state").text()[row]);
      EXPECT_EQ(left[name], states.at("departures").as<std::int64_t>()[static_cast<std::size_t>(row)]);
      EXPECT_NEAR(sums[name], 1.0, 1e-12) << name;
    }
    EXPECT_NO_THROW((void)read_markov_chain(*made.fitted));
    // All customers are somewhere at the end.
    std::int64_t somewhere = 0;
    for (const std::int64_t one : finished::table_of(made, "values").at("customers").as<std::int64_t>())
      somewhere += one;
    EXPECT_EQ(finished::cells(made, "fit", {"customers"}), texts{std::to_string(somewhere)});
  }
}

TEST(markov_chain, order_split_and_threads_change_nothing) {
  variates draw(15);
  const std::vector<order_row> rows = random_orders(draw, 60);
  const options with{{"period", "quarter"},   {"max_recency", "4"},    {"frequency_from", "1,4"},
                     {"prior", "1"},          {"until", "2023-12-31"}, {"contact_cost", "3"},
                     {"organic_share", "0.2"}};
  const result one = fitted(rows, with);
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const stats::order_history other = test::shuffled(rows, seed);
    run how;
    how.threads = static_cast<int>(seed);
    const result again =
        markov_chain_entry.finish({.from = &other,
                                   .options = {markov_chain_name, chain_fit_option_list, with},
                                   .slots = {},
                                   .keys = {},
                                   .how = how});
    EXPECT_EQ(again.tables, one.tables);
    EXPECT_EQ(*again.fitted, *one.fitted);
  }
  // Of some customers only: as if there were no others.
  const texts keys{"c1", "c7", "c9", "c30", "nobody"};
  std::vector<order_row> some;
  for (const order_row& row : rows) {
    if (std::find(keys.begin(), keys.end(), row.customer) != keys.end())
      some.push_back(row);
  }
  options from = with;
  from.push_back({"since", "2020-01-01"});
  EXPECT_EQ(fitted(rows, from, keys).tables, fitted(some, from).tables);
}

TEST(markov_chain, a_fit_that_does_not_know_says_what_would_be_enough) {
  const std::vector<order_row> rows{
      {"A", "2025-01-10", 1000}, {"A", "2025-03-10", 1000}, {"B", "2025-01-01", 500}};
  const auto why = [&](options with) {
    std::string text;
    const status code = test::code_of([&] { return fitted(rows, with); }, &text);
    return std::string(name(code)) + " " + text;
  };
  EXPECT_EQ(why({{"until", "2025-03-31"}}),
            "too_few value.markov_chain: nobody is seen a period after state "
            "recency 3 up to 2025-03-31, so that nothing is "
            "known of where customers go from there; a smaller max_recency, "
            "fewer classes of frequency_from or monetary_from, a longer history "
            "or a prior above 0 answers it");
  EXPECT_EQ(
      why({{"until", "2025-01-31"}}).substr(0, 60),
      std::string("too_few value.markov_chain: no customer is seen over two whole periods").substr(0, 60));
  EXPECT_EQ(why({{"until", "2025-03-31"}, {"prior", "0.5"}}), "ok ");
  EXPECT_EQ(why({{"until", "2025-03-31"}, {"max_recency", "1"}}), "ok ");
  EXPECT_EQ(why({{"frequency_from", "2,3"}}).substr(0, 6), "option");
  EXPECT_EQ(why({{"frequency_from", "1,3,3"}}).substr(0, 6), "option");
  EXPECT_EQ(why({{"frequency_from", "1,2.5"}}).substr(0, 6), "option");
  EXPECT_EQ(why({{"frequency_from", "1,2,3"}, {"max_recency", "200"}}).substr(0, 6), "option");
  EXPECT_EQ(why({{"period", "fortnight"}}).substr(0, 6), "option");
  EXPECT_EQ(why({{"period", "0"}}).substr(0, 6), "option");
  EXPECT_EQ(why({{"since", "2025-03-01"}, {"until", "2025-02-01"}}).substr(0, 6), "option");
  EXPECT_EQ(test::code_of([] { return fitted({}, {}); }), status::too_few);
}

TEST(markov_chain, who_stays_in_a_state_has_the_standard_error_of_the_formula) {
  // V = R / (1 - p / (1 + d)), so that its error is R / (1 + d) / (1 - p / (1 + d))^2 times that of p.
  for (const double stays : {0.1, 0.5, 0.9, 0.999})
    for (const double rate : {0.0, 0.1}) {
      markov_chain chain;
      chain.states = {{.name = "active", .reward = 40.0, .departures = 50}, {.name = "lost"}};
      chain.known = {true, true};
      chain.moves_uncontacted = {false, false};
      chain.contacted = chain.uncontacted = stats::transition_matrix(2);
      chain.contacted(0, 0) = stays;
      chain.contacted(0, 1) = 1.0 - stays;
      chain.contacted(1, 1) = 1.0;
      const chain_value value = value_chain(chain, rate);
      const double leaves = 1.0 - stays / (1.0 + rate);
      EXPECT_NEAR(value.optimal[0] * leaves, 40.0, 1e-11);
      const double expected =
          40.0 / (1.0 + rate) / (leaves * leaves) * std::sqrt(stays * (1.0 - stays) / 50.0);
      EXPECT_NEAR(value_errors(chain, rate, value)[0] / expected, 1.0, 1e-10) << stays << ' ' << rate;
    }
}

TEST(markov_chain, a_history_without_lines_is_refused_without_a_day) {
  std::string text;
  EXPECT_EQ(test::code_of([] { return fit_markov_chain(stats::order_history()); }, &text), status::too_few);
  EXPECT_EQ(
      text,
      "value.markov_chain: no customer is seen over two whole periods; a longer history, a later until or "
      "a shorter period answers it");
}

TEST(markov_chain, who_is_not_contacted_orders_with_his_share) {
  variates draw(16);
  const std::vector<order_row> rows = random_orders(draw, 80);
  const auto values = [&](const char* share) {
    return fitted(rows, {{"period", "quarter"},
                         {"max_recency", "4"},
                         {"until", "2023-12-31"},
                         {"contact_cost", "1"},
                         {"prior", "1"},
                         {"organic_share", share}});
  };
  const auto column = [](const result& made, const char* name) {
    return finished::table_of(made, "values").at(name).as<double>();
  };
  // All of it: to contact costs and brings nothing.
  const result all = values("1");
  EXPECT_EQ(column(all, "value"), column(all, "never_contact_value"));
  for (const std::string& action : finished::cells(all, "values", {"action"}))
    EXPECT_EQ(action, "do_not_contact");
  EXPECT_EQ(finished::cells(all, "thresholds", {"give_up_recency"}), texts{"1"});
  const result half = values("0.5");
  const result none = values("0");
  for (std::size_t i = 0; i < column(half, "value").size(); ++i) {
    EXPECT_GE(column(half, "value")[i], column(none, "value")[i]);
    EXPECT_GE(column(all, "value")[i], column(half, "value")[i]);
    EXPECT_EQ(column(half, "always_contact_value")[i], column(none, "always_contact_value")[i]);
  }
  EXPECT_EQ(finished::table_of(none, "uncontacted").rows(), 0);
}

/// Customers who behave as a chain of recencies does, all of them new in January 2015.
std::vector<order_row> simulated(variates& draw, const std::vector<double>& chances, int customers,
                                 int months) {
  std::vector<order_row> rows;
  for (int c = 0; c < customers; ++c) {
    std::size_t recency = 1;
    for (int month = 0; month < months && recency <= chances.size(); ++month) {
      const bool orders = month == 0 || draw.uniform() < chances[recency - 1];
      if (month > 0)
        recency = orders ? 1 : recency + 1;
      if (orders && recency == 1)
        rows.push_back({"c" + std::to_string(c),
                        to_string(add_months(parse_date("2015-01-05").value(), month)),
                        static_cast<std::int64_t>(2000.0 + 4000.0 * draw.uniform())});
    }
  }
  return rows;
}

TEST(markov_chain, intervals_cover_the_chain_that_made_the_orders) {
  variates draw(17);
  const std::vector<double> chances{0.4, 0.25, 0.1};
  markov_chain truth;
  truth.contacted = stats::transition_matrix(4);
  truth.uncontacted = stats::transition_matrix(4);
  for (std::size_t i = 0; i < 3; ++i) {
    truth.states.push_back({.name = "r", .reward = i == 0 ? 40.0 : 0.0, .cost = 1.0});
    truth.contacted(i, 0) = chances[i];
    truth.contacted(i, i + 1) = 1.0 - chances[i];
  }
  truth.states.push_back({.name = "lost"});
  truth.contacted(3, 3) = 1.0;
  truth.known.assign(4, true);
  truth.moves_uncontacted.assign(4, false);
  const chain_value value = value_chain(truth, rate_of_period(0.1, 12.0));

  int chances_in = 0;
  int values_in = 0;
  constexpr int rounds = 150;
  for (int round = 0; round < rounds; ++round) {
    const result made = fitted(simulated(draw, chances, 150, 24), {{"until", "2016-12-31"},
                                                                   {"max_recency", "3"},
                                                                   {"contact_cost", "1"},
                                                                   {"discount_rate", "0.1"},
                                                                   {"confidence", "0.9"}});
    const table& transitions = finished::table_of(made, "transitions");
    for (std::int64_t row = 0; row < transitions.rows(); ++row) {
      const auto at = static_cast<std::size_t>(row);
      const std::string origin(transitions.at("from").text()[row]);
      if (transitions.at("to").text()[row] != "recency 1")
        continue;
      const double p = chances[static_cast<std::size_t>(origin.back() - '1')];
      chances_in +=
          transitions.at("low").as<double>()[at] <= p && p <= transitions.at("high").as<double>()[at] ? 1 : 0;
    }
    const table& values = finished::table_of(made, "values");
    for (std::size_t i = 0; i < 3; ++i)
      values_in += values.at("low").as<double>()[i] <= value.optimal[i] &&
                           value.optimal[i] <= values.at("high").as<double>()[i]
                       ? 1
                       : 0;
  }
  // 450 intervals at 90 %: 405, give or take three standard errors (values of one round are not independent).
  EXPECT_NEAR(chances_in, 405, 20);
  EXPECT_NEAR(values_in, 405, 33);
}

// What the formulas say is what happens: the discounted margin of customers who are drawn step by step.
TEST(markov_chain, value_is_what_simulated_customers_bring) {
  variates draw(18);
  const markov_chain chain = paper();
  double sum = 0.0;
  double squares = 0.0;
  double steps = 0.0;
  constexpr int customers = 40000;
  for (int c = 0; c < customers; ++c) {
    std::size_t state = 0;
    double worth = 0.0;
    for (double weight = 1.0; !chain.is_lost(state); weight /= 1.2) {
      worth += weight * (chain.states[state].reward - chain.states[state].cost);
      double u = draw.uniform();
      std::size_t next = 0;
      while (next < 4 && (u -= chain.contacted(state, next)) >= 0.0)
        ++next;
      state = next;
      steps += 1.0;
    }
    sum += worth;
    squares += worth * worth;
  }
  const double mean = sum / customers;
  const double error = std::sqrt((squares / customers - mean * mean) / customers);
  EXPECT_NEAR(mean, 321504.0 / 6145, 4.0 * error);
  EXPECT_NEAR(steps / customers, 720.0 / 119, 0.2);
}

TEST(markov_chain, classes_of_money_begin_with_nothing_and_grow) {
  const std::vector<order_row> rows{{"A", "2024-01-05", 10000}, {"A", "2024-02-05", -15000},
                                    {"A", "2024-03-05", 5000},  {"B", "2024-01-05", 3000},
                                    {"B", "2024-02-05", 3000},  {"B", "2024-03-05", 100}};
  const auto fit = [&](const char* from, const char* negative = "net") {
    return fitted(rows, {{"monetary_from", from},
                         {"negative", negative},
                         {"until", "2024-03-31"},
                         {"max_recency", "1"},
                         {"prior", "1"}});
  };
  const auto why = [&](const char* from) {
    std::string text;
    return test::code_of([&] { return fit(from); }, &text) == status::option ? text : "";
  };
  EXPECT_EQ(why("1,2"), "value.markov_chain: option monetary_from must begin with 0 and grow");
  EXPECT_EQ(why("0,2,2"), "value.markov_chain: option monetary_from must begin with 0 and grow");
  EXPECT_EQ(why("0,2.005"),
            "value.markov_chain: option monetary_from is 2.005, but must be a whole number of "
            "minor units");
  // What is left of Ann's orders are 50 in March; Bob has 30, 60 and 61 so far.
  const result made = fit("0,60");
  EXPECT_EQ(finished::cells(made, "states", {"state", "monetary", "departures"}),
            (texts{"recency 1, monetary 0 0 1", "recency 1, monetary 60 60 1", "lost - 0"}));
  EXPECT_EQ(finished::cells(made, "transitions", {"from", "to", "count"}),
            (texts{"recency 1, monetary 0 recency 1, monetary 0 0",
                   "recency 1, monetary 0 recency 1, monetary 60 1", "recency 1, monetary 0 lost 0",
                   "recency 1, monetary 60 recency 1, monetary 60 1", "recency 1, monetary 60 lost 0",
                   "lost lost 0"}));
  EXPECT_EQ(finished::cells(made, "thresholds", {"frequency", "monetary"}), (texts{"1 0", "1 60"}));
  // With amounts below 0 kept Ann has 100, -50 and 0: she falls, which nothing but her own count makes likely.
  EXPECT_EQ(finished::cells(fit("0,60", "keep"), "transitions", {"from", "to", "count"})[3],
            "recency 1, monetary 60 recency 1, monetary 0 1");
}

TEST(markov_chain, a_horizon_that_takes_too_long_is_refused_unless_values_come_to_rest) {
  markov_chain chain = paper();
  const auto refusal = [&](double rate, std::int64_t periods, std::string* text) {
    return test::code_of([&] { return value_chain(chain, rate, periods, {}, 9000); }, text);
  };
  std::string text;
  // Nine ways may be followed a thousand periods, and long before nothing changes any more.
  EXPECT_EQ(refusal(0.2, 10000, &text), status::ok);
  chain.contacted(4, 4) = 0.5;
  chain.contacted(4, 0) = 0.5;
  EXPECT_EQ(refusal(0.0, 900, &text), status::ok);
  EXPECT_EQ(refusal(0.0, 901, &text), status::option);
  EXPECT_EQ(text,
            "value.markov_chain: option horizon_periods is 901, but must be at most 900 for a chain with "
            "10 transitions; without it there is no end");
  std::atomic<int> stop{1};
  run how;
  how.cancel = &stop;
  EXPECT_EQ(test::code_of([&] { return value_chain(chain, 0.1, 900, how); }), status::cancelled);
  EXPECT_EQ(test::code_of([&] { return value_chain(chain, 0.1, how); }), status::cancelled);
}

TEST(markov_chain, a_last_day_far_behind_all_others_is_told) {
  const std::vector<order_row> rows{{"A", "2024-01-05", 100}, {"A", "2024-02-05", 100},
                                    {"B", "2024-01-31", 100}, {"B", "2024-03-05", 100},
                                    {"C", "2024-03-31", 100}, {"C", "2099-05-01", 100}};
  EXPECT_EQ(
      finished::cells(fitted(rows, {{"prior", "1"}}), "warnings", {"warning", "text"}),
      texts{"far_until until is 2099-05-01, the day of the latest line, but 1 line is dated 27424 days and "
            "more after all others, which end on 2024-03-31; if that is wrong, every age is too long: set "
            "until, or correct the dates"});
  EXPECT_EQ(finished::table_of(fitted(rows, {{"prior", "1"}, {"until", "2024-03-31"}}), "warnings").rows(),
            0);
}

TEST(markov_chain, the_period_with_the_first_day_counts_whole) {
  const std::vector<order_row> rows{
      {"A", "2024-01-05", 100}, {"A", "2024-02-05", 300}, {"B", "2024-01-31", 100}, {"B", "2024-03-05", 500}};
  const auto fit = [&](const char* from) {
    return fitted(rows, {{"since", from}, {"until", "2024-03-31"}, {"prior", "1"}});
  };
  EXPECT_EQ(fit("2024-01-20").tables, fit("2024-01-01").tables);
  EXPECT_EQ(finished::cells(fit("2024-01-20"), "fit", {"first_end", "transitions"}), texts{"2024-01-31 4"});
  // (100 + 300 + 100 + 500) / 4 from January on, (300 + 500) / 2 from February on.
  EXPECT_EQ(finished::cells(fit("2024-01-20"), "states", {"reward"})[0], "2.5");
  EXPECT_EQ(finished::cells(fit("2024-02-01"), "states", {"reward"})[0], "4");
}

TEST(markov_chain, real_orders_of_cdnow) {
  const auto rows = test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "CDNOW is not there";
  const result made = fitted(*rows, {{"until", "1998-06-30"}, {"max_recency", "12"}, {"margin", "0.3"}});
  EXPECT_EQ(finished::cells(made, "fit", {"customers", "periods", "last_end"}), texts{"23570 17 1998-06-30"});
  // The longer ago the last order, the less likely is the next.
  const std::vector<double>& chance = finished::table_of(made, "values").at("order_probability").as<double>();
  EXPECT_GT(chance[0], chance[5]);
  EXPECT_GT(chance[5], chance[11]);
}

} // namespace
} // namespace emptor::value::markov_chain_test
