# SPDX-License-Identifier: BSL-1.0
"""Values of options as the text that C reads."""

from __future__ import annotations

import datetime
import decimal
import numbers

import numpy as np

from ._columns import _EPOCH, _is_missing, microseconds_of, package_of
from ._errors import OptionError

_SHOWN = 100  # characters of a value in a message
_DAY = datetime.timedelta(days=1)


def short(value) -> str:
    """A value as a message shows it."""
    try:
        text = str(value) if isinstance(value, decimal.Decimal) else repr(value)
    except ValueError:  # of a number of more digits than Python writes
        text = f"a huge {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN - 3]}..."


def flag(value, where: str, name: str) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{where}: {name} is {short(value)}, but must be True or False")
    return bool(value)


def _number(value) -> str:
    if isinstance(value, numbers.Integral):
        return str(int(value)) if abs(int(value)) < 10**400 else "inf" if value > 0 else "-inf"
    return str(value) if isinstance(value, decimal.Decimal) else repr(float(value))


def _is_number(value) -> bool:
    return isinstance(value, (numbers.Real, decimal.Decimal)) and not isinstance(value, bool)


def _plain(value):
    """A value of numpy as one of Python."""
    if package_of(value) == "numpy" and getattr(value, "ndim", 1) == 0:
        if value.dtype.kind in "mM" and np.isnat(value):
            return None
        if value.dtype.kind == "M":
            return _EPOCH + datetime.timedelta(microseconds=microseconds_of(value[()]))
        if value.dtype.kind == "m":
            one = np.timedelta64(1, np.datetime_data(value.dtype)).astype("timedelta64[us]")
            if abs(int(value.astype(np.int64)) * int(one.astype(np.int64))) >= 2**63:
                raise OverflowError
            return value.astype("timedelta64[us]").item()
        return value.item()
    return value


def _length(value: datetime.timedelta) -> str:
    return f"{_number(value // _DAY if value % _DAY == datetime.timedelta() else value / _DAY)} day"


def _zone(value) -> str | None:
    if isinstance(value, datetime.tzinfo):
        value = value.utcoffset(None)
    if not isinstance(value, datetime.timedelta):
        return None
    minutes, rest = divmod(abs(value), datetime.timedelta(minutes=1))
    if rest:
        return None
    return f"{'-' if value < datetime.timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def text_of(value, content: str, where: str, name: str) -> str:
    """\\raises OptionError: where the value is of another type than the option"""
    if _is_missing(value):
        raise OptionError(f"{where}: {name} is {short(value)}, but must be {_WANTED.get(content, 'a text')}; None leaves it out",
                          entry=where)
    given = value
    try:
        value = _plain(value)
    except OverflowError:
        raise OptionError(f"{where}: {name} is {short(given)}, which is beyond the years 1 to 9999", entry=where) from None
    if isinstance(value, str):
        if "\0" in value:
            raise OptionError(f"{where}: {name} is {short(value)}, which holds a zero character", entry=where)
        return value
    if content in ("number", "integer", "horizon") and _is_number(value):
        return _number(value)
    if content in ("date", "horizon") and getattr(value, "tzinfo", None) is not None:
        raise OptionError(f"{where}: {name} is {short(given)}, but must be a day without a zone: .date() is the one there, and "
                          "the option zone_offset says which zone the days of the rows are of", entry=where)
    if content in ("date", "horizon") and isinstance(value, datetime.date):
        return (value.date() if isinstance(value, datetime.datetime) else value).isoformat()
    if content == "horizon" and isinstance(value, datetime.timedelta):
        return _length(value)
    if content == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if content == "zone" and (zone := _zone(value)) is not None:
        return zone
    if content == "numbers" and not isinstance(value, (bytes, dict)):
        try:
            values = [value] if _is_number(value) else [_plain(one) for one in value]
        except (TypeError, OverflowError):
            values = [None]
        if all(_is_number(one) and not _is_missing(one) for one in values):
            return ",".join(map(_number, values))
    raise OptionError(f"{where}: {name} is {short(given)}, but must be {_WANTED.get(content, 'a text')}", entry=where)


_WANTED = {"number": "a number", "integer": "a whole number", "boolean": "True or False",
           "date": "a date or a text such as '2026-06-30'", "numbers": "a list of numbers",
           "horizon": "a number, a text such as '39 week', a timedelta or a date",
           "zone": "a timezone with a fixed offset of whole minutes, or a text such as '+08:00'"}


def texts_of(described, given: dict, where: str) -> list[str]:
    """name, value, name, value, ... of the options that are given and described."""
    pairs = []
    for one in described:
        value = given.get(one["name"])
        if value is not None:
            pairs += [one["name"], text_of(value, one["content"], where, one["name"])]
    return pairs
