"""A layered layout of a directed graph: ranks, an order within each rank, coordinates, and routes for the links.

After Sugiyama, Tagawa & Toda, Methods for Visual Understanding of Hierarchical System Structures, IEEE Transactions on
Systems, Man and Cybernetics 11(2), 1981. Positions are `across` (along a rank) and `along` (the direction of the flow),
so that the same code draws from top to bottom and from left to right.
"""
