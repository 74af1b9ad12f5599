"""Assessing: published plans, what assessors find by them, second looks, and the badges for what is mastered."""
