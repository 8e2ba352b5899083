"""Templates, suggestions, sample tasks and sample files."""

from __future__ import annotations

from typing import Any

import pytest
from inprocess import Person, Server

TEXT = '<View><Text name="t" value="$x"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'


def make_project(person: Person) -> int:
    return int(person.client.post("/api/projects", json={"title": "Samples", "label_config": TEXT}).json()["id"])


def test_templates_come_in_groups(person: Person) -> None:
    answer = person.client.get("/api/templates").json()
    assert {one["group"] for one in answer["templates"]} == set(answer["groups"])
    assert {"id", "title", "type", "group", "details", "config", "data"} <= answer["templates"][0].keys()


def test_templates_are_for_members(server: Server) -> None:
    assert server.anonymous().get("/api/templates").status_code == 401


def test_suggestions_are_fitted_to_the_columns(person: Person) -> None:
    body = {"columns": ["review"], "rows": [{"review": "The room was clean."}]}
    found = person.client.post("/api/labelwright/suggest-templates", json=body).json()["templates"]
    assert found[0]["id"] == "text-classification"
    assert 'value="$review"' in found[0]["config"]


@pytest.mark.parametrize("body", [[], {"columns": "x"}, {"columns": [1]}, {"columns": ["x"], "rows": [1]}, {}])
def test_suggestions_refuse_what_is_no_table(person: Person, body: Any) -> None:
    assert person.client.post("/api/labelwright/suggest-templates", json=body).status_code == 400


def test_sample_task_fits_the_config(person: Person) -> None:
    url = f"/api/projects/{make_project(person)}/sample-task"
    assert list(person.client.post(url, json={"label_config": TEXT}).json()["sample_task"]) == ["x"]
    whole = person.client.post(url, json={"label_config": TEXT, "include_annotation_and_prediction": True}).json()["sample_task"]
    assert whole["annotations"][0]["completed_by"] == person.id
    assert whole["predictions"][0]["result"][0]["value"] == {"choices": ["A"]}


@pytest.mark.parametrize("config", ["", "<View>", None, 5])
def test_sample_task_refuses_what_is_no_config(person: Person, config: Any) -> None:
    answer = person.client.post(f"/api/projects/{make_project(person)}/sample-task", json={"label_config": config})
    assert answer.status_code == 400


def test_sample_task_is_for_members(person: Person, stranger: Person) -> None:
    url = f"/api/projects/{make_project(person)}/sample-task"
    assert stranger.client.post(url, json={"label_config": TEXT}).status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/samples/street.svg", 200, "image/svg+xml"),
        ("/static/samples/speech.wav", 200, "audio/wav"),
        ("/samples/time-series.csv?time=t&values=a,b", 200, "text/csv; charset=utf-8"),
        ("/samples/nothing.png", 404, "application/json"),
        ("/samples/..%2f..%2fsecret.key", 404, "application/json"),
    ],
)
def test_sample_files_are_open(server: Server, address: str, status: int, kind: str) -> None:
    answer = server.anonymous().get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert status == 404 or "sandbox" in answer.headers["content-security-policy"]


def test_sound_can_be_read_in_parts(server: Server) -> None:
    answer = server.anonymous(range="bytes=4-7").get("/samples/speech.wav")
    whole = server.anonymous().get("/samples/speech.wav").content
    assert (answer.status_code, answer.content) == (206, whole[4:8])
    assert answer.headers["content-range"] == f"bytes 4-7/{len(whole)}"
    assert server.anonymous(range="bytes=99999999-").get("/samples/speech.wav").status_code == 416
