# SPDX-License-Identifier: BSL-1.0
"""Ctrl-C, progress and what becomes of a store when a call is broken off."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from conftest import PACKAGE

import emptor
from emptor import _run, _score


def rows(n):
    generator = np.random.default_rng(3)
    return {"customer": generator.integers(0, max(1, n // 5), n), "date": np.full(n, np.datetime64("2024-01-01", "D"))
            + generator.integers(0, 700, n), "amount": generator.integers(1, 10_000, n), "document": np.arange(n)}


HEAD = """
    import os, signal, sys, threading, warnings
    sys.path.insert(0, {tests!r})
    import emptor
    from emptor import _run
    from test_interruption import rows, stands_until_cancelled
    warnings.simplefilter("error")
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(rows(1000))
    before = store.to_bytes()
    many = rows(400_000)
"""

SHOWN = HEAD + """
    _run._Call._progress = stands_until_cancelled
    shares = []

    def progress(share):  # the call is under way: now somebody presses Ctrl-C
        if share > 0:
            shares.append(share)
            os.kill(os.getpid(), signal.SIGINT)

    try:
        store.push(many, progress=progress)
    except KeyboardInterrupt as why:
        assert type(why) is KeyboardInterrupt
        same = store.to_bytes() == before
        print("interrupted", "as it was" if same else "changed", len(shares), 0 < shares[0] < 1)
    store.push(rows(10))
    print("usable")
"""

NOT_SHOWN = HEAD + """
    real, signals = _run.library.emptor_store_push, []

    def interrupted(*arguments):  # on the call's own thread, while the other waits for it
        signals.append(signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments)

    _run.library.emptor_store_push = interrupted
    while True:
        try:
            store.push(many)
        except KeyboardInterrupt as why:
            same = store.to_bytes() == before
            print("interrupted", "as it was" if same else "changed")
            break
        except emptor.InterruptedTooLateWarning:  # it was so fast that the signal found nothing to end: again
            store = emptor.load(before)
    assert signals
    _run.library.emptor_store_push = real
    store.push(rows(10))
    print("usable")
"""


def stands_until_cancelled(self, share, user):
    """In place of _Call._progress: once begun, a call goes on only when it is cancelled, however fast the machine is."""
    self.share = share
    while 0 < share < 1 and not self._cancel.value:
        time.sleep(0.001)


def run(program):
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    program = textwrap.dedent(program.format(tests=os.path.dirname(__file__)))
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120)


def test_ctrl_c_ends_the_call_and_the_store_is_as_it_was():
    done = run(SHOWN)
    assert done.stdout.splitlines() == ["interrupted as it was 1 True", "usable"], done.stdout + done.stderr


@pytest.mark.parametrize("beside", ["sys", "polars"])  # which handles signals, too
def test_ctrl_c_without_anything_shown(beside):
    pytest.importorskip(beside)
    done = run(HEAD + f"    import {beside}\n" + NOT_SHOWN.removeprefix(HEAD))
    assert done.stdout.splitlines() == ["interrupted as it was", "usable"], done.stdout + done.stderr


def test_a_failure_of_progress_ends_the_call(orders, monkeypatch):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(orders)
    before = store.to_bytes()

    def fails(share):
        if share > 0:
            raise ZeroDivisionError

    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr(_run._Call, "_progress", stands_until_cancelled)
        store.push(rows(400_000), progress=fails)
    assert store.to_bytes() == before
    monkeypatch.setattr(_run, "_LOOK", -1)  # nobody asks before all is done
    with pytest.raises(ZeroDivisionError), pytest.warns(emptor.InterruptedTooLateWarning):
        store.push(rows(10), progress=fails)
    assert store.to_bytes() != before


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


def test_other_signals_run_their_handlers_during_a_call(shop, monkeypatch):
    seen = threading.Event()
    real = _run.library.emptor_plan_score

    def signalled(*arguments):  # the call ends when the handler has run
        os.kill(os.getpid(), signal.SIGUSR1)
        handled.append(seen.wait(60))
        return real(*arguments)

    handled = []
    monkeypatch.setattr(_run.library, "emptor_plan_score", signalled)
    old = signal.signal(signal.SIGUSR1, lambda *_: seen.set())
    try:
        n = _score._LONG
        table = {"frequency": np.full(n, 3), "recency": np.full(n, 10.0), "age": np.full(n, 20.0)}
        scores = shop.score(table, horizon=39)
    finally:
        signal.signal(signal.SIGUSR1, old)
    assert handled == [True]
    assert not np.isnan(scores["expected_orders"]).any()


DAEMON = HEAD + """
    begun = threading.Event()
    real = _run._Call._progress

    def told(self, share, user):
        begun.set()
        real(self, share, user)
        stands_until_cancelled(self, share, user)

    _run._Call._progress = told
    threading.excepthook = lambda what: None
    threading.Thread(target=store.push, args=(many,), kwargs={{"progress": lambda share: None}}, daemon=True).start()
    begun.wait(60)
    print("ends")
"""

FORKED = HEAD + """
    begun, forked = threading.Event(), threading.Event()
    other = emptor.load(before)

    def told(self, share, user):
        begun.set()
        forked.wait(60)

    _run._Call._progress = told
    thread = threading.Thread(target=store.push, args=(many,), kwargs={{"progress": lambda share: None}})
    thread.start()
    begun.wait(60)
    child = os.fork()
    if child == 0:
        for use in (store.to_bytes, lambda: store.push(rows(10)), lambda: other.merge(store)):
            try:
                use()
            except RuntimeError as why:
                assert "forked in the middle" in str(why)
            else:
                os._exit(1)
        other.push(rows(10))
        del store, use
        sys.exit(7)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    forked.set()
    thread.join()
    print(status, store.to_bytes() != before)
"""


def test_a_daemon_thread_at_work_does_not_meet_the_end_of_the_interpreter():
    done = run(DAEMON)
    assert (done.returncode, done.stdout) == (0, "ends\n"), done.stderr


def test_a_child_refuses_a_store_that_was_being_changed():
    done = run(FORKED)
    assert (done.returncode, done.stdout) == (0, "7 True\n"), done.stdout + done.stderr


def test_the_last_functions_of_an_interpreter_can_call():
    last = "    import atexit\n    atexit.register(lambda: print(store.push(rows(10), progress=lambda share: None).added))\n"
    done = run(last + HEAD)  # registered first, it is called last
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.strip().isdigit(), done.stdout
