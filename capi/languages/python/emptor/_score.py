# SPDX-License-Identifier: BSL-1.0
"""Scores: rows in, as many rows out."""

from __future__ import annotations

import ctypes

import numpy as np

from . import _arrow
from . import _library as c
from ._errors import RefusedRowsWarning, Error, reasons_of, reasons_text, row_statuses, warn
from ._frames import Rows, bound, streamed
from ._options import flag, short, texts_of
from ._run import call, run_of, work
from ._tables import Column, Table, checked

_LONG = 50_000  # rows from which a call is worth a thread of its own
_ROW_STATUS = 2  # flag of Arrow's scores
_ANSWERS = ("ok", "never", "undefined")
_OUTPUTS = {c.FLOAT64: np.float64, c.FLOAT32: np.float32, c.INT64: np.int64, c.INT32: np.int32, c.DATE32: np.int32,
            c.MONEY: np.int64, c.BOOLEAN: np.bool_, c.DICTIONARY: np.int32}


def plan_of(entry: str, model, slots: dict, schema: Rows, options: list[str], only) -> c.Handle:
    """\\param slots  {slot: model handle}"""
    made = ctypes.c_void_p()
    handles = (ctypes.c_void_p * len(slots))(*(one.pointer for one in slots.values()))
    only = [only] if isinstance(only, str) else only
    if only is not None and not hasattr(only, "__iter__"):
        raise TypeError(f"{entry}: only is {short(only)}, but must be names of outputs")
    wanted = None if only is None else list(only)
    if wanted == []:
        raise ValueError(f"{entry}: only is empty, but must name an output")
    for name in wanted or ():
        if not isinstance(name, str):
            raise TypeError(f"{entry}: only holds {short(name)}, but must hold names of outputs")
    call("plan_create", entry.encode(), model.pointer if model is not None else None, c.texts(slots), handles,
         len(slots), ctypes.byref(schema.struct), c.texts(options), len(options) // 2,
         None if wanted is None else c.texts(wanted), 0 if wanted is None else len(wanted), ctypes.byref(made),
         entry=entry, names=schema.names)
    return c.Handle(made, "plan")


def _outputs(plan: c.Handle, rows: int) -> tuple[list[Column], ctypes.Array, list]:
    """Arrays of numpy for what a plan gives: the library writes right into them."""
    count = ctypes.c_int32()
    call("plan_outputs", plan.pointer, ctypes.byref(count))
    columns, places, bits = [], (c.Output * count.value)(), []
    for i in range(count.value):
        info = c.ColumnInfo(struct_size=ctypes.sizeof(c.ColumnInfo))
        call("plan_output", plan.pointer, i, ctypes.byref(info))
        values = np.empty(rows, _OUTPUTS[info.dtype])
        levels = tuple(c.text(info.levels[k]) for k in range(info.level_count)) if info.levels else None
        # In floats and classes what is missing shows itself; elsewhere a bit says it.
        validity = np.empty((rows + 7) // 8, np.uint8) if values.dtype.kind in "ib" and levels is None else None
        places[i] = c.Output(data=values.ctypes.data, stride_bytes=values.itemsize, dtype=info.dtype,
                             validity=None if validity is None else validity.ctypes.data)
        columns.append(Column(c.text(info.name), info.dtype, values, None, c.text(info.unit), levels, info.decimals))
        bits.append(validity)
    return columns, places, bits


def _warn(entry: str, plan: c.Handle, rows: Rows, statuses: np.ndarray, bad: int) -> None:
    reasons = reasons_of(statuses, _ANSWERS)
    message = f"{entry}: {bad} of {rows.count} rows have no score: {reasons_text(reasons)}"
    if reasons:  # the first of them alone, in strict mode, tells what is wrong with it
        first = min(row for _, row in reasons.values())
        _, places, _bits = _outputs(plan, 1)
        alone = rows.one(first)
        try:
            call("plan_score", plan.pointer, ctypes.byref(alone), places, len(places), ctypes.sizeof(c.Output), c.STRICT,
                 None, None, None, entry=entry, names=rows.names)
        except Error as why:
            message += "; " + str(why).replace("[0]", f"[{first}]", 1)
    warn(RefusedRowsWarning(message, bad, reasons))


def score(entry: str, described: dict, model, slots: dict, data, given: dict, *, columns=None, only=None, strict=False,
          row_status=False, as_=None, money="decimal", threads=1, progress=None):
    """\\param described  the score of the entry's description"""
    strict, row_status = flag(strict, entry, "strict"), flag(row_status, entry, "row_status")
    if as_ == "reader":
        if progress not in (None, False) or money != "decimal":
            what = f"money={money!r}" if money != "decimal" else f"progress={progress!r}"
            raise TypeError(f"{entry}: a reader does not take {what}: its batches are scored when they are read, as Arrow "
                            "has them")
        run = run_of(threads)
        rows, scores = streamed(data, described["inputs"], columns, entry)
        plan = plan_of(entry, model, slots, rows, texts_of(described["options"], given, entry), only)
        return _arrow.as_reader(scores(plan, (c.STRICT if strict else 0) | (_ROW_STATUS if row_status else 0), run))
    checked(as_, money)
    rows = bound(data, described["inputs"], columns, entry)
    plan = plan_of(entry, model, slots, rows, texts_of(described["options"], given, entry), only)
    kind = as_ or ("pyarrow" if rows.kind == "arrow" else rows.kind)
    how = {"title": entry, "entry": entry, "names": rows.names, "threads": threads, "progress": progress,
           "long": rows.count >= _LONG}
    flags, bad = (c.STRICT if strict else 0), ctypes.c_int64()
    if kind in ("polars", "pyarrow"):
        return _to_arrow(entry, plan, rows, flags, bad, how, kind, row_status, money)
    made, places, bits = _outputs(plan, rows.count)
    statuses = np.empty(rows.count, np.uint8)
    with rows.as_given():
        work("plan_score", lambda run: (plan.pointer, ctypes.byref(rows.struct), places, len(places),
                                        ctypes.sizeof(c.Output), flags, statuses.ctypes.data, ctypes.byref(bad), run), **how)
    for column, validity in zip(made, bits):
        if validity is not None:
            missing = np.unpackbits(validity, count=rows.count, bitorder="little") == 0
            column.missing = missing if missing.any() else None
    if bad.value:
        _warn(entry, plan, rows, statuses, bad.value)
    if row_status:
        made.append(Column("row_status", c.INT32, statuses.astype(np.int32), None, "", row_statuses))
    return Table({one.name: one for one in made}, rows.count, money).to(kind, index=rows.index if kind == "pandas" else None)


def _to_arrow(entry, plan, rows, flags, bad, how, kind, row_status, money):
    def fill(schema, array):
        work("plan_score_arrow", lambda run: (plan.pointer, ctypes.byref(rows.struct), flags | _ROW_STATUS, schema, array,
                                              ctypes.byref(bad), run), **how)

    exported = _arrow.Exported(fill)
    if bad.value:
        _warn(entry, plan, rows, exported.codes(-1), bad.value)
    made = getattr(_arrow, "as_" + kind)(exported)
    if not row_status:
        made = made.drop("row_status") if kind == "polars" else made.drop_columns(["row_status"])
    return made
