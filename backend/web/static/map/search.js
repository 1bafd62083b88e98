// Search by neighbourhood name: a combobox after the WAI-ARIA pattern.

import { searchRegions } from "./data.js";
import { byId, fill, h } from "./dom.js";
import { t } from "./texts.js";

const WAIT_MS = 200;

/** @param {(region: {code: string, full_name: string}) => void} onChoose */
export function startSearch(onChoose) {
  const input = byId("search");
  const list = byId("search-results");
  const status = byId("search-status");
  let found = [];
  let active = -1;
  let timer = 0;
  let running = null;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((option, at) =>
      option.setAttribute("aria-selected", String(at === index)),
    );
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    const region = found[index];
    if (!region) return;
    input.value = region.full_name;
    status.textContent = "";
    close();
    onChoose(region);
  }

  function show(regions) {
    found = regions;
    fill(
      list,
      ...regions.map((region, index) =>
        h(
          "li",
          {
            id: `search-result-${index}`,
            role: "option",
            "aria-selected": "false",
            // Before the input loses the focus, which closes the list.
            onmousedown: (event) => event.preventDefault(),
            onclick: () => take(index),
          },
          region.full_name,
        ),
      ),
    );
    active = -1;
    list.hidden = regions.length === 0;
    input.setAttribute("aria-expanded", String(regions.length > 0));
    status.textContent = regions.length
      ? t("search.found", { count: regions.length })
      : t("search.nothing");
  }

  async function search() {
    running?.abort();
    const text = input.value.trim();
    if (!text) {
      status.textContent = "";
      return close();
    }
    running = new AbortController();
    try {
      show((await searchRegions(text, running.signal)).items);
    } catch (error) {
      if (error.name === "AbortError") return;
      close();
      status.textContent = t(navigator.onLine ? "search.failed" : "state.offline");
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const last = found.length - 1;
    if (event.key === "Escape") return close();
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") mark(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") mark(active <= 0 ? last : active - 1);
    else if (event.key === "Enter") take(Math.max(active, 0));
    else return;
    event.preventDefault();
  });
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (list.hidden) search();
  });
}
