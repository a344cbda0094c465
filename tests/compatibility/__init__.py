"""Stores, bundles, certificates and publications of earlier versions stay readable for ever."""
