# SPDX-License-Identifier: BSL-1.0
"""The C interface of Arrow as it stands, over the structures and calls of the package for Python."""

import ctypes
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "capi" / "languages" / "python"))

from emptor import Error as Refused  # noqa: E402, F401
from emptor import _arrow  # noqa: E402
from emptor import _library as c  # noqa: E402
from emptor._run import call, sized  # noqa: E402

pointer, text = ctypes.c_void_p, ctypes.c_char_p
DTYPES = {"float64": (c.FLOAT64, ctypes.c_double), "int64": (c.INT64, ctypes.c_int64),
          "date32": (c.DATE32, ctypes.c_int32), "text": (c.CSTRING, text)}
STRICT, ROW_STATUS = c.STRICT, 2


class Handle(c.Handle):
    """What a function made, freed when it goes."""

    def __init__(self, name, kind, *arguments):
        made = pointer()
        call(name, *arguments, ctypes.byref(made), names=range(99))  # an error tells the number of the column
        super().__init__(made, kind)


def options(**given):
    return c.texts([part for pair in given.items() for part in pair]), len(given)


def columns(table, names, **typed):
    """Rows of plain columns: anything=(dtype, values)."""
    made = (c.Column * len(typed))()
    keep = []
    for column, (dtype, values) in zip(made, typed.values()):
        number, c_type = DTYPES[dtype]
        array = (c_type * len(values))(*[v.encode() if isinstance(v, str) else v for v in values])
        keep.append(array)
        column.data, column.stride_bytes, column.dtype = ctypes.addressof(array), ctypes.sizeof(c_type), number
    labels = c.texts(names)
    rows = c.Rows(ctypes.sizeof(c.Rows), ctypes.sizeof(c.Column), table, labels, made, len(typed), 0,
                  len(next(iter(typed.values()))[1]))
    rows.keep = keep, made, labels
    return rows


def stream_of(source):
    """The stream of whatever speaks Arrow, and who must stay meanwhile."""
    capsule = source.__arrow_c_stream__()
    return _arrow._pointer_of(capsule, b"arrow_array_stream"), capsule


def pairs(names):
    if names is None:
        return None, 0
    return options(**names)


class ImportedRows(Handle):
    def __init__(self, source, names=None, table=None):
        stream, self.source = stream_of(source)
        super().__init__("arrow_import_stream", "arrow", stream, *pairs(names), table, None)

    @property
    def view(self):
        view = ctypes.POINTER(c.Rows)()
        call("arrow_view", self.pointer, ctypes.byref(view))
        rows = view.contents
        rows.keep = self  # it is borrowed
        return rows


class ImportedBatch(Handle):
    """A pyarrow batch, borrowed."""

    def __init__(self, batch, names=None, table=None):
        self.schema, self.array = c.ArrowSchema(), c.ArrowArray()
        batch._export_to_c(ctypes.addressof(self.array), ctypes.addressof(self.schema))
        super().__init__("arrow_import", "arrow", ctypes.byref(self.schema),
                         ctypes.byref(self.array), *pairs(names), table)

    view = ImportedRows.view

    def __del__(self):
        super().__del__()
        _arrow._release(self.schema)
        _arrow._release(self.array)


class Store(Handle):
    def __init__(self, kind, **given):
        super().__init__("store_create", "store", kind.encode(), *options(**given))

    def push(self, rows, flags=STRICT):
        call("store_push", self.pointer, ctypes.byref(rows), flags, None, None, None)

    def saved(self):
        return sized("store_save", self.pointer)

    def table(self, entry, name=None, **given):
        result = Handle("store_finish", "result", self.pointer, entry.encode(), *options(**given),
                        None, None, 0, None, None)
        return Table("result_table", "table", result.pointer, name.encode() if name else None)


class Table(Handle):
    def export(self):
        return _arrow.Exported(lambda schema, array: call("table_export_arrow", self.pointer, schema, array))


class Plan(Handle):
    def __init__(self, model, schema, **given):
        super().__init__("plan_create", "plan", None, model.pointer, None, None, 0, ctypes.byref(schema),
                         *options(**given), None, 0)

    def score(self, rows, flags=0):
        return _arrow.Exported(lambda schema, array: call("plan_score_arrow", self.pointer, ctypes.byref(rows), flags, schema,
                                                          array, None, None))

    def stream(self, source, names=None, flags=0):
        (stream, _), made = stream_of(source), _arrow._Stream()
        call("plan_score_arrow_stream", self.pointer, stream, *pairs(names), flags, None, ctypes.byref(made))
        return _arrow.Scores(_arrow._given_away(made, b"arrow_array_stream", _arrow._stream_dies))


def bg_nbd():
    rows = columns(b"parameters", ["parameter", "value"], parameter=("text", ["r", "alpha", "a", "b"]),
                   value=("float64", [0.243, 4.414, 0.793, 2.426]))
    return Handle("model_create", "model", b"value.bg_nbd", ctypes.byref(rows), 1, None, 0)
