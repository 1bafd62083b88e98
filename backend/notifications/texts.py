"""Owns the sentences of notices: what happened, why, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.particles import settle_particles


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice's two languages; placeholders are named by the sender's parameters."""

    ko: str
    en: str


TEXTS: Mapping[str, NoticeText] = {
    "proposal_submitted": NoticeText(
        "제안 ‘{title}’을(를) {local_government}에 접수했습니다. 담당자가 심사한 뒤 결과와 이유를"
        " 알려 드립니다.",
        "Your proposal “{title}” was received by {local_government}. You will hear the decision and"
        " its reason after the review.",
    ),
    "proposal_adopted": NoticeText(
        "제안 ‘{title}’이(가) 채택되었습니다. 이유: {reason} 이 제안에 맞는 혁신제품이 나오면"
        " 시범구매 차수에 올라갑니다.",
        "Your proposal “{title}” was adopted. Reason: {reason} Once an innovative product answers"
        " it, the product can be offered in a pilot purchase round.",
    ),
    "endorsed_proposal_adopted": NoticeText(
        "공감하신 제안 ‘{title}’이(가) {local_government}에서 채택되었습니다. 이유: {reason}",
        "The proposal “{title}”, which you endorsed, was adopted by {local_government}."
        " Reason: {reason}",
    ),
    "proposal_rejected": NoticeText(
        "제안 ‘{title}’이(가) 채택되지 않았습니다. 이유: {reason} 내용을 보완해 새로 제안할 수"
        " 있습니다.",
        "Your proposal “{title}” was not adopted. Reason: {reason} You may propose again with the"
        " points above addressed.",
    ),
    "supplement_requested": NoticeText(
        "제안 ‘{title}’에 보완이 필요합니다. 요청: {reason} 내용을 고쳐 다시 제출해 주세요.",
        "Your proposal “{title}” needs more. Asked for: {reason} Please amend it and submit again.",
    ),
    "proposal_transferred": NoticeText(
        "제안 ‘{title}’을(를) {local_government}(으)로 보냈습니다. 이유: {reason}",
        "Your proposal “{title}” went on to {local_government}. Reason: {reason}",
    ),
    "product_answers_proposal": NoticeText(
        "혁신제품 ‘{product}’이(가) 제안 ‘{title}’의 해결 제품으로 등록되었습니다. 시범구매 차수에"
        " 오르면 다시 알려 드립니다.",
        "The innovative product “{product}” was entered as an answer to your proposal “{title}”."
        " You will hear again when a round offers it.",
    ),
    "product_answer_withdrawn": NoticeText(
        "혁신제품 ‘{product}’을(를) 제안 ‘{title}’의 해결 제품에서 뺐습니다. 다른 제품이 등록되면"
        " 알려 드립니다.",
        "The innovative product “{product}” is no longer entered as an answer to your proposal"
        " “{title}”. You will hear if another one is.",
    ),
    "product_offered": NoticeText(
        "제안 ‘{title}’의 해결 제품 ‘{product}’이(가) {round}에 올랐습니다. 기관의 신청은"
        " {closes_at}까지 받고, 어디에 배정되는지 결과가 나오면 알려 드립니다.",
        "“{product}”, which answers your proposal “{title}”, is offered in {round}. Institutions"
        " apply until {closes_at} (Korean time); you will hear where it goes.",
    ),
    "proposal_round_cancelled": NoticeText(
        "제안 ‘{title}’의 해결 제품 ‘{product}’이(가) 오른 {round}이(가) 취소되었습니다. 이유:"
        " {reason} 다른 차수에 오르면 다시 알려 드립니다.",
        "{round}, which offered “{product}” as an answer to your proposal “{title}”, was cancelled."
        " Reason: {reason} You will hear again when another round offers it.",
    ),
    "proposal_offer_withdrawn": NoticeText(
        "제안 ‘{title}’의 해결 제품 ‘{product}’을(를) 공급기업이 {round}에서 철회했습니다. 이유:"
        " {reason} 다른 차수에 오르면 다시 알려 드립니다.",
        "The supplier has withdrawn “{product}”, which answers your proposal “{title}”, from"
        " {round}. Reason: {reason} You will hear again when another round offers it.",
    ),
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
        "{round}에서 ‘{product}’을(를) 배정받았습니다. {reason}",
        "In {round} your institution was placed with “{product}”. {reason}",
    ),
    "application_refused": NoticeText(
        "{round}에서 ‘{product}’을(를) 배정받지 못했습니다. {reason}",
        "In {round} your institution was not placed with “{product}”. {reason}",
    ),
    "corrected_award": NoticeText(
        "{round}의 결과가 정정되어 ‘{product}’을(를) 배정받았습니다. 정정한 이유: {correction}"
        " {reason}",
        "The plan of {round} was corrected, and your institution is now placed with “{product}”."
        " Why it was corrected: {correction} {reason}",
    ),
    "corrected_refusal": NoticeText(
        "{round}의 결과가 정정되어 ‘{product}’의 배정이 취소되었습니다. 정정한 이유: {correction}"
        " {reason}",
        "The plan of {round} was corrected, and your institution is no longer placed with"
        " “{product}”. Why it was corrected: {correction} {reason}",
    ),
    "outcome_unchanged": NoticeText(
        "{round}의 결과가 정정되었습니다. ‘{product}’에 대한 결과는 그대로입니다. 정정한 이유:"
        " {correction}",
        "The plan of {round} was corrected; your institution's result for “{product}” is the same."
        " Why it was corrected: {correction}",
    ),
    "outcome_withdrawn": NoticeText(
        "{round}의 결과가 정정되어 ‘{product}’에 대한 신청은 더 이상 대상이 아닙니다. 정정한 이유:"
        " {correction}",
        "The plan of {round} was corrected, and your institution's application for “{product}” is"
        " no longer part of it. Why it was corrected: {correction}",
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
    "plan_objection_received": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청을 접수했습니다. 결과를 만든 사람이 아닌"
        " 담당자가 {due_at}까지 결정하고 이유를 알려 드립니다.",
        "Your objection to the result for “{product}” in {round} was received. Somebody who had no"
        " part in it will decide by {due_at} (Korean time) and tell you why.",
    ),
    "plan_objection_filed": NoticeText(
        "{round}의 ‘{product}’ 결과에 이의신청이 들어왔습니다. {due_at}까지 결정해야 하며, 결과를"
        " 만드는 데 관여하지 않은 담당자가 결정합니다.",
        "Somebody objects to the result for “{product}” in {round}. An officer who had no part in"
        " it has to decide by {due_at} (Korean time).",
    ),
    "plan_objection_due": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청의 결정 기한({due_at})이 다가옵니다.",
        "The objection to the result for “{product}” in {round} is to be decided by {due_at}"
        " (Korean time).",
    ),
    "plan_objection_overdue": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청의 결정 기한({due_at})이 지났습니다. 바로 결정해"
        " 주세요.",
        "The objection to the result for “{product}” in {round} should have been decided by"
        " {due_at} (Korean time). Please decide it now.",
    ),
    "plan_objection_dismissed": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청이 받아들여지지 않았습니다. 이유: {reason}",
        "Your objection to the result for “{product}” in {round} was dismissed. Reason: {reason}",
    ),
    "plan_objection_upheld": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청이 받아들여졌습니다. 이유: {reason} {remedy}",
        "Your objection to the result for “{product}” in {round} was upheld. Reason: {reason}"
        " {remedy}",
    ),
    "proposal_deployed": NoticeText(
        "제안 ‘{title}’에서 시작된 ‘{product}’이(가) {round}에서 {count}곳에 배정되었습니다."
        " 지도에서 어디에 왜 갔는지 볼 수 있습니다.",
        "“{product}”, which began with your proposal “{title}”, was placed at {count} institutions"
        " in {round}. The map shows where and why.",
    ),
    "proposal_passed_on": NoticeText(
        "제안 ‘{title}’에서 시작된 ‘{product}’의 배정이 {round}에서 바뀌었습니다. 한 기관이 계약"
        " 전에 반납했고, 지금은 {count}곳에 배정되어 있습니다. 지도에서 어디인지 볼 수 있습니다.",
        "Placements of “{product}”, which began with your proposal “{title}”, changed in {round}:"
        " an institution gave one up before its contract. Institutions that have it now: {count}."
        " The map shows where.",
    ),
    "proposal_not_deployed": NoticeText(
        "제안 ‘{title}’의 해결 제품 ‘{product}’은(는) {round}에서 배정되지 않았습니다. {reason}"
        " 다음 차수에 오르면 다시 알려 드립니다.",
        "“{product}”, which answers your proposal “{title}”, was not placed in {round}. {reason}"
        " You will hear again when another round offers it.",
    ),
    "local_government_changed": NoticeText(
        "행정구역이 바뀌어 제안 ‘{title}’의 심사를 {before}에서 {local_government}(으)로"
        " 넘겼습니다. 접수한 순서는 그대로이고, 따로 하실 일은 없습니다.",
        "The boundaries have changed: the review of your proposal “{title}” went from {before} to"
        " {local_government}. It keeps its place in time and you need not do anything.",
    ),
    "ranking_needed": NoticeText(
        "행정구역이 바뀌어 {local_government}에 여러 곳의 {year}년 우선순위가 합쳐졌습니다. 서로의"
        " 순서를 알 수 없으니 새로 정해 주세요.",
        "The boundaries have changed: {local_government} took over priorities of {year} from"
        " several bodies, and nobody has decided between them. Please rank anew.",
    ),
    "residence_unclear": NoticeText(
        "행정구역이 바뀌었는데 등록하신 동네({codes})가 지금 어디인지 정할 수 없습니다. 사는 동네를"
        " 다시 등록해 주세요. 그때까지는 전에 등록한 동네로 남습니다.",
        "The boundaries have changed and it is not certain where the neighbourhood you declared"
        " ({codes}) is now. Please declare it again; until then it stays as you declared it.",
    ),
    "proposal_place_unclear": NoticeText(
        "행정구역이 바뀌었는데 제안 ‘{title}’의 장소({codes})가 지금 어디인지 정할 수 없어 담당자가"
        " 확인합니다. 제안은 그대로 남아 있습니다.",
        "The boundaries have changed and it is not certain where the place of your proposal"
        " “{title}” ({codes}) is now. An officer will decide; the proposal stays as it is.",
    ),
    "proposal_residence_unclear": NoticeText(
        "행정구역이 바뀌었는데 제안 ‘{title}’을(를) 낼 때 사시던 동네({codes})가 지금 어디인지"
        " 정할 수 없어 담당자가 확인합니다. 제안은 그대로 남아 있습니다.",
        "The boundaries have changed and it is not certain where you lived when you submitted"
        " “{title}” ({codes}). An officer will decide; the proposal stays as it is.",
    ),
    "invitation_accepted": NoticeText(
        "{email} 님이 {organization}의 초대를 받아들였습니다.",
        "{email} accepted the invitation to {organization}.",
    ),
}
"""Every kind of notice there is."""


def render(kind: str, params: Mapping[str, Any], language: str) -> str:
    """Return a notice's sentences.

    :param params: a value that is a mapping with ``ko`` and ``en`` is taken in `language`.
    :param language: ``ko`` or ``en``.
    """
    text = TEXTS[kind]
    chosen = {
        name: value.get(language) or value.get("ko") if isinstance(value, Mapping) else value
        for name, value in params.items()
    }
    if language == "ko":
        return settle_particles(text.ko.format_map(chosen))
    return text.en.format_map(chosen)
