"""Owns the pictures of the tests: drawn here, so that every pixel is known."""

import io
import struct
from base64 import b64decode
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)

HEIC = b64decode(
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAghtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA
    AAAAAAAAAEZpbG9jAAAAAERAAAMAAQAAAAACLAABAAAAAAAAAEEAAgAAAAACbQABAAAAAAAAAMAAAwAAAAADLQABAAAA
    AAAAAD8AAABiaWluZgAAAAAAAwAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAACppbmZl
    AgAAAQADAABtaW1lAGFwcGxpY2F0aW9uL3JkZit4bWwAAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZo
    dmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMA
    kAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlz
    cGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgI
    CAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAChpcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAADmNkc2MAAwABAAEAAAFI
    bWRhdAAAAD0oAa9Y5vTqv//la7/+o/yHyf//X/9KvVfuMRP+ngVaWv9z9H0V3ZQObhnDJ1Ta3CXrTdV6NM81pTQzR59E
    AAAABkV4aWYAAE1NACoAAAAIAAIBDgACAAAAEQAAACaIJQAEAAAAAQAAADgAAAAAQ0FOQVJZLUhFSUMtRVhJRgAAAAUA
    AQACAAAAAk4AAAAAAgAFAAAAAwAAAHoAAwACAAAAAkUAAAAABAAFAAAAAwAAAJIAHQACAAAACwAAAKoAAAAAAAAAJQAA
    AAEAAAAhAAAAAQAAAksAAAAKAAAAfgAAAAEAAAA6AAAAAQAAAMoAAAAFMjAyNjoxMToyMwAAPHg6eG1wbWV0YSB4bWxu
    czp4PSdhZG9iZTpuczptZXRhLyc+Q0FOQVJZLUhFSUMtWE1QPC94OnhtcG1ldGE+
    """
)
"""64 x 48, red at the left and blue at the right, as a phone writes it: with GPS and XMP."""


def drawing(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Return a picture, red at the left and blue at the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """Return a picture that compresses badly."""
    return Image.effect_noise((width, height), 80).convert("RGB")


def encoded(picture: Image.Image, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    """Return a picture as a file."""
    body = io.BytesIO()
    picture.save(body, format, **options)
    return body.getvalue()


def jpeg(width: int = 64, height: int = 48, **options: Any) -> bytes:
    """Return a drawing as a JPEG."""
    return encoded(drawing(width, height), "JPEG", **options)


def with_gps(description: str = "") -> Image.Exif:
    """Return the EXIF of a phone that knows where it is: Seoul City Hall."""
    exif = Image.Exif()
    exif[0x010E] = description
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (37.0, 33.0, 58.7)
    gps[3], gps[4] = "E", (126.0, 58.0, 40.4)
    return exif


def opened(body: bytes) -> Image.Image:
    """Return a file as a picture in RGB."""
    with Image.open(io.BytesIO(body)) as picture:
        return picture.convert("RGB")


def is_near(found: Any, expected: tuple[int, int, int], by: int = 40) -> bool:
    """Tell whether a pixel has a colour, as far as compression lets it."""
    return all(abs(one - other) <= by for one, other in zip(found, expected, strict=True))


def webp_chunks(body: bytes) -> list[bytes]:
    """Return the kinds of the chunks of a WebP file, which has to end where it says.

    RFC 9649, 2.3 and 2.4.
    """
    assert (body[:4], body[8:12]) == (b"RIFF", b"WEBP")
    assert struct.unpack("<I", body[4:8])[0] + 8 == len(body)
    kinds, at = [], 12
    while at < len(body):
        (size,) = struct.unpack("<I", body[at + 4 : at + 8])
        kinds.append(body[at : at + 4])
        at += 8 + size + size % 2
    return kinds
