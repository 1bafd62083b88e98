// The map itself: regions in the colours of their counts, and the marks on them.
// Knows what was chosen on it and tells; fetching and telling stories is others' work.

import {
  REGION_LAYERS,
  colorRegions,
  levelAt,
  nameLayers,
  outlineRegion,
  regionLayers,
  regionSources,
} from "./levels.js";
import {
  MARK_LAYERS,
  markAt,
  markLayers,
  markSources,
  marksAt,
  renewMarks,
  setMarksVisible,
} from "./marks.js";
import { addShapes } from "./shapes.js";
import { t } from "./texts.js";

const VENDOR = new URL("../vendor/maplibre/maplibre-gl.mjs", import.meta.url);
const KOREA = [
  [125.4, 33.0],
  [129.9, 38.7],
];
const REACH = [
  [119, 30],
  [137, 42],
];
const MIN_ZOOM = 5;
const MAX_ZOOM = 15;
const NOTHING = { type: "FeatureCollection", features: [] };
/** How far beyond the zoom at which a cluster falls apart, for its parts to stand clear. */
const APART = 0.5;

let map = null;
let descriptions = null;
let hoveredRegion = null;

/** The running map, for the browser's console and the tests. */
export function currentMap() {
  return map;
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function style(tiles, filters) {
  return {
    version: 8,
    sources: {
      ...regionSources(tiles),
      ...markSources(tiles, filters),
      chosen: { type: "geojson", data: NOTHING },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#dbe6f0" } },
      ...regionLayers(),
      ...nameLayers(),
      ...markLayers(),
    ],
  };
}

/**
 * Draws the map.
 *
 * @param {HTMLElement} container
 * @param {{tiles: Object<string, Object>, filters: {round: string, category: string},
 *          camera: ?Object, onChoose: Function, onHover: Function, onMove: Function,
 *          onMarksFail: Function}} options `onChoose` gets the marks under a click, and the region
 * @throws when the library is not installed or the browser has no WebGL
 */
export async function startMap(container, options) {
  const { tiles, filters, camera, onChoose, onHover, onMove, onMarksFail } = options;
  const maplibre = await import(VENDOR.href);
  descriptions = tiles;
  map = new maplibre.Map({
    container,
    style: style(tiles, filters),
    ...(camera
      ? { center: [camera.lon, camera.lat], zoom: camera.zoom }
      : { bounds: KOREA, fitBoundsOptions: { padding: 8 } }),
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    maxBounds: REACH,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: 0,
    locale: {
      "Map.Title": t("map.label"),
      "NavigationControl.ZoomIn": t("map.zoom_in"),
      "NavigationControl.ZoomOut": t("map.zoom_out"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-right");
  await new Promise((resolve, reject) => {
    map.once("style.load", resolve);
    map.once("error", ({ error }) => reject(error));
  });
  addShapes(map);
  map.on("error", ({ error, sourceId }) => {
    if (MARK_LAYERS.includes(sourceId)) onMarksFail();
    else console.error(error);
  });
  map.on("click", ({ point }) => onChoose(marksAt(map, point), regionAt(point)));
  map.on("moveend", () => onMove(cameraOf()));
  if (matchMedia("(hover: hover)").matches) {
    map.on("mousemove", ({ point }) => hover(point, onHover));
    map.on("mouseout", () => hover(null, onHover));
  }
  return map;
}

function cameraOf() {
  const { lng, lat } = map.getCenter();
  return { zoom: map.getZoom(), lat, lon: lng };
}

/** Returns the name of the level in sight, null without a map. */
export function shownLevel() {
  return map ? levelAt(map.getZoom()) : null;
}

/** Returns the box in sight, `west,south,east,north`; null without a map. */
export function boxInSight() {
  if (!map) return null;
  const bounds = map.getBounds();
  const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  return sides.map((side) => side.toFixed(4)).join(",");
}

/** Returns the region under the middle of the map, null at sea. */
export function regionInTheMiddle() {
  return map ? regionAt(map.project(map.getCenter())) : null;
}

function regionAt({ x, y }) {
  const [region] = map.queryRenderedFeatures([x, y], { layers: REGION_LAYERS });
  return region ? region.properties : null;
}

function setHovered(region, hovered) {
  if (!region) return;
  const { source, sourceLayer, id } = region;
  map.setFeatureState({ source, sourceLayer, id }, { hovered });
}

function hover(point, tell) {
  const [region] = point ? map.queryRenderedFeatures(point, { layers: REGION_LAYERS }) : [];
  if (region?.id !== hoveredRegion?.id) {
    setHovered(hoveredRegion, false);
    setHovered(region, true);
    hoveredRegion = region ?? null;
  }
  const mark = point ? markAt(map, point) : null;
  map.getCanvas().style.cursor = region || mark ? "pointer" : "";
  const place = region ? { id: region.id, level: region.source, ...region.properties } : null;
  tell(mark, place, point);
}

/**
 * Colours the regions of a level; until then they are hatched.
 *
 * @param {string} level
 * @param {?Map<number, number>} counts placements by id of every region that has any; null when
 *   they are not known
 */
export function showCounts(level, counts) {
  if (map) colorRegions(map, level, counts);
}

/** Writes names and counts on the regions of a level. */
export function showNames(level, values) {
  map?.getSource(`names-${level}`).setData({
    type: "FeatureCollection",
    features: values.map(({ name, placements, label_point: coordinates }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates },
      properties: {
        placements,
        label: placements ? `${name}\n${t("tip.placements", { count: placements })}` : name,
      },
    })),
  });
}

/** Asks for the marks anew. @param {{round: string, category: string}} filters */
export function showMarks(filters) {
  if (map) renewMarks(map, descriptions, filters);
}

/** Brings the map to where a cluster falls apart. */
export function zoomInto({ position, splitsAt }) {
  const zoom = Math.min(Math.max(splitsAt + APART, map.getZoom()), MAX_ZOOM);
  map.easeTo({ center: position, zoom, duration: isStill() ? 0 : 600 });
}

export function showLayer(layer, visible) {
  if (map) setMarksVisible(map, layer, visible);
}

/**
 * Marks a place and brings it into sight.
 *
 * @param {?{kind: string, point: ?[number, number], regionCode: ?string, zoom: number}} target null
 *   marks nothing
 * @param {{move: boolean, padding: Object}} options
 */
export function showChosen(target, { move = false, padding = {} } = {}) {
  if (!map) return;
  outlineRegion(map, target?.regionCode ?? null);
  const isMark = target?.point && !target.regionCode;
  map.getSource("chosen").setData(
    isMark
      ? {
          type: "Feature",
          properties: { kind: target.kind },
          geometry: { type: "Point", coordinates: target.point },
        }
      : NOTHING,
  );
  if (!move || !target?.point || !isInReach(target.point)) return;
  const zoom = Math.max(map.getZoom(), target.zoom ?? 0);
  map.easeTo({ center: target.point, zoom, padding, duration: isStill() ? 0 : 600 });
}

function isInReach([lon, lat]) {
  const [[west, south], [east, north]] = REACH;
  return lon > west && lon < east && lat > south && lat < north;
}
