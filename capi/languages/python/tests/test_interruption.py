# SPDX-License-Identifier: BSL-1.0
"""Ctrl-C, progress and what becomes of a store when a call is broken off."""

import os
import signal
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest
from conftest import PACKAGE

import emptor


def rows(n):
    generator = np.random.default_rng(3)
    return {"customer": generator.integers(0, max(1, n // 5), n), "date": np.full(n, np.datetime64("2024-01-01", "D"))
            + generator.integers(0, 700, n), "amount": generator.integers(1, 10_000, n), "document": np.arange(n)}


PROGRAM = """
    import os, signal, sys, threading, warnings
    sys.path.insert(0, {tests!r})
    import emptor
    from test_interruption import rows
    warnings.simplefilter("error")
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(rows(1000))
    before = store.to_bytes()
    many = rows(4_000_000)
    seen = []

    def shown(share):  # the call is under way: now somebody presses Ctrl-C
        if not seen and 0 < share < 0.9:
            seen.append(share)
            os.kill(os.getpid(), signal.SIGINT)

    try:
        store.push(many, {how})
    except KeyboardInterrupt as why:
        assert type(why) is KeyboardInterrupt
        same = store.to_bytes() == before
        print("interrupted", "as it was" if same else "changed", len(seen))
    else:
        print("done")
    store.push(rows(10))
    print("usable")
"""


def run(program):
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    return subprocess.run([sys.executable, "-c", textwrap.dedent(program)], env=environment, capture_output=True, text=True,
                          timeout=120)


def test_ctrl_c_ends_the_call_and_the_store_is_as_it_was():
    done = run(PROGRAM.format(tests=os.path.dirname(__file__), how="progress=shown"))
    assert done.stdout.split("\n")[:2] == ["interrupted as it was 1", "usable"], done.stdout + done.stderr


def test_ctrl_c_without_anything_shown():
    done = run(PROGRAM.format(tests=os.path.dirname(__file__), how="").replace(
        "try:", "threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()\n    try:"))
    assert done.stdout.split("\n")[1] == "usable", done.stdout + done.stderr
    assert done.stdout.startswith("interrupted as it was"), done.stdout + done.stderr


def test_a_failure_of_progress_ends_the_call(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(orders)
    before = store.to_bytes()

    def fails(share):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        with pytest.warns():  # so small a push is done before it is asked
            store.push(rows(10), progress=fails)
            pytest.fail("progress was never called")
    generator = rows(2_000_000)
    store = emptor.load(before)
    with pytest.raises(ZeroDivisionError):
        store.push(generator, progress=fails)
    assert store.to_bytes() == before


def test_progress_is_told_on_the_callers_thread(shop):
    told = []
    n = 400_000
    table = {"frequency": np.full(n, 3), "recency": np.full(n, 10.0), "age": np.full(n, 20.0)}
    shop.score(table, horizon=39, progress=lambda share: told.append((share, threading.current_thread())))
    assert told[-1][0] == 1.0
    assert {thread for _, thread in told} == {threading.current_thread()}
    assert [share for share, _ in told] == sorted(share for share, _ in told)


def test_calls_of_other_threads_are_done_there(shop, customers):
    made = []
    thread = threading.Thread(target=lambda: made.append(emptor.value.bg_nbd.example().parameters["r"]))
    thread.start()
    thread.join()
    assert made == [emptor.value.bg_nbd.example().parameters["r"]]


def test_nothing_is_shown_where_nobody_looks(capfd, shop, customers):
    emptor.value.bg_nbd.example()
    shop.score(customers)
    out, err = capfd.readouterr()
    assert out == "" and err == ""
    emptor.value.bg_nbd.fit(emptor.value.bg_nbd.examples[0].tables["rows"], progress=True)


@pytest.mark.parametrize("with_tqdm", [True, False])
def test_long_work_is_shown_with_tqdm_or_plainly(capfd, monkeypatch, with_tqdm):
    from emptor import _run

    if with_tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    for looks, shown in ((5, False), (30, True)):
        bar = _run._Bar("work")
        for share in np.linspace(0, 1, looks):
            bar(share)
        bar.close()
        assert ("work:" in capfd.readouterr().err) == shown


def test_other_signals_run_their_handlers_during_a_call(shop):
    seen = []
    old = signal.signal(signal.SIGUSR1, lambda *_: seen.append(True))
    try:
        n = 3_000_000
        table = {"frequency": np.full(n, 3), "recency": np.full(n, 10.0), "age": np.full(n, 20.0)}
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        scores = shop.score(table, horizon=39)
        while not seen:
            pass
    finally:
        signal.signal(signal.SIGUSR1, old)
    assert not np.isnan(scores["expected_orders"]).any()
