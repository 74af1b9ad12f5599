"""Verifying badges for visitors: ours, and anybody's whose key can be had."""
