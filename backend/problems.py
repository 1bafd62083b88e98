"""Owns how errors are answered: one table from domain, HTTP and database errors to RFC 9457."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, json, request
from psycopg import errors as pg
from sqlalchemy import exc as sa
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from backend import errors
from backend.particles import settle_particles
from backend.translations import language, translate_message

log = structlog.get_logger(__name__)

STATUS_OF: Mapping[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.AuthenticationRequired: 401,
    errors.PermissionDenied: 403,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.StateNotNamed: 428,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.TooLarge: 413,
    errors.Unavailable: 503,
    errors.DomainError: 400,
}
"""The nearest class in an error's ancestry decides."""

HTTP_PROBLEMS: Mapping[int, tuple[str, str, str]] = {
    400: ("malformed_request", "요청을 읽을 수 없습니다.", "The request cannot be read."),
    401: ("token_missing", "로그인이 필요합니다.", "Sign in first."),
    403: ("permission_denied", "이 작업을 할 권한이 없습니다.", "You may not do this."),
    404: ("not_found", "찾는 항목이 없습니다.", "There is no such item."),
    405: (
        "method_not_allowed",
        "이 주소에서는 쓸 수 없는 방식입니다.",
        "This address does not take that method.",
    ),
    406: (
        "not_acceptable",
        "요청한 형식으로는 드릴 수 없습니다. JSON만 있습니다.",
        "There is no answer in the form that was asked for, only JSON.",
    ),
    409: (
        "conflict",
        "다른 작업과 겹쳤습니다. 다시 시도해 주세요.",
        "Another change was under way. Try again.",
    ),
    413: ("body_too_large", "보낸 내용이 너무 큽니다.", "The body is too large."),
    415: (
        "media_type_not_supported",
        "이 형식의 내용은 받지 않습니다. application/json으로 보내 주세요.",
        "This kind of body is not accepted. Send application/json.",
    ),
    422: ("fields_invalid", "입력한 값을 확인해 주세요.", "Some values need correction."),
    429: (
        "rate_limited",
        "요청이 너무 많습니다. 잠시 뒤에 다시 시도해 주세요.",
        "Too many requests. Please try again later.",
    ),
    500: ("internal_error", "서버에서 오류가 났습니다.", "Something broke on our side."),
    503: (
        "temporarily_unavailable",
        "지금은 처리할 수 없습니다. 잠시 뒤에 다시 시도해 주세요.",
        "Not possible right now. Please try again later.",
    ),
    504: (
        "took_too_long",
        "처리가 너무 오래 걸려 멈췄습니다. 범위를 줄여 다시 시도해 주세요.",
        "This took too long and was stopped. Ask for less, or try again.",
    ),
}

RETRY_AFTER_S = "2"


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    fields: Mapping[str, list[str]] | None = None,
    rule: str | None = None,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build a problem document (RFC 9457).

    :param code: stable machine code, snake case.
    :param detail: what happened, in the caller's language.
    :param fields: messages by field path, such as ``{"json.title": ["..."]}``.
    :param rule: name of the published rule that refuses the request.
    :param members: what else a program has to know, by name.
    """
    body: dict[str, Any] = {
        "type": f"urn:dongne:problem:{code}",
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if fields:
        body["errors"] = fields
    if rule:
        body["rule"] = rule
    body |= members or {}
    response = Response(
        json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json"
    )
    response.headers.update(headers or {})
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Authorization"))
    return response


def init_app(app: Flask) -> None:
    """Answer every error of the application as a problem document."""
    app.register_error_handler(errors.DomainError, answer_domain_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(sa.SQLAlchemyError, answer_database_error)
    app.register_error_handler(Exception, answer_unexpected)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def answer_domain_error(error: errors.DomainError) -> Response:
    """Answer a rule's refusal with the status of its nearest class in `STATUS_OF`."""
    status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    detail = settle_particles(error.sentence(language()))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    fields = {error.field: [detail]} if error.field else None
    rule = error.params.get("rule")
    members = {name: _plain(error.params[name]) for name in error.tells}
    return problem(
        status, error.code, detail, fields=fields, rule=rule, members=members, headers=headers
    )


def answer_http_error(error: HTTPException) -> Response:
    """Answer an HTTP error, keeping the headers it came with (`Allow`, `Retry-After`)."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    code, ko, en = HTTP_PROBLEMS.get(status, HTTP_PROBLEMS[400 if status < 500 else 500])
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    fields = dict(_flatten("", data["messages"])) if data.get("messages") else None
    headers = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name.lower() not in ("content-type", "content-length")
    }
    headers.update(data.get("headers") or {})
    if status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    detail = ko if language() == "ko" else en
    return problem(status, code, detail, fields=fields, headers=headers)


def answer_database_error(error: sa.SQLAlchemyError) -> Response:
    """Answer what the database could not do in time; anything else is a fault of ours."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, pg.QueryCanceled):
        return _retry(504)
    if isinstance(cause, pg.LockNotAvailable | pg.DeadlockDetected | pg.SerializationFailure):
        return _retry(409)
    if isinstance(error, sa.TimeoutError | sa.OperationalError | sa.InterfaceError):
        log.warning("database_unavailable", error=str(cause or error))
        return _retry(503)
    return answer_unexpected(error)


def answer_unexpected(error: Exception) -> Response:
    """Log a fault of ours and answer without a word of its insides."""
    log.error("unexpected_error", exc_info=error)
    code, ko, en = HTTP_PROBLEMS[500]
    return problem(500, code, ko if language() == "ko" else en)


def _retry(status: int) -> Response:
    code, ko, en = HTTP_PROBLEMS[status]
    detail = ko if language() == "ko" else en
    return problem(status, code, detail, headers={"Retry-After": RETRY_AFTER_S})


def _flatten(path: str, messages: Any) -> list[tuple[str, list[str]]]:
    """Turn webargs' nested messages into field paths: ``{"json.location.lon": [...]}``."""
    if isinstance(messages, Mapping):
        return [
            line
            for key, below in messages.items()
            for line in _flatten(_join(path, str(key)), below)
        ]
    texts = messages if isinstance(messages, list) else [messages]
    return [(path, [translate_message(str(text), language()) for text in texts])]


def _join(path: str, key: str) -> str:
    if key == "_schema":
        return path
    return f"{path}.{key}" if path else key
