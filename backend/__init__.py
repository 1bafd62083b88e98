"""The Flask application of Dongne; imports nothing by itself, so that `backend.ops` runs bare."""
