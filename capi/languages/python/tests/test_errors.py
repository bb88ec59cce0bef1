# SPDX-License-Identifier: BSL-1.0
"""Errors as exceptions of families, with what they are about."""

import datetime
import pickle

import numpy as np
import pytest

import emptor
from emptor import _errors
from emptor._library import library


def test_every_status_has_a_class_of_its_own():
    names = []
    for status in range(1, 100):
        name = library.emptor_status_name(status).decode()
        if name == "unknown":
            break
        kind = _errors._KINDS[status]
        assert issubclass(kind, emptor.Error)
        assert kind("x").status == status and kind("x").status_name == name
        assert getattr(emptor, kind.__name__) is kind
        names.append(name)
    assert len(names) == len(_errors._KINDS) - 1
    assert len(set(_errors._KINDS)) == len(_errors._KINDS)


def test_families_of_python():
    assert issubclass(emptor.OutOfMemoryError, MemoryError)
    for kind in (emptor.ArgumentError, emptor.OptionError, emptor.SchemaError, emptor.DataError, emptor.FormatError,
                 emptor.MismatchError):
        assert issubclass(kind, ValueError)
    for kind in (emptor.TooFewError, emptor.ConflictError, emptor.CurrencyError, emptor.AmountOverflowError):
        assert issubclass(kind, emptor.DataError)
    assert issubclass(emptor.UnknownNameError, LookupError)
    assert issubclass(emptor.RefusedRowsWarning, UserWarning)


def test_an_error_tells_entry_column_row_and_status(shop):
    with pytest.raises(ValueError) as caught:
        shop.score({"frequency": [1, -3], "recency": 0.5, "age": 2.0}, strict=True)
    error = caught.value
    assert isinstance(error, emptor.DataError)
    assert (error.status, error.status_name) == (6, "data")
    assert (error.entry, error.column, error.row) == ("value.bg_nbd", "frequency", 1)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.row, again.column) == (type(error), str(error), 1, "frequency")


def test_an_option_outside_its_domain(shop, customers):
    with pytest.raises(emptor.OptionError) as caught:
        shop.score(customers, quantile=2)
    assert caught.value.row is None and caught.value.column is None
    with pytest.raises(emptor.OptionError, match="unit"):
        emptor.value.bg_nbd.fit({"frequency": [1], "recency": [1], "age": [2]}, unit="fortnight")
    with pytest.raises(emptor.OptionError):
        emptor.value.bg_nbd.fit({"frequency": [1], "recency": [1], "age": [2]}, max_iterations=True)


def test_money_that_does_not_fit():
    rows = {"customer": ["a"] * 2000, "date": datetime.date(2024, 1, 1), "amount": [90_000_000_000_000] * 2000}
    with pytest.raises(emptor.AmountOverflowError):
        emptor.value.summary.reduce(rows, default_currency="EUR")


def test_two_contents_of_one_revision(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push(orders)
    with pytest.raises(emptor.ConflictError) as caught:
        store.push({**orders, "amount": [1.0] * 5}, strict=True)
    assert caught.value.row == 0
    assert store.push({**orders, "amount": [1.0] * 5}).conflicts == 5
    with pytest.raises(emptor.ConflictError, match="D1"):
        store.finish("value.summary")


def test_flags_are_true_or_false(shop, customers, orders):
    store = emptor.stores.order_history(default_currency="EUR")
    for call in (lambda: shop.score(customers, strict="False"), lambda: shop.score(customers, row_status="no"),
                 lambda: store.push(orders, strict="False"), lambda: store.push(orders, strict=0),
                 lambda: emptor.value.summary.reduce(orders, default_currency="EUR", strict="no")):
        with pytest.raises(TypeError, match="but must be True or False"):
            call()
    assert "row_status" not in shop.score(customers, strict=np.False_, row_status=np.False_)


def test_days_and_zones_that_mean_nothing(orders):
    utc = datetime.timezone.utc
    for name, value, says in (
            ("zone_offset", datetime.timezone(datetime.timedelta(seconds=5)), "of whole minutes"),
            ("zone_offset", datetime.timedelta(hours=8, seconds=1), "of whole minutes"),
            ("until", datetime.datetime(2024, 2, 1, tzinfo=utc), "without a zone"), ("unit", "we\0ek", "zero character")):
        with pytest.raises(emptor.OptionError, match=f"{name} is .*{says}"):
            emptor.value.summary.reduce(orders, default_currency="EUR", **{name: value})
    pandas = pytest.importorskip("pandas")
    for value, says in ((pandas.NaT, "must be a date"), (pandas.Timestamp("2024-02-01", tz="UTC"), "without a zone")):
        with pytest.raises(emptor.OptionError, match=f"until is .*{says}"):
            emptor.value.summary.reduce(orders, default_currency="EUR", until=value)


def test_arguments_of_the_wrong_type_are_named(shop, customers, orders):
    for call, kind, says in (
            (lambda: shop.score(customers, only=[3]), TypeError, "only holds 3"),
            (lambda: shop.score(customers, only=3), TypeError, "only is 3"),
            (lambda: shop.score(customers, columns=3), TypeError, "columns is a int"),
            (lambda: emptor.credit.ageing.reduce(orders, as_of="2024-02-01", by="document_date", columns=3), TypeError, "columns is a int"),
            (lambda: shop.score(customers, columns={"frequency": ["a"]}), emptor.SchemaError, "frequency is to be a list"),
            (lambda: emptor.from_text(b"{}"), TypeError, "must be a str"),
            (lambda: emptor.from_text("{}", 3), TypeError, "format is 3"),
            (lambda: shop.export("js\0on"), emptor.UnknownNameError, "format"),
            (lambda: emptor.from_text(shop.to_json(), "json\0"), emptor.UnknownNameError, "format")):
        with pytest.raises(kind, match=says):
            call()


def test_messages_do_not_hold_huge_values(shop, customers):
    for value in ("x" * 10**6, [1] * 10**6, 10**5000, [10**5000], {"a": "x" * 10**6}, b"x" * 10**6):
        with pytest.raises(emptor.Error) as error:
            shop.score(customers, horizon=value)
        assert len(str(error.value)) < 600
