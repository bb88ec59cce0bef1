#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the pages of the site: pages.py SOURCE TOOL OUT.

The catalogue's pages come from `emptor describe`, their formulas from the comments of the headers; all other pages are
the Markdown files of the project, with headings and links as Doxygen wants them. Nothing is listed here.
"""
import csv
import html
import io
import json
import pathlib
import re
import subprocess
import sys

SOURCE, TOOL, OUT = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
ROOMS = ["include", "src", "capi", "bench", "tests", "cmake"]


def fail(text):
    sys.exit(f"pages.py: {text}")


def tool(*words):
    return subprocess.run([TOOL, *words], check=True, capture_output=True, text=True).stdout


# --- what Doxygen reads ----------------------------------------------------------------------------------------------
def plain(text):
    """Text that Doxygen shows as it is, but for what stands between backticks, which is code."""
    parts = re.split("`([^`]*)`", str(text))
    return "".join(code(part) if i % 2 else re.sub(r"([\\@#%*_|~$])", r"\\\1", html.escape(part, quote=False))
                   for i, part in enumerate(parts))


def code(text):
    return "<code>" + html.escape(str(text), quote=False).replace("\\", "\\\\").replace("@", "\\@") + "</code>"


def table(header, rows):
    """A table in HTML: cells may hold any text, and lines of any length."""
    rows = list(rows)
    if not rows:
        return []
    used = [i for i, title in enumerate(header) if any(row[i] for row in rows)]
    lines = ['<div class="wide"><table class="doxtable">']
    lines.append("<tr>" + "".join(f"<th>{header[i]}</th>" for i in used) + "</tr>")
    lines += ["<tr>" + "".join(f"<td>{row[i]}</td>" for i in used) + "</tr>" for row in rows]
    return lines + ["</table></div>", ""]


def page_of(kind, name):
    return f"{kind}_{name.replace('.', '_')}"


def link(kind, name):
    return f'\\ref {page_of(kind, name)} "{name}"'


# --- the catalogue ---------------------------------------------------------------------------------------------------
def number(value):
    short = f"{value:g}".replace("e+", "e").replace("e0", "e")
    return short if float(short) == value else f"{value:.17g}"


def domain(of):
    if not of:
        return ""
    low = ("(" if of["low_open"] else "[") + number(of["low"]) if "low" in of else "(-∞"
    high = number(of["high"]) + (")" if of["high_open"] else "]") if "high" in of else "∞)"
    return f"{low}, {high}"


def column_row(one, given):
    notes = [plain(one["summary"])] if one["summary"] else []
    if one.get("levels"):
        notes.append("one of " + ", ".join(code(level) for level in one["levels"]))
    if one["many"]:
        notes.append("any number of columns")
    if one.get("needs"):
        notes.append("only where " + " and ".join(code(option) for option in one["needs"]) + " is given")
    if one.get("on_request"):
        notes.append("only for who asks for it by name")
    needed = ("" if one["optional"] else "yes") if given else ("can&nbsp;be&nbsp;null" if one["optional"] else "")
    return [code(one["name"]), one["content"], needed, plain(one["unit"]), domain(one["domain"]), "; ".join(notes)]


def columns(of, given):
    return table(["column", "content", "needed" if given else "", "unit", "domain", "meaning"],
                 (column_row(one, given) for one in of))


def tables(title, of, given):
    lines = [f"## {title}", ""] if of else []
    for one in of:
        lines += [f"**{one['name']}**: {plain(one['summary'])}" + (" (optional)" if given and one["optional"] else ""), ""]
        lines += columns(one["columns"], given)
    return lines


def options(title, of):
    lines = [f"## {title}", ""] if of else []
    return lines + table(
        ["option", "content", "unit", "domain", "default", "meaning"],
        ([code(one["name"]),
          " or ".join(code(choice) for choice in one["choices"]) if one.get("choices") else one["content"],
          plain(one["unit"]), domain(one["domain"]),
          "needed" if one["required"] else code(one["default"]) if "default" in one else "not set",
          plain(one["summary"])] for one in of))


def slots(of):
    lines = ["## Model slots", ""] if of else []
    return lines + table(["slot", "accepts models of", "needed", "meaning"],
                         ([code(one["name"]), ", ".join(link("entry", entry) for entry in one["accepts"]),
                           "" if one["optional"] else "yes", plain(one["summary"])] for one in of))


def example_tables(of):
    lines = []
    for one in of:
        rows = list(csv.reader(io.StringIO(one["csv"])))
        shown = rows[1:] if len(rows) <= 41 else rows[1:21] + [["…"] * len(rows[0])] + rows[-20:]
        lines += [f"Table {code(one['name'])}" + (f" ({len(rows) - 1} rows)" if len(rows) > 41 else "") + ":", "",
                  '<div class="wide"><table class="doxtable figures">',
                  "<tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in rows[0]) + "</tr>"]
        lines += ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in shown]
        lines += ["</table></div>", ""]
    return lines


def example_options(title, of):
    if not of:
        return []
    return [f"{title}: " + ", ".join(code(f"{name}={value}") for name, value in of.items()), ""]


def examples(of):
    lines = []
    for one in of["examples"]:
        summary = one["summary"] or of["summary"]
        lines += [f"## Worked example: {one['verb']}", "", f"{plain(summary[:1].upper() + summary[1:])}. "
                  f"Source: {plain(one['source'])}.", "", "### Rows in", ""]
        lines += example_tables(one["tables"]) or ["No rows: this entry makes its own.", ""]
        lines += example_options("Options", one["options"])
        if one["model_tables"]:
            lines += ["The model:", ""] + example_tables(one["model_tables"])
            lines += example_options("Options of the model", one["model_options"])
        for slot in one["slots"]:
            lines += [f"In the slot {code(slot['name'])} a model of {link('entry', slot['entry'])}:", ""]
            lines += example_tables(slot["tables"]) + example_options("Its options", slot["options"])
        exact = "to the digit" if one["tolerance"] == 0 else f"to a relative {one['tolerance']:g}"
        lines += ["### Figures out", "", f"Tests compare them {exact}, through C++, C and the tool.", ""]
        lines += example_tables(one["expected"])
    if lines:
        lines += ["Run it yourself:", "", "```sh", f"emptor describe {of['name']} --example", "```", ""]
    return lines


# --- the formulas: what the comments of the headers say ---------------------------------------------------------------
def comment(lines):
    """The text of `///` lines, without what is about parameters."""
    kept, skipping = [], False
    for line in lines:
        text = line.strip()[3:]
        text = text[1:] if text.startswith(" ") else text
        command = re.match(r"\\(t?param|throws|returns?|copydoc|copybrief)\b", text)
        skipping = bool(command) or (skipping and text.startswith(" "))
        if not skipping:
            kept.append(text)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def comments(path):
    """The comment before the namespace, and those of at least two lines or an equation, each with what it is about."""
    lines, about, said, start, hidden = path.read_text(encoding="utf-8").split("\n"), [], [], None, False
    for i, line in enumerate(lines):
        if line.startswith("namespace detail"):
            hidden = True
        elif line.startswith("}"):
            hidden = hidden and "namespace detail" not in line
        if line.lstrip().startswith("///"):
            start = i if start is None else start
            continue
        if start is not None:
            text = comment(lines[start:i])
            if line.startswith("namespace"):
                about = text
            elif text and (re.search(r"\b[Ee]quations? [A-Z]?\d", "\n".join(text)) or
                           (len(text) > 1 and not hidden and not lines[start].startswith(" "))):
                under = re.search(r"(?:struct|class|using) (\w\w+)|(\w\w+)\(|(\w+) =", " ".join(lines[i:i + 4]))
                said.append((next(filter(None, under.groups())) if under else "", text))
        start = None
    return about, said


def formulas(name):
    room, stem = name.split(".", 1)
    stem = stem.replace(".", "_")  # decision.alert.x stands in decision/alert_x.hpp
    folder = SOURCE / "include/emptor" / room
    main = folder / f"{stem}.hpp"
    # An entry over formulas of stats has no header of its own: those that end with its last word say them.
    last = "" if main.exists() else stem.rsplit("_", 1)[-1]
    headers = [main] * main.exists() + sorted(folder.glob(f"{stem}_*.hpp"))
    if not headers:
        fail(f"{name}: there is no header {main.relative_to(SOURCE)} whose comments say its formulas")
    for header in list(headers):
        for found in re.findall(r"#include <(emptor/(?:%s|stats)/\w+\.hpp)>" % room, header.read_text(encoding="utf-8")):
            if SOURCE / "include" / found not in headers:
                headers.append(SOURCE / "include" / found)
    lines = ["## Formulas and where they stand", ""]
    more = []
    for path in headers:
        about, said = comments(path)
        shown = path.relative_to(SOURCE / "include")
        if not (path.stem == stem or path.stem.startswith(stem + "_") or (last and path.stem.endswith(last)) or
                any(re.search(r"\b[Ee]quations? [A-Z]?\d", "\n".join(text)) for _, text in said)):
            more.append(f"\\ref {shown} \"{path.name}\"")
            continue
        if not about and not said:
            continue
        lines += [f"<b>\\ref {shown} \"{shown}\"</b>", ""] + about + [""]
        for what, text in said:
            lines += ["- " + (f"`{what}`: " if what else "") + text[0]] + ["  " + line for line in text[1:]] + [""]
    if len(lines) == 2:
        fail(f"{name}: no comment in {main.relative_to(SOURCE)} says its formulas")
    return lines + (["What these stand on: " + ", ".join(more) + ".", ""] if more else [])


def entry_page(of):
    does = of["verb"] + (", score" if of["verb"] == "fit" and of["score"]["outputs"] else "")
    lines = [f"# {of['name']} {of['chinese']} {{#{page_of('entry', of['name'])}}}", "",
             plain(of["summary"][:1].upper() + of["summary"][1:]) + ".", ""]
    facts = [["verb", does], ["Chinese term", of["chinese"]], ["source", plain(of["source"])], ["since", of["since"]],
             ["finishes from", f"the store {link('store', of['store'])}" if of["store"] else ""],
             ["model as text", ", ".join(of["formats"]) if of["formats"] else ""]]
    lines += ['<table class="facts">'] + [f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in facts if b] + ["</table>", ""]
    lines += ["[TOC]", ""] + formulas(of["name"])
    lines += tables("Tables in", of["inputs"], True) + options("Options", of["options"])
    lines += slots(of["slots"]) + tables("Tables out", of["outputs"], False)
    lines += tables("Tables of the model", of["model_tables"], True) + options("Options of the model", of["model_options"])
    score = of["score"]
    if score["outputs"]:
        lines += ["## Score: columns in", ""] + columns(score["inputs"], True)
        lines += options("Score: options", score["options"])
        lines += ["## Score: columns out", ""] + columns(score["outputs"], False)
    return lines + examples(of)


def store_page(of, entries):
    lines = [f"# Store {of['name']} {of['chinese']} {{#{page_of('store', of['name'])}}}", "",
             plain(of["summary"][:1].upper() + of["summary"][1:]) + ".", "", '<table class="facts">']
    facts = [["Chinese term", of["chinese"]], ["memory", plain(of["memory"])],
             ["erased, and finished for some, by", code(of["key"]) if of["key"] else ""],
             ["who finishes from it", ", ".join(link("entry", one["name"]) for one in entries if one["store"] == of["name"])]]
    lines += [f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in facts if b] + ["</table>", ""]
    lines += tables("Tables that are pushed", of["tables"], True) or [
        "## Tables that are pushed", "", "Those of the entry that its option `entry` names.", ""]
    return lines + options("Options", of["options"])


def catalogue_page(entries, stores):
    lines = ["# The catalogue {#catalogue}", "",
             "Every capability is an entry with one verb: **score** (a row at a time), **reduce** (a store to tables) or **fit** "
             "(a store to a model). What an entry takes and gives is told here as `emptor describe` and "
             "`emptor_catalogue_describe` tell it.", "", "## Entries", ""]
    lines += table(["entry", "中文", "verb", "what it gives"],
                   ([f"\\subpage {page_of('entry', one['name'])} \"{one['name']}\"", one["chinese"],
                     one["verb"] + (", score" if one["verb"] == "fit" and one["score"]["outputs"] else ""),
                     plain(one["summary"])] for one in entries))
    lines += ["## Stores", ""]
    lines += table(["store", "中文", "what it holds", "memory"],
                   ([f"\\subpage {page_of('store', one['name'])} \"{one['name']}\"", one["chinese"], plain(one["summary"]),
                     plain(one["memory"])] for one in stores))
    for path in sorted((SOURCE / "include/emptor").glob("*/README.md")):
        grid = re.search(r"<!-- grid -->\n(.*?)<!-- /grid -->", path.read_text(encoding="utf-8"), re.S)
        if grid:
            lines += [f"## Which model of {path.parent.name} has which quantity", "",
                      "● the model has it; else the sentence below says why not.", "", grid.group(1)]
    return lines


# --- the project's Markdown files -------------------------------------------------------------------------------------
def slug(heading):
    text = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def page_id(path):
    return "page_" + re.sub(r"\W", "_", str(path.with_suffix("")))


def outline(path):
    """The id of each heading of a file by its number among the lines, and by the name that links use."""
    ids, names, fenced = {}, {}, False
    for i, line in enumerate((SOURCE / path).read_text(encoding="utf-8").split("\n")):
        fenced ^= line.lstrip().startswith("```")
        heading = re.match(r"#+ +(.*)", line)
        if fenced or not heading:
            continue
        name = slug(heading.group(1))
        while name in names:
            name += "-1"
        ids[i] = names[name] = page_id(path) + "-" + name if ids else page_id(path)
    return ids, names


def linked(path, target, text):
    if re.match(r"https?:|mailto:", target):
        return f"[{text}]({target})"
    file, _, anchor = target.partition("#")
    to = pathlib.Path((SOURCE / path.parent / file).resolve().relative_to(SOURCE.resolve())) if file else path
    if not (SOURCE / to).exists():
        fail(f"{path}: the link to {target} goes nowhere")
    if to.suffix == ".md":
        ids, names = outline(to)
        if anchor and anchor not in names:
            fail(f"{path}: the link to {target} finds no such heading")
        return f"[{text}](@ref {names[anchor] if anchor else page_id(to)})"
    if to.suffix in (".h", ".hpp"):
        return f"[{text}](@ref {to.name})"
    return text if text.startswith("`") else f"`{text}`"  # a file that is not part of the site


def text_for_doxygen(path, text):
    text = re.sub(r"\[([^]]+)\]\(([^)\s]+)\)", lambda found: linked(path, found[2], found[1].replace("\n", " ")), text)
    # To Doxygen a quote ends what ` began.
    return re.sub(r"`([^`]*)`", lambda found: code(found[1]) if "'" in found[1] else found[0], text)


def markdown_page(path):
    ids, fenced, lines, text = outline(path)[0], False, [], []
    for i, line in enumerate((SOURCE / path).read_text(encoding="utf-8").split("\n") + ["```"]):
        is_fence = line.lstrip().startswith("```")
        if not (fenced or is_fence or i in ids or line.startswith("    ")):
            text.append(line)
            continue
        lines += text_for_doxygen(path, "\n".join(text)).split("\n") if text else []
        text = []
        lines.append(line.replace("`", "") + f" {{#{ids[i]}}}" if i in ids else line)
        fenced ^= is_fence
    return lines[:-1]


# --- what the search should find besides ------------------------------------------------------------------------------
def names_in(described):
    """All names of columns, options, tables and slots."""
    if isinstance(described, list):
        return set().union(*map(names_in, described)) if described else set()
    if not isinstance(described, dict):
        return set()
    own = {described["name"]} if "name" in described else set()
    return own.union(*(names_in(value) for key, value in described.items() if key != "examples"))


def words_of(kind, of):
    title = f"{of['name']} {of['chinese']}"
    words = names_in(of) | set(of["name"].split(".")) | set(of["name"].replace(".", "_").split("_")) | {of["chinese"]}
    return [[word, page_of(kind, of["name"]), title] for word in sorted(words)]


def words_of_file(path):
    lines = (SOURCE / path).read_text(encoding="utf-8").split("\n")
    title = lines[0].lstrip("# ").replace("`", "")
    heads = " ".join(lines[i] for i in outline(path)[0])
    page = "index" if str(path) == "README.md" else page_id(path)
    return [[word, page, title] for word in sorted(set(re.findall(r"[^\W\d_]{4,}|SAP", heads.replace("`", ""))))]


def main():
    entries = [json.loads(tool("describe", one["name"], "--json")) for one in json.loads(tool("list", "--json"))]
    stores = [json.loads(tool("describe", name, "--json")) for name in sorted({one["store"] for one in entries} - {""})]
    pages = {"catalogue.md": catalogue_page(entries, stores)}
    pages.update({page_of("entry", one["name"]) + ".md": entry_page(one) for one in entries})
    pages.update({page_of("store", one["name"]) + ".md": store_page(one, entries) for one in stores})
    files = sorted(SOURCE.glob("*.md")) + sorted(path for room in ROOMS for path in (SOURCE / room).rglob("*.md"))
    for path in files:
        pages[page_id(path.relative_to(SOURCE)) + ".md"] = markdown_page(path.relative_to(SOURCE))
    words = [word for one in entries for word in words_of("entry", one)]
    words += [word for one in stores for word in words_of("store", one)]
    words += [word for path in files for word in words_of_file(path.relative_to(SOURCE))]
    (OUT / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    for name, lines in pages.items():
        (OUT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
