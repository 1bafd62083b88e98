"""Whatever bytes are sent as a picture: they are refused in words, or kept as pixels alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.files import images
from tests.support.forged_files import CANARY, segment, with_segments
from tests.support.pictures import drawing, encoded, noise, webp_chunks

WHOLE = [
    with_segments(segment(0xFE, CANARY)),
    *(encoded(noise(64, 48), kind) for kind in ("JPEG", "PNG", "WEBP")),
    encoded(drawing(mode="P"), "PNG"),
    encoded(drawing(mode="RGBA"), "WEBP", lossless=True),
    encoded(noise(64, 48), "JPEG", progressive=True),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A whole file of which some bytes are others, a piece is missing, or one is there twice."""
    body = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 8))):
        body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
    change = draw(st.sampled_from(["none", "cut", "twice"]))
    if change == "cut":
        del body[start:end]
    if change == "twice":
        body[end:end] = body[start:end]
    return bytes(body)


@settings(max_examples=150, deadline=None)
@given(body=damaged() | st.binary(max_size=200))
def test_bytes_are_refused_or_kept_as_pixels_alone(body: bytes) -> None:
    try:
        picture = images.clean(body)
    except images.REFUSALS:
        return
    assert webp_chunks(picture.body) == [b"VP8 "]
    assert CANARY not in picture.body
    assert max(picture.width, picture.height) <= images.FULL_EDGE_PX


@settings(max_examples=30, deadline=None)
@given(width=st.integers(8, 300), height=st.integers(8, 300))
def test_what_is_kept_is_kept_again_as_it_is(width: int, height: int) -> None:
    once = images.clean(encoded(drawing(width, height), "PNG"))
    again = images.clean(once.body)
    assert (again.width, again.height) == (once.width, once.height) == (width, height)
