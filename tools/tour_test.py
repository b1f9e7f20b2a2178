#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tour.py reads out of migrations and out of the tour."""
import unittest

import tour

TEXT = """# A tour

| table | folder | what a row is |
| --- | --- | --- |
| `pond`, `frog` | `core/ponds` | water; who lives in it |

## By the floors

| 0 | `src/base` | memory by lifetime (`mem.h`) |

`ponds_pages.c: frog_handle` is short, and `X_test.c` stands beside it.

    event thread    on_request → frog_handle (a jump)
"""


class TourTest(unittest.TestCase):
    def test_a_table_that_was_replaced_is_there_once(self):
        first = "CREATE TABLE pond (id);\nCREATE TABLE old (id);"
        later = "CREATE TABLE pond_kept (id);\nDROP TABLE pond;\nALTER TABLE pond_kept RENAME TO pond;\nDROP TABLE old;"
        self.assertEqual(tour.tables([first]), {"pond", "old"})
        self.assertEqual(tour.tables([first, later]), {"pond"})

    def test_what_is_told(self):
        self.assertEqual(tour.told_tables(TEXT), {"pond", "frog"})
        self.assertEqual(tour.told_functions(TEXT), {"on_request", "frog_handle"})
        self.assertEqual(tour.told_files(TEXT), {"mem.h", "ponds_pages.c", "X_test.c"})


if __name__ == "__main__":
    unittest.main(verbosity=0)
