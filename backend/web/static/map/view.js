// What the page shows, kept in the address after `#`, so that a link shows the same again.

const PLACES = new Set(["placement", "proposal", "region"]);
const LISTS = new Set(["placements", "proposals", "regions"]);
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * @returns {{camera: ?{zoom: number, lat: number, lon: number}, place: ?{kind: string, id: string},
 *            list: string, round: string, category: string, inSight: boolean}}
 */
export function readView(hash = location.hash) {
  const given = new URLSearchParams(hash.slice(1));
  const list = given.get("list");
  return {
    camera: readCamera(given.get("map")),
    place: readPlace(given.get("place")),
    list: LISTS.has(list) ? list : "placements",
    round: given.get("round") ?? "",
    category: given.get("category") ?? "",
    inSight: given.get("in") === "sight",
  };
}

function readCamera(text) {
  const parts = (text ?? "").split("/");
  if (parts.length !== 3 || !parts.every((part) => NUMBER.test(part))) return null;
  const [zoom, lat, lon] = parts.map(Number);
  if (Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}

function readPlace(text) {
  const [kind, id] = (text ?? "").split("/");
  return PLACES.has(kind) && id ? { kind, id } : null;
}

/** Writes the view into the address; a new place is a step that Back undoes. */
export function writeView(view, { step = false } = {}) {
  const parts = [];
  if (view.camera) {
    const { zoom, lat, lon } = view.camera;
    parts.push(`map=${zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`);
  }
  if (view.place) parts.push(`place=${view.place.kind}/${encodeURIComponent(view.place.id)}`);
  if (view.list !== "placements") parts.push(`list=${view.list}`);
  if (view.round) parts.push(`round=${encodeURIComponent(view.round)}`);
  if (view.category) parts.push(`category=${encodeURIComponent(view.category)}`);
  if (view.inSight) parts.push("in=sight");
  const address = `${location.pathname}${location.search}${parts.length ? `#${parts.join("&")}` : ""}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
