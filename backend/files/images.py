"""Owns what is made of a picture: its pixels alone, upright, on a new canvas, in our own format.

Everything that a file can carry beside its pixels (EXIF, XMP, IPTC, comments, colour profiles,
further frames, whatever is appended) is left behind because nothing is copied but pixels. Runs in
a process of its own (`backend.files.sandbox`): strangers' bytes meet the decoders nowhere else.
"""

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pi_heif
from PIL import ExifTags, Image, ImageCms

from backend.errors import DomainError, Invalid
from backend.files.redaction import Rectangle, cover

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
"""Read; everything else that Pillow knows is not even looked at."""

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
"""What the formats are called where somebody says what they send; the bytes decide."""

MEDIA_TYPE = "image/webp"
SUFFIX = ".webp"
"""Of everything that is kept."""

MOST_PIXELS = 50_000_000
FULL_EDGE_PX = 2048
"""Longest edge of what is kept: enough to read a sign across the street."""
THUMB_EDGE_PX = 480

QUALITY = 80
LEAST_EDGE_PX = 8
"""What is smaller is no photo but somebody's tracking pixel."""

WHITE = (255, 255, 255)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by the orientation of its EXIF (Exif 3.0, 4.6.5.1.6)."""

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
pi_heif.register_heif_opener(thumbnails=False)


class PictureUnreadable(Invalid):
    """The bytes are no whole picture of a format that is read."""

    code = "photo_unreadable"
    ko = "사진을 읽을 수 없습니다. JPEG, PNG, WebP, HEIC 형식의 온전한 파일을 보내 주세요."
    en = "The photo cannot be read. Send a whole file in JPEG, PNG, WebP or HEIC format."


class PictureTooManyPixels(Invalid):
    """The picture would take more memory than any photo needs."""

    code = "photo_too_many_pixels"
    ko = "사진의 화소가 너무 많습니다. 5천만 화소까지 받습니다."
    en = "The photo has too many pixels. Up to 50 million are accepted."


class PictureTooSmall(Invalid):
    """There is nothing to see."""

    code = "photo_too_small"
    ko = "사진이 너무 작습니다. 가로와 세로가 8픽셀 이상이어야 합니다."
    en = "The photo is too small. Both edges need at least 8 pixels."


REFUSALS: tuple[type[DomainError], ...] = (
    PictureUnreadable,
    PictureTooManyPixels,
    PictureTooSmall,
)
"""All that a picture can be refused for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture.

    :param body: WebP without anything but pixels.
    :param width: in pixels.
    :param height: in pixels.
    """

    body: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Return the hash of the body, 64 hexadecimal digits."""
        return sha256(self.body).hexdigest()


def clean(body: bytes) -> Picture:
    """Return what is kept of a photo.

    :param body: the file as it was sent.
    :raises PictureUnreadable: when it is no whole picture.
    :raises PictureTooManyPixels: when it is larger than `MOST_PIXELS`.
    :raises PictureTooSmall: when an edge is shorter than `LEAST_EDGE_PX`.
    """
    return _finish(_guarded(lambda: _read(body, FULL_EDGE_PX)))


def shrink(body: bytes) -> Picture:
    """Return the thumbnail of a kept picture.

    :raises PictureUnreadable: when it is no whole picture.
    """
    return _finish(_guarded(lambda: _read(body, THUMB_EDGE_PX)))


def redact(body: bytes, rectangles: Sequence[Rectangle]) -> Picture:
    """Return a kept picture with parts of it covered.

    :raises PictureUnreadable: when it is no whole picture.
    """
    picture = _guarded(lambda: _read(body, FULL_EDGE_PX))
    cover(picture, rectangles)
    return _finish(picture)


def _guarded(read: Callable[[], Image.Image]) -> Image.Image:
    """Turn whatever a decoder makes of a bad file into one of our refusals."""
    try:
        with warnings.catch_warnings():
            # That something beside the pixels is broken does not matter: it is left behind.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return read()
    except DomainError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError) as exc:
        raise PictureTooManyPixels from exc
    except Exception as exc:  # decoders raise whatever they like: OSError, SyntaxError, IndexError
        raise PictureUnreadable from exc


def _read(body: bytes, edge_px: int) -> Image.Image:
    with Image.open(io.BytesIO(body), formats=FORMATS) as source:
        if source.width * source.height > MOST_PIXELS:
            raise PictureTooManyPixels
        if min(source.size) < LEAST_EDGE_PX:
            raise PictureTooSmall
        # A JPEG is decoded at the size that is needed: a quarter of the edge, a sixteenth of the
        # memory. Of several frames the first is the photo.
        source.draft("RGB", (edge_px, edge_px))
        source.load()
        turn = _TURNS.get(_orientation(source))
        profile = source.info.get("icc_profile")
        colours = _standard_colours(_small(source, edge_px), profile)
    upright = colours if turn is None else colours.transpose(turn)
    canvas = Image.new("RGB", upright.size, WHITE)
    alpha = upright.getchannel("A") if upright.mode == "RGBA" else None
    canvas.paste(upright.convert("RGB"), (0, 0), alpha)
    return canvas


def _orientation(source: Image.Image) -> Any:
    """Return what EXIF says of how the camera was held: a number, unless somebody made it up."""
    try:
        return source.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 (a picture with broken EXIF is a picture)
        return None


def _small(source: Image.Image, edge_px: int) -> Image.Image:
    """Return a picture no larger than what is kept, in a mode that can be scaled."""
    picture = source
    if source.mode.startswith("I") or source.mode == "F":
        picture = source.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif source.has_transparency_data:
        picture = source.convert("RGBA")
    elif source.mode not in ("L", "RGB", "CMYK"):
        picture = source.convert("RGB")
    if max(picture.size) <= edge_px:
        return picture
    scale = edge_px / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


_LARGEST_PROFILE = 1024 * 1024
"""Bytes; those of cameras have a few thousand."""


def _standard_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in sRGB: its profile is not kept, so its colours have to be right without.

    A profile that cannot be used is left out of account, as browsers do.
    """
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    plain = picture.convert("RGB") if alpha is not None else picture
    if profile and len(profile) <= _LARGEST_PROFILE and plain.mode in ("RGB", "CMYK", "L"):
        try:
            plain = _converted(plain, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            plain = plain.convert("RGB")
    plain = plain.convert("RGB")
    if alpha is not None:
        plain.putalpha(alpha)
    return plain


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    converted = ImageCms.profileToProfile(
        picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    return picture if converted is None else converted


def _finish(picture: Image.Image) -> Picture:
    body = io.BytesIO()
    picture.save(body, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return Picture(body.getvalue(), picture.width, picture.height)
