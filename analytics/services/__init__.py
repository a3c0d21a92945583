"""Training models and scoring customers."""

from analytics.services.register import (
    TRAINING,
    approve_model,
    retire_model_in_use,
    start_training,
    train_challenger,
    train_on_history,
    worth_proposing,
)
from analytics.services.scoring import (
    SCORING,
    Batch,
    CannotScore,
    added,
    note_drift,
    score_customer,
    score_customers,
    start_scoring,
)

__all__ = [
    "SCORING",
    "TRAINING",
    "Batch",
    "CannotScore",
    "added",
    "approve_model",
    "note_drift",
    "retire_model_in_use",
    "score_customer",
    "score_customers",
    "start_scoring",
    "start_training",
    "train_challenger",
    "train_on_history",
    "worth_proposing",
]
