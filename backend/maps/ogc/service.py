"""Owns reading layers: their extents, their pages, one feature."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.maps.ogc.collections import COLLECTIONS, Collection, get_collection
from backend.maps.ogc.errors import FeatureNotFound
from backend.maps.ogc.parameters import invalid_cursor
from backend.maps.ogc.wanted import Extent, Feature, FeaturePage, Wanted
from backend.maps.queries import current_generation, read_attribution
from backend.pagination import InvalidCursor
from geo.orm import Executor


@dataclass(frozen=True, slots=True)
class Described:
    """A layer with its extent and whom its shapes are owed to, None for data of our own."""

    collection: Collection
    extent: Extent
    attribution: str | None


def describe(conn: Executor, collection_id: str) -> Described:
    """Describe a layer.

    :raises CollectionNotFound: when there is none of that name.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    collection = get_collection(collection_id)
    attribution = None
    if collection.shows_boundaries:
        attribution = read_attribution(conn, current_generation(conn))
    return Described(collection, collection.source.measure(conn), attribution)


def describe_all(conn: Executor) -> Sequence[Described]:
    """Describe every layer.

    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    return [describe(conn, collection.id) for collection in COLLECTIONS]


def read_page(conn: Executor, collection: Collection, wanted: Wanted) -> FeaturePage:
    """Read one page of features.

    :raises ParameterInvalid: when the cursor was not made by this layer.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    try:
        return collection.source.read_page(conn, wanted)
    except InvalidCursor as exc:
        raise invalid_cursor() from exc


def get_feature(conn: Executor, collection: Collection, feature_id: str) -> Feature:
    """Return a feature.

    :raises FeatureNotFound: when the layer has none with that id.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    feature = collection.source.find(conn, feature_id)
    if feature is None:
        raise FeatureNotFound
    return feature
