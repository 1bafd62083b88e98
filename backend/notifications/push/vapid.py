"""Owns the key by which push services know this installation (VAPID, RFC 8292)."""

import base64
import os
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

KEY_FILE = "vapid.key"
TOKEN_LIFE = timedelta(hours=12)
"""At most 24 hours (RFC 8292, 2)."""

KEY_BYTES = 32


class VapidKey:
    """A key pair on P-256.

    :param scalar: the private key, 32 bytes.
    """

    def __init__(self, scalar: bytes) -> None:
        numbers = _public_numbers(scalar)
        self.public = _encode(b"\x04" + numbers[0] + numbers[1])
        self.public_jwk: dict[str, str | list[str]] = {
            "kty": "EC",
            "crv": "P-256",
            "x": _encode(numbers[0]),
            "y": _encode(numbers[1]),
        }
        self._key = ECKey.import_key(self.public_jwk | {"d": _encode(scalar)})

    def authorization(self, *, audience: str, subject: str, now: datetime) -> str:
        """Return the `Authorization` header of a message.

        :param audience: origin of the push service.
        :param subject: ``mailto:`` or ``https:`` address of the operator.
        """
        claims = {"aud": audience, "exp": int((now + TOKEN_LIFE).timestamp()), "sub": subject}
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._key)
        return f"vapid t={token}, k={self.public}"


@lru_cache(maxsize=4)
def load_key(given: str, var_dir: Path) -> VapidKey:
    """Return the installation's key; made when there is none yet, readable by its owner only.

    :param given: base64url of the private key; empty for the one in `var_dir`.
    :raises ValueError: when it is no such key.
    """
    text = given or _read_or_make(var_dir / KEY_FILE)
    scalar = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(scalar) != KEY_BYTES:
        msg = "a VAPID key is base64url of 32 bytes"
        raise ValueError(msg)
    return VapidKey(scalar)


def _read_or_make(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        made = ECKey.generate_key("P-256", private=True).as_dict(private=True)["d"]
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(str(made))
        try:
            # Of several processes one links first; the others then read that one's key.
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text(encoding="ascii").strip()


def _public_numbers(scalar: bytes) -> tuple[bytes, bytes]:
    from_scalar = ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1())
    numbers = from_scalar.public_key().public_numbers()
    return numbers.x.to_bytes(KEY_BYTES), numbers.y.to_bytes(KEY_BYTES)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
