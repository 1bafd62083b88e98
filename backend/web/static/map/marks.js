// The marks of proposals and placements, drawn from tiles: what lies close together is one mark with
// its exact count. Knows what a mark stands for; what to do with a chosen one is others' work.

import { CLUSTER_STEPS, INK, MARK_COLORS } from "./shapes.js";
import { lang } from "./texts.js";

export const MARK_LAYERS = ["placements", "proposals"];
const KIND_OF_LAYER = { placements: "placement", proposals: "proposal" };
const FILTERS_OF_LAYER = { placements: ["round", "category"], proposals: ["category"] };
const REACH_PX = 10;
const TEXT_PX = 13;
const UNITS_OF_TILE = 4096;
/** From this zoom on marks of several are those of one spot. */
const CLOSEST_ZOOM = 14;

/** Several on one spot are told by the newest of them, which the others stand behind. */
const COUNT = ["coalesce", ["get", "on_spot"], ["get", "point_count"]];
const IS_SHOWN = ["!=", ["get", "on_spot"], 0];

/** Returns the size of marks by zoom, each made an expression. */
function sizes(of = (size) => size) {
  return ["interpolate", ["linear"], ["zoom"], 5, of(0.62), 8, of(1), 12, of(1.3)];
}

function addressOf(layer, description, filters) {
  const wanted = FILTERS_OF_LAYER[layer].filter((name) => filters[name]);
  const query = new URLSearchParams(wanted.map((name) => [name, filters[name]]));
  return description.tiles.map((tile) => (query.size ? `${tile}?${query}` : tile));
}

/** @param {Object<string, Object>} tiles descriptions by layer */
export function markSources(tiles, filters) {
  return Object.fromEntries(
    MARK_LAYERS.map((layer) => {
      const { minzoom, maxzoom } = tiles[layer];
      const source = { type: "vector", tiles: addressOf(layer, tiles[layer], filters), minzoom, maxzoom };
      return [layer, source];
    }),
  );
}

/** Shows or hides the marks of a layer. */
export function setMarksVisible(map, layer, visible) {
  for (const id of [layer, `${layer}-counts`]) {
    map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
  }
}

/** Returns how far marks of several are moved, in a unit of so many pixels; singles stay in place. */
function shifts(kind, unit = 1) {
  const side = kind === "placement" ? -1 : 1;
  const steps = CLUSTER_STEPS.flatMap(({ from, shift }) => {
    const by = (side * shift) / unit;
    return [from, ["literal", [by, by]]];
  });
  const nowhere = ["literal", [0, 0]];
  return ["step", ["zoom"], ["step", COUNT, nowhere, ...steps], CLOSEST_ZOOM, nowhere];
}

function marks(layer) {
  const kind = KIND_OF_LAYER[layer];
  const images = CLUSTER_STEPS.flatMap(({ from }) => [from, `${kind}-${from}`]);
  return {
    id: layer,
    type: "symbol",
    source: layer,
    "source-layer": layer,
    filter: IS_SHOWN,
    layout: {
      "icon-image": ["step", COUNT, kind, ...images],
      "icon-size": sizes((size) => ["case", [">", COUNT, 1], 1, size]),
      "icon-offset": shifts(kind),
      "icon-allow-overlap": true,
      // A small mark on a large one leaves both to be seen.
      "symbol-sort-key": ["-", COUNT],
    },
  };
}

/** The numbers lie above all marks: each can be read even where marks overlap. */
function numbers(layer) {
  const kind = KIND_OF_LAYER[layer];
  return {
    id: `${layer}-counts`,
    type: "symbol",
    source: layer,
    "source-layer": layer,
    filter: ["all", IS_SHOWN, [">", COUNT, 1]],
    layout: {
      "text-field": ["number-format", COUNT, { locale: lang }],
      "text-font": ["sans-serif"],
      "text-size": TEXT_PX,
      "text-offset": shifts(kind, TEXT_PX),
      "text-allow-overlap": true,
    },
    paint: { "text-color": INK, "text-halo-color": MARK_COLORS[kind], "text-halo-width": 1.5 },
  };
}

/** Returns the layers of all marks, and below them the one that is chosen. */
export function markLayers() {
  const chosen = { type: "symbol", source: "chosen" };
  const placed = { "icon-allow-overlap": true, "icon-ignore-placement": true };
  return [
    { ...chosen, id: "chosen-mark", layout: { ...placed, "icon-image": ["get", "kind"], "icon-size": sizes() } },
    marks("proposals"),
    marks("placements"),
    numbers("proposals"),
    numbers("placements"),
    { ...chosen, id: "chosen", layout: { ...placed, "icon-image": "ring" } },
  ];
}

/** Asks for the marks anew, those of the filters. */
export function renewMarks(map, tiles, filters) {
  const layers = markLayers();
  const hidden = MARK_LAYERS.filter((id) => map.getLayoutProperty(id, "visibility") === "none");
  for (const { id } of layers) map.removeLayer(id);
  for (const [id, source] of Object.entries(markSources(tiles, filters))) {
    // Not `setTiles`: the library never asks again for a tile that once failed.
    map.removeSource(id);
    map.addSource(id, source);
  }
  for (const layer of layers) map.addLayer(layer);
  for (const id of hidden) setMarksVisible(map, id, false);
}

function markOf({ layer, properties, geometry }, zoom) {
  const { id = null, point_count: points, on_spot: onSpot, splits_at: splitsAt = null } = properties;
  const count = onSpot ?? points;
  return {
    kind: KIND_OF_LAYER[layer.id],
    id: count === 1 ? id : null,
    count,
    splitsAt,
    position: geometry.coordinates,
    // What a tile rounds positions to, and a little more.
    slack: (1.5 * 360) / 2 ** Math.floor(zoom) / UNITS_OF_TILE,
  };
}

/**
 * Returns the mark under a screen point, null without one.
 *
 * @returns {?{kind: string, id: ?string, count: number, splitsAt: ?number, position: [number, number]}}
 */
export function markAt(map, point) {
  const [top] = map.queryRenderedFeatures([point.x, point.y], { layers: MARK_LAYERS });
  return top ? markOf(top, map.getZoom()) : null;
}

/**
 * Returns the marks that a click means: a cluster that falls apart alone, else all within a finger's
 * reach that do not.
 */
export function marksAt(map, { x, y }) {
  const top = markAt(map, { x, y });
  if (top?.splitsAt) return [top];
  const reach = [
    [x - REACH_PX, y - REACH_PX],
    [x + REACH_PX, y + REACH_PX],
  ];
  const zoom = map.getZoom();
  const near = map.queryRenderedFeatures(reach, { layers: MARK_LAYERS }).map((one) => markOf(one, zoom));
  const lasting = near.filter(({ splitsAt }) => !splitsAt);
  const found = lasting.length ? lasting : near.slice(0, 1);
  return [...new Map(found.map((mark) => [`${mark.kind}/${mark.id ?? mark.position}`, mark])).values()];
}

/** Returns the box around marks, `west,south,east,north`. */
export function boxAround(found) {
  const sides = [0, 1].map((axis) => [
    Math.min(...found.map(({ position, slack }) => position[axis] - slack)),
    Math.max(...found.map(({ position, slack }) => position[axis] + slack)),
  ]);
  const [[west, east], [south, north]] = sides;
  return [west, south, east, north].map((side) => side.toFixed(6)).join(",");
}

/** Tells whether a feature is one of those that marks stand for. */
export function isBehind(found, { id, geometry: { coordinates } }) {
  return found.some((mark) =>
    mark.id
      ? mark.id === id
      : [0, 1].every((axis) => Math.abs(coordinates[axis] - mark.position[axis]) <= mark.slack),
  );
}
