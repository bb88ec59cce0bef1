// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

#include <emptor/credit/bins_as_sql.hpp>
#include <emptor/credit/scorecard_model.hpp>

/// A scorecard as one expression of standard SQL.
namespace emptor::credit {

/// The score of a row of a table whose columns have the labels of the characteristics as names; NULL where a value has no bin.
/// \throws error status::data for names that SQL cannot hold
[[nodiscard]] inline std::string scorecard_sql(const scorecard& of) {
  const std::string where = std::string(scorecard_name) + ": sql";
  std::string text = "-- The score of a row, by emptor: SELECT, this expression, AS score FROM a table.\n" +
                     std::string(sql_introduction) + "(CAST(" + sql_number(of.base_points) +
                     " AS DOUBLE PRECISION)";
  for (const scorecard_characteristic& one : of.characteristics)
    text += "\n  + " + sql_case(where, one.label, one.numeric, one.lookup, one.points, "    ");
  return text + ")\n";
}

} // namespace emptor::credit
