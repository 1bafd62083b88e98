"""The real layer of the country, and a small one of three gu of Incheon, in force."""

import pytest
from sqlalchemy import Connection

from backend.config import ROOT
from geo.boundaries import country_layer
from geo.boundaries.layer import Layer
from tests.support.boundaries import Drawn, drawn_of, load_drawn, put_in_force


@pytest.fixture(scope="session")
def country() -> Layer:
    """The whole country, as it is loaded: assembled once and read from the cache afterwards."""
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
