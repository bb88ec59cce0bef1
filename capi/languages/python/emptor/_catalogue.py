# SPDX-License-Identifier: BSL-1.0
"""The catalogue as the library describes it, and the signatures and docs that are made of it."""

from __future__ import annotations

import inspect
import json
import keyword
from inspect import Parameter, Signature

from ._run import sized

_described = json.loads(bytes(sized("catalogue_describe", None))[:-1])
version: str = _described["version"]
entries: dict = {one["name"]: one for one in _described["entries"]}
stores: dict = {one["name"]: one for one in _described["stores"]}

#: What the verbs take beside an entry's own words, with type and default, in the order of their docs.
COMMON: dict[str, tuple] = {
    "columns": ("Columns", None, "{role: name of your column} where the names differ; of a role that takes many, a list; "
                                 "None leaves a column out"),
    "keys": ("Keys", None, "only these customers"),
    "only": ("str | Sequence[str] | None", None, "the outputs that are wanted, in this order; None gives all that the "
                                                 "options allow"),
    "strict": ("bool", False, "the first bad row is an error; otherwise it is refused, with a warning"),
    "row_status": ("bool", False, "adds the column row_status, which says why a row has no number"),
    "as_": ("Kind | None", None, "numpy, pandas, polars or pyarrow; None gives the kind of your data; scores of a "
                            "stream of Arrow may also be a reader, which scores each batch as it is read; of "
                            "rows without a score only row_status tells there, and it takes no progress or money"),
    "money": ("Money", "decimal", "amounts as exact decimals, as float or as whole minor units"),
    "threads": ("int", 1, "0 = all cores; the results have the same bits"),
    "progress": ("Progress | None", None, "True, False or a function of the share that is done; None shows long work on "
                                          "terminals and in notebooks"),
}

_TYPES = {"number": "Number", "integer": "int", "boolean": "bool", "date": "Date", "numbers": "Numbers",
          "horizon": "Horizon", "zone": "Zone"}


def word(name: str, taken=()) -> str:
    """A name of the catalogue as a keyword of Python."""
    return name + "_" if keyword.iskeyword(name) or name in COMMON or name in taken or name in ("data", "self") else name


def option_type(option: dict) -> str:
    if option["content"] == "choice":
        return "Literal[" + ", ".join(map(repr, option["choices"])) + "]"
    return _TYPES.get(option["content"], "str")


def option_default(option: dict):
    value = option.get("default")
    if value is None:
        return None
    if option["content"] == "integer":
        return int(value)
    if option["content"] == "number":
        number = float(value)
        return int(number) if number.is_integer() else number
    if option["content"] == "boolean":
        return value == "true"
    return value


def tables_of(entry: dict) -> list[dict]:
    """The tables that are pushed for an entry."""
    return entry["inputs"] or (stores[entry["store"]]["tables"] if entry["store"] in stores else [])


def options_of(entry: dict, verb: str) -> list[dict]:
    """The options of a verb, and of the store that it makes of the caller's tables."""
    if verb == "score":
        return entry["score"]["options"]
    if verb == "model":
        return entry["model_options"]
    if not entry["store"]:
        return entry["options"]
    taken = {"entry", *(one["name"] for one in entry["options"])}
    if not any(column["content"] == "amount" for table in tables_of(entry) for column in table["columns"]):
        taken.add("decimals")  # of amounts
    return [*entry["options"], *(one for one in stores[entry["store"]]["options"] if one["name"] not in taken)]


class Words:
    """The keywords of a verb: what each stands for."""

    def __init__(self, entry: dict, verb: str, bound: bool = False):
        """\\param bound  of a model: the score of what a fit made, which needs no slots"""
        self.options = {word(one["name"]): one for one in options_of(entry, verb)}
        has_slots = verb != "model" and not (verb == "score" and bound)
        self.slots = {word(one["name"], self.options): one for one in entry["slots"]} if has_slots else {}
        tables = {"model": entry["model_tables"], "score": []}.get(verb, tables_of(entry))
        self.tables = {word(one["name"], {**self.options, **self.slots}): one for one in tables}
        if verb == "model":
            self.common = []
        elif verb == "score":
            self.common = ["columns", "only", "strict", "row_status", "as_", "money", "threads", "progress"]
        else:
            self.common = [*(["columns", "strict"] if tables else []), *(["keys"] if entry["store"] else []),
                           *(["as_", "money"]), "threads", "progress"]
        #: what `data` is, where there is more than one table
        self.keywords = self.tables if verb == "model" or len(self.tables) > 1 else {}
        self.takes_data = verb == "score" or (verb != "model" and bool(entry["store"]))

    def signature(self, returns: str, method: bool = False) -> Signature:
        found = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)] if method else []
        if self.takes_data:
            kind = "Data | Store" if self.tables else "Data"
            found.append(Parameter("data", Parameter.POSITIONAL_OR_KEYWORD,
                                   default=None if self.keywords else Parameter.empty,
                                   annotation=kind + (" | None" if self.keywords else "")))
        later = []
        for name, one in self.keywords.items():
            if self.takes_data or one["optional"]:
                later.append((name, None, "Data | None"))
            else:
                found.append(Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation="Data"))
        for name, one in self.slots.items():
            kind = "Model" + ("" if len(one["accepts"]) > 1 else " | Data")
            if one["optional"]:
                later.append((name, None, kind + " | None"))
            else:
                found.append(Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind))
        for name, one in self.options.items():
            if one["required"]:
                found.append(Parameter(name, Parameter.KEYWORD_ONLY, annotation=option_type(one)))
            else:
                default = option_default(one)
                later.append((name, default, option_type(one) + (" | None" if default is None else "")))
        later += [(name, COMMON[name][1], COMMON[name][0]) for name in self.common]
        found += [Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                  for name, default, kind in later]
        return inspect.Signature(found, return_annotation=returns)


# ---- docs ----


def domain_text(domain: dict) -> str:
    low, high = domain.get("low"), domain.get("high")
    parts = []
    if low is not None:
        parts.append(f"{'>' if domain.get('low_open') else '>='} {low:g}")
    if high is not None:
        parts.append(f"{'<' if domain.get('high_open') else '<='} {high:g}")
    return " and ".join(parts)


def _facts(one: dict, kind: str, default=None) -> str:
    facts = [kind, one.get("unit", ""), domain_text(one.get("domain", {})),
             f"one of {', '.join(one['levels'])}" if one.get("levels") else "",
             f"default {default}" if default is not None else "", "optional" if one.get("optional") else "",
             f"needs {', '.join(one['needs'])}" if one.get("needs") else "",
             "only where asked for" if one.get("on_request") else ""]
    return ", ".join(fact for fact in facts if fact)


def _option_facts(one: dict) -> str:
    kind = "one of " + ", ".join(one["choices"]) if one["content"] == "choice" else one["content"]
    return _facts(one, kind, one.get("default")) + (", required" if one["required"] else "")


def _lines(title: str, lines) -> list[str]:
    lines = list(lines)
    return [title, *lines, ""] if lines else []


def _columns(columns) -> list[str]:
    return [f"    {one['name']}{' (many)' if one.get('many') else ''}: {one['summary']} [{_facts(one, one['content'])}]"
            for one in columns]


def _example(one: dict) -> list[str]:
    lines = [f"    {one['summary']}", f"    (source of the figures: {one['source']})"]
    for table in one["tables"]:
        lines += [f"    {table['name']}:", *("        " + line for line in table["csv"].splitlines()[:8])]
    if one["options"]:
        lines.append("    with " + ", ".join(f"{word(name)}={value!r}" for name, value in one["options"].items()))
    for table in one["expected"]:
        lines += [f"    gives {table['name']}:", *("        " + line for line in table["csv"].splitlines()[:8])]
    return lines


def head(entry: dict) -> list[str]:
    return [entry["summary"], "", f"{entry['chinese']}. Source: {entry['source']}. Since {entry['since']}.", ""]


def doc(entry: dict, verb: str, words: Words) -> str:
    lines = head(entry)
    if verb == "score":
        lines += _lines("Columns of data:", _columns(entry["score"]["inputs"]))
    for name, one in words.tables.items():
        lines += _lines(f"Columns of {name} ({one['summary']}{', optional' if one['optional'] else ''}):",
                        _columns(one["columns"]))
    lines += _lines("Models:", (f"    {name}: {one['summary']} [{' or '.join(one['accepts'])}"
                                f"{', optional' if one['optional'] else ''}]" for name, one in words.slots.items()))
    lines += _lines("Options:", (f"    {name}: {one['summary']} [{_option_facts(one)}]"
                                 for name, one in words.options.items()))
    lines += _lines("As for every entry:", (f"    {name}: {COMMON[name][2]}" for name in words.common))
    if verb == "score":
        lines += _lines("Gives a row per row:", _columns(entry["score"]["outputs"]))
    elif verb != "model":
        for one in entry["outputs"]:
            lines += _lines(f"Gives {one['name']} ({one['summary']}):", _columns(one["columns"]))
    lines += _lines("Worked example:", (line for one in entry["examples"] if one["verb"] == verb
                                        for line in _example(one)))
    return "\n".join(lines).rstrip() + "\n"


def entry_doc(entry: dict, verbs) -> str:
    return "\n".join([*head(entry), "Verbs: " + ", ".join(verbs) + "; each tells its columns, options and outputs "
                      "(help, or ? in a notebook). example() runs the worked example."])
