"""Which function answers to which name: the composition of the rooms, by dotted names.

The rooms never import each other upwards; what runs for them by the clock, by a job or
by a command is named here. `config.settings` takes these as they stand.
"""

# Kind of job: the handler that a worker calls.
JOB_HANDLERS = {
    "mail": "resellers.jobs.send_mail",
    "list_prices": "marketplace.actions.list_prices.run_job",
    "import": "resellers.importing.running.run_job",
}
MAIL_BUILDERS: dict[str, str] = {
    "password_reset": "config.signin.mails.password_reset",
    "account_exists": "config.signin.mails.account_exists",
    "address_confirmation": "config.signin.mails.address_confirmation",
    "account_notice": "config.signin.mails.account_notice",
    "reseller_invited": "resellers.mails.reseller_invited",
    "address_asked": "resellers.mails.address_asked",
    "address_notice": "resellers.mails.address_notice",
    "profile_approved": "resellers.mails.profile_approved",
    "profile_suspended": "resellers.mails.profile_suspended",
    "profile_reactivated": "resellers.mails.profile_reactivated",
    "order_new": "marketplace.mails.order_new",
    "order_accept_due": "marketplace.mails.order_accept_due",
    "order_fulfil_due": "marketplace.mails.order_fulfil_due",
    "order_overdue": "marketplace.mails.order_overdue",
    "order_expired": "marketplace.mails.order_expired",
    "order_cancelled": "marketplace.mails.order_cancelled",
    "problem_reported": "marketplace.mails.problem_reported",
    "prices_rose": "marketplace.mails.prices_rose",
    "order_placed": "marketplace.mails.order_placed",
    "payment_received": "marketplace.mails.payment_received",
    "order_fulfilled": "marketplace.mails.order_fulfilled",
    "details_corrected": "marketplace.mails.details_corrected",
    "order_ended": "marketplace.mails.order_ended",
    "refund_sent": "marketplace.mails.refund_sent",
    "staff_overdue": "marketplace.mails.staff_overdue",
    "staff_problem": "marketplace.mails.staff_problem",
    "staff_refund_due": "marketplace.mails.staff_refund_due",
}
# Name of the task: function called with the time, seconds between two runs.
CLOCK_TASKS = {
    "holds": ("resellers.actions.entries.settle_due", 300),
    "order_deadlines": ("marketplace.actions.clock.run_deadlines", 60),
    "waiting_sales": ("resellers.actions.sales.apply_waiting", 300),
    "verify_ledger": ("config.verification.run_hourly", 3600),
    "purge_jobs": ("config.purge.purge_jobs", 3600),
    "purge_uploads": ("resellers.actions.imports.purge_uploads", 600),
    "purge_sessions": ("config.purge.purge_sessions", 3600),
    "purge_calls": ("config.api.idempotency.purge_calls", 3600),
    "purge_counters": ("config.counters.purge_counters", 3600),
    "list_prices": ("marketplace.actions.list_prices.refresh_all", 86_400),
}
# Invariants by their id: functions that return how many rows they looked at and the
# keys of those that break the rule. `verify_ledger` runs them all in one snapshot.
LEDGER_CHECKS: dict[str, str] = {
    "V1": "resellers.reports.amounts_are_bounded",
    "V3": "resellers.reports.amounts_recompute",
    "V5": "resellers.reports.reversed_groups_are_empty",
    "V9": "resellers.reports.groups_are_capped",
    "V13": "resellers.reports.times_are_in_order",
    "V16": "resellers.reports.adjustments_are_signed",
    "V19": "resellers.reports.fingerprints_recompute",
    "V20": "resellers.reports.guards_stand_and_bite",
    "V2 orders": "marketplace.proof.totals_add_up",
    "V3 orders": "marketplace.proof.commissions_follow_the_rule",
    "V4 orders": "marketplace.proof.percents_are_in_range",
    "V6 orders": "marketplace.proof.postings_match_orders",
    "V7 orders": "marketplace.proof.states_have_their_facts",
    "V11 orders": "marketplace.proof.parties_agree",
    "V12 orders": "marketplace.proof.mails_are_owed_once",
    "V13 orders": "marketplace.proof.times_are_in_order",
    "V3 sales": "resellers.proof.answers_follow_the_rule",
    "V4 sales": "resellers.proof.rates_stand_in_the_history",
    "V6 sales": "resellers.proof.postings_match_sales",
    "V7 sales": "resellers.proof.answers_have_their_facts",
    "V9 sales": "resellers.proof.refunds_fit_their_sales",
    "V11 sales": "resellers.proof.parties_agree",
    "V11 referrals": "resellers.proof.periods_are_apart",
    "V13 sales": "resellers.proof.times_are_in_order",
    "V19 sales": "resellers.proof.fingerprints_recompute",
}
# The same shape, given the date to start from: `replay_prices` runs them all.
PRICE_REPLAYERS: dict[str, str] = {
    "orders": "marketplace.proof.replay_orders",
    "sales": "resellers.proof.replay_sales",
}
# Each loads its room's part of the demo, in this order.
DEMO_LOADERS = [
    "config.demo_accounts.load_people",
    "marketplace.demo.loader.load",
    "resellers.demo.loader.load",
    "config.demo_accounts.load_keys",
]
# Each yields its room's gauges for /metrics and the staff's system page.
METRIC_SOURCES = [
    "config.metrics.outbox",
    "config.metrics.clock",
    "config.metrics.ledger",
    "config.metrics.orders",
    "config.metrics.build",
]
# Each yields what waits for staff, for the front page of the administration.
STAFF_TASKS = [
    "marketplace.admin.tasks.money",
    "marketplace.admin.tasks.orders",
    "resellers.admin.tasks.applicants",
    "resellers.admin.tasks.unanswered_sales",
    "resellers.admin.tasks.dead_jobs",
    "config.staff.ledger",
]
