"""Plans show what is read from end to end, and scripts can be run again and again."""

from pathlib import Path

import psycopg
import pytest

from bench.api import statements


def test_a_script_is_one_transaction_that_is_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "script.sql"
    statements.write_script(file, ["SELECT 1\n  AS one", "SELECT 2"], takes_back=True)
    assert file.read_text() == "BEGIN;\nSELECT 1 AS one;\nSELECT 2;\nROLLBACK;\n"
    statements.write_script(file, ["SELECT 1"], takes_back=False)
    assert file.read_text() == "SELECT 1;\n"


@pytest.mark.parametrize(
    ("plan", "tables"),
    [
        ("Seq Scan on proposal", ["proposal"]),
        ("  ->  Seq Scan on endorsement e", ["endorsement"]),
        ("Parallel Seq Scan on notice", ["notice"]),
        ("Seq Scan on proposal_event", ["proposal_event"]),
        ("Index Scan using pk_proposal on proposal", []),
        ("Seq Scan on region_generation", []),
    ],
)
def test_a_table_that_is_read_whole_is_seen(plan: str, tables: list[str]) -> None:
    assert statements.SCANNED_WHOLE.findall(plan) == tables


def test_a_file_of_plans_leaves_out_what_is_long() -> None:
    ids = ", ".join(f"'{number:032}'::uuid" for number in range(9))
    columns = ", ".join(f"proposal.column_{number}" for number in range(9))
    statement = f"SELECT {columns} \nFROM proposal WHERE id IN ({ids})"
    text = statements.to_text([(statement, f"Index Cond: (id = ANY ('{{{'0' * 90}}}'::uuid[]))")])
    head, plan = text.strip().split("\n\n")
    assert head == "SELECT ... FROM proposal WHERE id IN (...)"
    assert plan == "Index Cond: (id = ANY ('...'::uuid[]))"


def test_reads_are_run_and_writes_are_only_planned(rows: psycopg.Connection) -> None:
    plans = dict(
        statements.plans_of(
            rows,
            [
                "SELECT count(*) FROM proposal",
                "SELECT id FROM proposal LIMIT 1 FOR NO KEY UPDATE",
                "UPDATE proposal SET title = 'other'",
                "SAVEPOINT one",
            ],
        )
    )
    read, locked, written = plans.values()
    assert "actual rows" in read
    assert "actual rows" not in locked + written
    untouched = rows.execute("SELECT count(*) FROM proposal WHERE title = 'other'").fetchone()
    assert untouched == (0,)
