import pytest
from golden_cases import CASES, answered_tasks, context, recorded_bytes

from labelwright.domain.jsontext import JSONText
from labelwright.formats.csv_format import CSV, TSV, compact_json


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("table", "file"), [(CSV, "export.csv"), (TSV, "export.tsv")])
def test_every_byte_is_as_label_studio_writes_it(case, table, file):
    assert b"".join(table.write(answered_tasks(case), context(case, raw=True))) == recorded_bytes(case, file)


def test_formulas_are_neutralised_unless_raw():
    written = b"".join(CSV.write(answered_tasks("forms"), context("forms")))
    for cell in (b"'=1+1", b"'+cmd", b"'-2", b"'@x", b"'\tx", b"'\rx", b"'=SUM(A1)", b"'-1"):
        assert b'"' + cell + b'"' in written
    assert b",1e-05," in written


def test_expanded_annotators_are_emails():
    written = b"".join(CSV.write(answered_tasks("pair"), context("pair", expands_annotators=True)))
    assert written.splitlines()[1].split(b",")[1] == b'"admin@example.com"'


def test_no_answers_are_a_header_alone():
    written = b"".join(CSV.write([], context("forms")))
    assert written == b'"annotation_id","annotator","created_at","lead_time","updated_at"\r\n'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1e-7, 1e-10, 1e16, "1e-07 \\ e-05"], '[1e-7,1e-10,1e+16,"1e-07 \\\\ e-05"]'),
        ({"a/b": '\u2028\x01é"\n'}, '{"a\\/b":"\u2028\\u0001é\\"\\n"}'),
        ([True, None, -0.0, 2**63 - 1], "[true,null,-0.0,9223372036854775807]"),
    ],
)
def test_compact_json(value, text):
    assert compact_json(value) == text
    assert JSONText(text).load() == value
