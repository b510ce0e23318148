// The picture: every element in its place, drawn from the document's pool, changed where the point changes.

import { dateOf, doc, nameOf, options, value } from "./data.js";
import { atWidth, commandLine, download, fill, h, s } from "./dom.js";
import { edgeKey, edgeOf, sentence } from "./behind.js";
import { choose, state } from "./state.js";
import { drawGrid } from "./tables.js";
import { longDate, neighbour, shortDate } from "./timebar.js";

/** @typedef {import("./data.js").Point} Point */
/** @typedef {import("./data.js").Slot} Slot */
/** @typedef {import("./data.js").Drawn} Drawn */
/** @typedef {{slot: Slot, group: SVGElement, shown: number | null}} Place */

const TAGS = new Set(["g", "path", "polygon", "polyline", "ellipse", "text", "title", "tspan", "rect"]);
const ATTRIBUTES = new Set(["class", "d", "points", "cx", "cy", "rx", "ry", "x", "y", "width", "height", "fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight", "font-style", "transform", "textLength", "lengthAdjust"]);

/**
 * Build what the document says is to be drawn. Only shapes and text: no other tag or attribute is taken.
 * @param {Drawn | string} drawn
 * @returns {Node}
 */
export function build(drawn) {
  if (typeof drawn === "string") return document.createTextNode(drawn);
  const [tag, attributes, ...children] = drawn;
  if (!TAGS.has(tag)) return document.createTextNode("");
  const kept = Object.fromEntries(Object.entries(attributes ?? {}).filter(([key]) => ATTRIBUTES.has(key)));
  return s(tag, kept, children.map(build));
}

/** @type {Map<number, Node>} */
const pool = new Map();

/** @param {number} look */
function made(look) {
  let node = pool.get(look);
  if (!node) {
    node = build(doc().diagram.looks[look]);
    const element = /** @type {Element} */ (node);
    if (/\bedge\b/.test(element.getAttribute("class") ?? "")) {
      // What is a line of one or two pixels to the eye is 14 to the hand.
      for (const path of [...element.querySelectorAll("path")]) {
        const hit = s("path.hit", { d: path.getAttribute("d") });
        element.prepend(hit);
      }
    }
    for (const title of element.querySelectorAll("title")) title.remove();
    // Lines of text are words of one sentence to who listens.
    for (const text of element.querySelectorAll("text")) text.before(" ");
    pool.set(look, node);
  }
  return node.cloneNode(true);
}

/**
 * What each slot shows at two points, in words: came, went, changed, or nothing.
 * @param {Slot} slot
 * @param {Point} from
 * @param {Point} to
 */
export function change(slot, from, to) {
  const over = slot.edge === undefined ? slot.look : doc().edges[slot.edge].facts;
  const [before, after] = [value(over, from), value(over, to)];
  if (slot.edge === undefined) {
    const idle = (/** @type {number | null} */ look) => look === null || /\bidle\b/.test(doc().diagram.looks[look]?.[1]?.class ?? "");
    return idle(before) === idle(after) ? "" : idle(before) ? "added" : "removed";
  }
  if (before === after) return "";
  return before === null ? "added" : after === null ? "removed" : "changed";
}

/** The point since which changes are shown. */
export function since() {
  return { day: state.mark >= 0 ? state.mark : neighbour(state.day, -1), lens: state.lens };
}

/** What the reader is told of a slot. @param {Slot} slot @param {Point} point */
function said(slot, point) {
  const { day } = point;
  if (slot.edge === undefined) return nameOf(slot.party ?? "", day);
  const edge = doc().edges[slot.edge];
  const fact = doc().facts[value(edge.facts, point) ?? -1];
  return `${sentence(edge, day)}${fact?.said?.length ? `: ${fact.said.join(" ")}` : ""}`;
}

/**
 * Make a picture, and return its svg and what draws it at a point.
 * @param {string} label
 */
export function picture(label) {
  const { columns, slots } = doc().diagram;
  const size = doc().diagram.size.map(Number);
  // The key lies above the headings in the product's own picture; here it has a place of its own.
  if (size[1] < -34) [size[1], size[3]] = [-34, size[3] + size[1] + 34];
  const id = `picture-${label.replace(/\W+/g, "-")}`;
  /** @type {Place[]} */
  const places = slots.map((/** @type {Slot} */ slot) => ({ slot, group: s("g", { "data-slot": slot.id }), shown: null }));
  const svg = s("svg.picture", { viewBox: size.join(" "), role: "group", "aria-label": label, id },
    (columns ?? []).map(build),
    places.map(({ group }) => group),
  );
  const open = (/** @type {Slot} */ slot) => choose({ on: slot.edge === undefined ? `party:${slot.party}` : edgeKey(doc().edges[slot.edge]) });
  /**
   * @param {Point} point
   * @param {Point | null} [from] what changed since then is marked
   * @param {boolean} [only] what did not change is pale, as in a difference
   */
  const draw = (point, from = null, only = false) => {
    const chosen = edgeOf(state.on);
    const focus = state.on.startsWith("party:") ? state.on.slice(6) : state.view === "diagram" || state.view === "party" ? state.party : "";
    for (const place of places) {
      const { slot, group } = place;
      const mark = from ? change(slot, from, point) : "";
      const look = mark === "removed" ? (value(slot.look, /** @type {Point} */ (from)) ?? value(slot.look, point)) : value(slot.look, point);
      if (look !== place.shown) {
        place.shown = look;
        if (look === null) group.replaceChildren();
        else group.replaceChildren(made(look));
      }
      const near = !focus || (slot.edge === undefined ? slot.party === focus || touches(slot.party, focus) : ends(slot.edge, focus));
      const classes = ["slot", mark, only && !mark && "same", !near && "far", slot.edge !== undefined && slot.edge === chosen && "chosen"].filter(Boolean).join(" ");
      if (group.getAttribute("class") !== classes) group.setAttribute("class", classes);
      if (look === null) {
        if (group.hasAttribute("tabindex")) for (const name of ["tabindex", "role", "aria-label"]) group.removeAttribute(name);
      } else {
        if (!group.hasAttribute("tabindex")) {
          group.setAttribute("tabindex", "0");
          group.setAttribute("role", "button");
        }
        const text = `${said(slot, (mark === "removed" && from) || point)}${mark === "removed" ? ", no more" : ""}`;
        if (group.getAttribute("aria-label") !== text) group.setAttribute("aria-label", text);
      }
    }
  };
  const slotOf = (/** @type {Event} */ event) => {
    const group = /** @type {Element} */ (event.target).closest("[data-slot]");
    return places.find((place) => place.group === group)?.slot;
  };
  svg.addEventListener("click", (event) => {
    const slot = slotOf(event);
    if (slot) open(slot);
  });
  svg.addEventListener("keydown", (event) => {
    const slot = slotOf(event);
    if (slot && [" ", "Enter"].includes(/** @type {KeyboardEvent} */ (event).key)) {
      event.preventDefault();
      event.stopPropagation();
      open(slot);
    }
  });
  return { svg, draw, places };
}

/** @param {number} edge @param {string} party */
const ends = (edge, party) => doc().edges[edge].source === party || doc().edges[edge].target === party;

/** @type {Map<string, Set<string>>} */
const neighbours = new Map();

/** @param {string | undefined} a @param {string} b */
function touches(a, b) {
  if (!neighbours.size) {
    for (const slot of doc().diagram.slots) {
      if (slot.edge === undefined) continue;
      const { source, target } = doc().edges[slot.edge];
      for (const [one, other] of [[source, target], [target, source]]) {
        if (!neighbours.has(one)) neighbours.set(one, new Set());
        neighbours.get(one)?.add(other);
      }
    }
  }
  return neighbours.get(b)?.has(a ?? "") ?? false;
}

/** The key of the picture. */
export function legend() {
  const drawn = doc().diagram.legend;
  if (!drawn?.length) return null;
  const svg = /** @type {SVGGraphicsElement} */ (s("svg", { role: "img", "aria-label": "What lines and colours mean" }, drawn.map(build)));
  const fit = () => {
    const { x, y, width, height } = svg.getBBox();
    if (width) svg.setAttribute("viewBox", `${x - 4} ${y - 4} ${width + 8} ${height + 8}`);
  };
  atWidth(/** @type {any} */ (svg), fit);
  return h("details.legend", { open: innerWidth > 700 }, h("summary", null, "Key"), svg);
}

/** Show the diagram with the list of its edges. @param {HTMLElement} main */
export function diagramView(main) {
  const { size } = doc().diagram;
  const { svg, draw } = picture("The web of deals");
  let zoom = 1;
  const frame = h("div.frame", { tabindex: "0", role: "region", "aria-label": "The picture; it scrolls" }, svg);
  const scale = (/** @type {number} */ by) => {
    zoom = by ? Math.min(4, Math.max(1, zoom * by)) : 1;
    svg.style.width = `${zoom * 100}%`;
  };
  const head = h("header.lede");
  const news = h("div.news", { id: "changes" });
  const button = (/** @type {string} */ text, /** @type {string} */ said, /** @type {() => void} */ act) => h("button", { title: said, "aria-label": said, onclick: act }, text);
  const tools = h("div.picture-tools", { role: "group", "aria-label": "The picture" },
    button("−", "Smaller", () => scale(1 / 1.3)), button("+", "Larger", () => scale(1.3)), button("⤢", "As wide as the page", () => scale(0)),
    h("button", { onclick: () => download(`web-${dateOf(state.day)}.svg`, "image/svg+xml", alone(svg)) }, "SVG"),
  );
  const list = h("div.grid");
  const edges = h("section.edges", { "aria-labelledby": "edges-title" }, h("h2", { id: "edges-title" }, "The same as a list"), list, h("div.foot"));
  const drawing = h("section.drawing", { "aria-label": "Diagram" }, tools, frame, news, legend());
  // A narrow screen shows the list first: a picture of forty lines is small there, and scrolls.
  fill(main, head, innerWidth <= 700 ? [edges, drawing] : [drawing, edges]);
  if (innerWidth <= 700) svg.style.minWidth = `${Math.min(1100, size[2])}px`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const slow = () => {
    drawEdges(list);
    fill(/** @type {Element} */ (edges.querySelector(".foot")), doc().diagram.command ? commandLine(doc().diagram.command + options(state)) : null);
  };
  return (/** @type {Set<string>} */ changed) => {
    if (!["view", "day", "lens", "on", "party", "mark"].some((key) => changed.has(key))) return;
    draw(state, since());
    fill(head, h("h1", null, doc().edges.length ? "Who funds, pays and owes whom" : "Nothing is recorded yet"), h("p.standfirst", null, standfirst()));
    drawNews(news);
    clearTimeout(later);
    // The list may be a moment late; the picture may not.
    if (["view", "day", "lens"].some((key) => changed.has(key))) later = setTimeout(slow, changed.has("view") ? 0 : 120);
  };
}

function standfirst() {
  const drawn = doc().diagram.slots.filter((/** @type {Slot} */ slot) => slot.edge !== undefined && value(slot.look, state) !== null).length;
  const all = doc().edges.filter((edge) => value(edge.facts, state) !== null).length;
  const lens = doc().lenses[state.lens];
  const known = lens.kind === "then" ? "only what was announced by then" : lens.said;
  return `On ${longDate(dateOf(state.day))}, ${known}. ${all ? `The picture draws ${drawn} of ${all} edges; the list has all.` : ""}`;
}

/** What came, went and changed since the mark. @param {HTMLElement} place */
function drawNews(place) {
  const from = since();
  /** @type {Record<string, import("./data.js").Edge[]>} */
  const found = { added: [], changed: [], removed: [] };
  doc().edges.forEach((edge, index) => {
    const kind = change({ id: "", edge: index, look: [] }, from, state);
    if (kind) found[kind].push(edge);
  });
  const words = { added: "came", changed: "changed", removed: "went" };
  const total = Object.values(found).reduce((sum, each) => sum + each.length, 0);
  const marked = state.mark >= 0;
  fill(place,
    h("h2", null, marked ? `Since the mark of ${shortDate(dateOf(state.mark))}` : `Since the event before, ${shortDate(dateOf(from.day))}`),
    h("p.marking", null,
      h("button", { onclick: () => choose({ mark: state.day }) }, "Set the mark here"),
      marked && h("button", { onclick: () => choose({ mark: -1 }) }, "Take the mark away")),
    total === 0 ? h("p", null, "Nothing came, went or changed.") :
    h("ul", null, Object.entries(found).flatMap(([kind, edges]) => edges.slice(0, 12).map((edge) =>
      h(`li.${kind}`, null, h("span.tag", null, /** @type {any} */ (words)[kind]), h("button.inline", { dir: "auto", onclick: () => choose({ on: edgeKey(edge) }) }, sentence(edge, state.day)))))),
    total > 36 && h("p", null, `${total} in all: see Difference.`),
  );
}

/** @param {HTMLElement} place */
function drawEdges(place) {
  const narrow = innerWidth <= 700;
  const columns = [
    { key: "sentence", heading: "What", wide: !narrow },
    { key: "source", heading: "From", wide: narrow }, { key: "verb", heading: "What", wide: narrow },
    { key: "target", heading: "To", wide: narrow }, { key: "said", heading: "How much", right: true },
    { key: "stake", heading: "Stake", right: true }, { key: "events", heading: "Events", right: true },
  ];
  const rows = [];
  for (const edge of doc().edges) {
    const fact = doc().facts[value(edge.facts, state) ?? -1];
    if (!fact) continue;
    const largest = fact.amounts?.[0]?.[1] ?? null;
    rows.push({
      day: state.day,
      cells: [sentence(edge, state.day), [nameOf(edge.source, state.day), edge.source], doc().verbs[edge.word] ?? edge.word, [nameOf(edge.target, state.day), edge.target], [(fact.said ?? []).join(" ").replace(/ · [\d.]+ %/, "") || (fact.rights ?? []).join(", "), largest], [fact.stake ?? "", fact.stake && parseFloat(fact.stake)], [String((fact.events ?? []).length), (fact.events ?? []).length]],
      open: () => choose({ on: edgeKey(edge) }),
      size: Number(largest ?? 0),
    });
  }
  rows.sort((a, b) => b.size - a.size);
  drawGrid(place, { caption: `All edges as of ${dateOf(state.day)}`, columns, rows, name: `edges-${dateOf(state.day)}`, sort: state.view === "diagram" ? state.sort : "", onsort: (sort) => choose({ sort }), filter: state.filter, onfilter: (filter) => choose({ filter }) });
}

/** The picture as a file of its own, with the colours that it has here. @param {SVGElement} svg */
function alone(svg) {
  const copied = /** @type {SVGElement} */ (svg.cloneNode(true));
  const [from, to] = [svg.querySelectorAll("*"), copied.querySelectorAll("*")];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family", "font-weight", "text-anchor"]) to[index].setAttribute(name, style.getPropertyValue(name));
  });
  copied.querySelectorAll(".hit").forEach((each) => each.remove());
  copied.removeAttribute("style");
  copied.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copied.insertBefore(s("title", null, `The web of deals as of ${dateOf(state.day)}, known at @${doc().lenses[state.lens].known_at}, root ${doc().ledger.root}`), copied.firstChild);
  return new XMLSerializer().serializeToString(copied);
}
