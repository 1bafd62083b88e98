"""The one error that the commands show to a person; owns no recovery."""

from __future__ import annotations


class OpsError(Exception):
    """A step that cannot go on, in words, with what to type next.

    :param message: what went wrong, one sentence.
    :param hint: the exact command, or the one thing to do, that helps.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
