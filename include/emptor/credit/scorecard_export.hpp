// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

#include <emptor/credit/scorecard_c.hpp>
#include <emptor/credit/scorecard_pmml.hpp>
#include <emptor/credit/scorecard_sql.hpp>

/// The formats of a scorecard besides json.
namespace emptor::credit {

/// \param format  pmml, sql or c  \throws error status::data for what the format cannot hold
[[nodiscard]] inline std::string export_scorecard(const model& made, std::string_view format) {
  const scorecard of = read_scorecard(made);
  if (format == "pmml")
    return scorecard_pmml(of);
  return format == "sql" ? scorecard_sql(of) : scorecard_c(of);
}

} // namespace emptor::credit
