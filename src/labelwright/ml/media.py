"""Files of tasks: fetched with the labeling server's authorization where they are its own, kept in a folder."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import io
import ipaddress
import json
import os
import re
import socket
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote_to_bytes, urljoin, urlsplit, urlunsplit

MOST_BYTES = 512 * 1024 * 1024
MOST_KEPT_BYTES = 5 * 1024**3
"""When downloads take more, those used longest ago are deleted."""
TIMEOUT_S = 60
CHUNK = 1 << 16
EXPIRY_MARGIN_S = 20

STORAGES = ("s3", "gs", "azure-blob", "azure_spi", "az")


class DownloadFailed(Exception):
    """There is no file to be had at the address; the text says why."""


class Media:
    """Downloads of one project.

    hostname: the labeling server's address as it says itself. `LABELWRIGHT_URL`, `LABEL_STUDIO_URL` or `LABEL_STUDIO_HOST`
    replace it: inside a container its own name for itself is seldom reachable. token: `LABELWRIGHT_API_KEY`,
    `LABEL_STUDIO_API_KEY` or `LABEL_STUDIO_ACCESS_TOKEN` replaces it, where one of the three above is set too.
    """

    def __init__(self, folder: Path, hostname: str = "", token: str = "", environment: Mapping[str, str] = os.environ) -> None:
        self.folder = folder
        self.hostname = hostname
        self.token = token
        named = _first(environment, "LABELWRIGHT_URL", "LABEL_STUDIO_URL", "LABEL_STUDIO_HOST")
        self._base = (named or hostname).rstrip("/")
        key = _first(environment, "LABELWRIGHT_API_KEY", "LABEL_STUDIO_API_KEY", "LABEL_STUDIO_ACCESS_TOKEN")
        # a key of the environment is for the server of the environment, not for one that a request names
        self._key = key if key and named else token
        self._access: tuple[str, float] | None = None
        self._lock = threading.Lock()

    def download(self, url: str, *, task_id: int | str | None = None, most_bytes: int | None = None) -> Path:
        """The local file. DownloadFailed if it cannot be had, or is larger than `most_bytes`."""
        name = hashlib.sha256(f"{self._base}\n{url}".encode()).hexdigest()[:32] + _ending(url)
        kept = self.folder / name
        limit = MOST_BYTES if most_bytes is None else most_bytes
        if kept.exists() and kept.stat().st_size <= limit:
            with contextlib.suppress(OSError):
                os.utime(kept)
            return kept
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".downloading-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                if url.startswith("data:"):
                    file.write(_data_url(url))
                else:
                    self._fetch(self._address(url, task_id), file, limit)
            os.replace(draft, kept)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        self._make_room(kept)
        return kept

    def get_json(self, path: str) -> Any:
        """What the labeling server's API answers to a GET."""
        content = io.BytesIO()
        self._fetch(self._server() + path, content, MOST_BYTES)
        try:
            return json.loads(content.getvalue())
        except ValueError:
            raise DownloadFailed(f"{_shown(self._server() + path)}: the answer is no JSON") from None

    def elsewhere(self, hostname: str | None, token: str | None) -> Media:
        """The same with another server, another token, or both, whatever the environment says."""
        return Media(self.folder, hostname or self._base, token or self._key, environment={})

    def _address(self, url: str, task_id: int | str | None) -> str:
        """Where to fetch from."""
        scheme = urlsplit(url).scheme.lower()
        if scheme in STORAGES:
            if task_id is None:
                raise DownloadFailed(f"{url} is in a storage: give the task, whose id is needed to ask the server for a link")
            encoded = base64.urlsafe_b64encode(url.encode()).decode()
            return f"{self._server()}/tasks/{task_id}/presign/?fileuri={encoded}"
        if scheme in {"http", "https"}:
            if self.hostname and self._base != self.hostname.rstrip("/") and _is_below(url, self.hostname):
                parts, prefix = urlsplit(url), urlsplit(self.hostname).path.rstrip("/")
                return self._base + urlunsplit(("", "", parts.path[len(prefix) :] or "/", parts.query, ""))
            return url
        if scheme == "" and url.startswith("/"):
            server = self._server()
            path = urlsplit(server).path
            return server + (url[len(path) :] if path and url.startswith(f"{path}/") else url)
        raise DownloadFailed(f"{url!r:.200} is no address that can be fetched")

    def _server(self) -> str:
        if not self._base:
            raise DownloadFailed(
                "the labeling server's address is not known: connect the backend to a project, or set LABELWRIGHT_URL"
            )
        return self._base

    def _fetch(self, address: str, file: IO[bytes], limit: int) -> None:
        for attempt in (1, 2):
            request = urllib.request.Request(_quoted(address), headers={"User-Agent": "labelwright-ml"})  # noqa: S310 (http(s) only)
            if self._key and self._is_ours(address):
                request.add_unredirected_header("Authorization", self._authorization())
            try:
                with _opener(self).open(request, timeout=TIMEOUT_S) as answer:
                    _copy(answer, file, limit, address)
                return
            except urllib.error.HTTPError as error:
                if error.code == 401 and attempt == 1 and self._access is not None:
                    self._access = None  # the short-lived token has gone stale
                    continue
                raise DownloadFailed(
                    f"{_shown(address)}: the server answers {error.code} {error.reason}{_hint(error.code)}"
                ) from None
            except (OSError, HTTPException) as error:
                reason = getattr(error, "reason", error)
                raise DownloadFailed(f"{_shown(address)}: {reason}") from error

    def _is_ours(self, address: str) -> bool:
        return bool(self._base) and _is_below(address, self._base)

    def _authorization(self) -> str:
        claims = _claims(self._key)
        if claims is None:
            return f"Token {self._key}"
        if claims.get("token_type") == "access":
            return f"Bearer {self._key}"
        with self._lock:
            if self._access is None or time.time() > self._access[1] - EXPIRY_MARGIN_S:
                self._access = self._new_access()
            return f"Bearer {self._access[0]}"

    def _new_access(self) -> tuple[str, float]:
        """A short-lived token for the personal access token we have, and when it expires."""
        body = json.dumps({"refresh": self._key}).encode()
        address = f"{self._base}/api/token/refresh"
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310
        try:
            with _opener(self).open(request, timeout=TIMEOUT_S) as answer:
                access = str(json.loads(answer.read(1 << 20))["access"])
        except (OSError, HTTPException, ValueError, KeyError) as error:
            raise DownloadFailed(f"{address}: the access token is not taken: {error}") from None
        return access, float((_claims(access) or {}).get("exp", time.time() + 60))

    def _make_room(self, newest: Path) -> None:
        """Deletes what was used longest ago while there is too much."""
        entries = []
        for file in self.folder.iterdir():
            with contextlib.suppress(OSError):
                entries.append((file.stat().st_mtime, file.stat().st_size, file))
        total = sum(size for _, size, _ in entries)
        for _, size, file in sorted(entries):
            if total <= MOST_KEPT_BYTES:
                return
            if file != newest and not file.name.startswith("."):
                file.unlink(missing_ok=True)
                total -= size


def is_address(text: str) -> bool:
    """Whether a text is the address of a file and nothing else: of the labeling server, of a storage, or of the web."""
    return bool(re.fullmatch(rf"(?:(?:https?|{'|'.join(STORAGES)})://|/data/)\S+", text))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https only. The key goes along only below the server's own address."""

    max_redirections = 5

    def __init__(self, media: Media) -> None:
        self.media = media

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        following = urljoin(req.full_url, newurl)
        if urlsplit(following).scheme not in {"http", "https"}:
            raise urllib.error.HTTPError(req.full_url, code, f"redirected to {following!r:.80}", headers, fp)
        request = super().redirect_request(req, fp, code, msg, headers, following)
        if request is not None and self.media._is_ours(following) and self.media._key:
            request.add_unredirected_header("Authorization", self.media._authorization())
        return request


class _NoMetadata(urllib.request.BaseHandler):
    """Refuses link-local addresses: task data must not reach a cloud's metadata service through us."""

    def default_open(self, request: urllib.request.Request) -> None:
        host = urlsplit(request.full_url).hostname or ""
        try:
            places = [ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in socket.getaddrinfo(host, None)]
        except (OSError, ValueError):
            return
        if any(place.is_link_local for place in places):
            raise urllib.error.URLError(f"{host} is a link-local address, which is not fetched")


class _Proxy(urllib.request.ProxyHandler):
    """The system's proxy, but never for this machine."""

    def proxy_open(self, req: urllib.request.Request, proxy: str, type: str) -> Any:
        host = urlsplit(req.full_url).hostname or ""
        if host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or host == "::1":
            return None
        return super().proxy_open(req, proxy, type)


def _opener(media: Media) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Redirects(media), _NoMetadata(), _Proxy())


def _copy(answer: Any, file: IO[bytes], limit: int, address: str) -> None:
    length = answer.headers.get("Content-Length")
    size = 0
    while chunk := answer.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise DownloadFailed(f"{_shown(address)} has more than {limit} bytes")
        file.write(chunk)
    if length is not None and length.isdecimal() and not answer.headers.get("Content-Encoding") and size < int(length):
        raise DownloadFailed(f"{_shown(address)} broke off after {size} of {length} bytes")


def _is_below(url: str, base: str) -> bool:
    """Whether the address is on the same scheme, host and port, below the same path."""
    there, ours = urlsplit(url), urlsplit(base)
    try:
        same = (there.scheme.lower(), there.hostname, _port(there)) == (ours.scheme.lower(), ours.hostname, _port(ours))
    except ValueError:
        return False
    prefix = ours.path.rstrip("/")
    return same and there.username is None and (not prefix or there.path == prefix or there.path.startswith(f"{prefix}/"))


def _port(parts: Any) -> int:
    return int(parts.port or (443 if parts.scheme.lower() == "https" else 80))


def _claims(token: str) -> dict[str, Any] | None:
    """The claims of a JWT, unverified; None if it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return claims if isinstance(claims, dict) else None


def _data_url(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma:
        raise DownloadFailed("a data: address without data")
    try:
        return base64.b64decode(unquote_to_bytes(body)) if head.endswith(";base64") else unquote_to_bytes(body)
    except binascii.Error as error:
        raise DownloadFailed(f"a data: address that is no base64: {error}") from None


def _ending(url: str) -> str:
    """The file's ending, which libraries look at: `.jpg`."""
    if url.startswith("data:"):
        kind = re.match(r"data:\w+/(\w+)", url)
        return f".{kind[1]}" if kind else ""
    parts = urlsplit(url)
    named = parts.query if parts.path.endswith("/data/local-files/") else parts.path
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", named)
    return found[0].lower() if found else ""


def _quoted(address: str) -> str:
    """Spaces and letters beyond ASCII as percent signs; what is quoted already stays."""
    return re.sub(r"[^\x21-\x7e]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)


def _shown(address: str) -> str:
    """The address without its query, which may hold a signature."""
    return address.partition("?")[0]


def _hint(status: int) -> str:
    if status in {401, 403}:
        return ": the token is not taken; set LABELWRIGHT_URL, and LABELWRIGHT_API_KEY to a token that may see the project"
    return ""


def _first(environment: Mapping[str, str], *names: str) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")
