"""The words people use for a machine. Source: 4-marketplace, section 7."""

import pytest

from marketplace.catalogue.countries import COUNTRIES
from marketplace.models import Offering
from marketplace.presentation import countries, specs


def machine(**facts):
    filed = {"total_ssd_capacity": "40"}
    defaults = {
        "virtualization_type": "kvm",
        "processor_cores": 2,
        "memory_mb": 4096,
        "storage_gb": 40,
        "datacenter_city": "Nuremberg",
        "datacenter_country": "DE",
        "product_type": "compute",
        "code": "cx22",
        "specs": filed,
    }
    return Offering(**{**defaults, **facts})


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "2 vCPU · 4 GB RAM · 40 GB SSD · Nuremberg, DE"),
        ({"virtualization_type": ""}, "2 cores · 4 GB RAM · 40 GB SSD · Nuremberg, DE"),
        (
            {"virtualization_type": "", "processor_cores": 1},
            "1 core · 4 GB RAM · 40 GB SSD · Nuremberg, DE",
        ),
        ({"specs": {}}, "2 vCPU · 4 GB RAM · 40 GB storage · Nuremberg, DE"),
        (
            {"specs": {"total_ssd_capacity": "960", "total_hdd_capacity": "4000"}},
            "2 vCPU · 4 GB RAM · 960 GB SSD + 4 TB HDD · Nuremberg, DE",
        ),
        (
            {"specs": {"total_ssd_capacity": "2 x NVMe"}, "storage_gb": None},
            "2 vCPU · 4 GB RAM · Nuremberg, DE",
        ),
        (
            {"gpu_count": 2, "specs": {"gpu_name": "NVIDIA L40S"}, "storage_gb": None},
            "2 × NVIDIA L40S · 2 vCPU · 4 GB RAM · Nuremberg, DE",
        ),
        (
            {
                "processor_cores": None,
                "memory_mb": None,
                "storage_gb": None,
                "specs": {},
                "datacenter_city": "",
            },
            "DE",
        ),
    ],
)
def test_full_words_name_what_is_known(facts, words):
    assert specs.full_words(machine(**facts)) == words


@pytest.mark.parametrize(
    ("memory_mb", "words"),
    [(512, "512 MB"), (1024, "1 GB"), (1536, "1.5 GB"), (393_216, "384 GB")],
)
def test_memory_counts_1024_mb_to_the_gb(memory_mb, words):
    assert specs.memory_words(memory_mb) == words


@pytest.mark.parametrize(
    ("gigabytes", "words"),
    [(75, "75 GB"), (1000, "1 TB"), (1920, "1.92 TB"), (20_000, "20 TB")],
)
def test_disks_and_traffic_count_in_thousands(gigabytes, words):
    assert specs.capacity_words(gigabytes) == words


def test_facts_leave_out_what_is_blank():
    found = specs.facts(
        machine(
            uplink_mbps=1000,
            traffic_gb=20_000,
            specs={
                "total_ssd_capacity": "40",
                "features": "IPv4,IPv6, Backups",
                "operating_systems": "Debian,Ubuntu",
            },
        )
    )

    assert [(fact.label, fact.value) for fact in found] == [
        ("Processor", "2 vCPU"),
        ("Memory", "4 GB"),
        ("Storage", "40 GB SSD"),
        ("Network", "1 Gbit/s, 20 TB traffic a month"),
        ("Location", "Nuremberg, DE"),
        ("Kind", "Compute · KVM"),
        ("Operating systems", "Debian, Ubuntu"),
        ("Includes", "IPv4, IPv6, Backups"),
        ("Billed", "By the month"),
        ("Stock", "In stock"),
        ("Code", "cx22"),
    ]


def test_network_says_when_traffic_is_not_counted():
    assert specs.network_fact(machine(uplink_mbps=200, unmetered_bandwidth=True)) == (
        "200 Mbit/s, unmetered traffic"
    )


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ((None, None), ""),
        ((720, None), "At least 720 hours"),
        ((None, 8760), "At most 8,760 hours"),
        ((24, 8760), "24 to 8,760 hours"),
    ],
)
def test_contract_limits_in_words(limits, words):
    shortest, longest = limits
    offering = machine(min_contract_hours=shortest, max_contract_hours=longest)
    assert specs.term_fact(offering) == words


def test_every_country_of_the_catalogue_has_a_name():
    assert countries.NAMES.keys() == COUNTRIES
    assert countries.country_name("DE") == "Germany"
