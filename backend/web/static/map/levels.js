// The levels of regions: which is shown at which zoom, its layers, and its colours.

import { CLASSES } from "./legend.js";

/** Coarse before fine; each is shown from its zoom until the next one's. */
export const LEVELS = [
  { name: "sido", from: 0, digits: 2 },
  { name: "sigungu", from: 6, digits: 5, namesFrom: 7.5 },
  { name: "emd", from: 9.5, digits: 8, namesFrom: 11 },
];

export const LEVEL_NAMES = LEVELS.map(({ name }) => name);
export const REGION_LAYERS = LEVEL_NAMES.map((name) => `regions-${name}`);

const FOR_EVER = 24;
const NOT_YET = "rgba(0,0,0,0)";
const NOWHERE = ["==", ["get", "code"], ""];
const NOTHING = { type: "FeatureCollection", features: [] };

/** Returns the name of the level that a zoom shows. */
export function levelAt(zoom) {
  return LEVELS.findLast(({ from }) => zoom >= from).name;
}

function color() {
  const [first, ...rest] = CLASSES;
  const steps = rest.flatMap(({ from, color: shade }) => [from, shade]);
  return ["step", ["number", ["feature-state", "placements"], 0], first.color, ...steps];
}

/** @param {Object<string, Object>} tiles descriptions by level */
export function regionSources(tiles) {
  const sources = {};
  for (const name of LEVEL_NAMES) {
    sources[name] = {
      type: "vector",
      tiles: tiles[name].tiles,
      minzoom: tiles[name].minzoom,
      maxzoom: tiles[name].maxzoom,
    };
    if (name !== "emd") sources[`names-${name}`] = { type: "geojson", data: NOTHING };
  }
  return sources;
}

function rangeOf(index) {
  const next = LEVELS[index + 1];
  return { minzoom: LEVELS[index].from, ...(next ? { maxzoom: next.from } : {}) };
}

/** Returns areas and outlines of all levels, to lie below the names and marks. */
export function regionLayers() {
  const isHovered = ["boolean", ["feature-state", "hovered"], false];
  return LEVELS.flatMap(({ name }, index) => {
    const common = { source: name, "source-layer": name, ...rangeOf(index) };
    const line = { ...common, type: "line", layout: { "line-join": "round" } };
    return [
      { ...common, id: `no-data-${name}`, type: "fill", paint: { "fill-pattern": "no-data" } },
      { ...common, id: `regions-${name}`, type: "fill", paint: { "fill-color": NOT_YET } },
      {
        ...line,
        id: `borders-${name}`,
        paint: {
          "line-color": ["case", isHovered, "#1e2124", "#8a949e"],
          "line-width": ["case", isHovered, 2, 0.6],
        },
      },
      {
        ...line,
        id: `chosen-${name}`,
        filter: NOWHERE,
        paint: { "line-color": "#bd2c0f", "line-width": 3 },
      },
    ];
  });
}

function nameLayer({ id, from, to = FOR_EVER, layout, ...source }) {
  return {
    id,
    type: "symbol",
    ...source,
    minzoom: from,
    maxzoom: to,
    layout: {
      "text-font": ["sans-serif"],
      "text-size": 13,
      "text-padding": 2,
      // Beside the marks, which are drawn over whatever lies below them.
      "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
      "text-radial-offset": 0.8,
      ...layout,
    },
    paint: { "text-color": "#1e2124", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
  };
}

/**
 * Returns the names. Those of coarse levels come with counts: what the colour says, in writing.
 * Neighbourhoods are too many for that and take their names from the tiles; until there is room for
 * them, their sigungu's are shown. Drawn with the system's own fonts.
 */
export function nameLayers() {
  const [, sigungu, emd] = LEVELS;
  const counted = {
    "text-field": ["get", "label"],
    "symbol-sort-key": ["-", ["get", "placements"]],
  };
  const named = { "text-field": ["get", "name"] };
  return [
    nameLayer({ id: "names-sido", source: "names-sido", from: 0, to: sigungu.from, layout: counted }),
    nameLayer({
      id: "names-sigungu",
      source: "names-sigungu",
      from: sigungu.namesFrom,
      to: emd.from,
      layout: counted,
    }),
    nameLayer({
      id: "names-above",
      source: sigungu.name,
      "source-layer": "sigungu_names",
      from: emd.from,
      to: emd.namesFrom,
      layout: named,
    }),
    nameLayer({
      id: "names-emd",
      source: emd.name,
      "source-layer": "emd_names",
      from: emd.namesFrom,
      layout: { ...named, "text-size": 12 },
    }),
  ];
}

/** Colours the regions of a level: those without a count are zero; no counts at all hatch it. */
export function colorRegions(map, level, counts) {
  const region = { source: level, sourceLayer: level };
  map.removeFeatureState(region);
  for (const [id, placements] of counts ?? []) map.setFeatureState({ ...region, id }, { placements });
  map.setPaintProperty(`regions-${level}`, "fill-color", counts ? color() : NOT_YET);
}

/** Outlines a region, and at coarser levels the one that it lies in; null outlines none. */
export function outlineRegion(map, code) {
  LEVELS.forEach(({ name, from, digits }, index) => {
    const at = code && code.length >= digits ? code.slice(0, digits) : "";
    const layer = `chosen-${name}`;
    map.setFilter(layer, ["==", ["get", "code"], at]);
    // The region itself stays outlined among the smaller ones.
    map.setLayerZoomRange(layer, from, at === code ? FOR_EVER : (LEVELS[index + 1]?.from ?? FOR_EVER));
  });
}
