"""Service requests over HTTP: GeoReport v2, JSON only, for everybody."""

from typing import Any
from uuid import UUID

from flask import Response as FlaskResponse
from flask import json, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response
from werkzeug.exceptions import HTTPException, NotAcceptable

from backend import clock, problems
from backend.auth.guards import public
from backend.db import read_connection
from backend.errors import DomainError
from backend.maps.answers import answer
from backend.maps.ogc.parameters import read_query
from backend.maps.open311 import queries, schemas
from backend.openapi import Blueprint
from backend.proposals.categories import CATEGORIES
from backend.schemas import ProblemSchema

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-25T00:00:00+09:00"
"""When this half of the interface last changed."""
JSON = "application/json"
PROBLEM = "application/problem+json"

blp = Blueprint(
    "open311",
    __name__,
    url_prefix="/open311/v2",
    description="Public proposals as service requests (Open311 GeoReport v2)",
)


def _describe_errors(doc: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
    """Describe errors as they are told here: a list, not a problem document."""
    content = {JSON: {"schema": schemas.ToldErrorSchema(many=True)}}
    told = doc["responses"]
    told["406"] = {"description": "Another form than JSON was asked for"}
    told["422"] = {"description": "Some values need correction"}
    told["404"] = {"description": "There is nothing of that name"}
    for status in [status for status in told if int(status) >= 400]:
        told[status]["content"] = content
    # An address that is none of these is not known to be of this interface.
    told["404"]["content"] = content | {PROBLEM: {"schema": ProblemSchema}}
    return doc


blp._prepare_doc_cbks.append(_describe_errors)


@blp.before_request
def take_form() -> None:
    """Refuse another form than JSON, be it asked for in the address or in a header."""
    form = (request.view_args or {}).pop("form", "json")
    accepted = request.accept_mimetypes
    if form != "json" or (accepted and accepted.best_match((JSON,)) is None):
        raise NotAcceptable


@blp.errorhandler(DomainError)
def answer_domain_error(error: DomainError) -> FlaskResponse:
    """Answer a refusal in the words of GeoReport v2."""
    return _in_their_words(problems.answer_domain_error(error))


@blp.errorhandler(HTTPException)
def answer_http_error(error: HTTPException) -> FlaskResponse:
    """Answer an HTTP error in the words of GeoReport v2."""
    return _in_their_words(problems.answer_http_error(error))


@blp.errorhandler(SQLAlchemyError)
def answer_database_error(error: SQLAlchemyError) -> FlaskResponse:
    """Answer what the database could not do in the words of GeoReport v2."""
    return _in_their_words(problems.answer_database_error(error))


@blp.get("/discovery.<form>")
@public
@blp.response(200, schemas.DiscoverySchema)
def show_discovery() -> Response:
    """Show where the interface is and what it speaks."""
    read_query(schemas.JurisdictionSchema())
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{request.url_root}open311/v2",
        "changeset": CHANGESET,
        "formats": [JSON],
    }
    found = {
        "changeset": CHANGESET,
        "contact": request.url_root,
        "key_service": "",
        "endpoints": [endpoint],
    }
    return answer(schemas.DiscoverySchema(), found)


@blp.get("/services.<form>")
@public
@blp.response(200, schemas.ServiceSchema(many=True))
def list_services() -> Response:
    """List the categories of proposals as services."""
    read_query(schemas.JurisdictionSchema())
    return answer(schemas.ServiceSchema(many=True), CATEGORIES)


@blp.get("/requests.<form>")
@public
@blp.response(200, schemas.ServiceRequestSchema(many=True))
def list_requests() -> Response:
    """List public proposals as service requests, at most 1,000 of at most 90 days."""
    query = read_query(schemas.RequestsQuerySchema())
    query.pop("jurisdiction_id", None)
    with read_connection() as connection:
        found = queries.list_requests(connection, queries.Wanted(**query), clock.now())
    return answer(schemas.ServiceRequestSchema(many=True), found)


@blp.get("/requests/<uuid:request_id>.<form>")
@public
@blp.response(200, schemas.ServiceRequestSchema(many=True))
def show_request(request_id: UUID) -> Response:
    """Show one public proposal as a list of one service request."""
    read_query(schemas.JurisdictionSchema())
    with read_connection() as connection:
        found = queries.get_request(connection, request_id)
    return answer(schemas.ServiceRequestSchema(many=True), [found])


def _in_their_words(problem: FlaskResponse) -> FlaskResponse:
    """Turn a problem document into the list of errors that the specification asks for."""
    told: Any = problem.get_json()
    errors = [{"code": told["status"], "description": told["detail"]}]
    problem.set_data(json.dumps(errors, ensure_ascii=False))
    problem.mimetype = JSON
    return problem
