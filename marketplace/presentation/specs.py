"""An offering in the words people use: "2 vCPU · 4 GB RAM · 40 GB SSD".

Source: 4-marketplace, sections 1 and 7; 10-face, pages.
"""

from dataclasses import dataclass

from marketplace.models import Offering, StockStatus
from marketplace.models.offering import BillingInterval

DOT = " · "
MB_PER_GB = 1024
MBPS_PER_GBPS = 1000
GB_PER_TB = 1000

BILLED_WORDS = {
    BillingInterval.MONTHLY: "By the month",
    BillingInterval.HOURLY: "By the hour, up to the monthly price",
    BillingInterval.YEARLY: "By the year",
}
STOCK_WORDS = {
    StockStatus.IN_STOCK: "In stock",
    StockStatus.LIMITED: "Limited stock",
    StockStatus.OUT_OF_STOCK: "Out of stock",
}
ACRONYMS = {
    "kvm": "KVM",
    "lxc": "LXC",
    "vps": "VPS",
    "vds": "VDS",
    "gpu": "GPU",
    "ip": "IP",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "ssh": "SSH",
    "url": "URL",
    "id": "ID",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a list of facts."""

    label: str
    value: object


def filed(offering: Offering, column: str) -> str:
    """The text of a catalogue column as the provider filed it, `""` when blank."""
    return str(offering.specs.get(column) or "").strip()


def listed(offering: Offering, column: str) -> list[str]:
    """A comma list of the catalogue, in its order."""
    return [part.strip() for part in filed(offering, column).split(",") if part.strip()]


def decimal_words(number: int, step: int) -> str:
    """Divide exactly or to two decimals rounded down: 1920 by 1000 is "1.92"."""
    whole, rest = divmod(number, step)
    hundredths = rest * 100 // step
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".")


def memory_words(memory_mb: int) -> str:
    if memory_mb < MB_PER_GB:
        return f"{memory_mb} MB"
    return f"{decimal_words(memory_mb, MB_PER_GB)} GB"


def capacity_words(gigabytes: int) -> str:
    """ "40 GB", "2 TB": disks and traffic count in thousands."""
    if gigabytes < GB_PER_TB:
        return f"{gigabytes} GB"
    return f"{decimal_words(gigabytes, GB_PER_TB)} TB"


def speed_words(mbps: int) -> str:
    if mbps < MBPS_PER_GBPS:
        return f"{mbps} Mbit/s"
    return f"{decimal_words(mbps, MBPS_PER_GBPS)} Gbit/s"


def slug_words(slug: str) -> str:
    """ "bare-metal" is "Bare metal", "kvm" is "KVM"."""
    words = slug.replace("-", " ").replace("_", " ")
    return ACRONYMS.get(slug, words[:1].upper() + words[1:])


def cores_words(offering: Offering) -> str:
    """vCPU where a hypervisor shares the processor out, cores where none does."""
    cores = offering.processor_cores
    if not cores:
        return ""
    if offering.virtualization_type:
        return f"{cores} vCPU"
    return "1 core" if cores == 1 else f"{cores} cores"


def storage_words(offering: Offering) -> str:
    """SSD and disk apart where the catalogue says which, else the sum."""
    parts = [
        f"{capacity_words(int(text))} {kind}"
        for column, kind in (
            ("total_ssd_capacity", "SSD"),
            ("total_hdd_capacity", "HDD"),
        )
        if (text := filed(offering, column)).isascii() and text.isdigit() and int(text)
    ]
    if not parts and offering.storage_gb:
        parts = [f"{capacity_words(offering.storage_gb)} storage"]
    return " + ".join(parts)


def gpu_words(offering: Offering) -> str:
    if not offering.gpu_count:
        return ""
    return f"{offering.gpu_count} × {filed(offering, 'gpu_name') or 'GPU'}"


def traffic_words(offering: Offering) -> str:
    if offering.unmetered_bandwidth:
        return "unmetered traffic"
    if offering.traffic_gb:
        return f"{capacity_words(offering.traffic_gb)} traffic a month"
    return ""


def place_words(offering: Offering) -> str:
    """ "Nuremberg, DE"; the country alone where no city is filed."""
    parts = [offering.datacenter_city, offering.datacenter_country]
    return ", ".join(part for part in parts if part)


def specs_words(offering: Offering) -> str:
    """The machine in one line, without its place."""
    memory = offering.memory_mb
    parts = [
        gpu_words(offering),
        cores_words(offering),
        f"{memory_words(memory)} RAM" if memory else "",
        storage_words(offering),
    ]
    return DOT.join(part for part in parts if part)


def full_words(offering: Offering) -> str:
    """The machine and its place: "2 vCPU · 4 GB RAM · 40 GB SSD · Nuremberg, DE"."""
    return DOT.join(p for p in (specs_words(offering), place_words(offering)) if p)


def facts(offering: Offering) -> list[Fact]:
    """Everything filed about an offering, what is blank left out."""
    rows = [
        ("Processor", processor_fact(offering)),
        ("Graphics", gpu_fact(offering)),
        ("Memory", memory_fact(offering)),
        ("Storage", storage_words(offering)),
        ("Network", network_fact(offering)),
        ("Location", place_words(offering)),
        ("Kind", kind_fact(offering)),
        ("Control panel", filed(offering, "control_panel")),
        ("Operating systems", ", ".join(offering.operating_systems)),
        ("Includes", ", ".join(listed(offering, "features"))),
        ("Billed", BILLED_WORDS[BillingInterval(offering.billing_interval)]),
        ("Contract", term_fact(offering)),
        ("Stock", STOCK_WORDS[StockStatus(offering.stock_status)]),
        ("Code", offering.code),
    ]
    return [Fact(label, value) for label, value in rows if value]


def processor_fact(offering: Offering) -> str:
    brand, name = (filed(offering, f"processor_{part}") for part in ("brand", "name"))
    speed = filed(offering, "processor_speed")
    parts = [cores_words(offering), f"{brand} {name}".strip(), speed]
    return DOT.join(part for part in parts if part)


def gpu_fact(offering: Offering) -> str:
    memory = filed(offering, "gpu_memory_gb")
    words = gpu_words(offering)
    return f"{words}, {memory} GB each" if words and memory else words


def memory_fact(offering: Offering) -> str:
    if not offering.memory_mb:
        return ""
    kind = filed(offering, "memory_type")
    correction = filed(offering, "memory_error_correction")
    return " ".join(
        p for p in (memory_words(offering.memory_mb), kind, correction) if p
    )


def network_fact(offering: Offering) -> str:
    speed = speed_words(offering.uplink_mbps) if offering.uplink_mbps else ""
    return ", ".join(part for part in (speed, traffic_words(offering)) if part)


def kind_fact(offering: Offering) -> str:
    parts = [offering.product_type, offering.virtualization_type]
    return DOT.join(slug_words(part) for part in parts if part)


def term_fact(offering: Offering) -> str:
    shortest, longest = offering.min_contract_hours, offering.max_contract_hours
    if shortest and longest:
        return f"{shortest:,} to {longest:,} hours"
    if shortest:
        return f"At least {shortest:,} hours"
    return f"At most {longest:,} hours" if longest else ""
