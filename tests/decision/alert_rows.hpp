// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/entry.hpp>

/// Rows for the alerts, and their scores by name.
namespace alert_rows {

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Columns of one length; codes as their places, NaN for missing ones.
struct rows {
  std::map<std::string, std::vector<double>> numbers;
  std::map<std::string, std::vector<std::string>> texts{};
};

class scored {
public:
  scored(const emptor::entry& what, const rows& given, const std::vector<emptor::option>& options = {},
         const std::vector<std::string>& only = {}) {
    const emptor::score_description& score = what.description->score;
    const auto scorer =
        what.bind({.self = nullptr,
                   .options = emptor::option_values(what.description->name, score.options, options),
                   .slots = {},
                   .inputs = {},
                   .wanted = std::vector<bool>(score.outputs.size(), true)});
    const std::size_t count = given.numbers.begin()->second.size();
    std::vector<emptor::score_block::input> in(score.inputs.size());
    std::vector<std::vector<std::string_view>> held(score.inputs.size());
    for (std::size_t i = 0; i < in.size(); ++i) {
      const std::string name(score.inputs[i].name);
      if (const auto at = given.numbers.find(name); at != given.numbers.end())
        in[i].number = at->second.data();
      if (const auto at = given.texts.find(name); at != given.texts.end()) {
        held[i].assign(at->second.begin(), at->second.end());
        in[i].text = held[i].data();
      }
    }
    std::vector<emptor::score_block::output> out(score.outputs.size());
    for (std::size_t o = 0; o < out.size(); ++o) {
      const std::string name(score.outputs[o].name);
      if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end())
        continue;
      values_[name].resize(count);
      out[o].number = values_[name].data();
    }
    statuses.assign(count, emptor::row_status::ok);
    scorer->score(
        {.rows = static_cast<std::int64_t>(count), .inputs = in, .outputs = out, .status = statuses.data()});
  }
  [[nodiscard]] const std::vector<double>& operator[](const std::string& output) const {
    return values_.at(output);
  }

  std::vector<emptor::row_status> statuses;

private:
  std::map<std::string, std::vector<double>> values_;
};

} // namespace alert_rows
