"""Legacy tokens, personal access tokens that are refreshed, passwords."""

from __future__ import annotations

import base64
import json
import time

import pytest
from scripted import Asked, Said, scripted

from labelwright.sdk import Client, LabelwrightError, NotSignedIn


def jwt(**claims: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "HS256"}, claims)]
    return ".".join([*parts, "c2ln"])


REFRESH = jwt(token_type="refresh", exp=time.time() + 10**9)


def access(seconds: float) -> str:
    return jwt(token_type="access", exp=time.time() + seconds)


@pytest.mark.parametrize(
    ("key", "header"),
    [
        ("0123456789abcdef0123456789abcdef01234567", "Token 0123456789abcdef0123456789abcdef01234567"),
        ("  spaced  ", "Token spaced"),
        ("a.b.c", "Token a.b.c"),
        (jwt(token_type="access"), f"Bearer {jwt(token_type='access')}"),
    ],
)
def test_a_key_is_sent_in_its_scheme(key: str, header: str) -> None:
    with scripted(Said(200, {})) as server:
        Client(server.url, key).get("/api/x")
        assert server.asked[0].headers["authorization"] == header


@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\nb"])
def test_a_key_with_odd_characters_is_refused_before_anything_is_sent(key: str) -> None:
    with pytest.raises(LabelwrightError, match="API key"):
        Client("http://127.0.0.1:9", key)


def test_without_a_key_the_error_says_where_to_find_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABELWRIGHT_API_KEY", raising=False)
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    with pytest.raises(LabelwrightError, match="account page"):
        Client("http://127.0.0.1:9")


@pytest.mark.parametrize("prefix", ["LABELWRIGHT", "LABEL_STUDIO"])
def test_address_and_key_come_from_the_environment(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(Said(200, {})) as server:
        monkeypatch.setenv(f"{prefix}_URL", server.url)
        monkeypatch.setenv(f"{prefix}_API_KEY", "abc")
        Client().get("/api/x")
        assert server.asked[0].headers["authorization"] == "Token abc"


def test_a_personal_access_token_is_exchanged_once_while_it_lasts() -> None:
    token = access(300)
    with scripted(Said(200, {"access": token}), Said(200, {})) as server:
        client = Client(server.url, REFRESH)
        client.get("/api/x")
        client.get("/api/y")
        assert [asked.path for asked in server.asked] == ["/api/token/refresh", "/api/x", "/api/y"]
        assert server.asked[0].json() == {"refresh": REFRESH}
        assert server.asked[2].headers["authorization"] == f"Bearer {token}"


def test_an_access_token_is_renewed_before_it_ends_and_when_it_is_refused() -> None:
    with scripted(Said(200, {"access": access(5)}), Said(200, {})) as server:
        client = Client(server.url, REFRESH)
        client.get("/api/x")
        server.script[:] = [Said(200, {"access": access(300)}), Said(401, {}), Said(200, {"access": access(300)}), Said(200, {})]
        client.get("/api/y")
        paths = ["/api/token/refresh", "/api/x", "/api/token/refresh", "/api/y", "/api/token/refresh", "/api/y"]
        assert [asked.path for asked in server.asked] == paths


def test_a_revoked_personal_access_token_is_told() -> None:
    with scripted(Said(401, {"detail": "Token is invalid"})) as server, pytest.raises(NotSignedIn, match="not valid"):
        Client(server.url, REFRESH).get("/api/x")


def test_email_and_password_are_exchanged_for_the_token_like_a_browser() -> None:
    def log_in(asked: Asked) -> Said:
        assert asked.headers["cookie"] == "csrftoken=crumb"
        assert b"email=a%40b.c&password=p+w&csrfmiddlewaretoken=crumb" in asked.body
        return Said(302, headers={"Location": "/", "Set-Cookie": "sessionid=s1; HttpOnly; Path=/"})

    form = Said(200, b"<form>", {"Set-Cookie": "csrftoken=crumb; Path=/"})
    with scripted(form, log_in, Said(200, {"token": "t1"}), Said(200, {})) as server:
        client = Client(server.url, email="a@b.c", password="p w")
        client.get("/api/x")
        client.get("/api/y")
        assert [asked.path for asked in server.asked] == [
            "/user/login",
            "/user/login",
            "/api/current-user/token",
            "/api/x",
            "/api/y",
        ]
        assert "sessionid=s1" in server.asked[2].headers["cookie"]
        assert server.asked[4].headers["authorization"] == "Token t1"


def test_a_wrong_password_is_told() -> None:
    with scripted(Said(200, b"<form>")) as server, pytest.raises(NotSignedIn, match="do not match"):
        Client(server.url, email="a@b.c", password="no").get("/api/x")
