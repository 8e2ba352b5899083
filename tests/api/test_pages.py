"""The web UI's document and files."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from inprocess import Person, Server

INDEX = '<!doctype html><html><head></head><body><div id="root"></div></body></html>'


@pytest.fixture
def site(new_server: Callable[..., Server], tmp_path: Path) -> Server:
    """A server with a small built UI."""
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text(INDEX)
    (web / "assets" / "app-1a2b.js").write_text("let a = 1")
    (web / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"let a = 1"))
    (web / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return new_server(LABELWRIGHT_WEB_DIR=str(web))


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/user/login/"),
        ("/projects", "/user/login/?next=/projects/"),
        ("/projects/", "/user/login/?next=/projects/"),
        ("/projects/new", "/user/login/?next=/projects/new/"),
        ("/projects/5/data?task=7&x=1", "/user/login/?next=/projects/5/data%3Ftask%3D7%26x%3D1"),
        ("/user/account", "/user/login/?next=/user/account/"),
        ("/people/", "/user/login/?next=/people/"),
        ("/organization", "/user/login/?next=/organization/"),
    ],
)
def test_anonymous_visitors_log_in_first(server: Server, path: str, target: str) -> None:
    answer = server.anonymous().get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, target)


@pytest.mark.parametrize("path", ["/", "/projects", "/projects/new/", "/user/account/tokens", "/organization/", "/people"])
def test_members_get_the_document(site: Server, path: str) -> None:
    answer = site.sign_up().client.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["content-type"].startswith("text/html")


def test_document_is_revalidated(site: Server) -> None:
    client = site.sign_up().client
    first = client.get("/")
    assert client.get("/", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert "no-cache" in first.headers["cache-control"]


def test_security_headers_of_pages(site: Server) -> None:
    for path in ("/user/login/", "/"):
        headers = site.sign_up().client.get(path).headers if path == "/" else site.anonymous().get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_login_page_holds_the_token(site: Server) -> None:
    answer = site.anonymous().get("/user/login/")
    cookie = answer.cookies["csrftoken"]
    assert f'<input type="hidden" name="csrfmiddlewaretoken" value="{cookie}">' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "data-form-error" not in answer.text
    assert answer.text.endswith("</body></html>")


def test_unknown_pages(site: Server) -> None:
    browser = site.anonymous(accept="text/html,*/*")
    assert (browser.get("/nothing").status_code, browser.get("/nothing").text) == (404, INDEX)
    assert browser.get("/api/nothing").json()["detail"] == "Not found."
    assert site.anonymous().get("/nothing").json()["status_code"] == 404
    assert site.sign_up().client.get("/projects/99/data").status_code == 404


def test_without_a_built_ui_the_page_says_how_to_build_it(new_server: Callable[..., Server], tmp_path: Path) -> None:
    server = new_server(LABELWRIGHT_WEB_DIR=str(tmp_path / "none"))
    assert "make start" in server.sign_up().client.get("/").text
    page = server.anonymous().get("/user/login/").text
    assert 'name="password"' in page
    assert 'name="csrfmiddlewaretoken"' in page


# ---------------------------------------------------------------- files
def test_assets_are_kept_for_ever(site: Server) -> None:
    client = site.anonymous()
    packed = client.get("/static/app/assets/app-1a2b.js")
    assert (packed.text, packed.headers["content-encoding"]) == ("let a = 1", "gzip")
    assert "immutable" in packed.headers["cache-control"]
    assert packed.headers["content-type"].startswith("text/javascript")
    plain = client.get("/static/app/assets/app-1a2b.js", headers={"accept-encoding": "identity"})
    assert (plain.text, "content-encoding" in plain.headers) == ("let a = 1", False)
    again = client.get("/static/app/assets/app-1a2b.js", headers={"if-none-match": packed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/app/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "assets/..%2f..%2fsecret.txt",
        "assets",
        "nothing.js",
        "%00",
        "assets/app%00.js",
        "..%5csecret.txt",
    ],
)
def test_only_built_files_are_served(site: Server, path: str) -> None:
    answer = site.anonymous().get(f"/static/app/{path}")
    assert (answer.status_code, "secret" in answer.text) == (404, False)


def test_person_can_see_their_pages(person: Person) -> None:
    assert person.browser.get("/projects/").status_code == 200
