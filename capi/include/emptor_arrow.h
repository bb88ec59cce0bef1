/* SPDX-License-Identifier: BSL-1.0 */
/*
 * emptor over the Arrow C Data Interface: tables of pyarrow, polars, DuckDB and whatever else speaks Arrow go in
 * and come out without a dependency, and without a copy where the memory allows it.
 *
 * One adapter makes Arrow rows what every function of emptor.h takes: emptor_arrow_import borrows an array,
 * emptor_arrow_import_stream consumes a stream, emptor_arrow_view gives their emptor_rows. What emptor makes goes
 * out as Arrow: emptor_table_export_arrow, emptor_plan_score_arrow, emptor_plan_score_arrow_stream.
 *
 * Who owns what, in one sentence each:
 *  - an ArrowSchema and an ArrowArray that come in are borrowed: never released here, read until the
 *    emptor_arrow_rows made from them is freed;
 *  - an ArrowArrayStream that comes in is consumed: released by emptor, when the call ends or with
 *    the stream made from it;
 *  - what goes out has a release callback of its own, stays valid without any handle of emptor, and belongs to
 *    the caller; a call that fails leaves it released (release is NULL).
 *
 * Arrow types that come in without a copy: bool, int8 to int64, uint8, uint64 (whose values must fit int64, else
 * EMPTOR_STATUS_DATA with the row), float32, float64, date32, timestamp (s, ms, us, ns; with or without a zone:
 * both count from 1970 UTC), decimal128, utf8, large_utf8, dictionaries of these texts with int32 indices, and
 * null (EMPTOR_DTYPE_NULL: all missing). Copied are: uint16, uint32, float16, date64 (to date32), decimal32,
 * decimal64, utf8 views, and the indices of dictionaries of other integer types. Other types are
 * EMPTOR_STATUS_SCHEMA with the column in the error, and so are decimals with less than 0 or more than 38
 * decimals. Extension types are read as their storage. A struct's own validity makes all its columns missing in
 * that row.
 *
 * An array that contradicts itself or its schema (released, lengths, counts of buffers, offsets that run
 * backwards, views outside of their buffers) is EMPTOR_STATUS_INVALID_ARGUMENT with the column; how large its
 * buffers are only who made it knows. An index outside of its dictionary is EMPTOR_ROW_UNKNOWN_LEVEL in its row.
 *
 * What goes out: number float64; count int64; amounts decimal128 with the decimals of their currency (where rows
 * differ in currency, the most decimals among them); dates date32; texts and ids large_utf8; classes
 * dictionaries of their levels; booleans bool. Units stand in the metadata of the fields under "emptor.unit".
 */
#ifndef EMPTOR_ARROW_H
#define EMPTOR_ARROW_H

#include <emptor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The structures of the Arrow C data interface, as its specification asks every user to repeat them. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/** Rows of Arrow as the functions of emptor.h take them. */
typedef struct emptor_arrow_rows emptor_arrow_rows;

/** Flag of emptor_plan_score_arrow and its stream: a last column `row_status`, a dictionary of the names that
 * emptor_row_status_name gives, its indices EMPTOR_ROW_*. */
#define EMPTOR_ARROW_ROW_STATUS 2

/**
 * Rows of a struct array (a record batch), borrowed.
 * \param schema  of a struct: one child per column
 * \param array  or NULL: then there are no rows, only names and types, for emptor_plan_create
 * \param names  name_count pairs: what emptor calls a column, which field that is; other fields are left out.
 *   NULL = every field under its own name
 * \param table  see emptor_rows.table; copied
 * Memory: *rows belongs to the caller: emptor_arrow_free. Until then it reads array, which must stay; schema and
 *   names need not.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_arrow_import(const struct ArrowSchema* schema, const struct ArrowArray* array,
                                             const char* const* names, int32_t name_count, const char* table,
                                             emptor_arrow_rows** rows, emptor_error* error);

/**
 * All rows of a stream, consumed. One batch stays where it is; several are made one, which needs their memory
 * once more for the time of the call. Dictionaries may differ from batch to batch. What the stream itself fails
 * with is EMPTOR_STATUS_DATA (ENOMEM: _OUT_OF_MEMORY, ECANCELED: _CANCELLED) with its own words in the message.
 * \param stream  of structs; released when the call returns, whatever it returns
 * \param names  as in emptor_arrow_import
 * \param name_count  number of names
 * \param table  see emptor_rows.table; copied
 * \param run  or NULL; cancel is looked at between batches
 * Memory: *rows belongs to the caller: emptor_arrow_free.
 * Threads: one at a time per stream.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_arrow_import_stream(struct ArrowArrayStream* stream, const char* const* names,
                                                    int32_t name_count, const char* table,
                                                    const emptor_run* run, emptor_arrow_rows** rows,
                                                    emptor_error* error);

/**
 * The rows for emptor_store_push, emptor_store_erase, emptor_model_create, emptor_plan_create, emptor_plan_score
 * and every other function that takes emptor_rows.
 * Memory: *view is borrowed from rows.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_arrow_view(const emptor_arrow_rows* rows, const emptor_rows** view,
                                           emptor_error* error);

/**
 * Frees imported rows.
 * Memory: the handle is gone, and what was borrowed from it; NULL is allowed.
 * Threads: when no other call uses the rows.
 * \since 0.1
 */
EMPTOR_API void emptor_arrow_free(emptor_arrow_rows* rows);

/**
 * Scores rows into a new struct array: the outputs of the plan in their order.
 * \param rows  columns in the order of the plan's schema
 * \param flags  EMPTOR_STRICT, EMPTOR_ARROW_ROW_STATUS, both or 0
 * \param schema  gets the schema, or NULL
 * \param array  gets the scores
 * \param bad_rows  as in emptor_plan_score, or NULL
 * \param run  or NULL
 * Memory: *schema and *array belong to the caller: their release. They hold memory of their own.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_plan_score_arrow(const emptor_plan* plan, const emptor_rows* rows,
                                                 uint32_t flags, struct ArrowSchema* schema,
                                                 struct ArrowArray* array, int64_t* bad_rows,
                                                 const emptor_run* run, emptor_error* error);

/**
 * A stream of scores, batch by batch as it is read: no more than one batch is ever held. A stream that failed
 * gives the same error again.
 * \param in  consumed: it belongs to *out from now on, or is released where the call fails; it may be out itself
 * \param names  as in emptor_arrow_import, in the order of the plan's schema; NULL = by the plan's own names,
 *   fields that it does not know are left out
 * \param name_count  number of names
 * \param flags  EMPTOR_STRICT, EMPTOR_ARROW_ROW_STATUS, both or 0; a row of an error counts from the start of
 *   the stream
 * \param run  or NULL; copied; cancel is looked at before and in each batch, progress is told for each batch apart
 * \param out  its get_next answers errno numbers, its get_last_error the message of emptor
 * Memory: *out belongs to the caller: its release. It stays valid without the plan; what
 *   run points to must stay until then.
 * Threads: one at a time per stream.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_plan_score_arrow_stream(const emptor_plan* plan, struct ArrowArrayStream* in,
                                                        const char* const* names, int32_t name_count,
                                                        uint32_t flags, const emptor_run* run,
                                                        struct ArrowArrayStream* out, emptor_error* error);

/**
 * A table as a struct array.
 * \param schema  gets the schema, or NULL
 * \param array  gets the rows
 * Memory: *schema and *array belong to the caller: their release. Columns whose layout Arrow has too are lent,
 *   not copied (the memory lives until the last of them is released); amounts and booleans are copied.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_table_export_arrow(const emptor_table* table, struct ArrowSchema* schema,
                                                   struct ArrowArray* array, emptor_error* error);

#ifdef __cplusplus
}
#endif

#endif
