"""Owns the sentences about accounts and the organizations they work for."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "export_ready": NoticeText(
        "신청하신 내 정보 내보내기가 준비되었습니다. 7일 안에 앱에서 링크를 받아 내려받으세요."
        " 링크는 한 번만, 10분 안에 쓸 수 있습니다.",
        "The copy of your data that you asked for is ready. Get a link in the app within 7 days and"
        " download it; a link works once, within ten minutes.",
    ),
    "invitation_accepted": NoticeText(
        "{email} 님이 {organization}의 초대를 받아들였습니다. 이제 그 역할로"
        " 일할 수 있으며, 구성원 목록에서 언제든지 끝낼 수 있습니다.",
        "{email} accepted the invitation to {organization} and can work in that role from now on."
        " You can end it in the list of members.",
    ),
}
