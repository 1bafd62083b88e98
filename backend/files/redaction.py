"""Owns the covering of rectangles of a picture: their pixels are gone, not hidden."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

BLACK = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a picture in shares of its width and height, the origin at the top left.

    :param x: left edge, from 0 to 1.
    :param y: upper edge, from 0 to 1.
    :param width: share of the width.
    :param height: share of the height.
    """

    x: float
    y: float
    width: float
    height: float


def cover(picture: Image.Image, rectangles: Sequence[Rectangle]) -> None:
    """Fill rectangles with black, every pixel that they touch included.

    :param picture: RGB; changed in place.
    """
    draw = ImageDraw.Draw(picture)
    for part in rectangles:
        left = math.floor(part.x * picture.width)
        top = math.floor(part.y * picture.height)
        right = math.ceil((part.x + part.width) * picture.width)
        bottom = math.ceil((part.y + part.height) * picture.height)
        draw.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=BLACK)
