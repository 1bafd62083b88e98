"""Owns the marshmallow fields that several domains share; each refuses what it cannot keep."""

import math
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, validate

from geo.regions import InvalidRegionCode, normalize_code

MAX_KRW = 10**13
"""Ten trillion won: more than any national budget line, well inside 53 bits."""


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


class Instant(fields.AwareDateTime):
    """A moment with its time zone (RFC 3339), kept in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)
