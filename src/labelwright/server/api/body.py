"""The request's body, decoded once and strictly: JSON, forms and multipart mean the same to the handlers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from labelwright.domain.strictjson import InvalidJSON, decode_json
from labelwright.server.errors import Invalid, TooLarge

LARGE = 64 * 1024
UNSET = object()


class UploadedFile(msgspec.Struct):
    """A file of a multipart body; `stream` is spooled to disk when large."""

    field: str
    name: str
    content_type: str
    stream: IO[bytes]


class Body:
    """`value` is the decoded JSON (or the form's fields as a dict); `files` what was uploaded; `raw` the bytes."""

    __slots__ = ("_value", "content_type", "files", "form", "raw")

    def __init__(
        self, content_type: str, raw: bytes, form: dict[str, Any] | None = None, files: list[UploadedFile] | None = None
    ) -> None:
        self.content_type = content_type
        self.raw = raw
        self.form = form
        self.files = files or []
        self._value: Any = UNSET

    @property
    def is_form(self) -> bool:
        return self.form is not None

    @property
    def is_large(self) -> bool:
        return len(self.raw) > LARGE

    def decode(self) -> Any:
        """The JSON value; {} for an empty body. Raises Invalid with the place of the first fault."""
        if self._value is UNSET:
            if self.form is not None:
                self._value = self.form
            elif not self.raw.strip():
                self._value = {}
            else:
                try:
                    self._value = decode_json(self.raw)
                except InvalidJSON as error:
                    raise Invalid(f"JSON parse error - {error}") from None
        return self._value

    @property
    def value(self) -> Any:
        return self.decode()

    @property
    def fields(self) -> dict[str, Any]:
        """The body as an object. Raises Invalid for anything else."""
        value = self.decode()
        if not isinstance(value, dict):
            raise Invalid.general(f"Invalid data. Expected a dictionary, but got {type(value).__name__}.")
        return value


async def read_body(request: Request[Any, Any, Any], limit_bytes: int) -> Body:
    """Read the whole body, at most `limit_bytes`. Raises TooLarge."""
    if request.method in ("GET", "HEAD") and not request.headers.get("content-length"):
        return Body("", b"")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise TooLarge(f"The body has {int(declared):,} bytes; this server takes {limit_bytes:,} at most.")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        return await _read_multipart(request, content_type)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes:
            raise TooLarge(f"The body is larger than the {limit_bytes:,} bytes this server takes.")
        chunks.append(chunk)
    raw = b"".join(chunks)
    if content_type == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=False, errors="strict")
        except UnicodeDecodeError:
            raise Invalid("The form is not UTF-8 text.") from None
        return Body(content_type, raw, form=dict(_checked(pairs)))
    return Body(content_type, raw)


async def _read_multipart(request: Request[Any, Any, Any], content_type: str) -> Body:
    try:
        parts = await request.form()
    except Exception as error:
        raise Invalid(f"The multipart form can't be read: {error}") from None
    form: dict[str, Any] = {}
    files = []
    for name, part in parts.items():  # in the order they were sent
        if isinstance(part, UploadFile):
            files.append(UploadedFile(name, part.filename or "file", part.content_type or "", part.file))
        else:
            form.update(_checked([(name, str(part))]))
    return Body(content_type, b"", form=form, files=files)


def _checked(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, text in pairs:
        if "\x00" in name or "\x00" in text:
            raise Invalid.field(name.replace("\x00", ""), "Null characters are not allowed.")
        yield name, text
