"""When something was handed in: what nbgrader's timestamp.txt says, in UTC.

nbgrader writes the local time of `c.Exchange.timezone` with that zone's abbreviation: "2025-07-01 12:00:00 CEST". Its
own reader takes such a time for UTC, and "+0200" for 200 seconds.
"""

from __future__ import annotations

import functools
import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser, tz

OFFSET = re.compile(r"([+\-−])(\d\d):?(\d\d)?")
# A time of day, and behind it an offset, the name of a zone, or its abbreviation.
TIME = re.compile(r"(?P<time>.*:\d\d[\d.,]*(?: ?[AaPp][Mm])?) ?(?P<zone>[+\-−]\d\d(?::?\d\d)?|[A-Za-z][\w/+\-]*)")


class UnknownZone(ValueError):
    """A time zone that no rule tells."""


def utc_of(text: str, local: str = "UTC") -> datetime:
    """Return a time of a timestamp.txt in UTC, without a time zone, as nbgrader keeps it.

    Args:
        text: date and time; then nothing, for UTC, an offset, the name of a zone, or a zone's abbreviation.
        local: the zone that the course has configured, which decides between those with one abbreviation: IST is
            Israel's, India's and Ireland's.
    Raises:
        ValueError: it is no time.
        UnknownZone: its zone is not known; the text says why.
    """
    found = TIME.fullmatch(text.strip())
    when = parser.parse(found["time"] if found else text)
    zone = zone_of(found["zone"], when, local) if found else when.tzinfo
    return when if zone is None else when.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def zone_of(name: str, when: datetime, local: str) -> tzinfo:
    if offset := OFFSET.fullmatch(name):
        sign = 1 if offset[1] == "+" else -1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)))
    if (configured := tz.gettz(local)) and (offset := offset_named(name, configured, when)):
        return offset
    if name in ("Z", "z"):
        return UTC
    # Before zones by name: there is one called CET, which has the time of CEST in summer.
    offsets = offsets_of(name, when.year, when.month, when.day)
    if len(offsets) == 1:
        return timezone(next(iter(offsets)))
    if not offsets and (zone := tz.gettz(name)):
        return zone
    why = "is that of several zones" if offsets else "is not known"
    raise UnknownZone(f"the time zone {name!r} {why}")


def offset_named(name: str, zone: tzinfo, when: datetime) -> tzinfo | None:
    """Return the offset of a zone at a time where it has that abbreviation then: one hour comes twice in autumn."""
    for fold in (0, 1):
        moment = when.replace(tzinfo=zone, fold=fold)
        if moment.tzname() == name:
            return timezone(moment.utcoffset())
    return None


@functools.lru_cache
def offsets_of(name: str, *day: int) -> frozenset[timedelta]:
    """Return the offsets from UTC of all zones of the world that have this abbreviation on that day."""
    noon = datetime(*day, 12)
    zones = (zoneinfo.ZoneInfo(each) for each in zoneinfo.available_timezones())
    return frozenset(zone.utcoffset(noon) for zone in zones if zone.tzname(noon) == name)
