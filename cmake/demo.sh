#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash cmake/demo.sh: builds the tool and runs it on a simulated company whose truth is known. Writes only below build/.
set --
. "$(dirname "$0")/setup.sh" build
step "Configuring build/default" cmake --preset default -DEMPTOR_TESTS=OFF
step "Building the tool (some minutes the first time)" cmake --build --preset default --target emptor_tool
export PATH=$PWD/build/default:$PATH

rm -rf build/demo
printf '\n$ emptor demo --dir build/demo\n\n'
emptor demo --dir build/demo
cat <<'END'

The same for your own orders (customer, date, amount; --map names the columns of other files):

  export PATH=$PWD/build/default:$PATH
  emptor reduce value.customer_value --in orders.csv --out value/    # what each customer is worth, in one call
  emptor describe value.customer_value                               # what it takes and gives
  emptor list                                                        # what else there is

README.md, "Keeping a store up to date", says how to go on from there.
END
