"""The decoder at the border: what it lets in, what it refuses and where it says the fault is."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.domain.strictjson import InvalidJSON, decode_json

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)
broken_texts = (
    st.binary()
    | st.text().map(lambda text: text.encode(errors="surrogatepass"))
    | st.text(alphabet='[]{}",:0123456789.eE-+\\utrnfals')
)


@given(json_values, st.booleans())
def test_every_honest_value_comes_through(value, ascii_only):
    assert decode_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(broken_texts)
def test_nothing_but_invalid_json_is_raised(text):
    with contextlib.suppress(InvalidJSON):
        decode_json(text)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (b"", "line 1, column 1", "the text is empty"),
        (b'{"a":\n [1,', "line 2, column 5", "the text ends too early"),
        (b"[1,\n 2,]", "line 2, column 4", "trailing comma in array"),
        ('["äöü", ?]'.encode(), "line 1, column 9", "invalid character"),
        (b"NaN", "line 1, column 1", "invalid character"),
        (b"[Infinity]", "line 1, column 2", "invalid character"),
        (b'{"a":[1e999]}', "$[...][0]", "number out of range"),
        (b'{"a":{"b":9223372036854775808}}', "$.a.b", "the integer does not fit 64 bit"),
        (b"[-9223372036854775809]", "$[0]", "the integer does not fit 64 bit"),
        (b"1" * 5000, "", "integer value out of range"),
        (b'["ok","\\u0000"]', "$[1]", "a NUL character is not text"),
        (b'{"a\\u0000":1}', "$, in a key", "a NUL character is not text"),
        (b'"\x00"', "line 1, column 2", "invalid character"),
        (b'["\\ud800", "abcdefgh"]', "line 1, column 9", "unexpected end of escaped utf-16 surrogate pair"),
        (b'{"a":\n"\xff"}', "line 2, column 2", "the text is not UTF-8"),
        ('"\ud800"', "character 1", "a lone surrogate is not text"),
        (b"[" * 101 + b"]" * 101, "", "nested deeper than 100 levels"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "", "nested deeper than 100 levels"),
        (b"[" * 100_000, "", "nested deeper than 100 levels"),
    ],
)
def test_refused_with_place_and_reason(text, place, reason):
    with pytest.raises(InvalidJSON) as caught:
        decode_json(text)
    assert (caught.value.place, caught.value.reason) == (place, reason)


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100 + b"]" * 100,
        b"[" + b",".join([b'{"a":[[]],"b":"\\"[[[{"}'] * 200) + b"]",
        b'"' + b"[" * 500 + b'"',
        b'["\\\\u0000", "12345678901234567890123", 0.00012345678901234567890]',
        b"\xef\xbb\xbf9223372036854775807",
    ],
)
def test_suspicious_but_right(text):
    assert decode_json(text) == json.loads(text.decode("utf-8-sig"))


@given(json_values, st.integers(85, 105))
def test_depth_is_counted_whatever_the_strings_hold(value, wraps):
    deep = value
    for _ in range(wraps):
        deep = {'[{"\\': deep, "}": '"]'}
    may_pass = _depth(deep) <= 100
    try:
        decode_json(json.dumps(deep))
    except InvalidJSON as error:
        passed = False
        reason = error.reason
    else:
        passed, reason = True, "nested deeper than 100 levels"
    assert (passed, reason) == (may_pass, "nested deeper than 100 levels")


def _depth(value):
    if isinstance(value, dict | list):
        children = value.values() if isinstance(value, dict) else value
        return 1 + max(map(_depth, children), default=0)
    return 0
