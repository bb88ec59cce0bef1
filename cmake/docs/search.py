#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Adds words to the search of the site, which works without a server: search.py WORDS.json HTML_FOLDER.

Doxygen 1.9 finds a page by the beginning of its title only. WORDS.json holds what a reader looks for: [word, page, title],
such as the options and columns of an entry, and its Chinese term.
"""
import json
import pathlib
import re
import sys


def identifier(word):
    """As convertToId of search.js makes it."""
    return "".join(c if re.fullmatch("[a-z0-9\u0080-\uffff]", c) else f"_{ord(c):02x}" for c in word.lower())


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("&", "&amp;").replace("<", "&lt;") + "'"


def main():
    words, folder = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")), pathlib.Path(sys.argv[2]) / "search"
    found = {}
    for word, page, title in words:
        found.setdefault(word, {})[page] = title
    data = folder / "searchdata.js"
    text = data.read_text(encoding="utf-8")
    letters = re.search(r'^  0: "(.*)"', text, re.M)[1]
    rows = {}
    for number, (word, pages) in enumerate(sorted(found.items())):
        places = ",".join(f"['../{page}.html',1,{quoted(title)}]" for page, title in pages.items())
        rows.setdefault(word[0].lower(), []).append(f"  ['{identifier(word)}_w{number}',[{quoted(word)},{places}]]")
    for letter, lines in rows.items():
        if letter not in letters:
            letters += letter
            name = f"all_{letters.index(letter):x}"
            (folder / f"{name}.js").write_text("var searchData=\n[\n];\n", encoding="utf-8")
            page = (folder / "all_0.html").read_text(encoding="utf-8")
            (folder / f"{name}.html").write_text(page.replace("all_0.js", f"{name}.js"), encoding="utf-8")
        script = folder / f"all_{letters.index(letter):x}.js"
        head, _, old = script.read_text(encoding="utf-8").partition("[\n")
        script.write_text(head + "[\n" + ",\n".join(lines) + ("\n" if old.startswith("]") else ",\n") + old, encoding="utf-8")
    data.write_text(re.sub(r'^  0: ".*"', lambda _: f'  0: "{letters}"', text, count=1, flags=re.M), encoding="utf-8")


main()
