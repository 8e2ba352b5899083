"""Downloads from real servers on this machine: whose token goes where, redirects, limits, and what is kept."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from labelwright.ml import DownloadFailed, LabelwrightMLBase
from labelwright.ml.media import Media, is_address

TOKEN = "0123456789abcdef"
Pages = dict[str, tuple[int, dict[str, str], bytes]]


class FileServer:
    """Serves `pages` by path and query, and notes each request's path and Authorization."""

    def __init__(self) -> None:
        self.pages: Pages = {}
        self.requests: list[tuple[str, str | None]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.requests.append((self.path, self.headers.get("Authorization")))
                status, headers, content = owner.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *values: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[FileServer]:
    server = FileServer()
    yield server
    server.stop()


@pytest.fixture
def foreign() -> Iterator[FileServer]:
    server = FileServer()
    yield server
    server.stop()


@pytest.fixture
def media(server: FileServer, tmp_path: Path) -> Callable[..., Media]:
    def make(token: str = TOKEN, hostname: str | None = None, **environment: str) -> Media:
        return Media(
            tmp_path / "media", hostname=server.url if hostname is None else hostname, token=token, environment=environment
        )

    return make


@pytest.mark.parametrize("path", ["/data/upload/1/a.png", "/data/local-files/?d=a/b.png"])
def test_the_server_s_own_files_come_with_the_token(server: FileServer, media: Callable[..., Media], path: str) -> None:
    server.pages[path] = (200, {}, b"png")
    for url in (path, server.url + path):
        file = media().download(url)
        assert (file.read_bytes(), file.suffix) == (b"png", ".png")
    assert server.requests == [(path, f"Token {TOKEN}")] * 2


def test_what_is_fetched_is_kept(server: FileServer, media: Callable[..., Media]) -> None:
    server.pages["/data/upload/1/a.png"] = (200, {}, b"png")
    assert media().download("/data/upload/1/a.png") == media().download("/data/upload/1/a.png")
    assert len(server.requests) == 1


def test_a_foreign_host_does_not_see_the_token(foreign: FileServer, media: Callable[..., Media]) -> None:
    foreign.pages["/a.png"] = (200, {}, b"png")
    assert media().download(f"{foreign.url}/a.png").read_bytes() == b"png"
    assert foreign.requests == [("/a.png", None)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nor_after_a_redirect(server: FileServer, foreign: FileServer, media: Callable[..., Media], status: int) -> None:
    server.pages["/data/upload/1/a.png"] = (status, {"Location": f"{foreign.url}/b.png"}, b"")
    foreign.pages["/b.png"] = (302, {"Location": f"{foreign.url}/c.png"}, b"")
    foreign.pages["/c.png"] = (200, {}, b"png")
    assert media().download("/data/upload/1/a.png").read_bytes() == b"png"
    assert server.requests == [("/data/upload/1/a.png", f"Token {TOKEN}")]
    assert foreign.requests == [("/b.png", None), ("/c.png", None)]


def test_a_redirect_on_the_server_itself_keeps_the_token(server: FileServer, media: Callable[..., Media]) -> None:
    server.pages["/a"] = (302, {"Location": "/b"}, b"")
    server.pages["/b"] = (200, {}, b"b")
    media().download("/a")
    assert server.requests == [("/a", f"Token {TOKEN}"), ("/b", f"Token {TOKEN}")]


@pytest.mark.parametrize("tricky", ["http://{host}@{foreign}/a", "http://user:{host}@{foreign}/a", "http://{foreign}/{host}/a"])
def test_an_address_that_only_looks_like_the_server_s(
    server: FileServer, foreign: FileServer, media: Callable[..., Media], tricky: str
) -> None:
    host, place = server.url.removeprefix("http://"), foreign.url.removeprefix("http://")
    url = tricky.format(host=host, foreign=place)
    try:
        media().download(url)
    except DownloadFailed:
        pass
    assert server.requests == []
    assert all(authorization is None or TOKEN not in authorization for _, authorization in foreign.requests)


def test_a_storage_s_file_is_asked_for_by_task(server: FileServer, foreign: FileServer, media: Callable[..., Media]) -> None:
    encoded = base64.urlsafe_b64encode(b"s3://bucket/a.png").decode()
    path = f"/tasks/5/presign/?fileuri={encoded}"
    server.pages[path] = (303, {"Location": f"{foreign.url}/bucket/a.png?signature=x"}, b"")
    foreign.pages["/bucket/a.png?signature=x"] = (200, {}, b"png")
    file = media().download("s3://bucket/a.png", task_id=5)
    assert (file.read_bytes(), file.suffix) == (b"png", ".png")
    assert (server.requests, foreign.requests) == ([(path, f"Token {TOKEN}")], [("/bucket/a.png?signature=x", None)])
    with pytest.raises(DownloadFailed, match="give the task"):
        media().download("s3://bucket/b.png")


def jwt(**claims: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(claims)}.x"


def test_personal_access_tokens_are_exchanged(server: FileServer, media: Callable[..., Media]) -> None:
    access = jwt(token_type="access", exp=4e9)
    server.pages["/api/token/refresh"] = (200, {}, json.dumps({"access": access}).encode())
    server.pages["/a"] = server.pages["/b"] = (200, {}, b"x")
    ours = media(token=jwt(token_type="refresh", exp=4e9))
    ours.download("/a")
    ours.download("/b")
    assert server.requests == [("/api/token/refresh", None), ("/a", f"Bearer {access}"), ("/b", f"Bearer {access}")]


def test_access_tokens_go_as_they_are(server: FileServer, media: Callable[..., Media]) -> None:
    access = jwt(token_type="access", exp=4e9)
    server.pages["/a"] = (200, {}, b"x")
    media(token=access).download("/a")
    assert server.requests == [("/a", f"Bearer {access}")]


def test_the_environment_replaces_what_the_server_says_of_itself(server: FileServer, media: Callable[..., Media]) -> None:
    """In a container `http://localhost:8080` is the container."""
    server.pages["/data/upload/1/a.png"] = server.pages["/data/upload/1/b.png"] = (200, {}, b"png")
    ours = media(hostname="http://localhost:8080", LABEL_STUDIO_URL=server.url, LABEL_STUDIO_API_KEY="other")
    ours.download("/data/upload/1/a.png")
    ours.download("http://localhost:8080/data/upload/1/b.png")
    assert server.requests == [("/data/upload/1/a.png", "Token other"), ("/data/upload/1/b.png", "Token other")]


def test_a_key_of_the_environment_is_not_for_a_host_that_a_request_names(server: FileServer, media: Callable[..., Media]) -> None:
    server.pages["/a"] = (200, {}, b"x")
    media(token="", LABELWRIGHT_API_KEY="secret").download("/a")
    assert server.requests == [("/a", None)]


def test_the_size_is_limited(server: FileServer, media: Callable[..., Media], tmp_path: Path) -> None:
    server.pages["/a"] = (200, {}, b"x" * 1001)
    with pytest.raises(DownloadFailed, match="more than 1000 bytes"):
        media().download("/a", most_bytes=1000)
    assert list((tmp_path / "media").iterdir()) == []
    assert media().download("/a", most_bytes=1001).stat().st_size == 1001


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/missing", "404"),
        ("/private", "the token is not taken; set LABELWRIGHT_URL"),
        ("/short", "broke off after 3 of 10"),
        ("/to-a-file", "not allowed"),
        ("file:///etc/passwd", "no address that can be fetched"),
        ("/etc/passwd/../x", "404"),
        ("ftp://example.com/a", "no address"),
        ("relative/a.png", "no address"),
        ("http://169.254.169.254/latest/meta-data", "link-local"),
        ("http://127.0.0.1:1/a", "refused"),
    ],
)
def test_what_cannot_be_had_is_told(
    server: FileServer, media: Callable[..., Media], tmp_path: Path, url: str, reason: str
) -> None:
    server.pages["/private"] = (403, {}, b"")
    server.pages["/short"] = (200, {"Content-Length": "10"}, b"abc")
    server.pages["/to-a-file"] = (302, {"Location": "file:///etc/passwd"}, b"")
    with pytest.raises(DownloadFailed, match=reason):
        media().download(url)
    assert not any((tmp_path / "media").glob("*"))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("/data/upload/1/a.txt", True),
        ("https://example.com/a", True),
        ("s3://bucket/a b", False),
        ("s3://bucket/a", True),
        ("See https://example.com", False),
        ("https://example.com and more", False),
        ("/etc/passwd", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_what_is_an_address(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


def test_addresses_in_a_task_are_replaced_by_what_is_there(server: FileServer) -> None:
    server.pages["/a.txt"] = (200, {}, "grün".encode())
    url = f"{server.url}/a.txt"
    task = {"id": 1, "data": {"text": url, "parts": [{"body": url}, 5, None], "words": "plain"}}
    model = LabelwrightMLBase()
    assert model.preload_task_data(task) == {"text": "grün", "parts": [{"body": "grün"}, 5, None], "words": "plain"}
    assert Path(model.preload_task_data(task, url, read_file=False)).read_text(encoding="utf-8") == "grün"


def test_without_a_server(tmp_path: Path) -> None:
    alone = Media(tmp_path, environment={})
    with pytest.raises(DownloadFailed, match="LABELWRIGHT_URL"):
        alone.download("/data/upload/1/a.png")
    file = alone.download("data:text/plain;base64,aGVsbG8=")
    assert (file.read_bytes(), file.suffix) == (b"hello", ".plain")
