"""Owns the API's description (OpenAPI 3.1) and how arguments are read; knows no domain."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import flask_smorest
from flask import Flask, Request, Response, render_template
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser, abort, is_json_request
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from backend import fields, sparse
from backend.auth.guards import policy_of, public
from backend.auth.identity import ANONYMOUS
from backend.auth.policy import permits
from backend.idempotency import is_kept
from backend.openapi_headers import (
    describe_fields,
    describe_headers,
    describe_tags,
    register_headers,
)
from backend.openapi_types import TypedFieldsPlugin
from backend.preconditions import is_match_needed
from backend.schemas import ProblemSchema

URL_PREFIX = "/api/v1"
MULTIPART = "multipart/form-data"

_ERRORS_EVERYWHERE = {
    "400": "The request cannot be read",
    "401": "Nobody is signed in, or the token is not good",
    "429": "Too many requests; see Retry-After",
    "500": "Something broke on our side",
    "503": "Not possible right now; see Retry-After",
}
_ERRORS_SIGNED_IN = {"403": "Not allowed"}
_ERRORS_OF_WRITES = {
    "409": "Clashes with the present state, or with the same request under way",
    "412": "What If-Match names is not the present state",
    "413": "The body is too large",
    "415": "The body is not JSON",
    "422": "Some values need correction",
}


class _Public:
    """Something that everybody may see and nobody owns."""

    is_public = True
    author_id = None
    organization_id = None
    local_government_code = None


class ArgumentsParser(FlaskParser):
    """Reads arguments strictly: unknown query parameters are errors, bodies are exact JSON."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 (webargs' contract)
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "querystring": RAISE,
    }
    __location_map__ = {  # noqa: RUF012 (webargs' contract)
        **FlaskParser.__location_map__,
        "multipart": "load_multipart",
    }

    def load_multipart(self, req: Request, schema: Any) -> Any:
        """Return the fields and files of a form (RFC 7578); refuse other media types."""
        if req.mimetype != MULTIPART:
            abort(415)
        return self._makeproxy(CombinedMultiDict([req.form, req.files]), schema)

    def load_querystring(self, req: Request, schema: Any) -> Any:
        """Return the query without what chooses parts of the answer, where there are such."""
        if sparse.FIELDS not in req.args or not sparse.takes_fields():
            return super().load_querystring(req, schema)
        rest = [pair for pair in req.args.items(multi=True) if pair[0] != sparse.FIELDS]
        return self._makeproxy(MultiDict(rest), schema)

    def _raw_load_json(self, req: Request) -> Any:
        """Return the body; refuse other media types and what is no exact JSON.

        That is NaN, repeated keys, bottomless nesting, and halves of surrogate pairs, which no
        text has (RFC 7493, 2.1).
        """
        body = req.get_data(cache=True)
        if not body:
            # Where a body is read, it has to be there: a change of nothing is `{}`.
            abort(422, messages={"json": ["Missing data for required field."]})
        if not is_json_request(req):
            abort(415)
        try:
            found = json.loads(
                body.decode("utf-8"),
                parse_constant=_refuse_constant,
                object_pairs_hook=_refuse_repeated_keys,
            )
            # Only an escape can smuggle half a pair past the decoding above.
            if b"\\u" in body:
                json.dumps(found, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError) as exc:
            abort(400, exc=exc, messages={"json": ["Not valid JSON."]})
        return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a key is there twice"
        raise ValueError(msg)
    return found


class Blueprint(flask_smorest.Blueprint):
    """A domain's routes; each operation is described with its policy and its errors."""

    ARGUMENTS_PARSER = ArgumentsParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {  # noqa: RUF012 (flask-smorest's contract)
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": MULTIPART,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_policy_doc)

    def arguments(self, schema: Any, **options: Any) -> Any:
        """Read arguments by one instance of a schema, not by a new one for every request."""
        decorate = super().arguments(schema() if isinstance(schema, type) else schema, **options)
        if options.get("location") != "query":
            return decorate
        return lambda view: sparse.mark_query(decorate(view))

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Any:
        """Answer by a schema; parts of what it shows as JSON can be asked for."""
        shown = schema() if isinstance(schema, type) else schema
        decorate = super().response(status_code, shown, **options)
        if status_code != 200 or not isinstance(shown, Schema) or options.get("content_type"):
            return decorate
        return lambda view: sparse.mark_answer(decorate(view), shown)

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method != "parameters":
                doc["policy"] = policy_of(obj)
                doc["operation_id"] = endpoint
                doc["needs_match"] = is_match_needed(obj)
                doc["takes_key"] = method == "post" and is_kept(obj)
                doc["is_selectable"] = method == "get" and sparse.is_selectable(obj)

    def _prepare_policy_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_: Any
    ) -> dict[str, Any]:
        doc["operationId"] = doc_info["operation_id"]
        policy = doc_info["policy"]
        described = dict(_ERRORS_EVERYWHERE)
        if policy != "public":
            described |= _ERRORS_SIGNED_IN
            doc["security"] = [{"bearer": []}]
            if permits(ANONYMOUS, policy, _Public()):
                doc["security"].append({})
            doc["x-permission"] = policy
        if method not in ("get", "head"):
            described |= _ERRORS_OF_WRITES
            if doc_info["needs_match"]:
                described["428"] = "If-Match is missing"
            describe_headers(
                doc, takes_key=doc_info["takes_key"], needs_match=doc_info["needs_match"]
            )
        elif describe_fields(doc, is_selectable=doc_info["is_selectable"]):
            described["422"] = _ERRORS_OF_WRITES["422"]
        responses = doc.setdefault("responses", {})
        describe_tags(responses, is_read=method == "get")
        for status, description in described.items():
            responses[status] = {
                "description": description,
                "content": {"application/problem+json": {"schema": ProblemSchema}},
            }
        responses.setdefault("404", {"$ref": "#/components/responses/NotFound"})
        return doc


class Api(flask_smorest.Api):
    """flask-smorest with our problem documents in place of its error handling."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave every error to `backend.problems`, which keeps its headers."""

    def _register_responses(self) -> None:
        register_headers(self.spec)
        self.spec.components.response(
            "NotFound",
            {
                "description": "There is no such item, or it is not yours to see",
                "content": {"application/problem+json": {"schema": ProblemSchema}},
            },
        )


def drop_type_of_nothing(response: Response) -> Response:
    """Take the media type off an answer without a body (RFC 9110, 8.3)."""
    if response.status_code == 204:
        response.headers.pop("Content-Type", None)
    return response


def _show_description(api: Api) -> Callable[[], Response]:
    """Return the view of the description; rendered once, because it does not change."""

    @cache
    def body() -> str:
        return json.dumps(api.spec.to_dict(), ensure_ascii=False)

    def show_description() -> Response:
        return Response(body(), mimetype="application/json")

    return show_description


def create_api(app: Flask, version: str) -> Api:
    """Describe the application's API at `/api/v1/openapi.json`, with a page at `/api/docs`."""
    app.config |= {
        "API_TITLE": "Dongne",
        "API_VERSION": version,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": URL_PREFIX,
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = Api(
        spec_kwargs={
            "marshmallow_plugin": TypedFieldsPlugin(),
            "info": {
                "description": (
                    "Our Neighborhood Innovative Products (우리동네 혁신제품): proposals, reviews,"
                    " products, rounds, placements and why each one went where it went."
                ),
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/", "description": "This installation"}],
        }
    )
    for field, kind, form in (
        (fields.Text, "string", None),
        (fields.RegionCode, "string", None),
        (fields.Krw, "integer", "int64"),
        (fields.Count, "integer", None),
        (fields.Degrees, "number", "double"),
        (fields.Metres, "number", "double"),
        (fields.Flag, "boolean", None),
        (fields.Points, "array", None),
        (fields.Instant, "string", "date-time"),
    ):
        api.register_field(field, kind, form)
    api.init_app(app)
    api.spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    app.view_functions["api-docs.openapi_json"] = public(_show_description(api))

    app.after_request(drop_type_of_nothing)

    @app.get("/api/docs")
    @public
    def show_api_docs() -> str:
        """Show the API's documentation, served without any other host."""
        return render_template("api_docs.html")

    return api
