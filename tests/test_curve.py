"""The picture of what a cascade costs: one SVG, every measured point in it."""

from defusedxml import ElementTree

from tests.bench.curve import Point, drawing


def test_the_picture_holds_every_point_and_says_what_it_shows():
    root = ElementTree.fromstring(
        drawing([Point(1_000, 0.8, 74), Point(100_000, 8.5, 372), Point(1_000_000, 90, 1700)])
    )
    kinds = [each.tag.rpartition("}")[2] for each in root]
    words = [each.text for each in root if each.text]
    assert kinds.count("circle") == 3
    assert "1,000 times the cells cost 112 times the time" in words
    assert "90.0 s, 1,700 MB" in words
