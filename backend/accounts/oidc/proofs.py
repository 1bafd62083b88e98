"""Owns what makes sure who somebody is at a provider; asks the provider and no database."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from backend.accounts.oidc.attempts import ClaimedAttempt, get_provider
from backend.accounts.oidc.directory import Directory
from backend.accounts.oidc.exchange import exchange_code
from backend.accounts.oidc.id_tokens import read_subject
from backend.config.providers import Provider


@dataclass(frozen=True, slots=True)
class Proof:
    """What the app brings back from the provider: a code with its verifier, or an ID token."""

    code: str | None = None
    code_verifier: str | None = None
    id_token: str | None = None


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody at a provider, as they are known here.

    :param subject_hmac: HMAC-SHA-256 of issuer and subject, in hex.
    """

    provider: str
    subject_hmac: str


@dataclass(frozen=True, slots=True)
class Verifier:
    """Makes sure of people at the providers of this installation.

    :param secret: the application's own; the key of the hashes is derived from it.
    """

    providers: Iterable[Provider]
    directory: Directory
    secret: str

    def identify(self, attempt: ClaimedAttempt, proof: Proof, now: datetime) -> Outsider:
        """Return who somebody is, by what they brought back for a claimed attempt.

        Takes seconds where the provider does: hold no connection to the database meanwhile.

        :raises ProviderUnavailable: when the provider cannot be asked.
        :raises CodeRefused: when it does not know the code.
        :raises IdTokenInvalid: when the ID token does not hold.
        """
        provider = get_provider(self.providers, attempt.provider)
        by_code = attempt.redirect_uri is not None
        token = proof.id_token or ""
        if attempt.redirect_uri is not None:
            token = exchange_code(
                provider,
                self.directory.endpoints(provider, now),
                code=proof.code or "",
                code_verifier=proof.code_verifier or "",
                redirect_uri=attempt.redirect_uri,
            )
        subject = read_subject(
            token,
            issuer=provider.issuer,
            # A code was given to one client; a kit has the client id of its own platform.
            client_ids={provider.client_id} if by_code else provider.audiences,
            accepted=provider.audiences,
            nonce_sha256=attempt.nonce_sha256,
            find_key=lambda key_id, algorithm: self.directory.find_key(
                provider, key_id, algorithm, now
            ),
            now=now,
        )
        return Outsider(provider.key, hash_subject(provider.issuer, subject, self.secret))


def hash_subject(issuer: str, subject: str, secret: str) -> str:
    """Return what is kept of somebody at a provider: the same each time, and nobody's name.

    The issuer has no line break and no NUL, so that the two cannot be read in another way.
    """
    key = sha256(b"dongne external identity\0" + secret.encode()).digest()
    message = issuer.encode() + b"\0" + subject.encode("utf-8", "surrogatepass")
    return hmac.new(key, message, sha256).hexdigest()
