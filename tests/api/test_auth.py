"""Accounts through their forms: sign up, log in, log out, sessions."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from inprocess import PASSWORD, Person, Server, numbers

NewServer = Callable[..., Server]


def new_email() -> str:
    return f"newcomer{next(numbers)}@example.com"


def send_form(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Post a form as a browser does: with the token of the page it came from."""
    token = re.search(r'name="csrfmiddlewaretoken"[^>]*value="([^"]+)"', client.get(path).text)
    assert token
    return client.post(path, data={"csrfmiddlewaretoken": token[1], **fields})


def error_of(answer: httpx.Response) -> str:
    found = re.search(r"data-form-error[^>]*>([^<]*)<", answer.text)
    return found[1] if found else ""


# ---------------------------------------------------------------- sign-up
def test_sign_up_logs_in_and_gives_a_token(server: Server) -> None:
    browser = server.anonymous()
    answer = send_form(browser, "/user/signup/?next=/projects/", email=" Ann@Example.com", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (302, "/projects/")
    me = browser.get("/api/current-user/whoami").json()
    assert (me["email"], me["username"], me["initials"]) == ("ann@example.com", "ann", "an")
    token = browser.get("/api/current-user/token").json()["token"]
    assert re.fullmatch("[0-9a-f]{40}", token)
    assert server.with_token(token).get("/api/current-user/whoami").json()["id"] == me["id"]


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("", PASSWORD, "valid email"),
        ("nobody", PASSWORD, "valid email"),
        ("a@b@c", PASSWORD, "valid email"),
        ("a" * 65 + "@x.yz", PASSWORD, "valid email"),
        ("fine@example.com", "1234567", "8 to 128"),
        ("fine@example.com", "x" * 129, "8 to 128"),
        ("fine@example.com", "", "8 to 128"),
    ],
)
def test_sign_up_says_what_is_wrong(server: Server, email: str, password: str, reason: str) -> None:
    answer = send_form(server.anonymous(), "/user/signup", email=email, password=password)
    assert answer.status_code == 200
    assert reason in error_of(answer)


def test_sign_up_refuses_a_known_email(server: Server, person: Person) -> None:
    answer = send_form(server.anonymous(), "/user/signup/", email=person.email.upper(), password=PASSWORD)
    assert (answer.status_code, error_of(answer)) == (200, "User with this email already exists")


def test_form_errors_are_escaped(server: Server) -> None:
    answer = send_form(server.anonymous(), "/user/login/", email='"><script>x</script>', password="y")
    assert "<script>x" not in answer.text


@pytest.mark.parametrize("path", ["/user/signup", "/user/login"])
def test_forms_need_their_token(server: Server, person: Person, path: str) -> None:
    browser = server.anonymous()
    fields = {"email": person.email, "password": PASSWORD}
    assert browser.post(path, data=fields).status_code == 403
    browser.get(path)
    assert browser.post(path, data=fields).status_code == 403
    assert browser.post(path, data={**fields, "csrfmiddlewaretoken": "x" * 43}).status_code == 403
    headers = {"x-csrftoken": browser.cookies["csrftoken"]}
    assert browser.post(path, data=fields, headers={**headers, "origin": "https://evil.example"}).status_code == 403
    assert browser.post(path, data=fields, headers={**headers, "sec-fetch-site": "cross-site"}).status_code == 403
    answer = browser.post(path, data=fields, headers=headers)
    assert answer.status_code == (200 if path.endswith("signup") else 302)


@pytest.mark.parametrize(
    "target", ["http://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/x\r\nset-cookie: a=b", "evil"]
)
def test_next_stays_on_this_server(server: Server, person: Person, target: str) -> None:
    browser = server.anonymous()
    browser.get("/user/login")
    fields = {"email": person.email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = browser.post("/user/login", params={"next": target}, data=fields)
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


# ---------------------------------------------------------------- who may sign up
def test_strangers_get_an_organization_of_their_own(server: Server, person: Person, stranger: Person) -> None:
    assert person.organization_id != stranger.organization_id
    assert [u["id"] for u in stranger.client.get("/api/users").json()] == [stranger.id]
    assert stranger.client.get(f"/api/users/{person.id}").status_code == 404
    assert stranger.client.get(f"/api/organizations/{person.organization_id}").status_code == 404


def test_the_invitation_link_joins(server: Server, person: Person) -> None:
    url = person.client.get("/api/invite").json()["invite_url"]
    browser = server.anonymous()
    assert send_form(browser, url, email=new_email(), password=PASSWORD).status_code == 302
    assert browser.get("/api/current-user/whoami").json()["active_organization"] == person.organization_id


def test_a_reset_invitation_link_is_dead(server: Server, person: Person) -> None:
    old = person.client.get("/api/invite").json()["invite_url"]
    answer = person.client.post("/api/invite/reset-token")
    assert answer.status_code == 201
    assert send_form(server.anonymous(), old, email=new_email(), password=PASSWORD).status_code == 403
    assert send_form(server.anonymous(), answer.json()["invite_url"], email=new_email(), password=PASSWORD).status_code == 302


def test_an_invited_account_joins_with_its_password(server: Server, person: Person, stranger: Person) -> None:
    url = person.client.get("/api/invite").json()["invite_url"]
    assert "already exists" in error_of(send_form(server.anonymous(), url, email=stranger.email, password="wrong-password"))
    assert send_form(server.anonymous(), url, email=stranger.email, password=PASSWORD).status_code == 302
    assert stranger.client.get("/api/current-user/whoami").json()["active_organization"] == person.organization_id


def test_join_mode_puts_everybody_into_the_first_organization(new_server: NewServer) -> None:
    server = new_server(LABELWRIGHT_SIGNUP="join")
    first, second = server.anonymous(), server.anonymous()
    for browser in (first, second):
        assert send_form(browser, "/user/signup/", email=new_email(), password=PASSWORD).status_code == 302
    me, other = (b.get("/api/current-user/whoami").json() for b in (first, second))
    assert me["active_organization"] == other["active_organization"]
    assert (me["is_owner"], other["is_owner"]) == (True, False)


def test_invite_mode_lets_the_first_user_in_and_then_needs_the_link(new_server: NewServer) -> None:
    server = new_server(DISABLE_SIGNUP_WITHOUT_LINK="true")
    owner = server.anonymous()
    assert send_form(owner, "/user/signup/", email=new_email(), password=PASSWORD).status_code == 302
    assert send_form(server.anonymous(), "/user/signup/", email=new_email(), password=PASSWORD).status_code == 403
    url = owner.get("/api/invite").json()["invite_url"]
    assert send_form(server.anonymous(), url, email=new_email(), password=PASSWORD).status_code == 302


def test_boot_tells_the_first_visitor_that_nobody_is_here(new_server: NewServer) -> None:
    server = new_server(LABELWRIGHT_UNSAFE_SOMETHING="1")
    before = server.anonymous().get("/api/labelwright/boot").json()
    assert (before["has_users"], before["user"], before["signup"]) == (False, None, "private")
    assert before["unsafe_options"] == ["LABELWRIGHT_UNSAFE_SOMETHING"]
    person = server.sign_up()
    after = person.client.get("/api/labelwright/boot").json()
    assert (after["has_users"], after["user"]["id"]) == (True, person.id)


# ---------------------------------------------------------------- log-in
def test_log_in_and_out(server: Server, person: Person) -> None:
    browser = server.anonymous()
    answer = server.log_in(browser, person.email.upper())
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("sessionid="))
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert "max-age" not in cookie.lower()
    secret = browser.cookies["sessionid"]
    assert browser.get("/logout").status_code == 302
    stolen = server.anonymous(cookie=f"sessionid={secret}")
    assert stolen.get("/api/current-user/whoami").status_code == 401


def test_persist_session_outlives_the_browser(server: Server, person: Person) -> None:
    answer = server.log_in(server.anonymous(), person.email, persist_session="on")
    assert any("sessionid=" in c and "max-age=691200" in c.lower() for c in answer.headers.get_list("set-cookie"))


def test_log_in_rotates_the_session(server: Server, person: Person) -> None:
    browser = person.browser
    before = browser.cookies["sessionid"]
    fields = {"email": person.email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    assert browser.post("/user/login", data=fields).status_code == 302
    assert browser.cookies["sessionid"] != before
    assert server.anonymous(cookie=f"sessionid={before}").get("/api/current-user/whoami").status_code == 401


@pytest.mark.parametrize("password", ["", "wrong-password", "x" * 5000])
def test_wrong_password(server: Server, person: Person, password: str) -> None:
    answer = server.log_in(server.anonymous(), person.email, password)
    assert (answer.status_code, error_of(answer)) == (200, "The email and password you entered don&#x27;t match.")


def test_unknown_account_gets_the_same_answer(server: Server) -> None:
    assert "match" in error_of(server.log_in(server.anonymous(), "nobody@example.com"))
    assert "match" in error_of(server.log_in(server.anonymous(), ""))


def test_logout_asks_when_another_site_sends_the_visitor(server: Server, person: Person) -> None:
    browser = person.browser
    assert browser.get("/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 200
    assert browser.get("/logout", headers={"referer": "https://evil.example/"}).status_code == 200
    assert browser.get("/api/current-user/whoami").status_code == 200
    assert browser.post("/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.get("/logout/", headers={"sec-fetch-site": "same-origin"}).status_code == 302
    assert browser.get("/api/current-user/whoami").status_code == 401


def test_anonymous_logout_goes_to_the_login(server: Server) -> None:
    assert server.anonymous().get("/logout").headers["location"] == "/user/login/?next=/logout"


def test_password_change_ends_other_sessions(server: Server, person: Person) -> None:
    here, elsewhere = person.browser, person.browser
    change = {"current_password": "wrong-password", "new_password": "Another-1234"}
    assert here.post("/api/labelwright/password", json=change).status_code == 400
    assert (
        here.post("/api/labelwright/password", json={**change, "current_password": PASSWORD, "new_password": "x"}).status_code
        == 400
    )
    assert here.post("/api/labelwright/password", json={**change, "current_password": PASSWORD}).status_code == 204
    assert here.get("/api/current-user/whoami").status_code == 200
    assert elsewhere.get("/api/current-user/whoami").status_code == 401
    assert server.log_in(server.anonymous(), person.email, "Another-1234").status_code == 302


def test_a_session_can_be_ended_from_another(person: Person) -> None:
    here, elsewhere = person.browser, person.browser
    listed = here.get("/api/labelwright/sessions").json()
    assert [s["is_current"] for s in listed].count(True) == 1
    other = next(s for s in listed if not s["is_current"])
    assert here.delete(f"/api/labelwright/sessions/{other['id']}").status_code == 204
    assert elsewhere.get("/api/current-user/whoami").status_code == 401
    assert here.delete("/api/labelwright/sessions/nonsense").status_code == 404


def test_session_policy_ends_old_and_idle_sessions(server: Server, person: Person) -> None:
    browser = person.browser
    for column, moment in (("created_at", "2020-01-01T00:00:00.000000Z"), ("last_seen_at", "2020-01-01T00:00:00.000000Z")):
        browser = person.browser
        sql = f"UPDATE sessions SET {column} = '{moment}' WHERE user_id = {person.id}"
        server.db.write(lambda conn, sql=sql: conn.exec_driver_sql(sql))
        assert browser.get("/api/current-user/whoami").status_code == 401
