"""Secrets at rest: hashed for looking up; sealed (encrypted with the server's key) where their owner may read them again."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def digest(secret: str) -> str:
    """What is stored of a random secret: SHA-256 in hex. Not for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derive_key(secret_key: str, purpose: str) -> bytes:
    """32 bytes for one purpose, so that no two uses share a key."""
    return hashlib.blake2b(purpose.encode(), key=hashlib.sha256(secret_key.encode()).digest(), digest_size=32).digest()


@lru_cache(maxsize=8)
def _box(secret_key: str) -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(derive_key(secret_key, "sealed secrets")))


def seal(secret: str, secret_key: str) -> str:
    return _box(secret_key).encrypt(secret.encode()).decode()


def unseal(sealed: str, secret_key: str) -> str | None:
    """The secret, or None when it was sealed with another key (the server's key was replaced)."""
    from cryptography.fernet import InvalidToken

    try:
        return _box(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
