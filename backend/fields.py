"""Owns the marshmallow fields that several domains share; each refuses what it cannot keep."""

import math
import unicodedata
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from geo.regions import InvalidRegionCode, normalize_code

MAX_KRW = 10**13
"""Ten trillion won: more than any national budget line, well inside 53 bits."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Between them lies everything that somebody can mean."""


class Text(fields.String):
    """Text of people: trimmed, Unicode NFC, without control characters, of bounded length.

    :param max_length: longest text in characters.
    :param min_length: shortest text in characters; 1 refuses blanks.
    """

    def __init__(self, *, max_length: int, min_length: int = 1, **kwargs: Any) -> None:
        length = validate.Length(min=min_length, max=max_length)
        super().__init__(validate=[length, *kwargs.pop("extra_validators", ())], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        text = unicodedata.normalize("NFC", text).strip()
        if any(_is_control(character) for character in text):
            raise ValidationError("Not plain text.")
        return text


def _is_control(character: str) -> bool:
    """Tell bidirectional overrides and control characters, line breaks and tabs aside."""
    return (unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t") or (
        character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


class RegionCode(fields.String):
    """A region's code; the ten digits of a legal-dong code are cut to their level."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return normalize_code(text)
        except InvalidRegionCode as exc:
            raise ValidationError("Not a region code.") from exc


class Krw(fields.Integer):
    """Whole won, not negative; 1.0 and true are refused."""

    def __init__(self, *, minimum: int = 0, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=minimum, max=MAX_KRW), **kwargs)


class Count(fields.Integer):
    """A whole number within bounds; 1.0 and true are refused."""

    def __init__(self, *, minimum: int = 0, maximum: int = 10**6, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=minimum, max=maximum), **kwargs)


class Degrees(fields.Float):
    """Longitude or latitude in degrees, WGS 84; swapped ones are noticed where both are known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=-180, max=180), **kwargs)

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        number: float = super()._validated(value)
        if not math.isfinite(number):
            raise self.make_error("special", input=value)
        return number


class Flag(fields.Boolean):
    """Yes or no in a body: true or false, and nothing that only resembles them.

    A consent that was never given as one must not be read out of a 1 or an "on".
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return bool(super()._deserialize(value, attr, data, **kwargs))


class Instant(fields.AwareDateTime):
    """A moment of our time with its time zone (RFC 3339), kept in UTC.

    The first and the last years of the calendar are refused: in another time zone they may have
    no date at all, neither here nor on the way back from the database.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError("Not a time of our days.")
        return moment.astimezone(UTC)
