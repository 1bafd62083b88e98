"""The fairness report of a published round, over HTTP and as files."""

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.fairness.population import keep_table
from backend.rounds.models import Round
from tests.backend.fairness.rounds import Played
from tests.conftest import NOW
from tests.support.rounds import PRICE_KRW, close, make_open_round, make_product, run


def address(round_: Round, ending: str = "") -> str:
    """Return where the report of a round is."""
    return f"/api/v1/rounds/{round_.id}/fairness{ending}"


@pytest.fixture
def report(client: FlaskClient, played: Played) -> dict[str, Any]:
    """The report of the played round, in Korean."""
    answer = client.get(address(played.round))
    assert answer.status_code == 200, answer.text
    return answer.json


def of_code(lines: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """Return the line of a region."""
    return next(line for line in lines if line["code"] == code)


def test_money_is_exact_and_adds_up(report: dict[str, Any]) -> None:
    totals = report["totals"]
    assert totals["budget_krw"] == 3 * PRICE_KRW
    assert totals["spent_krw"] == 2 * PRICE_KRW
    assert totals["remaining_krw"] == PRICE_KRW
    assert [area["remaining_krw"] for area in report["areas"]] == [PRICE_KRW]
    assert sum(line["amount_krw"] for line in report["sido"]) == 2 * PRICE_KRW


def test_the_round_is_told_in_numbers(report: dict[str, Any]) -> None:
    totals = report["totals"]
    assert (totals["placements"], totals["applications"], totals["applicants"]) == (2, 3, 3)
    assert (totals["products_offered"], totals["products_placed"]) == (3, 2)


def test_each_region_has_its_line_zeros_too(report: dict[str, Any]) -> None:
    assert (len(report["sido"]), len(report["sigungu"])) == (17, 252)
    jung_gu = of_code(report["sigungu"], "11140")
    assert (jung_gu["placements"], jung_gu["applications"]) == (1, 1)
    busan = of_code(report["sido"], "26")
    assert (busan["placements"], busan["applications"]) == (0, 1)
    assert of_code(report["sido"], "50")["applications"] == 0


def test_eup_and_dong_are_told_apart(report: dict[str, Any]) -> None:
    assert report["settlements"]["rural"]["placements"] == 1
    assert report["settlements"]["urban"] == {
        "placements": 1, "amount_krw": PRICE_KRW, "applications": 2,
    }  # fmt: skip


def test_types_and_concentration(report: dict[str, Any]) -> None:
    assert {line["type"]: line["placements"] for line in report["types"]} == {
        "community_office": 1, "health_centre": 1,
    }  # fmt: skip
    # Two halves of the money.
    assert (report["concentration"]["hhi"], report["concentration"]["largest_share"]) == (5000, 0.5)


def test_residence_is_compared_with_what_would_have_been(report: dict[str, Any]) -> None:
    residence = report["residence"]
    assert residence["placed"]["tiers"] == [1, 0, 0, 0]
    assert residence["placed"]["in_neighbourhood"] == 1.0
    assert residence["asked"]["tiers"] == [1, 0, 0, 1]
    # Nobody ranked anything: without residence seats the nearer site decides all the same.
    assert residence["without_residence_seats"]["total"] == 1


def test_people_are_not_invented(report: dict[str, Any]) -> None:
    assert report["population"] is None
    assert of_code(report["sido"], "11")["per_100k"] is None


def test_rates_say_whom_they_count(client: FlaskClient, session: Session, played: Played) -> None:
    keep_table(
        session,
        {"11140": 111_448},
        kind="eligible_voters",
        as_of=date(2022, 3, 9),
        source="test",
        now=NOW,
    )
    session.commit()
    report = client.get(address(played.round)).json
    assert report["population"]["kind"] == "eligible_voters"
    # 1 / 111,448 * 100,000
    assert of_code(report["sigungu"], "11140")["per_100k"] == 0.9
    assert of_code(report["sido"], "11")["people"] is None


def test_who_is_not_published_has_no_report(client: FlaskClient, session: Session) -> None:
    round_, _ = make_open_round(session, make_product(session))
    close(session, round_)
    run(session, round_)
    for ending in ("", ".csv", ".xlsx"):
        assert client.get(address(round_, ending)).status_code == 404


def rows(content: bytes) -> list[list[str]]:
    """Read a CSV as a spreadsheet does."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_csv_begins_as_spreadsheets_like_it(client: FlaskClient, played: Played) -> None:
    answer = client.get(address(played.round, ".csv"))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].endswith(
        f'filename="fairness-{played.round.code}.csv"'
    )
    head, *body = rows(answer.data)
    assert head == ["table", "code", "name", "measure", "value"]
    assert ["areas", "citizen", "국민 체감", "remaining_krw", str(PRICE_KRW)] in body


def test_one_table_comes_as_it_is(client: FlaskClient, played: Played) -> None:
    head, *body = rows(client.get(address(played.round, ".csv?table=sido")).data)
    assert head == ["code", "region", "placements", "applications", "amount_krw"]
    assert len(body) == 18
    assert body[0] == ["11", "서울특별시", "1", "1", str(PRICE_KRW)]


def test_no_name_becomes_a_formula(client: FlaskClient, session: Session, played: Played) -> None:
    session.execute(
        text("UPDATE region SET full_name = '=HYPERLINK(1)' WHERE code = '11' AND level = 1")
    )
    session.commit()
    body = rows(client.get(address(played.round, ".csv?table=sido")).data)
    assert body[1][1] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(address(played.round, ".xlsx")).data), data_only=False
    )
    cell = book["시·도별"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_the_workbook_has_a_sheet_a_table_with_numbers(client: FlaskClient, played: Played) -> None:
    answer = client.get(address(played.round, ".xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) == 8
    sheet = book["예산 분야별 돈"]
    assert sheet["C2"].value == 3 * PRICE_KRW
    assert sheet["C2"].number_format == "#,##0"


@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx"])
def test_an_unchanged_report_is_not_sent_again(
    client: FlaskClient, played: Played, ending: str
) -> None:
    first = client.get(address(played.round, ending))
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address(played.round, ending), headers=headers).status_code == 304


def test_a_table_that_is_none_is_refused(client: FlaskClient, played: Played) -> None:
    answer = client.get(address(played.round, ".csv?table=people"))
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["query.table"])
