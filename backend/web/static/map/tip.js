// Says beside the pointer what is under it.

import { hoverText, hoverTextOfMark } from "./counts.js";
import { byId } from "./dom.js";

/** @param {?Object} mark @param {?Object} region @param {?{x: number, y: number}} point */
export function showTip(mark, region, point) {
  const text = (mark && hoverTextOfMark(mark)) ?? (region && hoverText(region));
  const tip = byId("map-tip");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  tip.style.transform = `translate(${Math.round(point.x) + 14}px, ${Math.round(point.y) + 14}px)`;
}
