// SPDX-License-Identifier: BSL-1.0
#include <string_view>
#include <utility>
#include <vector>

#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::guard;

extern "C" emptor_status emptor_store_create(const char* kind, const char* const* options,
                                             std::int32_t option_count, emptor_store** store,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_create");
    in.empty(store, "store");
    in.given(kind, "kind");
    const auto read = capi::read_options(in, options, option_count);
    *store = new emptor_store{make_store(kind, read)};
  });
}

extern "C" emptor_status emptor_store_push(emptor_store* store, const emptor_rows* rows, std::uint32_t flags,
                                           std::uint8_t* row_statuses, emptor_push_report* report,
                                           const emptor_run* how, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_push");
    in.given(store, "store");
    const emptor_rows given = capi::read_rows(in, rows, "rows");
    in.flags(flags);
    if (report != nullptr)
      in.size<emptor_push_report>(report->struct_size, "report struct_size");
    const capi::named_columns columns(in, given);
    const capi::caller_run run(in, how);
    push_request request;
    request.table = given.table == nullptr ? std::string_view() : std::string_view(given.table);
    request.columns = columns.views();
    request.rows = given.row_count;
    request.statuses = reinterpret_cast<row_status*>(row_statuses);
    request.strict = (flags & EMPTOR_STRICT) != 0;
    request.how = &*run;
    const push_report told = store->held->push(request);
    if (report != nullptr) {
      capi::write_structure(emptor_push_report{report->struct_size, told.repeats_count_twice ? 1 : 0,
                                               told.added, told.replaced, told.repeated, told.superseded,
                                               told.conflicts, told.refused},
                            report, report->struct_size);
    }
  });
}

extern "C" emptor_status emptor_store_merge(emptor_store* store, const emptor_store* other,
                                            const emptor_run* how, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_merge");
    in.given(store, "store");
    in.given(other, "other");
    if (store == other)
      in.refuse("other", "the store itself", "another store");
    const capi::caller_run run(in, how);
    (*run).check(0.0);
    store->held->merge(*other->held);
  });
}

extern "C" emptor_status emptor_store_save(const emptor_store* store, void* buffer, std::int64_t capacity,
                                           std::int64_t* needed, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_save");
    in.given(store, "store");
    in.buffer(buffer, capacity, needed);
    const auto bytes = save(*store->held);
    in.fill(buffer, capacity, needed, bytes.data(), bytes.size());
  });
}

extern "C" emptor_status emptor_store_load(const void* bytes, std::int64_t size, const emptor_run* how,
                                           emptor_store** store, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_load");
    in.empty(store, "store");
    in.array(bytes, size, "bytes");
    const capi::caller_run run(in, how);
    (*run).check(0.0);
    *store =
        new emptor_store{load_store({static_cast<const std::byte*>(bytes), static_cast<std::size_t>(size)})};
  });
}

extern "C" emptor_status emptor_store_kind(const emptor_store* store, const char** kind,
                                           emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_kind");
    in.empty(kind, "kind");
    in.given(store, "store");
    *kind = store->held->description().name.data();
  });
}

extern "C" emptor_status emptor_store_erase(emptor_store* store, const emptor_rows* keys,
                                            std::int64_t* erased, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_erase");
    in.given(store, "store");
    const auto read = capi::read_keys(in, keys);
    const std::vector<std::string_view> views(read.begin(), read.end());
    const std::int64_t known = store->held->erase(views);
    if (erased != nullptr)
      *erased = known;
  });
}

extern "C" emptor_status emptor_store_finish(const emptor_store* store, const char* entry,
                                             const char* const* options, std::int32_t option_count,
                                             const char* const* slot_names,
                                             const emptor_model* const* slot_models, std::int32_t slot_count,
                                             const emptor_rows* keys, const emptor_run* how,
                                             emptor_result** result, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_store_finish");
    in.empty(result, "result");
    in.given(entry, "entry");
    const auto& what = find_entry(entry);
    const auto read = capi::read_options(in, options, option_count);
    const auto slots = capi::read_slots(in, slot_names, slot_models, slot_count);
    std::optional<std::vector<std::string>> only;
    if (keys != nullptr)
      only = capi::read_keys(in, keys);
    const capi::caller_run run(in, how);
    auto made =
        finish(what, store == nullptr ? nullptr : store->held.get(), read, slots, std::move(only), *run);
    *result = new emptor_result{std::make_shared<const std::vector<table>>(std::move(made.tables)),
                                std::move(made.fitted)};
  });
}

extern "C" void emptor_store_free(emptor_store* store) {
  delete store;
}
