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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {
            "pattern": "^[1-9][0-9]([0-9]{3}([0-9]{3}([0-9]{2})?)?)?$",
            "format": "region-code",
            **self.metadata,
        }

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


class Points(fields.Field[list[tuple[float, float]]]):
    """Positions `[lon, lat]` in degrees, WGS 84, read without a schema for each.

    The first `MOST_NAMED` that are no positions are named by their place in the list.

    :param maximum: most positions; at least one is needed.
    """

    MOST_NAMED = 20
    default_error_messages = {  # noqa: RUF012 (marshmallow's contract)
        "invalid": "Not a valid list.",
        "point": "Not a position: [lon, lat] in degrees.",
    }

    def __init__(self, *, maximum: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(min=1, max=maximum), **kwargs)
        self.metadata = {
            "type": "array",
            "minItems": 1,
            "maxItems": maximum,
            "items": {
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": {"type": "number", "minimum": -180, "maximum": 180},
            },
            **self.metadata,
        }

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[tuple[float, float]]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        wrong = [number for number, point in enumerate(value) if not _is_position(point)]
        if wrong:
            message = self.error_messages["point"]
            raise ValidationError({number: [message] for number in wrong[: self.MOST_NAMED]})
        return [(float(lon), float(lat)) for lon, lat in value]


def _is_position(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(degrees) in (float, int) and -180 <= degrees <= 180 for degrees in point)
    )


class Metres(fields.Float):
    """A length in metres, told to the decimetre."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize(round(value, 1), attr, obj, **kwargs)


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
