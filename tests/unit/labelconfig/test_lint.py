"""What the config editor shows."""

import pytest

from labelwright.labelconfig import Place, lint_config

TEXT = '<Text name="t" value="$text"/>'


@pytest.mark.parametrize(
    ("inside", "message", "fix"),
    [
        ('<Imge name="i" value="$i"/>', "There is no tag <Imge>", "Did you mean <Image>?"),
        (
            '<Text name="t" value="text"/>',
            'value="text" is the same for every task',
            'Write value="$text" to take it from the task.',
        ),
        (
            TEXT + '<Rating name="r" toName="t" maxRatng="3"/>',
            'Rating has no attribute "maxRatng"; it is ignored',
            "Did you mean maxRating?",
        ),
        (
            TEXT + '<Rating name="r" toName="t" size="big"/>',
            'size="big" should be one of small, medium, large',
            "Use one of small, medium, large.",
        ),
        (TEXT + '<Rating toName="t"/>', "<Rating> needs name", 'Add name="…".'),
        (
            TEXT + '<RectangleLabels name="r" toName="t"><Label value="a"/></RectangleLabels>',
            "RectangleLabels does not work on Text",
            "It works on Image.",
        ),
        (TEXT + '<Taxonomy name="c" toName="t"/>', "<Taxonomy> has no <Choice>", 'Add <Choice value="…"/> inside.'),
        (TEXT + "hello", 'The text "hello" inside <View> is not shown', 'Write <Header value="…"/> to show a text.'),
        (
            TEXT + '<Choices name="c" toName="t"><Choice value="a"/><Choice value="a"/></Choices>',
            '"a" is there twice in c',
            "Delete one, or give it another alias.",
        ),
        (
            TEXT + '<Choices name="c" toName="t"><Choice value="a" hotkey="x"/><Choice value="b" hotkey="X"/></Choices>',
            'The key "x" is already used by a (line 1)',
            "Choose another key.",
        ),
        (
            TEXT + '<Choices name="c" toName="t"><Choice value="a"/><Label value="b"/></Choices>',
            "<Label> does not belong in <Choices>",
            "Put it into <Labels>.",
        ),
        (
            TEXT + '<Choices name="c" toName="t" whenTagName="cc"><Choice value="a"/></Choices>',
            'whenTagName="cc" names no control',
            'Did you mean "c"?',
        ),
        (
            TEXT + '<Rating name="r" toName="t" perRegion="true"/>',
            "perRegion asks about regions, but nothing here makes any",
            "Add a control such as Labels or RectangleLabels, or drop perRegion.",
        ),
    ],
)
def test_warning(inside: str, message: str, fix: str) -> None:
    problems = lint_config(f"<View>{inside}</View>")
    assert (message, fix) in [(problem.message, problem.fix) for problem in problems]
    assert {problem.severity for problem in problems} == {"warning"}


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ('<Text name="t"/>', "<Text> needs value"),
        (TEXT + '<Choices name="c" toName="t"/>', "<Choices> needs <Choice> inside"),
        (TEXT + TEXT, 'name="t" is also the name of <Text> in line 1'),
        (TEXT + '<Rating name="r" toName="x"/>', 'toName="x" names no tag'),
    ],
)
def test_error_is_said_once(inside: str, message: str) -> None:
    assert [(problem.severity, problem.message) for problem in lint_config(f"<View>{inside}</View>")] == [("error", message)]


def test_problem_points_at_the_attribute() -> None:
    (problem,) = lint_config(f'<View>{TEXT}\n <Rating\n   name="r" toName="t"\n   size="big"/></View>')
    assert problem.place == Place(4, 4)


def test_there_are_never_more_than_two_hundred() -> None:
    assert len(lint_config("<View>" + "<Foo/><Text/>" * 500 + "</View>")) == 200


def test_good_config_has_no_problems() -> None:
    assert lint_config(f'<View>{TEXT}<Rating name="r" toName="t"/></View>') == []
