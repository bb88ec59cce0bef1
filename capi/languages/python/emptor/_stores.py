# SPDX-License-Identifier: BSL-1.0
"""Stores: what the rows said, kept so that stores merge."""

from __future__ import annotations

import ctypes
import os
import threading
import weakref
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import _catalogue, _files
from . import _library as c
from ._errors import RefusedRowsWarning, UnknownNameError, reasons_of, reasons_text, warn
from ._frames import _nearest, bound, keys_of
from ._options import flag, texts_of
from ._run import call, sized, work
from ._types import Columns, Data, Keys, Progress

_NOT_REFUSED = ("ok", "repeated", "superseded", "conflict")


class _Guard:
    """Any number read, or one changes. A thread that would wait for itself, as a function of progress does that uses the
    store whose call it shows, is refused."""

    def __init__(self):
        self._free = threading.Condition()
        self._readers: list[int] = []  # idents of threads
        self._changer: int | None = None
        self._is_torn = False

    def fork(self) -> bool:
        """In a child: its only thread is the one that forked. True where a change was under way, which nobody ends here."""
        me = threading.get_ident()
        self._free = threading.Condition()
        self._readers = [one for one in self._readers if one == me]
        self._is_torn = self._is_torn or self._changer is not None
        self._changer = self._changer if self._changer == me else None
        return self._is_torn

    def _refuse_torn(self) -> None:
        if self._is_torn:
            raise RuntimeError("this process was forked in the middle of a change of this store, whose rows are whole in the "
                               "parent alone: load it from a file, or from to_bytes() of before the fork")

    def _refuse(self, is_held: bool) -> None:
        if is_held:
            raise RuntimeError("this thread is in the middle of a call of this store, and would wait for itself: a function "
                               "of progress (or of a signal) cannot use the store that is at work")

    @contextmanager
    def reading(self):
        me = threading.get_ident()
        self._refuse_torn()
        with self._free:
            self._refuse(self._changer == me)
            self._free.wait_for(lambda: self._changer is None)
            self._readers.append(me)
        try:
            yield
        finally:
            with self._free:
                self._readers.remove(me)
                self._free.notify_all()

    @contextmanager
    def changing(self):
        me = threading.get_ident()
        self._refuse_torn()
        with self._free:
            self._refuse(self._changer == me or me in self._readers)
            self._free.wait_for(lambda: self._changer is None and not self._readers)
            self._changer = me
        try:
            yield
        finally:
            with self._free:
                self._changer = None
                self._free.notify_all()


@dataclass(frozen=True)
class PushReport:
    """What became of the rows of a push; the six counts add up to the rows. `statuses` has a row status per row."""

    added: int
    replaced: int
    repeated: int
    superseded: int
    conflicts: int
    refused: int
    repeats_count_twice: bool
    statuses: np.ndarray = field(repr=False, compare=False)


_stores: weakref.WeakSet = weakref.WeakSet()


def _after_fork() -> None:
    for store in _stores:
        if store._guard.fork():
            store._handle.pointer = None  # neither used nor freed


os.register_at_fork(after_in_child=_after_fork)


class Store:
    """Rows of a ledger, a log or a survey. Threads may share it: readers at the same time, changes one after the other.
    It is pickled and copied as its file."""

    kind = ""

    def __init__(self, **options):
        described = _catalogue.stores[self.kind]["options"]
        if "entry" in options:  # whose rows they are: by its name, or as the object
            options["entry"] = getattr(options["entry"], "name", options["entry"])
        words = {_catalogue.word(one["name"]): one["name"] for one in described}
        for name in options:
            if name not in words:
                raise TypeError(f"the store {self.kind} has no option {name!r}{_nearest(name, words)}; it has "
                                + ", ".join(words))
        pairs = texts_of(described, {words[name]: value for name, value in options.items()}, self.kind)
        made = ctypes.c_void_p()
        call("store_create", self.kind.encode(), c.texts(pairs), len(pairs) // 2, ctypes.byref(made), entry=self.kind)
        self._take(c.Handle(made, "store"), options.get("entry"))

    def _take(self, handle: c.Handle, entry: str | None = None) -> None:
        self._handle, self._guard, self._entry = handle, _Guard(), entry
        _stores.add(self)

    @classmethod
    def _of(cls, handle: c.Handle) -> "Store":
        kind = ctypes.c_char_p()
        call("store_kind", handle.pointer, ctypes.byref(kind))
        made = object.__new__(store_class(c.text(kind.value)))
        made._take(handle)
        return made

    def _described(self, table: str | None) -> dict:
        tables = _catalogue.stores[self.kind]["tables"]
        if not tables and self._entry in _catalogue.entries:
            tables = _catalogue.entries[self._entry]["inputs"]
        if not tables:
            raise UnknownNameError(f"a loaded store of {self.kind} does not tell what its columns are: push into a new "
                                   "one and merge them")
        for one in tables:
            if table is None or one["name"] == table:
                return one
        raise UnknownNameError(f"the store {self.kind} has no table {table!r}{_nearest(table, [t['name'] for t in tables])}")

    def push(self, data: Data, table: str | None = None, *, columns: Columns = None, strict: bool = False,
             threads: int = 1, progress: Progress | None = None) -> PushReport:
        """Takes rows in. Bad ones are refused with a warning (RefusedRowsWarning) and never stop the others; in strict mode
        the first one is an error and nothing of the call is kept.

        table: which table of the store; None = the first
        columns: {role: name of your column} where the names differ; of a role that takes many, a list
        """
        described, strict = self._described(table), flag(strict, self.kind, "strict")
        rows = bound(data, described["columns"], columns, self.kind, described["name"])
        statuses = np.empty(rows.count, np.uint8)
        report = c.PushReport(struct_size=ctypes.sizeof(c.PushReport))
        with self._guard.changing(), rows.as_given():
            work("store_push", lambda run: (self._handle.pointer, ctypes.byref(rows.struct), c.STRICT if strict else 0,
                                            statuses.ctypes.data, ctypes.byref(report), run),
                 title=f"{self.kind}: push", entry=self.kind, names=rows.names, threads=threads, progress=progress,
                 changes=True)
        if report.refused:
            reasons = reasons_of(statuses, _NOT_REFUSED)
            warn(RefusedRowsWarning(f"{self.kind}: {report.refused} of {rows.count} rows of {described['name']} were not "
                                    f"taken in: {reasons_text(reasons)}; strict=True says of the first what is wrong",
                                    report.refused, reasons))
        return PushReport(report.added, report.replaced, report.repeated, report.superseded, report.conflicts,
                          report.refused, bool(report.repeats_count_twice), statuses)

    def merge(self, other: "Store", *, progress: Progress | None = None) -> "Store":
        """Takes in all that `other` holds, which stays as it is."""
        if not isinstance(other, Store):
            raise TypeError(f"a store merges a store, not a {type(other).__name__}")
        if other is self:
            other = self.__copy__()
        first, second = sorted((self, other), key=id)  # two that merge each other do not wait for ever
        with (first._guard.changing() if first is self else first._guard.reading()):
            with (second._guard.changing() if second is self else second._guard.reading()):
                work("store_merge", lambda run: (self._handle.pointer, other._handle.pointer, run),
                     title=f"{self.kind}: merge", entry=self.kind, progress=progress, changes=True)
        return self

    def erase(self, keys: Keys) -> int:
        """Forgets all rows of these customers; tells how many of them were known."""
        rows, erased = keys_of(keys, self.kind), ctypes.c_int64()
        with self._guard.changing():
            call("store_erase", self._handle.pointer, ctypes.byref(rows.struct), ctypes.byref(erased), entry=self.kind)
        return erased.value

    def finish(self, entry: Any, **options: Any) -> Any:
        """Runs a reduce or a fit over all rows: the same as entry.reduce(store, ...) or entry.fit(store, ...)."""
        from ._entries import entry as find

        found = find(str(getattr(entry, "name", entry)))
        return getattr(found, found.verb)(self, **options)

    def table(self, entry: Any, name: str | None = None, **options: Any) -> Any:
        """One table of what `finish` gives: the one of that name, or the first."""
        made = self.finish(entry, **options)
        tables = getattr(made, "tables", made)
        return tables[next(iter(tables)) if name is None else name]

    def to_bytes(self) -> bytes:
        """The store as bytes of a file; equal contents give equal bytes on every machine."""
        with self._guard.reading():
            return bytes(sized("store_save", self._handle.pointer, entry=self.kind))

    def save(self, path: Any) -> None:
        """Writes the store's file, which emptor.load, the tool and every other language read."""
        with self._guard.reading():
            content = sized("store_save", self._handle.pointer, entry=self.kind)
        _files.write(path, content)

    def __reduce__(self):
        return _again, (self.to_bytes(), self._entry)

    def __copy__(self) -> "Store":
        return _again(self.to_bytes(), self._entry)

    def __deepcopy__(self, memo) -> "Store":
        return self.__copy__()

    def __repr__(self) -> str:
        tables = ", ".join(one["name"] for one in _catalogue.stores[self.kind]["tables"]) or self._entry or "rows"
        return f"<emptor store {self.kind} of {tables}>"


def load(source) -> Store:
    content, made = _files.read(source), ctypes.c_void_p()
    work("store_load", lambda run: (content, len(content), run, ctypes.byref(made)), title="load")
    return Store._of(c.Handle(made, "store"))


def _again(content: bytes, entry: str | None) -> Store:
    made = load(content)
    made._entry = entry
    return made


_classes: dict = {}


def store_class(kind: str) -> type:
    """The class of a kind of store, with its options in its docs."""
    if kind not in _classes:
        described = _catalogue.stores.get(kind, {"summary": "", "chinese": "", "memory": "", "tables": [], "options": []})
        lines = [described["summary"], "", f"{described['chinese']}. Memory: {described['memory']}.", ""]
        for one in described["tables"]:
            lines += [f"Table {one['name']} ({one['summary']}):", *_catalogue._columns(one["columns"]), ""]
        lines += ["Options:", *(f"    {one['name']}: {one['summary']}" for one in described["options"])]
        members = {"kind": kind, "__doc__": "\n".join(lines) + "\n", "__module__": "emptor.stores"}
        _classes[kind] = type(kind, (Store,), members)
    return _classes[kind]
