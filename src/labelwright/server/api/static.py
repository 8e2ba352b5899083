"""The files of the built web UI under `/static/app/`. No database, no user: they are the same for everybody."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".map": "application/json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    headers: dict[str, str]
    media_type: str


def find_asset(web_dir: Path, path: str, *, gzip: bool) -> Asset | None:
    """The file below `web_dir`, packed if the build packed it and the client takes it; None if there is none."""
    if "\x00" in path:
        return None
    file = (web_dir / path.lstrip("/")).resolve()
    if not file.is_relative_to(web_dir) or not file.is_file():
        return None
    packed = file.with_name(file.name + ".gz")
    chosen = packed if gzip and packed.is_file() else file
    return _load(chosen, chosen.stat().st_mtime_ns, file, file.parent.name == "assets")


@lru_cache(maxsize=64)
def _load(chosen: Path, changed_ns: int, file: Path, is_hashed: bool) -> Asset:
    content = chosen.read_bytes()
    headers = {
        "cache-control": FOREVER if is_hashed else "no-cache",
        "etag": f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"',
        "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    if chosen != file:
        headers["content-encoding"] = "gzip"
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(content, headers, kind)


def static_files(web_dir: Path) -> HTTPRouteHandler:
    """The handler of `/static/app/…`; hashed names (in `assets/`) are cached for ever."""

    @get("/static/app/{path:path}")
    async def static(request: Request[Any, Any, Any]) -> Response[bytes]:
        gzip = "gzip" in request.headers.get("accept-encoding", "")
        asset = await asyncio.to_thread(find_asset, web_dir, str(request.path_params["path"]), gzip=gzip)
        if asset is None:
            return Response(b"Not found.", status_code=404, media_type="text/plain", headers={"cache-control": "no-store"})
        if asset.headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, media_type=asset.media_type, headers=asset.headers)
        return Response(asset.content, media_type=asset.media_type, headers=asset.headers)

    return static
