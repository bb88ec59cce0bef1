// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "arrow_arrays.hpp"
#include "c_rows.hpp"

/// One walk through every function of the C interface, over every worked example of the catalogue. `Steps`
/// says what a step is: `look` leaves everything as it is, `make` gives a handle, `change` alters a store.
namespace emptor::test {

template <class Steps>
class walk {
public:
  walk(const described_catalogue& catalogue, Steps& steps)
      : catalogue_(catalogue)
      , steps_(steps) {}

  void all() {
    constants();
    for (const described_entry& entry : catalogue_.entries) {
      for (const described_example& example : entry.examples) {
        if (example.verb == "score")
          score(entry, example);
        else
          finish(entry, example);
      }
    }
  }

private:
  void constants() {
    const char* name = nullptr;
    std::int32_t index = 0;
    std::int64_t needed = 0;
    steps_.plain("emptor_version", emptor_version() != nullptr);
    steps_.plain("emptor_abi_version", emptor_abi_version() == EMPTOR_ABI_MAJOR * 65536 + EMPTOR_ABI_MINOR);
    steps_.plain("emptor_isa_name", emptor_isa_name() != nullptr);
    steps_.plain("emptor_status_name", emptor_status_name(1) == std::string("out_of_memory"));
    steps_.plain("emptor_row_status_name", emptor_row_status_name(1) == std::string("missing"));
    steps_.plain("emptor_catalogue_count", emptor_catalogue_count() > 0);
    steps_.look("emptor_catalogue_entry",
                [&](emptor_error* error) { return emptor_catalogue_entry(0, &name, error); });
    steps_.look("emptor_catalogue_find",
                [&](emptor_error* error) { return emptor_catalogue_find(name, &index, error); });
    steps_.look("emptor_catalogue_describe", [&](emptor_error* error) {
      return emptor_catalogue_describe(name, nullptr, 0, &needed, error);
    });
    std::string text(static_cast<std::size_t>(needed), '\0');
    steps_.look("emptor_catalogue_describe", [&](emptor_error* error) {
      return emptor_catalogue_describe(name, text.data(), needed, nullptr, error);
    });
  }

  void finish(const described_entry& entry, const described_example& example) {
    const split_options options = split(catalogue_, entry, example.options);
    const c_options create(options.store);
    const c_options at_finish(options.finish);
    const c_slots slots(catalogue_, example.slots);
    const emptor_run run = EMPTOR_RUN_INIT;
    owned<emptor_store> store;
    owned<emptor_result> result;
    if (!entry.store.empty()) {
      store = steps_.template make<emptor_store>("emptor_store_create", [&](auto** made, auto* error) {
        return emptor_store_create(entry.store.c_str(), create.get(), create.count(), made, error);
      });
      for (const auto& [name, csv] : example.tables) {
        const table typed = typed_table(table_named(catalogue_.pushed(entry), name), csv);
        c_rows rows(typed);
        const emptor_rows* lent = rows.get();
        std::vector<std::uint8_t> statuses(static_cast<std::size_t>(rows.rows()));
        emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
        steps_.change("emptor_store_push", store.get(), [&](emptor_error* error) {
          return emptor_store_push(store.get(), lent, 0, statuses.data(), &report, &run, error);
        });
        arrow(typed);
      }
    }
    result = steps_.template make<emptor_result>("emptor_store_finish", [&](auto** made, auto* error) {
      return emptor_store_finish(store.get(), entry.name.c_str(), at_finish.get(), at_finish.count(),
                                 slots.names(), slots.models(), slots.count(), nullptr, &run, made, error);
    });
    look_at(result.get());
    if (entry.verb == "fit") {
      const auto fitted =
          steps_.template make<emptor_model>("emptor_result_model", [&](auto** made, auto* error) {
            return emptor_result_model(result.get(), made, error);
          });
      look_at(fitted.get());
    }
    if (store)
      change(entry, *store, example);
    steps_.plain("emptor_result_free", true);
    steps_.plain("emptor_store_free", true);
  }

  /// Save, load, merge, erase.
  void change(const described_entry& entry, emptor_store& store, const described_example& example) {
    const emptor_run run = EMPTOR_RUN_INIT;
    const char* kind = nullptr;
    std::int64_t needed = 0;
    steps_.look("emptor_store_kind",
                [&](emptor_error* error) { return emptor_store_kind(&store, &kind, error); });
    steps_.look("emptor_store_save",
                [&](emptor_error* error) { return emptor_store_save(&store, nullptr, 0, &needed, error); });
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(needed));
    steps_.look("emptor_store_save", [&](emptor_error* error) {
      return emptor_store_save(&store, bytes.data(), needed, nullptr, error);
    });
    const auto loaded =
        steps_.template make<emptor_store>("emptor_store_load", [&](auto** made, auto* error) {
          return emptor_store_load(bytes.data(), needed, &run, made, error);
        });
    steps_.change("emptor_store_merge", &store,
                  [&](emptor_error* error) { return emptor_store_merge(&store, loaded.get(), &run, error); });
    const std::string key = catalogue_.store(entry.store).key;
    if (key.empty())
      return;
    const std::set<std::string> all = values_of(example, key);
    if (all.empty()) // rows without a key: nobody to ask for or to erase
      return;
    std::vector<const char*> ids; // all of them: what many say need not be told of one
    for (const std::string& id : all)
      ids.push_back(id.c_str());
    const emptor_column column = EMPTOR_COLUMN(ids.data(), EMPTOR_DTYPE_CSTRING);
    emptor_rows keys = EMPTOR_ROWS_INIT;
    keys.columns = &column;
    keys.column_count = 1;
    keys.row_count = static_cast<std::int64_t>(ids.size());
    const c_options options(split(catalogue_, entry, example.options).finish);
    const c_slots slots(catalogue_, example.slots);
    const auto limited = steps_.template make<emptor_result>("emptor_store_finish", [&](auto** made,
                                                                                        auto* error) {
      return emptor_store_finish(loaded.get(), entry.name.c_str(), options.get(), options.count(),
                                 slots.names(), slots.models(), slots.count(), &keys, nullptr, made, error);
    });
    keys.row_count = 1;
    std::int64_t erased = 0;
    steps_.change("emptor_store_erase", &store,
                  [&](emptor_error* error) { return emptor_store_erase(&store, &keys, &erased, error); });
    steps_.plain("emptor_store_erase", erased == 1);
  }

  /// Of a column, in any of the tables.
  static std::set<std::string> values_of(const described_example& example, const std::string& column) {
    std::set<std::string> made;
    for (const auto& [name, csv] : example.tables) {
      const csv_table parsed = parse_csv(csv);
      for (std::size_t i = 0; i < parsed.names.size(); ++i) {
        for (const auto& row : parsed.rows) {
          if (parsed.names[i] == column && !row[i].empty())
            made.insert(row[i]);
        }
      }
    }
    return made;
  }

  void look_at(const emptor_result* result) {
    std::int32_t tables = 0;
    steps_.look("emptor_result_tables",
                [&](emptor_error* error) { return emptor_result_tables(result, &tables, error); });
    for (std::int32_t i = 0; i < tables; ++i) {
      const char* name = nullptr;
      std::int64_t rows = 0;
      std::int32_t columns = 0;
      steps_.look("emptor_result_table_name",
                  [&](emptor_error* error) { return emptor_result_table_name(result, i, &name, error); });
      const auto table =
          steps_.template make<emptor_table>("emptor_result_table", [&](auto** made, auto* error) {
            return emptor_result_table(result, name, made, error);
          });
      steps_.look("emptor_table_rows",
                  [&](emptor_error* error) { return emptor_table_rows(table.get(), &rows, error); });
      steps_.look("emptor_table_columns",
                  [&](emptor_error* error) { return emptor_table_columns(table.get(), &columns, error); });
      for (std::int32_t k = 0; k < columns; ++k) {
        emptor_column column;
        emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
        steps_.look("emptor_table_column", [&](emptor_error* error) {
          return emptor_table_column(table.get(), k, &column, sizeof column, &info, error);
        });
      }
      steps_.look("emptor_table_export_arrow", [&](emptor_error* error) {
        taken<ArrowSchema> schema;
        taken<ArrowArray> array;
        return emptor_table_export_arrow(table.get(), schema.get(), array.get(), error);
      });
      steps_.plain("emptor_table_free", columns > 0);
    }
  }

  void look_at(const emptor_model* model) {
    const char* entry = nullptr;
    std::int64_t needed = 0;
    steps_.look("emptor_model_entry",
                [&](emptor_error* error) { return emptor_model_entry(model, &entry, error); });
    const auto tables =
        steps_.template make<emptor_result>("emptor_model_tables", [&](auto** made, auto* error) {
          return emptor_model_tables(model, made, error);
        });
    look_at(tables.get());
    steps_.look("emptor_model_save",
                [&](emptor_error* error) { return emptor_model_save(model, nullptr, 0, &needed, error); });
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(needed));
    steps_.look("emptor_model_save", [&](emptor_error* error) {
      return emptor_model_save(model, bytes.data(), needed, nullptr, error);
    });
    const auto loaded =
        steps_.template make<emptor_model>("emptor_model_load", [&](auto** made, auto* error) {
          return emptor_model_load(bytes.data(), needed, made, error);
        });
    steps_.look("emptor_model_export", [&](emptor_error* error) {
      return emptor_model_export(model, "json", nullptr, 0, &needed, error);
    });
    std::string text(static_cast<std::size_t>(needed), '\0');
    steps_.look("emptor_model_export", [&](emptor_error* error) {
      return emptor_model_export(model, "json", text.data(), needed, nullptr, error);
    });
    const auto imported =
        steps_.template make<emptor_model>("emptor_model_import", [&](auto** made, auto* error) {
          return emptor_model_import(text.data(), needed - 1, "json", made, error);
        });
    std::vector<std::uint8_t> again(bytes.size());
    steps_.look("emptor_model_save", [&](emptor_error* error) {
      return emptor_model_save(imported.get(), again.data(), static_cast<std::int64_t>(again.size()), nullptr,
                               error);
    });
    steps_.plain("emptor_model_import", again == bytes);
    steps_.plain("emptor_model_free", true);
  }

  void score(const described_entry& entry, const described_example& example) {
    owned<emptor_model> model;
    if (!example.model_tables.empty()) {
      const c_tables tables(entry.model_tables, example.model_tables);
      const c_options options(example.model_options);
      model = steps_.template make<emptor_model>("emptor_model_create", [&](auto** made, auto* error) {
        return emptor_model_create(entry.name.c_str(), tables.get(), tables.count(), options.get(),
                                   options.count(), made, error);
      });
      look_at(model.get());
    }
    const table typed = typed_table(entry.score_inputs, example.tables.at(0).second);
    c_rows rows(typed);
    const emptor_rows* lent = rows.get();
    const c_options options(example.options);
    const c_slots slots(catalogue_, example.slots);
    const auto plan = steps_.template make<emptor_plan>("emptor_plan_create", [&](auto** made, auto* error) {
      return emptor_plan_create(entry.name.c_str(), model.get(), slots.names(), slots.models(), slots.count(),
                                lent, options.get(), options.count(), nullptr, 0, made, error);
    });
    std::int32_t count = 0;
    steps_.look("emptor_plan_outputs",
                [&](emptor_error* error) { return emptor_plan_outputs(plan.get(), &count, error); });
    for (std::int32_t i = 0; i < count; ++i) {
      emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
      steps_.look("emptor_plan_output",
                  [&](emptor_error* error) { return emptor_plan_output(plan.get(), i, &info, error); });
    }
    const c_outputs outputs(plan.get(), rows.rows());
    std::vector<std::uint8_t> statuses(static_cast<std::size_t>(rows.rows()));
    std::int64_t bad_rows = 0;
    steps_.look("emptor_plan_score", [&](emptor_error* error) {
      return emptor_plan_score(plan.get(), lent, outputs.get(), outputs.count(), sizeof(emptor_output), 0,
                               statuses.data(), &bad_rows, nullptr, error);
    });
    steps_.look("emptor_plan_score_arrow", [&](emptor_error* error) {
      taken<ArrowSchema> schema;
      taken<ArrowArray> array;
      return emptor_plan_score_arrow(plan.get(), lent, EMPTOR_ARROW_ROW_STATUS, schema.get(), array.get(),
                                     &bad_rows, nullptr, error);
    });
    score_stream(typed, entry, model.get(), options, slots);
    steps_.plain("emptor_plan_free", true);
  }

  /// Rows of a table as they come from Arrow: an array, and a stream in two batches. A column more has to be copied.
  void arrow(const table& from) {
    hand_array batch = hand_copy(from);
    batch.children.push_back(
        hand_array::indices(std::vector<std::int8_t>(static_cast<std::size_t>(from.rows())),
                            hand_array::text_views({"a text of more than twelve bytes", std::nullopt}))
            .named("coded"));
    lent_array lent(batch);
    const emptor_rows* view = nullptr;
    const auto rows = steps_.template make<emptor_arrow_rows>("emptor_arrow_import", [&](auto** made,
                                                                                         auto* error) {
      return emptor_arrow_import(&lent.schema(), &lent.array(), nullptr, 0, from.name().c_str(), made, error);
    });
    steps_.look("emptor_arrow_view",
                [&](emptor_error* error) { return emptor_arrow_view(rows.get(), &view, error); });
    hand_stream halves(halved(batch));
    (void)steps_.template make<emptor_arrow_rows>(
        "emptor_arrow_import_stream", [&](auto** made, auto* error) {
          ArrowArrayStream stream = halves.stream();
          return emptor_arrow_import_stream(&stream, nullptr, 0, from.name().c_str(), nullptr, made, error);
        });
    steps_.plain("emptor_arrow_import_stream", halves.given == halves.released);
    steps_.plain("emptor_arrow_free", view->row_count == from.rows());
  }

  static std::vector<hand_array> halved(const hand_array& batch) {
    const std::int64_t half = batch.length / 2;
    return {hand_array(batch).sliced(0, half), hand_array(batch).sliced(half, batch.length - half)};
  }

  /// A stream of scores read to its end. Its plan knows the types that the rows have as Arrow.
  void score_stream(const table& from, const described_entry& entry, const emptor_model* model,
                    const c_options& options, const c_slots& slots) {
    const hand_array batch = hand_copy(from);
    lent_array lent(batch);
    const auto rows =
        steps_.template make<emptor_arrow_rows>("emptor_arrow_import", [&](auto** made, auto* error) {
          return emptor_arrow_import(&lent.schema(), nullptr, nullptr, 0, nullptr, made, error);
        });
    const auto plan = steps_.template make<emptor_plan>("emptor_plan_create", [&](auto** made, auto* error) {
      return emptor_plan_create(entry.name.c_str(), model, slots.names(), slots.models(), slots.count(),
                                &view_of(rows), options.get(), options.count(), nullptr, 0, made, error);
    });
    hand_stream halves(halved(batch));
    steps_.look("emptor_plan_score_arrow_stream", [&](emptor_error* error) -> emptor_status {
      ArrowArrayStream in = halves.stream();
      taken<ArrowArrayStream> out;
      const emptor_status status =
          emptor_plan_score_arrow_stream(plan.get(), &in, nullptr, 0, 0, nullptr, out.get(), error);
      if (status != EMPTOR_STATUS_OK)
        return status;
      taken<ArrowSchema> schema;
      int code = out->get_schema(out.get(), schema.get());
      for (std::int64_t read = 0; code == 0 && read < batch.length;) {
        taken<ArrowArray> scores;
        code = out->get_next(out.get(), scores.get());
        read += scores->length;
      }
      return code == 0        ? EMPTOR_STATUS_OK
             : code == ENOMEM ? EMPTOR_STATUS_OUT_OF_MEMORY
                              : EMPTOR_STATUS_INTERNAL;
    });
    steps_.plain("emptor_plan_score_arrow_stream", halves.given == halves.released);
  }

  const described_catalogue& catalogue_;
  Steps& steps_;
};

} // namespace emptor::test
