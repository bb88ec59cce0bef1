# SPDX-License-Identifier: BSL-1.0
"""A caller's tables, and the columns of them that an entry asks for, as rows of C."""

from __future__ import annotations

import ctypes
import difflib
import re
from collections.abc import Hashable, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import _arrow, _columns
from . import _library as c
from ._errors import DataError, SchemaError, UnknownNameError
from ._options import short

KINDS = ("numpy", "pandas", "polars", "pyarrow")


class Rows:
    """Rows for C, with what keeps their memory. `kind` and `index` are those of the caller's table."""

    def __init__(self, struct: c.Rows, names: list[str], frame: "Frame", *keeps):
        self.struct, self.names, self.count = struct, names, struct.row_count
        self.kind, self.index, self._keeps = frame.kind, frame.index, keeps
        self.misfits: dict = {}  # {name: {row: value as the caller gave it}}

    @contextmanager
    def as_given(self):
        """An error shows a value that C has otherwise as the caller gave it."""
        try:
            yield
        except DataError as why:
            value = self.misfits.get(why.column, {}).get(why.row)
            if value is None:
                raise
            why.args = (re.sub(r" is \S+, but", f" is {short(value)}, but", str(why), count=1),)
            raise

    def one(self, row: int) -> c.Rows:
        """The rows that hold this row alone."""
        columns = (c.Column * len(self.names))()
        for i, column in enumerate(columns):
            ctypes.pointer(column)[0] = self.struct.columns[i]
            if not column.stride_bytes or column.dtype == c.NULL:
                continue
            column.validity_offset += row
            if column.flags & c.COLUMN_BITS:
                column.aux_length += row
            elif column.dtype in (c.UTF8, c.LARGE_UTF8):
                column.aux = column.aux + row * column.stride_bytes
                column.aux_length = 0
            else:
                column.data = column.data + row * column.stride_bytes
        return c.Rows(struct_size=ctypes.sizeof(c.Rows), column_size=ctypes.sizeof(c.Column),
                      names=self.struct.names, columns=columns, column_count=len(columns), row_count=1)


def _struct(table: str | None, names: list[str], columns, rows: int):
    texts = c.texts(names)
    return c.Rows(struct_size=ctypes.sizeof(c.Rows), column_size=ctypes.sizeof(c.Column),
                  table=None if table is None else table.encode(), names=texts, columns=columns,
                  column_count=len(names), row_count=rows), texts


class Frame:
    """A table of the caller's: named columns of one length."""

    kind = "numpy"
    index: Any = None

    def __init__(self, columns: Mapping, rows: int | None = None):
        self._columns, self._count = columns, rows

    @property
    def keys(self) -> list:
        return list(self._columns)

    def has(self, key) -> bool:
        return key in self._columns

    def values(self, key):
        return self._columns[key]

    def rows(self, chosen, table: str | None, where: str) -> Rows:
        cells = [_columns.cells_of(self.values(key), content, where, name) for name, key, content in chosen]
        count, of = self._count, None
        for (name, _, _), one in zip(chosen, cells):
            if one.rows < 0:
                continue
            if count is None:
                count, of = one.rows, name
            elif one.rows != count:
                raise SchemaError(f"{where}: {name} has {one.rows} rows, but {of or 'the table'} has {count}",
                                  entry=where, column=name)
        if count is None:
            count = 1 if cells else 0
        columns = (c.Column * len(cells))(*(one.column for one in cells))
        names = [name for name, _, _ in chosen]
        struct, texts = _struct(table, names, columns, count)
        rows = Rows(struct, names, self, cells, columns, texts)
        rows.misfits = {name: one.misfits for name, one in zip(names, cells)}
        return rows


class _Pandas(Frame):
    kind = "pandas"

    def __init__(self, frame):
        super().__init__(frame, len(frame))
        self.index = frame.index

    def has(self, key) -> bool:
        return key in self._columns.columns or key in self.index.names

    def values(self, key):
        if key not in self._columns.columns:
            return self.index.get_level_values(key)
        found = self._columns[key]
        if found.ndim != 1:
            raise SchemaError(f"the column {key!r} is there twice", column=str(key))
        return found


class _Arrow(Frame):
    def __init__(self, value, kind: str):
        self.kind, self._source = kind, _arrow.Source(value)

    @property
    def keys(self) -> list:
        return self._source.names

    def has(self, key) -> bool:
        return key in self._source.names

    def rows(self, chosen, table: str | None, where: str) -> Rows:
        for name, key, _ in chosen:
            if self._source.names.count(key) > 1:
                raise SchemaError(f"{where}: the column {key!r} is there twice", entry=where, column=name)
        imported = self._source.imported([text for name, key, _ in chosen for text in (name, key)], table)
        return Rows(imported.view, [name for name, _, _ in chosen], self, imported)

    def stream(self, chosen) -> tuple[Rows, Any]:
        """The columns without rows; and what scores the rows, given a plan, flags and how it runs."""
        pairs = [text for name, key, _ in chosen for text in (name, key)]
        described = self._source.described(pairs)
        rows = Rows(described.view, [name for name, _, _ in chosen], self, described)
        return rows, lambda plan, flags, run: self._source.scored(plan, pairs, flags, run)


def frame_of(data, where: str = "emptor") -> Frame:
    package = _columns.package_of(data)
    if isinstance(data, Frame):
        return data
    if package == "pandas" and hasattr(data, "columns"):
        return _Pandas(data)
    if isinstance(data, Mapping):
        return Frame(data)
    if package == "polars" and hasattr(data, "collect"):
        data = data.collect()
    if package == "polars" and hasattr(data, "columns"):
        return _Arrow(data, "polars")
    if _arrow.speaks(data) and package != "pandas":
        return _Arrow(data, "pyarrow" if package == "pyarrow" else "arrow")
    if isinstance(data, np.ndarray) and data.dtype.names and data.ndim == 1:
        return Frame({name: data[name] for name in data.dtype.names}, len(data))
    raise TypeError(f"{where}: a table is a data frame, a dict of columns, a structured array or whatever speaks Arrow, "
                    f"not a {type(data).__name__}")


def _nearest(name, known) -> str:
    near = difflib.get_close_matches(str(name), [str(one) for one in known], 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _given(described, columns, where: str) -> dict:
    """{role: what the caller says it is}, of roles that exist."""
    known = {one["name"]: one for one in described}
    for role in columns:
        head, colon, _ = str(role).partition(":")
        if role not in known and not (colon and known.get(head, {}).get("many")):
            raise UnknownNameError(f"{where}: there is no column {role!r}{_nearest(role, known)}; there are "
                                   + ", ".join(known), entry=where, column=str(role))
    return dict(columns)


def _found(frame: Frame, role: str, key, where: str):
    if not isinstance(key, Hashable):
        raise SchemaError(f"{where}: {role} is to be a {type(key).__name__}, but must be the name of one column", entry=where,
                          column=role)
    if not frame.has(key):
        raise SchemaError(f"{where}: {role} is to be {key!r}, but the table has no such column"
                          f"{_nearest(key, frame.keys)}", entry=where, column=role)
    return key


def _chosen(frame: Frame, described, columns, where: str) -> list:
    """(name for C, key of the caller's, content) of each column that is wanted and there."""
    if columns is not None and not isinstance(columns, Mapping):
        raise TypeError(f"{where}: columns is a {type(columns).__name__}, but must be a dict of roles and names of columns")
    given = _given(described, columns or {}, where)
    chosen = []
    for one in described:
        role, content = one["name"], one["content"]
        if one["many"]:
            keys = given.get(role, [])
            keys = [keys] if isinstance(keys, str) or not isinstance(keys, (Iterable, type(None))) else keys
            labels = keys.items() if isinstance(keys, Mapping) else ((str(key), key) for key in keys or ())
            chosen += [(f"{role}:{label}", _found(frame, role, key, where), content) for label, key in labels]
            chosen += [(name, _found(frame, name, key, where), content) for name, key in given.items()
                       if str(name).startswith(role + ":")]
            if role not in given:
                chosen += [(key, key, content) for key in frame.keys if str(key).startswith(role + ":")]
        elif role in given:
            if given[role] is not None:
                chosen.append((role, _found(frame, role, given[role], where), content))
        elif frame.has(role):
            chosen.append((role, role, content))
    have = {name.partition(":")[0] for name, _, _ in chosen}
    missing = [one["name"] for one in described if not one["optional"] and one["name"] not in have]
    if missing:
        raise SchemaError(f"{where}: the table has no column {', '.join(missing)}; it has "
                          f"{', '.join(str(key) for key in frame.keys) or 'none'}. columns={{{missing[0]!r}: ...}} says "
                          "which one it is", entry=where, column=missing[0])
    return chosen


def bound(data, described, columns, where: str, table: str | None = None) -> Rows:
    """The columns of `data` that the description names, or that `columns` says are theirs."""
    frame = frame_of(data, where)
    return frame.rows(_chosen(frame, described, columns, where), table, where)


def streamed(data, described, columns, where: str):
    """The same of a stream of Arrow, of which no row is read yet."""
    frame = frame_of(data, where)
    if not isinstance(frame, _Arrow):
        raise TypeError(f"{where}: a reader of scores needs a stream of Arrow, not a {type(data).__name__}")
    return frame.stream(_chosen(frame, described, columns, where))


def keys_of(values, where: str) -> Rows:
    """Ids of customers."""
    if isinstance(values, (str, int)) and not isinstance(values, bool):
        values = [values]
    cells = _columns.cells_of(values, "id", where, "keys")
    columns = (c.Column * 1)(cells.column)
    struct, texts = _struct(None, ["keys"], columns, max(cells.rows, 1) if cells.rows < 0 else cells.rows)
    return Rows(struct, ["keys"], Frame({}), cells, columns, texts)
