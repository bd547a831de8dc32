"""What is for sale: the marketplace's list, an offering's page, the published rule."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from marketplace import pick
from marketplace.filters import OfferingFilter
from marketplace.models import Offering
from marketplace.offers import OfferBook
from marketplace.presentation import example
from marketplace.presentation.cards import offering_card
from marketplace.presentation.offering import offering_page
from marketplace.views import rail
from marketplace.views.access import (
    PageRequest,
    member_of,
    offering_or_404,
    own_relationship,
)
from marketplace.views.crumbs import crumbs
from marketplace.views.parts import render_part
from resellers import clock

PAGE_SIZE = 24


@require_safe
@vary_on_headers("HX-Request")
def offering_list(request: PageRequest) -> HttpResponse:
    """Search, filter, sort and walk what is listed; htmx asks for parts of it."""
    now, cursor = clock.now(), request.GET.get("cursor", "")
    filters = OfferingFilter(request.GET, queryset=Offering.objects.listed())
    found = filters.qs.select_related("provider")
    page = filters.keyset.page_or_first(found, limit=PAGE_SIZE, cursor=cursor)
    book = OfferBook(page.rows, now)
    seller = filters.form.cleaned_data.get("seller") or ""
    facts = {
        "cards": [offering_card(o, book.offers(o), now, seller) for o in page.rows],
        "next_url": rail.next_url(request.GET, page.next),
    }
    part = "offering-rows"
    if not (cursor and request.htmx):
        facts |= rail.list_facts(filters, request.GET, filters.count)
        part = "offering-results"
    return render_part(request, "marketplace/offering_list.html", part, facts)


@require_safe
def offering_detail(request: PageRequest, offering_id: int) -> HttpResponse:
    """Facts, sellers and their reasons; a retired offering keeps its page."""
    offering = offering_or_404(request, offering_id)
    request.member = member_of(request)
    mine = own_relationship(request.member, offering)
    book = OfferBook([offering], clock.now())
    facts = {**offering_page(book, offering, mine), "crumbs": crumbs()}
    return render(request, "marketplace/offering_detail.html", facts)


@require_safe
def pick_detail(request: HttpRequest) -> HttpResponse:
    """The rule that orders sellers, in plain words, with an example it computes."""
    facts = {
        "rule": pick.PICK_RULE,
        "lock_from": pick.LOCK_FROM,
        "lock_below": pick.LOCK_BELOW,
        "counted_days": pick.COUNTED_DAYS,
        "newcomer_below": pick.NEWCOMER_BELOW,
        "newcomer_sorts_as": pick.NEWCOMER_SORTS_AS,
        "base": example.example_base(),
        "limit": example.example_limit(),
        "rows": example.example_rows(),
        "crumbs": crumbs(),
    }
    return render(request, "marketplace/pick_detail.html", facts)
