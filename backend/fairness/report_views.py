"""The fairness report over HTTP: JSON, CSV and XLSX."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import request
from werkzeug import Response

from backend.answers import SHORT, answer_bytes, answer_json
from backend.auth.guards import requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.fairness.files import CSV, XLSX, write_csv, write_xlsx
from backend.fairness.report import Report, write_report
from backend.fairness.report_schemas import FairnessReportSchema, TableQuerySchema
from backend.fairness.tables import list_tables
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds.plan_views import load_plan
from backend.rounds.views import visible_round
from backend.translations import language

blp = Blueprint(
    "reports", __name__, url_prefix=URL_PREFIX, description="Fairness reports of rounds"
)

WORKBOOK = {"type": "string", "format": "binary", "description": "The report as tables"}


@blp.get("/rounds/<uuid:round_id>/fairness")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FairnessReportSchema)
def show_report(round_id: UUID) -> Response:
    """Tell who got what of a published round, where, and by how little others did not."""
    return _in_language(answer_json(FairnessReportSchema().dump(_report(round_id))))


@blp.get("/rounds/<uuid:round_id>/fairness.csv")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.arguments(TableQuerySchema, location="query")
@blp.response(200, {"type": "string"}, content_type=CSV)
def download_csv(query: dict[str, Any], round_id: UUID) -> Response:
    """Give the report as CSV: one table, or all of them as rows of measures."""
    report = _report(round_id)
    tables = list_tables(report, language())
    wanted = [table for table in tables if query["table"] in (None, table.key)]
    return _as_file(answer_bytes(write_csv(wanted), CSV), report, "csv")


@blp.get("/rounds/<uuid:round_id>/fairness.xlsx")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, WORKBOOK, content_type=XLSX)
def download_xlsx(round_id: UUID) -> Response:
    """Give the report as a workbook, a sheet for each table."""
    report = _report(round_id)
    tables = list_tables(report, language())
    response = Response(write_xlsx(tables, title=report.round.titles[language()]), mimetype=XLSX)
    response.headers["Cache-Control"] = SHORT
    # The bytes hold the time of writing; what they tell is the same as long as the tables are.
    response.set_etag(sha256(b"xlsx" + write_csv(tables)).hexdigest()[:32])
    return _as_file(response.make_conditional(request), report, "xlsx")


def _report(round_id: UUID) -> Report:
    return write_report(db.session(), visible_round(round_id))


def _as_file(response: Response, report: Report, ending: str) -> Response:
    name = f"fairness-{report.round.code}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _in_language(response)


def _in_language(response: Response) -> Response:
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    return response
