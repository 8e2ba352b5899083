"""Users of an organization, and the caller's own account."""

from __future__ import annotations

from typing import Any

import pytest
from inprocess import PASSWORD, PNG, Person, Server, numbers

from labelwright.server.storage.avatars import picture_size


def test_whoami_is_the_contract(person: Person) -> None:
    me = person.client.get("/api/current-user/whoami").json()
    assert set(me) >= {
        "id",
        "first_name",
        "last_name",
        "username",
        "email",
        "last_activity",
        "custom_hotkeys",
        "avatar",
        "initials",
    }
    assert set(me) >= {
        "phone",
        "active_organization",
        "active_organization_meta",
        "allow_newsletters",
        "date_joined",
        "permissions",
    }
    assert me["active_organization_meta"]["email"] == person.email
    assert len(me["permissions"]) == 44
    assert me["last_activity"].endswith("Z")


def test_colleagues_see_each_other(person: Person, colleague: Person) -> None:
    assert [u["id"] for u in colleague.client.get("/api/users/").json()] == [person.id, colleague.id]
    assert person.client.get(f"/api/users/{colleague.id}/").json()["email"] == colleague.email


def test_add_user(server: Server, person: Person) -> None:
    email = f"Added{next(numbers)}@Example.com"
    fields = {"email": email, "username": "added", "first_name": "Ann", "last_name": "Lee", "phone": "1"}
    answer = person.client.post("/api/users", json=fields)
    assert answer.status_code == 201
    assert answer.json() | {"email": email.lower(), "initials": "AL", "phone": "1"} == answer.json()
    assert answer.json()["active_organization"] == person.organization_id
    again = person.client.post("/api/users", json=fields)
    assert (again.status_code, "already exists" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "email"),
        ({"email": "new@example.com"}, "username"),
        ({"email": "bad", "username": "x"}, "email"),
        ({"email": "new@example.com", "username": "x", "first_name": "x" * 257}, "first_name"),
        ({"email": "new@example.com", "username": ["x"]}, "username"),
        ({"email": 7, "username": "x"}, "email"),
        ({"email": "new@example.com", "username": "x", "password": "short"}, "password"),
        ({"email": "new@example.com", "username": "x", "allow_newsletters": "maybe"}, "allow_newsletters"),
    ],
)
def test_add_user_names_the_field(person: Person, fields: dict[str, Any], field: str) -> None:
    answer = person.client.post("/api/users", json=fields)
    assert answer.status_code == 400
    assert field in answer.json()["validation_errors"]


def test_only_the_owner_sets_a_first_password(server: Server, person: Person, colleague: Person) -> None:
    fields = {"email": f"added{next(numbers)}@example.com", "username": "x", "password": PASSWORD}
    assert colleague.client.post("/api/users", json=fields).status_code == 403
    assert person.client.post("/api/users", json=fields).status_code == 201
    assert server.log_in(server.anonymous(), fields["email"]).status_code == 302


def test_change_profile(person: Person, colleague: Person) -> None:
    changed = person.client.patch(f"/api/users/{person.id}", json={"first_name": "Ann", "id": 7, "last_activity": "2000"}).json()
    assert (changed["first_name"], changed["id"]) == ("Ann", person.id)
    answer = person.client.patch(f"/api/users/{person.id}/", json={"email": "other@example.com"})
    assert (answer.status_code, answer.json()["detail"]) == (405, "Cannot update read-only field: email")
    assert person.client.patch(f"/api/users/{colleague.id}", json={"phone": "2"}).json()["phone"] == "2"
    assert colleague.client.patch(f"/api/users/{person.id}", json={"phone": "3"}).status_code == 403


def test_delete_user_ends_everything(server: Server, person: Person, colleague: Person) -> None:
    browser = colleague.browser
    assert colleague.client.delete(f"/api/users/{person.id}").status_code == 403
    assert person.client.delete(f"/api/users/{person.id}").status_code == 403
    assert person.client.delete(f"/api/users/{colleague.id}").status_code == 204
    assert person.client.get(f"/api/users/{colleague.id}").status_code == 404
    for client in (browser, colleague.client):
        assert client.get("/api/current-user/whoami").status_code == 401


def test_deleting_a_guest_leaves_their_own_organization(server: Server, person: Person, stranger: Person) -> None:
    token = person.client.get("/api/invite").json()["token"]
    browser = server.anonymous()
    browser.get("/user/signup/")
    form = {"email": stranger.email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    assert browser.post("/user/signup/", params={"token": token}, data=form).status_code == 302
    assert person.client.delete(f"/api/users/{stranger.id}").status_code == 204
    assert stranger.client.get("/api/current-user/whoami").json()["active_organization"] == stranger.organization_id


# ---------------------------------------------------------------- avatars
GIF = b"GIF89a" + (8).to_bytes(2, "little") + (6).to_bytes(2, "little")
JPEG = b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\6\0\x08"


@pytest.mark.parametrize(("content", "size"), [(PNG, ("png", 8, 6)), (GIF, ("gif", 8, 6)), (JPEG, ("jpg", 8, 6))])
def test_pictures_are_measured(content: bytes, size: tuple[str, int, int]) -> None:
    assert picture_size(content) == size
    for end in range(len(content)):
        assert picture_size(content[:end]) in (None, size)


def test_avatar(person: Person, colleague: Person, stranger: Person) -> None:
    url = f"/api/users/{person.id}/avatar"
    answer = person.client.post(url, files={"avatar": ("me.png", PNG, "text/html")})
    assert (answer.status_code, answer.json()) == (200, {"detail": "avatar saved"})
    shown = person.client.get("/api/current-user/whoami").json()["avatar"]
    picture = colleague.client.get(shown)
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert stranger.client.get(shown).status_code == 404
    assert colleague.client.delete(url).status_code == 403
    assert person.client.post(url, files={"avatar": ("me.gif", GIF, "image/gif")}).status_code == 200
    assert person.client.get(shown).status_code == 404
    assert person.client.delete(url).status_code == 204
    assert person.client.get("/api/current-user/whoami").json()["avatar"] is None


@pytest.mark.parametrize(
    "content", [b"hello", b"", PNG[:16] + (1201).to_bytes(4, "big") * 2, PNG + b"x" * 1024 * 1024, b"<svg/>"]
)
def test_avatars_that_are_refused(person: Person, content: bytes) -> None:
    answer = person.client.post(f"/api/users/{person.id}/avatar", files={"avatar": ("x.png", content, "image/png")})
    assert (answer.status_code, "avatar" in answer.json()["validation_errors"]) == (400, True)
    assert person.client.post(f"/api/users/{person.id}/avatar", json={}).status_code == 400


# ---------------------------------------------------------------- hotkeys, preferences
@pytest.mark.parametrize(
    ("hotkeys", "status"),
    [
        ({"a:b": {"key": "ctrl+x", "active": True}}, 200),
        ({}, 200),
        ({"a:b": {"key": None, "active": False}}, 200),
        ({"ab": {"key": "x"}}, 400),
        ({"a:b": {"key": 5}}, 400),
        ({"a:b": {"key": " "}}, 400),
        ({"a:b": {"key": "x", "active": "yes"}}, 400),
        ({"a:b": "x"}, 400),
        ([], 400),
        (None, 400),
    ],
)
def test_hotkeys(person: Person, hotkeys: Any, status: int) -> None:
    answer = person.client.patch("/api/current-user/hotkeys", json={"custom_hotkeys": hotkeys})
    assert answer.status_code == status
    stored = person.client.get("/api/current-user/hotkeys").json()["custom_hotkeys"]
    assert stored == (hotkeys if status == 200 else {})
    if status == 400:
        assert answer.json()["error"] == "Invalid hotkeys configuration"


def test_preferences_are_merged(person: Person) -> None:
    url = "/api/labelwright/preferences"
    assert person.client.patch(url, json={"theme": "dark", "density": 2}).json() == {"theme": "dark", "density": 2}
    assert person.client.patch(url, json={"density": None}).json() == {"theme": "dark"}
    assert person.client.get(url).json() == {"theme": "dark"}
    assert person.client.patch(url, json={"big": "x" * 70_000}).status_code == 400


# ---------------------------------------------------------------- tokens
def test_reset_token_kills_the_old_one(server: Server, person: Person) -> None:
    answer = person.client.post("/api/current-user/reset-token")
    assert answer.status_code == 201
    assert person.client.get("/api/current-user/whoami").json()["detail"] == "Invalid token."
    new = server.with_token(answer.json()["token"])
    assert new.get("/api/current-user/token").json() == answer.json()


def test_api_key_header_is_a_legacy_token(server: Server, person: Person) -> None:
    assert server.anonymous(**{"x-api-key": person.token}).get("/api/current-user/whoami").json()["id"] == person.id


def test_personal_access_token(server: Server, person: Person) -> None:
    whole = person.client.post("/api/token").json()["token"]
    again = person.client.post("/api/token")
    assert (again.status_code, again.json()["detail"][:32]) == (409, "You already have a valid token. ")
    assert person.client.get("/api/token/").json() == [{"token": whole.rpartition(".")[0]}]
    access = server.anonymous().post("/api/token/refresh", json={"refresh": whole}).json()["access"]
    bearer = server.anonymous(authorization=f"Bearer {access}")
    assert bearer.get("/api/current-user/whoami").json()["id"] == person.id
    assert server.anonymous(authorization=f"Bearer {whole}").get("/api/current-user/whoami").status_code == 401
    rotated = bearer.post("/api/token/rotate", json={"refresh": whole})
    assert (rotated.status_code, set(rotated.json())) == (200, {"refresh"})
    assert bearer.get("/api/current-user/whoami").status_code == 401  # the access token died with its refresh token
    assert server.anonymous().post("/api/token/refresh", json={"refresh": whole}).json()["detail"] == "Token is blacklisted"


@pytest.mark.parametrize("cut", [False, True])
def test_revoke_personal_access_token(server: Server, person: Person, cut: bool) -> None:
    whole = person.client.post("/api/token").json()["token"]
    given = whole.rpartition(".")[0] if cut else whole
    assert server.anonymous().post("/api/token/blacklist/", json={"refresh": given}).status_code == 204
    gone = server.anonymous().post("/api/token/blacklist/", json={"refresh": given})
    assert (gone.status_code, gone.json()) == (404, {"detail": "Token is invalid or already blacklisted."})
    assert person.client.get("/api/token").json() == []
    assert person.client.post("/api/token").status_code == 201


def test_a_stranger_can_not_rotate_my_token(person: Person, stranger: Person) -> None:
    whole = person.client.post("/api/token").json()["token"]
    assert stranger.client.post("/api/token/rotate", json={"refresh": whole}).status_code == 400
    assert person.client.get("/api/token").json() != []


@pytest.mark.parametrize("path", ["/api/token/refresh", "/api/token/blacklist", "/api/token/rotate"])
@pytest.mark.parametrize(
    "body", [{}, {"refresh": "x"}, {"refresh": "e30.e30.e30"}, {"refresh": "a.W10"}, {"refresh": None}, {"refresh": {}}]
)
def test_bad_refresh_tokens_are_no_fault_of_ours(person: Person, path: str, body: dict[str, Any]) -> None:
    assert person.client.post(path, json=body).status_code in (400, 401, 404)


def test_an_organization_can_switch_tokens_off(server: Server, person: Person) -> None:
    browser = person.browser
    whole = browser.post("/api/token").json()["token"]
    access = server.anonymous().post("/api/token/refresh", json={"refresh": whole}).json()["access"]
    bearer = server.anonymous(authorization=f"Bearer {access}")
    off = browser.post("/api/jwt/settings", json={"legacy_api_tokens_enabled": False})
    assert (off.status_code, off.json()) == (200, {"api_tokens_enabled": True, "legacy_api_tokens_enabled": False})
    refused = person.client.get("/api/current-user/whoami")
    assert (refused.status_code, "legacy token authentication has been disabled" in refused.json()["detail"]) == (401, True)
    assert bearer.get("/api/current-user/whoami").status_code == 200
    browser.post("/api/jwt/settings", json={"api_tokens_enabled": False})
    assert bearer.get("/api/current-user/whoami").status_code == 401


def test_bad_bearer_gives_other_schemes_their_turn(server: Server, person: Person) -> None:
    browser = person.browser
    assert browser.get("/api/current-user/whoami", headers={"authorization": "Bearer x"}).status_code == 200
    answer = server.anonymous(authorization="Bearer x").get("/api/current-user/whoami")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Token")


# ---------------------------------------------------------------- session policy
def test_session_policy(person: Person) -> None:
    url = "/api/session-policy/"
    policy = person.client.get(url).json()
    assert (policy["max_session_age"], policy["max_time_between_activity"]) == (11520, 4320)
    changed = person.client.patch(url, json={"max_session_age": 60, "max_time_between_activity": 30}).json()
    assert (changed["max_session_age"], changed["max_time_between_activity"]) == (60, 30)
    for bad in (0, -1, "x", None, 2**40):
        assert person.client.patch(url, json={"max_session_age": bad}).status_code == 400
