"""Owns the sentences about accounts and the organizations they work for."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "invitation_accepted": NoticeText(
        "{email} 님이 {organization}의 초대를 받아들였습니다.",
        "{email} accepted the invitation to {organization}.",
    ),
}
