"""Proofs of the lower end of a bisection, by the name its method gives them: a sentence, and where it is published."""

from collections.abc import Mapping

PROOFS: Mapping[str, str] = {
    "(min,+) over the subtrees": (
        "With the sides of the leaves fixed, identical slices above them may take the same sides, so the network is "
        "cut as a tree whose uplinks are the sums of the slices' capacities; (min,+) convolution over the subtrees "
        "then tries every balanced division of the endpoints"
    ),
    "identical slices merged into a tree": (
        "Components of switches that touch the rest alike may take the same sides in a least cut, so they were merged "
        "with their capacities added; what is left is a tree, and (min,+) convolution over its subtrees tries every "
        "balanced division"
    ),
    "convex minorants merged by slope": (
        "The cost of each subtree is at least its convex minorant, and minorants are convolved exactly by merging "
        "their slopes; besides, a tree carries any traffic in which no endpoint sends or receives more than its least "
        "share of an uplink, so a cut carries that much for each endpoint of one side"
    ),
    "Lindsey, lines as full meshes": (
        "A switch goes with the larger part of the n endpoints on it, so it cuts at least 1 / (n - 1) of what a full mesh "
        "of them would; of all sets of m vertices of a product of complete graphs an initial segment in lexicographic "
        "order has the fewest boundary edges (Lindsey, Assignment of numbers to vertices, Amer. Math. Monthly 71, 1964)"
    ),
    "Lindsey at the least bandwidth": (
        "Of all sets of m vertices of a product of complete graphs, an initial segment in lexicographic order, largest "
        "factor fastest, has the fewest boundary edges; each edge counts at least the least bandwidth (Lindsey, "
        "Assignment of numbers to vertices, Amer. Math. Monthly 71, 1964)"
    ),
    "Lindsey": (
        "Of all sets of m vertices of a product of complete graphs of one bandwidth, an initial segment in "
        "lexicographic order, largest factor fastest, has the fewest boundary edges (Lindsey, Assignment of numbers to "
        "vertices, Amer. Math. Monthly 71, 1964)"
    ),
    "Azizoglu-Egecioglu": (
        "Halves of a product of paths are separated by at least the sum over its dimensions, longest first, of the "
        "products of the shorter lengths, down to the first even one; this network contains that product on the same "
        "vertices (Azizoglu & Egecioglu, The bisection width and the isoperimetric number of arrays, Discrete Applied "
        "Mathematics 138, 2004)"
    ),
    "Arjona Aroca-Fernandez Anta": (
        "Halves of a product of rings of three or more are separated by at least twice what separates the product of "
        "paths of the same lengths (Arjona Aroca & Fernandez Anta, Bisection (band)width of product networks with "
        "application to data centers, IEEE Trans. Parallel and Distributed Systems 25, 2014)"
    ),
    "dimension-order flow": (
        "If every ordered pair of the N endpoints can send t at once, a cut between halves carries at least "
        "t floor(N/2) ceil(N/2) in one direction; routing one dimension after another attains such a t (Leighton & "
        "Rao, Multicommodity max-flow min-cut theorems, J. ACM 46, 1999)"
    ),
    "minimal-path flow": (
        "If every ordered pair of the N endpoints can send t at once, a cut between halves carries at least "
        "t floor(N/2) ceil(N/2) in one direction; routing by one local, one global and one local link attains such a t "
        "(Leighton & Rao 1999; Kim, Dally, Scott & Abts, Dragonfly, ISCA 2008)"
    ),
    "shortest-path flow by translation": (
        "If every ordered pair of the N endpoints can send t at once, a cut between halves carries at least "
        "t floor(N/2) ceil(N/2) in one direction; translations carry every vertex to every other, so the shortest paths "
        "from one of them, both ways where they are as long, tell the load of every link (Leighton & Rao 1999; Camara et "
        "al., Twisted torus topologies for enhanced interconnection networks, IEEE Trans. Parallel and Distributed "
        "Systems 21, 2010)"
    ),
    "shortest-path flow": (
        "If every ordered pair of the N endpoints can send t at once, a cut between halves carries at least "
        "t floor(N/2) ceil(N/2) in one direction; a flow along shortest paths, each link's load recounted, attains "
        "such a t (Leighton & Rao, Multicommodity max-flow min-cut theorems, J. ACM 46, 1999)"
    ),
    "flow by way of a few roots": (
        "If every ordered pair of the N endpoints can send t at once, a cut between halves carries at least "
        "t floor(N/2) ceil(N/2) in one direction; routing in two phases by way of a few roots attains such a t "
        "(Valiant, A scheme for fast parallel communication, SIAM J. Computing 11, 1982)"
    ),
    "oblivious routing by way of the top switches": (
        "Every endpoint spreads what it sends over the top switches in one proportion and receives from them in the "
        "same, so that any traffic fits in which nobody sends or receives more than r; a cut between halves then "
        "carries at least r floor(N/2) (Valiant, A scheme for fast parallel communication, SIAM J. Computing 11, 1982)"
    ),
    "eigenvalue": (
        "With the switches eliminated by Schur complement, halves are separated by at least lambda_2 times "
        "floor(N/2) ceil(N/2) / N, lambda_2 being the second eigenvalue of the Laplacian (Fiedler 1973; Mohar & "
        "Poljak, Eigenvalues in combinatorial optimization, 1993)"
    ),
    "exact search over a frontier": (
        "Every division of the endpoints was tried by dynamic programming over an order of the vertices, keeping for "
        "each side of the frontier the least cost, so no cut is cheaper than the one shown"
    ),
    "parallel switches move together": (
        "Switches that all endpoints see alike may take the same side, and then the links of the smaller half cross"
    ),
    "lines cut along two axes": (
        "Each row and column that is not whole on one side cuts a link, of a ring two. Either one row is whole on either "
        "side, and every column is cut; or one column is, and every row is; or one side lies within p rows and q columns "
        "that are all cut, and p q is no less than it. The least of these was taken"
    ),
    "elimination of every vertex": (
        "Every division of the endpoints was tried by eliminating the vertices one by one, keeping for each side of the "
        "neighbours that are left, and each number of endpoints on side A, the least capacity cut; what is left of like "
        "parts is equal, so it is joined by (min,+) powers (Bertele & Brioschi, Nonserial Dynamic Programming, 1972)"
    ),
    "every division tried by counts of like parts": (
        "All networks were joined into one graph and its parts eliminated one by one from the innermost out, keeping "
        "for each side of what is left, and each number of accelerators on side A, the least capacity cut; what is left "
        "of like parts is equal, so it is joined by (min,+) powers and never written out (Bertele & Brioschi, Nonserial "
        "Dynamic Programming, 1972)"
    ),
    "every pair across is a link": "Every pair of endpoints on different sides is a link of its own, whichever they are",
    "every cut of a line": "On a single line of vertices every set of a size was compared",
    "planes add": (
        "The planes share no link, so whatever separates the endpoints separates them in each, and the least cuts of "
        "the planes add"
    ),
    "endpoints shifted": (
        "With j switches of p endpoints each on one side, at least |p j - m| access links cross besides the fabric's "
        "own cut; the least over j was taken"
    ),
    "less what failed": "No cut loses more than the capacity of all links that failed",
}
"""By the words of a method; a name that begins another is looked up after it."""


def sentences(method: str) -> tuple[str, ...]:
    """Proofs of the lower end that a `Bound.method` names, a sentence each; empty when it names nothing known."""
    lower = method.partition("; ")[0].removeprefix("lower: ")
    found = []
    for name, sentence in PROOFS.items():
        if name in lower:
            found.append(sentence)
            lower = lower.replace(name, "")
    return tuple(found)
