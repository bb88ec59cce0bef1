# SPDX-License-Identifier: BSL-1.0
"""What a caller may give for a table and for a column: all of it scores to the same bits."""

import ctypes
import datetime
import decimal
from decimal import Decimal

import numpy as np
import pytest
from conftest import bits

import emptor
from emptor import _columns

FREQUENCY, RECENCY, AGE = [2, 0, 26, 1], [30.43, 0.0, 30.86, 5.0], [38.86, 38.86, 31.0, 6.5]


def expected(shop):
    table = {"frequency": np.array(FREQUENCY, float), "recency": np.array(RECENCY), "age": np.array(AGE)}
    return bits(shop.score(table, horizon=39)["expected_orders"])


def seen(scores):
    kind = type(scores).__module__.partition(".")[0]
    values = scores["expected_orders"]
    return bits(values.to_numpy() if kind in ("pandas", "polars", "pyarrow") else values)


STRUCTURED = np.array(list(zip(FREQUENCY, RECENCY, AGE)), [("frequency", "i2"), ("recency", "f8"), ("age", "f8")])
WIDE = np.arange(24, dtype=float).reshape(4, 6)
WIDE[:, 1], WIDE[:, 3], WIDE[:, 4] = FREQUENCY, RECENCY, AGE


def reversed_view(values):
    return np.array(values[::-1])[::-1]


PLAIN = {
    "lists": {"frequency": FREQUENCY, "recency": RECENCY, "age": AGE},
    "tuples and ranges": {"frequency": tuple(FREQUENCY), "recency": iter(RECENCY), "age": AGE},
    "int8 and float32-safe": {"frequency": np.array(FREQUENCY, "i1"), "recency": RECENCY, "age": AGE},
    "uint16": {"frequency": np.array(FREQUENCY, "u2"), "recency": RECENCY, "age": AGE},
    "uint64": {"frequency": np.array(FREQUENCY, "u8"), "recency": RECENCY, "age": AGE},
    "float16": {"frequency": np.array(FREQUENCY, "f2"), "recency": RECENCY, "age": AGE},
    "long double": {"frequency": np.array(FREQUENCY, "g"), "recency": RECENCY, "age": AGE},
    "big-endian": {"frequency": np.array(FREQUENCY, ">i4"), "recency": np.array(RECENCY, ">f8"), "age": AGE},
    "structured": STRUCTURED,
    "structured, every other": np.repeat(STRUCTURED, 2)[::2],
    "strided": {"frequency": WIDE[:, 1], "recency": WIDE[:, 3], "age": WIDE[:, 4]},
    "backwards": {"frequency": reversed_view(FREQUENCY), "recency": reversed_view(RECENCY), "age": reversed_view(AGE)},
    "objects": {"frequency": np.array(FREQUENCY, object), "recency": np.array(RECENCY, object), "age": AGE},
    "decimals": {"frequency": FREQUENCY, "recency": [Decimal(str(one)) for one in RECENCY], "age": AGE},
    "others beside them": {"frequency": FREQUENCY, "recency": RECENCY, "age": AGE, "name": [object()] * 4, 7: "x"},
}


@pytest.mark.parametrize("table", PLAIN.values(), ids=PLAIN)
def test_plain_tables_score_the_same(shop, table):
    assert seen(shop.score(table, horizon=39)) == expected(shop)


def test_one_value_stands_for_all_rows(shop):
    scores = shop.score({"frequency": [1, 2, 3, 4], "recency": 0.5, "age": np.float64(38.0)}, horizon=39)
    alike = shop.score({"frequency": [1, 2, 3, 4], "recency": [0.5] * 4, "age": [38.0] * 4}, horizon=39)
    assert seen(scores) == seen(alike)
    assert shop.score({"frequency": 2, "recency": 30.43, "age": 38.86}).rows == 1


def test_pandas_keeps_its_index(shop):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"frequency": FREQUENCY, "recency": RECENCY, "age": AGE}, index=["a", "b", "a", "d"])
    scores = shop.score(frame, horizon=39)
    assert isinstance(scores, pandas.DataFrame)
    assert scores.index.tolist() == ["a", "b", "a", "d"]
    assert seen(scores) == expected(shop)
    assert seen(shop.score(frame[::-1][::-1], horizon=39)) == expected(shop)
    assert seen(shop.score(frame.set_index("age", append=True), horizon=39)) == expected(shop)

    class Own(pandas.DataFrame):
        """Somebody's own kind of data frame."""

    assert isinstance(shop.score(Own(frame)), pandas.DataFrame)
    scores.loc["a", "expected_orders"] = 0.0  # they belong to the caller


@pytest.mark.parametrize("dtype", ["Int64", "Int8", "UInt16", "Float64", "int32", "float64", "object", "boolean", "category",
                                   "Sparse[int64]", "int64[pyarrow]", "double[pyarrow]"])
def test_pandas_dtypes(shop, dtype):
    pandas = pytest.importorskip("pandas")
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    values = [1, 0, 1, 1] if dtype == "boolean" else FREQUENCY
    frame = pandas.DataFrame({"frequency": pandas.Series(values).astype(dtype), "recency": RECENCY, "age": AGE})
    plain = shop.score({"frequency": values, "recency": RECENCY, "age": AGE}, horizon=39)
    assert seen(shop.score(frame, horizon=39)) == seen(plain)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "float64", "object", "int64[pyarrow]"])
def test_what_is_missing_in_pandas_is_missing(shop, dtype):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"frequency": pandas.Series([2, None, 26, 1], dtype=dtype), "recency": RECENCY, "age": AGE})
    with pytest.warns(emptor.RefusedRowsWarning, match="missing 1") as seen_warnings:
        scores = shop.score(frame, row_status=True)
    assert scores["row_status"].tolist() == ["ok", "missing", "ok", "ok"]
    assert seen_warnings[0].message.count == 1
    assert seen_warnings[0].message.reasons == {"missing": (1, 1)}


def _ids(values):
    return emptor.value.summary.reduce({"customer": values, "date": np.datetime64("2024-01-01"), "amount": 1},
                                       default_currency="EUR")["summary"]["customer"].tolist()


def test_ids_are_texts_or_whole_numbers():
    pandas = pytest.importorskip("pandas")
    texts = ["a", "b", "ü客"]
    for values in (texts, np.array(texts), np.array(texts, object), pandas.Series(texts), pandas.Series(texts, dtype=object),
                   pandas.Series(texts, dtype="string[python]"), pandas.Series(texts, dtype="category"),
                   pandas.Index(texts), pandas.Categorical(texts), [one.encode() for one in texts]):
        assert _ids(values) == texts
    if hasattr(np, "dtypes") and hasattr(np.dtypes, "StringDType"):
        assert _ids(np.array(texts, np.dtypes.StringDType())) == texts
    for values in ([3, 1, 2], np.array([1, 2, 3], "u4"), np.array([3.0, 1.0, 2.0]), pandas.Series([1, 2, 3]),
                   [1, "2", 3.0], pandas.Series([1, 2, 3], dtype="category")):
        assert _ids(values) == ["1", "2", "3"]
    assert _ids([10**30, 7]) == sorted([str(10**30), "7"])
    with pytest.raises(emptor.SchemaError, match=r"customer\[1\].*list"):
        _ids(["a", ["b"], "c"])
    with pytest.raises(emptor.SchemaError, match="not all whole"):
        _ids(np.array([1.5, 2.0]))
    with pytest.raises(emptor.SchemaError, match="bool"):
        _ids([True, "a"])


def test_arrow_texts_of_pandas():
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    texts = ["a", "b", "ü客"]
    for dtype in ("string[pyarrow]", "str", "string"):
        assert _ids(pandas.Series(texts, dtype=dtype)) == texts
    import pyarrow

    assert _ids(pyarrow.array(texts)) == texts
    assert _ids(pyarrow.chunked_array([texts[:1], texts[1:]])) == texts
    assert _ids(pyarrow.array(texts).dictionary_encode()) == texts


def _days(values, **options):
    table = {"customer": np.arange(len(values)), "date": values, "amount": [1] * len(values)}
    return emptor.value.summary.reduce(table, default_currency="EUR", **options)["summary"]["first_order"].astype(str).tolist()


def test_dates_of_every_kind():
    pandas = pytest.importorskip("pandas")
    days = ["2024-02-29", "1999-12-31"]
    dates = [datetime.date.fromisoformat(day) for day in days]
    moments = [datetime.datetime.fromisoformat(day + "T23:30") for day in days]
    for values in (dates, moments, [dates[0], moments[1]], np.array(days, "datetime64[D]"), np.array(days, "datetime64[s]"),
                   np.array(days, "datetime64[ms]"), np.array(days, "datetime64[us]"), np.array(days, "datetime64[ns]"),
                   np.array(days, "datetime64[h]"), np.array(days, "datetime64[12h]"), pandas.to_datetime(days),
                   pandas.Series(pandas.to_datetime(days)), pandas.Series(dates), list(pandas.to_datetime(days)),
                   list(np.array(days, "datetime64[D]"))):
        assert _days(values) == days
    assert _days(np.array(["2024-03", "2024-04"], "datetime64[M]")) == ["2024-03-01", "2024-04-01"]


def test_moments_with_a_zone_are_the_same_moment_everywhere():
    pandas = pytest.importorskip("pandas")
    berlin = pandas.Series(pandas.to_datetime(["2024-03-01 00:30"])).dt.tz_localize("Europe/Berlin")
    aware = [datetime.datetime(2024, 3, 1, 0, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))]
    for values in (berlin, aware):
        assert _days(values) == ["2024-02-29"]
        assert _days(values, zone_offset="+01:00") == ["2024-03-01"]
        assert _days(values, zone_offset=datetime.timezone(datetime.timedelta(hours=1))) == ["2024-03-01"]


def test_texts_are_no_dates():
    with pytest.raises(emptor.SchemaError, match="date"):
        _days(["2024-01-01"])


def _total(values, **options):
    table = {"customer": ["a"] * len(values), "date": np.datetime64("2024-01-01"), "amount": values}
    return emptor.value.summary.reduce(table, default_currency="EUR", **options)["summary"]["total_amount"].tolist()


def test_amounts_are_exact():
    pandas = pytest.importorskip("pandas")
    texts = ["0.10", "0.20", "1234567890123.45"]
    amounts = [Decimal(one) for one in texts]
    for values in (amounts, pandas.Series(amounts), np.array(amounts, object),
                   [Decimal("0.1"), 1, Decimal("1234567890122.65")]):
        assert _total(values) == [Decimal("1234567890123.75")]
    assert _total([0.1, 0.2]) == [Decimal("0.30")]
    assert _total([Decimal("1E+2"), 5]) == [Decimal("105.00")]
    with pytest.warns(emptor.RefusedRowsWarning, match="not_exact 1"):
        assert _total([Decimal("0.105"), Decimal("1.00")]) == [Decimal("1.00")]
    with pytest.warns(emptor.RefusedRowsWarning, match="not_exact 1"):  # a digit beyond what fits still counts
        assert _total([Decimal("1." + "0" * 40 + "1"), Decimal("2.00")]) == [Decimal("2.00")]
    with decimal.localcontext() as context:  # the caller's precision is not ours
        context.prec = 3
        assert _total([Decimal("12345.67")]) == [decimal.Decimal("12345.67")]


def test_money_as_the_caller_wants_it():
    table = {"customer": ["a"], "date": np.datetime64("2024-01-01"), "amount": [Decimal("12.34")]}

    def amount(money):
        return emptor.value.summary.reduce(table, default_currency="EUR", money=money)["summary"]["total_amount"]

    assert amount("decimal").tolist() == [Decimal("12.34")]
    assert amount("float").tolist() == [12.34] and amount("float").dtype == np.float64
    assert amount("minor").tolist() == [1234] and amount("minor").dtype == np.int64
    with pytest.raises(ValueError, match="money"):
        amount("cents")


def test_columns_by_other_names(shop):
    table = {"x": FREQUENCY, "t_x": RECENCY, "T": AGE}
    names = {"frequency": "x", "recency": "t_x", "age": "T"}
    assert seen(shop.score(table, horizon=39, columns=names)) == expected(shop)
    with pytest.raises(emptor.UnknownNameError, match="recency"):
        shop.score(table, columns={**names, "recencey": "T"})
    with pytest.raises(emptor.SchemaError, match="'t_x'"):
        shop.score(table, columns={**names, "recency": "t_y"})
    with pytest.raises(emptor.SchemaError, match="no column age") as error:
        shop.score(table, columns={"frequency": "x", "recency": "t_x"})
    assert error.value.column == "age"
    assert error.value.status_name == "schema"


def test_an_optional_column_can_be_left_out():
    rows = emptor.value.bg_nbd.examples[0].tables["rows"]
    with_weights = emptor.value.bg_nbd.fit(rows).parameters
    alike = emptor.value.bg_nbd.fit({**rows, "weight": [7.0] * 15}).parameters
    without = emptor.value.bg_nbd.fit(rows, columns={"weight": None}).parameters
    assert without == pytest.approx(alike, rel=1e-6)
    assert without != pytest.approx(with_weights, rel=0.1)


def test_many_columns_of_one_role(orders):
    store = emptor.stores.order_history(default_currency="EUR")
    report = store.push({**orders, "channel": ["web"] * 5, "attributes:shop": list("aabbc")},
                        columns={"attributes": ["channel"], "attributes:shop": "attributes:shop"})
    assert report.added == 5
    labelled = emptor.stores.order_history(default_currency="EUR")
    labelled.push({**orders, "c": ["web"] * 5, "s": list("aabbc")}, columns={"attributes": {"channel": "c", "shop": "s"}})
    assert labelled.to_bytes() == store.to_bytes()
    by_name = emptor.stores.order_history(default_currency="EUR")
    by_name.push({**orders, "attributes:channel": ["web"] * 5, "attributes:shop": list("aabbc")})
    assert by_name.to_bytes() == store.to_bytes()


def test_memory_of_the_caller_is_read_where_it_lies():
    values = np.arange(10, dtype=np.float64)
    for view in (values, values[::2], values[::-1], STRUCTURED["recency"], np.broadcast_to(values[3:4], 7),
                 np.arange(4, dtype=np.int32), np.array(["2024-01-01"], "datetime64[ns]"), np.array([True, False])):
        cells = _columns.of(view, "date" if view.dtype.kind == "M" else "number")
        assert cells.column.data == view.__array_interface__["data"][0]
        assert cells.column.stride_bytes == view.strides[0]
        assert cells.column.validity is None


def test_memory_of_pandas_is_read_where_it_lies():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0], "c": np.array(["2024-01-01"] * 2, "datetime64[s]")})
    zoned = frame["c"].dt.tz_localize("UTC")
    for series in (frame["a"], frame["b"], frame["c"]):
        assert _columns.of(series, "number").column.data == series.to_numpy().__array_interface__["data"][0]
    assert _columns.of(zoned, "date").column.data == zoned.array.asi8.__array_interface__["data"][0]


def test_missing_values_have_a_bit():
    cells = _columns.of(np.ma.MaskedArray([1, 2, 3], [False, True, False]), "number")
    validity = (ctypes.c_uint8 * 1).from_address(cells.column.validity)
    assert validity[0] & 7 == 0b101
    cells = _columns.of(np.array([1.0, np.nan]), "number")
    assert (ctypes.c_uint8 * 1).from_address(cells.column.validity)[0] & 3 == 0b01
