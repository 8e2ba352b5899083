"""Where saving a config differs from Label Studio on purpose; the rest is in `test_oracle`."""

import pytest

from labelwright.labelconfig import validate_config

TEXT = '<Text name="t" value="$text"/>'
CHOICES = '<Choice value="a"/>'


@pytest.mark.parametrize(
    "inside",
    [
        # any case: Label Studio's server wants toName, its editor does not
        TEXT + f'<Choices name="c" toname="t">{CHOICES}</Choices>',
        '<View classname="b"/><View classname="b"/>',  # Label Studio takes every attribute that ends in "name" for a name
        TEXT + '<Labels name="1" toName="t"><Label value="1"/></Labels>',  # there numbers are no names
        '<HyperText name="h"><p>hi</p></HyperText>',  # HTML inside the tag, as its manual shows
        '<ReactCode name="r" toName="r"><![CDATA[<input name="r"/>]]></ReactCode>',  # names in code count there
    ],
)
def test_more_is_allowed(inside: str) -> None:
    assert validate_config(f"<View>{inside}</View>") == []


def test_value_and_value_list_exclude_each_other() -> None:
    (problem,) = validate_config('<View><Image name="i" value="$i" valueList="$j"/></View>')
    assert problem.message == "Validation failed on : 'value' and 'valueList' exclude each other"


def test_problem_has_place_and_fix() -> None:
    (problem,) = validate_config(f'<View>\n  {TEXT}\n  <Rating name="r" toName="tx"/></View>')
    assert (problem.tag, problem.place.line, problem.place.column) == ("Rating", 3, 3)
    assert problem.fix == 'Did you mean toName="t"?'


def test_first_failure_wins() -> None:
    (problem,) = validate_config('<View><Text name="t"/><Text name="t" value="$x"/><Rating name="r" toName="q"/></View>')
    assert "'value' is a required property" in problem.message
