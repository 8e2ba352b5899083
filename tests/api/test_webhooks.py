"""Webhooks: what is told to whom, in which order, how often; signed, retried, logged, sent again."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from inprocess import Person, Server
from test_sql_counts import counted

import given
from labelwright.server.actions.send_delivery import sign
from labelwright.server.db.tables import webhook_deliveries, webhooks
from receiver import Received, Receiver, receiving

TASK_KEYS = given.names(
    """id data meta created_at updated_at is_labeled allow_skip overlap inner_id total_annotations cancelled_annotations
    total_predictions precomputed_agreement comment_count unresolved_comment_count last_comment_updated_at project updated_by
    file_upload comment_authors"""
)
ANNOTATION_KEYS = given.names(
    """id result was_cancelled ground_truth created_at updated_at draft_created_at lead_time prediction result_count unique_id
    import_id last_action bulk_created task project completed_by updated_by parent_prediction parent_annotation last_created_by"""
)
PROJECT_KEYS = given.names(
    """id task_number finished_task_number total_predictions_number total_annotations_number num_tasks_with_annotations
    useful_annotation_number ground_truth_number skipped_annotations_number title description label_config parsed_label_config
    label_config_hash expert_instruction show_instruction show_skip_button enable_empty_annotation
    reveal_preannotations_interactively show_annotation_history show_collab_predictions evaluate_predictions_automatically
    result_count color maximum_annotations min_annotations_to_start_training control_weights model_version data_types is_draft
    is_published created_at updated_at sampling skip_queue show_ground_truth_first annotator_evaluation_enabled
    show_overlap_first overlap_cohort_percentage task_data_login task_data_password pinned_at custom_task_lock_ttl deleted_at
    purge_at search_vector organization created_by deleted_by"""
)
"""What Label Studio 1.23.2 sends, but for the project's `token`, which opens nothing here."""


@pytest.fixture(scope="module")
def hooked(new_module_server: Callable[..., Server]) -> Server:
    """A server that may call this machine."""
    return new_module_server(LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1")


@pytest.fixture
def person(hooked: Server) -> Person:
    return hooked.sign_up()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def hook(person: Person, project_id: int, url: str, **fields: Any) -> int:
    made: int = given.ok(person.client.post("/api/webhooks", json={"project": project_id, "url": url, **fields}))["id"]
    return made


def delivered(person: Person, webhook_id: int, count: int) -> list[dict[str, Any]]:
    """The webhook's log, oldest first, as soon as `count` of it are over."""
    deadline = time.monotonic() + 20
    while True:
        log: list[dict[str, Any]] = given.ok(person.client.get(f"/api/webhooks/{webhook_id}/deliveries"))["results"]
        over = [one for one in log if one["state"] in ("delivered", "failed")]
        if len(over) >= count:
            return log[::-1]
        assert time.monotonic() < deadline, log
        time.sleep(0.02)


# ---------------------------------------------------------------- what is told
def test_a_label_is_told_with_its_task_and_project(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    task_id = given.next_id(person.client, project_id)
    assert task_id is not None
    webhook_id = hook(person, project_id, receiver.url, headers={"X-Team": "blue"})
    annotation_id = given.submit(person.client, task_id, lead_time=3.5)
    (got,) = receiver.wait(1)
    assert got.headers["content-type"] == "application/json"
    assert (got.headers["x-team"], got.headers["x-labelwright-event"]) == ("blue", "ANNOTATION_CREATED")
    body = got.body
    assert body.keys() == {"action", "annotation", "task", "project"}
    assert (body["action"], body["annotation"].keys()) == ("ANNOTATION_CREATED", ANNOTATION_KEYS)
    assert (body["task"].keys(), body["project"].keys()) == (TASK_KEYS, PROJECT_KEYS)
    told = body["annotation"]
    assert (told["id"], told["result"], told["completed_by"], told["lead_time"]) == (annotation_id, given.GOOD, person.id, 3.5)
    assert (body["task"]["total_annotations"], body["project"]["total_annotations_number"]) == (1, 1)
    (log,) = delivered(person, webhook_id, 1)
    assert (log["id"], log["state"], log["attempts"], log["status_code"]) == (got.delivery, "delivered", 1, 200)
    assert given.ok(person.client.get(f"/api/webhook-deliveries/{log['id']}"))["body"] == body


def test_every_event_of_a_project(person: Person, receiver: Receiver) -> None:
    call = person.client
    project_id = given.project(call)
    hook(person, project_id, receiver.url)
    got: list[Received] = []

    def told(count: int = 1) -> list[Any]:
        """The bodies of the next events, without their projects."""
        got.extend(receiver.wait(len(got) + count)[len(got) :])
        bodies = [one.body for one in got[-count:]]
        assert {body.pop("project")["id"] for body in bodies} == {project_id}
        return bodies

    def acted(name: str) -> None:
        everything = {"selectedItems": {"all": True, "excluded": []}}
        given.ok(call.post(f"/api/dm/actions?id={name}&project={project_id}", json=everything))

    given.ok(call.patch(f"/api/projects/{project_id}", json={"title": "Other moods"}))
    assert told() == [{"action": "PROJECT_UPDATED"}]
    item = {"data": {"text": "a"}, "annotations": [{"result": given.GOOD}], "predictions": [{"result": given.GOOD}]}
    first, second = given.import_tasks(call, project_id, [item, {"text": "b"}])
    (body,) = told()
    assert (body["action"], [task["id"] for task in body["tasks"]]) == ("TASKS_CREATED", [first, second])
    assert body["tasks"][0].keys() == TASK_KEYS
    third = given.ok(call.post("/api/tasks", json={"project": project_id, "data": {"text": "c"}}))["id"]
    assert [task["id"] for task in told()[0]["tasks"]] == [third]
    annotation_id = given.submit(call, third)
    given.ok(call.patch(f"/api/annotations/{annotation_id}", json={"result": given.BAD}))
    created, updated = told(2)
    assert (created["action"], created["annotation"]["result"]) == ("ANNOTATION_CREATED", given.GOOD)
    assert (updated["action"], updated["annotation"]["result"]) == ("ANNOTATION_UPDATED", given.BAD)
    given.ok(call.delete(f"/api/annotations/{annotation_id}"))
    assert told() == [{"action": "ANNOTATIONS_DELETED", "annotations": [{"id": annotation_id}]}]
    acted("predictions_to_annotations")
    (body,) = told()
    assert (body["action"], [task["id"] for task in body["task"]]) == ("ANNOTATIONS_CREATED", [first])
    assert body["annotation"][0].keys() == ANNOTATION_KEYS
    acted("delete_tasks_annotations")
    (body,) = told()
    assert (body["action"], len(body["annotations"])) == ("ANNOTATIONS_DELETED", 2)
    label = {"project": project_id, "title": f"new {project_id}", "value": ["new"], "from_name": "mood"}
    label_id = given.ok(call.post("/api/labels", json=[label]))[0]["id"]
    link_id = given.ok(call.get(f"/api/label_links?project={project_id}"))["results"][0]["id"]
    link = {"id": link_id, "from_name": "mood", "project": project_id, "label": label_id}
    assert told() == [{"action": "LABEL_LINK_CREATED", "label_link": [link]}]
    given.ok(call.patch(f"/api/label_links/{link_id}", json={"from_name": "other"}))
    (body,) = told()
    assert (body["action"], body["label_link"]) == ("LABEL_LINK_UPDATED", {**link, "from_name": "other"})
    assert (body["label"]["id"], body["label"]["value"]) == (label_id, ["new"])
    given.ok(call.delete(f"/api/label_links/{link_id}"))
    assert told() == [{"action": "LABEL_LINK_DELETED", "label_link": {"id": link_id}}]
    given.ok(call.delete(f"/api/tasks/{third}"))
    assert told() == [{"action": "TASKS_DELETED", "tasks": [{"id": third}]}]
    given.ok(call.delete(f"/api/projects/{project_id}/tasks"))
    assert told() == [{"action": "TASKS_DELETED", "tasks": [{"id": first}, {"id": second}]}]
    time.sleep(0.2)
    assert len(receiver.received) == len(got)


def test_only_what_was_asked_for_is_told(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    task_id = given.next_id(person.client, project_id) or 0
    hook(person, project_id, receiver.url, send_payload=False, send_for_all_actions=False, actions=["ANNOTATION_CREATED"])
    annotation_id = given.submit(person.client, task_id)
    given.ok(person.client.delete(f"/api/annotations/{annotation_id}"))
    given.submit(person.client, task_id)
    assert [one.body for one in receiver.wait(2)] == [{"action": "ANNOTATION_CREATED"}] * 2


def test_an_import_of_many_tasks_is_told_in_parts(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client)
    hook(person, project_id, receiver.url)
    ids = given.import_tasks(person.client, project_id, [{"text": str(number)} for number in range(1100)])
    told = [[task["id"] for task in one.body["tasks"]] for one in receiver.wait(3)]
    assert ([len(part) for part in told], [one for part in told for one in part]) == ([500, 500, 100], ids)


def test_what_is_rolled_back_is_not_told(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    task_id = given.next_id(person.client, project_id) or 0
    webhook_id = hook(person, project_id, receiver.url)
    given.submit(person.client, task_id, unique_id=f"once {project_id}")
    again = person.client.post(f"/api/tasks/{task_id}/annotations", json={"result": given.BAD, "unique_id": f"once {project_id}"})
    assert again.status_code == 409
    assert len(delivered(person, webhook_id, 1)) == 1


# ---------------------------------------------------------------- in which order, how often
def test_events_come_in_order_and_one_at_a_time(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=20)
    receiver.answer = lambda _: (time.sleep(0.01), 201)[1]
    hook(person, project_id, receiver.url)
    tasks = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"]
    made = [given.submit(person.client, task["id"]) for task in tasks]
    assert [one.body["annotation"]["id"] for one in receiver.wait(20)] == made
    assert receiver.most_at_once == 1


def test_webhooks_do_not_wait_for_each_other(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    with receiving() as slow:
        slow.answer = lambda _: (time.sleep(2), 200)[1]
        hook(person, project_id, slow.url)
        hook(person, project_id, receiver.url)
        given.submit(person.client, given.next_id(person.client, project_id) or 0)
        receiver.wait(1)
        assert slow.received == []
        slow.wait(1)


def test_nothing_is_lost_while_the_receiver_is_away(person: Person) -> None:
    project_id = given.project(person.client, tasks=3)
    with receiving() as gone:
        port = gone.port
    webhook_id = hook(person, project_id, f"http://127.0.0.1:{port}/hook")
    tasks = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"]
    made = [given.submit(person.client, task["id"]) for task in tasks]
    deadline = time.monotonic() + 10
    while not (log := given.ok(person.client.get(f"/api/webhooks/{webhook_id}/deliveries"))["results"])[-1]["attempts"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert ([one["state"] for one in log], log[-1]["status_code"]) == (["waiting"] * 3, None)
    assert "can't be reached" in log[-1]["error"]
    with receiving(port) as back:
        assert [one.body["annotation"]["id"] for one in back.wait(3)] == made
    assert [one["attempts"] > 1 for one in delivered(person, webhook_id, 3)] == [True, False, False]


def test_a_refused_event_steps_aside_and_comes_back(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=2)
    first, second = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"]
    poison = f'"task":{first["id"]},'.encode()
    seen: list[Received] = []

    def answer(one: Received) -> int:
        seen.append(one)
        tries = sum(poison in other.content for other in seen)
        return 500 if poison in one.content and tries < 4 else 200

    receiver.answer = answer
    webhook_id = hook(person, project_id, receiver.url)
    bad, good = given.submit(person.client, first["id"]), given.submit(person.client, second["id"])
    came = [one.body["annotation"]["id"] for one in receiver.wait(5)]
    assert came == [bad, bad, bad, good, bad]
    assert len({one.delivery for one in receiver.received}) == 2
    log = delivered(person, webhook_id, 2)
    assert [(one["state"], one["attempts"]) for one in log] == [("delivered", 4), ("delivered", 1)]


def test_a_receiver_that_says_gone_is_not_asked_again(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    receiver.answer = lambda _: 410
    webhook_id = hook(person, project_id, receiver.url)
    given.submit(person.client, given.next_id(person.client, project_id) or 0)
    (log,) = delivered(person, webhook_id, 1)
    assert (log["state"], log["attempts"], log["status_code"], log["error"]) == ("failed", 1, 410, "The receiver answered 410.")


def test_what_fails_for_good_can_be_sent_again(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    receiver.answer = lambda _: 410
    webhook_id = hook(person, project_id, receiver.url)
    given.submit(person.client, given.next_id(person.client, project_id) or 0)
    (log,) = delivered(person, webhook_id, 1)
    receiver.answer = lambda _: 204
    answer = given.ok(person.client.post(f"/api/webhook-deliveries/{log['id']}/replay"))
    assert (answer["id"], answer["state"]) == (log["id"], "waiting")
    first, again = receiver.wait(2)
    assert (first.content, first.delivery) == (again.content, again.delivery)
    (log,) = delivered(person, webhook_id, 1)
    assert (log["state"], log["status_code"], log["error"]) == ("delivered", 204, None)
    hook_off = person.client.patch(f"/api/webhooks/{webhook_id}", json={"is_active": False})
    assert hook_off.status_code == 200
    assert person.client.post(f"/api/webhook-deliveries/{log['id']}/replay").status_code == 400


def test_a_redirect_is_not_followed(person: Person, receiver: Receiver) -> None:
    with receiving() as elsewhere:
        receiver.answer = lambda _: (307, {"location": elsewhere.url}, b"")
        project_id = given.project(person.client)
        webhook_id = hook(person, project_id, receiver.url)
        answer = given.ok(person.client.post(f"/api/webhooks/{webhook_id}/test"))
        assert (answer["state"], answer["status_code"]) == ("failed", 307)
        assert "Redirects are not followed" in answer["error"]
        assert elsewhere.received == []


def test_a_huge_answer_is_not_read(person: Person, receiver: Receiver) -> None:
    receiver.answer = lambda _: (200, {}, b"x" * 50_000_000)
    webhook_id = hook(person, given.project(person.client), receiver.url)
    answer = given.ok(person.client.post(f"/api/webhooks/{webhook_id}/test"))
    assert (answer["state"], answer["status_code"]) == ("delivered", 200)


def test_a_private_address_is_refused(person: Person) -> None:
    webhook_id = hook(person, given.project(person.client), "http://10.11.12.13:8000/hook")
    answer = given.ok(person.client.post(f"/api/webhooks/{webhook_id}/test"))
    assert (answer["state"], answer["status_code"]) == ("failed", None)
    assert "not allowed" in answer["error"]


def test_loopback_is_refused_where_nobody_listed_it(server: Server, receiver: Receiver) -> None:
    stranger = server.sign_up()
    webhook_id = hook(stranger, given.project(stranger.client), receiver.url)
    assert given.ok(stranger.client.post(f"/api/webhooks/{webhook_id}/test"))["state"] == "failed"
    assert receiver.received == []


def test_switching_off_ends_what_waits(person: Person) -> None:
    project_id = given.project(person.client, tasks=1)
    with receiving() as gone:
        webhook_id = hook(person, project_id, gone.url)
    given.submit(person.client, given.next_id(person.client, project_id) or 0)
    given.ok(person.client.patch(f"/api/webhooks/{webhook_id}", json={"is_active": False}))
    (log,) = delivered(person, webhook_id, 1)
    assert (log["state"], log["error"]) == ("failed", "The webhook was switched off before this was delivered.")


def test_a_service_asks_to_be_left_alone(person: Person, receiver: Receiver) -> None:
    project_id = given.project(person.client, tasks=1)
    times: list[float] = []

    def answer(_: Received) -> Any:
        times.append(time.monotonic())
        return (429, {"retry-after": "2"}, b"") if len(times) == 1 else 200

    receiver.answer = answer
    hook(person, project_id, receiver.url)
    given.submit(person.client, given.next_id(person.client, project_id) or 0)
    receiver.wait(2)
    assert times[1] - times[0] >= 1.9


# ---------------------------------------------------------------- signed
def test_what_is_sent_is_signed(person: Person, receiver: Receiver) -> None:
    webhook_id = hook(person, given.project(person.client), receiver.url, secret="s3cret")
    shown = given.ok(person.client.get(f"/api/webhooks/{webhook_id}"))
    assert (shown["has_secret"], "s3cret" in str(shown)) == (True, False)
    given.ok(person.client.post(f"/api/webhooks/{webhook_id}/test"))
    (got,) = receiver.wait(1)
    moment, _, digest = got.headers["x-labelwright-signature"].partition(",")
    at_s = moment.removeprefix("t=")
    expected = hmac.new(b"s3cret", at_s.encode() + b"." + got.content, hashlib.sha256).hexdigest()
    assert digest == f"v1={expected}"
    assert got.headers["x-labelwright-signature"] == sign("s3cret", int(at_s), got.content)
    unsigned = given.ok(person.client.patch(f"/api/webhooks/{webhook_id}", json={"secret": ""}))
    assert "has_secret" not in unsigned
    given.ok(person.client.post(f"/api/webhooks/{webhook_id}/test"))
    assert "x-labelwright-signature" not in receiver.wait(2)[1].headers


def test_secrets_are_sealed_at_rest(person: Person, hooked: Server, receiver: Receiver) -> None:
    webhook_id = hook(person, given.project(person.client), receiver.url, secret="s3cret", headers={"Authorization": "Token t0p"})
    row = hooked.db.read(lambda conn: conn.execute(sa.select(webhooks).where(webhooks.c.id == webhook_id)).one())
    assert not any(word in str(row) for word in ("s3cret", "t0p"))
    assert given.ok(person.client.get(f"/api/webhooks/{webhook_id}"))["headers"] == {"Authorization": "Token t0p"}


# ---------------------------------------------------------------- the routes
def test_a_webhook_from_birth_to_death(person: Person) -> None:
    call, project_id = person.client, given.project(person.client)
    made = given.ok(call.post("/api/webhooks/", json={"project": project_id, "url": "http://example.com/hook"}))
    webhook_id = made["id"]
    assert made.keys() == given.names(
        "id organization project url send_payload send_for_all_actions headers is_active actions created_at updated_at"
    )
    assert {name: made[name] for name in ("organization", "project", "send_payload", "send_for_all_actions", "headers")} == {
        "organization": person.organization_id,
        "project": project_id,
        "send_payload": True,
        "send_for_all_actions": True,
        "headers": {},
    }
    assert given.ok(call.get("/api/webhooks", params={"project": project_id})) == [made]
    actions = ["TASKS_CREATED", "ANNOTATION_UPDATED"]
    changed = given.ok(call.patch(f"/api/webhooks/{webhook_id}", json={"actions": actions, "project": None}))
    assert (changed["actions"], changed["project"]) == (actions, project_id)
    emptied = given.ok(call.patch(f"/api/webhooks/{webhook_id}", json={"send_payload": False}))
    assert (emptied["actions"], emptied["send_payload"]) == ([], False)
    assert call.put(f"/api/webhooks/{webhook_id}", json={}).status_code == 400
    assert call.delete(f"/api/webhooks/{webhook_id}").status_code == 204
    assert call.get(f"/api/webhooks/{webhook_id}").status_code == 404
    assert call.post("/api/webhooks", json={"url": "http://example.com/"}).json() == {"detail": "Project not found."}


def test_info_names_every_action(person: Person) -> None:
    info = given.ok(person.client.get("/api/webhooks/info"))
    assert info["ANNOTATIONS_DELETED"]["key"] == "annotations"
    of_organization = given.ok(person.client.get("/api/webhooks/info?organization-only=true"))
    assert (len(info), of_organization.keys()) == (12, {"PROJECT_CREATED", "PROJECT_DELETED"})


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "nope"},
        {"url": ""},
        {"url": "ftp://example.com/"},
        {"url": "http://user:secret@example.com/"},
        {"url": "http://example.com/" + "a" * 2100},
        {"url": None},
        {"actions": ["NO"]},
        {"actions": ["PROJECT_CREATED"]},
        {"actions": ["START_TRAINING"]},
        {"actions": "ANNOTATION_CREATED"},
        {"actions": None},
        {"actions": [1]},
        {"headers": {"a b": "c"}},
        {"headers": {"a": 1}},
        {"headers": {"a": "b\r\nX-Other: c"}},
        {"headers": {"Host": "b"}},
        {"headers": {"X-Labelwright-Signature": "b"}},
        {"headers": {str(number): "x" for number in range(11)}},
        {"headers": [1]},
        {"headers": None},
        {"is_active": "maybe"},
        {"secret": "x" * 300},
    ],
)
def test_bad_fields_are_refused(person: Person, fields: dict[str, Any]) -> None:
    project_id = given.project(person.client)
    answer = person.client.post("/api/webhooks", json={"project": project_id, "url": "http://example.com/", **fields})
    assert answer.status_code == 400
    assert list(answer.json()["validation_errors"]) == list(fields)


# ---------------------------------------------------------------- what it costs
def test_a_project_without_webhooks_pays_nothing(new_server: Callable[..., Server]) -> None:
    server = new_server()
    server.app.state.relay.close()  # its looks would be counted too
    server.app.state.jobs.close()
    person = server.sign_up()
    project_id = given.project(person.client, tasks=2)
    first, second = given.ok(person.client.get(f"/api/tasks?project={project_id}"))["tasks"]
    with counted(server) as without:
        given.submit(person.client, first["id"])
    assert not [one for one in without if "webhook" in one.replace("has_webhooks", "")]
    hook(person, project_id, "http://10.1.1.1/")
    with counted(server) as with_one:
        given.submit(person.client, second["id"])
    assert len(with_one) - len(without) <= 5, "\n".join(with_one)


def test_an_idle_server_writes_nothing(new_server: Callable[..., Server], receiver: Receiver) -> None:
    server = new_server(LABELWRIGHT_ALLOWED_HOSTS="127.0.0.1")
    person = server.sign_up()
    webhook_id = hook(person, given.project(person.client), receiver.url)
    given.import_tasks(person.client, given.ok(person.client.get("/api/projects"))["results"][0]["id"], [{"text": "a"}])
    delivered(person, webhook_id, 1)
    time.sleep(0.5)
    server.app.state.relay.wake()
    with counted(server, with_background=True) as seen:
        time.sleep(1.5)
    assert seen
    assert [one for one in seen if not one.startswith("SELECT")] == []


def test_the_log_keeps_the_last_thousand(person: Person, hooked: Server) -> None:
    from labelwright.server.db.queries.webhooks import prune

    project_id = given.project(person.client)
    webhook_id = hook(person, project_id, "http://10.1.1.1/")
    row = {"project_id": project_id, "webhook_id": webhook_id, "action": "TEST", "body": "{}", "created_at": "2026-01-01"}
    rows = [{**row, "state": "failed", "created_at": "9999"} for _ in range(1002)]
    rows += [{**row, "state": "delivered"}, {**row, "state": "retrying", "next_try_at": "9999"}]

    def fill(conn: sa.Connection) -> int:
        for one in rows:
            conn.execute(sa.insert(webhook_deliveries).values(**one))
        prune(conn, webhook_id)
        mine = sa.select(sa.func.count()).select_from(webhook_deliveries).where(webhook_deliveries.c.webhook_id == webhook_id)
        return int(conn.execute(mine).scalar_one())

    assert hooked.db.write(fill) == 999 + 1  # of the last thousand one is too old; what waits stays


def test_strangers_see_no_webhook(person: Person, hooked: Server) -> None:
    stranger = hooked.sign_up()
    project_id = given.project(person.client)
    webhook_id = hook(person, project_id, "http://10.1.1.1/")
    delivery_id = given.ok(person.client.post(f"/api/webhooks/{webhook_id}/test"))["id"]
    paths = [f"/api/webhooks/{webhook_id}", f"/api/webhooks/{webhook_id}/deliveries", f"/api/webhook-deliveries/{delivery_id}"]
    assert {stranger.client.get(path).status_code for path in paths} == {404}
    assert stranger.client.post(f"/api/webhook-deliveries/{delivery_id}/replay").status_code == 404
    assert given.ok(stranger.client.get("/api/webhooks")) == []
    made: httpx.Response = stranger.client.post("/api/webhooks", json={"project": project_id, "url": "http://example.com/"})
    assert made.status_code == 404
