/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* All of it is written, and a name is made to last in the folder where it stands. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/files.h"

static void all_of_it_is_written(void **state)
{
    (void)state;
    int ends[2];
    char read_back[8] = "";
    assert_int_equal(pipe(ends), 0);
    assert_true(file_write(ends[1], "", 0));
    assert_true(file_write(ends[1], "whole", 5));
    close(ends[1]);
    assert_int_equal(read(ends[0], read_back, sizeof read_back), 5);
    assert_string_equal(read_back, "whole");
    assert_false(file_write(ends[1], "closed", 6));
    assert_int_equal(errno, EBADF);
    close(ends[0]);
}

static void a_name_lasts_in_its_folder(void **state)
{
    (void)state;
    assert_true(file_sync_name("here"));
    assert_true(file_sync_name("/tmp"));
    assert_true(file_sync_name("/tmp/there"));
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    assert_false(file_sync_name("/tmp/essaim-no-such-folder/name"));
    assert_int_equal(errno, ENOENT);
    static char long_path[8192];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 2] = '/';
    assert_false(file_sync_name(long_path));
    assert_int_equal(errno, ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_is_written),
        cmocka_unit_test(a_name_lasts_in_its_folder),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
