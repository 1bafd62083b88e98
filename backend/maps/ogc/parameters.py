"""Owns the parameters of the layers: which there are, and how they are read, strictly."""

from typing import Any

from flask import request
from marshmallow import ValidationError, fields, validate

from backend.fields import Instant, RegionCode, Text
from backend.maps.ogc.errors import ParameterInvalid, ParameterUnknown
from backend.maps.ogc.wanted import DEFAULT_LIMIT, MOST_FEATURES, Period, Wanted
from backend.organizations.models import INSTITUTION_TYPES
from backend.proposals.categories import CATEGORIES
from backend.proposals.filters import LISTED
from backend.schemas import Schema
from geo.areas import Bbox
from geo.crs import in_korea

OPEN = ("", "..")
"""An end of an interval that is not there."""


class BoxesField(fields.String):
    """A box of four degrees, or six numbers with heights, which count for nothing here.

    Where west lies east of east the box crosses the antimeridian (RFC 7946, 5.2) and is two.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            numbers = [float(part) for part in text.split(",")]
            if len(numbers) == 6:
                west, south, low, east, north, high = numbers
            else:
                west, south, east, north = numbers
                low = high = 0.0
        except ValueError as exc:
            raise ValidationError("Not a box of four or six numbers.") from exc
        if in_korea(south, west) and in_korea(north, east):
            raise ValidationError("Longitude and latitude seem to be swapped.")
        # Comparisons with NaN are false, and infinities are out of range.
        in_range = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
        if not (in_range and low <= high):
            raise ValidationError("Not a box of four or six numbers.")
        if west <= east:
            return [Bbox(west, south, east, north)]
        return [Bbox(west, south, 180, north), Bbox(-180, south, east, north)]


class PeriodField(fields.String):
    """A time of RFC 3339, or two with a slash between; one of them may be `..` or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        ends = text.split("/")
        try:
            moments = [None if end in OPEN else Instant().deserialize(end) for end in ends]
        except ValidationError as exc:
            raise ValidationError("Not a time or interval of RFC 3339.") from exc
        start, end = moments[0], moments[-1]
        backwards = start is not None and end is not None and start > end
        if len(ends) > 2 or (start is None and end is None) or backwards:
            raise ValidationError("Not a time or interval of RFC 3339.")
        return Period(start, end)


class FormSchema(Schema):
    """The form of an answer."""

    f = fields.String(
        validate=validate.OneOf(("json",)), metadata={"description": "The only form there is"}
    )


class ItemsQuerySchema(FormSchema):
    """Which features are asked for; subclasses add what their layer can be filtered by."""

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(min=1),
        metadata={
            "description": "Features a page; a larger number counts as the maximum",
            "maximum": MOST_FEATURES,
        },
    )
    bbox = BoxesField(
        metadata={
            "type": "array",
            "items": {"type": "number"},
            "minItems": 4,
            "maxItems": 6,
            "description": "west,south,east,north in degrees (WGS 84), heights between if given",
        }
    )
    datetime = PeriodField(
        metadata={
            "description": "A time of RFC 3339, or an interval such as 2026-01-01T00:00:00Z/.."
        }
    )
    after = Text(max_length=500, metadata={"description": "Cursor of a page, from a `next` link"})


_CATEGORY = validate.OneOf([category.code for category in CATEGORIES])


class RegionItemsQuerySchema(ItemsQuerySchema):
    """Which regions are asked for."""

    code = RegionCode(metadata={"description": "The code of one region"})
    region_code = RegionCode(metadata={"description": "A region with everything in it"})
    local_government_code = RegionCode()


class InstitutionItemsQuerySchema(ItemsQuerySchema):
    """Which institutions are asked for."""

    region_code = RegionCode(metadata={"description": "A region with everything in it"})
    institution_type = fields.String(validate=validate.OneOf(INSTITUTION_TYPES))
    local_government_code = RegionCode()


class ProposalItemsQuerySchema(ItemsQuerySchema):
    """Which proposals are asked for."""

    region_code = RegionCode(metadata={"description": "A region with everything in it"})
    category = fields.String(validate=_CATEGORY)
    status = fields.String(validate=validate.OneOf(LISTED))


class PlacementItemsQuerySchema(ItemsQuerySchema):
    """Which placements are asked for."""

    region_code = RegionCode(metadata={"description": "A region with everything in it"})
    category = fields.String(validate=_CATEGORY)
    round = Text(max_length=40, metadata={"description": "Code of a round"})


def read_query(schema: Schema) -> dict[str, Any]:
    """Return the parameters of the request.

    :raises ParameterUnknown: when there is one that the operation does not have.
    :raises ParameterInvalid: when one has a value that it cannot have, or is there twice.
    """
    for name, values in request.args.lists():
        if name not in schema.fields:
            raise ParameterUnknown(field=f"query.{name}", name=name)
        if len(values) > 1:
            raise _invalid(name, "Given more than once.")
    try:
        loaded: dict[str, Any] = schema.load(request.args.to_dict())
    except ValidationError as exc:
        messages: Any = exc.messages
        name = min(messages)
        raise _invalid(name, _first(messages[name])) from exc
    return loaded


def read_wanted(schema: ItemsQuerySchema) -> Wanted:
    """Return which features the request asks for.

    :raises ParameterUnknown: see `read_query`.
    :raises ParameterInvalid: see `read_query`.
    """
    query = read_query(schema)
    filters = {name: query[name] for name in query if name not in ItemsQuerySchema().fields}
    return Wanted(
        # A larger limit is no error (/req/core/fc-limit-response-1).
        limit=min(query["limit"], MOST_FEATURES),
        after=query.get("after"),
        boxes=query.get("bbox", ()),
        period=query.get("datetime"),
        filters=filters,
    )


def invalid_cursor() -> ParameterInvalid:
    """Return the refusal of a cursor that the layer did not make."""
    return _invalid("after", "Not a cursor of this list.")


def _first(messages: Any) -> str:
    """Return the first sentence; lists have theirs by the place of the value at fault."""
    while not isinstance(messages, str):
        messages = messages[min(messages)] if isinstance(messages, dict) else messages[0]
    return messages


def _invalid(name: str, reason: str) -> ParameterInvalid:
    return ParameterInvalid(field=f"query.{name}", name=name, reason=reason)
