"""What the rules of an append refuse, with the whole message that people read, and what they allow."""

from __future__ import annotations

from typing import Any

from support.given import event, funds, party, pays, promises, retracts

from dealledger.events import Event

ENDABLE = "one of commitment, right, rivalry, holding"
UNDATED = "leave them out, and it takes these"
CASCADE = "retract them too: --cascade; or deals correct"


def right(id: str) -> Event:  # noqa: A002
    return event("right", id, grantor="acme", grantee="beta", right="warrant")


def ends(id: str, *ended: str, **fields: Any) -> Event:  # noqa: A002
    return event("termination", id, ends=ended, **fields)


GIVEN = [
    promises("C", "100"),
    promises("M", "100", memo=True),
    promises("B", "100", bearers=[{"party": "core", "amount": "40"}]),
    promises("T", None),
    pays("P", "7"),
    right("R"),
    promises("gone", "100"),
    retracts("gone"),
]
"""What stands in the ledger before each case."""

TERMS = "post_money is pre_money + all that the round pays; leave out what is not sure"

CASES: list[Any] = [
    (
        "terms that contradict each other",
        [funds("x", "2000000", pre_money="8000000", post_money="12000000")],
        [
            f"amount 2000000, pre_money 8000000 and post_money 12000000 contradict each other ({TERMS})"
        ],
    ),
    (
        "a stake that its terms contradict",
        [funds("x", "2", post_money="10", stake="0.5")],
        [f"stake 0.5, amount 2 and post_money 10 contradict each other ({TERMS})"],
    ),
    ("party", [pays("x", payer="acne")], ["unknown party 'acne' (did you mean acme?)"]),
    (
        "currency that ended",
        [promises("x", currency="HRK")],
        ["HRK is not a currency since 2023-01-01, and this is of 2024-01-01 (since then: EUR)"],
    ),
    (
        "currency that had not begun",
        [event("valuation", "x", on="1998-12-31", issuer="acme", amount="1", currency="EUR")],
        ["EUR is a currency only since 1999-01-01, and this is of 1998-12-31"],
    ),
    (
        "currencies of a rate",
        [event("rate", "x", on="2026-01-01", base="BGN", quote="HRK", rate="1")],
        [
            "BGN is not a currency since 2026-01-01, and this is of 2026-01-01 (since then: EUR)",
            "HRK is not a currency since 2023-01-01, and this is of 2026-01-01 (since then: EUR)",
        ],
    ),
    (
        "two parties",
        [pays("x", payer="zzz", payee="yyy")],
        [
            "unknown party 'yyy' (--register makes it known; or: deals append party)",
            "unknown party 'zzz' (--register makes it known; or: deals append party)",
        ],
    ),
    (
        "party of a bearer",
        [promises("x", bearers=[{"party": "bete", "amount": "1"}])],
        ["unknown party 'bete' (did you mean beta?)"],
    ),
    (
        "party that comes later",
        [pays("x", payer="new"), party("new")],
        ["unknown party 'new' (--register makes it known; or: deals append party)"],
    ),
    (
        "draw on nothing",
        [promises("CCC"), pays("x", commitment="CCD")],
        ["unknown event 'CCD' (did you mean CCC?)"],
    ),
    (
        "draw on nothing alike",
        [pays("x", commitment="zzz")],
        ["unknown event 'zzz' (see: deals log)"],
    ),
    ("draw on itself", [pays("x", commitment="x")], ["unknown event 'x' (see: deals log)"]),
    (
        "draw on what is retracted",
        [pays("x", commitment="gone")],
        ["gone is retracted, by r-gone"],
    ),
    ("draw on a payment", [pays("x", commitment="P")], ["P is a payment, no commitment"]),
    ("draw on a memo", [pays("x", commitment="M")], ["M is a memo and is never drawn on"]),
    (
        "draw for somebody else",
        [pays("x", payee="core", commitment="C")],
        ["C is owed to beta, not to core"],
    ),
    (
        "draw by somebody else",
        [pays("x", payer="core", commitment="C")],
        ["C is owed by acme, not by core"],
    ),
    (
        "draw by no bearer",
        [party("dora"), pays("x", payer="dora", commitment="B")],
        ["B is owed by acme or core, not by dora"],
    ),
    (
        "draw in another currency",
        [pays("x", currency="EUR", commitment="C")],
        ["C is in USD, not in EUR"],
    ),
    (
        "draw of a funding",
        [funds("x", currency="EUR", commitment="C")],
        [
            "C is owed to beta, not to acme",
            "C is owed by acme, not by core",
            "C is in USD, not in EUR",
        ],
    ),
    ("backs nothing", [promises("x", backs="zzz")], ["unknown event 'zzz' (see: deals log)"]),
    ("backs itself", [promises("x", backs="x")], ["unknown event 'x' (see: deals log)"]),
    ("backs a right", [promises("x", backs="R")], ["R is a right, no commitment"]),
    ("backs what is retracted", [promises("x", backs="gone")], ["gone is retracted, by r-gone"]),
    (
        "back each other through a correction",
        [
            promises("x"),
            promises("y", backs="x"),
            retracts("x", replaced_by="x2"),
            promises("x2", backs="y"),
        ],
        ["x2 backs y backs x2: commitments back each other in a circle (leave out one backs)"],
    ),
    (
        "back in a circle of three",
        [
            promises("x"),
            promises("y", backs="x"),
            promises("z", backs="y"),
            retracts("x", replaced_by="x2"),
            promises("x2", backs="z"),
        ],
        [
            (
                "x2 backs z backs y backs x2: commitments back each other in a circle"
                " (leave out one backs)"
            )
        ],
    ),
    (
        "back in a circle through what is recorded",
        [
            promises("x"),
            promises("y", backs="x"),
            promises("z", backs="y"),
            retracts("x", replaced_by="z"),
        ],
        ["z backs y backs z: commitments back each other in a circle (leave out one backs)"],
    ),
    (
        "draw in two currencies",
        [pays("x", commitment="T"), pays("y", currency="EUR", commitment="T")],
        [
            (
                "draws on T, which names no currency, do not agree: x in USD, y in EUR"
                " (a commitment is drawn on in one currency)"
            )
        ],
    ),
    (
        "draw in another currency by a correction",
        [
            pays("x", commitment="T"),
            pays("y", commitment="T"),
            retracts("x", replaced_by="x2"),
            pays("x2", currency="EUR", commitment="T"),
        ],
        [
            (
                "draws on T, which names no currency, do not agree: y in USD, x2 in EUR"
                " (a commitment is drawn on in one currency)"
            )
        ],
    ),
    (
        "draw in another currency than what was replaced was drawn in",
        [
            pays("x", commitment="T"),
            retracts("T", replaced_by="T2"),
            promises("T2", None),
            pays("y", currency="EUR", commitment="T2"),
        ],
        [
            (
                "draws on T2, which names no currency, do not agree: x in USD, y in EUR"
                " (a commitment is drawn on in one currency)"
            )
        ],
    ),
    (
        "ends nothing",
        [event("termination", "x", ends=["C", "zzz"])],
        ["unknown event 'zzz' (see: deals log)"],
    ),
    (
        "ends a payment",
        [event("termination", "x", ends=["P"])],
        [f"P is a payment and cannot end ({ENDABLE})"],
    ),
    (
        "ends a retraction",
        [event("termination", "x", ends=["r-gone"])],
        [f"r-gone is a retraction and cannot end ({ENDABLE})"],
    ),
    (
        "keeps some of a right",
        [event("termination", "x", ends=["R"], remaining="1")],
        ["R is a right: nothing of it remains"],
    ),
    (
        "keeps more than all",
        [event("termination", "x", ends=["C"], remaining="100.01")],
        ["remaining is above the amount of C"],
    ),
    (
        "keeps half a cent",
        [event("termination", "x", ends=["C"], remaining="0.005")],
        ["remaining: 0.005 is too precise for USD (at most 2 decimals)"],
    ),
    (
        "ends twice",
        [ends("t", "C", "R"), ends("x", "C", "R")],
        [
            "C ended already, on 2024-01-01 by t (deals retract t, if that was wrong)",
            "R ended already, on 2024-01-01 by t (deals retract t, if that was wrong)",
        ],
    ),
    (
        "cuts what ended",
        [ends("t", "C", remaining="0"), ends("x", "C", remaining="5", on="2025-01-01")],
        ["C ended already, on 2024-01-01 by t (deals retract t, if that was wrong)"],
    ),
    (
        "ends the replacement of what ended",
        [
            ends("t", "C"),
            promises("C2", "90"),
            retracts("C", "r", replaced_by="C2"),
            ends("x", "C2"),
        ],
        ["C2 ended already, on 2024-01-01 by t (deals retract t, if that was wrong)"],
    ),
    (
        "ends by its old id what ended",
        [
            promises("C2", "90"),
            retracts("C", "r", replaced_by="C2"),
            ends("t", "C2"),
            ends("x", "C"),
        ],
        ["C ended already, on 2024-01-01 by t (deals retract t, if that was wrong)"],
    ),
    (
        "cuts to no less",
        [ends("t", "C", remaining="50"), ends("x", "C", remaining="50.00")],
        ["t leaves only 50 of C already, on 2024-01-01 (a further cut leaves less)"],
    ),
    (
        "ends before the end",
        [ends("t", "C", on="2024-06-01"), ends("x", "C")],
        ["t ends C after that, on 2024-06-01 (deals retract t, if that was wrong)"],
    ),
    (
        "ends before a cut",
        [ends("t", "C", on="2024-06-01", remaining="50"), ends("x", "C")],
        ["t cuts C after that, on 2024-06-01 (deals retract t, if that was wrong)"],
    ),
    (
        "cuts to less before a cut",
        [ends("t", "C", on="2024-06-01", remaining="50"), ends("x", "C", remaining="40")],
        ["t leaves 50 of C after that, on 2024-06-01 (an earlier cut leaves more)"],
    ),
    (
        "replaces what is cut by less",
        [
            ends("t", "C", remaining="60"),
            promises("C2", "50"),
            retracts("C", "x", replaced_by="C2"),
        ],
        ["t cuts it: remaining is above the amount of C2"],
    ),
    (
        "retracts at another date",
        [retracts("P", "x", effective_on="2024-02-02")],
        [f"a retraction has the dates of what it retracts: 2024-01-01 ({UNDATED})"],
    ),
    (
        "retracts as announced at another date",
        [pays("n", announced_on="2024-03-03"), retracts("n", "x", announced_on="2024-01-01")],
        [
            f"a retraction has the dates of what it retracts: 2024-01-01, announced 2024-03-03 ({UNDATED})"
        ],
    ),
    (
        "a line break of Unicode in a name",
        [party("dora", aliases=["Do\u2028ra"])],
        ["line break U+2028 in 'Do\\u2028ra'"],
    ),
    (
        "a paragraph break of Unicode in a purpose",
        [pays("x", purpose="com\u2029pute")],
        ["line break U+2029 in 'com\\u2029pute'"],
    ),
    ("retracts nothing", [retracts("zzz", "x")], ["unknown event 'zzz' (see: deals log)"]),
    (
        "retracts a retraction",
        [retracts("r-gone", "x")],
        ["r-gone is a retraction and cannot be retracted (append the event again under a new id)"],
    ),
    ("retracts twice", [retracts("gone", "x")], ["gone is retracted already, by r-gone"]),
    (
        "retracts twice at once",
        [retracts("P", "x"), retracts("P", "y")],
        ["P is retracted already, by x"],
    ),
    (
        "retracts what is drawn on",
        [pays("d", commitment="C"), retracts("C")],
        [f"C is needed by d ({CASCADE})"],
    ),
    (
        "retracts what many draw on",
        [*(pays(f"d{n}", commitment="C") for n in range(7)), retracts("C")],
        [f"C is needed by d0, d1, d2, d3, d4 … ({CASCADE})"],
    ),
    (
        "retracts what is backed and ended",
        [promises("b", backs="C"), event("termination", "t", ends=["C"]), retracts("C")],
        [f"C is needed by b, t ({CASCADE})"],
    ),
    (
        "retracts a party in use",
        [party("dora"), pays("d", payer="dora"), retracts("p-dora")],
        [f"p-dora is needed by d ({CASCADE})"],
    ),
    (
        "replaces by nothing",
        [retracts("P", "x", replaced_by="zzz")],
        ["unknown event 'zzz' (see: deals log)"],
    ),
    (
        "replaces by another kind",
        [retracts("P", "x", replaced_by="C")],
        ["C is a commitment; it cannot replace a payment"],
    ),
    (
        "replaces by what is retracted",
        [retracts("C", "x", replaced_by="gone")],
        ["gone is retracted and replaces nothing"],
    ),
    (
        "replaces by itself",
        [retracts("C", "x", replaced_by="C")],
        ["C is retracted and replaces nothing"],
    ),
    (
        "replaces in a circle",
        [retracts("C", "x", replaced_by="B"), retracts("B", "y", replaced_by="C")],
        [
            "B is retracted and replaces nothing",
            "C is retracted and replaces nothing",
        ],
    ),
    (
        "replaces what is drawn on by what cannot be",
        [
            pays("d", commitment="C"),
            promises("C2", beneficiary="core"),
            retracts("C", "x", replaced_by="C2"),
        ],
        ["d draws on it: C2 is owed to core, not to beta"],
    ),
    (
        "replaces a party by another",
        [
            party("dora"),
            pays("d", payer="dora"),
            event("party", "p-dory", party="dory", name="Dory"),
            retracts("p-dora", "x", replaced_by="p-dory"),
        ],
        ["dora is named by d: a slug cannot change"],
    ),
    (
        "first rule of several",
        [pays("x", payer="acne", commitment="zzz")],
        ["unknown party 'acne' (did you mean acme?)"],
    ),
    (
        "every event's problem",
        [pays("x", payer="acne"), pays("y"), pays("z", commitment="zzz")],
        [
            "unknown party 'acne' (did you mean acme?)",
            "unknown event 'zzz' (see: deals log)",
        ],
    ),
    (
        "one problem for one mistake",
        [promises("K", obligor="acne"), pays("x", commitment="K"), retracts("K")],
        ["unknown party 'acne' (did you mean acme?)"],
    ),
]

ALLOWED: list[Any] = [
    ("terms that agree", [funds("x", "2", pre_money="8", post_money="10", stake="0.2")]),
    ("draw", [pays("x", commitment="C"), pays("y", None, commitment="C")]),
    ("draw by a bearer", [pays("x", payer="core", commitment="B")]),
    ("draw on an undisclosed amount", [pays("x", currency="EUR", commitment="T")]),
    ("currency of its time", [pays("x", on="2021-01-01", currency="HRK"), event("rate", "y", on="2001-12-31", base="DEM", quote="EUR", rate="0.51129")]),
    ("draw in a batch", [promises("K"), pays("x", commitment="K")]),
    ("draw beside a memo", [pays("x", commitment="T"), pays("y", currency="EUR", commitment="T", memo=True)]),
    ("draw in another currency after a retraction", [pays("d", commitment="T"), retracts("d"), pays("x", currency="EUR", commitment="T")]),
    ("draw, corrected to another currency", [pays("d", commitment="T"), retracts("d", replaced_by="x"), pays("x", currency="EUR", commitment="T")]),
    ("back a chain", [promises("k"), promises("l", backs="k"), promises("x", backs="l")]),
    ("back again after a correction", [promises("k"), promises("l", backs="k"), retracts("l", replaced_by="x"), promises("x", backs="k")]),
    ("draw of a funding", [funds("x", investor="acme", investee="beta", commitment="C")]),
    ("overdraw", [pays("x", "101", commitment="C")]),
    ("back", [promises("x", "1000", backs="C")]),
    ("end", [event("termination", "x", ends=["C", "R", "T"])]),
    ("keep all", [event("termination", "x", ends=["C"], remaining="100")]),
    ("keep some of what is not disclosed", [event("termination", "x", ends=["T"], remaining="9")]),
    ("cut, cut and end", [ends("t", "C", remaining="50"), ends("u", "C", remaining="49.99"), ends("x", "C")]),
    ("cut before a cut", [ends("t", "C", on="2024-06-01", remaining="50"), ends("x", "C", remaining="60")]),
    ("cut before the end", [ends("t", "C", on="2024-06-01"), ends("x", "C", remaining="60")]),
    ("end again after a retraction", [ends("t", "C"), retracts("t"), ends("x", "C")]),
    ("cut to more by a correction", [ends("t", "C", remaining="50"), retracts("t", replaced_by="x"), ends("x", "C", remaining="80")]),
    ("end beside a memo", [ends("t", "C"), ends("x", "C", memo=True)]),
    ("replace what is cut", [ends("t", "C", remaining="60"), promises("C2", "60"), retracts("C", replaced_by="C2")]),
    ("retract at the same dates", [retracts("P", effective_on="2024-01-01", announced_on="2024-01-01")]),
    ("line breaks in a note", [pays("x", note="one\ntwo\u2028three")]),
    ("party of the same batch", [party("new"), pays("x", payer="new")]),
    ("party described twice", [event("party", "again", party="acme", name="Acme Inc.")]),
    ("retract a draw, then the commitment", [pays("d", commitment="C"), *map(retracts, "dC")]),
    ("retract a description", [event("party", "again", party="acme", name="A"), retracts("again")]),
    ("retract the first description", [event("party", "a", party="acme", name="A"), retracts("p-acme")]),
    ("retract an unused party", [party("new"), retracts("p-new")]),
    ("retract a termination", [event("termination", "x", ends=["C"]), retracts("x"), retracts("C")]),
    (
        "replace what is drawn on",
        [pays("d", commitment="C"), promises("C2", "90"), retracts("C", replaced_by="C2")],
    ),
    ("replacement first named, then told", [retracts("P", replaced_by="P2"), pays("P2", "8")]),
    ("same party, new slug", [event("party", "x", party="acme", name="A"), retracts("p-acme", replaced_by="x")]),
]  # fmt: skip
