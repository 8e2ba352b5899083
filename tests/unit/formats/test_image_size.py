import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from labelwright.formats.image_size import image_size

WEBP = b"RIFF\0\0\0\0WEBP"
SIGNATURES = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"GIF89a", b"BM", WEBP + b"VP8 ", WEBP + b"VP8X", WEBP + b"VP8L"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("GIF", {}),
        ("BMP", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_sizes_agree_with_pillow(kind, options):
    file = io.BytesIO()
    Image.new("RGB", (321, 45), "red").save(file, kind, **options)
    assert image_size(file.getvalue()) == (321, 45)


@given(st.sampled_from(SIGNATURES), st.binary(max_size=60))
def test_broken_files_have_no_size_or_some_size_but_never_raise(signature, rest):
    size = image_size(signature + rest)
    assert size is None or len(size) == 2
