#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash cmake/demo.sh: builds the tool, runs the worked example of every capability, then the main job: from orders to what
# each customer will do next. Writes only below build/.
set --
. "$(dirname "$0")/setup.sh" build
step "Configuring build/default" cmake --preset default -DEMPTOR_TESTS=OFF
step "Building the tool (some minutes the first time)" cmake --build --preset default --target emptor_tool
emptor=build/default/emptor
out=build/demo
mkdir -p $out

say() { printf '\n== %s\n' "$*"; }
run() { # shows the command as a user would type it, then runs it
  printf '$ emptor'
  for word in "$@"; do # quoted where a shell needs it
    case $word in *' '*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
  done
  echo
  "$emptor" "$@"
}

say "What emptor can do"
run list

say "The worked example of each"
for entry in $("$emptor" list --json | grep -o '"name": *"[^"]*"' | sed 's/.*"\(.*\)"/\1/'); do
  run describe "$entry" --example
done

# 400 customers who order at their own pace and leave at some point; the same orders on every machine.
awk 'function u() { s = (s * 16807) % 2147483647; return s / 2147483647 }
     BEGIN { s = 20261122; print "customer,date,amount"
       for (c = 1; c <= 400; c++) {
         pace = 0.006 * -log(u() * u()); leave = u() ^ 3; day = first = int(90 * u())
         while (day < 365) {
           month = 1; d = day
           split("31 28 31 30 31 30 31 31 30 31 30 31", days, " ")
           while (d >= days[month]) d -= days[month++]
           printf "C%04d,2025-%02d-%02d,%.2f\n", c, month, d + 1, 20 + 180 * u() * u()
           if (day > first && u() < leave) break
           day += 1 + int(-log(u()) / pace)
         } } }' >$out/orders.csv

say "The main job: from $(($(wc -l <$out/orders.csv) - 1)) orders to what each customer will do next"
head -n 4 $out/orders.csv
run reduce value.summary --in $out/orders.csv --set until=2025-12-31 --set unit=week --out $out/summary.csv
run fit value.bg_nbd --in $out/summary.csv --set unit=week --out $out/bg_nbd.emptor
run show $out/bg_nbd.emptor
run score $out/bg_nbd.emptor --in $out/summary.csv --set 'horizon=26 week' --keep customer --out $out/scores.csv
say "Five customers and what to expect of them in the next half year"
head -n 6 $out/scores.csv

say "Written to $out"
echo "orders.csv      the orders                          summary.csv  a customer a row: frequency, recency, age, money"
echo "bg_nbd.emptor   the model                           scores.csv   P(alive) and expected orders a customer"
ls -l $out
say "Next"
echo 'export PATH=$PWD/build/default:$PATH'
echo "emptor reduce value.customer_value --in $out/orders.csv --out $out/value/   # what each customer is worth, in one call"
echo 'emptor describe value.customer_value; README.md, "Keeping a store up to date"' 
