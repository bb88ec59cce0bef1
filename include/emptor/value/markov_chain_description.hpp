// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/value/markov_chain.hpp>
#include <emptor/value/markov_chain_fit.hpp>
#include <emptor/value/summary_entry.hpp>

/// What the catalogue says of the Markov chain of customers (markov_chain.hpp).
namespace emptor::value {

inline constexpr domain chain_money{-1e18, 1e18};
inline constexpr domain chain_cost{0.0, 1e18};

inline constexpr column_description chain_state_columns[] = {
    {.name = "state", .what = content::text, .summary = "name of the state (状态); each once"},
    {.name = "reward",
     .unit = "currency",
     .summary =
         "what being in it at the end of a period brings, such as the margin of the order that led there",
     .allowed = chain_money},
    {.name = "cost",
     .unit = "currency",
     .summary =
         "of contacting a customer who is in it over the next period (营销成本); 0 where it is missing",
     .allowed = chain_cost,
     .optional = true},
    {.name = "order",
     .what = content::boolean,
     .summary =
         "whether an order in the last period led there; where it is missing, whether the reward is above 0",
     .optional = true},
    {.name = "recency",
     .what = content::count,
     .unit = "periods",
     .summary = "the fewest periods since the last order of a customer who is in it; 1 for an order in the "
                "last period",
     .allowed = {0.0, 1e6},
     .optional = true},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "the fewest orders so far of a customer who is in it; any number where it is missing",
     .allowed = {0.0, 1e9},
     .optional = true},
    {.name = "monetary",
     .unit = "currency",
     .summary = "the least money that a customer who is in it has brought so far; any where it is missing",
     .allowed = chain_cost,
     .optional = true},
    {.name = "departures",
     .what = content::count,
     .summary = "transitions from it that the probabilities were estimated from",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "reward_error",
     .unit = "currency",
     .summary = "standard error of the reward over customers; none for fewer than two",
     .allowed = chain_cost,
     .optional = true},
};
inline constexpr column_description chain_transition_columns[] = {
    {.name = "from", .what = content::text, .summary = "a state"},
    {.name = "to", .what = content::text, .summary = "where a customer in it is a period later"},
    {.name = "probability",
     .unit = "probability",
     .summary = "of going there (转移概率); those from one state sum to 1",
     .allowed = zero_to_one},
    {.name = "count",
     .what = content::count,
     .summary = "how often customers did",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "low",
     .unit = "probability",
     .summary =
         "lower end of the interval of count among the departures (prior of Jeffreys, whatever `prior` is)",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "high",
     .unit = "probability",
     .summary = "upper end of the same",
     .allowed = zero_to_one,
     .optional = true},
};
inline constexpr column_description chain_uncontacted_columns[] = {
    described_in(chain_transition_columns, "from"),
    described_in(chain_transition_columns, "to"),
    {.name = "probability",
     .unit = "probability",
     .summary = "of going there where nobody contacts him; those from one state sum to 1",
     .allowed = zero_to_one},
};

inline constexpr table_description chain_model_tables[] = {
    {.name = "states", .summary = "the states, one a row", .columns = chain_state_columns},
    {.name = "transitions",
     .summary = "probabilities of customers who are contacted; a state without a row from it is not known, "
                "and one that "
                "only leads to itself is where customers are lost",
     .columns = chain_transition_columns},
    {.name = "uncontacted",
     .summary = "probabilities of customers whom nobody contacts; without a row from his state such a "
                "customer is gone",
     .columns = chain_uncontacted_columns,
     .optional = true},
};

inline constexpr std::string_view chain_actions[] = {"contact", "do_not_contact"};

inline constexpr column_description chain_value_columns[] = {
    {.name = "state", .what = content::text, .summary = "a state from which probabilities are known"},
    {.name = "action",
     .what = content::code,
     .summary = "whether to contact who is there; not, where both are worth the same",
     .levels = chain_actions},
    {.name = "value",
     .unit = "currency",
     .summary = "value (客户价值) of a customer there with the reward of the state, under the best actions"},
    {.name = "standard_error",
     .unit = "currency",
     .summary =
         "of the value, for the errors of the probabilities and rewards while the actions stand. A way that "
         "all or none took has no error of its own; a prior above 0 gives it one. None with horizon_periods",
     .optional = true},
    {.name = "low",
     .unit = "currency",
     .summary =
         "lower end of the interval of the value: less so many standard errors as option confidence asks for",
     .optional = true},
    {.name = "high", .unit = "currency", .summary = "upper end of the same", .optional = true},
    {.name = "future_value", .unit = "currency", .summary = "value less the reward, which is there already"},
    {.name = "always_contact_value",
     .unit = "currency",
     .summary = "value where everybody is contacted, always"},
    {.name = "never_contact_value", .unit = "currency", .summary = "value where nobody is contacted, ever"},
    {.name = "order_probability",
     .unit = "probability",
     .summary = "of an order in the next period, where he is contacted"},
    {.name = "expected_periods",
     .unit = "periods",
     .summary = "until he is lost, where he is contacted always; none where he may never be",
     .optional = true},
    {.name = "customers",
     .what = content::count,
     .summary = "customers who were there at the end of the last period"},
};
inline constexpr column_description chain_threshold_columns[] = {
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "the fewest orders of the class"},
    {.name = "monetary",
     .unit = "currency",
     .summary = "its least money; none where there are no classes of money",
     .optional = true},
    {.name = "give_up_recency",
     .what = content::count,
     .unit = "periods",
     .summary = "periods since the last order from which on nobody is contacted any more "
                "(放弃客户的临界间隔); none where all "
                "are",
     .optional = true},
};
inline constexpr column_description chain_fit_columns[] = {
    {.name = "customers", .what = content::count, .summary = "customers with an order up to last_end"},
    {.name = "first_end",
     .what = content::day,
     .summary = "end of the first period from which transitions count"},
    {.name = "last_end", .what = content::day, .summary = "end of the last whole period"},
    {.name = "periods", .what = content::count, .summary = "from first_end to last_end"},
    {.name = "transitions",
     .what = content::count,
     .summary = "of all customers: the counts of the table transitions"},
    {.name = "restarts",
     .what = content::count,
     .summary = "orders of customers who were lost for good, which are no transitions (赢回)"},
};
inline constexpr table_description chain_fit_outputs[] = {
    chain_model_tables[0],
    chain_model_tables[1],
    chain_model_tables[2],
    {.name = "values",
     .summary = "what the states are worth, and where to stop",
     .columns = chain_value_columns},
    {.name = "thresholds",
     .summary = "when to give a customer up, for each class of frequency and money",
     .columns = chain_threshold_columns},
    {.name = "fit", .summary = "what was counted", .columns = chain_fit_columns},
    {.name = "warnings",
     .summary = "what to know before using the figures",
     .columns = summary_warning_columns},
};

inline constexpr option_description chain_period_option = stats::period_option("month");
inline constexpr option_description chain_discount_option{
    .name = "discount_rate",
    .summary = "effective yearly rate at which what comes later is worth less (0.1: ten percent; 贴现率)",
    .unit = "per year",
    .allowed = {.low = -1.0, .high = 1e6, .low_open = true},
    .default_value = "0.1"};
inline constexpr option_description chain_horizon_option{
    .name = "horizon_periods",
    .what = option_content::integer,
    .summary = "periods after which nothing more counts; without it there is no end, which needs a "
               "discount_rate >= 0, and above 0 where somebody is never lost. A chain of very many "
               "transitions takes fewer periods (762 for 512 states that all lead to each other), unless "
               "values come to rest before",
    .unit = "periods",
    .allowed = {0.0, 10000.0}};
/// Periods to go; none = without an end.
[[nodiscard]] inline std::optional<std::int64_t> horizon_of(const option_values& given) {
  return given.has("horizon_periods") ? std::optional(given.integer("horizon_periods")) : std::nullopt;
}

inline constexpr option_description chain_currency_option{
    .name = "currency", .what = option_content::currency, .summary = "of rewards and costs"};

inline constexpr option_description chain_fit_option_list[] = {
    chain_period_option,
    {.name = "since",
     .what = option_content::day,
     .summary = "transitions count from the end of the period with this day on (default: the first order), "
                "and rewards are those of that period and all later ones; what was before still tells where "
                "a customer stands"},
    {.name = "until",
     .what = option_content::day,
     .summary = "the last day that counts (default: the latest day of the history; the table warnings tells "
                "if it lies more than a year behind all others); a period that it does not end is left out"},
    {.name = "max_recency",
     .what = option_content::integer,
     .summary = "periods since the last order behind which a customer is lost (流失)",
     .unit = "periods",
     .allowed = {1.0, 500.0},
     .default_value = "12"},
    {.name = "frequency_from",
     .what = option_content::numbers,
     .summary = "the fewest orders of each class of frequency, growing from 1 (1,2,5: one order, two to "
                "four, five and more); "
                "1 alone has no classes",
     .allowed = {1.0, 1e9},
     .default_value = "1"},
    {.name = "monetary_from",
     .what = option_content::numbers,
     .summary = "the least money so far of each class of money (消费金额), growing from 0 (0,100,1000: less "
                "than 100, less than 1000, and more), which with frequency_from makes RFM cells; 0 alone has "
                "no classes",
     .unit = "currency",
     .allowed = {0.0, 1e15},
     .default_value = "0"},
    {.name = "lost",
     .what = option_content::choice,
     .summary =
         "absorbing: who is lost stays lost, and an order of his begins anew; open: he may come back, with a "
         "probability of its own",
     .default_value = "absorbing",
     .choices = lost_state_names},
    {.name = "prior",
     .summary = "added to the count of each transition that can be, so that no state is without "
                "probabilities (the prior of "
                "Dirichlet); 0 adds nothing",
     .allowed = {0.0, 1e6},
     .default_value = "0"},
    {.name = "margin",
     .summary = "share of an order's amount that is left as profit (毛利率); 1 gives the value as revenue",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "1"},
    {.name = "contact_cost",
     .summary = "of a customer and period (营销成本), but where he is lost for good",
     .unit = "currency",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "organic_share",
     .summary = "of the probability of an order, what is left where nobody contacts him; at 0 he is gone",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "0"},
    chain_discount_option,
    chain_horizon_option,
    {.name = "confidence",
     .summary = "probability that an interval covers the true figure, if the model is right",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
     .default_value = "0.95"},
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};
inline constexpr option_description chain_model_options[] = {chain_period_option, chain_discount_option,
                                                             chain_currency_option};

enum class chain_input : std::size_t { state, recency, frequency, monetary };
inline constexpr column_description chain_inputs[] = {
    {.name = "state",
     .what = content::text,
     .summary = "the state that he is in; row status unknown_level for one that the model does not have. "
                "Where it is missing, recency, frequency and monetary tell",
     .optional = true},
    {.name = "recency",
     .what = content::count,
     .unit = "periods",
     .summary = "periods since his last order, 1 where it was in the last one: the state is the one with the "
                "largest recency "
                "that is no larger",
     .allowed = {0.0, 1e9},
     .optional = true},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "his orders so far, where the states have classes of it",
     .allowed = {0.0, 1e15},
     .optional = true},
    {.name = "monetary",
     .unit = "currency",
     .summary =
         "what is left of his orders so far (消费金额), where the states have classes of it; below 0 as 0",
     .allowed = chain_money,
     .optional = true},
};
inline constexpr option_description chain_score_options[] = {
    {.name = chain_discount_option.name,
     .what = chain_discount_option.what,
     .summary = "in place of the model's: effective yearly rate at which what comes later is worth less",
     .unit = chain_discount_option.unit,
     .allowed = chain_discount_option.allowed},
    chain_horizon_option,
};
enum class chain_output : std::size_t {
  state,
  action,
  value,
  future_value,
  always_contact_value,
  never_contact_value,
  order_probability,
  expected_periods,
};
inline constexpr column_description chain_outputs[] = {
    {.name = "state", .what = content::code, .summary = "the state that he is in (状态)"},
    {.name = "action",
     .what = content::code,
     .summary = "whether to contact him over the next period: not where that is worth no more than to leave "
                "him alone",
     .levels = chain_actions},
    {.name = "value",
     .unit = "currency",
     .summary =
         "present value of the state's reward and of all that follows under the best actions (客户价值)"},
    {.name = "future_value",
     .unit = "currency",
     .summary = "value less the reward of the state, which he has brought already"},
    {.name = "always_contact_value",
     .unit = "currency",
     .summary = "value where he is contacted in every state, as by the published formula"},
    {.name = "never_contact_value", .unit = "currency", .summary = "value where he is never contacted"},
    {.name = "order_probability",
     .unit = "probability",
     .summary = "of an order in the next period, where he is contacted (购买概率)",
     .allowed = zero_to_one},
    {.name = "expected_periods",
     .unit = "periods",
     .summary =
         "how long he is still a customer, where he is contacted always; null where he may never be lost",
     .allowed = at_least_zero,
     .optional = true},
};

// The example of the paper: a margin of 40, marketing of 4 a period while the last order is at most four periods back, orders
// with probabilities 0.3, 0.2, 0.15 and 0.05, and 20 % a period. Four periods after his last order a customer costs more than
// he will bring. V = (321504, 34128, 7686, -11184, 0) / 6145, in rational numbers; of the best actions
// (4194 / 80, 5.58.., ...) likewise, see tests/oracle/markov_chain.py.
inline constexpr example_table chain_score_model[] = {
    {"states", "state,reward,cost,recency\nbought,40,4,1\nsilent 1,0,4,2\nsilent 2,0,4,3\nsilent "
               "3,0,4,4\nlost,0,0,5\n"},
    {"transitions",
     "from,to,probability\nbought,bought,0.3\nbought,silent 1,0.7\nsilent 1,bought,0.2\n"
     "silent 1,silent 2,0.8\nsilent 2,bought,0.15\nsilent 2,silent 3,0.85\nsilent 3,bought,0.05\n"
     "silent 3,lost,0.95\nlost,lost,1\n"}};
inline constexpr example_option chain_score_model_options[] = {{"period", "year"}, {"discount_rate", "0.2"}};
inline constexpr example_table chain_score_rows[] = {
    {"rows", "state,recency\nbought,\n,2\n,3\nsilent 3,\n,9\n"}};
inline constexpr example_table chain_score_expected[] = {
    {"scores",
     "state,action,value,future_value,always_contact_value,never_contact_value,order_probability,expected_"
     "periods\n"
     "bought,contact,53.14942528735632,13.149425287356323,52.319609438567944,40,0.3,6.050420168067227\n"
     "silent 1,contact,6.620689655172414,6.620689655172414,5.5537835638730675,0,0.2,4.621848739495798\n"
     "silent 2,contact,2.6436781609195403,2.6436781609195403,1.250772986167616,0,0.15,3.014705882352941\n"
     "silent 3,do_not_contact,0,0,-1.8200162733930025,0,0.05,1.3025210084033614\n"
     "lost,do_not_contact,0,0,0,0,0,0\n"}};
inline constexpr example_option chain_four_periods[] = {{"horizon_periods", "4"}};
inline constexpr example_table chain_four_periods_expected[] = {
    {"scores", "always_contact_value\n50.11496913580247\n4.219907407407407\n0.5921103395061729\n-1."
               "9801311728395061\n0\n"}};

// Three customers over five months, lost after two without an order: Ann ordered in months 1, 2, 4, Bob in 1 and 4, when he had
// been lost, Cai in 2, 3 (twice) and 5. 245 / 4 a month with an order, half of which is margin.
inline constexpr example_table chain_fit_rows[] = {
    {"orders", "customer,date,amount\n"
               "Ann,2025-01-10,100.00\nAnn,2025-02-20,60.00\nAnn,2025-04-05,80.00\n"
               "Bob,2025-01-31,50.00\nBob,2025-04-30,40.00\n"
               "Cai,2025-02-14,30.00\nCai,2025-03-01,45.00\nCai,2025-03-28,15.00\nCai,2025-05-09,70.00\n"}};
inline constexpr example_option chain_fit_example_options[] = {
    {"until", "2025-05-31"}, {"max_recency", "2"},     {"margin", "0.5"},
    {"contact_cost", "2"},   {"discount_rate", "0.1"}, {"confidence", "0.9"}};
inline constexpr example_table chain_fit_expected[] = {
    {"states", "state,reward,cost,order,recency,departures,reward_error\n"
               "recency 1,30.625,2,true,1,7,5.294662148392945\n"
               "recency 2,0,2,false,2,3,\n"
               "lost,0,0,false,3,0,\n"},
    {"transitions", "from,to,probability,count,low,high\n"
                    "recency 1,recency 1,0.2857142857142857,2,0.0881156027038512,0.592884679946507\n"
                    "recency 1,recency 2,0.7142857142857143,5,0.407115320053492,0.911884397296148\n"
                    "recency 2,recency 1,0.6666666666666666,2,0.235534041442622,0.937587476142084\n"
                    "recency 2,lost,0.3333333333333333,1,0.062412523857915,0.764465958557378\n"
                    "lost,lost,1,0,,\n"},
    {"values", "state,action,value,standard_error,low,high,future_value,always_contact_value,never_contact_"
               "value,order_probability,expected_periods,customers\n"
               "recency "
               "1,contact,109.77052207363826,91.3985172745452,-40.5666605633843,260.107704710661,79."
               "14552207363826,109.77052207363826,30.625,0.2857142857142857,7.2,1\n"
               "recency "
               "2,contact,70.60141417710692,88.6288610334936,-75.1800893464131,216.382917700627,70."
               "60141417710692,70.60141417710692,0,0.6666666666666666,5.8,2\n"
               "lost,do_not_contact,0,0,0,0,0,0,0,0,0,0\n"},
    {"thresholds", "frequency,give_up_recency\n"
                   "1,\n"},
    {"fit", "customers,first_end,last_end,periods,transitions,restarts\n"
            "3,2025-01-31,2025-05-31,4,10,1\n"}};
inline constexpr example chain_examples[] = {
    {.what = verb::fit,
     .summary = "three customers over five months who are lost after two months without an order",
     .source = "counted by hand; values in rational numbers, intervals by an independent inversion of the "
               "Beta distribution",
     .tables = chain_fit_rows,
     .options = chain_fit_example_options,
     .expected = chain_fit_expected,
     .tolerance = 1e-9},
    {.what = verb::score,
     .summary = "margin 40, marketing 4 a period up to four periods after the last order, 20 % a period: "
                "whom to give up",
     .source = "the example of Pfeifer and Carraway 2000, its values computed anew in rational numbers",
     .tables = chain_score_rows,
     .model_tables = chain_score_model,
     .model_options = chain_score_model_options,
     .expected = chain_score_expected,
     .tolerance = 1e-12},
    {.what = verb::score,
     .summary = "the same customers with four periods to go",
     .source = "the finite horizon of Pfeifer and Carraway 2000, computed anew in rational numbers",
     .tables = chain_score_rows,
     .model_tables = chain_score_model,
     .model_options = chain_score_model_options,
     .options = chain_four_periods,
     .expected = chain_four_periods_expected,
     .tolerance = 1e-12},
};
inline constexpr std::string_view chain_formats[] = {"json"};

inline constexpr demo_input chain_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option chain_demo_options[] = {{"until", demo_today},
                                                        {"margin", demo_margin},
                                                        {"discount_rate", demo_discount_rate},
                                                        {"contact_cost", "1"},
                                                        {"prior", "0.5"}};
inline constexpr demo_input chain_demo_rows[] = {{"rows", "value.markov_chain/states"}};
inline constexpr demo_feed chain_demo[] = {
    {.what = verb::fit, .inputs = chain_demo_inputs, .options = chain_demo_options},
    {.what = verb::score, .inputs = chain_demo_rows}};

inline constexpr entry_description markov_chain_description{
    .name = markov_chain_name,
    .what = verb::fit,
    .summary = "value of customers by recency, frequency and money as a Markov chain, and when to give a "
               "customer up",
    .source = "Pfeifer and Carraway 2000, Modeling customer relationships as Markov chains, Journal of "
              "Interactive Marketing "
              "14(2); policy iteration: Howard 1960",
    .chinese = "马尔可夫链客户价值",
    .since = "0.1",
    .store = "order_history",
    .options = chain_fit_option_list,
    .outputs = chain_fit_outputs,
    .model_tables = chain_model_tables,
    .model_options = chain_model_options,
    .score = {.inputs = chain_inputs, .options = chain_score_options, .outputs = chain_outputs},
    .formats = chain_formats,
    .examples = chain_examples,
    .demo = chain_demo,
};

} // namespace emptor::value
