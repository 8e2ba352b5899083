"""Send one delivery of a webhook, and say what came of it. Blocks; touches no database.

What a receiver gets: `POST`, JSON, the webhook's own headers, and
- `X-Labelwright-Delivery`: the delivery's id. A repeat has the same: what was handled already can be dropped.
- `X-Labelwright-Event`: the action.
- `X-Labelwright-Signature`, if the webhook has a secret: `t=<unix seconds>,v1=<hex>`, where hex is the HMAC-SHA256 of
  `<unix seconds>.<body>` with the secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from labelwright.server.auth.secrets import unseal
from labelwright.server.outgoing import BadAddress, Gate, Limits, Reply, TooBig, Unreachable, call
from labelwright.server.settings import Settings

LIMITS = Limits(total_s=10.0, connect_s=5.0, idle_s=10.0)
AWAY = {429, 502, 503, 504}
"""The receiver is there in name only: whatever comes next would fare alike."""
GONE = 410
SIGNATURE = "X-Labelwright-Signature"

What = Literal["delivered", "refused", "away", "hopeless"]


class Outcome(Struct, frozen=True, kw_only=True):
    """`refused`: it answered, but not with a success. `away`: it did not answer at all. `hopeless`: it never will."""

    what: What
    duration_ms: float
    status_code: int | None = None
    error: str | None = None
    """For people; None where it was delivered without a remark."""
    retry_after_s: float = 0.0
    """For how long the receiver asks to be left alone."""


def send(settings: Settings, webhook: Any, delivery_id: int, action: str, body: str) -> Outcome:
    """`webhook`: its row as `queries.webhooks.callee` gives it."""
    is_model = webhook.ml_backend_id is not None
    gate = Gate.of(settings, allows_loopback=is_model and settings.local_models)
    content = body.encode()
    began = time.monotonic()

    def outcome(what: What, **more: Any) -> Outcome:
        return Outcome(what=what, duration_ms=(time.monotonic() - began) * 1000, **more)

    try:
        headers = _headers(settings, webhook, delivery_id, action, content)
        reply = call(gate, "POST", webhook.url, LIMITS, body=content, headers=headers, wants_body=False)
    except BadAddress as error:
        return outcome("hopeless", error=str(error))
    except (Unreachable, TooBig) as error:
        if not (isinstance(error, Unreachable) and error.why == "slow"):
            return outcome("away", error=str(error))
        slow = f"No answer within {LIMITS.total_s:g} seconds."
        if is_model:  # it has the event and trains; told again it would train again
            return outcome("delivered", error=f"{slow} The model may be at work on it.")
        return outcome("away", error=slow)
    return _judge(reply, outcome)


def _judge(reply: Reply, outcome: Callable[..., Outcome]) -> Outcome:
    status = reply.status
    if 200 <= status < 300:
        return outcome("delivered", status_code=status)
    error = f"The receiver answered {status}."
    if 300 <= status < 400:
        error += " Redirects are not followed: give the address that it leads to."
    what: What = "hopeless" if status == GONE else "away" if status in AWAY else "refused"
    asked = reply.headers.get("retry-after", "")
    return outcome(what, status_code=status, error=error, retry_after_s=float(asked) if asked.isdecimal() else 0.0)


def _headers(settings: Settings, webhook: Any, delivery_id: int, action: str, content: bytes) -> dict[str, str]:
    headers = {
        **own_headers(webhook, settings.secret_key),
        "Content-Type": "application/json",
        "X-Labelwright-Delivery": str(delivery_id),
        "X-Labelwright-Event": action,
    }
    secret = unseal(webhook.secret_sealed, settings.secret_key) if webhook.secret_sealed else None
    if secret:
        headers[SIGNATURE] = sign(secret, int(time.time()), content)
    if webhook.ml_backend_id is not None and webhook.auth_method == "BASIC_AUTH":
        password = unseal(webhook.basic_auth_pass_sealed, settings.secret_key) if webhook.basic_auth_pass_sealed else ""
        pair = f"{webhook.basic_auth_user}:{password or ''}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return headers


def own_headers(webhook: Any, secret_key: str) -> dict[str, str]:
    """The headers that the webhook's owner gave; none where the server's key was replaced since."""
    text = unseal(webhook.headers_sealed, secret_key) if webhook.headers_sealed else None
    headers: dict[str, str] = msgspec.json.decode(text, type=dict[str, str]) if text else {}
    return headers


def sign(secret: str, at_s: int, content: bytes) -> str:
    """The value of `X-Labelwright-Signature`.

    >>> sign("s3cret", 1700000000, b"{}")
    't=1700000000,v1=97926816e98fbb41ccb1673225ff29a2f35369099990e1b1561651e7bd097ebf'
    """
    digest = hmac.new(secret.encode(), f"{at_s}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"
