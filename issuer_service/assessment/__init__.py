"""Assessing: what somebody was seen to master, by whom, when, against which rubric."""
