"""Connections, retries, redirects and broken answers."""

from __future__ import annotations

import threading

import pytest
from scripted import Said, scripted

from labelwright.sdk.errors import (
    Conflict,
    ConnectionFailed,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    RequestRefused,
    ServerFailed,
)
from labelwright.sdk.transport import Transport, refused

GOOD = Said(200, {"ok": True})
BROKEN = Said(breaks_off=True)


def transport(url: str, retries: int = 3) -> Transport:
    return Transport(url, timeout_s=5, retries=retries, backoff_s=0.001)


def test_connections_are_kept_alive() -> None:
    with scripted(GOOD) as server:
        way = transport(server.url)
        for _ in range(3):
            assert way.request("GET", "/a").json() == {"ok": True}
        assert len({asked.connection for asked in server.asked}) == 1


def test_threads_do_not_share_a_connection_at_once() -> None:
    with scripted(GOOD) as server:
        way = transport(server.url)
        threads = [threading.Thread(target=lambda: way.request("GET", "/a").json()) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.asked) == 8


def test_a_connection_the_server_closed_is_not_used_for_a_post() -> None:
    with scripted(Said(200, {"n": 1}, breaks_off=False), Said(200, {"n": 2})) as server:
        way = transport(server.url)
        way.request("GET", "/a")
        way._idle[0].sock.close()
        way._idle[0].sock = None
        assert way.request("POST", "/b", json_body={}).json() == {"n": 2}


@pytest.mark.parametrize(
    ("method", "script", "sent"),
    [
        ("GET", [BROKEN, BROKEN, GOOD], 3),
        ("DELETE", [BROKEN, GOOD], 2),
        ("GET", [Said(503), Said(502), Said(504), GOOD], 4),
        ("POST", [Said(503), GOOD], 2),
        ("POST", [Said(429, headers={"Retry-After": "0"}), GOOD], 2),
    ],
)
def test_what_may_be_repeated_is(method: str, script: list[Said], sent: int) -> None:
    with scripted(*script) as server:
        assert transport(server.url).request(method, "/a").status_code == 200
        assert len(server.asked) == sent


def test_a_post_that_may_have_been_done_is_not_repeated() -> None:
    with scripted(BROKEN, GOOD) as server:
        with pytest.raises(ConnectionFailed, match="no answer"):
            transport(server.url).request("POST", "/a", json_body={})
        assert len(server.asked) == 1
    with scripted(Said(502), GOOD) as server:
        assert transport(server.url).request("POST", "/a", json_body={}).status_code == 502


def test_retries_end() -> None:
    with scripted(Said(503, {"detail": "busy"})) as server:
        assert transport(server.url, retries=2).request("GET", "/a").status_code == 503
        assert len(server.asked) == 3


def test_an_absent_server_is_named() -> None:
    with pytest.raises(ConnectionFailed, match=r"cannot reach http://127\.0\.0\.1:9"):
        transport("http://127.0.0.1:9", retries=1).request("GET", "/a")


@pytest.mark.parametrize("address", ["", "ftp://host", "http://"])
def test_a_bad_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        Transport(address)


def test_gets_follow_redirects_but_the_key_stays_here() -> None:
    with scripted(GOOD) as elsewhere:
        moved = [Said(302, headers={"Location": "/b"}), Said(302, headers={"Location": f"{elsewhere.url}/c"})]
        with scripted(*moved) as server:
            answer = transport(server.url).request("GET", "/a", headers={"Authorization": "Token secret"})
            assert answer.json() == {"ok": True}
            assert [asked.headers.get("authorization") for asked in server.asked] == ["Token secret"] * 2
        assert [asked.headers.get("authorization") for asked in elsewhere.asked] == [None]


def test_redirects_in_a_ring_end() -> None:
    with scripted(Said(302, headers={"Location": "/a"})) as server, pytest.raises(ConnectionFailed, match="redirects"):
        transport(server.url).request("GET", "/a")


def test_a_download_that_breaks_off_is_an_error() -> None:
    with scripted(Said(200, b"x" * 100_000, breaks_off=True)) as server:
        with pytest.raises(ConnectionFailed, match="broke off"), transport(server.url).download("/a") as download:
            b"".join(download)
        with pytest.raises(ConnectionFailed, match="broke off"):
            transport(server.url).request("GET", "/a")


def test_a_download_comes_in_chunks_and_gives_its_connection_back() -> None:
    with scripted(Said(200, b"x" * 300_000)) as server:
        way = transport(server.url)
        with way.download("/a") as download:
            assert download.size == 300_000
            assert sum(len(chunk) for chunk in download) == 300_000
        way.request("GET", "/b")
        assert len({asked.connection for asked in server.asked}) == 1


def test_a_proxy_of_the_system_is_used_except_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "no_proxy", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with scripted(GOOD) as proxy, scripted(GOOD) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        transport("http://labels.example:81").request("GET", "/a?b=1")
        transport(server.url).request("GET", "/here")
        monkeypatch.setenv("no_proxy", "labels.example")
        with pytest.raises(ConnectionFailed):
            transport("http://labels.example:81", retries=0).request("GET", "/never")
        assert [asked.path for asked in proxy.asked] == ["http://labels.example:81/a?b=1"]
        assert [asked.path for asked in server.asked] == ["/here"]


def test_parameters_are_spelled_for_servers() -> None:
    with scripted(GOOD) as server:
        params = {"all": True, "none": None, "ids[]": [1, 2], "query": {"a": [1]}, "word": "ü &"}
        transport(server.url).request("GET", "/a?b=1", params=params)
        assert server.asked[0].path == "/a?b=1&all=true&ids%5B%5D=1&ids%5B%5D=2&query=%7B%22a%22%3A+%5B1%5D%7D&word=%C3%BC+%26"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, NotSignedIn),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (418, RequestRefused),
        (422, Invalid),
        (500, ServerFailed),
    ],
)
def test_each_refusal_has_its_error(status: int, kind: type[RequestRefused]) -> None:
    with scripted(Said(status, {"detail": "why"})) as server:
        response = transport(server.url, retries=0).request("GET", "/a")
    error = refused(response, "GET /a")
    assert type(error) is kind
    assert str(error) == f"GET /a answered {status}: why"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"detail": "Validation error", "validation_errors": {"title": ["too short"]}}, "title: too short"),
        ({"label_config": ["no name"]}, "label_config: no name"),
        ({"message": "not synchronizable"}, "not synchronizable"),
        (b"plain words", "plain words"),
        (b"<html>", ""),
    ],
)
def test_reasons_are_found_in_every_shape_of_error(body: object, text: str) -> None:
    with scripted(Said(400, body)) as server:
        assert str(refused(transport(server.url).request("GET", "/a"), "GET /a")) == f"GET /a answered 400: {text}"
