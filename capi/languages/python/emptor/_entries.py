# SPDX-License-Identifier: BSL-1.0
"""Entries of the catalogue as objects with verbs, made of what the library says of them."""

from __future__ import annotations

import csv
import ctypes
import datetime
import decimal
import io
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from . import _catalogue
from . import _library as c
from ._errors import ConvergenceWarning, MismatchError, SchemaError, UnknownNameError, warn
from ._frames import Frame, _nearest, bound, frame_of, keys_of
from ._models import Model
from ._options import texts_of
from ._run import call, work
from ._score import score
from ._stores import Store, store_class
from ._tables import Tables, checked


def _function(name: str, words: _catalogue.Words, returns: str, doc: str, owner: str, does):
    """A function of Python with the signature and the docs of a verb; `does` gets what the caller gave."""
    signature = words.signature(returns)

    def verb(*args, **keywords):
        try:
            given = signature.bind(*args, **keywords).arguments
        except TypeError as why:
            unknown = [one for one in keywords if one not in signature.parameters]
            hint = _nearest(unknown[0], signature.parameters) if unknown else ""
            raise TypeError(f"{owner}.{name}: {why}{hint}") from None
        return does(dict(given))

    verb.__name__, verb.__qualname__, verb.__doc__ = name, f"{owner}.{name}", doc
    verb.__signature__, verb.__module__ = signature, "emptor"
    return verb


def _slots(entry: str, words: _catalogue.Words, given: dict) -> dict:
    """{slot: handle of its model}; a table becomes a model where only one entry can be meant."""
    found = {}
    for name, one in words.slots.items():
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, Model):
            if len(one["accepts"]) != 1:
                raise TypeError(f"{entry}: {name} must be a model of {' or '.join(one['accepts'])}, "
                                f"not a {type(value).__name__}")
            accepted = _catalogue.entries[one["accepts"][0]]
            value = _model(accepted, _catalogue.Words(accepted, "model"),
                           {accepted["model_tables"][0]["name"]: value})
        found[one["name"]] = value._handle
    return found


def _own(words: _catalogue.Words, given: dict) -> dict:
    """The options that are given, under their names in the catalogue."""
    return {one["name"]: given[name] for name, one in words.options.items() if given.get(name) is not None}


def _columns_of(columns, table: str, tables: dict, several: bool, frame: Frame) -> Any:
    """What `columns` says of one table: {table: {role: column}}, or {role: column}, which a table does without where another
    has the column."""
    if not columns or not several or not isinstance(columns, Mapping):
        return columns
    if all(isinstance(one, Mapping) for one in columns.values()) and set(columns) <= set(tables):
        return columns.get(table)
    known = {one: {column["name"] for column in described["columns"]} for one, described in tables.items()}
    for role in columns:
        if not any(str(role).partition(":")[0] in roles for roles in known.values()):
            every = sorted(set().union(*known.values()))
            raise UnknownNameError(f"there is no column {role!r}{_nearest(role, every)}", column=str(role))

    def is_of(role, key) -> bool:
        role = str(role).partition(":")[0]
        alone = sum(role in roles for roles in known.values()) == 1
        return role in known[table] and (alone or not isinstance(key, str) or frame.has(key))

    return {role: key for role, key in columns.items() if is_of(role, key)}


def _store_of(entry: dict, words: _catalogue.Words, given: dict) -> tuple[Store | None, str]:
    """The store to finish from, and the kind of table that the caller works with: his store, or one made of his tables."""
    name = entry["name"]
    data = given.get("data")
    tables = {key: given[key] for key in words.tables if given.get(key) is not None}
    if isinstance(data, Store):
        if tables:
            raise TypeError(f"{name}: a store has its tables already; {', '.join(tables)} cannot be given with it")
        if data.kind != entry["store"]:
            raise MismatchError(f"{name} finishes from a store of {entry['store']}, not of {data.kind}", entry=name)
        return data, "numpy"
    if not words.takes_data:
        return None, "numpy"
    if data is not None:
        first = next(iter(words.tables))
        if first in tables:
            raise TypeError(f"{name}: data is the table {first}, which is given twice")
        tables = {first: data, **tables}
    missing = [key for key, one in words.tables.items() if not one["optional"] and key not in tables]
    if missing:
        raise SchemaError(f"{name} needs a table {missing[0]} or a store of {entry['store']}", entry=name)
    described = {key: words.tables[key] for key in tables}
    frames = {key: frame_of(one, name) for key, one in tables.items()}
    of_store = {one["name"] for one in _catalogue.stores[entry["store"]]["options"]}
    options = {one: value for one, value in _own(words, given).items() if one in of_store}
    if "entry" in of_store:
        options["entry"] = name
    store = store_class(entry["store"])(**{_catalogue.word(one): value for one, value in options.items()})
    for key, frame in frames.items():
        store.push(frame, words.tables[key]["name"],
                   columns=_columns_of(given.get("columns"), key, described, len(words.tables) > 1, frame),
                   strict=given.get("strict", False), threads=given.get("threads", 1), progress=given.get("progress"))
    kind = next(iter(frames.values())).kind
    return store, "pyarrow" if kind == "arrow" else kind


def _finish(entry: dict, words: _catalogue.Words, given: dict):
    name, kind = entry["name"], given.get("as_")
    checked(kind, given.get("money"))
    slots = _slots(name, words, given)
    pairs = texts_of(entry["options"], _own(words, given), name)
    keys = None if given.get("keys") is None else keys_of(given["keys"], name)
    store, own_kind = _store_of(entry, words, given)
    models = (ctypes.c_void_p * len(slots))(*(one.pointer for one in slots.values()))
    made = ctypes.c_void_p()

    def arguments(run):
        return (None if store is None else store._handle.pointer, name.encode(), c.texts(pairs), len(pairs) // 2,
                c.texts(slots), models, len(slots), None if keys is None else ctypes.byref(keys.struct), run,
                ctypes.byref(made))

    def finish():
        work("store_finish", arguments, title=name, entry=name, threads=given.get("threads", 1),
             progress=given.get("progress"))

    if store is None:
        finish()
    else:
        with store._guard.reading():
            finish()
    return c.Handle(made, "result"), kind or own_kind


def _reduce(entry: dict, words: _catalogue.Words, given: dict) -> Tables:
    result, kind = _finish(entry, words, given)
    return Tables.of(result, kind, given.get("money"))


def _fit(entry: dict, words: _catalogue.Words, given: dict) -> Model:
    result, kind = _finish(entry, words, given)
    made = ctypes.c_void_p()
    call("result_model", result.pointer, ctypes.byref(made), entry=entry["name"])
    model = Model._of(c.Handle(made, "model"), kind, result)
    told = Tables.of(result, "numpy").get("fit")
    if told is not None and "converged" in told and told.rows and not all(told["converged"]):
        said = told["diagnosis"][0] if "diagnosis" in told else ""
        warn(ConvergenceWarning(f"{entry['name']}: no maximum was reached{': ' + said if said else ''}"))
    return model


def _named_values(value, described: dict):
    """{"r": 0.2, ...} as the table of parameters that it stands for."""
    names = [one["name"] for one in described["columns"]]
    if isinstance(value, Mapping) and names[:2] == ["parameter", "value"] and not {"parameter", "value"} & set(value):
        return {"parameter": list(value), "value": list(value.values())}
    return value


def _model(entry: dict, words: _catalogue.Words, given: dict) -> Model:
    name = entry["name"]
    rows = [bound(_named_values(given[key], one), one["columns"], None, name, one["name"])
            for key, one in words.tables.items() if given.get(key) is not None]
    tables = (c.Rows * len(rows))(*(one.struct for one in rows))
    pairs = texts_of(entry["model_options"], _own(words, given), name)
    made = ctypes.c_void_p()
    call("model_create", name.encode(), tables, len(rows), c.texts(pairs), len(pairs) // 2, ctypes.byref(made),
         entry=name, names=rows[0].names if len(rows) == 1 else ())
    return Model._of(c.Handle(made, "model"))


def _score(entry: dict, words: _catalogue.Words, given: dict, model=None):
    """\\param model  handle of the model, or None"""
    common = {name: given[name] for name in words.common if name in given}
    return score(entry["name"], entry["score"], model, _slots(entry["name"], words, given), given["data"],
                 _own(words, given), **common)


class Example:
    """A worked example: rows in, figures out, with the source of the figures."""

    def __init__(self, entry: "Entry", described: dict):
        self._entry, self._described = entry, described
        self.verb, self.summary, self.source = described["verb"], described["summary"], described["source"]
        self.options, self.tolerance = described["options"], described["tolerance"]
        self.expected: dict[str, str] = {one["name"]: one["csv"] for one in described["expected"]}

    @property
    def tables(self) -> dict[str, dict]:
        """Its rows, as dicts of columns."""
        described = self._entry._described
        known = _catalogue.tables_of(described) if self.verb != "score" else [
            {"name": "rows", "columns": described["score"]["inputs"]}]
        return {one["name"]: _typed(one["csv"], next(table["columns"] for table in known if table["name"] == one["name"]))
                for one in self._described["tables"]}

    def _slot_models(self) -> dict:
        return {_catalogue.word(one["name"]): entry(one["entry"])._created(one["tables"], one["options"])
                for one in self._described["slots"]}

    def run(self, as_: str | None = None) -> Any:
        """What the verb gives of its rows."""
        options = {_catalogue.word(name): value for name, value in self.options.items()}
        given = {**self._slot_models(), **options, **({"as_": as_} if as_ else {})}
        if self.verb != "score":
            words = _catalogue.Words(self._entry._described, self.verb)
            names = {one["name"]: word for word, one in words.tables.items()}
            tables = {names[name] if words.keywords else "data": one for name, one in self.tables.items()}
            return getattr(self._entry, self.verb)(**tables, **given)
        rows = next(iter(self.tables.values()))
        if self._described["model_tables"]:
            model = self._entry._created(self._described["model_tables"], self._described["model_options"])
            return model.score(rows, **given)
        return self._entry.score(rows, **given)

    def __repr__(self) -> str:
        return f"<example of {self._entry.name}.{self.verb}: {self.summary}>"


def _typed(text: str, described) -> dict[str, list]:
    """The columns of a table of the catalogue's, each value as Python has it."""
    read = {"number": float, "count": lambda cell: int(cell) if cell.lstrip("-").isdigit() else float(cell),
            "amount": decimal.Decimal, "boolean": lambda cell: cell == "true", "date": datetime.date.fromisoformat}
    content = {one["name"]: one["content"] for one in described}
    names, *lines = list(csv.reader(io.StringIO(text)))
    return {name: [read.get(content[name.partition(":")[0]], str)(line[i]) if line[i] else None for line in lines]
            for i, name in enumerate(names)}


class Entry:
    """A capability: an entry of the catalogue with its verbs."""

    def __init__(self, described: dict):
        self._described, self.name = described, described["name"]
        #: fit, reduce or score
        self.verb: str = described["verb"]
        verbs = {"fit": (_fit, "Model"), "reduce": (_reduce, "Tables"), "score": (_score, "Frame")}
        does, returns = verbs[self.verb]
        self._add(self.verb, returns, does)
        if described["model_tables"]:
            self._add("model", "Model", _model)
        made = [one for one in ("fit", "reduce", "score", "model") if one in self.__dict__]
        self.__doc__ = _catalogue.entry_doc(described, made)

    def _add(self, verb: str, returns: str, does) -> None:
        words = _catalogue.Words(self._described, verb)
        doc = _catalogue.doc(self._described, verb, words)
        setattr(self, verb, _function(verb, words, returns, doc, self.name,
                                      lambda given: does(self._described, words, given)))

    def _created(self, tables, options) -> Model:
        """A model of an example's texts."""
        described = {one["name"]: one["columns"] for one in self._described["model_tables"]}
        return self.model(**{_catalogue.word(one["name"]): _typed(one["csv"], described[one["name"]]) for one in tables},
                          **{_catalogue.word(name): value for name, value in options.items()})

    @property
    def description(self) -> dict:
        """All that the catalogue says of it."""
        return self._described

    @property
    def examples(self) -> list[Example]:
        return [Example(self, one) for one in self._described["examples"]]

    def example(self, verb: str | None = None, *, as_: str | None = None) -> Any:
        """Runs the worked example, or that of one of two verbs ("fit", "score"), and gives what came out."""
        for one in self.examples:
            if verb is None or one.verb == verb:
                return one.run(as_)
        raise UnknownNameError(f"{self.name} has no example of {verb!r}; it has "
                               + ", ".join(one.verb for one in self.examples), entry=self.name)

    def __repr__(self) -> str:
        return f"<emptor entry {self.name} ({self.verb}): {self._described['summary']}>"

    def __reduce__(self):
        return entry, (self.name,)


_entries: dict[str, Entry] = {}


def entry(name: str) -> Entry:
    """An entry by its full name, such as "value.bg_nbd"."""
    if name not in _catalogue.entries:
        raise UnknownNameError(f"there is no entry {name!r}{_nearest(name, _catalogue.entries)}", entry=name)
    if name not in _entries:
        _entries[name] = Entry(_catalogue.entries[name])
    return _entries[name]


_model_classes: dict[str, type] = {}


def model_class(name: str) -> type:
    """The class of an entry's models: score has its columns, options and outputs."""
    if name not in _model_classes:
        described = _catalogue.entries[name]
        members: dict[str, Any] = {"entry": name, "__module__": "emptor", "__doc__": f"A model of {name}: "
                                   + described["summary"]}
        if described["score"]["outputs"]:
            words = _catalogue.Words(described, "score", bound=True)
            doc = _catalogue.doc(described, "score", words)

            def score_rows(self, *args, **keywords):
                return _function("score", words, "Frame", doc, name + " model",
                                 lambda given: _score(described, words, given, self._handle))(*args, **keywords)

            score_rows.__name__, score_rows.__doc__ = "score", doc
            score_rows.__signature__ = words.signature("Frame", method=True)
            members["score"] = score_rows
        _model_classes[name] = type(name.rpartition(".")[2] + "_model", (Model,), members)
    return _model_classes[name]


def modules() -> dict[str, list[str]]:
    """{module: the entries that it has}, the modules named without `emptor.`: decision has value_matrix, and
    decision.alert has customer_churn."""
    found: dict[str, list[str]] = {}
    for name in _catalogue.entries:
        module, _, own = name.rpartition(".")
        for end in (i for i, letter in enumerate(module) if letter == "."):
            found.setdefault(module[:end], [])
        found.setdefault(module, []).append(own)
    return dict(sorted(found.items()))


def module_of(path: str, names: list[str], inner: dict[str, ModuleType]) -> ModuleType:
    """A module whose attributes are entries, each made when it is first asked for, and the modules inside it."""
    lines = [f"    {name}: {_catalogue.entries[f'{path}.{name}']['summary']}" for name in names]
    lines += [f"    {name}: a module of entries" for name in inner]
    module = ModuleType(f"emptor.{path}", "\n".join([f"Entries of the catalogue: {path}.", "", *lines]))
    for name, held in inner.items():
        setattr(module, name, held)
    every = sorted([*names, *inner])

    def get(name: str) -> Entry:
        if name not in names:
            raise AttributeError(f"emptor.{path} has no entry {name!r}{_nearest(name, every)}")
        found = entry(f"{path}.{name}")
        setattr(module, name, found)
        return found

    module.__getattr__ = get  # type: ignore[method-assign]
    module.__dir__ = lambda: sorted([*every, "__name__", "__doc__", "__all__"])  # type: ignore[method-assign]
    module.__all__ = every  # type: ignore[attr-defined]
    return module


def all_modules() -> dict[str, ModuleType]:
    """{module: itself}, those inside others before them."""
    made: dict[str, ModuleType] = {}
    for path, names in reversed(modules().items()):
        inner = {one.rpartition(".")[2]: held for one, held in made.items() if one.rpartition(".")[0] == path}
        made[path] = module_of(path, names, dict(sorted(inner.items())))
    return made
