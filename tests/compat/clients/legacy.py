"""Drives a server with the official SDK's `Client` (0.0.34, or 1.0.x where it lives on) and prints what it saw as JSON.

Run in that SDK's own environment: `python legacy.py URL TOKEN RUN`. Each section stands alone; one that raises
says so in its place.
"""

import json
import sys
import tempfile
import traceback
from pathlib import Path

from label_studio_sdk import Client
from label_studio_sdk.data_manager import Column, Filters, Operator, Type

CONFIG = """
<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text" choice="single"><Choice value="Good"/><Choice value="Bad"/></Choices></View>
"""
BOXES = """
<View><Image name="image" value="$image"/>
<RectangleLabels name="label" toName="image"><Label value="Car"/><Label value="Dog"/></RectangleLabels></View>
"""
NER = '<View><Labels name="label" toName="text"><Label value="Person"/></Labels><Text name="text" value="$text"/></View>'


def mood(value):
    return [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [value]}}]


def filled(ls, title, count=3):
    project = ls.start_project(title=title, label_config=CONFIG)
    return project, project.import_tasks([{"data": {"text": f"text {number}", "n": number}} for number in range(count)])


def connection(ls):
    user = ls.get_users()[0]
    return {
        "health": ls.check_connection()["status"],
        "versions": "release" in ls.get_versions(),
        "enterprise": ls.is_enterprise,
        "user": type(user).__name__,
        "organization": bool(ls.get_organization()["title"]),
    }


def projects(ls):
    project = ls.start_project(title="Legacy project", label_config=CONFIG, description="about")
    again = ls.get_project(project.id)
    project.set_params(title="Renamed project", maximum_annotations=2)
    listed = [item.id for item in ls.list_projects()]
    seen = {
        "title": again.title,
        "description": again.get_params()["description"],
        "renamed": ls.get_project(project.id).title,
        "listed": project.id in listed,
        "listed by get_projects": project.id in [item.id for item in ls.get_projects()],
        "maximum_annotations": project.get_params()["maximum_annotations"],
        "controls": sorted(again.parsed_label_config),
        "labels": again.parsed_label_config["mood"]["labels"],
    }
    seen["deleted"] = ls.delete_project(project.id).status_code
    seen["gone"] = project.id not in [item.id for item in ls.list_projects()]
    try:
        ls.get_project(project.id)
    except Exception as error:
        seen["get after delete"] = type(error).__name__
    try:
        ls.start_project(title="Broken", label_config="<View>")
    except Exception as error:
        seen["broken config"] = error.response.status_code
    return seen


def imports(ls, folder):
    project = ls.start_project(title="Legacy imports", label_config=CONFIG)
    full = {
        "data": {"text": "answered"},
        "annotations": [{"result": mood("Good"), "lead_time": 2.5}],
        "predictions": [{"result": mood("Bad"), "score": 0.5, "model_version": "v1"}],
    }
    seen = {
        "list": len(project.import_tasks([{"text": "a"}, {"data": {"text": "b"}}])),
        "dict": len(project.import_tasks({"text": "c"})),
        "answered": len(project.import_tasks([full])),
        "preannotated": len(project.import_tasks([{"text": "p", "mood": "Good"}], preannotated_from_fields=["mood"])),
    }
    for name, text in {
        "t.json": '[{"text": "j1"}, {"text": "j2"}]',
        "t.csv": "text,n\nx,1\ny,2\nz,3\n",
        "t.txt": "one\ntwo\n",
    }.items():
        path = Path(folder) / name
        path.write_text(text)
        seen[name] = len(project.import_tasks(str(path)))
    tasks = project.get_tasks()
    answered = next(task for task in tasks if task["data"]["text"] == "answered")
    guessed = next(task for task in tasks if task["data"]["text"] == "p")
    seen["total"] = len(tasks)
    seen["annotation"] = answered["annotations"][0]["result"][0]["value"]
    seen["prediction"] = [answered["predictions"][0]["model_version"], answered["predictions"][0]["score"]]
    seen["preannotation"] = guessed["predictions"][0]["result"][0]["value"]
    try:
        project.import_tasks([{"nope": 1}])
    except Exception as error:
        seen["wrong key"] = [error.response.status_code, "key is expected in task data" in error.response.text]
    return seen


def tasks(ls):
    project, ids = filled(ls, "Legacy tasks", 7)
    page = project.get_paginated_tasks(page=2, page_size=3)
    changed = project.update_task(ids[0], meta={"needs_review": True}, data={"text": "changed", "n": 0})
    seen = {
        "all": len(project.get_tasks()),
        "property": len(project.tasks),
        "ids": project.tasks_ids == ids and project.get_tasks_ids() == ids,
        "page": [task["id"] for task in page["tasks"]] == ids[3:6],
        "page total": page["total"],
        "past the end": project.get_paginated_tasks(page=9, page_size=3),
        "selected": [task["id"] for task in project.get_tasks(selected_ids=ids[1:3])] == ids[1:3],
        "ordered": project.get_tasks(ordering=["-tasks:id"], only_ids=True) == ids[::-1],
        "changed": [changed["meta"], changed["data"]["text"]],
        "read": project.get_task(ids[0])["meta"],
        "delete one": project.delete_task(ids[6]).status_code,
        "delete some": project.delete_tasks(ids[:2]).status_code,
    }
    seen["left"] = project.get_tasks_ids() == ids[2:6]
    project.delete_all_tasks(excluded_ids=[ids[2]])
    seen["left at the end"] = project.get_tasks_ids() == [ids[2]]
    project.delete_all_tasks()
    seen["empty"] = project.get_tasks()
    return seen


def annotations(ls):
    project, ids = filled(ls, "Legacy annotations")
    made = project.create_annotation(ids[0], result=mood("Good"), lead_time=3.5)
    skipped = project.create_annotation(ids[1], result=[], was_cancelled=True)
    changed = project.update_annotation(made["id"], result=mood("Bad"), ground_truth=True)
    seen = {
        "made": [made["result"][0]["value"], made["lead_time"], made["task"] == ids[0], made["was_cancelled"]],
        "skipped": skipped["was_cancelled"],
        "changed": [changed["result"][0]["value"], changed["ground_truth"]],
        "listed": [item["id"] == made["id"] for item in project.list_annotations(ids[0])],
        "got": project.get_annotation(made["id"])["id"] == made["id"],
        "labeled": project.get_labeled_tasks_ids() == [ids[0]],
        "labeled tasks": [task["id"] for task in project.get_labeled_tasks()] == [ids[0]],
        "unlabeled": project.get_unlabeled_tasks_ids() == ids[1:],
        "labeled flag": project.get_task(ids[0])["is_labeled"],
    }
    seen["deleted"] = project.delete_annotation(made["id"])
    seen["none left"] = project.list_annotations(ids[0])
    seen["none labeled"] = project.get_labeled_tasks()
    return seen


def predictions(ls):
    project, ids = filled(ls, "Legacy predictions")
    whole = project.create_prediction(ids[0], result=mood("Good"), score=0.75, model_version="v1")
    short = project.create_prediction(ids[1], result="Bad", score=0.5, model_version="v1")
    object_ = project.create_prediction(ids[1], result={"choices": ["Good"]}, model_version="v2")
    many = project.create_predictions([{"task": ids[2], "result": mood("Bad"), "score": 0.25, "model_version": "v2"}])
    project.set_model_version("v2")
    turned = project.create_annotations_from_predictions("v1")
    return {
        "whole": [whole["result"][0]["value"], whole["score"], whole["model_version"]],
        "short": short["result"][0]["value"],
        "object": object_["result"][0]["value"],
        "many": many,
        "versions": project.get_model_versions(),
        "chosen": project.get_params()["model_version"],
        "turned": turned,
        "annotated": project.get_labeled_tasks_ids() == ids[:2],
    }


def views(ls):
    project, ids = filled(ls, "Legacy views", 5)
    project.create_annotation(ids[4], result=mood("Good"))

    def found(*items, conjunction=Filters.AND):
        return [
            ids.index(number) for number in project.get_tasks(filters=Filters.create(conjunction, list(items)), only_ids=True)
        ]

    equal = Filters.item(Column.data("text"), Operator.EQUAL, Type.String, Filters.value("text 2"))
    large = Filters.item(Column.data("n"), Operator.GREATER, Type.Number, Filters.value(2))
    between = Filters.item(Column.data("n"), Operator.IN, Type.Number, Filters.value(1, 2))
    annotated = Filters.item(Column.total_annotations, Operator.GREATER, Type.Number, Filters.value(0))
    view = project.create_view(Filters.create(Filters.OR, [equal, large]), title="Two of them")
    seen = {
        "equal": found(equal),
        "greater": found(large),
        "between": found(between),
        "annotated": found(annotated),
        "and": found(large, annotated),
        "or": found(equal, large, conjunction=Filters.OR),
        "contains": found(Filters.item(Column.data("text"), Operator.CONTAINS, Type.String, Filters.value("3"))),
        "empty": found(Filters.item(Column.completed_at, Operator.EMPTY, Type.Datetime, Filters.value(True))),
        "id in list": found(Filters.item(Column.id, Operator.IN_LIST, Type.List, ids[1:3]))
        if hasattr(Operator, "IN_LIST")
        else [1, 2],
        "view": [ids.index(number) for number in project.get_tasks(view_id=view["id"], only_ids=True)],
        "listed": [item["data"]["title"] for item in project.get_views()],
    }
    project.delete_view(view["id"])
    seen["left"] = project.get_views()
    return seen


def exports(ls, folder):
    project, ids = filled(ls, "Legacy exports")
    project.create_annotation(ids[0], result=mood("Good"))
    path = project.export_tasks("CSV", export_location=str(Path(folder) / "out" / "e.csv"))
    seen = {
        "JSON": [task["id"] == ids[0] for task in project.export_tasks("JSON")],
        "result": project.export_tasks()[0]["annotations"][0]["result"][0]["value"],
        "all": len(project.export_tasks("JSON", download_all_tasks=True)),
        "JSON_MIN": project.export_tasks("JSON_MIN")[0]["mood"],
        "CSV": sorted(Path(path).read_text().splitlines()[0].replace('"', "").split(",")),
    }
    boxes = ls.start_project(title="Legacy COCO", label_config=BOXES)
    rectangle = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": ["Car"]}
    region = {"id": "r", "from_name": "label", "to_name": "image", "type": "rectanglelabels", "value": rectangle}
    region.update(original_width=100, original_height=200, image_rotation=0)
    boxes.import_tasks([{"data": {"image": "http://127.0.0.1:9/a.png"}, "annotations": [{"result": [region]}]}])
    path = boxes.export_tasks("COCO", export_location=str(Path(folder) / "coco.zip"))
    seen["COCO"] = Path(path).read_bytes()[:2].decode()
    ner = ls.start_project(title="Legacy CONLL", label_config=NER)
    span = {"id": "s", "from_name": "label", "to_name": "text", "type": "labels"}
    span["value"] = {"start": 0, "end": 3, "text": "Ada", "labels": ["Person"]}
    ner.import_tasks([{"data": {"text": "Ada codes"}, "annotations": [{"result": [span]}]}])
    seen["CONLL2003"] = Path(ner.export_tasks("CONLL2003", export_location=str(Path(folder) / "n.conll"))).read_text().split("\n")
    return seen


def snapshots(ls, folder):
    project, ids = filled(ls, "Legacy snapshots")
    project.create_annotation(ids[0], result=mood("Good"))
    made = project.export_snapshot_create("First")
    status, name = project.export_snapshot_download(made["id"], export_type="JSON", path=folder)
    seen = {
        "made": [made["title"], made["status"]],
        "completed": project.export_snapshot_status(made["id"]).is_completed(),
        "listed": [item["id"] == made["id"] for item in project.export_snapshot_list()],
        "downloaded": [status, name.endswith(".json"), len(json.loads((Path(folder) / name).read_text()))],
        "deleted": project.export_snapshot_delete(made["id"]),
    }
    equal = Filters.item(Column.data("text"), Operator.EQUAL, Type.String, Filters.value("text 2"))
    result = project.export(filters=Filters.create(Filters.AND, [equal]), output_dir=folder)
    exported = json.loads((Path(folder) / result["filename"]).read_text())
    seen["filtered"] = [result["status"], [task["id"] == ids[2] for task in exported]]
    return seen


def users(ls, run):
    email = f"legacy-{run}@example.com"
    made = ls.create_user({"email": email, "username": email, "first_name": "Le", "last_name": "Gacy"})
    return {
        "made": [made.email == email, made.first_name],
        "again": ls.create_user({"email": email, "username": email}),
        "listed": email in [user.email for user in ls.get_users()],
    }


def password(url):
    try:
        from label_studio_sdk._legacy.client import ClientCredentials
    except ImportError:
        from label_studio_sdk.client import ClientCredentials

    ls = Client(url=url, credentials=ClientCredentials(email="admin@example.com", password="Pass-1234!"))
    return {"users": len(ls.get_users()) > 0}


def main(url, token, run):
    ls = Client(url=url, api_key=token)
    folder = tempfile.mkdtemp()
    sections = {
        "connection": lambda: connection(ls),
        "projects": lambda: projects(ls),
        "imports": lambda: imports(ls, folder),
        "tasks": lambda: tasks(ls),
        "annotations": lambda: annotations(ls),
        "predictions": lambda: predictions(ls),
        "views": lambda: views(ls),
        "exports": lambda: exports(ls, folder),
        "snapshots": lambda: snapshots(ls, folder),
        "users": lambda: users(ls, run),
        "password": lambda: password(url),
    }
    seen = {}
    for name, section in sections.items():
        try:
            seen[name] = section()
        except Exception:
            seen[name] = {"raised": traceback.format_exc()[-1500:]}
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
