"""Delivers what `record_event` queued: after the commit, in order, at least once. Only the tables say what there is to do.

One thread finds webhooks with something to deliver, a few others serve one webhook each, one delivery at a time. A process holds
the webhook that it serves for a while (`busy_until`); when it dies, another goes on. What was sent but not yet noted down is then
sent again.

When a receiver does not answer, its webhook rests for 1, 2, 4 … seconds, up to ten minutes, and the line waits: order is kept.
When it answers with an error, the delivery holds the line up for a few seconds only; then it steps aside and is tried at its own
times. After `MOST_TRIES`, or `LONGEST_WAIT_S` of nothing but silence, a delivery has failed; people can send it again.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server import clock
from labelwright.server.actions.send_delivery import LIMITS, Outcome, send
from labelwright.server.db.engine import Database
from labelwright.server.db.queries import webhooks as queries
from labelwright.server.identity import new_uuid
from labelwright.server.settings import Settings

log = logging.getLogger("labelwright.webhooks")

WORKERS = 8
LOOK_EVERY_S = 5.0
LOOK_AGAIN_S = 0.5
"""While something waits for its time."""
LEASE_S = LIMITS.total_s + 20.0
MOST_TRIES = 12
MOST_TRIES_OF_MODELS = 3
"""Of an event that a model refuses: training on it again is costly, and seldom ends otherwise."""
TRIES_IN_LINE = 3
LONGEST_PAUSE_S = 600.0
LONGEST_WAIT_S = 3 * 86_400.0
PRUNE_EVERY = 50


def pause_s(tries: int) -> float:
    """How long to wait after so many failures in a row.

    >>> [pause_s(tries) for tries in (1, 2, 3, 10, 11, 99)]
    [1.0, 2.0, 4.0, 512.0, 600.0, 600.0]
    """
    return min(LONGEST_PAUSE_S, 2.0 ** (min(tries, 20) - 1))


class Relay:
    """Lives as long as the server. `wake` makes it look at once."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._owner = new_uuid()
        self._stopping = threading.Event()
        self._bell = threading.Event()
        self._free = threading.Semaphore(WORKERS)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="webhook")
        db.listen("deliveries", self.wake)
        if db.is_sqlite:
            db.write(queries.release_all)
        self._thread = threading.Thread(target=self._hand_out, name="webhooks", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        self._bell.set()

    def close(self) -> None:
        """Stop after the deliveries at hand; the rest go out at the next start."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(timeout=5)
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------ handing out
    def _hand_out(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            wait_s = LOOK_EVERY_S
            try:
                self._claim_all()
                if self._db.read(queries.is_any_open):
                    wait_s = LOOK_AGAIN_S
            except Exception:
                log.exception("webhooks: could not look for deliveries; looking again in %s s", LOOK_EVERY_S)
            self._bell.wait(wait_s)

    def _claim_all(self) -> None:
        while not self._stopping.is_set() and self._db.read(queries.is_any_due) and self._free.acquire(blocking=False):
            webhook_id = self._db.write(lambda conn: queries.claim(conn, self._owner, LEASE_S))
            if webhook_id is None:
                self._free.release()
                return
            self._pool.submit(self._serve, webhook_id)

    # ------------------------------------------------------------ one webhook
    def _serve(self, webhook_id: int) -> None:
        try:
            following = self._db.write(lambda conn: self._advance(conn, webhook_id))
            while following is not None:
                webhook, delivery = following
                outcome = send(self._settings, webhook, delivery.id, delivery.action, delivery.body)
                following = self._db.write(lambda conn: self._note(conn, webhook_id, delivery, outcome))  # noqa: B023
        except Exception:
            if not self._stopping.is_set():  # else the database is closed before the answer came: it is sent again
                log.exception("webhooks: deliveries to webhook %s stopped; they go on when its lease ends", webhook_id)
        finally:
            self._free.release()
            self.wake()

    def _note(self, conn: Connection, webhook_id: int, delivery: Any, outcome: Outcome) -> tuple[Any, Any] | None:
        """Write what became of a delivery, and take the next: one commit for both."""
        webhook = queries.hold(conn, webhook_id, self._owner, LEASE_S)
        if webhook is None:
            self._lost(conn, webhook_id, delivery, outcome)
            return None
        note(conn, webhook, delivery, outcome)
        return self._advance(conn, webhook_id)

    def _advance(self, conn: Connection, webhook_id: int) -> tuple[Any, Any] | None:
        """The next delivery, with the webhook held for as long as it may take; or the webhook is let go."""
        webhook = None if self._stopping.is_set() else queries.hold(conn, webhook_id, self._owner, LEASE_S)
        delivery = None if webhook is None else queries.next_delivery(conn, webhook)
        if webhook is None or delivery is None:
            queries.release(conn, webhook_id, self._owner)
            return None
        return webhook, delivery

    def _lost(self, conn: Connection, webhook_id: int, delivery: Any, outcome: Outcome) -> None:
        """The webhook was switched off, deleted or taken over meanwhile: only a success is worth noting."""
        if outcome.what == "delivered":
            queries.settle(conn, delivery.id, **_delivered(delivery, outcome))
        queries.release(conn, webhook_id, self._owner)


# ---------------------------------------------------------------- what becomes of a delivery
def note(conn: Connection, webhook: Any, delivery: Any, outcome: Outcome) -> None:
    """Write the outcome of one try, and for how long the webhook rests."""
    tries = delivery.attempts + 1
    if outcome.what == "delivered":
        queries.settle(conn, delivery.id, **_delivered(delivery, outcome))
        queries.update_webhook(conn, webhook.id, failures=0, resting_until=None)
        if delivery.id % PRUNE_EVERY == 0:
            queries.prune(conn, webhook.id)
        return
    values: dict[str, Any] = {**_tried(delivery, outcome), "state": delivery.state}
    failures, rest_s = 0, 0.0
    most_tries = MOST_TRIES if webhook.ml_backend_id is None or outcome.what == "away" else MOST_TRIES_OF_MODELS
    if outcome.what == "hopeless" or tries >= most_tries:
        values |= {"state": "failed", "next_try_at": None, "finished_at": clock.now()}
    if outcome.what == "away":
        failures = webhook.failures + 1
        rest_s = max(pause_s(failures), min(outcome.retry_after_s, LONGEST_PAUSE_S))
    elif values["state"] == "waiting" and tries < TRIES_IN_LINE:
        rest_s = pause_s(tries)
    if values["state"] != "failed":
        aside = outcome.what == "refused" and not rest_s
        values |= {"state": "retrying"} if aside else {}
        values["next_try_at"] = clock.after(rest_s or pause_s(tries))
    queries.settle(conn, delivery.id, **values)
    queries.update_webhook(conn, webhook.id, failures=failures, resting_until=clock.after(rest_s) if rest_s else None)
    if outcome.what == "away":
        silence = clock.after(-LONGEST_WAIT_S)
        queries.give_up(conn, webhook.id, "Given up after three days without an answer.", before=silence)


def _tried(delivery: Any, outcome: Outcome) -> dict[str, Any]:
    return {
        "attempts": delivery.attempts + 1,
        "status_code": outcome.status_code,
        "duration_ms": outcome.duration_ms,
        "error": outcome.error,
    }


def _delivered(delivery: Any, outcome: Outcome) -> dict[str, Any]:
    return {**_tried(delivery, outcome), "state": "delivered", "next_try_at": None, "finished_at": clock.now()}
