"""Owns what service requests look like from outside, in the words of GeoReport v2."""

from typing import Any

from marshmallow import fields, validate

from backend.fields import Instant, Text
from backend.maps.open311.queries import STATUSES
from backend.proposals.categories import CATEGORIES
from backend.proposals.states import LABELS
from backend.schemas import Schema
from backend.translations import LANGUAGES, language

_CATEGORIES = {category.code: category for category in CATEGORIES}
_STATUS_OF = {state: status for status, states in STATUSES.items() for state in states}


class CommaSeparated(fields.List[Any]):
    """Values with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(str(value).split(","), attr, data, **kwargs)


class JurisdictionSchema(Schema):
    """Whose service is asked for; there is one here, so that it does not matter."""

    jurisdiction_id = Text(max_length=100)


class RequestsQuerySchema(JurisdictionSchema):
    """Which service requests are asked for."""

    service_request_id = CommaSeparated(
        fields.UUID(),
        validate=validate.Length(max=100),
        metadata={"description": "These, whatever else is asked for"},
    )
    service_code = CommaSeparated(fields.String(validate=validate.OneOf(_CATEGORIES)))
    status = CommaSeparated(fields.String(validate=validate.OneOf(tuple(STATUSES))))
    start_date = Instant()
    end_date = Instant(metadata={"description": "At most 90 days after `start_date`"})


class ServiceSchema(Schema):
    """A category, as something that can be asked for."""

    service_code = fields.String(required=True, attribute="code")
    service_name = fields.Function(
        lambda category: _service_name(category.code),
        required=True,
        metadata={"type": "string"},
    )
    description = fields.Function(
        lambda category: _service_name(category.code),
        required=True,
        metadata={"type": "string"},
    )
    metadata = fields.Constant(constant=False, required=True)
    type = fields.Constant("realtime", required=True)
    keywords = fields.Constant("", required=True)
    group = fields.Constant("", required=True)


class ServiceRequestSchema(Schema):
    """A public proposal; `lat` and `long` stand for a cell of some 250 m."""

    service_request_id = fields.UUID(required=True, attribute="id")
    status = fields.Function(
        lambda row: _STATUS_OF[row.status],
        required=True,
        metadata={"type": "string", "enum": list(STATUSES)},
    )
    status_notes = fields.Function(
        lambda row: LABELS[row.status][LANGUAGES.index(language())],
        required=True,
        metadata={"type": "string"},
    )
    service_name = fields.Function(
        lambda row: _service_name(row.category), required=True, metadata={"type": "string"}
    )
    service_code = fields.String(required=True, attribute="category")
    description = fields.Function(
        lambda row: f"{row.title}\n{row.problem}", required=True, metadata={"type": "string"}
    )
    agency_responsible = fields.String(required=True, attribute="local_government_name")
    service_notice = fields.Constant(None, required=True)
    requested_datetime = Instant(required=True, attribute="submitted_at")
    updated_datetime = fields.Function(
        lambda row: (row.decided_at or row.submitted_at).isoformat(),
        required=True,
        metadata={"type": "string", "format": "date-time"},
    )
    expected_datetime = fields.Constant(None, required=True)
    address = fields.String(required=True, attribute="place_name")
    address_id = fields.Constant(None, required=True)
    zipcode = fields.Constant(None, required=True)
    lat = fields.Float(required=True)
    long = fields.Float(required=True, attribute="lon")
    media_url = fields.Constant(None, required=True)


class ToldErrorSchema(Schema):
    """One error, in the words of GeoReport v2."""

    code = fields.Integer(required=True, metadata={"description": "HTTP status"})
    description = fields.String(required=True)


class EndpointSchema(Schema):
    """A version of the interface and where it is."""

    specification = fields.URL(required=True)
    url = fields.String(required=True)
    changeset = fields.String(required=True)
    type = fields.Constant("production", required=True)
    formats = fields.List(fields.String(), required=True)


class DiscoverySchema(Schema):
    """Where the interface is and what it speaks."""

    changeset = fields.String(required=True)
    contact = fields.String(required=True)
    key_service = fields.String(required=True)
    endpoints = fields.List(fields.Nested(EndpointSchema), required=True)


def _service_name(code: str) -> str:
    category = _CATEGORIES[code]
    return category.en if language() == "en" else category.ko
