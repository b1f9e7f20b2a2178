/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Days and times as browsers send them and as people type them; and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "web/form.h"

static void assert_read(const char *typed, const char *wall)
{
    struct mem *mem = mem_new(1 << 16);
    const char *read = form_wall_read(mem, typed);
    if (wall && read)
        assert_string_equal(read, wall);
    else if (wall || read)
        fail_msg("%s is %s", typed, read ? read : "none");
    mem_free(mem);
}

static void what_browsers_send_is_read(void **state)
{
    (void)state;
    assert_read("2026-11-28T14:30", "2026-11-28T14:30:00");
    assert_read("2026-11-28T14:30:15", "2026-11-28T14:30:15");
    assert_read("2026-11-28 14:30", "2026-11-28T14:30:00");
}

static void what_people_type_is_read(void **state)
{
    (void)state;
    assert_read("28/11/2026 14h30", "2026-11-28T14:30:00");
    assert_read(" 28/11/2026   14h ", "2026-11-28T14:00:00");
    assert_read("28.11.2026, 14:30", "2026-11-28T14:30:00");
    assert_read("8-3-2027 à 9 h 05", "2027-03-08T09:05:00");
    assert_read("28/11/2026 at 9:05", "2026-11-28T09:05:00");
}

static void what_is_no_day_and_time_is_none(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        "tomorrow",
        "28/11/2026",
        "2026-11-28T",
        "28/11/26 14h",
        "31/11/2026 14h",
        "11/28/2026 14:00",
        "28/11/2026 24:00",
        "28/11/2026 14:60",
        "28/11/2026 14:3",
        "28/11/2026 14",
        "28/11/2026 14:30 or so",
        "20261-11-28T14:30",
        "2026--11-28T14:30",
        "28/11/2026 014:30",
        "0000-01-01T00:00",
        "2026-11-28T14:30Z",
    };
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_read(none[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_browsers_send_is_read),
        cmocka_unit_test(what_people_type_is_read),
        cmocka_unit_test(what_is_no_day_and_time_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
