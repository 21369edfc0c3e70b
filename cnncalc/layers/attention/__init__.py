"""Layers whose outputs are sums weighted by how well queries match keys; scaling of channels or features."""
