"""Key figures as they were, what is wanted of them, and the bank's own accounts they come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record


class KpiValue(models.Model):
    """What a key figure was at the end of one day; computed, and computed again it is replaced."""

    name = models.CharField(_("key figure"), max_length=80)
    on = models.DateField(_("day"))
    value = models.FloatField(_("value"))
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("value of a key figure")
        verbose_name_plural = _("values of key figures")
        constraints = [models.UniqueConstraint(fields=["name", "on"], name="kpi_value_once_a_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class KpiTarget(Record):
    """What is wanted of a key figure, and from where on its owner is told."""

    name = models.CharField(_("key figure"), max_length=80, unique=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    alert = models.FloatField(
        _("alert"), null=True, blank=True, help_text=_("Its owner gets a task when it is worse.")
    )

    class Meta:
        verbose_name = _("target of a key figure")
        verbose_name_plural = _("targets of key figures")

    def __str__(self) -> str:
        return self.name


class LedgerItem(models.TextChoices):
    """
    What an extract of the general ledger may hold, one amount a month.

    The first ten are what came in or went out in the month, the others what there was at its end.
    Costs are given as positive amounts.
    """

    INTEREST_INCOME = "interest_income", _("Interest income")
    INTEREST_EXPENSE = "interest_expense", _("Interest expense")
    FEE_INCOME = "fee_income", _("Fee income")
    FEE_EXPENSE = "fee_expense", _("Fee expense")
    OTHER_INCOME = "other_income", _("Other income")
    OPERATING_EXPENSE = "operating_expense", _("Operating expense")
    IMPAIRMENT = "impairment", _("Loan impairment")
    TAX = "tax", _("Tax")
    NET_PROFIT = "net_profit", _("Net profit")
    DIVIDEND = "dividend", _("Dividend")
    TOTAL_ASSETS = "total_assets", _("Total assets")
    LOANS = "loans", _("Loans")
    DEPOSITS = "deposits", _("Deposits")
    EQUITY = "equity", _("Equity")
    CET1_CAPITAL = "cet1_capital", _("Common equity tier 1 capital")
    TIER1_CAPITAL = "tier1_capital", _("Tier 1 capital")
    RISK_EXPOSURE = "risk_exposure", _("Total risk exposure amount")
    LEVERAGE_EXPOSURE = "leverage_exposure", _("Leverage exposure")
    LIQUID_ASSETS = "liquid_assets", _("High-quality liquid assets")
    NET_OUTFLOW = "net_outflow", _("Net liquidity outflow in 30 days of stress")
    MARKET_VALUE = "market_value", _("Market value of the shares")


class LedgerFigure(Record):
    """One amount of the general ledger for one month, as the bank's own system gave it."""

    month = models.DateField(_("month"), help_text=_("Its first day."))
    item = models.CharField(_("item"), max_length=20, choices=LedgerItem.choices)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="DKK")

    class Meta:
        verbose_name = _("ledger figure")
        verbose_name_plural = _("ledger figures")
        permissions = [("import_ledger", _("Can import the general ledger"))]
        constraints = [
            models.UniqueConstraint(fields=["item", "month"], name="ledger_figure_once"),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="ledger_month_is_its_first_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.month:%Y-%m}"
