# SPDX-License-Identifier: BSL-1.0
"""What comes out: tables of numpy arrays, which become the caller's kind of table."""

from __future__ import annotations

import ctypes
import decimal
import html
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from . import _arrow
from . import _library as c
from ._frames import KINDS
from ._run import call

MONEY = ("decimal", "float", "minor")

_NUMPY = {c.INT8: "i1", c.INT16: "i2", c.INT32: "i4", c.INT64: "i8", c.UINT8: "u1", c.FLOAT32: "f4",
          c.FLOAT64: "f8", c.BOOLEAN: "?", c.DATE32: "i4", c.MONEY: "i8", c.DICTIONARY: "i4"}
_EXACT = decimal.Context(prec=60)


class _Lent:
    """Memory of the library as numpy sees it; it lives as long as an array on it."""

    def __init__(self, owner, address: int, rows: int, stride: int, kind: str):
        self._owner = owner
        self.__array_interface__ = {"data": (address, True), "shape": (rows,), "strides": (stride,),
                                    "typestr": "|b1" if kind == "?" else
                                    (("|" if kind[1:] == "1" else "<") + kind), "version": 3}


def _lent(owner, address: int | None, rows: int, stride: int, kind: str) -> np.ndarray:
    if not rows or not address:
        return np.empty(0, kind)
    return np.asarray(_Lent(owner, address, rows, stride, kind))


def _missing(owner, validity: int | None, offset: int, rows: int) -> np.ndarray | None:
    if not validity or not rows:
        return None
    first, last = offset // 8, (offset + rows + 7) // 8
    bits = _lent(owner, validity + first, last - first, 1, "u1")
    missing = np.unpackbits(bits, bitorder="little")[offset % 8:offset % 8 + rows] == 0
    return missing if missing.any() else None


def _texts(owner, column: c.Column, rows: int) -> list[str]:
    if column.dtype == c.DICTIONARY:
        levels = _texts(owner, c.Column.from_address(column.aux), column.aux_length)
        return [levels[i] if i >= 0 else "" for i in _lent(owner, column.data, rows, column.stride_bytes, "i4")]
    offsets = _lent(owner, column.aux, rows + 1 if rows else 0, 4 if column.dtype == c.UTF8 else 8,
                    "i4" if column.dtype == c.UTF8 else "i8").tolist()
    if not rows:
        return []
    data = ctypes.string_at(column.data, offsets[-1]) if offsets[-1] else b""
    return [data[first:last].decode("utf-8", "surrogatepass") for first, last in zip(offsets, offsets[1:])]


class Column:
    """A column: `values` as they lie in memory, `missing` (a mask or None), `unit`, `levels` of a class, `decimals` of
    money."""

    __slots__ = ("name", "dtype", "values", "missing", "unit", "levels", "decimals", "_exact")

    def __init__(self, name, dtype, values, missing, unit="", levels=None, decimals=0, exact=None):
        self.name, self.dtype, self.values, self.missing = name, dtype, values, missing
        self.unit, self.levels, self.decimals, self._exact = unit, levels, decimals, exact

    @property
    def is_money(self) -> bool:
        return self.dtype == c.MONEY

    def amounts(self, money: str) -> np.ndarray:
        """Money as Decimal, as float64 or as int64 minor units."""
        if money == "minor":
            return self.values
        whole, decimals = (self.values.tolist(), self.decimals) if self._exact is None else self._exact()
        if money == "float":
            made = np.array([float(decimal.Decimal(one).scaleb(-decimals, _EXACT)) for one in whole], np.float64)
            if self.missing is not None:
                made[self.missing] = np.nan
            return made
        made = np.empty(len(whole), object)
        made[:] = [decimal.Decimal(one).scaleb(-decimals, _EXACT) for one in whole]
        if self.missing is not None:
            made[self.missing] = None
        return made

    def array(self, money: str = "decimal") -> np.ndarray:
        """What a reader expects: dates as datetime64[D], classes and texts as objects, money as `money` says, counts with
        missing ones as a masked array, numbers with NaN."""
        if self.is_money:
            return self.amounts(money)
        if self.dtype == c.DATE32:
            made = self.values.astype(np.int64).view("datetime64[D]")
            if self.missing is not None:
                made[self.missing] = np.datetime64("NaT")
            return made
        if self.levels is not None:
            made = np.array([*self.levels, None], object)[self.values]
            return made
        if self.values.dtype.kind == "f" and self.missing is not None and not np.isnan(self.values[self.missing]).all():
            return np.where(self.missing, np.nan, self.values)
        if self.values.dtype.kind in "Of" or self.missing is None:
            return self.values
        return np.ma.MaskedArray(self.values, self.missing)

    def _pandas(self, money: str, own: bool):
        import pandas

        if self.levels is not None:
            return pandas.Categorical.from_codes(self.values, list(self.levels))
        if self.dtype == c.DATE32:
            return self.array().astype("datetime64[s]" if int(pandas.__version__.split(".")[0]) >= 2
                                       else "datetime64[ns]")
        if self.is_money and money != "minor":
            return self.amounts(money)
        if self.missing is not None and self.values.dtype.kind in "ib":
            kind = pandas.arrays.IntegerArray if self.values.dtype.kind == "i" else pandas.arrays.BooleanArray
            return kind(self.values.copy(), self.missing.copy())
        made = self.array()
        return made if own or made is not self.values else made.copy()


class _Held:
    """A table of the library."""

    def __init__(self, handle: c.Handle):
        self.handle = handle
        rows, columns = ctypes.c_int64(), ctypes.c_int32()
        call("table_rows", handle.pointer, ctypes.byref(rows))
        call("table_columns", handle.pointer, ctypes.byref(columns))
        self.rows, self.count = rows.value, columns.value

    def names(self) -> list[str]:
        found, info = [], c.ColumnInfo(struct_size=ctypes.sizeof(c.ColumnInfo))
        for i in range(self.count):
            call("table_column", self.handle.pointer, i, None, 0, ctypes.byref(info))
            found.append(c.text(info.name))
        return found

    def column(self, index: int) -> Column:
        raw, info = c.Column(), c.ColumnInfo(struct_size=ctypes.sizeof(c.ColumnInfo))
        call("table_column", self.handle.pointer, index, ctypes.byref(raw), ctypes.sizeof(c.Column), ctypes.byref(info))
        missing = _missing(self.handle, raw.validity, raw.validity_offset, self.rows)
        levels = tuple(c.text(info.levels[i]) for i in range(info.level_count)) if info.levels else None
        if levels is None and raw.dtype in (c.UTF8, c.LARGE_UTF8, c.DICTIONARY):
            values = np.empty(self.rows, object)
            values[:] = _texts(self.handle, raw, self.rows)
            if missing is not None:
                values[missing] = None
        else:
            values = _lent(self.handle, raw.data, self.rows, raw.stride_bytes, _NUMPY[raw.dtype])
        exact = (lambda: self.exported().decimals(index)) if info.decimals < 0 else None
        return Column(c.text(info.name), raw.dtype, values, missing, c.text(info.unit), levels, info.decimals, exact)

    def exported(self) -> _arrow.Exported:
        return _arrow.Exported(lambda schema, array: call("table_export_arrow", self.handle.pointer, schema, array))


class Table(Mapping):
    """Columns by name, as numpy arrays. Numbers, counts and booleans are the library's own memory, not copied."""

    def __init__(self, columns: dict[str, Column | None], rows: int, money: str = "decimal", held: _Held | None = None,
                 name: str = ""):
        """\\param columns  those that are None are made of `held` when they are asked for"""
        self._columns, self._order = columns, list(columns)
        self.rows, self.name, self._money, self._held = rows, name, money, held

    @classmethod
    def of(cls, handle: c.Handle, name: str = "", money: str = "decimal") -> "Table":
        held = _Held(handle)
        return cls(dict.fromkeys(held.names()), held.rows, money, held, name)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.column(name).array(self._money)

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def column(self, name: str) -> Column:
        """The column as it lies in memory, with its mask, unit and levels."""
        found = self._columns[name]
        if found is None:
            assert self._held is not None
            found = self._columns[name] = self._held.column(self._order.index(name))
        return found

    @property
    def units(self) -> dict[str, str]:
        """The units of the columns that have one."""
        return {name: unit for name in self for unit in [self.column(name).unit] if unit}

    def to(self, kind: str, *, money: str | None = None, index=None) -> Any:
        """The table as "numpy", "pandas", "polars" or "pyarrow"."""
        checked(kind, money)
        money = money or self._money
        if kind == "numpy":
            return self if money == self._money else Table(self._columns, self.rows, money, self._held, self.name)
        if kind == "pandas":
            import pandas

            own = self._held is None
            return pandas.DataFrame({name: self.column(name)._pandas(money, own) for name in self}, index=index, copy=False)
        if self._held is None:
            raise TypeError(f"these scores are arrays of numpy; score(..., as_={kind!r}) gives them as {kind}")
        made = getattr(_arrow, "as_" + kind)(self._held.exported())
        return made if money == "decimal" else _arrow.with_money(
            made, {name: self.column(name).amounts(money) for name in self if self.column(name).is_money})

    def __arrow_c_array__(self, requested_schema=None):
        if self._held is None:
            raise TypeError("these scores are arrays of numpy; as_='pyarrow' or as_='polars' makes them Arrow")
        return self._held.exported().__arrow_c_array__(requested_schema)

    def _shown(self, most: int) -> tuple[list[list[str]], bool]:
        rows = range(min(self.rows, most))
        cut = {name: np.ma.filled(self[name][:most].astype(object), None) if isinstance(self[name], np.ma.MaskedArray)
               else self[name][:most] for name in self}
        return [[_cell(cut[name][row]) for name in cut] for row in rows], self.rows > most

    def __repr__(self) -> str:
        lines, cut = self._shown(10)
        widths = [max(map(len, column)) for column in zip(list(self), *lines)] if self else []
        table = [" ".join(cell.rjust(width) for cell, width in zip(line, widths)) for line in [list(self), *lines]]
        return "\n".join([*table, "..."] if cut else table) + f"\n[{self.rows} rows]"

    def _repr_html_(self) -> str:
        lines, cut = self._shown(20)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
        return (f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{'first 20 of ' if cut else ''}"
                f"{self.rows} rows</p>")

    def __reduce__(self):
        return _arrays, ([(one.name, one.dtype, np.array(one.values), one.missing, one.unit, one.levels,
                           *_decimals(one)) for one in map(self.column, self)], self.rows, self._money, self.name)


def _decimals(one: Column):
    """What a pickled column keeps of its money."""
    return (one.decimals, None) if one._exact is None else (one.decimals, one._exact())


def _arrays(columns, rows, money, name) -> Table:
    made = [Column(*one[:-1], exact=None if one[-1] is None else (lambda kept=one[-1]: kept)) for one in columns]
    return Table({one.name: one for one in made}, rows, money, None, name)


def _cell(value) -> str:
    if value is None or value is np.ma.masked:
        return ""
    return f"{value:.6g}" if isinstance(value, (float, np.floating)) else str(value)


def checked(kind: str | None, money: str | None) -> None:
    if kind is not None and kind not in KINDS:
        raise ValueError(f"as_ is {kind!r}, but must be one of {', '.join(KINDS)}")
    if money is not None and money not in MONEY:
        raise ValueError(f"money is {money!r}, but must be one of {', '.join(MONEY)}")


class Tables(Mapping):
    """The tables of a result by name, each in the kind that was asked for; they are attributes too."""

    def __init__(self, tables: dict[str, Table], kind: str, money: str | None = None):
        self._tables, self._kind, self._money = tables, kind, money
        self._made: dict[str, Any] = {}

    @classmethod
    def of(cls, result: c.Handle, kind: str, money: str | None = None) -> "Tables":
        checked(kind, money)
        count, tables = ctypes.c_int32(), {}
        call("result_tables", result.pointer, ctypes.byref(count))
        for i in range(count.value):
            name, table = ctypes.c_char_p(), ctypes.c_void_p()
            call("result_table_name", result.pointer, i, ctypes.byref(name))
            call("result_table", result.pointer, name, ctypes.byref(table))
            tables[c.text(name.value)] = Table.of(c.Handle(table, "table"), c.text(name.value), money or "decimal")
        return cls(tables, kind, money)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._tables[name].to(self._kind, money=self._money)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self._tables:
            return self[name]
        raise AttributeError(f"there is no table {name!r}; there are {', '.join(self.__dict__.get('_tables', ()))}")

    def __dir__(self):
        return [*super().__dir__(), *self._tables]

    def to(self, kind: str, *, money: str | None = None) -> "Tables":
        """The same tables as "numpy", "pandas", "polars" or "pyarrow"."""
        checked(kind, money)
        return Tables(self._tables, kind, money or self._money)

    def __reduce__(self):
        return Tables, (self._tables, self._kind, self._money)

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {one.rows} rows of {', '.join(one)}" for name, one in self._tables.items())

    def _repr_html_(self) -> str:
        return "".join(f"<h4>{html.escape(name)}</h4>{one._repr_html_()}" for name, one in self._tables.items())
