// Where cash went, as bands from payers to payees; and how long rights and commitments last.

import { dateOf, doc, exact, isSeen, nameOf, numberOf, options, ordinal, recordAt, short, shown } from "./data.js";
import { commandLine, s } from "./dom.js";
import { main, partyChoice } from "./bars.js";
import { choose, state } from "./state.js";
import { drawGrid, rowsAt } from "./tables.js";
import { Sankey } from "./sankey.js";
import { broken, canvas, drawFigure, linear, mark, textLines } from "./plot.js";
import { longDate, shortDate } from "./timebar.js";

/** @typedef {{from: string, to: string, amount: number, said: string, open?: () => void}} Moved */

const MOST = 22;

/** Cash that moved between parties until the day, by pair. @param {HTMLElement} place */
export function cash(place) {
  const table = doc().tables.flows_pair;
  const { rows, day, notes } = rowsAt("flows_pair", state);
  const column = (/** @type {string} */ key) => table.columns.findIndex((each) => each.key === key);
  const [a, b, money, forth, back] = ["a", "b", "currency", "a_to_b", "b_to_a"].map(column);
  const currency = main(rows.map((row) => exact(row.cells[money], day)));
  /** @type {Moved[]} */
  const moved = [];
  for (const row of rows) {
    if (exact(row.cells[money], day) !== currency) continue;
    const [one, other] = [exact(row.cells[a], day), exact(row.cells[b], day)];
    for (const [from, to, index] of /** @type {[string, string, number][]} */ ([[one, other, forth], [other, one, back]])) {
      const amount = numberOf(exact(row.cells[index], day));
      if (amount > 0) moved.push({ from, to, amount, said: `${shown(row.cells[index], day)} ${currency}`, open: row.open });
    }
  }
  moved.sort((x, y) => y.amount - x.amount);
  const all = moved.reduce((sum, { amount }) => sum + amount, 0);
  drawFigure(place, {
    title: "The cash that moved",
    sub: `From who paid, on the left, to who was paid, by ${longDate(dateOf(day))}: ${short(all)} ${currency}. Who stands on both sides paid and was paid.`,
    said: `Cash by pair: ${moved.slice(0, 12).map(({ from, to, said }) => `${nameOf(from)} to ${nameOf(to)} ${said}`).join(", ")}.`,
    notes,
    draw: (width) => (moved.length ? drawCash(width, moved) : null),
    numbers: (grid) => drawGrid(grid, { caption: table.title, columns: table.columns, rows, name: `cash-${dateOf(day)}` }),
    foot: commandLine(table.command + options(state)),
  });
}

/** @param {number} width @param {Moved[]} moved */
function drawCash(width, moved) {
  const large = moved.slice(0, MOST);
  const small = moved.slice(MOST);
  const links = large.map((each) => ({ source: `>${each.from}`, target: `<${each.to}`, value: each.amount, each }));
  // The smaller ones are gathered by payee: what came in stays true there.
  for (const to of new Set(small.map((each) => each.to))) {
    const own = small.filter((each) => each.to === to);
    const amount = own.reduce((sum, each) => sum + each.amount, 0);
    links.push({ source: ">", target: `<${to}`, value: amount, each: { from: `${small.length} smaller payments`, to, amount, said: short(amount) } });
  }
  const nodes = [...new Set(links.flatMap(({ source, target }) => [source, target]))].map((id) => ({ id }));
  const side = Math.min(215, width * 0.31);
  const height = Math.max(360, Math.max(nodes.filter(({ id }) => id.startsWith(">")).length, nodes.filter(({ id }) => id.startsWith("<")).length) * 46);
  const graph = /** @type {any} */ (Sankey)().nodeId((/** @type {any} */ node) => node.id).nodeWidth(12).nodePadding(24).extent([[side, 8], [width - side, height - 8]])({ nodes, links });
  const name = (/** @type {string} */ id) => (id === ">" ? "smaller payments" : nameOf(id.slice(1), state.day));
  const path = (/** @type {any} */ { source, target, y0, y1 }) => {
    const middle = (source.x1 + target.x0) / 2;
    return `M${source.x1},${y0}C${middle},${y0} ${middle},${y1} ${target.x0},${y1}`;
  };
  const letters = Math.floor((side - 60) / 6.6);
  return canvas(width, height,
    graph.links.map((/** @type {any} */ link) => mark(s(`path.flow${link.each.from.includes(" ") ? ".gathered" : ""}`, { d: path(link), "stroke-width": Math.max(1, link.width) }), `${name(link.source.id)} → ${name(link.target.id)}: ${link.each.said}`, link.each.open)),
    graph.nodes.map((/** @type {any} */ node) => {
      const payer = node.id.startsWith(">");
      const lines = broken(name(node.id), Math.max(9, letters), 2);
      const x = payer ? node.x0 - 8 : node.x1 + 8;
      return s("g", null, s("rect.party", { x: node.x0, width: 12, y: node.y0, height: Math.max(1, node.y1 - node.y0) }),
        textLines([...lines.slice(0, -1), `${lines[lines.length - 1]}  ${short(node.value)}`], x, (node.y0 + node.y1) / 2, { "text-anchor": payer ? "end" : "start" }, 13));
    }));
}

/** @typedef {{kind: string, position: number, from: string, until: string | null, ended_on?: string | null, condition?: string | null, said: string, source: string, target: string, firmness?: string}} Term */

/** Rights and commitments, from when to when. @param {HTMLElement} place */
export function terms(place) {
  const date = dateOf(state.day);
  /** @type {Term[]} */
  const all = doc().series.gantt;
  const begun = all.filter((term) => term.from <= date && isSeen(recordAt(term.position)?.event ?? { effective_on: term.from }, term.position, state));
  const mine = begun.filter((term) => !state.party || term.source === state.party || term.target === state.party);
  const parties = [...new Set(begun.flatMap(({ source, target }) => [source, target]))].sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en"));
  const chosen = parties.includes(state.party) ? mine : begun;
  chosen.sort((a, b) => (a.kind === b.kind ? a.from.localeCompare(b.from) : a.kind < b.kind ? 1 : -1));
  drawFigure(place, {
    title: "How long rights and commitments last",
    sub: `Begun by ${longDate(date)}, until their end where one is stated; an open end fades.`,
    said: `${chosen.length} rights and commitments with their dates; the table has each.`,
    controls: partyChoice(["", ...parties], parties.includes(state.party) ? state.party : "", "Of: "),
    draw: (width) => (chosen.length ? drawTerms(width, chosen) : null),
    numbers: (grid) => drawGrid(grid, {
      caption: "Rights and commitments", name: `terms-${date}`,
      columns: [{ key: "kind", heading: "Kind" }, { key: "from", heading: "From" }, { key: "until", heading: "Until" }, { key: "source", heading: "By" }, { key: "target", heading: "To" }, { key: "said", heading: "What" }],
      rows: chosen.map((term) => ({ day: state.day, cells: [term.kind, term.from, term.until, [nameOf(term.source), term.source], [nameOf(term.target), term.target], whatOf(term)], open: () => choose({ on: `events:${term.position}` }) })),
    }),
    foot: commandLine(`deals rights${options(state)}`),
  });
}

/** When a term ended, or is to end; null if nothing says so. @param {Term} term */
function endOf({ until, ended_on }) {
  if (ended_on && ended_on <= dateOf(state.day)) return ended_on;
  if (!until) return null;
  const [year, month = "12", day = ""] = until.split("-");
  return day ? until : new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
}

/** What a term is, without the parties that stand before it. @param {Term} term */
const whatOf = (term) => term.said.replace(/^\S+ → \S+, /, "");

/** @param {number} width @param {Term[]} chosen */
function drawTerms(width, chosen) {
  const narrow = width < 620;
  const left = narrow ? 8 : Math.min(430, width * 0.4);
  const height = narrow ? 40 : 24;
  const first = ordinal(chosen.reduce((least, { from }) => (from < least ? from : least), chosen[0].from));
  const ends = chosen.map((term) => (endOf(term) ? ordinal(endOf(term) ?? "") : 0));
  const last = Math.min(Math.max(ordinal(dateOf(doc().days.length - 1)) + 900, ...ends), ordinal(dateOf(state.day)) + 366 * 12);
  const x = linear(first, last, left, width - 10);
  const top = 22;
  const bottom = top + chosen.length * height;
  const from = new Date(first * 86400000).getUTCFullYear() + 1;
  const to = new Date(last * 86400000).getUTCFullYear();
  const every = Math.ceil(((to - from + 1) * 40) / (width - left));
  const years = [];
  for (let year = from; year <= to; year += every) {
    const at = x(ordinal(`${year}-01-01`));
    years.push(s("line.grid", { x1: at, x2: at, y1: top - 4, y2: bottom }), s("text.tick", { x: at + 2, y: 12 }, year));
  }
  const rows = chosen.map((term, i) => {
    const y = top + i * height;
    const until = endOf(term);
    const open = !until;
    const end = until ? Math.min(ordinal(until), last) : last;
    const text = `${nameOf(term.source, state.day)} → ${nameOf(term.target, state.day)}: ${whatOf(term)}`;
    const label = s("text", narrow ? { x: left, y: y + 13 } : { x: left - 10, y: y + 16, "text-anchor": "end" }, broken(text, Math.floor((narrow ? width : left) / 6.9), 1)[0]);
    const over = until !== null && ordinal(until) <= ordinal(dateOf(state.day));
    const bar = s("rect", { class: `term ${term.kind}${open ? " open" : ""}${over ? " over" : ""}`, x: x(ordinal(term.from)), y: y + (narrow ? 19 : 6), width: Math.max(3, x(end) - x(ordinal(term.from))), height: 12, rx: 2, fill: open ? `url(#open-${term.kind})` : null });
    return mark(s("g", null, label, bar), `${text}; ${shortDate(term.from)} to ${until ? shortDate(until) : (term.condition ?? "no stated end")}`, () => choose({ on: `events:${term.position}` }));
  });
  const fade = (/** @type {string} */ kind, /** @type {string} */ paint) => s("linearGradient", { id: `open-${kind}` }, s("stop", { offset: "0.3", "stop-color": paint }), s("stop", { offset: "1", "stop-color": paint, "stop-opacity": 0.05 }));
  const now = x(ordinal(dateOf(state.day)));
  return canvas(width, bottom + 8, s("defs", null, fade("right", "var(--right)"), fade("commitment", "var(--revenue)")), years, s("line.cursor", { x1: now, x2: now, y1: top - 4, y2: bottom }), rows);
}
