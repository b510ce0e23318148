// What the reader chose: the one state of the page, its place in the address, and who is told of changes.

import { dateOf, dayOf, doc } from "./data.js";

/**
 * @typedef {object} State
 * @property {string} view diagram, tables, charts, party, difference, story, log
 * @property {number} day the as-of date, an index
 * @property {number} lens what is known, an index
 * @property {string} on what is looked behind: edge:..., row:..., events:...
 * @property {string} party whose page is shown
 * @property {string} other the party that it is held against
 * @property {string} table
 * @property {string} sort a column, with - before it: from the largest
 * @property {string} filter
 * @property {string} chart
 * @property {string} issuer whose holders are drawn
 * @property {number} fromDay the first point of a difference
 * @property {number} fromLens
 * @property {number} step of the story
 * @property {number} mark the day since which changes are shown, -1: the stop before
 * @property {string} embed a view alone, without the rest of the page
 * @property {string} theme light, dark, or as the reader's system has it
 */

/** @type {State} */
export const state = {
  view: "diagram",
  day: 0,
  lens: 0,
  on: "",
  party: "",
  other: "",
  table: "",
  sort: "",
  filter: "",
  chart: "",
  issuer: "",
  fromDay: 0,
  fromLens: 0,
  step: 0,
  mark: -1,
  embed: "",
  theme: "",
};

/** @type {((changed: Set<string>) => void)[]} */
const watchers = [];

/** Call *watcher* after each change, with the names of what changed. @param {(changed: Set<string>) => void} watcher */
export function watch(watcher) {
  watchers.push(watcher);
}

/** What starts a new page of the reader's history; the rest replaces where the reader is. */
const PAGES = new Set(["view", "party", "other", "table", "chart", "on", "step"]);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** Change what is chosen. @param {Partial<State>} patch */
export function choose(patch) {
  /** @type {Set<string>} */
  const changed = new Set();
  for (const [key, value] of Object.entries(patch)) {
    if (/** @type {any} */ (state)[key] === value) continue;
    /** @type {any} */ (state)[key] = value;
    changed.add(key);
  }
  if (!changed.size) return;
  for (const watcher of watchers) watcher(changed);
  clearTimeout(waiting);
  if ([...changed].some((key) => PAGES.has(key))) history.pushState(null, "", address());
  else waiting = setTimeout(() => history.replaceState(null, "", address()), 250);
}

/** Tell everybody as if all had changed. */
export function tellAll() {
  for (const watcher of watchers) watcher(new Set(Object.keys(state)));
}

/** @param {number} lens */
function lensWord(lens) {
  const { kind, known_at, announced_by } = doc().lenses[lens];
  if (kind === "known") return `@${known_at}`;
  return kind === "announced" ? `by-${announced_by}` : kind;
}

/** @param {string | null} word */
function lensOf(word) {
  const found = doc().lenses.findIndex((_, lens) => lensWord(lens) === word);
  return Math.max(0, found);
}

/** The fragment that leads to exactly this view. */
export function address() {
  const { start } = doc();
  /** @type {[string, string | false][]} */
  const parts = [
    ["view", state.view],
    ["as-of", dateOf(state.day)],
    ["known", state.lens !== 0 && lensWord(state.lens)],
    ["since", state.mark >= 0 && dateOf(state.mark)],
    ["party", ["party", "diagram"].includes(state.view) && state.party],
    ["with", state.view === "party" && state.other],
    ["table", state.view === "tables" && state.table],
    ["sort", state.sort],
    ["filter", state.filter],
    ["chart", state.view === "charts" && state.chart],
    ["issuer", state.issuer],
    ["from", state.view === "difference" && dateOf(state.fromDay)],
    ["from-known", state.view === "difference" && state.fromLens !== 0 && lensWord(state.fromLens)],
    ["step", state.view === "story" && String(state.step + 1)],
    ["behind", state.on],
    ["theme", state.theme],
    ["embed", state.embed],
  ];
  const chosen = parts.filter(([, value]) => value);
  return `#${chosen.map(([key, value]) => `${key}=${kept(String(value))}`).join("&")}`;
}

/** Escape what would end a part; the rest stays readable. @param {string} text */
const kept = (text) => encodeURIComponent(text).replace(/%(3A|2C|40|2F|20|3E)/g, (_, code) =>
  code === "20" ? "+" : String.fromCharCode(parseInt(code, 16)),
);

/** Take what the address says; what it does not say is as at the start. */
export function fromAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  const { start } = doc();
  const day = said.get("as-of") ? dayOf(said.get("as-of") ?? "") : start.day;
  const view = said.get("view") ?? said.get("embed") ?? "diagram";
  /** @type {Partial<State>} */
  const next = {
    view,
    day,
    lens: said.get("known") ? lensOf(said.get("known")) : said.has("as-of") ? 0 : start.lens,
    mark: said.get("since") ? dayOf(said.get("since") ?? "") : -1,
    party: said.get("party") ?? "",
    other: said.get("with") ?? "",
    table: said.get("table") ?? "",
    sort: said.get("sort") ?? "",
    filter: said.get("filter") ?? "",
    chart: said.get("chart") ?? "",
    issuer: said.get("issuer") ?? "",
    fromDay: said.get("from") ? dayOf(said.get("from") ?? "") : Math.max(0, dayOf(yearBefore(dateOf(day)))),
    fromLens: lensOf(said.get("from-known")),
    step: Math.max(0, Number(said.get("step") ?? 1) - 1) || 0,
    on: said.get("behind") ?? "",
    theme: ["dark", "light"].includes(said.get("theme") ?? "") ? (said.get("theme") ?? "") : state.theme,
    embed: said.get("embed") ?? "",
  };
  Object.assign(state, next);
  tellAll();
}

/** @param {string} date */
const yearBefore = (date) => `${Number(date.slice(0, 4)) - 1}${date.slice(4)}`;
