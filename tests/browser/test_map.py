"""The public map in a real browser: it draws, tells, and works by keys alone."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from geo.disclosure import public_point
from tests.browser.conftest import Served, Visit, axe_file
from tests.browser.on_the_map import POSITION_OF, click_on_map, look_at, story
from tests.support.maps import BUSAN
from tests.support.people import CITY_HALL

pytestmark = pytest.mark.browser

REASON = "배정되었습니다"
COUNT_REGIONS = """async () => {
  const { currentMap } = await import("/static/map/map.js");
  const map = currentMap();
  const { REGION_LAYERS } = await import("/static/map/levels.js");
  const drawn = map.queryRenderedFeatures({ layers: REGION_LAYERS });
  return new Set(drawn.map((feature) => feature.properties.code)).size;
}"""
COLOURED = """async (level) => {
  const { currentMap } = await import("/static/map/map.js");
  const map = currentMap();
  return Array.isArray(map.getPaintProperty(`regions-${level}`, "fill-color"));
}"""
COUNTS_IN_SIGHT = """async (level) => {
  const { currentMap } = await import("/static/map/map.js");
  const drawn = currentMap().queryRenderedFeatures({ layers: [`regions-${level}`] });
  const counted = drawn.filter((feature) => feature.state.placements);
  return Object.fromEntries(
    counted.map((feature) => [feature.properties.code, feature.state.placements]),
  );
}"""


@pytest.mark.parametrize(("zoom", "count"), [(5, 17), (6, 252)], ids=["sido", "sigungu"])
def test_the_map_draws_every_region(desktop: Visit, zoom: float, count: int) -> None:
    page = desktop.open(f"/#map={zoom}/35.9/127.8")
    assert page.evaluate(COUNT_REGIONS) == count


@pytest.mark.parametrize(
    ("zoom", "level", "heading"),
    [
        (5.5, "시·도", "시·도 17곳"),
        (8, "시·군·구", "시·군·구 252곳"),
        (11, "읍·면·동", "지도 가운데 서울특별시 중구의 읍·면·동 74곳"),
    ],
)
def test_legend_and_table_follow_the_level_in_sight(
    visit: Visit, zoom: float, level: str, heading: str
) -> None:
    page = visit.open("/#list=regions")
    page.locator("#map").scroll_into_view_if_needed()
    look_at(page, *CITY_HALL, zoom)
    expect(page.locator("#legend-classes-title")).to_have_text(f"{level}별 배정 건수")
    expect(page.locator("#panel-regions .summary").first).to_have_text(heading)


@pytest.mark.parametrize(
    ("zoom", "level", "code"), [(5.5, "sido", "11"), (8, "sigungu", "11140"), (12, "emd", "11140")]
)
def test_each_level_is_coloured_by_its_own_counts(
    desktop: Visit, zoom: float, level: str, code: str
) -> None:
    page = desktop.open()
    look_at(page, *CITY_HALL, zoom)
    page.wait_for_function(COLOURED, arg=level)
    counted = page.evaluate(COUNTS_IN_SIGHT, level)
    assert [one for one in counted if one.startswith(code)] == list(counted)
    assert sum(counted.values()) == 1


@pytest.mark.parametrize(
    ("zoom", "level", "name"),
    [
        (5.5, "sido", "서울특별시"),
        (8, "sigungu", "서울특별시 중구"),
        (13, "emd", "서울특별시 중구 태평로1가"),
    ],
)
def test_a_region_of_each_level_is_told_under_the_pointer_and_can_be_chosen(
    desktop: Visit, zoom: float, level: str, name: str
) -> None:
    page = desktop.open()
    for layer in ("placements", "proposals"):
        page.locator(f"#layer-{layer}").uncheck()
    look_at(page, *CITY_HALL, zoom)
    page.wait_for_function(COLOURED, arg=level)
    x, y = page.evaluate(POSITION_OF, CITY_HALL)
    page.mouse.move(x - 1, y)
    page.mouse.move(x, y)
    expect(page.locator("#map-tip")).to_have_text(f"{name} · 배정 1건")
    page.mouse.click(x, y)
    expect(page.locator("#story-title")).to_have_text(name)


def test_nothing_complains_and_nothing_leaves_our_host(visit: Visit) -> None:
    page = visit.open()
    page.locator("#panel-placements .item").first.click()
    expect(page.locator(".why")).to_contain_text(REASON)
    page.locator("#story-close").click()
    page.locator("#tab-regions").click()
    page.wait_for_timeout(500)
    assert (visit.complaints, visit.other_hosts) == ([], [])


def test_a_placement_of_the_list_tells_its_reason_in_korean(visit: Visit, served: Served) -> None:
    page = visit.open()
    page.get_by_role("button", name="중구보건소").click()
    expect(story(page).get_by_role("heading", name=served.round.product.name_ko)).to_be_focused()
    expect(page.locator(".why")).to_contain_text("제안자가 사는 동네")
    expect(page.locator(".why")).to_contain_text(REASON)
    expect(story(page)).to_contain_text(served.round.answered.title)


def test_what_went_abroad_is_listed_last(visit: Visit) -> None:
    items = visit.open().locator("#panel-placements .item")
    expect(items).to_have_count(2)
    assert ["국외" in text for text in items.all_inner_texts()] == [False, True]


def test_a_mark_on_the_map_tells_the_same_reason(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="중구보건소").click()
    told = page.locator(".why").inner_text()
    page.locator("#story-close").click()
    page.locator("#map").scroll_into_view_if_needed()
    look_at(page, *CITY_HALL, 15)
    click_on_map(page, *CITY_HALL)
    expect(page.locator(".why")).to_be_visible()
    assert page.locator(".why").inner_text() == told


def test_marks_on_one_another_are_offered_one_by_one(visit: Visit, served: Served) -> None:
    page = visit.open()
    spot = public_point(*CITY_HALL)
    page.locator("#map").scroll_into_view_if_needed()
    look_at(page, *spot, 15)
    click_on_map(page, *spot)
    expect(page.locator("#story-title")).to_have_text("이 자리에 2건이 있습니다")
    story(page).get_by_role("button", name=served.round.waiting.title).click()
    expect(page.locator("#story-title")).to_have_text(served.round.waiting.title)


def test_a_region_on_the_map_tells_what_is_in_it(visit: Visit) -> None:
    page = visit.open()
    page.locator("#map").scroll_into_view_if_needed()
    look_at(page, *BUSAN, 9)
    click_on_map(page, *BUSAN)
    expect(page.locator("#story-title")).to_have_text("부산광역시 연제구")
    expect(story(page)).to_contain_text("이 지역에 배정된 제품이 아직 없습니다.")


def test_a_proposal_of_the_list_is_told(visit: Visit, served: Served) -> None:
    page = visit.open()
    page.get_by_role("tab", name="제안").click()
    page.get_by_role("button", name=served.round.waiting.title).click()
    expect(story(page)).to_contain_text(served.round.waiting.problem or "")
    expect(story(page)).to_contain_text("아직 이 제안에 답한 배정이 없습니다.")


def test_the_table_holds_every_region_and_its_numbers(desktop: Visit) -> None:
    page = desktop.open()
    look_at(page, *CITY_HALL, 8)
    page.get_by_role("tab", name="지역별").click()
    rows = page.locator("#panel-regions tbody tr")
    expect(rows).to_have_count(252)
    expect(rows.first).to_contain_text("서울특별시 중구")
    page.get_by_role("button", name="지역", exact=True).click()
    expect(rows.first).to_contain_text("서울특별시 종로구")
    expect(page.locator("#panel-regions")).to_contain_text("1건 있습니다")


def test_a_walk_by_keys_alone_reaches_a_story_and_comes_back(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="본문 바로가기")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#panel-placements .item')"):
            break
    name = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text(REASON)
    expect(page.locator("#story-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(story(page)).to_be_hidden()
    assert page.evaluate("document.activeElement.innerText") == name


def test_the_focus_is_always_to_be_seen(desktop: Visit) -> None:
    page = desktop.open()
    page.get_by_role("tab", name="배정").focus()
    page.keyboard.press("ArrowRight")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    expect(page.get_by_role("tab", name="제안")).to_be_focused()
    assert outline == "solid"


def test_a_neighbourhood_is_found_by_its_name(visit: Visit) -> None:
    page = visit.open()
    box = page.get_by_role("combobox", name="동네 이름으로 찾기")
    box.fill("태평로1가")
    option = page.get_by_role("option", name="서울특별시 중구 태평로1가")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator("#story-title")).to_have_text("서울특별시 중구 태평로1가")
    expect(story(page)).to_contain_text("중구보건소")


def test_a_name_that_nowhere_has_is_said_aloud(desktop: Visit) -> None:
    page = desktop.open()
    page.get_by_role("combobox", name="동네 이름으로 찾기").fill("없는동네")
    expect(page.locator("#search-status")).to_have_text("그런 이름의 동네를 찾지 못했습니다.")


def test_a_link_shows_the_same_view_again(desktop: Visit, served: Served) -> None:
    placement = served.round.near_placement.id
    page = desktop.open(f"/#map=9.00/37.5000/127.0000&place=placement/{placement}&list=regions")
    expect(page.locator(".why")).to_contain_text(REASON)
    assert page.evaluate("location.hash").startswith("#map=9.00/37.5000/127.0000")
    page.locator("#story-close").click()
    expect(page.get_by_role("tab", name="지역별")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.locator(".why")).to_contain_text(REASON)


def test_the_page_speaks_english_too_and_keeps_the_view(desktop: Visit, served: Served) -> None:
    page = desktop.open("/#list=regions")
    page.get_by_role("link", name="English").click()
    page.wait_for_selector('html[lang="en"] #map[data-state="ready"]', timeout=60_000)
    expect(page.get_by_role("tab", name="Regions")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Placements").click()
    page.get_by_role("button", name=served.round.product.name_en).first.click()
    expect(page.get_by_role("heading", name="Why here")).to_be_visible()


def test_a_filter_narrows_list_and_map_together(desktop: Visit) -> None:
    page = desktop.open()
    page.get_by_label("분야").select_option("traffic")
    expect(page.locator("#panel-placements")).to_contain_text("아직 공표된 배정이 없습니다")
    page.get_by_role("tab", name="제안").click()
    expect(page.locator("#panel-proposals .item")).to_have_count(1)
    assert "category=traffic" in page.evaluate("location.hash")


def test_a_region_without_data_is_hatched_not_white(desktop: Visit) -> None:
    desktop.page.route("**/api/v1/maps/statistics*", lambda route: route.fulfill(status=500))
    page = desktop.open()
    page.get_by_role("tab", name="지역별").click()
    expect(page.locator("#panel-regions [role=alert]")).to_be_visible()
    state = page.evaluate("""async () => {
      const { currentMap } = await import("/static/map/map.js");
      const [region] = currentMap().queryRenderedFeatures({ layers: ["no-data-sigungu"] });
      return region.state.placements ?? null;
    }""")
    assert state is None
    expect(page.locator("#legend")).to_contain_text("자료 없음(빗금)")


def test_what_failed_can_be_tried_again(desktop: Visit) -> None:
    answers = iter(["abort"])

    def break_once(route: Route) -> None:
        if next(answers, None):
            route.abort()
        else:
            route.continue_()

    desktop.page.route("**/api/v1/maps/placements*", break_once)
    page = desktop.open()
    page.get_by_role("button", name="다시 시도").click()
    expect(page.locator("#panel-placements .item")).to_have_count(2)


def test_a_lost_connection_is_told_and_mended(desktop: Visit) -> None:
    page = desktop.open()
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#panel-placements .item")).to_have_count(2)


def test_without_the_map_library_the_lists_still_work(visit: Visit) -> None:
    page = visit.page
    page.route("**/vendor/maplibre/maplibre-gl.mjs", lambda route: route.abort())
    page.goto(visit.base)
    expect(page.locator("#map-message")).to_contain_text("목록과 표는 그대로 쓸 수 있습니다")
    page.get_by_role("button", name="중구보건소").click()
    expect(page.locator(".why")).to_contain_text(REASON)


def test_a_phone_scrolls_up_and_down_only(phone: Visit) -> None:
    page = phone.open()
    for name in ("배정", "제안", "지역별"):
        page.get_by_role("tab", name=name).click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_story_on_a_phone_leaves_the_map_in_sight(phone: Visit) -> None:
    page = phone.open()
    page.get_by_role("button", name="중구보건소").click()
    expect(page.locator(".why")).to_be_visible()
    map_box, sheet = page.locator("#map").bounding_box(), story(page).bounding_box()
    assert map_box
    assert sheet
    assert 0 <= map_box["y"] < sheet["y"] - 200


@pytest.mark.parametrize(
    ("language", "state"),
    [
        ("ko", "list"),
        ("ko", "table"),
        ("ko", "placement"),
        ("ko", "proposal"),
        ("ko", "region"),
        ("en", "placement"),
    ],
)
def test_axe_finds_nothing_serious(visit: Visit, served: Served, language: str, state: str) -> None:
    views = {
        "list": "",
        "table": "#list=regions",
        "placement": f"#place=placement/{served.round.near_placement.id}",
        "proposal": f"#place=proposal/{served.round.answered.id}",
        "region": "#place=region/11140",
    }
    page = visit.open(f"/?lang={language}{views[state]}")
    if "place=" in views[state]:
        page.wait_for_selector("#story:not([hidden]) .story-body :is(.why, .facts)")
    page.evaluate(axe_file().read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert serious == [], json.dumps(serious, ensure_ascii=False, indent=1)


def test_colours_of_the_map_and_its_key_are_the_same(desktop: Visit) -> None:
    page = desktop.open()
    classes = page.evaluate(
        'import("/static/map/legend.js").then(({ CLASSES }) => CLASSES.map((one) => one.color))'
    )
    shown = page.evaluate(
        "[...document.querySelectorAll('#legend-classes .swatch:not(.no-data)')]"
        ".map((swatch) => getComputedStyle(swatch).backgroundColor)"
    )
    as_hex = [
        "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", one)) for one in shown
    ]
    assert as_hex == classes
