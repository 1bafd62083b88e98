"""The benchmarks: one package each, run as `python -m bench.NAME`; the product imports none."""
