"""The playbooks a bank begins with; it changes them as configuration afterwards."""

from datetime import UTC, datetime
from decimal import Decimal

from django.db import migrations

PLAYBOOKS = [
    {
        "reason": "fee",
        "features": ["fee", "price", "interest"],
        "offer_kind": "fee_waiver",
        "budget": "1000",
        "da": {
            "name": "Pris og gebyrer",
            "offer": "Intet kontogebyr i 12 måneder",
            "steps": [
                "Ring, og spørg til gebyret, før du nævner et tilbud",
                "Vis, hvad kunden betaler, og hvad kunden får for det",
                "Tilbyd fritagelse for kontogebyret i 12 måneder",
            ],
        },
        "en": {
            "name": "Price and fees",
            "offer": "No account fee for 12 months",
            "steps": [
                "Call and ask about the fee before you mention an offer",
                "Show what the customer pays and what they get for it",
                "Offer 12 months without the account fee",
            ],
        },
    },
    {
        "reason": "salary",
        "features": ["salary", "income", "inflow"],
        "offer_kind": "salary_account",
        "budget": "1500",
        "da": {
            "name": "Løn flyttet væk",
            "offer": "Højere rente på lønkontoen i 12 måneder",
            "steps": [
                "Ring inden for to dage: lønnen flytter sjældent af sig selv",
                "Spørg, hvad den anden bank tilbød",
                "Tilbyd bedre vilkår på lønkontoen, og hjælp med at flytte betalinger tilbage",
            ],
        },
        "en": {
            "name": "Income moved away",
            "offer": "A better rate on the salary account for 12 months",
            "steps": [
                "Call within two days: income seldom moves by itself",
                "Ask what the other bank offered",
                "Offer better terms on the salary account and help to move payments back",
            ],
        },
    },
    {
        "reason": "activity",
        "features": ["login", "log_in", "transaction", "activity", "card_use", "digital"],
        "offer_kind": "digital_help",
        "budget": "500",
        "da": {
            "name": "Bruger banken mindre",
            "offer": "En times personlig hjælp til mobilbanken",
            "steps": [
                "Se, hvad kunden er holdt op med at bruge",
                "Ring, og spørg, om noget er blevet besværligt",
                "Tilbyd en times personlig hjælp",
            ],
        },
        "en": {
            "name": "Uses the bank less",
            "offer": "An hour of personal help with the mobile bank",
            "steps": [
                "See what the customer has stopped using",
                "Call and ask whether something has become difficult",
                "Offer an hour of personal help",
            ],
        },
    },
    {
        "reason": "contact",
        "features": ["contact", "interaction", "adviser", "meeting"],
        "offer_kind": "review_meeting",
        "budget": "500",
        "da": {
            "name": "Ingen kontakt",
            "offer": "Et årsmøde med rådgiveren",
            "steps": [
                "Ring, og præsentér dig som kundens rådgiver",
                "Gennemgå kundens forhold, før du spørger til planer",
                "Aftal et årsmøde",
            ],
        },
        "en": {
            "name": "Nobody has been in touch",
            "offer": "A yearly review with the adviser",
            "steps": [
                "Call and introduce yourself as the customer's adviser",
                "Go through what the customer has before you ask about plans",
                "Agree on a yearly review",
            ],
        },
    },
    {
        "reason": "service",
        "features": ["sentiment", "complaint", "nps", "satisfaction", "wait", "mood"],
        "offer_kind": "apology",
        "budget": "800",
        "da": {
            "name": "Utilfreds med servicen",
            "offer": "Fast kontaktperson og svar inden for en bankdag",
            "steps": [
                "Læs de seneste samtaler, før du ringer",
                "Beklag det, der gik galt, og sig, hvad der er ændret",
                "Tilbyd en fast kontaktperson med svar inden for en bankdag",
            ],
        },
        "en": {
            "name": "Unhappy with the service",
            "offer": "A named contact who answers within one bank day",
            "steps": [
                "Read the latest conversations before you call",
                "Say sorry for what went wrong, and what has changed",
                "Offer a named contact who answers within one bank day",
            ],
        },
    },
    {
        "reason": "products",
        "features": ["product", "holding", "balance", "tenure"],
        "offer_kind": "package",
        "budget": "1200",
        "da": {
            "name": "Få eller afsluttede produkter",
            "offer": "Samlet kundepakke til nedsat pris i 12 måneder",
            "steps": [
                "Se, hvad der er lukket, og hvad der udløber snart",
                "Spørg, hvad kunden har i andre banker",
                "Tilbyd en samlet pakke",
            ],
        },
        "en": {
            "name": "Few or closing products",
            "offer": "A package at a reduced price for 12 months",
            "steps": [
                "See what was closed and what matures soon",
                "Ask what the customer has with other banks",
                "Offer a package",
            ],
        },
    },
    {
        "reason": "other",
        "features": [],
        "offer_kind": "gesture",
        "budget": "500",
        "da": {
            "name": "Andet",
            "offer": "En personlig gestus efter rådgiverens valg",
            "steps": [
                "Ring, og spørg, hvordan det går",
                "Find ud af, hvad der trækker, og skriv det ned",
                "Tilbyd det, der svarer på det",
            ],
        },
        "en": {
            "name": "Other",
            "offer": "A personal gesture of the adviser's choice",
            "steps": [
                "Call and ask how things are",
                "Find out what pulls, and write it down",
                "Offer what answers it",
            ],
        },
    },
]


def add(apps, schema_editor):
    playbook = apps.get_model("retention", "Playbook")
    made_at = datetime(2024, 1, 1, tzinfo=UTC)
    for entry in PLAYBOOKS:
        playbook.objects.get_or_create(
            reason=entry["reason"],
            defaults={
                "features": entry["features"],
                "texts": {"da": entry["da"], "en": entry["en"]},
                "offer_kind": entry["offer_kind"],
                "budget": Decimal(entry["budget"]),
                "created_at": made_at,
                "updated_at": made_at,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_baseline")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
