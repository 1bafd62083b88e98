"""Owns the marks on views: what a view is counted as."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from backend.limits.guard import count_own

View = TypeVar("View", bound=Callable[..., Any])


def as_read(view: View) -> View:
    """Mark a POST that only reads, and is counted as a read."""
    view._counted_as = "read"  # type: ignore[attr-defined]
    return view


def limited(name: str, *, by: str | None = None) -> Callable[[View], View]:
    """Give a view a limit of its own, `DONGNE_LIMIT_NAME`; put it innermost, on the view itself.

    When it cannot be counted the view refuses: nobody guesses passwords while the store is down.

    :param by: field of the body that says whom the request is about; the caller's own account
        where it is left out.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(payload: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
            count_own(name, payload[by] if by else None)
            return view(payload, *args, **kwargs)

        counted._counted_as = name  # type: ignore[attr-defined]
        return cast("View", counted)

    return decorate
