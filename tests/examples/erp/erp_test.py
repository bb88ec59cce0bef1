#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Whether the queries of a page give what the tool takes: erp_test.py TOOL ERP WORK.

Runs orders.sql, items.sql and settlements.sql of a folder over its made-up tables in SQLite, with those functions that the
ERP's database has and SQLite lacks, pushes what comes out, and compares. First it pushes what came out on an earlier night,
when before.sql held; what it pushes last it pushes twice. All four folders tell one story: an invoice with a
partial payment and a credit note, one that is not due, one in another currency, one that was cancelled, one that was paid,
and money that is not allocated.
"""
import csv
import datetime
import pathlib
import sqlite3
import subprocess
import sys

TOOL, ERP, WORK = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
HERE = pathlib.Path(__file__).parent / ERP
AGEING = {("EUR", "not_due"): "250.00", ("EUR", "31-60"): "550.00", ("EUR", "unallocated"): "-100.00",
          ("USD", "61-90"): "300.00"}
SUMMARY = [("1", "1200.00"), ("0", "120.00")]


def moment(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)


def timezone(zone, text):  # of a wall clock at UTC: when it is; of that: the wall clock there
    return text if zone == "UTC" else str(moment(text) + datetime.timedelta(hours={"Asia/Shanghai": 8}[zone]))


FUNCTIONS = {
    "concat": (-1, lambda *parts: "".join("" if part is None else str(part) for part in parts)),
    "floor": (1, int),
    "greatest": (2, max),
    "least": (2, min),
    "to_char": (2, lambda date, form: date and date[:10]),
    "timezone": (2, timezone),
    "date_part": (2, lambda part, text: int(moment(text).timestamp())),
    "unix_timestamp": (1, lambda text: int(moment(text).timestamp())),
    "paymenttermduedate": (2, lambda days, date: str(moment(date) + datetime.timedelta(days=days))),
    "to_date": (1, lambda date: f"{date[:4]}-{date[4:6]}-{date[6:]}"),
    "add_days": (2, lambda date, days: str(datetime.date.fromisoformat(date) + datetime.timedelta(days=days))),
    "to_dats": (1, lambda date: date.replace("-", "")),
}


def tool(*words):
    done = subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"emptor {' '.join(map(str, words))}\n{done.stderr}")


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def export(database):
    for name in ("orders", "items", "settlements"):
        found = database.execute((HERE / f"{name}.sql").read_text(encoding="utf-8"))
        with open(WORK / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(column[0] for column in found.description)
            csv.writer(file).writerows(found)


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    for old in WORK.glob("*.emptor"):
        old.unlink()
    database = sqlite3.connect(":memory:", isolation_level=None)
    for name, (count, function) in FUNCTIONS.items():
        database.create_function(name, count, function, deterministic=True)
    database.executescript((HERE / "tables.sql").read_text(encoding="utf-8"))
    for night in ("before", "now", "again"):
        database.execute("BEGIN")
        if night == "before":
            for statement in (HERE / "before.sql").read_text(encoding="utf-8").split(";\n"):
                database.execute(statement)
        export(database)
        database.execute("ROLLBACK")
        dates = ["--csv", "date=year_month_day"] if ERP == "sap" else []
        ledger, history = WORK / "ledger.emptor", WORK / "orders.emptor"
        tool("push", "order_history", "--in", WORK / "orders.csv", "--store", history, "--strict", *dates)
        if ERP == "sap":
            ledger.unlink(missing_ok=True)  # as the page says
        tool("push", "ledger", "--in", f"items={WORK}/items.csv", f"settlements={WORK}/settlements.csv", "--store", ledger,
             "--strict", *dates)
    tool("reduce", "credit.ageing", "--store", ledger, "--set", "as_of=2026-03-31", "by=due_date", "--out", WORK / "ageing")
    tool("reduce", "value.summary", "--store", history, "--set", "until=2026-03-31", "currency=EUR", "--out", WORK / "summary")
    ageing = {(row["currency"], row["bucket"]): row["amount"] for row in rows(WORK / "ageing/totals.csv")
              if float(row["amount"])}
    summary = [(row["frequency"], row["total_amount"]) for row in rows(WORK / "summary/summary.csv")]
    findings = rows(WORK / "ageing/findings.csv")
    if (ageing, summary, findings) != (AGEING, SUMMARY, []):
        sys.exit(f"{ERP}:\n{ageing}\n{summary}\n{findings}\nbut must be\n{AGEING}\n{SUMMARY}\n[]")
    print(f"{ERP}: {ageing}, {summary}")


main()
