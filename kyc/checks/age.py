from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register

ADULT = 18
OLDEST = 120


@register("age", label=_("Age"), kinds=("person",))
def age(subject: Subject) -> Finding:
    """A person under 18 needs a guardian; a date of birth that cannot be true is looked at."""
    if subject.born_on is None:
        return Finding(True, "age_unknown")
    born, today = subject.born_on, subject.today
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < 0 or years > OLDEST:
        return Finding(False, "age_impossible", {"years": years})
    if years < ADULT:
        return Finding(False, "age_minor", {"years": years})
    return Finding(True, "age_adult", {"years": years})
