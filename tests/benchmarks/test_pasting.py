"""How long a paste of 100 lines takes to read among 100,000 items."""

import random
import statistics
import sys
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import CustomerProfile, Partner
from hengcang.sales.readings import reading
from tests.benchmarks import test_typeahead as catalogue
from tests.benchmarks.test_typeahead import full_book

__all__ = ["full_book"]

BUDGET_S = 2.0


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_a_paste_of_100_lines(full_book: float, capsys: pytest.CaptureFixture) -> None:
    assert full_book > 0
    partner = Partner.objects.create(code="C1", name="客户")
    CustomerProfile.objects.create(partner=partner)
    chance = random.Random(5)
    named = list(_names())
    texts = []
    for _ in range(5):
        lines = [f"{chance.choice(named)} {chance.randint(1, 20)}个" for _ in range(80)]
        lines += [f"SP{chance.randint(0, 99999):06d} 2箱" for _ in range(10)]
        lines += [f"{chance.choice(named)[:3]}膨涨螺拴 5包" for _ in range(10)]
        texts.append("\n".join(lines))
    times = []
    for text in texts:
        with CaptureQueriesContext(connection) as asked:
            started = time.monotonic()
            found = reading(SYSTEM, partner.pk, text)
            times.append(time.monotonic() - started)
        assert len(found) >= 100
        assert len(asked) <= 10
    with capsys.disabled():
        middle, worst = statistics.median(times), max(times)
        sys.stdout.write(f"paste_100_lines_100k_items {middle:.2f} s, worst {worst:.2f} s\n")


def _names():
    for brand in catalogue.BRANDS[:20]:
        for thing in catalogue.THINGS[:30]:
            for spec in catalogue.SPECS[:5]:
                yield f"{brand}{thing}{spec}"
