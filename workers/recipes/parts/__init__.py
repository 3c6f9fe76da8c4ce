"""Plain functions that the recipes share. A recipe copies its loop; only what every stage does alike lives here."""
