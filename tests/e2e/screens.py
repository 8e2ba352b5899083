"""Every screen with its address, and sample data: plain, none at all, and longer than any designer hopes for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx
from projects import Project, picture

from ml_server import ModelServer, first_choice

CHOICES = """<View>
  <Text name="text" value="$text"/>
  <Choices name="topic" toName="text" choice="single">
    <Choice value="Complaint"/><Choice value="Question"/><Choice value="Praise"/>
  </Choices>
</View>"""
BOXES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image"><Label value="Car"/><Label value="Person"/></RectangleLabels>
</View>"""
ENTITIES = """<View>
  <Labels name="label" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="text" value="$text"/>
</View>"""
EVERYTHING = """<View>
  <Header value="Read, then answer"/>
  <Text name="text" value="$text"/>
  <Choices name="tone" toName="text" choice="multiple"><Choice value="Warm"/><Choice value="Cold"/></Choices>
  <Rating name="stars" toName="text"/>
  <Number name="count" toName="text"/>
  <DateTime name="when" toName="text" only="date"/>
  <Taxonomy name="kind" toName="text"><Choice value="A"><Choice value="A1"/></Choice><Choice value="B"/></Taxonomy>
  <TextArea name="note" toName="text" placeholder="A note" maxSubmissions="1"/>
</View>"""

WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4
SENTENCE = "The parcel came two days late, but the support was friendly and quick to answer. "
LONG_CONFIG = f"""<View>
  <Header value="{WORD}"/>
  <Text name="text" value="$text"/>
  <Choices name="topic" toName="text" choice="multiple">
    {"".join(f'<Choice value="{n} {WORD[:60]}"/>' for n in range(8))}
    {"".join(f'<Choice value="{n} {SENTENCE * 2}"/>' for n in range(8, 24))}
  </Choices>
</View>"""
LONG_LABELS = f"""<View>
  <Labels name="label" toName="text">{"".join(f'<Label value="{n} {WORD[:60]}"/>' for n in range(24))}</Labels>
  <Text name="text" value="$text"/>
</View>"""
LONG_TITLE = "Donaudampfschifffahrtsgesellschaftskapitänsmützen"


@dataclass(frozen=True)
class Samples:
    """Projects to look at, each with tasks but `empty`."""

    choices: Project
    boxes: Project
    entities: Project
    everything: Project
    empty: Project
    long: Project
    long_labels: Project
    models: Project
    """With connected models, one of them gone, and webhooks."""


def make(api: httpx.Client, title: str, config: str, tasks: list[dict[str, Any]] | None = None, **fields: Any) -> Project:
    answer = api.post("/api/projects", json={"title": title, "label_config": config, **fields})
    assert answer.status_code == 201, answer.text
    project = Project(api, answer.json()["id"])
    if tasks:
        answer = api.post(f"/api/projects/{project.id}/import", json=tasks)
        assert answer.status_code == 201, answer.text
    return project


def make_samples(api: httpx.Client) -> Samples:
    texts = [{"text": f"{n}. {SENTENCE}"} for n in range(1, 31)]
    boxes = make(api, "Street scenes", BOXES)
    files = [(f"{n}.png", (f"{n}.png", picture(n), "image/png")) for n in range(3)]
    assert api.post(f"/api/projects/{boxes.id}/import", files=files).status_code == 201
    choices = make(api, "Support mails", CHOICES, texts, description="What people write to us about.")
    item = {"from_name": "topic", "to_name": "text", "type": "choices", "value": {"choices": ["Praise"]}}
    for task in choices.task_ids()[-4:]:
        assert api.post(f"/api/tasks/{task}/annotations", json={"result": [item]}).status_code == 201
    long = {"text": f"{WORD} {SENTENCE * 40}", WORD: WORD, **{f"column {n}": SENTENCE for n in range(12)}}
    instruction = f"<h2>{WORD}</h2><p>{SENTENCE * 30}</p>"
    return Samples(
        choices=choices,
        boxes=boxes,
        entities=make(api, "Names and places", ENTITIES, texts),
        everything=make(api, "Everything", EVERYTHING, texts),
        empty=make(api, "Nothing yet", CHOICES),
        long=make(api, LONG_TITLE, LONG_CONFIG, [long] * 3, description=WORD + SENTENCE * 8, expert_instruction=instruction),
        long_labels=make(api, f"{LONG_TITLE}!", LONG_LABELS, [long] * 3),
        models=make_models(api, texts),
    )


def make_models(api: httpx.Client, texts: list[dict[str, Any]]) -> Project:
    """One model answered half of the tasks well and the others wrong; both models and the receiver of the webhook are gone."""
    project = make(api, "With models", CHOICES)
    with ModelServer() as well, ModelServer() as gone:
        well.predict = half_wrong
        for model, title, description in ((well, "Topics", ""), (gone, f"Gone {WORD[:60]}", SENTENCE * 3)):
            fields = {"project": project.id, "url": model.url, "title": title, "description": description}
            assert api.post("/api/ml", json=fields).status_code == 201
        assert api.post(f"/api/projects/{project.id}/import", json=texts).status_code == 201
        wait_for_jobs(api, project)
    for model in api.get("/api/ml", params={"project": project.id}).json():  # asks them: nobody is there any more
        assert model["state"] == "DI", model
    hook = {"project": project.id, "url": f"http://127.0.0.1:9/{WORD[:90]}", "secret": "s", "headers": {"X-Team": "labels"}}
    made = api.post("/api/webhooks", json=hook)
    assert made.status_code == 201, made.text
    assert api.post(f"/api/webhooks/{made.json()['id']}/test").json()["state"] == "failed"
    return project


def half_wrong(body: dict[str, Any]) -> Any:
    answer = first_choice(body)
    wrong = {"from_name": WORD[:40], "to_name": "text", "type": "choices", "value": {"choices": ["Praise"]}}
    return {"results": [{"result": [wrong]} if n % 2 else each for n, each in enumerate(answer["results"])]}


def wait_for_jobs(api: httpx.Client, project: Project) -> None:
    deadline_s = time.monotonic() + 60
    while any(job["state"] in ("queued", "running") for job in api.get(f"/api/projects/{project.id}/jobs").json()):
        assert time.monotonic() < deadline_s, "the jobs do not end"
        time.sleep(0.05)


SETTINGS = ("general", "interface", "instructions", "model", "webhooks", "members", "danger")
ACCOUNT = ("profile", "tokens", "appearance", "hotkeys")


def project_screens(project: Project) -> dict[str, str]:
    """Name → address of the screens of a project."""
    root = f"/projects/{project.id}"
    return {
        "data": f"{root}/data",
        "label": f"{root}/label",
        **{f"settings-{section}": f"{root}/settings/{section}" for section in SETTINGS},
    }


GENERAL = {
    "projects": "/projects/",
    "new-project": "/projects/new",
    "new-project-sample": "/projects/new?sample=texts",
    **{f"account-{section}": f"/user/account/{section}" for section in ACCOUNT},
    "organization": "/organization/",
    "nowhere": "/projects/no/such/page",
    "no-project": "/projects/99999999/data",
}
DOORS = {"login": "/user/login/", "signup": "/user/signup/"}
"""Screens for those who are not logged in."""

SETTLED = """() => document.querySelector("h1, h2")
  && !document.querySelector("[aria-busy=true], [role=status][aria-label^=Loading]")"""
"""Whether a screen shows what it has to show, for `page.wait_for_function`."""
