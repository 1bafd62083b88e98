"""Owns the sentences of an answer that no outcome tells: silence, and what can be done next."""

from collections.abc import Sequence

from backend.fairness.labels import list_types
from geo.regions import LocalGovernment, Region
from geo.romanization import romanize_name

_NOT_ASKED = {
    "ko": "{place}에서는 신청한 기관이 없었습니다. 신청할 수 있었던 기관: {types}.",
    "en": "No institution of {place} applied. Those that could have: {types}.",
}
_NOBODY_THERE = {
    "ko": "{place}에서는 신청한 기관이 없었습니다. 등록된 시범사용기관도 없습니다.",
    "en": "No institution of {place} applied, and none is registered there.",
}
_WITHDRAWN = {
    "ko": "공급기업이 이 차수에서 철회하여 어느 기관에도 배정되지 않은 제품입니다. 이유: {reason}",
    "en": "The supplier withdrew it from the round, so that no institution got it. Reason:"
    " {reason}",
}
_NEXT = {
    "ko": "제품은 기관이 신청해야 배정됩니다. 필요한 제품이 있으면 {government} 또는 관내 기관에"
    " 다음 차수의 신청을 요청해 주세요. 새 문제는 주민 제안으로 낼 수 있습니다.",
    "en": "A product goes only where an institution applies for it. If your neighbourhood needs"
    " one, ask {government} or an institution there to apply in the next round; a new problem can"
    " be proposed by any resident.",
}


def tell_silence(region: Region, institutions: Sequence[tuple[str, int]]) -> dict[str, str]:
    """Say that nobody of a place asked for a product, and who could have.

    :param institutions: type and number of those that could.
    :return: ``{"ko": ..., "en": ...}``.
    """
    names = {"ko": region.full_name, "en": region.full_name_en or region.full_name}
    template = _NOT_ASKED if institutions else _NOBODY_THERE
    return {
        language: text.format(place=names[language], types=list_types(institutions, language))
        for language, text in template.items()
    }


def tell_withdrawal(reason: str) -> dict[str, str]:
    """Say that a product was taken back by its supplier.

    :param reason: in the supplier's words, which everybody may read.
    :return: ``{"ko": ..., "en": ...}``.
    """
    return {language: text.format(reason=reason) for language, text in _WITHDRAWN.items()}


def tell_next_steps(government: LocalGovernment) -> dict[str, str]:
    """Say what a resident can do for the next round.

    :return: ``{"ko": ..., "en": ...}``.
    """
    return {
        "ko": _NEXT["ko"].format(government=government.full_name),
        "en": _NEXT["en"].format(government=romanize_name(government.name)),
    }
