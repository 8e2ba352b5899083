"""Passwords: 8 to 128 characters, kept as Argon2id hashes. Hashing takes tens of milliseconds: never on the writer's thread."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from labelwright.server.errors import Invalid

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST, LONGEST = 8, 128


@cache
def _hasher() -> PasswordHash:
    """Argon2id with 19 MiB and two passes. Source: OWASP Password Storage Cheat Sheet."""
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))


def password_fault(password: str) -> str | None:
    """Why this can't be a password, or None."""
    if SHORTEST <= len(password) <= LONGEST:
        return None
    return f"Please enter a password of {SHORTEST} to {LONGEST} characters."


def hash_password(password: str) -> str:
    """The hash to store. Raises Invalid for a password too short or too long."""
    if fault := password_fault(password):
        raise Invalid.field("password", fault)
    return _hasher().hash(password)


def password_holds(password: str, password_hash: str | None) -> bool:
    """Whether the password fits. Takes as long for an account that does not exist (None) as for one that does."""
    if len(password) > LONGEST:
        password, password_hash = "", None
    if password_hash is None:
        _hasher().verify(password, _nobody())
        return False
    return _hasher().verify(password, password_hash)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
