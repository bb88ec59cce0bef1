# SPDX-License-Identifier: BSL-1.0
"""The satisfaction index beside the Python package plspm: the same answers, the same model, the figures compared, and the
times of one run, as Markdown. It stands apart from compare.py, whose peers need an older pandas.

plspm 0.5.7 divides all questions by one common deviation where it says that they are scaled, so that it adds answers in points
of their scale: what emptor calls metric=raw, with the centroid scheme that of its convention ecsi. It works with pandas 2.1
and 2.2 (not with 1, which lacks DataFrame.map, nor with 3).

Use: EMPTOR_LIBRARY=.../libemptor.so PYTHON bench/peers/satisfaction.py [MOST_RESPONDENTS]
where PYTHON has numpy, pandas and plspm (python3 -m venv DIR && DIR/bin/pip install plspm pandas==2.2.3 numpy==1.26.4).
Exit status: 0 done, 1 a peer is missing, or the figures differ.

seminr is a package for R, which this does not call: it says whether there is an R."""

import ctypes as c
import os
import platform
import shutil
import sys
import time
import warnings

import numpy as np

import emptor_c as emptor

most = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
BLOCKS = {"image": 5, "expectation": 3, "perceived_quality": 7, "perceived_value": 2, "satisfaction": 3, "complaints": 1,
          "loyalty": 3}
PATHS = [("image", "expectation"), ("image", "satisfaction"), ("image", "loyalty"), ("expectation", "perceived_quality"),
         ("expectation", "perceived_value"), ("expectation", "satisfaction"), ("perceived_quality", "perceived_value"),
         ("perceived_quality", "satisfaction"), ("perceived_value", "satisfaction"), ("satisfaction", "complaints"),
         ("satisfaction", "loyalty"), ("complaints", "loyalty")]
ITEMS = {block: [f"{block}_{i + 1}" for i in range(size)] for block, size in BLOCKS.items()}
TOLERANCE = 1e-8  # of figures, both iterated until nothing changes
failures = []


def mixed(x):
    """splitmix64, as bench/support.hpp has it"""
    with np.errstate(over="ignore"):
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def uniform(rows, what):
    with np.errstate(over="ignore"):
        return (mixed(np.arange(rows, dtype=np.uint64) * np.uint64(64) + np.uint64(what)) >> np.uint64(11)) * 2.0**-53


def answers(rows):
    """Answers from 1 to 10 that hang together as the paths say."""
    scores, made, what = {}, {}, 0
    for block, items in ITEMS.items():
        sources = [a for a, b in PATHS if b == block]
        own = uniform(rows, what) - 0.5
        what += 1
        scores[block] = sum((scores[a] for a in sources), np.zeros(rows)) * 0.6 / max(1, len(sources)) + own
        for item in items:
            noise = (uniform(rows, what) - 0.5) * 0.7
            what += 1
            made[item] = np.clip(np.floor(5.5 + 6.0 * (scores[block] + noise)), 1.0, 10.0)
    return made


def processor_time():
    """Of this process and of those that it waited for: plspm resamples in others."""
    seen = os.times()
    return seen.user + seen.system + seen.children_user + seen.children_system


def race(*sides):
    """The least seconds of each side, and what it returned last; the sides take turns."""
    fastest, results, spent, rounds = [float("inf")] * len(sides), [None] * len(sides), 0.0, 0
    while rounds == 0 or (rounds < 5 and spent < 10.0):
        rounds += 1
        for i, side in enumerate(sides):
            before = processor_time(), time.process_time()
            results[i] = side()
            # The clock of the process is finer; that of others has steps of 10 ms.
            took = max(time.process_time() - before[1], processor_time() - before[0] - 0.02)
            fastest[i] = min(fastest[i], took)
            spent += took
    return fastest, results


def emptor_side(made, resamples, **asked):
    rows = len(next(iter(made.values())))
    ids = emptor.texts([f"R{i:07d}" for i in range(rows)])
    columns = {"respondent": (ids, emptor.CSTRING)}
    columns.update({f"items:{item}": (values, emptor.FLOAT64) for item, values in made.items()})
    table = emptor.Table(columns, b"answers")
    table.rows.row_count = rows
    store = emptor.made_by("store_create", "store", b"survey", emptor.texts([]), 0)
    emptor.call("store_push", store.pointer, c.byref(table.rows), 0, None, None, None)
    pairs = [(block, item) for block, items in ITEMS.items() for item in items]
    tables = [emptor.Table({"construct": (emptor.texts([a for a, _ in pairs]), emptor.CSTRING),
                            "item": (emptor.texts([b for _, b in pairs]), emptor.CSTRING)}, b"constructs"),
              emptor.Table({"from": (emptor.texts([a for a, _ in PATHS]), emptor.CSTRING),
                            "to": (emptor.texts([b for _, b in PATHS]), emptor.CSTRING)}, b"paths")]
    given = (type(tables[0].rows) * 2)(tables[0].rows, tables[1].rows)
    model = emptor.made_by("model_create", "model", b"satisfaction.index_model", given, 2, emptor.texts([]), 0)
    models = (c.c_void_p * 1)(model.pointer)
    listed, count = emptor.options({"convention": "ecsi", "resamples": str(resamples), **asked})

    def run(keep=(store, model, table, tables)):
        return emptor.made_by("store_finish", "result", store.pointer, b"satisfaction.index_model", listed, count,
                              emptor.texts(["model"]), models, 1, None, None)
    return run


def emptor_figures(result):
    paths = dict(zip(zip(emptor.column(result, "coefficients", "from"), emptor.column(result, "coefficients", "to")),
                     emptor.column(result, "coefficients", "coefficient")))
    loadings = dict(zip(emptor.column(result, "item_weights", "item"), emptor.column(result, "item_weights", "loading")))
    explained = dict(zip(emptor.column(result, "indices", "construct"), emptor.column(result, "indices", "r_squared")))
    return paths, loadings, explained


def plspm_side(peer, made, resamples, tolerance=1e-6):
    import pandas
    from plspm.config import MV, Config, Structure
    from plspm.mode import Mode
    from plspm.scheme import Scheme

    structure = Structure()
    for block in BLOCKS:
        sources = [a for a, b in PATHS if b == block]
        if sources:
            structure.add_path(sources, [block])
    data, path = pandas.DataFrame(made), structure.path()

    def run():
        config = Config(path, scaled=True)
        for block, items in ITEMS.items():
            config.add_lv(block, Mode.A, *[MV(item) for item in items])
        more = {"bootstrap": True, "bootstrap_iterations": resamples, "processes": 1} if resamples else {}
        return peer.Plspm(data, config, Scheme.CENTROID, 300, tolerance, **more)
    return run


def plspm_figures(result):
    beta = result.path_coefficients()
    outer = result.outer_model()
    explained = result.inner_summary()["r_squared"]
    return ({(a, b): beta.loc[b, a] for a, b in PATHS}, outer["loading"].to_dict(),
            {block: explained.loc[block] for block in BLOCKS if any(b == block for _, b in PATHS)})


def apart(ours, theirs):
    return max(abs(ours[key] - theirs[key]) for key in theirs)


def shown(seconds):
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


warnings.simplefilter("ignore")
try:
    import plspm.plspm as peer
    from importlib.metadata import version
    name = "plspm " + version("plspm") + " (Python)"
except ImportError as why:
    peer, name = None, "plspm"
    failures.append(f"plspm is not installed: {why}")

print(f"One thread, {platform.machine()}; processor time, the least of the runs; seven constructs, 24 questions, 12 paths; times with plspm's stop rule on both sides, figures compared where both iterate on until nothing changes\n")
print("| task | respondents | peer | emptor | peer's time | ratio | largest difference of paths, loadings, R2 |")
print("|---|---:|---|---:|---:|---:|---|")
for rows in [n for n in (250, 1_000, 10_000, 100_000) if n <= most]:
    made = answers(rows)
    ours = emptor_side(made, 0)
    sides = [ours] + ([plspm_side(peer, made, 0)] if peer else [])
    seconds, results = race(*sides)
    if not peer:
        print(f"| index model | {rows:,} | {name} | {shown(seconds[0])} | not on this machine | | |")
        continue
    # Both to the end, since the usual stop rule leaves the third digit of weights to the number of passes.
    exact = (emptor_side(made, 0, convention="emptor", scheme="centroid", metric="raw")(), plspm_side(peer, made, 0, 1e-18)())
    differences = [apart(a, b) for a, b in zip(emptor_figures(exact[0]), plspm_figures(exact[1]))]
    if not max(differences) < TOLERANCE:
        failures.append(f"{rows} respondents: the figures differ by {max(differences):.2g}")
    print(f"| index model | {rows:,} | {name} | {shown(seconds[0])} | {shown(seconds[1])} | {seconds[1] / seconds[0]:.3g} "
          f"| {', '.join(f'{one:.1e}' for one in differences)} |")
for rows, resamples in ((250, 20),):
    made = answers(rows)
    plain = race(emptor_side(made, 0))[0][0]
    task = f"{resamples} resamples, and the model"
    ours = race(emptor_side(made, resamples))[0][0]
    try:
        theirs = race(plspm_side(peer, made, resamples))[0][0] if peer else None
    except Exception as why:  # whatever a peer raises is a result, too
        theirs = None
        failures.append(f"plspm does not resample here: {type(why).__name__}: {why}")
    print(f"| {task} | {rows:,} | {name} | {shown(ours)} | {shown(theirs) if theirs else 'none'} "
          f"| {f'{theirs / ours:.3g}' if theirs else ''} | other draws |")
    more = race(emptor_side(made, 10_000))[0][0]
    print(f"| 10,000 resamples, and the model | {rows:,} | none | {shown(more)} | | | model alone {shown(plain)} |")
print("\nseminr (R): " + ("Rscript is here, but this script does not call it" if shutil.which("Rscript") else
                          "not on this machine, which has no R"))
for one in failures:
    print(f"\nFAILURE: {one}")
sys.exit(1 if failures else 0)
