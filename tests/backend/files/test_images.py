"""What is kept of a picture: its pixels, upright, in true colours, of a bounded size."""

import io

import pytest
from PIL import Image, ImageCms

from backend.files import images, sandbox
from backend.files.images import PictureTooManyPixels, PictureUnreadable
from backend.files.redaction import Rectangle
from tests.support.pictures import (
    BLUE,
    HEIC,
    RED,
    drawing,
    encoded,
    is_near,
    jpeg,
    noise,
    opened,
    webp_chunks,
    with_gps,
)

TOP_LEFT_OF = {1: "red", 2: "blue", 3: "blue", 4: "red", 5: "red", 6: "red", 7: "blue", 8: "blue"}
"""What stands at the top left of a drawing, red at the left, once it is upright."""


def left_and_right(body: bytes) -> list[tuple[int, int, int]]:
    picture = opened(body)
    return [picture.getpixel((at, picture.height // 2)) for at in (4, picture.width - 5)]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stays_as_it_looks(format: str) -> None:  # noqa: A002
    picture = images.clean(encoded(drawing(), format))
    assert (picture.width, picture.height) == (64, 48)
    left, right = left_and_right(picture.body)
    assert is_near(left, RED)
    assert is_near(right, BLUE)


def test_a_phones_own_format_is_read_and_its_place_forgotten() -> None:
    assert b"CANARY" in HEIC
    picture = images.clean(HEIC)
    left, right = left_and_right(picture.body)
    assert is_near(left, RED)
    assert is_near(right, BLUE)
    assert webp_chunks(picture.body) == [b"VP8 "]
    assert b"CANARY" not in picture.body


def test_a_photo_with_gps_is_kept_without() -> None:
    sent = encoded(drawing(), "JPEG", exif=with_gps("at home"))
    with Image.open(io.BytesIO(sent)) as source:
        assert source.getexif().get_ifd(0x8825)
    with Image.open(io.BytesIO(images.clean(sent).body)) as kept:
        assert not dict(kept.getexif())
        assert set(kept.info) <= {"loop", "background", "timestamp", "duration"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = images.clean(jpeg(exif=exif))
    turned = orientation >= 5
    assert (picture.width, picture.height) == ((48, 64) if turned else (64, 48))
    corner = opened(picture.body).getpixel((3, 3))
    assert is_near(corner, RED if TOP_LEFT_OF[orientation] == "red" else BLUE)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_a_turn_that_there_is_not_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert images.clean(jpeg(exif=exif)).width == 64


def test_what_is_transparent_becomes_white_and_what_was_under_it_is_gone() -> None:
    secret = drawing(mode="RGBA")
    secret.putalpha(0)
    kept = opened(images.clean(encoded(secret, "PNG")).body)
    assert is_near(kept.getpixel((4, 24)), (255, 255, 255))
    assert is_near(kept.getpixel((60, 24)), (255, 255, 255))


def test_a_large_picture_is_scaled_down_in_its_proportions() -> None:
    picture = images.clean(jpeg(4096, 1024))
    assert (picture.width, picture.height) == (2048, 512)


def test_sixteen_bits_of_grey_become_eight() -> None:
    sent = encoded(Image.new("I;16", (64, 48), 0x8000), "PNG")
    assert is_near(opened(images.clean(sent).body).getpixel((9, 9)), (128, 128, 128), by=3)


def test_colours_of_another_profile_are_converted() -> None:
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = images.clean(encoded(drawing(), "JPEG", icc_profile=srgb))
    unusable = images.clean(
        encoded(drawing(), "JPEG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())
    )
    for picture in (same, unusable):
        assert is_near(left_and_right(picture.body)[0], RED)


def test_the_limit_of_pixels_is_exact() -> None:
    edge = 10_000
    images.clean(encoded(Image.new("1", (edge, 5_000)), "PNG"))
    with pytest.raises(PictureTooManyPixels):
        images.clean(encoded(Image.new("1", (edge, 5_001)), "PNG"))


def test_a_thumbnail_is_small() -> None:
    kept = images.clean(encoded(noise(1200, 900)))
    thumb = images.shrink(kept.body)
    assert (thumb.width, thumb.height) == (480, 360)
    assert len(thumb.body) < len(kept.body)


def test_covered_pixels_are_black_and_the_others_stay() -> None:
    kept = images.clean(jpeg(200, 100))
    covered = opened(images.redact(kept.body, [Rectangle(0.5, 0.0, 0.25, 1.0)]).body)
    for x in (101, 125, 148):
        assert is_near(covered.getpixel((x, 50)), (0, 0, 0), by=30)
    assert is_near(covered.getpixel((20, 50)), RED)
    assert is_near(covered.getpixel((190, 50)), BLUE)


def test_a_rectangle_covers_every_pixel_that_it_touches() -> None:
    kept = images.clean(jpeg(200, 100))
    covered = opened(images.redact(kept.body, [Rectangle(0.999, 0.999, 0.001, 0.001)]).body)
    assert sum(covered.getpixel((199, 99))) < sum(covered.getpixel((180, 80)))


def test_the_reader_in_its_own_process_gives_the_same() -> None:
    sent = jpeg()
    assert sandbox.clean(sent) == images.clean(sent)
    assert sandbox.shrink(sent) == images.shrink(sent)
    parts = [Rectangle(0.0, 0.0, 0.5, 0.5)]
    assert sandbox.redact(sent, parts) == images.redact(sent, parts)
    with pytest.raises(PictureUnreadable):
        sandbox.clean(b"no picture")


def test_the_reader_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(*args: object, **kwargs: object) -> object:
        seen.update(kwargs)
        raise sandbox.subprocess.TimeoutExpired("reader", 1)

    monkeypatch.setattr(sandbox.subprocess, "run", run)
    with pytest.raises(PictureUnreadable):
        sandbox.clean(jpeg())
    assert set(seen["env"]) == {"PYTHONPATH"}  # type: ignore[call-overload]


def test_a_reader_that_does_not_start_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.sys, "executable", "/bin/false")
    with pytest.raises(sandbox.ReaderBroken):
        sandbox.clean(jpeg())


def test_who_finds_no_turn_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE_S", 0)
    taken = [sandbox._turns.acquire(timeout=1) for _ in range(sandbox.AT_A_TIME)]
    try:
        with pytest.raises(sandbox.PicturesBusy):
            sandbox.clean(jpeg())
    finally:
        for _ in taken:
            sandbox._turns.release()
