// The map's twin: the same facts as lists and a table, for eyes, ears and keys.

import { byId, fill, h } from "./dom.js";
import { empty, failure, loading } from "./status.js";
import { summarize } from "./summary.js";
import { categoryName, formatCount, formatDay, formatKrw, statusName, t } from "./texts.js";

const STEP = 30;

function badge(key) {
  return h("span", { class: "krds-badge outline-gray" }, t(key));
}

/** Returns the marks that tell invented and sample data. */
export function dataBadges({ is_synthetic: synthetic, is_sample: sample }) {
  return [synthetic ? badge("mark.synthetic") : null, sample ? badge("mark.sample") : null];
}

function choose(place, onChoose) {
  return (event) => onChoose(place, event.currentTarget);
}

export function placementItem({ id, properties: facts }, onChoose) {
  const place = { kind: "placement", id };
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "item", "data-place": `placement/${id}`, onclick: choose(place, onChoose) },
      h("span", { class: "mark placement", "aria-hidden": "true" }),
      h("span", { class: "item-title" }, facts.product_name),
      h("span", { class: "item-line" }, facts.institution_name),
      h(
        "span",
        { class: "item-line subtle" },
        `${facts.place_name ?? t("place.abroad")} · ${formatDay(facts.placed_at)}`,
      ),
      h("span", { class: "badges" }, ...dataBadges(facts)),
    ),
  );
}

export function proposalItem({ id, properties: facts }, onChoose) {
  const place = { kind: "proposal", id };
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "item", "data-place": `proposal/${id}`, onclick: choose(place, onChoose) },
      h("span", { class: "mark proposal", "aria-hidden": "true" }),
      h("span", { class: "item-title", lang: "ko" }, facts.title),
      h("span", { class: "item-line" }, `${facts.place_name} · ${categoryName(facts.category)}`),
      h(
        "span",
        { class: "item-line subtle" },
        `${statusName(facts.status)} · ${formatDay(facts.submitted_at)}`,
      ),
      h("span", { class: "badges" }, ...dataBadges(facts)),
    ),
  );
}

/** Shows a long list a part at a time; the button at its end brings more. */
function longList(features, item) {
  const list = h("ul", { class: "items" });
  const more = h(
    "button",
    { type: "button", class: "krds-btn small tertiary more", onclick: () => extend({ focus: true }) },
    t("list.more"),
  );
  let shown = 0;
  function extend({ focus = false } = {}) {
    const next = features.slice(shown, shown + STEP).map(item);
    list.append(...next);
    shown += next.length;
    more.hidden = shown >= features.length;
    if (focus) next[0]?.querySelector("button").focus();
  }
  extend();
  return [list, more];
}

function showFeatures(list, held, emptyKey, item) {
  const { features, inSight } = held;
  fill(
    byId(`panel-${list}`),
    ...(features.length
      ? [summarize(list, held), ...longList(features, item)]
      : [empty(inSight ? "empty.in_sight" : emptyKey)]),
  );
}

/** The newest round first, and within it from region to region, abroad at the end. */
function comparePlacements({ properties: one }, { properties: other }) {
  return (
    other.placed_at.localeCompare(one.placed_at) ||
    // What went abroad comes last: a locale sorts every stand-in for a code before the digits.
    (one.emd_code === null) - (other.emd_code === null) ||
    (one.emd_code ?? "").localeCompare(other.emd_code ?? "") ||
    one.product_name.localeCompare(other.product_name)
  );
}

export function showPlacementList(held, onChoose) {
  const sorted = { ...held, features: [...held.features].sort(comparePlacements) };
  showFeatures("placements", sorted, "empty.placements", (feature) => placementItem(feature, onChoose));
}

export function showProposalList(held, onChoose) {
  showFeatures("proposals", held, "empty.proposals", (feature) => proposalItem(feature, onChoose));
}

const ORDERS = {
  name: (one, other) => one.code.localeCompare(other.code),
  placements: (one, other) => other.placements - one.placements || ORDERS.name(one, other),
  amount_krw: (one, other) => other.amount_krw - one.amount_krw || ORDERS.name(one, other),
  proposals: (one, other) => other.proposals - one.proposals || ORDERS.name(one, other),
};

function regionRow(value, onChoose) {
  const place = { kind: "region", id: value.code };
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h(
        "button",
        { type: "button", class: "link", "data-place": `region/${value.code}`, onclick: choose(place, onChoose) },
        value.full_name,
      ),
    ),
    h("td", {}, formatCount(value.placements)),
    h("td", {}, value.amount_krw ? formatKrw(value.amount_krw) : "0"),
    h("td", {}, formatCount(value.proposals)),
  );
}

/** Returns the heading of the table: how many regions of which level, and of what. */
function regionSummary({ level, values }) {
  const words = { level: t(`level.${level}`), count: values.length };
  if (level !== "emd") return t("list.regions", words);
  const [{ full_name: fullName, name }] = values;
  return t("list.regions_of", { ...words, place: fullName.slice(0, -name.length).trim() });
}

/** Shows every region, those without anything too; the column heads change the order. */
export function showRegionTable(statistics, onChoose, order = "placements") {
  const { level, values, elsewhere } = statistics;
  const panel = byId("panel-regions");
  if (values.length === 0) {
    fill(panel, empty("empty.regions"));
    return;
  }
  const caption = t("table.caption", { level: t(`level.${level}`) });
  const head = Object.keys(ORDERS).map((column) =>
    h(
      "th",
      { scope: "col", "aria-sort": column === order ? (column === "name" ? "ascending" : "descending") : false },
      h(
        "button",
        {
          type: "button",
          class: "sort",
          "data-column": column,
          onclick: () => {
            showRegionTable(statistics, onChoose, column);
            panel.querySelector(`[data-column="${column}"]`).focus();
          },
        },
        t(`table.${column}`),
      ),
    ),
  );
  fill(
    panel,
    h("p", { class: "summary" }, regionSummary(statistics)),
    elsewhere.placements
      ? h("p", { class: "summary" }, t("list.elsewhere", { count: elsewhere.placements }))
      : null,
    h(
      "div",
      { class: "table-wrap", tabindex: "0", role: "region", "aria-label": caption },
      h(
        "table",
        {},
        h("caption", { class: "sr-only" }, caption),
        h("thead", {}, h("tr", {}, ...head)),
        h("tbody", {}, ...[...values].sort(ORDERS[order]).map((value) => regionRow(value, onChoose))),
      ),
    ),
  );
}

/** @param {"placements"|"proposals"|"regions"} list */
export function showListLoading(list) {
  fill(byId(`panel-${list}`), loading());
}

export function showListFailure(list, error, retry) {
  fill(byId(`panel-${list}`), failure(error, retry));
}
