# SPDX-License-Identifier: BSL-1.0
"""Stores: push, merge, erase, files, and entries that finish from them."""

import copy
import pickle
import threading
import warnings
from decimal import Decimal

import numpy as np
import pytest

import emptor


def halves(table):
    return [{name: values[part] for name, values in table.items()} for part in (slice(0, 2), slice(2, None))]


def totals(store):
    summary = store.finish("value.summary", until="2024-02-01")["summary"]
    return dict(zip(summary["customer"].tolist(), summary["total_amount"].tolist()))


def test_pushed_in_parts_merged_or_at_once(orders):
    whole = emptor.stores.order_history(default_currency="EUR")
    assert whole.push(orders).added == 5
    parts = emptor.stores.order_history(default_currency="EUR")
    first, second = halves(orders)
    parts.push(second)
    other = emptor.stores.order_history(default_currency="EUR")
    other.push(first)
    assert parts.merge(other) is parts
    assert parts.to_bytes() == whole.to_bytes()
    assert totals(whole) == {"Ann": Decimal("52.25"), "Bob": Decimal("20.50"), "Cai": Decimal("7.00")}
    assert whole.merge(whole).to_bytes() == parts.to_bytes()


def test_a_report_says_what_became_of_the_rows(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(orders)
    again = store.push(orders)
    assert (again.added, again.repeated) == (0, 5)
    assert [emptor.row_statuses[one] for one in again.statuses] == ["repeated"] * 5
    changed = store.push({**orders, "amount": [11.0] * 5, "revision": [1] * 5})
    assert changed.replaced == 5 and not changed.repeats_count_twice
    assert totals(store)["Ann"] == Decimal("33.00")


def test_bad_rows_warn_or_are_errors(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    bad = {**orders, "amount": [10.0, np.inf, 0.001, 7.0, None]}
    with pytest.raises(emptor.DataError, match=r"amount\[1\]") as error:
        store.push(bad, strict=True)
    assert (error.value.row, error.value.column) == (1, "amount")
    assert totals(store) == {}
    with pytest.warns(emptor.RefusedRowsWarning, match="3 of 5 rows of orders") as seen:
        report = store.push(bad)
    assert report.refused == 3
    assert set(seen[0].message.reasons) == {"infinite", "not_exact", "missing"}
    assert seen[0].filename == __file__


def test_erase(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(orders)
    assert store.erase(["Ann", "nobody"]) == 1
    assert store.erase("Bob") == 1
    assert set(totals(store)) == {"Cai"}
    with pytest.raises(emptor.SchemaError):
        store.erase([1.5])


def test_files(orders, tmp_path):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(orders)
    store.save(tmp_path / "shop.emptor")
    for again in (emptor.load(tmp_path / "shop.emptor"), pickle.loads(pickle.dumps(store)), copy.copy(store),
                  copy.deepcopy(store)):
        assert isinstance(again, emptor.stores.order_history)
        assert again.to_bytes() == store.to_bytes()
        again.erase("Ann")
        assert again.to_bytes() != store.to_bytes()
    with pytest.raises(emptor.MismatchError):
        store.merge(emptor.stores.ledger(default_currency="EUR"))
    with pytest.raises(emptor.MismatchError):
        emptor.credit.ageing.reduce(store, as_of="2024-02-01", by="due_date")


def test_an_entry_takes_a_store_a_table_or_several(orders):
    example = emptor.credit.ageing.examples[0]
    items, settlements = example.tables["items"], example.tables["settlements"]
    how = {"as_of": example.options["as_of"], "by": example.options["by"]}
    store = emptor.stores.ledger()
    store.push(items)
    store.push(settlements, "settlements")
    wanted = store.finish(emptor.credit.ageing, **how)["balances"]["balance"].tolist()
    ageing = emptor.credit.ageing.reduce
    for made in (ageing(store, **how), ageing(items, settlements=settlements, **how),
                 ageing(items=items, settlements=settlements, **how)):
        assert made.balances["balance"].tolist() == wanted
    assert store.table("credit.ageing", "balances", **how)["balance"].tolist() == wanted
    unsettled = ageing(items, **how).balances["unallocated"].tolist()
    assert unsettled != store.finish("credit.ageing", **how).balances["unallocated"].tolist()
    with pytest.raises(TypeError, match="store"):
        ageing(store, settlements=settlements, **how)
    with pytest.raises(TypeError, match="twice"):
        ageing(items, items=items, **how)
    with pytest.raises(emptor.SchemaError, match="items"):
        ageing(settlements=settlements, **how)
    with pytest.raises(emptor.UnknownNameError, match="items"):
        store.push(items, "item")


def test_columns_of_several_tables():
    example = emptor.credit.ageing.examples[0]
    items = dict(example.tables["items"])
    settlements = dict(example.tables["settlements"])
    items["number"] = items.pop("document")
    how = {"as_of": example.options["as_of"], "by": example.options["by"]}
    wanted = example.run().balances["balance"].tolist()
    settled = {"items": {"document": "number"}}
    made = emptor.credit.ageing.reduce(items, settlements=settlements, columns=settled, **how)
    assert made.balances["balance"].tolist() == wanted
    made = emptor.credit.ageing.reduce(items, settlements=settlements, columns={"document": "number"}, **how)
    assert made.balances["balance"].tolist() == wanted  # the settlements have a document of their own
    settlements["number"] = settlements.pop("document")
    made = emptor.credit.ageing.reduce(items, settlements=settlements, columns={"document": "number"}, **how)
    assert made.balances["balance"].tolist() == wanted
    with pytest.raises(emptor.UnknownNameError, match="document"):
        emptor.credit.ageing.reduce(items, settlements=settlements, columns={"documnt": "number"}, **how)


def test_only_these_customers(orders):
    made = emptor.value.summary.reduce(orders, default_currency="EUR", keys=["Bob", "Cai"])
    assert made.summary["customer"].tolist() == ["Bob", "Cai"]


def test_rows_of_an_entry():
    store = emptor.stores.rows(entry=emptor.value.bg_nbd)
    table = emptor.value.bg_nbd.examples[0].tables["rows"]
    store.push(table)
    assert store.finish("value.bg_nbd", unit="week") == emptor.value.bg_nbd.example()
    again = pickle.loads(pickle.dumps(store))
    again.push(table)  # a copy still knows whose rows they are
    loaded = emptor.load(store.to_bytes())
    with pytest.raises(emptor.UnknownNameError, match="merge"):
        loaded.push(table)
    assert emptor.value.bg_nbd.fit(loaded, unit="week") == emptor.value.bg_nbd.example()


def test_money_of_several_currencies_is_exact():
    rows = {"customer": ["a", "b", "c"], "kind": ["invoice"] * 3, "document": ["1", "2", "3"],
            "currency": ["EUR", "JPY", "KWD"],
            "amount": [Decimal("1.25"), Decimal("100"), Decimal("3.125")], "document_date": np.datetime64("2024-01-01")}
    made = emptor.credit.ageing.reduce(rows, as_of="2024-02-01", by="document_date").balances
    assert dict(zip(made["currency"].tolist(), made["balance"].tolist())) == {
        "EUR": Decimal("1.25"), "JPY": Decimal(100), "KWD": Decimal("3.125")}


def test_pandas_in_and_pandas_out(orders):
    pandas = pytest.importorskip("pandas")
    made = emptor.value.summary.reduce(pandas.DataFrame(orders), default_currency="EUR", unit="week").summary
    assert isinstance(made, pandas.DataFrame)
    assert made["first_order"].dtype.kind == "M"
    assert made["customer"].tolist() == ["Ann", "Bob", "Cai"]
    assert made["total_amount"].tolist() == [Decimal("52.25"), Decimal("20.50"), Decimal("7.00")]
    assert made["frequency"].dtype == "int64"
    chained = emptor.value.nbd.model({"r": 0.4, "alpha": 12.0}, unit="week").score(made, horizon="4 week")
    assert len(chained) == 3
    # What a summary leaves empty, a fit of spend takes as missing.
    with pytest.raises(emptor.TooFewError):
        emptor.value.gamma_gamma.fit(made)


def test_readers_share_and_changes_wait(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    failures = []

    def push(part):
        try:
            for _ in range(20):
                store.push({**orders, "document": [f"{part}-{name}" for name in orders["document"]]})
                totals(store)
        except BaseException as why:  # noqa: BLE001
            failures.append(why)

    threads = [threading.Thread(target=push, args=(part,)) for part in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert totals(store)["Ann"] == 6 * Decimal("52.25")
    other = copy.copy(store)
    pair = [threading.Thread(target=lambda a, b: [a.merge(b) for _ in range(20)], args=two)
            for two in ((store, other), (other, store))]
    for one in pair:
        one.start()
    for one in pair:
        one.join(60)
        assert not one.is_alive()


def test_progress_cannot_use_the_store_that_is_at_work(orders):
    made = emptor.stores.order_history(default_currency="EUR")
    made.push(orders)
    full = made.to_bytes()
    summary = {"until": "2024-02-01"}

    def asked(begins, uses):
        """What becomes of a call whose progress uses a store; the call is of a thread that cannot hold up the others."""
        store, other, seen = emptor.load(full), emptor.load(full), []

        def called():
            try:
                seen.append(begins(store, other, lambda share: uses(store, other)))
            except Exception as why:
                seen.append(why)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", emptor.InterruptedTooLateWarning)  # so few rows are done before it is asked
            thread = threading.Thread(target=called, daemon=True)
            thread.start()
            thread.join(60)
            assert not thread.is_alive()
        assert store.to_bytes() and store.push(orders).repeated == 5  # it is free again
        return seen[0]

    def push(store, other, progress):
        return store.push(orders, progress=progress)

    def merge(store, other, progress):
        return store.merge(other, progress=progress)

    def finish(store, other, progress):
        return store.finish("value.summary", progress=progress, **summary)

    for begins in (push, merge):
        for uses in (lambda store, _: store.to_bytes(), lambda store, _: store.push(orders),
                     lambda store, other: other.merge(store), lambda store, _: store.finish("value.summary", **summary)):
            why = asked(begins, uses)
            assert isinstance(why, RuntimeError) and "progress" in str(why), why
        assert not isinstance(asked(begins, lambda _, other: other.to_bytes()), Exception)
    assert isinstance(asked(finish, lambda store, _: store.erase("Ann")), RuntimeError)
    assert isinstance(asked(merge, lambda _, other: other.erase("Ann")), RuntimeError)
    assert isinstance(asked(finish, lambda store, _: store.to_bytes()), emptor.Tables)  # readers share
