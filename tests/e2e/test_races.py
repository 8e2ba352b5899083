"""Races lose nothing (promise 8): people and scripts at work on the same things at once, against a real server process.

Whatever the order, no request fails with a 5xx, no write is lost, nothing is counted wrong.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from crowd import Member, at_once, database, members, refused

import given
from live import LiveServer
from recount import assert_counters_agree, orphans

PEOPLE = 16
BULK = ["delete_tasks_annotations", "delete_tasks_predictions", "predictions_to_annotations", "delete_tasks"]


@pytest.fixture(scope="module")
def crowd(live_server: LiveServer) -> list[Member]:
    return members(live_server, PEOPLE)


@pytest.fixture(scope="module")
def engine(live_server: LiveServer) -> Iterator[sa.Engine]:
    engine = database(live_server)
    yield engine
    engine.dispose()


Send = Callable[[], httpx.Response]


def send(member: Member, method: str, path: str, **sent: Any) -> Send:
    return partial(member.client.request, method, path, **sent)


def post(member: Member, path: str, **sent: Any) -> Send:
    return send(member, "POST", path, **sent)


def patch(member: Member, path: str, json: Any) -> Send:
    return send(member, "PATCH", path, json=json)


def delete(member: Member, path: str) -> Send:
    return send(member, "DELETE", path)


# ---------------------------------------------------------------- submits
def test_one_submit_sent_twenty_times(crowd: list[Member], engine: sa.Engine) -> None:
    project_id = given.project(crowd[0].client, tasks=1)
    (task,) = given.ok(crowd[0].client.get(f"/api/projects/{project_id}/tasks"))
    body = {"result": given.GOOD, "unique_id": f"once-{project_id}"}
    answers = at_once([post(crowd[number % PEOPLE], f"/api/tasks/{task['id']}/annotations", json=body) for number in range(20)])
    kept = [answer for answer in answers if answer.status_code == 201]
    assert len(kept) == 1
    assert not refused(answers, 201, 409)
    assert {answer.json().get("annotation_id", kept[0].json()["id"]) for answer in answers} == {kept[0].json()["id"]}
    assert_counters_agree(engine, project_id)


def test_everybody_answers_one_task(crowd: list[Member], engine: sa.Engine) -> None:
    project_id = given.project(crowd[0].client, tasks=1, maximum_annotations=5)
    (task,) = given.ok(crowd[0].client.get(f"/api/projects/{project_id}/tasks"))
    path = f"/api/tasks/{task['id']}/annotations"
    bodies = [{"result": given.GOOD, "was_cancelled": n % 4 == 1, "ground_truth": n % 4 == 2} for n in range(PEOPLE)]
    answers = at_once([post(one, path, json=body) for one, body in zip(crowd, bodies, strict=True)])
    assert not refused(answers, 201)
    assert given.ok(crowd[0].client.get(f"/api/tasks/{task['id']}"))["total_annotations"] == 12
    assert_counters_agree(engine, project_id)


@pytest.mark.parametrize("skip_queue", ["REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED"])
@pytest.mark.parametrize("overlap", [1, 2])
def test_overlap_is_never_exceeded(crowd: list[Member], engine: sa.Engine, overlap: int, skip_queue: str) -> None:
    """Sixteen people label until nothing is left; every third answer is a skip."""
    project_id = given.project(crowd[0].client, tasks=30, maximum_annotations=overlap, skip_queue=skip_queue)
    handed: Counter[tuple[int, int]] = Counter()

    def label(one: Member, *, skips: bool) -> None:
        for number in range(60):
            task = given.next_id(one.client, project_id)
            if task is None:
                return
            again = handed[task, one.id] > 0  # REQUEUE_FOR_ME: my skip comes back, and now I answer
            handed[task, one.id] += 1
            skipped = skips and number % 3 == 2 and not again
            given.submit(one.client, task, [] if skipped else given.GOOD, was_cancelled=skipped)

    at_once([partial(label, one, skips=True) for one in crowd])
    for one in crowd:  # who was told too early that nothing is left, because a colleague held the last one and skipped it
        label(one, skips=False)
    answers = Counter(_answered(engine, project_id, with_skips=skip_queue != "REQUEUE_FOR_OTHERS"))
    assert max(answers.values()) <= overlap
    assert_counters_agree(engine, project_id)
    if skip_queue == "REQUEUE_FOR_OTHERS":
        assert answers == dict.fromkeys(answers, overlap)
        assert len(answers) == 30


def _answered(engine: sa.Engine, project_id: int, *, with_skips: bool) -> list[int]:
    """The task of each distinct (task, annotator) pair that has answered it."""
    condition = "" if with_skips else "AND NOT is_skipped"
    query = f"SELECT DISTINCT task_id, annotator_id FROM annotations WHERE project_id = :id {condition}"
    with engine.connect() as conn:
        return [row[0] for row in conn.execute(sa.text(query), {"id": project_id})]


def test_draft_saved_and_submitted_at_once(crowd: list[Member], engine: sa.Engine) -> None:
    project_id = given.project(crowd[0].client, tasks=4)
    for task in given.ok(crowd[0].client.get(f"/api/projects/{project_id}/tasks")):
        draft = given.ok(crowd[0].client.post(f"/api/tasks/{task['id']}/drafts", json={"result": given.BAD}))["id"]
        saves = [patch(crowd[0], f"/api/drafts/{draft}", json={"result": given.GOOD}) for _ in range(6)]
        submit = post(crowd[0], f"/api/tasks/{task['id']}/annotations", json={"result": given.GOOD, "draft_id": draft})
        answers = at_once([*saves, submit])
        assert not refused(answers, 200, 201, 404)
        assert given.ok(crowd[0].client.get(f"/api/tasks/{task['id']}"))["drafts"] == []
    assert_counters_agree(engine, project_id)


# ---------------------------------------------------------------- imports
def test_imports_at_once(crowd: list[Member], engine: sa.Engine) -> None:
    project_id = given.project(crowd[0].client)
    items = [{"data": {"text": "a", f"column{n % 7}": n}, "annotations": [{"result": given.GOOD}]} for n in range(50)]
    answers = at_once([post(one, f"/api/projects/{project_id}/import", json=items) for one in crowd[:8]])
    assert not refused(answers, 201)
    assert_counters_agree(engine, project_id)
    with engine.connect() as conn:
        query = sa.text("SELECT inner_id FROM tasks WHERE project_id = :id ORDER BY inner_id")
        assert list(conn.execute(query, {"id": project_id}).scalars()) == list(range(1, 401))


def test_settings_change_while_importing(crowd: list[Member], engine: sa.Engine) -> None:
    """An import is checked against one config: all of it is there or it is refused with 400."""
    project_id = given.project(crowd[0].client)
    path = f"/api/projects/{project_id}"
    other = given.CONFIG.replace("$text", "$other")
    items = [{"text": f"t{n}"} for n in range(50)]
    configs = [patch(crowd[0], path, json={"label_config": config}) for config in (other, given.CONFIG, other)]
    overlaps = [patch(crowd[0], path, json={"maximum_annotations": n}) for n in (2, 3, 1)]
    imports = [post(one, f"{path}/import", json=items) for one in crowd[:8]]
    answers = at_once([*imports, *configs, *overlaps])
    assert not refused(answers, 200, 201, 400)
    kept = sum(answer.status_code == 201 for answer in answers)
    assert given.ok(crowd[0].client.get(path))["task_number"] == 50 * kept
    assert_counters_agree(engine, project_id)


def test_project_is_deleted_under_everybody(crowd: list[Member], engine: sa.Engine) -> None:
    project_id = given.project(crowd[0].client, tasks=40)
    path = f"/api/projects/{project_id}"
    tasks = [task["id"] for task in given.ok(crowd[0].client.get(f"{path}/tasks"))]
    items = [{"text": f"t{n}"} for n in range(300)]
    submits = [
        post(crowd[n % PEOPLE], f"/api/tasks/{task}/annotations", json={"result": given.GOOD}) for n, task in enumerate(tasks)
    ]
    imports = [post(one, f"{path}/import", json=items) for one in crowd[:4]]
    nexts = [send(one, "GET", f"{path}/next") for one in crowd[4:8]]
    answers = at_once([*submits, *imports, *nexts, delete(crowd[0], path)])
    assert not refused(answers, 200, 201, 204, 404)
    assert crowd[0].client.get(path).status_code == 404
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and _rows_of(engine, project_id):
        time.sleep(0.05)
    with engine.connect() as conn:
        assert _rows_of(engine, project_id) == 0
        assert not orphans(conn)


def _rows_of(engine: sa.Engine, project_id: int) -> int:
    with engine.connect() as conn:
        tables = [("projects", "id"), ("tasks", "project_id"), ("annotations", "project_id")]
        return sum(
            conn.execute(sa.text(f"SELECT COUNT(*) FROM {table} WHERE {column} = :id"), {"id": project_id}).scalar_one()
            for table, column in tables
        )


# ---------------------------------------------------------------- the same thing changed by many
def test_view_edited_at_once(crowd: list[Member]) -> None:
    project_id = given.project(crowd[0].client, tasks=3)
    view = given.ok(crowd[0].client.post("/api/dm/views", json={"project": project_id, "data": {"title": "0"}}))["id"]
    edits = [patch(one, f"/api/dm/views/{view}", json={"data": {"title": one.email}}) for one in crowd]
    assert not refused(at_once(edits), 200)
    title = given.ok(crowd[0].client.get(f"/api/dm/views/{view}"))["data"]["title"]
    assert title in {one.email for one in crowd}
    deletes = [delete(one, f"/api/dm/views/{view}") for one in crowd[:4]]
    answers = at_once([*edits, *deletes])
    assert not refused(answers, 200, 204, 404)
    assert crowd[0].client.get(f"/api/dm/views/{view}").status_code == 404


def test_tasks_get_new_columns_at_once(crowd: list[Member], engine: sa.Engine) -> None:
    """The first task with a field makes its column; here sixteen are first."""
    project_id = given.project(crowd[0].client, tasks=PEOPLE)
    tasks = [task["id"] for task in given.ok(crowd[0].client.get(f"/api/projects/{project_id}/tasks"))]
    for data in ({"text": "a", "new": 1, "newer": 2}, {"text": "b", "newer": 2, "newest": 3}):
        changes = [patch(one, f"/api/tasks/{task}", json={"data": data}) for one, task in zip(crowd, tasks, strict=True)]
        assert not refused(at_once(changes), 200)
        assert_counters_agree(engine, project_id)


def test_annotation_changed_and_deleted_at_once(crowd: list[Member], engine: sa.Engine) -> None:
    project_id = given.project(crowd[0].client, tasks=3)
    for task in given.ok(crowd[0].client.get(f"/api/projects/{project_id}/tasks")):
        answer = given.submit(crowd[0].client, task["id"])
        bodies = [{"result": given.BAD}, {"was_cancelled": True}, {"ground_truth": True}, {"lead_time": 5}]
        changes = [patch(crowd[n], f"/api/annotations/{answer}", json=bodies[n % 4]) for n in range(12)]
        last = post(crowd[12], f"/api/annotations/{answer}/convert-to-draft")
        deletes = [delete(one, f"/api/annotations/{answer}") for one in crowd[13:15]]
        answers = at_once([*changes, last, *deletes, delete(crowd[15], f"/api/tasks/{task['id']}")])
        assert not refused(answers, 200, 201, 204, 404)
    assert_counters_agree(engine, project_id)


# ---------------------------------------------------------------- everything
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_storm(crowd: list[Member], engine: sa.Engine, seed: int) -> None:
    """Everybody does anything to one project."""
    project_id = given.project(crowd[0].client, tasks=12, maximum_annotations=2)
    answers = at_once([partial(_storm, one, project_id, random.Random(f"{seed}{one.id}")) for one in crowd[:12]])
    assert not refused([answer for some in answers for answer in some], 200, 201, 204, 400, 404, 409)
    assert_counters_agree(engine, project_id)


def _storm(one: Member, project_id: int, luck: random.Random) -> list[httpx.Response]:
    return [answer for _ in range(20) for answer in _do_anything(one, project_id, luck)]


def _do_anything(one: Member, project_id: int, luck: random.Random) -> tuple[httpx.Response, httpx.Response]:
    """Look at the tasks, then act on one of them, some of them, or the project."""
    request = one.client.request
    listed = request("GET", "/api/tasks", params={"project": project_id, "fields": "all"})
    tasks = listed.json()["tasks"] if listed.status_code == 200 else []
    answers = [answer for task in tasks for answer in task["annotations"]]
    project, view = f"/api/projects/{project_id}", {"project": project_id, "id": luck.choice(BULK)}
    task = f"/api/tasks/{luck.choice(tasks)['id'] if tasks else 0}"
    annotation = f"/api/annotations/{luck.choice(answers)['id'] if answers else 0}"
    result = luck.choice([given.GOOD, given.BAD])
    answer = {"result": result, "ground_truth": luck.random() < 0.2, "was_cancelled": luck.random() < 0.2}
    item = {"data": {"text": "s", luck.choice("ab"): 1}, "annotations": [{"result": result}], "predictions": [{"result": result}]}
    some = {"selectedItems": {"all": False, "included": luck.sample([t["id"] for t in tasks], min(3, len(tasks)))}}
    settings = [{"maximum_annotations": luck.randint(1, 3)}, {"overlap_cohort_percentage": 50}, {"skip_queue": "IGNORE_SKIPPED"}]
    changed = {"data": {"text": "c", luck.choice("abc"): 2}, "overlap": 2}
    acts: list[tuple[int, str, str, dict[str, Any]]] = [
        (6, "POST", f"{task}/annotations", {"json": answer}),
        (4, "GET", f"{project}/next", {}),
        (3, "PATCH", annotation, {"json": answer}),
        (2, "DELETE", annotation, {}),
        (2, "POST", f"{task}/drafts", {"json": {"result": result, "was_postponed": True}}),
        (2, "POST", f"{project}/import", {"json": [item] * luck.randint(1, 5)}),
        (2, "POST", f"{project}/import/predictions", {"json": [{"task": t["id"], "result": result} for t in tasks[:5]]}),
        (2, "POST", "/api/dm/actions", {"params": view, "json": some}),
        (2, "PATCH", task, {"json": changed}),
        (1, "PATCH", project, {"json": luck.choice(settings)}),
        (1, "DELETE", f"{project}/model-versions", {"json": {"model_version": "undefined"}}),
        (1, "DELETE", task, {}),
    ]
    _, method, path, sent = luck.choices(acts, [act[0] for act in acts])[0]
    return listed, request(method, path, **sent)
