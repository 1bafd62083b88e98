"""A small country: three gu of Incheon in force, and a draft that changes them."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from backend.config import ROOT
from geo.boundaries import country_layer
from geo.boundaries.layer import Layer
from tests.support.boundaries import Drawn, drawn_of, load_drawn, put_in_force


@pytest.fixture(scope="session")
def country() -> Layer:
    """The whole country, as it is loaded."""
    return country_layer(ROOT / "var" / "boundaries")


@pytest.fixture
def three_gu(country: Layer) -> list[Drawn]:
    """The neighbourhoods of three gu."""
    return drawn_of(country)


@pytest.fixture
def in_force(connection: Connection, three_gu: list[Drawn]) -> int:
    """The generation of the three gu, in force."""
    generation_id = load_drawn(connection, three_gu)
    put_in_force(connection, generation_id)
    return generation_id


@pytest.fixture
def draft(connection: Connection, in_force: int, three_gu: list[Drawn]) -> int:
    """A draft in which one neighbourhood has another name and one another code."""
    renamed = replace(three_gu[0], full_name="인천광역시 중구 새동")
    recoded = replace(three_gu[1], code="28110199")
    return load_drawn(connection, [renamed, recoded, *three_gu[2:]])
