// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/credit/bins_as_c.hpp>
#include <emptor/credit/scorecard_model.hpp>

/// A scorecard as C90 source that needs nothing but, for the probability, `exp`.
namespace emptor::credit {

namespace detail {

inline constexpr std::string_view c_scorecard_introduction =
    R"(/* A scorecard, written by emptor. C90; it needs no library, but exp where it tells a probability.

   int emptor_score(const double *numbers, const char *const *texts, double *score,
                    double *probability, const char **reasons, double *reason_points);

   numbers, texts: for each characteristic, in the order of their names, the number (NaN where it is
   missing) or the text (0 or "" where it is missing); the place in the other array is not read.
   score: base points and the points of each bin. probability: of the event; -1 where the model does
   not tell it. reasons: three, what costs most points first, 0 where there is none. reason_points:
   three, what they cost. Each of these may be 0.
   Returns 0, or the number from 1 of the first characteristic whose value has no bin: then nothing
   is written.

   const char *emptor_score_characteristic(int number, int *is_text);

   The name of a characteristic, from 0, and whether it is a text; 0 after the last.

   Doubles must be those of IEEE 754, not with -ffast-math. Names are bytes, as the model has them. */
)";

inline constexpr std::string_view c_scorecard_function = R"(
const char *emptor_score_characteristic(int number, int *is_text);
const char *emptor_score_characteristic(int number, int *is_text) {
  if (number < 0 || number >= CHARACTERISTICS)
    return 0;
  if (is_text != 0)
    *is_text = characteristics[number].is_text;
  return characteristics[number].name;
}

int emptor_score(const double *numbers, const char *const *texts, double *score, double *probability,
                 const char **reasons, double *reason_points);
int emptor_score(const double *numbers, const char *const *texts, double *score, double *probability,
                 const char **reasons, double *reason_points) {
  volatile double sum = base_points; /* volatile: rounded to a double after each addition */
  double cost[CHARACTERISTICS];
  int reason_of[CHARACTERISTICS];
  int bin[CHARACTERISTICS];
  int found = 0;
  int i;
  int at;
  int rank;
  for (i = 0; i < CHARACTERISTICS; ++i) {
    bin[i] = characteristics[i].is_text ? bin_of(&characteristics[i], 0.0, texts[i])
                                        : bin_of(&characteristics[i], numbers[i], 0);
    if (bin[i] == 0)
      return i + 1;
    cost[i] = 0.0;
  }
  for (i = 0; i < CHARACTERISTICS; ++i) {
    volatile double below = BELOW(baseline[i][bin[i] - 1], points[i][bin[i] - 1]);
    sum += points[i][bin[i] - 1];
    if (!(below > 0.0))
      continue;
    for (at = 0; at < found; ++at) {
      if (reason_of[at] == reason[i][bin[i] - 1])
        break;
    }
    if (at == found) {
      reason_of[found] = reason[i][bin[i] - 1];
      ++found;
    }
    below += cost[at];
    cost[at] = below;
  }
  if (score != 0)
    *score = sum;
  if (probability != 0)
    *probability = probability_of(bin, sum);
  for (rank = 0; rank < 3; ++rank) {
    int largest = -1;
    for (at = 0; at < found; ++at) {
      if (cost[at] > 0.0 && (largest < 0 || cost[at] > cost[largest]))
        largest = at;
    }
    if (reasons != 0)
      reasons[rank] = largest < 0 ? 0 : reason_names[reason_of[largest]];
    if (reason_points != 0)
      reason_points[rank] = largest < 0 ? 0.0 : cost[largest];
    if (largest >= 0)
      cost[largest] = -1.0;
  }
  return 0;
}
)";

inline constexpr std::string_view c_probability_function = R"(
static double probability_at(double log_odds) {
  double small = exp(log_odds < 0.0 ? log_odds : -log_odds);
  return (log_odds < 0.0 ? small : 1.0) / (1.0 + small);
}

)";

} // namespace detail

/// \throws error status::data for names with a zero byte
[[nodiscard]] inline std::string scorecard_c(const scorecard& of) {
  c_bins_writer to(std::string(scorecard_name) + ": c");
  const bool has_log_odds = of.has_log_odds();
  const bool safer = of.scale.direction == score_direction::safer;
  std::vector<std::string> lookups;
  std::vector<std::string> points;
  std::vector<std::string> baselines;
  std::vector<std::string> reasons;
  std::vector<std::string> log_odds;
  for (std::size_t i = 0; i < of.characteristics.size(); ++i) {
    const scorecard_characteristic& one = of.characteristics[i];
    const std::string number = "_" + std::to_string(i);
    lookups.push_back(to.lookup(one.label, one.numeric, one.lookup, i));
    points.push_back(to.numbers("points" + number, one.points));
    baselines.push_back(to.numbers("baseline" + number, one.baseline));
    reasons.push_back(to.wholes("reason" + number, one.reason));
    if (has_log_odds)
      log_odds.push_back(to.numbers("log_odds" + number, one.log_odds));
  }
  std::vector<std::string> names;
  for (const std::string& reason : of.reasons)
    names.push_back(to.text(reason));
  (void)to.array("struct bins", "characteristics", lookups);
  (void)to.array("double *const", "points", points);
  (void)to.array("double *const", "baseline", baselines);
  (void)to.array("int *const", "reason", reasons);
  (void)to.array("char *const", "reason_names", names);
  std::string probability;
  if (has_log_odds) {
    (void)to.array("double *const", "log_odds", log_odds);
    probability = std::string(detail::c_probability_function) +
                  "static double probability_of(const int *bin, double score) {\n"
                  "  volatile double sum = intercept;\n"
                  "  int i;\n"
                  "  (void)score;\n"
                  "  for (i = 0; i < CHARACTERISTICS; ++i)\n"
                  "    sum += log_odds[i][bin[i] - 1];\n"
                  "  return probability_at(sum);\n"
                  "}\n";
  } else if (of.scale.known()) {
    probability = std::string(detail::c_probability_function) +
                  "static double probability_of(const int *bin, double score) {\n"
                  "  (void)bin;\n"
                  "  return probability_at(" +
                  (safer ? "-" : "") +
                  "((score - offset) / factor));\n"
                  "}\n";
  } else {
    probability = "\nstatic double probability_of(const int *bin, double score) {\n"
                  "  (void)bin;\n"
                  "  (void)score;\n"
                  "  return -1.0;\n"
                  "}\n";
  }
  std::string made(detail::c_scorecard_introduction);
  if (has_log_odds || of.scale.known())
    made += "#include <math.h>\n";
  made += c_bins_type;
  made += "#define CHARACTERISTICS " + std::to_string(of.characteristics.size()) + "\n";
  made += safer ? "#define BELOW(baseline, points) ((baseline) - (points))\n"
                : "#define BELOW(baseline, points) ((points) - (baseline))\n";
  made += "static const double base_points = " + c_number(of.base_points) + ";\n";
  if (has_log_odds)
    made += "static const double intercept = " + c_number(of.intercept) + ";\n";
  else if (of.scale.known())
    made += "static const double offset = " + c_number(of.scale.offset) + ";\n" +
            "static const double factor = " + c_number(of.scale.factor) + ";\n";
  made += to.source;
  made += c_bins_function(of.characteristics.front().lookup.closed());
  made += probability;
  made += detail::c_scorecard_function;
  return made;
}

} // namespace emptor::credit
