// Finding by typing, the keys that the page knows, and the help that says so.

import { doc, nameOf, recordAt, rolesOf, saidOf } from "./data.js";
import { $, fill, h } from "./dom.js";
import { edgeKey, sentence } from "./behind.js";
import { choose, state } from "./state.js";
import { step, togglePlay } from "./timebar.js";

/** @typedef {{text: string, kind: string, go: () => void, words: string}} Place */

/** @type {Place[]} */
let index = [];

function places() {
  if (index.length) return index;
  const { parties, edges, tables, record } = doc();
  /** @param {string} text @param {string} kind @param {() => void} go @param {string} [more] */
  const place = (text, kind, go, more = "") => ({ text, kind, go, words: `${text} ${more}`.toLowerCase() });
  for (const [slug, party] of Object.entries(parties)) {
    const more = [slug, party.ticker, ...(party.aliases ?? []), ...party.names.map(([, name]) => name), ...rolesOf(slug), ...(party.identifiers ?? []).flat()].join(" ");
    index.push(place(nameOf(slug), "party", () => choose({ view: "party", party: slug, other: "", on: "" }), more));
  }
  for (const edge of edges) index.push(place(sentence(edge, state.day), "edge", () => choose({ on: edgeKey(edge) }), `${edge.source} ${edge.target}`));
  for (const [name, table] of Object.entries(tables)) index.push(place(table.title, "table", () => choose({ view: "tables", table: name, sort: "", filter: "", on: "" })));
  for (let position = 1; position <= record.bodies.length; position++) {
    const event = recordAt(position)?.event;
    if (!event || event.kind === "party") continue;
    index.push(place(`${event.id}  ${saidOf(position)}`, "event", () => choose({ on: `events:${position}` }), [event.deal, event.note, event.source_title].filter(Boolean).join(" ")));
  }
  return index;
}

/** Let the reader type where to go. */
export function openSearch() {
  const dialog = $("search");
  if (dialog.open) return;
  /** @type {Place[]} */
  let found = [];
  let at = 0;
  const list = h("ul", { role: "listbox", id: "found", "aria-label": "Found" });
  const input = h("input", {
    type: "search", placeholder: "A party, an edge, a table, an event …", "aria-label": "Search", role: "combobox", "aria-controls": "found", "aria-expanded": "true", autocomplete: "off", spellcheck: "false",
    oninput: () => show(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && found[at]) go(found[at]);
      else if (event.key === "ArrowDown") mark(at + 1);
      else if (event.key === "ArrowUp") mark(at - 1);
      else return;
      event.preventDefault();
    },
  });
  const go = (/** @type {Place} */ place) => {
    dialog.close();
    place.go();
  };
  const mark = (/** @type {number} */ to) => {
    at = Math.max(0, Math.min(found.length - 1, to));
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (found.length) input.setAttribute("aria-activedescendant", `found-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = words.length ? places().filter((place) => words.every((/** @type {string} */ word) => place.words.includes(word))) : places().filter(({ kind }) => kind === "party");
    found = found.sort((a, b) => Number(b.words.startsWith(words[0] ?? "")) - Number(a.words.startsWith(words[0] ?? ""))).slice(0, 40);
    fill(list, found.map((place, i) => h("li", { role: "option", id: `found-${i}`, onclick: () => go(place) }, h("span.tag", null, place.kind), h("span", { dir: "auto" }, place.text))));
    mark(0);
  };
  fill(dialog, h("form", { method: "dialog", onsubmit: (/** @type {Event} */ event) => event.preventDefault() }, input, h("button.close", { "aria-label": "Close", onclick: () => dialog.close() }, "×")), list);
  show();
  dialog.showModal();
  input.focus();
}

/** @type {[string, string][]} */
const KEYS = [
  ["← →", "to the event before, to the next"],
  ["Home End", "to the first day, to the last"],
  ["Space", "play and stop"],
  ["/", "search for a party, an edge, a table, an event"],
  ["a", "switch: only what was announced by then"],
  ["m", "set a mark here: what came and went since is shown"],
  ["1 … 9", "to a view"],
  ["Esc", "close what is open"],
  ["?", "this help"],
];

/** Say what the page is and how it is used. */
export function openHelp() {
  const dialog = $("help");
  if (dialog.open) return;
  fill(dialog,
    h("button.close", { "aria-label": "Close", onclick: () => dialog.close() }, "×"),
    h("h2", { id: "help-title" }, "How to read this page"),
    h("p", null, "Every number here is made of recorded events. Click a line, a party, a bar or a row: what stands behind it opens, with its sources. There each event can be checked: your browser computes from its bytes whether it is in the record that the checkpoint names."),
    h("p", null, "The first slider sets the date in the world. The second sets what was known: what is recorded today may not have been known then."),
    h("p", null, "Lines: capital is blue, revenue is orange; full lines are paid, dashed ones promised, thin ones bind nobody. Parties keep their places while time moves."),
    h("table.keys", null, h("caption.offscreen", null, "Keys"), h("tbody", null, KEYS.map(([key, what]) => h("tr", null, h("th", { scope: "row" }, h("kbd", null, key)), h("td", null, what))))),
    h("p", null, "The address of the page leads back to exactly what you see. Embed a view alone with ", h("code", null, "#embed=diagram"), "."));
  dialog.showModal();
}

/** Listen to the keys. @param {string[]} views in the order of their numbers */
export function keys(views) {
  addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && state.on) return choose({ on: "" });
    // A browser that is busy leaves the focus in a dialog that was closed for a moment.
    if (target.matches("input:not([type=range], [type=checkbox]), textarea, select") && !target.closest("dialog")) return;
    const act = action(event.key, views, target);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/**
 * @param {string} key
 * @param {string[]} views
 * @param {HTMLElement} target
 * @returns {(() => void) | null}
 */
function action(key, views, target) {
  const then = doc().lenses.findIndex(({ kind }) => kind === "then");
  const moves = !target.matches("input[type=range]");
  if (key === "/") return openSearch;
  if (key === "?") return openHelp;
  if (key === "a" && then >= 0) return () => choose({ lens: state.lens === then ? 0 : then });
  if (key === "m") return () => choose({ mark: state.mark === state.day ? -1 : state.day });
  if (/^[1-9]$/.test(key) && views[Number(key) - 1]) return () => choose({ view: views[Number(key) - 1] });
  if (key === " " && !target.matches("button, a, summary, [role=button], input")) return togglePlay;
  if (!moves || target.closest(".scroller, .frame, pre, #behind")) return null;
  if (state.view === "story" && key === "ArrowRight") return () => choose({ step: Math.min(state.step + 1, (doc().story?.steps.length ?? 1) - 1) });
  if (state.view === "story" && key === "ArrowLeft") return () => choose({ step: Math.max(0, state.step - 1) });
  if (key === "ArrowRight") return () => step(1);
  if (key === "ArrowLeft") return () => step(-1);
  if (key === "Home") return () => choose({ day: 0 });
  if (key === "End") return () => choose({ day: doc().days.length - 1 });
  return null;
}
