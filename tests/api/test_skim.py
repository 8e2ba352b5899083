"""Skim: predictions by confidence, accepted as they are, singly or all above a score, and taken back."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server

import given
from labelwright.domain.suggestion import is_withheld
from labelwright.server.actions import accept_predictions
from labelwright.server.api import skim as skim_routes
from labelwright.server.db.queries import skim as skim_queries
from labelwright.server.db.tables import projects
from recount import assert_counters_agree

Said = tuple[Any, float | None]


def predicted(person: Person, said: list[Said], version: str = "m", **settings: Any) -> int:
    """A project with a task per (result, score), predicted by the version that is shown."""
    project_id = given.project(person.client, **settings)
    items = [
        {"data": {"text": f"t{place}"}, "predictions": [{"result": result, "score": score, "model_version": version}]}
        for place, (result, score) in enumerate(said, 1)
    ]
    given.import_tasks(person.client, project_id, items)
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": version}))
    return project_id


def listed(person: Person, project_id: int, **query: Any) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    after: int | None = None
    while True:
        params = query | ({} if after is None else {"after": after})
        page = given.ok(person.client.get(f"/api/projects/{project_id}/skim", params=params))
        found += page["tasks"]
        after = page["after"]
        if after is None:
            return found


def places(person: Person, project_id: int, **query: Any) -> list[int]:
    return [task["inner_id"] for task in listed(person, project_id, **query)]


def ids_of(person: Person, project_id: int, **query: Any) -> list[int]:
    return [task["prediction"]["id"] for task in listed(person, project_id, **query)]


def accept(person: Person, project_id: int, *ids: int, **body: Any) -> dict[str, Any]:
    sent = {"predictions": list(ids), **body} if ids else body
    answer: dict[str, Any] = given.ok(person.client.post(f"/api/projects/{project_id}/skim/accept", json=sent))
    return answer


def undo(person: Person, project_id: int, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = given.ok(person.client.post(f"/api/projects/{project_id}/skim/undo", json=body))
    return answer


def annotations(person: Person, project_id: int) -> list[dict[str, Any]]:
    tasks = given.ok(person.client.get(f"/api/projects/{project_id}/tasks", params={"page_size": -1}))
    return [annotation for task in tasks for annotation in task["annotations"]]


SOME: list[Said] = [(given.GOOD, 0.5), (given.BAD, 0.9), (given.GOOD, None), (given.GOOD, 0.7), (given.BAD, 0.7)]


# ---------------------------------------------------------------- looking
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [2, 4, 5, 1, 3]),
        ({"order": "uncertain"}, [1, 4, 5, 2, 3]),
        ({"page_size": 1}, [2, 4, 5, 1, 3]),
        ({"page_size": 2, "order": "uncertain"}, [1, 4, 5, 2, 3]),
        ({"label": "Good"}, [4, 1, 3]),
        ({"label": "Good", "page_size": 1}, [4, 1, 3]),
        ({"label": "mood"}, []),
        ({"label": "%"}, []),
        ({"version": "m"}, [2, 4, 5, 1, 3]),
        ({"version": "other"}, []),
    ],
)
def test_by_confidence(person: Person, query: dict[str, Any], wanted: list[int]) -> None:
    """Most confident first, unscored last, in any page size; a label is a label and not any word of the result."""
    assert places(person, predicted(person, SOME), **query) == wanted


def test_the_shape_of_a_page(person: Person) -> None:
    project_id = predicted(person, [(given.GOOD, 0.5)])
    page = given.ok(person.client.get(f"/api/projects/{project_id}/skim"))
    [task] = page["tasks"]
    assert (page["version"], page["after"]) == ("m", None)
    assert (task["data"], task["inner_id"], task["is_cut"]) == ({"text": "t1"}, 1, False)
    assert task["prediction"] == {"id": task["prediction"]["id"], "score": 0.5, "model_version": "m", "result": given.GOOD}


def test_a_label_in_another_script(person: Person) -> None:
    config = given.CONFIG.replace('"Good"', '"好き &quot;é&quot;"')
    project_id = predicted(person, [(given.choice('好き "é"'), 0.5), (given.BAD, 0.6)], label_config=config)
    assert places(person, project_id, label='好き "é"') == [1]


def test_only_the_newest_of_a_task_and_only_of_the_version(person: Person) -> None:
    project_id = predicted(person, [(given.GOOD, 0.5), (given.GOOD, 0.6)])
    first = next(task["id"] for task in listed(person, project_id) if task["inner_id"] == 1)
    for version, result, score in (("m", given.BAD, 0.1), ("n", given.GOOD, 0.99)):
        body = {"task": first, "result": result, "score": score, "model_version": version}
        given.ok(person.client.post("/api/predictions", json=body))
    assert [(task["inner_id"], task["prediction"]["score"]) for task in listed(person, project_id)] == [(2, 0.6), (1, 0.1)]
    summary = given.ok(person.client.get(f"/api/projects/{project_id}/skim/summary"))
    assert summary["versions"] == [{"version": "n", "count": 1}, {"version": "m", "count": 3}]
    assert (summary["total"], summary["version"]) == (2, "m")


def test_only_what_the_queue_would_give_me(person: Person, colleague: Person) -> None:
    """Answered by anybody, held by a colleague, postponed or begun by me: not to be skimmed."""
    project_id = predicted(person, [(given.GOOD, 0.9 - place / 10) for place in range(6)])
    ids = [task["id"] for task in listed(person, project_id)]
    given.submit(colleague.client, ids[0])
    held = given.next_id(colleague.client, project_id)
    assert held == ids[1]
    given.ok(person.client.post(f"/api/tasks/{ids[2]}/drafts", json={"result": given.BAD}))
    given.ok(person.client.post(f"/api/tasks/{ids[3]}/drafts", json={"result": [], "was_postponed": True}))
    given.submit(person.client, ids[4])
    assert places(person, project_id) == [6]
    assert places(colleague, project_id) == [2, 3, 4, 6], "what they hold themselves is theirs"
    refusals = accept(person, project_id, *ids_of_all(person, project_id))["refused"]
    assert Counter(one["reason"] for one in refusals) == {accept_predictions.TAKEN: 3, accept_predictions.BEGUN: 2}
    assert places(person, project_id) == []


def ids_of_all(person: Person, project_id: int) -> list[int]:
    """All predictions, open or not."""
    found = given.ok(person.client.get("/api/predictions", params={"project": project_id}))
    return sorted(one["id"] for one in found)


def test_with_overlap_both_may_accept(person: Person, colleague: Person) -> None:
    project_id = predicted(person, [(given.GOOD, 0.9)], maximum_annotations=2)
    [prediction] = ids_of(person, project_id)
    for one in (person, colleague):
        assert accept(one, project_id, prediction)["added"] == 1
        assert ids_of(one, project_id) == []
    assert {annotation["completed_by"] for annotation in annotations(person, project_id)} == {person.id, colleague.id}


def test_withheld_tasks_are_not_skimmed(server: Server, person: Person) -> None:
    project_id = predicted(person, [(given.GOOD, 0.9)] * 60)
    set_columns(server, project_id, withheld_percent=30)
    tasks = given.ok(person.client.get(f"/api/projects/{project_id}/tasks", params={"page_size": -1}))
    open_ones = {task["id"] for task in tasks if not is_withheld(task["id"], person.id, 30)}
    assert 0 < len(open_ones) < 60
    assert {task["id"] for task in listed(person, project_id)} == open_ones
    assert accept(person, project_id, above=0.5)["added"] == len(open_ones)


def set_columns(server: Server, project_id: int, **values: Any) -> None:
    server.db.write(lambda conn: conn.execute(sa.update(projects).where(projects.c.id == project_id).values(values)))


def test_the_summary(person: Person) -> None:
    project_id = predicted(person, [*SOME, (given.BAD, 1.0), (given.BAD, -3)])
    summary = given.ok(person.client.get(f"/api/projects/{project_id}/skim/summary"))
    assert (summary["total"], summary["scored"], summary["is_whole"], summary["last_batch"]) == (7, 6, True, None)
    assert {place: count for place, count in enumerate(summary["by_score"]) if count} == {0: 1, 10: 1, 14: 2, 18: 1, 19: 1}
    assert summary["by_label"] == [{"label": "Bad", "count": 4}, {"label": "Good", "count": 3}]


def test_long_texts_are_cut_for_the_grid(person: Person) -> None:
    project_id = given.project(person.client)
    said = [{"result": given.GOOD, "score": 0.5, "model_version": "m"}]
    given.import_tasks(person.client, project_id, [{"data": {"text": "word " * 10_000, "n": 3}, "predictions": said}])
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": "m"}))
    [task] = listed(person, project_id)
    assert (len(task["data"]["text"]), task["data"]["n"], task["is_cut"]) == (4000, 3, True)


# ---------------------------------------------------------------- accepting
def test_what_an_accepted_prediction_becomes(server: Server, person: Person) -> None:
    project_id = given.project(person.client, label_config=given.SPANS)
    spans = [given.span(0, 2, "Person"), given.span(3, 5, "Place", region="r2")]
    said = {"result": spans, "score": 0.8, "model_version": "m"}
    given.import_tasks(person.client, project_id, [{"data": {"text": "Al in Rome"}, "predictions": [said]}])
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": "m"}))
    [task] = listed(person, project_id)
    prediction = task["prediction"]["id"]
    given.ok(person.client.get(f"/api/projects/{project_id}/next"))
    answer = accept(person, project_id, prediction, lead_time=2.5)
    [made] = answer["accepted"]
    assert (answer["added"], answer["refused"], answer["more"]) == (1, [], False)
    stored = given.ok(person.client.get(f"/api/annotations/{made['annotation']}"))
    assert [(item["id"], item["origin"], item["value"]) for item in stored["result"]] == [
        (span["id"], "prediction", span["value"]) for span in spans
    ]
    assert (stored["parent_prediction"], stored["completed_by"], stored["lead_time"]) == (prediction, person.id, 2.5)
    row = row_of(server, "annotations", made["annotation"])
    assert (row["suggestion"], row["unique_id"]) == ("shown", f"skim-{prediction}-{person.id}")
    assert '"score":0.8' in row["prediction_snapshot"]
    assert given.ok(person.client.get(f"/api/tasks/{task['id']}"))["is_labeled"] is True
    assert count_rows(server, "task_locks", project_id) == 0, "the lease is given up"
    assert given.next_id(person.client, project_id) is None
    assert_counters_agree(server.db.engine, project_id)


def row_of(server: Server, table: str, row_id: int) -> dict[str, Any]:
    query = sa.text(f"SELECT * FROM {table} WHERE id = :id")
    return dict(server.db.read(lambda conn: conn.execute(query, {"id": row_id}).mappings().one()))


def count_rows(server: Server, table: str, project_id: int) -> int:
    query = sa.text(f"SELECT COUNT(*) FROM {table} WHERE project_id = :id")
    count: int = server.db.read(lambda conn: conn.execute(query, {"id": project_id}).scalar_one())
    return count


def test_again_makes_no_second_annotation(server: Server, person: Person) -> None:
    project_id = predicted(person, SOME)
    ids = ids_of(person, project_id)[:3]
    first = accept(person, project_id, *ids, batch="once")
    again = accept(person, project_id, *ids, ids[0], batch="once")
    assert (first["added"], again["added"], again["refused"]) == (3, 0, [])
    assert sorted(one["annotation"] for one in first["accepted"]) == sorted(one["annotation"] for one in again["accepted"])
    assert len(annotations(person, project_id)) == 3
    assert undo(person, project_id, batch="once")["removed"] == 3
    assert_counters_agree(server.db.engine, project_id)


def test_two_predictions_of_a_task_make_one_annotation(person: Person) -> None:
    project_id = predicted(person, [(given.GOOD, 0.5)])
    [task] = listed(person, project_id)
    given.ok(person.client.post("/api/predictions", json={"task": task["id"], "result": given.BAD, "model_version": "m"}))
    answer = accept(person, project_id, *ids_of_all(person, project_id))
    assert (answer["added"], len(answer["refused"])) == (1, 1)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"above": 0.7}, [2, 4, 5]),
        ({"above": 0.70001}, [2]),
        ({"above": 0.7, "label": "Bad"}, [2, 5]),
        ({"above": -1}, [1, 2, 4, 5]),
        ({"above": 2}, []),
        ({"above": 0, "version": "other"}, []),
    ],
)
def test_all_above(server: Server, person: Person, body: dict[str, Any], wanted: list[int]) -> None:
    """What the preview counts is what is accepted; predictions without a score are not above anything."""
    project_id = predicted(person, SOME)
    preview = given.ok(person.client.get(f"/api/projects/{project_id}/skim/preview", params=body))
    assert (preview["count"], preview["is_whole"]) == (len(wanted), True)
    assert [task["inner_id"] for task in preview["nearest"]] == [p for p in [1, 4, 5, 2] if p in wanted], "nearest first"
    assert accept(person, project_id, **body)["added"] == len(wanted)
    assert places(person, project_id) == [place for place in [2, 4, 5, 1, 3] if place not in wanted]
    assert_counters_agree(server.db.engine, project_id)


def test_many_go_in_transactions_of_a_bounded_size(server: Server, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several transactions are one batch; what is more than a request accepts is told."""
    monkeypatch.setattr(skim_routes, "MOST_AT_ONCE", 10)
    monkeypatch.setattr(skim_routes, "MOST_ABOVE", 35)
    monkeypatch.setattr(skim_queries, "CHUNK", 7)
    project_id = predicted(person, [(given.GOOD, 0.9)] * 40)
    answer = accept(person, project_id, above=0.5, batch="all", lead_time=40)
    assert (answer["added"], len(answer["accepted"]), answer["more"]) == (35, 10, True)
    assert count_rows(server, "skim_batches", project_id) == 4
    summary = given.ok(person.client.get(f"/api/projects/{project_id}/skim/summary"))
    assert (summary["last_batch"]["batch"], summary["last_batch"]["count"], summary["total"]) == ("all", 35, 5)
    assert undo(person, project_id) == {"batch": "all", "removed": 35, "kept": 0}
    assert len(places(person, project_id)) == 40
    assert_counters_agree(server.db.engine, project_id)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "non_field_errors"),
        ({"predictions": [1], "above": 0.5}, "non_field_errors"),
        ({"predictions": list(range(1001))}, "predictions"),
        ({"predictions": ["x"]}, "predictions"),
        ({"above": "high"}, "above"),
        ({"above": 0.5, "batch": "b" * 65}, "batch"),
        ({"predictions": [1], "lead_time": "long"}, "lead_time"),
    ],
)
def test_bad_requests_are_told(person: Person, body: dict[str, Any], field: str) -> None:
    answer = person.client.post(f"/api/projects/{given.project(person.client)}/skim/accept", json=body)
    assert answer.status_code == 400
    assert field in answer.json()["validation_errors"]


@pytest.mark.parametrize("query", [{"order": "best"}, {"after": "x"}, {"page_size": "x"}])
def test_bad_queries_are_told(person: Person, query: dict[str, Any]) -> None:
    assert person.client.get(f"/api/projects/{given.project(person.client)}/skim", params=query).status_code == 400


def test_the_threshold_is_a_number(person: Person) -> None:
    path = f"/api/projects/{given.project(person.client)}/skim/preview"
    assert person.client.get(path, params={"above": "nan"}).status_code == 400
    assert given.ok(person.client.get(path))["count"] == 0


# ---------------------------------------------------------------- taking back
def test_undo_goes_back_batch_by_batch(server: Server, person: Person) -> None:
    project_id = predicted(person, SOME)
    before = places(person, project_id)
    ids = ids_of(person, project_id)
    batches = [accept(person, project_id, one)["batch"] for one in ids[:2]]
    assert [undo(person, project_id)["batch"] for _ in range(3)] == [*reversed(batches), None]
    assert (places(person, project_id), annotations(person, project_id)) == (before, [])
    assert undo(person, project_id, batch=batches[0]) == {"batch": batches[0], "removed": 0, "kept": 0}, "twice is once"
    assert accept(person, project_id, ids[0])["added"] == 1, "what was taken back can be accepted again"
    assert_counters_agree(server.db.engine, project_id)


def test_undo_keeps_what_was_touched_since(server: Server, person: Person, colleague: Person) -> None:
    """Changed, made ground truth, with a draft on it, or given to somebody else: kept. Deleted: not missed."""
    project_id = predicted(person, [(given.GOOD, 0.9)] * 6)
    made = [one["annotation"] for one in accept(person, project_id, above=0.5)["accepted"]]
    tasks = {one["id"]: one["task"] for one in annotations(person, project_id)}
    given.ok(colleague.client.patch(f"/api/annotations/{made[0]}", json={"result": given.BAD}))
    given.ok(person.client.patch(f"/api/annotations/{made[1]}", json={"ground_truth": True}))
    draft = f"/api/tasks/{tasks[made[2]]}/annotations/{made[2]}/drafts"
    given.ok(person.client.post(draft, json={"result": given.BAD}))
    given.ok(person.client.patch(f"/api/annotations/{made[3]}", json={"completed_by": colleague.id}))
    given.ok(person.client.delete(f"/api/annotations/{made[4]}"))
    answer = undo(person, project_id)
    assert (answer["removed"], answer["kept"]) == (1, 4)
    assert sorted(one["id"] for one in annotations(person, project_id)) == sorted(made[:4])
    assert_counters_agree(server.db.engine, project_id)


def test_nobody_undoes_for_somebody_else(person: Person, colleague: Person) -> None:
    project_id = predicted(person, SOME)
    batch = accept(person, project_id, above=0.8)["batch"]
    assert undo(colleague, project_id, batch=batch)["removed"] == 0
    assert undo(colleague, project_id)["batch"] is None
    assert len(annotations(person, project_id)) == 1


# ---------------------------------------------------------------- others
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/summary"), ("GET", "/preview?above=0"), ("POST", "/accept"), ("POST", "/undo")],
)
def test_strangers_find_nothing(person: Person, stranger: Person, method: str, path: str) -> None:
    project_id = predicted(person, SOME)
    body = {"above": 0} if method == "POST" else None
    assert stranger.client.request(method, f"/api/projects/{project_id}/skim{path}", json=body).status_code == 404
    assert annotations(person, project_id) == []


def test_predictions_of_another_project_are_gone(person: Person, stranger: Person) -> None:
    theirs, mine = predicted(stranger, SOME), given.project(person.client)
    foreign = ids_of(stranger, theirs)[0]
    answer = accept(person, mine, foreign, 2**40)
    assert (answer["added"], [one["reason"] for one in answer["refused"]]) == (0, [accept_predictions.GONE] * 2)
    assert annotations(stranger, theirs) == []


def test_a_newer_model_takes_its_old_suggestions_along(person: Person) -> None:
    project_id = predicted(person, [(given.GOOD, 0.9)])
    [prediction] = ids_of(person, project_id)
    given.ok(person.client.delete(f"/api/predictions/{prediction}"))
    [refused] = accept(person, project_id, prediction)["refused"]
    assert refused["reason"] == accept_predictions.GONE


# ---------------------------------------------------------------- races
def at_once(*works: Any) -> list[Any]:
    start = threading.Barrier(len(works))

    def run(work: Any) -> Any:
        start.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_people_accept_the_same(server: Server, person: Person, colleague: Person) -> None:
    """Each task gets one annotation, whoever was first, singly or in bulk."""
    project_id = predicted(person, [(given.GOOD, 0.9)] * 30)
    ids = ids_of(person, project_id)
    works = [lambda one=one: accept(one, project_id, *ids) for one in (person, colleague)]
    works += [lambda: accept(person, project_id, above=0.1), lambda: accept(colleague, project_id, above=0.1)]
    answers = at_once(*works)
    assert sum(answer["added"] for answer in answers) == 30
    assert Counter(Counter(one["task"] for one in annotations(person, project_id)).values()) == {1: 30}
    assert_counters_agree(server.db.engine, project_id)


def test_accepting_races_labeling(server: Server, person: Person, colleague: Person) -> None:
    """A colleague labels what the queue gives while I accept everything: no task is answered twice."""
    project_id = predicted(person, [(given.GOOD, 0.9)] * 20)

    def label() -> None:
        while (task_id := given.next_id(colleague.client, project_id)) is not None:
            given.submit(colleague.client, task_id)

    def skim() -> None:
        for prediction in ids_of(person, project_id):
            accept(person, project_id, prediction)

    at_once(label, skim)
    assert Counter(Counter(one["task"] for one in annotations(person, project_id)).values()) == {1: 20}
    assert_counters_agree(server.db.engine, project_id)
