"""The independent reference.

The spec's evaluator written a second time, plain and slow, to judge the product's by.
"""
