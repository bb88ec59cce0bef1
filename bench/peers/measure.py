# SPDX-License-Identifier: BSL-1.0
"""How the comparisons of scoring.py and satisfaction.py measure and tell: processor time, the least of several runs in which
the sides take turns."""

import importlib
import json
import os
import subprocess
import sys
import time
import warnings
from importlib.metadata import version

import emptor_c as emptor

failures = []


def peer(module, name=None):
    """The peer's module and what a table calls it; None in place of the module that is not installed, which is a failure."""
    name = name or module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module), f"{name} {version(name)}"
    except ImportError as why:
        failures.append(f"{name} is not installed: {why}")
        return None, name


def processor_time():
    """Of this process and of those that it waited for: plspm resamples in others."""
    seen = os.times()
    return seen.user + seen.system + seen.children_user + seen.children_system


def race(*sides, enough=10.0, most_rounds=5):
    """The least seconds of each side, and what it returned last."""
    fastest, results, spent, rounds = [float("inf")] * len(sides), [None] * len(sides), 0.0, 0
    while rounds == 0 or (rounds < most_rounds and spent < enough):
        rounds += 1
        for i, side in enumerate(sides):
            results[i] = None  # freed outside the time measured
            before = processor_time(), time.process_time()
            results[i] = side()
            # The clock of the process is finer; that of others has steps of 10 ms.
            took = max(time.process_time() - before[1], processor_time() - before[0] - 0.02)
            fastest[i] = min(fastest[i], took)
            spent += took
    return fastest, results


def shown(seconds):
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"


def machine():
    """What ran, and on what."""
    with open("/proc/cpuinfo", encoding="utf-8") as information:
        told = dict(line.partition(":")[::2] for line in information)
    processor = next((text.strip() for name, text in told.items() if name.strip() == "model name"), "unknown")
    return (
        f"emptor {emptor.library.emptor_version().decode()} on {processor}, "
        f"{emptor.library.emptor_isa_name().decode()}, one thread; load {os.getloadavg()[0]:.1f}"
    )


def goals(asked):
    """A table of what is asked and reached, of (title, program, benchmark, seconds); the median of five runs. Real time where
    the benchmark uses several threads."""
    folder = os.environ.get("EMPTOR_BENCH")
    if not folder:
        return []
    table = ["| goal | asked: at most | reached |", "|---|---:|---:|"]
    for title, program, name, seconds in asked:
        ran = subprocess.run(
            [f"{folder}/{program}", "--benchmark_format=json", "--benchmark_repetitions=5", "--benchmark_min_time=0.1",
             f"--benchmark_filter=^{name}$"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        median = next(one for one in json.loads(ran.stdout)["benchmarks"] if one.get("aggregate_name") == "median")
        taken = median["real_time" if "real_time" in name else "cpu_time"]
        reached = taken * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}[median["time_unit"]]
        table.append(f"| {title} | {shown(seconds)} | {shown(reached)} |")
    return table


def told_failures():
    """Says them, and the exit status."""
    for failure in failures:
        print(f"bench/peers: {failure}", file=sys.stderr)
    return 1 if failures else 0
