// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/scored_sample.hpp>

/// How the catalogue knows the economics of a cut-off (cutoff.hpp).
namespace emptor::credit {

inline constexpr std::string_view cutoff_name = "credit.cutoff";

/// Whether there is a best cut-off, and where it lies if it lies outside the scores.
enum class cutoff_state : std::int32_t { computed = 0, no_rows, accept_nobody, accept_everybody };
inline constexpr std::string_view cutoff_states[] = {"computed", "no_rows", "accept_nobody",
                                                     "accept_everybody"};

inline constexpr option_description cutoff_options[] = {
    {.name = "score",
     .what = option_content::text,
     .summary = "the label of the characteristic that is the score",
     .required = true},
    {.name = "profit_per_good",
     .what = option_content::number,
     .summary = "what an accepted customer earns to whom the event does not come",
     .unit = "currency",
     .allowed = {0.0, 1e15},
     .required = true},
    {.name = "loss_per_bad",
     .what = option_content::number,
     .summary = "what an accepted customer costs to whom it comes",
     .unit = "currency",
     .allowed = {0.0, 1e15},
     .required = true},
    {.name = "current",
     .what = option_content::number,
     .summary = "the cut-off that is in use, beside which the best one is put"},
    {.name = "points",
     .what = option_content::integer,
     .summary = "about how many cuts are listed at most; 0 = one for each distinct score. The best one is "
                "sought among all",
     .allowed = {0.0, 1e9},
     .default_value = "100"},
    described_in(sample_options, "orientation"),
    described_in(sample_options, "slice"),
    described_in(sample_options, "by"),
    described_in(sample_options, "weights"),
    described_in(sample_options, "confidence"),
};

inline constexpr column_description cutoff_cut_columns[] = {
    sample_slice_column,
    {.name = "cut",
     .summary = "who has this score or a better one is accepted; none = nobody is",
     .optional = true},
    {.name = "accepted", .summary = "weight of those who are accepted"},
    {.name = "acceptance_rate", .unit = "share", .summary = "of all rows"},
    {.name = "goods", .summary = "of them, without the event"},
    {.name = "bads", .summary = "of them, with the event"},
    {.name = "bad_rate", .unit = "share", .summary = "bads / accepted", .optional = true},
    {.name = "low", .unit = "share", .summary = "lower end of its interval (Wilson)", .optional = true},
    {.name = "high", .unit = "share", .summary = "upper end", .optional = true},
    {.name = "marginal_bad_rate",
     .unit = "share",
     .summary = "of those who are accepted here and not at the cut listed before: worth it while below "
                "break_even of the "
                "table best",
     .optional = true},
    {.name = "profit", .unit = "currency", .summary = "of all who are accepted"},
};
inline constexpr column_description cutoff_best_columns[] = {
    sample_slice_column,
    {.name = "state",
     .what = content::code,
     .summary = "computed; no_rows; or that the best is to accept nobody, or everybody in these rows",
     .levels = cutoff_states},
    {.name = "rows", .what = content::count, .summary = "with an outcome and a score"},
    {.name = "left_out",
     .what = content::count,
     .summary = "without one of them, such as applicants who were rejected"},
    {.name = "break_even",
     .unit = "share",
     .summary = "the bad rate at which a customer earns nothing: profit / (profit + loss)",
     .optional = true},
    {.name = "cut",
     .summary = "that earns most; of equal ones the one that accepts the fewest; none = nobody is accepted",
     .optional = true},
    {.name = "strictest",
     .summary = "the strictest cut that is not surely worse (its profit is within the interval of the "
                "difference); none "
                "where that is to accept nobody",
     .optional = true},
    {.name = "loosest", .summary = "the loosest one", .optional = true},
    {.name = "acceptance_rate", .unit = "share", .summary = "at the best cut", .optional = true},
    {.name = "bad_rate", .unit = "share", .summary = "at the best cut", .optional = true},
    {.name = "profit", .unit = "currency", .summary = "at the best cut, of these rows", .optional = true},
    {.name = "low",
     .unit = "currency",
     .summary = "lower end of its interval. The cut was chosen on the same rows, which flatters it",
     .optional = true},
    {.name = "high", .unit = "currency", .summary = "upper end", .optional = true},
    {.name = "current_profit", .unit = "currency", .summary = "at the cut-off in use", .optional = true},
    {.name = "gain", .unit = "currency", .summary = "profit less current_profit", .optional = true},
    {.name = "gain_low", .unit = "currency", .summary = "lower end of its interval", .optional = true},
    {.name = "gain_high", .unit = "currency", .summary = "upper end", .optional = true},
};
inline constexpr table_description cutoff_outputs[] = {
    {.name = "best", .summary = "one row a slice", .columns = cutoff_best_columns},
    {.name = "cuts",
     .summary = "from accepting nobody to accepting everybody",
     .columns = cutoff_cut_columns},
};

} // namespace emptor::credit
