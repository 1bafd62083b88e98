// Starts the page and ties its parts together: what is asked for, shown, chosen and remembered.

import { fetchCounts, hatch, hoverText, showCounted } from "./counts.js";
import {
  fetchPlacements,
  fetchProposals,
  fetchStory,
  fetchTileDescriptions,
} from "./data.js";
import { byId } from "./dom.js";
import { showLegend } from "./legend.js";
import { LEVEL_NAMES, levelAt } from "./levels.js";
import {
  placementItem,
  proposalItem,
  showListFailure,
  showListLoading,
  showPlacementList,
  showProposalList,
  showRegionTable,
} from "./list.js";
import { regionInTheMiddle, showChosen, showLayer, showPoints, shownLevel, startMap } from "./map.js";
import { startSearch } from "./search.js";
import { hideMapMessage, showMapMessage, watchConnection } from "./status.js";
import {
  beginStory,
  closeStory,
  failStory,
  isStoryOpen,
  offerChoice,
  startStory,
  tellStory,
} from "./story.js";
import { startTabs } from "./tabs.js";
import { formatMoment, t } from "./texts.js";
import { readView, writeView } from "./view.js";

const EMPTY = { features: [], truncated: false };
const ZOOM_OF_POINT = 10;
const ZOOM_OF_LEVEL = { sido: 7, sigungu: 9, emd: 11 };
const view = readView();
const known = { placements: EMPTY, proposals: EMPTY, statistics: null };
/** The level in sight; of neighbourhoods the table lists those of the sigungu in the middle. */
const shown = { level: view.camera ? levelAt(view.camera.zoom) : "sigungu", region: null };
const requests = new Map();
const mapBox = byId("map");

function isNarrow() {
  return matchMedia("(max-width: 899px)").matches;
}

/** Returns a signal for a new request of a kind, and ends the one before it. */
function renew(kind) {
  requests.get(kind)?.abort();
  const controller = new AbortController();
  requests.set(kind, controller);
  return controller.signal;
}

const SOURCES = {
  statistics: {
    list: "regions",
    fetch: (signal) => fetchCounts({ ...view, ...shown }, signal),
    fail: () => hatch(shown.level),
    show(statistics) {
      showCounted(statistics);
      showRegionTable(statistics, choose);
      byId("as-of").textContent = t("footer.as_of", { time: formatMoment(statistics.as_of) });
    },
  },
  placements: {
    list: "placements",
    fetch: (signal) => fetchPlacements(view, signal),
    show(collection) {
      showPoints("placements", collection);
      showPlacementList(collection, choose);
    },
  },
  proposals: {
    list: "proposals",
    fetch: (signal) => fetchProposals(view, signal),
    show(collection) {
      showPoints("proposals", collection);
      showProposalList(collection, choose);
    },
  },
};

async function load(name) {
  const { list, fetch: ask, show, fail } = SOURCES[name];
  showListLoading(list);
  try {
    known[name] = await ask(renew(name));
    show(known[name]);
  } catch (error) {
    if (error.name === "AbortError") return;
    fail?.();
    showListFailure(list, error, () => load(name));
  }
}

function loadAll() {
  return Promise.all(Object.keys(SOURCES).map(load));
}

/** Returns what the map needs to show a place, from its story. */
function targetOf({ kind }, story) {
  if (kind !== "region") return { point: story[kind].geometry.coordinates, zoom: ZOOM_OF_POINT };
  const { code, level } = story.region;
  return {
    point: story.label_point.coordinates,
    regionCode: code,
    zoom: ZOOM_OF_LEVEL[level],
  };
}

async function tell(place, { from = null, move = false } = {}) {
  beginStory(from);
  // On a phone the story covers the lower half: bring the map to the upper one.
  if (isNarrow()) mapBox.scrollIntoView({ block: "start" });
  try {
    const story = await fetchStory(place.kind, place.id, renew("story"));
    showChosen(targetOf(place, story), { move });
    tellStory(place.kind, story, choose);
  } catch (error) {
    if (error.name !== "AbortError") failStory(error, () => tell(place, { move }));
  }
}

/** Shows a place's story; chosen on the map it is in sight, chosen elsewhere it has to come there. */
function choose(place, from = null) {
  view.place = place;
  writeView(view, { step: true });
  const onMap = from === mapBox;
  return tell(place, { from: onMap ? mapBox.querySelector("canvas") : from, move: !onMap });
}

function close() {
  renew("story");
  view.place = null;
  writeView(view, { step: true });
  showChosen(null);
  closeStory();
}

function chooseOnMap(places) {
  if (places.length === 1) return choose(places[0], mapBox);
  if (places.length === 0) return undefined;
  const of = (kind, id) => known[`${kind}s`].features.find((feature) => feature.id === id);
  const items = places.slice(0, 50).map(({ kind, id }) => {
    const item = kind === "placement" ? placementItem : proposalItem;
    return item(of(kind, id), choose);
  });
  return offerChoice(places.length, items);
}

function hoverOnMap(region, point) {
  const tip = byId("map-tip");
  tip.hidden = !region;
  if (!region) return;
  tip.textContent = hoverText(region);
  tip.style.transform = `translate(${Math.round(point.x) + 14}px, ${Math.round(point.y) + 14}px)`;
}

/** Lets legend, table and colours follow the level in sight, and the table the map's middle. */
function followMap() {
  const level = shownLevel();
  const inTheMiddle = level === "emd" ? regionInTheMiddle()?.code.slice(0, 5) : null;
  const region = inTheMiddle === undefined ? shown.region : inTheMiddle;
  if (level === shown.level && region === shown.region) return;
  Object.assign(shown, { level, region });
  showLegend(level);
  load("statistics");
}

async function openMap() {
  mapBox.dataset.state = "loading";
  try {
    const tiles = await fetchTileDescriptions(LEVEL_NAMES);
    const map = await startMap(mapBox, {
      tiles,
      camera: view.camera,
      onChoose: chooseOnMap,
      onHover: hoverOnMap,
      onMove(camera) {
        view.camera = camera;
        writeView(view);
        followMap();
      },
    });
    if (known.statistics) showCounted(known.statistics);
    showPoints("placements", known.placements);
    showPoints("proposals", known.proposals);
    hideMapMessage();
    // What lies in the middle is known when its tiles are there.
    map.on("idle", followMap);
    followMap();
    map.once("idle", () => {
      mapBox.dataset.state = "ready";
    });
  } catch (error) {
    mapBox.dataset.state = "failed";
    const missing = mapBox.dataset.vendor !== "installed";
    showMapMessage(missing ? "map.missing" : "map.failed", { hint: missing ? "map.missing_hint" : "map.failed_hint" });
    console.warn(`the map cannot be shown: ${error.message}`);
  }
}

function startFilters() {
  for (const name of ["round", "category"]) {
    const select = byId(`filter-${name}`);
    select.value = view[name];
    if (select.selectedIndex < 0) select.value = view[name] = "";
    select.addEventListener("change", () => {
      view[name] = select.value;
      writeView(view);
      loadAll();
    });
  }
  for (const layer of ["placements", "proposals"]) {
    byId(`layer-${layer}`).addEventListener("change", ({ target }) =>
      showLayer(layer, target.checked),
    );
  }
}

/** Follows the address when the reader goes back or types another one. */
function follow() {
  const next = readView();
  const changed = next.place?.id !== view.place?.id || next.place?.kind !== view.place?.kind;
  view.place = next.place;
  if (!changed) return;
  if (next.place) tell(next.place, { move: true });
  else if (isStoryOpen()) {
    showChosen(null);
    closeStory();
  }
}

async function start() {
  showLegend(shown.level);
  const selectTab = startTabs(byId("tabs"), (list) => {
    view.list = list;
    writeView(view);
  });
  selectTab(view.list);
  startFilters();
  startStory(close);
  startSearch((region) => choose({ kind: "region", id: region.code }, byId("search")));
  watchConnection(() => {
    loadAll();
    if (mapBox.dataset.state === "failed") openMap();
  });
  byId("other-language").addEventListener("click", ({ currentTarget }) => {
    currentTarget.hash = location.hash;
  });
  addEventListener("popstate", follow);
  if (isNarrow()) byId("legend").open = false;
  const mapStarted = openMap();
  await loadAll();
  await mapStarted;
  if (view.place) tell(view.place, { move: view.camera === null });
}

start();
