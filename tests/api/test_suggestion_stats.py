"""Which answers had a suggestion, and what suggestions are worth."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sqlalchemy as sa
from inprocess import Person, Server
from test_sql_counts import counted

import given
from labelwright.domain.suggestion import is_withheld
from labelwright.quality.median_saving import median_saving
from labelwright.server.db.tables import annotation_table, projects

PERCENT = 40


def predicted(person: Person, count: int = 1, version: str = "m", **settings: Any) -> tuple[int, dict[int, int]]:
    """A project of tasks that are all suggested Good by the shown version; task → prediction."""
    project_id = given.project(person.client, **settings)
    said = [{"result": given.GOOD, "score": 0.9, "model_version": version}]
    ids = given.import_tasks(person.client, project_id, [{"data": {"text": f"t{n}"}, "predictions": said} for n in range(count)])
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"model_version": version}))
    found = given.ok(person.client.get("/api/predictions", params={"project": project_id}))
    by_task = {one["task"]: one["id"] for one in found}
    return project_id, {task_id: by_task[task_id] for task_id in ids}


def withhold(server: Server, project_id: int, percent: int = PERCENT) -> None:
    change = sa.update(projects).where(projects.c.id == project_id).values(withheld_percent=percent)
    server.db.write(lambda conn: conn.execute(change))


def suggestion_of(server: Server, annotation_id: int) -> str | None:
    query = sa.select(annotation_table.c.suggestion).where(annotation_table.c.id == annotation_id)
    found: str | None = server.db.read(lambda conn: conn.execute(query).scalar_one())
    return found


def stats(person: Person, project_id: int, **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = given.ok(person.client.get(f"/api/projects/{project_id}/suggestion-stats", params=query))
    return answer


# ---------------------------------------------------------------- what is remembered
@pytest.mark.parametrize(
    ("settings", "names_parent", "wanted"),
    [
        ({}, False, "shown"),
        ({}, True, "shown"),
        ({"show_collab_predictions": False}, False, None),
        ({"show_collab_predictions": False}, True, "shown"),
        ({"model_version": None}, False, None),
    ],
)
def test_shown(server: Server, person: Person, settings: dict[str, Any], names_parent: bool, wanted: str | None) -> None:
    project_id, tasks = predicted(person)
    given.ok(person.client.patch(f"/api/projects/{project_id}", json=settings))
    [(task, prediction)] = tasks.items()
    parent = {"parent_prediction": prediction} if names_parent else {}
    assert suggestion_of(server, given.submit(person.client, task, **parent)) == wanted


def test_a_prediction_of_another_version_is_not_shown(server: Server, person: Person) -> None:
    project_id, _ = predicted(person)
    [task] = given.import_tasks(person.client, project_id, [{"text": "a"}])
    body = {"task": task, "result": given.GOOD, "model_version": "other"}
    given.ok(person.client.post("/api/predictions", json=body))
    assert suggestion_of(server, given.submit(person.client, task)) is None


def test_imported_answers_and_bulk_ones_had_none(server: Server, person: Person) -> None:
    project_id, _ = predicted(person, 2)
    said = {"annotations": [{"result": given.GOOD}], "predictions": [{"result": given.GOOD, "model_version": "m"}]}
    given.import_tasks(person.client, project_id, [{"data": {"text": "a"}, **said}])
    given.ok(person.client.post("/api/dm/actions", params={"project": project_id, "id": "predictions_to_annotations"}, json={}))
    query = sa.select(annotation_table.c.suggestion).where(annotation_table.c.project_id == project_id)
    assert set(server.db.read(lambda conn: conn.execute(query).scalars().all())) == {None}


def test_withheld_is_neither_given_nor_called_shown(server: Server, person: Person, colleague: Person) -> None:
    """By lot of task and person: no prediction comes with `next`, and the answer remembers it."""
    project_id, tasks = predicted(person, 25, maximum_annotations=2)
    withhold(server, project_id)
    for one in (person, colleague):
        told = {}
        while (answer := one.client.get(f"/api/projects/{project_id}/next")).status_code == 200:
            task = answer.json()
            told[task["id"]] = "withheld" if task.get("suggestion") == "withheld" else "shown"
            assert len(task["predictions"]) == (told[task["id"]] == "shown")
            assert suggestion_of(server, given.submit(one.client, task["id"])) == told[task["id"]]
        assert told == {task: "withheld" if is_withheld(task, one.id, PERCENT) else "shown" for task in tasks}
        assert set(told.values()) == {"withheld", "shown"}


def test_an_open_task_in_the_browser_withholds_too(server: Server, person: Person) -> None:
    """Scripts see everything, and so does everybody who has answered."""
    project_id, tasks = predicted(person, 25)
    withhold(server, project_id)
    withheld = next(task for task in tasks if is_withheld(task, person.id, PERCENT))
    shown = next(task for task in tasks if not is_withheld(task, person.id, PERCENT))
    browser = person.browser
    opened = given.ok(browser.get(f"/api/tasks/{withheld}"))
    assert (opened["predictions"], opened["suggestion"]) == ([], "withheld")
    assert len(given.ok(browser.get(f"/api/tasks/{shown}"))["predictions"]) == 1
    assert len(given.ok(person.client.get(f"/api/tasks/{withheld}"))["predictions"]) == 1
    given.submit(person.client, withheld)
    assert len(given.ok(browser.get(f"/api/tasks/{withheld}"))["predictions"]) == 1


def test_remembering_costs_no_statement(server: Server, person: Person) -> None:
    _, with_one = predicted(person)
    without = given.import_tasks(person.client, given.project(person.client), [{"text": "a"}])
    counts = []
    for task in (next(iter(with_one)), without[0]):
        with counted(server) as seen:
            given.submit(person.client, task)
        counts.append(len(seen))
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- what they are worth
def test_acceptance_and_edits(server: Server, person: Person, colleague: Person) -> None:
    project_id, tasks = predicted(person, 4)
    (first, second, third, fourth), ids = list(tasks), list(tasks.values())
    given.submit(person.client, first, given.GOOD, parent_prediction=ids[0], lead_time=2)
    given.submit(person.client, second, given.BAD, parent_prediction=ids[1], lead_time=4)
    given.submit(colleague.client, third, given.BAD, lead_time=9)
    given.skip(colleague.client, fourth)
    found = stats(person, project_id, by="person")
    assert {name: found[name] for name in ("answers", "shown", "accepted", "compared", "mean_edits", "withheld")} == {
        "answers": 3,
        "shown": 3,
        "accepted": 1,
        "compared": 2,
        "mean_edits": 0.5,
        "withheld": 0,
    }
    assert found["acceptance_rate"] == pytest.approx(1 / 3)
    assert found["acceptance_interval"]["low"] < 1 / 3 < found["acceptance_interval"]["high"]
    assert [(one["version"], one["shown"], one["accepted"]) for one in found["by_version"]] == [("m", 2, 1)]
    assert sorted((one["user"], one["shown"], one["accepted"]) for one in found["by_person"]) == sorted(
        [(person.id, 2, 1), (colleague.id, 1, 0)]
    )
    assert stats(person, project_id)["by_person"] == []


def test_the_saving_is_that_of_withheld_tasks(server: Server, person: Person) -> None:
    """Tasks without a suggestion for another reason do not count where suggestions are withheld by lot."""
    project_id, tasks = predicted(person, 40)
    withhold(server, project_id)
    for task in given.import_tasks(person.client, project_id, [{"text": "x"}] * 3):
        given.submit(person.client, task, lead_time=100)
    assert stats(person, project_id)["times"]["without_median_s"] == 100
    for place, task in enumerate(tasks):
        slow = is_withheld(task, person.id, PERCENT)
        given.submit(person.client, task, lead_time=(10 if slow else 4) + place % 3 / 10)
    found = stats(person, project_id)
    times = found["times"]
    lot = sum(is_withheld(task, person.id, PERCENT) for task in tasks)
    assert (found["withheld"], found["withheld_percent"], times["is_randomized"]) == (lot, PERCENT, True)
    assert (times["with_n"], times["without_n"]) == (40 - lot, lot)
    assert (times["with_median_s"], times["without_median_s"]) == (pytest.approx(4.1, abs=0.1), pytest.approx(10.1, abs=0.1))
    assert times["saving_interval"]["low"] <= times["saving"] <= times["saving_interval"]["high"]
    assert times["saving"] == pytest.approx(0.6, abs=0.02)


def test_nothing_to_say(person: Person) -> None:
    found = stats(person, given.project(person.client))
    assert (found["shown"], found["acceptance_rate"], found["mean_edits"], found["by_version"]) == (0, None, None, [])
    assert found["times"] == {
        "with_median_s": None,
        "with_n": 0,
        "without_median_s": None,
        "without_n": 0,
        "is_randomized": False,
        "saving": None,
        "saving_interval": None,
    }


def test_strangers_find_nothing(person: Person, stranger: Person) -> None:
    project_id = given.project(person.client)
    assert stranger.client.get(f"/api/projects/{project_id}/suggestion-stats").status_code == 404
    assert person.client.get(f"/api/projects/{project_id}/suggestion-stats", params={"by": "age"}).status_code == 400


# ---------------------------------------------------------------- the interval
def test_few_cases_have_no_interval() -> None:
    assert median_saving([], [1.0]) is None
    few = median_saving([1.0], [2.0])
    assert few is not None
    assert (few.share, few.interval) == (0.5, None)


@pytest.mark.parametrize("n", [12, 60, 2000])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(n: int) -> None:
    """Log-normal times whose medians are 3 s and 6 s: of 100 draws at least 88 intervals hold the saving of 0.5."""
    dice = random.Random(n)
    hits = 0
    for _ in range(100 if n < 1000 else 25):
        with_s, without_s = ([scale * dice.lognormvariate(0, 0.8) for _ in range(n)] for scale in (3, 6))
        saving = median_saving(with_s, without_s)
        assert saving is not None
        assert saving.interval is not None
        hits += saving.interval.low <= 0.5 <= saving.interval.high
    assert hits >= (88 if n < 1000 else 21)
