"""Owns what is said where a round has no result to explain yet: the stage, and what comes next."""

from collections.abc import Mapping
from datetime import datetime

from backend.rounds.models import Round
from backend.rounds.states import LABELS, show_time

_WORDS: Mapping[str, Mapping[str, str]] = {
    "announced": {
        "ko": "신청은 {opens_at}부터 {closes_at}까지 받습니다. 결과는 매칭과 승인이 끝난 뒤"
        " 발표합니다.",
        "en": "Institutions apply from {opens_at} to {closes_at} (Korean time). The result is"
        " published after matching and approval.",
    },
    "applying": {
        "ko": "기관의 신청을 {closes_at}까지 받고 있어 아직 결과가 없습니다. 우리 동네에 필요한"
        " 제품이 있으면 그 전에 지방자치단체나 가까운 기관에 신청을 권해 주세요.",
        "en": "Institutions apply until {closes_at} (Korean time), so there is no result yet. If"
        " your neighbourhood needs one of the products, ask your local government or an"
        " institution nearby to apply before then.",
    },
    "over": {
        "ko": "신청은 {closes_at}에 끝났습니다. 매칭과 승인이 끝나면 결과를 발표합니다.",
        "en": "Applications ended on {closes_at} (Korean time). The result is published after"
        " matching and approval.",
    },
    "closed": {
        "ko": "신청은 {closes_at}에 끝났고 매칭을 준비하고 있습니다. 매칭과 승인이 끝나면 결과를"
        " 발표합니다.",
        "en": "Applications ended on {closes_at} (Korean time) and the matching is being prepared."
        " The result is published after matching and approval.",
    },
    "matched": {
        "ko": "매칭을 마쳤고, 실행한 사람이 아닌 다른 담당자의 승인을 기다리고 있습니다. 승인하면"
        " 결과를 발표합니다.",
        "en": "The matching is done and waits for the approval of an officer other than the one who"
        " ran it. The result is published after that.",
    },
    "approved": {
        "ko": "결과가 승인되어 곧 발표합니다.",
        "en": "The result is approved and about to be published.",
    },
    "published": {
        "ko": "발표했던 결과를 거두고 새 결과를 준비하고 있습니다. 승인되면 다시 발표합니다.",
        "en": "The result was withdrawn and another is being prepared; it is published once it is"
        " approved.",
    },
    "cancelled": {
        "ko": "이 차수는 취소되어 결과가 없습니다. 취소한 이유는 차수 공지에 있습니다.",
        "en": "The round was cancelled and has no result; its notices say why.",
    },
    "other": {
        "ko": "차수가 ‘{label_ko}’ 상태이고 발표된 결과가 없습니다.",
        "en": "The round is in the state “{label_en}” and no result of it is published.",
    },
}


def describe_stage(round_: Round, now: datetime) -> dict[str, str]:
    """Say where a round without a published result stands, and when what comes.

    :return: ``{"ko": ..., "en": ...}``.
    """
    label_ko, label_en = LABELS[round_.status]
    params = {
        "opens_at": show_time(round_.opens_at),
        "closes_at": show_time(round_.closes_at),
        "label_ko": label_ko,
        "label_en": label_en,
    }
    texts = _WORDS[_stage_of(round_, now)]
    return {language: text.format_map(params) for language, text in texts.items()}


def _stage_of(round_: Round, now: datetime) -> str:
    if round_.status != "open":
        return round_.status if round_.status in _WORDS else "other"
    if now < round_.opens_at:
        return "announced"
    return "applying" if now < round_.closes_at else "over"
