"""Drives a server with the official SDK's `LabelStudio` (2.x) and prints what it saw as JSON.

Run in that SDK's own environment: `python modern.py URL TOKEN RUN`. Each section stands alone; one that raises
says so in its place.
"""

import json
import sys
import tempfile
import traceback
from pathlib import Path

from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.data_manager import Column, Filters, Operator, Type
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.label_interface.create import choices

CONFIG = """
<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text" choice="single"><Choice value="Good"/><Choice value="Bad"/></Choices></View>
"""


def mood(value):
    return [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [value]}}]


def filled(ls, title, count=3):
    project = ls.projects.create(title=title, label_config=CONFIG)
    rows = [{"data": {"text": f"text {number}", "n": number}} for number in range(count)]
    made = ls.projects.import_tasks(id=project.id, request=rows, return_task_ids=True)
    return project, list(made.task_ids)


def refused(call):
    try:
        call()
    except ApiError as error:
        return error.status_code
    return "allowed"


def projects(ls):
    made = ls.projects.create(title="Modern project", label_config=CONFIG, description="about")
    got = ls.projects.get(id=made.id)
    changed = ls.projects.update(id=made.id, title="Renamed project", maximum_annotations=2)
    checked = ls.projects.validate_label_config(id=made.id, label_config=CONFIG)
    seen = {
        "got": [got.title, got.description, got.task_number],
        "changed": [changed.title, changed.maximum_annotations],
        "listed": made.id in [item.id for item in ls.projects.list()],
        "checked": type(checked).__name__,
        "bad config": refused(lambda: ls.projects.validate_label_config(id=made.id, label_config="<View>")),
        "interface": [tag.name for tag in got.get_label_interface().controls],
        "counts": made.id in [item.id for item in ls.projects.list_counts(ids=str(made.id)).results],
    }
    ls.projects.delete(id=made.id)
    seen["get after delete"] = refused(lambda: ls.projects.get(id=made.id))
    return seen


def imports(ls):
    project = ls.projects.create(title="Modern imports", label_config=CONFIG)
    full = {
        "data": {"text": "answered"},
        "annotations": [{"result": mood("Good")}],
        "predictions": [{"result": mood("Bad"), "score": 0.5, "model_version": "v1"}],
    }
    made = ls.projects.import_tasks(id=project.id, request=[full, {"data": {"text": "b"}}], return_task_ids=True)
    guessed = ls.projects.import_tasks(id=project.id, request=[{"text": "p", "mood": "Good"}], preannotated_from_fields=["mood"])
    predicted = ls.projects.import_predictions(
        id=project.id, request=[{"task": made.task_ids[1], "result": mood("Bad"), "score": 0.25}]
    )
    return {
        "counts": [made.task_count, made.annotation_count, made.prediction_count, len(made.task_ids)],
        "preannotated": [guessed.task_count, guessed.prediction_count],
        "predicted": predicted.created,
        "wrong key": refused(lambda: ls.projects.import_tasks(id=project.id, request=[{"nope": 1}])),
    }


def tasks(ls):
    project, ids = filled(ls, "Modern tasks", 5)
    made = ls.tasks.create(project=project.id, data={"text": "created"})
    got = ls.tasks.get(id=str(made.id))
    changed = ls.tasks.update(id=str(made.id), data={"text": "changed"}, meta={"needs_review": True})
    listed = list(ls.tasks.list(project=project.id, fields="all"))
    seen = {
        "created": [made.data, made.project == project.id],
        "got": [got.data, got.is_labeled],
        "changed": [changed.data, changed.meta],
        "listed": [task.id for task in listed] == [*ids, made.id],
        "paged": [task.id for task in ls.tasks.list(project=project.id, page_size=2)] == [*ids, made.id],
    }
    ls.tasks.delete(id=str(made.id))
    seen["get after delete"] = refused(lambda: ls.tasks.get(id=str(made.id)))
    equal = Filters.item(Column.data("text"), Operator.EQUAL, Type.String, Filters.value("text 2"))
    query = json.dumps({"filters": Filters.create(Filters.AND, [equal])})
    seen["filtered"] = [task.id == ids[2] for task in ls.tasks.list(project=project.id, query=query)]
    ls.tasks.delete_all_tasks(id=project.id)
    seen["none left"] = list(ls.tasks.list(project=project.id))
    return seen


def annotations(ls):
    _, ids = filled(ls, "Modern annotations")
    made = ls.annotations.create(id=ids[0], result=mood("Good"), lead_time=3.5, was_cancelled=False)
    skipped = ls.annotations.create(id=ids[1], result=[], was_cancelled=True)
    changed = ls.annotations.update(id=made.id, result=mood("Bad"), ground_truth=True)
    seen = {
        "made": [made.result[0]["value"], made.lead_time, made.task == ids[0]],
        "skipped": skipped.was_cancelled,
        "changed": [changed.result[0]["value"], changed.ground_truth],
        "listed": [item.id == made.id for item in ls.annotations.list(id=ids[0])],
        "got": ls.annotations.get(id=made.id).result[0]["value"],
        "labeled": ls.tasks.get(id=str(ids[0])).is_labeled,
    }
    ls.annotations.delete(id=made.id)
    seen["get after delete"] = refused(lambda: ls.annotations.get(id=made.id))
    return seen


def predictions(ls):
    project, ids = filled(ls, "Modern predictions")
    made = ls.predictions.create(task=ids[0], result=mood("Good"), score=0.75, model_version="v1")
    changed = ls.predictions.update(id=made.id, score=0.5)
    seen = {
        "made": [made.result[0]["value"], made.score, made.model_version, made.task == ids[0]],
        "changed": changed.score,
        "got": ls.predictions.get(id=made.id).score,
        "of task": [item.id == made.id for item in ls.predictions.list(task=ids[0])],
        "of project": len(ls.predictions.list(project=project.id)),
    }
    ls.predictions.delete(id=made.id)
    seen["left"] = ls.predictions.list(task=ids[0])
    return seen


def exports(ls, folder):
    project, ids = filled(ls, "Modern exports")
    ls.annotations.create(id=ids[0], result=mood("Good"))

    def download(**options):
        return b"".join(ls.projects.exports.download_sync(id=project.id, **options)).decode()

    seen = {
        "formats": {"JSON", "JSON_MIN", "CSV", "TSV"}
        <= {form if isinstance(form, str) else form["name"] for form in formats(ls, project)},
        "JSON": [task["id"] == ids[0] for task in json.loads(download(export_type="JSON"))],
        "all": len(json.loads(download(export_type="JSON", download_all_tasks=True))),
        "CSV": download(export_type="CSV").splitlines()[0].replace('"', "").split(","),
        "as_json": len(ls.projects.exports.as_json(project.id)),
        "as_pandas": sorted(ls.projects.exports.as_pandas(project.id).columns),
    }
    made = ls.projects.exports.create(id=project.id, title="Modern snapshot")
    got = ls.projects.exports.get(id=project.id, export_pk=made.id)
    seen["snapshot"] = [made.title, str(got.status)]
    seen["listed"] = [item.id == made.id for item in ls.projects.exports.list(id=project.id)]
    content = b"".join(ls.projects.exports.download(id=project.id, export_pk=made.id, export_type="JSON"))
    seen["downloaded"] = len(json.loads(content))
    converted = ls.projects.exports.convert(id=project.id, export_pk=made.id, export_type="CSV")
    seen["converted"] = converted.export_type
    ls.projects.exports.delete(id=project.id, export_pk=made.id)
    seen["left"] = ls.projects.exports.list(id=project.id)
    return seen


def formats(ls, project):
    answer = ls._client_wrapper.httpx_client.request(f"api/projects/{project.id}/export/formats", method="GET")
    return answer.json()


def views(ls):
    project, ids = filled(ls, "Modern views", 4)
    equal = Filters.item(Column.data("text"), Operator.EQUAL, Type.String, Filters.value("text 2"))
    view = ls.views.create(project=project.id, data={"title": "One", "filters": Filters.create(Filters.AND, [equal])})
    seen = {
        "tasks": [task.id == ids[2] for task in ls.tasks.list(view=view.id)],
        "listed": [item.id == view.id for item in ls.views.list(project=project.id)],
        "renamed": ls.views.update(id=str(view.id), project=project.id, data={"title": "Two"}).id == view.id,
        "got": ls.views.get(id=str(view.id)).project == project.id,
        "actions": {"delete_tasks", "predictions_to_annotations"}
        <= {action.id for action in ls.actions.list(project=project.id)},
    }
    ls.views.delete(id=str(view.id))
    ls.views.delete_all(project=project.id)
    seen["left"] = ls.views.list(project=project.id)
    ls.actions.create(id="delete_tasks", project=project.id, selected_items={"all": False, "included": ids[:1]})
    seen["after delete_tasks"] = [task.id for task in ls.tasks.list(project=project.id)] == ids[1:]
    return seen


def users(ls, run):
    email = f"modern-{run}@example.com"
    made = ls.users.create(username=email, email=email, first_name="Mo")
    seen = {
        "whoami": ls.users.whoami().email,
        "made": [made.email == email, made.first_name],
        "listed": email in [user.email for user in ls.users.list()],
        "changed": ls.users.update(id=made.id, first_name="Changed").first_name,
        "got": ls.users.get(id=made.id).first_name,
        "token": len(ls.users.get_token().token),
        "organizations": len(ls.organizations.list()) > 0,
        "edition": ls.versions.get().edition,
    }
    ls.users.delete(id=made.id)
    seen["get after delete"] = refused(lambda: ls.users.get(id=made.id))
    return seen


def tokens(ls, url):
    for old in ls.tokens.list():
        ls.tokens.blacklist(refresh=old.token)
    made = ls.tokens.create().token
    personal = LabelStudio(base_url=url, api_key=made)
    seen = {
        "second": refused(ls.tokens.create),
        "listed": [made.startswith(item.token) for item in ls.tokens.list()],
        "signed in": personal.users.whoami().email,
        "access": bool(ls.tokens.refresh(refresh=made).access),
    }
    rotated = ls.tokens.rotate(refresh=made).refresh
    seen["old one"] = refused(lambda: ls.tokens.refresh(refresh=made))
    seen["rotated"] = LabelStudio(base_url=url, api_key=rotated).users.whoami().email
    ls.tokens.blacklist(refresh=rotated)
    seen["blacklisted"] = refused(lambda: ls.tokens.refresh(refresh=rotated))
    seen["left"] = ls.tokens.list()
    return seen


def interfaces(ls):
    config = LabelInterface.create({"text": "Text", "mood": choices(["Good", "Bad"])})
    project = ls.projects.create(title="Modern interface", label_config=config)
    interface = ls.projects.get(id=project.id).get_label_interface()
    sample = interface.generate_sample_task()
    made = ls.tasks.create(project=project.id, data=sample.get("data", sample))
    return {
        "controls": [tag.name for tag in interface.controls],
        "labels": sorted(interface.get_control("mood").labels),
        "object": [tag.value_name for tag in interface.objects],
        "sample": list(made.data),
    }


def main(url, token, run):
    ls = LabelStudio(base_url=url, api_key=token)
    folder = Path(tempfile.mkdtemp())
    sections = {
        "projects": lambda: projects(ls),
        "imports": lambda: imports(ls),
        "tasks": lambda: tasks(ls),
        "annotations": lambda: annotations(ls),
        "predictions": lambda: predictions(ls),
        "exports": lambda: exports(ls, folder),
        "views": lambda: views(ls),
        "users": lambda: users(ls, run),
        "tokens": lambda: tokens(ls, url),
        "interfaces": lambda: interfaces(ls),
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
