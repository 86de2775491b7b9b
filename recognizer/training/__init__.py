"""How the network is made: synthesis, augmentation, models, training, export."""

from __future__ import annotations
