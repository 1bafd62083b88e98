"""Owns the corpus of bad files: each has to be refused, or kept without what it smuggles."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PIL import Image

from tests.support.forged_files import (
    CANARY,
    SCRIPT,
    XMP_GPS,
    apng,
    archive,
    bmp,
    chunk,
    cut,
    exif,
    exif_loop,
    exif_thumbnail,
    heic_declaring,
    icc_segments,
    many_scans,
    mpo,
    pixels,
    png,
    png_bomb,
    png_exif,
    png_text,
    png_xmp,
    profile,
    resized,
    riff,
    rows,
    segment,
    svg,
    vp8x,
    webp_animation,
    webp_with,
    with_segments,
    xxe,
    zeros,
)
from tests.support.pictures import HEIC, drawing, encoded, jpeg, noise, with_gps

KEPT = None
UNREADABLE, TOO_MANY, TOO_SMALL = "photo_unreadable", "photo_too_many_pixels", "photo_too_small"


@dataclass(frozen=True)
class BadFile:
    """A file with its name, its maker, and what it is refused for; `KEPT` when it is not."""

    name: str
    make: Callable[[], bytes]
    refusal: str | None


_WHOLE_JPEG = partial(encoded, drawing(400, 300), "JPEG")
_CUTS = (0.001, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95)

BOMBS = (
    BadFile("png-50k-50k", lambda: png(50_000, 50_000, chunk(b"IDAT", b"x")), TOO_MANY),
    BadFile("png-2-billion", lambda: png(2**31 - 1, 2**31 - 1, pixels()), TOO_MANY),
    BadFile("png-just-too-large", lambda: png_bomb(7_100, 7_100, 1), TOO_MANY),
    BadFile("png-rgba-just-small-enough", lambda: png_bomb(7_000, 7_000, 4), KEPT),
    BadFile("png-long-and-thin", lambda: png_bomb(2_000_000, 24, 1), KEPT),
    BadFile("png-text-of-200-mb", lambda: png_text(b"zTXt", b"a\0\0" + zeros(200)), UNREADABLE),
    BadFile(
        "png-international-text-of-200-mb",
        lambda: png_text(b"iTXt", b"a\0\1\0\0\0" + zeros(200)),
        UNREADABLE,
    ),
    BadFile("png-profile-of-200-mb", lambda: png_text(b"iCCP", b"a\0\0" + zeros(200)), UNREADABLE),
    BadFile(
        "png-hundred-texts",
        lambda: png(64, 48, *[chunk(b"zTXt", b"a\0\0" + zeros(1))] * 100, pixels()),
        UNREADABLE,
    ),
    BadFile("png-10000-frames", lambda: apng(10_000), KEPT),
    BadFile("webp-10000-frames", lambda: webp_animation(10_000), KEPT),
    BadFile("webp-declares-16383-16383", lambda: riff(vp8x(16_383, 16_383, 2)), TOO_MANY),
    BadFile("jpeg-declares-65500-65500", lambda: resized(jpeg(), 65_500, 65_500), TOO_MANY),
    BadFile("jpeg-declares-7000-7000", lambda: resized(jpeg(), 7_000, 7_000), KEPT),
    BadFile("jpeg-thousand-scans", many_scans, KEPT),
    BadFile("jpeg-profile-of-8-mb", lambda: with_segments(*icc_segments(b"\0" * 8_000_000)), KEPT),
    BadFile("heic-declares-60000-60000", lambda: heic_declaring(60_000, 60_000), UNREADABLE),
    BadFile("bmp-30000-30000", lambda: bmp(30_000, 30_000), UNREADABLE),
    BadFile("ppm-50000-50000", lambda: b"P6 50000 50000 255\n" + b"\0" * 100, UNREADABLE),
)

CUT_SHORT = (
    *(BadFile(f"jpeg-cut-at-{at}", partial(lambda at: cut(_WHOLE_JPEG(), at), at), UNREADABLE)
      for at in _CUTS),
    *(BadFile(f"png-cut-at-{at}",
              partial(lambda at: cut(encoded(noise(64, 48), "PNG"), at), at), UNREADABLE)
      for at in (0.01, 0.3, 0.7)),
    *(BadFile(f"webp-cut-at-{at}",
              partial(lambda at: cut(encoded(noise(64, 48), "WEBP"), at), at), UNREADABLE)
      for at in (0.01, 0.3, 0.7)),
    *(BadFile(f"heic-cut-at-{at}", partial(lambda at: cut(HEIC, at), at), UNREADABLE)
      for at in (0.02, 0.3, 0.6, 0.9)),
)  # fmt: skip

SMUGGLED = (
    BadFile("jpeg-then-html", lambda: jpeg() + b"<html>" + SCRIPT, KEPT),
    BadFile("jpeg-then-zip", lambda: jpeg() + archive(), KEPT),
    BadFile("jpeg-then-film", lambda: jpeg() + b"\0\0\0\x18ftypmp42" + CANARY * 500, KEPT),
    BadFile("jpeg-then-jpeg", lambda: jpeg() + with_segments(segment(0xFE, CANARY)), KEPT),
    BadFile("jpeg-script-in-comment", lambda: with_segments(segment(0xFE, SCRIPT)), KEPT),
    BadFile(
        "jpeg-and-javascript",
        lambda: with_segments(segment(0xFE, b"*/=alert('" + CANARY + b"')/*")),
        KEPT,
    ),
    BadFile(
        "jpeg-gps-in-exif",
        lambda: encoded(drawing(), "JPEG", exif=with_gps(CANARY.decode())),
        KEPT,
    ),
    BadFile(
        "jpeg-gps-in-xmp",
        lambda: with_segments(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP_GPS)),
        KEPT,
    ),
    BadFile(
        "jpeg-iptc",
        lambda: with_segments(
            segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x78\0\x0b" + CANARY)
        ),
        KEPT,
    ),
    BadFile("jpeg-profile-with-copyright", lambda: encoded(drawing(), icc_profile=profile()), KEPT),
    BadFile("jpeg-profile-of-junk", lambda: with_segments(*icc_segments(CANARY * 99)), KEPT),
    BadFile("jpeg-thumbnail-in-exif", exif_thumbnail, KEPT),
    BadFile("jpeg-exif-in-a-circle", exif_loop, KEPT),
    BadFile("jpeg-exif-of-junk", lambda: exif(b"MM\0*" + b"\xff" * 64 + CANARY), KEPT),
    BadFile("jpeg-two-pictures", mpo, KEPT),
    BadFile("jpeg-unknown-segment", lambda: with_segments(segment(0xEB, CANARY)), KEPT),
    BadFile("png-text", lambda: png_text(b"tEXt", b"Comment\0" + SCRIPT), KEPT),
    BadFile("png-gps-in-exif", png_exif, KEPT),
    BadFile("png-gps-in-xmp", png_xmp, KEPT),
    BadFile("png-unknown-chunk", lambda: png_text(b"caNy", CANARY), KEPT),
    BadFile("png-then-php", lambda: encoded(drawing(), "PNG") + b"<?php '" + CANARY + b"'?>", KEPT),
    BadFile("png-then-zip", lambda: encoded(drawing(), "PNG") + archive(), KEPT),
    BadFile("webp-exif", lambda: webp_with((b"EXIF", b"II*\0\x08\0\0\0" + CANARY), flags=8), KEPT),
    BadFile("webp-xmp", lambda: webp_with((b"XMP ", XMP_GPS), flags=4), KEPT),
    BadFile("webp-unknown-chunk", lambda: webp_with((b"CANY", CANARY)), KEPT),
    BadFile("webp-then-html", lambda: encoded(drawing(), "WEBP") + SCRIPT, KEPT),
    BadFile("heic-gps", lambda: HEIC, KEPT),
    BadFile("heic-then-html", lambda: HEIC + SCRIPT, KEPT),
)

ODD_BUT_GOOD = (
    BadFile("jpeg-cmyk", lambda: encoded(drawing(mode="CMYK")), KEPT),
    BadFile("jpeg-grey", lambda: encoded(drawing(mode="L")), KEPT),
    BadFile("png-16-bit-grey", lambda: encoded(Image.new("I;16", (64, 48), 40_000), "PNG"), KEPT),
    BadFile(
        "png-16-bit-colour",
        lambda: png(64, 48, chunk(b"IDAT", rows(b"\x80\0" * (64 * 3), 48)), depth=16),
        KEPT,
    ),
    BadFile(
        "png-palette-with-alpha",
        lambda: encoded(drawing(mode="P"), "PNG", transparency=bytes(range(256))),
        KEPT,
    ),
    BadFile("png-grey-with-alpha", lambda: encoded(drawing(mode="LA"), "PNG"), KEPT),
    BadFile("png-one-bit", lambda: encoded(drawing(mode="1"), "PNG"), KEPT),
    BadFile(
        "png-colour-that-is-transparent",
        lambda: encoded(drawing(), "PNG", transparency=(200, 30, 30)),
        KEPT,
    ),
    BadFile(
        "webp-lossless-alpha",
        lambda: encoded(drawing(mode="RGBA"), "WEBP", lossless=True),
        KEPT,
    ),
)  # fmt: skip

BROKEN = (
    BadFile("empty", lambda: b"", UNREADABLE),
    BadFile("one-byte", lambda: b"\xff", UNREADABLE),
    BadFile("zeros", lambda: b"\0" * 4096, UNREADABLE),
    BadFile("text", "사진이 아니라 글이다.".encode, UNREADABLE),
    BadFile("png-no-pixels", lambda: png(64, 48), UNREADABLE),
    BadFile("png-pixels-of-junk", lambda: png(64, 48, chunk(b"IDAT", CANARY)), UNREADABLE),
    BadFile("png-no-width", lambda: png(0, 48, pixels()), UNREADABLE),
    BadFile(
        "png-endless-chunk",
        lambda: encoded(drawing(), "PNG")[:33] + b"\xff\xff\xff\xffIDAT" + CANARY,
        UNREADABLE,
    ),
    BadFile("jpeg-no-tables", lambda: b"\xff\xd8" + jpeg()[-200:], UNREADABLE),
    BadFile("jpeg-head-only", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + SCRIPT, UNREADABLE),
    BadFile("heic-head-only", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + CANARY, UNREADABLE),
    BadFile("heic-junk-inside", lambda: HEIC[:-200] + b"\xa5" * 200, KEPT),
    BadFile("one-pixel", lambda: encoded(drawing(2, 2), "PNG"), TOO_SMALL),
)

OTHER_FORMATS = (
    BadFile("svg", svg, UNREADABLE),
    BadFile("svg-entity", xxe, UNREADABLE),
    BadFile(
        "svg-around-jpeg",
        lambda: svg(b"<image href='data:image/jpeg;base64," + b64encode(jpeg()) + b"'/>"),
        UNREADABLE,
    ),
    BadFile("html", lambda: b"<!doctype html>" + SCRIPT, UNREADABLE),
    BadFile("html-then-jpeg", lambda: b"<!doctype html>" + jpeg(), UNREADABLE),
    BadFile("gif", lambda: encoded(drawing(), "GIF"), UNREADABLE),
    BadFile("gif-and-javascript", lambda: b"GIF89a/*" + CANARY + b"*/=1;", UNREADABLE),
    BadFile("tiff", lambda: encoded(drawing(), "TIFF"), UNREADABLE),
    BadFile("bmp", lambda: encoded(drawing(), "BMP"), UNREADABLE),
    BadFile("ico", lambda: encoded(drawing(), "ICO"), UNREADABLE),
    BadFile("pdf", lambda: encoded(drawing(), "PDF"), UNREADABLE),
    BadFile("postscript", lambda: encoded(drawing(), "EPS"), UNREADABLE),
    BadFile("jpeg-2000", lambda: encoded(drawing(), "JPEG2000"), UNREADABLE),
    BadFile("avif", lambda: encoded(drawing(), "AVIF"), UNREADABLE),
    BadFile("tga", lambda: encoded(drawing(), "TGA"), UNREADABLE),
    BadFile("zip", archive, UNREADABLE),
    BadFile("film", lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 999, UNREADABLE),
    BadFile("program", lambda: b"\x7fELF\2\1\1" + b"\0" * 999, UNREADABLE),
)

CORPUS = (*BOMBS, *CUT_SHORT, *SMUGGLED, *ODD_BUT_GOOD, *BROKEN, *OTHER_FORMATS)

ODD_NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\drivers.jpg",
    "/etc/cron.d/job",
    "photo.jpg\0.html",
    "\u202egpj.exe",
    "x" * 300 + ".jpg",
    "<script>alert(1)</script>.jpg",
    "사진 😀.jpg",
    "",
    "CON",
    ".htaccess",
    "photo.jpg; rm -rf ~",
    'photo".jpg',
    "photo.svg",
)
"""Names of files, none of which may be believed, kept, or end up in an address."""
