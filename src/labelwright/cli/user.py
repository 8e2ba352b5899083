"""`labelwright user …`: accounts from the shell, for the administrator of the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from labelwright.cli.options import DATA_DIR, DATABASE, open_database, settings_or_exit

user = typer.Typer(help="Create and mend accounts.", no_args_is_help=True)

EMAIL = typer.Argument(help="E-mail address of the account.")
PASSWORD = typer.Option(help="8 to 128 characters; asked for when left out.", envvar="LABELWRIGHT_PASSWORD")


@user.command()
def create(
    email: Annotated[str, EMAIL],
    password: Annotated[str | None, PASSWORD] = None,
    join: Annotated[bool, typer.Option(help="Join the first organization instead of getting an own one.")] = False,
    first_name: Annotated[str, typer.Option()] = "",
    last_name: Annotated[str, typer.Option()] = "",
    token: Annotated[str | None, typer.Option(help="API token to give to the account.")] = None,
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    database: Annotated[str | None, DATABASE] = None,
) -> None:
    """Create an account."""
    from labelwright.server.actions.create_user import create_user
    from labelwright.server.db.queries import people

    settings, db = _open(data_dir, database)
    password_hash = _hash(password)

    def make(conn: Any) -> int:
        first = people.first_organization(conn) if join else None
        return create_user(
            conn,
            email=email,
            password_hash=password_hash,
            organization_id=first.id if first else None,
            secret_key=settings.secret_key,
            legacy_token=token,
            first_name=first_name,
            last_name=last_name,
        )

    user_id = _or_exit(lambda: db.write(make))
    typer.echo(f"Created account {user_id}: {email.strip().lower()}")
    db.close()


@user.command("list")
def list_users(data_dir: Annotated[Path | None, DATA_DIR] = None, database: Annotated[str | None, DATABASE] = None) -> None:
    """List all accounts: id, e-mail, organization, last activity."""
    from labelwright.server.db.queries import people

    _, db = _open(data_dir, database)
    for row in db.read(people.all_users):
        state = "active" if row.is_active else "off"
        typer.echo("\t".join((str(row.id), row.email, row.organization_title or "-", row.last_activity_at[:19] + "Z", state)))
    db.close()


@user.command("set-password")
def set_password(
    email: Annotated[str, EMAIL],
    password: Annotated[str | None, PASSWORD] = None,
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    database: Annotated[str | None, DATABASE] = None,
) -> None:
    """Set a new password; the account is logged out everywhere."""
    from labelwright.server.actions.log_in import change_password

    _, db = _open(data_dir, database)
    user_id, password_hash = _find(db, email), _hash(password)
    db.write(lambda conn: change_password(conn, user_id, password_hash))
    typer.echo(f"New password for {email}; all sessions have ended.")
    db.close()


@user.command()
def token(
    email: Annotated[str, EMAIL],
    reset: Annotated[bool, typer.Option(help="Make a new token; the old one is dead.")] = False,
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    database: Annotated[str | None, DATABASE] = None,
) -> None:
    """Print the API token of an account."""
    from labelwright.server.actions.create_user import set_legacy_token
    from labelwright.server.auth.secrets import unseal
    from labelwright.server.db.queries import credentials

    settings, db = _open(data_dir, database)
    user_id = _find(db, email)
    rows = [] if reset else db.read(lambda conn: credentials.live_tokens(conn, user_id, "legacy"))
    text = unseal(rows[0].sealed, settings.secret_key) if rows else None
    if text is None and not reset:
        raise typer.Exit(_complain("The token can't be read: the server's secret key was replaced. Use --reset."))
    typer.echo(text or db.write(lambda conn: set_legacy_token(conn, user_id, settings.secret_key)))
    db.close()


# ---------------------------------------------------------------- parts
def _open(data_dir: Path | None, database: str | None) -> Any:
    settings = settings_or_exit(data_dir=data_dir, database_url=database)
    return settings, open_database(settings)


def _find(db: Any, email: str) -> int:
    from labelwright.server.db.queries import people

    row = db.read(lambda conn: people.user_by_email(conn, email.strip().lower()))
    if row is None:
        raise typer.Exit(_complain(f"There is no account {email}. See: labelwright user list"))
    return int(row.id)


def _hash(password: str | None) -> str:
    from labelwright.server.auth.passwords import hash_password

    given = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return str(_or_exit(lambda: hash_password(given)))


def _or_exit(work: Any) -> Any:
    """What `work` gives; a refusal becomes a sentence and exit code 1."""
    from labelwright.server.errors import Invalid

    try:
        return work()
    except Invalid as error:
        raise typer.Exit(_complain("; ".join(str(reasons[0]) for reasons in error.fields.values()))) from None


def _complain(text: str) -> int:
    typer.echo(text, err=True)
    return 1
