"""The caller's organization, its members and its invitation link."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from labelwright.server.access import Record, organization_for_its_owner, organization_for_members, signed_in
from labelwright.server.actions.create_user import clean_email
from labelwright.server.actions.remove_member import remove_member
from labelwright.server.api import fields as f
from labelwright.server.api import wire_people as wire
from labelwright.server.api.errors import PlainError
from labelwright.server.api.routing import Answer, Call, Route, json_answer, nothing, route
from labelwright.server.api.schemas.people import Invitation, Organization, OrganizationChange
from labelwright.server.auth.credentials import User
from labelwright.server.db.queries import people
from labelwright.server.errors import Forbidden, Invalid, NotFound

PAGE_SIZE = 20
LONGEST_TITLE = 1000


# ---------------------------------------------------------------- organizations
@route("GET", "/api/organizations", allow=signed_in)
def list_organizations(call: Call, user: User) -> Answer:
    """The organization the caller works in, as a list."""
    row = people.organization_row(call.conn, user.organization_id)
    return json_answer([wire.organization_short(row)])


@route("POST", "/api/organizations", allow=signed_in)
def create_organization(call: Call, user: User) -> Answer:
    """Refused: organizations come with sign-up."""
    raise Forbidden("Creating organizations over the API is disabled on this instance")


@route("GET", "/api/organizations/{organization_id:int}", allow=organization_for_members, answer=Organization)
def show_organization(call: Call, row: Record) -> Answer:
    """The organization with its invitation token and members."""
    return json_answer(_wire(call, row))


@route(
    "PATCH",
    "/api/organizations/{organization_id:int}",
    allow=organization_for_members,
    body=OrganizationChange,
    answer=Organization,
)
def change_organization(call: Call, row: Record) -> Answer:
    """Change title and contact."""
    fields = call.body.fields
    values: dict[str, Any] = {}
    if "title" in fields:
        values["title"] = str(f.text(fields, "title", longest=LONGEST_TITLE)).strip()
        if not values["title"]:
            raise Invalid.field("title", "This field may not be blank.")
    if "contact_info" in fields:
        values["contact_info"] = _contact(f.text(fields, "contact_info", null=True))
    if values:
        people.update_organization(call.conn, row.id, **values)
    return json_answer(_wire(call, people.organization_row(call.conn, row.id)))


def _contact(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return clean_email(text)
    except Invalid:
        raise Invalid.field("contact_info", "Enter a valid email address.") from None


def _wire(call: Call, row: Any) -> dict[str, Any]:
    return wire.organization(row, [member.id for member in people.members(call.conn, row.id)])


# ---------------------------------------------------------------- members
@route(
    "GET",
    "/api/organizations/{organization_id:int}/memberships",
    allow=organization_for_members,
    query={"page": "from 1", "page_size": "-1 = all", "contributed_to_projects": "1 = with the projects of each member"},
)
def list_memberships(call: Call, row: Record) -> Answer:
    """A page of members."""
    total = people.count_members(call.conn, row.id)
    size = call.integer("page_size", PAGE_SIZE) or PAGE_SIZE
    size = max(total, 1) if size < 0 else min(size, 1000)
    page = call.integer("page", 1) or 1
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Invalid page.")
    found = people.members(call.conn, row.id, limit=size, offset=(page - 1) * size)
    organization = people.organization_with_owner(call.conn, row.id)
    projects = _projects_of(call, row.id, [member.id for member in found]) if call.flag("contributed_to_projects") else None
    return json_answer(
        {
            "count": total,
            "next": _page_url(call, page + 1) if page * size < total else None,
            "previous": _page_url(call, page - 1) if page > 1 else None,
            "results": [_membership(member, organization, projects) for member in found],
        }
    )


def _membership(member: Any, organization: Any, projects: dict[int, dict[str, Any]] | None) -> dict[str, Any]:
    lists = {"created_projects": None, "contributed_to_projects": None} if projects is None else projects[member.id]
    return {
        "id": member.membership_id,
        "organization": organization.id,
        "user": {**wire.user(member, organization), **lists},
        "role": "owner" if organization.owner_id == member.id else member.role,
        **lists,
    }


def _projects_of(call: Call, organization_id: int, user_ids: list[int]) -> dict[int, dict[str, Any]]:
    """The projects each of these users made or annotated in."""
    lists: dict[int, dict[str, Any]] = defaultdict(lambda: {"created_projects": [], "contributed_to_projects": []})
    for row in people.projects_created(call.conn, organization_id, user_ids):
        lists[row.user_id]["created_projects"].append({"id": row.id, "title": row.title})
    for row in people.projects_contributed_to(call.conn, organization_id, user_ids):
        lists[row.user_id]["contributed_to_projects"].append({"id": row.id, "title": row.title})
    return lists


def _page_url(call: Call, page: int) -> str:
    query = "&".join(f"{name}={value}" for name, values in call.query.items() if name != "page" for value in values)
    return f"{call.base_url}{call.path}?{query}{'&' if query else ''}page={page}"


@route("GET", "/api/organizations/{organization_id:int}/memberships/{user_id:int}", allow=organization_for_members)
def show_membership(call: Call, row: Record) -> Answer:
    """One member, with how much they annotated."""
    member = people.member(call.conn, row.id, call.params["user_id"])
    if member is None:
        raise NotFound("OrganizationMember")
    contributed = people.projects_contributed_to(call.conn, row.id, [member.id])
    return json_answer(
        {
            "user": member.id,
            "organization": row.id,
            "contributed_projects_count": len(contributed),
            "annotations_count": sum(project.annotation_count for project in contributed),
            "created_at": member.joined_at,
            "created_projects": None,
            "contributed_to_projects": None,
        }
    )


@route("DELETE", "/api/organizations/{organization_id:int}/memberships/{user_id:int}", allow=organization_for_its_owner)
def end_membership(call: Call, row: Record) -> Answer:
    """Take somebody out of the organization; their work stays. Owner only."""
    if call.params["user_id"] == call.user.id:
        raise PlainError(405, {"detail": "User cannot soft delete self"})
    remove_member(call.conn, row.id, call.params["user_id"])
    return nothing()


# ---------------------------------------------------------------- invitation
@route("GET", "/api/invite", allow=signed_in, answer=Invitation)
def show_invitation(call: Call, user: User) -> Answer:
    """The link by which others join the organization."""
    row = people.organization_row(call.conn, user.organization_id)
    assert row is not None
    return json_answer(wire.invitation(row.invite_token))


@route("POST", "/api/invite/reset-token", allow=signed_in, answer=Invitation)
def reset_invitation(call: Call, user: User) -> Answer:
    """A new invitation link; the old one is dead."""
    token = people.new_invite_token()
    people.update_organization(call.conn, user.organization_id, invite_token=token)
    return json_answer(wire.invitation(token), 201)


routes: list[Route[Any]] = [
    list_organizations,
    create_organization,
    show_organization,
    change_organization,
    list_memberships,
    show_membership,
    end_membership,
    show_invitation,
    reset_invitation,
]
