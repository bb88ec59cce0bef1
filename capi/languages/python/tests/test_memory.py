# SPDX-License-Identifier: BSL-1.0
"""No copies where memory allows: what is read and written where it lies, and how much a call takes at most."""

import gc
import os
import subprocess
import sys
import textwrap
import warnings
import weakref

import numpy as np
import pytest
from conftest import PACKAGE

import emptor
from emptor import _run


@pytest.fixture
def handed(monkeypatch):
    """The addresses that reach emptor_plan_score."""
    seen = {}
    real = _run.library.emptor_plan_score

    class Spy:
        def __getattr__(self, name):
            if name == "emptor_plan_score":
                return score
            return getattr(type(self).library, name)

    def score(plan, rows, outputs, count, size, *rest):
        struct = rows._obj
        seen["inputs"] = [struct.columns[i].data for i in range(struct.column_count)]
        seen["outputs"] = [outputs[i].data for i in range(count)]
        return real(plan, rows, outputs, count, size, *rest)

    Spy.library = _run.library
    monkeypatch.setattr(_run, "library", Spy())
    return seen


def address(values):
    return np.asarray(values).__array_interface__["data"][0]


def test_numpy_is_read_and_written_in_place(shop, customers, handed):
    scores = shop.score(customers, horizon=39)
    assert handed["inputs"] == [address(customers[name]) for name in ("frequency", "recency", "age")]
    assert handed["outputs"] == [address(scores[name]) for name in scores]


def test_pandas_is_read_and_written_in_place(shop, customers, handed):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(customers)
    scores = shop.score(frame, horizon=39)
    assert handed["inputs"] == [address(frame[name].to_numpy()) for name in ("frequency", "recency", "age")]
    assert handed["outputs"] == [address(scores[name].to_numpy()) for name in scores]


def test_columns_of_a_table_are_views(customers):
    model = emptor.value.bg_nbd.example()
    values = model.tables["parameters"].column("value").values
    assert not values.flags.owndata and not values.flags.writeable
    assert address(model.tables["parameters"]["value"]) == address(values)  # the model's own memory each time


MEMORY = """
    import resource, sys
    import numpy as np
    import emptor
    {imports}
    n = 2_000_000
    model = emptor.value.bg_nbd.model({{"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}}, unit="week")
    rows = {{"frequency": np.full(n, 2.0), "recency": np.full(n, 30.43), "age": np.full(n, 38.86)}}
    rows = {table}
    few = {few}
    model.score(few, horizon=39)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scores = model.score(rows, horizon=39)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert float(np.asarray(scores["expected_orders"][n - 1:])[0]) > 1.2 and len(scores["probability_alive"]) == n
    print((after - before) * 1024 / n)
"""


@pytest.mark.parametrize("kind,table,few", [
    ("numpy", "rows", "{name: values[:9] for name, values in rows.items()}"),
    ("pandas", "pandas.DataFrame(rows, copy=False)", "rows[:9]"),
    ("polars", "polars.DataFrame(rows)", "rows[:9]"),
    ("pyarrow", "pyarrow.table(rows)", "rows.slice(0, 9)")])
def test_two_million_rows_take_no_more_than_their_scores(kind, table, few):
    imports = ""
    if kind != "numpy":
        pytest.importorskip(kind)
        imports = f"import {kind}"
    program = textwrap.dedent(MEMORY.format(imports=imports, table=table, few=few))
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(PACKAGE)},
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Two outputs of 8 bytes; a byte of row status; a byte while missing ones are looked for; and what the allocator rounds.
    # Arrow has a bit per value and a row status of its own.
    assert float(done.stdout) < (20 if kind in ("numpy", "pandas") else 24), done.stdout


class Interrupts(Exception):
    pass


def interrupts(share):
    raise Interrupts


@pytest.mark.parametrize("how", [{}, {"progress": True}, {"progress": lambda share: None}, {"progress": interrupts}])
def test_the_rows_of_a_call_go_with_the_caller(shop, customers, how):
    """Without the collector of cycles: big tables must not wait for it."""
    store = emptor.stores.order_history(default_currency="EUR")

    def score(**rows):
        shop.score(rows, horizon=39, **how)

    def fit(**rows):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            emptor.value.bg_nbd.fit(rows, unit="week", **how)

    def push(**rows):
        store.push({**rows, "date": "2024-01-01", "customer": np.arange(3)}, strict=True, **how)

    calls = [(score, customers), (fit, customers), (push, {"amount": np.arange(1.0, 4.0)}),
             (push, {"amount": np.array([1.0, np.inf, 2.0])})]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", emptor.InterruptedTooLateWarning)
        for call, values in calls:
            rows = {name: np.array(one) for name, one in values.items()}
            seen = [weakref.ref(one) for one in rows.values()]
            gc.disable()
            try:
                try:
                    call(**rows)
                except (emptor.Error, Interrupts):
                    pass
                del rows
                assert [one() is None for one in seen] == [True] * len(seen), call
            finally:
                gc.enable()
