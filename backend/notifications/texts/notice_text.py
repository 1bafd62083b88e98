"""Owns what the sentences of one kind of notice are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice's two languages; placeholders are named by the sender's parameters."""

    ko: str
    en: str
