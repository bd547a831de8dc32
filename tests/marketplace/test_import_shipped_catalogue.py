"""The shipped files, through the command, and back value by value."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import marketplace
from marketplace.catalogue.columns import MONEY_FIELDS, SOURCE_COLUMNS
from marketplace.catalogue.rebuild import columns_of
from marketplace.models import Offering, Provider
from resellers.models import AuditEntry
from resellers.money import Money
from tests.marketplace.catalogue_files import catalogue_file, row, several

pytestmark = pytest.mark.django_db

DATA = Path(marketplace.__file__).parent / "data"
SUPPLIER = ["--domain", "supplier.example.com", "--name", "Cloud Supplier"]


def filed(name):
    with (DATA / f"{name}_offerings.csv").open(encoding="utf-8", newline="") as file:
        return {line["offering_id"]: line for line in csv.DictReader(file)}


def test_shipped_catalogue_round_trips(capsys):
    call_command("import_catalogue", DATA)
    seen = 0
    for provider in Provider.objects.external():
        lines = filed(provider.name.lower())
        offerings = {o.code: o for o in provider.offerings.all()}
        assert offerings.keys() == lines.keys()
        for code, line in lines.items():
            offerings[code].full_clean()
            rebuilt = columns_of(offerings[code])
            assert list(rebuilt) == SOURCE_COLUMNS
            for column in SOURCE_COLUMNS:
                assert same(column, rebuilt[column], line[column]), (code, column)
            seen += 1
    assert seen == Offering.objects.count() == 114 + 99 + 132
    assert "Imported ovh_offerings.csv of OVH: 132 rows, 132 new" in (
        capsys.readouterr().out
    )


def same(column, rebuilt, filed_text):
    if column not in MONEY_FIELDS:
        return rebuilt == filed_text
    return Money.parse(rebuilt, "USD") == Money.parse(filed_text, "USD")


def test_second_run_changes_nothing_else():
    call_command("import_catalogue", DATA)
    ignored = {"price_checked_at"}
    before = list(Offering.objects.order_by("pk").values())
    call_command("import_catalogue", DATA)
    after = list(Offering.objects.order_by("pk").values())
    for old, new in zip(before, after, strict=True):
        assert {k: v for k, v in old.items() if k not in ignored} == {
            k: v for k, v in new.items() if k not in ignored
        }
    assert AuditEntry.objects.filter(action="catalogue.imported").count() == 6


def test_facts_of_one_row():
    call_command("import_catalogue", DATA)
    offering = Offering.objects.get(code="ovh-rise-1-gra")
    assert (offering.virtualization_type, offering.memory_mb) == ("", 32 * 1024)
    assert (offering.storage_gb, offering.uplink_mbps) == (500, 1000)
    assert (offering.traffic_gb, offering.unmetered_bandwidth) == (None, True)
    assert offering.operating_systems[:2] == ["Ubuntu", "Debian"]


def test_dry_run_writes_nothing(capsys):
    call_command("import_catalogue", DATA, "--dry-run")
    assert "Would import hetzner_offerings.csv" in capsys.readouterr().out
    assert (Offering.objects.count(), Provider.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == 0


def test_bad_row_exits_1_and_is_named(tmp_path, capsys):
    path = tmp_path / "cloud.csv"
    bad = row(offering_id="bad", monthly_price="1e3", traffic="much")
    path.write_bytes(catalogue_file(row(), bad))
    with pytest.raises(SystemExit) as ended:
        call_command("import_catalogue", path, *SUPPLIER)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  error: row 3, monthly_price: invalid_number: "
        "Write plain digits such as 4.20.",
        "  warning: row 3, traffic: invalid_number: Kept as text: not a plain number.",
    ]
    assert Offering.objects.count() == 1


@pytest.mark.parametrize(
    "options", [[], ["--domain", "not a domain", "--name", "X"], ["--domain", "x.org"]]
)
def test_refusal_exits_2(tmp_path, options):
    path = tmp_path / "cloud.csv"
    path.write_bytes(catalogue_file(row()))
    assert refused(path, *options) == 2
    assert Provider.objects.count() == 0


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_new_facts_of_a_known_supplier_are_judged_in_a_dry_run_too(tmp_path, dry_run):
    path = tmp_path / "cloud.csv"
    path.write_bytes(catalogue_file(row()))
    call_command("import_catalogue", path, *SUPPLIER)
    assert refused(path, *SUPPLIER, "--website", "javascript:1", *dry_run) == 2


def test_a_dry_run_reports_what_the_run_then_does(tmp_path, capsys):
    path = tmp_path / "cloud.csv"
    path.write_bytes(catalogue_file(row()))
    call_command("import_catalogue", path, *SUPPLIER)
    renamed = [path, *SUPPLIER[:-1], "Renamed Supplier"]
    capsys.readouterr()
    call_command("import_catalogue", *renamed, "--dry-run")
    said = capsys.readouterr().out
    assert Provider.objects.get().name != "Renamed Supplier"
    call_command("import_catalogue", *renamed)
    assert said.replace("Would import", "Imported") == capsys.readouterr().out
    assert Provider.objects.get().name == "Renamed Supplier"


def refused(*arguments):
    with pytest.raises(CommandError) as error:
        call_command("import_catalogue", *arguments)
    return error.value.returncode


def test_missing_file_and_folder_refusals_exit_2(tmp_path):
    assert refused(tmp_path / "nowhere.csv", *SUPPLIER) == 2
    assert refused(tmp_path) == 2
    assert refused(DATA, "--domain", "x.org") == 2


def folder(tmp_path, pubkey="", name="Cloud Supplier"):
    key = pubkey or "2ad0c2aa4a1b4a77d9a0ad93d4a4a65b2f2ad9f9d1f1d3b0c7a5e3c1b2a4d6e8"
    (tmp_path / "external_providers.csv").write_text(
        "name,domain,website_url,data_source,pubkey_hex\n"
        f"{name},supplier.example.com,https://supplier.example.com,scraper,{key}\n"
    )
    (tmp_path / "cloud_supplier_offerings.csv").write_bytes(catalogue_file(*several(2)))


def test_wrong_pubkey_refuses_the_folder(tmp_path):
    folder(tmp_path)
    assert refused(tmp_path) == 2
    assert Provider.objects.count() == 0


def test_one_refused_file_refuses_the_folder(tmp_path):
    for source in DATA.glob("*.csv"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    broken = tmp_path / "ovh_offerings.csv"
    broken.write_bytes(broken.read_bytes().replace(b"offer_name", b"name", 1))
    assert refused(tmp_path) == 2
    assert (Provider.objects.count(), Offering.objects.count()) == (0, 0)


def test_file_without_provider_refuses_the_folder(tmp_path):
    folder(tmp_path, name="Another")
    assert refused(tmp_path) == 2


def test_checked_at_is_kept(tmp_path):
    path = tmp_path / "cloud.csv"
    path.write_bytes(catalogue_file(row()))
    moment = "2025-12-15T12:00:00+00:00"
    call_command("import_catalogue", path, *SUPPLIER, "--checked-at", moment)
    assert Offering.objects.get().price_checked_at.isoformat() == moment
