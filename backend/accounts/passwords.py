"""Owns the hashing of passwords (argon2id) and bounds how many run at once."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane."""

_slots = BoundedSemaphore(2)
"""A burst of sign-ins must not take all memory and both cores."""

_DUMMY_HASH = _hasher.hash("nobody has this password")
"""Checked where there is no account: an unknown address takes as long as a wrong password."""


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, salt included."""
    with _slots:
        return _hasher.hash(password)


def password_matches(password: str, password_hash: str | None) -> bool:
    """Tell whether a password is the hashed one; None takes the same time and is never matched."""
    with _slots:
        try:
            return _hasher.verify(password_hash or _DUMMY_HASH, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False
