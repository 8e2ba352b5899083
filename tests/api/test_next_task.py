"""The label stream: who is given which task, when, and never beyond a task's overlap."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given
from labelwright.server.db.tables import ml_backends, projects

FOR_OTHERS, FOR_ME, IGNORE = "REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED"
UNIFORM, UNCERTAINTY = "Uniform sampling", "Uncertainty sampling"


def handed(person: Person, project_id: int, **query: Any) -> tuple[int, str]:
    """(place of the task in the project from 1, its queue)."""
    task = given.ok(person.client.get(f"/api/projects/{project_id}/next", params=query))
    return task["inner_id"], task["queue"]


def places(person: Person, project_id: int) -> list[int]:
    """The places of the tasks that this person labels until none is left."""
    found = []
    while (answer := person.client.get(f"/api/projects/{project_id}/next")).status_code == 200:
        given.submit(person.client, answer.json()["id"])
        found.append(answer.json()["inner_id"])
        assert len(found) < 100
    return found


def test_the_shape_of_the_answer(person: Person) -> None:
    project_id = given.project(person.client, tasks=1)
    task = given.ok(person.client.get(f"/api/projects/{project_id}/next"))
    assert (task["queue"], task["annotations"], task["predictions"], task["drafts"]) == ("Sequence queue", [], [], [])
    assert task["data"] == {"text": "t1"}
    assert task["unique_lock_id"]
    given.submit(person.client, task["id"])
    answer = person.client.get(f"/api/projects/{project_id}/next")
    assert (answer.status_code, answer.json()["detail"]) == (404, f"There are no tasks for {person.email}")


def test_sequential_and_kept_until_answered(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client, tasks=3)
    assert handed(person, project_id) == (1, "Sequence queue")
    assert handed(person, project_id) == (1, "Task lock")
    assert handed(colleague, project_id) == (2, "Sequence queue")
    assert places(person, project_id) == [1, 3]
    assert places(colleague, project_id) == [2]


@pytest.mark.parametrize(("overlap", "each"), [(1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1])])
def test_overlap(server: Server, person: Person, overlap: int, each: list[int]) -> None:
    people = [person, *(server.sign_up(organization_id=person.organization_id) for _ in range(2))]
    project_id = given.project(person.client, tasks=1, maximum_annotations=overlap)
    assert [int(given.next_id(one.client, project_id) is not None) for one in people] == each


def test_breadth_first(person: Person, colleague: Person) -> None:
    """With overlap, what others have begun comes first."""
    project_id = given.project(person.client, maximum_annotations=2)
    third = given.import_tasks(person.client, project_id, [{"text": text} for text in "abc"])[2]
    given.submit(person.client, third)
    assert handed(colleague, project_id) == (3, "Breadth first queue")


# ---------------------------------------------------------------- skips and postponing
@pytest.mark.parametrize(
    ("skip_queue", "mine", "others"),
    [(FOR_OTHERS, [2], [1]), (FOR_ME, [2, 1], []), (IGNORE, [2], [])],
)
def test_after_a_skip(person: Person, colleague: Person, skip_queue: str, mine: list[int], others: list[int]) -> None:
    """I skip the first of two tasks: what I get from then on, and what a colleague gets afterwards."""
    project_id = given.project(person.client, tasks=2, skip_queue=skip_queue)
    task_id = given.next_id(person.client, project_id)
    assert task_id is not None
    given.skip(person.client, task_id)
    assert given.ok(person.client.get(f"/api/tasks/{task_id}"))["is_labeled"] is (skip_queue == IGNORE)
    if skip_queue == FOR_ME:
        assert handed(colleague, project_id) == (2, "Sequence queue")
        given.skip(colleague.client, given.next_id(colleague.client, project_id) or 0)
        mine = [1]
    assert places(person, project_id) == mine
    assert places(colleague, project_id) == (others if skip_queue != FOR_ME else [2])


def test_skipped_comes_back_last(person: Person) -> None:
    project_id = given.project(person.client, tasks=3, skip_queue=FOR_ME)
    given.skip(person.client, given.next_id(person.client, project_id) or 0)
    assert places(person, project_id) == [2, 3, 1]


def test_postponed_comes_back_last_to_me_and_at_once_to_others(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client, tasks=2)
    task_id = given.next_id(person.client, project_id)
    given.ok(person.client.post(f"/api/tasks/{task_id}/drafts", json={"result": [], "was_postponed": True}))
    assert handed(person, project_id)[0] == 2
    given.submit(person.client, given.next_id(person.client, project_id) or 0)
    assert handed(person, project_id) == (1, "Postponed draft queue")
    other = given.project(person.client, tasks=1)
    task_id = given.next_id(person.client, other)
    given.ok(person.client.post(f"/api/tasks/{task_id}/drafts", json={"result": [], "was_postponed": True}))
    assert given.next_id(colleague.client, other) == task_id
    assert given.next_id(person.client, other) is None, "a colleague holds it now"


# ---------------------------------------------------------------- leases
def test_leases_expire(new_server: Callable[..., Server]) -> None:
    server = new_server(LABELWRIGHT_TASK_LOCK_TTL="0")
    first = server.sign_up()
    second = server.sign_up(organization_id=first.organization_id)
    project_id = given.project(first.client, tasks=1)
    assert given.next_id(first.client, project_id) == given.next_id(second.client, project_id) is not None


def test_exclude_holds_several(person: Person, colleague: Person) -> None:
    """A client that fetches ahead names what it has; each is leased."""
    project_id = given.project(person.client, tasks=3)
    first = given.next_id(person.client, project_id)
    second = given.next_id(person.client, project_id, exclude=str(first))
    assert second not in (first, None)
    assert handed(colleague, project_id)[0] == 3
    assert given.next_id(person.client, project_id, exclude=f"{first},{second}") is None
    given.submit(person.client, first or 0)
    assert given.next_id(person.client, project_id) == second


# ---------------------------------------------------------------- which first
def test_uniform_sampling_is_random(person: Person) -> None:
    project_id = given.project(person.client, tasks=20, sampling=UNIFORM)
    assert handed(person, project_id)[1] == "Uniform random queue"
    assert sorted(order := places(person, project_id)) == list(range(1, 21))
    assert order != sorted(order)


def test_uncertainty_sampling(person: Person) -> None:
    """Lowest score of the project's model version first; tasks without one at the end."""
    scores = [("m", 0.9), ("m", 0.1), ("other", 0.0), ("m", 0.5)]
    items = [
        {"data": {"text": "a"}, "predictions": [{"result": given.GOOD, "score": score, "model_version": version}]}
        for version, score in scores
    ]
    project_id = given.project(person.client, sampling=UNCERTAINTY)
    given.import_tasks(person.client, project_id, items)
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": "m"}))
    assert handed(person, project_id)[1] == "Active learning or random queue"
    assert places(person, project_id) == [2, 4, 1, 3]


def test_uncertainty_sampling_leaves_out_what_is_taken(person: Person, colleague: Person) -> None:
    """Skipped, held by others, answered: as in every queue. Predictions without a score come with those that have none."""
    scores = [0.1, None, 0.2, 0.3, 0.4]
    project_id = given.project(person.client, sampling=UNCERTAINTY)
    items = [
        {"data": {"text": "a"}, "predictions": [{"result": given.GOOD, "score": score, "model_version": "m"}]} for score in scores
    ]
    given.import_tasks(person.client, project_id, items)
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": "m"}))
    assert handed(colleague, project_id)[0] == 1
    given.submit(person.client, given.next_id(person.client, project_id) or 0)
    assert places(person, project_id) == [4, 5, 2]


@pytest.mark.parametrize(
    ("live", "newest", "places_in_order"),
    [("v1", "v2", [1, 2, 3]), (None, "v2", [3, 2, 1]), (None, "built-in-3", [2, 3, 1])],
)
def test_uncertainty_by_the_live_version_of_a_model(
    server: Server, person: Person, live: str | None, newest: str, places_in_order: list[int]
) -> None:
    """`model_version` may be the title of a connected model: its live version counts, else its newest. So it is shown, too."""
    scores = {"v1": [0.1, 0.2, 0.3], "v2": [0.3, 0.2, 0.1], "built-in-3": [0.3, 0.1, 0.2]}
    project_id = given.project(person.client, sampling=UNCERTAINTY)
    items = [
        {
            "data": {"text": "a"},
            "predictions": [
                {"result": given.GOOD, "score": each[n], "model_version": version} for version, each in scores.items()
            ],
        }
        for n in range(3)
    ]
    given.import_tasks(person.client, project_id, items)
    connect(server, project_id, "Moods model", live, newest)
    task = given.ok(person.client.get(f"/api/projects/{project_id}/next"))
    assert [one["model_version"] for one in task["predictions"]] == [live or newest]
    assert places(person, project_id) == places_in_order


def connect(server: Server, project_id: int, title: str, live: str | None, newest: str | None) -> None:
    """A connected model of this title, and people are shown what it says."""
    moment = "2026-01-01T00:00:00.000000Z"
    row = {"project_id": project_id, "title": title, "url": "http://localhost:1", "live_version": live, "model_version": newest}

    def write(conn: sa.Connection) -> None:
        conn.execute(sa.insert(ml_backends).values(row | {"created_at": moment, "updated_at": moment}))
        conn.execute(sa.update(projects).where(projects.c.id == project_id).values(model_version=title))

    server.db.write(write)


def test_overlap_first(person: Person) -> None:
    project_id = given.project(person.client, show_overlap_first=True)
    ids = given.import_tasks(person.client, project_id, [{"text": text} for text in "abc"])
    given.ok(person.client.patch(f"/api/tasks/{ids[1]}", json={"overlap": 2}))
    assert handed(person, project_id)[0] == 2


def test_ground_truth_first(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client, maximum_annotations=2, annotator_evaluation_enabled=True)
    truth = {"result": given.GOOD, "ground_truth": True}
    given.import_tasks(person.client, project_id, [{"text": "a"}, {"data": {"text": "b"}, "annotations": [truth]}])
    assert handed(colleague, project_id) == (2, "Ground truth queue")


@pytest.mark.parametrize(
    ("settings", "version", "shown"),
    [
        ({}, "m", 1),
        ({}, "", 1),
        ({"model_version": "other"}, "m", 0),
        ({"show_collab_predictions": False}, "m", 0),
    ],
)
def test_predictions_in_the_stream(person: Person, settings: dict[str, Any], version: str, shown: int) -> None:
    """Those of the project's model version; an import sets it where it was empty."""
    project_id = given.project(person.client)
    prediction = {"result": given.GOOD, "model_version": version}
    other = {"result": given.GOOD, "model_version": "other"}
    ids = given.import_tasks(person.client, project_id, [{"data": {"text": "a"}}, {"data": {"text": "b"}}])
    given.ok(person.client.post("/api/predictions", json={"task": ids[0], **prediction}))
    given.ok(person.client.post("/api/predictions", json={"task": ids[1], **other}))
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": version, **settings}))
    task = given.ok(person.client.get(f"/api/projects/{project_id}/next"))
    assert [one["model_version"] for one in task["predictions"]] == [version] * shown


def test_my_drafts_come_along(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client, tasks=1, maximum_annotations=2)
    task_id = given.next_id(person.client, project_id)
    for one in (person, colleague):
        given.ok(one.client.post(f"/api/tasks/{task_id}/drafts", json={"result": given.BAD}))
    drafts = given.ok(person.client.get(f"/api/projects/{project_id}/next"))["drafts"]
    assert [draft["user"] for draft in drafts] == [person.email]


# ---------------------------------------------------------------- by the data manager
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, 1),
        ({"ordering": ["-tasks:id"]}, 3),
        ({"selectedItems": {"all": False, "included": [1]}}, 2),
        ({"filters": {"items": [{"filter": "filter:tasks:data.text", "operator": "equal", "type": "String", "value": "t3"}]}}, 3),
        (
            {"filters": {"items": [{"filter": "filter:tasks:data.text", "operator": "equal", "type": "String", "value": "no"}]}},
            None,
        ),
    ],
)
def test_next_task_of_a_view(person: Person, body: dict[str, Any], place: int | None) -> None:
    project_id = given.project(person.client)
    ids = given.import_tasks(person.client, project_id, [{"text": f"t{number}"} for number in (1, 2, 3)])
    if "selectedItems" in body:
        body = {"selectedItems": {"all": False, "included": [ids[1]]}}
    answer = person.client.post("/api/dm/actions", params={"project": project_id, "id": "next_task"}, json=body)
    assert answer.status_code == (404 if place is None else 200)
    if place is not None:
        assert answer.json()["inner_id"] == place
        queue = "Sequence queue" if not body else "Data manager queue"
        assert answer.json()["queue"] == queue


def test_history(person: Person) -> None:
    project_id = given.project(person.client, tasks=3)
    done = [(task := given.next_id(person.client, project_id), given.submit(person.client, task or 0)) for _ in range(2)]
    held = given.next_id(person.client, project_id)
    history = given.ok(person.client.get(f"/api/projects/{project_id}/label-stream-history"))
    assert history == [{"taskId": task, "annotationId": answer} for task, answer in [*done, (held, None)]]


# ---------------------------------------------------------------- at once
def together(people: list[Person], work: Callable[[Person], Any]) -> list[Any]:
    """What `work` gives for each person, all begun at the same moment."""
    start = threading.Barrier(len(people))

    def one(person: Person) -> Any:
        start.wait()
        return work(person)

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))


@pytest.fixture
def crowd(server: Server, person: Person) -> list[Person]:
    return [person, *(server.sign_up(organization_id=person.organization_id) for _ in range(15))]


@pytest.mark.parametrize("sampling", ["Sequential sampling", UNIFORM])
@pytest.mark.parametrize(("tasks", "overlap"), [(1, 16), (1, 3), (4, 4), (16, 1), (10, 1)])
def test_everybody_asks_at_once(crowd: list[Person], tasks: int, overlap: int, sampling: str) -> None:
    """Nobody gets a task too many, and nobody is sent away while there is work for them."""
    project_id = given.project(crowd[0].client, tasks=tasks, maximum_annotations=overlap, sampling=sampling)
    found = [task for task in together(crowd, lambda one: given.next_id(one.client, project_id)) if task is not None]
    assert len(found) == min(16, tasks * overlap)
    assert max(Counter(found).values()) <= overlap


@pytest.mark.parametrize(("overlap", "sampling"), [(1, "Sequential sampling"), (2, "Sequential sampling"), (3, UNIFORM)])
def test_forty_annotators(server: Server, person: Person, overlap: int, sampling: str) -> None:
    people = [person, *(server.sign_up(organization_id=person.organization_id) for _ in range(39))]
    project_id = given.project(person.client, tasks=50, maximum_annotations=overlap, sampling=sampling)

    def label(one: Person) -> list[int]:
        done = []
        while (task := given.next_id(one.client, project_id)) is not None:
            given.submit(one.client, task)
            done.append(task)
        return done

    done = Counter(task for tasks in together(people, label) for task in tasks)
    assert done == Counter(dict.fromkeys(done, overlap))
    project = given.ok(person.client.get(f"/api/projects/{project_id}"))
    assert project["finished_task_number"] == project["task_number"] == len(done) == 50
    assert project["total_annotations_number"] == 50 * overlap
