"""Extended values that are accepted and refused; see `tests.resellers.inputs`."""

from typing import Any

from tests.resellers.inputs import Bad, Good


def pair(key: Any, value: Any) -> dict[str, Any]:
    return {"key": key, "value": value}


def pairs(**values: str) -> list[dict[str, str]]:
    return [pair(key, value) for key, value in values.items()]


def sized(total: int) -> list[dict[str, str]]:
    """Extended values that are written as `total` bytes of compact JSON."""
    empty, full = len('{"key":"k00","value":""},'), 2_000
    count, rest = divmod(total - 1, empty + full)
    values = [pair(f"k{number:02d}", "x" * full) for number in range(count)]
    return [*values, pair(f"k{count:02d}", "x" * (rest - empty))]


GOOD_VALUES: list[Good] = [
    Good("extended_values", raw, stored)
    for raw, stored in [
        (None, []),
        ([], []),
        (pairs(vip_status="yes"), pairs(vip_status="yes")),
        (pairs(b="2", a="1"), pairs(b="2", a="1")),
        ([pair("VIP-Status.2", " Yes ")], [pair("vip-status.2", " Yes ")]),
        (pairs(empty=""), pairs(empty="")),
        (pairs(note="two\r\nlines"), pairs(note="two\r\nlines")),
        (pairs(referral_commission_tier="Premium"),) * 2,
        (pairs(x="1"), pairs(x="1")),
        ([pair("k" * 64, "x" * 2_000)], [pair("k" * 64, "x" * 2_000)]),
        ([pair(f"k{n}", "") for n in range(200)],) * 2,
        (sized(64 * 1024), sized(64 * 1024)),
    ]
]
_BAD: dict[str, list[Any]] = {
    "extended_value_not_text": [
        "",
        "[]",
        {},
        {"vip_status": "yes"},
        5,
        True,
        [None],
        ["vip_status"],
        [["vip_status", "yes"]],
        [{}],
        [{"key": "a"}],
        [{"value": "a"}],
        [{"key": "a", "value": "b", "note": "c"}],
        [{"Key": "a", "value": "b"}],
        [pair("a", 5)],
        [pair("a", 5.5)],
        [pair("a", True)],
        [pair("a", None)],
        [pair("a", ["b"])],
        [pair(5, "b")],
        [pair(None, "b")],
    ],
    "invalid_key": [
        [pair("", "b")],
        [pair(" a", "b")],
        [pair("_a", "b")],
        [pair(".a", "b")],
        [pair("a b", "b")],
        [pair("a\n", "b")],
        [pair("a\0", "b")],
        [pair("\ud800", "b")],
        [pair("ä", "b")],
        [pair("a$", "b")],
        [pair("k" * 65, "b")],
    ],
    "duplicate_key": [
        [pair("a", "1"), pair("a", "1")],
        [pair("vip_status", "1"), pair("VIP_Status", "2")],
    ],
    "value_too_long": [pairs(a="x" * 2_001)],
    "too_many_keys": [
        [pair(f"k{n}", "") for n in range(201)],
        sized(64 * 1024 + 1),
        [pair(f"k{n}", "ä" * 1_000) for n in range(33)],
    ],
    "reserved_key": [
        pairs(rate="1"),
        pairs(Tier="1"),
        pairs(balance="1"),
        pairs(commissionRate="1"),
        pairs(COMMISSION_RATE="1"),
        [pair("Commission-Rate", "1")],
        [pair("c.o.m.m.i.s.s.i.o.n.rate", "1")],
        pairs(e_mail="1"),
        [pair("address.1", "1")],
        pairs(taxId="1"),
        pairs(payment_terms="1"),
        pairs(Total_Commission_Earned="1"),
        pairs(id="1"),
    ],
    "invalid_character": [
        pairs(a="nul\0"),
        pairs(a="half \ud800 pair"),
        pairs(a="bell\x07"),
    ],
}
BAD_VALUES: list[Bad] = [
    Bad("extended_values", raw, code) for code, raws in _BAD.items() for raw in raws
]
