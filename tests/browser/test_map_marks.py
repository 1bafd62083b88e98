"""The marks of the public map: all are counted, and each of them leads to what it stands for."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import CROWD, HALLASAN, Served, Visit
from tests.browser.on_the_map import click_on_map, look_at, position_of, story
from tests.support.maps import BUSAN
from tests.support.people import CITY_HALL

pytestmark = pytest.mark.browser

MIDDLE_OF_KOREA = (127.8, 35.9)
PROPOSALS = len(CROWD) + 2
"""With those of the published round."""
MARKS_IN_SIGHT = """async (layer) => {
  const { currentMap } = await import("/static/map/map.js");
  const map = currentMap();
  for (let turn = 0; turn < 200 && (map.isMoving() || !map.areTilesLoaded()); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return map.queryRenderedFeatures({ layers: [layer] }).map(({ properties, geometry }) => ({
    count: properties.on_spot ?? properties.point_count,
    position: geometry.coordinates,
  }));
}"""
TURNS = 50
"""How often marks are counted before a number that does not come is believed."""


@dataclass(frozen=True)
class Mark:
    """One mark in sight: how many it stands for, and (lon, lat)."""

    count: int
    position: tuple[float, float]


def marks_in_sight(page: Page, layer: str = "proposals") -> list[Mark]:
    """Return the marks of a layer in sight, once the map stands still."""
    return [Mark(**one) for one in page.evaluate(MARKS_IN_SIGHT, layer)]


def expect_count(
    page: Page, count: int, layer: str = "proposals", *, at_least_marks: int = 0
) -> None:
    """Wait until the marks in sight stand for so many proposals or placements.

    :param at_least_marks: until a closer zoom's tiles are there, those of the last one are shown.
    """
    marks: list[Mark] = []
    for _ in range(TURNS):
        marks = marks_in_sight(page, layer)
        if sum(mark.count for mark in marks) == count and len(marks) >= at_least_marks:
            return
        page.wait_for_timeout(100)
    assert sum(mark.count for mark in marks) == count
    assert len(marks) >= at_least_marks


def open_map(visit: Visit, lon: float, lat: float, zoom: float, path: str = "/") -> Page:
    """Open the page with the map in sight, over a position."""
    page = visit.open(path)
    page.locator("#map").scroll_into_view_if_needed()
    look_at(page, lon, lat, zoom)
    return page


def test_more_than_two_thousand_proposals_are_all_counted(crowd_visit: Visit) -> None:
    page = open_map(crowd_visit, *MIDDLE_OF_KOREA, 5)
    assert PROPOSALS > 2000
    expect_count(page, PROPOSALS)


def test_a_cluster_says_its_exact_count_as_the_reader_writes_numbers(
    crowded: Served, crowd_desktop: Visit
) -> None:
    page = open_map(crowd_desktop, *CITY_HALL, 5)
    (mark,) = [one for one in marks_in_sight(page) if one.count == 2002]
    x, y = position_of(page, *mark.position)
    page.mouse.move(x + 14, y + 14)
    page.mouse.move(x + 15, y + 15)
    expect(page.locator("#map-tip")).to_have_text("제안 2,002건 · 누르면 확대")


def test_choosing_a_cluster_zooms_to_its_parts_and_loses_none(crowd_visit: Visit) -> None:
    page = open_map(crowd_visit, *BUSAN, 5)
    (mark,) = [one for one in marks_in_sight(page) if one.count == 400]
    click_on_map(page, *mark.position, shift=15)
    expect_count(page, 400, at_least_marks=2)
    expect(story(page)).to_be_hidden()


def test_many_on_one_spot_are_offered_as_a_list_that_says_what_it_leaves_out(
    crowd_visit: Visit,
) -> None:
    page = open_map(crowd_visit, *HALLASAN, 8)
    click_on_map(page, *HALLASAN, shift=10)
    expect(page.locator("#story-title")).to_have_text("이 자리에 60건이 있습니다")
    expect(page.locator("#story-title")).to_be_focused()
    expect(story(page).locator(".item")).to_have_count(50)
    expect(story(page)).to_contain_text("최신 50건만 보여 줍니다")


def test_the_list_of_one_spot_leaves_the_map_of_a_phone_in_sight(
    crowd_visit: Visit,
) -> None:
    page = open_map(crowd_visit, *HALLASAN, 8)
    click_on_map(page, *HALLASAN, shift=10)
    expect(story(page).locator(".item")).to_have_count(50)
    map_box = page.locator("#map").bounding_box()
    assert map_box
    assert 0 <= map_box["y"] < 200


def test_what_stands_on_one_spot_is_one_mark_at_the_closest_zoom_too(crowd_visit: Visit) -> None:
    page = open_map(crowd_visit, *HALLASAN, 15)
    assert [mark.count for mark in marks_in_sight(page)] == [60]


@pytest.mark.parametrize("zoom", [5, 10, 15])
def test_a_single_mark_opens_its_story_at_any_zoom(
    visit: Visit, served: Served, zoom: float
) -> None:
    page = visit.open()
    if not page.locator("#layer-proposals").is_visible():
        page.locator("#legend summary").click()
    page.locator("#layer-proposals").uncheck()
    page.locator("#map").scroll_into_view_if_needed()
    look_at(page, *CITY_HALL, zoom)
    click_on_map(page, *CITY_HALL)
    expect(page.locator("#story-title")).to_have_text(served.round.product.name_ko)


def test_marks_follow_the_filters_of_the_page(crowd_desktop: Visit) -> None:
    page = open_map(crowd_desktop, *MIDDLE_OF_KOREA, 5, "/#category=safety")
    expect_count(page, 1)
    page.get_by_label("분야").select_option("traffic")
    expect_count(page, PROPOSALS - 1)
    expect_count(page, 0, "placements")


def test_a_long_list_says_how_many_it_leaves_out(crowd_visit: Visit) -> None:
    page = crowd_visit.open("/#list=proposals")
    summary = page.locator("#summary-proposals")
    expect(summary).to_contain_text(f"제안 {PROPOSALS:,}건 가운데 최신 500건의 목록입니다.")


def test_the_list_can_hold_what_is_in_sight_only_and_its_link_too(crowd_visit: Visit) -> None:
    page = open_map(crowd_visit, *BUSAN, 9, "/#list=proposals")
    page.get_by_label("지도에 보이는 곳만 목록에").check()
    summary = page.locator("#summary-proposals")
    expect(summary).to_have_text("지도에 보이는 제안 400건")
    look_at(page, *HALLASAN, 9)
    expect(summary).to_have_text("지도에 보이는 제안 60건")
    page.reload()
    expect(summary).to_have_text("지도에 보이는 제안 60건")
    expect(page.get_by_label("지도에 보이는 곳만 목록에")).to_be_checked()


def test_proposals_are_said_not_to_follow_the_round(desktop: Visit, served: Served) -> None:
    page = desktop.open(f"/#list=proposals&round={served.round.round.code}")
    expect(page.locator("#summary-proposals")).to_contain_text("차수로 거르지 않습니다")


def test_marks_that_failed_are_told_and_can_be_asked_for_again(desktop: Visit) -> None:
    broken = [True]

    def break_or_not(route: Route) -> None:
        if broken:
            route.fulfill(status=503)
        else:
            route.continue_()

    desktop.page.route("**/tiles/placements/**", break_or_not)
    page = desktop.open()
    expect(page.locator("#marks-failure")).to_contain_text("불러오지 못했습니다")
    broken.clear()
    page.locator("#marks-failure").get_by_role("button", name="다시 시도").click()
    expect(page.locator("#marks-failure")).to_be_hidden()
    expect_count(page, 1, "placements")
