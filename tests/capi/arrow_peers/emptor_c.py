# SPDX-License-Identifier: BSL-1.0
"""The C interface by ctypes, as far as the tests of Arrow need it."""

import ctypes
import os

library = ctypes.CDLL(os.environ["EMPTOR_LIBRARY"])
pointer, text, count = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32
DTYPES = {"float64": (7, ctypes.c_double), "int64": (4, ctypes.c_int64), "date32": (9, ctypes.c_int32),
          "text": (16, text)}
STRICT, ROW_STATUS = 1, 2


class Error(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("status", count), ("row", ctypes.c_int64), ("column", count),
                ("reserved", count), ("message", ctypes.c_char * 488)]


class Column(ctypes.Structure):
    _fields_ = [("data", pointer), ("stride_bytes", ctypes.c_int64), ("validity", pointer),
                ("validity_offset", ctypes.c_int64), ("aux", pointer), ("aux_length", ctypes.c_int64), ("dtype", count),
                ("flags", ctypes.c_uint32), ("unit", count), ("reserved", count)]


class Rows(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("column_size", ctypes.c_uint32), ("table", text),
                ("names", ctypes.POINTER(text)), ("columns", ctypes.POINTER(Column)), ("column_count", count),
                ("reserved", count), ("row_count", ctypes.c_int64)]


class ArrowSchema(ctypes.Structure):
    _fields_ = [("format", text), ("name", text), ("metadata", pointer), ("flags", ctypes.c_int64),
                ("n_children", ctypes.c_int64), ("children", pointer), ("dictionary", pointer), ("release", pointer),
                ("private_data", pointer)]


class ArrowArray(ctypes.Structure):
    _fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
                ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64), ("buffers", pointer),
                ("children", pointer), ("dictionary", pointer), ("release", pointer), ("private_data", pointer)]


class ArrowArrayStream(ctypes.Structure):
    _fields_ = [("get_schema", pointer), ("get_next", pointer), ("get_last_error", pointer), ("release", pointer),
                ("private_data", pointer)]


class Refused(Exception):
    """A call that did not return EMPTOR_STATUS_OK."""

    def __init__(self, error):
        super().__init__(error.message.decode())
        self.status, self.row, self.column = error.status, error.row, error.column


def call(name, *arguments):
    error = Error(ctypes.sizeof(Error), 0, -1, -1, 0, b"")
    if getattr(library, name)(*arguments, ctypes.byref(error)) != 0:
        raise Refused(error)


class Handle:
    """What a function made, freed when it goes."""

    def __init__(self, name, free, *arguments):
        self.pointer, self.free = pointer(), getattr(library, free)
        self.free.restype, self.free.argtypes = None, [pointer]
        call(name, *arguments, ctypes.byref(self.pointer))

    def __del__(self):
        if self.pointer:
            self.free(self.pointer)


def texts(values):
    return (text * len(values))(*[value.encode() for value in values])


def options(**given):
    flat = [part for pair in given.items() for part in pair]
    return texts(flat), count(len(given))


def columns(table, names, **typed):
    """Rows of plain columns: anything=(dtype, values)."""
    made = (Column * len(typed))()
    keep = []
    for column, (dtype, values) in zip(made, typed.values()):
        number, c_type = DTYPES[dtype]
        array = (c_type * len(values))(*[v.encode() if isinstance(v, str) else v for v in values])
        keep.append(array)
        column.data, column.stride_bytes, column.dtype = ctypes.addressof(array), ctypes.sizeof(c_type), number
    labels = texts(names)
    rows = Rows(ctypes.sizeof(Rows), ctypes.sizeof(Column), table, labels, made, len(typed), 0,
                len(next(iter(typed.values()))[1]))
    rows.keep = keep, made, labels
    return rows


def stream_of(source):
    """The stream of whatever speaks Arrow, and who must stay meanwhile."""
    capsule = source.__arrow_c_stream__()
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = pointer, [ctypes.py_object, text]
    return get(capsule, b"arrow_array_stream"), capsule


def pairs(names):
    if names is None:
        return None, count(0)
    return texts([part for pair in names.items() for part in pair]), count(len(names))


class ImportedRows(Handle):
    def __init__(self, source, names=None, table=None):
        stream, self.source = stream_of(source)
        super().__init__("emptor_arrow_import_stream", "emptor_arrow_free", pointer(stream), *pairs(names), table, None)

    @property
    def view(self):
        view = ctypes.POINTER(Rows)()
        call("emptor_arrow_view", self.pointer, ctypes.byref(view))
        rows = view.contents
        rows.keep = self  # it is borrowed
        return rows


class ImportedBatch(Handle):
    """A pyarrow batch, borrowed."""

    def __init__(self, batch, names=None, table=None):
        self.schema, self.array = ArrowSchema(), ArrowArray()
        batch._export_to_c(ctypes.addressof(self.array), ctypes.addressof(self.schema))
        super().__init__("emptor_arrow_import", "emptor_arrow_free", ctypes.byref(self.schema),
                         ctypes.byref(self.array), *pairs(names), table)

    view = ImportedRows.view

    def __del__(self):
        super().__del__()
        release(self.schema)
        release(self.array)


class Store(Handle):
    def __init__(self, kind, **given):
        super().__init__("emptor_store_create", "emptor_store_free", kind.encode(), *options(**given))

    def push(self, rows, flags=STRICT):
        call("emptor_store_push", self.pointer, ctypes.byref(rows), flags, None, None, None)

    def saved(self):
        needed = ctypes.c_int64()
        call("emptor_store_save", self.pointer, None, ctypes.c_int64(0), ctypes.byref(needed))
        buffer = ctypes.create_string_buffer(needed.value)
        call("emptor_store_save", self.pointer, buffer, needed, None)
        return buffer.raw

    def table(self, entry, name=None, **given):
        result = Handle("emptor_store_finish", "emptor_result_free", self.pointer, entry.encode(), *options(**given),
                        None, None, count(0), None, None)
        return Table("emptor_result_table", "emptor_table_free", result.pointer, name.encode() if name else None)


kept = {}  # structures in capsules, by their address


def release(structure):
    if structure.release:
        ctypes.CFUNCTYPE(None, pointer)(structure.release)(ctypes.addressof(structure))


@ctypes.PYFUNCTYPE(None, pointer)
def forget(capsule):
    name = ctypes.PYFUNCTYPE(text, pointer)(("PyCapsule_GetName", ctypes.pythonapi))(capsule)
    address = ctypes.PYFUNCTYPE(pointer, pointer, text)(("PyCapsule_GetPointer", ctypes.pythonapi))(capsule, name)
    release(kept.pop(address)[0])


def capsule(structure, name):
    """A capsule that owns the structure; whoever takes it may move it out."""
    address = ctypes.addressof(structure)
    kept[address] = structure, name  # a capsule does not copy its name
    return ctypes.PYFUNCTYPE(ctypes.py_object, pointer, text, pointer)(("PyCapsule_New", ctypes.pythonapi))(
        address, name, ctypes.cast(forget, pointer))


class Exported:
    """An array of emptor for whoever takes Arrow, once."""

    def __init__(self):
        self.schema, self.array = ArrowSchema(), ArrowArray()

    def __arrow_c_array__(self, requested_schema=None):
        return capsule(self.schema, b"arrow_schema"), capsule(self.array, b"arrow_array")


class ExportedStream:
    """A stream of emptor for whoever takes Arrow, once."""

    def __init__(self):
        self.stream = ArrowArrayStream()

    def __arrow_c_stream__(self, requested_schema=None):
        return capsule(self.stream, b"arrow_array_stream")


class Table(Handle):
    def export(self):
        made = Exported()
        call("emptor_table_export_arrow", self.pointer, ctypes.byref(made.schema), ctypes.byref(made.array))
        return made


class Plan(Handle):
    def __init__(self, model, schema, **given):
        super().__init__("emptor_plan_create", "emptor_plan_free", None, model.pointer, None, None, count(0),
                         ctypes.byref(schema), *options(**given), None, count(0))

    def score(self, rows, flags=0):
        made = Exported()
        call("emptor_plan_score_arrow", self.pointer, ctypes.byref(rows), flags, ctypes.byref(made.schema),
             ctypes.byref(made.array), None, None)
        return made

    def stream(self, source, names=None, flags=0):
        stream, _ = stream_of(source)
        made = ExportedStream()
        call("emptor_plan_score_arrow_stream", self.pointer, pointer(stream), *pairs(names), flags, None,
             ctypes.byref(made.stream))
        return made


def bg_nbd():
    rows = columns(b"parameters", ["parameter", "value"], parameter=("text", ["r", "alpha", "a", "b"]),
                   value=("float64", [0.243, 4.414, 0.793, 2.426]))
    return Handle("emptor_model_create", "emptor_model_free", b"value.bg_nbd", ctypes.byref(rows), count(1), None,
                  count(0))
