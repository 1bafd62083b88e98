// Says what is going on: loading, nothing there, failed, offline.

import { byId, fill, h } from "./dom.js";
import { t } from "./texts.js";

/** Puts a message in place of the map; the list goes on working without it. */
export function showMapMessage(key, { hint = null } = {}) {
  const box = byId("map-message");
  fill(box, h("p", {}, t(key)), hint ? h("p", { class: "hint" }, t(hint)) : null);
  box.hidden = false;
}

export function hideMapMessage() {
  byId("map-message").hidden = true;
}

/** Says over the map that marks are missing; the lists tell what they would. */
export function showMarksFailure(retry) {
  const box = byId("marks-failure");
  if (!box.hidden) return;
  fill(
    box,
    h("p", {}, t("map.marks_failed")),
    h("button", { type: "button", class: "krds-btn small secondary", onclick: retry }, t("state.retry")),
  );
  box.hidden = false;
}

export function hideMarksFailure() {
  byId("marks-failure").hidden = true;
}

/** Returns what to show where something could not be fetched, with a button to try again. */
export function failure(error, retry) {
  const offline = navigator.onLine ? "state.unreachable" : "state.offline";
  return h(
    "div",
    { class: "state failure", role: "alert" },
    h("p", {}, error.offline ? t(offline) : t("state.failed", { detail: error.message })),
    h(
      "button",
      { type: "button", class: "krds-btn small secondary", onclick: retry },
      t("state.retry"),
    ),
  );
}

export function loading() {
  return h("p", { class: "state loading", role: "status" }, t("state.loading"));
}

export function empty(key) {
  return h("p", { class: "state" }, t(key));
}

/** Keeps the banner that tells of a lost connection. */
export function watchConnection(onBack) {
  const banner = byId("offline");
  const show = () => {
    banner.hidden = navigator.onLine;
  };
  addEventListener("offline", show);
  addEventListener("online", () => {
    show();
    onBack();
  });
  show();
}
