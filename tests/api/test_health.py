"""The server answers."""

from __future__ import annotations

from inprocess import Person, Server


def test_health_is_open_to_anybody(server: Server) -> None:
    answer = server.anonymous().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "UP"})


def test_version_names_the_contract(person: Person) -> None:
    assert person.client.get("/api/version").json()["release"] == "1.23.2"
