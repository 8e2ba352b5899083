"""Annotations, drafts, skips, predictions."""

from __future__ import annotations

from compat.scenarios.configs import BOXES, MIXED, SENTIMENT, box, choice
from compat.talk import Talk


def annotations(talk: Talk) -> None:
    talk.sign_up("ann")
    pid = talk.project("Annotations", SENTIMENT)
    one, two, three, four = talk.tasks(pid, [{"review_text": word} for word in ("a", "b", "c", "d")])
    url = f"/api/tasks/{one}/annotations/"
    made = talk("create", "POST", url, json={"result": [choice("Positive")], "lead_time": 3.25}, kind="annotation")
    aid = made.pick("id")
    talk("task is labeled", "GET", f"/api/tasks/{one}/", kind="task")
    talk("create by another", "POST", url, json={"result": [choice("Negative")]}, who="ann", kind="annotation")
    talk("list", "GET", url, kind="annotation")
    talk("get", "GET", f"/api/annotations/{aid}/", kind="annotation")
    talk("update", "PATCH", f"/api/annotations/{aid}/", json={"result": [choice("Neutral")], "lead_time": 9}, kind="annotation")
    talk(
        "update by another",
        "PATCH",
        f"/api/annotations/{aid}/",
        json={"result": [choice("Positive")]},
        who="ann",
        kind="annotation",
    )
    talk("set ground truth", "PATCH", f"/api/annotations/{aid}/", json={"ground_truth": True}, kind="annotation")
    talk("task with two", "GET", f"/api/tasks/{one}/", kind="task", loose=("annotators",))
    url = f"/api/tasks/{two}/annotations/"
    talk("skip in the body", "POST", url, json={"result": [], "was_cancelled": True}, kind="annotation")
    talk("skip in the query", "POST", url + "?was_cancelled=1", json={"result": []}, who="ann", kind="annotation")
    talk("list without skips", "GET", url, kind="annotation")
    talk("task skipped", "GET", f"/api/tasks/{two}/", kind="task", loose=("annotators",))
    url = f"/api/tasks/{three}/annotations/"
    talk("no result", "POST", url, json={}, kind="annotation")
    talk("result is null", "POST", url, json={"result": None}, kind="annotation")
    talk("result is an object", "POST", url, json={"result": {}})
    talk("result is json text", "POST", url, json={"result": '[{"from_name": "sentiment"}]'}, kind="annotation")
    talk("result is empty", "POST", url, json={"result": []}, kind="annotation")
    talk("unknown choice", "POST", url, json={"result": [choice("Nonsense")]}, kind="annotation")
    talk("unknown control", "POST", url, json={"result": [choice("Positive", control="nobody")]}, kind="annotation")
    talk("for another user", "POST", url, json={"result": [choice("Positive")], "completed_by": 99999999}, kind="annotation")
    unique = "11111111-2222-4333-8444-" + talk.run.ljust(12, "0")[:12]
    talk("unique id", "POST", url, json={"result": [choice("Positive")], "unique_id": unique}, kind="annotation")
    talk("unique id again", "POST", url, json={"result": [choice("Positive")], "unique_id": unique}, kind="annotation")
    talk("task of null results", "GET", f"/api/tasks/{three}/", kind="task")
    talk("missing task", "POST", "/api/tasks/99999999/annotations/", json={"result": []})
    talk("missing annotation", "GET", "/api/annotations/99999999/")
    talk("put", "PUT", f"/api/annotations/{aid}/", json={"result": [choice("Negative")]}, kind="annotation")
    draft = talk("to draft", "POST", f"/api/annotations/{aid}/convert-to-draft", json={}, kind="draft")
    talk("gone after to draft", "GET", f"/api/annotations/{aid}/")
    talk("draft from annotation", "GET", f"/api/drafts/{draft.pick('id')}/", kind="draft")
    last = talk(
        "annotate last", "POST", f"/api/tasks/{four}/annotations/", json={"result": [choice("Positive")]}, kind="annotation"
    ).pick("id")
    talk("counters", "GET", f"/api/projects/{pid}/", kind="project")
    talk("annotators", "GET", f"/api/projects/{pid}/annotators/", kind="user", skip=("email",))
    talk("delete", "DELETE", f"/api/annotations/{last}/")
    talk("task after delete", "GET", f"/api/tasks/{four}/", kind="task")
    talk("counters after delete", "GET", f"/api/projects/{pid}/", kind="project")
    talk("summary", "GET", f"/api/projects/{pid}/summary/", kind="project")


def overlap(talk: Talk) -> None:
    talk.sign_up("ove")
    pid = talk.project("Overlap", SENTIMENT, maximum_annotations=2)
    one, two, _ = talk.tasks(pid, [{"review_text": word} for word in ("a", "b", "c")])
    talk("first", "POST", f"/api/tasks/{one}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    talk("half done", "GET", f"/api/tasks/{one}/", kind="task")
    talk("same user again", "POST", f"/api/tasks/{one}/annotations/", json={"result": [choice("Neutral")]}, kind="annotation")
    talk("still half done", "GET", f"/api/tasks/{one}/?include=id,is_labeled,total_annotations,overlap", kind="task")
    talk(
        "second user",
        "POST",
        f"/api/tasks/{one}/annotations/",
        json={"result": [choice("Negative")]},
        who="ove",
        kind="annotation",
    )
    talk("done", "GET", f"/api/tasks/{one}/?include=id,is_labeled,total_annotations,overlap", kind="task")
    talk("one of two", "POST", f"/api/tasks/{two}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    talk("lower the overlap", "PATCH", f"/api/projects/{pid}/", json={"maximum_annotations": 1}, kind="project")
    talk("tasks after lowering", "GET", f"/api/tasks/?project={pid}&include=id,is_labeled,overlap", kind="task")
    talk("raise the overlap", "PATCH", f"/api/projects/{pid}/", json={"maximum_annotations": 3}, kind="project")
    talk("tasks after raising", "GET", f"/api/tasks/?project={pid}&include=id,is_labeled,overlap", kind="task")
    talk("a third of them", "PATCH", f"/api/projects/{pid}/", json={"overlap_cohort_percentage": 34}, kind="project")
    talk("tasks of the third", "GET", f"/api/tasks/?project={pid}&include=id,overlap", kind="task")


def drafts(talk: Talk) -> None:
    talk.sign_up("dra")
    pid = talk.project("Drafts", SENTIMENT)
    one, two = talk.tasks(pid, [{"review_text": "a"}, {"review_text": "b"}])
    made = talk(
        "create", "POST", f"/api/tasks/{one}/drafts", json={"result": [choice("Positive")], "lead_time": 1.5}, kind="draft"
    )
    did = made.pick("id")
    talk("get", "GET", f"/api/drafts/{did}/", kind="draft")
    talk("update", "PATCH", f"/api/drafts/{did}/", json={"result": [choice("Negative")]}, kind="draft")
    talk("list", "GET", f"/api/tasks/{one}/drafts", kind="draft")
    talk("list of another", "GET", f"/api/tasks/{one}/drafts", who="dra", kind="draft")
    talk("task with draft", "GET", f"/api/tasks/{one}/", kind="task")
    talk("task of another", "GET", f"/api/tasks/{one}/", who="dra", kind="task")
    talk("create without result", "POST", f"/api/tasks/{one}/drafts", json={})
    talk("foreign draft used", "POST", f"/api/tasks/{one}/annotations/", json={"result": [], "draft_id": did}, who="dra")
    submitted = {"result": [choice("Negative")], "draft_id": did}
    aid = talk("submit the draft", "POST", f"/api/tasks/{one}/annotations/", json=submitted, kind="annotation").pick("id")
    talk("draft is gone", "GET", f"/api/drafts/{did}/")
    linked = {"result": [choice("Neutral")]}
    talk("draft of annotation", "POST", f"/api/tasks/{one}/annotations/{aid}/drafts", json=linked, kind="draft")
    talk("drafts of annotation", "GET", f"/api/tasks/{one}/annotations/{aid}/drafts", kind="draft")
    talk("update ends its drafts", "PATCH", f"/api/annotations/{aid}/", json=linked, kind="annotation")
    talk("none left", "GET", f"/api/tasks/{one}/drafts", kind="draft")
    postponed = talk(
        "postpone", "POST", f"/api/tasks/{two}/drafts", json={"result": [], "was_postponed": True}, kind="draft"
    ).pick("id")
    talk("next after postponing", "GET", f"/api/projects/{pid}/next/", kind="task")
    talk("delete", "DELETE", f"/api/drafts/{postponed}/")
    talk("get deleted", "GET", f"/api/drafts/{postponed}/")
    talk("missing task", "POST", "/api/tasks/99999999/drafts", json={"result": []})


def predictions(talk: Talk) -> None:
    pid = talk.project("Predictions", SENTIMENT)
    one, two = talk.tasks(pid, [{"review_text": "a"}, {"review_text": "b"}])
    body = {"task": one, "result": [choice("Positive")], "score": 0.875, "model_version": "m1"}
    made = talk("create", "POST", "/api/predictions/", json=body, kind="prediction").pick("id")
    talk("get", "GET", f"/api/predictions/{made}/", kind="prediction")
    talk(
        "shorthand object",
        "POST",
        "/api/predictions/",
        json={"task": one, "result": {"choices": ["Negative"]}},
        kind="prediction",
    )
    talk("shorthand string", "POST", "/api/predictions/", json={"task": one, "result": "Neutral"}, kind="prediction")
    talk("without task", "POST", "/api/predictions/", json={"result": []})
    talk("without result", "POST", "/api/predictions/", json={"task": one}, kind="prediction")
    talk("missing task", "POST", "/api/predictions/", json={"task": 99999999, "result": []})
    talk("list of task", "GET", f"/api/predictions/?task={one}", kind="prediction")
    talk("list of project", "GET", f"/api/predictions/?project={pid}", kind="prediction")
    talk("update", "PATCH", f"/api/predictions/{made}/", json={"score": 0.5}, kind="prediction")
    rows = [
        {"task": two, "result": [choice("Neutral")], "score": 0.1, "model_version": "m2"},
        {"task": one, "result": [choice("Neutral")], "model_version": "m2"},
    ]
    talk("import", "POST", f"/api/projects/{pid}/import/predictions", json=rows)
    talk("import unknown task", "POST", f"/api/projects/{pid}/import/predictions", json=[{"task": 99999999, "result": []}])
    talk("versions", "GET", f"/api/projects/{pid}/model-versions")
    talk("choose version", "PATCH", f"/api/projects/{pid}/", json={"model_version": "m2"}, kind="project")
    talk("next shows its guess", "GET", f"/api/projects/{pid}/next/", kind="task")
    child = {"result": [choice("Positive")], "parent_prediction": made}
    talk("annotation from a prediction", "POST", f"/api/tasks/{one}/annotations/", json=child, kind="annotation")
    talk("task with predictions", "GET", f"/api/tasks/{one}/", kind="task")
    talk("delete version", "DELETE", f"/api/projects/{pid}/model-versions", json={"model_version": "m2"})
    talk("delete", "DELETE", f"/api/predictions/{made}/")
    talk("get deleted", "GET", f"/api/predictions/{made}/")
    talk("project", "GET", f"/api/projects/{pid}/", kind="project")
    for name, config, shorthand in (("mixed", MIXED, {"rating": 4}), ("boxes", BOXES, [box("Car", 1, 2, 3, 4, "r")])):
        other = talk.project(f"Predictions {name}", config)
        (task,) = talk.tasks(other, [{"text": "t", "title": "h", "image_url": "http://example.com/a.png"}])
        talk(f"{name} shorthand", "POST", "/api/predictions/", json={"task": task, "result": shorthand}, kind="prediction")
