"""The label stream: who gets which task next, locks, skips, history."""

from __future__ import annotations

from compat.scenarios.configs import SENTIMENT, choice
from compat.talk import Talk


def stream(talk: Talk) -> None:
    talk.sign_up("str")
    pid = talk.project("Stream", SENTIMENT)
    talk("nothing to do", "GET", f"/api/projects/{pid}/next/")
    ids = talk.tasks(pid, [{"review_text": word} for word in ("a", "b", "c")])
    first = talk("next", "GET", f"/api/projects/{pid}/next/", kind="task")
    talk("next again is the locked one", "GET", f"/api/projects/{pid}/next/", kind="task")
    talk("next for another", "GET", f"/api/projects/{pid}/next/", who="str", kind="task")
    talk(
        "submit", "POST", f"/api/tasks/{first.pick('id')}/annotations/", json={"result": [choice("Positive")]}, kind="annotation"
    )
    talk("history", "GET", f"/api/projects/{pid}/label-stream-history/")
    talk("next after submit", "GET", f"/api/projects/{pid}/next/", kind="task")
    talk("skip", "POST", f"/api/tasks/{ids[2]}/annotations/", json={"result": [], "was_cancelled": True}, kind="annotation")
    talk("nothing left", "GET", f"/api/projects/{pid}/next/")
    talk(
        "submit the other's",
        "POST",
        f"/api/tasks/{ids[1]}/annotations/",
        json={"result": [choice("Positive")]},
        who="str",
        kind="annotation",
    )
    talk("other gets the skipped", "GET", f"/api/projects/{pid}/next/", who="str", kind="task")
    talk("project", "GET", f"/api/projects/{pid}/", kind="project")
    talk("history of both", "GET", f"/api/projects/{pid}/label-stream-history/")
    talk("missing project", "GET", "/api/projects/99999999/next/")


def skip_queues(talk: Talk) -> None:
    talk.sign_up("skq")
    for rule in ("REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"):
        pid = talk.project(f"Skips {rule}", SENTIMENT, skip_queue=rule)
        one, two = talk.tasks(pid, [{"review_text": "a"}, {"review_text": "b"}])
        talk(
            f"{rule}: skip",
            "POST",
            f"/api/tasks/{one}/annotations/",
            json={"result": [], "was_cancelled": True},
            kind="annotation",
        )
        talk(f"{rule}: skipped task", "GET", f"/api/tasks/{one}/", kind="task")
        talk(f"{rule}: next", "GET", f"/api/projects/{pid}/next/", kind="task")
        talk(
            f"{rule}: submit", "POST", f"/api/tasks/{two}/annotations/", json={"result": [choice("Positive")]}, kind="annotation"
        )
        talk(f"{rule}: next at the end", "GET", f"/api/projects/{pid}/next/", kind="task")
        talk(f"{rule}: next for another", "GET", f"/api/projects/{pid}/next/", who="skq", kind="task")
        talk(f"{rule}: project", "GET", f"/api/projects/{pid}/", kind="project")


def overlap_stream(talk: Talk) -> None:
    talk.sign_up("ovs")
    pid = talk.project("Stream twice", SENTIMENT, maximum_annotations=2)
    talk.tasks(pid, [{"review_text": word} for word in ("a", "b")])
    first = talk("admin's first", "GET", f"/api/projects/{pid}/next/", kind="task").pick("id")
    talk("admin submits", "POST", f"/api/tasks/{first}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    talk("the other gets the same first", "GET", f"/api/projects/{pid}/next/", who="ovs", kind="task")
    talk(
        "the other submits",
        "POST",
        f"/api/tasks/{first}/annotations/",
        json={"result": [choice("Neutral")]},
        who="ovs",
        kind="annotation",
    )
    talk("done now", "GET", f"/api/tasks/{first}/", kind="task", loose=("annotators",))
    talk("next for the other", "GET", f"/api/projects/{pid}/next/", who="ovs", kind="task")
