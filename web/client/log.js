// The log: every event of the record that the point lets through, newest first.

import { dateOf, doc, isSeen, links, options, recordAt, saidOf } from "./data.js";
import { commandLine, fill, h } from "./dom.js";
import { moment } from "./behind.js";
import { choose, state } from "./state.js";
import { drawGrid } from "./tables.js";

const COLUMNS = [
  { key: "id", heading: "Event" },
  { key: "effective_on", heading: "Date" },
  { key: "kind", heading: "Kind" },
  { key: "said", heading: "What" },
  { key: "confidence", heading: "How sure" },
  { key: "source_title", heading: "Source" },
  { key: "announced_on", heading: "Announced" },
  { key: "recorded_at", heading: "Recorded" },
  { key: "position", heading: "Position", right: true },
];

/**
 * Rows of a log.
 * @param {Iterable<number>} positions
 * @param {boolean} [all] also what the point does not let through
 */
export function logRows(positions, all = false) {
  const rows = [];
  for (const position of positions) {
    const record = recordAt(position);
    if (!record) continue;
    const { event } = record;
    if (!all && !isSeen(event, position, state)) continue;
    const taken = links().retracted.get(event.id);
    rows.push({
      day: state.day,
      cells: [event.id, event.effective_on ?? null, event.kind, `${taken ? "(taken back) " : ""}${saidOf(position, state.day)}`, event.confidence ?? null, event.source_title ?? event.source_url ?? null, event.announced_on ?? event.effective_on ?? null, [moment(record.recorded_at).slice(0, 16), record.recorded_at], [String(position), position]],
      open: () => choose({ on: `events:${position}` }),
    });
  }
  return rows.sort((a, b) => (a.cells[1] < b.cells[1] ? 1 : a.cells[1] > b.cells[1] ? -1 : Number(b.cells[8]?.[1]) - Number(a.cells[8]?.[1])));
}

/** Draw a log into a place. @param {HTMLElement} place @param {Iterable<number>} positions @param {string} caption */
export function drawLog(place, positions, caption) {
  drawGrid(place, { caption, columns: COLUMNS, rows: logRows(positions), name: `log-${dateOf(state.day)}` });
}

/** @param {HTMLElement} main */
export function logView(main) {
  const place = h("div.grid");
  const foot = h("div");
  const { bodies } = doc().record;
  const head = h("header.lede", null, h("h1", null, "The log"), h("p.standfirst", null, "Every event in effect at the point of the two sliders, with its source. Nothing is ever changed: what was wrong is taken back by a later event."));
  fill(main, head, place, foot);
  return (/** @type {Set<string>} */ changed) => {
    if (!["view", "day", "lens"].some((key) => changed.has(key))) return;
    drawGrid(place, {
      caption: `Log, as of ${dateOf(state.day)}`, columns: COLUMNS, rows: logRows(bodies.map((_, index) => index + 1)), name: `log-${dateOf(state.day)}`,
      sort: state.sort, filter: state.filter, onsort: (sort) => choose({ sort }), onfilter: (filter) => choose({ filter }),
    });
    fill(foot, commandLine(`deals log${options(state)}`));
  };
}
