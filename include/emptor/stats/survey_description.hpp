// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>

namespace emptor::stats {

/// Answers stay below 2^53, so that each whole number is exact and no sum of squares leaves the doubles.
inline constexpr domain survey_answer_domain{-9007199254740992.0, 9007199254740992.0};
/// Weights matter only in relation to each other; within these bounds neither they nor their squares run out of the doubles.
inline constexpr domain survey_weight_domain{1e-15, 1e15};

inline constexpr column_description survey_columns[] = {
    {.name = "respondent", .what = content::id, .summary = "who answered"},
    {.name = "brand",
     .what = content::text,
     .summary = "supplier or brand that the answers are about; none where there is only one",
     .optional = true},
    {.name = "period",
     .what = content::day,
     .summary =
         "day that stands for the wave of the survey, such as its first; a timestamp falls on its day at "
         "zone_offset",
     .optional = true},
    {.name = "revision",
     .what = content::count,
     .summary =
         "of the respondent's answers about this brand in this period; the highest one wins (default 0)",
     .allowed = {0.0, 9007199254740992.0},
     .optional = true},
    {.name = "group",
     .what = content::text,
     .summary = "segment to which the respondent belonged when he answered",
     .optional = true},
    {.name = "weight",
     .what = content::number,
     .summary = "how many he stands for, in relation to the others (default 1)",
     .allowed = survey_weight_domain,
     .optional = true},
    {.name = "items",
     .what = content::number,
     .summary = "the answers to a question; none, or one of missing_codes, where he did not answer",
     .allowed = survey_answer_domain,
     .optional = true,
     .many = true},
};

inline constexpr table_description survey_tables[] = {
    {.name = "answers",
     .summary = "a respondent's answers to the questions, about one brand in one period",
     .columns = survey_columns},
};

inline constexpr option_description survey_options[] = {
    {.name = "missing_codes",
     .what = option_content::numbers,
     .summary = "answers that mean none was given (does not know, refused), such as 98,99; they are counted",
     .allowed = survey_answer_domain},
    {.name = "zone_offset",
     .what = option_content::zone,
     .summary = "offset from UTC at which a timestamp shows its day, such as +08:00",
     .default_value = "+00:00"},
};

inline constexpr store_description survey_description{
    .name = "survey",
    .summary =
        "answers of respondents to the questions of a survey, by brand and period, with weights and groups",
    .chinese = "客户满意度调查答卷",
    .memory =
        "per respondent, brand and period 40 bytes, 80 to 140 more to tell them apart, and 1 byte for each "
        "question (8 where it has an answer that is no whole number of up to 127); per distinct respondent, "
        "brand and group: its bytes and 32 to 72 more",
    .tables = survey_tables,
    .options = survey_options,
    .key = "respondent",
};

} // namespace emptor::stats
