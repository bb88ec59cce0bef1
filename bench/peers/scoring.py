# SPDX-License-Identifier: BSL-1.0
"""Optimal binning, scoring and logistic regression beside optbinning, scorecardpy and scikit-learn: the same rows, the same
rules, the results compared. Prints Markdown; run.sh starts it.

Use: EMPTOR_LIBRARY=.../libemptor.so PYTHON bench/peers/scoring.py [MOST_ROWS]
where PYTHON has what requirements-scoring.txt names. Exit status: 0 done, 1 a peer is missing or results differ.

Cells are counted: one weighted row for each value and outcome, on both sides, so that the pre-bins of optbinning
(user_splits between all values) are the candidates of emptor. The information value of both is worked out here, from the cuts
that each found. optbinning builds its model in Python and solves it with OR-tools; a search that takes longer than the
limit is ended, and the ratio is then a lower bound. Of concave and convex it asks all triples of bins, emptor neighbours."""

import math
import multiprocessing
import resource
import signal
import sys
import warnings

import numpy as np

import emptor_c as emptor
from measure import failures, goals, machine, peer, processor_time, race, shown, told_failures

most_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
LIMIT = 20  # seconds of processor time for a search of optbinning; unless for a quick look 1,000 times what emptor takes
MAX_BINS, MIN_SIZE = 10, 0.05
optbinning, OPTBINNING = peer("optbinning")
scorecardpy, SCORECARDPY = peer("scorecardpy")
sklearn, SKLEARN = peer("sklearn", "scikit-learn")
lines = []


def line(task, rows, name, ours, theirs, agreement, ended=True):
    """theirs: seconds, None where it is not installed; not ended: these have passed without a result."""
    if theirs is None:
        ratio, took = "", "not installed"
    else:
        more, ratio = "" if ended else "> ", theirs / ours
        ratio, took = more + (f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.3g}"), more + shown(theirs)
    lines.append(f"| {task} | {rows:,} | {name} | {shown(ours)} | {took} | {ratio} | {agreement} |")
    print(lines[-1], file=sys.stderr, flush=True)


def numbers(of):
    return {name: (np.ascontiguousarray(array, dtype=np.float64), emptor.FLOAT64) for name, array in of.items()}


def outcomes(columns, outcome, weight=None):
    given = {"outcome": outcome, **{f"characteristics:{name}": array for name, array in columns.items()}}
    if weight is not None:
        given["weight"] = weight
    return emptor.loaded("outcomes", {"rows": numbers(given)})


KEEP_ALL = {"min_information_value": "0", "max_identical_share": "1", "max_missing_share": "1"}


def binned(store, **given):
    return emptor.finished(store, "credit.binning", {**KEEP_ALL, **{name: str(text) for name, text in given.items()}})


def cuts_of(result, characteristic):
    return [
        low
        for name, kind, low in zip(*(emptor.column(result, "bins", column) for column in ("characteristic", "label", "low")))
        if name == characteristic and kind and math.isfinite(low)
    ]


def information_value(values, outcome, weight, cuts):
    """And the rates of the bins [cut, next)."""
    bins = np.searchsorted(np.sort(cuts), values, side="right")
    events = np.bincount(bins, weight * outcome, len(cuts) + 1)
    others = np.bincount(bins, weight * (1 - outcome), len(cuts) + 1)
    p, q = events / events.sum(), others / others.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where((p > 0) & (q > 0), (p - q) * np.log(p / q), 0.0)
    return math.fsum(parts), events / (events + others)


# --- optbinning in a process of its own, which may not finish ------------------------------------------------------------


def searched(pipe, limit, options, values, outcome, weight):
    resource.setrlimit(resource.RLIMIT_CPU, (limit + 1, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    warnings.simplefilter("ignore")

    def run():
        return optbinning.OptimalBinning(name="x", dtype="numerical", **options).fit(values, outcome, sample_weight=weight)

    (seconds,), (made,) = race(run, enough=2.0)
    pipe.send((seconds, made.status, [float(cut) for cut in made.splits]))


def optbinning_of(ours_took, splits, trend, values, outcome, weight):
    """Seconds, status and cuts, by the same rules as emptor's; no cuts where it ended without a result."""
    limit = LIMIT if most_rows <= 100_000 else max(LIMIT, math.ceil(1001 * ours_took))
    options = {"monotonic_trend": trend, "user_splits": splits, "max_n_bins": MAX_BINS, "min_bin_size": MIN_SIZE,
               "time_limit": 100 * limit}  # fmt: skip
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(False)
    process = context.Process(target=searched, args=(theirs, limit, options, values, outcome, weight))
    before = processor_time()
    process.start()
    theirs.close()
    try:
        found = ours.recv()
    except EOFError:  # the kernel ended it, or it did not get the memory that it asked for
        found = None
    process.join()
    if found:
        return found
    return processor_time() - before, "time" if process.exitcode == -signal.SIGXCPU else "8 GB of memory", None


# --- one characteristic, counted cells -----------------------------------------------------------------------------------

TRENDS = {"free": None, **{name: name for name in ("ascending", "descending", "peak", "valley", "concave", "convex", "auto")}}


def counted_cells(count):
    """Values 0, 1, ... whose rates rise, fall and rise, each with events and non-events."""
    draw = np.random.default_rng(count)
    rows = draw.integers(50, 150, count)
    place = np.arange(count) / count
    rate = 0.25 + 0.2 * np.sin(2.5 * math.pi * place) + 0.1 * place
    events = 1 + draw.binomial(rows - 2, rate)
    return np.repeat(np.arange(count), 2).astype(float), np.tile([0, 1], count), np.column_stack([rows - events, events]).ravel()


def compare_cells():
    for count in (20, 77, 200):
        values, outcome, weight = counted_cells(count)
        store = outcomes({"x": values}, outcome, weight)
        for trend, theirs in TRENDS.items():
            task = f"{count} cells, {trend}"
            (ours_took,), (result,) = race(
                lambda: binned(store, trend=trend, max_bins=MAX_BINS, min_size=MIN_SIZE), enough=0.5, most_rounds=50
            )
            ours, _ = information_value(values, outcome, weight, cuts_of(result, "x"))
            if not optbinning:
                line(task, count, OPTBINNING, ours_took, None, f"IV {ours:.6f}")
                continue
            splits = np.arange(1, count) - 0.5
            seconds, status, cuts = optbinning_of(ours_took, splits, theirs, values, outcome, weight)
            if cuts is None:
                line(task, count, OPTBINNING, ours_took, seconds, f"IV {ours:.6f}, no result in that {status}", ended=False)
                continue
            other, rates = information_value(values, outcome, weight, cuts)
            line(task, count, OPTBINNING, ours_took, seconds, f"IV {ours:.6f}, {other:.6f} ({status}), {ours - other:+.1e}")
            if ours < other * (1 - 1e-12):
                failures.append(f"{task}: optbinning's information value is higher by {other - ours:.3g}; its rates {rates}")


def binned_or_one(store, **given):
    """None where no cut keeps the rules, which is an error where there is no other characteristic."""
    try:
        return binned(store, **given)
    except emptor.DataError as why:
        if "one bin" not in str(why):
            raise
        return None


def compare_rules():
    """Small characteristics without a trend of their own, with other sizes and numbers of bins: where rules bind."""
    many = 50 if most_rows <= 100_000 else 500
    higher, lower, spent = 0, 0, [0.0, 0.0]
    for seed in range(many if optbinning else 0):
        draw = np.random.default_rng(seed)
        cells, least, most = int(draw.integers(5, 14)), float(draw.choice([0.05, 0.1, 0.15])), int(draw.integers(3, 9))
        rows = draw.integers(30, 200, cells)
        events = 1 + draw.binomial(rows - 2, draw.uniform(0.05, 0.6, cells))
        values, outcome = np.repeat(np.arange(cells), 2).astype(float), np.tile([0, 1], cells)
        weight = np.column_stack([rows - events, events]).ravel()
        store = outcomes({"x": values}, outcome, weight)
        for trend, theirs in TRENDS.items():
            options = {"user_splits": np.arange(1, cells) - 0.5, "max_n_bins": most, "min_bin_size": least}
            seconds, (result, made) = race(
                lambda: binned_or_one(store, trend=trend, max_bins=most, min_size=least),
                lambda: optbinning.OptimalBinning(monotonic_trend=theirs, **options).fit(values, outcome, sample_weight=weight),
                most_rounds=1,
            )
            spent = [a + b for a, b in zip(spent, seconds)]
            ours, _ = information_value(values, outcome, weight, cuts_of(result, "x") if result else [])
            other, rates = information_value(values, outcome, weight, list(made.splits))
            higher += ours > other + 1e-9
            if ours < other - 1e-12:
                lower += 1
                failures.append(f"seed {seed}, {trend}: optbinning's information value is higher by {other - ours:.3g}; {rates}")
    if optbinning:
        tries = many * len(TRENDS)
        told = f"IV of emptor the same in {tries - higher - lower:,}, higher in {higher:,}, lower in {lower:,}"
        line(f"{many} small characteristics in every trend", tries, OPTBINNING, *spent, told)


# --- many characteristics ------------------------------------------------------------------------------------------------


def compare_many(characteristics=1000, cells=101):
    """Each value of each has a row with either outcome; the others are drawn. One trend, 100 candidate cuts."""
    draw = np.random.default_rng(5)
    rows = 20 * cells
    outcome = draw.integers(0, 2, rows)
    outcome[: 2 * cells] = np.tile([0, 1], cells)
    weight = draw.integers(1, 20, rows)
    columns = {}
    for j in range(characteristics):
        lean = 1.0 + 0.5 * draw.uniform()
        values = np.floor(cells * draw.uniform(size=rows) ** np.where(outcome == 1, 1 / lean, lean))
        values[: 2 * cells] = np.repeat(np.arange(cells), 2)
        columns[f"x{j}"] = values
    store = outcomes(columns, outcome, weight)
    given = {"trend": "ascending", "max_bins": MAX_BINS, "min_size": MIN_SIZE}
    (ours_took,), (result,) = race(lambda: binned(store, **given), enough=3.0)
    task = f"{characteristics:,} characteristics of {cells - 1} candidate cuts, ascending"
    if not optbinning:
        return line(task, characteristics, OPTBINNING, ours_took, None, "")
    some, spent, gained = 3, 0.0, []
    for j in range(some):
        values = columns[f"x{j}"]
        seconds, status, cuts = optbinning_of(0.0, np.arange(1, cells) - 0.5, "ascending", values, outcome, weight)
        if cuts is None:
            least = seconds * characteristics
            return line(task, characteristics, OPTBINNING, ours_took, least, f"no result in that {status}", ended=False)
        spent += seconds
        ours, _ = information_value(values, outcome, weight, cuts_of(result, f"x{j}"))
        other, _ = information_value(values, outcome, weight, cuts)
        gained.append(ours - other)
        if ours < other * (1 - 1e-12):
            failures.append(f"{task}: optbinning's information value of x{j} is higher by {other - ours:.3g}")
    line(task, characteristics, f"{OPTBINNING}, {some} of them x {characteristics / some:.0f}", ours_took,
         spent * characteristics / some, f"IV {min(gained):+.1e} and more")  # fmt: skip


# --- raw rows --------------------------------------------------------------------------------------------------------------


def compare_raw():
    rows = min(most_rows, 1_000_000)
    draw = np.random.default_rng(7)
    values = draw.normal(size=rows)
    outcome = (draw.uniform(size=rows) < 1 / (1 + np.exp(1.5 - 0.8 * values))).astype(np.int64)
    ones = np.ones(rows)
    given = {"trend": "auto", "max_bins": MAX_BINS, "min_size": MIN_SIZE}
    table = numbers({"outcome": outcome, "characteristics:x": values})
    (whole,), (result,) = race(lambda: binned(emptor.loaded("outcomes", {"rows": table}), **given), enough=4.0)
    ours, _ = information_value(values, outcome, ones, cuts_of(result, "x"))
    task = "Raw rows pushed and binned"

    def beside(name, run, cuts, note=""):
        (seconds,), (made,) = race(run, enough=4.0)
        other, _ = information_value(values, outcome, ones, cuts(made))
        line(task, rows, name, whole, seconds, f"IV {ours:.6f}, {other:.6f}{note}")

    if optbinning:
        options = {"monotonic_trend": "auto", "max_n_bins": MAX_BINS, "min_bin_size": MIN_SIZE}
        beside(f"{OPTBINNING}, its own pre-bins", lambda: optbinning.OptimalBinning(**options).fit(values, outcome),
               lambda made: made.splits)  # fmt: skip
    else:
        line(task, rows, OPTBINNING, whole, None, "")
    if scorecardpy:
        import pandas

        frame = pandas.DataFrame({"x": values, "y": outcome})
        beside(f"{SCORECARDPY}, tree", lambda: scorecardpy.woebin(frame, y="y", no_cores=1, print_info=False),
               lambda made: [float(cut) for cut in made["x"]["breaks"] if math.isfinite(float(cut))],
               ", no trend")  # fmt: skip
    else:
        line(task, rows, SCORECARDPY, whole, None, "")
    if sklearn:
        from sklearn.preprocessing import KBinsDiscretizer
        from sklearn.tree import DecisionTreeClassifier

        column = values.reshape(-1, 1)
        beside(f"{SKLEARN}, KBinsDiscretizer",
               lambda: KBinsDiscretizer(MAX_BINS, strategy="quantile", subsample=None).fit(column),
               lambda made: made.bin_edges_[0][1:-1], ", quantiles")  # fmt: skip
        beside(f"{SKLEARN}, DecisionTreeClassifier",
               lambda: DecisionTreeClassifier(max_leaf_nodes=MAX_BINS, min_samples_leaf=MIN_SIZE).fit(column, outcome),
               lambda made: made.tree_.threshold[made.tree_.feature >= 0], ", no trend")  # fmt: skip
    else:
        line(task, rows, SKLEARN, whole, None, "")


# --- scoring ---------------------------------------------------------------------------------------------------------------

SCALE = {"base_points": "600", "base_odds": "50", "odds_of": "non_events", "points_to_multiply": "20"}


def applicants(rows, characteristics=12):
    draw = np.random.default_rng(11)
    columns = {f"x{j}": np.round(draw.normal(size=rows) * 100, 1) for j in range(characteristics)}
    log_odds = -2.0 + sum((0.1 + 0.05 * j) * columns[f"x{j}"] / 100 for j in range(characteristics))
    return columns, (draw.uniform(size=rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)


def compare_scores():
    columns, outcome = applicants(20_000)
    store = outcomes(columns, outcome)
    bins = emptor.model_of(binned(store, max_bins=8, min_size=MIN_SIZE, trend="monotonic"))
    fitted = emptor.finished(store, "credit.scorecard", SCALE, {"binning": bins})
    card = emptor.model_of(fitted)
    points = {name: emptor.column(fitted, "points", name) for name in ("characteristic", "kind", "low", "high", "points")}
    base = emptor.column(emptor.tables_of_model(fitted), "scale", "base_points")[0]
    cuts = {
        name: [low for one, low in zip(points["characteristic"], points["low"]) if one == name and math.isfinite(low)]
        for name in columns
    }
    task = "Scores of 12 characteristics"

    def beside(name, rows, make, tolerance):
        scored, _ = applicants(rows)
        plan = emptor.Plan(card, numbers({f"characteristics:{label}": array for label, array in scored.items()}), ["score"])
        if make is None:
            return line(task, rows, name, race(plan.score, enough=1.0)[0][0], None, "")
        (ours_took, seconds), (ours, theirs) = race(plan.score, make(scored), enough=6.0)
        apart = float(np.max(np.abs(ours[0] - np.asarray(theirs, dtype=float).ravel())))
        line(task, rows, name, ours_took, seconds, f"{apart:.1e} points")
        if not apart <= tolerance:
            failures.append(f"{task}: {name} differs by {apart:.3g} points")

    def of_optbinning(scored):
        import pandas
        from sklearn.linear_model import LogisticRegression

        own = {
            name: {"user_splits": cuts[name], "user_splits_fixed": [True] * len(cuts[name]), "monotonic_trend": None}
            for name in columns
        }
        process = optbinning.BinningProcess(list(columns), binning_fit_params=own)
        made = optbinning.Scorecard(
            process, LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10), scaling_method="pdo_odds",
            scaling_method_params={"pdo": 20, "odds": 50, "scorecard_points": 600},
        )  # fmt: skip
        made.fit(pandas.DataFrame(columns), outcome)
        frame = pandas.DataFrame(scored)
        return lambda: made.score(frame)

    def of_scorecardpy(scored):
        import pandas

        # Its own form of a scorecard, filled with emptor's points.
        rows = {"basepoints": pandas.DataFrame({"variable": ["basepoints"], "bin": [np.nan], "points": [base]})}
        for name in columns:
            mine = [i for i, one in enumerate(points["characteristic"]) if one == name]
            low = ["-inf" if math.isnan(points["low"][i]) else points["low"][i] for i in mine]
            high = ["inf" if math.isnan(points["high"][i]) else points["high"][i] for i in mine]
            labels = [f"[{a},{b})" for a, b in zip(low, high)]
            rows[name] = pandas.DataFrame({"variable": name, "bin": labels, "points": [points["points"][i] for i in mine]})
        frame = pandas.DataFrame(scored)
        return lambda: scorecardpy.scorecard_ply(frame, rows, print_step=0)["score"]

    beside(OPTBINNING, min(most_rows, 1_000_000), of_optbinning if optbinning else None, 1e-6)
    beside(SCORECARDPY, min(most_rows, 100_000), of_scorecardpy if scorecardpy else None, 1e-6)


# --- logistic regression -----------------------------------------------------------------------------------------------------


def compare_fits(characteristics=30, levels=6):
    rows = min(most_rows, 1_000_000)
    draw = np.random.default_rng(13)
    columns = {f"x{j}": draw.integers(0, levels, rows).astype(float) for j in range(characteristics)}
    log_odds = -2.0 + sum((0.2 + 0.02 * j) * (columns[f"x{j}"] / levels - 0.5) for j in range(characteristics))
    outcome = (draw.uniform(size=rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
    store = outcomes(columns, outcome)
    fit_of_bins = binned(store, trend="free", min_size=0, max_bins=levels)
    bins = emptor.model_of(fit_of_bins)
    evidence = np.empty((rows, characteristics))
    found = {name: emptor.column(fit_of_bins, "bins", name) for name in ("characteristic", "low", "woe", "count")}
    for j, name in enumerate(columns):
        mine = [i for i, one in enumerate(found["characteristic"]) if one == name and found["count"][i] > 0]
        cuts = [found["low"][i] for i in mine[1:]]
        evidence[:, j] = found["woe"][mine][np.searchsorted(cuts, columns[name], side="right")]
    (ours_took,), (fitted,) = race(lambda: emptor.finished(store, "credit.scorecard", SCALE, {"binning": bins}), enough=4.0)
    names, values = (emptor.column(fitted, "coefficients", column) for column in ("characteristic", "coefficient"))
    by_name = dict(zip(names, values))
    intercept = next(value for name, value in by_name.items() if not name)
    ours = np.array([intercept] + [by_name[name] for name in columns])
    task = f"Scorecard fit of {characteristics} characteristics, with its tests; scikit-learn: the coefficients alone"
    if not sklearn:
        return line(task, rows, SKLEARN, ours_took, None, "")
    from sklearn.linear_model import LogisticRegression

    for solver, tolerance in (("newton-cholesky", 1e-8), ("lbfgs", 1e-7)):
        (seconds,), (made,) = race(
            lambda: LogisticRegression(C=np.inf, solver=solver, tol=tolerance, max_iter=1000).fit(evidence, outcome), enough=4.0
        )
        apart = float(np.max(np.abs(np.append(made.intercept_, made.coef_[0]) - ours)))
        line(task, rows, f"{SKLEARN}, {solver}", ours_took, seconds, f"{apart:.1e} of the coefficients")
        if not apart < 1e-3:
            failures.append(f"{task}: {solver} differs by {apart:.3g}")


GOALS = [
    ("1,000 characteristics of 100 counted cells, ascending, two threads", "binning", "thousand_characteristics/threads:2/real_time", 1.0),
    ("1,000,000 raw rows binned, ascending", "binning", "raw_rows/1000000", 0.2),
    ("Logistic regression of 1,000,000 rows and 30 columns, two threads", "scorecard", "Logistic/1M_rows/columns:30/threads:2/real_time", 1.0),
]  # fmt: skip

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    compare_cells()
    compare_rules()
    compare_many()
    compare_raw()
    compare_scores()
    compare_fits()
    print(machine() + "\n")
    print("| task | rows | peer | emptor | peer's time | ratio | results |")
    print("|---|---:|---|---:|---:|---:|---|")
    print("\n".join(lines) + "\n")
    print("\n".join(goals(GOALS)))
    sys.exit(told_failures())
