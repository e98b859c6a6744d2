"""Plans: what is to be computed, as frozen values that know no device.

A plan holds shapes, strides and data types, never data. Equal calls make equal plans, so a
plan is the key under which compiled work is found again. ``protocol`` says what every plan
offers; the other modules hold one family each.
"""
