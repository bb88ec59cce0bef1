#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Whether every internal link of the site leads to a page and an anchor that are there: links.py HTML_FOLDER.

Links are those of the pages, of the menus and of the search, which stand in scripts. Before that it mends what
Doxygen 1.9 links to anchors of its own that it does not make: the tree looks for the members of a namespace on the pages
of the files that declare them, and friends defined in a class have no place of their own.
"""
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


# What scripts and tables of members open: a page, and an anchor on it, in quotes.
QUOTED = re.compile(r"""(?<=['"])((?:\.\./)?)([\w\-][\w\-.]*\.html|)(?:#([\w\-:.~]*))?(?=['"])""")
MADE_UP = re.compile("a[0-9a-f]{32,}|nested-classes")


def mend(folder):
    anchors = {path.name: Page(path).anchors for path in folder.glob("*.html")}
    home = {anchor: name for name, found in anchors.items() for anchor in found if re.fullmatch("a[0-9a-f]{32,}", anchor)}
    for path in [*folder.rglob("*.js"), *folder.glob("*.html")]:
        def mended(link):
            up, page, anchor = link[1], link[2] or path.name, link[3] or ""
            if page not in anchors or anchor in anchors[page] or not MADE_UP.fullmatch(anchor):
                return link[0]
            return f"{up}{home[anchor]}#{anchor}" if anchor in home else up + page
        text = path.read_text(encoding="utf-8")
        if (fresh := QUOTED.sub(mended, text)) != text:
            path.write_text(fresh, encoding="utf-8")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    mend(folder)
    pages = {path: Page(path) for path in folder.rglob("*.html")}
    links = [(path, link) for path, page in pages.items() for link in page.links]
    links += [(path, link[0]) for path in folder.rglob("*.js")
              for link in QUOTED.finditer(path.read_text(encoding="utf-8")) if link[2]]
    broken, checked = [], 0
    for path, link in links:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme or parts.netloc or link.startswith("javascript:"):
            continue
        checked += 1
        to = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
        if not to.is_file():
            broken.append(f"{path.relative_to(folder)}: {link}: no such page")
        elif parts.fragment and to in pages and urllib.parse.unquote(parts.fragment) not in pages[to].anchors:
            broken.append(f"{path.relative_to(folder)}: {link}: no such anchor")
    print("\n".join(sorted(set(broken))[:50]))
    print(json.dumps({"pages": len(pages), "links": checked, "broken": len(set(broken))}))
    sys.exit(1 if broken or checked < 1000 else 0)


main()
