// The classes of the map's colours, and their key in words.

import { byId, fill, h } from "./dom.js";
import { t } from "./texts.js";

/** Placements of a region from `from` on; the last class has no end. */
export const CLASSES = [
  { from: 0, color: "#ffffff" },
  { from: 1, color: "#b1cefb" },
  { from: 2, color: "#4c87f6" },
  { from: 4, color: "#0b50d0" },
  { from: 8, color: "#083891" },
  { from: 16, color: "#03163a" },
];

/** Returns the words of a class: `0`, `2–3`, `16 or more`. */
function words(index) {
  const { from } = CLASSES[index];
  const next = CLASSES[index + 1];
  if (!next) return t("legend.or_more", { count: from });
  const last = next.from - 1;
  return last === from
    ? t("legend.exactly", { count: from })
    : t("legend.between", { from, count: last });
}

/** Shows what the colours stand for at a level. */
export function showLegend(level) {
  byId("legend-classes-title").textContent = t("legend.classes", { level: t(`level.${level}`) });
  const swatches = CLASSES.map((_, index) =>
    h("li", {}, h("span", { class: `swatch class-${index}`, "aria-hidden": "true" }), words(index)),
  );
  swatches.push(
    h(
      "li",
      {},
      h("span", { class: "swatch no-data", "aria-hidden": "true" }),
      t("legend.no_data"),
    ),
  );
  fill(byId("legend-classes"), ...swatches);
}
