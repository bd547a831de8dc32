"""Fields that accept exactly what is published, for forms, filters and serializers.

The channels' forms, filters and API build on these bases. They only parse: what a
value means is decided by the action. Source: 9-quality, section 3; 8-api.
"""
