# SPDX-License-Identifier: BSL-1.0
"""Modules, functions, signatures and docs are made of the catalogue; the package knows no entry by name."""

import ast
import importlib
import inspect
import math
import pydoc

import pytest
from conftest import PACKAGE

import emptor
from emptor import _catalogue, _stubs


def test_every_entry_is_an_attribute_of_its_module():
    for name in emptor.entries:
        path, _, own = name.rpartition(".")
        module = importlib.import_module(f"emptor.{path}")
        found = getattr(module, own)
        assert found.name == name
        assert found is emptor.entry(name)
        assert own in dir(module)
        held = emptor
        for part in path.split("."):
            assert part in dir(held)
            held = getattr(held, part)
        assert held is module


def test_a_module_inside_another_one():
    from emptor.decision import alert
    from emptor.decision.alert import customer_churn

    assert customer_churn is emptor.decision.alert.customer_churn is alert.customer_churn
    assert "alert" in dir(emptor.decision) and "alert" in emptor.decision.__all__
    assert "alert" not in emptor.__all__
    with pytest.raises(AttributeError, match="customer_churn"):
        alert.customer_chrun


def test_imports_as_of_any_package():
    from emptor.decision import value_matrix
    import emptor.value as value

    assert value_matrix.name == "decision.value_matrix"
    assert value.bg_nbd is emptor.value.bg_nbd


def test_an_unknown_name_tells_the_nearest():
    with pytest.raises(AttributeError, match="bg_nbd"):
        emptor.value.bg_ndb
    with pytest.raises(emptor.UnknownNameError, match="value.bg_nbd"):
        emptor.entry("value.bgnbd")


def test_signatures_have_the_options_with_their_defaults():
    for name in emptor.entries:
        entry = emptor.entry(name)
        signature = inspect.signature(getattr(entry, entry.verb))
        for option in entry.description["options"] or entry.description["score"]["options"]:
            parameter = signature.parameters[option["name"]]
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
            if option["required"]:
                assert parameter.default is inspect.Parameter.empty
            elif "default" in option:
                assert parameter.default is not None
        for slot in entry.description["slots"]:
            assert slot["name"] in signature.parameters
    assert inspect.signature(emptor.value.bg_nbd.fit).parameters["max_iterations"].default == 200


def test_defaults_of_every_number():
    for text, wanted in (("2", 2), ("0.5", 0.5), ("inf", math.inf), ("-inf", -math.inf), ("1e300", 1e300)):
        assert _catalogue.option_default({"content": "number", "default": text}) == wanted
    assert math.isnan(_catalogue.option_default({"content": "number", "default": "nan"}))
    assert repr(_catalogue.option_default({"content": "number", "default": "2"})) == "2"
    assert [_stubs._default(one) for one in (2, 0.5, math.inf, math.nan, "week")] == ["2", "0.5", "...", "...", "'week'"]


def test_docs_tell_columns_units_options_sources_and_the_chinese_term():
    for name in emptor.entries:
        entry = emptor.entry(name)
        text = pydoc.plain(pydoc.render_doc(getattr(entry, entry.verb)))
        described = entry.description
        told = " ".join(text.split())
        for word in (described["chinese"], described["source"], described["summary"]):
            assert " ".join(word.split()) in told
        for table in [{"columns": described["score"]["inputs"]}] if entry.verb == "score" else described["inputs"]:
            for column in table["columns"]:
                assert f"{column['name']}{' (many)' if column['many'] else ''}: " in text
                assert " ".join(column["summary"].split()) in told
        assert "Worked example:" in text
        assert entry.__doc__.startswith(described["summary"])


def test_a_models_score_has_a_signature_of_its_own(shop):
    parameters = inspect.signature(shop.score).parameters
    assert list(parameters)[0] == "data"
    assert {"horizon", "only", "row_status"} <= set(parameters)
    assert "probability_alive" in inspect.getdoc(shop.score)
    assert {"score", "save", "parameters", "tables"} <= set(dir(shop))


def test_stores_are_classes_with_docs():
    for kind in dir(emptor.stores):
        if kind.startswith("_"):
            continue
        cls = getattr(emptor.stores, kind)
        assert issubclass(cls, emptor.Store)
        assert "Options:" in inspect.getdoc(cls)


def test_an_unknown_keyword_tells_the_nearest():
    with pytest.raises(TypeError, match="holdout"):
        emptor.value.simulate.reduce(orders=None, age=3, holduot=3)
    with pytest.raises(TypeError, match="unit"):
        emptor.value.bg_nbd.fit({}, unti="week")
    with pytest.raises(TypeError, match="default_currency"):
        emptor.stores.ledger(default_curency="EUR")


def _words_of_code(path):
    """All names and texts of a file that are no docs."""
    tree = ast.parse(path.read_text())
    docs = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and node.body
            and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def test_the_package_knows_no_entry_by_name():
    own = {word for name in emptor.entries for word in (name, name.partition(".")[2])} - {"summary"}
    files = list((PACKAGE / "emptor").glob("*.py"))
    assert len(files) > 8
    for path in files:
        assert not own & set(_words_of_code(path)), path
