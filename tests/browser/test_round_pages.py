"""The pages about one round in a real browser: reached from the map, read on a phone, by keys."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, Visit, axe_file
from tests.support.people import CITY_HALL_EMD

pytestmark = pytest.mark.browser


def addresses(served: Served) -> dict[str, str]:
    """Return the pages by what they show."""
    base = f"/rounds/{served.round.round.code}"
    return {
        "question": f"{base}/why",
        "search": f"{base}/why?q=태평로",
        "answer": f"{base}/why?region={CITY_HALL_EMD}",
        "report": f"{base}/fairness",
    }


def goto(visit: Visit, path: str) -> Page:
    """Open a page without a map."""
    visit.page.goto(visit.base + path)
    return visit.page


def test_a_story_leads_to_the_question_and_the_report(desktop: Visit, served: Served) -> None:
    page = desktop.open(f"/#place=placement/{served.round.near_placement.id}")
    page.get_by_role("link", name="왜 우리 동네는 아닌지 알아보기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("왜 우리 동네는 아닌가요?")
    page.go_back()
    page.get_by_role("link", name="이 차수의 공정성 보고서").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("공정성 보고서")


def test_the_story_of_a_region_leads_to_its_answer(desktop: Visit) -> None:
    page = desktop.open("/?lang=en#place=region/11140")
    page.locator("#story").get_by_role("link", name="Why not my neighbourhood?").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Jung-gu, Seoul")


def test_a_neighbourhood_is_found_and_answered_for_by_keys_alone(
    phone: Visit, served: Served
) -> None:
    page = goto(phone, addresses(served)["question"])
    page.get_by_label("동네 이름으로 찾기").focus()
    page.keyboard.type("태평로1가")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="서울특별시 중구 태평로1가")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("우리 동네에 배정되었습니다.")).to_be_visible()
    assert phone.complaints == []
    assert phone.other_hosts == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("shown", ["question", "search", "answer", "report"])
def test_pages_fit_the_screen_and_axe_finds_nothing_serious(
    visit: Visit, served: Served, shown: str, language: str
) -> None:
    path = addresses(served)[shown]
    page = goto(visit, f"{path}{'&' if '?' in path else '?'}lang={language}")
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) == 0
    page.evaluate(axe_file().read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert serious == [], json.dumps(serious, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_table_of_the_report_has_to_be_pushed_aside_on_a_phone(
    phone: Visit, served: Served, language: str
) -> None:
    page = goto(phone, f"{addresses(served)['report']}?lang={language}")
    pushed = page.eval_on_selector_all(
        ".table-wrap",
        "wraps => wraps.filter((wrap) => wrap.scrollWidth > wrap.clientWidth)"
        ".map((wrap) => wrap.getAttribute('aria-labelledby'))",
    )
    assert pushed == []
