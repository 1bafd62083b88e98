"""Owns the sentences about rounds, for institutions, suppliers and local governments."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "offer_withdrawn_in_window": NoticeText(
        "{round}에서 신청하신 ‘{product}’을(를) 공급기업이 철회했습니다. 이유: {reason} 이 제품은"
        " 희망 순위에서 빠지고 아래 순위가 한 단계씩 올라갔습니다. {closes_at}까지 순위를 다시"
        " 정할 수 있습니다.",
        "The supplier has withdrawn “{product}”, which you asked for in {round}. Reason: {reason}"
        " It fell out of your ranking and what came after it moved up. You may rank anew until"
        " {closes_at} (Korean time).",
    ),
    "offer_withdrawn": NoticeText(
        "{round}에 오른 ‘{product}’을(를) 공급기업이 철회했습니다. 이유: {reason} 이 제품은"
        " 배정하지 않으며, 다른 제품에 대한 신청은 그대로 유효합니다.",
        "The supplier has withdrawn “{product}” from {round}. Reason: {reason} It will not be"
        " placed; what else you ask for stands as it is.",
    ),
    "offer_lapsed": NoticeText(
        "{round}에 오른 ‘{product}’의 혁신제품 지정 기간이 끝났습니다. 매칭 전에 연장되지 않으면"
        " 배정하지 않습니다(규칙 {rule}).",
        "The designation of “{product}”, on offer in {round}, has lapsed. Unless it is extended"
        " before the matching, it will not be placed (rule {rule}).",
    ),
    "round_corrected": NoticeText(
        "{round}의 공고 내용을 바로잡았습니다. 이유: {reason} 내신 신청은 그대로 유효하고, 따로"
        " 하실 일은 없습니다.",
        "The notice of {round} was corrected. Reason: {reason} Your applications stand and you"
        " need not do anything.",
    ),
    "round_extended": NoticeText(
        "{round}의 신청 마감을 {closes_at}(으)로 늦추었습니다. 이유: {reason} 그때까지 신청을"
        " 고치거나 거둘 수 있습니다.",
        "The deadline of {round} was put off to {closes_at} (Korean time). Reason: {reason} Until"
        " then you may change or withdraw your applications.",
    ),
    "round_cancelled": NoticeText(
        "{round}이(가) 취소되었습니다. 이유: {reason} 내신 신청은 더 진행하지 않으며, 다음 차수에"
        " 다시 신청할 수 있습니다.",
        "{round} was cancelled. Reason: {reason} Your applications go no further; you may apply"
        " again in another round.",
    ),
    "nobody_applies": NoticeText(
        "{local_government} 주민의 제안을 푸는 제품이 {round}에 올랐지만 관내 기관의 신청이 아직"
        " 없습니다. 제품: {products}. 신청은 {closes_at}까지 받습니다. 관내 시범사용기관"
        "({institutions}곳 등록)에 신청을 권해 주세요.",
        "{round} offers products that answer proposals of residents of {local_government}, and no"
        " institution there has applied for them: {products}. Applications are taken until"
        " {closes_at} (Korean time). Please ask your institutions ({institutions} registered) to"
        " apply.",
    ),
    "placement_awarded": NoticeText(
        "{round}에서 ‘{product}’을(를) 배정받았습니다. {reason} 조달청이 계약을 진행합니다.",
        "In {round} your institution was placed with “{product}”. {reason} The procurement service"
        " goes on with the contract.",
    ),
    "application_refused": NoticeText(
        "{round}에서 ‘{product}’을(를) 배정받지 못했습니다. {reason} 이의를 신청하거나 다음 차수에"
        " 다시 신청할 수 있습니다.",
        "In {round} your institution was not placed with “{product}”. {reason} You may object, or"
        " apply again in another round.",
    ),
    "corrected_award": NoticeText(
        "{round}의 결과가 정정되어 ‘{product}’을(를) 배정받았습니다. 정정한 이유: {correction}"
        " {reason} 조달청이 계약을 진행합니다.",
        "The plan of {round} was corrected, and your institution is now placed with “{product}”."
        " Why it was corrected: {correction} {reason} The procurement service goes on with the"
        " contract.",
    ),
    "corrected_refusal": NoticeText(
        "{round}의 결과가 정정되어 ‘{product}’의 배정이 취소되었습니다. 정정한 이유: {correction}"
        " {reason} 이의를 신청하거나 다음 차수에 다시 신청할 수 있습니다.",
        "The plan of {round} was corrected, and your institution is no longer placed with"
        " “{product}”. Why it was corrected: {correction} {reason} You may object, or apply again"
        " in another round.",
    ),
    "outcome_unchanged": NoticeText(
        "{round}의 결과가 정정되었습니다. ‘{product}’에 대한 결과는 그대로입니다. 정정한 이유:"
        " {correction} 따로 하실 일은 없습니다.",
        "The plan of {round} was corrected; your institution's result for “{product}” is the same."
        " Why it was corrected: {correction} You need not do anything.",
    ),
    "outcome_withdrawn": NoticeText(
        "{round}의 결과가 정정되어 ‘{product}’에 대한 신청은 더 이상 대상이 아닙니다. 정정한 이유:"
        " {correction} 다음 차수에 다시 신청할 수 있습니다.",
        "The plan of {round} was corrected, and your institution's application for “{product}” is"
        " no longer part of it. Why it was corrected: {correction} You may apply again in another"
        " round.",
    ),
    "placement_given_up": NoticeText(
        "{round}의 ‘{product}’ 배정을 반납했습니다. 반납 이유: {reason} 이 제품을 다시 받으려면"
        " 다음 차수에 신청해 주세요.",
        "Your institution gave up “{product}” in {round}. Reason: {reason} To have the product"
        " after all, apply in a later round.",
    ),
    "placement_passed_on": NoticeText(
        "{round}에서 다른 기관이 반납한 ‘{product}’을(를) 이어서 배정받았습니다. 공개된 우선순위에"
        " 따른 다음 순서입니다. 조달청이 계약을 진행합니다.",
        "In {round} another institution gave up “{product}”, and your institution is placed with it"
        " as next by the published priorities. The procurement service goes on with the contract.",
    ),
    "placement_exchanged": NoticeText(
        "{round}에서 다른 기관이 반납한 ‘{product}’을(를) 이어서 배정받았습니다. 더 앞 순위로"
        " 신청한 제품이므로, 전에 배정받은 ‘{given_up}’은(는) 다음 기관으로 넘어갑니다.",
        "In {round} another institution gave up “{product}”, and your institution is placed with it"
        " as next. It had ranked it higher than “{given_up}”, which goes on to somebody else.",
    ),
}
