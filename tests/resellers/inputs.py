"""What the fields of a profile accept and refuse: one table for every door.

The rules, serializers, forms, actions and imports are tried with the same rows. `field`
is the model's column; `JSON_NAMES` has the API's name. Source: 5-resellers, 2, 3, 5.
"""

from dataclasses import dataclass
from typing import Any

JSON_NAMES = {
    "contact_group": "contactGroup",
    "first_name": "firstName",
    "last_name": "lastName",
    "web_site_url": "webSiteUrl",
    "address_1": "address1",
    "address_2": "address2",
    "zip_code": "zipCode",
    "mobile_phone": "mobilePhone",
    "extended_values": "extendedValues",
    "company_name": "companyName",
    "company_phone": "companyPhone",
    "company_address": "companyAddress",
    "tax_id": "taxId",
    "partner_tier": "partnerTier",
    "payment_terms": "paymentTerms",
    "commission_rate": "commissionRate",
}
"""Columns whose name in JSON is another."""


@dataclass(frozen=True)
class Good:
    """`raw` is stored as `stored`: a state as (code, name), a rate as its percent."""

    field: str
    raw: Any
    stored: Any
    country: str = ""

    def __str__(self) -> str:
        return f"{self.field}-{_shown(self.raw)}-{self.country}"


@dataclass(frozen=True)
class Bad:
    """`raw` is refused with `code`, at the field."""

    field: str
    raw: Any
    code: str
    country: str = ""

    def __str__(self) -> str:
        return f"{self.field}-{_shown(self.raw)}-{self.country}"


def json_name(field: str) -> str:
    return JSON_NAMES.get(field, field)


def of(rows: list[Any], *fields: str) -> list[Any]:
    """The rows of these fields, for `pytest.mark.parametrize(…, ids=str)`."""
    return [row for row in rows if row.field in fields]


def _shown(raw: Any) -> str:
    return ascii(raw)[:40]


PHONES = ["phone", "mobile_phone", "fax"]

GOOD = [
    Good("email", "Avery@Example.COM", "avery@example.com"),
    Good("email", "  avery@example.com ", "avery@example.com"),
    Good("email", "avery.quill+x@mail.example.com", "avery.quill+x@mail.example.com"),
    Good("email", "a@b.co", "a@b.co"),
    Good("email", "a" * 243 + "@example.com", "a" * 243 + "@example.com"),
    Good("country", "US", "US"),
    Good("country", "us", "US"),
    Good("country", "USA", "US"),
    Good("country", "U.S.A.", "US"),
    Good("country", "United States", "US"),
    Good("country", " united  states of america ", "US"),
    Good("country", "The United States", "US"),
    Good("country", "United Kingdom", "GB"),
    Good("country", "gbr", "GB"),
    Good("country", "South Korea", "KR"),
    Good("country", "Korea, Republic of", "KR"),
    Good("country", "Cote d\u2019Ivoire", "CI"),
    Good("country", "TÜRKIYE", "TR"),
    Good("country", "Turkey", "TR"),
    Good("country", "St. Lucia", "LC"),
    Good("country", "ST", "ST"),
    Good("country", "Bosnia & Herzegovina", "BA"),
    Good("country", "", ""),
    Good("country", "  ", ""),
    Good("state", "FL", ("FL", "Florida"), "US"),
    Good("state", "fl", ("FL", "Florida"), "US"),
    Good("state", " florida ", ("FL", "Florida"), "US"),
    Good("state", "Florida", ("FL", "Florida")),
    Good("state", "Washington, D.C.", ("DC", "District of Columbia"), "US"),
    Good("state", "PR", ("PR", "Puerto Rico"), "US"),
    Good("state", "ap", ("AP", "Armed Forces Pacific"), "US"),
    Good("state", "Québec", ("QC", "Quebec"), "CA"),
    Good("state", "on", ("ON", "Ontario")),
    Good("state", "by", ("BY", ""), "DE"),
    Good("state", "Bayern", ("", "Bayern"), "DE"),
    Good("state", "北京", ("", "北京"), "CN"),
    Good("state", "x" * 100, ("", "x" * 100), "DE"),
    Good("state", "", ("", ""), "US"),
    Good("state", "", ("", "")),
    Good("zip_code", "123", "123"),
    Good("zip_code", "AB-12 34-9", "AB-12 34-9"),
    Good("zip_code", "00501", "00501"),
    Good("zip_code", "00501", "00501", "US"),
    Good("zip_code", " 00501-0001 ", "00501-0001", "US"),
    Good("zip_code", "005010001", "005010001", "US"),
    Good("zip_code", "K1A 0B1", "K1A 0B1", "CA"),
    Good("zip_code", "k1a0b1", "K1A 0B1", "CA"),
    Good("zip_code", "SW1A 1AA", "SW1A 1AA", "GB"),
    Good("zip_code", "", "", "US"),
    Good("web_site_url", "https://example.com", "https://example.com"),
    Good("web_site_url", "HTTP://Example.com/A?b#c", "http://Example.com/A?b#c"),
    Good("web_site_url", "example.com", "https://example.com"),
    Good("web_site_url", " example.com:8080/x ", "https://example.com:8080/x"),
    Good("web_site_url", "example.com/@avery", "https://example.com/@avery"),
    Good(
        "web_site_url",
        "example.com/?to=http://x",
        "https://example.com/?to=http://x",
    ),
    Good(
        "web_site_url",
        "https://example.com/" + "x" * 480,
        "https://example.com/" + "x" * 480,
    ),
    Good(
        "web_site_url",
        "example.com/" + "x" * 480,
        "https://example.com/" + "x" * 480,
    ),
    Good("web_site_url", "", ""),
    Good("commission_rate", "15.5", "15.5"),
    Good("commission_rate", "15.50", "15.5"),
    Good("commission_rate", "0", "0"),
    Good("commission_rate", "0.00", "0"),
    Good("commission_rate", "0.01", "0.01"),
    Good("commission_rate", "007.5", "7.5"),
    Good("commission_rate", "99.99", "99.99"),
    Good("commission_rate", "100", "100"),
    Good("commission_rate", "100.00", "100"),
    *(
        Good(field, raw, raw.strip())
        for field in PHONES
        for raw in [
            "727-555-0142",
            " +1 (727) 555-0142 ",
            "1.727/555 0142",
            "7275550142",
            "(555) 0142",
            "+12345678901234",
            "+12 345 678 901 2345",
            "123456789012345    .",
            "",
        ]
    ),
]

BAD_RATES: dict[str, list[Any]] = {
    "rate_not_decimal_string": [
        15.5,
        15,
        True,
        None,
        [],
        "",
        " ",
        "1e1",
        "+5",
        "-1",
        "-0",
        " 5",
        "5 ",
        "5\n",
        "15,5",
        "15.",
        ".5",
        "0100",
        "0x10",
        "1_0",
        "15.5 %",
        "NaN",
        "Infinity",
        "\uff11\uff15",
        "9" * 21,
        "9" * 5_000,
    ],
    "rate_out_of_range": ["100.01", "100.001", "101", "999.99", "1000"],
    "rate_precision": ["15.555", "0.001", "15.500", "100.000"],
}

BAD = [
    *(
        Bad("email", raw, "invalid_email")
        for raw in [
            "",
            "a@b.",
            "a@bc",
            "avery",
            "avery@",
            "@example.com",
            "avery@example",
            "avery quill@example.com",
            "avery@example.com, x@example.com",
            "Avery <avery@example.com>",
            "avery@exam\0ple.com",
            '"\x01"@example.com',
            "a" * 244 + "@example.com",
        ]
    ),
    *(
        Bad("country", raw, "unknown_country")
        for raw in ["ZZ", "XX", "ZZZ", "Atlantis", "Korea", "U", "!", "US\0", "840"]
    ),
    *(
        Bad("state", raw, "invalid_state", country)
        for raw, country in [
            ("1!", "DE"),
            ("123", "DE"),
            ("ZZ", "US"),
            ("ON", "US"),
            ("Ontario", "US"),
            ("FL", "CA"),
            ("Florida", "CA"),
            ("F", "US"),
            ("Flor", "US"),
            ("Florida\0", "US"),
            ("ZZ", ""),
            ("Bayern", ""),
            ("!", ""),
            ("B", "DE"),
            ("x" * 101, "DE"),
            ("Bay\nern", "DE"),
            ("Bay\0ern", "DE"),
        ]
    ),
    *(
        Bad("zip_code", raw, "invalid_zip", country)
        for raw, country in [
            ("12", ""),
            ("12345678901", ""),
            ("12_45", ""),
            ("---", ""),
            ("12\t45", ""),
            ("\uff11\uff12\uff13\uff14\uff15", ""),
            ("Äb123", ""),
            ("12", "DE"),
            ("1234", "US"),
            ("123456", "US"),
            ("12345-", "US"),
            ("12345-678", "US"),
            ("12345 6789", "US"),
            ("ABCDE", "US"),
            ("\uff11\uff12\uff13\uff14\uff15", "US"),
            ("12345", "CA"),
            ("K1A  0B1", "CA"),
            ("K1A-0B1", "CA"),
            ("1K1 A0B", "CA"),
        ]
    ),
    *(
        Bad("web_site_url", raw, "invalid_url")
        for raw in [
            "ftp://example.com",
            "javascript:alert(1)",
            "mailto:avery@example.com",
            "https://avery:secret@example.com",
            "https:///x",
            "https://",
            "//example.com",
            "http:example.com",
            "example",
            "exam ple.com",
            "example.com/\nx",
            "example.com/\0",
            "https://example.com/" + "x" * 481,
            "example.com/" + "x" * 481,
        ]
    ),
    *(
        Bad("commission_rate", raw, code)
        for code, raws in BAD_RATES.items()
        for raw in raws
    ),
    *(
        Bad(field, raw, "invalid_phone")
        for field in PHONES
        for raw in [
            "123456789",
            "555-01420",
            "+1 727 555 0142 00 00",
            "((( 123456",
            "1234567890123456",
            "727-555-0142 x5",
            "727_555_0142",
            "727\t555\t0142",
            "727555014\0",
            "\uff17\uff12\uff17\uff15\uff15\uff15\uff10\uff11\uff14\uff12",
            "call me please",
        ]
    ),
]

LINE = "title"
"""Any field of one line: these hold for each with its own length (here 50)."""

GOOD_TEXTS = [
    Good(LINE, "  Dr. ", "Dr."),
    Good(LINE, "Zoë 東京 \u200d", "Zoë 東京 \u200d"),
    Good(LINE, "x" * 50, "x" * 50),
    Good(LINE, " " * 60, ""),
    Good("notes", "one\r\ntwo\rthree\n\tfour\n", "one\ntwo\nthree\n\tfour"),
    Good("notes", "x" * 10_000, "x" * 10_000),
]
BAD_TEXTS = [
    Bad(LINE, "x" * 51, "too_long"),
    Bad(LINE, "two\nlines", "invalid_character"),
    Bad(LINE, "a\ttab", "invalid_character"),
    Bad(LINE, "nul\0", "invalid_character"),
    Bad(LINE, "half \ud800 pair", "invalid_character"),
    Bad("notes", "x" * 10_001, "too_long"),
    Bad("notes", "nul\0", "invalid_character"),
]
LONGEST = {LINE: 50, "notes": 10_000}
