// The counts of the level in sight: asked for, coloured, and told under the pointer.

import { fetchStatistics, fetchStatisticsRows } from "./data.js";
import { showCounts, showNames } from "./map.js";
import { t } from "./texts.js";

const fullNames = new Map();
let counted = null;

/** Adds up what the statistics count anywhere, rows being `[placements, proposals]`. */
function totals({ elsewhere }, rows) {
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  return {
    placements: elsewhere.placements + sum(0),
    proposals: elsewhere.proposals + sum(1),
  };
}

/**
 * Asks for the counts of a level. Of neighbourhoods all come as numbers, and those of one sigungu
 * with their names.
 *
 * @returns {Promise<Object>} statistics, with `counts` from id to placements, and `totals`
 */
export async function fetchCounts({ level, region, round, category }, signal) {
  if (level !== "emd") {
    const statistics = await fetchStatistics({ level, round, category }, signal);
    return {
      ...statistics,
      counts: new Map(statistics.values.map((one) => [one.id, one.placements])),
      totals: totals(statistics, statistics.values.map((one) => [one.placements, one.proposals])),
    };
  }
  const [rows, within] = await Promise.all([
    fetchStatisticsRows({ level, round, category }, signal),
    region ? fetchStatistics({ level, round, category, region }, signal) : { values: [] },
  ]);
  return {
    ...rows,
    values: within.values,
    counts: new Map(rows.rows.map(([id, placements]) => [id, placements])),
    totals: totals(rows, rows.rows.map(([, placements, , proposals]) => [placements, proposals])),
  };
}

/** Shows counts in colours and names. */
export function showCounted(statistics) {
  counted = statistics;
  for (const { code, full_name: name } of statistics.values) fullNames.set(code, name);
  showCounts(statistics.level, statistics.counts);
  if (statistics.level !== "emd") showNames(statistics.level, statistics.values);
}

/** Hatches a level whose counts could not be fetched: nothing is known of it, not even zeros. */
export function hatch(level) {
  counted = null;
  showCounts(level, null);
}

/** Returns what to say about several under the pointer, null for a single one: its region is told. */
export function hoverTextOfMark({ kind, count, splitsAt }) {
  if (count === 1) return null;
  const what = t(kind === "placement" ? "tip.placements" : "tip.proposals", { count });
  return `${what} · ${t(splitsAt ? "tip.zoom_in" : "tip.choose")}`;
}

/** Returns what to say about the region under the pointer. */
export function hoverText({ id, code, name, level }) {
  const above = fullNames.get(code.slice(0, 5));
  const place = fullNames.get(code) ?? (above ? `${above} ${name}` : name);
  const count = t("tip.placements", { count: counted?.counts.get(id) ?? 0 });
  return `${place} · ${counted?.level === level ? count : t("legend.no_data")}`;
}
