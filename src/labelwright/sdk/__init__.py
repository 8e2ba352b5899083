"""The client: `from labelwright import Client`.

Works against Labelwright and Label Studio servers; the calls are spelled as in Label Studio's tutorials.

Read in this order: `client` (a server and an account), `project` (a project, its tasks and answers), `importing`, `exporting`,
`filters`; `shapes` types the JSON; beneath them `credentials`, `transport` and `errors`.
"""

from labelwright.sdk.client import Client
from labelwright.sdk.errors import (
    Conflict,
    ConnectionFailed,
    Forbidden,
    ImportRefused,
    Invalid,
    LabelwrightError,
    NotFound,
    NotSignedIn,
    RefusedRow,
    RequestRefused,
    ServerFailed,
)
from labelwright.sdk.filters import Column, Filters, Operator, Type
from labelwright.sdk.project import Project
from labelwright.sdk.users import User

__all__ = [
    "Client",
    "Column",
    "Conflict",
    "ConnectionFailed",
    "Filters",
    "Forbidden",
    "ImportRefused",
    "Invalid",
    "LabelwrightError",
    "NotFound",
    "NotSignedIn",
    "Operator",
    "Project",
    "RefusedRow",
    "RequestRefused",
    "ServerFailed",
    "Type",
    "User",
]
