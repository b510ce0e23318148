// Proofs, checked here: that an event's bytes are in the record that a checkpoint names (RFC 9162), and
// that a checkpoint is signed by a key (Ed25519). Nothing is believed: all of it is computed again.

import { bytesOf, doc, recordAt } from "./data.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{ok: boolean, said: string, leaf: string, path: string[], root: string, expected: string}} Proof */
/** @typedef {{origin: string, size: number, root: Bytes, text: string, signatures: {name: string, id: string, signature: Bytes}[]}} Checkpoint */

const LEAF = 0;
const NODE = 1;

/** @param {Bytes} bytes */
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** @param {...(Bytes | number[])} parts @returns {Bytes} */
function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** @param {string} body */
const leafOf = (body) => sha256(joined([LEAF], new TextEncoder().encode(body)));

/** @param {Bytes} bytes */
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Bytes} a @param {Bytes} b */
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** @type {{leaves: Bytes[] | null, levels: Map<number, Bytes[][]>}} */
const kept = { leaves: null, levels: new Map() };

/** The leaf hashes that the page carries, in order. */
function leaves() {
  if (kept.leaves) return kept.leaves;
  const all = bytesOf(doc().record.leaves);
  const made = [];
  for (let i = 0; i < all.length; i += 32) made.push(all.slice(i, i + 32));
  return (kept.leaves = made);
}

/**
 * The hashes of the tree over the first *size* leaves, from the leaves up. A node without a neighbour
 * moves up as it is, which makes the tree of RFC 9162.
 * @param {number} size
 */
async function levelsOf(size) {
  const known = kept.levels.get(size);
  if (known) return known;
  let level = leaves().slice(0, size);
  const levels = [level];
  while (level.length > 1) {
    const pairs = [];
    for (let i = 0; i < level.length; i += 2) {
      pairs.push(i + 1 < level.length ? sha256(joined([NODE], level[i], level[i + 1])) : level[i]);
    }
    level = await Promise.all(pairs);
    levels.push(level);
  }
  kept.levels.set(size, levels);
  return levels;
}

/** The root over the first *size* events of the page. @param {number} size */
export async function rootOf(size) {
  if (size === 0) return sha256(new Uint8Array(0));
  return (await levelsOf(size)).at(-1)?.[0] ?? new Uint8Array(0);
}

/**
 * Check that the bytes of an event are in the record of the page's checkpoint.
 * @param {number} position
 * @returns {Promise<Proof>}
 */
export async function prove(position) {
  const { ledger, record } = doc();
  const body = record.bodies[position - 1];
  const none = { leaf: "", path: [], root: "", expected: ledger.root };
  if (body === null || body === undefined) {
    return { ...none, ok: false, said: `@${position} is not in this file, so there is nothing to check` };
  }
  const leaf = await leafOf(body);
  const levels = await levelsOf(ledger.size);
  const path = [];
  let hash = leaf;
  let index = position - 1;
  for (const level of levels.slice(0, -1)) {
    const neighbour = level[index ^ 1];
    if (neighbour) {
      hash = await sha256(index % 2 ? joined([NODE], neighbour, hash) : joined([NODE], hash, neighbour));
      path.push(`${index % 2 ? "left" : "right"} ${hex(neighbour)}`);
    }
    index >>= 1;
  }
  const expected = hex(readCheckpoint(ledger.checkpoint)?.root ?? new Uint8Array(0));
  const found = { leaf: hex(leaf), path, root: hex(hash), expected };
  const event = recordAt(position)?.event?.id ?? "an event";
  if (!same(leaf, leaves()[position - 1] ?? new Uint8Array(0))) {
    return { ...found, ok: false, said: `${event} (@${position}) is not what was recorded: its bytes were changed` };
  }
  if (found.root !== expected) {
    return { ...found, ok: false, said: `${event} (@${position}) does not lead to the checkpoint's root` };
  }
  const placed = recordAt(position)?.position;
  if (placed !== position) {
    return { ...found, ok: false, said: `${event} says that it stands at @${placed}, and lies at @${position}` };
  }
  return { ...found, ok: true, said: `${event} is number ${position} of the ${ledger.size} events that the checkpoint covers` };
}

/**
 * Check every event, and say which do not hold.
 * @param {(done: number) => void} progress
 */
export async function proveAll(progress) {
  const { ledger, record } = doc();
  /** @type {string[]} */
  const wrong = [];
  let checked = 0;
  const rootHolds = hex(await rootOf(ledger.size)) === hex(readCheckpoint(ledger.checkpoint)?.root ?? new Uint8Array(0));
  for (let position = 1; position <= record.bodies.length; position++) {
    const body = record.bodies[position - 1];
    if (body === null) continue;
    checked += 1;
    // Where all leaves make the root, an event whose bytes make its leaf leads to the root.
    const leaf = await leafOf(body);
    if (!same(leaf, leaves()[position - 1] ?? new Uint8Array(0))) wrong.push(`${recordAt(position)?.event?.id ?? "an event"} (@${position}) is not what was recorded`);
    if (position % 200 === 0) progress(position);
  }
  return { checked, wrong, rootHolds };
}

/**
 * Read a checkpoint (a signed note: origin, size, root, then signatures); null if it is none.
 * @param {string} text
 * @returns {Checkpoint | null}
 */
export function readCheckpoint(text) {
  const [body, signed] = text.replace(/\r/g, "").split(/\n\n/);
  const [origin, size, root] = (body ?? "").trim().split("\n");
  if (!root || !/^\d+$/.test(size)) return null;
  try {
    const signatures = (signed ?? "").split("\n").filter((line) => line.startsWith("\u2014 "));
    return {
      origin,
      size: Number(size),
      root: bytesOf(root),
      text: `${body.replace(/^\n+/, "")}\n`,
      signatures: signatures.map((line) => {
        const [, name, base64] = line.split(" ");
        const bytes = bytesOf(base64);
        return { name, id: hex(bytes.slice(0, 4)), signature: bytes.slice(4) };
      }),
    };
  } catch {
    return null;
  }
}

/**
 * Hold a checkpoint from elsewhere against the page's own record.
 * @param {string} text
 * @returns {Promise<{ok: boolean, said: string}>}
 */
export async function compareCheckpoint(text) {
  const theirs = readCheckpoint(text);
  const { ledger } = doc();
  if (!theirs) return { ok: false, said: "This is no checkpoint: it begins with the ledger's origin, the number of events and the root." };
  if (theirs.origin !== ledger.origin) return { ok: false, said: `This checkpoint is of another ledger: ${theirs.origin}` };
  if (theirs.size > ledger.size) {
    return { ok: false, said: `This checkpoint covers ${theirs.size} events, the page only ${ledger.size}: ask for a newer page.` };
  }
  const root = await rootOf(theirs.size);
  if (!same(root, theirs.root)) {
    return { ok: false, said: `The first ${theirs.size} events of this page are not those of that checkpoint.` };
  }
  const all = theirs.size === ledger.size ? "the same record" : `the first ${theirs.size} of these ${ledger.size} events, unchanged`;
  return { ok: true, said: `That checkpoint covers ${all}.` };
}

/**
 * Check that a key signed the page's checkpoint.
 * @param {string} vkey name+id+base64 of a byte for Ed25519 and the key
 * @returns {Promise<{ok: boolean, said: string}>}
 */
export async function checkSignature(vkey) {
  const [name, id, base64] = splitKey(vkey.trim());
  if (!base64) return { ok: false, said: "This is no key: it has the form NAME+ID+KEY." };
  const checkpoint = readCheckpoint(doc().ledger.checkpoint);
  try {
    const key = bytesOf(base64);
    const named = await sha256(joined(new TextEncoder().encode(`${name}\n`), key));
    if (key[0] !== 1 || hex(named.slice(0, 4)) !== id) return { ok: false, said: "This key does not fit its own id." };
    const line = checkpoint?.signatures.find((each) => each.name === name && each.id === id);
    if (!checkpoint || !line) return { ok: false, said: `The checkpoint is not signed by ${name}.` };
    const imported = await crypto.subtle.importKey("raw", key.slice(1), "Ed25519", false, ["verify"]);
    const text = new TextEncoder().encode(checkpoint.text);
    const holds = await crypto.subtle.verify("Ed25519", imported, line.signature, text);
    return holds
      ? { ok: true, said: `The checkpoint is signed by ${name} (${id}).` }
      : { ok: false, said: `The signature of ${name} is wrong.` };
  } catch {
    return { ok: false, said: "This browser cannot check Ed25519 signatures: deals verify-proof can." };
  }
}

/** A key's base64 may hold a plus of its own. @param {string} vkey */
function splitKey(vkey) {
  const found = /^(.*?)\+([0-9a-f]{8})\+(.*)$/.exec(vkey);
  return found ? [found[1], found[2], found[3]] : ["", "", ""];
}
