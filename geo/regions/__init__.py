"""Regions: what they are called, what lies in them, and who owns a point.

Everything here takes a SQLAlchemy `Connection` or `Session`, reads the generation in force, and
commits nothing.
"""

from geo.crs import InvalidCoordinates, SwappedAxes, check_position, in_korea
from geo.regions.around import list_emd_around
from geo.regions.codes import InvalidRegionCode, legal_dong_code, level_of, normalize_code
from geo.regions.difference import Difference, compare
from geo.regions.discard import discard
from geo.regions.facts import (
    BorderCandidate,
    Generation,
    LocalGovernment,
    Location,
    NoActiveGeneration,
    Region,
    UnknownGeneration,
    active_generation,
    get_public_generation,
)
from geo.regions.findings import Finding, Report
from geo.regions.gazetteer import Gazetteer, gazetteer_of
from geo.regions.generations import NotActivatable, activate, stats
from geo.regions.locate import Near, Owner, describe, find_owner, locate
from geo.regions.locate_many import Owned, Owners, locate_many
from geo.regions.lookup import (
    LocalGovernmentNotFound,
    RegionNotFound,
    find_region,
    get_local_government,
    get_region,
    list_basic_of,
    list_children,
    list_local_governments,
    list_parents,
    list_regions,
    list_sigungu_of,
    local_government_of,
)
from geo.regions.neighbours import (
    Band,
    BeyondReach,
    Neighbour,
    Surroundings,
    describe_surroundings,
    list_neighbours,
)
from geo.regions.recall import Recall, read_recall
from geo.regions.search import search_regions
from geo.regions.shapes import region_feature
from geo.regions.stored import (
    GenerationNotFound,
    StoredGeneration,
    get_generation,
    list_generations,
)
from geo.regions.validation import NotADraft, validate

__all__ = [
    "Band",
    "BeyondReach",
    "BorderCandidate",
    "Difference",
    "Finding",
    "Gazetteer",
    "Generation",
    "GenerationNotFound",
    "InvalidCoordinates",
    "InvalidRegionCode",
    "LocalGovernment",
    "LocalGovernmentNotFound",
    "Location",
    "Near",
    "Neighbour",
    "NoActiveGeneration",
    "NotADraft",
    "NotActivatable",
    "Owned",
    "Owner",
    "Owners",
    "Recall",
    "Region",
    "RegionNotFound",
    "Report",
    "StoredGeneration",
    "Surroundings",
    "SwappedAxes",
    "UnknownGeneration",
    "activate",
    "active_generation",
    "check_position",
    "compare",
    "describe",
    "describe_surroundings",
    "discard",
    "find_owner",
    "find_region",
    "gazetteer_of",
    "get_generation",
    "get_local_government",
    "get_public_generation",
    "get_region",
    "in_korea",
    "legal_dong_code",
    "level_of",
    "list_basic_of",
    "list_children",
    "list_emd_around",
    "list_generations",
    "list_local_governments",
    "list_neighbours",
    "list_parents",
    "list_regions",
    "list_sigungu_of",
    "local_government_of",
    "locate",
    "locate_many",
    "normalize_code",
    "read_recall",
    "region_feature",
    "search_regions",
    "stats",
    "validate",
]
