"""Records what a real Label Studio exports for golden/cases.json. Run it by hand, against a throw-away server:

python record_golden.py http://localhost:8080 <legacy token of the first user> [case ...]
"""

import io
import json
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
TEXT_FORMATS = {"JSON_MIN": "json_min.json", "CSV": "export.csv", "TSV": "export.tsv", "CONLL2003": "export.conll"}
EXPANDED = {"drafts": {"only_id": False}, "predictions": {"only_id": False}, "annotations__completed_by": {"only_id": False}}
IDS_ONLY = {"drafts": {"only_id": True}, "predictions": {"only_id": True}, "annotations__completed_by": {"only_id": True}}


class Server:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def raw(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def json(self, method, path, body=None):
        return json.loads(self.raw(method, path, body))


def record(server, name, case, users):
    project = server.json("POST", "/api/projects", {"title": f"golden {name}", "label_config": case["label_config"]})["id"]
    imported = server.json("POST", f"/api/projects/{project}/import?return_task_ids=true", case["tasks"])["task_ids"]
    for answer in case["answers"]:
        body = {**answer, "completed_by": users[answer["user"]]}
        del body["task"], body["user"]
        server.json("POST", f"/api/tasks/{imported[answer['task']]}/annotations", body)
        time.sleep(0.01)
    for draft in case.get("drafts", ()):
        body = {"result": draft["result"], "lead_time": draft["lead_time"]}
        server.json("POST", f"/api/tasks/{imported[draft['task']]}/drafts?project={project}", body)

    def keep(file, content):
        (GOLDEN / name).mkdir(exist_ok=True)
        (GOLDEN / name / file).write_bytes(content if isinstance(content, bytes) else _pretty(content))

    project_json = server.json("GET", f"/api/projects/{project}")
    formats = server.json("GET", f"/api/projects/{project}/export/formats")
    keep(
        "config.json",
        {
            "parsed_label_config": project_json["parsed_label_config"],
            "formats": [[f["name"], f["title"], f.get("tags", []), f.get("disabled", False)] for f in formats],
        },
    )
    export = f"/api/projects/{project}/export?download_all_tasks=true&download_resources=false&exportType="
    keep("export.json", json.loads(server.raw("GET", export + "JSON")))
    if case.get("interpolate_key_frames"):
        keep("interpolated.json", json.loads(server.raw("GET", export + "JSON&interpolate_key_frames=true")))
    enabled = {f["name"] for f in formats if not f.get("disabled")}
    for format_name, file in TEXT_FORMATS.items():
        if format_name in enabled:
            content = server.raw("GET", export + format_name)
            keep(file, json.loads(content) if file.endswith("json") else content)
    if "COCO" in enabled:
        with zipfile.ZipFile(io.BytesIO(server.raw("GET", export + "COCO"))) as archive:
            keep("coco.json", {"files": sorted(archive.namelist()), "result": json.loads(archive.read("result.json"))})
    for file, options in (("expanded.json", EXPANDED), ("ids_only.json", IDS_ONLY)):
        snapshot = server.json("POST", f"/api/projects/{project}/exports", {"serialization_options": options})
        keep(file, json.loads(server.raw("GET", f"/api/projects/{project}/exports/{snapshot['id']}/download")))


def _pretty(value):
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _second_user(server):
    try:
        body = {"email": "zoe@example.com", "username": "zoe", "first_name": "Zoë", "last_name": "Müller"}
        return server.json("POST", "/api/users", body)["id"]
    except urllib.error.HTTPError:
        return next(user["id"] for user in server.json("GET", "/api/users") if user["email"] == "zoe@example.com")


if __name__ == "__main__":
    server = Server(sys.argv[1], sys.argv[2])
    users = [server.json("GET", "/api/current-user/whoami")["id"], _second_user(server)]
    cases = json.loads((GOLDEN / "cases.json").read_text())
    for name in sys.argv[3:] or cases:
        record(server, name, cases[name], users)
