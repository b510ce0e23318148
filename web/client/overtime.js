// Charts over time: who owns an issuer, how much money goes round, and how prices moved.

import { at, dateOf, doc, exact, nameOf, numberOf, options, ordinal, under } from "./data.js";
import { commandLine, h, s } from "./dom.js";
import { choose, state } from "./state.js";
import { drawGrid } from "./tables.js";
import { canvas, colour, colourKey, cursor, drawFigure, hatch, linear, mark, spread, textLines, broken, ticks, timeScale, valueAxis, yearAxis } from "./plot.js";
import { longDate, shortDate } from "./timebar.js";

/** @typedef {{holder: string, key: string, stakes: [number, number | null][], last: number}} Holder */

/** The issuers in the table of stakes, those with the most holders first. */
function issuers() {
  const table = doc().tables.stakes;
  if (!table) return [];
  /** @type {Map<string, number>} */
  const counts = new Map();
  const column = table.columns.findIndex(({ key }) => key === "issuer");
  for (const row of table.rows) {
    const cells = table.cells[under(row.at, 0)[1] ?? 0];
    const issuer = String(exact(cells?.[column], 0) ?? row.key[0]);
    counts.set(issuer, (counts.get(issuer) ?? 0) + under(row.at, 0).length);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([issuer]) => issuer);
}

/** How the stakes in an issuer went, holder by holder. @param {string} issuer @returns {Holder[]} */
function holdersOf(issuer) {
  const table = doc().tables.stakes;
  const [inIssuer, inHolder, inStake, inBasis] = ["issuer", "holder", "stake", "basis"].map((key) => table.columns.findIndex((column) => column.key === key));
  /** @type {Map<string, Holder>} */
  const found = new Map();
  for (const row of table.rows) {
    const history = under(row.at, state.lens);
    /** @type {[number, number | null][]} */
    const stakes = [];
    let holder = "";
    for (let i = 0; i < history.length; i += 2) {
      const index = history[i + 1];
      const cells = index === null ? null : table.cells[index];
      if (cells && (exact(cells[inIssuer], 0) !== issuer || exact(cells[inBasis], 0) === "profit-interest")) break;
      if (cells) holder = String(exact(cells[inHolder], 0));
      const stake = cells && exact(cells[inStake], 0);
      stakes.push([Number(history[i]), cells ? (numberOf(stake)) : null]);
    }
    if (holder && !found.has(holder)) found.set(holder, { holder, key: row.key.join("|"), stakes, last: Math.max(0, ...stakes.map(([, stake]) => stake || 0)) });
  }
  return [...found.values()].sort((a, b) => b.last - a.last);
}

/** @param {Holder} holder @param {number} day null: not in the table; NaN: stake not known */
function stakeAt(holder, day) {
  let found = null;
  for (const [since, stake] of holder.stakes) if (since <= day) found = stake;
  return found;
}

const MOST = 7;

/** Who owns an issuer, stacked to 100 %, with what nobody disclosed drawn as such. @param {HTMLElement} place */
export function ownership(place) {
  const all = issuers();
  const issuer = all.includes(state.issuer) ? state.issuer : (all[0] ?? "");
  const holders = issuer ? holdersOf(issuer) : [];
  const known = holders.filter(({ last }) => last > 0);
  const named = known.slice(0, MOST);
  const rest = known.slice(MOST);
  const days = [...new Set(holders.flatMap(({ stakes }) => stakes.map(([day]) => day)))].sort((a, b) => a - b);
  const first = days[0] ?? 0;
  const choice = h("p", null, h("label", null, "Owned: ", h("select", { onchange: (/** @type {any} */ event) => choose({ issuer: event.target.value }) }, all.map((each) => h("option", { value: each, selected: each === issuer || null }, nameOf(each))))));
  const layers = [...named.map((holder) => ({ name: nameOf(holder.holder), of: (/** @type {number} */ day) => stakeAt(holder, day) || 0, key: holder.key })),
    ...(rest.length ? [{ name: `${rest.length} more`, of: (/** @type {number} */ day) => rest.reduce((sum, each) => sum + (stakeAt(each, day) || 0), 0), key: "" }] : [])];
  const invested = holders.length - known.length;
  drawFigure(place, {
    title: issuer ? `Who owns ${nameOf(issuer, state.day)}` : "Who owns whom",
    sub: issuer ? `Stakes as they are stated or follow from rounds, without mere shares of profits; hatched is what nobody disclosed. The line is ${longDate(dateOf(state.day))}.` : "No stakes are recorded.",
    said: issuer ? `Stakes in ${nameOf(issuer)} over time. On ${dateOf(state.day)}: ${layers.filter(({ of }) => of(state.day) > 0).map(({ name, of }) => `${name} ${(100 * of(state.day)).toFixed(1)} %`).join(", ") || "none disclosed"}.` : "No stakes.",
    controls: all.length > 1 ? choice : null,
    key: colourKey([...layers.map(({ name }, index) => /** @type {[string, string]} */ ([colour(index), name])), ["hatch", "not disclosed"]]),
    notes: invested ? [`${invested} more ${invested === 1 ? "has" : "have"} put money in without a known stake.`] : [],
    draw: (width) => (issuer ? drawStakes(width, layers, days, first) : null),
    numbers: (grid) => drawGrid(grid, {
      caption: `Stakes in ${nameOf(issuer)} by day`, name: `stakes-${issuer}-over-time`,
      columns: [{ key: "date", heading: "Since" }, ...layers.map(({ name }) => ({ key: name, heading: name, right: true })), { key: "undisclosed", heading: "not disclosed", right: true }],
      rows: days.map((day) => ({ day, cells: [dateOf(day), ...layers.map(({ of }) => percentCell(of(day))), percentCell(Math.max(0, 1 - layers.reduce((sum, { of }) => sum + of(day), 0)))] })),
    }),
    foot: commandLine(`deals stakes ${issuer}${options(state)}`),
  });
}

/** @param {number} part @returns {[string, any]} */
const percentCell = (part) => [part ? `${(100 * part).toFixed(2)} %` : "", part ? part.toFixed(6) : null];

/**
 * @param {number} width
 * @param {{name: string, of: (day: number) => number, key: string}[]} layers
 * @param {number[]} days
 * @param {number} first
 */
function drawStakes(width, layers, days, first) {
  const wide = width >= 620;
  const [left, right, top, bottom] = [44, wide ? width - 200 : width - 8, 10, 380];
  const end = doc().days.length - 1;
  const x = timeScale(left, right, first);
  const sums = days.map((day) => layers.reduce((sum, { of }) => sum + of(day), 0));
  const most = Math.max(1, ...sums);
  const y = linear(0, most, bottom, top);
  const spans = days.map((day, i) => ({ day, from: x(ordinal(dateOf(day))), to: x(ordinal(dateOf(days[i + 1] ?? end))) }));
  /** @param {(day: number) => [number, number]} edges the lower and upper edge at a day; equal: nothing */
  const outline = (edges) => {
    let path = "";
    let run = /** @type {string[]} */ ([]);
    const close = () => {
      path += run.reverse().join("") && `${run.join("")}Z`;
      run = [];
    };
    for (const { day, from, to } of spans) {
      const [low, high] = edges(day).map((each) => y(each).toFixed(1));
      if (low === high) {
        close();
        continue;
      }
      path += `${run.length ? "L" : "M"}${from.toFixed(1)},${high}H${to.toFixed(1)}`;
      run.push(`L${to.toFixed(1)},${low}H${from.toFixed(1)}`);
    }
    close();
    return path;
  };
  const upTo = (/** @type {number} */ count, /** @type {number} */ day) => layers.slice(0, count).reduce((sum, { of }) => sum + of(day), 0);
  const areas = layers.map((layer, index) => mark(s("path.band", { d: outline((day) => [upTo(index, day), upTo(index + 1, day)]), fill: colour(index) }), `${layer.name}: ${(100 * layer.of(state.day)).toFixed(2)} % on ${shortDate(dateOf(state.day))}`, layer.key ? () => choose({ on: `row:stakes:${layer.key}` }) : undefined));
  const hidden = mark(s("path.undisclosed", { d: outline((day) => [Math.min(1, upTo(layers.length, day)), 1]), fill: "url(#hatch-stakes)" }), "not disclosed");
  const lastSpan = spans[spans.length - 1];
  let below = 0;
  const labels = layers.map((layer, index) => {
    const part = layer.of(lastSpan?.day ?? 0);
    below += part;
    return { y: y(below - part / 2), text: layer.name, part, index };
  }).filter(({ part }) => part > 0);
  const undisclosed = 1 - below;
  if (undisclosed > 0.001) labels.push({ y: y(1 - undisclosed / 2), text: "not disclosed", part: undisclosed, index: -1 });
  return canvas(width, bottom + 26, hatch("hatch-stakes"),
    valueAxis([0, 0.25, 0.5, 0.75, 1], y, left, right, (value) => `${Math.round(value * 100)} %`), yearAxis(x, top, bottom, first), areas, hidden, cursor(x, top, bottom),
    wide && spread(labels, 30, bottom - 6).map(({ y: at, text, part, index }) => s("g.label", null,
      s("rect", { x: right + 10, y: at - 6, width: 10, height: 10, fill: index < 0 ? "url(#hatch-stakes)" : colour(index) }),
      textLines(broken(`${(100 * part).toFixed(1)} % ${text}`, 25), right + 26, at, {}, 13))));
}

/**
 * How much goes round, or how concentrated it is, as a line; price moves below, on their own axis.
 * @param {HTMLElement} place
 * @param {string} name of the series
 * @param {{title: string, sub: string}} words
 * @param {Node | null} [controls]
 */
export function line(place, name, words, controls = null) {
  const series = doc().series[name] ?? { points: [] };
  /** @type {[number, string, string, number[]][]} */
  const points = (series.points ?? []).filter((/** @type {any[]} */ [, value]) => value !== null);
  /** @type {[number, string, string, string, number][]} */
  const moves = series.moves ?? [];
  drawFigure(place, {
    title: series.title ?? words.title,
    sub: `${words.sub}${state.lens ? " The line is drawn as known now." : ""}`,
    controls,
    said: points.length ? `A line from ${dateOf(points[0][0])} to ${dateOf(points[points.length - 1][0])}; on ${dateOf(state.day)} it stands at ${now(points) ?? "nothing"}. Below, ${moves.length} moves of share prices.` : "No points.",
    notes: [...(series.refused ? [series.refused] : []), ...(series.notes ?? [])],
    draw: (width) => (points.length ? drawLine(width, points, moves, series.unit === "index" ? 10000 : 1) : null),
    numbers: (grid) => drawGrid(grid, {
      caption: words.title, name, columns: [{ key: "date", heading: "Date" }, { key: "value", heading: "Value", right: true }],
      rows: points.map(([day, value, said, behind]) => ({ day, cells: [dateOf(day), [said, value]], open: behind?.length ? () => choose({ on: `events:${behind.join(",")}` }) : undefined })),
    }),
    foot: series.command ? commandLine(series.command + options(state)) : null,
  });
}

/** @param {[number, string, string, number[]][]} points */
const now = (points) => points.filter(([day]) => day <= state.day).pop()?.[2];

/** @param {number} width @param {[number, string, string, number[]][]} points @param {[number, string, string, string, number][]} moves @param {number} unit */
function drawLine(width, points, moves, unit) {
  const [left, right, top, bottom] = [48, width - 70, 14, 250];
  const x = timeScale(left, right);
  const numbers = points.map(([, value]) => numberOf(value) * unit);
  const values = ticks(Math.max(...numbers));
  const y = linear(0, values[values.length - 1], bottom, top);
  const place = (/** @type {number} */ day) => x(ordinal(dateOf(day)));
  let path = "";
  points.forEach(([day], i) => {
    path += i ? `H${place(day).toFixed(1)}V${y(numbers[i]).toFixed(1)}` : `M${place(day).toFixed(1)},${y(numbers[i]).toFixed(1)}`;
  });
  path += `H${right}`;
  const here = points.filter(([day]) => day <= state.day).pop();
  const news = [...moves].sort((a, b) => Math.abs(numberOf(b[2])) - Math.abs(numberOf(a[2]))).slice(0, 30).sort((a, b) => a[0] - b[0]);
  const largest = Math.max(0.05, ...news.map(([, , move]) => Math.abs(numberOf(move))));
  const narrow = width < 520;
  const label = narrow ? 130 : Math.min(330, width * 0.45);
  const mx = linear(-largest, largest, label + 60, width - 70);
  const mTop = bottom + 72;
  return canvas(width, news.length ? mTop + news.length * 21 + 8 : bottom + 26,
    valueAxis(values, y, left, right, (value) => (unit === 1 ? `${+(100 * value).toPrecision(3)} %` : value.toLocaleString("en"))),
    yearAxis(x, top, bottom), cursor(x, top, bottom),
    s("path.line", { d: path }),
    points.map(([day, , said, behind], i) => mark(s("circle.dot", { cx: place(day), cy: y(numbers[i]), r: width / points.length > 14 ? 3.5 : 2 }), `${shortDate(dateOf(day))}: ${said}`, behind?.length ? () => choose({ on: `events:${behind.join(",")}` }) : undefined)),
    here && s("text.value", { x: Math.min(place(state.day) + 6, right + 4), y: y(numberOf(here[1]) * unit) - 7 }, here[2]),
    news.length > 0 && s("g", null,
      s("text.axis-title", { x: 0, y: mTop - 16 }, "How share prices moved on the news"),
      s("line.zero", { x1: mx(0), x2: mx(0), y1: mTop, y2: mTop + news.length * 21 }),
      news.map(([day, party, move, said, position], i) => {
        const [size, middle] = [numberOf(move), mTop + i * 21 + 10];
        return mark(s(`g.move.${size < 0 ? "down" : "up"}${day > state.day ? ".later" : ""}`, null,
          !narrow && s("text.tick", { x: 0, y: middle + 4 }, shortDate(dateOf(day))),
          s("text", { x: narrow ? 0 : 84, y: middle + 4 }, broken(nameOf(party, day), Math.floor((narrow ? label : label - 80) / 7), 1)[0]),
          s("rect.band", { x: Math.min(mx(0), mx(size)), width: Math.max(1, Math.abs(mx(size) - mx(0))), y: middle - 7, height: 14 }),
          s("text.value", { x: mx(size) + (size < 0 ? -6 : 6), y: middle + 4, "text-anchor": size < 0 ? "end" : "start" }, said)), `${nameOf(party, day)} ${said}, ${shortDate(dateOf(day))}`, () => choose({ on: `events:${position}` }));
      })));
}

/** Whether there is anything to draw. */
export const hasStakes = () => issuers().length > 0;
