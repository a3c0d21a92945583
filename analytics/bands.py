"""What a probability of leaving within 90 days is called, and from when somebody is told."""

import numpy as np
import numpy.typing as npt

MEDIUM, HIGH = 0.2, 0.5
#: From here on a customer is at risk; crossing it, either way, is announced.
THRESHOLD = HIGH


def bands_of(probabilities: npt.NDArray[np.float64]) -> list[str]:
    """Low, medium or high, for each."""
    named = np.array(["low", "medium", "high"])
    return [str(one) for one in named[np.digitize(probabilities, [MEDIUM, HIGH])]]
