// Elements, made one way: text is text, links are http or https, and nothing is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {any} Child a node, text or number; lists are opened; null and false are left out */
/** @typedef {Record<string, any>} Props */

/**
 * Make an HTML element: h("button.small", {onclick: f, "aria-pressed": true}, "Play").
 * Attributes that are null or false are left out; what begins with "on" is a listener.
 * @param {string} name a tag, with classes after dots
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement & Record<string, any>}
 */
export function h(name, props, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button") element.setAttribute("type", "button");
  dress(element, props);
  add(element, children);
  return element;
}

/**
 * Make an SVG element: s("path.edge", {d: "M0,0"}).
 * @param {string} name
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function s(name, props, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElementNS(SVG, tag);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  dress(element, props);
  add(element, children);
  return /** @type {SVGElement} */ (element);
}

/** @param {Element} element @param {Props | null | undefined} props */
function dress(element, props) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "open") {
      /** @type {any} */ (element)[key] = value;
    } else element.setAttribute(key, value === true ? "true" : String(value));
  }
}

/** @param {Element} parent @param {(Child | Child[])[]} children */
function add(parent, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replace what is in an element.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  add(parent, children);
  return parent;
}

/** @param {string} id @returns {any} the element that the shell has under this id */
export const $ = (id) => document.getElementById(id);

/**
 * Make a link to a source. What is no http or https address stays text: a ledger's URL is anybody's.
 * @param {string} url
 * @param {string} text
 */
export function link(url, text) {
  if (!isWeb(url)) return h("span.nolink", { title: "not a web address" }, text, " (", url, ")");
  return h("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, text);
}

/** @param {string} url */
export function isWeb(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

/** Say something to who listens rather than looks. @param {string} text */
export function announce(text) {
  $("live").textContent = text;
}

/**
 * Hand a file to the reader.
 * @param {string} name
 * @param {string} type
 * @param {BlobPart} content
 */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Put text on the clipboard, also where the modern way is refused. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "offscreen", value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast("Copied.");
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** Show a short message for a moment. @param {string} text */
export function toast(text) {
  const box = $("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => (box.hidden = true), 2500);
}

/**
 * Keep the place and content of a part of the page that is drawn anew when it is shown or resized.
 * @param {HTMLElement} element
 * @param {(width: number) => void} draw
 */
export function atWidth(element, draw) {
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (width && Math.abs(width - last) > 1) draw((last = width));
  }).observe(element);
}

/**
 * Make a button that says a command, and copies it.
 * @param {string} command
 */
export function commandLine(command) {
  return h(
    "p.command",
    null,
    h("span", null, "The same at a terminal: "),
    h("code", null, command),
    h("button.quiet", { onclick: () => copy(command) }, "Copy"),
  );
}
