#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
set -eu
cat >monday.csv <<'END'
customer,document,cancels,date,revision,amount
Ann,D1,,2026-03-02,0,120.00
Bob,D2,,2026-03-02,0,80.00
Ann,D3,,2026-03-09,0,60.00
END
# Tuesday: D1 again, D3 changed, a credit note for D2 that is five days late, and a new order.
cat >tuesday.csv <<'END'
customer,document,cancels,date,revision,amount
Ann,D1,,2026-03-02,0,120.00
Ann,D3,,2026-03-09,1,75.00
Bob,C1,D2,2026-03-05,0,-30.00
Bob,D4,,2026-03-10,0,45.00
END
# What the ERP has of all this on Tuesday night, in whatever order.
cat >all.csv <<'END'
customer,document,cancels,date,revision,amount
Bob,D4,,2026-03-10,0,45.00
Bob,C1,D2,2026-03-05,0,-30.00
Ann,D3,,2026-03-09,1,75.00
Bob,D2,,2026-03-02,0,80.00
Ann,D1,,2026-03-02,0,120.00
END

for night in monday tuesday; do # the first push makes the store, with these options; --strict: all of a file or nothing
  emptor push order_history --in $night.csv --store shop.emptor --set default_currency=EUR --strict
done
emptor push order_history --in all.csv --store rebuilt.emptor --set default_currency=EUR --strict
cmp shop.emptor rebuilt.emptor # the same bytes

for store in shop rebuilt; do
  emptor reduce value.summary --store $store.emptor --set until=2026-03-10 --out $store
done
diff -r shop rebuilt # the same figures
cut -d, -f1,2,9 shop/summary.csv
