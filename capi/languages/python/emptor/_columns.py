# SPDX-License-Identifier: BSL-1.0
"""A caller's values as a column of C: where they lie if C can read them there, else as a copy in a type that it can."""

from __future__ import annotations

import ctypes
import datetime
import decimal
import numbers
import sys

import numpy as np

from . import _library as c
from ._arrow import column_of
from ._errors import SchemaError

_MOST = 10**38 - 1  # of decimal128: a row that holds it is too_large
_MOST_BITS = 4000  # of an id that is a whole number
_COARSE = {"Y": ("D", 366), "M": ("D", 31), "W": ("D", 7), "D": ("D", 1), "h": ("s", 3600), "m": ("s", 60)}
_FINE = ("s", "ms", "us", "ns", "ps", "fs", "as")
_TICKS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_WIDTHS = {"i1": c.INT8, "i2": c.INT16, "i4": c.INT32, "i8": c.INT64, "u1": c.UINT8, "f4": c.FLOAT32,
           "f8": c.FLOAT64, "b1": c.BOOLEAN}
_WIDENED = {"u2": "i4", "u4": "i8", "f2": "f4"}
_EPOCH = datetime.datetime(1970, 1, 1)
_EPOCH_UTC = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Unfit(Exception):
    """Values that can be no column; what they are."""

    def __init__(self, what: str, row: int | None = None):
        super().__init__(what)
        self.row = row


class Cells:
    """A column for C, with what keeps its memory."""

    __slots__ = ("column", "rows", "keeps", "misfits")

    def __init__(self, column: c.Column, rows: int, *keeps):
        self.column, self.rows, self.keeps = column, rows, keeps
        self.misfits: dict = {}  # {row: a value that C has otherwise, and refuses}


def package_of(value) -> str:
    """Whose type a value has, or is derived from; "" where it is none of those that we know."""
    roots = (one.__module__.partition(".")[0] for one in type(value).__mro__)
    return next((root for root in roots if root in ("numpy", "pandas", "polars", "pyarrow")), "")


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def _bits(missing) -> np.ndarray | None:
    """A validity of the rows that are missing."""
    return np.packbits(~missing, bitorder="little") if missing is not None and missing.any() else None


def _cells(values: np.ndarray, dtype: int, missing=None, unit: int = 0) -> Cells:
    validity = _bits(missing)
    column = c.Column(data=_address(values), stride_bytes=values.strides[0] if len(values) else 0, dtype=dtype,
                      unit=unit, validity=None if validity is None else _address(validity))
    if validity is not None and column.stride_bytes == 0:  # one bit would stand for all
        return _cells(np.ascontiguousarray(values), dtype, missing, unit)
    return Cells(column, len(values), values, validity)


def _joined(found, missing):
    if found is None or missing is None:
        return missing if found is None else found
    return found | missing


def of_texts(values, missing=None) -> Cells:
    """Texts; a lone surrogate stays one, so that its row is refused as invalid_text."""
    encoded = [value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value or b"")
               for value in values]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    data, validity = b"".join(encoded), _bits(missing)
    column = c.Column(data=ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), stride_bytes=8,
                      aux=_address(offsets), aux_length=len(offsets), dtype=c.LARGE_UTF8,
                      validity=None if validity is None else _address(validity))
    return Cells(column, len(encoded), data, offsets, validity)


def of_dictionary(codes: np.ndarray, levels, missing) -> Cells:
    texts = of_texts(levels)
    cells = _cells(np.where(missing, 0, codes).astype(np.int32), c.DICTIONARY, missing)
    cells.column.aux, cells.column.aux_length = ctypes.addressof(texts.column), texts.rows
    cells.keeps += (texts,)
    return cells


def of_integers(values, missing=None, unit: int = 0) -> Cells:
    """Whole numbers of any size as decimal128; what does not fit is the largest, which every content refuses."""
    limited = [max(-_MOST, min(_MOST, value)) for value in values]
    data = np.frombuffer(b"".join(value.to_bytes(16, "little", signed=True) for value in limited), "V16")
    return _cells(data, c.DECIMAL128, missing, unit)


def of_decimals(values, missing, content: str) -> Cells:
    """Exact, as whole numbers of their smallest decimals."""
    values = [value if isinstance(value, decimal.Decimal) else decimal.Decimal(int(value)) for value in values]
    given, values = values, [value if value else decimal.Decimal(0) for value in values]  # whatever the exponent of a zero is
    finite = [value for value in values if value.is_finite() and value.adjusted() <= 20]
    most = 18 if content == "count" else 37 - max([0, *(value.adjusted() for value in finite)])
    unit = min(most, max([0, *(-value.as_tuple().exponent for value in finite)]))
    wide = decimal.Context(prec=500, Emin=-decimal.MAX_EMAX, Emax=decimal.MAX_EMAX)

    def whole(value):
        if not value.is_finite() or value.adjusted() > 20:
            return _MOST * (-1 if value < 0 else 1)
        # Away from zero: a digit that does not fit must not make an amount look exact.
        return int(value.scaleb(unit, wide).to_integral_value(decimal.ROUND_UP, wide))

    made = [whole(value) for value in values]
    cells = of_integers(made, missing, unit)
    cells.misfits = {row: given[row] for row, value in enumerate(values)
                     if not value.is_finite() or abs(made[row]) >= _MOST or -value.as_tuple().exponent > unit}
    return cells


def of_numpy(values: np.ndarray, content: str, missing=None) -> Cells:
    if values.ndim == 0:
        return of_numpy(np.broadcast_to(values, 1), content, missing)
    if values.ndim != 1:
        raise Unfit(f"an array of {values.ndim} dimensions")
    if isinstance(values, np.ma.MaskedArray):
        missing = _joined(np.ma.getmaskarray(values) if values.mask is not np.ma.nomask else None, missing)
        values = values.data
    if not values.dtype.isnative:
        values = values.astype(values.dtype.newbyteorder("="))
    kind = values.dtype.kind
    if kind in "US":
        return of_texts(values.tolist(), missing)
    if kind == "T":  # numpy's texts of any length
        return of_objects(values.astype(object), content, missing)
    if kind == "O":
        return of_objects(values, content, missing)
    if kind == "M":
        return _of_datetimes(values, missing)
    if kind not in "biuf":
        raise Unfit(f"an array of {values.dtype}")
    if kind == "f":
        absent = np.isnan(values)
        missing = _joined(absent if absent.any() else None, missing)
        if content == "id":
            return _whole_ids(values, missing)
    name = values.dtype.str[1:]
    if name == "u8":
        return (of_integers(values.tolist(), missing) if values.size and values.max() > 2**63 - 1
                else _cells(values.astype(np.int64), c.INT64, missing))
    if name in _WIDENED:
        values = values.astype(_WIDENED[name])
    elif name not in _WIDTHS:  # long double
        with np.errstate(all="ignore"):  # what is too large becomes infinite, and is refused as that
            values = values.astype(np.float64)
    return _cells(values, _WIDTHS[values.dtype.str[1:]], missing)


def _no_id(value, row: int) -> Unfit:
    return Unfit(f"{value!r}, one of floats that are not all whole numbers up to 2**53", row)


def _whole_ids(values: np.ndarray, missing) -> Cells:
    """Ids that became floats because some are missing."""
    with np.errstate(all="ignore"):
        values = values.astype(np.float64)
    there = values if missing is None else np.where(missing, 0, values)
    bad = ~(np.isfinite(there) & (there == np.trunc(there)) & (np.abs(there) <= 2.0**53))
    if bad.any():
        row = int(bad.argmax())
        raise _no_id(float(there[row]), row)
    return _cells(there.astype(np.int64), c.INT64, missing)


def _ticks_of(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Moments as whole numbers of a unit that C knows, "D" among them; what is far out of every domain stays out of it."""
    unit, count = np.datetime_data(values.dtype)
    ticks = values.view(np.int64)
    if unit in _COARSE:  # days or seconds
        target, per = _COARSE[unit]
        most = 2**62 // (per * count)  # beyond it the conversion would run over
        return np.clip(ticks, -most, most).view(values.dtype).astype(f"datetime64[{target}]").view(np.int64), target
    if count > 1 or unit not in _TICKS:
        per = 10 ** (3 * _FINE.index(unit))
        return ticks // per * count + ticks % per * count // per, "s"
    return ticks, unit


def _of_datetimes(values: np.ndarray, missing) -> Cells:
    absent = np.isnat(values)
    missing = _joined(absent if absent.any() else None, missing)
    if np.datetime_data(values.dtype)[0] == "generic":  # NaT alone
        return Cells(c.Column(dtype=c.NULL), len(values))
    ticks, unit = _ticks_of(values)
    if unit == "D":
        limits = np.iinfo(np.int32)
        return _cells(np.clip(ticks, limits.min, limits.max).astype(np.int32), c.DATE32, missing)
    return _cells(ticks, c.TIMESTAMP, missing, _TICKS[unit])


_A_SECOND = 10**6  # microseconds
_MICROSECONDS = {"D": (86400 * _A_SECOND, 1), "s": (_A_SECOND, 1), "ms": (1000, 1), "us": (1, 1), "ns": (1, 1000)}


def microseconds_of(value: np.datetime64) -> int:
    """Since 1970, however far."""
    ticks, unit = _ticks_of(np.array([value]))
    times, per = _MICROSECONDS[unit]
    return int(ticks[0]) * times // per


def _is_missing(value) -> bool:
    if value is None:
        return True
    if isinstance(value, np.ma.MaskedArray) and value.ndim == 0:
        return bool(np.ma.getmaskarray(value))
    name = type(value).__name__
    if name in ("NAType", "NaTType", "MaskedConstant"):
        return True
    if isinstance(value, (float, np.floating)):
        return value != value
    if isinstance(value, decimal.Decimal):
        return value.is_nan()
    return isinstance(value, np.datetime64) and bool(np.isnat(value))


def of_objects(values, content: str, missing=None) -> Cells:
    """Python's own values, one by one."""
    values = list(values)
    absent = np.fromiter(map(_is_missing, values), bool, len(values))
    missing = _joined(absent if absent.any() else None, missing)
    kinds = {type(value) for value, gone in zip(values, missing if missing is not None else absent) if not gone}

    def all_of(*families):
        return all(issubclass(kind, families) for kind in kinds)

    def filled(filler):
        return values if missing is None else [filler if gone else value for value, gone in zip(values, missing)]

    if not kinds:
        return Cells(c.Column(dtype=c.NULL), len(values))
    if all_of(str, bytes):
        return of_texts(filled(""), missing)
    if all_of(datetime.date, np.datetime64):
        return _of_days(values, kinds, missing)
    truth = (bool, np.bool_)
    if all_of(*truth) and content != "id":
        return _cells(np.array(filled(False), bool), c.BOOLEAN, missing)
    if all_of(numbers.Integral) and not any(issubclass(kind, truth) for kind in kinds):
        whole = [int(value) for value in filled(0)]
        if all(-2**63 <= value < 2**63 for value in whole):
            return _cells(np.array(whole, np.int64), c.INT64, missing)
        return of_texts(map(_whole_text, whole, range(len(whole))), missing) if content == "id" else of_integers(whole, missing)
    if content == "id":
        return of_texts(_id_texts(values, missing), missing)
    if all_of(decimal.Decimal, numbers.Integral) and content != "number":
        return of_decimals(filled(0), missing, content)
    if all_of(numbers.Real, decimal.Decimal, *truth):
        return _cells(np.array([_real(value) for value in filled(0.0)], np.float64), c.FLOAT64, missing)
    raise _odd(values, missing, content)


def _real(value) -> float:
    try:
        with np.errstate(all="ignore"):
            return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _whole_text(value: int, row: int) -> str:
    if value.bit_length() > _MOST_BITS:
        raise Unfit(f"a number of {value.bit_length()} bits", row)
    return str(value)


def _id_texts(values, missing):
    """Ids of several types: a whole number stands for its decimal text, as in a column of integers."""
    for row, value in enumerate(values):
        if missing is not None and missing[row]:
            yield ""
        elif isinstance(value, (str, bytes)):
            yield value
        elif isinstance(value, (float, np.floating)):
            if not (abs(float(value)) <= 2.0**53 and value == int(value)):
                raise _no_id(float(value), row)
            yield str(int(value))
        elif isinstance(value, decimal.Decimal) and not (value.is_finite() and value.adjusted() < 1000):
            raise Unfit(f"a {type(value).__name__} without a whole number", row)
        elif isinstance(value, (numbers.Real, decimal.Decimal)) and not isinstance(value, (bool, np.bool_)) \
                and value == int(value):
            yield _whole_text(int(value), row)
        else:
            raise Unfit(f"a {type(value).__name__}", row)


def _family(value) -> str:
    if isinstance(value, (str, bytes)):
        return "text"
    if isinstance(value, (datetime.date, np.datetime64)):
        return "date"
    return "number" if isinstance(value, (numbers.Real, decimal.Decimal)) else ""


def _odd(values, missing, content: str) -> Unfit:
    """The first value that cannot be of this content."""
    wanted = {"date": "date", "text": "text", "code": "text"}.get(content, "number")
    there = [row for row in range(len(values)) if missing is None or not missing[row]]
    row = next((row for row in there if _family(values[row]) != wanted), there[0])
    return Unfit(f"a {type(values[row]).__name__}", row)


def _of_days(values, kinds, missing) -> Cells:
    if all(kind is datetime.date for kind in kinds):
        first = datetime.date(1970, 1, 1).toordinal()
        days = [0 if missing is not None and missing[row] else value.toordinal() - first
                for row, value in enumerate(values)]
        return _cells(np.array(days, np.int32), c.DATE32, missing)
    microsecond = datetime.timedelta(microseconds=1)

    def ticks(value) -> int:
        if isinstance(value, np.datetime64):
            return max(1 - 2**63, min(2**63 - 1, microseconds_of(value)))  # out of every domain, as it is
        if not isinstance(value, datetime.datetime):
            return (value.toordinal() - _EPOCH.toordinal()) * 86400 * 10**6
        return (value - (_EPOCH if value.tzinfo is None else _EPOCH_UTC)) // microsecond

    made = [0 if missing is not None and missing[row] else ticks(value) for row, value in enumerate(values)]
    return _cells(np.array(made, np.int64), c.TIMESTAMP, missing, 6)


def _of_pandas(series, content: str, role: str) -> Cells:
    import pandas

    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        return of_numpy(series.to_numpy(), content)
    if isinstance(dtype, pandas.CategoricalDtype):
        categorical = series.array if isinstance(series, (pandas.Series, pandas.Index)) else series
        levels = categorical.categories.tolist()
        if all(isinstance(level, str) for level in levels):
            return of_dictionary(np.asarray(categorical.codes), levels, np.asarray(categorical.codes) < 0)
        return of_objects(series.tolist(), content)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        moments = getattr(series, "array", series).asi8  # of UTC, where they lie
        return of_numpy(moments.view(f"datetime64[{dtype.unit}]"), content)
    if isinstance(dtype, pandas.SparseDtype):
        return of_numpy(np.asarray(series), content)
    if isinstance(dtype, pandas.ArrowDtype) or getattr(dtype, "storage", None) == "pyarrow":
        import pyarrow

        return _of_arrow(pyarrow.table({role: pyarrow.array(series)}), role)
    numpy_dtype = getattr(dtype, "numpy_dtype", None)
    if type(dtype).__module__.startswith("pandas.core.arrays") and isinstance(numpy_dtype, np.dtype) \
            and numpy_dtype.kind in "biuf":  # nullable numbers
        missing = np.asarray(series.isna())
        return of_numpy(series.to_numpy(numpy_dtype, na_value=0), content, missing if missing.any() else None)
    return of_objects(series.to_numpy(object), content)


def _of_arrow(table, role: str) -> Cells:
    """The only column of an Arrow table."""
    column, rows, keeps = column_of(table, role)
    return Cells(column, rows, keeps)


def of(values, content: str, role: str = "values") -> Cells:
    """Whatever a caller may give for a column; a single value stands for all rows (its `rows` are -1)."""
    package = package_of(values)
    if package == "pandas" and hasattr(values, "dtype"):
        return _of_pandas(values, content, role)
    if package == "pyarrow" and hasattr(values, "type") and hasattr(values, "__len__"):
        import pyarrow

        return _of_arrow(pyarrow.table({role: values}), role)
    if package == "polars" and hasattr(values, "to_frame"):
        return _of_arrow(values.to_frame(), role)
    if isinstance(values, np.ndarray) and values.ndim:
        return of_numpy(values, content)
    if isinstance(values, (str, bytes, numbers.Number, datetime.date, np.generic, np.ndarray)) or _is_missing(values):
        single = values.item() if isinstance(values, np.ndarray) and not _is_missing(values) else values
        cells = of_objects([single], content)
        cells.column.stride_bytes, cells.rows = 0, -1
        return cells
    if isinstance(values, (dict, set, frozenset)):
        raise Unfit(f"a {type(values).__name__}")
    if hasattr(values, "__array__"):
        return of_numpy(np.asarray(values), content)
    try:
        values = list(values)
    except TypeError:
        raise Unfit(f"a {type(values).__name__}") from None
    return of_objects(values, content)


_WANTED = {"number": "numbers", "count": "whole numbers", "boolean": "booleans", "amount": "numbers or decimals",
           "date": "dates or timestamps (pandas.to_datetime makes them of texts)", "id": "texts or whole numbers",
           "text": "texts", "code": "texts"}


def cells_of(values, content: str, where: str, name: str) -> Cells:
    """\\raises SchemaError: where the values can be no column of this content."""
    try:
        cells = of(values, content, name)
    except Unfit as why:
        place = f"{name}[{why.row}]" if why.row is not None else name
        raise SchemaError(f"{where}: {place} is {why}, but must be {_WANTED.get(content, content)}", entry=where,
                          column=name, row=why.row) from None
    return cells


assert sys.byteorder == "little", "emptor reads little-endian machines only"
