"""Tasks one by one and in pages."""

from __future__ import annotations

from compat.scenarios.configs import NER, SENTIMENT, choice
from compat.talk import Talk


def tasks(talk: Talk) -> None:
    pid = talk.project("Tasks", SENTIMENT)
    made = talk(
        "create", "POST", "/api/tasks/", json={"project": pid, "data": {"review_text": "posted"}, "meta": {"a": 1}}, kind="task"
    )
    tid = made.pick("id")
    talk("get", "GET", f"/api/tasks/{tid}/", kind="task")
    talk("get without slash", "GET", f"/api/tasks/{tid}", kind="task")
    body = {"data": {"review_text": "in project"}}
    other = talk("create in the project", "POST", f"/api/projects/{pid}/tasks/", json=body, kind="task").pick("id")
    talk("create with wrong key", "POST", "/api/tasks/", json={"project": pid, "data": {"nope": 1}})
    talk("create without project", "POST", "/api/tasks/", json={"data": {"review_text": "x"}})
    talk("create in no project", "POST", "/api/tasks/", json={"project": 99999999, "data": {"review_text": "x"}})
    talk("set meta", "PATCH", f"/api/tasks/{tid}/", json={"meta": {"needs_review": True}}, kind="task")
    talk("set data", "PATCH", f"/api/tasks/{tid}/", json={"data": {"review_text": "changed", "more": [1]}}, kind="task")
    talk("set overlap", "PATCH", f"/api/tasks/{tid}/", json={"overlap": 2}, kind="task")
    talk("get after changes", "GET", f"/api/tasks/{tid}/", kind="task")
    talk("set foreign fields", "PATCH", f"/api/tasks/{other}/", json={"is_labeled": True, "inner_id": 77, "id": 3}, kind="task")
    talk("set wrong data", "PATCH", f"/api/tasks/{other}/", json={"data": {"nope": 1}}, kind="task")
    talk("some fields", "GET", f"/api/tasks/{tid}/?include=id,meta", kind="task")
    talk("get missing", "GET", "/api/tasks/99999999/")
    talk("patch missing", "PATCH", "/api/tasks/99999999/", json={"meta": {}})
    talk("no project named", "GET", "/api/tasks/")
    talk("delete", "DELETE", f"/api/tasks/{tid}/")
    talk("get deleted", "GET", f"/api/tasks/{tid}/")
    talk("delete all", "DELETE", f"/api/projects/{pid}/tasks/")
    talk("list none", "GET", f"/api/projects/{pid}/tasks/")
    talk("data manager has none", "GET", f"/api/tasks/?project={pid}")


def task_pages(talk: Talk) -> None:
    pid = talk.project("Pages", SENTIMENT)
    ids = talk.tasks(pid, [{"review_text": f"text {number}", "n": number} for number in range(7)])
    done = talk(
        "annotate one",
        "POST",
        f"/api/tasks/{ids[2]}/annotations/",
        json={"result": [choice("Neutral")], "lead_time": 4},
        kind="annotation",
    )
    talk(
        "predict one",
        "POST",
        "/api/predictions/",
        json={"task": ids[3], "result": [choice("Positive")], "score": 0.5, "model_version": "v"},
        kind="prediction",
    )
    talk("data manager", "GET", f"/api/tasks/?project={pid}", kind="task")
    talk("data manager all fields", "GET", f"/api/tasks/?project={pid}&fields=all", kind="task", loose=("updated_by",))
    talk("data manager page 2", "GET", f"/api/tasks?project={pid}&page=2&page_size=3", kind="task")
    talk("data manager last page", "GET", f"/api/tasks?project={pid}&page=3&page_size=3", kind="task")
    talk("data manager past the end", "GET", f"/api/tasks?project={pid}&page=4&page_size=3")
    talk("data manager ids only", "GET", f"/api/tasks?project={pid}&include=id", kind="task")
    talk("data manager page_size -1", "GET", f"/api/tasks?project={pid}&page_size=-1&include=id", kind="task")
    talk("data manager page 0", "GET", f"/api/tasks?project={pid}&page=0")
    talk("project list", "GET", f"/api/projects/{pid}/tasks/?page_size=-1", kind="task")
    talk("project list page", "GET", f"/api/projects/{pid}/tasks/?page=2&page_size=3", kind="task")
    talk("project list start", "GET", f"/api/projects/{pid}/tasks/?start=3&length=3", kind="task")
    talk("project list past the end", "GET", f"/api/projects/{pid}/tasks/?page=4&page_size=3")
    talk("missing project", "GET", "/api/tasks/?project=99999999")
    talk("delete the annotated", "DELETE", f"/api/annotations/{done.pick('id')}/")


def ner_tasks(talk: Talk) -> None:
    pid = talk.project("Empty data", NER)
    made = talk("empty text", "POST", f"/api/projects/{pid}/import?return_task_ids=true", json=[{"text": ""}], kind="task")
    talk("agreement", "GET", f"/api/tasks/{made.pick('task_ids', 0)}/agreement/")
    talk("comments", "GET", "/api/comments/")
