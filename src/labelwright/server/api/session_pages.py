"""Sign up, log in, log out: the forms that legacy clients post and the web UI shows."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from labelwright.server.access import public
from labelwright.server.actions.create_user import clean_email
from labelwright.server.actions.log_in import Session, log_in, log_out
from labelwright.server.actions.sign_up import join_organization, organization_to_join, sign_up
from labelwright.server.api.pages import LOGIN, cookie, form_page, redirect, safe_next
from labelwright.server.api.routing import Answer, Call, Route, Wait, is_same_origin, route
from labelwright.server.auth.credentials import SESSION_COOKIE
from labelwright.server.auth.csrf import csrf_holds
from labelwright.server.auth.passwords import hash_password, password_fault, password_holds
from labelwright.server.auth.throttle import book_attempt, limit_rate, network_of
from labelwright.server.db.queries import people
from labelwright.server.db.queries.attempts import clear_attempts
from labelwright.server.errors import Forbidden, Invalid, TooMany

NO_MATCH = "The email and password you entered don't match."
TAKEN = "User with this email already exists"


# ---------------------------------------------------------------- the forms
@route("GET", "/user/login", allow=public)
def show_login(call: Call, _: None) -> Answer:
    """The log-in page; on to `next` for those who are logged in."""
    return redirect(safe_next(call.text("next"))) if call.maybe_user else form_page(call)


@route("GET", "/user/signup", allow=public)
def show_signup(call: Call, _: None) -> Answer:
    """The sign-up page; `token` is that of an invitation link."""
    return redirect(safe_next(call.text("next"))) if call.maybe_user else form_page(call)


@route("POST", "/user/login", allow=public, mode="work", status=302)
def post_login(call: Call, _: None) -> Answer:
    """Log in with `email` and `password`: 302 with the session cookie, else 200 with the form and its error."""
    form = _checked_form(call)
    email, password = _text(form, "email").strip().lower(), _text(form, "password")
    try:
        user_id = _holder(call, email, password)
        if user_id is None:
            return form_page(call, error=NO_MATCH, email=email)
        return _logged_in(call, user_id, is_persistent=_text(form, "persist_session").lower() in ("on", "true", "1"))
    except TooMany as error:
        return form_page(call, error=str(error), email=email, status=429)
    except Forbidden as error:
        return form_page(call, error=str(error), email=email)


@route("POST", "/user/signup", allow=public, mode="work", status=302)
def post_signup(call: Call, _: None) -> Answer:
    """Make an account and log in: 302, else 200 with the form and its error; 403 without the right to sign up."""
    if call.maybe_user:
        return redirect(safe_next(call.text("next")))
    form = _checked_form(call)
    invite, mode = call.text("token"), call.settings.signup
    call.db.read(lambda conn: organization_to_join(conn, invite, mode))
    given, password = _text(form, "email"), _text(form, "password")
    try:
        email = clean_email(given)
        if fault := password_fault(password):
            return form_page(call, error=fault, email=given)
        known = call.db.read(lambda conn: people.user_by_email(conn, email))
        if known is not None:
            return _join_with_known_account(call, email, password, invite)
        _limit_signups(call)
        password_hash = hash_password(password)
        user_id = call.db.write(
            lambda conn: sign_up(
                conn,
                email=email,
                password_hash=password_hash,
                invite=invite,
                mode=mode,
                secret_key=call.settings.secret_key,
                allow_newsletters=_text(form, "allow_newsletters").lower() in ("on", "true", "1"),
            )
        )
    except TooMany as error:
        return form_page(call, error=str(error), email=given, status=429)
    except Invalid as error:
        return form_page(call, error=next(iter(error.fields.values()))[0], email=given)
    return _logged_in(call, user_id)


def _join_with_known_account(call: Call, email: str, password: str, invite: str) -> Answer:
    """An invitation followed by somebody who has an account here: the right password joins."""
    user_id = _holder(call, email, password) if invite else None
    if user_id is None:
        return form_page(call, error=TAKEN, email=email)
    joining = user_id
    call.db.write(lambda conn: join_organization(conn, joining, invite))
    return _logged_in(call, user_id)


# ---------------------------------------------------------------- log out
@route("GET", "/logout", allow=public, mode="write", status=302)
def get_logout(call: Call, _: None) -> Answer:
    """Log out; asks first when another site sent the visitor here."""
    if call.maybe_user is None:
        return redirect(f"{LOGIN}?next={call.path}")
    if not _is_own_link(call):
        return form_page(call)
    return _logged_out(call)


@route("POST", "/logout", allow=public, mode="write", status=302)
def post_logout(call: Call, _: None) -> Answer:
    """Log out."""
    return _logged_out(call)


def _is_own_link(call: Call) -> bool:
    referer = call.headers.get("referer")
    if "sec-fetch-site" in call.headers or referer is None:
        return is_same_origin(call)
    return bool(referer.startswith((f"http://{call.headers.get('host')}/", f"https://{call.headers.get('host')}/")))


def _logged_out(call: Call) -> Answer:
    if call.credentials.session is not None:
        log_out(call.conn, call.credentials.session)
    answer = redirect("/")
    answer.cookies.append(cookie(call, SESSION_COOKIE, "", max_age=0))
    return answer


# ---------------------------------------------------------------- parts
def _checked_form(call: Call) -> dict[str, Any]:
    fields = call.body.fields
    if not csrf_holds(call.cookies, call.headers, fields):
        raise Forbidden("The form has expired (CSRF token missing or wrong). Reload the page and try again.")
    if not is_same_origin(call):
        raise Forbidden("Cross-site request refused: log in from this server's own pages.")
    return fields


def _text(form: dict[str, Any], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else str(value)


def _network(call: Call) -> str:
    return network_of(call.peer, call.headers.get("x-forwarded-for", ""))


def _holder(call: Call, email: str, password: str) -> int | None:
    """The id of the account if the password fits. Waits for its turn first; raises TooMany when that is too far."""
    subject = f"{email}|{_network(call)}"
    if not call.has_waited:
        wait_s = call.db.write(lambda conn: book_attempt(conn, subject))
        if wait_s > 0:
            raise Wait(wait_s)
    user = call.db.read(lambda conn: people.user_by_email(conn, email))
    if not password_holds(password, user.password_hash if user is not None and user.is_active else None):
        return None
    call.db.write(lambda conn: clear_attempts(conn, subject))
    return int(user.id) if user is not None else None


def _limit_signups(call: Call) -> None:
    network, limit = _network(call), call.settings.signups_per_hour
    if limit and network != "loopback":
        call.db.write(lambda conn: limit_rate(conn, f"sign-up|{network}", limit))


def _logged_in(call: Call, user_id: int, *, is_persistent: bool = False) -> Answer:
    def act(conn: Connection) -> Session:
        return log_in(
            conn,
            user_id=user_id,
            mode=call.settings.signup,
            is_persistent=is_persistent,
            user_agent=call.headers.get("user-agent", ""),
            former=call.credentials.session,
        )

    session = call.db.write(act)
    answer = redirect(safe_next(call.text("next")))
    answer.cookies.append(cookie(call, SESSION_COOKIE, session.secret, max_age=session.max_age_s))
    return answer


routes: list[Route[Any]] = [show_login, post_login, show_signup, post_signup, get_logout, post_logout]
