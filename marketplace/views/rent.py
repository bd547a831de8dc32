"""Renting an offer: the price stands on the button and comes back signed."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marketplace.actions import renting
from marketplace.forms.renting import PlaceOrderForm
from marketplace.models import Offering
from marketplace.offers import OfferBook
from marketplace.presentation.renting import rent_page
from marketplace.quotes import issue_quote
from marketplace.views.access import PersonRequest, member_of, offering_or_404
from marketplace.views.crumbs import crumb, crumbs
from resellers import clock
from resellers.errors import submit


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def order_place(request: PersonRequest, offering_id: int) -> HttpResponse:
    """Ask what the seller must know, then rent at exactly the price shown.

    The address names the seller, so that its form is never that of another one:
    without a name it leads to the featured seller's.
    """
    offering = offering_or_404(request, offering_id)
    posted = request.POST if request.method == "POST" else None
    form = PlaceOrderForm(posted, offering=offering)
    if posted is not None:
        contract = submit(form, renting.place_order, actor=request.user)
        if contract is not None:
            messages.success(request, "Rented. Here is what happens next.")
            return redirect("marketplace:contract-detail", contract.contract_id)
    book = OfferBook([offering], clock.now())
    offers = book.offers(offering)
    if posted is None and offers and not named_seller(request):
        featured = urlencode({"seller": offers[0].seller.pubkey})
        return redirect(f"{request.path}?{featured}")
    return rent_form(request, offering, form, book)


def named_seller(request: PersonRequest) -> str:
    return request.GET.get("seller", "").strip()


def rent_form(
    request: PersonRequest, offering: Offering, form: PlaceOrderForm, book: OfferBook
) -> HttpResponse:
    """The form with a fresh quote; where the price moved it says old and new."""
    request.member = member_of(request)
    status = 422 if form.errors else 200
    page = rent_page(book, offering, named_seller(request), form.quoted_before())
    if page.chosen is not None:
        key, offer = page.chosen.seller.pubkey, page.chosen.offer
        promise = page.chosen.relationship.promise
        form.quote_again(issue_quote(offering.pk, key, offer, promise, book.now))
    if page.has_moved:
        form.errors.pop("quote", None)
    facts = {
        "page": page,
        "form": form,
        "is_own": request.member and request.member.provider == page.seller,
        "crumbs": [*crumbs(), crumb(offering)],
    }
    return render(request, "marketplace/order_place.html", facts, status=status)
