"""Owns the marshmallow fields of queries, which are texts: areas, and words of a choice."""

from typing import Any

from marshmallow import ValidationError, fields

from geo.areas import Bbox, Circle
from geo.crs import in_korea
from geo.proximity import MAX_RADIUS_M


class BboxField(fields.String):
    """A box of four degrees, `west,south,east,north` (RFC 7946, section 5)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as exc:
            raise ValidationError("Not a box: west,south,east,north.") from exc
        if in_korea(south, west) and in_korea(north, east):
            raise ValidationError("Longitude and latitude seem to be swapped.")
        # Comparisons with NaN are false, and infinities are out of range.
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValidationError("Not a box: west,south,east,north.")
        return Bbox(west, south, east, north)


class CircleField(fields.String):
    """A circle in Korea, `lon,lat,radius_m`: degrees (WGS 84) and metres up to `MAX_RADIUS_M`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            lon, lat, radius_m = (float(part) for part in text.split(","))
        except ValueError as exc:
            raise ValidationError("Not a circle: lon,lat,radius_m.") from exc
        if in_korea(lat, lon):
            raise ValidationError("Longitude and latitude seem to be swapped.")
        if not in_korea(lon, lat):
            raise ValidationError("Not a position in or around Korea.")
        # Comparisons with NaN are false.
        if not 0 < radius_m <= MAX_RADIUS_M:
            msg = f"A radius is more than 0 and at most {MAX_RADIUS_M:.0f} m."
            raise ValidationError(msg)
        return Circle(lon, lat, radius_m)


class OneOrMore(fields.String):
    """One or several of some words, separated by commas; read as a list without repetitions.

    :param words: what each may be.
    """

    def __init__(self, words: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        found = list(dict.fromkeys(text.split(",")))
        if not set(found) <= set(self.words):
            msg = f"Must be one of: {', '.join(self.words)}."
            raise ValidationError(msg)
        return found
