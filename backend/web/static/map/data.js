// Asks the API, in the reader's language; knows no element of the page.

import { lang } from "./texts.js";

const API = "/api/v1";

/** An answer that was no success; `offline` when there was none at all. */
export class RequestFailed extends Error {
  constructor(message, { status = 0, offline = false } = {}) {
    super(message);
    this.status = status;
    this.offline = offline;
  }
}

async function getJson(path, { query = {}, signal } = {}) {
  const search = new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== null && value !== ""),
  );
  const address = search.size ? `${path}?${search}` : path;
  let answer;
  try {
    answer = await fetch(address, { headers: { "Accept-Language": lang }, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestFailed(error.message, { offline: true });
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok || body === null) {
    throw new RequestFailed(body?.detail ?? answer.statusText, { status: answer.status });
  }
  return body;
}

/** Returns the descriptions of tiles by layer. */
export async function fetchTileDescriptions(layers) {
  const descriptions = await Promise.all(layers.map((layer) => getJson(`/tiles/${layer}.json`)));
  // Behind a proxy the server may know itself by another name than the reader's.
  const ours = (address) => address.replace(/^https?:\/\/[^/]+/, location.origin);
  return Object.fromEntries(
    layers.map((layer, index) => {
      const { tiles, ...rest } = descriptions[index];
      return [layer, { ...rest, tiles: tiles.map(ours) }];
    }),
  );
}

/** Returns the counts of a level; those of neighbourhoods need the region they are in. */
export function fetchStatistics({ level, round, category, region = null }, signal) {
  const query = { level, round, category, region_code: region };
  return getJson(`${API}/maps/statistics`, { query, signal });
}

/** Returns ids and numbers of all regions of a level that have any. */
export function fetchStatisticsRows({ level, round, category }, signal) {
  return getJson(`${API}/maps/statistics/rows`, { query: { level, round, category }, signal });
}

/** Returns the newest placements, those in a box if one is given. */
export function fetchPlacements({ round, category, bbox = null, limit }, signal) {
  return getJson(`${API}/maps/placements`, { query: { round, category, bbox, limit }, signal });
}

/** Returns the newest proposals, which belong to no round. */
export function fetchProposals({ category, bbox = null, limit }, signal) {
  return getJson(`${API}/maps/proposals`, { query: { category, bbox, limit }, signal });
}

/** @param {"placement"|"proposal"|"region"} kind */
export function fetchStory(kind, id, signal) {
  return getJson(`${API}/maps/${kind}s/${encodeURIComponent(id)}`, { signal });
}

export function searchRegions(text, signal) {
  return getJson(`${API}/regions/search`, { query: { q: text, limit: 8 }, signal });
}
