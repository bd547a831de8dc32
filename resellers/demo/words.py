"""Names, places and habits of the crowd. All of it is made up.

Phone numbers are of the ranges that their countries keep for films and examples.
"""

from dataclasses import dataclass

_FIRST_NAMES = (
    "Abel Ada Alma Amos Anouk Avery Bo Carla Chidi Clara Dana Dario Edda Eli Elif Enzo"
    " Esme Finn Flora Gil Greta Hana Hugo Ida Igor Ines Iris Ivo Jana Jonas Jürgen Kai"
    " Karim Keiko Lale Leo Lina Luca Mara Mei Milo Mina Nadia Nils Nora Olga Omar Oona"
    " Otto Pia Quentin Rafael Rhea René Rosa Ruben Sana Selma Silas Tariq Thea Tove"
    " Ulla Uma Vera Viggo Wanda Wim Xenia Yara Yusuf Zoë"
)
_LAST_NAMES = (
    "Amberley Ashdown Barlow Birch Brambley Castell Cobb Corven Dunmore Eastlake Elmer"
    " Fairwater Fenn Garrow Glass Grisham Hale Harrow Hollis Ingle Jarrow Kestrel"
    " Kettering Larkin Linden Locke Marsh Merrow Morrow Müller Nettle Norwood Oakes"
    " Orchard Osei Pell Penrose Quill Quince Rainer Rook Rowe Sable Sandoval Sedge"
    " Selwyn Sorrel Stark Teal Thorne Tindall Upton Vance Varga Verity Wade Weller"
    " Wicker Wren Yarrow Zeller Ångström"
)
FIRST_NAMES = _FIRST_NAMES.split()
LAST_NAMES = _LAST_NAMES.split()
TITLES = ("Mr.", "Ms.", "Mrs.", "Miss", "Dr.")
TRADES = (
    ("Events", "Event Management"),
    ("Conferences", "Event Management"),
    ("Advisory", "Consulting"),
    ("Partners", "Consulting"),
    ("Legal", "Legal Services"),
    ("Estate Planning", "Legal Services"),
    ("Insurance", "Insurance"),
    ("Wealth", "Financial Services"),
    ("Books", "Retail"),
    ("Learning", "Education"),
    ("Care", "Health"),
    ("Studio", "Media"),
)
STREETS = (
    "Specimen Street",
    "Sample Avenue",
    "Example Road",
    "Placeholder Lane",
    "Fixture Way",
    "Harbour Walk",
    "Mill Row",
    "Station Parade",
)
NOTES = (
    "",
    "",
    "",
    "Met at the spring conference; prefers mail.",
    "Asks for a co-branded leaflet each quarter.",
    "Handles two neighbouring counties.",
    "Wants to hear of new plans before the customers do.",
)


@dataclass(frozen=True)
class Place:
    """A town with a postal code that fits, and how phone numbers look there."""

    city: str
    state: str
    country: str
    zip_code: str
    phone: str  # "#" stands for a digit


PLACES = (
    Place("Exampleton", "FL", "US", "33799", "727-555-01##"),
    Place("Sampleford", "TX", "US", "75099", "(214) 555-01##"),
    Place("Port Specimen", "CA", "US", "94099", "415-555-01##"),
    Place("Fixture Falls", "NY", "US", "14099-0001", "+1 716 555 01##"),
    Place("Mockingham", "GA", "US", "30399", "404.555.01##"),
    Place("Dry Run", "AZ", "US", "85099", "602-555-01##"),
    Place("Placeholder", "OH", "US", "43299", "614-555-01##"),
    Place("North Example", "WA", "US", "98199", "206-555-01##"),
    Place("Trial Creek", "CO", "US", "80299", "303-555-01##"),
    Place("Old Draft", "MA", "US", "02199", "617-555-01##"),
    Place("Draft Harbour", "NC", "US", "28299", "704-555-01##"),
    Place("Proof Springs", "TN", "US", "37299", "615-555-01##"),
    Place("Exempleville", "QC", "CA", "H2Z 1A9", "514-555-01##"),
    Place("Lake Sample", "ON", "CA", "M5V 9Z9", "416-555-01##"),
    Place("Testwood", "BC", "CA", "V6B 9X9", "604-555-01##"),
    Place("Sampleford-on-Sea", "", "GB", "ZZ99 9ZZ", "+44 20 7946 0###"),
    Place("Musterstadt", "", "DE", "10999", "+49 30 23125 ###"),
    Place("Exempleville-sur-Mer", "", "FR", "75999", "+33 1 99 00 ## ##"),
    Place("Mihon-shi", "", "JP", "100-9999", "+81 3 5555 01##"),
    Place("Sample Bay", "NSW", "AU", "2999", "+61 2 5550 ####"),
)
WEIGHTS = (14, 9, 9, 8, 7, 6, 6, 6, 6, 5, 4, 4, 4, 4, 3, 4, 4, 3, 2, 3)
CURRENCIES = {"DE": "EUR", "FR": "EUR", "JP": "JPY"}
"""What customers of a reseller there pay in; elsewhere USD."""

EVENTS = (
    "Annual Conference",
    "Spring Webinar",
    "Estate Planning Day",
    "Partner Forum",
    "Autumn Summit",
)
TOPICS = ("Estate Planning", "Living Wills", "Reselling", "Pricing", "Training")
SOURCES = ("Website Form", "Conference", "Recommendation", "Newsletter")
LEVELS = ("Bronze", "Silver", "Gold", "Platinum")
ODD_KEYS = (
    # near-duplicates that a catalogue should find
    ("vip_status", ("yes", "no")),
    ("vip-status", ("yes", "Y")),
    ("vipstatus", ("true",)),
    ("membership.level", ("Gold", "gold")),
    ("newsletter", ("monthly", "never")),
    ("preferred_contact_method", ("email", "phone", "post")),
    ("prefered_contact_method", ("email",)),
    ("referral_source", ("conference_2024", "partner", "search")),
    ("legacy_id", ("A-1044", "A-2207", "B-0031")),
    ("t-shirt_size", ("S", "M", "L", "XL")),
)
