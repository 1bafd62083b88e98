// The map itself: regions in the colours of their counts, proposals and placements as marks.
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
const NOTHING = { type: "FeatureCollection", features: [] };
const POINT_LAYERS = ["placements", "proposals"];
const KIND_OF_LAYER = { placements: "placement", proposals: "proposal" };

let map = null;
let hoveredRegion = null;

/** The running map, for the browser's console and the tests. */
export function currentMap() {
  return map;
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function marks(id) {
  return {
    id,
    type: "symbol",
    source: id,
    layout: {
      "icon-image": KIND_OF_LAYER[id],
      "icon-allow-overlap": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 5, 0.62, 8, 1, 12, 1.3],
    },
  };
}

function style(tiles) {
  return {
    version: 8,
    sources: {
      ...regionSources(tiles),
      proposals: { type: "geojson", data: NOTHING },
      placements: { type: "geojson", data: NOTHING },
      chosen: { type: "geojson", data: NOTHING },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#dbe6f0" } },
      ...regionLayers(),
      ...nameLayers(),
      marks("proposals"),
      marks("placements"),
      {
        id: "chosen",
        type: "symbol",
        source: "chosen",
        layout: { "icon-image": "ring", "icon-allow-overlap": true, "icon-ignore-placement": true },
      },
    ],
  };
}

/**
 * Draws the map.
 *
 * @param {HTMLElement} container
 * @param {{tiles: Object<string, Object>, camera: ?Object, onChoose: Function, onHover: Function,
 *          onMove: Function}} options `onChoose` gets the places under a click
 * @throws when the library is not installed or the browser has no WebGL
 */
export async function startMap(container, { tiles, camera, onChoose, onHover, onMove }) {
  const maplibre = await import(VENDOR.href);
  map = new maplibre.Map({
    container,
    style: style(tiles),
    ...(camera
      ? { center: [camera.lon, camera.lat], zoom: camera.zoom }
      : { bounds: KOREA, fitBoundsOptions: { padding: 8 } }),
    minZoom: MIN_ZOOM,
    maxZoom: 15,
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
  map.on("click", ({ point }) => onChoose(placesAt(point)));
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

/** Returns the region under the middle of the map, null at sea. */
export function regionInTheMiddle() {
  if (!map) return null;
  const middle = map.project(map.getCenter());
  const [region] = map.queryRenderedFeatures(middle, { layers: REGION_LAYERS });
  return region ? region.properties : null;
}

/** Returns the places at a screen point: marks if there are any, else the region. */
function placesAt({ x, y }) {
  const near = [
    [x - 10, y - 10],
    [x + 10, y + 10],
  ];
  const found = map.queryRenderedFeatures(near, { layers: POINT_LAYERS });
  if (found.length) {
    const places = found.map(({ layer, properties }) => ({
      kind: KIND_OF_LAYER[layer.id],
      id: properties.id,
    }));
    return [...new Map(places.map((place) => [`${place.kind}/${place.id}`, place])).values()];
  }
  const [region] = map.queryRenderedFeatures([x, y], { layers: REGION_LAYERS });
  return region ? [{ kind: "region", id: region.properties.code }] : [];
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
  map.getCanvas().style.cursor = region ? "pointer" : "";
  tell(region ? { id: region.id, level: region.source, ...region.properties } : null, point);
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

/** @param {"placements"|"proposals"} layer */
export function showPoints(layer, collection) {
  if (!map) return;
  const features = collection.features.map((feature) => ({
    ...feature,
    properties: { id: feature.id },
  }));
  map.getSource(layer).setData({ type: "FeatureCollection", features });
}

export function showLayer(layer, visible) {
  map?.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
}

/**
 * Marks a place and brings it into sight.
 *
 * @param {?{point: ?[number, number], regionCode: ?string, zoom: number}} target null marks nothing
 * @param {{move: boolean, padding: Object}} options
 */
export function showChosen(target, { move = false, padding = {} } = {}) {
  if (!map) return;
  outlineRegion(map, target?.regionCode ?? null);
  const isMark = target?.point && !target.regionCode;
  map.getSource("chosen").setData(
    isMark ? { type: "Point", coordinates: target.point } : NOTHING,
  );
  if (!move || !target?.point || !isInReach(target.point)) return;
  const zoom = Math.max(map.getZoom(), target.zoom ?? 0);
  map.easeTo({ center: target.point, zoom, padding, duration: isStill() ? 0 : 600 });
}

function isInReach([lon, lat]) {
  const [[west, south], [east, north]] = REACH;
  return lon > west && lon < east && lat > south && lat < north;
}
