"""Saving over answers, beyond what `test_oracle` compares."""

from labelwright.labelconfig import AnswerSummary, check_against_answers

TEXT = '<Text name="t" value="$text"/>'


def test_labels_people_added_to_a_taxonomy_may_stay() -> None:
    config = f'<View>{TEXT}<Taxonomy name="x" toName="t"><Choice value="a"/></Taxonomy></View>'
    used = {"x": {"a": 1, "mine": 2}}
    assert (
        check_against_answers(config, AnswerSummary(created_labels=used, custom_labels=frozenset({"mine"})), strict=True) is None
    )
    assert check_against_answers(config, AnswerSummary(created_labels=used), strict=True) is not None


def test_field_with_a_digit_gives_dynamic_labels_too() -> None:
    # Label Studio takes only letters for a variable here
    config = f'<View>{TEXT}<Choices name="c" toName="t" value="$options2"/></View>'
    assert check_against_answers(config, AnswerSummary(created_labels={"c": {"any": 1}}), strict=True) is None


def test_problem_says_what_to_do() -> None:
    config = f'<View>{TEXT}<Rating name="r" toName="t"/></View>'
    problem = check_against_answers(config, AnswerSummary(created_annotations={"a|b|t|choices": 2}))
    assert problem is not None
    assert problem.message.endswith("2 with from_name=a|b, to_name=t, type=choices")
    assert problem.fix == "Keep these tags and names, or delete the annotations first."
