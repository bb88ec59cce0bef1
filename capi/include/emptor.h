/* SPDX-License-Identifier: BSL-1.0 */
/*
 * The C interface of emptor: what customers are worth, how satisfied and loyal they are, and how much credit
 * they can carry. Every capability is an entry of the catalogue, called by its name;
 * emptor_catalogue_describe tells what an entry takes and gives, with units, domains, sources and a worked
 * example.
 *
 * Rules that hold for every function:
 *  - A call that can fail returns an emptor_status and takes, as its last argument, the caller's emptor_error
 *    or NULL. A call that fails leaves everything as it was, and sets the handle that it would have made to
 *    NULL.
 *  - Nothing here throws, prints, ends the process, or keeps a pointer of the caller after it has returned.
 *  - What comes out of a `create`, `load`, `import`, `finish`, `table` or `model` call is a handle that the
 *    caller owns and gives back to its `free` once, in any order; free(NULL) does nothing.
 *  - "Borrowed" memory belongs to the handle that it was asked of and is valid until that handle is freed.
 *  - "Any number" of threads means that calls on the same handles may run at the same time.
 *  - A structure that begins with struct_size is made with its _INIT macro. Later versions append fields
 *    whose zero means what this version did; fields beyond struct_size are neither read nor written, and what
 *    the library does not know of a larger structure is left alone.
 *  - Arrays of emptor_column and emptor_output come with the size of one element, so that these may grow too;
 *    a dictionary has the size of the column that points to it.
 *  - A field `reserved` of a column, rows or an output is zero, and so is every flag that has no name here:
 *    anything else is EMPTOR_STATUS_INVALID_ARGUMENT.
 *  - Texts are UTF-8 and end with a zero byte unless a size is asked for. Sizes and counts are never
 *    negative.
 *  - A call that fills a buffer has two forms: with a NULL buffer and capacity 0 it only tells the size in
 *    `needed`; with a buffer that is too small it is EMPTOR_STATUS_INVALID_ARGUMENT, tells the size, and
 *    writes nothing.
 *
 * What a column of a described content may be (EMPTOR_DTYPE_*):
 *  - number, count, boolean: integers, floats, booleans, decimals;
 *  - amount: money (minor units), or integers, floats and decimals (whole units; no fraction of a minor unit);
 *  - date: date32, or timestamps, which fall on the day that the store's option zone makes of them;
 *  - id: a text, or an integer, which stands for its decimal text;
 *  - text, code: utf8, large_utf8, dictionary, cstring;
 *  - all of them: null, also where a plan was made for another dtype.
 * An empty id, text or code is as good as missing.
 *
 * What a missing value holds in columns and outputs that the library fills, beside its validity bit 0: numbers
 * NaN, codes -1, money and int64 amounts INT64_MIN, dates INT32_MIN, booleans 0.
 *
 * How the values of options are written, always as text in the form of C, whatever the locale:
 *  - numbers and integers: 0.5, 1e-6, 12
 *  - booleans: true or false
 *  - dates: 2026-06-30
 *  - lists of numbers: 30,60,90
 *  - horizons: 39 (in the model's unit), 39 week, 39weeks, 1.5 years, or the date 2026-12-31
 *  - zones: +08:00
 *  - currencies: the ISO 4217 code, CNY
 *  - choices: one of the values that the description lists; a unit of time may stand in the plural
 * An empty value is as good as none.
 */
#ifndef EMPTOR_H
#define EMPTOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef EMPTOR_API
#if defined(__GNUC__)
#define EMPTOR_API __attribute__((visibility("default")))
#else
#define EMPTOR_API
#endif
#endif

/*
 * The version of this interface, apart from that of the library. MINOR rises when something is added, MAJOR
 * (and the name of the shared library) only if something were removed or changed: then old programs keep the
 * old library.
 */
#define EMPTOR_ABI_MAJOR 1
#define EMPTOR_ABI_MINOR 0

/* ---- what every call uses ---- */

/** How a call ended: one of EMPTOR_STATUS_*. New numbers are appended; none is ever reused. */
typedef int32_t emptor_status;

enum {
  EMPTOR_STATUS_OK = 0,
  EMPTOR_STATUS_OUT_OF_MEMORY = 1,    /**< an allocation failed */
  EMPTOR_STATUS_INVALID_ARGUMENT = 2, /**< a NULL, an unknown dtype, a wrong size */
  EMPTOR_STATUS_UNKNOWN_NAME = 3,     /**< an entry, option, column, table, slot or level that nobody knows */
  EMPTOR_STATUS_OPTION = 4,    /**< an option outside its domain, or options that contradict each other */
  EMPTOR_STATUS_SCHEMA = 5,    /**< a column or table is missing, doubled, of the wrong type or length */
  EMPTOR_STATUS_DATA = 6,      /**< strict mode met a bad row, or rows contradict each other */
  EMPTOR_STATUS_TOO_FEW = 7,   /**< the data are too thin; the message says what would be enough */
  EMPTOR_STATUS_CONFLICT = 8,  /**< one revision of a document came with two contents */
  EMPTOR_STATUS_CURRENCY = 9,  /**< amounts of different currencies met */
  EMPTOR_STATUS_OVERFLOW = 10, /**< a sum of money does not fit its type */
  EMPTOR_STATUS_NOT_CONVERGED = 11, /**< a numeric search failed and left nothing to return; a fit whose
                                         parameters are usable is OK and says converged in its table `fit` */
  EMPTOR_STATUS_FORMAT = 12,        /**< a file is damaged or is no emptor file */
  EMPTOR_STATUS_VERSION = 13,       /**< a file needs a newer emptor */
  EMPTOR_STATUS_MISMATCH = 14,      /**< stores or models that do not belong together */
  EMPTOR_STATUS_CANCELLED = 15,     /**< the caller cancelled */
  EMPTOR_STATUS_UNSUPPORTED = 16,   /**< this entry or model does not offer what was asked */
  EMPTOR_STATUS_INTERNAL = 17       /**< a defect of emptor, or a callback of the caller that threw */
};

/** Why a row has no plain number, one byte per row. New numbers are appended; none is ever reused. */
enum {
  EMPTOR_ROW_OK = 0,
  EMPTOR_ROW_MISSING = 1,       /**< a needed value is null */
  EMPTOR_ROW_NOT_A_NUMBER = 2,  /**< NaN */
  EMPTOR_ROW_INFINITE = 3,      /**< plus or minus infinity */
  EMPTOR_ROW_OUT_OF_DOMAIN = 4, /**< below or above what the column admits */
  EMPTOR_ROW_NOT_INTEGER = 5,   /**< a count with a fraction */
  EMPTOR_ROW_NOT_EXACT = 6,     /**< an amount that is no whole number of minor units */
  EMPTOR_ROW_INCONSISTENT = 7,  /**< values that contradict each other, such as recency > age */
  EMPTOR_ROW_TOO_LARGE = 8,     /**< beyond what the type or the method can carry */
  EMPTOR_ROW_INVALID_TEXT = 9,  /**< not UTF-8, or empty where a name is needed */
  EMPTOR_ROW_UNKNOWN_LEVEL = 10,
  EMPTOR_ROW_REPEATED = 11,   /**< the same document and revision with the same content: nothing changed */
  EMPTOR_ROW_SUPERSEDED = 12, /**< an older revision than the one already known: nothing changed */
  EMPTOR_ROW_CONFLICT = 13,   /**< the same document and revision with other content */
  EMPTOR_ROW_CURRENCY = 14,   /**< another currency than the store's or the document's */
  EMPTOR_ROW_NEVER = 15,      /**< the answer is "never" */
  EMPTOR_ROW_UNDEFINED = 16,  /**< not defined for this row by nature, for instance one order only */
  EMPTOR_ROW_NO_NUMBER = 17   /**< the formula has no finite value here */
};

/** What the bytes of a column are. */
enum {
  EMPTOR_DTYPE_NONE = 0,
  EMPTOR_DTYPE_INT8 = 1,
  EMPTOR_DTYPE_INT16 = 2,
  EMPTOR_DTYPE_INT32 = 3,
  EMPTOR_DTYPE_INT64 = 4,
  EMPTOR_DTYPE_UINT8 = 5,
  EMPTOR_DTYPE_FLOAT32 = 6,
  EMPTOR_DTYPE_FLOAT64 = 7,
  EMPTOR_DTYPE_BOOLEAN = 8,     /**< a byte per value; a bit with EMPTOR_COLUMN_BITS */
  EMPTOR_DTYPE_DATE32 = 9,      /**< int32 days since 1970-01-01 */
  EMPTOR_DTYPE_TIMESTAMP = 10,  /**< int64 since 1970 UTC; unit 0 = s, 3 = ms, 6 = us, 9 = ns */
  EMPTOR_DTYPE_DECIMAL128 = 11, /**< 128-bit little-endian integer; unit = number of decimals */
  EMPTOR_DTYPE_MONEY = 12,      /**< int64 minor units (cents, fen) */
  EMPTOR_DTYPE_UTF8 = 13,       /**< data = bytes, aux = rows + 1 int32 offsets */
  EMPTOR_DTYPE_LARGE_UTF8 = 14, /**< data = bytes, aux = rows + 1 int64 offsets */
  EMPTOR_DTYPE_DICTIONARY = 15, /**< int32 indices into a text emptor_column at aux */
  EMPTOR_DTYPE_CSTRING = 16,    /**< pointers to zero-ended texts; NULL = missing */
  EMPTOR_DTYPE_NULL = 17        /**< no values: all are missing; data is not read */
};

/** Flag of a column: booleans are packed eight to a byte, lowest bit first, from bit aux_length of data. */
#define EMPTOR_COLUMN_BITS 1

/**
 * Flag of push and score: the first refused row is EMPTOR_STATUS_DATA, with its row and column in the error,
 * and nothing of the call is kept. A push refuses conflicts too, as EMPTOR_STATUS_CONFLICT. Not refused are
 * rows that have an answer: EMPTOR_ROW_REPEATED, _SUPERSEDED, _NEVER and _UNDEFINED.
 */
#define EMPTOR_STRICT 1

/** What went wrong. Meaningful only after a call that did not return EMPTOR_STATUS_OK. */
typedef struct emptor_error {
  uint32_t struct_size;
  emptor_status status; /**< the returned one */
  int64_t row;          /**< of the caller's table, from 0; -1 where none applies */
  int32_t column;       /**< of the caller's columns, from 0; -1 where none applies */
  int32_t reserved;     /**< 0 */
  char message[488];    /**< one sentence in English; emptied when a call begins */
} emptor_error;
#define EMPTOR_ERROR_INIT                                                                                    \
  {                                                                                                          \
    sizeof(emptor_error), 0, -1, -1, 0, {                                                                    \
      0                                                                                                      \
    }                                                                                                        \
  }

/** A column, borrowed for a call; nothing is written through it. Zero what a type does not need. */
typedef struct emptor_column {
  const void* data;
  int64_t stride_bytes;    /**< to the next value (of texts: offset); 0 = the first value for all rows */
  const uint8_t* validity; /**< a bit per value, lowest first, 0 = missing; NULL = all there */
  int64_t validity_offset; /**< the bit of the first value */
  const void* aux;         /**< offsets of texts; dictionary */
  int64_t aux_length;      /**< rows of a dictionary; number of offsets, or 0 = enough of them */
  int32_t dtype;           /**< EMPTOR_DTYPE_* */
  uint32_t flags;          /**< EMPTOR_COLUMN_BITS or 0 */
  int32_t unit;            /**< of timestamps and decimals; of returned money its decimals, see
                                emptor_column_info.decimals; of given money not read */
  int32_t reserved;        /**< 0 */
} emptor_column;

/** A column of nothing yet, in C90 too: then set data, stride_bytes, dtype and what the type needs. */
#define EMPTOR_COLUMN_INIT                                                                                   \
  { NULL, 0, NULL, 0, NULL, 0, EMPTOR_DTYPE_NONE, 0, 0, 0 }

/** A column without missing values, from an array: EMPTOR_COLUMN(amounts, EMPTOR_DTYPE_FLOAT64). In C90 the array must
    have static storage. */
#define EMPTOR_COLUMN(values, dtype)                                                                         \
  { (values), sizeof *(values), NULL, 0, NULL, 0, (dtype), 0, 0, 0 }

/** The rows of one table of the caller's: named columns of one length. */
typedef struct emptor_rows {
  uint32_t struct_size;
  uint32_t column_size;         /**< sizeof(emptor_column) */
  const char* table;            /**< which table of the description; NULL = the first of a store, the only
                                     one that a model needs */
  const char* const* names;     /**< a name per column; of a role that takes many columns `role:label` */
  const emptor_column* columns; /**< column_count of them */
  int32_t column_count;
  int32_t reserved; /**< 0 */
  int64_t row_count;
} emptor_rows;
#define EMPTOR_ROWS_INIT                                                                                     \
  { sizeof(emptor_rows), sizeof(emptor_column), NULL, NULL, NULL, 0, 0, 0 }

/** Rows of the first or only table, from arrays: EMPTOR_ROWS(names, columns, column_count, row_count). */
#define EMPTOR_ROWS(names, columns, column_count, row_count)                                                 \
  { sizeof(emptor_rows), sizeof(emptor_column), NULL, (names), (columns), (column_count), 0, (row_count) }

/** How a long call may use the machine. NULL in its place = one thread, no callback. */
typedef struct emptor_run {
  uint32_t struct_size;
  int32_t threads; /**< 1 = the calling thread only; 0 = all cores; at most 1024 */
  const int32_t*
      cancel; /**< or NULL; the call ends soon after another thread made it non-zero, with an atomic
                              store; looked at between pieces of work */
  void (*progress)(double share, void* user); /**< or NULL; on the calling thread, share in [0, 1] */
  /** The caller's own threads, or NULL: runs body(context, i) for all i in [0, tasks), in any order and at
     the same time if it likes, and returns when all are done. */
  void (*parallel_for)(int64_t tasks, void (*body)(void* context, int64_t task), void* context, void* user);
  void* user; /**< handed to progress and parallel_for */
} emptor_run;
#define EMPTOR_RUN_INIT                                                                                      \
  { sizeof(emptor_run), 1, NULL, NULL, NULL, NULL }

/** What became of the rows of a push. The six counts add up to the rows. */
typedef struct emptor_push_report {
  uint32_t struct_size;
  int32_t repeats_count_twice; /**< 1: rows without a document would count again */
  int64_t added;               /**< new rows or documents */
  int64_t replaced;            /**< a higher revision than the one known */
  int64_t repeated;            /**< known already: nothing changed */
  int64_t superseded;          /**< an older revision than the one known: nothing changed */
  int64_t conflicts;           /**< a known revision with other content; kept, and finish will name it */
  int64_t refused;             /**< bad rows: nothing of them is kept */
} emptor_push_report;
#define EMPTOR_PUSH_REPORT_INIT                                                                              \
  { sizeof(emptor_push_report), 0, 0, 0, 0, 0, 0, 0 }

/** The caller's memory for one output of a plan. What missing values hold is told at the top. */
typedef struct emptor_output {
  void* data;
  int64_t stride_bytes; /**< from one value to the next */
  uint8_t* validity;    /**< (rows + 7) / 8 bytes, or NULL */
  int32_t dtype;        /**< float64, float32; int64 counts; int32 codes; date32; money or int64; boolean */
  int32_t reserved;     /**< 0 */
} emptor_output;

/** An output of nothing yet, in C90 too: then set data, stride_bytes and dtype. */
#define EMPTOR_OUTPUT_INIT                                                                                   \
  { NULL, 0, NULL, EMPTOR_DTYPE_NONE, 0 }

/** An output without a validity, into an array: EMPTOR_OUTPUT(scores, EMPTOR_DTYPE_FLOAT64). In C90 the array must have
    static storage. */
#define EMPTOR_OUTPUT(values, dtype)                                                                         \
  { (values), sizeof *(values), NULL, (dtype), 0 }

/** What a column of a table or an output of a plan is. All pointers are borrowed. */
typedef struct emptor_column_info {
  uint32_t struct_size;
  int32_t dtype; /**< EMPTOR_DTYPE_*: the natural one */
  const char* name;
  const char* unit;          /**< such as "probability", "orders", or a currency; "" where there is none */
  const char* const* levels; /**< the names of codes 0, 1, 2, ...; NULL where the column is no class */
  int32_t level_count;
  int32_t decimals; /**< of money: digits behind the point, so 2 = cents; -1 = those of the currency that the
                         row's column `currency` names; 0 for all else */
} emptor_column_info;
#define EMPTOR_COLUMN_INFO_INIT                                                                              \
  { sizeof(emptor_column_info), 0, NULL, NULL, NULL, 0, 0 }

typedef struct emptor_store emptor_store;
typedef struct emptor_result emptor_result;
typedef struct emptor_table emptor_table;
typedef struct emptor_model emptor_model;
typedef struct emptor_plan emptor_plan;

/**
 * The version of the library, such as "0.1.0".
 * Memory: constant text, valid for ever.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API const char* emptor_version(void);

/**
 * The version of the interface that the library has: EMPTOR_ABI_MAJOR * 65536 + EMPTOR_ABI_MINOR of its
 * own header.
 * Memory: none.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API int32_t emptor_abi_version(void);

/**
 * The name of a status, such as "out_of_memory"; "unknown" for a number that is none.
 * Memory: constant text, valid for ever.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API const char* emptor_status_name(emptor_status status);

/**
 * The name of a row status, such as "out_of_domain"; "unknown" for a number that is none.
 * \param row_status  EMPTOR_ROW_*
 * Memory: constant text, valid for ever.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API const char* emptor_row_status_name(uint8_t row_status);

/**
 * The instruction set whose kernels run, such as "baseline". Results have the same bits on all of them.
 * Memory: constant text, valid for ever.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API const char* emptor_isa_name(void);

/* ---- the catalogue ---- */

/**
 * How many entries there are.
 * Memory: none.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API int32_t emptor_catalogue_count(void);

/**
 * The name of an entry, in alphabetical order, such as "value.bg_nbd". Indices may change from one version
 * to the next, names never do.
 * \param index  from 0 to emptor_catalogue_count() - 1
 * Memory: *name is constant text, valid for ever.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_catalogue_entry(int32_t index, const char** name, emptor_error* error);

/**
 * The index of an entry. EMPTOR_STATUS_UNKNOWN_NAME names the nearest one there is; *index is then -1.
 * \param name  of the entry, such as "value.bg_nbd"
 * Memory: none.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_catalogue_find(const char* name, int32_t* index, emptor_error* error);

/**
 * The description of an entry or of a kind of store as JSON text, or of all of them where `name` is NULL:
 * {"version", "entries", "stores"}. Keys stay what they are; new ones may come.
 * \param capacity  of the buffer, in bytes
 * \param needed  bytes of the text with its zero byte; may be NULL where a buffer is given
 * Memory: writes the caller's buffer, in the two-call form.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_catalogue_describe(const char* name, char* buffer, int64_t capacity,
                                                   int64_t* needed, emptor_error* error);

/* ---- stores: what the rows said, kept so that stores merge ---- */

/**
 * An empty store.
 * \param kind  such as "order_history"
 * \param options  option_count pairs: name, value, name, value, ..., as told at the top
 * \param option_count  number of pairs
 * Memory: *store belongs to the caller: emptor_store_free.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_create(const char* kind, const char* const* options,
                                             int32_t option_count, emptor_store** store, emptor_error* error);

/**
 * Takes rows in. Bad rows are refused and counted, and never stop the others; the order and the split of
 * pushes make no difference.
 * \param flags  EMPTOR_STRICT or 0
 * \param rows  its table NULL = the store's first
 * \param row_statuses  row_count bytes EMPTOR_ROW_*, or NULL
 * \param report  what became of the rows, or NULL
 * \param run  or NULL
 * Memory: copies what it needs of the rows; writes row_statuses and report of the caller.
 * Threads: one at a time per store.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_push(emptor_store* store, const emptor_rows* rows, uint32_t flags,
                                           uint8_t* row_statuses, emptor_push_report* report,
                                           const emptor_run* run, emptor_error* error);

/**
 * Takes in all that `other` holds, which stays as it is. EMPTOR_STATUS_MISMATCH where kind, options or
 * columns differ.
 * \param run  or NULL; this version uses one thread and looks at cancel when the call begins
 * Memory: copies.
 * Threads: one at a time per `store`; any number may share `other`.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_merge(emptor_store* store, const emptor_store* other,
                                            const emptor_run* run, emptor_error* error);

/**
 * The store as bytes of a file. Equal contents give equal bytes on every machine.
 * \param capacity  of the buffer, in bytes
 * \param needed  bytes of the file; may be NULL where a buffer is given
 * Memory: writes the caller's buffer, in the two-call form.
 * Threads: any number, while nobody changes the store.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_save(const emptor_store* store, void* buffer, int64_t capacity,
                                           int64_t* needed, emptor_error* error);

/**
 * A store from the bytes that emptor_store_save gave, of this or an earlier version.
 * \param size  of the bytes
 * \param run  or NULL; this version uses one thread and looks at cancel when the call begins
 * Memory: copies; *store belongs to the caller: emptor_store_free.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_load(const void* bytes, int64_t size, const emptor_run* run,
                                           emptor_store** store, emptor_error* error);

/**
 * The kind of a store, such as "ledger".
 * Memory: *kind is constant text, valid for ever.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_kind(const emptor_store* store, const char** kind, emptor_error* error);

/**
 * Forgets all rows of these keys (customers).
 * \param keys  one column of ids, texts or integers; its name is not read
 * \param erased  how many of the keys were known, or NULL
 * Memory: reads the caller's keys, writes *erased.
 * Threads: one at a time per store.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_erase(emptor_store* store, const emptor_rows* keys, int64_t* erased,
                                            emptor_error* error);

/**
 * Runs a reduce or a fit over all rows of a store. A fit whose search ended without a maximum is
 * EMPTOR_STATUS_OK too: its table `fit` says so in the column `converged`, and why in `diagnosis`.
 * \param store  NULL where the entry needs none
 * \param entry  such as "value.summary"
 * \param options  option_count pairs: name, value, name, value, ...
 * \param option_count  number of pairs
 * \param slot_names  slot_count names of the entry's model slots
 * \param slot_models  slot_count models for them
 * \param keys  one column of ids, texts or integers: only these customers; NULL = all
 * \param run  or NULL
 * Memory: *result belongs to the caller: emptor_result_free. It needs neither the store nor the models.
 * Threads: any number, while nobody changes the store.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_store_finish(const emptor_store* store, const char* entry,
                                             const char* const* options, int32_t option_count,
                                             const char* const* slot_names,
                                             const emptor_model* const* slot_models, int32_t slot_count,
                                             const emptor_rows* keys, const emptor_run* run,
                                             emptor_result** result, emptor_error* error);

/**
 * Frees a store.
 * Memory: the handle is gone; NULL is allowed.
 * Threads: when no other call uses the store.
 * \since 0.1
 */
EMPTOR_API void emptor_store_free(emptor_store* store);

/* ---- results: named tables, and the model of a fit ---- */

/**
 * How many tables a result has.
 * Memory: writes *count.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_result_tables(const emptor_result* result, int32_t* count,
                                              emptor_error* error);

/**
 * The name of a table of a result.
 * \param index  from 0
 * Memory: *name is borrowed from the result.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_result_table_name(const emptor_result* result, int32_t index,
                                                  const char** name, emptor_error* error);

/**
 * A table of a result by its name.
 * \param name  NULL where the result has only one
 * Memory: *table belongs to the caller: emptor_table_free. It stays valid without the result; nothing is
 *   copied.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_result_table(const emptor_result* result, const char* name,
                                             emptor_table** table, emptor_error* error);

/**
 * The model of a fit. EMPTOR_STATUS_UNSUPPORTED where there is none.
 * Memory: *model belongs to the caller: emptor_model_free. It stays valid without the result; nothing is
 *   copied.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_result_model(const emptor_result* result, emptor_model** model,
                                             emptor_error* error);

/**
 * Frees a result; tables and models taken from it stay.
 * Memory: the handle is gone; NULL is allowed.
 * Threads: when no other call uses the result.
 * \since 0.1
 */
EMPTOR_API void emptor_result_free(emptor_result* result);

/**
 * The number of rows of a table.
 * Memory: writes *rows.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_table_rows(const emptor_table* table, int64_t* rows, emptor_error* error);

/**
 * The number of columns of a table.
 * Memory: writes *columns.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_table_columns(const emptor_table* table, int32_t* columns,
                                              emptor_error* error);

/**
 * A column of a table, where it lies.
 * \param index  from 0
 * \param column  gets the values, or NULL
 * \param column_size  sizeof(emptor_column); not read where column is NULL
 * \param info  gets name, unit and levels, or NULL
 * Memory: all pointers that it gives are borrowed from the table; nothing is copied.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_table_column(const emptor_table* table, int32_t index, emptor_column* column,
                                             uint32_t column_size, emptor_column_info* info,
                                             emptor_error* error);

/**
 * Frees a table.
 * Memory: the handle is gone, and what was borrowed from it; NULL is allowed.
 * Threads: when no other call uses the table.
 * \since 0.1
 */
EMPTOR_API void emptor_table_free(emptor_table* table);

/* ---- models: what a fit found, or what its tables say ---- */

/**
 * A model from its tables: parameters, rules, rates.
 * \param entry  whose model, such as "value.bg_nbd"
 * \param tables  table_count of them, all of the same struct_size
 * \param options  option_count pairs: name, value, name, value, ...
 * \param option_count  number of pairs
 * Memory: copies; *model belongs to the caller: emptor_model_free.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_create(const char* entry, const emptor_rows* tables,
                                             int32_t table_count, const char* const* options,
                                             int32_t option_count, emptor_model** model, emptor_error* error);

/**
 * The entry that understands a model.
 * Memory: *entry is borrowed from the model.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_entry(const emptor_model* model, const char** entry,
                                            emptor_error* error);

/**
 * The tables that a model consists of, as a result without a model.
 * Memory: *tables belongs to the caller: emptor_result_free. It stays valid without the model; nothing is
 *   copied.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_tables(const emptor_model* model, emptor_result** tables,
                                             emptor_error* error);

/**
 * The model as bytes of a file. Equal models give equal bytes on every machine.
 * \param capacity  of the buffer, in bytes
 * \param needed  bytes of the file; may be NULL where a buffer is given
 * Memory: writes the caller's buffer, in the two-call form.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_save(const emptor_model* model, void* buffer, int64_t capacity,
                                           int64_t* needed, emptor_error* error);

/**
 * A model from the bytes that emptor_model_save gave, of this or an earlier version.
 * \param size  of the bytes
 * Memory: copies; *model belongs to the caller: emptor_model_free.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_load(const void* bytes, int64_t size, emptor_model** model,
                                           emptor_error* error);

/**
 * The model as text.
 * \param format  "json", which every model has, or another that the entry's description names
 * \param capacity  of the buffer, in bytes
 * \param needed  bytes of the text with its zero byte; may be NULL where a buffer is given
 * Memory: writes the caller's buffer, in the two-call form.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_export(const emptor_model* model, const char* format, char* buffer,
                                             int64_t capacity, int64_t* needed, emptor_error* error);

/**
 * A model from its text. What "json" exported comes back with the same bits.
 * \param text  need not end with a zero byte
 * \param size  of the text in bytes, without a zero byte
 * \param format  such as "json"
 * Memory: copies; *model belongs to the caller: emptor_model_free.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_model_import(const char* text, int64_t size, const char* format,
                                             emptor_model** model, emptor_error* error);

/**
 * Frees a model; plans made with it stay.
 * Memory: the handle is gone; NULL is allowed.
 * Threads: when no other call uses the model.
 * \since 0.1
 */
EMPTOR_API void emptor_model_free(emptor_model* model);

/* ---- plans: names bound once, rows scored many times ---- */

/**
 * Binds an entry, its model and its options to the columns that will be scored.
 * \param entry  NULL where there is a model: its own
 * \param model  NULL where the entry scores without one
 * \param slot_names  slot_count names of the entry's model slots
 * \param slot_models  slot_count models for them
 * \param schema  names and dtypes of the columns; neither data nor row_count is read
 * \param options  option_count pairs: name, value, name, value, ...
 * \param option_count  number of pairs
 * \param only  only_count outputs wanted, in this order; NULL = all
 * Memory: *plan belongs to the caller: emptor_plan_free. It stays valid without the models.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_plan_create(const char* entry, const emptor_model* model,
                                            const char* const* slot_names,
                                            const emptor_model* const* slot_models, int32_t slot_count,
                                            const emptor_rows* schema, const char* const* options,
                                            int32_t option_count, const char* const* only, int32_t only_count,
                                            emptor_plan** plan, emptor_error* error);

/**
 * The number of outputs of a plan.
 * Memory: writes *count.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_plan_outputs(const emptor_plan* plan, int32_t* count, emptor_error* error);

/**
 * What an output of a plan is: its name, natural dtype, unit and levels.
 * \param index  from 0
 * \param info  gets them
 * Memory: all pointers that it gives are borrowed from the plan.
 * Threads: any number.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_plan_output(const emptor_plan* plan, int32_t index, emptor_column_info* info,
                                            emptor_error* error);

/**
 * Scores rows. A row never depends on another; one that has no number gets null and a row status, and never
 * stops the others. An output that the catalogue describes as optional may also be null in a row that is fine.
 * With one thread, and structures of the size that the library has, it neither allocates nor waits. It needs about
 * 480 KiB of stack. An output may stand exactly where an input column does, of values as wide; memory that overlaps
 * otherwise holds what nobody can tell.
 * \param rows  columns in the order of the schema; table and names are not read
 * \param outputs  memory for row_count values of each output of the plan, in its order
 * \param output_count  that of the plan
 * \param output_size  sizeof(emptor_output)
 * \param flags  EMPTOR_STRICT or 0
 * \param row_statuses  row_count bytes EMPTOR_ROW_*, or NULL
 * \param bad_rows  number of refused rows, or NULL: rows whose status is neither EMPTOR_ROW_OK nor an answer
 *   (EMPTOR_ROW_NEVER, EMPTOR_ROW_UNDEFINED)
 * \param run  or NULL
 * Memory: writes outputs, row_statuses and bad_rows of the caller; what they hold after a failure is
 *   unspecified.
 * Threads: any number, each with its own outputs.
 * \since 0.1
 */
EMPTOR_API emptor_status emptor_plan_score(const emptor_plan* plan, const emptor_rows* rows,
                                           const emptor_output* outputs, int32_t output_count,
                                           uint32_t output_size, uint32_t flags, uint8_t* row_statuses,
                                           int64_t* bad_rows, const emptor_run* run, emptor_error* error);

/**
 * Frees a plan.
 * Memory: the handle is gone, and what was borrowed from it; NULL is allowed.
 * Threads: when no other call uses the plan.
 * \since 0.1
 */
EMPTOR_API void emptor_plan_free(emptor_plan* plan);

#ifdef __cplusplus
}
#endif

#endif
