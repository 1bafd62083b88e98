"""Keep the sites of institutions on the Korean plane too, where the nearest one is found.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# The plane measures around Korea only: a site abroad has no point on it, and would fail to get one.
PROJECTED = (
    "CASE WHEN ST_X(site_geom) BETWEEN 124 AND 132 AND ST_Y(site_geom) BETWEEN 33 AND 39"
    " THEN ST_Transform(site_geom, 5179) END"
)


def upgrade() -> None:
    """Add the projected point and its index."""
    op.add_column(
        "institution",
        sa.Column(
            "site_geom_5179",
            Geometry("POINT", 5179, spatial_index=False),
            sa.Computed(PROJECTED, persisted=True),
        ),
    )
    op.create_index(
        "ix_institution_site_geom_5179",
        "institution",
        ["site_geom_5179"],
        postgresql_using="gist",
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_institution_site_geom_5179", "institution")
    op.drop_column("institution", "site_geom_5179")
