# SPDX-License-Identifier: BSL-1.0
"""Calls of the C library: where they run, how Ctrl-C ends them, what shows how far they are."""

from __future__ import annotations

import _thread
import atexit
import ctypes
import operator
import os
import sys
import threading

from ._errors import InterruptedTooLateWarning, raised, warn
from ._library import PROGRESS, Error, Run, library
from ._types import Progress

_NO_PROGRESS = PROGRESS()


def call(name: str, *arguments, entry: str | None = None, names=()) -> None:
    """A short call."""
    error = Error(struct_size=ctypes.sizeof(Error))
    if getattr(library, "emptor_" + name)(*arguments, ctypes.byref(error)):
        raise raised(error, entry, names)


def _checked(threads) -> int:
    if isinstance(threads, bool) or not hasattr(threads, "__index__"):
        raise TypeError(f"threads is {threads!r}, but must be a whole number; 0 stands for all cores")
    threads = operator.index(threads)
    if not 0 <= threads <= 1024:
        raise ValueError(f"threads is {threads}, but must be in [0, 1024]")
    return threads


def run_of(threads) -> Run:
    """How a call runs that nobody interrupts and that shows nothing."""
    return Run(struct_size=ctypes.sizeof(Run), threads=_checked(threads), progress=_NO_PROGRESS)


def sized(name: str, *arguments, entry: str | None = None) -> bytearray:
    """What a call of two forms writes."""
    needed = ctypes.c_int64()
    call(name, *arguments, None, 0, ctypes.byref(needed), entry=entry)
    buffer = bytearray(needed.value)
    place = (ctypes.c_char * len(buffer)).from_buffer(buffer) if buffer else None
    call(name, *arguments, place, len(buffer), ctypes.byref(needed), entry=entry)
    del place
    return buffer


class _Bar:
    """How far a call is, on a terminal or in a notebook: by tqdm if it is there. Nothing for work of less than a second."""

    def __init__(self, title: str):
        self._title, self._calls, self._shown, self._bar = title, 0, False, None

    def __call__(self, share: float) -> None:
        self._calls += 1
        if self._calls * _LOOK < 1:
            return
        if not self._shown:
            self._shown = True
            try:
                from tqdm.auto import tqdm
                self._bar = tqdm(total=100, desc=self._title, leave=False, bar_format="{l_bar}{bar}| {elapsed}")
            except ImportError:
                pass
        if self._bar is not None:
            self._bar.update(max(0.0, 100 * share - self._bar.n))
        else:
            sys.stderr.write(f"\r{self._title}: {share:4.0%}")
            sys.stderr.flush()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        elif self._shown:
            sys.stderr.write("\r" + " " * (len(self._title) + 6) + "\r")
            sys.stderr.flush()


_STACK = 1 << 20  # of the threads that Python makes; the library needs half of it
_LOOK = 0.1  # seconds between two looks at how far a call is


def _somebody_looks() -> bool:
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())


_running: set = set()  # the calls that are under way
_ends = False  # the interpreter: no call may call back into it later
_door = threading.Lock()


@atexit.register
def _end_all() -> None:
    """Those of daemon threads, too: the library must not meet an interpreter that is gone."""
    global _ends
    with _door:
        _ends = True
    for one in [*_running]:
        one.end()


def _after_fork() -> None:
    """The threads of the calls are the parent's alone."""
    global _door
    _door = threading.Lock()
    _running.clear()


os.register_at_fork(after_in_child=_after_fork)


class _Call:
    """A call on a thread of its own, so that the caller's stays open for signals and for what shows the progress."""

    def __init__(self, function, arguments, threads: int, with_progress: bool):
        self.share = 0.0
        self.error = Error(struct_size=ctypes.sizeof(Error))
        self.status = -1  # until the library returns another
        self._cancel = ctypes.c_int32()
        self._note = PROGRESS(self._progress) if with_progress else _NO_PROGRESS
        run = Run(struct_size=ctypes.sizeof(Run), threads=threads, cancel=ctypes.pointer(self._cancel),
                  progress=self._note)
        self._work = lambda: function(*arguments(ctypes.byref(run)), ctypes.byref(self.error))
        self._gate = threading.Lock()
        self._begun = self._abandoned = self._finished = False
        self._failure = None
        self._done = _thread.allocate_lock()
        self._done.acquire()

    def _progress(self, share: float, user) -> None:
        self.share = share

    def _run(self) -> None:
        with self._gate:
            if self._abandoned:
                return
            self._begun = True
        try:
            self.status = self._work()
        except BaseException as why:
            self._failure = why
        finally:
            self._finished = True
            self._done.release()

    def run(self, show) -> None:
        """Until it is done. What interrupts the wait (Ctrl-C, a failure of `show`) ends the call, and is raised
        after that."""
        with _door:
            if _ends:
                raise RuntimeError("the interpreter ends: no call can begin now")
            _running.add(self)
        try:
            _thread.start_new_thread(self._run, ())
            # With nothing to show it looks, too: a signal that comes just before the wait, or to another thread, ends none.
            while not self._done.acquire(timeout=_LOOK):
                if show:
                    show(self.share)
            self._done.release()  # for whoever waits, too
            if self._failure is not None:
                raise self._failure
            if show and self.status == 0:
                show(1.0)
        except BaseException:
            self.end()
            raise
        finally:
            _running.discard(self)
            # They hold the caller's rows, and are part of cycles: without this the rows would stay until these are collected.
            self._work = self._note = self._failure = None

    def end(self) -> None:
        self._cancel.value = 1
        while True:  # the library uses the caller's memory until it is done, however often somebody interrupts
            try:
                with self._gate:
                    self._abandoned = not self._begun
                if self._begun and not self._finished:
                    with self._done:
                        pass
                return
            except KeyboardInterrupt:
                continue

    @property
    def completed(self) -> bool:
        return self._finished and self.status == 0


def work(name: str, arguments, *, title: str, entry: str | None = None, names=(), threads: int = 1,
         progress: Progress | None = None, long: bool = True, changes: bool = False) -> None:
    """A call that may take long. `arguments(run)` gives what the function takes before its error."""
    function, threads = getattr(library, "emptor_" + name), _checked(threads)
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise TypeError(f"progress is {progress!r}, but must be True, False or a function of the share")
    shown = callable(progress) or progress is True or (progress is None and long and _somebody_looks())
    in_main = threading.current_thread() is threading.main_thread()
    if _ends or not shown and not (long and in_main) or 0 < threading.stack_size() < _STACK:
        call(name, *arguments(ctypes.byref(run_of(threads))), entry=entry, names=names)
        return
    show = None
    if shown:
        show = progress if callable(progress) else _Bar(title)
    made = _Call(function, arguments, threads, bool(show))
    try:
        made.run(show)
    except BaseException:
        if changes and made.completed:
            warn(InterruptedTooLateWarning(f"{title}: the interruption came when all was done, and that is kept"))
        raise
    finally:
        if isinstance(show, _Bar):
            show.close()
    if made.status:
        raise raised(made.error, entry, names)
