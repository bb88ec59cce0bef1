// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef EMPTOR_WITH_SQLITE

#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "credit/exchanged_card.hpp"

/// A database in memory, which takes and gives doubles as their bits.
namespace sqlite {

class database {
public:
  database() { check(sqlite3_open(":memory:", &handle_)); }
  ~database() { sqlite3_close(handle_); }
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// The rows as table t, whose columns have the labels of the characteristics.
  void fill(const exchanged_card::card& of, const exchanged_card::probes& rows) {
    std::string columns;
    std::string values;
    for (const exchanged_card::characteristic& one : of.all) {
      std::string name;
      for (const char letter : one.label)
        name.append(letter == '"' ? 2 : 1, letter);
      columns += (columns.empty() ? "\"" : ", \"") + name + (one.numeric ? "\" DOUBLE PRECISION" : "\" TEXT");
      values += values.empty() ? "?" : ", ?";
    }
    check(sqlite3_exec(handle_, ("CREATE TABLE t (" + columns + ")").c_str(), nullptr, nullptr, nullptr));
    sqlite3_stmt* insert = prepared("INSERT INTO t VALUES (" + values + ")");
    for (std::size_t row = 0; row < rows.rows; ++row) {
      for (std::size_t i = 0; i < of.all.size(); ++i) {
        const int place = static_cast<int>(i) + 1;
        if (!of.all[i].numeric) {
          const std::string& text = rows.texts[i][row];
          check(sqlite3_bind_text(insert, place, text.data(), static_cast<int>(text.size()), nullptr));
        } else {
          check(sqlite3_bind_double(insert, place, rows.numbers[i][row])); // NaN becomes NULL
        }
      }
      if (sqlite3_step(insert) != SQLITE_DONE)
        throw std::runtime_error(sqlite3_errmsg(handle_));
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
  }

  /// A column of numbers of one query. \throws std::runtime_error where it is no query, or more than one
  [[nodiscard]] std::vector<std::optional<double>> numbers(const std::string& query, int column = 0) {
    sqlite3_stmt* statement = prepared(query);
    std::vector<std::optional<double>> all;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        all.emplace_back();
      else
        all.emplace_back(sqlite3_column_double(statement, column));
    }
    sqlite3_finalize(statement);
    return all;
  }

private:
  void check(int code) const {
    if (code != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle_));
  }
  [[nodiscard]] sqlite3_stmt* prepared(const std::string& query) const {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    check(sqlite3_prepare_v2(handle_, query.data(), static_cast<int>(query.size()), &statement, &rest));
    if (rest != query.data() + query.size())
      throw std::runtime_error("more than one statement: " + std::string(rest));
    return statement;
  }

  sqlite3* handle_ = nullptr;
};

} // namespace sqlite

#endif
