"""Owns how long a designation holds: pure dates, no rows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

INITIAL_YEARS = 3
EXTENSION_YEARS = (1, 2)
"""Years that the first and the second extension give: six in all at most."""


def seoul_date(now: datetime) -> date:
    """Return the day that it is in Korea, where designations begin and end.

    :param now: aware.
    """
    return now.astimezone(SEOUL).date()


def last_day(designated_on: date, years: int) -> date:
    """Return the last day of a designation of so many years.

    A period that began on 29 February ends with February where that day is missing (Civil Act,
    article 160).
    """
    try:
        anniversary = designated_on.replace(year=designated_on.year + years)
    except ValueError:
        anniversary = date(designated_on.year + years, 3, 1)
    return anniversary - timedelta(days=1)
