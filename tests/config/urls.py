"""Addresses that exist in tests only: small views behind the real door."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from config.models import Counter
from resellers.errors import DomainError
from resellers.models.keyset import Keyset
from resellers.parsing.serializers import StrictIntegerField, StrictSerializer


class CounterAlreadyFull(DomainError):
    code = "counter_already_full"
    title = "The counter is full"


class CounterOut(serializers.ModelSerializer[Counter]):
    class Meta:
        model = Counter
        fields = ["name", "value"]


class CounterAddition(StrictSerializer):
    amount = StrictIntegerField(
        min_value=0, max_value=50, codes={"out_of_range": "amount_out_of_range"}
    )


class CounterViewSet(GenericViewSet[Counter]):
    """Counters, as a resource to try the door with."""

    scope = "marketplace"
    open_actions = {"list"}
    problems = {"add": (CounterAlreadyFull,)}
    queryset = Counter.objects.exclude(name__startswith="api:")
    serializer_class = CounterOut
    keyset = Keyset("-value", "-id")
    counted = True

    def list(self, request: Request) -> Response:
        """List the counters."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(CounterOut(page, many=True).data)

    def retrieve(self, request: Request, pk: int) -> Response:
        """Read a counter."""
        return Response(CounterOut(self.get_object()).data)

    def add(self, request: Request, pk: int) -> Response:
        """Add to a counter."""
        addition = CounterAddition(data=request.data)
        addition.is_valid(raise_exception=True)
        counter = self.get_object()
        counter.value = models.F("value") + addition.validated_data["amount"]
        counter.save(update_fields=["value"])
        counter.refresh_from_db()
        if counter.value > 100:
            raise CounterAlreadyFull(state="full")
        return Response(CounterOut(counter).data, headers={"Location": "/somewhere"})


@require_POST
def add_by_form(request: HttpRequest, pk: int) -> HttpResponse:
    Counter.objects.filter(pk=pk).update(value=models.F("value") + 1)
    if request.POST.get("refuse"):
        return HttpResponse("refused", status=422)
    return HttpResponse(status=302, headers={"Location": "/done"})


def raising(request: HttpRequest) -> HttpResponse:
    raise EXCEPTIONS.pop()


EXCEPTIONS: list[Exception] = []
counters = [
    path("counters", CounterViewSet.as_view({"get": "list"}), name="counter-list"),
    path(
        "counters/<int:pk>",
        CounterViewSet.as_view({"get": "retrieve"}),
        name="counter-detail",
    ),
    path(
        "counters/<int:pk>/add",
        CounterViewSet.as_view({"post": "add"}),
        name="counter-add",
    ),
]
urlpatterns = [
    path("api/v1/", include(counters)),
    path("forms/<int:pk>/add", add_by_form),
    path("raising", raising),
    path("api/raising", raising),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
