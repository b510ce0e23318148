// Two points side by side: what came, what went, what changed, on either axis.

import { at, dateOf, dayOf, doc, exact, nameOf, options, shown, under, value } from "./data.js";
import { commandLine, fill, h } from "./dom.js";
import { edgeKey } from "./behind.js";
import { legend, picture } from "./diagram.js";
import { choose, state } from "./state.js";
import { drawGrid } from "./tables.js";
import { longDate } from "./timebar.js";

/** @typedef {import("./data.js").Point} Point */

/** @param {Point} point */
const words = (point) => `${longDate(dateOf(point.day))}, ${doc().lenses[point.lens].said}`;

/** @param {HTMLElement} main */
export function differenceView(main) {
  const drawn = picture("What changed");
  const left = picture("Before");
  const right = picture("After");
  let beside = false;
  const head = h("header.lede");
  const one = h("div.frame", null, drawn.svg);
  const two = h("div.beside", { hidden: true }, h("figure", null, h("figcaption"), h("div.frame", null, left.svg)), h("figure", null, h("figcaption"), h("div.frame", null, right.svg)));
  const toggle = h("button", { "aria-pressed": "false", onclick: () => {
    beside = !beside;
    toggle.setAttribute("aria-pressed", String(beside));
    one.hidden = beside;
    two.hidden = !beside;
    draw();
  } }, "Side by side");
  const list = h("div.grid");
  const rows = h("section");
  const foot = h("div");
  const controls = pointControls();
  fill(main, head, controls.element, h("p", null, toggle), one, two, legend(), h("h2", null, "Edges"), list, rows, foot);
  const draw = () => {
    const from = { day: state.fromDay, lens: state.fromLens };
    if (beside) {
      left.draw(from);
      right.draw(state);
      fill(/** @type {Element} */ (two.children[0].firstChild), words(from));
      fill(/** @type {Element} */ (two.children[1].firstChild), words(state));
    } else drawn.draw(state, from, true);
  };
  return (/** @type {Set<string>} */ changed) => {
    if (!["view", "day", "lens", "fromDay", "fromLens", "table", "on"].some((key) => changed.has(key))) return;
    const from = { day: state.fromDay, lens: state.fromLens };
    draw();
    if (changed.size === 1 && changed.has("on")) return;
    controls.update();
    fill(head, h("h1", null, "What changed"), h("p.standfirst", null, `From ${words(from)}, to ${words(state)}. Bright: came or changed. Struck through: went. Pale: as before.`));
    drawEdges(list, from);
    fill(rows, tableDifference(from));
    fill(foot, state.lens === from.lens || doc().lenses[state.lens].kind !== "then" ? commandLine(`deals diff --from ${dateOf(from.day)} --to ${dateOf(state.day)}${options(state).replace(/ --as-of \S+/, "")}`) : null);
  };
}

function pointControls() {
  const { days, lenses } = doc();
  const date = h("input", { type: "date", id: "from-date", min: days[0], max: days[days.length - 1], onchange: () => date.value && choose({ fromDay: dayOf(date.value) }) });
  const lens = h("select", { id: "from-known", onchange: () => choose({ fromLens: Number(lens.value) }) }, lenses.map(({ said }, index) => h("option", { value: index }, said)));
  const swap = h("button", { onclick: () => choose({ day: state.fromDay, lens: state.fromLens, fromDay: state.day, fromLens: state.lens }) }, "Swap the two");
  const element = h("div.points", null, h("label", null, "From ", date), h("label", null, "known ", lens), h("span", null, "to the point of the sliders above"), swap);
  return {
    element,
    update: () => {
      date.value = dateOf(state.fromDay);
      lens.value = String(state.fromLens);
    },
  };
}

/** @param {HTMLElement} place @param {Point} from */
function drawEdges(place, from) {
  const rows = [];
  for (const edge of doc().edges) {
    const [before, after] = [value(edge.facts, from), value(edge.facts, state)];
    if (before === after) continue;
    const said = (/** @type {number | null} */ fact) => (fact === null ? "" : (doc().facts[fact].said ?? []).join(" ") || (doc().facts[fact].rights ?? []).join(", ") || "yes");
    if (before !== null && after !== null && said(before) === said(after)) continue;
    const what = before === null ? "came" : after === null ? "went" : "changed";
    rows.push({ day: state.day, cells: [what, nameOf(edge.source, state.day), doc().verbs[edge.word] ?? edge.word, nameOf(edge.target, state.day), said(before), said(after)], open: () => choose({ on: edgeKey(edge) }) });
  }
  drawGrid(place, {
    caption: "Edges that came, went or changed", rows, name: "difference",
    columns: [{ key: "change", heading: "Change" }, { key: "source", heading: "From" }, { key: "verb", heading: "What" }, { key: "target", heading: "To" }, { key: "before", heading: "Before", right: true }, { key: "after", heading: "After", right: true }],
  });
}

/** The rows of a table that differ. @param {Point} from */
function tableDifference(from) {
  const names = Object.keys(doc().tables).filter((each) => !doc().tables[each].refused && Math.max(state.lens, from.lens) < (doc().tables[each].lenses ?? Infinity));
  if (!names.length) return null;
  const name = names.includes(state.table) ? state.table : names[0];
  const table = doc().tables[name];
  const columns = table.columns.map((column, index) => ({ ...column, index })).filter(({ wide, key }) => !wide && key !== "events");
  const rows = [];
  for (const row of table.rows) {
    const [before, after] = [at(under(row.at, from.lens), from.day), at(under(row.at, state.lens), state.day)];
    const [was, is] = [before === null ? null : table.cells[before], after === null ? null : table.cells[after]];
    if (!was && !is) continue;
    const differs = columns.filter(({ index }) => JSON.stringify(exact(was?.[index], from.day)) !== JSON.stringify(exact(is?.[index], state.day)));
    if (was && is && !differs.length) continue;
    const said = (/** @type {any[] | null} */ cells, /** @type {number} */ day) => (cells ? (was && is ? differs : columns.filter(({ right }) => right)).map(({ index, heading }) => `${heading.replace(/\n/g, " ")} ${shown(cells[index], day) || "–"}`).join("; ") : "");
    rows.push({ day: state.day, cells: [!was ? "came" : is ? "changed" : "went", row.key.filter(Boolean).map((/** @type {any} */ each) => nameOf(String(each), state.day)).join(", "), said(was, from.day), said(is, state.day)], open: () => choose({ on: `row:${name}:${row.key.join("|")}` }) });
  }
  const place = h("div.grid");
  drawGrid(place, { caption: `${table.title}: what differs`, rows, name: `difference-${name}`, columns: [{ key: "change", heading: "Change" }, { key: "row", heading: "Row" }, { key: "before", heading: "Before" }, { key: "after", heading: "After" }] });
  return [
    h("h2", null, h("label", { for: "difference-table" }, "Table "), h("select", { id: "difference-table", onchange: (/** @type {any} */ event) => choose({ table: event.target.value }) }, names.map((each) => h("option", { value: each, selected: each === name || null }, doc().tables[each].title)))),
    place,
  ];
}
