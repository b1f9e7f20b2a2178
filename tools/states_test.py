#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plants each difference that states.py is to find between a diagram and a table of steps."""
import unittest

import states

DIAGRAM = """## Campaign

```mermaid
stateDiagram-v2
    [*] --> draft: written
    draft --> open: published
    open --> missed: its deadline
    missed --> [*]
```
"""
TABLE = """} campaign_steps[] = {
    {CAMPAIGN_DRAFT, CAMPAIGN_OPEN}, {CAMPAIGN_OPEN, CAMPAIGN_MISSED},
};
"""


class StatesTest(unittest.TestCase):
    def found(self, diagram=DIAGRAM, table=TABLE):
        steps = states.edges_of_table(table, "campaign_steps", "CAMPAIGN")
        return "\n".join(states.differences(states.edges_of_diagrams(diagram)["Campaign"], steps))

    def test_the_same_is_the_same(self):
        self.assertEqual(self.found(), "")

    def test_a_step_that_is_not_drawn(self):
        diagram = DIAGRAM.replace("    open --> missed: its deadline\n", "")
        self.assertIn("open --> missed is a step", self.found(diagram=diagram))

    def test_a_step_that_is_only_drawn(self):
        diagram = DIAGRAM.replace("missed --> [*]", "missed --> open: once more\n    missed --> [*]")
        self.assertIn("missed --> open is drawn", self.found(diagram=diagram))

    def test_a_step_the_wrong_way_round(self):
        diagram = DIAGRAM.replace("draft --> open", "open --> draft")
        self.assertIn("open --> draft is drawn", self.found(diagram=diagram))
        self.assertIn("draft --> open is a step", self.found(diagram=diagram))

    def test_an_end_that_is_not_drawn(self):
        diagram = DIAGRAM.replace("missed --> [*]", "draft --> [*]")
        self.assertIn("missed is an end", self.found(diagram=diagram))

    def test_a_table_that_is_not_there(self):
        self.assertIsNone(states.edges_of_table("int x;", "campaign_steps", "CAMPAIGN"))


if __name__ == "__main__":
    unittest.main(verbosity=0)
