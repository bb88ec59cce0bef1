// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>

namespace emptor::stats {

inline constexpr column_description outcomes_columns[] = {
    {.name = "row",
     .what = content::id,
     .summary = "whom or what the row is about: a customer or an application. Several rows may have the same "
                "one; without it a row cannot be erased",
     .optional = true},
    {.name = "outcome",
     .summary =
         "what became of it: 1 where the event came (it defaulted, 违约) and 0 where not, or any number "
         "for a continuous target; missing = not known, as of an applicant who was rejected",
     .optional = true},
    {.name = "weight",
     .summary = "how many rows it stands for, or another weight; missing = 1",
     .allowed = {.low = 0.0, .high = 1e15, .low_open = true},
     .optional = true},
    {.name = "slice",
     .what = content::text,
     .summary = "the time slice or sample it belongs to, such as 2025Q4 or holdout",
     .optional = true},
    {.name = "characteristics",
     .summary = "what was known before, in numbers: characteristics:LABEL for each; also scores and "
                "probabilities of others. Missing = not known",
     .optional = true,
     .many = true},
    {.name = "categories",
     .what = content::text,
     .summary = "what was known before, in words: categories:LABEL for each. Missing or empty = not known",
     .optional = true,
     .many = true},
};

inline constexpr table_description outcomes_tables[] = {
    {.name = "rows",
     .summary = "what was known of a customer, and what became of him",
     .columns = outcomes_columns},
};

inline constexpr store_description outcomes_description{
    .name = "outcomes",
    .summary = "rows with a known result: what was known of customers before, and what became of them",
    .chinese = "样本表现数据",
    .memory =
        "per row: 24 bytes, and 8 for each characteristic and 4 for each category; per distinct row id, "
        "slice and text of a category: its bytes and 32 to 72 more",
    .tables = outcomes_tables,
    .key = "row",
};

} // namespace emptor::stats
