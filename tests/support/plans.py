"""Owns how tests see by which plan the database answers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event


def plan_of(connection: Connection, ask: Callable[[], object]) -> dict[str, Any]:
    """Return the plan (EXPLAIN, JSON) of the last statement that `ask` executes."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    statement, parameters = seen[-1]
    answer = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    plan: dict[str, Any] = answer.scalar_one()[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the nodes of a plan, the outermost first."""
    return [plan, *(node for below in plan.get("Plans", []) for node in nodes(below))]
