"""Routes of the contract that are shut: agreement, feature flags, local files without a storage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from inprocess import Person, Server


def test_agreement_is_not_enabled(person: Person, stranger: Person) -> None:
    project = person.client.post("/api/projects", json={"title": "Agreement"}).json()["id"]
    task = person.client.post(f"/api/projects/{project}/tasks", json={"data": {"x": "a"}}).json()["id"]
    refused = person.client.get(f"/api/tasks/{task}/agreement/")
    assert (refused.status_code, refused.json()["detail"]) == (403, "Feature not enabled")
    assert stranger.client.get(f"/api/tasks/{task}/agreement").status_code == 404


def test_there_are_no_feature_flags(person: Person, server: Server) -> None:
    assert list(person.client.get("/feature-flags/").json()) == ["$system"]
    assert server.anonymous().get("/feature-flags").status_code == 401


@pytest.mark.parametrize(
    ("env", "query", "status"),
    [
        ({}, "?d=etc/passwd", 403),
        ({"LOCAL_FILES_SERVING_ENABLED": "true", "LOCAL_FILES_DOCUMENT_ROOT": "/"}, "", 403),
        ({"LOCAL_FILES_SERVING_ENABLED": "true", "LOCAL_FILES_DOCUMENT_ROOT": "/"}, "?d=etc/passwd", 404),
        ({"LOCAL_FILES_SERVING_ENABLED": "true", "LOCAL_FILES_DOCUMENT_ROOT": "/"}, "?d=../../etc/passwd", 404),
    ],
)
def test_local_files_need_a_storage(new_server: Callable[..., Server], env: dict[str, str], query: str, status: int) -> None:
    server = new_server(**env)
    assert server.sign_up().client.get(f"/data/local-files/{query}").status_code == status
    assert server.anonymous().get(f"/data/local-files/{query}").status_code == 401
