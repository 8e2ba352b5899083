"""A zip of result files and the media they speak of, made in a temporary file and handed out in chunks."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

CHUNK_BYTES = 1 << 18
MAX_SPOOL_IN_MEMORY_BYTES = 8 << 20


class MediaArchive:
    """Writes each medium once. Use as a context manager; `add_file` and `add_medium`, then `chunks`."""

    def __init__(self, open_media: Callable[[str], bytes | None] | None, folder: str = "images") -> None:
        self._open_media = open_media
        self._folder = folder
        self._spool: IO[bytes] = tempfile.SpooledTemporaryFile(MAX_SPOOL_IN_MEMORY_BYTES)  # noqa: SIM115
        self._zip = ZipFile(self._spool, "w", ZIP_DEFLATED)
        self._zip.writestr(f"{folder}/", b"")
        self._name_of: dict[str, str] = {}
        self._url_of: dict[str, str] = {}

    def __enter__(self) -> MediaArchive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()
        self._spool.close()

    def add_medium(self, url: str) -> tuple[str, bytes | None]:
        """The name to refer to a medium by, and its bytes if they could be had (and are in the archive now).

        Names are `images/<name>` for what is in the archive and for web addresses, else the address itself. Web addresses get 8
        hex digits of their MD5 before the name, so that `a/1.png` and `b/1.png` stay apart.
        """
        data = self._open_media(url) if self._open_media else None
        if data is None:
            return (f"{self._folder}/{_hashed_name(url)}" if _is_web_address(url) else url), None
        if url not in self._name_of:
            self._name_of[url] = self._free_name(url)
            self._url_of[self._name_of[url]] = url
            self._zip.writestr(self._name_of[url], data, ZIP_STORED)
        return self._name_of[url], data

    def add_file(self, name: str, chunks: Iterator[bytes]) -> None:
        with self._zip.open(name, "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk)

    def chunks(self) -> Iterator[bytes]:
        """The finished zip; nothing can be added any more."""
        self._zip.close()
        self._spool.seek(0)
        while chunk := self._spool.read(CHUNK_BYTES):
            yield chunk

    def _free_name(self, url: str) -> str:
        plain = f"{self._folder}/{_plain_name(url)}"
        is_upload = url.lstrip("/").startswith(("data/upload/", "upload/"))
        return plain if is_upload and plain not in self._url_of else f"{self._folder}/{_hashed_name(url)}"


def _hashed_name(url: str) -> str:
    return f"{hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()[:8]}__{_plain_name(url)}"


def _plain_name(url: str) -> str:
    name = PurePosixPath(urlsplit(url).path.replace("\\", "/")).name
    return "file" if name in ("", "..") else name


def _is_web_address(url: str) -> bool:
    return url.startswith(("http://", "https://"))
