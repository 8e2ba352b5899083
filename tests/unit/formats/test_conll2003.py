import pytest
from golden_cases import answered_tasks, cases_with, context, recorded_bytes
from hypothesis import given
from hypothesis import strategies as st

from labelwright.formats.conll2003 import tag_words, to_codepoint_spans, write_conll2003
from labelwright.formats.treebank import cut_words


@pytest.mark.parametrize("case", cases_with("export.conll"))
def test_every_byte_is_as_label_studio_writes_it(case):
    assert b"".join(write_conll2003(answered_tasks(case), context(case))) == recorded_bytes(case, "export.conll")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Good muffins cost $3.88\nin New York.", ["Good", "muffins", "cost", "$", "3.88", "in", "New", "York", "."]),
        ('"Yes", she said.', ['"', "Yes", '"', ",", "she", "said", "."]),
        ("We can't, they've; I'd... cannot!", ["We", "ca", "n't", ",", "they", "'ve", ";", "I", "'d", "...", "can", "not", "!"]),
        ("and/or 3,36 a:b --x", ["and", "/", "or", "3,36", "a", ":", "b", "--", "x"]),
        ("'Tis gimme wanna go", ["'T", "is", "gim", "me", "wan", "na", "go"]),
        ("😀 中文。", ["😀", "中文。"]),
    ],
)
def test_words(text, words):
    assert [text[start:end] for start, end in cut_words(text)] == words


@given(st.text(st.sampled_from("ab ''\"\"``.,:()[]-$\n😀'")))
def test_words_are_in_order_and_whatever_is_left_out_is_blank_or_a_quote(text):
    places = [0, *(place for word in cut_words(text) for place in word), len(text)]
    assert places == sorted(places)
    left_out = "".join(text[end:start] for end, start in zip(places[::2], places[1::2], strict=True))
    assert not left_out.strip(" \n'\"`")


def test_offsets_of_editors_and_scripts_are_told_apart():
    text = "😀 Ada met 🐱 Bob"
    editor = {"start": 3, "end": 6, "text": "Ada", "labels": ["PER"]}
    script = {"start": 12, "end": 15, "text": "Bob", "labels": ["PER"]}
    unsaid = {"start": 14, "end": 17, "labels": ["PER"]}
    found = to_codepoint_spans(text, [editor, script, unsaid])
    assert [text[span["start"] : span["end"]] for span in found] == ["Ada", "Bob", "Bob"]
    assert tag_words(cut_words(text), found[:2]) == ["O", "B-PER", "O", "O", "B-PER"]


@pytest.mark.parametrize(
    "spans",
    [
        [{"start": 0, "end": None, "labels": ["A"]}],
        [{"labels": ["A"]}],
        [{"start": 0, "end": 3, "labels": []}],
        [{"start": 0, "end": 3}],
    ],
)
def test_spans_without_place_or_label_tag_nothing(spans):
    assert tag_words([(0, 3)], spans) == ["O"]
