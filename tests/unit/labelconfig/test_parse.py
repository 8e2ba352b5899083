"""Reading documents: places, types, refusals."""

import pytest

from labelwright.labelconfig import Place, parse_config, tag_schema

TEXT = '<Text name="t" value="$text"/>'


def test_names_of_tags_and_attributes_may_be_in_any_case() -> None:
    config = parse_config('<view><text NAME="t" Value="$x"/><RECTANGLELABELS name="r" toname="t, u"/></view>')
    assert [node.tag for node in config.root.walk()] == ["View", "Text", "RectangleLabels"]
    assert config.by_name["r"].to_name == ("t", "u")
    assert config.by_name["r"].written_tag == "RECTANGLELABELS"


def test_old_names_of_tags_are_known() -> None:
    node = parse_config('<View><AudioPlus name="a" value="$a"/></View>').by_name["a"]
    assert (node.tag, node.written_tag) == ("Audio", "AudioPlus")


@pytest.mark.parametrize(
    ("attributes", "name", "value"),
    [
        ('required="TRUE"', "required", True),
        ("", "required", False),
        ('required="maybe"', "required", False),
        ('choice="Multiple"', "choice", "multiple"),
        ('choice="some"', "choice", "single"),
        ('whenTagName="a, b,"', "whentagname", ("a", "b")),
        ('perRegion="$x"', "perregion", "$x"),
        ('data-x="1"', "data-x", "1"),
    ],
)
def test_attributes_are_typed_by_the_schema(attributes: str, name: str, value: object) -> None:
    node = parse_config(f'<View><Choices name="c" toName="t" {attributes}/></View>').by_name["c"]
    assert node.attrs[name] == value


@pytest.mark.parametrize(("written", "value"), [("7", 7), ("2.5", 5), ("-1", 5), ("nan", 5), ("x", 5), ("3px", 3)])
def test_numbers_out_of_bounds_give_the_default(written: str, value: int) -> None:
    assert (
        parse_config(f'<View><Rating name="r" toName="t" maxRating="{written}"/></View>').by_name["r"].attrs["maxrating"] == value
    )


def test_places_count_lines_and_characters_from_one() -> None:
    config = parse_config("<View>\n  <Header value='äöü'/><Text name='t' value='$x'/>\n</View>")
    text = config.by_name["t"]
    assert text.place == Place(2, 24)
    assert config.source[text.offset :].startswith("<Text")


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<Style>a > b { }</Style>", "a > b { }"),
        ('<HyperText name="h" note="a>b"><p name="h">hi <b>x</b></p></HyperText>', '<p name="h">hi <b>x</b></p>'),
        ("<ReactCode name='r'><![CDATA[<a name='q'/>]]></ReactCode>", "<a name='q'/>"),
        ("<Markdown>**a** &amp; b</Markdown>", "**a** & b"),
    ],
)
def test_foreign_content_is_text(inside: str, text: str) -> None:
    (node,) = parse_config(f"<View>{inside}</View>").root.children
    assert node.text == text
    assert node.children == ()


@pytest.mark.parametrize(
    ("document", "message", "place"),
    [
        ("", "no element found: line 1, column 0", Place(1, 1)),
        ("<View>\n<Text", "unclosed token: line 2, column 0", Place(2, 1)),
        ("<View><Text></View>", "mismatched tag: line 1, column 14", Place(1, 15)),
        ("<View/><View/>", "junk after document element: line 1, column 7", Place(1, 8)),
        ("<View>&nbsp;</View>", "undefined entity: line 1, column 6", Place(1, 7)),
    ],
)
def test_broken_documents_give_the_parsers_message(document: str, message: str, place: Place) -> None:
    config = parse_config(document)
    (problem,) = config.problems
    assert (problem.message, problem.place) == (message, place)
    assert problem.fix
    assert config.root.tag == "View"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<!DOCTYPE View><View/>", "DOCTYPE"),
        ('<!DOCTYPE v [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><View>&b;</View>', "DOCTYPE"),
        ('<!DOCTYPE v SYSTEM "file:///etc/passwd"><View/>', "DOCTYPE"),
        ("<View>" * 101 + "</View>" * 101, "100 deep"),
        ("<View><HyperText>" + "<b>" * 100 + "</b>" * 100 + "</HyperText></View>", "100 deep"),
        ("<View>" + " " * 1_000_000 + "</View>", "1000000"),
        ("<View>\ud800</View>", "not a valid text"),
    ],
)
def test_dangerous_documents_are_refused(document: str, words: str) -> None:
    assert words in parse_config(document).problems[0].message


def test_encoding_declaration_is_ignored() -> None:
    assert (
        parse_config('<?xml version="1.0" encoding="latin-1"?><View><Header value="é"/></View>').root.children[0].raw["value"]
        == "é"
    )


def test_objects_and_controls_are_found() -> None:
    config = parse_config(
        f'<View>{TEXT}<Choices name="c" toName="t"/><Chat name="h" toName="h" value="$h"/><Filter name="f" toName="c"/></View>'
    )
    assert [node.name for node in config.objects] == ["t", "h"]
    assert [node.name for node in config.controls] == ["c", "h"]
    assert [node.name for node in config.controls_of("t")] == ["c"]
    assert config.controls_of("nobody") == ()


def test_unknown_tags_are_read_by_what_they_point_to() -> None:
    config = parse_config('<View><Foo name="f" value="$x"/><Bar name="b" toName="f"/></View>')
    assert [node.name for node in config.objects] == ["f"]
    assert [node.name for node in config.controls] == ["b"]
    assert tag_schema("Foo") is None
