"""Owns which points the map has as tiles: for each layer its rows, facts and filters.

A new layer is one entry of `LAYERS`; what may be seen of it is the select of its entry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from backend.catalogue.models import Product
from backend.errors import Invalid
from backend.maps.queries import listed, placement_stands
from backend.proposals.models import Proposal
from backend.rounds.models import MatchingRun, Placement, Round
from geo import points
from geo.orm import Executor


class FilterNotOfLayer(Invalid):
    """A filter that means nothing for the layer.

    :param params: ``layer``, its name.
    """

    code = "filter_not_of_layer"
    ko = "{layer} 지도에는 쓸 수 없는 조건입니다."
    en = "The layer {layer} has no such filter."


@dataclass(frozen=True, slots=True)
class PointLayer:
    """One layer of points.

    :param fields: attribute of a single point -> what it is.
    :param filters: argument of the query -> the column that has to equal it.
    :param select_points: returns the select of `id`, `geom` and the attributes, of what everybody
        may see.
    """

    name: str
    description: str
    fields: Mapping[str, str]
    filters: Mapping[str, Any]
    select_points: Callable[[], Select[Any]]


def _proposals() -> Select[Any]:
    return select(
        Proposal.id,
        Proposal.public_geom.label("geom"),
        Proposal.category,
        Proposal.status,
        Proposal.title,
    ).where(listed())


def _placements() -> Select[Any]:
    return (
        select(
            Placement.id,
            Placement.site_geom.label("geom"),
            Product.category,
            Round.code.label("round"),
            Product.name_ko.label("product_name_ko"),
            Product.name_en.label("product_name_en"),
        )
        .join(MatchingRun, Placement.run_id == MatchingRun.id)
        .join(Round, MatchingRun.round_id == Round.id)
        .join(Product, Placement.product_id == Product.id)
        .where(placement_stands())
    )


LAYERS: Mapping[str, PointLayer] = {
    layer.name: layer
    for layer in (
        PointLayer(
            "proposals",
            "Residents' proposals at their public points, each a cell of some 250 m",
            {
                "category": "Code of the category",
                "status": "submitted, supplement_requested, adopted or rejected",
                "title": "Title, in the author's language",
            },
            {"category": Proposal.category, "status": Proposal.status},
            _proposals,
        ),
        PointLayer(
            "placements",
            "Placements of published plans at the sites of their institutions",
            {
                "category": "Code of the product's category",
                "round": "Code of the round",
                "product_name_ko": "Name of the product in Korean",
                "product_name_en": "Name of the product in English, where it has one",
            },
            {"category": Product.category, "round": Round.code},
            _placements,
        ),
    )
}


def draw_points(  # noqa: PLR0917 (z, x, y is one address)
    conn: Executor, layer: PointLayer, z: int, x: int, y: int, wanted: Mapping[str, str]
) -> bytes | None:
    """Return one tile of a layer, or None when nothing lies in it.

    :param wanted: filters of the layer and the values asked for.
    :raises OutsidePyramid: when there is no such tile.
    """
    conditions: list[ColumnElement[bool]] = [
        layer.filters[name] == value for name, value in wanted.items()
    ]
    statement = layer.select_points().where(*conditions)
    return points.point_tile(conn, layer.name, statement, z, x, y)


def check_filters(layer: PointLayer, wanted: Mapping[str, str]) -> None:
    """Refuse a filter that another layer has.

    :raises FilterNotOfLayer: when there is one.
    """
    for name in wanted:
        if name not in layer.filters:
            raise FilterNotOfLayer(field=f"query.{name}", layer=layer.name)
