"""Owns codes: those of an authenticator (TOTP, RFC 6238) and those that stand in for it."""

import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

STEP_S = 30
DIGITS = 6
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_GROUP = 4
ISSUER = "Dongne"
"""Beside this name an authenticator shows its codes."""


def new_secret() -> str:
    """Return a secret of 160 bits in base 32, as RFC 4226, 4 recommends."""
    return pyotp.random_base32(32)


def otpauth_uri(secret: str, email: str) -> str:
    """Return what an authenticator scans."""
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S, name=email, issuer=ISSUER)
    return totp.provisioning_uri()


def find_step(secret: str, code: str, *, now: datetime, after: int | None) -> int | None:
    """Return the number of the time step whose code this is, or None.

    A phone's clock may be one step off (RFC 6238, 5.2); a step at or before `after` was used.
    """
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in (current - 1, current, current + 1):
        is_it = secrets.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if is_it and (after is None or step > after):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return codes of 80 bits each, in groups of four letters and digits."""
    return [
        _grouped(b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode())
        for _ in range(RECOVERY_CODES)
    ]


def plain(code: str) -> str:
    """Return a code as it is compared: upper case, without what people put between groups."""
    return "".join(code.split()).replace("-", "").upper()


def _grouped(text: str) -> str:
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
