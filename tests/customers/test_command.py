import json

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer

pytestmark = pytest.mark.django_db

TEXT = "external_id,family_name,born_on\n1,Ærø,1984-03-12\n2,Holm,31-02-1984\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "core.csv"
    path.write_text(TEXT)
    return path


def test_a_report_in_sentences_and_exit_1_with_bad_rows(file, capsys, tmp_path):
    errors = tmp_path / "errors.csv"
    with pytest.raises(SystemExit) as exit_:
        call_command("import_customers", str(file), errors=errors)
    assert exit_.value.code == 1
    out = capsys.readouterr().out
    assert "2 rows: 1 were created" in out
    assert "line 3, born_on: There is no such day." in out
    assert errors.read_text().splitlines()[1].startswith("3,born_on,date,")


def test_one_json_document_and_nothing_else(file, capsys):
    with pytest.raises(SystemExit):
        call_command("import_customers", str(file), json=True, dry_run=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["created"], document["failed"], document["dry_run"]) == (1, 1, True)
    assert document["errors"][0]["line"] == 3
    assert not Customer.objects.exists()


def test_a_file_that_is_not_there_is_a_sentence(db):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_customers", "/nowhere.csv")
