"""Owns the sentences about a proposal, from receipt to the places where its product went."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

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
        "공감하신 제안 ‘{title}’이(가) {local_government}에서 채택되었습니다. 이유: {reason} 이"
        " 제안에 맞는 혁신제품이 나오면 시범구매 차수에 올라갑니다.",
        "The proposal “{title}”, which you endorsed, was adopted by {local_government}."
        " Reason: {reason} Once an innovative product answers it, a pilot purchase can offer it.",
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
    "photo_redacted": NoticeText(
        "제안 ‘{title}’의 사진 일부를 가렸습니다. 이유: {reason} 가린 부분은 지워져 되돌릴 수"
        " 없으며, 심사는 그대로 이어집니다.",
        "Parts of a photo of your proposal “{title}” were covered. Reason: {reason} What was there"
        " is deleted for good; the review goes on as before.",
    ),
    "proposal_transferred": NoticeText(
        "제안 ‘{title}’을(를) {local_government}(으)로 보냈습니다. 이유: {reason} 그곳에서 심사해"
        " 결과를 알려 드리며, 따로 하실 일은 없습니다.",
        "Your proposal “{title}” went on to {local_government}. Reason: {reason} It is reviewed"
        " there and you will hear the decision; you need not do anything.",
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
}
