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

        Two tile units of the band's closest zoom: a quarter of a pixel on a 512-pixel tile.
        """
        return EQUATOR_M * 2.0 ** (1 - self.max_zoom) / EXTENT


BANDS = (
    Band(SIDO, 0, 4),
    Band(SIDO, 5, 6),
    Band(SIGUNGU, 5, 6),
    Band(SIGUNGU, 7, 8),
    Band(SIGUNGU, 9, 10),
    Band(SIGUNGU, 11, 12),
    Band(EMD, 9, 10),
    Band(EMD, 11, 12),
    Band(EMD, 13, 14),
)
"""Finer zooms are drawn by the client from the last band (overzoom)."""


def zoom_range(level: int) -> tuple[int, int]:
    """Return the first and last zoom at which a level is served."""
    bands = [band for band in BANDS if band.level == level]
    return min(band.min_zoom for band in bands), max(band.max_zoom for band in bands)
