"""The real layer of the country, assembled once and read from the cache afterwards."""

import pytest

from backend.config import ROOT
from geo.boundaries import country_layer
from geo.boundaries.layer import Layer


@pytest.fixture(scope="session")
def country() -> Layer:
    """The whole country, as it is loaded."""
    return country_layer(ROOT / "var" / "boundaries")
