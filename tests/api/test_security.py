"""Cross-site requests, throttling, headers, secrets, logs and metrics."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from inprocess import PASSWORD, Person, Server, numbers
from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.auth import throttle
from labelwright.server.auth.passwords import hash_password, password_holds
from labelwright.server.auth.secrets import seal, unseal
from labelwright.server.errors import TooMany
from labelwright.server.logs import JSONFormatter, TextFormatter, configure_logs, request_id
from labelwright.server.settings import read_settings


# ---------------------------------------------------------------- cross-site requests
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://outer.example"}, 200),
        ({"origin": "http://testserver.local"}, 200),
        ({"origin": "https://outer.example", "x-forwarded-host": "outer.example"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver.local:8081"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://testserver.local:8081"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
    ],
)
def test_cookie_requests_must_come_from_our_pages(person: Person, headers: dict[str, str], status: int) -> None:
    answer = person.browser.patch("/api/labelwright/preferences", json={}, headers=headers)
    assert answer.status_code == status


def test_cross_site_forms_in_disguise_are_refused(person: Person) -> None:
    headers = {"content-type": "text/plain", "sec-fetch-site": "cross-site"}
    assert person.browser.post("/api/current-user/reset-token", content=b"{}", headers=headers).status_code == 403


def test_token_requests_may_come_from_anywhere(person: Person) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://notebook.example"}
    assert person.client.patch("/api/labelwright/preferences", json={}, headers=headers).status_code == 200


def test_cross_site_reading_needs_no_check_but_shares_nothing(person: Person) -> None:
    answer = person.browser.get(
        "/api/current-user/whoami", headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    )
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_security_headers_of_the_api(person: Person) -> None:
    headers = person.client.get("/api/current-user/whoami").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_options_and_head(person: Person) -> None:
    answer = person.client.options("/api/users")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, POST, HEAD, OPTIONS")
    head = person.client.head("/api/users")
    assert (head.status_code, head.content) == (200, b"")


def test_cookies_are_for_https_where_the_request_was(person: Person) -> None:
    browser = person.server.anonymous(**{"x-forwarded-proto": "https"})
    cookie = browser.get("/user/login").headers["set-cookie"]
    assert "Secure" in cookie
    assert "Secure" not in person.server.anonymous().get("/user/login").headers["set-cookie"]


# ---------------------------------------------------------------- hostile input
def unsigned(payload: str) -> str:
    return "e30." + base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")


@pytest.mark.parametrize("text", ["\x00", "%ff", "\ud800", "a" * 5000, "'", "../..", "\r\nx: y"])
def test_strange_addresses_break_nothing(server: Server, person: Person, text: str) -> None:
    raw = quote(text, errors="surrogatepass")
    for path in (f"/user/signup?token={raw}", f"/user/login?next={raw}", f"/data/avatars/{raw}", f"/projects?x={raw}"):
        assert person.client.get(path).status_code < 500
        assert server.anonymous().get(path).status_code < 500
    browser = server.anonymous()
    browser.get("/user/signup")
    form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "email": "x@y.zz", "password": PASSWORD}
    assert browser.post(f"/user/signup?token={raw}", data=form).status_code in (400, 403)
    assert browser.post(f"/user/login?next={raw}", data={**form, "email": person.email}).headers.get("location", "/") == "/"


@pytest.mark.parametrize(
    "token", [unsigned('{"jti": "\\u0000"}'), unsigned('{"jti": 7}'), unsigned("[]"), unsigned("{"), "...", "a.\xff"]
)
def test_strange_tokens_break_nothing(server: Server, token: str) -> None:
    assert server.anonymous().post("/api/token/blacklist", json={"refresh": token}).status_code == 404
    assert server.anonymous().post("/api/token/refresh", json={"refresh": token}).status_code == 401


@pytest.mark.parametrize("member", [0, 2**31, 2**63, 2**70])
def test_absurd_members_are_404(person: Person, member: int) -> None:
    url = f"/api/organizations/{person.organization_id}/memberships/{member}"
    assert (person.client.get(url).status_code, person.client.delete(url).status_code) == (404, 404)


@pytest.mark.parametrize(
    "credentials", ["Token", "Token ", "Token \xff", "Bearer a.b.c", "Basic YTpi", "Bearer " + "x" * 5000, "token x y"]
)
def test_strange_credentials_are_401(server: Server, credentials: str) -> None:
    headers = {"authorization": credentials.encode("latin-1")}
    assert server.anonymous().get("/api/users", headers=headers).status_code == 401
    assert server.anonymous().get("/api/users", headers={"cookie": b"sessionid=\xff; csrftoken='"}).status_code == 401


# ---------------------------------------------------------------- guessing
@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock for the throttle; `time[0]` is the seconds it is ahead."""
    ahead = [0.0]
    real = clock.after
    now = throttle.datetime

    class Clock(now):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return now.now(tz) + throttle.timedelta(seconds=ahead[0])

    monkeypatch.setattr(throttle, "datetime", Clock)
    monkeypatch.setattr(throttle.clock, "after", lambda seconds: real(seconds + ahead[0]))
    return ahead


def book(server: Server, subject: str) -> float:
    return server.db.write(lambda conn: throttle.book_attempt(conn, subject))


def test_attempts_come_further_and_further_apart(server: Server, time: list[float]) -> None:
    subject = f"{next(numbers)}|net"
    waits = []
    for _ in range(16):
        wait_s = book(server, subject)
        waits.append(round(wait_s))
        time[0] += wait_s
    assert waits == [0] * 10 + [1, 2, 4, 8, 15, 15]


def test_attempts_at_once_queue_up_and_are_then_refused(server: Server, time: list[float]) -> None:
    subject = f"{next(numbers)}|net"
    waits = [round(book(server, subject)) for _ in range(14)]
    assert waits[-4:] == [1, 3, 7, 15]
    assert round(book(server, subject)) == 30
    with pytest.raises(TooMany):
        book(server, subject)
    assert round(book(server, f"other{subject}")) == 0
    time[0] = throttle.FORGET_S + 60
    assert book(server, subject) == 0


def test_throttled_log_in_waits_and_then_works(server: Server, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "FREE", 2)
    monkeypatch.setattr(throttle, "LONGEST_GAP_S", 0.2)
    browser = server.anonymous()
    for _ in range(4):
        assert server.log_in(browser, person.email, "wrong-password").status_code == 200
    assert server.log_in(browser, person.email).status_code == 302
    monkeypatch.setattr(throttle, "LONGEST_WAIT_S", -1.0)
    refused = server.log_in(server.anonymous(), person.email)
    assert (refused.status_code, "Too many attempts" in refused.text) == (429, True)


def test_sign_ups_of_one_network_are_limited(server: Server) -> None:
    def limit(conn: Connection) -> None:
        throttle.limit_rate(conn, subject, 3)

    subject = f"sign-up|{next(numbers)}"
    for _ in range(3):
        server.db.write(limit)
    with pytest.raises(TooMany):
        server.db.write(limit)


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("203.0.113.7", "", "203.0.113.0/24"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.0/24"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.0/24"),
        ("::1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "203.0.113.0/24"),
        ("127.0.0.1", "nonsense", "loopback"),
        ("", "", "unknown"),
    ],
)
def test_network_of_a_caller(peer: str, forwarded: str, network: str) -> None:
    assert throttle.network_of(peer, forwarded) == network


# ---------------------------------------------------------------- secrets
def test_passwords_are_argon2id() -> None:
    stored = hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert password_holds(PASSWORD, stored)
    assert not password_holds(PASSWORD + "x", stored)
    assert not password_holds(PASSWORD, None)


def test_sealed_secrets_need_the_key() -> None:
    sealed = seal("secret", "k" * 32)
    assert (unseal(sealed, "k" * 32), unseal(sealed, "x" * 32), "secret" in sealed) == ("secret", None, False)


def test_no_secret_lies_in_the_database(server: Server, person: Person) -> None:
    browser = person.browser
    whole = person.client.post("/api/token").json()["token"]
    secrets = [person.token, browser.cookies["sessionid"], PASSWORD, whole, whole.rpartition(".")[0]]
    for table in ("users", "tokens", "sessions", "login_failures"):
        rows = server.db.read(lambda conn, table=table: conn.exec_driver_sql(f"SELECT * FROM {table}").all())
        assert not [secret for secret in secrets if secret in str(rows)]


def test_every_installation_has_its_own_key(tmp_path: Path) -> None:
    first, second = (read_settings(data_dir=tmp_path / name, env={}) for name in "ab")
    assert first.secret_key != second.secret_key
    assert first.secret_key not in repr(first)
    assert read_settings(data_dir=tmp_path / "a", env={}).secret_key == first.secret_key


# ---------------------------------------------------------------- errors, logs, metrics
def test_errors_carry_the_id_of_the_request(server: Server) -> None:
    answer = server.anonymous().get("/api/users")
    assert answer.json()["id"] == answer.headers["x-request-id"]
    given = "0b6a1f4e-8a53-4b1c-9d55-4f1f7b1f2a33"
    assert server.anonymous(**{"x-request-id": given}).get("/api/nothing").json()["id"] == given
    assert server.anonymous(**{"x-request-id": "a\tb"}).get("/api/nothing").json()["id"] != "a\tb"


def test_trigger500_tells_no_more_than_it_should(new_server: Callable[..., Server], server: Server) -> None:
    answer = server.anonymous().get("/trigger500")
    assert (answer.status_code, answer.json()["detail"], answer.json()["exc_info"]) == (500, "test", None)
    debug = new_server(LABELWRIGHT_DEBUG="1").anonymous().get("/trigger500").json()
    assert debug["detail"] == "test"
    assert "Exception: test" in debug["exc_info"]


def test_logs_hold_no_secrets(new_server: Callable[..., Server], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = new_server(LABELWRIGHT_ACCESS_LOG="1")
    person = server.sign_up()
    browser = person.browser
    browser.get("/user/signup/?token=invitation-secret")
    server.log_in(server.anonymous(), person.email, "mistyped-password")
    person.client.get("/api/nothing?key=query-secret")
    logged = "\n".join(line.getMessage() for line in caplog.records if not line.name.startswith("httpx"))
    assert "GET /user/signup" in logged
    for secret in (
        PASSWORD,
        person.token,
        browser.cookies["sessionid"],
        "invitation-secret",
        "mistyped-password",
        "query-secret",
    ):
        assert secret not in logged


def record(message: str) -> logging.LogRecord:
    made = logging.LogRecord("labelwright.api", logging.WARNING, "file", 1, message, (), None)
    made.request_id = "an-id"
    return made


def test_log_formats() -> None:
    line = TextFormatter().format(record("one\ntwo\x1b[31m"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING labelwright\.api one\\x0atwo\\x1b\[31m \[an-id\]", line)
    event = json.loads(JSONFormatter().format(record("one\ntwo")))
    assert (event["level"], event["logger"], event["message"], event["request_id"]) == (
        "WARNING",
        "labelwright.api",
        "one\ntwo",
        "an-id",
    )


def test_configured_logs_are_json_with_the_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    token = request_id.set("an-id")
    try:
        configure_logs(read_settings(data_dir=tmp_path, env={"LABELWRIGHT_LOG_FORMAT": "json"}))
        logging.getLogger("labelwright.access").info("GET /x", extra={"status": 200})
        logging.getLogger("alembic").info("chatter")
    finally:
        request_id.reset(token)
        root.handlers[:], root.level = handlers, level
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["status"] for line in lines] == [200]
    assert json.loads(lines[0])["request_id"] == "an-id"


def test_metrics_count_requests(new_server: Callable[..., Server]) -> None:
    server = new_server()
    client = server.anonymous()
    for path in ("/health", "/health", "/api/users/7", "/api/nothing", "/trigger500"):
        client.get(path)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    for line in (
        'labelwright_http_requests_total{method="GET",route="/health",status="200"} 2',
        'labelwright_http_requests_total{method="GET",route="/api/users/{user_id}",status="401"} 1',
        'labelwright_http_requests_total{method="GET",route="unknown",status="404"} 1',
        "labelwright_http_errors_total 1",
        'labelwright_http_request_duration_seconds_count{method="GET",route="/health"} 2',
        "labelwright_db_write_queue 0",
    ):
        assert line in answer.text.splitlines()
