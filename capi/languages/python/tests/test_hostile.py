# SPDX-License-Identifier: BSL-1.0
"""Whatever is handed over: an error that names the column and the row, or a row with a status. Nothing crashes."""

import datetime
import decimal
import fractions
import warnings

import numpy as np
import pytest

import emptor

BAD_TABLES = [None, 3, "text", b"bytes", [1, 2], np.zeros((2, 2)), np.zeros(3), object(), {1, 2}, lambda: 0]


@pytest.mark.parametrize("table", BAD_TABLES, ids=repr)
def test_what_is_no_table(shop, table):
    with pytest.raises(TypeError):
        shop.score(table)
    with pytest.raises((TypeError, emptor.SchemaError)):
        emptor.value.bg_nbd.fit(table)
    with pytest.raises(TypeError):
        emptor.stores.ledger(default_currency="EUR").push(table)


BAD_COLUMNS = [None, "text", object(), {}, set(), [object()], [[1], [2]], ["a", 1.5], [1, "a"], np.zeros((3, 3)), 1j, [1j],
               np.array([1j]), np.array([b"x"]), [datetime.date(2024, 1, 1)], np.array(["2024-01-01"], "datetime64[D]"),
               np.array([1], "timedelta64[D]"), [datetime.timedelta(1)], [lambda: 0], ["1.5"], np.array([(1,)], [("a", "i4")])]


@pytest.mark.parametrize("values", BAD_COLUMNS, ids=lambda one: f"{type(one).__name__} {one!r}"[:40])
@pytest.mark.parametrize("entry", ["value.bg_nbd", "value.lifetime_value"])
def test_what_is_no_number(shop, entry, values):
    spend = emptor.value.gamma_gamma.model({"p": 6.25, "q": 3.74, "v": 15.44})
    table = {"frequency": values, "recency": 3.0, "age": 5.0, "monetary_value": 2.0}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", emptor.RefusedRowsWarning)  # nothing there: a row that says so
            if entry == "value.bg_nbd":
                shop.score(table)
            else:
                emptor.value.lifetime_value.score(table, orders=shop, spend=spend, horizon="1 year", discount_rate=0.1)
        assert values is None
    except emptor.SchemaError as error:
        assert error.column == "frequency"
        assert "frequency" in str(error)


BAD_NUMBERS = [np.nan, np.inf, -np.inf, -1, 0.5, 2**53 + 1, 2**63, -2**63 - 1, 10**40, -10**400, 10**4000,
               decimal.Decimal("NaN"), decimal.Decimal("-Infinity"), decimal.Decimal("1E+3000"), decimal.Decimal("1E-3000"),
               decimal.Decimal("0.5"), fractions.Fraction(1, 3), np.uint64(2**64 - 1), np.float16("inf"),
               np.longdouble("1e4000"),
               None, True, False, 1e308, 5e-324]


@pytest.mark.parametrize("value", BAD_NUMBERS, ids=lambda one: repr(one)[:30])
def test_a_bad_number_is_a_row_with_a_status(shop, value):
    for values in ([2, value, 2], np.array([2, value, 2], object)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", emptor.RefusedRowsWarning)
            scores = shop.score({"frequency": values, "recency": [30.43] * 3, "age": [38.86] * 3}, row_status=True)
        statuses = scores["row_status"].tolist()
        assert statuses[0] == statuses[2] == "ok"
        assert (statuses[1] == "ok") == (not np.isnan(scores["probability_alive"][1]))
        if value in (True, None) or (isinstance(value, (bool, int)) and 0 <= value < 2**53):
            continue
        assert statuses[1] != "ok" or value in (True, False, 1e308)


EVERYTHING = [*BAD_NUMBERS, "text", b"bytes", datetime.date(2024, 1, 1), np.datetime64("2024-01-01"), object(), [1], 1j]


@pytest.mark.parametrize("name", [one for one in emptor.entries if emptor.entry(one).description["score"]["outputs"]])
def test_every_input_of_every_entry_takes_everything(name):
    """A row with a status, or an error that names the column; and what is beside it stays what it was."""
    entry = emptor.entry(name)
    number, example = next((i, one) for i, one in enumerate(entry.examples) if one.verb == "score")
    rows = example.tables["rows"]
    wanted = example.run()
    for column in rows:
        for value in EVERYTHING:
            changed = {**rows, column: [value, *rows[column][1:]]}
            other = type("Changed", (emptor.Example,), {"tables": property(lambda self: {"rows": changed})})
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", emptor.RefusedRowsWarning)
                    scores = other(entry, entry.description["examples"][number]).run()
            except emptor.SchemaError as error:
                assert error.column == column and column in str(error)
                continue
            assert scores.rows == wanted.rows
            for output in scores:
                assert str(scores[output][1:].tolist()) == str(wanted[output][1:].tolist()), (column, value)


def test_strict_names_the_row_and_the_column(shop):
    table = {"recency": [30.43] * 4, "frequency": [2, 2, -1, 2], "age": [38.86] * 4}
    with pytest.raises(emptor.DataError, match=r"frequency\[2\] is -1") as error:
        shop.score(table, strict=True)
    assert (error.value.row, error.value.column, error.value.entry) == (2, "frequency", "value.bg_nbd")
    with pytest.warns(emptor.RefusedRowsWarning, match=r"1 of 4 rows .* out_of_domain 1 \(first in row 2\); .*frequency\[2\]"):
        shop.score(table)


@pytest.mark.parametrize("kind", ["numpy", "pandas", "polars", "pyarrow"])
def test_no_rows(shop, kind):
    empty = {"frequency": np.empty(0), "recency": np.empty(0), "age": np.empty(0)}
    if kind != "numpy":
        package = pytest.importorskip(kind)
        empty = package.table(empty) if kind == "pyarrow" else package.DataFrame(empty)
    scores = shop.score(empty, row_status=True)
    assert len(scores["probability_alive"]) == 0
    assert len(scores["row_status"]) == 0
    with pytest.raises(emptor.TooFewError):
        emptor.value.bg_nbd.fit(empty)
    report = emptor.stores.rows(entry="value.bg_nbd").push(empty)
    assert report.added == 0


def test_no_columns(shop):
    pandas = pytest.importorskip("pandas")
    for table in ({}, pandas.DataFrame(), pandas.DataFrame(index=[1, 2])):
        with pytest.raises(emptor.SchemaError, match="frequency"):
            shop.score(table)


def test_columns_of_several_lengths(shop):
    with pytest.raises(emptor.SchemaError, match="recency has 2 rows, but frequency has 3"):
        shop.score({"frequency": [1, 2, 3], "recency": [1, 2], "age": [3, 4, 5]})


def test_a_column_twice(shop):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[1, 2, 3, 4]], columns=["frequency", "recency", "recency", "age"])
    with pytest.raises(emptor.SchemaError, match="recency"):
        shop.score(frame)
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_arrays([[1], [2], [3], [4]], ["frequency", "recency", "recency", "age"])
    with pytest.raises(emptor.SchemaError, match="recency"):
        shop.score(table)


def test_lone_surrogates_and_zero_bytes(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    with pytest.warns(emptor.RefusedRowsWarning, match="invalid_text 1"):
        report = store.push({**orders, "customer": ["Ann", "\ud800", "Bob", "C\0D", "Eve"]})
    assert emptor.row_statuses[report.statuses[1]] == "invalid_text"
    assert store.finish("value.summary")["summary"]["customer"].tolist() == ["Ann", "Bob", "C\0D", "Eve"]
    with pytest.raises((emptor.Error, ValueError)):
        emptor.value.bg_nbd.fit({"frequency": [1], "recency": [1], "age": [2]}, unit="we\0ek")
    with pytest.raises((emptor.Error, ValueError)):
        emptor.value.bg_nbd.fit({"frequency": [1], "recency": [1], "age": [2]}, unit="\udfff")


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D", "h", "12h", "m", "s", "7s", "ms", "us", "ns", "10ns", "ps"])
def test_dates_of_any_bits(unit):
    values = np.array([0, 2**63 - 1, -2**63, -2**63 + 1, 2**40, -2**40, 2**53], np.int64).view(f"datetime64[{unit}]")
    store = emptor.stores.order_history(default_currency="EUR")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", emptor.RefusedRowsWarning)
        report = store.push({"customer": range(7), "date": values, "amount": 1})
    statuses = [emptor.row_statuses[one] for one in report.statuses]
    assert statuses[0] == "ok" and statuses[2] == "missing"
    if unit in "YMWDhm":
        assert statuses[1] == statuses[3] == "out_of_domain"
    assert set(statuses) <= {"ok", "missing", "out_of_domain"}
    count, name = np.datetime_data(values.dtype)[1], unit.strip("0123456789")
    ticks = {"h": 3600, "m": 60, **{one: fractions.Fraction(1, 1000**i)
                                        for i, one in enumerate(("s", "ms", "us", "ns", "ps"))}}
    made = store.table("value.summary", until="9999-12-31")
    for customer, first in zip(made["customer"].tolist(), made["first_order"].tolist()):
        tick = int(values.view(np.int64)[int(customer)])
        days = (tick * count * ticks[name] // 86400 if name in ticks
                else values[int(customer)].astype("datetime64[D]").astype(int))
        assert (first - datetime.date(1970, 1, 1)).days == days


BAD_OPTIONS = [object(), [1], {}, 1j, b"39", "", "nan", "soon", "39 parsecs", -1, float("nan"), float("inf"), 10**400,
               True, "\0", datetime.timedelta(-1), np.datetime64("NaT"), np.timedelta64("NaT"), datetime.date(1, 1, 1),
               decimal.Decimal("NaN")]


@pytest.mark.parametrize("value", BAD_OPTIONS, ids=lambda one: repr(one)[:30])
def test_options_without_meaning(shop, customers, value):
    try:
        scores = shop.score(customers, horizon=value)
    except (emptor.Error, ValueError, OverflowError):
        return
    assert value == ""  # as good as none
    assert "expected_orders" not in scores


@pytest.mark.parametrize("value", [float("nan"), np.float32("nan"), decimal.Decimal("NaN"), np.datetime64("NaT"),
                                   np.timedelta64("NaT")], ids=repr)
def test_an_option_without_value_is_not_one_that_is_left_out(shop, customers, value):
    for name, wanted in (("horizon", "a number, a text"), ("confidence", "a number")):
        with pytest.raises(emptor.OptionError, match=f"{name} is .*(nan|NaN|NaT).*, but must be {wanted}"):
            shop.score(customers, **{"horizon": 39, name: value})
    with pytest.raises(emptor.OptionError, match="limits is .*, but must be a list of numbers"):
        emptor._options.text_of([1.0, value], "numbers", "an entry", "limits")
    assert "expected_orders" not in shop.score(customers, horizon=None)


@pytest.mark.parametrize("value", [b"", b"\x89EMPTOR\n", b"text", bytes(1000), bytearray(b"\xff" * 64)])
def test_files_that_are_none(value):
    with pytest.raises(emptor.FormatError):
        emptor.load(value)


def test_a_file_cut_anywhere(shop):
    whole = shop.to_bytes()
    for size in range(0, len(whole), 7):
        with pytest.raises(emptor.FormatError):
            emptor.load(whole[:size])
    with pytest.raises(emptor.Error):
        emptor.from_text("{")
    with pytest.raises(emptor.Error):
        emptor.from_text(shop.to_json(), "pmml")
    with pytest.raises(FileNotFoundError):
        emptor.load("/nowhere/at/all.emptor")


@pytest.mark.parametrize("threads", [-1, 2000, 2**40, 1.5, "2", None, True])
def test_threads_that_mean_nothing(shop, customers, threads):
    with pytest.raises((TypeError, ValueError)):
        shop.score(customers, threads=threads)


def test_outputs_that_nobody_knows(shop, customers):
    with pytest.raises(emptor.UnknownNameError, match="probability_alive"):
        shop.score(customers, only="probability_alife")
    with pytest.raises(emptor.Error):
        shop.score(customers, only="expected_orders")  # without a horizon
    with pytest.raises(ValueError):
        shop.score(customers, only=[])
    with pytest.raises(ValueError, match="as_"):
        shop.score(customers, as_="excel")
    with pytest.raises(TypeError):
        shop.score(customers, progress=3)


def test_slots_that_do_not_fit(shop, customers):
    with pytest.raises(TypeError):
        emptor.value.lifetime_value.score(customers, orders=3, spend=shop)
    table = {**customers, "monetary_value": [1.0, 2.0, 3.0]}
    with pytest.raises(emptor.Error):
        emptor.value.lifetime_value.score(table, orders=shop, spend=shop, horizon="1 year", discount_rate=0.1)
    with pytest.raises(TypeError):
        emptor.value.lifetime_value.score(table, orders=shop)


def test_a_model_cannot_be_made_of_nothing():
    with pytest.raises(TypeError, match="fit"):
        emptor.Model()
    with pytest.raises(emptor.Error):
        emptor.value.bg_nbd.model({})
    with pytest.raises(emptor.Error):
        emptor.value.bg_nbd.model({"r": -1, "alpha": 4.414, "a": 0.793, "b": 2.426})


@pytest.mark.parametrize("far", [np.datetime64("586600-01-01"), np.datetime64(2**62, "s"), np.datetime64(-2**62, "h"),
                                 np.datetime64(2**40, "Y"), np.datetime64(2**62, "D"), np.datetime64("-9999-01-01")], ids=str)
def test_far_moments_do_not_come_round(orders, far):
    for dates in ([far, datetime.date(2024, 1, 1)], [far, np.datetime64("2024-01-01T12", "ns")],
                  np.array([far, np.datetime64("2024-01-01")], object)):
        store = emptor.stores.order_history(default_currency="EUR")
        with pytest.warns(emptor.RefusedRowsWarning, match="out_of_domain 1"):
            report = store.push({"customer": ["a", "b"], "date": dates, "amount": 1})
        assert [emptor.row_statuses[one] for one in report.statuses] == ["out_of_domain", "ok"]
        assert store.table("value.summary", until="2024-02-01")["first_order"].tolist() == [datetime.date(2024, 1, 1)]
    with pytest.raises(emptor.OptionError, match="until is .*beyond the years"):
        emptor.value.summary.reduce(orders, default_currency="EUR", until=far)


def test_far_lengths_do_not_come_round(shop, customers):
    for far in (np.timedelta64(2**62, "W"), np.timedelta64(-2**63 + 1, "D"), np.timedelta64(2**62, "s")):
        with pytest.raises(emptor.OptionError, match="horizon"):
            shop.score(customers, horizon=far)
    assert str(shop.score(customers, horizon=np.timedelta64(39, "W"))["expected_orders"]) == str(
        shop.score(customers, horizon="39 week")["expected_orders"])


@pytest.mark.parametrize("masked", [np.ma.masked, np.ma.array(2.0, mask=True), [2.0, np.ma.array(2.0, mask=True)]], ids=repr)
def test_what_is_masked_is_missing(shop, masked):
    table = {"frequency": masked, "recency": [3.0] * 2, "age": [5.0] * 2}
    with pytest.warns(emptor.RefusedRowsWarning, match="missing"):
        scores = shop.score(table, row_status=True)
    assert scores["row_status"].tolist()[1] == "missing"
    assert not np.isnan(shop.score({**table, "frequency": np.ma.array(2.0)})["probability_alive"]).any()
    with pytest.raises(emptor.OptionError, match="horizon"):
        shop.score({**table, "frequency": 2}, horizon=np.ma.array(2.0, mask=True))


def test_decimals_that_are_numbers_are_floats(shop):
    D = decimal.Decimal
    given = [D("1E-25"), D("0E+21"), D("0E+100"), D("1E+20"), D("1.123456789012345678"), 3]
    table = {"frequency": 1, "recency": given, "age": [D("1E+30")] * 6}
    want = {"frequency": 1, "recency": list(map(float, given)), "age": 1e30}
    assert str(shop.score(table)["probability_alive"]) == str(shop.score(want)["probability_alive"])
    store = emptor.stores.order_history(default_currency="EUR")
    store.push({"customer": ["a", "b"], "date": np.datetime64("2024-01-01"), "amount": [D("0E+100"), D("1.25")]})
    assert store.table("value.summary", until="2024-02-01")["total_amount"].tolist() == [0, D("1.25")]


@pytest.mark.parametrize("ids, row", [([2.0**53, 2.0**53 + 2, 1e300], 1), ([1.0, 2.0, 1e300], 2), ([float("inf")], 0),
                                      ([1.0, "a", float("inf")], 2), ([1, 10**5000], 1), ([1, "a", 10**5000], 2),
                                      ([decimal.Decimal("Infinity")], 0), ([decimal.Decimal("1E+999999")], 0)])
def test_ids_that_are_none(ids, row):
    store = emptor.stores.order_history(default_currency="EUR")
    forms = [ids, np.array(ids)] if all(isinstance(one, float) for one in ids) else [ids, np.array(ids, object)]
    for form in forms:
        with pytest.raises(emptor.SchemaError, match=rf"customer\[{row}\] is ") as error:
            store.push({"customer": form, "date": np.datetime64("2024-01-01"), "amount": 1})
        assert (error.value.row, error.value.column) == (row, "customer")


@pytest.mark.parametrize("numbers, row", [([1.5, datetime.date(2024, 1, 1)], 1), ([datetime.date(2024, 1, 1), 1.5], 0),
                                          ([1, b"a", 2], 1), ([object(), 1], 0), ([None, 1, None, "a"], 3)], ids=str)
def test_the_row_that_is_no_number(shop, numbers, row):
    with pytest.raises(emptor.SchemaError, match=rf"frequency\[{row}\] is a ") as error:
        shop.score({"frequency": numbers, "recency": 3.0, "age": 5.0})
    assert error.value.row == row


def test_the_row_that_is_no_date():
    for dates in ([datetime.date(2024, 1, 1), 1.5], [datetime.date(2024, 1, 1), "2024-01-01"]):
        with pytest.raises(emptor.SchemaError, match=r"date\[1\] is a "):
            emptor.stores.order_history(default_currency="EUR").push({"customer": ["a", "b"], "date": dates, "amount": 1})


def test_wide_and_narrow_floats_do_not_warn(shop):
    store = emptor.stores.order_history(default_currency="EUR")
    store.push({"customer": np.array([1, 2], np.float16), "date": np.datetime64("2024-01-01"), "amount": 1})
    for form in (np.array([2, "1e4000"], np.longdouble), [2.0, np.longdouble("1e4000")]):
        with pytest.warns(emptor.RefusedRowsWarning) as warned:
            shop.score({"frequency": form, "recency": 3.0, "age": 5.0})
        assert len(warned) == 1


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "pandas"])
def test_errors_of_a_column_alone_name_its_role(shop, kind):
    package = pytest.importorskip(kind)
    values = package.array([[1], [2]]) if kind == "pyarrow" else package.Series([[1], [2]])
    with pytest.raises(emptor.SchemaError, match="frequency") as error:
        shop.score({"frequency": values, "recency": 3.0, "age": 5.0})
    assert error.value.column == "frequency"


@pytest.mark.parametrize("amounts, row", [(["1E+15", "1E-25"], 1), (["1E+25", "1.5"], 0), (["1.5", "-1E-60"], 1),
                                          (["1E+2000", "1E-2000"], 0)], ids=str)
def test_an_amount_is_refused_as_it_was_given(amounts, row):
    values = list(map(decimal.Decimal, amounts))
    with pytest.raises(emptor.DataError) as error:
        emptor.stores.order_history(default_currency="EUR").push(
            {"customer": ["a", "b"], "date": np.datetime64("2024-01-01"), "amount": values}, strict=True)
    assert f"amount[{row}] is {values[row]}, but must be" in str(error.value)
    assert (error.value.row, error.value.column) == (row, "amount")
