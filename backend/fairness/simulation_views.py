"""Comparisons of policies over HTTP: JSON and CSV, for officers; nothing is stored."""

from typing import Any
from uuid import UUID

from werkzeug import Response

from backend import clock
from backend.auth.guards import requires
from backend.auth.permissions import Permission
from backend.compression import packable
from backend.db import db, release_connection
from backend.fairness import simulation_schemas as schemas
from backend.fairness.files import CSV
from backend.fairness.simulation import Comparison, simulate
from backend.fairness.simulation_files import write_comparison
from backend.fairness.simulation_inputs import gather_inputs
from backend.idempotency import not_kept
from backend.limits import as_read
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds.views import visible_round
from backend.translations import language

blp = Blueprint(
    "simulations", __name__, url_prefix=URL_PREFIX, description="Other rules on a round's inputs"
)


@blp.post("/rounds/<uuid:round_id>/simulations")
@not_kept
@packable
@as_read
@requires(Permission.Round.SIMULATE)
@blp.arguments(schemas.SimulationCreateSchema)
@blp.response(200, schemas.SimulationSchema)
def simulate_policies(payload: dict[str, Any], round_id: UUID) -> Any:
    """Compare up to eight policies on the same inputs, side by side; nothing is stored."""
    return schemas.describe(_compare(payload, round_id))


@blp.post("/rounds/<uuid:round_id>/simulations.csv")
@not_kept
@packable
@as_read
@requires(Permission.Round.SIMULATE)
@blp.arguments(schemas.SimulationCreateSchema)
@blp.response(200, {"type": "string"}, content_type=CSV)
def simulate_policies_as_csv(payload: dict[str, Any], round_id: UUID) -> Response:
    """Compare up to eight policies on the same inputs, as rows of measures."""
    comparison = _compare(payload, round_id)
    response = Response(write_comparison(comparison, language()), mimetype=CSV)
    name = f"simulation-{comparison.round_code}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _compare(payload: dict[str, Any], round_id: UUID) -> Comparison:
    inputs = gather_inputs(db.session(), visible_round(round_id), now=clock.now())
    release_connection()
    return simulate(inputs, **payload)
