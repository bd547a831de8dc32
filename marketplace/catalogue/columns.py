"""The columns of a catalogue file and where each one goes."""

_IN_THE_SOURCE = """
    offering_id offer_name description product_page_url currency monthly_price setup_fee
    visibility product_type virtualization_type billing_interval stock_status
    processor_brand processor_amount processor_cores processor_speed processor_name
    memory_error_correction memory_type memory_amount hdd_amount total_hdd_capacity
    ssd_amount total_ssd_capacity unmetered_bandwidth uplink_speed traffic
    datacenter_country datacenter_city datacenter_latitude datacenter_longitude
    control_panel gpu_name gpu_count gpu_memory_gb min_contract_hours
    max_contract_hours payment_methods features operating_systems
"""
SOURCE_COLUMNS = _IN_THE_SOURCE.split()
OPTIONAL_COLUMNS = ["external_checkout_url", "offering_source"]

TEXT_FIELDS = {
    "offering_id": "code",
    "offer_name": "offer_name",
    "description": "description",
    "product_page_url": "product_page_url",
    "external_checkout_url": "external_checkout_url",
    "currency": "currency",
    "visibility": "visibility",
    "product_type": "product_type",
    "virtualization_type": "virtualization_type",
    "billing_interval": "billing_interval",
    "stock_status": "stock_status",
    "datacenter_country": "datacenter_country",
    "datacenter_city": "datacenter_city",
}
"""Columns that have a text field of their own."""

MONEY_FIELDS = {
    "monthly_price": "monthly_price_e9s",
    "setup_fee": "setup_fee_e9s",
}

SPEC_COLUMNS = [name for name in SOURCE_COLUMNS if name not in TEXT_FIELDS]
"""Columns whose text as filed is kept in `specs`; blank ones are left out."""
