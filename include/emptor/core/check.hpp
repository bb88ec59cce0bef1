// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/describe.hpp>

namespace emptor {

/// The shortest decimal text that reads back as the same number.
[[nodiscard]] inline std::string to_text(double value) {
  if (std::isnan(value))
    return "NaN";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return {digits, end};
}

/// What a domain asks for, in words: ">= 0", "in [0, 1]", "any number".
[[nodiscard]] inline std::string to_text(const domain& allowed) {
  const bool low = std::isfinite(allowed.low);
  const bool high = std::isfinite(allowed.high);
  if (low && high)
    return "in " + std::string(allowed.low_open ? "(" : "[") + to_text(allowed.low) + ", " +
           to_text(allowed.high) + (allowed.high_open ? ")" : "]");
  if (low)
    return (allowed.low_open ? "> " : ">= ") + to_text(allowed.low);
  if (high)
    return (allowed.high_open ? "< " : "<= ") + to_text(allowed.high);
  return "a finite number";
}

/// The one shape of messages about values: `value.bg_nbd: frequency[12] is -1, but must be >= 0`.
[[nodiscard]] inline std::string message(std::string_view where, std::string_view what, std::int64_t row,
                                         std::string_view is, std::string_view must_be) {
  std::string text(where);
  text.append(": ").append(what);
  if (row >= 0)
    text.append("[").append(std::to_string(row)).append("]");
  return text.append(" is ").append(is).append(", but must be ").append(must_be);
}

/// What a row status asks for where no domain says it better.
[[nodiscard]] constexpr std::string_view must_be(row_status why) noexcept {
  switch (why) {
  case row_status::missing:
    return "there";
  case row_status::not_a_number:
  case row_status::infinite:
    return "a finite number";
  case row_status::not_integer:
    return "a whole number";
  case row_status::not_exact:
    return "a whole number of minor units";
  case row_status::too_large:
    return "small enough to be exact";
  case row_status::invalid_text:
    return "well-formed UTF-8 text";
  case row_status::conflict:
    return "what this revision of the document was before";
  case row_status::currency:
    return "an ISO 4217 code of three capital letters";
  case row_status::inconsistent:
    return "consistent with the other columns";
  default:
    return "in its domain";
  }
}

/// How many letters must be put in, taken out or replaced to make one name of another.
[[nodiscard]] inline std::size_t edits_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j)
    row[j] = j;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// The candidate that `text` most likely meant: the fewest edits, where these are at most a third of its
/// letters. A name without its room (`bg_nbd`) is compared with candidates without theirs (`value.bg_nbd`).
[[nodiscard]] inline std::string_view nearest(std::string_view text,
                                              const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_edits = std::max<std::size_t>(text.size() / 3, 1) + 1;
  if (text.size() > 200)
    return best;
  const bool has_room = text.find('.') != std::string_view::npos;
  for (const std::string_view candidate : candidates) {
    std::size_t edits = edits_between(text, candidate);
    if (const std::size_t point = candidate.rfind('.'); !has_room && point != std::string_view::npos)
      edits = std::min(edits, edits_between(text, candidate.substr(point + 1)));
    if (edits < best_edits) {
      best_edits = edits;
      best = candidate;
    }
  }
  return best;
}

/// The refusal of a name that nobody knows, with the nearest one that is known.
[[nodiscard]] inline error unknown_name(std::string_view where, std::string_view kind, std::string_view name,
                                        const std::vector<std::string_view>& known) {
  std::string text(where);
  text.append(text.empty() ? "" : ": ")
      .append("there is no ")
      .append(kind)
      .append(" ")
      .append(shortened(name));
  if (const std::string_view close = nearest(name, known); !close.empty())
    text.append("; did you mean ").append(close).append("?");
  else if (!known.empty())
    text.append("; there is ").append(listed(std::span(known)));
  return {status::unknown_name, text};
}

/// The same of a name that stands in rows: these are wrong, not what the caller asks for.
[[nodiscard]] inline error unknown_in_rows(std::string_view where, std::string_view kind,
                                           std::string_view name,
                                           const std::vector<std::string_view>& known) {
  return {status::data, unknown_name(where, kind, name, known).what()};
}

} // namespace emptor
