/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The drawing is read back square by square and compared with the code that the library makes. */
#include "sys/qr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <qrencode.h>

#include "base/mem.h"

enum { TEST_BYTES_MAX = 1 << 24, QUIET_SQUARES = 4 };

#define ADDRESS "https://essaim.example.org/c/plouha/nettoyage?par=4k9z"

static int set_up(void **state)
{
    *state = mem_new(TEST_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

/* Paints the path's runs into squares of a code of that width, quiet zone left out. */
static unsigned char *squares_read(struct mem *mem, const char *svg, int width)
{
    unsigned char *squares = mem_alloc(mem, (size_t)width * (size_t)width);
    const char *path = strstr(svg, " d=\"");
    assert_non_null(path);
    path += strlen(" d=\"");
    while (*path != '"') {
        int x, y, count, back, bytes = 0;
        assert_int_equal(sscanf(path, "M%d %dh%dv1h-%dz%n", &x, &y, &count, &back, &bytes), 4);
        assert_true(bytes > 0);
        assert_int_equal(count, back);
        x -= QUIET_SQUARES;
        y -= QUIET_SQUARES;
        assert_true(x >= 0 && y >= 0 && count > 0 && x + count <= width && y < width);
        memset(squares + y * width + x, 1, (size_t)count);
        path += bytes;
    }
    return squares;
}

static void assert_drawn(struct mem *mem, const char *address)
{
    const char *svg = qr_svg(mem, address, "label").markup;
    QRcode *code = QRcode_encodeString8bit(address, 0, QR_ECLEVEL_M);
    assert_non_null(code);
    const unsigned char *squares = squares_read(mem, svg, code->width);
    for (int i = 0; i < code->width * code->width; i++)
        assert_int_equal(squares[i], code->data[i] & 1);
    QRcode_free(code);
}

static void every_square_is_drawn_where_it_belongs(void **state)
{
    assert_drawn(*state, ADDRESS);
}

static void the_longest_code_is_drawn_whole(void **state)
{
    char *address = mem_alloc(*state, 2331 + 1); /* of version 40 at level M */
    memset(address, 'a', 2331);
    assert_drawn(*state, address);
}

static void an_address_too_long_for_a_code_gives_nothing(void **state)
{
    char *address = mem_alloc(*state, 2332 + 1);
    memset(address, 'a', 2332);
    assert_string_equal(qr_svg(*state, address, "label").markup, "");
    assert_string_equal(qr_svg(*state, "", "label").markup, "");
}

static void it_stands_on_white_with_a_quiet_zone(void **state)
{
    const char *svg = qr_svg(*state, "https://a.example", "label").markup;
    /* 17 bytes need version 2: 25 squares, and four on each side. */
    assert_non_null(strstr(svg, "viewBox=\"0 0 33 33\""));
    assert_non_null(
        strstr(svg, "<rect width=\"33\" height=\"33\" fill=\"#fff\"/><path fill=\"#000\""));
    assert_null(strstr(svg, "style"));
}

static void it_has_an_accessible_name_that_cannot_break_out(void **state)
{
    const char *svg = qr_svg(*state, ADDRESS, "Sign up \"now\" <&>").markup;
    assert_non_null(
        strstr(svg, " role=\"img\" aria-label=\"Sign up &quot;now&quot; &lt;&amp;&gt;\">"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_square_is_drawn_where_it_belongs),
        TEST(the_longest_code_is_drawn_whole),
        TEST(an_address_too_long_for_a_code_gives_nothing),
        TEST(it_stands_on_white_with_a_quiet_zone),
        TEST(it_has_an_accessible_name_that_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
