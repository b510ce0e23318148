// What all charts share: scales, ticks, labels that do not lie on each other, and the frame around a picture.

import { dateOf, doc, ordinal, short } from "./data.js";
import { atWidth, fill, h, s } from "./dom.js";
import { state } from "./state.js";

/** The colours of a chart, told apart also by the colour-blind; the last is for the rest. */
export const colour = (/** @type {number} */ index) => `var(--c${Math.min(index, 7)})`;

/**
 * A straight scale.
 * @param {number} from @param {number} to @param {number} low @param {number} high
 */
export const linear = (from, to, low, high) => (/** @type {number} */ x) => low + ((x - from) / (to - from || 1)) * (high - low);

/** Round numbers from 0 to at least *most*. @param {number} most @param {number} [count] */
export function ticks(most, count = 4) {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const size = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 2.5, 5, 10].map((each) => each * size).find((each) => each >= rough) ?? size * 10;
  const made = [];
  for (let at = 0; at < most + by * 0.999; at += by) made.push(+at.toPrecision(12));
  return made;
}

/** The scale of days, with room for labels. @param {number} left @param {number} right @param {number} [from] a day */
export const timeScale = (left, right, from = 0) => linear(ordinal(dateOf(from)), ordinal(dateOf(doc().days.length - 1)), left, right);

/**
 * Years under a chart.
 * @param {(x: number) => number} x @param {number} top @param {number} bottom @param {number} [from] a day
 */
export function yearAxis(x, top, bottom, from = 0) {
  const first = Number(dateOf(from).slice(0, 4));
  const last = Number(dateOf(doc().days.length - 1).slice(0, 4));
  const room = x(ordinal(`${last}-01-01`)) - x(ordinal(`${first}-01-01`));
  const every = Math.max(1, Math.ceil(((last - first) * 42) / Math.max(1, room)));
  const made = [];
  for (let year = first + (dateOf(from).endsWith("-01-01") ? 0 : 1); year <= last; year += every) {
    const at = x(ordinal(`${year}-01-01`));
    made.push(s("line.grid", { x1: at, x2: at, y1: top, y2: bottom + 5 }), s("text.tick", { x: at + 3, y: bottom + 15 }, year));
  }
  return s("g.axis", null, made);
}

/**
 * Lines and numbers at the left.
 * @param {number[]} values @param {(y: number) => number} y @param {number} left @param {number} right @param {(value: number) => string} [say]
 */
export function valueAxis(values, y, left, right, say = short) {
  return s("g.axis", null, values.map((value) => [
    s("line.grid", { x1: left, x2: right, y1: y(value), y2: y(value), class: value === 0 ? "grid zero" : "grid" }),
    s("text.tick", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, say(value)),
  ]).flat());
}

/** The day of the slider, as a line. @param {(x: number) => number} x @param {number} top @param {number} bottom */
export function cursor(x, top, bottom) {
  const at = x(ordinal(dateOf(state.day)));
  return s("line.cursor", { x1: at, x2: at, y1: top, y2: bottom });
}

/**
 * Move labels apart that would lie on each other.
 * @template {{y: number}} T
 * @param {T[]} labels @param {number} gap @param {number} bottom
 */
export function spread(labels, gap, bottom) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + gap);
  let limit = bottom;
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].y = Math.min(labels[i].y, limit);
    limit = labels[i].y - gap;
  }
  return labels;
}

/** Break a name into lines of at most so many letters; the last one ends with dots. @param {string} text @param {number} letters @param {number} [most] */
export function broken(text, letters, most = 2) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (!last || last.length + word.length + 1 <= letters) lines[lines.length - 1] = last ? `${last} ${word}` : word;
    else lines.push(word);
  }
  const kept = lines.slice(0, most).map((line) => (line.length > letters ? `${line.slice(0, letters - 1)}…` : line));
  if (lines.length > most) kept[most - 1] = `${kept[most - 1].slice(0, letters - 1)}…`;
  return kept;
}

/**
 * Text of several lines, its middle at y.
 * @param {string[]} lines @param {number} x @param {number} y @param {Record<string, any>} [props] @param {number} [size]
 */
export function textLines(lines, x, y, props = {}, size = 13) {
  const top = y - ((lines.length - 1) * size) / 2 + 4;
  return s("text", props, lines.map((line, i) => s("tspan", { x, y: top + i * size }, line)));
}

/** The pattern of what is not known, and its name in the document. @param {string} id */
export const hatch = (id) => s("defs", null, s("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect.hatch-ground", { width: 6, height: 6 }), s("line.hatch-line", { x1: 0, y1: 0, x2: 0, y2: 6 })));

/**
 * A picture with a headline, what it says in words, and its numbers as a table.
 * @typedef {object} Figure
 * @property {string} title
 * @property {string} [sub]
 * @property {string} said what the picture shows, for who does not see it
 * @property {(width: number) => SVGElement | null} draw null where there is nothing to draw
 * @property {(string | Node)[]} [notes]
 * @property {(place: HTMLElement) => void} [numbers] draws the table
 * @property {Node | null} [key]
 * @property {Node | null} [foot]
 * @property {Node | null} [controls]
 */

/** @param {HTMLElement} place @param {Figure} figure */
export function drawFigure(place, figure) {
  const plot = h("div.plot");
  const numbers = h("div.grid");
  const draw = (/** @type {number} */ width) => {
    const svg = figure.draw(width);
    if (!svg) return fill(plot, h("p.empty", null, "Nothing to draw at this point."));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", figure.said);
    fill(plot, svg);
  };
  const details = h("details.numbers", { ontoggle: () => details.open && figure.numbers?.(numbers) }, h("summary", null, "The numbers of this picture"), numbers);
  fill(place, h("figure.chart", null, h("figcaption", null, h("h1", null, figure.title), figure.sub && h("p.standfirst", null, figure.sub)), figure.controls, figure.key, plot, h("ul.notes", null, (figure.notes ?? []).map((note) => h("li", null, note))), figure.numbers && details, figure.foot));
  if (plot.clientWidth) draw(plot.clientWidth);
  atWidth(plot, draw);
}

/** An svg of so many pixels. @param {number} width @param {number} height @param {...any} children */
export const canvas = (width, height, ...children) => s("svg.plotted", { viewBox: `0 0 ${width} ${height}`, width, height }, ...children);

/** What opens when it is clicked; the table beside has it for the keyboard. @param {SVGElement} element @param {string} title @param {() => void} [open] */
export function mark(element, title, open) {
  element.append(s("title", null, title));
  if (open) {
    element.classList.add("opens");
    element.addEventListener("click", open);
  }
  return element;
}

/** A key: squares of colour with names. @param {[string, string][]} entries fill and name */
export const colourKey = (entries) => h("ul.colours", null, entries.map(([paint, name]) => {
  const square = h("span.square", { "aria-hidden": "true" });
  if (paint === "hatch") square.classList.add("hatched");
  else square.style.background = paint;
  return h("li", null, square, name);
}));
