"""`Client`: one server, one account."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from labelwright.sdk.credentials import Credentials, Password, credentials_of
from labelwright.sdk.errors import Conflict, Invalid, LabelwrightError
from labelwright.sdk.progress import Progress
from labelwright.sdk.project import Project
from labelwright.sdk.shapes import JSONObject
from labelwright.sdk.transport import Body, Download, Response, Transport, refused
from labelwright.sdk.users import User, read_user

DEFAULT_URL = "http://localhost:8080"
PROJECT_PAGE = 100


class Client:
    """A connection to a Labelwright or Label Studio server.

    >>> ls = Client(url="http://localhost:8080", api_key="your-api-key")  # doctest: +SKIP

    url: the server's address; default `$LABELWRIGHT_URL`, else http://localhost:8080.
    api_key: the key from the account page, a legacy token or a personal access token; default `$LABELWRIGHT_API_KEY`. Or `email`
    and `password`. (`LABEL_STUDIO_URL` and `LABEL_STUDIO_API_KEY` work too.)
    timeout: seconds to wait for the server at each step. retries: further attempts when it cannot be reached or asks to wait.
    progress: what long calls show unless told otherwise: True a bar on a terminal, False nothing, or a function `(done, total)`.

    Nothing is sent until the first call; `check_connection()` is a cheap one. Errors are those of `labelwright.sdk.errors`.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        email: str | None = None,
        password: str | None = None,
        timeout: float = 60.0,
        retries: int = 3,
        progress: Progress = True,
        extra_headers: Mapping[str, str] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        address = url or os.environ.get("LABELWRIGHT_URL") or os.environ.get("LABEL_STUDIO_URL") or DEFAULT_URL
        self._transport = Transport(
            address, timeout_s=timeout, retries=retries, headers=_headers(extra_headers), ssl_context=ssl_context
        )
        self._credentials = _credentials(api_key, email, password)
        self.progress = progress
        self.url = self._transport.base_url

    # -- requests

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Response:
        """Any request of the HTTP API, signed. path: like '/api/projects/5/'. Raises `RequestRefused` for 400 and above."""
        for attempt in (1, 2):
            signed = {"Authorization": self._credentials.header(self._transport), **(headers or {})}
            response = self._transport.request(
                method, path, params=params, json_body=json, body=body, headers=signed, timeout_s=timeout_s
            )
            if response.status_code != 401 or attempt == 2 or not self._credentials.renew():
                break
        if response.status_code >= 400:
            raise refused(response, f"{method} {path}")
        return response

    make_request = request

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a GET."""
        return self.request("GET", path, params=params).json()

    def post(self, path: str, json: Any, *, params: Mapping[str, Any] | None = None, timeout_s: float | None = None) -> Any:
        """The JSON a POST answers, None if it answers nothing."""
        response = self.request("POST", path, params=params, json=json, timeout_s=timeout_s)
        return response.json() if response.content else None

    def put(self, path: str, json: Any) -> Any:
        """The JSON a PUT answers."""
        return self.request("PUT", path, json=json).json()

    def patch(self, path: str, json: Any) -> Any:
        """The JSON a PATCH answers."""
        return self.request("PATCH", path, json=json).json()

    def delete(self, path: str, json: Any = None) -> None:
        self.request("DELETE", path, json=json)

    def download(self, path: str, *, params: Mapping[str, Any] | None = None) -> Download:
        """A GET whose body is read in chunks; use it in a `with`."""
        signed = {"Authorization": self._credentials.header(self._transport)}
        return self._transport.download(path, params=params, headers=signed)

    def close(self) -> None:
        """Closes idle connections. The client can be used again."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # -- the server

    def check_connection(self) -> JSONObject:
        """`{"status": "UP"}` from a healthy server."""
        return dict(self.get("/health"))

    def get_versions(self) -> JSONObject:
        """The server's version and those of its parts."""
        return dict(self.get("/api/version"))

    @property
    def versions(self) -> JSONObject:
        return self.get_versions()

    # -- projects

    def start_project(self, title: str = "New project", label_config: str | None = None, **settings: Any) -> Project:
        """A new project.

        label_config: the XML that says what to ask and show. settings: any other field of a project, such as `description`,
        `expert_instruction`, `show_skip_button`, `maximum_annotations`, `sampling`, `skip_queue`. Raises `Invalid` with the
        server's reasons when the config has a fault.
        """
        fields = {"title": title, **settings}
        if label_config is not None:
            fields["label_config"] = label_config
        return Project(self, self.post("/api/projects/", fields))

    create_project = start_project

    def get_project(self, project_id: int | None = None, *, id: int | None = None) -> Project:
        """The project with this id, which is a number in its address. `NotFound` if there is none for this account."""
        wanted = project_id if project_id is not None else id
        if wanted is None:
            raise TypeError("get_project needs a project id")
        return Project(self, self.get(f"/api/projects/{int(wanted)}/"))

    def list_projects(self, **filters: Any) -> list[Project]:
        """All projects, newest first, or with `page` one page. filters: `title="part of it"`, `ids="1,2"`, `ordering="-id"`."""
        if "page" in filters or "page_size" in filters:
            return [Project(self, fields) for fields in self.get("/api/projects/", filters)["results"]]
        projects: list[Project] = []
        while True:
            page = len(projects) // PROJECT_PAGE + 1
            answer = self.get("/api/projects/", {"page": page, "page_size": PROJECT_PAGE, **filters})
            projects += [Project(self, fields) for fields in answer["results"]]
            if not answer.get("next") or not answer["results"]:
                return projects

    get_projects = list_projects

    def delete_project(self, project_id: int) -> None:
        """Deletes a project with all its tasks and answers, for good."""
        self.delete(f"/api/projects/{int(project_id)}/")

    def delete_all_projects(self) -> list[int]:
        """Deletes every project this account can see; gives back their ids."""
        gone = [project.id for project in self.list_projects()]
        for project_id in gone:
            self.delete_project(project_id)
        return gone

    def validate_label_config(self, label_config: str) -> None:
        """Raises `Invalid` that says what is wrong with a label config, and where."""
        self.request("POST", "/api/projects/validate/", json={"label_config": label_config})

    # -- people

    def whoami(self) -> User:
        """The account whose key this is."""
        return read_user(self.get("/api/current-user/whoami"))

    def get_users(self) -> list[User]:
        """Everybody in the organization."""
        return [read_user(fields) for fields in self.get("/api/users/")]

    def create_user(self, user: Mapping[str, Any] | User | None = None, exist_ok: bool = True, **fields: Any) -> User | None:
        """A new member of the organization, without a password: `create_user(email="ada@example.com", first_name="Ada")`.

        None when the e-mail exists already and `exist_ok`; else `Conflict` or `Invalid`.
        """
        given = dict(user) if isinstance(user, Mapping) else _user_fields(user) if user is not None else {}
        given |= fields
        if not given.get("email"):
            raise TypeError("create_user needs an e-mail")
        given.setdefault("username", given["email"])
        try:
            return read_user(self.post("/api/users/", given))
        except (Invalid, Conflict) as error:
            if exist_ok and "already exists" in str(error):
                return None
            raise

    def get_organization(self) -> JSONObject:
        """The organization of this account: id, title, members' ids."""
        return dict(self.get(f"/api/organizations/{self.whoami().active_organization}"))

    def __repr__(self) -> str:
        return f"Client({self.url!r})"


def _headers(extra: Mapping[str, str] | None) -> dict[str, str]:
    from labelwright.version import __version__

    return {"User-Agent": f"labelwright-sdk/{__version__}", **(extra or {})}


def _credentials(api_key: str | None, email: str | None, password: str | None) -> Credentials:
    if api_key is None and email is not None:
        if password is None:
            raise LabelwrightError("an e-mail needs its password")
        return Password(email, password)
    key = api_key or os.environ.get("LABELWRIGHT_API_KEY") or os.environ.get("LABEL_STUDIO_API_KEY")
    if not key:
        raise LabelwrightError(
            "give Client an api_key (see the account page), or an email and password, or set LABELWRIGHT_API_KEY"
        )
    return credentials_of(key)


def _user_fields(user: User) -> dict[str, Any]:
    return {"email": user.email, "first_name": user.first_name, "last_name": user.last_name, "phone": user.phone}
