"""Owns the forging of files: whole ones that carry something, and ones that lie."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageCms, PngImagePlugin

from tests.support.pictures import HEIC, drawing, encoded, jpeg, noise, with_gps

CANARY = b"CANARY-d0n9"
"""What must not be found in anything that is kept."""

SCRIPT = b"<script>alert('" + CANARY + b"')</script>"
XMP_GPS = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-"
    b"syntax-ns#'><rdf:Description xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:GPSLatitude="
    b"'37,33.978N' exif:UserComment='" + CANARY + b"'/></rdf:RDF></x:xmpmeta>"
)


def segment(marker: int, body: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(*segments: bytes, base: bytes | None = None) -> bytes:
    """Return a JPEG with more segments, before all others."""
    base = base or jpeg()
    return base[:2] + b"".join(segments) + base[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """Return a PNG of some chunks that says what size it is."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


def rows(row: bytes, count: int) -> bytes:
    """Return the compressed data of an image whose rows are all the same."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(b"\0" + row) for _ in range(count)), packer.flush()])


def png_bomb(width: int, height: int, bytes_per_pixel: int) -> bytes:
    """Return a PNG of black pixels, which is a thousand times as large when it is read."""
    colour = {1: 0, 3: 2, 4: 6}[bytes_per_pixel]
    data = rows(b"\0" * (width * bytes_per_pixel), height)
    return png(width, height, chunk(b"IDAT", data), colour=colour)


def pixels() -> bytes:
    """Return the pixels of 64 x 48 as a chunk."""
    return chunk(b"IDAT", rows(b"\x80" * (64 * 3), 48))


def zeros(size: int) -> bytes:
    """Return so many megabytes of zeros, compressed."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(b"\0" * 2**20) for _ in range(size)), packer.flush()])


def apng(frames: int) -> bytes:
    """Return an animated PNG."""
    data = rows(b"\x80" * (16 * 3), 16)
    parts = [chunk(b"acTL", struct.pack(">II", frames, 0))]
    for number in range(frames):
        sequence = max(0, 2 * number - 1)
        control = struct.pack(">IIIIIHHBB", sequence, 16, 16, 0, 0, 1, 10, 0, 0)
        parts.append(chunk(b"fcTL", control))
        later = chunk(b"fdAT", struct.pack(">I", sequence + 1) + data)
        parts.append(later if number else chunk(b"IDAT", data))
    return png(16, 16, *parts)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP of some chunks."""
    body = b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def vp8x(width: int, height: int, flags: int) -> tuple[bytes, bytes]:
    """Return the chunk that says what a WebP has."""
    edges = b"".join(struct.pack("<I", edge - 1)[:3] for edge in (width, height))
    return b"VP8X", struct.pack("<I", flags) + edges


def webp_with(*chunks: tuple[bytes, bytes], flags: int = 0) -> bytes:
    """Return a WebP with more chunks behind its pixels."""
    plain = encoded(drawing(), "WEBP")
    size = struct.unpack("<I", plain[16:20])[0]
    return riff(vp8x(64, 48, flags), (plain[12:16], plain[20 : 20 + size]), *chunks)


def webp_animation(frames: int) -> bytes:
    """Return an animated WebP."""
    plain = encoded(drawing(16, 16), "WEBP")[12:]
    frame = b"\0" * 6 + (b"\x0f\0\0" * 2) + b"\x0a\0\0" + b"\0" + plain
    animated = [(b"ANMF", frame)] * frames
    return riff(vp8x(16, 16, 2), (b"ANIM", b"\0" * 6), *animated)


def archive() -> bytes:
    """Return a ZIP with a page in it."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("index.html", SCRIPT)
    return body.getvalue()


def profile() -> bytes:
    """Return a colour profile that says whose it is."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    copyright_ = profile.find(b"text", 128 + 4 + 12)
    return profile[: copyright_ + 8] + CANARY + profile[copyright_ + 8 + len(CANARY) :]


def icc_segments(profile: bytes) -> list[bytes]:
    """Return a colour profile as segments of a JPEG."""
    parts = [profile[at : at + 65_000] for at in range(0, len(profile), 65_000)]
    return [
        segment(0xE2, b"ICC_PROFILE\0" + bytes([number, len(parts)]) + part)
        for number, part in enumerate(parts, 1)
    ]


def exif(body: bytes) -> bytes:
    """Return a JPEG with this in its EXIF."""
    return with_segments(segment(0xE1, b"Exif\0\0" + body))


def exif_thumbnail() -> bytes:
    """Return a JPEG whose EXIF carries another picture, as it was before it was cropped."""
    inner = with_segments(segment(0xFE, CANARY), base=jpeg(32, 24))
    first = struct.pack("<HI", 0, 14)
    second = struct.pack("<HHHII", 2, 0x0201, 4, 1, 44) + struct.pack("<HHII", 0x0202, 4, 1, 0)
    head = b"II*\0" + struct.pack("<I", 8) + first + second
    return exif(head.ljust(44, b"\0") + inner)


def exif_loop() -> bytes:
    """Return a JPEG whose EXIF goes on where it began."""
    return exif(b"II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 8))


def resized(body: bytes, width: int, height: int) -> bytes:
    """Return a JPEG that says it is of another size."""
    at = next(at for at in range(len(body)) if body[at : at + 2] in (b"\xff\xc0", b"\xff\xc2"))
    return body[: at + 5] + struct.pack(">HH", height, width) + body[at + 9 :]


def many_scans() -> bytes:
    """Return a progressive JPEG whose last scan comes a thousand times."""
    body = encoded(noise(64, 48), "JPEG", progressive=True)
    last = body.rfind(b"\xff\xda")
    return body[:last] + body[last:-2] * 1000 + body[-2:]


def png_text(kind: bytes, body: bytes) -> bytes:
    """Return a PNG with one more chunk."""
    return png(64, 48, chunk(kind, body), pixels())


def png_exif() -> bytes:
    """Return a PNG that knows where it was taken."""
    return encoded(drawing(), "PNG", exif=with_gps(CANARY.decode()))


def png_xmp() -> bytes:
    """Return a PNG whose XMP knows where it was taken."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP_GPS.decode())
    return encoded(drawing(), "PNG", pnginfo=info)


def heic_declaring(width: int, height: int) -> bytes:
    """Return a HEIC that says it is of another size."""
    at = HEIC.find(b"ispe") + 8
    return HEIC[:at] + struct.pack(">II", width, height) + HEIC[at + 8 :]


def svg(inside: bytes = SCRIPT) -> bytes:
    """Return an SVG with something in it."""
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">' + inside + b"</svg>"


def xxe() -> bytes:
    """Return an SVG that asks for a file of the server."""
    entity = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return entity + svg(b"<text>&x;</text>")


def cut(body: bytes, share: float) -> bytes:
    """Return the first part of a file."""
    return body[: int(len(body) * share)]


def bmp(width: int, height: int) -> bytes:
    """Return the head of a BMP."""
    return b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, width, height, 1, 24, *([0] * 6))


def mpo() -> bytes:
    """Return a JPEG with a second frame, as cameras of two lenses write it."""
    second = encoded(drawing(32, 24), "JPEG", comment=CANARY)
    with Image.open(io.BytesIO(second)) as frame:
        return encoded(drawing(), "MPO", save_all=True, append_images=[frame])
