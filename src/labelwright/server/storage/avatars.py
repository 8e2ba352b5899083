"""Pictures of people: small PNG, JPEG or GIF files below the media folder, keys `<user>-<16 hex>.<extension>`, never changed."""

from __future__ import annotations

import secrets
from pathlib import Path

from labelwright.server.storage.durable import settle

LARGEST_BYTES = 1024 * 1024
LARGEST_PX = 1200
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame header (SOF0–SOF15). Source: ITU-T T.81, table B.1."""


def picture_size(content: bytes) -> tuple[str, int, int] | None:
    """Extension, width and height in pixels, from the file's head; None if it is no PNG, JPEG or GIF."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR" and len(content) >= 24:
        return "png", int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return "gif", int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    return _jpeg_size(content) if content[:3] == b"\xff\xd8\xff" else None


def _jpeg_size(content: bytes) -> tuple[str, int, int] | None:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if marker in FRAMES:
            return (
                "jpg",
                int.from_bytes(content[place + 7 : place + 9], "big"),
                int.from_bytes(content[place + 5 : place + 7], "big"),
            )
        place += 2 + max(length, 2)
    return None


def picture_fault(content: bytes) -> str | None:
    """Why this can't be an avatar, or None."""
    found = picture_size(content)
    if found is None:
        return "Can't read image, try another one"
    if not (0 < found[1] <= LARGEST_PX and 0 < found[2] <= LARGEST_PX):
        return f"The picture may have {LARGEST_PX} x {LARGEST_PX} pixels at most."
    return None if len(content) <= LARGEST_BYTES else f"The file may have {LARGEST_BYTES // 1024} kB at most."


def store_avatar(root: Path, user_id: int, content: bytes) -> str:
    """Write the picture; gives its key. Raises ValueError for no picture."""
    found = picture_size(content)
    if found is None:
        raise ValueError("no picture")
    key = f"{user_id}-{secrets.token_hex(8)}.{found[0]}"
    target = path_of(root, key)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{key}.part")
    with open(part, "xb") as out:
        out.write(content)
        settle(out, part, target)
    return key


def path_of(root: Path, key: str) -> Path:
    """`key` comes from the database, never from a request."""
    return root / "avatars" / key


def drop_avatar(root: Path, key: str | None) -> None:
    if key:
        path_of(root, key).unlink(missing_ok=True)
