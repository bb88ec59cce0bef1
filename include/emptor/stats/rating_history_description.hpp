// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>

namespace emptor::stats {

inline constexpr column_description rating_columns[] = {
    {.name = "customer", .what = content::id, .summary = "who was rated"},
    {.name = "date",
     .what = content::day,
     .summary = "day from which the grade holds; a timestamp falls on its day at zone_offset"},
    {.name = "revision",
     .what = content::count,
     .summary = "of the customer's rating of this day; the highest one wins (default 0)",
     .allowed = {0.0, 9007199254740992.0},
     .optional = true},
    {.name = "grade", .what = content::text, .summary = "credit grade (信用等级), as the company names it"},
    {.name = "score", .what = content::number, .summary = "the points behind the grade", .optional = true},
    {.name = "source",
     .what = content::text,
     .summary = "who or what rated: a scorecard and its version, an agency, a person",
     .optional = true},
    {.name = "withdrawn",
     .what = content::boolean,
     .summary = "true in a revision that takes the rating of this day back (default false)",
     .optional = true},
};

inline constexpr column_description fact_columns[] = {
    {.name = "customer", .what = content::id, .summary = "whom it is about"},
    {.name = "fact",
     .what = content::text,
     .summary = "what was found out: annual accounts, register entry, bank reference, owner, ..."},
    {.name = "date",
     .what = content::day,
     .summary = "day to which it applies, from which its age counts; a timestamp falls on its day at "
                "zone_offset"},
    {.name = "revision",
     .what = content::count,
     .summary = "of the customer's fact of this name and day; the highest one wins (default 0)",
     .allowed = {0.0, 9007199254740992.0},
     .optional = true},
    {.name = "value",
     .what = content::text,
     .summary = "what it said; facts are compared by it, byte for byte. None: it is only on file",
     .optional = true},
    {.name = "source", .what = content::text, .summary = "from where it is known", .optional = true},
    {.name = "withdrawn",
     .what = content::boolean,
     .summary = "true in a revision that takes the fact of this day back (default false)",
     .optional = true},
};

inline constexpr table_description rating_history_tables[] = {
    {.name = "ratings",
     .summary = "grades of customers from the day on which they were given; the table of a push that names "
                "none",
     .columns = rating_columns},
    {.name = "facts",
     .summary = "what was found out about customers, and when",
     .columns = fact_columns,
     .optional = true},
};

inline constexpr option_description rating_history_options[] = {
    {.name = "zone_offset",
     .what = option_content::zone,
     .summary = "offset from UTC at which a timestamp shows its day, such as +08:00",
     .default_value = "+00:00"},
};

inline constexpr store_description rating_history_description{
    .name = "rating_history",
    .summary =
        "credit grades and scores of customers over time, and the facts that were found out about them",
    .chinese = "信用等级历史",
    .memory =
        "per rating and per fact 40 bytes, and 64 to 110 more for each day that a customer was rated or a "
        "fact of his is dated; per distinct customer, grade, fact, value and source: its bytes and 32 to 72 "
        "more",
    .tables = rating_history_tables,
    .options = rating_history_options,
    .key = "customer",
};

} // namespace emptor::stats
