"""Owns the categories that proposals, products and priorities are filed under."""

from dataclasses import dataclass

from backend.errors import Invalid


class UnknownCategory(Invalid):
    """No category has that code."""

    code = "category_unknown"
    ko = "없는 분야입니다: {category}"
    en = "There is no such category: {category}"


@dataclass(frozen=True, slots=True)
class Category:
    """A field of life that a proposal is about.

    :param code: stable, lower case; what the API takes and gives.
    """

    code: str
    ko: str
    en: str


CATEGORIES = (
    Category("safety", "생활안전", "Everyday safety"),
    Category("disaster", "재난·재해", "Disasters"),
    Category("traffic", "교통", "Traffic"),
    Category("environment", "환경·위생", "Environment and hygiene"),
    Category("health", "보건·의료", "Health"),
    Category("welfare", "복지·돌봄", "Welfare and care"),
    Category("accessibility", "장애인·이동약자", "Accessibility"),
    Category("education", "교육·보육", "Education and childcare"),
    Category("convenience", "생활편의", "Convenience"),
    Category("energy", "에너지", "Energy"),
    Category("sea", "해양·어촌", "Sea and fishing villages"),
    Category("farming", "농업·농촌", "Farming and the countryside"),
    Category("other", "기타", "Other"),
)
"""In the order in which forms show them."""

CATEGORY_CODES = frozenset(category.code for category in CATEGORIES)


def check_category(code: str, *, field: str = "json.category") -> None:
    """Refuse a code that is no category.

    :param field: path of the value at fault.
    :raises UnknownCategory: when there is none.
    """
    if code not in CATEGORY_CODES:
        raise UnknownCategory(field=field, category=code)
