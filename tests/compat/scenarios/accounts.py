"""Users, organizations, tokens, labels and other small routes."""

from __future__ import annotations

from compat.scenarios.configs import SENTIMENT, choice
from compat.talk import Talk


def users(talk: Talk) -> None:
    talk("whoami", "GET", "/api/current-user/whoami", kind="user", skip=("permissions",))
    talk("whoami anonymous", "GET", "/api/current-user/whoami", who=None)
    email = talk.email("new")
    body = {"email": email, "username": email, "first_name": "New", "last_name": "One", "phone": "1"}
    uid = talk("create", "POST", "/api/users", json=body, kind="user").pick("id")
    talk("create again", "POST", "/api/users", json=body, kind="user")
    talk("get", "GET", f"/api/users/{uid}/", kind="user")
    talk("rename", "PATCH", f"/api/users/{uid}/", json={"first_name": "Renamed"}, kind="user")
    talk("change e-mail", "PATCH", f"/api/users/{uid}/", json={"email": "other@example.com"}, kind="user")
    talk("get missing", "GET", "/api/users/99999999/")
    organization = talk("organizations", "GET", "/api/organizations/", kind="organization").pick(0, "id")
    talk("organization", "GET", f"/api/organizations/{organization}", kind="organization", skip=("users", "token"))
    member = talk("membership", "GET", f"/api/organizations/{organization}/memberships/{uid}/", kind="membership")
    talk("invite", "GET", "/api/invite", skip=("invite_url", "token"))
    talk.sign_up("usr")
    talk("member removes a user", "DELETE", f"/api/users/{uid}/", who="usr")
    talk("member removes a member", "DELETE", f"/api/organizations/{organization}/memberships/{uid}/", who="usr")
    if member.status == 200:
        talk("remove member", "DELETE", f"/api/organizations/{organization}/memberships/{uid}/")
        talk("remove member again", "DELETE", f"/api/organizations/{organization}/memberships/{uid}/")
    talk("hotkeys", "GET", "/api/current-user/hotkeys", who="usr")
    keys = {"custom_hotkeys": {"annotation:submit": {"key": "ctrl+x", "active": True}}}
    talk("set hotkeys", "PATCH", "/api/current-user/hotkeys", json=keys, who="usr")
    talk("bad hotkeys", "PATCH", "/api/current-user/hotkeys", json={"custom_hotkeys": {"nocolon": 5}}, who="usr")


def tokens(talk: Talk) -> None:
    talk.sign_up("tok")
    talk("legacy token", "GET", "/api/current-user/token", who="tok")
    reset = talk("reset it", "POST", "/api/current-user/reset-token", json={}, who="tok")
    talk("old one is dead", "GET", "/api/current-user/whoami", who="tok")
    talk.tokens["tok"] = str(reset.pick("token"))
    talk("new one works", "GET", "/api/current-user/whoami", who="tok", kind="user", skip=("permissions",))
    talk("no personal token", "GET", "/api/token/", who="tok")
    made = str(talk("create", "POST", "/api/token/", json={}, who="tok").pick("token"))
    talk("create a second", "POST", "/api/token/", json={}, who="tok")
    talk("list", "GET", "/api/token/", who="tok")
    access = str(talk("refresh", "POST", "/api/token/refresh/", json={"refresh": made}, who=None).pick("access"))
    talk(
        "access works",
        "GET",
        "/api/current-user/whoami",
        headers={"Authorization": f"Bearer {access}"},
        kind="user",
        skip=("permissions",),
    )
    talk("refresh token is no access", "GET", "/api/current-user/whoami", headers={"Authorization": f"Bearer {made}"})
    talk("nonsense bearer", "GET", "/api/current-user/whoami", headers={"Authorization": "Bearer nonsense"})
    talk("refresh nonsense", "POST", "/api/token/refresh/", json={"refresh": "nonsense"}, who=None)
    talk("refresh nothing", "POST", "/api/token/refresh/", json={}, who=None)
    rotated = str(talk("rotate", "POST", "/api/token/rotate/", json={"refresh": made}, who="tok").pick("refresh"))
    talk("old refresh is dead", "POST", "/api/token/refresh/", json={"refresh": made}, who=None)
    talk("rotated refreshes", "POST", "/api/token/refresh/", json={"refresh": rotated}, who=None)
    talk("blacklist", "POST", "/api/token/blacklist/", json={"refresh": rotated}, who="tok")
    talk("blacklist again", "POST", "/api/token/blacklist/", json={"refresh": rotated}, who="tok")
    talk("blacklisted is dead", "POST", "/api/token/refresh/", json={"refresh": rotated}, who=None)
    talk("list none", "GET", "/api/token/", who="tok")
    talk("session policy", "GET", "/api/session-policy/")
    settings = talk("jwt settings", "GET", "/api/jwt/settings")
    talk(
        "keep jwt settings",
        "POST",
        "/api/jwt/settings",
        json={"api_tokens_enabled": True, "legacy_api_tokens_enabled": settings.pick("legacy_api_tokens_enabled")},
    )


def labels(talk: Talk) -> None:
    pid = talk.project("Labels", SENTIMENT)
    title = f"Fresh {talk.run}"
    body = [{"title": title, "value": ["fresh"], "from_name": "sentiment", "project": pid}]
    lid = talk("create", "POST", "/api/labels/", json=body, kind="label", skip=("title",)).pick(0, "id")
    talk("get", "GET", f"/api/labels/{lid}/", kind="label", skip=("title",))
    talk("links", "GET", f"/api/label_links/?project={pid}", kind="label_link", skip=("title", "label"))
    (task,) = talk.tasks(pid, [{"review_text": "x"}])
    talk("answer", "POST", f"/api/tasks/{task}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    rename = {"project": pid, "old_label": ["Positive"], "new_label": ["Negative"]}
    talk("rename in answers", "POST", "/api/labels/bulk", json=rename)
    talk("delete", "DELETE", f"/api/labels/{lid}/")


def misc(talk: Talk) -> None:
    talk("health", "GET", "/health", who=None)
    talk("version edition", "GET", "/api/version", who=None, skip=VERSION_PARTS)
    talk("root anonymous", "GET", "/", who=None)
    talk("projects page anonymous", "GET", "/projects/", who=None)
    talk("unknown api path", "GET", "/api/nothing-here/")
    talk("storage types", "GET", "/api/storages/types", kind="exact")
    talk("export storage types", "GET", "/api/storages/export/types", kind="exact")
    pid = talk.project("Storages", SENTIMENT)
    talk("storages", "GET", f"/api/storages/?project={pid}")
    talk("export storages", "GET", f"/api/storages/export?project={pid}")
    talk("ml backends", "GET", f"/api/ml/?project={pid}")
    talk("webhooks", "GET", f"/api/webhooks/?project={pid}")


VERSION_PARTS = (
    "release",
    "label-studio-os-package",
    "label-studio-os-backend",
    "label-studio-frontend",
    "dm2",
    "label-studio-converter",
    "lsf",
    "backend",
)
