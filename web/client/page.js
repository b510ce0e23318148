// The page: reads the document, makes the frame, and lets each view draw what was chosen.

import { behindPanel } from "./behind.js";
import { chartsView } from "./charts.js";
import { dateOf, doc, load } from "./data.js";
import { diagramView } from "./diagram.js";
import { differenceView } from "./difference.js";
import { $, copy, fill, h } from "./dom.js";
import { keys, openHelp, openSearch } from "./finder.js";
import { logView } from "./log.js";
import { partyView } from "./party.js";
import { choose, fromAddress, state, watch } from "./state.js";
import { storyView } from "./story.js";
import { tablesView } from "./tables.js";
import { longDate, timebar } from "./timebar.js";
import { rootButton } from "./trust.js";

/** @typedef {(changed: Set<string>) => void} Update */

/** @type {Record<string, {title: string, show: (main: HTMLElement) => Update}>} */
const VIEWS = {
  diagram: { title: "Diagram", show: diagramView },
  charts: { title: "Charts", show: chartsView },
  tables: { title: "Tables", show: tablesView },
  party: { title: "Parties", show: partyView },
  difference: { title: "Difference", show: differenceView },
  story: { title: "Story", show: storyView },
  log: { title: "Log", show: logView },
};

/** The views that this document has. */
const views = () => Object.keys(VIEWS).filter((name) => name !== "story" || doc().story?.steps?.length);

/** @type {{name: string, update: Update}} */
const current = { name: "", update: () => {} };

function frame() {
  const { title, ledger } = doc();
  document.title = `${title ?? ledger.origin} – Deal Ledger`;
  $("name").textContent = title ?? ledger.origin;
  fill($("views"), views().map((name) => h("button", { id: `view-${name}`, onclick: () => choose({ view: name, on: "", ...(name === "party" ? {} : { party: "" }), filter: "", sort: "" }) }, VIEWS[name].title)));
  const tool = (/** @type {string} */ id, /** @type {string} */ text, /** @type {string} */ said, /** @type {() => void} */ act) => h("button", { id, title: said, "aria-label": text.length > 1 ? null : said, onclick: act }, text);
  fill($("tools"),
    tool("open-search", "Search", "Search (/)", openSearch),
    tool("copy-link", "Link", "Copy the address of exactly this view", () => copy(location.href)),
    tool("print", "Print", "Print this view", () => print()),
    tool("theme", "◐", "Light or dark", toggleTheme),
    tool("open-help", "?", "Help (?)", openHelp));
  const left = doc().scope.left_out;
  fill($("foot"), left && h("p.warning", null, left.said, left.command ? [" ", h("code", null, left.command)] : null),
    h("p", null, `${ledger.size} events of ${ledger.origin}. Every number is computed from them; amounts are exact behind what is rounded here. `, rootButton()));
  keys(views());
  $("skip").addEventListener("click", () => $("main").focus());
}

/** Offer to read the page again when the record behind a server's page has grown. */
function watchRecord() {
  if (!$("data").dataset.src) return;
  const told = new EventSource("/events");
  told.addEventListener("head", (event) => {
    if (JSON.parse(event.data).size <= doc().ledger.size || document.getElementById("grown")) return;
    $("tools").prepend(h("button", { type: "button", id: "grown", onclick: () => location.reload() }, "The record has grown: read it again"));
  });
}

function toggleTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = state.theme || (dark ? "dark" : "light");
  choose({ theme: now === "dark" ? "light" : "dark" });
}

function showTheme() {
  document.documentElement.dataset.theme = state.theme;
  document.documentElement.dataset.embed = state.embed;
}

function showPoint() {
  const lens = doc().lenses[state.lens];
  fill($("point"), `As of ${longDate(dateOf(state.day))}, ${lens.kind === "then" ? "only what was announced by then" : lens.said}, @${lens.known_at}, `, rootButton());
}

/** @param {Set<string>} changed */
function showView(changed) {
  const name = views().includes(state.view) ? state.view : "diagram";
  if (name !== current.name) {
    current.name = name;
    $("main").replaceChildren();
    current.update = VIEWS[name].show($("main"));
    for (const button of $("views").children) button.setAttribute("aria-current", button.id === `view-${name}` ? "page" : "false");
    document.body.dataset.view = name;
    changed = new Set(["view", ...changed]);
  }
  current.update(changed);
}

async function start() {
  try {
    await load();
  } catch (error) {
    fill($("main"), h("p.failed", null, `This page's data cannot be read: ${error instanceof Error ? error.message : error}`));
    document.documentElement.dataset.ready = "failed";
    return;
  }
  frame();
  const updates = [showTheme, timebar($("timebar")), showPoint, showView, behindPanel($("behind"))];
  watch((changed) => updates.forEach((update) => update(changed)));
  addEventListener("hashchange", fromAddress);
  addEventListener("popstate", fromAddress);
  fromAddress();
  performance.mark("picture");
  document.documentElement.dataset.ready = "yes";
  watchRecord();
}

start();
