"""Owns the ladder of domain errors, which know no HTTP; `backend.problems` answers them.

Each error carries a stable code and its sentence in Korean and English, beside the rule it is for.
"""

from datetime import datetime
from math import ceil
from typing import Any, ClassVar, Self


class DomainError(Exception):
    """Something that the rules do not allow.

    :param field: path of the field at fault, such as ``json.location.lon``.
    :param params: values for the sentences' placeholders.
    """

    code: ClassVar[str] = "error"
    ko: ClassVar[str] = "요청을 처리할 수 없습니다."
    en: ClassVar[str] = "The request cannot be carried out."
    retry_after_s: int | None = None
    """Seconds after which the same request may well succeed."""
    tells: ClassVar[tuple[str, ...]] = ()
    """Params that the answer carries as members of their own, for programs (RFC 9457, 3.2)."""

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Return what happened as a sentence.

        :param language: ``ko`` or ``en``.
        """
        template = self.ko if language == "ko" else self.en
        return template.format_map(self.params)


class NotFound(DomainError):
    """There is no such thing, or the caller may not know that there is."""

    code = "not_found"
    ko = "찾는 항목이 없습니다."
    en = "There is no such item."


class Gone(DomainError):
    """The thing existed and does not any more."""

    code = "gone"


class AuthenticationRequired(DomainError):
    """Nobody is signed in, and somebody has to be."""

    code = "token_missing"
    ko = "로그인이 필요합니다."
    en = "Sign in first."


class PermissionDenied(DomainError):
    """The caller is known and may not do this."""

    code = "permission_denied"
    ko = "이 작업을 할 권한이 없습니다."
    en = "You may not do this."


class Conflict(DomainError):
    """The request clashes with the present state."""

    code = "conflict"
    ko = "현재 상태와 맞지 않는 요청입니다."
    en = "The request clashes with the present state."


class Stale(DomainError):
    """The thing is not any more, or not yet, what the caller has read."""

    code = "precondition_failed"
    ko = "그사이에 내용이 바뀌었습니다. 다시 읽은 뒤에 보내 주세요."
    en = "This has changed in the meantime. Read it again, then send your change."


class StateNotNamed(DomainError):
    """A change has to say of which state it is one, lest it undo another's unseen."""

    code = "precondition_required"
    ko = "바꾸기 전에 읽은 ETag를 If-Match에 넣어 보내 주세요."
    en = "Send the ETag of what you have read as If-Match."


class InvalidTransition(Conflict):
    """A state cannot follow another.

    :param params: ``current`` and ``target`` state names.
    """

    code = "invalid_transition"
    ko = "현재 상태({current})에서는 {target}(으)로 바꿀 수 없습니다."
    en = "From the state {current} there is no way to {target}."


class Invalid(DomainError):
    """A value is well-formed and still wrong; `field` names it."""

    code = "invalid"
    ko = "값이 올바르지 않습니다."
    en = "The value is not valid."


class TooMany(DomainError):
    """The same was asked for too often; `retry_after_s` says when it is heard again."""

    code = "rate_limited"
    ko = "요청이 너무 많습니다. 잠시 뒤에 다시 시도해 주세요."
    en = "Too many requests. Please try again later."

    @classmethod
    def until(cls, end: datetime, now: datetime) -> Self:
        """Return the refusal of what may be asked for again from `end` on."""
        error = cls()
        error.retry_after_s = max(1, ceil((end - now).total_seconds()))
        return error


class TooLarge(DomainError):
    """More was sent than is taken."""

    code = "body_too_large"
    ko = "보낸 내용이 너무 큽니다."
    en = "The body is too large."


class Unavailable(DomainError):
    """Something that the work needs is missing for now."""

    code = "unavailable"
    ko = "지금은 처리할 수 없습니다. 잠시 뒤에 다시 시도해 주세요."
    en = "This cannot be done right now. Please try again later."
    retry_after_s = 2
