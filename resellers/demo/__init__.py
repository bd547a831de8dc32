"""The demo of the trunk: resellers, their customers and two years of sales."""
