# SPDX-License-Identifier: BSL-1.0
"""Errors as exceptions of families, with what they are about."""

import datetime
import pickle

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
