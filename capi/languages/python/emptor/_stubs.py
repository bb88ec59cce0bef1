# SPDX-License-Identifier: BSL-1.0
"""Type stubs of all that is made of the catalogue: `python -m emptor._stubs [FOLDER]` writes them (default: this package)."""

from __future__ import annotations

import ast
import math
import sys
from inspect import Parameter
from pathlib import Path

from . import _catalogue

_HEAD = '''# Made by `python -m emptor._stubs` from the catalogue of emptor {version}.
from typing import Any, Literal, Sequence

from ._entries import Entry
from ._models import Model
from ._stores import Store
from ._tables import Tables
from ._types import Columns, Data, Date, Frame, Horizon, Keys, Kind, Money, Number, Numbers, Progress, Zone
'''


def _parameters(signature) -> str:
    parts = ["self"]
    starred = False
    for one in signature.parameters.values():
        if one.name == "self":
            continue
        if one.kind is Parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        parts.append(f"{one.name}: {one.annotation}" + ("" if one.default is Parameter.empty else f" = {_default(one.default)}"))
    return ", ".join(parts)


def _default(value) -> str:
    """A default as the text of a stub, which has no word for inf."""
    return "..." if isinstance(value, float) and not math.isfinite(value) else repr(value)


def _function(name: str, signature, returns: str, doc: str) -> str:
    text = doc.replace("\\", "\\\\").replace('"""', "'''")
    inner = "\n".join(f"        {line}".rstrip() for line in text.splitlines()).lstrip()
    return f'    def {name}({_parameters(signature)}) -> {returns}:\n        """{inner}\n        """\n'


def _entry(name: str, described: dict) -> str:
    own = name.rpartition(".")[2]
    model = f"_{own}_model"
    lines = []
    if described["model_tables"] or described["verb"] == "fit":
        lines.append(f"class {model}(Model):")
        if described["score"]["outputs"]:
            words = _catalogue.Words(described, "score", bound=True)
            lines.append(_function("score", words.signature("Frame"), "Frame", _catalogue.doc(described, "score", words)))
        else:
            lines.append("    ...\n")
    lines.append(f"class _{own}(Entry):")
    for verb in [described["verb"], *(["model"] if described["model_tables"] else [])]:
        words = _catalogue.Words(described, verb)
        returns = {"reduce": "Tables", "score": "Frame"}.get(verb, model)
        lines.append(_function(verb, words.signature(returns), returns, _catalogue.doc(described, verb, words)))
    return "\n".join([*lines, f"{own}: _{own}", ""])


def _store(kind: str, described: dict) -> str:
    options = ", ".join(f"{_catalogue.word(one['name'])}: {_catalogue.option_type(one)}"
                        + ("" if one["required"] else " | None = None") for one in described["options"])
    return (f'class {kind}(Store):\n    """{described["summary"]}"""\n'
            f"    def __init__(self{', *, ' + options if options else ''}) -> None: ...\n")


def _package(domains) -> str:
    """What __init__.py offers, with its modules that are made at run time."""
    tree = ast.parse(Path(__file__).with_name("__init__.py").read_text())
    lines = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            lines += [f"from .{node.module} import {one.name} as {one.asname or one.name}" for one in node.names
                      if not (one.asname or one.name).startswith("_") and one.name != "entry"]
        elif isinstance(node, ast.FunctionDef):
            returns = "Any" if node.name == "load" else ast.unparse(node.returns)
            lines.append(f"def {node.name}({ast.unparse(node.args)}{': Any' if node.args.args else ''}) -> {returns}:\n"
                         f'    """{ast.get_docstring(node)}"""')
        elif isinstance(node, ast.AnnAssign):
            lines.append(f"{node.target.id}: {ast.unparse(node.annotation)}")
    lines += [f"from . import {one} as {one}" for one in [*domains, "stores"]]
    for name in _catalogue.entries:
        module, _, own = name.rpartition(".")
        lines.append(f"@overload\ndef entry(name: Literal[{name!r}]) -> {module}._{own}: ...")
    lines.append("@overload\ndef entry(name: str) -> Any: ...")
    return "\n".join(lines) + "\n"


def _file_of(module: str) -> str:
    """Stubs lie side by side; a module inside another one gets its name there."""
    return "_" + module.replace(".", "_") if "." in module else module


def made() -> dict[str, str]:
    """{name of a file: its text}"""
    head = _HEAD.format(version=_catalogue.version)
    modules: dict[str, list[str]] = {}
    for name, described in _catalogue.entries.items():
        module = name.rpartition(".")[0]
        modules.setdefault(module.partition(".")[0], [])
        modules.setdefault(module, []).append(_entry(name, described))
    files = {}
    for module, entries in modules.items():
        # Under another name an import is not one of the module's own names; an assignment is.
        inner = [f"from . import {_file_of(one)}\n{one.rpartition('.')[2]} = {_file_of(one)}\n" for one in modules
                 if one.rpartition(".")[0] == module]
        files[_file_of(module) + ".pyi"] = "\n".join([head, *inner, *entries])
    files["stores.pyi"] = "\n".join([head, *(_store(*one) for one in _catalogue.stores.items())])
    files["__init__.pyi"] = "from typing import Any, Literal, overload\n" + _package(
        sorted(one for one in modules if "." not in one))
    return files


def write(folder) -> None:
    for name, text in made().items():
        Path(folder, name).write_text(text)


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
