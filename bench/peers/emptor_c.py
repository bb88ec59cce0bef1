# SPDX-License-Identifier: BSL-1.0
"""As much of emptor's C interface (capi/include/emptor.h) as the comparison needs, over numpy arrays."""

import ctypes as c
import os

import numpy as np

FLOAT64, INT64, DATE32, MONEY, CSTRING = 7, 4, 9, 12, 16


class Error(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("status", c.c_int32),
        ("row", c.c_int64),
        ("column", c.c_int32),
        ("reserved", c.c_int32),
        ("message", c.c_char * 488),
    ]


class Column(c.Structure):
    _fields_ = [
        ("data", c.c_void_p),
        ("stride_bytes", c.c_int64),
        ("validity", c.c_void_p),
        ("validity_offset", c.c_int64),
        ("aux", c.c_void_p),
        ("aux_length", c.c_int64),
        ("dtype", c.c_int32),
        ("flags", c.c_uint32),
        ("unit", c.c_int32),
        ("reserved", c.c_int32),
    ]


class Rows(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("column_size", c.c_uint32),
        ("table", c.c_char_p),
        ("names", c.POINTER(c.c_char_p)),
        ("columns", c.POINTER(Column)),
        ("column_count", c.c_int32),
        ("reserved", c.c_int32),
        ("row_count", c.c_int64),
    ]


class Output(c.Structure):
    _fields_ = [
        ("data", c.c_void_p),
        ("stride_bytes", c.c_int64),
        ("validity", c.c_void_p),
        ("dtype", c.c_int32),
        ("reserved", c.c_int32),
    ]


class ColumnInfo(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("dtype", c.c_int32),
        ("name", c.c_char_p),
        ("unit", c.c_char_p),
        ("levels", c.c_void_p),
        ("level_count", c.c_int32),
        ("decimals", c.c_int32),
    ]


library = c.CDLL(os.environ["EMPTOR_LIBRARY"])
library.emptor_isa_name.restype = c.c_char_p
library.emptor_version.restype = c.c_char_p


def call(name, *arguments):
    """Calls a function that returns a status."""
    error = Error(struct_size=c.sizeof(Error))
    if getattr(library, name)(*arguments, c.byref(error)) != 0:
        raise RuntimeError(error.message.decode())


def texts(values):
    return (c.c_char_p * len(values))(*[value.encode() for value in values])


def options(values):
    """Names and values in turn, and how many options there are."""
    return texts([text for pair in (values or {}).items() for text in pair]), len(values or {})


class Table:
    """Named columns: {name: (array, dtype)}. Borrows the arrays, which must outlive it."""

    def __init__(self, columns):
        self.arrays = [array for array, _ in columns.values()]
        self.names = texts(list(columns))
        self.columns = (Column * len(columns))()
        for column, (array, dtype) in zip(self.columns, columns.values()):
            column.data = c.cast(array, c.c_void_p) if dtype == CSTRING else array.ctypes.data
            column.stride_bytes = c.sizeof(c.c_char_p) if dtype == CSTRING else array.itemsize
            column.dtype = dtype
        self.rows = Rows(
            c.sizeof(Rows),
            c.sizeof(Column),
            None,
            self.names,
            self.columns,
            len(columns),
            0,
            len(self.arrays[0]),
        )


class Handle:
    """Frees what it holds."""

    def __init__(self, kind):
        self.kind = kind
        self.pointer = c.c_void_p()

    def __del__(self):
        getattr(library, f"emptor_{self.kind}_free")(self.pointer)


def model(entry, parameters, given=None):
    names = texts(list(parameters))
    table = Table({"parameter": (names, CSTRING), "value": (np.array(list(parameters.values())), FLOAT64)})
    made = Handle("model")
    listed, count = options(given)
    call("emptor_model_create", entry.encode(), c.byref(table.rows), 1, listed, count, c.byref(made.pointer))
    return made


class Plan:
    """Scores rows of the columns it was made for into memory of its own."""

    def __init__(self, of, columns, outputs, given=None):
        self.model = of
        self.table = Table(columns)
        self.handle = Handle("plan")
        listed, count = options(given)
        call(
            "emptor_plan_create",
            None,
            of.pointer,
            None,
            None,
            0,
            c.byref(self.table.rows),
            listed,
            count,
            texts(outputs),
            len(outputs),
            c.byref(self.handle.pointer),
        )
        self.scores = [np.zeros(self.table.rows.row_count) for _ in outputs]
        self.outputs = (Output * len(outputs))(
            *[Output(one.ctypes.data, one.itemsize, None, FLOAT64, 0) for one in self.scores]
        )

    def score(self):
        call(
            "emptor_plan_score",
            self.handle.pointer,
            c.byref(self.table.rows),
            self.outputs,
            len(self.outputs),
            c.sizeof(Output),
            0,
            None,
            None,
            None,
        )
        return self.scores


def reduce(kind, entry, columns, given=None, store_options=None):
    """Rows into a new store, and what the entry finishes from it."""
    table = Table(columns)
    store = Handle("store")
    listed, count = options(store_options)
    call("emptor_store_create", kind.encode(), listed, count, c.byref(store.pointer))
    call("emptor_store_push", store.pointer, c.byref(table.rows), 0, None, None, None)
    result = Handle("result")
    listed, count = options(given)
    call(
        "emptor_store_finish",
        store.pointer,
        entry.encode(),
        listed,
        count,
        None,
        None,
        0,
        None,
        None,
        c.byref(result.pointer),
    )
    return result


def fit(entry, columns):
    return reduce("rows", entry, columns, store_options={"entry": entry})


def tables_of_model(result):
    """The tables of the model that a fit left."""
    fitted = Handle("model")
    call("emptor_result_model", result.pointer, c.byref(fitted.pointer))
    tables = Handle("result")
    call("emptor_model_tables", fitted.pointer, c.byref(tables.pointer))
    return tables


def column(result, table, name):
    """A copy of a column: numbers, or a list of texts."""
    held = Handle("table")
    call("emptor_result_table", result.pointer, table.encode(), c.byref(held.pointer))
    rows, count = c.c_int64(), c.c_int32()
    call("emptor_table_rows", held.pointer, c.byref(rows))
    call("emptor_table_columns", held.pointer, c.byref(count))
    for index in range(count.value):
        seen, info = Column(), ColumnInfo(struct_size=c.sizeof(ColumnInfo))
        call("emptor_table_column", held.pointer, index, c.byref(seen), c.sizeof(Column), c.byref(info))
        if info.name.decode() != name:
            continue
        if seen.aux:
            offsets = np.ctypeslib.as_array(c.cast(seen.aux, c.POINTER(c.c_int64)), (rows.value + 1,))
            bytes_of_all = c.string_at(seen.data, int(offsets[-1]))
            return [bytes_of_all[first:last].decode() for first, last in zip(offsets[:-1], offsets[1:])]
        ctype = {FLOAT64: c.c_double, DATE32: c.c_int32}.get(seen.dtype, c.c_int64)
        return np.ctypeslib.as_array(c.cast(seen.data, c.POINTER(ctype)), (rows.value,)).copy()
    raise KeyError(name)
