"""Who asks: a legacy token, a personal access token that is exchanged for short-lived ones, or an e-mail and password."""

from __future__ import annotations

import base64
import binascii
import http.cookies
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from labelwright.sdk.errors import LabelwrightError, NotSignedIn
from labelwright.sdk.transport import Response, Transport, refused

EXPIRY_MARGIN_S = 20


class Credentials:
    """What goes into the `Authorization` header."""

    def header(self, transport: Transport) -> str:
        """The header's value, fetching or renewing what it needs."""
        raise NotImplementedError

    def renew(self) -> bool:
        """Forgets what a 401 has shown to be stale; False if there is nothing to renew."""
        return False


@dataclass(frozen=True)
class FixedToken(Credentials):
    """A token that is sent as it is: `Token <legacy>` or `Bearer <access JWT>`."""

    value: str

    def header(self, transport: Transport) -> str:
        return self.value


@dataclass
class PersonalAccessToken(Credentials):
    """A JWT refresh token, exchanged for access tokens of some minutes."""

    refresh: str
    _access: str = ""
    _expires_at_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def header(self, transport: Transport) -> str:
        with self._lock:
            if not self._access or time.time() > self._expires_at_s - EXPIRY_MARGIN_S:
                self._fetch(transport)
            return f"Bearer {self._access}"

    def renew(self) -> bool:
        self._access = ""
        return True

    def _fetch(self, transport: Transport) -> None:
        request = "POST /api/token/refresh"
        answer = transport.request("POST", "/api/token/refresh", json_body={"refresh": self.refresh})
        if answer.status_code == 401:
            raise NotSignedIn(
                401, "the personal access token is not valid (any more); make a new one on the account page", request
            )
        if answer.status_code >= 400:
            raise refused(answer, request)
        self._access = str(answer.json()["access"])
        self._expires_at_s = float((read_jwt(self._access) or {}).get("exp", time.time() + 60))


@dataclass
class Password(Credentials):
    """An e-mail and password, exchanged once for the account's token through the log-in page."""

    email: str
    password: str = field(repr=False)
    _token: str = field(default="", repr=False)

    def header(self, transport: Transport) -> str:
        if not self._token:
            self._token = sign_in(transport, self.email, self.password)
        return f"Token {self._token}"


def credentials_of(api_key: str) -> Credentials:
    """A legacy token, a personal access token or an access token: told apart by their form."""
    key = api_key.strip()
    if not key or any(letter.isspace() or not letter.isprintable() for letter in key) or not key.isascii():
        raise LabelwrightError("the API key is empty or has characters that no key has; copy it from the account page")
    claims = read_jwt(key)
    if claims is None:
        return FixedToken(f"Token {key}")
    return FixedToken(f"Bearer {key}") if claims.get("token_type") == "access" else PersonalAccessToken(key)


def read_jwt(token: str) -> dict[str, Any] | None:
    """The claims of a JWT, unverified; None if it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return claims if isinstance(claims, dict) else None


def sign_in(transport: Transport, email: str, password: str) -> str:
    """The account's token, got as a browser would: log-in page, form, token. NotSignedIn if the password is wrong."""
    request = "POST /user/login"
    cookies = read_cookies(transport.request("GET", "/user/login"))
    form = {"email": email, "password": password, "csrfmiddlewaretoken": cookies.get("csrftoken", "")}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": write_cookies(cookies),
        "Referer": transport.base_url,
        "X-CSRFToken": cookies.get("csrftoken", ""),
    }
    answer = transport.request("POST", "/user/login", body=urlencode(form).encode(), headers=headers)
    if answer.status_code == 200:
        raise NotSignedIn(401, "the e-mail and password do not match", request)
    if answer.status_code not in {301, 302, 303}:
        raise refused(answer, request)
    session = {**cookies, **read_cookies(answer)}
    token = transport.request("GET", "/api/current-user/token", headers={"Cookie": write_cookies(session)})
    if token.status_code >= 400:
        raise refused(token, "GET /api/current-user/token")
    return str(token.json()["token"])


def read_cookies(response: Response) -> dict[str, str]:
    """The cookies an answer sets."""
    jar = http.cookies.SimpleCookie()
    for line in response.cookies:
        jar.load(line)
    return {name: morsel.value for name, morsel in jar.items()}


def write_cookies(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
