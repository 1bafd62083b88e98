"""Boundaries: from pinned packages to one clean layer of the country, loaded and in force."""

from geo.boundaries.country import country_layer, current_edition, load_country
from geo.boundaries.load import load_layer, mark_validated
from geo.boundaries.localgov import GovernmentTable, LocalGovernment, current_governments
from geo.boundaries.sources.registry import SourceCorrupt, SourceUnavailable
from geo.boundaries.validate import InvalidLayer

__all__ = [
    "GovernmentTable",
    "InvalidLayer",
    "LocalGovernment",
    "SourceCorrupt",
    "SourceUnavailable",
    "country_layer",
    "current_edition",
    "current_governments",
    "load_country",
    "load_layer",
    "mark_validated",
]
