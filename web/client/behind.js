// Behind a number: the events that make it, their sources, their corrections, and the proof of each.

import { at, dateOf, doc, eventsOf, grouped, isSeen, links, nameOf, recordAt, saidOf, shown, under, value } from "./data.js";
import { announce, fill, h, link } from "./dom.js";
import { proofPart, trustPart } from "./trust.js";
import { choose, state } from "./state.js";
import { markOf } from "./tables.js";
import { longDate, shortDate } from "./timebar.js";

/** @typedef {import("./data.js").Edge} Edge */
/** @typedef {{title: string, lines: string[], positions: number[], party?: string, note?: string}} Behind */

/** What names an edge in an address. @param {Edge} edge */
export const edgeKey = (edge) => `edge:${edge.source}>${edge.target}:${edge.word.replace(/\W+/g, "-")}`;

/** @type {Map<string, number>} */
const places = new Map();

/** The number of the edge that a key names, -1 if there is none. @param {string} key */
export function edgeOf(key) {
  if (!places.size) doc().edges.forEach((edge, index) => places.set(edgeKey(edge), index));
  return places.get(key) ?? -1;
}

/** An edge in words: "Microsoft paid capital to OpenAI". @param {Edge} edge @param {number} day */
export const sentence = (edge, day) =>
  `${nameOf(edge.source, day)} ${doc().verbs[edge.word] ?? edge.word} ${nameOf(edge.target, day)}`;

/** @param {string} on @returns {Behind | null} */
function resolve(on) {
  const [kind, ...rest] = on.split(":");
  const name = rest.join(":");
  const point = { day: state.day, lens: state.lens };
  if (kind === "edge") {
    const edge = doc().edges[edgeOf(on)];
    if (!edge) return null;
    const fact = doc().facts[value(edge.facts, point) ?? -1];
    const lines = fact ? [...(fact.said ?? []), ...(fact.rights ?? [])] : [`Not there on ${longDate(dateOf(state.day))}, as it is known here.`];
    return { title: sentence(edge, state.day), lines, positions: fact?.events ?? [] };
  }
  if (kind === "row") {
    const [table, key] = [rest[0], rest.slice(1).join(":")];
    const found = doc().tables[table];
    const row = found?.rows.find((each) => each.key.join("|") === key);
    if (!found || !row) return null;
    const day = markOf(found, state.day);
    const cells = found.cells[at(under(row.at, state.lens), day) ?? -1];
    if (!cells) return { title: `${found.title}: ${row.key.filter(Boolean).map((/** @type {any} */ each) => nameOf(String(each), state.day)).join(", ")}`, lines: ["Not in the table at this point."], positions: [] };
    const lines = found.columns.map((column, i) => ({ column, text: shown(cells[i], day) })).filter(({ text, column }) => text && !column.wide).map(({ column, text }) => `${column.heading.replace(/\n/g, " ")}: ${text}`);
    return { title: `${found.title}: ${row.key.filter(Boolean).map((/** @type {any} */ each) => nameOf(String(each), state.day)).join(", ")}`, lines, positions: found.behind[cells[found.columns.length]] ?? [] };
  }
  if (kind === "party") {
    const party = doc().parties[name];
    return party ? { title: nameOf(name, state.day), lines: [], positions: eventsOf(name).filter((position) => isSeen(recordAt(position)?.event ?? {}, position, point)), party: name } : null;
  }
  if (kind === "events") {
    const positions = name.split(",").map(Number).filter((each) => each >= 1 && each <= doc().ledger.size);
    return { title: positions.length === 1 ? (recordAt(positions[0])?.event?.id ?? `@${positions[0]}`) : `${positions.length} events`, lines: [], positions };
  }
  if (kind === "record") return { title: "The record and its checkpoint", lines: [], positions: [], note: "trust" };
  return null;
}

/** Make the panel, and return what brings it up to date. @param {HTMLElement} panel */
export function behindPanel(panel) {
  /** @type {Element | null} */
  let opener = null;
  let last = "";
  return (/** @type {Set<string>} */ changed) => {
    if (!["on", "day", "lens"].some((key) => changed.has(key))) return;
    const found = state.on ? resolve(state.on) : null;
    const opens = state.on && state.on !== last;
    if (opens && !last) opener = document.activeElement;
    panel.hidden = !found;
    document.body.classList.toggle("looking", Boolean(found));
    if (found) {
      const same = state.on === last && panel.dataset.shown === JSON.stringify([found.title, found.lines, found.positions]);
      if (!same) draw(panel, found);
      panel.dataset.shown = JSON.stringify([found.title, found.lines, found.positions]);
      if (opens) {
        panel.scrollTop = 0;
        panel.focus({ preventScroll: innerWidth > 900 });
        announce(`${found.title}: ${found.positions.length} events`);
      }
    } else if (last && opener instanceof HTMLElement && opener.isConnected) opener.focus();
    last = state.on;
  };
}

const MOST = 40;

/** @param {HTMLElement} panel @param {Behind} found */
function draw(panel, found) {
  const close = h("button.close", { "aria-label": "Close", onclick: () => choose({ on: "" }) }, "×");
  const [number, ...lines] = found.lines;
  const cards = h("div.cards");
  const more = (/** @type {number} */ from) => {
    const next = found.positions.slice(from, from + MOST);
    cards.append(...next.map((position) => card(position)));
    const left = found.positions.length - from - next.length;
    if (left > 0) {
      const button = h("button", { onclick: () => (button.remove(), more(from + MOST)) }, `Show ${Math.min(left, MOST)} more of ${left}`);
      cards.append(button);
    }
  };
  fill(
    panel,
    close,
    h("p.kicker", null, found.note ? "Trust" : "Behind the number"),
    h("h2", { dir: "auto" }, found.title),
    number && h("p.number", null, number),
    lines.map((line) => h("p.line", { dir: "auto" }, line)),
    found.party && h("p", null, h("button", { onclick: () => choose({ view: "party", party: found.party, on: "" }) }, `Everything about ${found.title}`)),
    found.note ? trustPart() : h("p.count", null, found.positions.length ? `${found.positions.length} ${found.positions.length === 1 ? "event makes" : "events make"} this up.` : "No events stand behind it at this point."),
    cards,
  );
  more(0);
}

/** Words of an event that its card says elsewhere. */
const SAID = new Set(["id", "kind", "effective_on", "announced_on", "note", "source_title", "source_url", "source_published_on", "confidence", "amount", "currency", "bound", "per", "party", "memo", "retracts", "replaced_by", "reason"]);
const BOUNDS = /** @type {Record<string, string>} */ ({ "up-to": "up to ", "at-least": "at least ", about: "about " });

/**
 * One event: what it says, who said so, when it was recorded, what became of it, and its proof.
 * @param {number} position
 */
export function card(position) {
  const record = recordAt(position);
  if (!record) return h("article.card", null, h("p", null, `@${position} is not in this file. `, doc().scope.left_out?.said ?? ""), proofPart(position));
  const { event } = record;
  const taken = links().retracted.get(event.id);
  const amount = event.amount && `${BOUNDS[event.bound] ?? ""}${grouped(event.amount)} ${event.currency ?? ""}${event.per && event.per !== "total" ? ` per ${event.per}` : ""}`;
  return h(
    `article.card${taken ? ".taken" : ""}`,
    { "data-position": position },
    h("header", null,
      h("span.kind", null, event.kind),
      h("time", { datetime: event.effective_on }, shortDate(event.effective_on)),
      event.confidence && h(`span.chip.${/^\w+$/.test(event.confidence) ? event.confidence : "other"}`, null, event.confidence),
      event.memo === true && h("span.chip", { title: "shown and reconciled with, never summed" }, "statement only"),
      h("span.id", null, event.id),
    ),
    h("p.what", { dir: "auto" }, saidOf(position, state.day) || event.kind),
    amount && h("p.amount", null, amount),
    facts(event),
    event.note && h("p.note", { dir: "auto" }, event.note),
    event.reason && h("p.note", { dir: "auto" }, "Reason: ", event.reason),
    source(event),
    corrections(event),
    h("p.recorded", null, `Recorded ${moment(record.recorded_at)}`, record.actor ? ` by ${record.actor}` : "", ` as @${position}`,
      event.announced_on && event.announced_on !== event.effective_on ? `; announced ${shortDate(event.announced_on)}` : ""),
    proofPart(position),
  );
}

/** @param {any} event */
function facts(event) {
  const rows = Object.entries(event).filter(([key, said]) => !SAID.has(key) && said !== null && said !== false);
  if (!rows.length) return null;
  const word = (/** @type {any} */ said) => {
    if (Array.isArray(said)) return said.map((each) => (typeof each === "object" ? Object.values(each).map(String).join(" ") : nameOf(String(each)))).join(", ");
    if (said && typeof said === "object") return Object.entries(said).map(([key, each]) => `${key}: ${each}`).join(", ");
    if (said === true) return "yes";
    return typeof said === "string" && Object.hasOwn(doc().parties, said) ? nameOf(said) : String(said);
  };
  return h("dl", null, rows.map(([key, said]) => [h("dt", null, key.replace(/_/g, " ")), h("dd", { dir: "auto" }, ["stake", "move"].includes(key) ? percent(String(said)) : word(said))]));
}

/** A decimal fraction as a percentage, digit by digit. @param {string} fraction */
export function percent(fraction) {
  const negative = fraction.startsWith("-");
  const [whole, rest = ""] = fraction.replace("-", "").split(".");
  const digits = rest.padEnd(2, "0");
  const left = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const right = digits.slice(2).replace(/0+$/, "");
  return `${negative ? "−" : ""}${left}${right ? `.${right}` : ""} %`;
}

/** @param {any} event */
function source(event) {
  if (!event.source_url && !event.source_title) return h("p.source.none", null, "No source is recorded.");
  const title = event.source_title || event.source_url;
  return h("p.source", { dir: "auto" }, "Source: ", event.source_url ? link(event.source_url, title) : title, event.source_published_on ? `, ${event.source_published_on}` : "");
}

/** @param {any} event */
function corrections(event) {
  const { positions, retracted, replaces } = links();
  const see = (/** @type {string} */ id) => {
    const position = positions.get(id);
    return position ? h("button.inline", { onclick: () => choose({ on: `events:${position}` }) }, id) : id;
  };
  const lines = [];
  const taken = retracted.get(event.id);
  if (taken) {
    const by = recordAt(taken)?.event;
    lines.push(h("p.correction", null, "Taken back by ", see(by?.id ?? `@${taken}`), by?.replaced_by ? [", replaced by ", see(by.replaced_by)] : "", by?.reason ? `: ${by.reason}` : ""));
  }
  const before = replaces.get(event.id);
  if (before) lines.push(h("p.correction", null, "A correction of ", see(before)));
  if (event.retracts) lines.push(h("p.correction", null, "Takes back ", see(event.retracts), event.replaced_by ? [", replaced by ", see(event.replaced_by)] : ""));
  return lines.length ? h("div.corrections", null, lines) : null;
}

/** @param {string} text */
export const moment = (text) => String(text ?? "").replace("T", " ").replace(/(\.\d+)?(Z|\+00:00)$/, " UTC");
