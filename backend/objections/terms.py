"""Owns the terms of objections: until when one is filed, and by when it is decided.

Defaults after the General Act on Public Administration (행정기본법), article 36: thirty days to
object, fourteen to answer. A round's policy may say otherwise.
"""

from datetime import datetime, time, timedelta

from backend.catalogue.validity import SEOUL, seoul_date
from backend.rounds.models import Round
from backend.rounds.policy import setting


def last_moment(round_: Round, published_at: datetime) -> datetime:
    """Return until when the outcomes of a plan may be objected to, in UTC or any other zone.

    :param published_at: of the plan; its day does not count.
    """
    return _end_of_day(published_at, _days(round_, "objection_days"))


def decision_due(round_: Round, filed_at: datetime) -> datetime:
    """Return by when an objection is to be decided; the day of its filing does not count."""
    return _end_of_day(filed_at, _days(round_, "objection_decision_days"))


def _days(round_: Round, name: str) -> int:
    return int(setting(round_.policy, name))


def _end_of_day(moment: datetime, days: int) -> datetime:
    """Return the midnight in Seoul that ends the last of so many days after a moment's."""
    following = seoul_date(moment) + timedelta(days=days + 1)
    return datetime.combine(following, time(), tzinfo=SEOUL)
