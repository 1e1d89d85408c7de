"""Published and textbook cases, to the digits they are printed with."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine.variance.drivers import lmdi, logarithmic_mean, shapley
from engine.variance.effects import Weighted, is_reversed, rate_effects, rate_effects_by_cell, value_effects
from engine.variance.noise import wilson
from engine.variance.segments import offset_ratio, rank_dimensions, surprise


def _all(cells: int) -> csr_matrix:
    return csr_matrix(np.ones((1, cells)))


HORNGREN = {
    "Kola": (400_000, 480_000, 2.00), "Limor": (600_000, 900_000, 1.20), "Orlem": (1_500_000, 1_620_000, 2.50),
}  # fmt: skip
"""Units budgeted and sold, and budgeted margin: Horngren et al., Cost Accounting, 13th ed. (2009), chapter 14."""


def test_sales_mix_and_quantity_of_three_drinks_as_in_horngren() -> None:
    """The same chapter, pages 517 to 519: quantity 1,054,000 favourable, mix 234,000 unfavourable, volume 820,000."""
    budget, sold, margin = (np.array(each) for each in zip(*HORNGREN.values(), strict=True))
    effects = value_effects(Weighted(margin, budget), Weighted(margin, sold))
    assert effects.quantity.tolist() == pytest.approx([160_000, 144_000, 750_000])
    assert effects.mix.tolist() == pytest.approx([0, 216_000, -450_000], abs=1e-6)
    assert (effects.quantity.sum(), effects.mix.sum()) == (pytest.approx(1_054_000), pytest.approx(-234_000))
    assert not effects.rate.any()


def test_sales_mix_and_quantity_of_a_stadium_as_in_horngren() -> None:
    """Horngren et al., Cost Accounting: tickets of a lower and an upper tier, 12,500 budgeted, 10,000 sold."""
    margin = np.array([14.0, 3.0])
    sold = 10_000 * np.array([0.32, 0.68])
    effects = value_effects(Weighted(margin, 12_500 * np.array([0.44, 0.56])), Weighted(margin, sold))
    assert effects.quantity.tolist() == pytest.approx([-15_400, -4_200])
    assert effects.mix.tolist() == pytest.approx([-16_800, 3_600])
    assert (effects.quantity.sum(), effects.mix.sum()) == (pytest.approx(-19_600), pytest.approx(-13_200))


_DAS_GUPTA = {
    "earnings of men, 1980 (example 2.1)": (
        [[10930, 0.717892], [16591, 0.825974]], [4369.913, 1487.262], 3,
    ),
    "birth rates of Austria and Chile, 1981 (example 2.2)": (
        [[51.78746, 0.45919, 0.52638], [84.90502, 0.75756, 0.51065]], [10.4340333, 10.5608476, -0.6670084], 7,
    ),
    "non-marital births, 1971 and 1979 (example 2.3)": (
        [[25.3, 0.214, 0.279, 0.949], [32.7, 0.290, 0.473, 0.986]],
        [0.6889411, 0.8125381, 1.3829055, 0.1047547], 7,
    ),
    "fertility of South Korea, five factors (example 2.4)": (
        [[0.58, 0.76, 0.84, 0.66, 16.573], [0.72, 0.97, 0.97, 0.56, 16.158]],
        [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187], 7,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(_DAS_GUPTA))
def test_products_of_factors_as_in_das_gupta(case: str) -> None:
    """Das Gupta, Standardization and decomposition of rates (US Census Bureau, P23-186, 1993); R package DasGuptR."""
    (before, after), printed, digits = _DAS_GUPTA[case]
    effects = shapley(
        lambda each: np.prod(np.array(each), axis=0), [np.array([x]) for x in before], [np.array([x]) for x in after]
    )
    assert [round(float(each[0]), digits) for each in effects] == printed


def test_a_difference_of_factors_as_in_das_gupta() -> None:
    """Example 3.1: births less deaths per 1000, United States, 1940 and 1960."""
    effects = shapley(
        lambda each: each[0] - each[1], [np.array([19.4]), np.array([10.8])], [np.array([23.7]), np.array([9.5])]
    )
    assert [float(each[0]) for each in effects] == pytest.approx([4.3, 1.3])


def test_vectors_of_factors_as_in_das_gupta() -> None:
    """Example 4.3: crude birth rate of Taiwan, 1960 and 1970, over seven age groups."""
    bm1, mw1, wp1 = (
        np.array([488, 452, 338, 156, 63, 22, 3.0]), np.array([0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876]),
        np.array([0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019]),
    )  # fmt: skip
    bm0, mw0, wp0 = (
        np.array([393, 407, 369, 274, 184, 90, 16.0]), np.array([0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800]),
        np.array([0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018]),
    )  # fmt: skip
    effects = shapley(lambda each: each[0] * each[1] * each[2], [bm0, mw0, wp0], [bm1, mw1, wp1])
    assert [round(float(each.sum()), 6) for each in effects] == [-7.285632, -2.720633, -1.565181]


def test_household_headship_by_rate_and_age_as_in_das_gupta() -> None:
    """Example 5.1, a Kitagawa decomposition: headship per 100, United States, 1970 and 1985."""
    size0 = np.array([12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9])
    size1 = np.array([10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5])
    rate0 = np.array([1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8])
    rate1 = np.array([2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2])
    effects = rate_effects(_all(13), Weighted(rate0, size0), Weighted(rate1, size1))
    assert round(float(effects.agreed[0]), 4) == 44.7268
    assert round(float(effects.actual[0]), 4) == 47.6940
    assert (round(float(effects.rate[0]), 4), round(float(effects.mix[0]), 4)) == (1.7403, 1.2269)


BERKELEY = {
    "men": ([512, 353, 120, 138, 53, 22], [825, 560, 325, 417, 191, 373]),
    "women": ([89, 17, 202, 131, 94, 24], [108, 25, 593, 375, 393, 341]),
}
"""Admitted and applied by department A…F, 1973: Bickel, Hammel and O'Connell (Science, 1975); R: UCBAdmissions."""


def test_berkeley_admissions_turn_around_within_departments() -> None:
    (men_in, men), (women_in, women) = ((np.array(one, float) for one in BERKELEY[sex]) for sex in ("men", "women"))
    effects = rate_effects(_all(6), Weighted(men_in / men, men), Weighted(women_in / women, women))
    assert (round(float(effects.agreed[0]), 3), round(float(effects.actual[0]), 3)) == (0.445, 0.304)
    total = effects.actual - effects.agreed
    assert round(float(total[0]) * 100, 2) == -14.16
    assert round(float(effects.rate[0]) * 100, 2) == 3.60
    assert round(float(effects.mix[0]) * 100, 2) == -17.77
    assert is_reversed(total, effects.rate).all()
    rate, mix = rate_effects_by_cell(Weighted(men_in / men, men), Weighted(women_in / women, women))
    assert rate.sum() == pytest.approx(effects.rate[0])
    assert mix.sum() == pytest.approx(effects.mix[0])


ADTRIBUTOR = {
    "data center": ([94, 6], [47, 3]),
    "advertiser": ([50, 20, 20, 10], [24, 21, 4, 1]),
    "device": ([50, 25, 25], [49, 1, 0]),
}
"""Revenue of 100 forecast and 50 earned, after tables 2 to 4 of Bhagwan et al., Adtributor (NSDI 2014).

The paper prints what its three candidates explain of the 50: 47, 51 and 49; single elements add up to these.
"""


def test_the_adtributor_example_blames_the_device_type() -> None:
    tables = [tuple(np.array(one, float) for one in pair) for pair in ADTRIBUTOR.values()]
    found = rank_dimensions([(forecast, actual) for forecast, actual in tables])
    names = list(ADTRIBUTOR)
    assert [names[each.dimension] for each in found] == ["device", "advertiser", "data center"]
    device, advertiser, center = found
    assert 50 * advertiser.power.sum() == pytest.approx(51)
    # mobile and tablet explain 49 of the 50 lost
    assert sorted(device.elements.tolist()) == [1, 2]
    assert device.power.sum() == pytest.approx(49 / 50)
    assert center.elements.tolist() == [0]
    assert center.power.tolist() == pytest.approx(
        [47 / 50]
    )  # the strawman: one element explains 94 %, without surprise
    assert surprise(*tables[0]).sum() == pytest.approx(0)


LMDIR = {
    "subcat 1": ((1.0, 10, 2), (4.0, 5, 3), (50.47438029, -25.23719014, 14.76280986)),
    "subcat 2": ((4.0, 5, 3), (5.0, 6, 4), (19.31568569, 15.78206435, 24.90224996)),
}
"""Factors of 1971 and 1972, and their additive LMDI-I effects as printed in the tests of the R package LMDIR."""


def test_three_factors_of_two_sectors_as_in_the_package_lmdir() -> None:
    before, after, printed = (np.array(each).T for each in zip(*LMDIR.values(), strict=True))
    effects = lmdi(before, after)
    assert np.round(effects, 8).tolist() == printed.tolist()
    assert np.round(effects.sum(axis=1), 7).tolist() == [69.7900660, -9.4551258, 39.6650598]
    assert effects.sum() == pytest.approx(100)


def test_zeros_of_factors_as_in_the_package_lmdir() -> None:
    """The same two years with a factor that was 0 before, and one that is 0 after: 60 and −60 are theirs alone."""
    assert lmdi(np.array([[0.0], [10], [2]]), np.array([[4.0], [5], [3]]))[:, 0].tolist() == [60, 0, 0]
    assert lmdi(np.array([[4.0], [5], [3]]), np.array([[5.0], [6], [0]]))[:, 0].tolist() == [0, 0, -60]


def test_zeros_in_lmdi_take_their_analytic_limits() -> None:
    """Wood and Lenzen (Energy Policy, 2006): what tiny numbers in the place of zeros converge to, all at once."""
    before, after = np.array([[0.0], [2.0], [3.0]]), np.array([[5.0], [4.0], [1.0]])
    assert lmdi(before, after)[:, 0].tolist() == pytest.approx([20.0, 0.0, 0.0])
    tiny = lmdi(np.array([[1e-300], [2.0], [3.0]]), after)[:, 0]
    assert tiny.tolist() == pytest.approx([20.0, 0.0, 0.0], abs=0.05)
    assert not lmdi(np.array([[0.0], [2.0]]), np.array([[0.0], [9.0]])).any()
    with pytest.raises(ValueError, match="negative"):
        lmdi(np.array([[-1.0]]), np.array([[1.0]]))


def test_the_logarithmic_mean_keeps_its_digits_for_close_values() -> None:
    first = np.array([1.0 + 1e-9, 1.00009, 3.0, 0.0])
    assert logarithmic_mean(first, np.array([1.0, 1.0, 3.0, 7.0])).tolist() == pytest.approx(
        [1 + 5e-10, 9e-5 / np.log1p(9e-5), 3.0, 0.0], rel=1e-12
    )


@pytest.mark.parametrize(
    ("seen", "low", "high"),
    [((81, 263), 0.2553, 0.3662), ((15, 148), 0.0624, 0.1605), ((0, 20), 0.0, 0.1611), ((1, 29), 0.0061, 0.1718)],
)
def test_wilson_intervals_as_tabled_by_newcombe(seen: tuple[int, int], low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), pages 857 to 872, table I, method 3."""
    found = wilson(np.array([seen[0] / seen[1]]), np.array([float(seen[1])]))
    assert [round(float(each[0]), 4) for each in found] == [low, high]


def test_fifty_samples_carry_six_points_of_noise() -> None:
    low, high = wilson(np.array([0.95]), np.array([50.0]))
    assert (high[0] - low[0]) / 2 == pytest.approx(0.065, abs=0.005)


def test_the_offset_ratio_tells_gains_that_hide_losses() -> None:
    assert offset_ratio(np.array([10.0, -9.0])) == pytest.approx(1 - 1 / 19)
    assert offset_ratio(np.array([-3.0, -4.0])) == 0
    assert np.isnan(offset_ratio(np.zeros(2)))
