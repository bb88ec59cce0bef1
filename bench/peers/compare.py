# SPDX-License-Identifier: BSL-1.0
"""Measures emptor and its peers on the same rows and prints what came out as Markdown. run.sh starts it.

Each figure is the least processor time of several runs in which the sides take turns (of one run where that
takes a minute), on one thread each. emptor is called through its C interface. What a peer does before its
first row, such as loading a table, does not count."""

import contextlib
import importlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import warnings

import numpy as np

import emptor_c as emptor

folder, most_rows = sys.argv[1], int(sys.argv[2])
failures = []
lines = []
PARETO = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
BG = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
HORIZON = 39.0
THREE = "P(alive), expected and discounted expected orders"


def peer(name):
    """The peer's module, or None: that it is missing is a result, too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError as why:
        failures.append(f"{name} is not installed: {why}")
        return None


lifetimes, polars, duckdb = peer("lifetimes"), peer("polars"), peer("duckdb")


def columns(table, types, rows=None):
    count = -1 if rows is None else rows
    return {name: np.fromfile(f"{folder}/{table}.{name}", dtype, count) for name, dtype in types.items()}


def customers(table, rows):
    return columns(table, {"frequency": np.float64, "recency": np.float64, "age": np.float64}, rows)


def as_numbers(of):
    return {name: (array, emptor.FLOAT64) for name, array in of.items()}


def race(*sides):
    """The least seconds of each side, and what it returned last."""
    fastest, results = [float("inf")] * len(sides), [None] * len(sides)
    start, rounds, spent = time.process_time(), 0, 0.0
    while rounds == 0 or spent < 3.0 or (rounds < 3 and spent < 60.0):
        rounds += 1
        for i, side in enumerate(sides):
            results[i] = None  # freed outside the time measured
            before = time.process_time()
            results[i] = side()
            fastest[i] = min(fastest[i], time.process_time() - before)
        spent = time.process_time() - start
    return fastest, results


def shown(seconds):
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def line(task, rows, name, ours, theirs, agreement):
    lines.append(
        f"| {task} | {rows:,} | {name} | {shown(ours)} | {shown(theirs)} "
        f"| {theirs / ours:.3g} | {agreement} |"
    )
    print(lines[-1], file=sys.stderr)


def failed_line(task, name):
    lines.append(f"| {task} | | {name} | | not installed | | |")


def difference(ours, theirs, tolerance, task):
    """The largest relative difference where the peer has a number, and where it has none."""
    numbers = np.isfinite(theirs)
    scale = np.maximum(np.abs(theirs[numbers]), 1e-290)
    largest = float(np.max(np.abs(ours[numbers] - theirs[numbers]) / scale, initial=0.0))
    without = int(np.count_nonzero(~numbers))
    if largest > tolerance or not np.all(np.isfinite(ours)):
        failures.append(f"{task}: the results differ by {largest:.2g}")
    return f"{largest:.1e}" + (f", {without:,} rows without a number in the peer" if without else "")


# --- lifetimes: scores and fits -------------------------------------------------------------------


def fitter_of(name, parameters):
    import pandas

    made = getattr(lifetimes, name)()
    made.params_ = pandas.Series(parameters)
    return made


def plan_of(entry, parameters, rows, outputs):
    asked = {"horizon": str(HORIZON), "discount_rate": "0.1"}
    return emptor.Plan(emptor.model(entry, parameters, {"unit": "week"}), as_numbers(rows), outputs, asked)


MODELS = [
    ("value.pareto_nbd", "Pareto/NBD", PARETO, "ParetoNBDFitter", "pareto_nbd"),
    ("value.bg_nbd", "BG/NBD", BG, "BetaGeoFitter", "bg_nbd"),
]


def compare_scores():
    rows = customers("distinct", min(most_rows, 1_000_000))
    x, recency, age = rows.values()
    for entry, title, parameters, fitter_name, _ in MODELS:
        fitter = fitter_of(fitter_name, parameters)
        alive = lambda: fitter.conditional_probability_alive(x, recency, age)
        orders = lambda: fitter.conditional_expected_number_of_purchases_up_to_time(HORIZON, x, recency, age)
        tasks = {
            f"{title}: P(alive)": (["probability_alive"], lambda: [alive()]),
            f"{title}: expected orders": (["expected_orders"], lambda: [orders()]),
            f"{title}: both": (["probability_alive", "expected_orders"], lambda: [alive(), orders()]),
        }
        for task, (outputs, theirs) in tasks.items():
            plan = plan_of(entry, parameters, rows, outputs)
            (ours_took, peer_took), (ours, other) = race(plan.score, theirs)
            agreement = difference(
                np.concatenate(ours), np.concatenate([np.asarray(one) for one in other]), 1e-6, task
            )
            line(task, len(x), PEERS["lifetimes"], ours_took, peer_took, agreement)


def compare_fits():
    for entry, title, parameters, fitter_name, table in MODELS:
        for count in [n for n in (10_000, 100_000) if n <= most_rows]:
            rows = customers(table, count)
            x, recency, age = rows.values()
            fitter = getattr(lifetimes, fitter_name)()

            def theirs():
                with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                    warnings.simplefilter("ignore")
                    return fitter.fit(x, recency, age)

            (ours_took, peer_took), (ours, _) = race(lambda: emptor.fit(entry, as_numbers(rows)), theirs)
            found = dict(zip(parameters, emptor.column(emptor.tables_of_model(ours), "parameters", "value")))
            apart = max(abs(found[name] / fitter.params_[name] - 1) for name in parameters)
            gained = (
                likelihood(fitter, fitter_name, fitter.params_, rows)
                - likelihood(fitter, fitter_name, found, rows)
            ) * count
            if gained < -1e-6:
                failures.append(f"{title} fit: the peer's log-likelihood is higher by {-gained:.3g}")
            line(
                f"{title}: fit, daily clock",
                count,
                PEERS["lifetimes"],
                ours_took,
                peer_took,
                f"parameters {apart:.1e}, log-likelihood {gained:+.2g}",
            )


def likelihood(fitter, fitter_name, parameters, rows):
    """The peer's own mean negative log-likelihood."""
    given = np.array([parameters[name] for name in fitter.params_.index])
    x, recency, age = rows.values()
    if fitter_name == "BetaGeoFitter":
        given = np.log(given)
    return fitter._negative_log_likelihood(given, x.astype(int), recency, age, np.ones(len(x)), 0.0)


# --- group-bys: customer and day, then customer ---------------------------------------------------


def order_lines(count):
    return columns(f"orders_{count}", {"customer": np.int64, "date": np.int32, "amount": np.int64})


def order_columns(rows):
    return {
        "customer": (rows["customer"], emptor.INT64),
        "date": (rows["date"], emptor.DATE32),
        "amount": (rows["amount"], emptor.MONEY),
    }


def summary_of(rows):
    return emptor.reduce("order_history", "value.summary", order_columns(rows))


def polars_side(rows, with_spend, engine):
    frame = polars.DataFrame(rows)
    column = polars.col
    per_customer = [
        polars.len().alias("orders"),
        column("date").min().alias("first"),
        column("date").max().alias("last"),
        column("amount").sum().alias("total"),
    ]
    if with_spend:
        per_customer.append(column("amount").get(column("date").arg_min()).alias("on_first"))
    days = frame.lazy().group_by("customer", "date").agg(column("amount").sum())
    return lambda: days.group_by("customer").agg(per_customer).collect(engine=engine)


def duckdb_lines(rows):
    import pandas

    connection = duckdb.connect()
    connection.execute("set threads = 1; set preserve_insertion_order = false")
    frame = pandas.DataFrame(rows)  # found by its name
    connection.execute("create table lines as select * from frame")
    return connection


def duckdb_side(rows, with_spend):
    connection = duckdb_lines(rows)
    spend = ", arg_min(amount, date) as on_first" if with_spend else ""
    query = f"""create or replace temp table made as
        select customer, count(*) as orders, min(date) as first, max(date) as last,
            sum(amount)::bigint as total {spend}
        from (select customer, date, sum(amount)::bigint as amount from lines group by customer, date)
        group by customer"""

    def run():
        connection.execute(query)
        return connection

    return run


def agreement_of_summaries(ours, made, with_spend, task):
    """Whether all figures are the same; the mean spend is a quotient of two whole numbers."""
    order = np.argsort(np.array(emptor.column(ours, "summary", "customer"), dtype=np.int64))
    own = {
        name: np.asarray(emptor.column(ours, "summary", name))[order]
        for name in ("frequency", "first_order", "last_order", "total_amount", "monetary_value")
    }
    other = {name: made[name][np.argsort(made["customer"])] for name in made}
    same = (
        np.array_equal(own["frequency"] + 1, other["orders"])
        and np.array_equal(own["first_order"], other["first"])
        and np.array_equal(own["last_order"], other["last"])
        and np.array_equal(own["total_amount"], other["total"])
    )
    if not same:
        failures.append(f"{task}: the summaries differ")
        return "differs"
    if not with_spend:
        return "equal"
    again = other["orders"] > 1
    spend = (other["total"] - other["on_first"])[again] / (other["orders"] - 1)[again] / 100.0
    return difference(own["monetary_value"][again], spend, 1e-14, task)


def compare_summaries(with_spend):
    task = "Summary of order lines" + (" with monetary value" if with_spend else "")
    for count in [10**n for n in range(4, 8) if 10**n <= most_rows]:
        rows = order_lines(count)
        sides, names = [lambda: summary_of(rows)], []
        if polars:
            for engine in ("in-memory", "streaming"):
                sides.append(polars_side(rows, with_spend, engine))
                names.append(f"{PEERS['polars']}, {engine}")
        if duckdb:
            sides.append(duckdb_side(rows, with_spend))
            names.append(PEERS["duckdb"])
        (ours_took, *took), (ours, *results) = race(*sides)
        for name, seconds, result in zip(names, took, results):
            made = (
                result.execute("select * from made").fetchnumpy()
                if name == PEERS["duckdb"]
                else {one.name: one.to_numpy() for one in result}
            )
            line(task, count, name, ours_took, seconds, agreement_of_summaries(ours, made, with_spend, task))


# --- portfolio: RFM scores, ABC classes --------------------------------------------------------------

PER_CUSTOMER = """
    select customer, count(*) as orders, max(date) as last, sum(amount)::bigint as total
    from (select customer, date, sum(amount)::bigint as amount from lines group by customer, date)
    group by customer"""
FIFTHS = [0.2, 0.4, 0.6, 0.8]


def fifths_in_sql(of, best):
    """1 to 5 by the quintiles of a measure, `best` = whether small or large is good."""
    above = " + ".join(f"({of} > {of}_cuts[{i}])::bigint" for i in range(1, 5))
    return f"5 - ({above})" if best == "small" else f"1 + {above}"


RFM = f"""create or replace temp table made as
    with summaries as ({PER_CUSTOMER}),
    measures as (select *, (select max(last) from summaries) - last as recency from summaries),
    cuts as (select quantile_cont(recency, {FIFTHS}) as recency_cuts, quantile_cont(orders, {FIFTHS}) as orders_cuts,
        quantile_cont(total, {FIFTHS}) as total_cuts from measures)
    select customer, {fifths_in_sql("recency", "small")} as r, {fifths_in_sql("orders", "large")} as f,
        {fifths_in_sql("total", "large")} as m from measures, cuts"""
ABC = f"""create or replace temp table made as
    with summaries as ({PER_CUSTOMER}),
    ranked as (select customer, total, sum(total) over () as whole, coalesce(sum(total) over (
        order by total desc range between unbounded preceding and 1 preceding), 0) as larger from summaries)
    select customer, total, case when larger * 100 < whole * 80 then 0 when larger * 100 < whole * 95 then 1
        else 2 end as class from ranked"""


def duckdb_portfolio_side(rows, query):
    connection = duckdb_lines(rows)

    def run():
        connection.execute(query)
        return connection

    return run


def polars_summaries(rows):
    column = polars.col
    days = polars.DataFrame(rows).lazy().group_by("customer", "date").agg(column("amount").sum())
    return days.group_by("customer").agg(
        polars.len().cast(polars.Int64).alias("orders"), column("date").max().alias("last"), column("amount").sum().alias("total")
    )


def polars_rfm_side(rows):
    column = polars.col
    measures = polars_summaries(rows).with_columns((column("last").max() - column("last")).alias("recency"))

    def above(name):
        return sum((column(name) > column(name).quantile(q, "linear")).cast(polars.Int64) for q in FIFTHS)

    scored = measures.select(
        "customer", (5 - above("recency")).alias("r"), (1 + above("orders")).alias("f"), (1 + above("total")).alias("m")
    )
    return lambda: scored.collect(engine="streaming")


def polars_abc_side(rows):
    column = polars.col
    sums = polars_summaries(rows).sort("total", descending=True).with_columns(
        (column("total").cum_sum() - column("total")).alias("before")
    )
    ranked = sums.with_columns(column("before").min().over("total").alias("larger"))  # customers of one amount are together
    share, whole = column("larger") * 100, column("total").sum()
    classes = (share >= whole * 80).cast(polars.Int64) + (share >= whole * 95).cast(polars.Int64)
    return lambda: ranked.select("customer", "total", classes.alias("class")).collect(engine="streaming")


def agreement_of_columns(ours, names, made, task):
    order = np.argsort(np.array(emptor.column(ours, "customers", "customer"), dtype=np.int64))
    by_customer = np.argsort(made["customer"])
    same = all(
        np.array_equal(np.asarray(emptor.column(ours, "customers", own))[order], made[other][by_customer])
        for own, other in names.items()
    )
    if not same:
        failures.append(f"{task}: the results differ")
    return "equal" if same else "differs"


def compare_portfolio():
    tasks = [
        ("RFM scores by quintiles from loaded order lines", "value.rfm", {"method": "quantiles"}, RFM, polars_rfm_side,
         {"recency_score": "r", "frequency_score": "f", "monetary_score": "m"}),
        ("ABC classes from loaded order lines", "value.concentration", {}, ABC, polars_abc_side,
         {"amount": "total", "class": "class"}),
    ]  # fmt: skip
    for count in [10**n for n in range(4, 8) if 10**n <= most_rows]:
        rows = order_lines(count)
        store = emptor.loaded("order_history", {None: order_columns(rows)})
        for task, entry, given, query, polars_side_of, names in tasks:
            sides, peers = [lambda: emptor.finished(store, entry, given)], []
            if polars:
                sides.append(polars_side_of(rows))
                peers.append(f"{PEERS['polars']}, streaming")
            if duckdb:
                sides.append(duckdb_portfolio_side(rows, query))
                peers.append(PEERS["duckdb"])
            (ours_took, *took), (ours, *results) = race(*sides)
            for name, seconds, result in zip(peers, took, results):
                made = (
                    result.execute("select * from made").fetchnumpy()
                    if name == PEERS["duckdb"]
                    else {one.name: one.to_numpy() for one in result}
                )
                line(task, count, name, ours_took, seconds, agreement_of_columns(ours, names, made, task))


# --- ageing of a loaded ledger ---------------------------------------------------------------------

KINDS = ["invoice", "debit_note", "refund", "credit_note", "payment", "write_off", "discount"]
DEBITS = "(0, 1, 2)"
AS_OF = 20453  # 2025-12-31
AGEING = f"""
    select customer, sum(open) as balance,
        sum(case when kind in {DEBITS} and due < {AS_OF} then open else 0 end) as overdue,
        sum(case when kind in {DEBITS} then 0 else open end) as unallocated,
        sum(case when kind in {DEBITS} and due >= {AS_OF} then open else 0 end) as not_due,
        sum(case when kind in {DEBITS} and {AS_OF} - due between 1 and 30 then open else 0 end) as to_30,
        sum(case when kind in {DEBITS} and {AS_OF} - due between 31 and 60 then open else 0 end) as to_60,
        sum(case when kind in {DEBITS} and {AS_OF} - due between 61 and 90 then open else 0 end) as to_90,
        sum(case when kind in {DEBITS} and {AS_OF} - due > 90 then open else 0 end) as beyond
    from (
        select customer, kind, due,
            (case when kind in {DEBITS} then 1 else -1 end) * (amount - coalesce(moved, 0)) as open
        from items left join (
            select document, sum(amount) as moved from (
                select document, amount from settlements where date <= {AS_OF}
                union all
                select settling, amount from settlements where date <= {AS_OF})
            group by document) as settled using (document)
        where date <= {AS_OF})
    group by customer"""


def ledger_rows(count):
    items = columns(f"items_{count}", {"document": np.int64, "customer": np.int64, "kind": np.int32,
                                       "amount": np.int64, "date": np.int32, "due": np.int32})  # fmt: skip
    settlements = columns(f"settlements_{count}", {"document": np.int64, "settling": np.int64,
                                                   "date": np.int32, "amount": np.int64})  # fmt: skip
    return items, settlements


def ageing_side(items, settlements):
    kinds = emptor.texts([KINDS[kind] for kind in items["kind"]])
    store = emptor.loaded("ledger", {
        "items": {
            "document": (items["document"], emptor.INT64),
            "customer": (items["customer"], emptor.INT64),
            "kind": (kinds, emptor.CSTRING),
            "amount": (items["amount"], emptor.MONEY),
            "document_date": (items["date"], emptor.DATE32),
            "due_date": (items["due"], emptor.DATE32),
        },
        "settlements": {
            "document": (settlements["document"], emptor.INT64),
            "settling_document": (settlements["settling"], emptor.INT64),
            "date": (settlements["date"], emptor.DATE32),
            "amount": (settlements["amount"], emptor.MONEY),
        },
    })  # fmt: skip
    return lambda: emptor.finished(store, "credit.ageing", {"as_of": "2025-12-31", "by": "due_date"})


def sqlite_side(items, settlements):
    connection = sqlite3.connect(":memory:")
    for name, of in (("items", items), ("settlements", settlements)):
        connection.execute(f"create table {name} ({', '.join(of)})")
        places = ", ".join("?" * len(of))
        connection.executemany(f"insert into {name} values ({places})", zip(*(one.tolist() for one in of.values())))
    return lambda: np.array(connection.execute(AGEING + " order by customer").fetchall(), dtype=np.int64).T


def duckdb_ageing_side(items, settlements):
    import pandas

    connection = duckdb.connect()
    connection.execute("set threads = 1; set preserve_insertion_order = false")
    for name, of in (("items", items), ("settlements", settlements)):
        frame = pandas.DataFrame(of)  # found by its name
        connection.execute(f"create table {name} as select * from frame")

    def run():
        return np.array(list(connection.execute(AGEING).fetchnumpy().values())).astype(np.int64)

    return run


def agreement_of_ageing(ours, theirs, task):
    order = np.argsort(np.array(emptor.column(ours, "balances", "customer"), dtype=np.int64))
    own = [np.asarray(emptor.column(ours, "balances", name))[order] for name in ("balance", "overdue", "unallocated")]
    other = theirs[:, np.argsort(theirs[0])]
    buckets = np.asarray(emptor.column(ours, "totals", "amount"))
    same = all(np.array_equal(a, b) for a, b in zip(own, other[1:4]))
    sums = np.append(other[4:].sum(axis=1), other[3].sum())
    same = same and sorted(buckets[buckets != 0]) == sorted(sums[sums != 0])
    if not same:
        failures.append(f"{task}: the balances differ")
    return "equal" if same else "differs"


def compare_ageing():
    task = "Ageing of a loaded ledger"
    for count in [10**n for n in range(4, 8) if 10**n <= most_rows]:
        rows = ledger_rows(count)
        sides, names = [ageing_side(*rows)], []
        if count <= 1_000_000:
            sides.append(sqlite_side(*rows))
            names.append(f"SQLite {sqlite3.sqlite_version}")
        if duckdb:
            sides.append(duckdb_ageing_side(*rows))
            names.append(PEERS["duckdb"])
        (ours_took, *took), (ours, *results) = race(*sides)
        for name, seconds, result in zip(names, took, results):
            line(task, len(rows[0]["document"]), name, ours_took, seconds, agreement_of_ageing(ours, result, task))


# --- growth ---------------------------------------------------------------------------------------


def growth():
    sizes = [10**n for n in range(4, 8) if 10**n <= most_rows]
    table = [
        "| emptor, ns a row | " + " | ".join(f"{n:,}" for n in sizes) + " |",
        "|---|" + "---:|" * len(sizes),
    ]

    def add(title, make):
        cells = []
        for count in sizes:
            cells.append(f"{race(make(count))[0][0] / count * 1e9:.3g}")
        table.append(f"| {title} | " + " | ".join(cells) + " |")

    def scores(entry, parameters, outputs, source="distinct"):
        return lambda count: plan_of(entry, parameters, customers(source, count), outputs).score

    def fits(entry, source):
        return lambda count: (lambda rows=customers(source, count): emptor.fit(entry, as_numbers(rows)))

    add("Summary of order lines", lambda count: (lambda rows=order_lines(count): summary_of(rows)))
    for entry, title, parameters, _, source in MODELS:
        add(f"{title}: P(alive)", scores(entry, parameters, ["probability_alive"]))
        add(f"{title}: expected orders", scores(entry, parameters, ["expected_orders"]))
        add(f"{title}: fit, daily clock", fits(entry, source))
    three = ["probability_alive", "expected_orders", "discounted_expected_orders"]
    add(f"Pareto/NBD: {THREE}", scores("value.pareto_nbd", PARETO, three))
    add(f"Pareto/NBD: {THREE}, daily clock", scores("value.pareto_nbd", PARETO, three, "pareto_nbd"))
    return table


# --- goals ----------------------------------------------------------------------------------------

# What, the benchmark of bench/value.cpp, the unit, what is asked of each instruction set.
GOALS = [
    (f"Pareto/NBD: {THREE}", "value.pareto_nbd/three scores/compiled/1000000", "ns a row",
     {"avx512": 32, "avx2": 48, "baseline": 115}),
    (f"Pareto/NBD: {THREE}, daily clock", "value.pareto_nbd/three scores, clock of days/compiled/1000000",
     "ns a row", {"avx512": 12}),
    ("BG/NBD: expected orders", "value.bg_nbd/expected_orders/compiled/1000000", "ns a row", {"avx512": 25}),
    ("BG/NBD: P(alive) of 1,000,000 rows", "value.bg_nbd/probability_alive/compiled/1000000",
     "times moving its columns", {"avx512": 5, "avx2": 7}),
    ("BG/NBD: P(alive) of 10,000,000 rows", "value.bg_nbd/probability_alive/compiled/10000000",
     "times moving its columns", {"avx512": 5, "avx2": 7}),
    ("Pareto/NBD: fit of 100,000 customers, daily clock", "value.pareto_nbd/fit/compiled/100000", "s",
     {"avx512": 0.06}),
    ("Pareto/NBD: fit of 1,000,000 customers, daily clock", "value.pareto_nbd/fit/compiled/1000000", "s",
     {"avx512": 0.4}),
    ("Summary of 10,000,000 order lines", "value.summary/push and finish/compiled/10000000", "s", {"avx512": 1.2}),
]
MOVING = "Limit/three in, one out/"
NEEDS = {"avx512": "avx512bw", "avx2": "avx2", "baseline": "sse2"}  # as the kernel names them


def goals():
    """Each figure is the median of five runs; the limit is measured in the same runs."""
    table = ["| goal | instruction set | asked: at most | reached |", "|---|---|---:|---:|"]
    for isa in ("avx512", "avx2", "baseline"):
        asked_here = [one for one in GOALS if isa in one[3]]
        if NEEDS[isa] not in instructions:
            table += [f"| {one[0]} | {isa} | {one[3][isa]:g} {one[2]} | this machine has none |" for one in asked_here]
            continue
        names = [MOVING + rows for rows in ("1000000", "10000000")] + [one[1] for one in asked_here]
        ran = subprocess.run(
            [os.environ["EMPTOR_BENCH"] + "/value", "--benchmark_format=json", "--benchmark_repetitions=5",
             "--benchmark_min_time=0.2", "--benchmark_filter=^(" + "|".join(names).replace(".", "[.]") + ")$"],
            env={**os.environ, "EMPTOR_FORCE_ISA": isa}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        found = {
            one["run_name"]: one["cpu_time"] * {"ns": 1e-9, "ms": 1e-3}[one["time_unit"]]
            for one in json.loads(ran.stdout)["benchmarks"]
            if one.get("aggregate_name") == "median"
        }
        for title, name, unit, asked in asked_here:
            limit = found.get(MOVING + name.rsplit("/", 1)[1])
            reached = found[name] / {"ns a row": 1e-3, "s": 1.0, "times moving its columns": limit}[unit]
            table.append(f"| {title} | {isa} | {asked[isa]:g} {unit} | {reached:.3g} |")
    return table


PEERS = {"lifetimes": "lifetimes", "polars": "polars", "duckdb": "DuckDB"}
for module_name, module in (("lifetimes", lifetimes), ("polars", polars), ("duckdb", duckdb)):
    if module:
        PEERS[module_name] += f" {module.__version__}"
warnings.simplefilter("ignore")
np.seterr(all="ignore")
with open("/proc/cpuinfo", encoding="utf-8") as information:
    told = {name.strip(): text.strip() for name, found, text in (row.partition(":") for row in information) if found}
    processor, instructions = told.get("model name", "unknown"), told.get("flags", "").split()
if lifetimes:
    compare_scores()
    compare_fits()
else:
    failed_line("Pareto/NBD and BG/NBD: scores and fits", "lifetimes")
for name, module in (("polars", polars), ("DuckDB", duckdb)):
    if not module:
        failed_line("Summary of order lines", name)
compare_summaries(False)
compare_summaries(True)
compare_portfolio()
compare_ageing()
print(
    f"emptor {emptor.library.emptor_version().decode()} on {processor}, "
    f"{emptor.library.emptor_isa_name().decode()}, one thread; load {os.getloadavg()[0]:.1f}\n"
)
print("| task | rows | peer | emptor | peer's time | ratio | largest relative difference |")
print("|---|---:|---|---:|---:|---:|---|")
print("\n".join(lines) + "\n")
print("\n".join(goals()) + "\n")
print("\n".join(growth()))
for failure in failures:
    print(f"bench/peers: {failure}", file=sys.stderr)
sys.exit(1 if failures else 0)
