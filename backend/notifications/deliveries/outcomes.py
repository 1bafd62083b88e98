"""Owns what can come of one attempt to send something; knows no channel."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt.

    :param result: ``sent``, ``failed`` (for good) or ``again``.
    :param code: short and stable, without anything personal; empty where it was sent.
    :param wait_s: seconds after which the other side wants to be asked again.
    :param gone: whether there is nobody at the address any more.
    """

    result: str
    code: str = ""
    wait_s: int | None = None
    gone: bool = False

    @classmethod
    def sent(cls) -> Self:
        """Return that it was taken."""
        return cls("sent")

    @classmethod
    def failed(cls, code: str, *, gone: bool = False) -> Self:
        """Return that another attempt would meet the same."""
        return cls("failed", code, gone=gone)

    @classmethod
    def again(cls, code: str, *, wait_s: int | None = None) -> Self:
        """Return that another attempt may succeed."""
        return cls("again", code, wait_s)
