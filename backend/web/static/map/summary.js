// Says above a list what it holds and what it leaves out.

import { byId, h } from "./dom.js";
import { t } from "./texts.js";

const WORDS = {
  placements: {
    all: "list.placements",
    part: "list.placements_part",
    newest: "list.placements_newest",
    inSight: "list.placements_in_sight",
    inSightNewest: "list.placements_in_sight_newest",
  },
  proposals: {
    all: "list.proposals",
    part: "list.proposals_part",
    newest: "list.proposals_newest",
    inSight: "list.proposals_in_sight",
    inSightNewest: "list.proposals_in_sight_newest",
  },
};

/** How many there are with the page's filters, by list; null until it is known. */
let totals = null;
const holding = {};

function sentence(list, { features, truncated, inSight }) {
  const words = WORDS[list];
  const count = features.length;
  if (inSight) return t(truncated ? words.inSightNewest : words.inSight, { count });
  if (!truncated) return t(words.all, { count });
  const total = totals?.[list];
  // Counted a moment before or after the list was made: a total that cannot be is not told.
  return total > count ? t(words.part, { count, total }) : t(words.newest, { count });
}

function summary(list) {
  const held = holding[list];
  return h(
    "p",
    { class: "summary", id: `summary-${list}` },
    sentence(list, held),
    held.truncated ? ` ${t(held.inSight ? "list.rest_in_sight" : "list.rest")}` : "",
    list === "proposals" && held.round ? ` ${t("list.no_round")}` : "",
  );
}

/**
 * Returns the sentence above a list.
 *
 * @param {"placements"|"proposals"} list
 * @param {{features: Array, truncated: boolean, inSight: boolean, round: string}} held
 */
export function summarize(list, held) {
  holding[list] = held;
  return summary(list);
}

/** @param {?{placements: number, proposals: number}} next null when they are not known */
export function showTotals(next) {
  totals = next;
  for (const list of Object.keys(holding)) byId(`summary-${list}`)?.replaceWith(summary(list));
}
