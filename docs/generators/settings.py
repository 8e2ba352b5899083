"""`reference/settings.md`: what the environment can set. Names are those that `read_settings` asks for; the words stand here."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

from generators.markdown import code, generated, page, table
from labelwright.server.settings import Settings, read_settings

PREFIX, THEIRS = "LABELWRIGHT_", "LABEL_STUDIO_"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Where things are": ("DATA_DIR", "DATABASE", "HOST", "PORT", "PUBLIC_URL", "SECRET_KEY", "WEB_DIR"),
    "Who may come in": ("SIGNUP", "SIGNUPS_PER_HOUR", "SECURE_COOKIES"),
    "What the server may reach": ("ALLOWED_HOSTS", "LOCAL_MODELS", "LOCAL_FILES_SERVING_ENABLED", "LOCAL_FILES_DOCUMENT_ROOT"),
    "Limits": ("MAX_BODY_MB", "TASK_LOCK_TTL", "LABEL_STREAM_HISTORY_LIMIT"),
    "Logs": ("LOG_FORMAT", "LOG_LEVEL", "ACCESS_LOG", "DEBUG"),
}
ALSO: Mapping[str, str] = {"BASE_DATA_DIR": "DATA_DIR", "DISABLE_SIGNUP_WITHOUT_LINK": "SIGNUP"}
"""Label Studio's names for what has another name here."""
DEFAULTS: Mapping[str, str] = {
    "DATA_DIR": "`~/.local/share/labelwright` (`$XDG_DATA_HOME/labelwright`)",
    "DATABASE": "a SQLite file in the data directory",
    "SECRET_KEY": "made once, in the file `secret.key` of the data directory",
    "PUBLIC_URL": "`http://localhost:8080`, or what `HOST` and `PORT` say",
    "WEB_DIR": "the UI that came with the package",
    "LOCAL_MODELS": "on while `HOST` is this machine only, else off",
    "LOCAL_FILES_DOCUMENT_ROOT": "none",
    "ALLOWED_HOSTS": "none",
    "ACCESS_LOG": "on with `LOG_FORMAT=json`, else off",
}
"""Where the value of a fresh `Settings` does not say it best."""
MEANINGS: Mapping[str, str] = {
    "DATA_DIR": "Where the database, uploaded media and the secret key live. `--data-dir` goes first.",
    "DATABASE": "`sqlite:///path` or `postgresql://user:password@host/name`. `--database` goes first.",
    "HOST": "Address to listen on. `0.0.0.0` lets other machines in. `--host` goes first.",
    "PORT": "Port to listen on. `--port` goes first.",
    "PUBLIC_URL": "Where others find this server: connected models load uploaded files from there.",
    "SECRET_KEY": "Signs tokens and seals what is stored sealed: 32 characters or more. Whoever changes it ends all tokens.",
    "WEB_DIR": "A built UI to serve instead.",
    "SIGNUP": "What signing up without an invitation gives: `private` an own, empty organization; `join` the first organization,"
    " as Label Studio does; `invite` nothing, a link is needed. An invitation link works in all three.",
    "SIGNUPS_PER_HOUR": "Accounts that one network may make in an hour; 0: no limit. This machine has none.",
    "SECURE_COOKIES": "Send the session cookie over https only. Switch it on behind a TLS proxy.",
    "ALLOWED_HOSTS": "Comma list of `host` or `host:port` that imports by address, connected models and webhooks may call,"
    " besides public addresses.",
    "LOCAL_MODELS": "Models on this machine may be connected, whatever their port.",
    "LOCAL_FILES_SERVING_ENABLED": "Serve files of this machine at `/data/local-files`. Not used yet: storages come later.",
    "LOCAL_FILES_DOCUMENT_ROOT": "The folder they lie in.",
    "MAX_BODY_MB": "Largest request, in MiB; larger ones get 413.",
    "TASK_LOCK_TTL": "Seconds that a task handed out to somebody stays theirs before others may get it.",
    "LABEL_STREAM_HISTORY_LIMIT": "How many of a person's latest tasks the labeling screen can step back through.",
    "LOG_FORMAT": "`text` for people, `json` for machines: one object a line.",
    "LOG_LEVEL": "`DEBUG`, `INFO`, `WARNING` or `ERROR`.",
    "ACCESS_LOG": "One line per request.",
    "DEBUG": "Put the trace of a fault into its answer. For development only.",
}
FIELD_OF: Mapping[str, str] = {
    "TASK_LOCK_TTL": "task_lock_ttl_s",
    "LABEL_STREAM_HISTORY_LIMIT": "stream_history_limit",
    "LOCAL_FILES_SERVING_ENABLED": "local_files_serving",
    "MAX_BODY_MB": "max_body_bytes",
}
INTRODUCTION = """\
Settings are environment variables, read once when the server starts. An option of a [command](commands.md) goes first, then
`LABELWRIGHT_…`, then Label Studio's name for it. Switches are on for `1`, `true`, `yes`, `on`."""
UNSAFE = """\
## Unsafe options

Options that give up one of [our promises](../explanation/security.md) are named `LABELWRIGHT_UNSAFE_…`. There is none today.
The server names those that are on when it starts, and so does `labelwright doctor`."""
FOR_CLIENTS = """\
## For clients

| name | default | meaning |
|---|---|---|
| `LABELWRIGHT_URL` | `http://localhost:8080` | Where [the client](sdk.md), `labelwright import` and `export` find the server. |
| `LABELWRIGHT_API_KEY` | none | Their API token. |
| `LABELWRIGHT_PASSWORD` | asked for | Password for `labelwright user create` and `set-password`. |

The client also takes `LABEL_STUDIO_URL` and `LABEL_STUDIO_API_KEY`."""


def settings_page() -> str:
    """Raises KeyError for a setting that has no words here."""
    asked, fresh = asked_names()
    documented = {name for group in GROUPS.values() for name in group} | set(ALSO)
    if missing := set(asked) ^ documented:
        raise KeyError(f"words and settings differ: {', '.join(sorted(missing))}")
    return page(
        "# Settings", generated("src/labelwright/server/settings.py"), INTRODUCTION, *_groups(asked, fresh), UNSAFE, FOR_CLIENTS
    )


def _groups(asked: Mapping[str, list[str]], fresh: Settings) -> Iterator[str]:
    for title, names in GROUPS.items():
        rows = [(code(PREFIX + name), _default(name, fresh), MEANINGS[name], _aliases(name, asked)) for name in names]
        yield f"## {title}\n\n{table(('name', 'default', 'meaning', 'also read as'), rows)}"


def _aliases(name: str, asked: Mapping[str, list[str]]) -> str:
    aliases = [alias for alias in asked[name] if not alias.startswith(PREFIX)]
    aliases += [alias for other, meant in ALSO.items() if meant == name for alias in asked[other] if not alias.startswith(PREFIX)]
    return ", ".join(map(code, aliases))


def _default(name: str, fresh: Settings) -> str:
    if name in DEFAULTS:
        return DEFAULTS[name]
    value = getattr(fresh, FIELD_OF.get(name, name.lower()))
    if name == "MAX_BODY_MB":
        value //= 1024 * 1024
    return ("on" if value else "off") if isinstance(value, bool) else code(value)


def asked_names() -> tuple[dict[str, list[str]], Settings]:
    """Short name → the variables that are looked at for it, in their order; and the settings of an empty environment."""

    class Recorder(dict[str, str]):
        """An empty environment that remembers what it was asked for."""

        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            names.append(name)
            return default

    names: list[str] = []
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"XDG_DATA_HOME": folder}):
        fresh = read_settings(env=Recorder())
        assert Path(folder) in fresh.data_dir.parents
    asked: dict[str, list[str]] = {}
    for name in names:
        asked.setdefault(name.removeprefix(PREFIX).removeprefix(THEIRS), []).append(name)
    return asked, fresh
