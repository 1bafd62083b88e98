"""Owns which parts of an answer are asked for: `?fields=id,title,place.emd`, everywhere alike.

Parts are chosen from what an answer shows anyhow, after it was made. Their tag is their own, and
is none for If-Match: that names the whole.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from flask import current_app, request
from marshmallow import Schema, fields
from webargs.flaskparser import abort

from backend.auth.guards import check_access
from backend.errors import Invalid

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = "/api/"
FIELDS = "fields"
MOST_PATHS = 50
LENGTH = 1_000
"""Most fields, and most characters of their names."""

_MARK = "_answers"
_READS = ("GET", "HEAD")

Wanted = Mapping[str, Any]
"""Names of what is wanted, each with what is wanted of it: nothing named is all of it."""


class FieldUnknown(Invalid):
    """The answer has no such field."""

    code = "field_unknown"
    ko = "이 응답에는 ‘{path}’ 항목이 없습니다."
    en = "This answer has no field “{path}”."


class FieldsTooMany(Invalid):
    """More is named than anybody needs to name."""

    code = "fields_too_many"
    ko = "fields는 항목 {most}개, {length}자까지 받습니다."
    en = "At most {most} fields and {length} characters can be named."


def mark_answer(view: View, schema: Schema) -> View:
    """Remember what a view answers, so that parts of it can be asked for."""
    setattr(view, _MARK, schema)
    return view


def mark_query(view: View) -> View:
    """Remember that a view reads the query, and refuses itself what it does not know."""
    view._reads_query = True  # type: ignore[attr-defined]
    return view


def is_selectable(view: Callable[..., Any]) -> bool:
    """Tell whether parts of a view's answer can be asked for when it is read."""
    return getattr(view, _MARK, None) is not None


def takes_fields() -> bool:
    """Tell whether parts of the answer to this request can be asked for."""
    view = current_app.view_functions[request.endpoint or ""]
    return request.method in _READS and is_selectable(view)


def answer_selected(work: Callable[[], Any]) -> Any:
    """Return what `work` answers, or those parts of it that are asked for.

    :param work: runs the view of the request.
    :raises FieldUnknown: when the answer has no such part.
    :raises FieldsTooMany: when more is named than `MOST_PATHS`.
    """
    if request.endpoint is None or not request.args or not request.path.startswith(PREFIX):
        return work()
    view = current_app.view_functions[request.endpoint]
    chosen = takes_fields() and FIELDS in request.args
    if not getattr(view, "_reads_query", False):
        unknown = set(request.args) - ({FIELDS} if chosen else set())
        if unknown:
            # Whom the view would refuse is told that, and nothing of what they sent.
            check_access(view, request.view_args or {})
            abort(422, messages={"query": {name: ["Unknown field."] for name in sorted(unknown)}})
    if not chosen:
        return work()
    schema: Schema = getattr(view, _MARK)
    item = _item_of(schema)
    wanted = read_fields(",".join(request.args.getlist(FIELDS)), item or schema)
    return _answer_parts(work, wanted, is_list=item is not None)


def read_fields(text: str, schema: Schema) -> Wanted:
    """Return what is wanted of the answers of a schema.

    :param text: paths with dots, separated by commas.
    :raises FieldUnknown: when the schema shows no such field.
    :raises FieldsTooMany: when more is named than `MOST_PATHS`.
    """
    paths = [path.strip() for path in text.split(",")]
    if len(text) > LENGTH or len(paths) > MOST_PATHS:
        raise FieldsTooMany(field=f"query.{FIELDS}", most=MOST_PATHS, length=LENGTH)
    wanted: dict[str, Any] = {}
    for path in sorted(paths, key=lambda path: path.count("."), reverse=True):
        below, inner = wanted, schema
        *outer, last = path.split(".")
        for name in outer:
            inner = _nested(_shown(inner, name, path), path)
            below = below.setdefault(name, {})
        _shown(inner, last, path)
        # The deeper paths came first: what is wanted whole takes their place.
        below[last] = {}
    return wanted


def select_parts(data: Any, wanted: Wanted) -> Any:
    """Return what is wanted of a value, of each element where it is a list."""
    if isinstance(data, list):
        return [select_parts(element, wanted) for element in data]
    if not isinstance(data, dict):
        return data
    return {
        name: select_parts(value, wanted[name]) if wanted[name] else value
        for name, value in data.items()
        if name in wanted
    }


def _answer_parts(work: Callable[[], Any], wanted: Wanted, *, is_list: bool) -> Any:
    # The reader names the tag of the parts; that of the whole must not turn them into a 304.
    known = request.environ.pop("HTTP_IF_NONE_MATCH", None)
    response = current_app.make_response(work())
    if known is not None:
        request.environ["HTTP_IF_NONE_MATCH"] = known
    if response.status_code != 200 or not response.is_json:
        return response
    data = response.get_json()
    if is_list:
        data["items"] = select_parts(data["items"], wanted)
    else:
        data = select_parts(data, wanted)
    response.set_data(current_app.json.dumps(data))
    if "ETag" in response.headers:
        response.set_etag(sha256(response.get_data()).hexdigest()[:32])
        response.make_conditional(request)
    return response


def _item_of(schema: Schema) -> Schema | None:
    """Return the schema of an item where the answer is a list in its envelope."""
    items = schema.fields.get("items")
    inner = items.inner if isinstance(items, fields.List) else None
    return inner.schema if isinstance(inner, fields.Nested) else None


def _shown(schema: Schema, name: str, path: str) -> fields.Field[Any]:
    for shown, field in _shown_fields(schema):
        if shown == name:
            return field
    raise FieldUnknown(field=f"query.{FIELDS}", path=path)


def _shown_fields(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in schema.dump_fields.items():
        yield field.data_key or name, field


def _nested(field: fields.Field[Any], path: str) -> Schema:
    while isinstance(field, fields.List):
        field = field.inner
    if not isinstance(field, fields.Nested):
        raise FieldUnknown(field=f"query.{FIELDS}", path=path)
    schema: Schema = field.schema
    return schema
