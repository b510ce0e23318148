// The story: a text beside the page, whose steps set the date, what was known, and where to look.

import { doc } from "./data.js";
import { fill, h, link } from "./dom.js";
import { chartsView } from "./charts.js";
import { diagramView } from "./diagram.js";
import { partyView } from "./party.js";
import { choose, state } from "./state.js";
import { tablesView } from "./tables.js";

/** @typedef {(changed: Set<string>) => void} Update */

/** @type {Record<string, (main: HTMLElement) => Update>} */
const STAGES = { diagram: diagramView, table: tablesView, tables: tablesView, chart: chartsView, charts: chartsView, party: partyView };

/** @param {HTMLElement} main */
export function storyView(main) {
  const { title, steps } = doc().story;
  const text = h("article.telling", { "aria-live": "polite" });
  const stage = h("div.stage");
  let staged = "";
  let told = -1;
  /** @type {Update} */
  let inner = () => {};
  fill(main, h("div.story", null, text, stage));
  return (/** @type {Set<string>} */ changed) => {
    const step = steps[Math.min(state.step, steps.length - 1)];
    const index = steps.indexOf(step);
    if (index !== told) {
      told = index;
      tell(text, title, step, index, steps.length);
      const [kind, name] = String(step.view ?? "diagram").split(":");
      if (kind !== staged) {
        staged = kind;
        stage.replaceChildren();
        inner = (STAGES[kind] ?? diagramView)(stage);
      }
      scrollTo(0, 0);
      inner(new Set(["view", ...changed]));
      choose({
        day: step.day ?? state.day, lens: step.lens ?? state.lens, mark: -1, on: "",
        party: kind === "party" ? name : (step.focus?.[0] ?? ""),
        ...(kind.startsWith("table") ? { table: name, sort: "", filter: "" } : {}),
        ...(kind.startsWith("chart") ? { chart: name } : {}),
      });
      inner(new Set(["view", "day", "lens", "party", "table", "chart"]));
      return;
    }
    inner(changed);
  };
}

/**
 * @param {HTMLElement} place
 * @param {string} title
 * @param {any} step
 * @param {number} index
 * @param {number} count
 */
function tell(place, title, step, index, count) {
  const go = (/** @type {number} */ to) => choose({ step: to });
  fill(place,
    h("p.kicker", null, title),
    h("h1", null, step.title),
    step.blocks.map(block),
    step.behind?.length > 0 && h("p", null, h("button", { onclick: () => choose({ on: `events:${step.behind.join(",")}` }) }, `The ${step.behind.length} events behind this`)),
    h("nav.turn", { "aria-label": "The story" },
      h("button", { disabled: index === 0, onclick: () => go(index - 1) }, "← Back"),
      h("span", null, `${index + 1} of ${count}`),
      h("button.next", { disabled: index === count - 1, onclick: () => go(index + 1) }, "Next →")),
    h("ol.contents", null, doc().story.steps.map((/** @type {any} */ each, /** @type {number} */ at) => h("li", null, h("button.inline", { "aria-current": at === index ? "step" : null, onclick: () => go(at) }, each.title)))));
}

/** @param {any} said */
function block(said) {
  const tag = said.kind === "h" ? "h2" : said.kind === "li" ? "p.item" : "p";
  return h(tag, { dir: "auto" }, said.runs.map(run));
}

/** @param {any} said a text, a number that an answer gave, a link */
function run(said) {
  if (typeof said === "string") return said;
  if (said.strong) return h("strong", null, said.strong);
  if (said.link) return link(said.link, said.text ?? said.link);
  if (said.value === undefined) return "";
  if (!said.behind?.length) return h("b.figure", { title: said.command ?? null }, said.value);
  return h("button.inline.figure", { title: said.command ?? null, onclick: () => choose({ on: `events:${said.behind.join(",")}` }) }, said.value);
}
