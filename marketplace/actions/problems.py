"""A buyer's problem with what was delivered: it holds the money until it is resolved.

Source: 4-marketplace, section 4.
"""

from django.db import transaction

from marketplace.actions import facts, postings
from marketplace.actions.moves import change, change_contract, open_case, record, tell
from marketplace.errors import NoProblemOpen, OrderNotFulfilled, ProblemOpen
from marketplace.models import OrderState, ResellerOrder
from resellers.models import Actor


@transaction.atomic
def report_problem(order: ResellerOrder, *, text: str, actor: Actor) -> ResellerOrder:
    """The buyer says what does not work; entries are held and completion stops.

    The text stays on the contract: it may hold access data, so neither the audit nor
    a mail repeats it. Raises OrderNotFulfilled, ProblemOpen, TextRequired.
    """
    said = facts.problem_text(text)
    case = open_case(order, actor)
    if case.order.state != OrderState.FULFILLED:
        raise OrderNotFulfilled(state=case.order.state)
    if case.contract.problem_open:
        if case.contract.problem_text == said:
            return case.order
        raise ProblemOpen(state=case.order.state)
    change_contract(
        case, problem_text=said, problem_at=case.at, problem_resolved_at=None
    )
    change(case, {OrderState.FULFILLED}, completion_due_at=None)
    postings.hold_owed(case)
    entry = record(case, "problem.reported")
    tell(case, "problem_reported", "staff_problem", again=entry)
    return case.order


@transaction.atomic
def resolve_problem(order: ResellerOrder, *, note: str, actor: Actor) -> ResellerOrder:
    """Staff close the problem; the seven days until completion start anew.

    Raises NoProblemOpen, ReasonRequired.
    """
    why = facts.staff_reason(note, field="note")
    case = open_case(order, actor)
    if case.order.state != OrderState.FULFILLED or not case.contract.problem_open:
        raise NoProblemOpen(state=case.order.state)
    change_contract(case, problem_resolved_at=case.at)
    due_at = case.at + postings.COMPLETES_AFTER
    change(case, {OrderState.FULFILLED}, completion_due_at=due_at)
    postings.release_owed(case)
    record(case, "problem.resolved", reason=why)
    return case.order
