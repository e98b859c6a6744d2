"""Kernels chosen by what was measured on the device at hand."""
