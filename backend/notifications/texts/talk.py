"""Owns the sentences about writing together, following and talking."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "followed_proposal_adopted": NoticeText(
        "관심 제안 ‘{title}’이(가) {local_government}에서 채택되었습니다. 이유: {reason}",
        "The proposal “{title}”, which you follow, was adopted by {local_government}."
        " Reason: {reason}",
    ),
    "followed_proposal_rejected": NoticeText(
        "관심 제안 ‘{title}’이(가) {local_government}에서 채택되지 않았습니다. 이유: {reason}",
        "The proposal “{title}”, which you follow, was not adopted by {local_government}."
        " Reason: {reason}",
    ),
    "co_author_joined": NoticeText(
        "제안 ‘{title}’에 공동 제안자가 들어왔습니다. 제출하기 전에는 초안에서 뺄 수 있습니다.",
        "Somebody you invited now writes the proposal “{title}” with you. Until the submission you"
        " can remove them from the draft.",
    ),
    "co_author_left": NoticeText(
        "제안 ‘{title}’에서 공동 제안자 한 사람이 나갔습니다. 제안은 그대로 진행됩니다.",
        "A co-author has left the proposal “{title}”. The proposal goes on as it is.",
    ),
    "co_author_removed": NoticeText(
        "제안 ‘{title}’의 초안에서 공동 제안자로 더는 참여하지 않게 되었습니다. 궁금한 점은 초대한"
        " 분께 물어보세요.",
        "The author has removed you from the draft “{title}”. Ask whoever invited you if you wonder"
        " why.",
    ),
    "comment_hidden": NoticeText(
        "제안 ‘{title}’에 남긴 의견을 담당자가 가렸습니다. 이유: {reason}. 다른 사람에게는 보이지"
        " 않으며, 이유를 고려해 새로 남길 수 있습니다.",
        "Your comment on the proposal “{title}” was hidden. Reason: {reason}. Others do not see it;"
        " you may say it anew with that in mind.",
    ),
    "comment_shown_again": NoticeText(
        "제안 ‘{title}’에 남긴 의견이 다시 보입니다. 담당자가 다시 살펴보고 가림을 풀었습니다.",
        "Your comment on the proposal “{title}” is shown again, after another look at it.",
    ),
    "reported_comment_hidden": NoticeText(
        "신고하신 의견(제안 ‘{title}’)을 담당자가 가렸습니다. 알려 주셔서 고맙습니다.",
        "The comment that you reported on the proposal “{title}” was hidden. Thank you for telling"
        " us.",
    ),
    "reported_comment_kept": NoticeText(
        "신고하신 의견(제안 ‘{title}’)을 담당자가 살펴보고 그대로 두었습니다. 가릴 이유는 찾지"
        " 못했습니다.",
        "The comment that you reported on the proposal “{title}” was looked at and stays: no reason"
        " to hide it was found.",
    ),
}
