from hypothesis import given
from hypothesis import strategies as st

from labelwright.geometry.spans import OffsetMap

texts = st.text(st.sampled_from("aé中😀𝔘\n"), max_size=30)


def utf16_length(text):
    return len(text.encode("utf-16-le")) // 2


@given(texts)
def test_both_ways_agree_with_the_codec(text):
    offsets = OffsetMap(text)
    for codepoints in range(len(text) + 1):
        utf16 = utf16_length(text[:codepoints])
        assert (offsets.to_utf16(codepoints), offsets.to_codepoints(utf16)) == (utf16, codepoints)
        assert not offsets.splits_character(utf16)


def test_an_offset_inside_a_character_moves_to_its_start():
    offsets = OffsetMap("a😀b")
    assert offsets.splits_character(2)
    assert offsets.to_codepoints(2) == 1


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])))
def test_texts_without_astral_characters_need_no_conversion(text):
    assert OffsetMap(text).is_identity
