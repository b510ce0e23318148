// What the reader sees of proofs: a tick or a red cross, the hashes folded away, and a place to paste what
// was obtained elsewhere.

import { doc } from "./data.js";
import { announce, copy, fill, h } from "./dom.js";
import { checkSignature, compareCheckpoint, prove, proveAll, readCheckpoint } from "./proof.js";
import { choose } from "./state.js";

/**
 * The proof of one event, on demand.
 * @param {number} position
 */
export function proofPart(position) {
  const place = h("div.proof");
  const button = h("button.prove", { onclick: show }, "Check its proof");
  place.append(button);
  async function show() {
    button.disabled = true;
    const proof = await prove(position);
    announce(`${proof.ok ? "Proof holds" : "Proof fails"}: ${proof.said}`);
    fill(
      place,
      verdict(proof.ok, proof.said),
      h("details", null,
        h("summary", null, "The hashes"),
        h("dl.hashes", null,
          h("dt", null, "leaf, of the bytes in this file"), h("dd", null, proof.leaf),
          proof.path.map((each, level) => [h("dt", null, `neighbour ${level + 1}, ${each.split(" ")[0]}`), h("dd", null, each.split(" ")[1])]),
          h("dt", null, "root that they lead to"), h("dd", null, proof.root),
          h("dt", null, "root of the checkpoint"), h("dd", null, proof.expected),
        ),
        h("details", null, h("summary", null, "The bytes that are hashed"), h("pre", { tabindex: "0" }, doc().record.bodies[position - 1] ?? "")),
      ),
    );
  }
  return place;
}

/** @param {boolean} ok @param {string} said */
function verdict(ok, said) {
  return h(`p.verdict.${ok ? "holds" : "fails"}`, { role: "status" }, h("span.mark", { "aria-hidden": "true" }, ok ? "✓" : "✗"), h("span", null, ok ? "Checked in your browser: " : "Wrong: ", said, "."));
}

/** The checkpoint: who signed it, all proofs at once, and what the reader has from elsewhere. */
export function trustPart() {
  const { ledger } = doc();
  const checkpoint = readCheckpoint(ledger.checkpoint);
  const signed = h("div");
  if (ledger.vkey) checkSignature(ledger.vkey).then(({ ok, said }) => fill(signed, verdict(ok, said)));
  else {
    const names = checkpoint?.signatures.map(({ name }) => name).join(", ");
    fill(signed, h("p", null, names ? `Signed by ${names}; this page carries no key to check it with: paste theirs.` : "Nobody signed this checkpoint. Compare its root with one that you have from elsewhere."));
  }
  const all = h("div");
  const everything = h("button", {
    type: "button",
    onclick: async () => {
      everything.disabled = true;
      const { checked, wrong, rootHolds } = await proveAll((done) => fill(all, h("p", null, `${done} of ${ledger.size} …`)));
      everything.disabled = false;
      const ok = !wrong.length && rootHolds;
      const said = ok ? `all ${checked} events of this file lead to the checkpoint's root` : wrong.length ? `${wrong.length} of ${checked} events do not hold` : "the hashes of this file do not make the checkpoint's root: something was changed, added or left out";
      fill(all, verdict(ok, said), wrong.length > 0 && h("ul.wrong", null, wrong.slice(0, 20).map((each) => h("li", null, each))));
      announce(said);
    },
  }, `Check all ${ledger.size} events`);
  return h("div.trust", null,
    h("p", null, `This page carries ${ledger.size} events of the ledger ${ledger.origin}. The checkpoint names them all by one hash: who changes, adds or leaves out an event gets another one.`),
    signed, h("p", null, everything), all,
    h("details", { open: true }, h("summary", null, "The checkpoint"), h("pre.checkpoint", { tabindex: "0" }, ledger.checkpoint), h("button.quiet", { onclick: () => copy(ledger.checkpoint) }, "Copy")),
    paste("A checkpoint from elsewhere", "Paste it here: origin, size and root, with or without signatures", "Compare", compareCheckpoint),
    paste("A key from elsewhere", "NAME+ID+KEY, as deals key show prints it", "Check the signature", checkSignature),
  );
}

/**
 * @param {string} title
 * @param {string} hint
 * @param {string} act
 * @param {(text: string) => Promise<{ok: boolean, said: string}>} check
 */
function paste(title, hint, act, check) {
  const area = h("textarea", { rows: 4, "aria-label": title, placeholder: hint, spellcheck: "false" });
  const result = h("div");
  return h("section.paste", null, h("h3", null, title), area,
    h("button", { onclick: async () => {
      const { ok, said } = await check(area.value);
      fill(result, verdict(ok, said.replace(/\.$/, "")));
    } }, act), result);
}

/** The line that says up to where the page knows, and leads to the checkpoint. */
export function rootButton() {
  const { ledger } = doc();
  return h("button.inline", { title: "The checkpoint, and how to check it", onclick: () => choose({ on: "record:checkpoint" }) }, `root ${ledger.root.slice(0, 8)}`);
}
