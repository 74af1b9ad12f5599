"""Cashing in (verzilveren): proofs of learning outcomes, laid along the rule of a published set of criteria."""
