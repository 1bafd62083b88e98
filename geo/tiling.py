"""Owns the plan of the tile pyramid: which layer is drawn at which zoom from which overview."""

from dataclasses import dataclass

EQUATOR_M = 40_075_016.68
"""Length of the equator in EPSG:3857 metres: the side of tile 0/0/0."""

EXTENT = 4096
"""Units across one vector tile."""

SIDO, SIGUNGU, EMD, RI = 1, 2, 3, 4
LEVEL_NAMES = {SIDO: "sido", SIGUNGU: "sigungu", EMD: "emd", RI: "ri"}


@dataclass(frozen=True)
class Band:
    """A run of zooms that share one overview of a level."""

    level: int
    min_zoom: int
    max_zoom: int

    @property
    def tolerance_m(self) -> float:
        """Return how coarse the overview may be, in EPSG:3857 metres.

        Four tile units of the band's closest zoom, which are half a pixel of a 512-pixel tile;
        two in the last band of a level, which clients draw larger (overzoom).
        """
        units = 2 if self.max_zoom == zoom_range(self.level)[1] else 4
        return units * EQUATOR_M / 2.0**self.max_zoom / EXTENT


BANDS = (
    Band(SIDO, 0, 3),
    Band(SIDO, 4, 4),
    Band(SIDO, 5, 5),
    Band(SIDO, 6, 6),
    Band(SIGUNGU, 5, 5),
    Band(SIGUNGU, 6, 6),
    Band(SIGUNGU, 7, 7),
    Band(SIGUNGU, 8, 8),
    Band(SIGUNGU, 9, 10),
    Band(SIGUNGU, 11, 12),
    Band(EMD, 9, 9),
    Band(EMD, 10, 10),
    Band(EMD, 11, 12),
    Band(EMD, 13, 14),
)
"""Where coasts have more vertices than pixels, each zoom has a band of its own. Finer zooms are
drawn by the client from the last band (overzoom)."""


def zoom_range(level: int) -> tuple[int, int]:
    """Return the first and last zoom at which a level is served."""
    bands = [band for band in BANDS if band.level == level]
    return min(band.min_zoom for band in bands), max(band.max_zoom for band in bands)
