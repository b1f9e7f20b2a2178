#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plants each breach that tidy.py is to find: a check that finds nothing would prove nothing."""
import os
import tempfile
import unittest

import sources
import tidy

HEAD = "/* " + tidy.LICENCE + " */\n/* What it is for. */\n"
FUNCTION = "int f(int a)\n{\n%s}\n"


class TidyTest(unittest.TestCase):
    def found(self, **files):
        """The breaches in a project of these files; `__` in a name stands for `/`, `_DOT_` for `.`."""
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = os.path.join(root, name.replace("__", "/").replace("_DOT_", "."))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            before, sources.ROOT = sources.ROOT, root
            try:
                checker = tidy.Tidy()
                for path in sources.walk("src", r".*"):
                    checker.check(path)
                checker.check_circles()
                return "\n".join(checker.breaches)
            finally:
                sources.ROOT = before

    def include(self, folder, header):
        return self.found(**{f"src__{folder}__x_DOT_c": f"{HEAD}#include {header}\n"})

    def test_clean_code_is_clean(self):
        body = "    if (a)\n        return 1;\n    return 0;\n"
        self.assertEqual(self.found(src__base__x_DOT_c=HEAD + FUNCTION % body), "")

    def test_never_up(self):
        for folder, header in (
            ("base", '"sys/db.h"'),
            ("sys", '"web/request.h"'),
            ("web", '"core/jobs/jobs.h"'),
            ("core__jobs", '"features/campaigns/campaigns.h"'),
            ("features__news", '"main/features.h"'),
        ):
            self.assertIn("a higher floor", self.include(folder, header))
        self.assertEqual(self.include("features__news", '"core/jobs/jobs.h"'), "")
        self.assertEqual(self.include("features__news", '"migrations.h"'), "")

    def test_private_headers_stay_in_their_folder(self):
        self.assertIn("its own folder's", self.include("web", '"sys/http_local.h"'))
        self.assertIn("its own folder's", self.include("features__a", '"features/b/b_local.h"'))
        self.assertEqual(self.include("sys", '"sys/http_local.h"'), "")
        self.assertIn("only the public header", self.include("features__a", '"features/b/c.h"'))
        self.assertEqual(self.include("features__a", '"features/b/b.h"'), "")

    def test_what_is_for_tests_is_seen_by_tests_alone(self):
        self.assertIn("for tests", self.include("web", '"sys/http_fixture.h"'))
        self.assertIn("for tests", self.include("web", '"story/story.h"'))
        self.assertEqual(
            self.found(src__core__jobs__x_test_DOT_c=HEAD + '#include "core/core_fixture.h"\n'), ""
        )

    def test_libraries_stay_in_sys(self):
        for library in ("<sqlite3.h>", "<gmime/gmime.h>", "<unicode/ucol.h>", "<microhttpd.h>"):
            self.assertIn("seen by sys/ alone", self.include("web", library))
            self.assertEqual(self.include("sys", library), "")
        self.assertIn("begins at sys/", self.include("base", "<jansson.h>"))
        self.assertEqual(self.include("web", "<jansson.h>"), "")

    def test_no_circles_among_features(self):
        found = self.found(
            src__features__a__a_DOT_c=HEAD + '#include "features/b/b.h"\n',
            src__features__b__b_DOT_c=HEAD + '#include "features/a/a.h"\n',
        )
        self.assertIn("a circle", found)

    def test_sizes(self):
        long = FUNCTION % ("    a++;\n" * 80)
        self.assertIn("83 lines, at most 70", self.found(src__base__x_DOT_c=HEAD + long))
        self.assertIn("at most 600", self.found(src__base__x_DOT_h=HEAD + "\n" * 600))
        many = "static int f(int a, int b, int (*c)(int, int),\n             int d, int e, int f)\n{\n}\n"
        self.assertIn("6 parameters", self.found(src__web__x_DOT_c=HEAD + many))
        self.assertEqual(self.found(src__sys__x_DOT_c=HEAD + many), "")
        deep = FUNCTION % "".join("    " * n + "if (a) {\n" for n in range(1, 5))
        self.assertIn("nested deeper", self.found(src__base__x_DOT_c=HEAD + deep))

    def test_heads(self):
        self.assertIn("is missing", self.found(src__base__x_DOT_h="#pragma once\n"))
        self.assertIn("is missing", self.found(src__base__x_DOT_css="a {}\n"))
        head = HEAD.split("\n", maxsplit=1)[0]
        self.assertIn("head comment", self.found(src__base__x_DOT_c=head + "\nint a;\n"))

    def test_nothing_undone_and_nothing_outside(self):
        for line in ("TO" "DO later", "FIX" "ME", "X" "XX"):
            self.assertIn("undone", self.found(src__base__x_DOT_h=HEAD + f"/* {line} */\n"))
        self.assertEqual(self.found(src__base__x_DOT_h=HEAD + "/* TO" "DO #12: later */\n"), "")
        outside = HEAD + '#define P "/ro' 'ot/x"\n'
        self.assertIn("outside the project", self.found(src__base__x_DOT_h=outside))


if __name__ == "__main__":
    unittest.main()
