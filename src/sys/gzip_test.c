/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What comes out is gzip that gives the text back, and nothing comes out where it would not pay. */
#include "sys/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/mem.h"
#include "sys/crypt.h"

static int set_up(void **state)
{
    *state = mem_new(1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static void a_text_is_shorter_and_comes_back_whole(void **state)
{
    struct mem *mem = *state;
    enum { COUNT = 40000 };
    char *text = mem_alloc(mem, COUNT);
    for (int i = 0; i < COUNT; i++)
        text[i] = "une page, une page "[i % 19];
    size_t count = 0;
    const char *short_one = gzip_bytes(mem, text, COUNT, &count);
    assert_non_null(short_one);
    assert_true(count < COUNT / 10);
    char *back = mem_alloc(mem, COUNT);
    z_stream stream = {.next_in = (Bytef *)short_one,
                       .avail_in = (uInt)count,
                       .next_out = (Bytef *)back,
                       .avail_out = COUNT};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, COUNT);
    assert_int_equal(inflateEnd(&stream), Z_OK);
    assert_memory_equal(back, text, COUNT);
}

static void the_same_text_gives_the_same_bytes(void **state)
{
    size_t one = 0;
    size_t other = 0;
    const char *text = "deux heures ensemble, deux heures ensemble, deux heures ensemble";
    const char *a = gzip_bytes(*state, text, strlen(text), &one);
    const char *b = gzip_bytes(*state, text, strlen(text), &other);
    assert_int_equal(one, other);
    assert_memory_equal(a, b, one);
}

static void what_would_not_be_shorter_is_left_alone(void **state)
{
    size_t count = 0;
    char noise[500];
    assert_null(gzip_bytes(*state, "", 0, &count));
    assert_null(gzip_bytes(*state, "abc", 3, &count));
    assert_true(crypt_init());
    random_fill(&(struct random){0}, noise, sizeof noise);
    assert_null(gzip_bytes(*state, noise, sizeof noise, &count));
}

#define test_of(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_of(a_text_is_shorter_and_comes_back_whole),
        test_of(the_same_text_gives_the_same_bytes),
        test_of(what_would_not_be_shorter_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
