"""Projects: the contract's object, its settings and what they do, label config checks, summary, model versions."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from inprocess import Person

import given

KEYS = given.names(
    """
    id title description label_config expert_instruction show_instruction show_skip_button enable_empty_annotation
    show_annotation_history organization color maximum_annotations is_published model_version is_draft created_by
    created_at min_annotations_to_start_training start_training_on_annotation_update show_collab_predictions
    num_tasks_with_annotations task_number useful_annotation_number ground_truth_number skipped_annotations_number
    total_annotations_number total_predictions_number finished_task_number sampling show_ground_truth_first
    annotator_evaluation_enabled show_overlap_first overlap_cohort_percentage task_data_login task_data_password
    control_weights parsed_label_config evaluate_predictions_automatically config_has_control_tags skip_queue
    reveal_preannotations_interactively pinned_at queue_total queue_done config_suitable_for_bulk_annotation state
    """
)
COUNTERS = [key for key in KEYS if key.endswith("_number")]
DEFAULTS = {
    "title": "", "description": "", "label_config": "<View></View>", "expert_instruction": "", "show_instruction": False,
    "show_skip_button": True, "enable_empty_annotation": True, "show_annotation_history": False, "color": "#FFFFFF",
    "maximum_annotations": 1, "is_published": False, "model_version": "", "is_draft": False,
    "min_annotations_to_start_training": 0, "start_training_on_annotation_update": False, "show_collab_predictions": True,
    "sampling": "Sequential sampling", "show_ground_truth_first": False, "annotator_evaluation_enabled": False,
    "show_overlap_first": False, "overlap_cohort_percentage": 100, "task_data_login": None, "task_data_password": None,
    "evaluate_predictions_automatically": False, "skip_queue": "REQUEUE_FOR_OTHERS",
    "reveal_preannotations_interactively": False, "pinned_at": None, "config_has_control_tags": False, "parsed_label_config": {},
}  # fmt: skip


def errors(answer: httpx.Response) -> Any:
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"] == "Validation error"
    return answer.json()["validation_errors"]


# ---------------------------------------------------------------- the object
def test_defaults(person: Person) -> None:
    answer = person.client.post("/api/projects", json={})
    made = answer.json()
    assert answer.status_code == 201
    assert set(made) >= KEYS
    assert made == made | DEFAULTS
    assert made["created_by"] == {"id": person.id, "first_name": "", "last_name": "", "email": person.email, "avatar": None}
    assert {made[name] for name in COUNTERS} == {None}
    read = given.ok(person.client.get(f"/api/projects/{made['id']}/"))
    assert {read[name] for name in COUNTERS} == {0}
    assert (read["queue_total"], read["queue_done"]) == (0, 0)


@pytest.mark.parametrize("method", ["post", "patch", "put"])
def test_settings_come_back(person: Person, method: str) -> None:
    settings = {
        "title": "Moods", "description": "d", "label_config": given.CONFIG, "expert_instruction": "<b>do</b>",
        "show_instruction": True,
        "show_skip_button": False, "enable_empty_annotation": False, "show_annotation_history": True, "color": "#123456",
        "maximum_annotations": 3, "is_published": True, "min_annotations_to_start_training": 4, "show_collab_predictions": False,
        "sampling": "Uniform sampling", "show_ground_truth_first": True, "show_overlap_first": True,
        "overlap_cohort_percentage": 40, "task_data_login": "u", "task_data_password": "p", "skip_queue": "IGNORE_SKIPPED",
        "evaluate_predictions_automatically": True, "reveal_preannotations_interactively": True,
        "pinned_at": "2026-11-23T20:20:31.393502Z", "control_weights": {"mood": {"overall": 0.5}},
    }  # fmt: skip
    path = "/api/projects" if method == "post" else f"/api/projects/{given.project(person.client)}"
    stored = given.ok(person.client.request(method, path, json=settings))
    assert {name: stored[name] for name in settings} == settings
    assert given.ok(person.client.get(f"/api/projects/{stored['id']}")) | settings == given.ok(
        person.client.get(f"/api/projects/{stored['id']}")
    )


@pytest.mark.parametrize(
    ("fields", "errors_of"),
    [
        ({"title": "ab"}, {"title": ["Ensure this field has at least 3 characters."]}),
        ({"title": "x" * 51}, {"title": ["Ensure this field has no more than 50 characters."]}),
        ({"title": None}, {"title": ["This field may not be null."]}),
        ({"title": ["x"]}, {"title": ["Not a valid string."]}),
        ({"title": True}, {"title": ["Not a valid string."]}),
        ({"is_published": "perhaps"}, {"is_published": ["Must be a valid boolean."]}),
        ({"is_published": []}, {"is_published": ["Must be a valid boolean."]}),
        ({"maximum_annotations": 0}, {"maximum_annotations": ["Ensure this value is greater than or equal to 1."]}),
        ({"maximum_annotations": 2**31}, {"maximum_annotations": ["Ensure this value is less than or equal to 2147483647."]}),
        ({"maximum_annotations": "many"}, {"maximum_annotations": ["A valid integer is required."]}),
        ({"maximum_annotations": 1.5}, {"maximum_annotations": ["A valid integer is required."]}),
        ({"overlap_cohort_percentage": 101}, {"overlap_cohort_percentage": ["Ensure this value is less than or equal to 100."]}),
        ({"sampling": "Best"}, {"sampling": ['"Best" is not a valid choice.']}),
        ({"skip_queue": 5}, {"skip_queue": ['"5" is not a valid choice.']}),
        ({"color": "x" * 17}, {"color": ["Ensure this field has no more than 16 characters."]}),
        (
            {"title": "ab", "sampling": "x"},
            {"title": ["Ensure this field has at least 3 characters."], "sampling": ['"x" is not a valid choice.']},
        ),
    ],
)  # fmt: skip
def test_bad_settings(person: Person, fields: dict[str, Any], errors_of: dict[str, Any]) -> None:
    assert errors(person.client.post("/api/projects", json=fields)) == errors_of
    project_id = given.project(person.client)
    assert errors(person.client.patch(f"/api/projects/{project_id}", json=fields)) == errors_of


@pytest.mark.parametrize("body", [[], "x", 5, [{}]])
def test_body_is_an_object(person: Person, body: Any) -> None:
    reasons = errors(person.client.post("/api/projects", json=body))["non_field_errors"]
    assert reasons[0].startswith("Invalid data. Expected a dictionary, but got ")


def test_unknown_fields_are_ignored(person: Person) -> None:
    made = given.ok(person.client.post("/api/projects", json={"workspace": 5, "task_number": 7, "id": 1, "organization": 99}))
    assert made["organization"] == person.organization_id
    assert made["id"] != 1 or person.id == 1


def test_a_form_without_a_box_means_false(person: Person) -> None:
    made = given.ok(person.client.post("/api/projects", data={"title": "Form", "is_published": "on", "maximum_annotations": "2"}))
    assert (made["show_skip_button"], made["enable_empty_annotation"], made["is_published"]) == (False, False, True)
    assert made["maximum_annotations"] == 2
    changed = given.ok(person.client.patch(f"/api/projects/{made['id']}", data={"show_skip_button": "true"}))
    assert (changed["show_skip_button"], changed["is_published"]) == (True, True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start_training_on_annotation_update": True}, {"min_annotations_to_start_training": 1}),
        ({"start_training_on_annotation_update": False}, {"min_annotations_to_start_training": 0}),
        ({"min_annotations_to_start_training": 5}, {"start_training_on_annotation_update": True}),
        ({"expert_instruction": "<b onclick=alert()>a</b><script>alert()</script>"}, {"expert_instruction": "<b>a</b>"}),
        ({"description": None}, {"description": ""}),
        ({"label_config": given.CONFIG.replace("\n", "\r\n\t")}, {"config_has_control_tags": True}),
        ({"color": None}, {"color": "#FFFFFF"}),
    ],
)
def test_what_a_setting_does(person: Person, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    made = given.ok(person.client.post("/api/projects", json=fields))
    assert made == made | expected


def test_publishing_ends_the_draft(person: Person) -> None:
    project_id = given.project(person.client, is_draft=True)
    published = given.ok(person.client.patch(f"/api/projects/{project_id}", json={"is_published": True}))
    assert (published["is_published"], published["is_draft"]) == (True, False)


def test_label_config_is_kept_byte_for_byte(person: Person) -> None:
    config = "<View>\r\n\t<Text  name='text' value=\"$text\"/><!-- é -->\n</View>"
    assert given.ok(person.client.post("/api/projects", json={"label_config": config}))["label_config"] == config


def test_include(person: Person) -> None:
    project_id = given.project(person.client)
    assert given.ok(person.client.get(f"/api/projects/{project_id}?include=id,title")) == {"id": project_id, "title": "Moods"}


# ---------------------------------------------------------------- the list
def test_the_list(person: Person) -> None:
    ids = [given.project(person.client, title=title) for title in ("Aaa", "Bbb", "Ccc")]
    given.ok(person.client.patch(f"/api/projects/{ids[0]}", json={"pinned_at": "2026-01-01T00:00:00.000000Z"}))
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [ids[0], ids[2], ids[1]]),
        ({"filter": "pinned_only"}, [ids[0]]),
        ({"filter": "exclude_pinned"}, [ids[2], ids[1]]),
        ({"title": "bB"}, [ids[1]]),
        ({"title": "%"}, []),
        ({"ids": f"{ids[1]},{ids[2]}"}, [ids[2], ids[1]]),
        ({"ids": ""}, []),
        ({"ordering": "title"}, ids),
        ({"ordering": "-title"}, ids[::-1]),
        ({"ordering": "nonsense"}, [ids[0], ids[2], ids[1]]),
        ({"page": 2, "page_size": 2}, [ids[1]]),
        ({"page_size": 10_000_000}, [ids[0], ids[2], ids[1]]),
    ]
    for query, expected in cases:
        page = given.ok(person.client.get("/api/projects", params=query))
        assert [one["id"] for one in page["results"]] == expected, query
    page = given.ok(person.client.get("/api/projects", params={"page_size": 2, "include": "id"}))
    assert (page["count"], page["previous"], page["results"][0]) == (3, None, {"id": ids[0]})
    assert given.ok(person.client.get(given.ok(person.client.get(page["next"]))["previous"])) == page


@pytest.mark.parametrize("path", ["/api/projects", "/api/projects/counts"])
@pytest.mark.parametrize("page", [0, -1, 2, 2**40])
def test_past_the_end(person: Person, path: str, page: int) -> None:
    given.project(person.client)
    answer = person.client.get(path, params={"page": page})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Invalid page.")


# ---------------------------------------------------------------- counters
def test_counters(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client, tasks=4, maximum_annotations=1)
    tasks = [task["id"] for task in given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]]
    given.submit(person.client, tasks[0])
    given.submit(colleague.client, tasks[1], ground_truth=True)
    given.skip(person.client, tasks[2])
    given.ok(person.client.post(f"/api/tasks/{tasks[3]}/annotations", json={}))
    given.ok(person.client.post("/api/predictions", json={"task": tasks[0], "result": "Good"}))
    expected = {
        "task_number": 4,
        "finished_task_number": 2,
        "total_annotations_number": 3,
        "skipped_annotations_number": 1,
        "ground_truth_number": 1,
        "useful_annotation_number": 1,
        "num_tasks_with_annotations": 1,
        "total_predictions_number": 1,
    }
    project = given.ok(person.client.get(f"/api/projects/{project_id}"))
    assert {name: project[name] for name in expected} == expected
    (counts,) = given.ok(person.client.get("/api/projects/counts", params={"ids": project_id}))["results"]
    assert counts == {"id": project_id, **expected}
    assert (project["queue_total"], project["queue_done"]) == (3, 3), "not labeled or mine; mine"
    theirs = given.ok(colleague.client.get(f"/api/projects/{project_id}"))
    assert (theirs["queue_total"], theirs["queue_done"]) == (3, 1)
    given.ok(person.client.patch(f"/api/projects/{project_id}", json={"skip_queue": "REQUEUE_FOR_ME"}))
    project = given.ok(person.client.get(f"/api/projects/{project_id}"))
    assert (project["queue_total"], project["queue_done"]) == (3, 2), "a skip that comes back is not done"


@pytest.mark.parametrize(
    ("change", "overlaps"),
    [
        ({"maximum_annotations": 3}, [3, 3, 3, 3]),
        ({"maximum_annotations": 2, "overlap_cohort_percentage": 50}, [1, 2, 2, 1]),
        ({"maximum_annotations": 2, "overlap_cohort_percentage": 0}, [1, 1, 1, 1]),
    ],
)
def test_overlap_is_spread(person: Person, change: dict[str, Any], overlaps: list[int]) -> None:
    """With a share, the tasks with most annotations come first: here the third, then the second."""
    project_id = given.project(person.client)
    ids = given.import_tasks(person.client, project_id, [{"text": text} for text in "abcd"])
    for task in (ids[2], ids[2], ids[1]):
        given.submit(person.client, task)
    given.ok(person.client.patch(f"/api/projects/{project_id}", json=change))
    tasks = given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]
    assert [task["overlap"] for task in tasks] == overlaps
    assert [task["is_labeled"] for task in tasks] == [n > 0 and overlaps[n] == 1 for n in (0, 1, 2, 0)]


# ---------------------------------------------------------------- label config
@pytest.mark.parametrize(
    ("config", "text"),
    [
        ("", "no element found"),
        ("<View>", "no element found: line 1, column 6"),
        ("<View><View>", "no element found"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><View>&b;</View>', ""),
        ('<View><Choices toName="t"><Choice value="a"/></Choices></View>', "name"),
        ('<View><Text name="a" value="$a"/><Text name="a" value="$b"/></View>', "Label config contains non-unique names"),
        ('<View><Text name="a" value="$a"/><Rating name="r" toName="b"/></View>', "toName=\"b\" not found in names: ['a', 'r']"),
        ("<View>" * 200 + "</View>" * 200, ""),
        ("x" * 1_100_000, ""),
    ],
)
def test_bad_label_configs(person: Person, config: str, text: str) -> None:
    project_id = given.project(person.client)
    answers = [
        person.client.post("/api/projects", json={"label_config": config}),
        person.client.patch(f"/api/projects/{project_id}", json={"label_config": config}),
        person.client.post(f"/api/projects/{project_id}/validate", json={"label_config": config}),
    ]
    for answer in answers:
        assert text in errors(answer)["label_config"][0]
    plain = person.server.anonymous().post("/api/projects/validate", json={"label_config": config})
    assert plain.status_code == 400
    assert list(plain.json()) == ["label_config"]


def test_validate_needs_nobody_signed_in(person: Person) -> None:
    anonymous = person.server.anonymous()
    assert anonymous.post("/api/projects/validate", json={"label_config": given.CONFIG}).status_code == 204
    assert anonymous.post("/api/projects/validate", json={}).json() == {"label_config": ["This field is required."]}


def test_config_against_answers(person: Person) -> None:
    """Controls and labels in use must stay; `validate` is stricter than a change."""
    project_id = given.project(person.client, tasks=1)
    (task,) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    given.submit(person.client, task["id"])
    without_label = given.CONFIG.replace('<Choice value="Good"/>', "")
    without_control = given.CONFIG.replace('name="mood"', 'name="other"')
    path = f"/api/projects/{project_id}"
    strict = person.client.post(f"{path}/validate", json={"label_config": without_label})
    assert errors(strict)["non_field_errors"][0].startswith(
        "These labels still exist in annotations or drafts:\nGood (1 annotation)"
    )
    refused = person.client.patch(path, json={"label_config": without_control})
    assert "from_name=mood, to_name=text, type=choices" in errors(refused)["label_config"][0]
    assert person.client.patch(path, json={"label_config": without_label}).status_code == 200
    assert person.client.patch(path, json={"label_config": given.CONFIG}).status_code == 200
    same = given.ok(person.client.post(f"{path}/validate", json={"label_config": given.CONFIG}))
    assert same == {"config_essential_data_has_changed": None}
    other_field = given.ok(person.client.post(f"{path}/validate", json={"label_config": given.CONFIG.replace("$text", "$body")}))
    assert other_field == {"config_essential_data_has_changed": True}


# ---------------------------------------------------------------- summary, versions, people
def test_summary(person: Person) -> None:
    project_id = given.project(person.client)
    imported = {"data": {"text": "b", "page": 1}, "annotations": [{"result": given.BAD}]}
    ids = given.import_tasks(person.client, project_id, [{"text": "a"}, imported])
    given.submit(person.client, ids[0], given.choice("Good", "Bad"))
    given.ok(person.client.post(f"/api/tasks/{ids[0]}/drafts", json={"result": given.GOOD}))
    path = f"/api/projects/{project_id}/summary"
    summary = given.ok(person.client.get(path))
    assert (
        summary
        | {
            "project": project_id,
            "all_data_columns": {"text": 2, "page": 1},
            "common_data_columns": ["text"],
            "created_annotations": {"mood|text|choices": 1},
            "created_labels": {"mood": {"Good": 1, "Bad": 1}},
            "created_labels_drafts": {"mood": {"Good": 1}},
        }
        == summary
    )
    assert person.client.post(f"{path}/reset").status_code == 200
    assert given.ok(person.client.get(path))["created_labels"] == {"mood": {"Good": 1, "Bad": 2}}, "imports join at a reset"


def test_model_versions(person: Person) -> None:
    project_id = given.project(person.client, tasks=2)
    tasks = [task["id"] for task in given.ok(person.client.get("/api/tasks", params={"project": project_id}))["tasks"]]
    for task, version in [(tasks[0], "m1"), (tasks[1], "m1"), (tasks[0], "m2")]:
        given.ok(person.client.post("/api/predictions", json={"task": task, "result": "Good", "model_version": version}))
    path = f"/api/projects/{project_id}"
    assert list(given.ok(person.client.get(f"{path}/model-versions")).items()) == [("m2", 1), ("m1", 2)]
    assert given.ok(person.client.get(f"{path}/model-versions", params={"limit": 1})) == {"m2": 1}
    extended = given.ok(person.client.get(f"{path}/model-versions", params={"extended": "true"}))
    assert [(one["model_version"], one["count"]) for one in extended["static"]] == [("m2", 1), ("m1", 2)]
    refused = errors(person.client.patch(path, json={"model_version": "m3"}))
    assert refused == {"model_version": ["Model version doesn't exist either as live model or as static predictions."]}
    assert given.ok(person.client.patch(path, json={"model_version": "m1"}))["model_version"] == "m1"
    deleted = person.client.request("DELETE", f"{path}/model-versions", json={"model_version": "m1"})
    assert given.ok(deleted) == {"deleted_predictions": 2}
    assert given.ok(person.client.get(path))["total_predictions_number"] == 1
    assert given.ok(person.client.patch(path, json={"show_collab_predictions": False}))["model_version"] == ""


def test_annotators(person: Person, colleague: Person) -> None:
    project_id = given.project(person.client, tasks=1)
    (task,) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    given.submit(colleague.client, task["id"])
    assert [one["id"] for one in given.ok(person.client.get(f"/api/projects/{project_id}/annotators"))] == [colleague.id]


def test_delete(person: Person) -> None:
    project_id = given.project(person.client, tasks=2)
    (task, _) = given.ok(person.client.get(f"/api/projects/{project_id}/tasks"))
    annotation = given.submit(person.client, task["id"])
    assert person.client.delete(f"/api/projects/{project_id}").status_code == 204
    for path in (f"projects/{project_id}", f"tasks/{task['id']}", f"annotations/{annotation}", f"projects/{project_id}/next"):
        answer = person.client.get(f"/api/{path}")
        assert answer.status_code == 404, path
        assert "matches the given query." in answer.json()["detail"]
    assert given.ok(person.client.get("/api/projects"))["count"] == 0
