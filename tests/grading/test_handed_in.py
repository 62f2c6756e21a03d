"""What a timestamp.txt says, in UTC."""

from datetime import datetime

import pytest

from course_lib.grading.batch.handed_in import UnknownZone, utc_of

NOON = datetime(2025, 7, 1, 12)


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("2025-07-01 12:00:00", "UTC", 12),
        ("2025-07-01 12:00:00 UTC", "UTC", 12),
        ("2025-07-01 12:00:00.000000 UTC", "Europe/Berlin", 12),
        ("2025-07-01T12:00:00Z", "UTC", 12),
        ("2025-07-01 12:00:00 GMT", "UTC", 12),
        ("2025-07-01 12:00:00 CEST", "UTC", 10),
        ("2025-07-01 12:00:00 CEST", "Europe/Berlin", 10),
        ("2025-07-01 12:00:00 CET", "UTC", 11),
        ("2025-07-01 12:00:00 -03", "UTC", 15),
        ("2025-07-01 12:00:00 −03", "UTC", 15),
        ("2025-07-01 12:00:00 -03", "America/Sao_Paulo", 15),
        ("2025-07-01 12:00:00 +0200", "UTC", 10),
        ("2025-07-01 12:00:00 +02:00", "UTC", 10),
        ("2025-07-01T12:00:00+02:00", "UTC", 10),
        ("2025-07-01 12:00:00.123 Europe/Berlin", "UTC", 10),
        ("2025-07-01 12:00:00 EDT", "UTC", 16),
        ("2025-07-01 12:00 PM UTC", "UTC", 12),
        ("2025-07-01 12:00:00 IST", "Asia/Jerusalem", None),  # which has IDT in summer: India's or Ireland's
        ("2025-07-01 12:00:00 IST", "Europe/Dublin", 11),
    ],
)
def test_a_time_is_that_of_its_zone(text, zone, hour):
    if hour is None:
        with pytest.raises(UnknownZone, match="'IST' is that of several zones"):
            utc_of(text, zone)
    else:
        assert utc_of(text, zone).replace(microsecond=0) == NOON.replace(hour=hour)


def test_half_an_hour_counts():
    assert utc_of("2025-07-01 12:00:00 IST", "Asia/Kolkata") == datetime(2025, 7, 1, 6, 30)
    assert utc_of("2025-07-01 12:00:00 +0530") == datetime(2025, 7, 1, 6, 30)


def test_of_the_hour_that_comes_twice_the_abbreviation_says_which():
    assert utc_of("2025-10-26 02:30:00 CEST", "Europe/Berlin") == datetime(2025, 10, 26, 0, 30)
    assert utc_of("2025-10-26 02:30:00 CET", "Europe/Berlin") == datetime(2025, 10, 26, 1, 30)


@pytest.mark.parametrize("text", ["yesterday", "", "2025-13-45 10:00:00 UTC"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        utc_of(text)


def test_a_zone_that_nobody_knows_is_told():
    with pytest.raises(UnknownZone, match="the time zone 'XYZT' is not known"):
        utc_of("2025-07-01 12:00:00 XYZT")
