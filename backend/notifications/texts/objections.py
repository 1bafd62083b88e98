"""Owns the sentences about objections to the outcomes of plans, and their clocks."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
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
        "{round}의 ‘{product}’ 결과에 대한 이의신청의 결정 기한({due_at})이 다가옵니다."
        " 그때까지 결정하고 이유를 적어 주세요.",
        "The objection to the result for “{product}” in {round} is to be decided by {due_at}"
        " (Korean time). Please decide it by then and say why.",
    ),
    "plan_objection_overdue": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청의 결정 기한({due_at})이 지났습니다. 바로 결정해"
        " 주세요.",
        "The objection to the result for “{product}” in {round} should have been decided by"
        " {due_at} (Korean time). Please decide it now.",
    ),
    "plan_objection_dismissed": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청이 받아들여지지 않았습니다. 이유: {reason}"
        " 결과는 그대로이며, 다음 차수에 다시 신청할 수 있습니다.",
        "Your objection to the result for “{product}” in {round} was dismissed. Reason: {reason}"
        " The result stands; you may apply again in another round.",
    ),
    "plan_objection_upheld": NoticeText(
        "{round}의 ‘{product}’ 결과에 대한 이의신청이 받아들여졌습니다. 이유: {reason} {remedy}",
        "Your objection to the result for “{product}” in {round} was upheld. Reason: {reason}"
        " {remedy}",
    ),
}
