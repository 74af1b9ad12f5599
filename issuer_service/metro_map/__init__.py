"""The metro map: lines of learning, their stations, and the stations where lines meet, drawn.

Pure: a network goes in, a picture, a list and data come out, the same for the same network. Nothing in here knows a
database or who is asking.
"""
