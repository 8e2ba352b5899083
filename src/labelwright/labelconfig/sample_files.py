"""What stands at the addresses of sample tasks (`/samples/…`): made up here, so nothing is fetched from anywhere."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from labelwright.labelconfig.sample_series import sample_csv
from labelwright.labelconfig.tag import tag_schema

_RATE_HZ = 8000
_SECONDS = 6


class SampleFile(NamedTuple):
    """A file to answer with."""

    media_type: str
    content: bytes


def sample_file(name: str, query: Mapping[str, str]) -> SampleFile | None:
    """The sample of this name, or None. `time-series.csv` and `paragraphs.json` look at the query of their address.

    >>> sample_file("time-series.csv", {"time": "t", "values": "a,b", "sep": ";"}).content[:6]
    b't;a;b\\n'
    """
    make = SAMPLE_FILES.get(name)
    return make(query) if make else None


def _text(query: Mapping[str, str]) -> SampleFile:
    return SampleFile("text/plain; charset=utf-8", str(_sample("Text")).encode())


def _page(query: Mapping[str, str]) -> SampleFile:
    return SampleFile("text/html; charset=utf-8", str(_sample("HyperText")).encode())


def _table(query: Mapping[str, str]) -> SampleFile:
    return SampleFile("application/json", msgspec.json.encode(_sample("Table")))


def _paragraphs(query: Mapping[str, str]) -> SampleFile:
    name_key, text_key = query.get("nameKey", "author"), query.get("textKey", "text")
    rows = [{name_key: row["author"], text_key: row["text"]} for row in _paragraph_rows()]
    return SampleFile("application/json", msgspec.json.encode(rows))


def _time_series(query: Mapping[str, str]) -> SampleFile:
    columns = [column for column in query.get("values", "").split(",")[:50] if column]
    text = sample_csv(query.get("time") or None, columns or ["value"], query.get("sep", ","), query.get("tf") or None)
    return SampleFile("text/csv; charset=utf-8", text.encode())


def _street(query: Mapping[str, str]) -> SampleFile:
    return SampleFile("image/svg+xml", (files(__package__) / "street.svg").read_bytes())


@cache
def _speech_bytes() -> bytes:
    """A few tones with pauses, 16 bit mono: something to mark in a waveform."""
    samples = []
    for index in range(_RATE_HZ * _SECONDS):
        second = index / _RATE_HZ
        loudness = 0.6 * math.sin(math.pi * (second % 1.5) / 1.2) if second % 1.5 < 1.2 else 0.0
        pitch_hz = 180 + 60 * int(second / 1.5)
        tone = math.sin(2 * math.pi * pitch_hz * second) + 0.4 * math.sin(4.1 * math.pi * pitch_hz * second)
        samples.append(int(20000 * loudness * tone / 1.4))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE_HZ)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


def _speech(query: Mapping[str, str]) -> SampleFile:
    return SampleFile("audio/wav", _speech_bytes())


def _report(query: Mapping[str, str]) -> SampleFile:
    return SampleFile("application/pdf", _pdf(["Report of the year", "Visitors: 1843", "Total: 240.00 EUR"]))


def _pdf(lines: list[str]) -> bytes:
    """A one-page PDF 1.4 with these lines (ASCII, no brackets)."""
    shown = "".join(f"0 -28 Td ({line}) Tj " for line in lines)
    stream = f"BT /F1 20 Tf 72 760 Td {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = "%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + end).encode("ascii")


def _sample(tag: str) -> object:
    schema = tag_schema(tag)
    return schema.sample if schema else None


def _paragraph_rows() -> list[dict[str, str]]:
    return msgspec.convert(_sample("Paragraphs"), list[dict[str, str]])


SAMPLE_FILES: Mapping[str, Callable[[Mapping[str, str]], SampleFile]] = {
    "text.txt": _text,
    "page.html": _page,
    "table.json": _table,
    "paragraphs.json": _paragraphs,
    "time-series.csv": _time_series,
    "street.svg": _street,
    "speech.wav": _speech,
    "report.pdf": _report,
}
"""There is no sample film and no 3D model: a sample task names them, the address answers 404."""
