"""The organization and its members."""

from __future__ import annotations

from inprocess import Person, Server


def test_organization_is_the_contract(person: Person, colleague: Person) -> None:
    assert [set(o) for o in person.client.get("/api/organizations/").json()] == [{"id", "title", "contact_info", "created_at"}]
    whole = person.client.get(f"/api/organizations/{person.organization_id}").json()
    assert set(whole) == {"id", "title", "token", "created_at", "updated_at", "contact_info", "created_by", "users"}
    assert (whole["created_by"], whole["users"]) == (person.id, [person.id, colleague.id])
    assert whole["title"] == person.email


def test_change_organization(person: Person) -> None:
    url = f"/api/organizations/{person.organization_id}"
    changed = person.client.patch(url, json={"title": " Cats ", "contact_info": "a@b.cc"}).json()
    assert (changed["title"], changed["contact_info"]) == ("Cats", "a@b.cc")
    for bad in ({"title": ""}, {"title": None}, {"title": "x" * 1001}, {"contact_info": "bad"}):
        assert person.client.patch(url, json=bad).status_code == 400
    assert person.client.post("/api/organizations", json={"title": "x"}).status_code == 403


def test_memberships_are_paged(server: Server, person: Person) -> None:
    others = [server.sign_up(organization_id=person.organization_id) for _ in range(4)]
    url = f"/api/organizations/{person.organization_id}/memberships"
    first = person.client.get(url, params={"page_size": 2}).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    second = person.client.get(first["next"]).json()
    assert [m["user"]["id"] for m in second["results"]] == [others[1].id, others[2].id]
    assert "page=1" in second["previous"]
    assert len(person.client.get(url, params={"page_size": -1}).json()["results"]) == 5
    for bad in ({"page": 9}, {"page": 0, "page_size": 2}, {"page": -1}):
        assert person.client.get(url, params=bad).status_code in (200, 404)
    assert person.client.get(url, params={"page": 9}).json()["detail"] == "Invalid page."


def test_membership_of_one(person: Person, colleague: Person, stranger: Person) -> None:
    url = f"/api/organizations/{person.organization_id}/memberships"
    assert person.client.get(f"{url}/{colleague.id}/").json()["annotations_count"] == 0
    assert person.client.get(f"{url}/{stranger.id}/").status_code == 404
    assert stranger.client.get(f"{url}/{stranger.id}/").status_code == 404
    page = person.client.get(url, params={"contributed_to_projects": 1}).json()
    assert page["results"][0]["created_projects"] == []


def test_remove_a_member(server: Server, person: Person, colleague: Person) -> None:
    url = f"/api/organizations/{person.organization_id}/memberships"
    browser = colleague.browser
    assert colleague.client.delete(f"{url}/{person.id}/").status_code == 403
    assert person.client.delete(f"{url}/{person.id}/").status_code == 405
    assert person.client.delete(f"{url}/{colleague.id}/").status_code == 204
    assert person.client.delete(f"{url}/{colleague.id}/").status_code == 404
    assert browser.get("/api/current-user/whoami").status_code == 401
    assert colleague.client.get("/api/current-user/whoami").status_code == 403
    assert [u["id"] for u in person.client.get("/api/users").json()] == [person.id]
    again = colleague.browser.get("/api/current-user/whoami").json()
    assert again["active_organization"] != person.organization_id


def test_removed_members_come_back_by_invitation(new_server, server: Server) -> None:  # type: ignore[no-untyped-def]
    server = new_server(LABELWRIGHT_SIGNUP="invite")
    owner = server.sign_up()
    member = server.sign_up(organization_id=owner.organization_id)
    owner.client.delete(f"/api/organizations/{owner.organization_id}/memberships/{member.id}")
    browser = server.anonymous()
    assert "invitation" in server.log_in(browser, member.email).text
    url = owner.client.get("/api/invite").json()["invite_url"]
    form = {"email": member.email, "password": "Pass-1234!", "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    assert browser.post(url, data=form).status_code == 302
    assert browser.get("/api/current-user/whoami").json()["active_organization"] == owner.organization_id
