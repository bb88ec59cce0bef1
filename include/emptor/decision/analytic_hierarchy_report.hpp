// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include <emptor/stats/criteria_hierarchy.hpp>
#include <emptor/stats/random_index.hpp>

/// What goes into the analytic hierarchy process and what comes out of it.
namespace emptor::decision {

inline constexpr std::string_view analytic_hierarchy_name = "decision.analytic_hierarchy";

/// How a matrix of judgements gives weights: by its principal eigenvector (特征向量法) or by geometric means of its
/// rows.
enum class priority_method : std::int32_t { eigenvector = 0, geometric_mean = 1 };
inline constexpr std::string_view priority_methods[] = {"eigenvector", "geometric_mean"};
/// Whether the judgements of respondents are averaged, or their weights.
enum class judgement_aggregation : std::int32_t { individual_judgements = 0, individual_priorities = 1 };
inline constexpr std::string_view judgement_aggregations[] = {"individual_judgements",
                                                              "individual_priorities"};
/// How weights of respondents are averaged.
enum class priority_mean : std::int32_t { geometric = 0, arithmetic = 1 };
inline constexpr std::string_view priority_means[] = {"geometric", "arithmetic"};
/// Whether somebody gave a judgement, or it follows from others.
enum class judgement_source : std::int32_t { given = 0, completed = 1 };
inline constexpr std::string_view judgement_sources[] = {"given", "completed"};
/// Whether the consistency ratio is within its limit; of two criteria there is nothing to be inconsistent.
enum class consistency_verdict : std::int32_t { consistent = 0, inconsistent = 1, no_random_index = 2 };
inline constexpr std::string_view consistency_verdicts[] = {"consistent", "inconsistent", "no_random_index"};
/// Whether a respondent judged all pairs, enough to complete the others, or too few.
enum class respondent_state : std::int32_t { complete = 0, completed = 1, unconnected = 2 };
inline constexpr std::string_view respondent_states[] = {"complete", "completed", "unconnected"};

/// How many times as important `left` is as `right`, below a criterion, as somebody judges.
struct hierarchy_judgement {
  std::optional<std::string_view> respondent{};
  std::optional<std::string_view> parent{}; ///< none: the goal
  std::string_view left;
  std::string_view right;
  double preference = 1.0; ///< of left over right
};

/// How weights are made of judgements; the limit is of the consistency ratio, dimensionless.
struct analytic_hierarchy_options {
  priority_method method = priority_method::eigenvector;
  stats::random_index_table random_index = stats::random_index_table::saaty;
  judgement_aggregation aggregation = judgement_aggregation::individual_judgements;
  priority_mean mean = priority_mean::geometric;
  double consistency_limit = 0.1;
  std::size_t repairs = 3; ///< of each matrix at most
};

/// Consistency of one matrix.
struct matrix_figures {
  double lambda_max = std::numeric_limits<double>::quiet_NaN();
  double index = std::numeric_limits<double>::quiet_NaN();
  double random = std::numeric_limits<double>::quiet_NaN(); ///< NaN beyond the table
  double ratio = std::numeric_limits<double>::quiet_NaN();  ///< NaN where the table ends
  consistency_verdict verdict = consistency_verdict::no_random_index;
};

/// Two criteria of a matrix: the judgement (a ratio of importance), where it comes from, and what the weights make of it.
struct judged_pair {
  std::size_t left = 0;
  std::size_t right = 0;
  double preference = 1.0;
  judgement_source source = judgement_source::given;
  double fitted = 1.0;      ///< ratio of the weights
  double error_share = 0.0; ///< of lambda max - n, or of the sum of squares
};

/// What would stand in the place of a judgement if nobody had given it, and the consistency ratio then.
struct judgement_repair {
  std::size_t pair = 0; ///< among the pairs of the matrix
  double preference = 1.0;
  double ratio_after = std::numeric_limits<double>::quiet_NaN();
};

/// What one respondent said below a criterion; priorities add up to 1.
struct judged_respondent {
  std::string_view name;
  double weight = 1.0;
  std::size_t judgements = 0;
  respondent_state state = respondent_state::complete;
  matrix_figures figures;
  std::vector<double> priorities; ///< empty where they cannot be told
};

/// What is compared below one criterion.
struct judged_matrix {
  std::size_t node = 0;
  std::size_t respondents = 0; ///< who judged, 1 where nobody has a name
  std::size_t judgements = 0;
  std::vector<double> weights; ///< of the children, their sum is 1
  matrix_figures figures;
  double geometric_consistency = std::numeric_limits<double>::quiet_NaN();
  std::vector<judged_pair> pairs;
  std::vector<judgement_repair> repairs;
  std::vector<judged_respondent> each; ///< who have a name
};

/// The hierarchy, its matrices and its weights: `local` among those below one criterion, `global` of the goal, each adding
/// up to 1.
struct analytic_hierarchy_report {
  stats::criteria_hierarchy hierarchy;
  std::vector<judged_matrix> matrices;    ///< from the goal downwards
  std::vector<std::vector<double>> local; ///< of each node the weights of its children
  std::vector<double> global;             ///< of each node
};

} // namespace emptor::decision
