// SPDX-License-Identifier: BSL-1.0
// Any schema, options and wanted outputs make a plan or are refused; a plan scores whatever bits its columns hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <emptor/catalogue.hpp>

#include "source.hpp"

namespace {

using namespace emptor;
using test::source;

/// A model, so that plans with one are made too.
std::shared_ptr<const model> bg_nbd_model(const entry& what) {
  text_buffer names;
  for (const std::string_view name : {"r", "alpha", "a", "b"})
    names.push_back(name);
  const table parameters("parameters", {column::texts("parameter", std::move(names)),
                                        column::numbers("value", {0.243, 4.414, 0.793, 2.426})});
  const std::vector<named_column> columns = parameters.views();
  const named_table named{"parameters", columns, parameters.rows()};
  const option unit{"unit", "week"};
  return create_model(what, {&named, 1}, {&unit, 1});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source from(data, size);
  const auto entries = catalogue();
  const entry& what = *entries[from.below(entries.size())];
  const score_description& described = what.description->score;
  constexpr std::int64_t rows = 5;
  try {
    static const std::shared_ptr<const model> fitted = bg_nbd_model(find_entry("value.bg_nbd"));
    std::shared_ptr<const model> self;
    if (from.below(8) != 0 && what.description->name == "value.bg_nbd")
      self = fitted;

    std::vector<bound_column> schema;
    for (std::size_t left = from.below(6); left > 0; --left) {
      const bool known = from.below(8) != 0 && !described.inputs.empty();
      schema.push_back(
          {known ? std::string(described.inputs[from.below(described.inputs.size())].name) : from.text(),
           static_cast<dtype>(from.byte() % 20 - 1)});
    }
    std::vector<option> options;
    for (std::size_t left = from.below(4); left > 0; --left) {
      const bool known = from.below(8) != 0 && !described.options.empty();
      options.push_back(
          {known ? std::string(described.options[from.below(described.options.size())].name) : from.text(),
           from.below(2) != 0 ? std::to_string(from.byte()) : from.text()});
    }
    std::vector<std::string> only;
    for (std::size_t left = from.below(3); left > 0; --left) {
      const bool known = from.below(8) != 0 && !described.outputs.empty();
      only.push_back(known ? std::string(described.outputs[from.below(described.outputs.size())].name)
                           : from.text());
    }
    const plan ready(what, self, {}, schema, options, only);

    std::vector<std::vector<std::uint8_t>> memory;
    std::vector<column_view> columns;
    const std::vector<std::int64_t> offsets{0, 1, 2, 3, 4, 5};
    for (const bound_column& one : schema) {
      memory.emplace_back(16 * static_cast<std::size_t>(rows));
      from.fill(memory.back());
      column_view view;
      view.type = one.type;
      view.stride_bytes = width_of(one.type);
      view.data = memory.back().data();
      if (one.type == dtype::large_utf8) {
        view.aux = offsets.data();
        view.aux_length = rows + 1;
      } else if (is_text(one.type)) {
        return 0; // pointers and indices are the caller's promise, not data
      }
      columns.push_back(view);
    }
    std::vector<std::vector<double>> results(ready.outputs().size(), std::vector<double>(rows));
    std::vector<output_memory> outputs;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const dtype natural = ready.outputs()[i].type;
      outputs.push_back({results[i].data(), width_of(natural), nullptr, natural});
    }
    std::vector<row_status> statuses(rows);
    std::int64_t bad_rows = 0;
    ready.score(columns, rows, outputs, statuses.data(), &bad_rows, false, run{});
    std::int64_t counted = 0;
    for (const row_status one : statuses)
      counted += is_refusal(one) ? 1 : 0; // "never" and "undefined" are answers
    if (counted != bad_rows)
      std::abort();
  } catch (const error&) {
  }
  return 0;
}
