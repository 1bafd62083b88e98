"""No layer tells more of a proposal than the public map: not the exact point, not who wrote it."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from geo.disclosure import public_point
from tests.support.people import CITY_HALL, CITY_HALL_EMD, register
from tests.support.proposals import make_submitted

PATHS = (
    "/ogc/collections/proposals/items?limit=1000",
    "/ogc/collections/proposals/items/{id}",
    "/ogc/collections/proposals/items?bbox=126.9,37.5,127.1,37.6&limit=1000",
    "/open311/v2/requests.json?service_request_id={id}",
    "/open311/v2/requests/{id}.json",
)
ACCURACY_M = 7.25
NUMBER = re.compile(r"(?<![\w.-])\d+\.\d+(?![\w.-])")
"""A number with decimals that is not part of an id or a time."""
OFFSETS = st.integers(min_value=-2_000, max_value=2_000).map(lambda millionths: millionths / 1e6)


@pytest.mark.parametrize("path", PATHS)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(east=OFFSETS, north=OFFSETS)
def test_no_item_has_an_exact_point_or_an_author(
    client: FlaskClient, session: Session, path: str, east: float, north: float
) -> None:
    lon, lat = round(CITY_HALL[0] + east, 6), round(CITY_HALL[1] + north, 6)
    author = register(session, display_name="아무도모를이름", residence=CITY_HALL_EMD)
    proposal = make_submitted(
        session, author, location={"lon": lon, "lat": lat, "accuracy_m": ACCURACY_M}
    )
    told = client.get(path.format(id=proposal.id)).text
    assert str(proposal.id) in told
    numbers = {float(number) for number in NUMBER.findall(told)}
    # A point in the middle of its cell is its own public point.
    assert numbers & {lon, lat, ACCURACY_M} <= set(public_point(lon, lat))
    for secret in (str(author.id), author.email, author.display_name, "accuracy"):
        assert secret not in told
