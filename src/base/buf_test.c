/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Growing text: that it grows, and that its maximum holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

static int open_mem(void **state)
{
    *state = mem_new(1 << 20);
    return 0;
}

static int close_mem(void **state)
{
    mem_free(*state);
    return 0;
}

static void a_new_buffer_is_an_empty_text(void **state)
{
    struct buf *buf = buf_new(*state, 0);
    assert_string_equal(buf->bytes, "");
    buf_add(buf, NULL, 0);
    assert_false(buf->over);
    buf_put_char(buf, 'x');
    assert_true(buf->over);
    assert_string_equal(buf->bytes, "");
}

static void pieces_follow_each_other(void **state)
{
    struct buf *buf = buf_new(*state, 100);
    buf_put(buf, "a");
    buf_put_char(buf, '=');
    buf_put_int(buf, INT64_MIN);
    buf_printf(buf, ";%s%03d", "b", 7);
    assert_string_equal(buf->bytes, "a=-9223372036854775808;b007");
    assert_int_equal(buf->length, 27);
}

static void numbers_are_digits(void **state)
{
    struct buf *buf = buf_new(*state, 100);
    buf_put_int(buf, 0);
    buf_put_int(buf, -10);
    buf_put_int(buf, INT64_MAX);
    buf_put_char(buf, ' ');
    buf_put_digits(buf, 7, 2);
    buf_put_digits(buf, 123, 2);
    buf_put_digits(buf, 0, 3);
    buf_put_digits(buf, UINT64_MAX, 20);
    buf_put_digits(buf, 0, 0);
    assert_string_equal(buf->bytes, "0-109223372036854775807 0712300018446744073709551615");
}

static void it_grows_and_stays_ended(void **state)
{
    struct buf *buf = buf_new(*state, 100000);
    for (int i = 0; i < 10000; i++) {
        buf_put(buf, "0123456789");
        assert_int_equal(buf->bytes[buf->length], '\0');
    }
    assert_int_equal(buf->length, 100000);
    assert_false(buf->over);
    for (size_t i = 0; i < buf->length; i++)
        assert_int_equal(buf->bytes[i], '0' + (int)(i % 10));
}

static void past_its_maximum_nothing_is_added_any_more(void **state)
{
    struct buf *buf = buf_new(*state, 5);
    buf_put(buf, "abc");
    buf_put(buf, "def");
    assert_true(buf->over);
    buf_put(buf, "g");
    buf_put_char(buf, 'h');
    buf_put_int(buf, 1);
    buf_printf(buf, "%d", 1);
    buf_put(buf, "");
    assert_string_equal(buf->bytes, "abc");
    assert_true(buf->over);
}

static void it_can_be_filled_to_the_last_byte(void **state)
{
    struct buf *buf = buf_new(*state, 5);
    buf_put(buf, "abc");
    buf_printf(buf, "%s", "de");
    assert_string_equal(buf->bytes, "abcde");
    assert_false(buf->over);
    buf_printf(buf, "%s", "f");
    assert_true(buf->over);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_buffer_is_an_empty_text, open_mem, close_mem),
        cmocka_unit_test_setup_teardown(pieces_follow_each_other, open_mem, close_mem),
        cmocka_unit_test_setup_teardown(numbers_are_digits, open_mem, close_mem),
        cmocka_unit_test_setup_teardown(it_grows_and_stays_ended, open_mem, close_mem),
        cmocka_unit_test_setup_teardown(past_its_maximum_nothing_is_added_any_more, open_mem,
                                        close_mem),
        cmocka_unit_test_setup_teardown(it_can_be_filled_to_the_last_byte, open_mem, close_mem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
