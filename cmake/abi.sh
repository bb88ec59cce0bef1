# SPDX-License-Identifier: BSL-1.0
# How the ABI is read and compared, for abi_baseline.sh and tests/abi. Source it.

# abi_write LIBRARY HEADER_DIR OUT: the types and functions of the headers as text, without paths of this machine
abi_write() {
  abidw --exported-interfaces-only --headers-dir "$2" --drop-private-types --no-show-locs --no-corpus-path \
    --no-comp-dir-path --no-elf-needed --out-file "$3.tmp" "$1"
  sed "s|\(<abi-instr .*\) path='[^']*/|\1 path='|" "$3.tmp" >"$3"
  rm "$3.tmp"
}

# abi_compare OLD.abi NEW.abi: 0 = whoever linked OLD can run NEW (additions are welcome), 1 = not; else an error
abi_compare() {
  local code=0
  abidiff --no-added-syms "$1" "$2" || code=$?
  [ $((code & 3)) = 0 ] || { [ $code != 1 ] || code=3; return $code; } # bits 1 and 2: abidiff itself failed
  [ $code = 0 ] || return 1
}
