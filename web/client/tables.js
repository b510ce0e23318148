// Tables that stay quick with thousands of rows: sorted, filtered, copied and downloaded as they are asked.

import { exact, numberOf, options, shown, under, value, at, dateOf, doc, nameOf } from "./data.js";
import { commandLine, copy, download, fill, h } from "./dom.js";
import { choose, state } from "./state.js";
import { sheet } from "./sheet.js";
import { shortDate } from "./timebar.js";

/** @typedef {import("./data.js").Column} Column */
/** @typedef {import("./data.js").Point} Point */
/** @typedef {import("./data.js").Table} Table */
/**
 * A row to show: what its cells say and are, and what opens behind it.
 * @typedef {{cells: any[], day: number, open?: () => void, key?: string}} Row
 */
/**
 * @typedef {object} Grid
 * @property {string} caption
 * @property {Column[]} columns
 * @property {Row[]} rows
 * @property {string} [name] of the files that are downloaded
 * @property {() => any} [answer] the JSON that is downloaded; made from the rows if there is none
 * @property {number | null} [section] the column by which rows are grouped
 * @property {string} [sort]
 * @property {string} [filter]
 * @property {(sort: string) => void} [onsort]
 * @property {(filter: string) => void} [onfilter]
 */

const ROW = 34;
const WHOLE = 300;

/**
 * Compare two exact values: decimals as numbers of any length, dates and words as they are read.
 * @param {any} a
 * @param {any} b
 */
export function compare(a, b) {
  const [left, right] = [plain(a), plain(b)];
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === "string" && typeof right === "string") {
    const numbers = [left, right].map((each) => /^-?\d+(\.\d+)?$/.test(each));
    if (numbers[0] && numbers[1]) return decimals(left, right);
    if (/^-?\d+\/\d+$/.test(left) || /^-?\d+\/\d+$/.test(right)) return numberOf(left) - numberOf(right);
    return left.localeCompare(right, "en", { numeric: true });
  }
  return left < right ? -1 : left > right ? 1 : String(left).localeCompare(String(right));
}

/** @param {any} each @returns {string | number | boolean | null} */
function plain(each) {
  if (Array.isArray(each)) return each.length ? plain(each[0]) : null;
  if (each && typeof each === "object") return each.amount ?? JSON.stringify(each);
  return each ?? null;
}

/** @param {string} a @param {string} b */
function decimals(a, b) {
  const places = Math.max(...[a, b].map((each) => (each.split(".")[1] ?? "").length));
  const [left, right] = [a, b].map((each) => {
    const [whole, rest = ""] = each.split(".");
    return BigInt(whole + rest.padEnd(places, "0"));
  });
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Draw a grid into *place*.
 * @param {HTMLElement} place
 * @param {Grid} grid
 */
export function drawGrid(place, grid) {
  const says = (/** @type {number} */ index) => grid.rows.some((row) => shown(row.cells[index], row.day));
  const columns = grid.columns.map((column, index) => ({ ...column, index })).filter(({ wide, index, key }) => !wide && !key.startsWith("_") && index !== grid.section && (!grid.rows.length || says(index)));
  const view = { sort: grid.sort ?? "", filter: grid.filter ?? "", facets: /** @type {Map<number, string>} */ (new Map()) };
  const box = h("div.scroller", { tabindex: "0", role: "region", "aria-label": grid.caption });
  const count = h("span.count", { role: "status" });
  const text = (/** @type {Row} */ row, /** @type {number} */ index) => shown(row.cells[index], row.day);
  const rows = () => {
    const words = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = grid.rows.filter((row) => {
      for (const [index, wanted] of view.facets) if (text(row, index) !== wanted) return false;
      if (!words.length) return true;
      const all = grid.columns.map((_, index) => text(row, index)).join(" ").toLowerCase();
      return words.every((word) => all.includes(word));
    });
    const key = view.sort.replace(/^-/, "");
    const column = grid.columns.findIndex((each) => each.key === key);
    if (column < 0) return kept;
    const way = view.sort.startsWith("-") ? -1 : 1;
    return kept
      .map((row, place) => ({ row, place, by: exact(row.cells[column], row.day) }))
      .sort((a, b) => way * compare(a.by, b.by) || a.place - b.place)
      .map(({ row }) => row);
  };
  const draw = () => {
    const chosen = rows();
    count.textContent = chosen.length === grid.rows.length ? `${chosen.length} ${chosen.length === 1 ? "row" : "rows"}` : `${chosen.length} of ${grid.rows.length} rows`;
    drawRows(box, grid, columns, chosen, view, (sort) => {
      view.sort = sort;
      grid.onsort?.(sort);
      draw();
      /** @type {HTMLElement | null} */ (box.querySelector(`[data-key="${CSS.escape(sort.replace(/^-/, ""))}"]`))?.focus();
    });
  };
  const search = h("input", {
    type: "search", placeholder: "Filter rows", "aria-label": `Filter the rows: ${grid.caption}`, value: view.filter,
    oninput: () => {
      view.filter = search.value;
      grid.onfilter?.(search.value);
      draw();
    },
  });
  const bar = h("div.grid-tools", null, search, facets(grid, columns, view, draw), count, h("span.spring"), takeAway(grid, rows));
  fill(place, bar, box);
  draw();
}

/**
 * Choices for the columns that hold few different words.
 * @param {Grid} grid
 * @param {(Column & {index: number})[]} columns
 * @param {{facets: Map<number, string>}} view
 * @param {() => void} draw
 */
function facets(grid, columns, view, draw) {
  const made = [];
  for (const { right, heading, index } of columns) {
    if (right || made.length === 3 || grid.rows.length < 8) continue;
    const words = [...new Set(grid.rows.map((row) => shown(row.cells[index], row.day)))];
    if (words.length < 2 || words.length > Math.min(14, grid.rows.length / 2) || words.some((word) => word.length > 40)) continue;
    made.push(
      h("select", {
        "aria-label": `Only: ${heading}`,
        onchange: (/** @type {any} */ event) => {
          const word = event.target.value;
          if (word === "*") view.facets.delete(index);
          else view.facets.set(index, word.slice(1));
          draw();
        },
      },
      h("option", { value: "*" }, `${heading}: all`),
      words.sort(compare).map((word) => h("option", { value: `=${word}` }, word || "–"))),
    );
  }
  return made;
}

/** @param {Grid} grid @param {() => Row[]} rows */
function takeAway(grid, rows) {
  const name = grid.name ?? "table";
  const shownRows = () => rows().map((row) => grid.columns.map((_, index) => shown(row.cells[index], row.day)));
  const exactRows = () => rows().map((row) => grid.columns.map((_, index) => exact(row.cells[index], row.day)));
  const heads = grid.columns.map(({ heading }) => heading.replace(/\s+/g, " "));
  const keys = grid.columns.map(({ key }) => key);
  const asText = () => [heads, ...shownRows()].map((row) => row.map((each) => each.replace(/[\t\n]/g, " ")).join("\t")).join("\n");
  const asCsv = () => [keys, ...exactRows()].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
  const asJson = () => JSON.stringify(grid.answer?.() ?? exactRows().map((row) => Object.fromEntries(keys.map((key, i) => [key, row[i]]))), null, 2);
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => h("button.quiet", { onclick: act }, text);
  return h("div.takeaway", { role: "group", "aria-label": "Take the table away" },
    button("Copy", () => copy(asText())),
    button("CSV", () => download(`${name}.csv`, "text/csv;charset=utf-8", asCsv())),
    button("JSON", () => download(`${name}.json`, "application/json", `${asJson()}\n`)),
    button("XLSX", () => download(`${name}.xlsx`, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet(grid.caption, heads, grid.columns, exactRows()))),
  );
}

/**
 * A cell of CSV: quoted where it must be, and never a formula in a spreadsheet.
 * @param {any} cell
 */
export function csvCell(cell) {
  let text = cell === null || cell === undefined ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
  if (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && !/^-[\d.]+$/.test(text))) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/**
 * Draw the rows: all of them, or of very many those in sight.
 * @param {HTMLElement} box
 * @param {Grid} grid
 * @param {(Column & {index: number})[]} columns
 * @param {Row[]} rows
 * @param {{sort: string}} view
 * @param {(sort: string) => void} resort
 */
function drawRows(box, grid, columns, rows, view, resort) {
  const body = h("tbody");
  const table = h("table", { "aria-rowcount": rows.length + 1 },
    h("caption.offscreen", null, grid.caption),
    h("thead", null, h("tr", null, columns.map((column) => headCell(column, view.sort, resort)))), body);
  fill(box, table);
  box.onscroll = null;
  if (!rows.length) {
    body.append(h("tr", null, h("td.empty", { colspan: columns.length }, "No rows.")));
    return;
  }
  if (rows.length <= WHOLE) {
    box.classList.remove("virtual");
    const { section } = grid;
    let last = "";
    for (const row of rows) {
      const name = section === null || section === undefined || view.sort ? "" : shown(row.cells[section], row.day);
      if (name !== last) body.append(h("tr.section", null, h("th", { colspan: columns.length, scope: "rowgroup" }, (last = name))));
      body.append(rowOf(row, columns));
    }
    return;
  }
  box.classList.add("virtual");
  let first = -1;
  const gap = (/** @type {number} */ count) => {
    const cell = h("td", { colspan: columns.length });
    cell.style.height = `${count * ROW}px`;
    return h("tr.gap", { "aria-hidden": "true" }, cell);
  };
  const window_ = () => {
    const from = Math.max(0, Math.floor(box.scrollTop / ROW) - 20);
    if (from === first || (Math.abs(from - first) < 10 && first >= 0)) return;
    first = from;
    const to = Math.min(rows.length, from + Math.ceil(box.clientHeight / ROW) + 40);
    fill(body, gap(from), rows.slice(from, to).map((row) => rowOf(row, columns)), gap(rows.length - to));
  };
  box.onscroll = window_;
  box.scrollTop = 0;
  window_();
}

/** @param {Column} column @param {string} sort @param {(sort: string) => void} resort */
function headCell(column, sort, resort) {
  const key = sort.replace(/^-/, "");
  const way = key !== column.key ? "none" : sort.startsWith("-") ? "descending" : "ascending";
  const largest = column.right ? `-${column.key}` : column.key;
  const next = way === "none" ? largest : sort === largest ? (sort.startsWith("-") ? column.key : `-${column.key}`) : "";
  return h(`th${column.right ? ".right" : ""}`, { scope: "col", "aria-sort": way },
    h("button", { "data-key": column.key, onclick: () => resort(next) }, column.heading.replace(/\n/g, " "),
      h("span.arrow", { "aria-hidden": "true" }, way === "ascending" ? "▲" : way === "descending" ? "▼" : "")));
}

/** @param {Row} row @param {(Column & {index: number})[]} columns */
function rowOf(row, columns) {
  const line = h("tr", row.open ? { onclick: row.open, class: "opens" } : null);
  columns.forEach((column, place) => {
    const said = shown(row.cells[column.index], row.day);
    const cell = h(place === 0 ? "th" : "td", { scope: place === 0 ? "row" : null, class: [column.right && "right", column.key === "events" && "ids", said.length > 30 && "long"].filter(Boolean).join(" ") || null, dir: "auto" });
    if (place === 0 && row.open) cell.append(h("button.row", { onclick: (/** @type {Event} */ event) => (event.stopPropagation(), row.open?.()) }, said || "–"));
    else cell.textContent = said || (column.right ? "–" : "");
    line.append(cell);
  });
  return line;
}

/** @type {Map<Table, boolean[]>} */
const naming = new Map();

/** Which columns name a party by its slug: all that they ever say are slugs. @param {Table} table */
function namingOf(table) {
  const known = naming.get(table);
  if (known) return known;
  const slug = (/** @type {any} */ cell) => cell === null || (typeof cell === "string" && Object.hasOwn(doc().parties, cell));
  const made = table.columns.map(({ key, right }, i) => !right && key !== "name" && table !== doc().tables.parties && table.cells.every((cells) => slug(cells[i])));
  naming.set(table, made);
  return made;
}

/** The day whose numbers a table has for a point: some are worked out only now and then. @param {Table} table @param {number} day */
export function markOf(table, day) {
  const { marks } = table;
  return marks ? (marks.filter((mark) => mark <= day).pop() ?? day) : day;
}

/**
 * The rows of a table of the document at a point, in the CLI's order.
 * @param {string} name
 * @param {Point} point
 * @returns {{rows: Row[], day: number, notes: string[], extra: any}}
 */
export function rowsAt(name, point) {
  const table = doc().tables[name];
  const day = markOf(table, point.day);
  const place = { day, lens: point.lens };
  const named = namingOf(table);
  const rows = [];
  for (const row of table.rows) {
    const index = at(under(row.at, place.lens), place.day);
    if (index === null) continue;
    const key = row.key.join("|");
    const cells = table.cells[index].map((cell, i) => (named[i] && typeof cell === "string" ? [nameOf(cell, day), cell] : cell));
    rows.push({ cells, day, key, open: () => choose({ on: `row:${name}:${key}` }) });
  }
  const by = (table.sort ?? []).map(([key, way]) => ({ index: table.columns.findIndex((column) => column.key === key), way: way === "desc" ? -1 : 1 }));
  if (by.length) {
    rows.sort((a, b) => {
      for (const { index, way } of by) {
        const [left, right] = [exact(a.cells[index], day), exact(b.cells[index], day)];
        const order = left === null || right === null ? Number(left === null) - Number(right === null) : way * compare(left, right);
        if (order) return order;
      }
      return 0;
    });
  }
  const notes = Object.values(table.notes ?? {}).flatMap((over) => table.said?.[value(over, place) ?? -1] ?? []);
  const extras = Object.values(table.extra ?? {}).map((over) => table.extras?.[value(over, place) ?? -1] ?? {});
  return { rows, day, notes: [...new Set(notes)], extra: extras.length === 1 ? extras[0] : merged(extras) };
}

/** What the parts of an answer say together: objects by their keys, lists one after the other. @param {any[]} parts */
function merged(parts) {
  /** @type {any} */
  const whole = {};
  for (const part of parts) {
    for (const [key, each] of Object.entries(part)) {
      if (Array.isArray(each)) whole[key] = [...(whole[key] ?? []), ...each];
      else if (each && typeof each === "object" && key !== "confidence") whole[key] = { ...whole[key], ...each };
      else if (typeof each === "number") whole[key] = (whole[key] ?? 0) + each;
    }
  }
  return whole;
}

/**
 * The CLI's JSON answer at a point.
 * @param {string} name
 * @param {Point} point
 */
export function answerOf(name, point) {
  const table = doc().tables[name];
  const { rows, day, extra } = rowsAt(name, point);
  const lens = doc().lenses[point.lens];
  const by = lens.kind === "then" ? dateOf(day) : lens.announced_by;
  const columns = table.columns.map((column, index) => ({ ...column, index })).filter(({ key, shown_only }) => !key.startsWith("_") && !shown_only);
  return {
    as_of: dateOf(day),
    known_at: lens.known_at,
    ...(by ? { announced_by: by } : {}),
    ...(lens.known_at === doc().ledger.size ? { root: doc().ledger.root } : {}),
    ...extra,
    rows: rows.map((row) => Object.fromEntries(columns.map(({ key, index }) => [key, exact(row.cells[index], day)]))),
  };
}

/** Why a table cannot be shown at a point, null if it can. @param {string} name @param {number} lens */
export function refusal(name, lens) {
  const table = doc().tables[name];
  if (table.refused) return table.refused;
  return lens >= (table.lenses ?? Infinity) ? `This file does not hold the table for what was known at this point (${doc().lenses[lens].said}). Ask the ledger:` : null;
}

/** The column whose word stands over a group of rows. @param {string} name */
export const sectionOf = (name) => doc().tables[name].section ?? (name === "stakes" ? 0 : null);

/** Show the tables of the document, one at a time. @param {HTMLElement} main */
export function tablesView(main) {
  const names = Object.keys(doc().tables);
  const tabs = h("div.tabs", { role: "group", "aria-label": "Tables" });
  const head = h("header.lede");
  const place = h("div.grid");
  const notes = h("ul.notes");
  const foot = h("div");
  fill(main, h("div.with-rail", null, tabs, h("section.sheet", null, head, place, notes, foot)));
  return (/** @type {Set<string>} */ changed) => {
    if (!names.length) {
      fill(head, h("h1", null, "Tables"), h("p", null, "Nothing is recorded yet."));
      return;
    }
    if (!["table", "day", "lens", "view"].some((key) => changed.has(key))) return;
    const name = names.includes(state.table) ? state.table : names[0];
    const table = doc().tables[name];
    fill(tabs, names.map((each) => h("button", { "aria-pressed": each === name, onclick: () => choose({ table: each, sort: "", filter: "" }) }, doc().tables[each].title || each)));
    const point = { day: state.day, lens: state.lens };
    const refused = refusal(name, state.lens);
    fill(foot, table.command && commandLine(table.command + options(state)));
    if (refused) {
      fill(head, h("h1", null, table.title || name), h("p.warning", null, refused));
      return void [place, notes].forEach((each) => fill(each));
    }
    const { rows, day, notes: said } = rowsAt(name, point);
    const late = day !== state.day ? ` This table is worked out at the ends of months: these are its numbers of ${shortDate(dateOf(day))}.` : "";
    fill(head, h("h1", null, table.title || name), late && h("p.warning", null, late));
    drawGrid(place, {
      caption: `${table.title}, as of ${dateOf(day)}`, columns: table.columns, rows, section: sectionOf(name), name: `${name}-${dateOf(day)}`,
      answer: () => answerOf(name, point), sort: state.sort, filter: state.filter,
      onsort: (sort) => choose({ sort }), onfilter: (filter) => choose({ filter }),
    });
    fill(notes, said.map((line) => h("li", null, line)));
    if (day !== state.day) fill(foot, commandLine(table.command + options({ day, lens: state.lens })));
  };
}
