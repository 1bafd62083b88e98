"""Owns the door of every route: deny by default, `@public` and `@requires` open it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, current_app, g, request

from backend.auth.identity import ANONYMOUS, Identity
from backend.auth.policy import permits
from backend.errors import AuthenticationRequired, NotFound, PermissionDenied

View = TypeVar("View", bound=Callable[..., Any])
IdentityLoader = Callable[[str], Identity]

EXTENSION = "dongne_identity_loader"


class UnguardedRoute(RuntimeError):
    """A route says neither who may use it nor that everybody may; nobody gets in."""


class SecondFactorNeeded(PermissionDenied):
    """Staff of this installation have a second factor, and this person has none yet."""

    code = "second_factor_needed"
    ko = "직원 계정은 2단계 인증을 먼저 설정해야 합니다."
    en = "Staff set up a second factor first."


def init_app(app: Flask, load_identity: IdentityLoader) -> None:
    """Build the caller's identity before each request and refuse unmarked routes.

    :param load_identity: turns an access token into an identity; raises
        `AuthenticationRequired` for a token that is not good.
    """
    app.extensions[EXTENSION] = load_identity
    app.before_request(before_request)


def before_request() -> None:
    """Read the bearer token, if there is one, and refuse a route that carries no policy.

    :raises AuthenticationRequired: when the token is not good, on any route.
    """
    g.identity = ANONYMOUS
    if request.endpoint is None:
        return
    if policy_of(current_app.view_functions[request.endpoint]) is None:
        raise UnguardedRoute(request.endpoint)
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise AuthenticationRequired
        g.identity = current_app.extensions[EXTENSION](token.strip())


def current_identity() -> Identity:
    """Return who is calling."""
    return cast("Identity", g.identity)


def current_account_id() -> UUID:
    """Return the caller's account, on a route that only the signed-in reach.

    :raises AuthenticationRequired: when nobody is signed in.
    """
    account_id = current_identity().account_id
    if account_id is None:
        raise AuthenticationRequired
    return account_id


def public(view: View) -> View:
    """Mark a view that everybody may use."""
    view._policy = "public"  # type: ignore[attr-defined]
    return view


def requires(
    permission: StrEnum,
    subject: Callable[..., object] | None = None,
    *,
    hidden: bool = False,
) -> Callable[[View], View]:
    """Let only callers with `permission` in; put it outermost, so that 403 comes before 422.

    :param subject: takes the route's arguments by name and returns what the permission is
        about; raises `NotFound` for an unknown one.
    :param hidden: answer 404 in place of 401 and 403, where existence itself is private.
    """

    def check(**arguments: Any) -> None:
        identity = current_identity()
        about = subject(**arguments) if subject else None
        if not permits(identity, permission, about):
            if identity.lacks_second_factor:
                raise SecondFactorNeeded
            if hidden:
                raise NotFound
            if identity.account_id is None:
                raise AuthenticationRequired
            raise PermissionDenied

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check(**kwargs)
            return view(*args, **kwargs)

        guarded._policy = permission  # type: ignore[attr-defined]
        guarded._check = check  # type: ignore[attr-defined]
        guarded._subject = subject  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def check_access(view: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Refuse a caller whom a view would refuse, before anything else is looked at.

    :param arguments: of the route, by name.
    :raises AuthenticationRequired, PermissionDenied, NotFound: as the view does.
    """
    check = getattr(view, "_check", None)
    if check is not None:
        check(**arguments)


def policy_of(view: Callable[..., Any]) -> str | None:
    """Return the permission a view asks for, ``public``, or None when it says nothing."""
    policy = getattr(view, "_policy", None)
    return None if policy is None else str(policy)
