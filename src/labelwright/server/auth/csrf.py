"""The double-submit token of the log-in and sign-up forms: the form must repeat what the cookie says.

Everything else is guarded by `routing.refuse_cross_site`; these two forms act before there is a session to guard.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any

COOKIE = "csrftoken"
FIELD = "csrfmiddlewaretoken"
HEADER = "x-csrftoken"
YEAR_S = 365 * 24 * 3600

_shape = re.compile(r"[A-Za-z0-9_-]{32,64}")


def csrf_token(cookies: Mapping[str, str]) -> str:
    """The browser's token, or a new one."""
    token = cookies.get(COOKIE, "")
    return token if _shape.fullmatch(token) else secrets.token_urlsafe(32)


def csrf_holds(cookies: Mapping[str, str], headers: Any, form: Mapping[str, Any]) -> bool:
    cookie = cookies.get(COOKIE, "")
    sent = str(form.get(FIELD) or headers.get(HEADER) or "")
    return bool(_shape.fullmatch(cookie)) and hmac.compare_digest(cookie.encode(), sent.encode())
