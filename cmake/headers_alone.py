#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""headers_alone.py WORK: whether each header compiles as the first thing of a program, and all of them in one, with clang.

What the target all_verify_interface_header_sets asks too, in a third of the time: headers that many include are compiled
first, into a precompiled header each; the others begin with the largest of these that holds nothing but what they include
anyway, so that it cannot lend them what they forgot.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

MANY = 6  # includers from which a precompiled header pays
root = pathlib.Path(__file__).resolve().parent.parent / "include"
work = pathlib.Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)

headers = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.hpp"))
includes = {name: re.findall(r"^#include <(emptor/[^>]+)>", (root / name).read_text(), re.M) for name in headers}
closures = {}


def closure(name):
    if name not in closures:
        closures[name] = {name}.union(*(closure(other) for other in includes[name]))
    return closures[name]


includers = {name: sum(name in others for others in includes.values()) for name in headers}
shared = [name for name in headers if includers[name] >= MANY]
eigen = subprocess.run(["pkg-config", "--cflags-only-I", "eigen3"], capture_output=True, text=True).stdout
flags = ["-std=c++20", "-Wall", "-Wextra", "-Wno-pragma-once-outside-header", "-Werror", f"-I{root}"]
flags += [f"-isystem{folder[2:]}" for folder in eigen.split()]
for prefix in filter(None, os.environ.get("CMAKE_PREFIX_PATH", "").split(":")):
    flags.append(f"-isystem{prefix}/include")


def precompiled(name):
    return str(work / (name.replace("/", ".") + ".pch"))


def compiled(name):
    if name in shared:
        how = ["-x", "c++-header", "-o", precompiled(name)]
    else:
        held = max((other for other in shared if other in closure(name)), key=lambda one: len(closure(one)), default=None)
        how = ["-x", "c++", "-fsyntax-only"] + (["-include-pch", precompiled(held)] if held else [])
    run = subprocess.run(["clang++-14", *flags, *how, str(root / name)], capture_output=True, text=True)
    return "" if run.returncode == 0 else f"{name} does not stand alone:\n{run.stderr}"


def together():
    every = "".join(f"#include <{name}>\n" for name in headers)
    run = subprocess.run(["clang++-14", *flags, "-x", "c++", "-fsyntax-only", "-"], input=every, capture_output=True, text=True)
    return "" if run.returncode == 0 else f"the headers do not stand together:\n{run.stderr}"


failed = []
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
    for some in (shared, [name for name in headers if name not in shared]):
        failed += filter(None, workers.map(compiled, some))
failed += filter(None, [together()])
print("\n".join(failed) or f"{len(headers)} headers stand alone")
sys.exit(1 if failed or not headers else 0)
