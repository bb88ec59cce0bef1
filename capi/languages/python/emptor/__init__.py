# SPDX-License-Identifier: BSL-1.0
"""What customers are worth, how satisfied and loyal they are, and how much credit they can carry.

Every capability is an entry of the library's catalogue; a module per domain holds those that the library has:

    import emptor
    model = emptor.value.bg_nbd.fit(customers, unit="week")   # columns frequency, recency and age
    scores = model.score(customers, horizon="39 week")
    help(emptor.value.bg_nbd.fit)                             # columns, units, options, outputs, a worked example

emptor.entries lists them; emptor.stores has the stores, which keep documents up to date as they come.
"""

from __future__ import annotations

import sys as _sys
from types import ModuleType as _ModuleType

from . import _catalogue, _entries, _files, _models, _stores
from ._entries import Entry, Example, entry
from ._errors import (AmountOverflowError, ArgumentError, CancelledError, ConflictError, ConvergenceWarning,
                      CurrencyError, DataError, EmptorWarning, Error, FormatError, InternalError,
                      InterruptedTooLateWarning, MismatchError, NotConvergedError, OptionError, OutOfMemoryError,
                      RefusedRowsWarning, SchemaError, TooFewError, UnknownNameError, UnsupportedError, VersionError,
                      row_statuses)
from ._library import library as _c
from ._models import Model, from_text
from ._stores import PushReport, Store
from ._tables import Column, Table, Tables

__version__: str = _catalogue.version

#: the names of all entries
entries: list[str] = list(_catalogue.entries)


def isa_name() -> str:
    """The instruction set whose kernels run. Results have the same bits on all of them."""
    return _c.emptor_isa_name().decode()


def load(source) -> Model | Store:
    """A model or a store from its file: a path, a file that is open for bytes, or the bytes."""
    content = _files.read(source)
    try:
        return _models.load(content)
    except MismatchError:  # it holds no model
        return _stores.load(content)


stores = _ModuleType("emptor.stores", "The kinds of stores, each a class: emptor.stores.ledger(default_currency='EUR').")
for _kind in _catalogue.stores:
    setattr(stores, _kind, _stores.store_class(_kind))
_sys.modules["emptor.stores"] = stores

_domains = []
for _path, _module in _entries.all_modules().items():
    _sys.modules[f"emptor.{_path}"] = _module
    if "." not in _path:
        globals()[_path] = _module
        _domains.append(_path)
del _kind, _path, _module

__all__ = [*sorted(_domains), "AmountOverflowError", "ArgumentError", "CancelledError", "Column", "ConflictError",
           "ConvergenceWarning", "CurrencyError", "DataError", "EmptorWarning", "Entry", "Error", "Example", "FormatError",
           "InternalError", "InterruptedTooLateWarning", "MismatchError", "Model", "NotConvergedError", "OptionError",
           "OutOfMemoryError", "PushReport", "RefusedRowsWarning", "SchemaError", "Store", "Table", "Tables", "TooFewError",
           "UnknownNameError", "UnsupportedError", "VersionError", "entries", "entry", "from_text", "isa_name", "load",
           "row_statuses", "stores"]
