# SPDX-License-Identifier: BSL-1.0
"""What goes wrong, as exceptions; and what is refused row by row, as warnings."""

from __future__ import annotations

import sys
import warnings

from ._library import library, text


class Error(Exception):
    """A call that emptor refused. `status` and `status_name` say why; `entry`, `column` and `row` where, or are None."""

    def __init__(self, message: str, *, status: int = 0, entry: str | None = None, column: str | None = None,
                 row: int | None = None):
        super().__init__(message)
        self.status = status or _STATUS_OF.get(type(self), 0)
        self.entry, self.column, self.row = entry, column, row

    @property
    def status_name(self) -> str:
        return text(library.emptor_status_name(self.status))

    def __reduce__(self):
        return _again, (type(self), str(self), self.status, self.entry, self.column, self.row)


def _again(kind, message, status, entry, column, row):
    return kind(message, status=status, entry=entry, column=column, row=row)


class OutOfMemoryError(Error, MemoryError):
    """An allocation failed."""


class ArgumentError(Error, ValueError):
    """An argument that means nothing."""


class UnknownNameError(Error, LookupError):
    """An entry, option, column, table, slot or level that nobody knows."""


class OptionError(Error, ValueError):
    """An option outside its domain, or options that contradict each other."""


class SchemaError(Error, ValueError):
    """A column or table is missing, doubled, of the wrong type or length."""


class DataError(Error, ValueError):
    """Strict mode met a bad row, or rows contradict each other."""


class TooFewError(DataError):
    """The data are too thin; the message says what would be enough."""


class ConflictError(DataError):
    """One revision of a document came with two contents."""


class CurrencyError(DataError):
    """Amounts of different currencies met."""


class AmountOverflowError(DataError, OverflowError):
    """A sum of money does not fit its type."""


class NotConvergedError(Error, ArithmeticError):
    """A numeric search failed and left nothing to return."""


class FormatError(Error, ValueError):
    """A file is damaged or is no emptor file."""


class VersionError(FormatError):
    """A file needs a newer emptor."""


class MismatchError(Error, ValueError):
    """Stores or models that do not belong together."""


class CancelledError(Error):
    """The call was cancelled."""


class UnsupportedError(Error, NotImplementedError):
    """This entry or model does not offer what was asked."""


class InternalError(Error, RuntimeError):
    """A defect of emptor."""


_KINDS: list = [None, OutOfMemoryError, ArgumentError, UnknownNameError, OptionError, SchemaError, DataError,
          TooFewError, ConflictError, CurrencyError, AmountOverflowError, NotConvergedError, FormatError,
          VersionError, MismatchError, CancelledError, UnsupportedError, InternalError]
_STATUS_OF = {kind: status for status, kind in enumerate(_KINDS) if kind is not None}


def raised(error, entry: str | None = None, names=()) -> Error:
    """The exception of a C error; `names` are those of the columns that were handed over."""
    kind = _KINDS[error.status] if 0 < error.status < len(_KINDS) else Error
    return kind(error.message.decode("utf-8", "replace"), status=error.status, entry=entry,
                column=names[error.column] if 0 <= error.column < len(names) else None,
                row=error.row if error.row >= 0 else None)


class EmptorWarning(UserWarning):
    """Of all warnings of emptor."""


class RefusedRowsWarning(EmptorWarning):
    """Rows that were not taken in, or have no score. `count` of them, `reasons` as {row status: (rows, first row)}."""

    def __init__(self, message: str, count: int = 0, reasons: dict | None = None):
        super().__init__(message)
        self.count, self.reasons = count, reasons or {}


class ConvergenceWarning(EmptorWarning):
    """A fit that found no maximum; the message says which simpler model the data ask for."""


class InterruptedTooLateWarning(EmptorWarning):
    """Ctrl-C came when the call was already done: what it did is kept."""


def _row_statuses() -> tuple[str, ...]:
    names: list[str] = []
    while len(names) < 256:
        name = text(library.emptor_row_status_name(len(names)))
        if name == "unknown":
            break
        names.append(name)
    return tuple(names)


#: The names of row statuses 0, 1, 2, ...
row_statuses = _row_statuses()


def reasons_of(statuses, admitted) -> dict:
    """{name of a row status: (how many rows, the first of them)} of all that are not admitted."""
    found = {}
    for status, name in enumerate(row_statuses):
        if name in admitted:
            continue
        rows = (statuses == status).nonzero()[0]
        if len(rows):
            found[name] = (len(rows), int(rows[0]))
    return found


def reasons_text(reasons: dict) -> str:
    return ", ".join(f"{name} {count} (first in row {first})" for name, (count, first) in reasons.items())


def warn(message: Warning) -> None:
    """A warning at the caller's line, wherever in this package it was found."""
    here, level, frame = __file__.rpartition("/")[0], 1, sys._getframe(0)
    while frame is not None and frame.f_code.co_filename.startswith(here):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, stacklevel=level)
