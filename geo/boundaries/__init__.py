"""Boundaries: from pinned packages to one clean layer of the country, loaded and in force."""

from geo.boundaries.country import country_layer, current_edition, load_country, take_turn
from geo.boundaries.export import NotExportable, export
from geo.boundaries.load import load_layer
from geo.boundaries.localgov import GovernmentTable, LocalGovernment, current_governments
from geo.boundaries.operator import Wording, load_file
from geo.boundaries.rows import BadRows
from geo.boundaries.sources.declared_crs import UnknownReference
from geo.boundaries.sources.operator import OperatorFile, UnreadableFile
from geo.boundaries.sources.registry import SourceCorrupt, SourceUnavailable
from geo.boundaries.validate import InvalidLayer

__all__ = [
    "BadRows",
    "GovernmentTable",
    "InvalidLayer",
    "LocalGovernment",
    "NotExportable",
    "OperatorFile",
    "SourceCorrupt",
    "SourceUnavailable",
    "UnknownReference",
    "UnreadableFile",
    "Wording",
    "country_layer",
    "current_edition",
    "current_governments",
    "export",
    "load_country",
    "load_file",
    "load_layer",
    "take_turn",
]
