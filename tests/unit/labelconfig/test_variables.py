"""`$field` and Repeater."""

from typing import Any

import pytest

from labelwright.labelconfig import UNDEFINED, expand, index_flags, matches_name, parse_config, resolve, variables_in

DATA = {"a": {"b": [{"c": 1}, {"c": 2}]}, "name": "Ann", "n": 3, "x.y": "dotted", "my col": "spaced", "none": None}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$name", "Ann"),
        ("$n", 3),
        ("$a.b[1].c", 2),
        ("$a.b", [{"c": 1}, {"c": 2}]),
        ("$x.y", "dotted"),
        ("$my col", "spaced"),
        ("$nothing", ""),
        ("$a.b[9].c", ""),
        ("$a.b[99999999999999999999]", ""),
        ("$none", None),
        ("Dear $name.", "Dear Ann."),
        ("[$name] $n", "[Ann] 3"),
        ("https://x/$nothing/y", "https://x//y"),
        ("$a.b and more", '[{"c":1},{"c":2}] and more'),
        ("5 $", "5 $"),
        ("$.", "$."),
        ("plain", "plain"),
    ],
)
def test_resolve(value: str, expected: Any) -> None:
    assert resolve(value, DATA) == expected


def test_the_nameless_field_of_a_plain_file_is_meant_by_any_variable() -> None:
    assert resolve("$text", {UNDEFINED: "hello"}) == "hello"


def test_variables_in_a_text() -> None:
    assert variables_in("$a.b[0].c, ($d) and $e.") == ["a.b[0].c", "d", "e"]


REPEATER = """<View><Repeater on="$rows" indexFlag="{{i}}"><Text name="t_{{i}}" value="$rows[{{i}}].x"/>
<Choices name="c_{{i}}" toName="t_{{i}}"><Choice value="row {{i}}"/></Choices></Repeater></View>"""


def test_repeater_gives_a_view_per_element() -> None:
    config = expand(parse_config(REPEATER), {"rows": [{"x": 1}, {"x": 2}]})
    assert [(node.name, node.to_name, node.children[0].raw["value"]) for node in config.controls] == [
        ("c_0", ("t_0",), "row 0"),
        ("c_1", ("t_1",), "row 1"),
    ]
    assert [node.raw["value"] for node in config.objects] == ["$rows[0].x", "$rows[1].x"]


@pytest.mark.parametrize("data", [{}, {"rows": []}, {"rows": "text"}, {"rows": None}])
def test_repeater_without_a_list_shows_nothing(data: dict[str, Any]) -> None:
    assert expand(parse_config(REPEATER), data).controls == ()


def test_repeaters_nest() -> None:
    inner = '<Repeater on="$r[{{i}}].v" indexFlag="{{j}}"><Text name="t_{{i}}_{{j}}" value="$r[{{i}}].v[{{j}}]"/></Repeater>'
    config = parse_config(f'<View><Repeater on="$r" indexFlag="{{{{i}}}}">{inner}</Repeater></View>')
    assert [node.name for node in expand(config, {"r": [{"v": [1, 2]}, {"v": [3]}]}).objects] == ["t_0_0", "t_0_1", "t_1_0"]


def test_config_without_repeater_is_the_same_object() -> None:
    config = parse_config("<View/>")
    assert expand(config, {}) is config


def test_repeater_does_not_fill_the_memory() -> None:
    with pytest.raises(ValueError, match="more than 20000 tags"):
        expand(parse_config(REPEATER), {"rows": [{}] * 60_000})


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("c_{{i}}", "c_0", True),
        ("c_{{i}}", "c_", True),
        ("c_{{i}}", "d_0", False),
        ("c_{{i}}_x_{{j}}", "c_1_x_2", True),
        ("c_{{i}}_x", "c_1_y", False),
        ("{{i}}aa{{j}}aa", "aaa", False),
        ("c", "c", True),
        ("c.", "cx", False),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", False),
    ],
)
def test_names_with_an_index(pattern: str, name: str, matches: bool) -> None:
    assert matches_name(pattern, name, ("{{i}}", "{{j}}")) is matches


def test_index_flags() -> None:
    assert index_flags(parse_config(REPEATER)) == ("{{i}}",)
    assert index_flags(parse_config("<View><Repeater on='$r'/></View>")) == ("{{idx}}",)
