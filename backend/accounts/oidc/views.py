"""Signing in with a provider over HTTP: providers, attempts, sessions, and linked identities.

While a provider is asked, the request holds no connection to the database. Linking therefore has an
address that cannot be read: under `If-Match`, a write to what can be is one transaction.
"""

from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from flask import current_app

from backend import clock
from backend.accounts.oidc import attempts, queries, schemas, service
from backend.accounts.oidc.directory import Directory
from backend.accounts.oidc.fetching import ProviderUnavailable
from backend.accounts.oidc.proofs import Outsider, Proof, Verifier
from backend.accounts.session_views import token_policy
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.db import db, release_connection, unit_of_work
from backend.idempotency import not_kept
from backend.limits import limited
from backend.openapi import URL_PREFIX, Blueprint

EXTENSION = "dongne_oidc_directory"

blp = Blueprint(
    "oidc", __name__, url_prefix=URL_PREFIX, description="Signing in with OpenID providers"
)


@blp.get("/sign-in-providers")
@public
@blp.response(200, schemas.ProviderListSchema)
def list_providers() -> Any:
    """List the providers that people may sign in with."""
    return {"items": current_app.config["OIDC_PROVIDERS"]}


@blp.post("/sign-in-attempts")
@not_kept
@public
@blp.arguments(schemas.AttemptCreateSchema)
@blp.response(201, schemas.AttemptSchema)
@limited("sign_in")
def begin_attempt(payload: dict[str, Any]) -> Any:
    """Begin to sign in with a provider, or to link one when somebody is signed in."""
    release_connection()
    provider = attempts.get_provider(current_app.config["OIDC_PROVIDERS"], payload.pop("provider"))
    endpoints = _directory().endpoints(provider, clock.now())
    with unit_of_work() as session:
        return attempts.begin_attempt(
            session,
            provider=provider,
            authorization_endpoint=endpoints.authorization,
            account_id=current_identity().account_id,
            now=clock.now(),
            **payload,
        )


@blp.post("/sessions/oidc")
@not_kept
@public
@blp.arguments(schemas.ProviderSignInSchema)
@blp.response(201, schemas.ProviderTokenPairSchema)
@limited("sign_in", by="attempt_id")
def sign_in_with_provider(payload: dict[str, Any]) -> Any:
    """Sign in with what a provider gave for an attempt; the first time, an account is made."""
    display_name, device = payload.pop("display_name"), payload.pop("device")
    outsider = _identify(payload, account_id=None)
    with unit_of_work() as session:
        opened = service.sign_in_outsider(
            session,
            outsider=outsider,
            display_name=display_name,
            device=device,
            policy=token_policy(),
            now=clock.now(),
        )
    return {**asdict(opened.pair), "is_new": opened.is_new}


@blp.get("/me/external-identities")
@requires(Permission.Me.READ)
@blp.response(200, schemas.ExternalIdentityListSchema)
def list_identities() -> Any:
    """List the providers that one's account can be signed in with."""
    return {"items": queries.list_identities(db.session(), current_account_id())}


@blp.post("/external-identities")
@not_kept
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.ProofSchema)
@blp.response(201, schemas.ExternalIdentitySchema)
def link_identity(payload: dict[str, Any]) -> Any:
    """Link a provider to one's account with what it gave for an attempt."""
    outsider = _identify(payload, account_id=current_account_id())
    with unit_of_work() as session:
        return service.link_identity(
            session, account_id=current_account_id(), outsider=outsider, now=clock.now()
        )


@blp.delete("/me/external-identities/<uuid:identity_id>")
@requires(Permission.Me.EDIT)
@blp.response(204)
def unlink_identity(identity_id: UUID) -> None:
    """Unlink a provider from one's account, unless it is the last way in."""
    with unit_of_work() as session:
        service.unlink_identity(
            session, account_id=current_account_id(), identity_id=identity_id, now=clock.now()
        )


def _identify(payload: dict[str, Any], account_id: UUID | None) -> Outsider:
    """Use the attempt up, and then ask the provider, with no connection held."""
    now = clock.now()
    attempt_id, state = payload.pop("attempt_id"), payload.pop("state")
    proof = Proof(**payload)
    with unit_of_work() as session:
        claimed = attempts.claim_attempt(
            session,
            attempt_id=attempt_id,
            state=state,
            code_verifier=proof.code_verifier,
            account_id=account_id,
            now=now,
        )
    release_connection()
    config = current_app.config
    verifier = Verifier(config["OIDC_PROVIDERS"], _directory(), config["SECRET_KEY"])
    try:
        return verifier.identify(claimed, proof, now)
    except ProviderUnavailable:
        with unit_of_work() as session:
            attempts.give_back_attempt(session, attempt_id)
        raise


def _directory() -> Directory:
    return cast("Directory", current_app.extensions[EXTENSION])
