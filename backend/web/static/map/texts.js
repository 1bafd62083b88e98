// The page's words in the reader's language, and how numbers, money and dates are written.

import { byId } from "./dom.js";

export const page = JSON.parse(byId("page-data").textContent);
export const lang = page.lang;

const plural = new Intl.PluralRules(lang);
const number = new Intl.NumberFormat(lang);
const day = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "Asia/Seoul" });
const moment = new Intl.DateTimeFormat(lang, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "Asia/Seoul",
});

/** Returns a text; `{name}` is replaced, and `count` picks between singular and plural. */
export function t(key, params = {}) {
  const entry = page.texts[key];
  if (entry === undefined) throw new Error(`no text ${key}`);
  const text = typeof entry === "string" ? entry : (entry[plural.select(params.count)] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = params[name];
    return typeof value === "number" ? number.format(value) : String(value);
  });
}

export function formatCount(value) {
  return number.format(value);
}

export function formatKrw(value) {
  return t("krw", { amount: value });
}

export function formatDay(text) {
  return day.format(new Date(text));
}

export function formatMoment(text) {
  return moment.format(new Date(text));
}

export function categoryName(code) {
  return page.categories[code] ?? code;
}

export function statusName(code) {
  return page.statuses[code] ?? code;
}

/** Returns the code of the round that was published last, or null. */
export function latestRound() {
  return page.latest_round;
}
