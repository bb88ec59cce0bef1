// SPDX-License-Identifier: BSL-1.0
// Scores as Arrow: of rows at once, and of a stream batch by batch.
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "detail/arrow_bits.hpp"
#include "detail/arrow_export.hpp"
#include "detail/arrow_import.hpp"
#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::arrow_owner;
using capi::bound_plan;
using capi::guard;

namespace {

constexpr std::uint32_t known_flags = EMPTOR_STRICT | EMPTOR_ARROW_ROW_STATUS;
constexpr std::string_view flags_must_be = "EMPTOR_STRICT, EMPTOR_ARROW_ROW_STATUS, both or 0";

/// What a call scores, and how.
struct batch {
  std::span<const column_view> columns;
  std::int64_t rows = 0;
  std::int64_t first_row = 0; ///< what its first row counts as in an error
  std::uint32_t flags = 0;
  std::int64_t* bad_rows = nullptr;
};

column::storage room_for(dtype type, std::size_t rows) {
  switch (type) {
  case dtype::int64:
  case dtype::money:
    return std::vector<std::int64_t>(rows);
  case dtype::int32:
  case dtype::date32:
    return std::vector<std::int32_t>(rows);
  case dtype::boolean:
    return std::vector<std::uint8_t>(rows);
  default:
    return std::vector<double>(rows);
  }
}

std::vector<std::string> row_status_names() {
  std::vector<std::string> names;
  for (std::uint8_t i = 0; name(static_cast<row_status>(i)) != "unknown"; ++i)
    names.emplace_back(name(static_cast<row_status>(i)));
  return names;
}

std::shared_ptr<const table> score(const plan& with, const batch& of, const run& how) {
  const auto rows = static_cast<std::size_t>(of.rows);
  std::vector<column::storage> values;
  std::vector<std::vector<std::uint8_t>> validity;
  std::vector<output_memory> memory;
  for (const output_info& output : with.outputs()) {
    std::visit(
        [&](auto& made) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(made)>, text_buffer>)
            memory.push_back({made.data(), width_of(output.type), nullptr, output.type});
        },
        values.emplace_back(room_for(output.type, rows)));
    memory.back().validity = validity.emplace_back((rows + 7) / 8).data();
  }
  std::vector<std::uint8_t> statuses((of.flags & EMPTOR_ARROW_ROW_STATUS) != 0 ? rows : 0);
  with.score(of.columns, of.rows, memory,
             statuses.empty() ? nullptr : reinterpret_cast<row_status*>(statuses.data()), of.bad_rows,
             (of.flags & EMPTOR_STRICT) != 0, how, of.first_row);
  auto made = std::make_shared<table>("scores");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const output_info& output = with.outputs()[i];
    column one(output.name, output.type, std::move(values[i]), output.unit, output.decimals);
    one.set_levels(output.levels);
    if (capi::count_set({validity[i].data(), 0}, of.rows) != of.rows)
      one.set_validity(std::move(validity[i]));
    made->add(std::move(one));
  }
  if ((of.flags & EMPTOR_ARROW_ROW_STATUS) != 0) {
    column why("row_status", dtype::uint8, std::move(statuses));
    why.set_levels(row_status_names());
    made->add(std::move(why));
  }
  return made;
}

int errno_of(emptor_status status) noexcept {
  switch (status) {
  case EMPTOR_STATUS_OK:
    return 0;
  case EMPTOR_STATUS_OUT_OF_MEMORY:
    return ENOMEM;
  case EMPTOR_STATUS_CANCELLED:
    return ECANCELED;
  default:
    return EINVAL;
  }
}

/// What stands behind a stream of scores.
class score_stream {
public:
  score_stream(const arguments& in, std::shared_ptr<const bound_plan> plan, capi::arrow_fields fields,
               std::uint32_t flags, const emptor_run* how)
      : plan_(std::move(plan))
      , fields_(std::move(fields))
      , flags_(flags)
      , how_(in, how) {
    (void)scored(nullptr); // whether the plan takes these columns
  }
  /// The stream that it scores, which nothing can go wrong with any more.
  void read_from(arrow_owner<ArrowArrayStream> in) noexcept { in_ = std::move(in); }

  static int get_schema(ArrowArrayStream* self, ArrowSchema* out) noexcept {
    return of(self).answer([&](score_stream& held) {
      out->release = nullptr;
      capi::publish(capi::schema_of(*held.scored(nullptr)), *out);
    });
  }
  static int get_next(ArrowArrayStream* self, ArrowArray* out) noexcept {
    return of(self).answer([&](score_stream& held) {
      out->release = nullptr;
      held.how_.check();
      const arrow_owner<ArrowArray> given = capi::arrow_reader(held.fields_.function(), held.in_).next();
      if (given.released())
        return;
      capi::publish(capi::array_of(held.scored(&*given)), *out);
      held.read_ += (*given).length;
    });
  }
  static const char* get_last_error(ArrowArrayStream* self) noexcept {
    const score_stream& held = of(self);
    return held.failed_ == EMPTOR_STATUS_OK ? nullptr : held.error_.message;
  }
  static void release(ArrowArrayStream* self) noexcept {
    delete &of(self);
    self->release = nullptr;
  }

private:
  static score_stream& of(ArrowArrayStream* self) noexcept {
    return *static_cast<score_stream*>(self->private_data);
  }

  /// A stream that failed stays so: what would come next is not what was asked for.
  template <class Body>
  int answer(const Body& body) noexcept {
    if (failed_ == EMPTOR_STATUS_OK)
      failed_ = guard(&error_, [&] { body(*this); });
    return errno_of(failed_);
  }
  [[nodiscard]] std::shared_ptr<const table> scored(const ArrowArray* given) const {
    const capi::arrow_columns columns = capi::import_columns(fields_, given, read_);
    return score(plan_->scores, {columns.views, columns.rows, read_, flags_, nullptr}, *how_);
  }

  std::shared_ptr<const bound_plan> plan_;
  capi::arrow_fields fields_;
  std::uint32_t flags_;
  capi::caller_run how_;
  arrow_owner<ArrowArrayStream> in_;
  std::int64_t read_ = 0; ///< rows of the batches before
  emptor_error error_ = EMPTOR_ERROR_INIT;
  emptor_status failed_ = EMPTOR_STATUS_OK;
};

} // namespace

extern "C" emptor_status emptor_plan_score_arrow(const emptor_plan* plan, const emptor_rows* rows,
                                                 std::uint32_t flags, ArrowSchema* schema, ArrowArray* array,
                                                 std::int64_t* bad_rows, const emptor_run* how,
                                                 emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_plan_score_arrow");
    in.released(array, "array");
    if (schema != nullptr)
      in.released(schema, "schema");
    in.given(plan, "plan");
    const emptor_rows given = capi::read_rows(in, rows, "rows");
    in.flags(flags, known_flags, flags_must_be);
    const capi::columns_of columns(in, given);
    const capi::caller_run run(in, how);
    capi::publish(score(plan->held->scores, {columns.views(), given.row_count, 0, flags, bad_rows}, *run),
                  schema, *array);
  });
}

extern "C" emptor_status emptor_plan_score_arrow_stream(const emptor_plan* plan, ArrowArrayStream* stream,
                                                        const char* const* names, std::int32_t name_count,
                                                        std::uint32_t flags, const emptor_run* how,
                                                        ArrowArrayStream* out, emptor_error* error) {
  arrow_owner<ArrowArrayStream> consumed(stream); // outside of what can fail
  return guard(error, [&] {
    const arguments in("emptor_plan_score_arrow_stream");
    in.released(out, "out");
    in.given(plan, "plan");
    in.given(stream, "in");
    in.flags(flags, known_flags, flags_must_be);
    std::vector<const char*> own_names;
    for (const bound_column& one : plan->held->scores.schema())
      own_names.insert(own_names.end(), 2, one.name.c_str());
    const bool by_own = names == nullptr && name_count == 0;
    const arrow_owner<ArrowSchema> schema = capi::arrow_reader(in.function(), consumed).schema();
    capi::arrow_fields fields(in.function(), *schema, by_own ? own_names.data() : names,
                              by_own ? static_cast<std::int32_t>(own_names.size() / 2) : name_count);
    auto made = std::make_unique<score_stream>(in, plan->held, std::move(fields), flags, how);
    made->read_from(std::move(consumed));
    *out = {score_stream::get_schema, score_stream::get_next, score_stream::get_last_error,
            score_stream::release, made.release()};
  });
}
