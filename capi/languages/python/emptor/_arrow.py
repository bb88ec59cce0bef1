# SPDX-License-Identifier: BSL-1.0
"""Arrow: what speaks its C data interface comes in and goes out by emptor_arrow.h, without a copy of our own."""

from __future__ import annotations

import atexit
import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_void_p, py_object

import numpy as np

from . import _library as c
from ._errors import ArgumentError
from ._run import call

_api = ctypes.pythonapi
_pointer_of = ctypes.PYFUNCTYPE(c_void_p, py_object, c_char_p)(("PyCapsule_GetPointer", _api))
_pointer_in_dying = ctypes.PYFUNCTYPE(c_void_p, c_void_p, c_char_p)(("PyCapsule_GetPointer", _api))
_capsule = ctypes.PYFUNCTYPE(py_object, c_void_p, c_char_p, c_void_p)(("PyCapsule_New", _api))


def speaks(value) -> bool:
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")


def _release(structure) -> None:
    if structure.release:
        ctypes.CFUNCTYPE(None, c_void_p)(structure.release)(ctypes.addressof(structure))


def _unused(structure, what: str):
    """Whoever takes an array or a stream marks it as released: what it pointed at may be gone."""
    if not structure.release:
        raise ArgumentError(f"this Arrow {what} was used already, and can be taken only once")
    return structure


def _names(schema: c.ArrowSchema) -> list[str]:
    if schema.format != b"+s":
        raise TypeError("an Arrow array of columns is needed, not one of single values")
    return [c.text(schema.children[i].contents.name) for i in range(schema.n_children)]


class _Stream(ctypes.Structure):
    _fields_ = [("get_schema", c_void_p), ("get_next", c_void_p), ("get_last_error", c_void_p),
                ("release", c_void_p), ("private_data", c_void_p)]


class Source:
    """An array or a stream of Arrow, and the names of its fields."""

    def __init__(self, value):
        self._array = self._stream = None
        if hasattr(value, "__arrow_c_array__"):
            self._schema, self._array = value.__arrow_c_array__()
            self.names = _names(self._of_array()[0])
            return
        self._stream = value.__arrow_c_stream__()
        self.names = self._of_schema(_names)

    def _of_array(self) -> tuple[c.ArrowSchema, c.ArrowArray]:
        return (_unused(c.ArrowSchema.from_address(_pointer_of(self._schema, b"arrow_schema")), "array"),
                _unused(c.ArrowArray.from_address(_pointer_of(self._array, b"arrow_array")), "array"))

    def _place(self) -> int:
        """Where the stream lies."""
        place = _pointer_of(self._stream, b"arrow_array_stream")
        _unused(_Stream.from_address(place), "stream")
        return place

    def _of_schema(self, read):
        """What `read` makes of the schema of the stream."""
        place, schema = self._place(), c.ArrowSchema()
        ask = ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(c.ArrowSchema))(_Stream.from_address(place).get_schema)
        if ask(place, byref(schema)):
            raise TypeError("the Arrow stream does not tell its schema")
        try:
            return read(schema)
        finally:
            _release(schema)

    def described(self, pairs: list[str]) -> "Imported":
        """The columns of a stream without any row, for a plan."""
        if self._stream is None:
            raise TypeError("a reader of scores needs a stream, such as a RecordBatchReader")
        names, made = c.texts(pairs), c_void_p()
        self._of_schema(lambda schema: call("arrow_import", byref(schema), None, names, len(pairs) // 2, None,
                                            byref(made), names=pairs[::2]))
        return Imported(made)

    def scored(self, plan: c.Handle, pairs: list[str], flags: int, run: c.Run) -> "Scores":
        """The scores of a stream, batch by batch as they are read."""
        out = _Stream()
        call("plan_score_arrow_stream", plan.pointer, self._place(), c.texts(pairs),
             len(pairs) // 2, flags, byref(run), byref(out))
        return Scores(_given_away(out, b"arrow_array_stream", _stream_dies))

    def imported(self, pairs: list[str], table: str | None) -> "Imported":
        names, made = c.texts(pairs), c_void_p()
        given = (names, len(pairs) // 2, None if table is None else table.encode())
        if self._stream is not None:
            call("arrow_import_stream", self._place(), *given, None, byref(made), names=pairs[::2])
            return Imported(made)
        schema, array = self._of_array()
        call("arrow_import", byref(schema), byref(array), *given, byref(made), names=pairs[::2])
        return Imported(made, self._schema, self._array)


class Imported:
    """Rows of Arrow as C takes them."""

    def __init__(self, made: c_void_p, *keeps):
        self._handle, self._keeps = c.Handle(made, "arrow"), keeps
        view = POINTER(c.Rows)()
        call("arrow_view", self._handle.pointer, byref(view))
        self.view = view.contents


def column_of(table, role: str) -> tuple[c.Column, int, Imported]:
    """The only column of an Arrow table, with its rows and what keeps them."""
    source = Source(table)
    rows = source.imported([role, source.names[0]], None)
    return rows.view.columns[0], rows.view.row_count, rows


_INDICES = {b"c": "i1", b"C": "u1", b"s": "i2", b"i": "i4", b"l": "i8"}


_owned: dict = {}  # {place: (structure, address of its capsule)}, until the capsules die
_ends = False  # the interpreter: a capsule that dies later must not call back into it
_forget = ctypes.PYFUNCTYPE(c_int, c_void_p, c_void_p)(("PyCapsule_SetDestructor", _api))


def _dying(name: bytes):
    def release(capsule):
        _release(_owned.pop(_pointer_in_dying(capsule, name))[0])

    return ctypes.PYFUNCTYPE(None, c_void_p)(release)


_schema_dies = _dying(b"arrow_schema")
_array_dies = _dying(b"arrow_array")
_stream_dies = _dying(b"arrow_array_stream")


def _given_away(structure, name: bytes, dies):
    place = ctypes.addressof(structure)
    capsule = _capsule(place, name, None if _ends else ctypes.cast(dies, c_void_p))
    _owned[place] = structure, id(capsule)
    return capsule


@atexit.register
def _end() -> None:
    """What still lives dies when callbacks are gone: it keeps its structure, which is released now."""
    global _ends
    _ends = True
    for structure, capsule in [*_owned.values()]:
        _forget(capsule, None)
        _release(structure)


class Exported:
    """A struct array of ours, for whoever asks by the Arrow PyCapsule interface; it can be taken once."""

    def __init__(self, fill):
        schema, array = c.ArrowSchema(), c.ArrowArray()
        fill(byref(schema), byref(array))
        self._capsules = (_given_away(schema, b"arrow_schema", _schema_dies),
                          _given_away(array, b"arrow_array", _array_dies))
        self._schema, self._array = schema, array

    def __arrow_c_array__(self, requested_schema=None):
        return self._capsules

    def codes(self, index: int) -> np.ndarray:
        """The indices of a dictionary column."""
        _unused(self._schema, "array")
        _unused(self._array, "array")
        count, values = self._array.n_children, self._array.children[index % self._array.n_children].contents
        kind = _INDICES[self._schema.children[index % count].contents.format]
        buffer = ctypes.string_at(values.buffers[1] or 0, (values.offset + values.length) * int(kind[1])) \
            if values.length else b""
        return np.frombuffer(buffer, kind)[values.offset:]

    def decimals(self, index: int):
        """The whole numbers and the decimals of a decimal128 column."""
        _unused(self._schema, "array")
        _unused(self._array, "array")
        field, values = self._schema.children[index].contents, self._array.children[index].contents
        unit = int(field.format.partition(b",")[2])
        buffer = ctypes.string_at(values.buffers[1] + 16 * values.offset, 16 * values.length)
        return [int.from_bytes(buffer[i:i + 16], "little", signed=True) for i in range(0, len(buffer), 16)], unit


class Scores:
    """A stream of scores, for whoever asks by the Arrow PyCapsule interface; it can be taken once."""

    def __init__(self, capsule):
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema=None):
        return self._capsule


def as_reader(scores: Scores):
    """With pyarrow a RecordBatchReader, else what it can be made of."""
    try:
        import pyarrow
    except ImportError:
        return scores
    return pyarrow.RecordBatchReader.from_stream(scores)


def as_pyarrow(exported: Exported):
    import pyarrow

    return pyarrow.Table.from_batches([pyarrow.record_batch(exported)])


def as_polars(exported: Exported):
    import polars

    return polars.DataFrame(exported)


def with_money(table, columns: dict):
    """The table with these arrays in place of its decimals."""
    if type(table).__module__.partition(".")[0] == "polars":
        import polars

        return table.with_columns(*(polars.Series(name, values, nan_to_null=True) for name, values in columns.items()))
    import pyarrow

    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pyarrow.array(values, from_pandas=True))
    return table
