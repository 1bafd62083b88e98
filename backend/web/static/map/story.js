// Tells one place's story: what was proposed, what came of it, and why it is here.

import { byId, fill, h } from "./dom.js";
import { dataBadges, placementItem, proposalItem } from "./list.js";
import { failure, loading } from "./status.js";
import {
  categoryName,
  formatCount,
  formatDay,
  formatKrw,
  lang,
  latestRound,
  statusName,
  t,
} from "./texts.js";

const sheet = byId("story");
const title = byId("story-title");
const body = byId("story-body");
let opener = null;

function facts(...rows) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h(
    "dl",
    { class: "facts" },
    ...shown.map(([key, value]) => h("div", {}, h("dt", {}, t(`fact.${key}`)), h("dd", {}, value))),
  );
}

function section(key, ...content) {
  return h("section", {}, h("h3", {}, t(key)), ...content);
}

/** @param {?string} language of the text, where it is not the page's */
function paragraphs(text, language = null) {
  return text.split(/\n+/).map((part) => h("p", { lang: language }, part));
}

function items(features, item, emptyKey, onChoose) {
  if (!features.length) return h("p", { class: "subtle" }, t(emptyKey));
  return h("ul", { class: "items" }, ...features.map((feature) => item(feature, onChoose)));
}

function note(key, params) {
  return h("p", { class: "subtle" }, t(key, params));
}

function roundLink(round, page, key, region = null) {
  const asked = new URLSearchParams(region ? { region } : {});
  if (lang !== "ko") asked.set("lang", lang);
  const query = asked.size ? `?${asked}` : "";
  return h("a", { href: `/rounds/${encodeURIComponent(round)}/${page}${query}` }, t(key));
}

/** Leads to what a round did for one's own neighbourhood, and for all. */
function roundLinks(round, region = null) {
  if (!round) return null;
  return h(
    "p",
    { class: "round-links" },
    roundLink(round, "why", "story.ask", region),
    roundLink(round, "fairness", "story.fairness"),
  );
}

/** Begins with where the proposer lives, which is what a neighbour wants to know first. */
function reasons({ placement, explanation }) {
  const tier = placement.properties.residence_tier;
  const nearness = tier === null ? null : h("p", { class: "lead" }, t(`why.tier_${tier}`));
  return [nearness, ...paragraphs(explanation)];
}

function tellPlacement(story, onChoose) {
  const { product, round, plan, placement } = story;
  const about = placement.properties;
  return {
    title: product.name,
    content: [
      h("p", { class: "lead" }, t("story.placed_at", { institution: about.institution_name })),
      h("p", { class: "badges" }, ...dataBadges(about)),
      h("div", { class: "why" }, section("story.why_here", ...reasons(story))),
      roundLinks(round.code),
      section(
        "story.proposed",
        items(story.proposals, proposalItem, "story.no_proposal", onChoose),
      ),
      section("story.product", ...paragraphs(product.summary, "ko")),
      section(
        "story.facts",
        facts(
          ["institution", about.institution_name],
          ["place", about.place_name ?? t("place.abroad")],
          ["residence_tier", story.residence_words],
          ["category", categoryName(product.category)],
          ["amount", formatKrw(about.amount_krw)],
          ["round", round.title],
          ["placed_at", formatDay(about.placed_at)],
        ),
      ),
      h(
        "details",
        { class: "proof" },
        h("summary", {}, t("story.check")),
        h("p", {}, t("story.check_text")),
        facts(
          ["engine", plan.engine],
          ["seed", h("code", {}, plan.seed)],
          ["inputs_sha256", h("code", {}, plan.inputs_sha256)],
        ),
      ),
    ],
  };
}

function tellProposal(story, onChoose) {
  const about = story.proposal.properties;
  return {
    title: about.title,
    language: "ko",
    content: [
      h("p", { class: "lead" }, `${about.place_name} · ${statusName(about.status)}`),
      h("p", { class: "badges" }, ...dataBadges(about)),
      section("story.problem", ...paragraphs(about.problem, "ko")),
      about.idea ? section("story.idea", ...paragraphs(about.idea, "ko")) : null,
      section(
        "story.answered_by",
        items(story.placements.features, placementItem, "story.not_answered", onChoose),
        story.placements.truncated ? note("list.truncated") : null,
      ),
      section(
        "story.facts",
        facts(
          ["category", categoryName(about.category)],
          ["place", about.place_name],
          ["local_government", about.local_government_name],
          ["submitted_at", formatDay(about.submitted_at)],
          ["decided_at", about.decided_at && formatDay(about.decided_at)],
          ["endorsements", formatCount(about.endorsement_count)],
        ),
        note("story.rounded_point"),
      ),
    ],
  };
}

function explainedItem({ placement, explanation }, onChoose) {
  const item = placementItem(placement, onChoose);
  item.append(h("p", { class: "reason" }, explanation));
  return item;
}

function tellRegion(story, onChoose) {
  const { region, counts, proposals } = story;
  return {
    title: region.full_name,
    content: [
      facts(
        ["placements", t("count.items", { count: counts.placements })],
        ["amount", formatKrw(counts.amount_krw)],
        ["proposals", t("count.items", { count: counts.proposals })],
        ["local_government", story.local_government_name],
      ),
      region.level === "sido" ? null : roundLinks(latestRound(), region.code),
      section(
        "story.region_placements",
        items(story.placements, explainedItem, "story.region_no_placements", onChoose),
        story.placements_truncated ? note("list.truncated") : null,
      ),
      section(
        "story.region_proposals",
        items(proposals.features, proposalItem, "story.region_no_proposals", onChoose),
        proposals.truncated ? note("list.truncated") : null,
      ),
      h(
        "p",
        { class: "subtle" },
        t(`provenance.${region.provenance}`, { date: formatDay(story.generation.data_date) }),
      ),
    ],
  };
}

const TELLERS = { placement: tellPlacement, proposal: tellProposal, region: tellRegion };

function open(heading, content, language = null) {
  title.textContent = heading;
  if (language) title.lang = language;
  else title.removeAttribute("lang");
  fill(body, content);
  sheet.hidden = false;
  document.body.dataset.story = "open";
  body.scrollTop = 0;
}

/** Remembers where to go back to, and says that the story is on its way. */
export function beginStory(from) {
  if (from && !sheet.contains(from)) opener = from.dataset?.place ? { place: from.dataset.place } : from;
  open(t("story.loading"), [loading()]);
}

export function tellStory(kind, story, onChoose) {
  const told = TELLERS[kind](story, onChoose);
  open(told.title, told.content, told.language);
  title.focus({ preventScroll: false });
}

export function failStory(error, retry) {
  if (error.status === 404) open(t("story.gone_title"), [h("p", { class: "state" }, t("story.gone"))]);
  else open(t("story.failed_title"), [failure(error, retry)]);
  title.focus();
}

/** Lets the reader pick where several marks lie on one another. */
export function offerChoice(count, listItems) {
  const left = count - listItems.length;
  open(t("story.several", { count }), [
    left > 0 ? note("story.several_part", { count: listItems.length }) : null,
    h("ul", { class: "items" }, ...listItems),
  ]);
  title.focus();
}

export function closeStory() {
  if (sheet.hidden) return;
  sheet.hidden = true;
  delete document.body.dataset.story;
  const back = opener?.place
    ? document.querySelector(`#panels [data-place="${CSS.escape(opener.place)}"]`)
    : opener;
  (back ?? byId("panel-heading")).focus();
  opener = null;
}

export function isStoryOpen() {
  return !sheet.hidden;
}

export function startStory(onClose) {
  byId("story-close").addEventListener("click", onClose);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isStoryOpen() && !event.defaultPrevented) onClose();
  });
}
