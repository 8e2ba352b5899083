"""Configuration, read once at the door into one frozen `Settings`. No other module reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SignUp = Literal["private", "join", "invite"]
LogFormat = Literal["text", "json"]

TRUE = {"1", "true", "yes", "on"}
SHORTEST_KEY = 32
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104  # listened on, not connected to


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an administrator can set. `LABELWRIGHT_X`, `LABEL_STUDIO_X` and, where Label Studio has it, bare `X` are the same."""

    data_dir: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = "http://localhost:8080"
    """Where others find the server: connected models are told."""
    secret_key: str = field(repr=False)
    signup: SignUp = "private"
    allowed_hosts: tuple[str, ...] = ()
    """`host[:port]` that outgoing calls may reach besides public addresses."""
    local_models: bool = True
    """Owners may connect ML backends on loopback; by default exactly while the server listens on loopback only."""
    local_files_serving: bool = False
    local_files_root: Path | None = None
    task_lock_ttl_s: int = 86_400
    stream_history_limit: int = 100
    debug: bool = False
    secure_cookies: bool = False
    """Send the session cookie over https only. Set it behind a TLS proxy."""
    max_body_bytes: int = 250 * 1024 * 1024
    signups_per_hour: int = 60
    """From one network, except this machine; 0: no limit."""
    web_dir: Path = Path(__file__).parents[1] / "web"
    """The built web UI."""
    log_format: LogFormat = "text"
    log_level: str = "INFO"
    access_log: bool = False
    """One log line per request."""
    unsafe_options: tuple[str, ...] = ()
    """Names of `UNSAFE_…` options that are on; shown in the UI."""

    @property
    def upload_dir(self) -> Path:
        return self.data_dir / "media"


def default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or (Path.home() / ".local" / "share")
    return Path(base) / "labelwright"


def read_settings(
    *,
    data_dir: Path | None = None,
    database_url: str | None = None,
    host: str | None = None,
    port: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from arguments, then the environment. Makes the data directory and its secret key (mode 0600) if missing."""
    env = os.environ if env is None else env

    def get(name: str, *, bare: bool = False) -> str | None:
        names = [f"LABELWRIGHT_{name}", f"LABEL_STUDIO_{name}", *([name] if bare else [])]
        return next((env[n] for n in names if env.get(n, "") != ""), None)

    def flag(name: str, default: bool, *, bare: bool = False) -> bool:
        value = get(name, bare=bare)
        return default if value is None else value.strip().lower() in TRUE

    home = data_dir or Path(get("DATA_DIR") or get("BASE_DATA_DIR") or default_data_dir())
    home = home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    listen = host or get("HOST") or "127.0.0.1"
    signup = get("SIGNUP") or ("invite" if flag("DISABLE_SIGNUP_WITHOUT_LINK", False, bare=True) else "private")
    if signup not in ("private", "join", "invite"):
        raise SystemExit(f"LABELWRIGHT_SIGNUP={signup!r}: choose private, join or invite")
    log_format = get("LOG_FORMAT") or "text"
    if log_format not in ("text", "json"):
        raise SystemExit(f"LABELWRIGHT_LOG_FORMAT={log_format!r}: choose text or json")
    log_level = (get("LOG_LEVEL") or "INFO").upper()
    if log_level not in LEVELS:
        raise SystemExit(f"LABELWRIGHT_LOG_LEVEL={log_level!r}: choose {', '.join(LEVELS)}")
    given_key = get("SECRET_KEY")
    if given_key is not None and len(given_key) < SHORTEST_KEY:
        raise SystemExit(f"LABELWRIGHT_SECRET_KEY is too short: use {SHORTEST_KEY} random characters or more")
    files_root = get("LOCAL_FILES_DOCUMENT_ROOT", bare=True)
    listens_on = port or int(get("PORT") or 8080)
    return Settings(
        data_dir=home,
        database_url=database_url or get("DATABASE") or f"sqlite:///{home / 'labelwright.sqlite3'}",
        host=listen,
        port=listens_on,
        public_url=(get("PUBLIC_URL") or _own_address(listen, listens_on)).rstrip("/"),
        secret_key=given_key or _secret_key(home),
        signup=signup,  # type: ignore[arg-type]
        allowed_hosts=tuple(h.strip().lower() for h in (get("ALLOWED_HOSTS") or "").split(",") if h.strip()),
        local_models=flag("LOCAL_MODELS", listen in LOOPBACK),
        local_files_serving=flag("LOCAL_FILES_SERVING_ENABLED", False, bare=True),
        local_files_root=Path(files_root).resolve() if files_root else None,
        task_lock_ttl_s=int(get("TASK_LOCK_TTL", bare=True) or 86_400),
        stream_history_limit=int(get("LABEL_STREAM_HISTORY_LIMIT", bare=True) or 100),
        debug=flag("DEBUG", False),
        secure_cookies=flag("SECURE_COOKIES", False),
        max_body_bytes=int(get("MAX_BODY_MB") or 250) * 1024 * 1024,
        signups_per_hour=int(get("SIGNUPS_PER_HOUR") or 60),
        web_dir=Path(get("WEB_DIR") or Path(__file__).parents[1] / "web").resolve(),
        log_format=log_format,  # type: ignore[arg-type]
        log_level=log_level,
        access_log=flag("ACCESS_LOG", log_format == "json"),
        unsafe_options=tuple(sorted(n for n in env if n.startswith("LABELWRIGHT_UNSAFE_") and env[n].strip().lower() in TRUE)),
    )


def _own_address(host: str, port: int) -> str:
    """Where a program on this machine finds the server."""
    name = "localhost" if host in LOOPBACK or host in EVERYWHERE else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _secret_key(home: Path) -> str:
    file = home / "secret.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    return key
