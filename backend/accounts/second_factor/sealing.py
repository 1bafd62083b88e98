"""Owns the keys of second factors: how secrets lie in the database, and how codes are hashed."""

import secrets
from hashlib import sha256
from hmac import digest as hmac_digest
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealBroken(RuntimeError):
    """A secret was sealed with another key, for another account, or was changed."""


def seal(text: str, *, account_id: UUID, secret: str) -> bytes:
    """Encrypt a text for one account (AES-256-GCM, NIST SP 800-38D).

    :param secret: the application's own; the key is derived from it.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, text.encode(), account_id.bytes)


def unseal(sealed: bytes, *, account_id: UUID, secret: str) -> str:
    """Decrypt what `seal` made.

    :raises SealBroken: when it is not of this account, or not of this secret.
    """
    nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(secret).decrypt(nonce, encrypted, account_id.bytes).decode()
    except InvalidTag as exc:
        raise SealBroken(str(account_id)) from exc


def hash_code(code: str, *, account_id: UUID, secret: str) -> bytes:
    """Return the HMAC-SHA-256 of a code, 32 bytes; equal codes of two people differ."""
    key = sha256(b"dongne recovery code\0" + secret.encode()).digest()
    return hmac_digest(key, account_id.bytes + code.encode(), "sha256")


def _cipher(secret: str) -> AESGCM:
    return AESGCM(sha256(b"dongne second factor\0" + secret.encode()).digest())
