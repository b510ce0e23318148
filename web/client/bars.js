// Charts of bars: what falls due by year and who bears it, who is exposed, and where revenue came from.

import { dateOf, doc, exact, nameOf, numberOf, options, shown, short, value } from "./data.js";
import { commandLine, h, s } from "./dom.js";
import { choose, state } from "./state.js";
import { answerOf, drawGrid, markOf, rowsAt, sectionOf } from "./tables.js";
import { broken, canvas, colour, colourKey, drawFigure, linear, mark, textLines, ticks, valueAxis } from "./plot.js";
import { longDate } from "./timebar.js";

/** @typedef {[string, number | null, string, string, string, string]} Due party, year, currency, layer, exact, shown */

/** The currency of most rows; sums of two would be none. @param {string[]} currencies */
export function main(currencies) {
  const counts = new Map();
  for (const each of currencies) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

/** Commitments by the year in which they fall due, by who bears them. @param {HTMLElement} place */
export function due(place) {
  const series = doc().series.due;
  const point = { day: markOf(series, state.day), lens: state.lens < (series.lenses ?? Infinity) ? state.lens : 0 };
  /** @type {Due[]} */
  const all = series.dues?.[value(series.bars, point) ?? -1] ?? [];
  const currency = main(all.map((bar) => bar[2]));
  const bars = all.filter((bar) => bar[2] === currency);
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const [bearer, , , , amount] of bars) sums.set(bearer, (sums.get(bearer) ?? 0) + Number(amount));
  const ranked = [...sums].sort((a, b) => b[1] - a[1]).map(([bearer]) => bearer);
  const named = ranked.slice(0, 7);
  const rank = (/** @type {string} */ bearer) => (named.includes(bearer) ? named.indexOf(bearer) : 7);
  drawFigure(place, {
    title: "What falls due, and who bears it",
    sub: `Open commitments on ${longDate(dateOf(point.day))}, ${doc().lenses[point.lens].said}, by year, in ${currency || "money"}. Hatched: announced, not signed.`,
    said: `Commitments by year: ${yearsOf(bars).map((year) => `${year ?? "no dates"} ${short(total(bars, year))}`).join(", ")}.`,
    key: colourKey([...named.map((bearer, i) => /** @type {[string, string]} */ ([colour(i), nameOf(bearer, state.day)])), ...(ranked.length > 7 ? [/** @type {[string, string]} */ ([colour(7), `${ranked.length - 7} more`])] : [])]),
    notes: [...(all.length > bars.length ? [`Only ${currency} is drawn; the table has every currency.`] : []), ...(series?.notes ?? [])],
    draw: (width) => (bars.length ? drawDue(width, bars, rank) : null),
    numbers: (grid) => drawGrid(grid, {
      caption: "Commitments by year and bearer", name: `due-${dateOf(state.day)}`,
      columns: [{ key: "year", heading: "Year" }, { key: "bearer", heading: "Bearer" }, { key: "layer", heading: "Layer" }, { key: "currency", heading: "Currency" }, { key: "amount", heading: "Amount", right: true }],
      rows: all.map(([bearer, year, money, layer, amount, said]) => ({ day: state.day, cells: [year ? [String(year), year] : ["no dates", null], [nameOf(bearer, state.day), bearer], layer, money, [said, amount]], open: () => openDue(bearer) })),
    }),
    foot: commandLine("deals commitments --by year" + options(point)),
  });
}

/** @param {string} bearer */
function openDue(bearer) {
  choose({ view: "party", party: bearer, other: "", on: "" });
}

/** @param {Due[]} bars @returns {(number | null)[]} */
const yearsOf = (bars) => {
  const years = [...new Set(bars.map(([, year]) => year))];
  return [...years.filter((year) => year !== null).sort((a, b) => Number(a) - Number(b)), ...(years.includes(null) ? [null] : [])];
};

/** @param {Due[]} bars @param {number | null} year */
const total = (bars, year) => bars.filter((bar) => bar[1] === year).reduce((sum, bar) => sum + Number(bar[4]), 0);

/** @param {number} width @param {Due[]} bars @param {(bearer: string) => number} rank */
function drawDue(width, bars, rank) {
  const years = yearsOf(bars);
  const [left, right, top, bottom] = [52, width - 6, 26, 350];
  const values = ticks(Math.max(...years.map((year) => total(bars, year))));
  const y = linear(0, values[values.length - 1], bottom, top);
  const gap = years.includes(null) ? 0.6 : 0;
  const step = (right - left) / (years.length + gap);
  const patterns = s("defs", null, Array.from({ length: 8 }, (_, i) => s("pattern", { id: `loose-${i}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("line", { x1: 1.5, y1: 0, x2: 1.5, y2: 6, "stroke-width": 3, stroke: colour(i) }))));
  const columns = years.map((year, place) => {
    const from = left + step * (place + (year === null ? gap : 0)) + step * 0.14;
    let below = 0;
    const own = bars.filter((bar) => bar[1] === year).sort((a, b) => (a[3] < b[3] ? 1 : a[3] > b[3] ? -1 : rank(a[0]) - rank(b[0])));
    const parts = own.map(([bearer, , currency, layer, amount, said]) => {
      const size = Number(amount);
      const rect = s("rect.band", { x: from, width: step * 0.72, y: y(below + size), height: Math.max(0.5, y(below) - y(below + size)), fill: layer === "announced" ? `url(#loose-${rank(bearer)})` : colour(rank(bearer)) });
      below += size;
      return mark(rect, `${nameOf(bearer, state.day)}, ${year ?? "no dates"}: ${said} ${currency} ${layer}`, () => openDue(bearer));
    });
    return s("g", null, parts, s("text.value", { x: from + step * 0.36, y: y(below) - 6, "text-anchor": "middle" }, short(below)), s("text.tick", { x: from + step * 0.36, y: bottom + 16, "text-anchor": "middle" }, year === null ? (step > 55 ? "no dates" : "none") : step < 34 ? `’${String(year).slice(2)}` : year));
  });
  return canvas(width, bottom + 26, patterns, valueAxis(values, y, left, right), columns);
}

/** What a party would lose, of what is recorded of it. */
const LOSSES = /** @type {[string, string][]} */ ([["hit", "of recorded revenue"], ["hit_all", "of recorded income, funding too"], ["stake", "stake that it holds"]]);

/** The tables whose names begin with a word: "exposure/openai". @param {string} word */
export const tablesOf = (word) => Object.keys(doc().tables).filter((name) => name.startsWith(`${word}/`) && !doc().tables[name].refused);

/** Who is exposed to a party, ranked. @param {HTMLElement} place */
export function exposure(place) {
  const names = tablesOf("exposure");
  const name = names.includes(`exposure/${state.party}`) ? `exposure/${state.party}` : names[0];
  const table = doc().tables[name];
  const to = nameOf(name.slice(9), state.day);
  const { rows, day, notes } = rowsAt(name, { day: state.day, lens: lensOf(table) });
  const measured = LOSSES.map(([key, unit]) => {
    const index = table.columns.findIndex((column) => column.key === key);
    const bars = index < 0 ? [] : rows.map((row) => ({ name: shown(row.cells[0], day), size: numberOf(exact(row.cells[index], day)), said: shown(row.cells[index], day), open: row.open })).filter(({ size }) => size > 0);
    return { unit, bars: bars.sort((a, b) => b.size - a.size).slice(0, 24) };
  }).filter(({ bars }) => bars.length);
  drawFigure(place, {
    title: `Who is exposed to ${to}`,
    sub: `What others would lose if ${to} stopped paying, on ${longDate(dateOf(day))}: shares of what this ledger records of them, which may be far less than all.`,
    said: measured.map(({ unit, bars }) => `${unit}: ${bars.slice(0, 10).map((bar) => `${bar.name} ${bar.said}`).join(", ")}`).join(". ") || "Nothing.",
    controls: partyChoice(names.map((each) => each.slice(9)), name.slice(9), "To: "),
    notes,
    draw: (width) => (measured.length ? drawRanked(width, measured) : null),
    numbers: (grid) => drawGrid(grid, { caption: table.title, columns: table.columns, rows, name: name.replace("/", "-"), answer: () => answerOf(name, state) }),
    foot: commandLine(table.command + options({ day, lens: lensOf(table) })),
  });
}

/** @param {{lenses?: number}} table */
const lensOf = (table) => (state.lens < (table.lenses ?? Infinity) ? state.lens : 0);

/** @param {string[]} slugs @param {string} chosen @param {string} label */
export const partyChoice = (slugs, chosen, label) => (slugs.length < 2 ? null : h("p", null, h("label", null, label, h("select", { onchange: (/** @type {any} */ event) => choose({ party: event.target.value }) }, [...slugs].sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en")).map((slug) => h("option", { value: slug, selected: slug === chosen || null }, slug ? nameOf(slug) : "everybody"))))));

/** @param {number} width @param {{unit: string, bars: {name: string, size: number, said: string, open?: () => void}[]}[]} measured */
function drawRanked(width, measured) {
  const left = Math.min(230, width * 0.38);
  const height = 26;
  let y = 0;
  const parts = measured.map(({ unit, bars }, which) => {
    const x = linear(0, Math.max(...bars.map(({ size }) => size)), left, width - 76);
    const title = s("text.axis-title", { x: left, y: (y += 22) - 6 }, unit);
    const drawn = bars.map(({ name, size, said, open }) => {
      const top = y;
      y += height;
      return mark(s("g", null,
        textLines(broken(name, Math.floor(left / 7.2), 1), left - 8, top + 12, { "text-anchor": "end" }, 12),
        s("rect.band", { x: left, y: top + 3, width: Math.max(1, x(size) - left), height: height - 8, fill: colour([3, 1, 0][which]) }),
        s("text.value", { x: x(size) + 6, y: top + 16 }, said)), `${name}: ${said} ${unit}`, open);
    });
    y += 14;
    return [title, ...drawn];
  });
  return canvas(width, y, parts.flat());
}

/** The parts of a party's revenue: what comes back from it, as intervals where the split is not known. @param {HTMLElement} place */
export function shares(place) {
  const names = tablesOf("revenue");
  const name = names.includes(`revenue/${state.party}`) ? `revenue/${state.party}` : names[0];
  const table = doc().tables[name];
  const { rows, day, notes } = rowsAt(name, { day: state.day, lens: lensOf(table) });
  const column = (/** @type {string} */ key) => table.columns.findIndex((each) => each.key === key);
  const [section, what, said, party, share] = ["section", "what", "said", "party", "share"].map(column);
  /** @type {Share[]} */
  const all = [];
  /** @type {Share} */
  const own = { word: "", size: 0, text: "", rules: [] };
  for (const row of rows) {
    const size = numberOf(exact(row.cells[share], day));
    if (Number.isNaN(size)) continue;
    const [kind, text, words] = [what, share, said].map((index) => shown(row.cells[index], day));
    const whose = shown(row.cells[party], day);
    if (kind === "least") [own.low, own.least] = [size, text];
    else if (kind === "most") [own.high, own.most] = [size, text];
    else if (shown(row.cells[section], day) === shown(rows[0].cells[section], day)) own.rules.push({ size, said: `${words}: ${text}` });
    else if (kind === "own_circular") all.push(Object.assign(own, { word: words, size, text }));
    else all.push({ word: whose ? `of it, of ${whose}` : words, size, text, rules: [], minor: Boolean(whose) });
  }
  drawFigure(place, {
    title: `Where the revenue of ${nameOf(name.slice(8), state.day)} comes from`,
    sub: `Shares of the recorded revenue on ${longDate(dateOf(day))}. Bars: in proportion. The bracket spans from the least to the most that the record allows of its own capital come round; its dots are what other rules say.`,
    said: all.map((part) => `${part.word}: ${sayShare(part)}`).join("; ") || "No revenue is recorded.",
    controls: partyChoice(names.map((each) => each.slice(8)), name.slice(8), "Of: "),
    notes,
    draw: (width) => (all.length ? drawIntervals(width, all) : null),
    numbers: (grid) => drawGrid(grid, { caption: table.title, columns: table.columns, rows, section: sectionOf(name), name: name.replace("/", "-"), answer: () => answerOf(name, state) }),
    foot: commandLine(table.command + options({ day, lens: lensOf(table) })),
  });
}

/** @typedef {{word: string, size: number, text: string, low?: number, high?: number, least?: string, most?: string, minor?: boolean, rules: {size: number, said: string}[]}} Share */

/** @param {Share} share */
const sayShare = ({ text, least, most }) => (least === undefined || least === most ? text : `${text} (${least} to ${most})`);

/** @param {number} width @param {Share[]} parts */
function drawIntervals(width, parts) {
  const left = Math.min(260, width * 0.42);
  const x = linear(0, 1, left, width - 26);
  const height = 46;
  const bottom = parts.length * height;
  return canvas(width, bottom + 22,
    [0, 0.25, 0.5, 0.75, 1].map((at) => [s("line.grid", { x1: x(at), x2: x(at), y1: 0, y2: bottom }), s("text.tick", { x: x(at), y: bottom + 15, "text-anchor": "middle" }, `${at * 100} %`)]).flat(),
    parts.map((part, i) => {
      const { word, size, low, high, rules, minor } = part;
      const middle = i * height + height / 2;
      const paint = colour(minor ? 7 : [2, 0, 3, 1, 4][i] ?? 5);
      const bracket = low !== undefined && high !== undefined && high > low;
      return mark(s("g", null,
        textLines(broken(word, Math.floor(left / 7.2)), left - 10, middle, { "text-anchor": "end", class: minor ? "tick" : null }),
        s("rect.band", { x: left, y: middle - (minor ? 5 : 9), width: Math.max(1, x(size) - left), height: minor ? 10 : 18, fill: paint }),
        bracket && s("path.bracket", { d: `M${x(low)},${middle + 8}v8H${x(high)}v-8` }),
        bracket && rules.map((rule) => mark(s("circle.rule", { cx: x(rule.size), cy: middle + 16, r: 4 }), rule.said)),
        s("text.value", { x: Math.min(x(Math.max(size, 0)) + 7, width - 150), y: middle + 4 }, sayShare(part))), `${word}: ${sayShare(part)}`);
    }));
}
