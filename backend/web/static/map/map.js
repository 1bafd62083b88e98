// The map itself: regions in the colours of their counts, proposals and placements as marks.
// Knows what was chosen on it and tells; fetching and telling stories is others' work.

import { CLASSES } from "./legend.js";
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
const NAMES_FROM_ZOOM = 7.5;
const NOTHING = { type: "FeatureCollection", features: [] };
const POINT_LAYERS = ["placements", "proposals"];
const KIND_OF_LAYER = { placements: "placement", proposals: "proposal" };

let map = null;
let chosenRegion = null;
let hoveredRegion = null;

/** The running map, for the browser's console and the tests. */
export function currentMap() {
  return map;
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function color() {
  const [first, ...rest] = CLASSES;
  const count = ["number", ["feature-state", "placements"], 0];
  const steps = rest.flatMap(({ from, color: shade }) => [from, shade]);
  return [
    "case",
    ["==", ["feature-state", "placements"], null],
    "rgba(0,0,0,0)",
    ["step", count, first.color, ...steps],
  ];
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

/** Names with counts: what the colour says, in writing. Drawn with the system's own fonts. */
function names() {
  return {
    id: "names",
    type: "symbol",
    source: "names",
    minzoom: NAMES_FROM_ZOOM,
    layout: {
      "text-field": ["get", "label"],
      "text-font": ["sans-serif"],
      "text-size": 13,
      "text-padding": 2,
      // Beside the marks, which are drawn over whatever lies below them.
      "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
      "text-radial-offset": 0.8,
      "symbol-sort-key": ["-", ["get", "placements"]],
    },
    paint: { "text-color": "#1e2124", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
  };
}

function style(tiles) {
  const region = { source: "sigungu", "source-layer": "sigungu" };
  const isChosen = ["boolean", ["feature-state", "chosen"], false];
  const isHovered = ["boolean", ["feature-state", "hovered"], false];
  return {
    version: 8,
    sources: {
      sigungu: {
        type: "vector",
        // Behind a proxy the server may know itself by another name than the reader's.
        tiles: tiles.tiles.map((tile) => tile.replace(/^https?:\/\/[^/]+/, location.origin)),
        minzoom: tiles.minzoom,
        maxzoom: tiles.maxzoom,
      },
      proposals: { type: "geojson", data: NOTHING },
      placements: { type: "geojson", data: NOTHING },
      chosen: { type: "geojson", data: NOTHING },
      names: { type: "geojson", data: NOTHING },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#dbe6f0" } },
      { id: "no-data", type: "fill", ...region, paint: { "fill-pattern": "no-data" } },
      { id: "regions", type: "fill", ...region, paint: { "fill-color": color() } },
      {
        id: "borders",
        type: "line",
        ...region,
        layout: { "line-join": "round" },
        paint: {
          "line-color": ["case", isChosen, "#bd2c0f", isHovered, "#1e2124", "#8a949e"],
          "line-width": ["case", isChosen, 3, isHovered, 2, 0.6],
        },
      },
      names(),
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
 * @param {{tiles: Object, camera: ?Object, onChoose: Function, onHover: Function,
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
  const [region] = map.queryRenderedFeatures([x, y], { layers: ["regions"] });
  return region ? [{ kind: "region", id: region.properties.code }] : [];
}

function setRegionState(id, state) {
  if (id !== null) map.setFeatureState({ source: "sigungu", sourceLayer: "sigungu", id }, state);
}

function hover(point, tell) {
  const [region] = point ? map.queryRenderedFeatures(point, { layers: ["regions"] }) : [];
  const id = region?.id ?? null;
  if (id !== hoveredRegion) {
    setRegionState(hoveredRegion, { hovered: false });
    setRegionState(id, { hovered: true });
    hoveredRegion = id;
  }
  map.getCanvas().style.cursor = region ? "pointer" : "";
  tell(region ? region.properties.code : null, point);
}

/** Colours the regions; those without a value stay hatched. */
export function showStatistics(values) {
  if (!map) return;
  map.removeFeatureState({ source: "sigungu", sourceLayer: "sigungu" });
  for (const { id, placements } of values) setRegionState(id, { placements });
  setRegionState(chosenRegion, { chosen: true });
  map.getSource("names").setData({
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
 * @param {?{point: ?[number, number], regionId: ?number, zoom: number}} target null marks nothing
 * @param {{move: boolean, padding: Object}} options
 */
export function showChosen(target, { move = false, padding = {} } = {}) {
  if (!map) return;
  setRegionState(chosenRegion, { chosen: false });
  chosenRegion = target?.regionId ?? null;
  setRegionState(chosenRegion, { chosen: true });
  const isMark = target?.point && target.regionId === undefined;
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
