"""Projects: fields, defaults, validation, summary, paging, deletion."""

from __future__ import annotations

from compat.scenarios.configs import BOXES, MIXED, NER, SENTIMENT, choice
from compat.talk import Talk

BROKEN_CONFIGS = {
    "unclosed tag": "<View>",
    "empty": "",
    "no control name": '<View><Text name="t" value="$t"/><Choices toName="t"><Choice value="a"/></Choices></View>',
    "no toName": '<View><Text name="t" value="$t"/><Choices name="c"><Choice value="a"/></Choices></View>',
    "toName nowhere": '<View><Text name="t" value="$t"/><Choices name="c" toName="x"><Choice value="a"/></Choices></View>',
    "same name twice": '<View><Text name="t" value="$t"/><Choices name="t" toName="t"><Choice value="a"/></Choices></View>',
    "choice without value": '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice/></Choices></View>',
    "text without value": '<View><Text name="t"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>',
    "image without name": '<View><Image value="$i"/></View>',
    "choices without children": '<View><Text name="t" value="$t"/><Choices name="c" toName="t"/></View>',
    "labels without children": '<View><Text name="t" value="$t"/><Labels name="c" toName="t"/></View>',
    "textarea without toName": '<View><Text name="t" value="$t"/><TextArea name="c"/></View>',
    "not xml": "hello",
}
GOOD_CONFIGS = {"sentiment": SENTIMENT, "boxes": BOXES, "ner": NER, "mixed": MIXED, "bare view": "<View></View>"}


def projects(talk: Talk) -> None:
    made = talk(
        "create with config", "POST", "/api/projects/", json={"title": "Alpha", "label_config": SENTIMENT}, kind="project"
    )
    pid = made.pick("id")
    talk("get", "GET", f"/api/projects/{pid}/", kind="project")
    talk("get without slash", "GET", f"/api/projects/{pid}", kind="project")
    talk("get some fields", "GET", f"/api/projects/{pid}/?include=id,title", kind="project")
    bare = talk("create bare", "POST", "/api/projects", json={}, kind="project").pick("id")
    talk("get bare", "GET", f"/api/projects/{bare}/", kind="project")
    form = talk("create by form", "POST", "/api/projects", data={"title": "By form"}, kind="project").pick("id")
    talk("create short title", "POST", "/api/projects/", json={"title": "ab"})
    talk("create long title", "POST", "/api/projects/", json={"title": "x" * 51})
    talk("create unknown sampling", "POST", "/api/projects/", json={"title": "Sampling", "sampling": "Never"})
    talk(
        "create with unknown field",
        "POST",
        "/api/projects/",
        json={"title": "Unknown field", "workspace": 7, "foo": 1},
        kind="project",
    )
    settings = {
        "description": "What it is about",
        "expert_instruction": "<b>Read</b> <script>alert(1)</script>well",
        "show_instruction": True,
        "show_skip_button": False,
        "enable_empty_annotation": False,
        "show_annotation_history": True,
        "maximum_annotations": 3,
        "sampling": "Uniform sampling",
        "skip_queue": "IGNORE_SKIPPED",
        "color": "#112233",
        "show_collab_predictions": False,
        "reveal_preannotations_interactively": True,
        "control_weights": {"sentiment": {"overall": 0.5, "type": "Choices", "labels": {"Positive": 1.0, "Negative": 0.5}}},
    }
    talk("update many fields", "PATCH", f"/api/projects/{pid}/", json=settings, kind="project")
    talk("get after update", "GET", f"/api/projects/{pid}/", kind="project")
    talk("publish", "PATCH", f"/api/projects/{pid}/", json={"is_published": True}, kind="project")
    talk("update counters is ignored", "PATCH", f"/api/projects/{pid}/", json={"task_number": 99}, kind="project")
    talk("update to bad version", "PATCH", f"/api/projects/{pid}/", json={"model_version": "nobody"})
    talk("update to no version", "PATCH", f"/api/projects/{pid}/", json={"model_version": ""}, kind="project")
    talk("update to short title", "PATCH", f"/api/projects/{pid}/", json={"title": "a"})
    talk("list two", "GET", f"/api/projects/?ids={pid},{bare}", kind="project")
    talk("list by title", "GET", f"/api/projects/?ids={pid},{bare}&title=alph", kind="project")
    talk("list second page", "GET", f"/api/projects/?ids={pid},{bare}&page=2&page_size=1", kind="project", skip=("previous",))
    talk("list past the end", "GET", f"/api/projects/?ids={pid},{bare}&page=9", kind="project")
    talk("list some fields", "GET", f"/api/projects/?ids={pid}&include=id,title,task_number", kind="project")
    talk("counts", "GET", f"/api/projects/counts/?ids={pid}", kind="project")
    talk("get missing", "GET", "/api/projects/99999999/")
    talk("update missing", "PATCH", "/api/projects/99999999/", json={"title": "Nobody"})
    talk("anonymous", "GET", f"/api/projects/{pid}/", who=None)
    talk("bad token", "GET", f"/api/projects/{pid}/", headers={"Authorization": f"Token {'0' * 40}"})
    talk("x-api-key", "GET", f"/api/projects/{pid}/", who=None, headers={"X-Api-Key": talk.token}, kind="project")
    talk("wrong method", "PUT", "/api/projects/", json={})
    talk("delete", "DELETE", f"/api/projects/{form}/")
    talk("get deleted", "GET", f"/api/projects/{form}/")


def label_configs(talk: Talk) -> None:
    for name, config in BROKEN_CONFIGS.items():
        talk(f"validate {name}", "POST", "/api/projects/validate", json={"label_config": config}, who=None)
        talk(f"create with {name}", "POST", "/api/projects/", json={"title": "Broken", "label_config": config}, kind="project")
    for name, config in GOOD_CONFIGS.items():
        talk(f"validate {name}", "POST", "/api/projects/validate", json={"label_config": config}, who=None)
        talk(f"create {name}", "POST", "/api/projects/", json={"title": f"Good {name}", "label_config": config}, kind="project")
    pid = talk.project("Changing config", SENTIMENT)
    first, _ = talk.tasks(pid, [{"review_text": "a"}, {"review_text": "b"}])
    talk("annotate", "POST", f"/api/tasks/{first}/annotations/", json={"result": [choice("Positive")]}, kind="annotation")
    talk("summary", "GET", f"/api/projects/{pid}/summary/", kind="project")
    fewer = SENTIMENT.replace('<Choice value="Positive"/>', "")
    more = SENTIMENT.replace("<Choices", '<TextArea name="why" toName="text"/><Choices')
    other = SENTIMENT.replace("sentiment", "mood")
    for name, config in {
        "same": SENTIMENT,
        "a label less": fewer,
        "a control more": more,
        "another name": other,
        "unclosed": "<View>",
    }.items():
        talk(f"check {name}", "POST", f"/api/projects/{pid}/validate/", json={"label_config": config})
        talk(f"change to {name}", "PATCH", f"/api/projects/{pid}/", json={"label_config": config}, kind="project")
    talk(
        "other data key",
        "PATCH",
        f"/api/projects/{pid}/",
        json={"label_config": SENTIMENT.replace("$review_text", "$body")},
        kind="project",
    )
    talk("reset summary", "POST", f"/api/projects/{pid}/summary/reset/", json={})
    talk("summary after reset", "GET", f"/api/projects/{pid}/summary/", kind="project")
    talk("sample task", "POST", f"/api/projects/{pid}/sample-task", json={"label_config": SENTIMENT}, skip=("sample_task",))
    talk("model versions, none", "GET", f"/api/projects/{pid}/model-versions")
