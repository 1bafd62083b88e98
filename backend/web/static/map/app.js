// Starts the page and ties its parts together: what is asked for, shown, chosen and remembered.

import { offerMarks } from "./choice.js";
import { fetchCounts, hatch, showCounted } from "./counts.js";
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
  showListFailure,
  showListLoading,
  showPlacementList,
  showProposalList,
  showRegionTable,
} from "./list.js";
import {
  boxInSight,
  regionInTheMiddle,
  showChosen,
  showLayer,
  showMarks,
  shownLevel,
  startMap,
  zoomInto,
} from "./map.js";
import { MARK_LAYERS } from "./marks.js";
import { startSearch } from "./search.js";
import {
  hideMapMessage,
  hideMarksFailure,
  showMapMessage,
  showMarksFailure,
  watchConnection,
} from "./status.js";
import {
  beginStory,
  closeStory,
  failStory,
  isStoryOpen,
  startStory,
  tellStory,
} from "./story.js";
import { showTotals } from "./summary.js";
import { startTabs } from "./tabs.js";
import { targetOf } from "./target.js";
import { formatMoment, t } from "./texts.js";
import { showTip } from "./tip.js";
import { readView, writeView } from "./view.js";

/** The lists hold the newest; those in sight and the region's stories reach the others. */
const MOST_LISTED = 500;
const view = readView();
const known = { statistics: null };
/** The level in sight; of neighbourhoods the table lists those of the sigungu in the middle. */
const shown = { level: view.camera ? levelAt(view.camera.zoom) : "sigungu", region: null };
const requests = new Map();
const mapBox = byId("map");

function isNarrow() {
  return matchMedia("(max-width: 899px)").matches;
}

/** On a phone a story covers the lower half: brings the map to the upper one. */
function bringMapUp() {
  if (isNarrow()) mapBox.scrollIntoView({ block: "start" });
}

/** Returns a signal for a new request of a kind, and ends the one before it. */
function renew(kind) {
  requests.get(kind)?.abort();
  const controller = new AbortController();
  requests.set(kind, controller);
  return controller.signal;
}

/** Returns what the lists are asked for: all, or what is in sight. */
function wanted() {
  const bbox = view.inSight ? boxInSight() : null;
  return { round: view.round, category: view.category, bbox, limit: MOST_LISTED };
}

/** Adds to features what the list says of them. */
function held(collection, { bbox, round }) {
  return { ...collection, inSight: bbox !== null, round };
}

const SOURCES = {
  statistics: {
    list: "regions",
    fetch: (signal) => fetchCounts({ ...view, ...shown }, signal),
    fail: () => hatch(shown.level),
    show(statistics) {
      known.statistics = statistics;
      showCounted(statistics);
      showTotals(statistics.totals);
      showRegionTable(statistics, choose);
      byId("as-of").textContent = t("footer.as_of", { time: formatMoment(statistics.as_of) });
    },
  },
  placements: {
    list: "placements",
    async fetch(signal, asked = wanted()) {
      return held(await fetchPlacements(asked, signal), asked);
    },
    show: (placements) => showPlacementList(placements, choose),
  },
  proposals: {
    list: "proposals",
    async fetch(signal, asked = wanted()) {
      return held(await fetchProposals(asked, signal), asked);
    },
    show: (proposals) => showProposalList(proposals, choose),
  },
};

async function load(name, { quietly = false } = {}) {
  const { list, fetch: ask, show, fail } = SOURCES[name];
  if (!quietly) showListLoading(list);
  try {
    show(await ask(renew(name)));
  } catch (error) {
    if (error.name === "AbortError") return;
    fail?.();
    showListFailure(list, error, () => load(name));
  }
}

function loadAll() {
  showTotals(null);
  return Promise.all(Object.keys(SOURCES).map(load));
}

async function tell(place, { from = null, move = false } = {}) {
  beginStory(from);
  bringMapUp();
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

function chooseOnMap(marks, region) {
  const [first, ...others] = marks;
  if (!first) return region ? choose({ kind: "region", id: region.code }, mapBox) : undefined;
  if (first.splitsAt) return zoomInto(first);
  if (others.length === 0 && first.id) return choose({ kind: first.kind, id: first.id }, mapBox);
  const from = mapBox.querySelector("canvas");
  bringMapUp();
  return offerMarks(marks, view, { renew: () => renew("story"), onChoose: choose, from });
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

function listAgain() {
  for (const list of ["placements", "proposals"]) load(list, { quietly: true });
}

function askForMarks() {
  hideMarksFailure();
  showMarks(view);
}

async function openMap() {
  mapBox.dataset.state = "loading";
  try {
    const tiles = await fetchTileDescriptions([...LEVEL_NAMES, ...MARK_LAYERS]);
    const map = await startMap(mapBox, {
      tiles,
      filters: view,
      camera: view.camera,
      onChoose: chooseOnMap,
      onHover: showTip,
      onMove(camera) {
        view.camera = camera;
        writeView(view);
        followMap();
        if (view.inSight) listAgain();
      },
      onMarksFail: () => showMarksFailure(askForMarks),
    });
    if (known.statistics) showCounted(known.statistics);
    hideMapMessage();
    byId("filter-in-sight").disabled = false;
    if (view.inSight) listAgain();
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
      askForMarks();
      loadAll();
    });
  }
  const inSight = byId("filter-in-sight");
  inSight.checked = view.inSight;
  inSight.addEventListener("change", () => {
    view.inSight = inSight.checked;
    writeView(view);
    listAgain();
  });
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
    askForMarks();
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
