// The document of the page: what it holds, how it is read, and how a value is looked up at a point.

/** @typedef {(number | null)[]} History [day, value, day, value, ...]: a value holds until the next day */
/** @typedef {(History | number)[]} Over by lens; a number means: the same as that lens */
/** @typedef {[string, Record<string, string>, ...any[]]} Drawn a node to draw: tag, attributes, children */
/** @typedef {null | string | [string, any] | {until: string}} Cell */
/** @typedef {{key: string, heading: string, right?: boolean, wide?: boolean, shown_only?: boolean}} Column */
/** @typedef {{key: any[], at: Over}} TableRow */
/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string} command
 * @property {Column[]} columns
 * @property {number | null} [section] the column by which rows are grouped
 * @property {[string, string][]} [sort]
 * @property {TableRow[]} rows
 * @property {any[][]} cells
 * @property {number[][]} behind
 * @property {Record<string, Over>} [notes]
 * @property {string[][]} [said]
 * @property {Record<string, Over>} [extra]
 * @property {any[]} [extras]
 * @property {number[] | null} [marks]
 * @property {number} [lenses]
 * @property {string} [refused]
 */
/** @typedef {{kind: string, known_at: number, said: string, recorded_at?: string, announced_by?: string}} Lens */
/** @typedef {{names: [number, string][], roles: [number, string[]][], ticker?: string | null, country?: string | null, aliases?: string[], identifiers?: string[][], events: number[]}} Party */
/** @typedef {{said?: string[], amounts?: string[][], undisclosed?: number, stake?: string | null, rights?: string[], events?: number[], parts?: string[][]}} Fact */
/** @typedef {{kind: string, source: string, target: string, capital: boolean, form: string, word: string, facts: Over}} Edge */
/** @typedef {{id: string, edge?: number, party?: string, look: Over}} Slot */
/**
 * @typedef {object} Doc
 * @property {string | null} title
 * @property {{origin: string, size: number, root: string, checkpoint: string, vkey: string | null}} ledger
 * @property {{as_of: string, known_at: number, left_out: null | {said: string, command: string}}} scope
 * @property {string[]} days
 * @property {{day: number, lens: number}} start
 * @property {Lens[]} lenses
 * @property {Record<string, Party>} parties
 * @property {[number, string][]} moments
 * @property {any} diagram
 * @property {Edge[]} edges
 * @property {Fact[]} facts
 * @property {Record<string, string>} verbs
 * @property {Record<string, Table>} tables
 * @property {any} series
 * @property {{bodies: (string | null)[], leaves: string, said: string[]}} record
 * @property {any} story
 */
/** @typedef {{day: number, lens: number}} Point */
/** @typedef {Record<string, any>} Body a record: its position, moment, actor, and the event */

/** @type {{doc: Doc}} */
const held = { doc: /** @type {any} */ (null) };

/** The document, once it is loaded. */
export const doc = () => held.doc;

/** Read the document out of the page, or ask the server that the page names. */
export async function load() {
  const place = /** @type {HTMLElement} */ (document.getElementById("data"));
  const from = place.dataset.src;
  if (from) {
    const answer = await fetch(from);
    if (!answer.ok) throw new Error(`the server says ${answer.status}: ${await answer.text()}`);
    held.doc = await answer.json();
  } else {
    const packed = bytesOf(place.textContent ?? "");
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    held.doc = JSON.parse(await new Response(stream).text());
    place.textContent = "";
  }
  held.doc.tables ??= {};
  held.doc.series ??= {};
  held.doc.diagram ??= { size: [0, 0, 600, 60], slots: [], looks: [], legend: [], columns: [] };
  return held.doc;
}

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(base64) {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * The value of a history at a day, null before its first.
 * @param {History} history
 * @param {number} day
 */
export function at(history, day) {
  let low = 0;
  let high = history.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (history[2 * middle]) <= day) low = middle + 1;
    else high = middle;
  }
  return low ? history[2 * low - 1] : null;
}

/**
 * The history that holds under a lens.
 * @param {Over} over
 * @param {number} lens
 * @returns {History}
 */
export function under(over, lens) {
  let found = over[lens] ?? over[0];
  while (typeof found === "number") found = over[found];
  return found ?? [];
}

/**
 * The value at a point of both times.
 * @param {Over | undefined} over
 * @param {Point} point
 */
export const value = (over, point) => (over ? at(under(over, point.lens), point.day) : null);

/**
 * The last day on or before a date, 0 before the first.
 * @param {string} date
 */
export function dayOf(date) {
  const days = held.doc.days;
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] <= date) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Days since 1970 of a date. @param {string} date */
export const ordinal = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / 86400000);

/** @param {number} day */
export const dateOf = (day) => held.doc.days[day] ?? "";

/**
 * What a party is called at a day; before its first name, by that.
 * @param {string} slug
 * @param {number} [day]
 */
export function nameOf(slug, day = Infinity) {
  const party = held.doc.parties[slug];
  if (!party?.names?.length) return slug;
  return stood(party.names, day);
}

/**
 * The roles of a party at a day.
 * @param {string} slug
 * @param {number} [day]
 * @returns {string[]}
 */
export function rolesOf(slug, day = Infinity) {
  const party = held.doc.parties[slug];
  return party?.roles?.length ? stood(party.roles, day) : [];
}

/** @template T @param {[number, T][]} said @param {number} day @returns {T} */
function stood(said, day) {
  let found = said[0][1];
  for (const [since, value] of said) if (since <= day) found = value;
  return found;
}

/** @type {Map<number, Body | null>} */
const parsed = new Map();

/**
 * The record at a position, null where this page does not carry it or its bytes are no record.
 * @param {number} position
 * @returns {Body | null}
 */
export function recordAt(position) {
  const known = parsed.get(position);
  if (known !== undefined) return known;
  let record = null;
  try {
    record = JSON.parse(held.doc.record.bodies[position - 1] ?? "null");
  } catch {
    // A damaged body is no reason to show nothing: its proof says what is wrong.
  }
  parsed.set(position, record);
  return record;
}

/** @type {Map<string, number[]>} */
const mentions = new Map();

/** The events that name a party, in the order of the record. @param {string} slug */
export function eventsOf(slug) {
  if (!mentions.size) {
    const note = (/** @type {any} */ said, /** @type {number} */ position) => {
      if (typeof said === "string") {
        const list = mentions.get(said);
        if (list && list[list.length - 1] !== position) list.push(position);
      } else if (said && typeof said === "object") Object.values(said).forEach((each) => note(each, position));
    };
    for (const each of Object.keys(held.doc.parties)) mentions.set(each, []);
    held.doc.record.bodies.forEach((_, index) => note(recordAt(index + 1)?.event, index + 1));
  }
  return mentions.get(slug) ?? [];
}

/** @typedef {{positions: Map<string, number>, retracted: Map<string, number>, replaces: Map<string, string>}} Links */
/** @type {{links: Links | null}} */
const found = { links: null };

/** Which event stands where, which were taken back, and what took their place. */
export function links() {
  if (found.links) return found.links;
  /** @type {Links} */
  const made = { positions: new Map(), retracted: new Map(), replaces: new Map() };
  for (let position = 1; position <= held.doc.record.bodies.length; position++) {
    const event = recordAt(position)?.event;
    if (!event) continue;
    made.positions.set(event.id, position);
    if (event.kind !== "retraction") continue;
    made.retracted.set(event.retracts, position);
    if (event.replaced_by) made.replaces.set(event.replaced_by, event.retracts);
  }
  return (found.links = made);
}

/**
 * What the CLI is told to answer at the same point.
 * @param {Point} point
 */
export function options(point) {
  const lens = held.doc.lenses[point.lens];
  const known = lens.known_at < held.doc.ledger.size ? ` --known-at @${lens.known_at}` : "";
  const by = lens.kind === "then" ? dateOf(point.day) : lens.announced_by;
  return ` --as-of ${dateOf(point.day)}${known}${by ? ` --announced-by ${by}` : ""}`;
}

/** Whether an event is seen at a point: in effect, recorded and announced by then. @param {any} event @param {number} position @param {Point} point */
export function isSeen(event, position, point) {
  const lens = held.doc.lenses[point.lens];
  const date = dateOf(point.day);
  if (event.effective_on > date || position > lens.known_at) return false;
  const by = lens.kind === "then" ? date : lens.announced_by;
  return !by || (event.announced_on ?? event.effective_on) <= by;
}

/** What the log says of an event, with names for the slugs of its two sides. @param {number} position @param {number} [day] */
export const saidOf = (position, day) =>
  (held.doc.record.said[position - 1] ?? "").replace(/^(\S+) → ([^\s,]+)/, (_, from, to) => `${nameOf(from, day)} → ${nameOf(to, day)}`);

/** What a cell shows. @param {Cell | undefined} cell @param {number} day @returns {string} */
export function shown(cell, day) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "string") return cell;
  if (Array.isArray(cell)) return cell[0] ?? "";
  return daysUntil(cell.until, day).toLocaleString("en");
}

/** What a cell is in the CLI's JSON. @param {Cell | undefined} cell @param {number} day @returns {any} */
export function exact(cell, day) {
  if (cell === null || cell === undefined || typeof cell === "string") return cell ?? null;
  return Array.isArray(cell) ? cell[1] : daysUntil(cell.until, day);
}

/** A number to draw with, of an exact decimal or ratio. @param {any} exact */
export function numberOf(exact) {
  const [above, below] = String(exact ?? "NaN").split("/");
  return Number(above) / Number(below ?? 1);
}

/** @param {string} until @param {number} day */
const daysUntil = (until, day) => ordinal(until) - ordinal(dateOf(day));

/**
 * The digits of an exact amount, grouped; nothing is rounded: "30000000000.00" is "30,000,000,000.00".
 * @param {string} text
 */
export function grouped(text) {
  const [whole, rest] = String(text).split(".");
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return rest && !/^0*$/.test(rest) ? `${digits}.${rest}` : digits;
}

/** A number of an axis, in few letters. @param {number} number */
export function short(number) {
  for (const [size, letter] of /** @type {[number, string][]} */ ([
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "K"],
  ])) {
    if (Math.abs(number) >= size) return `${+(number / size).toPrecision(3)}${letter}`;
  }
  return `${+number.toPrecision(3)}`;
}
