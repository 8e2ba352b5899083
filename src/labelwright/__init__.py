"""Labelwright: data labeling that works with Label Studio's SDK, configs and exports."""

__version__ = "0.1.0"
