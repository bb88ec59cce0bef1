# SPDX-License-Identifier: BSL-1.0
"""As much of emptor's C interface (capi/include/emptor.h) as the comparison needs, over numpy arrays: the package for Python
declares it, and here nothing stands between the rows and a call that is measured."""

import ctypes as c
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "capi" / "languages" / "python"))

from emptor import _library  # noqa: E402
from emptor._errors import DataError  # noqa: E402, F401
from emptor._library import (  # noqa: E402, F401
    CSTRING,
    DATE32,
    FLOAT64,
    INT32,
    INT64,
    MONEY,
    Column,
    ColumnInfo,
    Output,
    Rows,
    library,
    texts,
)
from emptor._run import call  # noqa: E402


def options(values):
    """Names and values in turn, and how many options there are."""
    return texts([text for pair in (values or {}).items() for text in pair]), len(values or {})


class Table:
    """Named columns: {name: (array, dtype)}. Borrows the arrays, which must outlive it."""

    def __init__(self, columns, name=None):
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
            name,
            self.names,
            self.columns,
            len(columns),
            0,
            len(self.arrays[0]),
        )


def made_by(name, kind, *arguments):
    """What a function made, freed when it goes."""
    pointer = c.c_void_p()
    call(name, *arguments, c.byref(pointer))
    return _library.Handle(pointer, kind)


def model(entry, parameters, given=None):
    names = texts(list(parameters))
    table = Table({"parameter": (names, CSTRING), "value": (np.array(list(parameters.values())), FLOAT64)})
    listed, count = options(given)
    return made_by("model_create", "model", entry.encode(), c.byref(table.rows), 1, listed, count)


class Plan:
    """Scores rows of the columns it was made for into memory of its own."""

    def __init__(self, of, columns, outputs, given=None):
        self.model = of
        self.table = Table(columns)
        listed, count = options(given)
        self.handle = made_by(
            "plan_create",
            "plan",
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
        )
        self.scores = [np.zeros(self.table.rows.row_count) for _ in outputs]
        self.outputs = (Output * len(outputs))(
            *[Output(one.ctypes.data, one.itemsize, None, FLOAT64, 0) for one in self.scores]
        )

    def score(self):
        call(
            "plan_score",
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


def loaded(kind, tables, store_options=None):
    """A store with the rows of some tables, {name or None: columns}."""
    listed, count = options(store_options)
    store = made_by("store_create", "store", kind.encode(), listed, count)
    for name, columns in tables.items():
        table = Table(columns, name and name.encode())
        call("store_push", store.pointer, c.byref(table.rows), 0, None, None, None)
    return store


def finished(store, entry, given=None, slots=None):
    """What an entry makes of a store, with models {slot: model}."""
    listed, count = options(given)
    names = texts(list(slots)) if slots else None
    models = (c.c_void_p * len(slots))(*[one.pointer for one in slots.values()]) if slots else None
    return made_by(
        "store_finish", "result", store.pointer, entry.encode(), listed, count, names, models, len(slots or {}), None, None
    )


def reduce(kind, entry, columns, given=None, store_options=None):
    """Rows into a new store, and what the entry finishes from it."""
    return finished(loaded(kind, {None: columns}, store_options), entry, given)


def fit(entry, columns):
    return reduce("rows", entry, columns, store_options={"entry": entry})


def model_of(result):
    """The model that a fit left."""
    return made_by("result_model", "model", result.pointer)


def tables_of_model(result):
    fitted = model_of(result)  # held until its tables are made
    return made_by("model_tables", "result", fitted.pointer)


def column(result, table, name):
    """A copy of a column: numbers, or a list of texts."""
    held = made_by("result_table", "table", result.pointer, table.encode())
    rows, count = c.c_int64(), c.c_int32()
    call("table_rows", held.pointer, c.byref(rows))
    call("table_columns", held.pointer, c.byref(count))
    for index in range(count.value):
        seen, info = Column(), ColumnInfo(struct_size=c.sizeof(ColumnInfo))
        call("table_column", held.pointer, index, c.byref(seen), c.sizeof(Column), c.byref(info))
        if info.name.decode() != name:
            continue
        if seen.aux:
            offsets = np.ctypeslib.as_array(c.cast(seen.aux, c.POINTER(c.c_int64)), (rows.value + 1,))
            bytes_of_all = c.string_at(seen.data, int(offsets[-1]))
            return [bytes_of_all[first:last].decode() for first, last in zip(offsets[:-1], offsets[1:])]
        ctype = {FLOAT64: c.c_double, DATE32: c.c_int32, INT32: c.c_int32}.get(seen.dtype, c.c_int64)
        return np.ctypeslib.as_array(c.cast(seen.data, c.POINTER(ctype)), (rows.value,)).copy()
    raise KeyError(name)
