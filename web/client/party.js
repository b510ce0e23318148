// A party's page: who it is, what it holds, owes, is owed and has granted, its part of the picture, its events.

import { dateOf, doc, eventsOf, exact, isSeen, nameOf, recordAt, rolesOf, value } from "./data.js";
import { fill, h } from "./dom.js";
import { picture } from "./diagram.js";
import { drawLog } from "./log.js";
import { choose, state } from "./state.js";
import { drawGrid, rowsAt } from "./tables.js";
import { longDate } from "./timebar.js";

/** What a party's page takes from which table: the heading, and the column that names the party. */
const PARTS = /** @type {[string, string, string][]} */ ([
  ["Who holds it", "stakes", "issuer"],
  ["What it holds", "stakes", "holder"],
  ["Cash, with whom", "flows_pair", "a|b"],
  ["What it owes: commitments to others", "commitments", "obligor"],
  ["What it is owed: commitments of others", "commitments", "beneficiary"],
  ["Rights that it has", "rights", "grantee"],
  ["Rights that it granted", "rights", "grantor"],
  ["How concentrated it is", "concentration", "party"],
  ["What it depends on", "dependencies_ties", "party"],
  ["Exposure to others", "exposure", "party"],
]);

/** @param {HTMLElement} main */
export function partyView(main) {
  let shownParty = "";
  /** @type {((changed: Set<string>) => void) | null} */
  let inner = null;
  return (/** @type {Set<string>} */ changed) => {
    const party = Object.hasOwn(doc().parties, state.party) ? state.party : "";
    if (changed.has("view") || party !== shownParty || !inner) {
      inner = party ? onePage(main, party) : everybody(main);
      shownParty = party;
      changed = new Set(["view", ...changed]);
    }
    inner(changed);
  };
}

/** @param {HTMLElement} main */
function everybody(main) {
  const place = h("div.grid");
  fill(main, h("header.lede", null, h("h1", null, "Parties"), h("p.standfirst", null, "Choose one: who it is, what it holds and owes, and everything between it and another.")), place);
  return (/** @type {Set<string>} */ changed) => {
    if (!["view", "day"].some((key) => changed.has(key))) return;
    const rows = Object.entries(doc().parties).map(([slug, party]) => ({
      day: state.day,
      cells: [[nameOf(slug, state.day), nameOf(slug, state.day)], rolesOf(slug, state.day).join(", "), slug, party.ticker ?? null, party.country ?? null, [String(eventsOf(slug).length), eventsOf(slug).length]],
      open: () => choose({ party: slug, other: "" }),
    }));
    drawGrid(place, {
      caption: "Parties", rows, name: "parties", sort: state.sort, onsort: (sort) => choose({ sort }), filter: state.filter, onfilter: (filter) => choose({ filter }),
      columns: [{ key: "name", heading: "Name" }, { key: "roles", heading: "Roles" }, { key: "party", heading: "Slug" }, { key: "ticker", heading: "Ticker" }, { key: "country", heading: "Country" }, { key: "events", heading: "Events", right: true }],
    });
  };
}

/** @param {HTMLElement} main @param {string} slug */
function onePage(main, slug) {
  const head = h("header.lede.person");
  const drawn = picture(`The deals of ${nameOf(slug)}`);
  const frame = h("div.frame", null, drawn.svg);
  const tables = h("div.parts");
  const events = h("div.grid");
  const between = h("section");
  fill(main, head, frame, between, tables, h("section.part", null, h("h2", null, "Its events"), events));
  return (/** @type {Set<string>} */ changed) => {
    if (changed.has("on")) drawn.draw(state);
    if (!["view", "day", "lens", "party", "other"].some((key) => changed.has(key))) return;
    fill(head, who(slug));
    drawn.draw(state);
    crop(drawn.svg);
    fill(between, pair(slug));
    drawParts(tables, slug);
    drawLog(events, eventsOf(slug), `Events of ${nameOf(slug)}`);
  };
}

/** Show only the part of the picture that has something to do with the party. @param {SVGElement} svg */
function crop(svg) {
  const boxes = [...svg.querySelectorAll(".slot:not(.far)")].filter((each) => each.firstChild).map((each) => /** @type {SVGGraphicsElement} */ (each).getBBox()).filter(({ width }) => width > 0);
  svg.classList.toggle("alone", true);
  const frame = /** @type {HTMLElement} */ (svg.parentElement);
  frame.hidden = boxes.length < 2;
  if (boxes.length < 2) return;
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
  const [right, bottom] = [Math.max(...boxes.map(({ x, width }) => x + width)), Math.max(...boxes.map(({ y, height }) => y + height))];
  const [wide, high] = [right - left + 30, bottom - top + 30];
  svg.setAttribute("viewBox", `${left - 15} ${top - 15} ${wide} ${high}`);
  // One unit is at most a pixel and a third: a party with one edge does not fill the page with it.
  svg.style.maxWidth = `${Math.round(wide * 1.25)}px`;
  svg.style.minWidth = `${Math.round(Math.min(wide, innerWidth < 700 ? 760 : 0))}px`;
}

/** @param {string} slug */
function who(slug) {
  const party = doc().parties[slug];
  const names = party.names.map(([, name]) => name).filter((name) => name !== nameOf(slug, state.day));
  const others = Object.keys(doc().parties).filter((each) => each !== slug).sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en"));
  const facts = [
    ["Roles", rolesOf(slug, state.day).join(", ")],
    ["Ticker", party.ticker],
    ["Country", party.country],
    ["Also called", [...new Set([...names, ...(party.aliases ?? [])])].join(", ")],
    ...(party.identifiers ?? []),
    ["In the ledger", slug],
  ].filter(([, text]) => text);
  return [
    h("p.kicker", null, h("button.inline", { onclick: () => choose({ party: "", other: "" }) }, "Parties")),
    h("h1", { dir: "auto" }, nameOf(slug, state.day)),
    h("dl.facts", null, facts.map(([name, text]) => h("div", null, h("dt", null, name), h("dd", { dir: "auto" }, text)))),
    h("p", null, h("label", { for: "other" }, "Everything between it and "),
      h("select", { id: "other", onchange: (/** @type {any} */ event) => choose({ other: event.target.value }) },
        h("option", { value: "" }, "…"), others.map((each) => h("option", { value: each, selected: each === state.other || null }, nameOf(each))))),
  ];
}

/** What lies between a party and the other that was chosen. @param {string} slug */
function pair(slug) {
  const { other } = state;
  if (!other || !Object.hasOwn(doc().parties, other)) return null;
  const both = eventsOf(slug).filter((position) => eventsOf(other).includes(position) && isSeen(recordAt(position)?.event ?? {}, position, state));
  const place = h("div.grid");
  drawLog(place, both, `Between ${nameOf(slug)} and ${nameOf(other)}`);
  const edges = doc().edges.map((edge, index) => ({ edge, index })).filter(({ edge }) => [edge.source, edge.target].sort().join() === [slug, other].sort().join());
  const now = edges.filter(({ edge }) => value(edge.facts, state) !== null);
  return h("section.part.pair", null, h("h2", null, `Between ${nameOf(slug, state.day)} and ${nameOf(other, state.day)}`),
    h("p", null, now.length ? `${now.length} kinds of ties and ${both.length} events on ${longDate(dateOf(state.day))}.` : `No tie is in force on ${longDate(dateOf(state.day))}; ${both.length} events name both.`), place);
}

/** @param {HTMLElement} place @param {string} slug */
function drawParts(place, slug) {
  const sections = [];
  for (const [title, name, keys] of PARTS) {
    const table = doc().tables[name];
    if (!table) continue;
    if (table.refused || state.lens >= (table.lenses ?? Infinity)) continue;
    const at = keys.split("|").map((key) => table.columns.findIndex((column) => column.key === key)).filter((index) => index >= 0);
    const { rows, day } = rowsAt(name, state);
    const own = rows.filter((row) => at.some((index) => exact(row.cells[index], day) === slug));
    if (!own.length) continue;
    const grid = h("div.grid");
    const columns = table.columns.map((column, index) => (at.length === 1 && index === at[0] ? { ...column, wide: true } : column.key === "issuer" ? { ...column, wide: false } : column));
    drawGrid(grid, { caption: `${title}: ${nameOf(slug)}`, columns, rows: own, name: `${slug}-${name}` });
    sections.push(h("section.part", null, h("h2", null, title), grid));
  }
  fill(place, sections);
}
