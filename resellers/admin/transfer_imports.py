"""The pages of an import: a file is asked for, previewed, confirmed, and told about."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from resellers import clock
from resellers.actions import imports
from resellers.desk.deeds import person
from resellers.errors import DomainError, submit
from resellers.errors.transfers import ImportRunning
from resellers.forms.transfers import UploadForm
from resellers.importing import running
from resellers.models import HeldUpload, TransferKind, UploadState
from resellers.presentation.transfers import preview_of, progress_of

WORKED_ON = {UploadState.QUEUED, UploadState.RUNNING}


class ImportPage:
    """One request for an import; `owner` is the admin class of the list."""

    def __init__(self, owner: Any, request: HttpRequest) -> None:
        self.owner, self.request = owner, request
        self.kind: TransferKind = owner.transfer_kind

    def answer_form(self) -> HttpResponse:
        """The form; an accepted file goes on to its preview."""
        if self.request.method != "POST":
            return self._ask(UploadForm(kind=self.kind))
        form = UploadForm(self.request.POST, self.request.FILES, kind=self.kind)
        held = submit(form, self._hold, actor=person(self.request))
        return self._ask(form) if held is None else self._go_to(held.pk)

    def answer_upload(self, upload_id: UUID) -> HttpResponse:
        """What a held file would do, is doing, or has done; confirmed by POST."""
        upload = self._held(upload_id)
        if self.request.method != "POST":
            return self._tell(upload)
        if "discard" in self.request.POST:
            return self._discard(upload)
        refusal = self._confirm(upload)
        if refusal is None:
            return self._go_to(upload_id)
        return self._tell(self._held(upload_id), refusal)

    def _hold(self, *, upload: Any, **facts: Any) -> HeldUpload:
        return running.upload(
            kind=self.kind, file_name=upload.name, content=upload.read(), **facts
        )

    def _held(self, upload_id: UUID) -> HeldUpload:
        """The file of this person and this list; anybody else's is not there."""
        uploads = HeldUpload.objects.for_uploader(person(self.request))
        found = uploads.unexpired(clock.now()).filter(kind=self.kind)
        upload = found.select_related("uploader").filter(pk=upload_id).first()
        if upload is None:
            raise Http404
        return upload

    def _confirm(self, upload: HeldUpload) -> DomainError | None:
        """The refusal, if there is one; that somebody was faster is none."""
        digest = self.request.POST.get("digest", "")
        try:
            running.confirm(upload, digest=digest, actor=person(self.request))
        except ImportRunning:
            return None
        except DomainError as refusal:
            return refusal
        return None

    def _discard(self, upload: HeldUpload) -> HttpResponse:
        try:
            imports.discard_upload(upload, actor=person(self.request))
        except ImportRunning:
            return self._go_to(upload.pk)
        messages.info(self.request, "The file was discarded; nothing was imported.")
        return HttpResponseRedirect(self.owner.transfer_url("import"))

    def _go_to(self, upload_id: UUID) -> HttpResponse:
        return HttpResponseRedirect(self.owner.transfer_url("upload", upload_id))

    def _ask(self, form: forms.Form) -> HttpResponse:
        columns, _ = running.KINDS[self.kind]
        return self._page(
            "upload",
            is_refused=bool(form.errors),
            form=form,
            columns=sorted(dict.fromkeys(columns.fields.values())),
            has_extended=columns.has_extended,
        )

    def _tell(
        self, upload: HeldUpload, refusal: DomainError | None = None
    ) -> HttpResponse:
        is_worked_on = upload.state in WORKED_ON
        asked = self.request.GET
        return self._page(
            "preview",
            is_refused=refusal is not None,
            subtitle=upload.file_name,
            upload=upload,
            refusal=refusal,
            is_worked_on=is_worked_on,
            progress=progress_of(upload) if is_worked_on else "",
            preview=preview_of(
                upload, show=asked.get("show", ""), page=asked.get("p", "")
            ),
            trail_url=self._trail_url(upload),
            import_url=self.owner.transfer_url("import"),
        )

    def _trail_url(self, upload: HeldUpload) -> str:
        """Where all entries of the import are read, for those who may."""
        may = self.request.user.has_perm("resellers.view_auditentry")
        if not may or upload.state != UploadState.IMPORTED:
            return ""
        page = reverse("admin:resellers_auditentry_changelist")
        return f"{page}?batch_id__exact={upload.pk}"

    def _page(self, name: str, *, is_refused: bool, **facts: Any) -> HttpResponse:
        context = self.owner.transfer_context(
            self.request, title=f"Import {self.kind}", **facts
        )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
        template = f"admin/resellers/transfers/{name}.html"
        return TemplateResponse(self.request, template, context, status=status)
