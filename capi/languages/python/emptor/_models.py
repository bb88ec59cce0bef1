# SPDX-License-Identifier: BSL-1.0
"""Models: what a fit found, or what tables say."""

from __future__ import annotations

import ctypes
import html
import json
from typing import Any

from . import _files
from . import _library as c
from ._errors import UnknownNameError, UnsupportedError
from ._options import short
from ._run import call, sized
from ._tables import Tables


class Model:
    """A model of an entry. It never changes, any number of threads may share it, and it is pickled as its file."""

    def __init__(self, *_, **__):
        raise TypeError("a model comes of fit(...), of model(...) or of emptor.load(...)")

    @classmethod
    def _of(cls, handle: c.Handle, kind: str = "numpy", result: c.Handle | None = None) -> "Model":
        from ._entries import model_class

        entry = ctypes.c_char_p()
        call("model_entry", handle.pointer, ctypes.byref(entry))
        made = object.__new__(model_class(c.text(entry.value)))
        made._handle, made._kind, made._result = handle, kind, result
        return made

    #: the name of the entry that understands it
    entry: str = ""
    _handle: c.Handle
    _kind: str
    _result: c.Handle | None

    def score(self, *args: Any, **options: Any) -> Any:
        """Scores of rows; each entry's models have their own columns, options and outputs."""
        raise UnsupportedError(f"{self.entry}: its models do not score", entry=self.entry)

    def _own(self, kind: str) -> Tables:
        made = ctypes.c_void_p()
        call("model_tables", self._handle.pointer, ctypes.byref(made))
        return Tables.of(c.Handle(made, "result"), kind)

    @property
    def tables(self) -> Tables:
        """The tables that the model consists of, and what the fit said about it."""
        own = self._own(self._kind)
        if self._result is None:
            return own
        fitted = Tables.of(self._result, self._kind)
        return Tables({**fitted._tables, **own._tables}, self._kind)

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        table = self._own("numpy").get("parameters")
        if table is None or not {"parameter", "value"} <= set(table):
            return {}
        return dict(zip(table["parameter"].tolist(), table["value"].tolist()))

    @property
    def options(self) -> dict[str, str]:
        """The options that the model remembers, such as its time unit."""
        return dict(json.loads(self.to_json()).get("options", {}))

    def to_bytes(self) -> bytes:
        """The model as bytes of a file; equal models give equal bytes on every machine."""
        return bytes(sized("model_save", self._handle.pointer, entry=self.entry))

    def save(self, path: Any) -> None:
        """Writes the model's file, which emptor.load, the tool and every other language read."""
        _files.write(path, sized("model_save", self._handle.pointer, entry=self.entry))

    def to_json(self) -> str:
        """The model as text, which emptor.from_text brings back with the same bits."""
        return self.export("json")

    def export(self, format: str) -> str:
        """The model as text in a format that its entry names."""
        return bytes(sized("model_export", self._handle.pointer, _format(format), entry=self.entry))[:-1].decode()

    def __eq__(self, other) -> bool:
        return isinstance(other, Model) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __reduce__(self):
        return load, (self.to_bytes(),)

    def __copy__(self) -> "Model":
        return self

    def __deepcopy__(self, memo) -> "Model":
        return self

    def _facts(self) -> tuple[list[list[str]], list[str]]:
        """Lines of the parameters, and of how the fit went."""
        tables = self._own("numpy")
        parameters, fit = tables.get("parameters"), tables.get("fit")
        lines = [] if parameters is None else [list(parameters), *parameters._shown(40)[0]]
        told = [] if fit is None or fit.rows != 1 else [
            f"{name} {cell}" for name, cell in zip(fit, fit._shown(1)[0][0]) if cell]
        return lines, told

    def _title(self) -> str:
        options = ", ".join(f"{name} {value}" for name, value in self.options.items())
        return f"{self.entry} model{' (' + options + ')' if options else ''}"

    def __repr__(self) -> str:
        lines, told = self._facts()
        widths = [max(map(len, column)) for column in zip(*lines)]
        table = ["  " + " ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
        return "\n".join([self._title(), *table, *(["  " + ", ".join(told)] if told else [])])

    def _repr_html_(self) -> str:
        lines, told = self._facts()
        rows = ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in lines]
        return (f"<b>{html.escape(self._title())}</b><table>{''.join(rows)}</table>"
                f"<p>{html.escape(', '.join(told))}</p>")


def _format(name: str) -> bytes:
    if not isinstance(name, str):
        raise TypeError(f"format is {short(name)}, but must be a name")
    if "\0" in name:
        raise UnknownNameError(f"there is no format {short(name)}")
    return name.encode("utf-8", "surrogatepass")


def load(source) -> Model:
    content, made = _files.read(source), ctypes.c_void_p()
    call("model_load", content, len(content), ctypes.byref(made))
    return Model._of(c.Handle(made, "model"))


def from_text(text: str, format: str = "json") -> Model:
    """A model from its text. What `to_json` gave comes back with the same bits."""
    if not isinstance(text, str):
        raise TypeError(f"a model's text must be a str, not a {type(text).__name__}")
    content, made = text.encode("utf-8", "surrogatepass"), ctypes.c_void_p()
    call("model_import", content, len(content), _format(format), ctypes.byref(made))
    return Model._of(c.Handle(made, "model"))
