// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/entry.hpp>
#include <emptor/core/instance.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/customer_base_fit.hpp>
#include <emptor/value/customer_base_scorer.hpp>
#include <emptor/value/model_fit.hpp>

/// The entry of a model of customer_base.hpp whose rows are (frequency, recency, age). Besides the formulas and
/// what a fit needs (customer_base_fit.hpp, model_fit.hpp) such a model has
///
///     static name, summary, source, chinese, since   of the entry; since = version
///     static examples                                worked examples of the fit and of scores
///     static demo                                    its runs in the demo
///     static times                                   per parameter: whether it is a length of time
///     static described(quantity, general)            the description of a quantity, changed where the model
///                                                    has something to add
///     static undefined(quantity)                     why the model has no such quantity; empty: it has
namespace emptor::value {

inline constexpr std::string_view model_formats[] = {"json"};

template <class Model>
inline constexpr entry_description customer_base_description{
    .name = Model::name,
    .what = verb::fit,
    .summary = Model::summary,
    .source = Model::source,
    .chinese = Model::chinese,
    .since = Model::since,
    .store = "rows",
    .inputs = customer_tables,
    .options = customer_fit_options,
    .outputs = fitted_tables<Model>,
    .model_tables = fitted_tables<Model>,
    .model_options = customer_model_options,
    .score = {.inputs = {customer_columns, customer_inputs},
              .options = customer_score_options,
              .outputs = customer_outputs<Model>,
              .rule = rule_of<Model>},
    .formats = model_formats,
    .examples = Model::examples,
    .demo = Model::demo,
};

template <class Model, template <class> class Formula = scores_of<Model>::template formula>
inline constexpr entry customer_base_entry{
    .description = &customer_base_description<Model>,
    .finish = &finish_customer_base<Model>,
    .check_model =
        [](const model& made) {
          (void)read_parameters<Model>(made);
          (void)read_covariance(made, Model::names);
        },
    .bind = &bind_customer_scores<Model, Formula>,
};

} // namespace emptor::value

/// What is compiled of such a model, see core/instance.hpp; a model says it at its end.
#if defined(EMPTOR_INSTANCE)
#define EMPTOR_CUSTOMER_BASE_INSTANCES(Model)                                                                \
  EMPTOR_INSTANCE model_fit<Model> fit_customer_base<Model>(                                                 \
      std::span<const double>, std::span<const double>, std::span<const double>, std::span<const double>,    \
      const fit_options&, const run&);                                                                       \
  EMPTOR_INSTANCE result fitted_result<Model>(const model_fit<Model>&, std::string_view);                    \
  EMPTOR_INSTANCE result finish_customer_base<Model>(const finish_request&);                                 \
  EMPTOR_INSTANCE std::unique_ptr<scorer> bind_customer_scores<Model>(const score_request&);
#else
#define EMPTOR_CUSTOMER_BASE_INSTANCES(Model)
#endif
