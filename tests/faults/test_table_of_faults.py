"""docs/reliability.md says which tests stand for each fault, and says what is so."""

import re

import pytest

from tests.faults.report import DOCUMENT, FAULTS, files_of_faults


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_tests_that_name_it_and_the_document_names_no_others(fault: str) -> None:
    """`make chaos-report` writes the table anew."""
    files = {file.rpartition("/test_")[2].removesuffix(".py") for file in files_of_faults()[fault]}
    row = re.search(rf"^\| {fault} \| (.*) \| (.*) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert row is not None
    named = {name for cell in row.groups() for name in cell.split(", ")} - {"–"}
    assert named
    assert named == files
