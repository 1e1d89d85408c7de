"""The cheapest flow by the library made for it: what a linear program finds, whole, proven, or nothing."""

import sys

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from solver.flows import Network, _library, cheapest_flow, is_installed


def network(seed: int, nodes: int = 40, arcs: int = 300) -> Network:
    """A network with a flow in it, costs on either side of 0, and arcs from and to whatever lies outside."""
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(-1, nodes, arcs), rng.integers(-1, nodes, arcs)
    differs = tail != head
    tail, head = tail[differs], head[differs]
    lower = rng.integers(0, 3, len(tail))
    upper = lower + rng.integers(0, 4, len(tail))
    # what is left over at a node may leave it or come there, at a price
    every = np.arange(nodes)
    outside, much = np.full(nodes, -1), np.full(nodes, 500)
    return Network(
        np.concatenate([tail, every, outside]),
        np.concatenate([head, outside, every]),
        np.concatenate([lower, 0 * every, 0 * every]).astype(np.float64),
        np.concatenate([upper, much, much]).astype(np.float64),
        np.concatenate([rng.normal(size=len(tail)), 50 + rng.uniform(size=2 * nodes)]),
        nodes,
    )


def balance(net: Network) -> csr_matrix:
    """What comes to each node less what leaves it."""
    arc = np.arange(len(net.tail))
    comes, leaves = net.head >= 0, net.tail >= 0
    return csr_matrix(
        (
            np.append(np.ones(comes.sum()), -np.ones(leaves.sum())),
            (np.append(net.head[comes], net.tail[leaves]), np.append(arc[comes], arc[leaves])),
        ),
        shape=(net.count, len(arc)),
    )


@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_a_linear_program_finds(seed: int) -> None:
    net = network(seed)
    found = cheapest_flow(net)
    expected = linprog(
        net.cost, A_eq=balance(net), b_eq=np.zeros(net.count), bounds=np.column_stack([net.lower, net.upper])
    )
    assert found is not None
    assert found == pytest.approx(expected.x, abs=1e-6)
    assert np.array_equal(found, np.rint(found))
    assert not (balance(net) @ found).any()


def test_where_nothing_can_flow_as_it_must_there_is_none() -> None:
    into_a_dead_end = Network(np.array([-1]), np.array([0]), np.ones(1), np.ones(1), np.zeros(1), 1)
    assert cheapest_flow(into_a_dead_end) is None


@pytest.mark.parametrize("upper", [5.0, np.inf])
def test_a_cost_or_a_flow_beyond_all_bounds_is_left_to_others(upper: float) -> None:
    cost = np.array([1e9 if np.isfinite(upper) else 1.0])
    assert cheapest_flow(Network(np.array([-1]), np.array([-1]), np.zeros(1), np.array([upper]), cost, 0)) is None


def test_what_its_prices_do_not_prove_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import pylmcf

    net = network(3)
    for told in ("raw_potentials", "potentials"):
        monkeypatch.setattr(pylmcf.Graph, told, lambda graph: np.arange(graph.no_nodes()) * 2**50)
    assert cheapest_flow(net) is None


def test_a_library_that_is_not_there_or_cannot_be_loaded_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_installed()
    _library.cache_clear()
    monkeypatch.setitem(sys.modules, "pylmcf", None)
    assert not is_installed()
    _library.cache_clear()
