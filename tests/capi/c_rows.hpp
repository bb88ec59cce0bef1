// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <emptor_arrow.h>

#include "support/description.hpp"
#include "support/worked_example.hpp"

/// What the tests of the C interface share: handles that free themselves, and tables as C structures.
namespace emptor::test {

struct free_handle {
  void operator()(emptor_store* handle) const { emptor_store_free(handle); }
  void operator()(emptor_result* handle) const { emptor_result_free(handle); }
  void operator()(emptor_table* handle) const { emptor_table_free(handle); }
  void operator()(emptor_model* handle) const { emptor_model_free(handle); }
  void operator()(emptor_plan* handle) const { emptor_plan_free(handle); }
  void operator()(emptor_arrow_rows* handle) const { emptor_arrow_free(handle); }
};
template <class T>
using owned = std::unique_ptr<T, free_handle>;

[[nodiscard]] inline emptor_column c_column(const column_view& view) {
  emptor_column made;
  static_assert(sizeof made == sizeof view);
  std::memcpy(&made, &view, sizeof made);
  return made;
}

[[nodiscard]] inline column_view cpp_column(const emptor_column& column) {
  column_view made;
  std::memcpy(static_cast<void*>(&made), &column, sizeof made);
  return made;
}

/// Names and columns as C takes them. The values stay with whoever owns them.
class c_rows {
public:
  c_rows() = default;
  explicit c_rows(const table& from)
      : name_(from.name())
      , rows_(from.rows()) {
    for (const column& one : from.columns())
      add(one.name(), c_column(one.view()));
  }
  void add(std::string name, const emptor_column& column) {
    names_.push_back(std::move(name));
    columns_.push_back(column);
  }
  [[nodiscard]] std::vector<emptor_column>& columns() { return columns_; }
  [[nodiscard]] std::vector<std::string>& names() { return names_; }
  [[nodiscard]] std::int64_t rows() const { return rows_; }

  /// Valid until the next call of a member.
  [[nodiscard]] const emptor_rows* get() {
    pointers_.clear();
    for (const std::string& name : names_)
      pointers_.push_back(name.c_str());
    lent_ = EMPTOR_ROWS_INIT;
    lent_.table = name_.empty() ? nullptr : name_.c_str();
    lent_.names = pointers_.data();
    lent_.columns = columns_.data();
    lent_.column_count = static_cast<std::int32_t>(columns_.size());
    lent_.row_count = rows_;
    return &lent_;
  }

private:
  std::string name_;
  std::int64_t rows_ = 0;
  std::vector<std::string> names_;
  std::vector<emptor_column> columns_;
  std::vector<const char*> pointers_;
  emptor_rows lent_ = EMPTOR_ROWS_INIT;
};

/// Options as C takes them.
class c_options {
public:
  explicit c_options(const text_pairs& from)
      : held_(from) {
    for (const auto& [name, value] : held_) {
      pointers_.push_back(name.c_str());
      pointers_.push_back(value.c_str());
    }
  }
  c_options(const c_options&) = delete;
  c_options& operator=(const c_options&) = delete;
  [[nodiscard]] const char* const* get() const { return pointers_.data(); }
  [[nodiscard]] std::int32_t count() const { return static_cast<std::int32_t>(held_.size()); }

private:
  text_pairs held_;
  std::vector<const char*> pointers_;
};

/// The parameters of a BG/NBD model as the table that makes one.
[[nodiscard]] inline const emptor_rows& bg_nbd_parameters() {
  static const char* const names[] = {"parameter", "value"};
  static const char* const parameters[] = {"r", "alpha", "a", "b"};
  static const double values[] = {0.243, 4.414, 0.793, 2.426};
  static const emptor_column columns[] = {EMPTOR_COLUMN(parameters, EMPTOR_DTYPE_CSTRING),
                                          EMPTOR_COLUMN(values, EMPTOR_DTYPE_FLOAT64)};
  static const emptor_rows rows = EMPTOR_ROWS(names, columns, 2, 4);
  return rows;
}

[[nodiscard]] inline owned<emptor_model> bg_nbd_model() {
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_model* made = nullptr;
  if (emptor_model_create("value.bg_nbd", &bg_nbd_parameters(), 1, nullptr, 0, &made, &error) !=
      EMPTOR_STATUS_OK)
    throw std::runtime_error(error.message);
  return owned<emptor_model>(made);
}

[[nodiscard]] inline owned<emptor_store> make_store(const char* kind, const text_pairs& options = {}) {
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_store* made = nullptr;
  const c_options given(options);
  if (emptor_store_create(kind, given.get(), given.count(), &made, &error) != EMPTOR_STATUS_OK)
    throw std::runtime_error(error.message);
  return owned<emptor_store>(made);
}

/// The bytes of a model's or a store's file.
template <class Handle>
[[nodiscard]] std::vector<std::uint8_t> saved(const Handle* handle) {
  const auto save = [handle](std::uint8_t* buffer, std::int64_t capacity, std::int64_t* needed) {
    if constexpr (std::is_same_v<Handle, emptor_store>)
      return emptor_store_save(handle, buffer, capacity, needed, nullptr);
    else
      return emptor_model_save(handle, buffer, capacity, needed, nullptr);
  };
  std::int64_t needed = 0;
  if (save(nullptr, 0, &needed) != EMPTOR_STATUS_OK)
    throw std::runtime_error("it cannot be saved");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(needed));
  if (save(bytes.data(), needed, nullptr) != EMPTOR_STATUS_OK)
    throw std::runtime_error("it cannot be saved");
  return bytes;
}

[[nodiscard]] inline described_catalogue read_catalogue() {
  std::int64_t needed = 0;
  if (emptor_catalogue_describe(nullptr, nullptr, 0, &needed, nullptr) != EMPTOR_STATUS_OK)
    throw std::runtime_error("the catalogue cannot be described");
  std::string text(static_cast<std::size_t>(needed), '\0');
  if (emptor_catalogue_describe(nullptr, text.data(), needed, nullptr, nullptr) != EMPTOR_STATUS_OK)
    throw std::runtime_error("the catalogue cannot be described");
  text.resize(text.size() - 1);
  return parse_catalogue(text);
}

/// A table that came out of C, borrowed from its handle.
[[nodiscard]] inline seen_table seen(const emptor_table* table, std::string name) {
  seen_table made;
  made.name = std::move(name);
  std::int32_t columns = 0;
  if (emptor_table_rows(table, &made.rows, nullptr) != EMPTOR_STATUS_OK ||
      emptor_table_columns(table, &columns, nullptr) != EMPTOR_STATUS_OK)
    throw std::runtime_error("a table cannot be read");
  for (std::int32_t i = 0; i < columns; ++i) {
    emptor_column column;
    emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
    if (emptor_table_column(table, i, &column, sizeof column, &info, nullptr) != EMPTOR_STATUS_OK)
      throw std::runtime_error("a column cannot be read");
    if (info.decimals != column.unit)
      throw std::runtime_error("a column and its description tell different decimals");
    made.columns.push_back({info.name, cpp_column(column), {info.levels, info.levels + info.level_count}});
  }
  return made;
}

/// The options of an example that its store takes, and those that its finish takes.
struct split_options {
  text_pairs store;
  text_pairs finish;
};
[[nodiscard]] inline split_options split(const described_catalogue& catalogue, const described_entry& entry,
                                         const text_pairs& options) {
  split_options made;
  if (entry.store == "rows")
    made.store.emplace_back("entry", entry.name);
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& option : options) {
    const bool of_store = !entry.store.empty() && has(catalogue.store(entry.store).options, option.first);
    (of_store && !has(entry.options, option.first) ? made.store : made.finish).push_back(option);
  }
  return made;
}

/// Tables that an example writes as CSV, as C takes them.
class c_tables {
public:
  c_tables(const std::vector<described_table>& described, const text_pairs& from) {
    for (const auto& [name, csv] : from)
      typed_.push_back(typed_table(table_named(described, name), csv));
    for (const table& one : typed_)
      rows_.emplace_back(one);
    for (c_rows& held : rows_)
      lent_.push_back(*held.get());
  }
  c_tables(const c_tables&) = delete;
  c_tables& operator=(const c_tables&) = delete;
  [[nodiscard]] const emptor_rows* get() const { return lent_.data(); }
  [[nodiscard]] std::int32_t count() const { return static_cast<std::int32_t>(lent_.size()); }

private:
  std::vector<table> typed_;
  std::vector<c_rows> rows_;
  std::vector<emptor_rows> lent_;
};

/// The model that an entry makes from tables of an example; null where there are none.
[[nodiscard]] inline owned<emptor_model> make_model(const described_entry& entry, const text_pairs& from,
                                                    const text_pairs& with) {
  if (from.empty())
    return nullptr;
  const c_tables tables(entry.model_tables, from);
  const c_options options(with);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_model* made = nullptr;
  if (emptor_model_create(entry.name.c_str(), tables.get(), tables.count(), options.get(), options.count(),
                          &made, &error) != EMPTOR_STATUS_OK)
    throw std::runtime_error(error.message);
  return owned<emptor_model>(made);
}

/// The models in the slots of an example, as C takes them.
class c_slots {
public:
  c_slots(const described_catalogue& catalogue, const std::vector<described_slot>& from) {
    for (const described_slot& one : from) {
      held_.push_back(make_model(catalogue.entry(one.entry), one.tables, one.options));
      models_.push_back(held_.back().get());
      names_.push_back(one.name);
    }
    for (const std::string& name : names_)
      pointers_.push_back(name.c_str());
  }
  [[nodiscard]] const char* const* names() const { return pointers_.data(); }
  [[nodiscard]] const emptor_model* const* models() const { return models_.data(); }
  [[nodiscard]] std::int32_t count() const { return static_cast<std::int32_t>(models_.size()); }

private:
  std::vector<owned<emptor_model>> held_;
  std::vector<const emptor_model*> models_;
  std::vector<std::string> names_;
  std::vector<const char*> pointers_;
};

/// A plan's outputs in the caller's memory.
class c_outputs {
public:
  c_outputs(const emptor_plan* plan, std::int64_t rows) {
    std::int32_t count = 0;
    if (emptor_plan_outputs(plan, &count, nullptr) != EMPTOR_STATUS_OK)
      throw std::runtime_error("a plan has no outputs");
    for (std::int32_t i = 0; i < count; ++i) {
      emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
      if (emptor_plan_output(plan, i, &info, nullptr) != EMPTOR_STATUS_OK)
        throw std::runtime_error("an output cannot be read");
      const auto type = static_cast<dtype>(info.dtype);
      memory_.emplace_back(static_cast<std::size_t>(rows * width_of(type)));
      validity_.emplace_back(static_cast<std::size_t>((rows + 7) / 8));
      outputs_.push_back({memory_.back().data(), width_of(type), validity_.back().data(), info.dtype, 0});
      column_view view;
      view.data = memory_.back().data();
      view.stride_bytes = width_of(type);
      view.validity = validity_.back().data();
      view.type = type;
      view.unit = info.decimals;
      seen_.columns.push_back({info.name, view, {info.levels, info.levels + info.level_count}});
    }
    seen_.name = "scores";
    seen_.rows = rows;
  }
  [[nodiscard]] const emptor_output* get() const { return outputs_.data(); }
  [[nodiscard]] std::int32_t count() const { return static_cast<std::int32_t>(outputs_.size()); }
  [[nodiscard]] const seen_table& seen() const { return seen_; }
  [[nodiscard]] const std::vector<std::vector<std::byte>>& bytes() const { return memory_; }

private:
  std::vector<std::vector<std::byte>> memory_;
  std::vector<std::vector<std::uint8_t>> validity_;
  std::vector<emptor_output> outputs_;
  seen_table seen_;
};

} // namespace emptor::test
