// Two sliders: the date in the world, and what was known. Their stops are the days and lenses of the document.

import { dateOf, doc, dayOf, ordinal, recordAt } from "./data.js";
import { announce, fill, h, s } from "./dom.js";
import { choose, state } from "./state.js";

const LONG = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** @param {string} date */
export const longDate = (date) => (date ? LONG.format(new Date(`${date}T00:00:00Z`)) : "");
/** @param {string} date */
export const shortDate = (date) => (date ? SHORT.format(new Date(`${date}T00:00:00Z`)) : "");

/** @type {{days: number[], counts: Map<number, number>}} */
const events = { days: [], counts: new Map() };

/** The days on which an event takes effect or is announced: where a step goes to. */
export function eventDays() {
  if (events.days.length) return events.days;
  /** @type {Set<number>} */
  const found = new Set();
  const { bodies } = doc().record;
  const first = dateOf(0);
  for (let position = 1; position <= bodies.length; position++) {
    const event = recordAt(position)?.event;
    if (!event?.effective_on || ["party", "rivalry"].includes(event.kind) || event.effective_on < first) continue;
    const day = dayOf(event.effective_on);
    found.add(day);
    events.counts.set(day, (events.counts.get(day) ?? 0) + 1);
    if (event.announced_on && event.announced_on >= first) found.add(dayOf(event.announced_on));
  }
  events.days = [...found].sort((a, b) => a - b);
  if (!events.days.length) events.days = doc().days.map((_, day) => day);
  return events.days;
}

/**
 * The next or previous day with an event; the same day at the ends.
 * @param {number} day
 * @param {number} way 1 or -1
 */
export function neighbour(day, way) {
  const days = eventDays();
  if (way > 0) return days.find((each) => each > day) ?? Math.max(day, doc().days.length - 1);
  let found = 0;
  for (const each of days) if (each < day) found = each;
  return found;
}

/** @param {number} way */
export function step(way) {
  choose({ day: neighbour(state.day, way) });
}

/** @type {ReturnType<typeof setInterval> | undefined} */
let playing;

/** Start or stop the play through all days with events. */
export function togglePlay() {
  if (playing) return stop();
  const last = doc().days.length - 1;
  if (state.day >= last) choose({ day: 0 });
  const pause = Math.max(60, Math.min(450, 40000 / eventDays().length));
  playing = setInterval(() => (state.day >= last ? stop() : step(1)), pause);
  showPlaying();
}

function stop() {
  clearInterval(playing);
  playing = undefined;
  showPlaying();
}

function showPlaying() {
  const button = document.getElementById("play");
  if (!button) return;
  button.textContent = playing ? "❚❚ Pause" : "▶ Play";
  button.setAttribute("aria-pressed", String(Boolean(playing)));
}

/** The lenses that are stops of the second slider, in the order of their axis; "as known now" is last. */
function stops() {
  /** @type {number[]} */
  const known = [];
  /** @type {number[]} */
  const announced = [];
  doc().lenses.forEach(({ kind }, lens) => {
    if (kind === "known") known.push(lens);
    if (kind === "announced") announced.push(lens);
  });
  const lens = doc().lenses[state.lens];
  const record = lens.kind === "known" || (lens.kind !== "announced" && axis.record);
  return [...(record && known.length ? known : announced.length ? announced : known), 0];
}

/** Which axis the second slider follows, where there are two. */
const axis = { record: false };

/** Make the bar, and return what brings it up to date. @param {HTMLElement} bar */
export function timebar(bar) {
  if (!doc().days.length) {
    bar.hidden = true;
    return () => {};
  }
  axis.record = doc().lenses.some(({ kind }) => kind === "known");
  const known = knownPart();
  fill(bar, asOfPart(), known);
  return () => {
    showAsOf();
    showKnown();
  };
}

function asOfPart() {
  const { days } = doc();
  const first = ordinal(days[0]);
  const last = ordinal(days[days.length - 1]);
  const slider = h("input", {
    type: "range", id: "asof", min: first, max: Math.max(last, first + 1), step: 1, "aria-label": "As of",
    list: null,
    oninput: () => {
      stop();
      const date = new Date(Number(slider.value) * 86400000).toISOString().slice(0, 10);
      choose({ day: dayOf(date) });
    },
    onchange: () => announce(`as of ${longDate(dateOf(state.day))}`),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      step(way);
    },
  });
  const button = (/** @type {string} */ id, /** @type {string} */ text, /** @type {string} */ said, /** @type {() => void} */ act) =>
    h("button", { id, onclick: act, title: said, "aria-label": text.length > 2 ? null : said }, text);
  return h(
    "div.axis",
    null,
    h("div.axis-head", null,
      h("label", { for: "asof" }, "As of"),
      h("output.date", { id: "asof-date", for: "asof" }),
      h("div.steps", { role: "group", "aria-label": "Step through time" },
        button("first", "⇤", "To the first day", () => (stop(), choose({ day: 0 }))),
        button("back", "←", "To the event before", () => (stop(), step(-1))),
        button("play", "▶ Play", "Play through the events", togglePlay),
        button("on", "→", "To the next event", () => (stop(), step(1))),
        button("last", "⇥", "To the last day", () => (stop(), choose({ day: days.length - 1 }))),
      ),
    ),
    h("div.track", null, activity(first, last), slider, years(first, last)),
  );
}

/** How much happened when: one bar for each month. @param {number} first @param {number} last */
function activity(first, last) {
  eventDays();
  /** @type {Map<number, number>} */
  const months = new Map();
  for (const [day, count] of events.counts) {
    const month = Math.floor((ordinal(dateOf(day)) - first) / 30.44);
    months.set(month, (months.get(month) ?? 0) + count);
  }
  const most = Math.max(1, ...months.values());
  const wide = Math.max(1, (last - first) / 30.44);
  return s("svg.activity", { viewBox: `0 0 ${wide} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
    [...months].map(([month, count]) =>
      s("rect", { x: month, width: 0.8, y: 1 - Math.sqrt(count / most), height: Math.sqrt(count / most) }),
    ),
  );
}

/** @param {number} first @param {number} last */
function years(first, last) {
  const scale = h("div.years", { "aria-hidden": "true" });
  const from = Number(dateOf(0).slice(0, 4)) + 1;
  const to = Number(doc().days[doc().days.length - 1].slice(0, 4));
  const every = Math.ceil((to - from + 1) / 12);
  for (let year = from; year <= to; year += every) {
    const mark = h("span", null, String(year));
    mark.style.left = `${(100 * (ordinal(`${year}-01-01`) - first)) / Math.max(1, last - first)}%`;
    scale.append(mark);
  }
  return scale;
}

function knownPart() {
  const slider = h("input", {
    type: "range", id: "known", min: 0, step: 1, "aria-label": "What was known",
    oninput: () => choose({ lens: stops()[Number(slider.value)] }),
  });
  const then = doc().lenses.findIndex(({ kind }) => kind === "then");
  const both = ["known", "announced"].every((kind) => doc().lenses.some((lens) => lens.kind === kind));
  return h(
    "div.axis.knowledge",
    null,
    h("div.axis-head", null,
      h("label", { for: "known" }, "Known"),
      h("output.date", { id: "known-said", for: "known" }),
      both && h("select", {
        id: "axis", "aria-label": "Along which axis",
        onchange: (/** @type {any} */ event) => {
          axis.record = event.target.value === "record";
          choose({ lens: 0 });
          showKnown();
        },
      }, h("option", { value: "record" }, "along the record"), h("option", { value: "public" }, "along announcements")),
    ),
    h("div.track", null, slider),
    then >= 0 && h("label.switch", null,
      h("input", { type: "checkbox", role: "switch", id: "then", onchange: (/** @type {any} */ event) => choose({ lens: event.target.checked ? then : 0 }) }),
      h("span", null, "only what was announced by then"),
    ),
  );
}

function showAsOf() {
  const slider = /** @type {any} */ (document.getElementById("asof"));
  const date = dateOf(state.day);
  const at = ordinal(date);
  if (dayOf(new Date(Number(slider.value) * 86400000).toISOString().slice(0, 10)) !== state.day || document.activeElement !== slider) slider.value = at;
  slider.setAttribute("aria-valuetext", longDate(date));
  /** @type {any} */ (document.getElementById("asof-date")).textContent = longDate(date);
  const part = (at - Number(slider.min)) / Math.max(1, Number(slider.max) - Number(slider.min));
  slider.style.setProperty("--part", `${100 * part}%`);
}

function showKnown() {
  const lens = doc().lenses[state.lens];
  const slider = /** @type {any} */ (document.getElementById("known"));
  const places = stops();
  const then = lens.kind === "then";
  slider.max = String(Math.max(1, places.length - 1));
  slider.value = String(then ? places.length - 1 : Math.max(0, places.indexOf(state.lens)));
  slider.disabled = then || places.length < 2;
  const said = then ? `announced by ${shortDate(dateOf(state.day))}` : lens.kind === "now" ? "all, as of now" : lens.said.replace(/^as (known )?/, "");
  slider.setAttribute("aria-valuetext", said);
  slider.style.setProperty("--part", `${(100 * Number(slider.value)) / Number(slider.max)}%`);
  /** @type {any} */ (document.getElementById("known-said")).textContent = said;
  const box = /** @type {any} */ (document.getElementById("then"));
  if (box) box.checked = then;
}
