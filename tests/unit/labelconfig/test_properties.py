"""Whatever the text, reading a config never raises, and the parts agree with each other."""

import doctest
import importlib
import pkgutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import labelwright.labelconfig
from labelwright.labelconfig import (
    ResultChecker,
    TaskChecker,
    control_weights,
    expand,
    is_suitable_for_bulk_annotation,
    lint_config,
    load_tags,
    parse_config,
    parsed_label_config,
    resolve,
    sample_of,
    sample_result,
    validate_config,
)

TAGS = [*load_tags(), "Foo", "text"]
ATTRIBUTES = [
    "name",
    "toName",
    "value",
    "valueList",
    "alias",
    "on",
    "indexFlag",
    "perRegion",
    "timeColumn",
    "timeFormat",
    "column",
    "choice",
    "x",
]
VALUES = st.sampled_from(
    ["a", "b", "a,b", "$a", "$b.c[0]", "$r[{{idx}}].t", "{{idx}}", "true", "", "$", "%Y-%m", "{{idx}}{{idx}}", "7"]
) | st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "r", "c", "t"]), inner),
)


def escaped(text: str) -> str:
    return "".join(f"&#{ord(letter)};" if letter in "<>&\"'" else letter for letter in text if letter.isprintable())


def spelled(tag: str, attributes: dict[str, str], inside: list[str]) -> str:
    written = " ".join(f'{name}="{escaped(value)}"' for name, value in attributes.items())
    return f"<{tag} {written}>{''.join(inside)}</{tag}>"


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=5)
    return st.builds(spelled, st.sampled_from(TAGS), attributes, st.lists(children, max_size=4))


DOCUMENTS = element(st.recursive(st.sampled_from(["", "text", "<!-- {} -->", '<!-- {"data": 1} -->']), element, max_leaves=12))


@given(st.text() | st.text(alphabet="<>/=\"'!-[]&;? abView\n"))
def test_any_text_is_read(text: str) -> None:
    config = parse_config(text)
    assert bool(validate_config(config)) == any(problem.severity == "error" for problem in lint_config(config))
    assert (config.root.tag == "View") or not config.problems


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, JSON)
def test_any_config_is_judged_and_described(document: str, data: object) -> None:
    config = parse_config(document)
    assert config.problems == ()
    assert bool(validate_config(config)) == any(problem.severity == "error" for problem in lint_config(config))
    assert control_weights(config).keys() == parsed_label_config(config).keys()
    assert isinstance(is_suitable_for_bulk_annotation(config), bool)
    ResultChecker(config).check(data)
    TaskChecker(config).check_item(data)
    if isinstance(data, dict):
        expand(config, data)
    sample_of(config)
    sample_result(config)


@given(st.text(alphabet="$ab.[]{}01 "), JSON)
def test_any_variable_is_resolved(value: str, data: object) -> None:
    if isinstance(data, dict):
        resolve(value, data)


@pytest.mark.parametrize("module", [module.name for module in pkgutil.iter_modules(labelwright.labelconfig.__path__)])
def test_examples_in_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"labelwright.labelconfig.{module}")).failed == 0
