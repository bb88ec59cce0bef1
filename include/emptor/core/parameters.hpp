// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>

/// The three tables that every fitted model has, so that they read the same everywhere.
namespace emptor {

inline constexpr column_description parameter_columns[] = {
    {.name = "parameter", .what = content::text, .summary = "name of the parameter"},
    {.name = "value", .what = content::number, .summary = "its value"},
    {.name = "standard_error", .what = content::number, .summary = "its standard error", .optional = true},
};
inline constexpr column_description covariance_columns[] = {
    {.name = "parameter", .what = content::text, .summary = "name of the parameter"},
    {.name = "with", .what = content::text, .summary = "name of the other parameter"},
    {.name = "covariance", .what = content::number, .summary = "their covariance", .optional = true},
};
inline constexpr table_description parameters_table{
    .name = "parameters", .summary = "the parameters, one a row", .columns = parameter_columns};
inline constexpr table_description covariance_table{.name = "covariance",
                                                    .summary = "covariance of the estimated parameters",
                                                    .columns = covariance_columns,
                                                    .optional = true};

/// \param standard_errors empty where the parameters were given and not estimated; NaN becomes null
[[nodiscard]] inline table make_parameters(std::span<const std::string_view> names,
                                           std::span<const double> values,
                                           std::span<const double> standard_errors) {
  text_buffer texts;
  for (const std::string_view one : names)
    texts.push_back(one);
  table made("parameters");
  made.add(column::texts("parameter", std::move(texts)));
  made.add(column::numbers("value", {values.begin(), values.end()}));
  if (!standard_errors.empty()) {
    made.add(column::numbers("standard_error", {standard_errors.begin(), standard_errors.end()}).or_none());
  }
  return made;
}

/// \param covariance row by row
[[nodiscard]] inline table make_covariance(std::span<const std::string_view> names,
                                           std::span<const double> covariance) {
  text_buffer left;
  text_buffer right;
  for (const std::string_view row : names) {
    for (const std::string_view with : names) {
      left.push_back(row);
      right.push_back(with);
    }
  }
  column values = column::numbers("covariance", {covariance.begin(), covariance.end()}).or_none();
  return {"covariance",
          {column::texts("parameter", std::move(left)), column::texts("with", std::move(right)),
           std::move(values)}};
}

/// The parameters of a model in the order of `names`.
/// \throws error status::schema for a missing, doubled or unknown one, status::data for one outside its
/// domain
[[nodiscard]] inline std::vector<double>
read_parameters(const model& from, std::span<const std::string_view> names, std::span<const domain> allowed) {
  const table* held = from.find("parameters");
  if (held == nullptr)
    throw error(status::schema, from.entry + ": its model needs a table parameters");
  const text_buffer& given = held->at("parameter").text();
  const std::vector<double>& values = held->at("value").as<double>();
  std::vector<double> found(names.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<bool> seen(names.size(), false);
  for (std::int64_t row = 0; row < given.size(); ++row) {
    const auto at = std::find(names.begin(), names.end(), given[row]);
    if (at == names.end())
      throw unknown_name(from.entry, "parameter", given[row], {names.begin(), names.end()});
    const auto i = static_cast<std::size_t>(at - names.begin());
    if (seen[i])
      throw error(status::schema, from.entry + ": parameter " + std::string(*at) + " is given twice", row);
    seen[i] = true;
    found[i] = values[static_cast<std::size_t>(row)];
    if (!std::isfinite(found[i]) || !allowed[i].contains(found[i]))
      throw error(status::data, message(from.entry, *at, -1, to_text(found[i]), to_text(allowed[i])), row);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!seen[i])
      throw error(status::schema, from.entry + ": parameter " + std::string(names[i]) + " is missing");
  }
  return found;
}

/// The covariance of a model's parameters, row by row; empty where the model has none, or none that is a
/// number.
/// \throws error status::schema for an unknown, doubled or missing pair
[[nodiscard]] inline std::vector<double> read_covariance(const model& from,
                                                         std::span<const std::string_view> names) {
  const table* held = from.find("covariance");
  if (held == nullptr || held->find("covariance") == nullptr)
    return {};
  const text_buffer& left = held->at("parameter").text();
  const text_buffer& right = held->at("with").text();
  const column& values = held->at("covariance");
  std::vector<double> found(names.size() * names.size());
  std::vector<bool> seen(found.size(), false);
  bool known = true;
  const auto place = [&](std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      throw unknown_name(from.entry, "parameter", name, {names.begin(), names.end()});
    return static_cast<std::size_t>(at - names.begin());
  };
  for (std::int64_t row = 0; row < left.size(); ++row) {
    const std::size_t at = place(left[row]) * names.size() + place(right[row]);
    if (seen[at])
      throw error(status::schema,
                  from.entry + ": the covariance of " + std::string(left[row]) + " with " +
                      std::string(right[row]) + " is given twice",
                  row);
    seen[at] = true;
    known = known && values.is_valid(row);
    found[at] = values.as<double>()[static_cast<std::size_t>(row)];
  }
  if (std::find(seen.begin(), seen.end(), false) != seen.end())
    throw error(status::schema, from.entry + ": the covariance of a pair of parameters is missing");
  return known ? found : std::vector<double>{};
}

} // namespace emptor
