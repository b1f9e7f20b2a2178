#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plants what sql_statements.py is to refuse, and reads what it is to collect."""
import os
import shutil
import tempfile
import unittest

import sources
import sql_statements

NEEDED = ("src/base/banned.h", "src/sys/db.h", "src/sys/db_macros.h")
HEAD = '#include "sys/db.h"\n#define COLUMNS(more) "id, " more\n'
FUNCTION = "void ponds_read(struct tx *tx, int64_t id)\n{\n    %s;\n}\n"


class SqlStatementsTest(unittest.TestCase):
    def collect(self, body, name="ponds_store.c"):
        with tempfile.TemporaryDirectory() as root:
            for path in NEEDED:
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                shutil.copy(os.path.join(sources.ROOT, path), os.path.join(root, path))
            with open(os.path.join(root, "src", name), "w", encoding="utf-8") as file:
                file.write(HEAD + FUNCTION % body)
            before, sources.ROOT = sources.ROOT, root
            try:
                return sql_statements.collect([])
            finally:
                sources.ROOT = before

    def refuses(self, reason, body, name="ponds_store.c"):
        with self.assertRaisesRegex(sql_statements.Wrong, reason):
            self.collect(body, name)

    def test_a_statement_is_collected_whole(self):
        (row,) = self.collect(
            'tx_one(tx, "SELECT " COLUMNS("depth")\n "  FROM pond WHERE id = ?1 AND f(?2)",'
            ' id, id > 0 ? id : (int)(id, 2))'
        )
        self.assertIn('"src/ponds_store.c", 5, "ponds_read", 2', row)
        self.assertIn('"SELECT " "id, " "depth" "  FROM pond WHERE id = ?1 AND f(?2)"', row)

    def test_a_call_without_values_has_none(self):
        (row,) = self.collect('tx_do(tx, "DELETE FROM pond")')
        self.assertIn('"ponds_read", 0', row)

    def test_sql_stands_in_stores_only(self):
        self.refuses("ponds.c:5: SQL is run in stores", 'tx_do(tx, "DELETE FROM pond")', "ponds.c")
        self.refuses("in stores", 'tx_rows_values(tx, "", NULL, 0)', "ponds.c")
        self.assertEqual(self.collect('/* tx_do(tx) */ f("tx_do(tx)")', "ponds.c"), [])
        self.assertEqual(self.collect('tx_do(tx, "DELETE FROM pond")', "ponds_test.c"), [])

    def test_sql_is_a_literal(self):
        self.refuses("ponds_store.c:5: the SQL is not a literal", "tx_do(tx, made)")
        self.refuses("is not a literal", 'tx_do(tx, id ? "DELETE FROM a" : "DELETE FROM b")')

    def test_columns_are_named(self):
        for sql in ("SELECT * FROM pond", "select distinct p.* from pond p",
                    "SELECT id, p.* FROM pond p", "DELETE FROM pond RETURNING *"):
            self.refuses("names no columns", f'tx_one(tx, "{sql}")')
        self.assertTrue(self.collect('tx_one(tx, "SELECT count(*), 2 * id FROM pond")'))

    def test_lists_have_a_limit(self):
        for sql in ("SELECT id FROM pond", "WITH p AS (SELECT id FROM pond LIMIT 1) SELECT id FROM p",
                    "SELECT id FROM pond WHERE name = 'limit' AND id IN (SELECT 1 LIMIT 1)"):
            self.refuses("without LIMIT", f'tx_rows(tx, "{sql}")')
        self.assertTrue(self.collect('tx_rows(tx, "SELECT id FROM pond ORDER BY id LIMIT ?1", 5)'))
        self.assertTrue(self.collect('tx_rows(tx, "UPDATE pond SET id = 1 RETURNING id")'))


if __name__ == "__main__":
    unittest.main()
