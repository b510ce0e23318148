// The charts, one at a time.

import { doc } from "./data.js";
import { fill, h } from "./dom.js";
import { due, exposure, partyChoice, shares, tablesOf } from "./bars.js";
import { cash, terms } from "./moved.js";
import { hasStakes, line, ownership } from "./overtime.js";
import { choose, state } from "./state.js";

/** @type {Record<string, {title: string, has: () => boolean, draw: (place: HTMLElement) => void}>} */
const CHARTS = {
  stakes: { title: "Who owns whom", has: hasStakes, draw: ownership },
  cash: { title: "Cash that moved", has: () => Boolean(doc().tables.flows_pair), draw: cash },
  due: { title: "What falls due", has: () => Boolean(doc().series.due), draw: due },
  circularity: {
    title: "Money that goes round", has: () => Boolean(doc().series.circularity?.points),
    draw: (place) => line(place, "circularity", { title: "How much of the money goes round", sub: "The share of all cash that comes back to who paid it; and how share prices moved when deals were announced." }),
  },
  concentration: { title: "Concentration", has: () => concentrations().length > 0, draw: drawConcentration },
  exposure: { title: "Who is exposed", has: () => tablesOf("exposure").length > 0, draw: exposure },
  shares: { title: "Where revenue comes from", has: () => tablesOf("revenue").length > 0, draw: shares },
  terms: { title: "Rights and terms", has: () => Boolean(doc().series.gantt), draw: terms },
};

const concentrations = () => Object.keys(doc().series).filter((name) => name.startsWith("concentration/"));

/** @param {HTMLElement} place */
function drawConcentration(place) {
  const names = concentrations();
  const name = names.includes(`concentration/${state.party}`) ? `concentration/${state.party}` : names[0];
  line(place, name, { title: "Concentration", sub: "10,000 where one has all, near 0 where many share. Below: how the share price moved when deals were announced." }, partyChoice(names.map((each) => each.slice(14)), name.slice(14), "Of: "));
}

/** @param {HTMLElement} main */
export function chartsView(main) {
  const names = Object.keys(CHARTS).filter((name) => CHARTS[name].has());
  const tabs = h("div.tabs", { role: "group", "aria-label": "Charts" });
  const place = h("section.sheet");
  fill(main, h("div.with-rail", null, tabs, place));
  return (/** @type {Set<string>} */ changed) => {
    if (!["view", "chart", "day", "lens", "issuer", "party"].some((key) => changed.has(key))) return;
    if (!names.length) return void fill(place, h("h1", null, "Charts"), h("p", null, "Nothing is recorded yet."));
    const name = names.includes(state.chart) ? state.chart : names[0];
    fill(tabs, names.map((each) => h("button", { "aria-pressed": each === name, onclick: () => choose({ chart: each }) }, CHARTS[each].title)));
    const open = place.querySelector("details.numbers[open]");
    CHARTS[name].draw(place);
    if (open && !changed.has("chart")) /** @type {any} */ (place.querySelector("details.numbers") ?? {}).open = true;
  };
}
