"""From the dry run to the import: all rows or none, as they were seen, once."""

from datetime import timedelta

import pytest

from resellers import clock
from resellers.actions import imports
from resellers.actions.profiles import change_reseller
from resellers.errors import PermissionRefused
from resellers.errors.profiles import ReasonRequired
from resellers.errors.transfers import (
    FileHasErrors,
    ImportChanged,
    ImportRunning,
    RowRefused,
)
from resellers.importing import running
from resellers.jobs import claim, run_job
from resellers.models import AuditEntry, HeldUpload, Job, Reseller
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT
from tests.resellers import people
from tests.resellers.importing.desk import (
    all_rows,
    bring_in,
    file_of,
    report,
    upload,
)

pytestmark = pytest.mark.django_db
CONTENT = file_of("email,first_name", "avery@example.com,Robin", "kim@example.com,Kim")


@pytest.fixture
def avery(db):
    return ResellerFactory.create(
        user__email="avery@example.com", first_name="Avery", last_name="Quill"
    )


def confirm(held, actor):
    return running.confirm(held, digest=held.digest, actor=actor)


def test_upload_is_held_for_its_uploader_for_an_hour(avery, editor):
    held = upload(CONTENT, editor, sends_invitations=True)
    assert HeldUpload.objects.for_uploader(editor).get() == held
    assert not HeldUpload.objects.for_uploader(people.editor()).exists()
    assert held.expires_at == AT + timedelta(hours=1)
    assert (held.new_count, held.changed_count) == (1, 1)
    assert (held.unchanged_count, held.error_count) == (0, 0)
    assert held.report["rows"] == report(CONTENT, editor)
    held.full_clean(exclude=["content", "packed_report"])


def test_reason_and_right_are_asked_first(editor):
    with pytest.raises(ReasonRequired):
        upload(CONTENT, editor, reason=" hm ")
    with pytest.raises(PermissionRefused):
        upload(CONTENT, people.viewer())
    assert not HeldUpload.objects.exists()


def test_one_bad_row_and_nothing_is_confirmed(avery, editor):
    before = all_rows()
    held = upload(CONTENT + b"\r\nbad,Bad", editor)
    with pytest.raises(FileHasErrors):
        confirm(held, editor)
    assert all_rows() == before


def test_a_row_refused_takes_all_others_with_it(avery, editor, monkeypatch):
    """The last row of three, refused by its action after the check."""
    held = upload(CONTENT + b"\r\nrobin@example.com,Robin", editor)
    before = all_rows()
    check = running.check_again

    def meanwhile(upload):
        plan = check(upload)
        if not Reseller.objects.filter(user__email="robin@example.com").exists():
            ResellerFactory.create(user__email="robin@example.com", first_name="R")
            before.update(all_rows())
        return plan

    monkeypatch.setattr(running, "check_again", meanwhile)
    with pytest.raises(RowRefused) as caught:
        confirm(held, editor)
    assert caught.value.extra == {"row": 4}
    assert all_rows() == before
    held.refresh_from_db()
    assert (held.state, held.new_count, held.changed_count) == ("held", 1, 2)
    assert held.note.startswith("Row 4 was refused, so nothing was imported: ")
    assert bytes(held.content)


def test_a_profile_changed_in_the_last_moment_is_not_overwritten(
    avery, editor, monkeypatch
):
    held = upload(CONTENT, editor)
    check = running.check_again

    def meanwhile(upload):
        plan = check(upload)
        change_reseller(avery, city="Exampleton", actor=None)
        return plan

    monkeypatch.setattr(running, "check_again", meanwhile)
    with pytest.raises(RowRefused, match="changed this meanwhile"):
        confirm(held, editor)
    avery.refresh_from_db()
    assert avery.first_name == "Avery"


def test_what_changed_since_the_dry_run_is_shown_again(avery, editor):
    held = upload(CONTENT, editor)
    change_reseller(avery, first_name="Ave", actor=None)
    before = all_rows()
    with pytest.raises(ImportChanged):
        confirm(held, editor)
    assert all_rows() == before
    held.refresh_from_db()
    assert held.state == "held"
    assert held.report["rows"][0]["changes"] == [["first_name", "Ave", "Robin"]]
    assert confirm(held, editor).state == "imported"


def test_what_somebody_else_saw_is_not_confirmed(avery, editor):
    held = upload(CONTENT, editor)
    with pytest.raises(ImportChanged):
        running.confirm(held, digest="0" * 64, actor=editor)
    held.refresh_from_db()
    assert held.state == "held"


def test_stranger_confirms_nothing(avery, editor):
    held = upload(CONTENT, editor)
    with pytest.raises(HeldUpload.DoesNotExist):
        confirm(held, people.editor())
    with pytest.raises(ImportRunning):
        imports.discard_upload(held, actor=people.editor())
    assert HeldUpload.objects.filter(pk=held.pk, state="held").exists()


def test_twice_confirmed_is_once_imported(avery, editor):
    held = bring_in(CONTENT, editor)
    entries = AuditEntry.objects.count()
    with pytest.raises(ImportRunning) as caught:
        confirm(held, editor)
    assert caught.value.extra == {"state": "imported"}
    assert AuditEntry.objects.count() == entries


def test_unchanged_file_writes_its_one_entry(avery, editor):
    held = bring_in(file_of("email,first_name", "avery@example.com,Avery"), editor)
    assert (held.state, held.unchanged_count) == ("imported", 1)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["import.confirmed"]


class TestByAWorker:
    @pytest.fixture(autouse=True)
    def _long(self, monkeypatch):
        monkeypatch.setattr(running, "AT_ONCE", 1)

    def work(self):
        job = claim(Job.objects.get(kind="import", state="ready").pk, "worker")
        assert job is not None
        return run_job(job)

    def test_long_file_is_imported(self, avery, editor):
        held = bring_in(CONTENT, editor)
        assert held.state == "queued"
        job = Job.objects.get()
        assert (job.about, job.payload) == (
            f"resellers.import:{held.pk}",
            {"upload": str(held.pk)},
        )
        assert self.work().note == "2 rows"
        held.refresh_from_db()
        assert (held.state, held.finished_at) == ("imported", AT)

    def test_nobody_else_takes_the_job_while_it_is_written(
        self, avery, editor, monkeypatch
    ):
        leased = []
        write = imports.run_import

        def watched(*args, **facts):
            leased.append(Job.objects.get().leased_until)
            return write(*args, **facts)

        monkeypatch.setattr(imports, "run_import", watched)
        bring_in(CONTENT, editor)
        assert self.work().note == "2 rows"
        assert leased == [AT + running.LEASE]

    def test_refusal_is_the_uploaders_to_read(self, avery, editor):
        held = bring_in(CONTENT, editor)
        change_reseller(avery, first_name="Ave", actor=None)
        assert self.work().note == "not imported: import_changed"
        held.refresh_from_db()
        assert (held.state, held.note) == ("held", ImportChanged.sentence)
        confirm(held, editor)
        assert self.work().note == "2 rows"

    def test_right_is_asked_again(self, avery, editor):
        held = bring_in(CONTENT, editor)
        editor.groups.clear()
        assert self.work().note == "not imported: permission_denied"
        held.refresh_from_db()
        assert held.state == "held"
        assert Reseller.objects.count() == 1

    def test_after_the_first_worker_died(self, avery, editor):
        held = bring_in(CONTENT, editor)
        HeldUpload.objects.update(state="running")
        assert self.work().note == "2 rows"
        held.refresh_from_db()
        assert held.state == "imported"

    def test_that_comes_second_does_nothing(self, avery, editor):
        bring_in(CONTENT, editor)
        HeldUpload.objects.update(state="imported", finished_at=AT)
        assert self.work().note == "it is imported"
        assert Reseller.objects.count() == 1


class TestGoingAway:
    def test_discarded_by_the_uploader(self, editor):
        imports.discard_upload(upload(CONTENT, editor), actor=editor)
        assert not HeldUpload.objects.exists()

    def test_purged_after_its_hour(self, editor):
        held, kept = upload(CONTENT, editor), upload(CONTENT, editor)
        HeldUpload.objects.filter(pk=kept.pk).update(state="queued")
        assert imports.purge_uploads(AT + timedelta(minutes=59)) == "0 files"
        hour = AT + timedelta(hours=1)
        assert list(HeldUpload.objects.unexpired(hour)) == [kept]
        assert imports.purge_uploads(hour) == "1 files"
        assert imports.purge_uploads(hour + timedelta(days=1)) == "1 files"
        assert held.pk != kept.pk

    def test_expired_one_is_not_confirmed(self, editor):
        held = upload(CONTENT, editor)
        with clock.at(AT + timedelta(hours=1)), pytest.raises(HeldUpload.DoesNotExist):
            confirm(held, editor)
