"""Owns the sentences about accounts and the organizations they work for."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "invitation_accepted": NoticeText(
        "{email} 님이 {organization}의 초대를 받아들였습니다. 이제 그 역할로"
        " 일할 수 있으며, 구성원 목록에서 언제든지 끝낼 수 있습니다.",
        "{email} accepted the invitation to {organization} and can work in that role from now on."
        " You can end it in the list of members.",
    ),
}
