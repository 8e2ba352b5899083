"""Sample tasks and the files they name."""

import io
import wave
from typing import Any

import pytest

from labelwright.labelconfig import check_result, complete_sample, sample_file, sample_of, sample_result, sample_task


@pytest.mark.parametrize(
    ("inside", "data"),
    [
        ('<Image name="i" value="$photo"/>', {"photo": "/samples/street.svg"}),
        ('<Image name="i" valueList="$pages"/>', {"pages": ["/samples/street.svg"]}),
        ('<Text name="t" value="$t" valueType="url"/>', {"t": "/samples/text.txt"}),
        ('<Choices name="c" toName="t" value="$c"/>', {"c": [{"value": "First"}, {"value": "Second"}]}),
        (
            '<Paragraphs name="p" value="$p" nameKey="who" valueType="url"/>',
            {"p": "/samples/paragraphs.json?nameKey=who&textKey=text"},
        ),
        (
            '<TimeSeries name="s" value="$s" timeColumn="t"><Channel column="a"/>'
            '<MultiChannel><Channel column="b"/></MultiChannel></TimeSeries>',
            {"s": "/samples/time-series.csv?time=t&values=a%2Cb"},
        ),
        ('<Header value="$title"/>', {"title": "Read carefully, then answer"}),
        ('<Text name="t" value="fixed"/><Text name="u" value="see $x"/>', {}),
        ('<Foo name="f" value="$x"/>', {"x": "Sample"}),
    ],
)
def test_sample_task(inside: str, data: dict[str, Any]) -> None:
    assert sample_task(f"<View>{inside}</View>") == data


def test_paths_and_lists_are_built_and_merged() -> None:
    inside = (
        '<Image name="i" value="$rows[{{idx}}].image"/><Video name="v" value="$rows[{{idx}}].film"/><Pdf name="p" value="$a.b"/>'
    )
    row = {"image": "/samples/street.svg", "film": "/samples/clip.mp4"}
    assert sample_task(f'<View><Repeater on="$rows">{inside}</Repeater></View>') == {
        "rows": [row, row],
        "a": {"b": "/samples/report.pdf"},
    }


@pytest.mark.parametrize("path", ["x" + ".x" * 5000, "x" + "[0]" * 30, "[0]", ".", "[", "]"])
def test_odd_paths_do_no_harm(path: str) -> None:
    assert isinstance(sample_task(f'<View><Text name="t" value="${path}"/></View>'), dict)


def test_json_time_series_goes_up_in_its_format() -> None:
    head = '<TimeSeries name="s" value="$s" valueType="json" timeColumn="t" timeFormat="%H:%M">'
    series = sample_task(f'<View>{head}<Channel column="a"/></TimeSeries></View>')["s"]
    assert series["t"][:2] == ["00:00", "00:01"]
    assert series["t"] == sorted(series["t"])
    assert len(series["a"]) == len(series["t"])


@pytest.mark.parametrize(
    ("comment", "data"),
    [
        ('<!-- {"data": {"text": "mine"}, "predictions": [{"result": []}]} -->', {"text": "mine"}),
        ('<!--{"text": "bare"}-->', {"text": "bare"}),
        ("<!-- {not json} -->", None),
        ('<!-- {"annotations": []} -->', None),
        ("<!-- note -->", None),
    ],
)
def test_comment_overrides_the_sample(comment: str, data: dict[str, Any] | None) -> None:
    config = f'<View><Text name="t" value="$text"/>{comment}</View>'
    assert sample_task(config) == (data or sample_task('<View><Text name="t" value="$text"/></View>'))


def test_answers_in_the_comment_are_kept() -> None:
    sample = sample_of('<View><!-- {"data": {}, "predictions": [1], "annotations": [2]} --></View>')
    assert (sample.predictions, sample.annotations) == ([1], [2])


def test_complete_sample_has_answers_that_fit() -> None:
    controls = '<Choices name="c" toName="t"><Choice value="Yes"/></Choices><Rating name="r" toName="t"/>'
    config = f'<View><Text name="t" value="$t"/>{controls}</View>'
    result = sample_result(config)
    assert [(item["from_name"], item["value"]) for item in result] == [("c", {"choices": ["Yes"]}), ("r", {"rating": 4})]
    assert check_result(config, result) == []
    assert complete_sample(config)["annotations"][0]["result"] == result


def test_files() -> None:
    csv = sample_file("time-series.csv", {"time": "t", "values": "a,b", "sep": ";"})
    assert csv is not None
    assert csv.content.startswith(b"t;a;b\n0;")
    speech = sample_file("speech.wav", {})
    assert speech is not None
    with wave.open(io.BytesIO(speech.content)) as sound:
        assert sound.getnframes() / sound.getframerate() == 6
    for name, start in {
        "report.pdf": b"%PDF-1.4",
        "street.svg": b"<svg",
        "paragraphs.json": b"[{",
        "page.html": b"<",
        "table.json": b"{",
    }.items():
        file = sample_file(name, {})
        assert file is not None
        assert file.content.startswith(start)
    assert sample_file("../secret", {}) is None


@pytest.mark.parametrize("time_format", ["%", "%\x00", "%Q%E", "\ud800%Y", "%Y" * 1000])
def test_odd_time_formats_do_no_harm(time_format: str) -> None:
    assert sample_file("time-series.csv", {"tf": time_format.replace("\ud800", "?"), "time": "t"}) is not None
