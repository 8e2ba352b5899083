"""Every Python script of the tutorial, run as a user would: with our client, and with the official ones where they can run it.

The scripts in `tutorial/` are as the tutorial prints them; only the address, the key and the project's number are put in, and for
our client the import line. (Its ML-backend script is tested elsewhere.)
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compat.official import WITH_CLIENT, python_of
from labelwright import Client, Project
from live import LiveServer

SCRIPTS = Path(__file__).parent / "tutorial"
OFFICIAL = [pytest.param(version, marks=[pytest.mark.official_sdk, pytest.mark.slow]) for version in WITH_CLIENT]
EVERYBODY = ["labelwright", *OFFICIAL]
OURS_ONLY = ["labelwright"]
"""The official clients call this argument `id`, or do not know it, and so cannot run the script as it is printed."""

RunScript = Callable[..., str]


@pytest.fixture
def ls(live_server: LiveServer) -> Client:
    return Client(live_server.url, live_server.token, progress=False)


@pytest.fixture
def run(live_server: LiveServer, tmp_path: Path) -> RunScript:
    """Runs a script of the tutorial with an SDK, before and after it what a test adds; gives what it printed."""

    def run_script(sdk: str, name: str, project_id: int = 0, before: str = "", after: str = "") -> str:
        text = "\n".join([before, (SCRIPTS / name).read_text() if name else "", after])
        text = text.replace("http://localhost:8080", live_server.url).replace("your-api-key", live_server.token)
        text = text.replace("project_id=1", f"project_id={project_id}")
        python = Path(sys.executable) if sdk == "labelwright" else python_of(sdk)
        if sdk == "labelwright":
            text = text.replace("from label_studio_sdk import", "from labelwright import")
        script = tmp_path / "script.py"
        script.write_text(text)
        done = subprocess.run([str(python), str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run_script


CONNECT = """
from label_studio_sdk import Client
project = Client(url="http://localhost:8080", api_key="your-api-key").get_project({})
"""


def reviews(ls: Client, count: int) -> tuple[Project, list[int]]:
    """The tutorial's project with tasks of its shape."""
    config = (SCRIPTS / "create.txt").read_text().split('"""')[1]
    project = ls.start_project(title="Product Review Sentiment", label_config=config)
    return project, project.import_tasks([{"data": {"review_text": f"review {number}"}} for number in range(count)])


def label(project: Project, task: int, value: str) -> None:
    result = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [value]}}
    project.create_annotation(task, [result])


@pytest.mark.parametrize("sdk", EVERYBODY)
def test_a_project_is_created_and_filled(sdk: str, run: RunScript, ls: Client) -> None:
    printed = run(sdk, "create.txt").split()
    assert printed[:2] == ["Project", "created:"]
    project = ls.get_project(int(printed[2]))
    assert project.title == "Product Review Sentiment"
    assert [task["data"]["review_text"] for task in project.tasks] == [
        "This product exceeded my expectations!",
        "Terrible quality, broke after one day.",
        "It works as described. Nothing special.",
    ]


@pytest.mark.parametrize("sdk", EVERYBODY)
def test_each_labeling_interface_makes_a_project(sdk: str, run: RunScript) -> None:
    after = """
from label_studio_sdk import Client
ls = Client(url="http://localhost:8080", api_key="your-api-key")
for config in (image_config, detection_config, ner_config, summary_config):
    project = ls.start_project(title="Interface", label_config=config)
    tasks = project.import_tasks([{"image_url": "http://example.com/a.png", "text": "t"}])
    print(sorted(project.parsed_label_config), len(tasks))
"""
    assert run(sdk, "interfaces.txt", after=after).split("\n")[:4] == [
        "['category'] 1",
        "['label'] 1",
        "['label'] 1",
        "['summary'] 1",
    ]


@pytest.mark.parametrize("sdk", OURS_ONLY)
def test_ten_thousand_reviews_go_in_and_labels_come_out(sdk: str, run: RunScript, ls: Client, tmp_path: Path) -> None:
    project, ids = reviews(ls, 3)
    for task, value in zip(ids, ("Positive", "Negative", "Neutral"), strict=True):
        label(project, task, value)
    (tmp_path / "reviews_10k.json").write_text(json.dumps([{"text": f"review {number}"} for number in range(10_000)]))
    printed = run(sdk, "bulk.txt", project_id=project.id).splitlines()
    assert printed[0] == "Imported 500/10000"
    assert printed[-3:] == ["Imported 10000/10000", "Exported 3 annotated tasks", "Training examples: 3"]
    assert len(project.tasks) == 10_003


@pytest.mark.parametrize("sdk", EVERYBODY)
def test_reviews_are_flagged_and_agreement_is_computed(sdk: str, run: RunScript, ls: Client) -> None:
    project, ids = reviews(ls, 12)
    for number, task in enumerate(ids[:10]):
        label(project, task, "Positive")
        if number < 4:
            label(project, task, "Positive" if number else "Negative")
    printed = run(sdk, "quality.txt", before=CONNECT.format(project.id), after="setup_review_queue(project)")
    assert printed.splitlines() == ["Agreement: 75.00% across 4 tasks", "Flagged 2/10 tasks for review"]
    assert sum(task["meta"] == {"needs_review": True} for task in project.tasks) == 2


@pytest.mark.parametrize("sdk", EVERYBODY)
def test_the_pipeline_sees_new_annotations(sdk: str, run: RunScript, ls: Client) -> None:
    project, ids = reviews(ls, 4)
    label(project, ids[0], "Positive")
    submit = "Client(url='http://localhost:8080', api_key='your-api-key').get_project({0}).create_annotation({1}, result=[])"
    after = f"""
rounds = iter([{ids[1:3]}, [], None])
def sleep(seconds):
    new = next(rounds)
    if new is None:
        raise SystemExit
    for task in new:
        {submit.format(project.id, "task")}
time.sleep = sleep
annotation_pipeline({project.id})
"""
    assert run(sdk, "pipeline.txt", after=after).splitlines() == ["1 new annotations. Total: 1", "2 new annotations. Total: 3"]


@pytest.mark.parametrize("sdk", OURS_ONLY)
def test_tasks_come_in_pages(sdk: str, run: RunScript, ls: Client) -> None:
    project, _ = reviews(ls, 120)
    first, second = "project.get_tasks(page=1, page_size=100)", "project.get_tasks(page=2, page_size=100)"
    after = f"print(len({first}), len({second}), len(project.get_tasks()))"
    assert run(sdk, "", before=CONNECT.format(project.id), after=after).split() == ["100", "20", "120"]


@pytest.mark.parametrize("sdk", EVERYBODY)
def test_each_export_type_of_the_tutorial_works(sdk: str, run: RunScript, ls: Client) -> None:
    configs: dict[str, str] = {}
    exec((SCRIPTS / "interfaces.txt").read_text(), configs)
    for form, config in {"CSV": "image_config", "COCO": "detection_config", "CONLL2003": "ner_config"}.items():
        project = ls.start_project(title=f"Export {form}", label_config=configs[config])
        (task,) = project.import_tasks([{"image_url": "http://127.0.0.1:9/a.png", "text": "Ada"}])
        project.create_annotation(task, [])
        after = f"print(project.export_tasks(export_type='{form}', export_location='out/{form}').stat().st_size > 10)"
        assert run(sdk, "", before=CONNECT.format(project.id), after=after).strip() == "True"
