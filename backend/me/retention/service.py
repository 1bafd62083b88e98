"""Owns how the list of what is kept is shown for an installation."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from backend.me.retention.rule import Rule
from backend.me.retention.rules import RULES


def describe_retention(config: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what is kept of people, for how long and why.

    :param config: the application's settings, some of which are periods in days.
    """
    return [
        {
            "key": rule.key,
            **{
                f"{name}_{language}": text
                for name, texts in (
                    ("what", rule.what),
                    ("period", rule.period),
                    ("reason", rule.reason),
                )
                for language, text in zip(("ko", "en"), texts, strict=True)
            },
            "seconds": _seconds(rule, config),
            "cleared_by": rule.job,
        }
        for rule in RULES
    ]


def _seconds(rule: Rule, config: Mapping[str, Any]) -> int | None:
    if rule.span is None:
        return None
    span = timedelta(days=config[rule.span]) if isinstance(rule.span, str) else rule.span
    return int(span.total_seconds())
