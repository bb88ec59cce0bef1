# SPDX-License-Identifier: BSL-1.0
"""The worked example of every entry, in every kind of table, against the figures that it expects."""

import csv
import datetime
import decimal
import io
import math

import numpy as np
import pytest

import emptor

EXAMPLES = [(name, number) for name in emptor.entries for number in range(len(emptor.entry(name).examples))]
KINDS = ["numpy", "pandas", "polars", "pyarrow"]


def cell(value):
    """A value as the catalogue's texts have it."""
    if value is None or value is np.ma.masked or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(value, (float, np.floating)):
        return "" if math.isnan(value) else repr(float(value))
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value.astype("datetime64[D]"))
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()[:10]
    return str(value)


def columns_of(table):
    kind = type(table).__module__.partition(".")[0]
    if kind == "pandas":
        return {name: table[name].tolist() for name in table}
    if kind == "polars":
        return {name: table[name].to_list() for name in table.columns}
    if kind == "pyarrow":
        return {name: table[name].to_pylist() for name in table.column_names}
    return {name: list(table[name]) for name in table}


def agrees(wanted, seen, tolerance):
    if wanted == seen:
        return True
    try:
        want, see = float(wanted), float(seen)
    except ValueError:
        return False
    return abs(want - see) <= tolerance * max(1.0, abs(want)) or decimal.Decimal(wanted) == decimal.Decimal(seen)


def differences(expected, table, tolerance):
    names, *lines = csv.reader(io.StringIO(expected))
    seen, found = columns_of(table), []
    for i, name in enumerate(names):
        if len(seen[name]) != len(lines):
            return [f"{name} has {len(seen[name])} rows, expected {len(lines)}"]
        found += [f"{name}[{row}] is {cell(value)!r}, expected {line[i]!r}"
                  for row, (line, value) in enumerate(zip(lines, seen[name])) if not agrees(line[i], cell(value), tolerance)]
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name,number", EXAMPLES)
def test_gives_what_it_expects(name, number, kind):
    if kind != "numpy":
        pytest.importorskip(kind)
    example = emptor.entry(name).examples[number]
    made = example.run(kind)
    assert example.expected
    for table, expected in example.expected.items():
        if example.verb == "fit":
            made_table = made.tables.to(kind)[table]
        else:
            made_table = made if example.verb == "score" else made[table]
        assert type(made_table).__module__.partition(".")[0] == {"numpy": "emptor"}.get(kind, kind)
        assert differences(expected, made_table, example.tolerance) == []


def test_of_a_verb_is_found():
    assert isinstance(emptor.value.bg_nbd.example(), emptor.Model)
    assert isinstance(emptor.value.bg_nbd.example("score"), emptor.Table)
    with pytest.raises(emptor.UnknownNameError):
        emptor.value.bg_nbd.example("reduce")


def test_every_entry_has_one():
    assert {name for name, _ in EXAMPLES} == set(emptor.entries)
