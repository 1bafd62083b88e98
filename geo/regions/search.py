"""Owns finding regions by what people type of their names."""

import unicodedata

from sqlalchemy import case, func

from geo.orm import Executor
from geo.regions.facts import Region, active_id, select_regions
from geo.regions.models import RegionRow

MAX_WORDS = 6
"""Sido, city, gu, dong and some slack; more words name no region."""

SHORT_SIDO = {
    "서울시": "서울",
    "부산시": "부산",
    "대구시": "대구",
    "인천시": "인천",
    "대전시": "대전",
    "울산시": "울산",
    "세종시": "세종",
    "충북": "충청북도",
    "충남": "충청남도",
    "전남": "전라남도",
    "전라북도": "전북",
    "경북": "경상북도",
    "경남": "경상남도",
    "강원도": "강원",
    "제주도": "제주",
}
"""Everyday and former names of sido that are no part of the full name."""


def search_regions(conn: Executor, q: str, limit: int = 20) -> list[Region]:
    """Return regions in force whose full name contains every word, best first.

    A name equal to the last word comes first, then one that begins with it; wider regions before
    narrower ones, then by code.

    :param q: what somebody typed, such as ``효자동``, ``태평로`` or ``서울 중구 태평로``.
    :param limit: at most so many.
    """
    words = unicodedata.normalize("NFC", q).split()[:MAX_WORDS]
    if not words:
        return []
    last = words[-1]
    rank = case(
        (RegionRow.name == last, 0),
        (RegionRow.name.startswith(last, autoescape=True), 1),
        (RegionRow.name.contains(last, autoescape=True), 2),
        else_=3,
    )
    statement = (
        select_regions()
        .where(RegionRow.generation_id == active_id())
        .where(*(RegionRow.full_name.contains(_known(word), autoescape=True) for word in words))
        .order_by(rank, RegionRow.level, func.length(RegionRow.name), RegionRow.code)
        .limit(limit)
    )
    return [Region(*row) for row in conn.execute(statement)]


def _known(word: str) -> str:
    return SHORT_SIDO.get(word, word)
