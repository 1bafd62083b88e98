"""Owns the sentences about proposals that were merged, and that stand by themselves again."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "proposal_merged": NoticeText(
        "제안 ‘{title}’을(를) {local_government}에서 먼저 접수된 같은 내용의 제안 ‘{survivor}’에"
        " 합쳤습니다. 이유: {reason} 함께 제안한 분으로 남고, 받은 공감도 그대로 이어집니다."
        " 내용이 다르다면 {until}까지 이의를 낼 수 있고, 담당자가 되돌릴 수 있습니다.",
        "{local_government} merged your proposal “{title}” into “{survivor}”, which was received"
        " before it and says the same. Reason: {reason} You stay credited, and who backs yours now"
        " backs both. If they differ, you may object until {until} (Korean time), and the office"
        " can undo it.",
    ),
    "proposal_took_in": NoticeText(
        "나중에 접수된 같은 내용의 제안 ‘{title}’을(를) {local_government}에서 제안 ‘{survivor}’에"
        " 합쳤습니다. 이유: {reason} 제안은 그대로 심사되며, 그쪽의 공감이 더해집니다. {until}까지"
        " 되돌려질 수 있습니다.",
        "{local_government} merged “{title}”, which was received later and says the same, into your"
        " proposal “{survivor}”. Reason: {reason} Nothing else changes for yours, and who backs"
        " the other one is counted here. It can be undone until {until} (Korean time).",
    ),
    "endorsed_proposal_merged": NoticeText(
        "공감하신 제안 ‘{title}’이(가) {local_government}에서 먼저 접수된 제안 ‘{survivor}’에"
        " 합쳐졌습니다. 이유: {reason} 공감은 그 제안에 한 번만 세어집니다. 원하지 않으면 그"
        " 제안에서 공감을 취소할 수 있고, 병합은 {until}까지 되돌려질 수 있습니다.",
        "The proposal “{title}”, which you endorsed, was merged by {local_government} into"
        " “{survivor}”, received before it. Reason: {reason} Your endorsement counts there, once."
        " If you do not want that, take it back there; the merge can be undone until {until}"
        " (Korean time).",
    ),
    "merge_objected": NoticeText(
        "합쳐진 제안 ‘{title}’의 제안자가 ‘{survivor}’에 합친 것에 이의를 냈습니다. 이유: {reason}"
        " {until}까지 되돌릴 수 있습니다. ({local_government})",
        "The author of “{title}” objects to its merge into “{survivor}”. Reason: {reason} It can be"
        " undone until {until} (Korean time). ({local_government})",
    ),
    "proposal_separated": NoticeText(
        "제안 ‘{title}’을(를) ‘{survivor}’에서 다시 나누었습니다. 이유: {reason} 받았던 공감과 함께"
        " {local_government}에서 따로 심사합니다.",
        "Your proposal “{title}” stands by itself again, apart from “{survivor}”. Reason: {reason}"
        " {local_government} reviews it on its own, with the endorsements that it had.",
    ),
    "proposal_gave_back": NoticeText(
        "제안 ‘{survivor}’에 합쳐졌던 제안 ‘{title}’을(를) 다시 나누었습니다. 이유: {reason}"
        " 병합으로 더해졌던 공감은 빠집니다. ({local_government})",
        "“{title}”, which had been merged into your proposal “{survivor}”, stands by itself again."
        " Reason: {reason} Endorsements that came by the merge only are no longer counted here."
        " ({local_government})",
    ),
    "endorsed_proposal_separated": NoticeText(
        "공감하신 제안 ‘{title}’이(가) ‘{survivor}’에서 다시 나뉘어 {local_government}에서 따로"
        " 심사됩니다. 이유: {reason} 공감은 이 제안에 그대로 있습니다.",
        "The proposal “{title}”, which you endorsed, stands by itself again, apart from"
        " “{survivor}”, and {local_government} reviews it. Reason: {reason} Your endorsement is"
        " there as before.",
    ),
}
