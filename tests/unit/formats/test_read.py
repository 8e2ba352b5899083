import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.formats.json_elements import split_elements
from labelwright.formats.read import read_tasks
from labelwright.formats.rows import Bad, Good

EMOJI = 'a😀 é\u2028 {[\\"'


def rows(text, filename, **options):
    return list(read_tasks(io.BytesIO(text if isinstance(text, bytes) else text.encode()), filename, **options))


def told(text, filename, **options):
    """Data of the good rows; place and reason of the bad ones."""
    return [row.data if isinstance(row, Good) else str(row) for row in rows(text, filename, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"text": "a"}, {"data": {"text": "b"}, "meta": {"m": 1}}]', [{"text": "a"}, {"text": "b"}]),
        ('{"text": "alone"}', [{"text": "alone"}]),
        ('{"text": "a"}\n{"text": "b"}\n', [{"text": "a"}, {"text": "b"}]),
        ("\ufeff [ ]\n", []),
        ("", []),
        (json.dumps([{"text": EMOJI}], indent=2), [{"text": EMOJI}]),
        ('[{"data": {}}]', [{"data": {}}]),
        (
            '[5, "x", [1], null, {"a": 1}]',
            [
                "row 1: Task item should be dict",
                "row 2: Task item should be dict",
                "row 3: Task item should be dict",
                "row 4: Task is empty (None)",
                {"a": 1},
            ],
        ),
        ('[{"a": 1},\n {"b": 1,},\n {"c": 1}]', [{"a": 1}, "row 2: character 9: trailing comma in object", {"c": 1}]),
        ('[\n{"a": 1},\n{\n"b": 1,}]', [{"a": 1}, "row 2: line 4, column 8: trailing comma in object"]),
        (
            '[{"a": NaN}, {"a": 12345678901234567890}]',
            [
                "row 1: character 7: invalid character",
                "row 2: $.a: the integer does not fit 64 bit",
            ],
        ),
        (
            '[{"a": "\\u0000"}, {"a": "\\ud800"}]',
            [
                "row 1: $.a: a NUL character is not text",
                "row 2: character 16: the text ends too early",
            ],
        ),
        ('[{"a": ' + "[" * 120 + "]" * 120 + "}]", ["row 1: nested deeper than 100 levels"]),
        ('[{"a": 1}\n{"b": 1}]', [{"a": 1}, "row 2: line 2, column 1: expected a comma or the end of the list"]),
        ('[{"a": 1},]', [{"a": 1}, "row 2: line 1, column 11: expected a value"]),
        ('[{"a": 1}] x', [{"a": 1}, "row 2: line 1, column 12: unexpected text after the list"]),
        ('[{"a": 1}, {"b": "', [{"a": 1}, "row 2: line 1: the text ends inside the value that starts here"]),
        ('[{"a": 1}', [{"a": 1}, "row 2: line 1: the text ends too early"]),
        (b'[{"a": "\xff"}]', ["row 1: character 8: the text is not UTF-8"]),
        ("nonsense", ["row 1: character 5: invalid character"]),
    ],
)
def test_json(text, expected):
    assert told(text, "Tasks.JSON") == expected


def test_rows_keep_the_parts_of_a_task():
    item = {
        "data": {"t": 1},
        "annotations": [{"result": []}],
        "predictions": [{"result": "x"}, 17],
        "drafts": [3],
        "meta": {"m": 1},
    }
    assert rows(json.dumps([item]), "x.json") == [
        Good(index=0, place="row 1", data={"t": 1}, annotations=[{"result": []}], predictions=[{"result": "x"}], meta={"m": 1}),
    ]


@pytest.mark.parametrize("size", [1, 7, 1000])
@given(
    st.lists(
        st.recursive(
            st.none() | st.integers() | st.text(st.sampled_from('a"\\[]{},😀\n')),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from('a"\\[]{},')), inner),
            max_leaves=8,
        )
    ),
    st.sampled_from([None, 1]),
)
def test_elements_are_cut_right_wherever_the_chunks_end(size, values, indent):
    class Trickle(io.BytesIO):
        def read(self, count=-1):
            return super().read(min(size, count) if count >= 0 else size)

    text = json.dumps(values, indent=indent, ensure_ascii=False).encode()
    assert [json.loads(element.text) for element in split_elements(Trickle(text))] == values
    lines = "\n".join(json.dumps(value) for value in values).encode()
    if not lines.startswith(b"["):
        assert [json.loads(element.text) for element in split_elements(Trickle(lines))] == values


@given(
    st.text(st.sampled_from('[]{}",:\\ \n01ae.-')).map(str.encode) | st.binary(),
    st.sampled_from(["json", "jsonl", "csv", "txt", "tsv", "xml"]),
)
def test_no_file_makes_the_reader_raise(text, extension):
    for row in rows(text, f"x.{extension}"):
        assert isinstance(row, Good | Bad)
        assert row.place.startswith(("row ", "line "))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"text": "a"}\r\n\n{"data": {"text": "b"}}', [{"text": "a"}, {"text": "b"}]),
        ('{"text": "a"}\nbroken\n{"text": "c"}\n', [{"text": "a"}, "row 2: character 1: invalid character", {"text": "c"}]),
    ],
)
def test_json_lines(text, expected):
    assert told(text, "x.jsonl") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text,n\na,1\nb,2\n", [{"text": "a", "n": 1}, {"text": "b", "n": 2}]),
        ("text;n\na, b;1\nc;\n", [{"text": "a, b", "n": 1}, {"text": "c", "n": ""}]),
        ('text\n"two\nlines, ""quoted"""\n😀\n', [{"text": 'two\nlines, "quoted"'}, {"text": "😀"}]),
        ("x,y\n1.5,True\nNaN,false\n2,\n", [{"x": 1.5, "y": True}, {"x": "", "y": False}, {"x": 2.0, "y": ""}]),
        (
            "zip,phone,note\n007,+491,NA\n1,2,None\n",
            [
                {"zip": "007", "phone": "+491", "note": "NA"},
                {"zip": "1", "phone": "2", "note": "None"},
            ],
        ),
        ("n\n99999999999999999999\n1\n", [{"n": "99999999999999999999"}, {"n": "1"}]),
        ("n\n1e999\n1e3\n", [{"n": "1e999"}, {"n": "1e3"}]),
        ("n,m\nTrue,1\n1,x\n", [{"n": "True", "m": "1"}, {"n": "1", "m": "x"}]),
        ("a,a,,a\n1,2,3,4\n", [{"a": 1, "a.1": 2, "Unnamed: 2": 3, "a.2": 4}]),
        (
            "a,b\n1\n1,2,3\n1,2,\n\n4,5\n",
            [
                {"a": 1, "b": ""},
                "row 2: 3 cells, but the header has 2",
                {"a": 1, "b": 2},
                {"a": 4, "b": 5},
            ],
        ),
        ("a\r\n1\r\n2\r\n", [{"a": 1}, {"a": 2}]),
        ("a,b\r1,x\r2,y\r", [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        ("\ufeffa\n1", [{"a": 1}]),
        ("a,b\n", []),
        ("", ["line 1: the file has no header line"]),
        ("a,b\nx\x00,y\nz,w\n", ['row 1: a NUL character in the column "a" is not text', {"a": "z", "b": "w"}]),
        (b"a\nok\nm\xfcll\n", [{"a": "ok"}, "row 2: the text is not UTF-8"]),
        ('a\nok\n"open\nmore\n', [{"a": "ok"}, "row 2: a quote is opened and never closed"]),
    ],
)
def test_csv(text, expected):
    assert told(text, "x.csv") == expected


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        ("text\tn\na;b,c\t1\n", "x.tsv", [{"text": "a;b,c", "n": 1}]),
        ("\ufeffone\n\n two \r\nthree", "x.txt", [{"$undefined$": "one"}, {"$undefined$": " two "}, {"$undefined$": "three"}]),
        (b"one\n\xff\nthree\n", "x.txt", [{"$undefined$": "one"}, "row 2: the text is not UTF-8", {"$undefined$": "three"}]),
        ("<p>one\n</p>", "x.html", [{"$undefined$": "<p>one\n</p>"}]),
        ("", "x.PNG", [{"$undefined$": "/data/upload/1/x.PNG"}]),
        ("", "x.exe", ["x.exe: .exe extension is not supported"]),
    ],
)
def test_other_files(text, filename, expected):
    assert told(text, filename, media_url="/data/upload/1/x.PNG") == expected


def test_a_table_can_be_one_task():
    assert told("a,b\n1,2\n", "x.csv", media_url="/u", is_single_asset=True) == [{"$undefined$": "/u"}]
