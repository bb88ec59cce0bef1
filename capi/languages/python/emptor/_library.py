# SPDX-License-Identifier: BSL-1.0
"""The C library: where it is, its structures and its functions, as emptor.h declares them."""

from __future__ import annotations

import ctypes
import os
from ctypes import (POINTER, Structure, c_char, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint32,
                    c_void_p)
from pathlib import Path

ABI_MAJOR = 1


class Error(Structure):
    _fields_ = [("struct_size", c_uint32), ("status", c_int32), ("row", c_int64), ("column", c_int32),
                ("reserved", c_int32), ("message", c_char * 488)]


class Column(Structure):
    _fields_ = [("data", c_void_p), ("stride_bytes", c_int64), ("validity", c_void_p),
                ("validity_offset", c_int64), ("aux", c_void_p), ("aux_length", c_int64),
                ("dtype", c_int32), ("flags", c_uint32), ("unit", c_int32), ("reserved", c_int32)]


class Rows(Structure):
    _fields_ = [("struct_size", c_uint32), ("column_size", c_uint32), ("table", c_char_p),
                ("names", POINTER(c_char_p)), ("columns", POINTER(Column)), ("column_count", c_int32),
                ("reserved", c_int32), ("row_count", c_int64)]


PROGRESS = ctypes.CFUNCTYPE(None, c_double, c_void_p)


class Run(Structure):
    _fields_ = [("struct_size", c_uint32), ("threads", c_int32), ("cancel", POINTER(c_int32)),
                ("progress", PROGRESS), ("parallel_for", c_void_p), ("user", c_void_p)]


class PushReport(Structure):
    _fields_ = [("struct_size", c_uint32), ("repeats_count_twice", c_int32), ("added", c_int64),
                ("replaced", c_int64), ("repeated", c_int64), ("superseded", c_int64),
                ("conflicts", c_int64), ("refused", c_int64)]


class Output(Structure):
    _fields_ = [("data", c_void_p), ("stride_bytes", c_int64), ("validity", c_void_p), ("dtype", c_int32),
                ("reserved", c_int32)]


class ColumnInfo(Structure):
    _fields_ = [("struct_size", c_uint32), ("dtype", c_int32), ("name", c_char_p), ("unit", c_char_p),
                ("levels", POINTER(c_char_p)), ("level_count", c_int32), ("decimals", c_int32)]


class ArrowSchema(Structure):
    """Of the Arrow C data interface."""


ArrowSchema._fields_ = [("format", c_char_p), ("name", c_char_p), ("metadata", c_void_p), ("flags", c_int64),
                        ("n_children", c_int64), ("children", POINTER(POINTER(ArrowSchema))),
                        ("dictionary", POINTER(ArrowSchema)), ("release", c_void_p),
                        ("private_data", c_void_p)]


class ArrowArray(Structure):
    """Of the Arrow C data interface."""


ArrowArray._fields_ = [("length", c_int64), ("null_count", c_int64), ("offset", c_int64),
                       ("n_buffers", c_int64), ("n_children", c_int64), ("buffers", POINTER(c_void_p)),
                       ("children", POINTER(POINTER(ArrowArray))), ("dictionary", POINTER(ArrowArray)),
                       ("release", c_void_p), ("private_data", c_void_p)]


STRICT = 1
COLUMN_BITS = 1

(NONE, INT8, INT16, INT32, INT64, UINT8, FLOAT32, FLOAT64, BOOLEAN, DATE32, TIMESTAMP, DECIMAL128, MONEY,
 UTF8, LARGE_UTF8, DICTIONARY, CSTRING, NULL) = range(18)

_ROWS, _ERROR, _RUN, _HANDLE = POINTER(Rows), POINTER(Error), POINTER(Run), POINTER(c_void_p)
_TEXTS, _HANDLES, _SIZE = POINTER(c_char_p), POINTER(c_void_p), POINTER(c_int64)

# What each function that returns a status takes, but for the error, which is always the last.
_FUNCTIONS = {
    "catalogue_describe": [c_char_p, c_void_p, c_int64, _SIZE],
    "store_create": [c_char_p, _TEXTS, c_int32, _HANDLE],
    "store_push": [c_void_p, _ROWS, c_uint32, c_void_p, POINTER(PushReport), _RUN],
    "store_merge": [c_void_p, c_void_p, _RUN],
    "store_save": [c_void_p, c_void_p, c_int64, _SIZE],
    "store_load": [c_char_p, c_int64, _RUN, _HANDLE],
    "store_kind": [c_void_p, POINTER(c_char_p)],
    "store_erase": [c_void_p, _ROWS, _SIZE],
    "store_finish": [c_void_p, c_char_p, _TEXTS, c_int32, _TEXTS, _HANDLES, c_int32, _ROWS, _RUN, _HANDLE],
    "result_tables": [c_void_p, POINTER(c_int32)],
    "result_table_name": [c_void_p, c_int32, POINTER(c_char_p)],
    "result_table": [c_void_p, c_char_p, _HANDLE],
    "result_model": [c_void_p, _HANDLE],
    "table_rows": [c_void_p, _SIZE],
    "table_columns": [c_void_p, POINTER(c_int32)],
    "table_column": [c_void_p, c_int32, POINTER(Column), c_uint32, POINTER(ColumnInfo)],
    "model_create": [c_char_p, _ROWS, c_int32, _TEXTS, c_int32, _HANDLE],
    "model_entry": [c_void_p, POINTER(c_char_p)],
    "model_tables": [c_void_p, _HANDLE],
    "model_save": [c_void_p, c_void_p, c_int64, _SIZE],
    "model_load": [c_char_p, c_int64, _HANDLE],
    "model_export": [c_void_p, c_char_p, c_void_p, c_int64, _SIZE],
    "model_import": [c_char_p, c_int64, c_char_p, _HANDLE],
    "plan_create": [c_char_p, c_void_p, _TEXTS, _HANDLES, c_int32, _ROWS, _TEXTS, c_int32, _TEXTS, c_int32,
                    _HANDLE],
    "plan_outputs": [c_void_p, POINTER(c_int32)],
    "plan_output": [c_void_p, c_int32, POINTER(ColumnInfo)],
    "plan_score": [c_void_p, _ROWS, POINTER(Output), c_int32, c_uint32, c_uint32, c_void_p, _SIZE, _RUN],
    "arrow_import": [POINTER(ArrowSchema), POINTER(ArrowArray), _TEXTS, c_int32, c_char_p, _HANDLE],
    "arrow_import_stream": [c_void_p, _TEXTS, c_int32, c_char_p, _RUN, _HANDLE],
    "arrow_view": [c_void_p, POINTER(_ROWS)],
    "plan_score_arrow": [c_void_p, _ROWS, c_uint32, POINTER(ArrowSchema), POINTER(ArrowArray), _SIZE, _RUN],
    "plan_score_arrow_stream": [c_void_p, c_void_p, _TEXTS, c_int32, c_uint32, _RUN, c_void_p],
    "table_export_arrow": [c_void_p, POINTER(ArrowSchema), POINTER(ArrowArray)],
}
_FREES = ["store_free", "result_free", "table_free", "model_free", "plan_free", "arrow_free"]
_NAMES = {"version": (c_char_p, []), "abi_version": (c_int32, []), "status_name": (c_char_p, [c_int32]),
          "row_status_name": (c_char_p, [c_uint8]), "isa_name": (c_char_p, [])}


def _found() -> str:
    """The library of a build tree where a developer names it, the bundled one, or the system's."""
    named = os.environ.get("EMPTOR_LIBRARY")
    if named:
        return named
    bundled = Path(__file__).with_name("libemptor.so")
    return str(bundled) if bundled.exists() else f"libemptor.so.{ABI_MAJOR}"


def _load() -> ctypes.CDLL:
    path = _found()
    try:
        library = ctypes.CDLL(path)
    except OSError as why:
        raise ImportError(
            f"emptor: the library cannot be loaded ({why}); `pip install ./capi/languages/python` builds and "
            "bundles it, and the environment variable EMPTOR_LIBRARY names another libemptor.so") from why
    try:
        for name, arguments in _FUNCTIONS.items():
            function = getattr(library, "emptor_" + name)
            function.restype, function.argtypes = c_int32, [*arguments, _ERROR]
        for name in _FREES:
            function = getattr(library, "emptor_" + name)
            function.restype, function.argtypes = None, [c_void_p]
        for name, (result, arguments) in _NAMES.items():
            function = getattr(library, "emptor_" + name)
            function.restype, function.argtypes = result, arguments
    except AttributeError as why:
        raise ImportError(f"emptor: {path} is older than this package ({why})") from why
    major = library.emptor_abi_version() >> 16
    if major != ABI_MAJOR:
        raise ImportError(f"emptor: {path} has the C interface {major}, this package needs {ABI_MAJOR}")
    return library


library = _load()


def text(value: bytes | None) -> str:
    return "" if value is None else value.decode()


def texts(values) -> ctypes.Array:
    """An array of C texts; a text with a zero byte, which C would cut, is refused."""
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    for value in encoded:
        if b"\0" in value:
            raise ValueError(f"{value!r} holds a zero byte")
    return (c_char_p * len(encoded))(*encoded)


class Handle:
    """Something of the C library, freed with the last reference to it."""

    __slots__ = ("pointer", "_free", "__weakref__")

    def __init__(self, pointer: c_void_p, kind: str):
        self.pointer = pointer.value
        self._free = getattr(library, f"emptor_{kind}_free")

    def __del__(self):
        pointer, self.pointer = getattr(self, "pointer", None), None
        if pointer is not None:
            self._free(pointer)
