"""What a reader does on the map and where, for the tests of the pages."""

from typing import Any

from playwright.sync_api import Page

POSITION_OF = """async ([lon, lat]) => {
  const { currentMap } = await import("/static/map/map.js");
  const { x, y } = currentMap().project([lon, lat]);
  const box = document.getElementById("map").getBoundingClientRect();
  return [box.left + x, box.top + y];
}"""
LOOK_AT = """async ([lon, lat, zoom]) => {
  const { currentMap } = await import("/static/map/map.js");
  const map = currentMap();
  map.jumpTo({ center: [lon, lat], zoom });
  await new Promise((resolve) => map.once("idle", resolve));
}"""


def story(page: Page) -> Any:
    """Return the part of the page that tells stories."""
    return page.locator("#story")


def look_at(page: Page, lon: float, lat: float, zoom: float) -> None:
    """Move the map at once and wait until it is drawn."""
    page.evaluate(LOOK_AT, [lon, lat, zoom])


def position_of(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Return where on the screen a position is drawn."""
    x, y = page.evaluate(POSITION_OF, [lon, lat])
    return x, y


def click_on_map(page: Page, lon: float, lat: float, *, shift: float = 0) -> None:
    """Click where a position is drawn, or so many pixels right of and below it."""
    x, y = position_of(page, lon, lat)
    page.mouse.click(x + shift, y + shift)
