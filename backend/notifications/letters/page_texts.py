"""Owns the sentences of the pages that the links of letters open."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's sentence and its button, in two languages; no button where all is done."""

    ko: str
    en: str
    button_ko: str = ""
    button_en: str = ""


PAGES: Mapping[str, PageText] = {
    "confirm": PageText(
        "이 이메일 주소로 소식을 받으시겠습니까?",
        "Do you want to get news at this e-mail address?",
        "주소 확인",
        "Confirm the address",
    ),
    "confirmed": PageText(
        "이메일 주소를 확인했습니다. 이제 이 주소로 소식을 보내 드립니다. 이 창은 닫으셔도 됩니다.",
        "The address is confirmed. News goes to it from now on. You may close this page.",
    ),
    "change": PageText(
        "이 이메일 주소를 계정의 새 주소로 쓰시겠습니까?",
        "Do you want this to be the new address of your account?",
        "주소 바꾸기",
        "Change the address",
    ),
    "changed": PageText(
        "이메일 주소를 바꾸었습니다. 이제 이 주소로 로그인하세요. 이 창은 닫으셔도 됩니다.",
        "The address is changed: sign in with it from now on. You may close this page.",
    ),
    "unsubscribe": PageText(
        "이런 편지를 그만 받으시겠습니까? 앱의 알림 목록에는 계속 남습니다.",
        "Do you want no more letters of this kind? The app goes on listing what there is.",
        "그만 받기",
        "Stop these letters",
    ),
    "unsubscribed": PageText(
        "이런 편지를 더 보내지 않습니다. 앱의 알림 설정에서 다시 켤 수 있습니다.",
        "No more letters of this kind. You can have them again in the app's settings.",
    ),
}
