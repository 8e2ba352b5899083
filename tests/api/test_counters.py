"""Counters always equal the rows (promise 2), whatever is done in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from inprocess import Person, Server

import given
from labelwright.server.db.queries.counters import recount_project
from recount import assert_counters_agree

EXAMPLES, STEPS = 25, 25

results = st.sampled_from([given.GOOD, given.BAD, given.choice("Good", "Bad"), [], None])
data = st.fixed_dictionaries({"text": st.sampled_from("abc")}, optional={"page": st.integers(0, 1), "a b.c": st.just({"x": 1})})
people = st.integers(0, 2)
places = st.integers(0, 30)
flags = st.booleans()
versions = st.sampled_from(["m1", "m2"])
predictions = st.fixed_dictionaries(
    {"result": st.just(given.GOOD)}, optional={"score": st.floats(0, 1), "model_version": versions}
)


@st.composite
def imported(draw: st.DrawFn) -> dict[str, Any]:
    """An item of an import; `completed_by` is a number of `people`."""
    answers = st.fixed_dictionaries(
        {"result": results.filter(lambda result: result is not None), "completed_by": people},
        optional={"ground_truth": flags, "was_cancelled": flags},
    )
    return {
        "data": draw(data),
        "annotations": draw(st.lists(answers, max_size=2)),
        "predictions": draw(st.lists(predictions, max_size=2)),
    }


class Work(RuleBasedStateMachine):
    """Three people work on one project. Objects are chosen by place among those there are; the last one may be gone (404)."""

    server: Server
    team: list[Person]

    @initialize(maximum=st.integers(1, 2), skip_queue=st.sampled_from(["REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED"]))
    def begin(self, maximum: int, skip_queue: str) -> None:
        self.tasks: list[int] = []
        self.annotations: list[int] = []
        self.uploads: list[int] = []
        self.project = given.project(self.team[0].client, maximum_annotations=maximum, skip_queue=skip_queue)
        self.url = f"/api/projects/{self.project}"

    # ------------------------------------------------------------ tasks
    @rule(items=st.lists(imported(), min_size=1, max_size=3))
    def import_tasks(self, items: list[dict[str, Any]]) -> None:
        for item in items:
            for answer in item["annotations"]:
                answer["completed_by"] = self.team[answer["completed_by"]].id
        self.tasks += given.import_tasks(self.team[0].client, self.project, items)
        for task in self.tasks[-len(items) :]:
            self.annotations += [a["id"] for a in given.ok(self.team[0].client.get(f"/api/tasks/{task}"))["annotations"]]

    @rule(item=imported())
    def post_task(self, item: dict[str, Any]) -> None:
        body = {"project": self.project, "data": item["data"], "predictions": item["predictions"]}
        self.tasks.append(given.ok(self.team[0].client.post("/api/tasks", json=body))["id"])

    @rule(rows=st.lists(st.sampled_from("abc"), min_size=1, max_size=3))
    def import_file(self, rows: list[str]) -> None:
        files = given.upload("t.csv", "text,column\n" + "".join(f"{row},1\n" for row in rows))
        self.uploads += given.ok(self.team[0].client.post(f"{self.url}/import", files=files))["file_upload_ids"]

    @rule(place=places)
    def reimport_file(self, place: int) -> None:
        if self.uploads:
            ids = [self.uploads[place % len(self.uploads)]]
            given.ok(self.team[0].client.post(f"{self.url}/reimport", json={"file_upload_ids": ids}))

    @rule(place=places, new=data, overlap=st.none() | st.integers(1, 3))
    def change_task(self, place: int, new: dict[str, Any], overlap: int | None) -> None:
        self._send("PATCH", self._task(place), json={"data": new} | ({"overlap": overlap} if overlap else {}))

    @rule(place=places)
    def delete_task(self, place: int) -> None:
        self._send("DELETE", self._task(place))

    # ------------------------------------------------------------ answers
    @rule(place=places, who=people, result=results, skipped=flags, truth=flags, unique=st.none() | st.integers(0, 3))
    def annotate(self, place: int, who: int, result: Any, skipped: bool, truth: bool, unique: int | None) -> None:
        body = {"was_cancelled": skipped, "ground_truth": truth} | ({} if result is None else {"result": result})
        if unique is not None:
            body["unique_id"] = f"{self.project}-{unique}"
        stored = self._send("POST", f"{self._task(place)}/annotations", who=who, expect={201, 404, 409}, json=body)
        if stored:
            self.annotations.append(stored["id"])

    @rule(place=places, who=people)
    def annotate_next(self, place: int, who: int) -> None:
        task = given.next_id(self.team[who].client, self.project)
        if task is not None:
            self.annotations.append(given.submit(self.team[who].client, task))

    @rule(
        place=places,
        who=people,
        change=st.fixed_dictionaries(
            {}, optional={"result": results.filter(bool), "was_cancelled": flags, "ground_truth": flags}
        ),
        signs=st.none() | people,
    )
    def change_annotation(self, place: int, who: int, change: dict[str, Any], signs: int | None) -> None:
        body = change | ({} if signs is None else {"completed_by": self.team[signs].id})
        self._send("PATCH", self._annotation(place), who=who, json=body)

    @rule(place=places, who=people)
    def delete_annotation(self, place: int, who: int) -> None:
        self._send("DELETE", self._annotation(place), who=who)

    @rule(place=places)
    def take_annotation_back(self, place: int) -> None:
        self._send("POST", f"{self._annotation(place)}/convert-to-draft")

    @rule(place=places, who=people, postponed=flags)
    def draft(self, place: int, who: int, postponed: bool) -> None:
        body = {"result": given.GOOD, "was_postponed": postponed}
        self._send("POST", f"{self._task(place)}/drafts", who=who, json=body)

    # ------------------------------------------------------------ predictions
    @rule(place=places, prediction=predictions, delete=flags)
    def predict(self, place: int, prediction: dict[str, Any], delete: bool) -> None:
        if self.tasks:
            body = {"task": self.tasks[place % len(self.tasks)], **prediction}
            stored = self._send("POST", "/api/predictions", expect={201, 400}, json=body)
            if delete and stored and "task" in stored:
                self._send("DELETE", f"/api/predictions/{stored['id']}")

    @rule(chosen=st.lists(places, min_size=1, max_size=3), prediction=predictions)
    def import_predictions(self, chosen: list[int], prediction: dict[str, Any]) -> None:
        if self.tasks:
            body = [{"task": self.tasks[place % len(self.tasks)], **prediction} for place in chosen]
            self._send("POST", f"{self.url}/import/predictions", expect={201, 400}, json=body)

    @rule(version=versions)
    def delete_version(self, version: str) -> None:
        self._send("DELETE", f"{self.url}/model-versions", json={"model_version": version})

    # ------------------------------------------------------------ settings and bulk
    @rule(
        change=st.fixed_dictionaries(
            {},
            optional={
                "maximum_annotations": st.integers(1, 3),
                "overlap_cohort_percentage": st.sampled_from([0, 34, 50, 100]),
                "skip_queue": st.sampled_from(["REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED"]),
                "show_overlap_first": flags,
                "sampling": st.sampled_from(["Sequential sampling", "Uniform sampling", "Uncertainty sampling"]),
            },
        )
    )
    def change_settings(self, change: dict[str, Any]) -> None:
        self._send("PATCH", self.url, json=change)

    @rule(
        name=st.sampled_from(
            [
                "delete_tasks",
                "delete_tasks_annotations",
                "delete_tasks_predictions",
                "predictions_to_annotations",
                "remove_duplicates",
            ]
        ),
        chosen=st.none() | st.lists(places, max_size=3),
        who=st.none() | people,
    )
    def act_in_bulk(self, name: str, chosen: list[int] | None, who: int | None) -> None:
        body: dict[str, Any] = {}
        if chosen is not None:
            body["selectedItems"] = {"all": False, "included": [self.tasks[p % len(self.tasks)] for p in chosen if self.tasks]}
        if who is not None and name == "delete_tasks_annotations":
            body["annotator"] = self.team[who].id
        params = {"project": self.project, "id": name}
        self._send(
            "POST", "/api/dm/actions", expect={200, 400} if name == "remove_duplicates" else {200}, params=params, json=body
        )

    # ------------------------------------------------------------ what must hold
    @invariant()
    def counters_agree(self) -> None:
        if hasattr(self, "project"):
            assert_counters_agree(self.server.db.engine, self.project)

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.server.db.write(lambda conn: recount_project(conn, self.project))
            assert_counters_agree(self.server.db.engine, self.project)

    # ------------------------------------------------------------ parts
    def _task(self, place: int) -> str:
        return f"/api/tasks/{self.tasks[place % len(self.tasks)] if self.tasks else 0}"

    def _annotation(self, place: int) -> str:
        return f"/api/annotations/{self.annotations[place % len(self.annotations)] if self.annotations else 0}"

    def _send(self, method: str, path: str, *, who: int = 0, expect: set[int] | None = None, **sent: Any) -> Any:
        answer = self.team[who].client.request(method, path, **sent)
        assert answer.status_code in (expect or {200, 201, 204, 404}), f"{method} {path} {sent} → {answer.text}"
        return answer.json() if answer.is_success and answer.content else None


@pytest.fixture
def team(server: Server) -> list[Person]:
    first = server.sign_up()
    return [first, *(server.sign_up(organization_id=first.organization_id) for _ in range(2))]


def test_counters_equal_the_rows(server: Server, team: list[Person]) -> None:
    class WorkHere(Work):
        pass

    WorkHere.server, WorkHere.team = server, team
    run_state_machine_as_test(
        WorkHere,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
