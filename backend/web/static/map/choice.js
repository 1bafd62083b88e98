// Offers one by one what several marks stand for, or one that no zoom takes apart.

import { fetchPlacements, fetchProposals } from "./data.js";
import { placementItem, proposalItem } from "./list.js";
import { boxAround, isBehind } from "./marks.js";
import { beginStory, failStory, offerChoice } from "./story.js";

/** How many of a kind are offered, the newest. */
const MOST_OFFERED = 50;
const KINDS = {
  placement: { fetch: fetchPlacements, item: placementItem },
  proposal: { fetch: fetchProposals, item: proposalItem },
};

async function itemsOf(kind, marks, { round, category }, signal, onChoose) {
  const ofKind = marks.filter((mark) => mark.kind === kind);
  if (ofKind.length === 0) return [];
  const asked = { round, category, bbox: boxAround(ofKind), limit: MOST_OFFERED };
  const { features } = await KINDS[kind].fetch(asked, signal);
  const found = features.filter((feature) => isBehind(ofKind, feature));
  return found.map((feature) => KINDS[kind].item(feature, onChoose));
}

/**
 * Lets the reader pick one of what marks stand for.
 *
 * @param {Array<Object>} marks of `marksAt`
 * @param {{round: string, category: string}} filters those of the marks
 * @param {{renew: () => AbortSignal, onChoose: Function, from: HTMLElement}} options
 */
export async function offerMarks(marks, filters, { renew, onChoose, from }) {
  beginStory(from);
  const signal = renew();
  try {
    const items = await Promise.all(
      Object.keys(KINDS).map((kind) => itemsOf(kind, marks, filters, signal, onChoose)),
    );
    offerChoice(
      marks.reduce((sum, { count }) => sum + count, 0),
      items.flat(),
    );
  } catch (error) {
    if (error.name === "AbortError") return;
    failStory(error, () => offerMarks(marks, filters, { renew, onChoose, from }));
  }
}
